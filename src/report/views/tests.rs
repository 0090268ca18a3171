use super::*;
use crate::domain::cause::Causes;
use crate::domain::discrepancy::Code;
use crate::domain::file::FileStatus;
use crate::domain::payout::PayoutState;
use crate::domain::{Amount, Currency, Money};
use crate::report::language::{Language, Texts};
use crate::report::sample;
use crate::report::table::{Cell, TableSpec};

/// The cell of a column.
fn cell<'a, const N: usize>(table: &TableSpec, cells: &[Cell<'a>; N], column: &str) -> Cell<'a> {
    let at = table.columns.iter().position(|name| *name == column);
    cells[at.unwrap()].clone()
}

fn sources_of(count: u32) -> String {
    let mut reported = sample::reported(sample::discrepancy(Code::AmountMismatch));
    reported.discrepancy.sources = (1..=count)
        .map(|line| sample::source("a.csv", line))
        .collect();
    let cells = discrepancies::cells(
        &reported,
        sample::day(sample::AS_OF),
        &Causes::default(),
        english(),
    );
    let Cell::Text(text) = cell(&discrepancies::TABLE, &cells, "sources") else {
        panic!("sources are a text");
    };
    text.into_owned()
}

fn english() -> Texts {
    Texts::of(Language::English)
}

#[test]
fn sources_are_named_up_to_twenty_and_then_counted() {
    assert_eq!(sources_of(0), "");
    assert_eq!(sources_of(2), "a.csv:1;a.csv:2");
    assert!(sources_of(20).ends_with(";a.csv:20"));
    assert!(sources_of(23).ends_with(";a.csv:20;+3"));
}

#[test]
fn a_source_that_is_a_whole_file_is_its_name() {
    let mut reported = sample::reported(sample::discrepancy(Code::ReportReplaced));
    reported.discrepancy.sources = vec![sample::source("a.csv", 0), sample::source("b.csv", 3)];
    let cells = discrepancies::cells(
        &reported,
        sample::day(sample::AS_OF),
        &Causes::default(),
        english(),
    );
    assert_eq!(
        cell(&discrepancies::TABLE, &cells, "sources"),
        Cell::text("a.csv;b.csv:3")
    );
}

#[test]
fn a_difference_needs_both_amounts() {
    let as_of = sample::day(sample::AS_OF);
    let missing = Cell::Amount(Amount::from_minor(-2_000), Currency::EUR);
    for (code, difference) in [
        (Code::AmountMismatch, missing),
        (Code::ReferenceMissing, Cell::Empty),
        (Code::MerchantMismatch, Cell::Empty),
    ] {
        let reported = sample::reported(sample::discrepancy(code));
        let cells = discrepancies::cells(&reported, as_of, &Causes::default(), english());
        assert_eq!(
            cell(&discrepancies::TABLE, &cells, "difference"),
            difference
        );
    }
}

#[test]
fn a_look_that_finds_something_first_has_no_first_seen() {
    let mut reported = sample::reported(sample::discrepancy(Code::AmountMismatch));
    reported.first_seen = None;
    let cells = discrepancies::cells(
        &reported,
        sample::day("2026-11-10"),
        &Causes::default(),
        english(),
    );
    assert_eq!(
        cell(&discrepancies::TABLE, &cells, "first_seen"),
        Cell::Empty
    );
    assert_eq!(
        cell(&discrepancies::TABLE, &cells, "age_days"),
        Cell::Integer(-2)
    );
}

#[test]
fn a_pending_payout_claims_nothing_of_the_bank() {
    let outcome = sample::payout(PayoutState::Pending);
    let cells = payouts::cells(&outcome);
    assert_eq!(cell(&payouts::TABLE, &cells, "booked"), Cell::Empty);
    assert_eq!(cell(&payouts::TABLE, &cells, "difference"), Cell::Empty);
    assert_eq!(cell(&payouts::TABLE, &cells, "matched_by"), Cell::text(""));
}

#[test]
fn a_payout_shows_its_net_its_difference_and_all_its_entries() {
    let outcome = sample::payout(PayoutState::Mismatched);
    let cells = payouts::cells(&outcome);
    let money = |minor| Cell::Amount(Amount::from_minor(minor), Currency::EUR);
    assert_eq!(cell(&payouts::TABLE, &cells, "net"), money(100_450));
    assert_eq!(cell(&payouts::TABLE, &cells, "difference"), money(-450));
    assert_eq!(
        cell(&payouts::TABLE, &cells, "bank_entries"),
        Cell::text("E-1;E-2")
    );
    assert_eq!(
        cell(&payouts::TABLE, &cells, "matched_by"),
        Cell::text("reference")
    );
}

#[test]
fn a_stored_file_that_another_replaces_is_superseded() {
    let mut row = sample::input("a.csv", FileStatus::Accepted);
    assert_eq!(
        cell(&inputs::TABLE, &inputs::cells(&row), "status"),
        Cell::text("accepted")
    );
    row.superseded = true;
    assert_eq!(
        cell(&inputs::TABLE, &inputs::cells(&row), "status"),
        Cell::text("superseded")
    );
}

#[test]
fn gross_names_its_currencies_only_where_there_are_several() {
    let mut row = sample::input("a.csv", FileStatus::Accepted);
    let money = |minor, code| Money {
        amount: Amount::from_minor(minor),
        currency: Currency::parse(code).unwrap(),
    };
    row.file.gross = vec![money(300, "USD"), money(1_200, "EUR")];
    let cells = inputs::cells(&row);
    assert_eq!(
        cell(&inputs::TABLE, &cells, "gross"),
        Cell::text("EUR 12.00;USD 3.00")
    );
    row.file.gross = vec![money(-1_200, "EUR")];
    assert_eq!(
        cell(&inputs::TABLE, &inputs::cells(&row), "gross"),
        Cell::Amount(Amount::from_minor(-1_200), Currency::EUR)
    );
    row.file.gross.clear();
    assert_eq!(
        cell(&inputs::TABLE, &inputs::cells(&row), "gross"),
        Cell::Empty
    );
}

#[test]
fn an_order_that_the_shop_does_not_have_has_neither_status_nor_amount() {
    let mut row = sample::order_row();
    row.status = None;
    row.amount = None;
    row.cancelled = None;
    let cells = orders::cells(&row);
    assert_eq!(cell(&orders::TABLE, &cells, "status"), Cell::text(""));
    assert_eq!(cell(&orders::TABLE, &cells, "amount"), Cell::Empty);
    assert_eq!(cell(&orders::TABLE, &cells, "cancelled"), Cell::Empty);
}
