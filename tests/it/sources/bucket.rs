//! An S3 bucket of moto's server.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::sshd::{free_port, wait_for};
use super::{LATER, REPORT, company, failure, fetch, fetch_with, landed, night, report};
use crate::company::AS_OF;

/// The variable that names a Python with moto.
const PYTHON: &str = "CRP_RECON_MOTO_PYTHON";

/// What the tests' own requests are let in with: the server looks whether there is a signature.
const LOGIN: &str = "Authorization: AWS4-HMAC-SHA256 Credential=TEST/20261120/us-east-1/s3/\
                     aws4_request, SignedHeaders=host, Signature=0";

/// A server that lives as long as a test.
struct Moto {
    _folder: TempDir,
    process: Child,
    port: u16,
}

impl Moto {
    fn start() -> Option<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the interpreter is named by the environment of the tests"
        )]
        let python = std::env::var(PYTHON).unwrap_or_else(|_| "python3".to_owned());
        let has = Command::new(&python)
            .args(["-c", "import moto.server, flask"])
            .stderr(Stdio::null())
            .status();
        if !has.is_ok_and(|status| status.success()) {
            crate::skipped(&format!(
                "no S3 server was asked: {python} has no moto[server] ({PYTHON})"
            ));
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let (port, log) = (free_port(), folder.path().join("log"));
        let process = Command::new(python)
            .args([
                "-m",
                "moto.server",
                "-H",
                "127.0.0.1",
                "-p",
                &port.to_string(),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        wait_for(port, &log);
        let server = Self {
            _folder: folder,
            process,
            port,
        };
        server.ask("PUT", "/exports", "");
        Some(server)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{LOGIN}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn put(&self, name: &str, content: &str) {
        let answer = self.ask("PUT", &format!("/exports/{name}"), content);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn has(&self, name: &str) -> bool {
        self.ask("GET", &format!("/exports/{name}"), "")
            .starts_with("HTTP/1.1 200")
    }

    fn source(&self, more: &str) -> String {
        format!(
            "\n[[source]]\nname = \"shop\"\nurl = \"s3://exports/out/crp_*.csv\"\n\
             into = \"inbox/oney\"\nendpoint = \"http://127.0.0.1:{}\"\npath_style = true\n\
             access_key = \"AKIAEXAMPLE\"\nsecret_key_env = \"SFTP_PASSWORD\"\n{more}",
            self.port
        )
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[test]
fn objects_below_a_prefix_come_once_and_a_replaced_one_comes_again() {
    let Some(server) = Moto::start() else { return };
    server.put(&format!("out/{REPORT}"), &report("WEB-1"));
    server.put(&format!("out/deeper/{LATER}"), "not asked for");
    server.put("elsewhere/crp_1.csv", "not asked for");
    let company = company(&server.source(""));
    assert_eq!(
        fetch_with(&company, &["--dry-run"], 0)["files"][0]["file"],
        REPORT
    );
    assert_eq!(fetch(&company, 0)["fetched"], 1);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT]);
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
    night(&company, AS_OF).exits(0);
    server.put(&format!("out/{REPORT}"), &report("WEB-2"));
    assert_eq!(fetch(&company, 0)["fetched"], 1);
    let now = fs::read_to_string(company.path("inbox/oney").join(REPORT)).unwrap();
    assert_eq!(now, report("WEB-2"));
}

#[test]
fn what_was_read_is_removed_when_told_and_what_is_wrong_is_said() {
    let Some(server) = Moto::start() else { return };
    let key = format!("out/{REPORT}");
    server.put(&key, &report("WEB-1"));
    let company = company(&server.source("remove_after = true\n"));
    fetch(&company, 0);
    assert!(server.has(&key));
    night(&company, AS_OF).exits(0);
    assert!(!server.has(&key));
    let other = super::company(
        &server
            .source("")
            .replace("s3://exports", "s3://no-such-bucket"),
    );
    assert!(
        failure(&fetch(&other, 3)).contains("404"),
        "{}",
        failure(&fetch(&other, 3))
    );
    let keyless = server
        .source("")
        .replace("secret_key_env = \"SFTP_PASSWORD\"", "");
    assert!(failure(&fetch(&super::company(&keyless), 3)).contains("`secret_key_env`"));
}

/// A server lists a thousand objects at a time.
#[test]
fn what_is_on_the_second_page_of_a_listing_comes_too() {
    let Some(server) = Moto::start() else { return };
    for number in 0..1_001 {
        server.put(&format!("out/crp_a{number:04}.txt"), "");
    }
    server.put(&format!("out/{REPORT}"), &report("WEB-1"));
    let company = company(&server.source(""));
    assert_eq!(fetch(&company, 0)["fetched"], 1);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT]);
}
