//! The digest: who gets it, when, once, and what happens while the mail server is not well.

mod once;
mod server;
mod smtp;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::company::{AS_OF, Answer, CONFIG, Company};
use crate::rows::{crp_name, csv, funding, order};

/// `[mail]` of a company whose mail becomes files.
pub(crate) const FOLDER: &str = r#"
[mail]
from = "Reconciliation <recon@example.com>"
to = ["finance@example.com", "Boss <boss@example.com>"]
transport = "directory"
directory = "outbox"
"#;

/// A company whose order was paid for another amount: one new error of 2.00 EUR.
fn company(mail: &str) -> Company {
    company_with(mail, str::to_owned)
}

/// The same with another configuration.
fn company_with(mail: &str, change: impl Fn(&str) -> String) -> Company {
    let config = CONFIG.replace("[\"csv\", \"json\"]", "[\"csv\", \"xlsx\"]");
    let company = Company::with(&change(&format!("{config}{mail}")));
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-10", "12.00")]),
    );
    company.put(
        &crp_name("2026-11-19", 1),
        csv(&[funding("WEB-1", "2026-11-18", "10.00")]),
    );
    company
}

/// A night with its mail.
fn night(company: &Company, day: &str, more: &[&str]) -> Answer {
    let mut command = company.command(&[&["run", "--as-of", day, "--future"], more].concat());
    command.env("SMTP_PASSWORD", server::PASSWORD);
    let answer = Answer::new(assert_cmd::Command::from_std(command).output());
    let said = format!("{}{}", answer.stdout, answer.stderr);
    assert!(
        !said.contains(server::PASSWORD),
        "a secret came out: {answer}"
    );
    answer
}

/// The files of a company's outbox, sorted.
fn outbox(company: &Company) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(company.path("outbox")) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The id of the only discrepancy of a night.
fn id_of(company: &Company, code: &str) -> String {
    company.report(AS_OF).only(code)["id"].clone()
}

/// The part of a mail with this media type.
fn part(mail: &Value, media: &str) -> String {
    let parts = mail["parts"].as_array().unwrap();
    let found = parts.iter().find(|part| part["type"] == media).unwrap();
    found["text"].as_str().unwrap().to_owned()
}
