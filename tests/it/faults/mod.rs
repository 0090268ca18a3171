//! What the system does not give is unread: told, remembered by nobody, and tried again.

mod calls;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::company::{CONFIG, Company};
use crate::report::Report;
use crate::rows::{crp_name, csv, funding, order};

const AS_OF: &str = "2026-11-20";

/// A company with an order and its report.
fn company() -> Company {
    let company = Company::new();
    deliver(&company);
    company
}

fn deliver(company: &Company) {
    let orders = csv(&[order("WEB-1", "2026-11-10", "20.00")]);
    company.put("inbox/orders/orders.csv", orders);
    let report = csv(&[funding("WEB-1", "2026-11-18", "20.00")]);
    company.put(&crp_name("2026-11-19", 1), report);
}

/// Status and reason of a file in `inputs.csv`.
fn told(report: &Report, file: &str) -> (String, String) {
    let row = report.input(file);
    (row["status"].clone(), row["reason"].clone())
}

#[track_caller]
fn assert_told(report: &Report, file: &str, status: &str, part: &str) {
    let (is, reason) = told(report, file);
    assert_eq!(is, status, "{file}: {reason}");
    assert!(reason.contains(part), "{file}: {reason}");
}

#[test]
fn a_link_to_nowhere_or_to_itself_is_unread_until_it_is_mended() {
    let company = company();
    let path = company.path("inbox/orders/late.csv");
    symlink(company.path("elsewhere.csv"), &path).unwrap();
    let itself = company.path("inbox/bank/loop.xml");
    symlink(&itself, &itself).unwrap();
    let answer = company.run(AS_OF, &[]).exits(3);
    assert!(answer.stderr.contains("unread: late.csv"), "{answer}");
    let report = company.report(AS_OF);
    assert_told(&report, "late.csv", "unread", "a link to what is not there");
    assert_told(&report, "loop.xml", "unread", "could not be read");
    assert_eq!(report.input("late.csv")["kind"], "orders");
    assert!(report.found("REPORT_REJECTED").is_empty());

    let late = csv(&[order("WEB-2", "2026-11-10", "5.00")]);
    company.put("elsewhere.csv", late);
    fs::rename(&itself, company.path("loop.xml")).unwrap();
    company.run(AS_OF, &[]).exits(0);
    assert_told(&company.report(AS_OF), "late.csv", "accepted", "");
}

#[test]
fn a_configured_folder_that_is_not_there_is_unread() {
    let company = company();
    fs::rename(company.path("inbox/bank"), company.path("inbox/away")).unwrap();
    company.run(AS_OF, &[]).exits(3);
    let report = company.report(AS_OF);
    assert_told(&report, "inbox/bank", "unread", "is not there; make it");
    assert_eq!(report.input("inbox/bank")["sha256"], "");
    fs::rename(company.path("inbox/away"), company.path("inbox/bank")).unwrap();
    company.run(AS_OF, &[]).exits(0);
}

#[test]
fn what_is_no_file_is_ignored_and_never_opened() {
    let company = company();
    for folder in ["inbox/oney", "inbox/bank"] {
        let pipe = company.path(folder).join("pipe.csv");
        let made = Command::new("mkfifo").arg(pipe).status().unwrap();
        assert!(made.success());
    }
    let _socket =
        std::os::unix::net::UnixListener::bind(company.path("inbox/orders/socket.csv")).unwrap();
    company.run(AS_OF, &[]).exits(0);
    let report = company.report(AS_OF);
    assert_told(&report, "socket.csv", "ignored", "a socket");
    let pipes = report.table("inputs").into_iter();
    let pipes: Vec<_> = pipes.filter(|row| row["file"] == "pipe.csv").collect();
    assert_eq!(pipes.len(), 2);
    for pipe in pipes {
        assert_eq!(pipe["status"], "ignored");
        assert!(pipe["reason"].contains("named pipe"), "{pipe:?}");
    }
    // A file that takes its place is read.
    let pipe = company.path("inbox/orders/socket.csv");
    fs::rename(&pipe, company.path("socket")).unwrap();
    let late = csv(&[order("WEB-2", "2026-11-10", "5.00")]);
    company.put("inbox/orders/socket.csv", late);
    company.run("2026-11-21", &[]).exits(0);
    assert_told(&company.report("2026-11-21"), "socket.csv", "accepted", "");
}

#[test]
fn a_closed_folder_on_the_way_of_a_pattern_is_unread() {
    let config = CONFIG.replace(
        "path = \"inbox/orders\"",
        "path = \"inbox/shops/*/orders*.csv\"",
    );
    let company = Company::with(&config);
    deliver(&company);
    for shop in ["one", "two"] {
        fs::create_dir_all(company.path("inbox/shops").join(shop)).unwrap();
        let orders = csv(&[order(&format!("WEB-{shop}"), "2026-11-10", "20.00")]);
        company.put(&format!("inbox/shops/{shop}/orders-{shop}.csv"), orders);
    }
    let faults = calls::Faults {
        under: "/inbox/shops/two",
        call: "list",
        every: 1,
        error: 13,
    };
    let Some(night) = calls::disturbed(&company, AS_OF, &faults) else {
        return;
    };
    night.exits(3);
    let report = company.report(AS_OF);
    assert_told(&report, "inbox/shops/two", "unread", "Permission denied");
    assert_told(&report, "orders-one.csv", "accepted", "");
    company.run(AS_OF, &[]).exits(0);
    assert_told(&company.report(AS_OF), "orders-two.csv", "accepted", "");
}
