//! A database that version 0.1.0 made goes on in this version.
//!
//! `tests/upgrade/recon.sql` is such a database, as text, after the first three nights of
//! [`story`](crate::story). To make it again, let `CRP_RECON_0_1_0` name the binary of that version
//! and run the test that is ignored here; it needs the program `sqlite3`.

use std::path::Path;
use std::process::Command;

use crate::company::Company;
use crate::sqlite;
use crate::story::{self, Bytes, NIGHTS};

/// The nights that version 0.1.0 did.
const OLD_NIGHTS: usize = 3;

const OLD_BINARY: &str = "CRP_RECON_0_1_0";

fn dump() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/recon.sql")
}

/// The company after its first nights, with the database of version 0.1.0.
fn upgraded() -> Company {
    let company = Company::new();
    for night in 0..OLD_NIGHTS {
        story::deliver(&company, night);
    }
    let sql = std::fs::read_to_string(dump()).unwrap();
    sqlite::execute(&company.path("var/recon.db"), &sql);
    company
}

/// Nights of version 0.1.0 had no manifest, so the first one afterwards names none.
fn without_manifest(mut report: Bytes) -> Bytes {
    assert!(report.remove("manifest.json").is_some());
    report
}

/// Version 0.1.0 called some things a day earlier, since it did not wait until the provider's reports
/// reach the day they were due. When a discrepancy was first seen is history, and stays. Nor did it
/// store what a rejected row names, so a row that it rejected is no cause.
fn as_history_says(report: &Bytes) -> Bytes {
    let mut report = without_manifest(report.clone());
    if let Some(found) = report.get_mut("discrepancies.csv") {
        let text = String::from_utf8_lossy(found);
        let (due, first_seen) = ("2026-11-17", "2026-11-18");
        let now = format!(",{due},{first_seen},");
        assert!(text.contains(&now), "nothing was called earlier");
        let waits = |row: &str| {
            ["FUNDING_NOT_REPORTED", "AMOUNT_MISMATCH"]
                .iter()
                .any(|code| row.contains(code))
        };
        let without_causes: Vec<String> = text
            .lines()
            .map(|row| {
                if waits(row) {
                    without_cause(&row.replace(&now, &format!(",{due},{due},")))
                } else {
                    without_cause(row)
                }
            })
            .collect();
        *found = (without_causes.join("\n") + "\n").into_bytes();
    }
    report
}

/// A row of `discrepancies.csv` whose last cell but one, the cause, is empty.
fn without_cause(row: &str) -> String {
    let cells: Vec<&str> = row.rsplitn(3, ',').collect();
    match cells[..] {
        [exposure, cause, rest] if cause.len() == 12 => format!("{rest},,{exposure}"),
        _ => row.to_owned(),
    }
}

#[test]
fn the_nights_after_an_upgrade_are_those_of_a_company_that_was_never_upgraded() {
    let expected = story::play(&Company::new());
    let company = upgraded();
    for night in OLD_NIGHTS..NIGHTS.len() {
        story::deliver(&company, night);
        let report = without_manifest(company.night(NIGHTS[night]).bytes());
        let expected = as_history_says(&expected[night]);
        crate::report::assert_same(&expected, &report, "after an upgrade");
    }
    company.run(NIGHTS[4], &["--full"]).done();
    let full = without_manifest(company.report(NIGHTS[4]).bytes());
    company.call(&["audit", "verify"]).exits(0);
    let expected = as_history_says(&expected[4]);
    crate::report::assert_same(&expected, &full, "in full after an upgrade");
    sqlite::is_whole(&company.path("var/recon.db"));
}

#[test]
fn an_old_database_that_is_damaged_stays_as_it_is_and_names_the_file() {
    let company = upgraded();
    let database = company.path("var/recon.db");
    sqlite::execute(
        &database,
        "UPDATE line_blocks SET facts = x'ff' || substr(facts, 2)",
    );
    let refused = company.run(NIGHTS[3], &[]).exits(1);
    assert!(refused.stderr.contains("damaged"), "{refused}");
    assert!(refused.stderr.contains(".csv"), "{refused}");
    let old = sqlite::ask(&database, "SELECT COUNT(*) || '' FROM lines");
    assert_ne!(old, ["0"]);
}

#[test]
#[ignore = "makes tests/upgrade/recon.sql with the binary of version 0.1.0"]
#[expect(
    clippy::disallowed_methods,
    reason = "the old binary is named by the environment"
)]
fn make_the_database_of_version_0_1_0() {
    let binary = std::env::var(OLD_BINARY).unwrap();
    let company = Company::new();
    for (night, day) in NIGHTS.iter().enumerate().take(OLD_NIGHTS) {
        story::deliver(&company, night);
        let done = Command::new(&binary)
            .arg("--config")
            .arg(company.path("recon.toml"))
            .args(["run", "--no-mail", "--as-of", day])
            .status();
        assert!(matches!(done.unwrap().code(), Some(0 | 3)));
    }
    let database = company.path("var/recon.db");
    let dumped = Command::new("sqlite3").arg(database).arg(".dump").output();
    std::fs::write(dump(), dumped.unwrap().stdout).unwrap();
}
