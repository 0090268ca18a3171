//! When a file counts as received: whatever day a run looks from, what came later is later.

use crate::company::Company;
use crate::report::{Report, assert_same};
use crate::rows::{crp_name, csv, funding, order};

const DAY_BEFORE: &str = "2026-11-19";
const BEFORE: &str = "2026-11-20";
const TONIGHT: &str = "2026-11-21";

/// An order of 100.00 that is reported so, seen by two nights.
fn reported() -> Company {
    let company = Company::new();
    let orders = csv(&[order("WEB-1", "2026-11-10", "100.00")]);
    company.put("inbox/orders/orders_1.csv", orders);
    let report = csv(&[funding("WEB-1", "2026-11-12", "100.00")]);
    company.put(&crp_name("2026-11-13", 1), report);
    company.night(DAY_BEFORE);
    company.night(BEFORE);
    company
}

/// The shop and Oney correct it to 80.00.
fn correct(company: &Company) {
    let orders = csv(&[order("WEB-1", "2026-11-10", "80.00")]);
    company.put("inbox/orders/orders_2.csv", orders);
    let report = csv(&[funding("WEB-1", "2026-11-12", "80.00")]);
    let name = crp_name("2026-11-13", 1).replace(".csv", ".CSV");
    company.put(&name, report);
}

/// What a night says of WEB-1: ordered and reported.
fn told(report: &Report) -> Vec<[String; 2]> {
    let orders = report.table("orders").into_iter();
    orders
        .map(|row| [row["amount"].clone(), row["reported_funded"].clone()])
        .collect()
}

/// Commands that may run between a delivery and the night.
const BETWEEN: [&[&str]; 5] = [
    &["run", "--as-of", "2026-11-18", "--no-mail"],
    &["run", "--as-of", DAY_BEFORE, "--no-mail"],
    &[
        "run",
        "--as-of",
        BEFORE,
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-20",
    ],
    &["ingest", "--as-of", "2026-11-18"],
    &[
        "run",
        "--as-of",
        "2030-01-01",
        "--future",
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-20",
    ],
];

#[test]
fn a_look_at_another_day_buries_no_correction() {
    for between in BETWEEN {
        let company = reported();
        correct(&company);
        company.call(between).done();
        let tonight = company.night(TONIGHT);
        let corrected = [["80.00".to_owned(), "80.00".to_owned()]];
        assert_eq!(told(&tonight), corrected, "{between:?}");
        // Whoever stored them, tonight's list of inputs has what came since the night before.
        assert_eq!(tonight.table("inputs").len(), 2, "{between:?}");
        company.run(TONIGHT, &["--full"]).done();
        assert_same(
            &tonight.bytes(),
            &company.report(TONIGHT).bytes(),
            "in full",
        );
    }
}

#[test]
fn a_correction_after_a_night_to_come_counts() {
    let company = reported();
    company.night("2030-01-01");
    correct(&company);
    let tonight = company.night(TONIGHT);
    assert_eq!(told(&tonight), [["80.00".to_owned(), "80.00".to_owned()]]);
}

#[test]
fn a_replaced_report_is_found_by_the_first_night_that_is_recorded_behind_it() {
    for (between, nights) in BETWEEN.iter().zip([
        // The 18th sees the report's day and is recorded: it is the one that finds it.
        ["2026-11-18", "-"],
        [DAY_BEFORE, "-"],
        ["-", TONIGHT],
        ["-", TONIGHT],
        ["-", TONIGHT],
    ]) {
        let company = reported();
        correct(&company);
        company.call(between).done();
        company.night(TONIGHT);
        for day in nights.into_iter().filter(|day| *day != "-") {
            let replaced = company.report(day).only("REPORT_REPLACED");
            assert_eq!(replaced["state"], "new", "{between:?}");
        }
        let tonight = company.report(TONIGHT);
        let open = tonight.found("REPORT_REPLACED").into_iter();
        let open = open.filter(|row| row["state"] != "resolved").count();
        assert_eq!(open == 1, nights[1] == TONIGHT, "{between:?}");
        company.night("2026-11-22");
        let after = company.report("2026-11-22");
        let open = after.found("REPORT_REPLACED").into_iter();
        assert!(open.into_iter().all(|row| row["state"] == "resolved"));
    }
}

#[test]
fn nights_that_are_repeated_give_the_bytes_they_gave() {
    let company = reported();
    correct(&company);
    company.night(TONIGHT);
    let days = [DAY_BEFORE, BEFORE, TONIGHT];
    // What the nights say once everything is known.
    let known = days.map(|day| company.night(day).bytes());
    for (day, before) in days.iter().zip(&known) {
        assert_same(before, &company.night(day).bytes(), day);
    }
    assert_eq!(company.report(TONIGHT).table("inputs").len(), 2);
}
