//! Databases that keep a run waiting: silent ones, and tables that somebody else has locked.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use crate::company::{AS_OF, Company};
use crate::databases::PostgresDatabase;
use crate::rows::{csv, order};

/// A configuration whose server may keep a run waiting for some seconds.
fn config(seconds: u32) -> String {
    let waits = format!(
        "[database]\nurl = \"postgres://nobody@localhost/nothing\"\n\
         connect_timeout_seconds = {seconds}\nstatement_timeout_seconds = {seconds}\n\
         lock_timeout_seconds = 1\n"
    );
    crate::company::CONFIG.replace("[database]\nurl = \"sqlite://var/recon.db\"\n", &waits)
}

/// A server that says `first` and then nothing, whatever it hears; its address.
fn silent(first: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            drop(stream.write_all(first));
            open.push(stream);
        }
    });
    address
}

#[test]
fn a_server_that_accepts_and_stays_silent_ends_the_run_with_a_sentence() {
    // The second one says yes to TLS and begins none.
    for (first, more) in [(&b""[..], ""), (&b"S"[..], "?sslmode=require")] {
        let address = silent(first);
        let url = format!("postgres://recon:s3cret@{address}/recon{more}");
        let company = Company::with(&config(1)).on(&url);
        let night = company.run(AS_OF, &[]).exits(1);
        for part in [
            "no connection within 1 seconds",
            "connect_timeout_seconds",
            &address,
        ] {
            assert!(night.stderr.contains(part), "{part}: {night}");
        }
        assert!(!night.stderr.contains("s3cret"), "{night}");
    }
}

#[test]
fn a_table_that_another_session_has_locked_ends_the_run_with_a_sentence() {
    let Some(server) = PostgresDatabase::create() else {
        return;
    };
    let company = Company::with(&config(60)).on(&server.url);
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-10", "10.00")]),
    );
    company.run("2026-11-19", &[]).done();
    server.holding("LOCK TABLE files IN ACCESS EXCLUSIVE MODE", || {
        let night = company.run(AS_OF, &[]).exits(1);
        for part in [
            "another session held a lock for 1 seconds",
            "lock_timeout_seconds",
        ] {
            assert!(night.stderr.contains(part), "{part}: {night}");
        }
    });
    company.run(AS_OF, &[]).done();
}

/// Passes everything on to a server until a client says `word`; from then on, nothing comes back.
fn falling_silent(server: &str, word: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = server.to_owned();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let to = TcpStream::connect(&server).unwrap();
            let is_silent = Arc::new(AtomicBool::new(false));
            let (ask, answer) = (client.try_clone().unwrap(), to.try_clone().unwrap());
            let heard = Arc::clone(&is_silent);
            thread::spawn(move || {
                pass(ask, to, |bytes| {
                    let said = bytes.windows(word.len()).any(|part| part == word);
                    heard.fetch_or(said, SeqCst);
                    true
                });
            });
            thread::spawn(move || pass(answer, client, |_| !is_silent.load(SeqCst)));
        }
    });
    address
}

fn pass(mut from: TcpStream, mut to: TcpStream, goes_on: impl Fn(&[u8]) -> bool) {
    let mut bytes = vec![0; 0x10000];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if goes_on(&bytes[..count]) && to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}

#[test]
fn a_server_that_falls_silent_in_the_middle_ends_the_run_with_a_sentence() {
    let Some(server) = PostgresDatabase::create() else {
        return;
    };
    let (user, rest) = server.url.split_once('@').unwrap();
    let (host, name) = rest.split_once('/').unwrap();
    let address = falling_silent(host, b"pg_try_advisory_lock");
    let company = Company::with(&config(3)).on(&format!("{user}@{address}/{name}"));
    let night = company.run(AS_OF, &[]).exits(1);
    for part in [
        "gave no answer within 8 seconds",
        "taking the lock",
        "statement_timeout_seconds",
    ] {
        assert!(night.stderr.contains(part), "{part}: {night}");
    }
}

#[test]
fn a_shop_that_is_silent_or_locked_is_told_and_the_night_goes_on() {
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://shop:s3cret@{}/shop", silent(b""));
        let company = Company::with(&format!(
            "{}[[input]]\nkind = \"orders\"\nurl = \"{url}\"\nquery = \"SELECT 1\"\n\
             connect_timeout_seconds = 1\n",
            crate::company::CONFIG
        ));
        let night = company.run(AS_OF, &[]).exits(3);
        assert!(!night.stderr.contains("s3cret"), "{night}");
        let inputs = std::fs::read_to_string(company.path("reports/2026-11-20/inputs.csv"));
        let inputs = inputs.unwrap();
        let sentence = "it gave no connection within 1 seconds";
        assert!(inputs.contains(sentence), "{inputs}");
    }
}
