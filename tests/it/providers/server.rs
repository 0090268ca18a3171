//! A provider's server that plays what a test tells it, slips included.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a client sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// What the server does about it.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// A right answer.
    Say(u16, String),
    /// One with headers of its own.
    With(u16, &'static str, String),
    /// These bytes, and the end of the connection.
    Raw(Vec<u8>),
    /// Nothing for so many milliseconds.
    Hang(u64),
    /// The end of the connection at once.
    Hangup,
    /// A body that comes a byte at a time, for ever.
    Drip,
    /// A body that does not end.
    Flood,
}

impl Play {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::Say(status, body.to_owned())
    }
}

/// A server on a port of its own, as long as the test runs.
pub(crate) struct TestServer {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl TestServer {
    /// Plays what `script` says about the request with this number, from 0.
    pub(crate) fn start(script: impl Fn(&Received, usize) -> Play + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (log, script) = (Arc::clone(&received), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let number = {
                        let mut log = log.lock().unwrap();
                        log.push(request.clone());
                        log.len() - 1
                    };
                    // A client that goes away is part of the play.
                    drop(play(&stream, script(&request, number)));
                });
            }
        });
        Self { url, received }
    }

    /// All requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Those that order something.
    pub(crate) fn orders(&self) -> Vec<Received> {
        let is_order = |request: &Received| request.method == "POST" && !is_token(request);
        self.received().into_iter().filter(is_order).collect()
    }
}

/// True for a question for a token.
pub(crate) fn is_token(request: &Received) -> bool {
    request.path.ends_with("/oauth2/token")
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut request = Received {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        ..Received::default()
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        let header = (name.to_ascii_lowercase(), value.to_owned());
        request.headers.push(header);
    }
    let length = request.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}

fn play(mut stream: &TcpStream, play: Play) -> std::io::Result<()> {
    let head = |status: u16, more: &str, length: &str| {
        format!("HTTP/1.1 {status} Played\r\n{more}Content-Length: {length}\r\n\r\n")
    };
    match play {
        Play::Say(status, body) => {
            let length = body.len().to_string();
            stream.write_all(head(status, "", &length).as_bytes())?;
            stream.write_all(body.as_bytes())
        }
        Play::With(status, headers, body) => {
            let length = body.len().to_string();
            stream.write_all(head(status, headers, &length).as_bytes())?;
            stream.write_all(body.as_bytes())
        }
        Play::Raw(bytes) => stream.write_all(&bytes),
        Play::Hang(millis) => {
            thread::sleep(Duration::from_millis(millis));
            Ok(())
        }
        Play::Hangup => Ok(()),
        Play::Drip => {
            stream.write_all(head(200, "", "100000").as_bytes())?;
            loop {
                stream.write_all(b" ")?;
                thread::sleep(Duration::from_millis(50));
            }
        }
        Play::Flood => {
            stream.write_all(b"HTTP/1.1 200 Played\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            let block = vec![b'x'; 0x10000];
            loop {
                stream.write_all(b"10000\r\n")?;
                stream.write_all(&block)?;
                stream.write_all(b"\r\n")?;
            }
        }
    }
}
