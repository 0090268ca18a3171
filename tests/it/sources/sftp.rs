//! SFTP: the real server, servers that misbehave, and connections that break.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use super::sshd::Sshd;
use super::{LATER, REPORT, company, failure, fetch, fetch_with, landed, night, report, statuses};
use crate::company::AS_OF;

#[test]
fn files_come_from_a_server_that_knows_our_key() {
    let Some(server) = Sshd::start() else { return };
    let large = report("WEB-2").repeat(40_000);
    server.put(REPORT, report("WEB-1"));
    server.put(LATER, &large);
    server.put("other.csv", "not asked for");
    let company = company(&server.source(""));
    assert_eq!(
        fetch_with(&company, &["--dry-run"], 0)["files"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(fetch(&company, 0)["fetched"], 2);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT, LATER]);
    assert_eq!(
        fs::read_to_string(company.path("inbox/oney").join(LATER)).unwrap(),
        large
    );
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
    let said = company.call(&["check"]).stdout;
    assert!(said.contains("ok      source oney: 2 files fit"), "{said}");
}

#[test]
fn files_come_with_a_password_and_a_wrong_one_is_said_without_it() {
    let Some(server) = Sshd::start() else { return };
    if !server.has_password() {
        crate::skipped("no password was tried at an SFTP server: only root can give a user one");
        return;
    }
    server.put(REPORT, report("WEB-1"));
    let company = company(&server.source_at(server.port, "password_env = \"SFTP_PASSWORD\"\n"));
    let fetched = fetch(&company, 0);
    assert_eq!(fetched["fetched"], 1, "{fetched}");
    let wrong = super::company(&server.source_at(server.port, "password = \"s3cret-and-wrong\"\n"));
    let answer = wrong
        .call(&["fetch"])
        .exits(3)
        .says("does not let merchant in");
    assert!(!answer.to_string().contains("s3cret-and-wrong"), "{answer}");
    let none = super::company(&server.source_at(server.port, "password_env = \"NOT_SET\"\n"));
    assert!(failure(&fetch(&none, 3)).contains("NOT_SET is not set"));
}

#[test]
fn a_host_key_of_any_kind_may_be_pinned_and_an_unknown_one_is_refused_and_shown() {
    let Some(server) = Sshd::start() else { return };
    server.put(REPORT, report("WEB-1"));
    let with = |line: &str| company(&server.source(line));
    for kind in ["ed25519", "ecdsa"] {
        let fingerprint = server.fingerprint(kind);
        fetch(&with(&format!("host_key = {fingerprint:?}\n")), 0);
        let two = format!(
            "host_key = [\"SHA256:{}\", {fingerprint:?}]\n",
            "A".repeat(43)
        );
        fetch(&with(&two), 0);
    }
    let changed = format!("host_key = \"SHA256:{}\"\n", "A".repeat(43));
    let said = failure(&fetch(&with(&changed), 3));
    assert!(said.contains(&server.fingerprint("ed25519")), "{said}");
    assert!(said.contains(&server.fingerprint("ecdsa")), "{said}");
    assert!(
        said.contains("none of `host_key`; nothing was sent"),
        "{said}"
    );
    let unpinned = server.source("").replace("host_key", "# host_key");
    let said = failure(&fetch(&company(&unpinned), 3));
    assert!(said.contains("there is no `host_key`"), "{said}");
    assert!(said.contains(&server.fingerprint("ed25519")), "{said}");
    let said = with(&changed).call(&["check"]).exits(1).stdout;
    assert!(
        said.contains("FAILED  source oney") && said.contains("SHA256:"),
        "{said}"
    );
}

#[test]
fn a_folder_of_ten_thousand_files_is_brought_with_its_links_and_without_its_pipes() {
    let Some(server) = Sshd::start() else { return };
    for number in 0..10_000 {
        server.put(&format!("crp_{number}.csv"), format!("{number}\n"));
    }
    let fifo = std::process::Command::new("mkfifo")
        .arg(server.out("crp_pipe.csv"))
        .status();
    assert!(fifo.unwrap().success());
    std::os::unix::fs::symlink("crp_1.csv", server.out("crp_link.csv")).unwrap();
    std::os::unix::fs::symlink("nowhere", server.out("crp_dangling.csv")).unwrap();
    fs::create_dir(server.out("crp_folder.csv")).unwrap();
    let company = company(&server.source("max_files = 300\n"));
    let looked = fetch_with(&company, &["--dry-run"], 0);
    assert_eq!(looked["files"].as_array().unwrap().len(), 10_001);
    let fetched = fetch(&company, 3);
    assert_eq!(fetched["fetched"], 300);
    assert!(
        failure(&fetched).contains("9701 more files"),
        "{}",
        failure(&fetched)
    );
}

#[test]
fn what_was_read_is_removed_there_when_told() {
    let Some(server) = Sshd::start() else { return };
    server.put(REPORT, report("WEB-1"));
    let company = company(&server.source("remove_after = true\n"));
    fetch(&company, 0);
    assert!(server.out(REPORT).exists());
    night(&company, AS_OF).exits(0);
    assert!(!server.out(REPORT).exists());
    assert_eq!(statuses(&company, AS_OF).len(), 1);
}

/// A server that does what its play says.
fn playing(play: &str) -> Option<Sshd> {
    let content =
        std::env::temp_dir().join(format!("crp-recon-sftp-{}-{play}", std::process::id()));
    fs::write(&content, report("WEB-1").repeat(50)).unwrap();
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/it/sources/sftp_server.py"
    );
    Sshd::with(&format!(
        "/usr/bin/env python3 {script} {play} {}",
        content.display()
    ))
}

#[test]
fn a_server_that_misbehaves_gives_no_half_file_and_is_said() {
    for (play, says) in [
        ("size", "bytes and sent"),
        ("short", "bytes and sent"),
        ("cut", "could not be read whole"),
        ("stall", "could not be read whole"),
        ("flood", "raise max_file_mib"),
        ("endless", "has more than 100000 names"),
    ] {
        let Some(server) = playing(play) else { return };
        let company = company(&server.source("timeout_seconds = 20\nmax_file_mib = 1\n"));
        let said = failure(&fetch(&company, 3));
        assert!(said.contains(says), "{play}: {said}");
        assert_eq!(landed(&company, "inbox/oney"), [""; 0], "{play}");
        let left = fs::read_dir(company.path("inbox/oney/.fetching"))
            .unwrap()
            .count();
        assert_eq!(left, 0, "{play}");
    }
}

#[test]
fn a_server_that_is_slow_or_names_paths_still_gives_what_is_right() {
    for (play, code) in [("right", 0), ("drip", 0), ("paths", 3)] {
        let Some(server) = playing(play) else { return };
        let company = company(&server.source(""));
        let source = fetch(&company, code);
        assert_eq!(
            landed(&company, "inbox/oney"),
            [REPORT, LATER],
            "{play}: {source}"
        );
    }
    let Some(server) = playing("grow") else {
        return;
    };
    let company = company(&server.source(""));
    assert_eq!(fetch(&company, 0)["files"][0]["status"], "growing");
    assert_eq!(landed(&company, "inbox/oney"), [""; 0]);
}

/// A proxy that hands so many bytes of the answer on, and then cuts the connection or says nothing.
fn proxy(to: u16, bytes: usize, cuts: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(("127.0.0.1", to)).unwrap();
            let (mut from_client, mut to_server) =
                (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
            thread::spawn(move || hand_on(server, client, (bytes, cuts)));
        }
    });
    port
}

fn hand_on(mut server: TcpStream, mut client: TcpStream, (mut left, cuts): (usize, bool)) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = server.read(&mut buffer) {
        let count = count.min(left);
        if client.write_all(&buffer[..count]).is_err() {
            return;
        }
        left -= count;
        if left == 0 {
            if !cuts {
                thread::sleep(std::time::Duration::from_secs(60));
            }
            drop(client.shutdown(Shutdown::Both));
            return;
        }
    }
}

#[test]
fn a_connection_that_is_cut_or_stalls_anywhere_is_taken_up_again() {
    let Some(server) = Sshd::start() else { return };
    server.put(REPORT, report("WEB-1").repeat(5_000));
    let company = company(&server.source("timeout_seconds = 2\n"));
    let direct = fs::read_to_string(company.path("recon.toml")).unwrap();
    for (bytes, cuts) in [
        (10, true),
        (700, true),
        (2_000, true),
        (4_000, true),
        (100_000, true),
        (10, false),
        (1_500, false),
        (60_000, false),
    ] {
        let port = proxy(server.port, bytes, cuts);
        let through = direct.replace(&format!(":{}", server.port), &format!(":{port}"));
        company.put("recon.toml", through);
        let said = failure(&fetch(&company, 3));
        assert!(!said.is_empty());
        assert_eq!(landed(&company, "inbox/oney"), [""; 0], "{bytes}: {said}");
    }
    company.put(
        "recon.toml",
        direct.replace("timeout_seconds = 2", "timeout_seconds = 60"),
    );
    assert_eq!(fetch(&company, 0)["fetched"], 1);
    // Nobody is there at all.
    let text = fs::read_to_string(company.path("recon.toml")).unwrap();
    let port = super::sshd::free_port();
    company.put(
        "recon.toml",
        text.replace(&format!(":{}", server.port), &format!(":{port}")),
    );
    assert!(failure(&fetch(&company, 3)).contains("cannot be reached"));
}
