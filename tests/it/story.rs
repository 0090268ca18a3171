//! Five nights of a small company, in which most kinds of news arrive.

use std::collections::BTreeMap;

use crate::company::Company;
use crate::report::assert_same;
use crate::rows::{Entry, camt, cancellation, crp_name, csv, funding, order, refund};

/// The as-of dates, Monday to Friday.
pub(crate) const NIGHTS: [&str; 5] = [
    "2026-11-16",
    "2026-11-17",
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
];

/// What arrives before a night, in the order of delivery.
pub(crate) fn delivery(night: usize) -> Vec<(String, String)> {
    let oney = |day, number, rows: &[_]| (crp_name(day, number), csv(rows));
    let orders = |rows: &[_]| (format!("inbox/orders/orders_{night}.csv"), csv(rows));
    let bank = |text| (format!("inbox/bank/statement_{night}.xml"), text);
    match night {
        0 => vec![
            orders(&all_orders()),
            oney("2026-11-15", 1, &first_report()),
        ],
        1 => vec![
            oney("2026-11-16", 2, &second_report("60.00")),
            bank(camt(
                "S-1",
                ["2026-11-16", "2026-11-16"],
                100_000,
                &first_entries(),
            )),
            orders(&[nothing_new("2026-11-16")]),
        ],
        2 => vec![
            oney("2026-11-17", 2, &second_report("62.00")),
            oney("2026-11-17", 3, &third_report()),
            (
                "inbox/order-events/events.csv".into(),
                csv(&[refund("WEB-2", "2026-11-16", "50.00")]),
            ),
            orders(&[nothing_new("2026-11-17")]),
        ],
        3 => vec![
            oney("2026-11-18", 5, &[funding("WEB-9", "2026-11-18", "33.00")]),
            orders(&[
                order("WEB-4", "2026-11-12", "62.00"),
                order("WEB-7", "2026-11-17", "45.00"),
            ]),
            ("inbox/orders/orders_copy.csv".into(), csv(&all_orders())),
        ],
        _ => vec![
            oney(
                "2026-11-18",
                4,
                &[funding("WEB-7", "2026-11-18", "45.00").with("Transfer_Id", "TFR1004")],
            ),
            bank(camt(
                "S-2",
                ["2026-11-18", "2026-11-20"],
                99_000,
                &last_entries(),
            )),
        ],
    }
}

/// The shop says something every night: otherwise what it says might be older than the reports.
fn nothing_new(day: &str) -> crate::rows::Row {
    order("WEB-0", day, "1.00").with("status", "REFUSED")
}

fn all_orders() -> [crate::rows::Row; 6] {
    [
        order("WEB-1", "2026-11-10", "100.00"),
        order("WEB-2", "2026-11-11", "50.00"),
        order("WEB-3", "2026-11-12", "80.00"),
        order("WEB-4", "2026-11-12", "65.00"),
        order("WEB-5", "2026-11-12", "70.00"),
        order("WEB-6", "2026-11-15", "20.00").with("status", "REFUSED"),
    ]
}

fn first_report() -> [crate::rows::Row; 2] {
    [
        funding("WEB-1", "2026-11-15", "100.00")
            .with("Commission_amount", "2.00")
            .with("Transfer_Id", "TFR1001"),
        funding("WEB-2", "2026-11-15", "50.00")
            .with("Commission_amount", "1.00")
            .with("Transfer_Id", "TFR1001"),
    ]
}

/// Arrives twice, with another amount each time: the second replaces the first.
fn second_report(amount: &str) -> [crate::rows::Row; 3] {
    [
        funding("WEB-3", "2026-11-16", "80.00").with("Transfer_Id", "TFR1002"),
        funding("WEB-4", "2026-11-16", amount).with("Transfer_Id", "TFR1002"),
        funding("WEB-6", "2026-11-16", "20.00").with("Transfer_Id", "TFR1002"),
    ]
}

/// Has a row that cannot be read, and one without a transfer.
fn third_report() -> [crate::rows::Row; 3] {
    [
        cancellation("WEB-2", "2026-11-17", "50.00").with("Transfer_Id", "TFR1003"),
        funding("WEB-5", "2026-11-17", "7O.00"),
        funding("WEB-8", "2026-11-17", "15.00"),
    ]
}

fn first_entries() -> [Entry<'static>; 2] {
    let entry = |id, cents, text| Entry {
        id,
        day: "2026-11-16",
        cents,
        text,
    };
    [
        entry("B-1", 14_700, "ONEY VIREMENT TFR1001"),
        entry("B-2", -4_200, "RENT"),
    ]
}

fn last_entries() -> [Entry<'static>; 2] {
    let entry = |id, day, cents, text| Entry {
        id,
        day,
        cents,
        text,
    };
    [
        entry("B-3", "2026-11-18", 16_000, "ONEY VIREMENT TFR1002"),
        entry("B-4", "2026-11-19", 1_234, "ONEY"),
    ]
}

/// Delivers what arrives before a night.
pub(crate) fn deliver(company: &Company, night: usize) {
    for (path, text) in delivery(night) {
        company.put(&path, text);
    }
}

/// A report folder's bytes.
pub(crate) type Bytes = BTreeMap<String, Vec<u8>>;

/// Plays all nights and gives their reports.
pub(crate) fn play(company: &Company) -> Vec<Bytes> {
    let night = |(number, day): (usize, &&str)| {
        deliver(company, number);
        company.night(day).is_sound().bytes()
    };
    NIGHTS.iter().enumerate().map(night).collect()
}

/// Asserts that two companies saw the same nights.
pub(crate) fn assert_same_nights(left: &[Bytes], right: &[Bytes], what: &str) {
    assert_eq!(left.len(), right.len());
    for ((left, right), day) in left.iter().zip(right).zip(NIGHTS) {
        assert_same(left, right, &format!("{what}: {day}"));
    }
}

#[test]
fn the_story_has_something_to_tell_every_night() {
    let company = Company::new();
    play(&company);
    let codes: Vec<Vec<String>> = NIGHTS
        .iter()
        .map(|day| {
            let rows = company.report(day).table("discrepancies");
            rows.iter()
                .map(|row| format!("{} {}", row["code"], row["state"]))
                .collect()
        })
        .collect();
    insta::assert_debug_snapshot!(codes);
}
