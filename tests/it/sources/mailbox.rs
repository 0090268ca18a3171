//! Attachments from dovecot, over TLS.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::sshd::{free_port, wait_for};
use super::{LATER, REPORT, company, failure, fetch, landed, night, report};
use crate::company::AS_OF;

/// The password of [`super::fetch`], as every server here has it.
const PASSWORD: &str = super::sshd::PASSWORD;

/// A server that lives as long as a test.
struct Dovecot {
    folder: TempDir,
    process: Child,
    port: u16,
}

impl Dovecot {
    fn start() -> Option<Self> {
        let dovecot = PathBuf::from("/usr/sbin/dovecot");
        let id = |what: &str| {
            let output = Command::new("id").arg(what).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        if !dovecot.is_file() || id("-u") != "0" {
            crate::skipped(
                "no mailbox was asked: only root can run it, and dovecot-imapd is needed",
            );
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path(), readable).unwrap();
        for part in [
            "run",
            "mail/new",
            "mail/cur",
            "mail/tmp",
            "mail/.Read/cur",
            "mail/.Read/new",
            "mail/.Read/tmp",
        ] {
            fs::create_dir_all(at(part)).unwrap();
        }
        let owned = Command::new("chown")
            .args(["-R", "nobody"])
            .arg(at("mail"))
            .status();
        assert!(owned.unwrap().success());
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        fs::write(at("ca.pem"), made.cert.pem()).unwrap();
        fs::write(at("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let (port, here) = (free_port(), folder.path().display().to_string());
        fs::write(at("conf"), format!(
            "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {here}/run\nstate_dir = {here}/run\n\
             log_path = {here}/log\nssl = required\nssl_cert = <{here}/ca.pem\n\
             ssl_key = <{here}/key.pem\nmail_location = maildir:{here}/mail\nfirst_valid_uid = 1\n\
             passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}\n\
             userdb {{\n  driver = static\n  args = uid=nobody gid=nogroup home={here}\n}}\n\
             service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = 0\n  }}\n  \
             inet_listener imaps {{\n    port = {port}\n    ssl = yes\n  }}\n}}\n"
        )).unwrap();
        let process = Command::new(dovecot)
            .args(["-F", "-c"])
            .arg(at("conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(at("stderr")).unwrap())
            .spawn()
            .unwrap();
        wait_for(port, &at("stderr"));
        Some(Self {
            folder,
            process,
            port,
        })
    }

    /// Delivers a message with attachments.
    fn deliver(&self, number: u32, from: &str, attachments: &[(&str, String)]) {
        let mut message = format!(
            "From: {from}\r\nTo: recon@example.com\r\nSubject: Settlement {number}\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nFind it enclosed.\r\n"
        );
        for (name, content) in attachments {
            let part = format!(
                "--b\r\nContent-Type: text/csv; charset=utf-8\r\nContent-Disposition: attachment; \
                 filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                base64(content)
            );
            message.push_str(&part);
        }
        message.push_str("--b--\r\n");
        let path = self.folder.path().join(format!("mail/new/{number}.1.host"));
        fs::write(&path, message).unwrap();
        let owned = Command::new("chown").arg("nobody").arg(path).status();
        assert!(owned.unwrap().success());
    }

    fn messages(&self, folder: &str) -> usize {
        ["new", "cur"]
            .iter()
            .map(|part| {
                fs::read_dir(self.folder.path().join(folder).join(part))
                    .unwrap()
                    .count()
            })
            .sum()
    }

    fn source(&self, more: &str) -> String {
        format!(
            "\n[[source]]\nname = \"mail\"\nurl = \"imaps://recon%40example.com@localhost:{}/INBOX\"\n\
             into = \"inbox/oney\"\npassword_env = \"SFTP_PASSWORD\"\nca_file = \"{}\"\n\
             from = \"provider.example\"\nsubject = \"Settlement\"\nattachment = \"crp_*.csv\"\n{more}",
            self.port,
            self.folder.path().join("ca.pem").display()
        )
    }
}

/// What mail programs do to an attachment: lines of 76 letters.
fn base64(content: &str) -> String {
    let mut child = Command::new("base64")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let content = content.to_owned();
    let writer = std::thread::spawn(move || {
        std::io::Write::write_all(&mut input, content.as_bytes()).unwrap();
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .replace('\n', "\r\n")
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its own processes end with it where it is asked, and not where it is killed.
        let stopped = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        assert!(stopped.unwrap().success());
        self.process.wait().unwrap();
    }
}

#[test]
fn attachments_come_once_and_their_messages_are_left_as_they_are() {
    let Some(server) = Dovecot::start() else {
        return;
    };
    let large = report("WEB-2").repeat(20_000);
    server.deliver(
        1,
        "reports@provider.example",
        &[(REPORT, report("WEB-1")), ("notes.csv", "x".into())],
    );
    server.deliver(2, "reports@provider.example", &[(LATER, large.clone())]);
    server.deliver(
        3,
        "somebody@else.example",
        &[("crp_fr_v3_261118_9.csv", report("WEB-3"))],
    );
    let company = company(&server.source(""));
    assert_eq!(fetch(&company, 0)["fetched"], 2);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT, LATER]);
    assert_eq!(
        fs::read_to_string(company.path("inbox/oney").join(LATER)).unwrap(),
        large
    );
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
    assert_eq!(server.messages("mail"), 3);
    let unread = fs::read_dir(server.folder.path().join("mail/cur")).unwrap();
    let seen = unread.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name().into_string().unwrap();
        name.rsplit_once(',')
            .is_some_and(|(_, flags)| flags.contains('S'))
    });
    assert_eq!(seen.count(), 0, "nothing is marked as read");
}

#[test]
fn a_message_is_moved_once_all_that_it_brought_was_read() {
    let Some(server) = Dovecot::start() else {
        return;
    };
    let both = [(REPORT, report("WEB-1")), (LATER, report("WEB-2"))];
    server.deliver(1, "reports@provider.example", &both);
    let company = company(&server.source("move_to = \"Read\"\nmax_files = 1\n"));
    fetch(&company, 3);
    company.run(AS_OF, &["--no-fetch"]).done();
    assert_eq!(
        (server.messages("mail"), server.messages("mail/.Read")),
        (1, 0)
    );
    night(&company, AS_OF).exits(0);
    assert_eq!(
        (server.messages("mail"), server.messages("mail/.Read")),
        (0, 1)
    );
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
}

#[test]
fn names_that_are_paths_wrong_passwords_and_unknown_certificates_are_said() {
    let Some(server) = Dovecot::start() else {
        return;
    };
    server.deliver(
        1,
        "reports@provider.example",
        &[("../../crp_1.csv", report("WEB-1"))],
    );
    let all = server.source("").replace("crp_*.csv", "*");
    let with = |text: &str| failure(&fetch(&company(text), 3));
    assert!(
        with(&all).contains("is a path and no name"),
        "{}",
        with(&all)
    );
    let wrong = server.source("").replace(
        "password_env = \"SFTP_PASSWORD\"",
        "password = \"no-such-word\"",
    );
    let said = with(&wrong);
    assert!(said.contains("does not let recon@example.com in"), "{said}");
    assert!(!said.contains("no-such-word"));
    let trusting = server.source("");
    let untrusted: Vec<&str> = trusting
        .lines()
        .filter(|line| !line.starts_with("ca_file"))
        .collect();
    let untrusted = untrusted.join("\n");
    assert!(
        with(&untrusted).contains("cannot be reached over TLS"),
        "{}",
        with(&untrusted)
    );
}
