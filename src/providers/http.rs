//! The wire: one request, one answer of bounded size or the reason why there is none.
//!
//! Every request has a connection of its own. A kept one may have died meanwhile, and a client
//! that then sends again, unasked, would send money's orders twice. Redirects are not followed:
//! the key would go wherever the answer points.

use std::fmt;
use std::io::{self, Read as _};
use std::time::{Duration, Instant};

use chrono::DateTime;
use ureq::config::Config;
use ureq::{Agent, Proxy};

use super::pacer::Pacer;
use super::verdict::Waits;
use super::{Answer, Body, Key, Method, Request, Scrubber};

/// Bytes of a body that are read; a status has some hundred, a page of subscriptions some thousand.
const BODY_BYTES_MAX: u64 = 1024 * 1024;

/// Bytes of all headers of an answer.
const HEADER_BYTES_MAX: usize = 32 * 1024;

/// The longest wait for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The server was not reached: nothing was sent.
    NotConnected(String),
    /// It took too long; the seconds that were waited.
    TimedOut(u64),
    /// The connection ended, or what came is no whole HTTP answer.
    Cut(String),
    /// The body is larger than it may be.
    TooLarge,
    /// The request cannot be sent as it is: an address or a key that no request can hold.
    Unsendable(&'static str),
    /// The time of the whole run is used up: nothing was sent.
    OutOfTime,
    /// The server asks for a longer wait than a night has; the seconds. Nothing more was sent.
    WaitTooLong(u64),
}

impl NoAnswer {
    /// True when it is certain that the server has not got the request.
    pub fn is_unsent(&self) -> bool {
        match self {
            Self::NotConnected(_) | Self::Unsendable(_) | Self::OutOfTime => true,
            Self::TimedOut(_) | Self::Cut(_) | Self::TooLarge | Self::WaitTooLong(_) => false,
        }
    }
}

impl NoAnswer {
    /// True when other questions to this server would end in the same way.
    pub fn is_of_no_use(&self) -> bool {
        match self {
            Self::NotConnected(_)
            | Self::Unsendable(_)
            | Self::OutOfTime
            | Self::WaitTooLong(_) => true,
            Self::TimedOut(_) | Self::Cut(_) | Self::TooLarge => false,
        }
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(why) => {
                write!(
                    f,
                    "the server was not reached ({why}); check base_url and the network"
                )
            }
            Self::TimedOut(seconds) => write!(f, "no whole answer came within {seconds} s"),
            Self::Cut(why) => write!(f, "the answer broke off ({why})"),
            Self::TooLarge => write!(f, "the answer has more than {BODY_BYTES_MAX} bytes"),
            Self::Unsendable(what) => write!(f, "the request cannot be sent: {what}"),
            Self::OutOfTime => f.write_str("the time for questions of this run is used up"),
            Self::WaitTooLong(seconds) => {
                write!(
                    f,
                    "the server asks to wait for {seconds} s, longer than a run waits"
                )
            }
        }
    }
}

/// The time that a run has for all its requests.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    until: Instant,
}

impl Patience {
    /// So long from now.
    pub fn new(long: Duration) -> Self {
        let now = Instant::now();
        Self {
            until: now.checked_add(long).unwrap_or(now),
        }
    }

    /// What is left of it.
    pub fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Waits, unless what is left is shorter; says whether it did.
    pub fn wait(&self, long: Duration) -> bool {
        let enough = long < self.left();
        if enough {
            std::thread::sleep(long);
        }
        enough
    }
}

/// How a server is spoken to.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Its address.
    pub base_url: String,
    /// How long one answer may take.
    pub timeout: Duration,
    /// Requests in a minute.
    pub per_minute: usize,
    /// How long to wait before repeats.
    pub waits: Waits,
    /// True when the address is the whole path, false when paths are put behind it.
    pub is_exact: bool,
}

/// A provider's server.
pub struct Server {
    agent: Agent,
    base: String,
    timeout: Duration,
    pacer: Pacer,
    scrubber: Scrubber,
    /// How long to wait before repeats.
    pub waits: Waits,
    /// What the run still has of time.
    pub patience: Patience,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.base)
    }
}

impl Server {
    /// A server that was not spoken to yet.
    pub fn new(settings: &ServerSettings, patience: Patience) -> Self {
        let base = if settings.is_exact {
            settings.base_url.clone()
        } else {
            format!("{}/", settings.base_url.trim_end_matches('/'))
        };
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .max_response_header_size(HEADER_BYTES_MAX)
            .user_agent(concat!("crp-recon/", env!("CARGO_PKG_VERSION")))
            .proxy(if is_local(&base) {
                None
            } else {
                Proxy::try_from_env()
            })
            .build();
        Self {
            agent: config.new_agent(),
            base,
            timeout: settings.timeout,
            pacer: Pacer::new(settings.per_minute),
            scrubber: Scrubber::default(),
            waits: settings.waits,
            patience,
        }
    }

    /// One more secret that no answer may repeat.
    pub fn hide(&mut self, key: &Key) {
        self.scrubber.add(key);
    }

    /// A text without any secret of this server.
    pub fn clean(&self, text: &str) -> String {
        self.scrubber.clean(text)
    }

    /// Sends a request, once, as soon as the limit of requests allows.
    ///
    /// # Errors
    /// When no whole answer comes in time.
    pub fn send(&mut self, request: &Request, more_time: Duration) -> Result<Answer, NoAnswer> {
        let pause = self.pacer.wait(Instant::now());
        if !self.patience.wait(pause) {
            return Err(NoAnswer::OutOfTime);
        }
        self.pacer.sent(Instant::now());
        let timeout = self
            .timeout
            .saturating_add(more_time)
            .min(self.patience.left());
        tracing::debug!(method = ?request.method, "asking {}", self.base);
        self.exchange(request, timeout)
            .map_err(|error| no_answer(&error, timeout))
    }

    fn exchange(&self, request: &Request, timeout: Duration) -> Result<Answer, ureq::Error> {
        let url = format!("{}{}", self.base, request.path);
        let connect = timeout.min(CONNECT_MAX);
        let mut response = match request.method {
            Method::Get => {
                let mut asked = self.agent.get(url);
                for (name, value) in &request.headers {
                    asked = asked.header(*name, value.reveal());
                }
                let asked = asked.config().timeout_global(Some(timeout));
                asked.timeout_connect(Some(connect)).build().call()?
            }
            Method::Post => {
                let mut asked = self.agent.post(url);
                for (name, value) in &request.headers {
                    asked = asked.header(*name, value.reveal());
                }
                let asked = asked.config().timeout_global(Some(timeout));
                let asked = asked.timeout_connect(Some(connect)).build();
                match &request.body {
                    Body::None => asked.send_empty()?,
                    Body::Json(text) => asked
                        .header("Content-Type", "application/json; charset=UTF-8")
                        .send(text.as_str())?,
                    Body::Form(text) => asked
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .send(text.reveal())?,
                }
            }
        };
        let header = |name: &str| response.headers().get(name)?.to_str().ok();
        let retry_after = header("retry-after").and_then(|asked| wait_of(asked, header("date")));
        let status = response.status().as_u16();
        // One byte more than may be. The limit of the body bounds what comes over the wire, that of
        // the reader what a compressed body becomes.
        let most = BODY_BYTES_MAX.saturating_add(1);
        let body = response.body_mut().with_config().limit(most);
        let mut bytes = Vec::new();
        let mut reader = body.reader().take(most);
        reader.read_to_end(&mut bytes)?;
        if reader.limit() == 0 {
            return Err(ureq::Error::BodyExceedsLimit(BODY_BYTES_MAX));
        }
        Ok(Answer::new(status, retry_after, &bytes, &self.scrubber))
    }
}

/// Seconds that a `Retry-After` asks to wait: a number, or a time, which is measured by the
/// server's own clock (`Date`), because nobody knows how far ours is from it. `None` for what is
/// neither.
fn wait_of(asked: &str, date: Option<&str>) -> Option<u64> {
    let asked = asked.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than a number can hold is longer than anybody waits.
        return Some(asked.parse().unwrap_or(u64::MAX));
    }
    let time = |text: &str| DateTime::parse_from_rfc2822(text.trim()).ok();
    let wait = time(asked)?.signed_duration_since(time(date?)?);
    Some(u64::try_from(wait.num_seconds()).unwrap_or(0))
}

/// True for a server on this machine: no proxy leads there.
fn is_local(base: &str) -> bool {
    let host = base.split_once("://").map_or(base, |(_, rest)| rest);
    ["127.", "localhost", "[::1]"]
        .iter()
        .any(|local| host.starts_with(local))
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what else a client may meet ends the answer, and may have come after the request"
)]
fn no_answer(error: &ureq::Error, timeout: Duration) -> NoAnswer {
    use ureq::Error;
    match error {
        Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            NoAnswer::NotConnected("no connection in time".to_owned())
        }
        // A part of a second counts as a whole one.
        Error::Timeout(_) => NoAnswer::TimedOut(
            timeout
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        ),
        Error::HostNotFound => NoAnswer::NotConnected("its name is not known".to_owned()),
        Error::ConnectionFailed => NoAnswer::NotConnected("no connection".to_owned()),
        Error::InvalidProxyUrl => NoAnswer::Unsendable("the proxy's address cannot be used"),
        Error::BodyExceedsLimit(_) => NoAnswer::TooLarge,
        Error::BadUri(_) => NoAnswer::Unsendable("base_url is no address; correct it"),
        Error::Http(_) => NoAnswer::Unsendable(
            "a key or an address holds a character that no header can have; look for line ends",
        ),
        Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => NoAnswer::NotConnected(error.kind().to_string()),
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                NoAnswer::TimedOut(timeout.as_secs())
            }
            kind => NoAnswer::Cut(kind.to_string()),
        },
        Error::Rustls(_) | Error::Tls(_) => NoAnswer::Cut("no trusted TLS connection".to_owned()),
        Error::LargeResponseHeader(..) => NoAnswer::Cut("its headers are too long".to_owned()),
        _ => NoAnswer::Cut("it is not HTTP".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_until_a_time_of_the_server() {
        let date = Some("Fri, 20 Nov 2026 02:10:11 GMT");
        for (asked, expected) in [
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Fri, 20 Nov 2026 02:10:41 GMT", Some(30)),
            ("Sat, 21 Nov 2026 02:10:11 GMT", Some(86_400)),
            // It has passed already.
            ("Fri, 20 Nov 2026 02:00:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(wait_of(asked, date), expected, "{asked}");
        }
        // Without the server's clock a time says nothing.
        assert_eq!(wait_of("Fri, 20 Nov 2026 02:10:41 GMT", None), None);
        assert_eq!(wait_of("7", None), Some(7));
    }
}
