//! Sources: new files come into the input folders, whole and once, whatever the other side does.

mod bucket;
mod folder;
mod mailbox;
mod program;
mod sftp;
pub(crate) mod sshd;

use std::fs;

use serde_json::Value;

use crate::company::{AS_OF, Answer, CONFIG, Company};
use crate::rows::{csv, funding};

/// A payment report of one line.
pub(crate) fn report(order: &str) -> String {
    csv(&[funding(order, "2026-11-18", "10.00")])
}

/// A company with sources.
pub(crate) fn company(sources: &str) -> Company {
    Company::with(&format!("{CONFIG}{sources}"))
}

/// `fetch --json` of a company: how it ended, and what it said of its first source.
pub(crate) fn fetch(company: &Company, code: i32) -> Value {
    fetch_with(company, &[], code)
}

/// The same with more words.
pub(crate) fn fetch_with(company: &Company, more: &[&str], code: i32) -> Value {
    let mut command = company.command(&[&["fetch", "--json"], more].concat());
    command.env("SFTP_PASSWORD", sshd::PASSWORD);
    let answer = Answer::new(assert_cmd::Command::from_std(command).output());
    let said = format!("{}{}", answer.stdout, answer.stderr);
    assert!(!said.contains(sshd::PASSWORD), "a secret came out: {said}");
    let answer = answer.exits(code);
    let read: Value = serde_json::from_str(&answer.stdout).unwrap();
    read["sources"][0].clone()
}

/// The names in an input folder that inputs look at, sorted.
pub(crate) fn landed(company: &Company, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(company.path(folder)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a report says of a file.
pub(crate) fn statuses(company: &Company, day: &str) -> Vec<(String, String)> {
    let rows = company.report(day).table("inputs");
    let row = |row: &std::collections::BTreeMap<String, String>| {
        (row["file"].clone(), row["status"].clone())
    };
    rows.iter().map(row).collect()
}

/// The first failure that a fetch told.
pub(crate) fn failure(source: &Value) -> String {
    source["failures"][0]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// The file that a fetch of a night brings, and another day's.
pub(crate) const REPORT: &str = "crp_fr_v3_261119_1.csv";
pub(crate) const LATER: &str = "crp_fr_v3_261120_2.csv";

/// The day after, for a second night.
pub(crate) const NEXT: &str = "2026-11-21";

/// A night that fetches, to its end.
pub(crate) fn night(company: &Company, day: &str) -> Answer {
    let mut command = company.command(&["run", "--as-of", day, "--no-mail"]);
    command.env("SFTP_PASSWORD", sshd::PASSWORD);
    Answer::new(assert_cmd::Command::from_std(command).output())
}

#[test]
fn a_name_that_no_source_has_is_refused_with_those_that_there_are() {
    let company =
        company("\n[[source]]\nname = \"oney\"\nurl = \"file:x/\"\ninto = \"inbox/oney\"\n");
    company
        .call(&["fetch", "onney"])
        .exits(2)
        .says("there is no source \"onney\"; the configuration has oney");
    let answer = company.run(AS_OF, &["--no-fetch"]);
    answer.exits(0);
}
