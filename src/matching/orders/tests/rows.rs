//! Which row of an order counts.

use super::{Case, assert_balanced, euros, funding, nov, order};
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderStatus::Funded};

/// WEB-1 with an amount, in a row of a file, updated at an hour of 2 November.
fn row(amount: &str, file: i64, line: u32, updated: Option<u32>) -> Order<'static> {
    Order {
        file: FileId(file),
        line,
        updated_at: updated.and_then(|hour| nov(2).and_hms_opt(hour, 0, 0)),
        ..order(amount, Funded)
    }
}

/// The amount of the row that counts: an order that is funded so is balanced.
#[track_caller]
fn assert_counts(amount: &str, versions: &[Order<'static>]) {
    let case = Case::of(versions, &[funding(amount, nov(4), 1)]);
    assert_balanced(&case, nov(30));
    let mut turned = case;
    turned.versions.reverse();
    assert_balanced(&turned, nov(30));
}

#[test]
fn a_row_replaces_the_one_received_before() {
    assert_counts(
        "190.00",
        &[row("200.00", 3, 2, None), row("190.00", 4, 2, None)],
    );
}

#[test]
fn a_row_that_was_updated_later_is_not_replaced_by_an_older_one() {
    let later = row("200.00", 3, 2, Some(12));
    assert_counts("200.00", &[later, row("190.00", 4, 2, Some(11))]);
    assert_counts("190.00", &[later, row("190.00", 4, 2, Some(13))]);
    // Where one of the two does not say when, the order of receipt decides.
    assert_counts("190.00", &[later, row("190.00", 4, 2, None)]);
}

#[test]
fn of_two_rows_in_one_file_the_one_updated_later_counts() {
    assert_counts(
        "200.00",
        &[row("200.00", 3, 2, Some(12)), row("190.00", 3, 9, Some(11))],
    );
}

#[test]
fn the_report_shows_what_was_ordered_reported_and_kept() {
    let cancelled = super::cancelled_order("200.00", "50.00", nov(2));
    let (line, slice) = funding("200.00", nov(4), 1);
    let with_fee = crate::domain::settlement::SettlementLine {
        fee: euros("3.60"),
        ..line
    };
    let lines = [(with_fee, slice), super::cancellation("-50.00", nov(8), 2)];
    let said = Case::of(&[cancelled], &lines).on(nov(30));
    let row = said.row.unwrap();
    // Net of both lines: (200 − 50) − 3.60.
    for field in [
        "merchant: \"shop\"",
        "amount: Some(Amount(20000))",
        "cancelled: Some(Amount(5000))",
        "reported_funded: Amount(20000)",
        "reported_cancelled: Amount(5000)",
        "fee: Some(Amount(360))",
        "net: Some(Amount(14640))",
    ] {
        assert!(row.contains(field), "{field} in {row}");
    }
}
