//! Nights with many open items, and reports of a range of days.

use std::collections::BTreeMap;

use crate::company::Company;
use crate::report::{Report, Row, assert_same};
use crate::rows::{cancellation, crp_name, csv, funding, order};
use crate::sqlite;
use crate::story::{self, NIGHTS};

/// Orders of a company that gets nothing right: each is funded for another amount.
const ORDERS: usize = 900;

/// A company after a first night on which all its orders are open.
fn with_many_open() -> Company {
    let company = Company::new();
    let name = |number: usize| format!("WEB-{:05}", number * 7_919 % 100_000);
    let orders: Vec<_> = (0..ORDERS)
        .map(|number| order(&name(number), "2026-11-05", "200.00"))
        .collect();
    let lines: Vec<_> = (0..ORDERS)
        .map(|number| funding(&name(number), "2026-11-13", "180.00"))
        .collect();
    company.put("inbox/orders/orders_0.csv", csv(&orders));
    company.put(&crp_name("2026-11-13", 1), csv(&lines));
    company.night(NIGHTS[0]);
    company
}

fn states(report: &Report) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for row in report.found("AMOUNT_MISMATCH") {
        *states.entry(row["state"].clone()).or_default() += 1;
    }
    states
}

fn counted<const N: usize>(expected: [(&str, usize); N]) -> BTreeMap<String, usize> {
    expected
        .map(|(state, count)| (state.to_owned(), count))
        .into()
}

/// The rows of a table of intervals.
fn rows_of(company: &Company, table: &str) -> String {
    let sql = format!("SELECT COUNT(*) || '' FROM {table}");
    sqlite::ask(&company.path("var/recon.db"), &sql).remove(0)
}

#[test]
fn a_night_on_which_nothing_happens_tells_all_that_is_open_and_stores_none_of_it_again() {
    let company = with_many_open();
    let before = ["findings", "open_orders"].map(|table| rows_of(&company, table));
    let second = company.night(NIGHTS[1]);
    assert_eq!(states(&second), counted([("persisting", ORDERS)]));
    assert_eq!(second.table("orders").len(), ORDERS);
    let after = ["findings", "open_orders"].map(|table| rows_of(&company, table));
    assert_eq!(before[1], after[1]);
    // Reports that did not come are new; what is open of orders is not.
    let grown = |rows: &[String; 2]| rows[0].parse::<usize>().unwrap();
    assert!(grown(&after) - grown(&before) < 10, "{before:?} {after:?}");
    assert_same(&second.bytes(), &company.night(NIGHTS[1]).bytes(), "again");
    company.run(NIGHTS[1], &["--full"]).done();
    assert_same(&second.bytes(), &company.report(NIGHTS[1]).bytes(), "full");
    // A full look finds what is stored, and stores none of it again either.
    assert_eq!(rows_of(&company, "open_orders"), after[1]);
}

#[test]
fn what_changes_among_many_is_told_as_a_full_night_tells_it() {
    let company = with_many_open();
    // One order is put right, one gets worse, one is cancelled at the provider.
    let corrected = [
        order("WEB-00000", "2026-11-05", "180.00"),
        order("WEB-07919", "2026-11-05", "210.00"),
    ];
    company.put("inbox/orders/orders_1.csv", csv(&corrected));
    let taken_back = cancellation("WEB-15838", "2026-11-16", "180.00");
    company.put(&crp_name("2026-11-16", 2), csv(&[taken_back]));
    let night = company.night(NIGHTS[1]);
    let expected = [("changed", 1), ("persisting", ORDERS - 2), ("resolved", 1)];
    assert_eq!(states(&night), counted(expected));
    let references: Vec<String> = night
        .table("orders")
        .iter()
        .map(|row| row["order_reference"].clone())
        .collect();
    assert!(references.is_sorted(), "rows stand in their order");
    assert_eq!(references.len(), ORDERS);
    company.run(NIGHTS[1], &["--full"]).done();
    assert_same(&night.bytes(), &company.report(NIGHTS[1]).bytes(), "full");
}

#[test]
fn an_earlier_night_that_is_repeated_shows_what_it_showed() {
    let company = Company::new();
    let mut told = Vec::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        story::deliver(&company, number);
        told.push(company.night(day));
    }
    let states = |report: &Report| -> BTreeMap<String, String> {
        let rows = report.table("discrepancies");
        let life = |row: &Row| format!("{} since {}", row["state"], row["first_seen"]);
        rows.iter()
            .map(|row| (row["id"].clone(), life(row)))
            .collect()
    };
    let last = states(&told[4]);
    let again = company.night(NIGHTS[4]);
    assert_eq!(states(&again), last);
    // What a past day says now knows later files; the last night stays as it was.
    company.run(NIGHTS[2], &[]).done();
    assert_eq!(states(&company.night(NIGHTS[4])), last);
}

/// Each amount of `balance.csv`, in cents.
fn balance(report: &Report) -> BTreeMap<String, i64> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for row in report.table("balance") {
        for (column, value) in &row {
            let digits = value.replace('.', "");
            if let Ok(cents) = digits.parse::<i64>() {
                *sums.entry(column.clone()).or_default() += cents;
            }
        }
    }
    sums
}

#[test]
fn a_report_of_a_range_is_of_that_range_in_every_table() {
    let company = Company::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        story::deliver(&company, number);
        company.run(day, &[]).done();
    }
    company.run(NIGHTS[4], &["--full"]).done();
    let of_range = |from: &str, to: &str| {
        company.run(NIGHTS[4], &["--from", from, "--to", to]).done();
        company.report(&format!("{from}_{to}_asof-{}", NIGHTS[4]))
    };
    let early = of_range("2026-11-01", "2026-11-16");
    let late = of_range("2026-11-17", "2026-11-20");
    let whole = of_range("2026-11-01", "2026-11-20");
    for range in [&early, &late, &whole] {
        assert_eq!(balance(range)["residual"], 0);
        for row in range.table("discrepancies") {
            let orders = range.table("orders");
            let shown = |order: &Row| order["order_reference"] == row["order_reference"];
            let is_of_leg_one = row["code"] == "AMOUNT_MISMATCH";
            assert!(!is_of_leg_one || orders.iter().any(shown), "{row:?}");
        }
    }
    // No line is in both parts, and none is in neither.
    let mut sum = balance(&early);
    for (column, cents) in balance(&late) {
        *sum.entry(column).or_default() += cents;
    }
    assert_eq!(sum, balance(&whole));
    assert!(balance(&early)["gross"] != 0 && balance(&late)["gross"] != 0);
    let days = |report: &Report, column: &str| -> Vec<String> {
        let rows = report.table("inputs");
        let days = rows.iter().map(|row| row[column].clone());
        days.filter(|day| !day.is_empty()).collect()
    };
    assert!(!days(&late, "report_date").is_empty());
    for day in days(&late, "report_date") {
        assert!("2026-11-17" <= day.as_str(), "{day}");
    }
    for row in early.table("payouts") {
        assert!(row["first_report"].as_str() <= "2026-11-16", "{row:?}");
    }
    for row in late.table("payouts") {
        assert!(row["last_report"].as_str() >= "2026-11-17", "{row:?}");
    }
}
