//! A mail server of its own for a test: aiosmtpd on loopback, with a certificate and a login.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The variable that names a Python with aiosmtpd.
const PYTHON: &str = "CRP_RECON_SMTP_PYTHON";

/// The login that the server takes.
pub(crate) const USER: &str = "recon%40example.com";
pub(crate) const PASSWORD: &str = "s3cret-p/w";

/// A server that lives as long as a test.
pub(crate) struct MailServer {
    folder: TempDir,
    process: Child,
    pub(crate) port: u16,
}

/// What it took: envelope and message.
pub(crate) struct Taken {
    pub(crate) envelope: Value,
    pub(crate) eml: PathBuf,
}

/// A Python with aiosmtpd; `None`, said loudly, where there is none.
fn python() -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the interpreter is named by the environment of the tests"
    )]
    let python = std::env::var(PYTHON).unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python)
        .args(["-c", "import aiosmtpd"])
        .stderr(Stdio::null())
        .status();
    if has.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    crate::skipped(&format!(
        "{python} has no aiosmtpd, so no mail server was asked (Debian: python3-aiosmtpd, or \
         {PYTHON})"
    ));
    None
}

impl MailServer {
    /// Starts a server that behaves like this; `None`, said loudly, where there is none.
    pub(crate) fn start(play: &Value) -> Option<Self> {
        let python = python()?;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        fs::write(at("ca.pem"), made.cert.pem()).unwrap();
        fs::write(at("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(at("play.json"), play.to_string()).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/mail/server.py");
        let process = Command::new(python)
            .arg(script)
            .args([folder.path(), &at("ca.pem"), &at("key.pem")])
            .stdout(Stdio::null())
            .stderr(fs::File::create(at("stderr")).unwrap())
            .spawn()
            .unwrap();
        let mut server = Self {
            process,
            port: 0,
            folder,
        };
        server.port = server.wait_for_port();
        Some(server)
    }

    fn wait_for_port(&self) -> u16 {
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            if let Ok(text) = fs::read_to_string(self.path("port")) {
                return text.parse().unwrap();
            }
            sleep(Duration::from_millis(50));
        }
        panic!("{}", fs::read_to_string(self.path("stderr")).unwrap());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The certificate to trust.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// How it behaves from now on.
    pub(crate) fn plays(&self, play: &Value) {
        fs::write(self.path("play.new"), play.to_string()).unwrap();
        fs::rename(self.path("play.new"), self.path("play.json")).unwrap();
    }

    /// All that it took so far, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        let read = |number: u32| {
            let text = fs::read_to_string(self.path(&format!("{number:03}.json"))).ok()?;
            Some(Taken {
                envelope: serde_json::from_str(&text).unwrap(),
                eml: self.path(&format!("{number:03}.eml")),
            })
        };
        (1..).map_while(read).collect()
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        fs::read_to_string(self.path("connections")).map_or(0, |text| text.lines().count())
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A mail as Python's reader of mail sees it.
pub(crate) fn read(eml: &Path) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/mail/read.py");
    let output = Command::new("python3").arg(script).arg(eml).output();
    let output = output.unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read["defects"], json!([]), "{read}");
    read
}
