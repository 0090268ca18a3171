//! `payouts.csv`: each payout that is open or changed in this run.

use crate::domain::payout::{MatchedBy, PayoutOutcome, PayoutState};
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 15] = [
    "provider",
    "payout_reference",
    "currency",
    "first_report",
    "last_report",
    "lines",
    "gross",
    "fee",
    "net",
    "expected",
    "booked",
    "difference",
    "state",
    "matched_by",
    "bank_entries",
];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "payouts",
    columns: &COLUMNS,
};

/// The row of a payout. A pending one has no `matched_by`, `booked` and `difference`: nothing is
/// certain of it yet.
pub fn cells(outcome: &PayoutOutcome) -> [Cell<'_>; COLUMNS.len()] {
    let payout = &outcome.payout;
    let currency = payout.currency;
    let certain = outcome.state != PayoutState::Pending;
    let booked = outcome.booked.filter(|_| certain);
    let matched_by = outcome.matched_by.filter(|_| certain);
    [
        Cell::text(&payout.provider),
        Cell::text(&payout.reference),
        Cell::text(payout.currency.code()),
        Cell::Date(payout.first),
        Cell::Date(payout.last),
        Cell::integer(payout.lines),
        Cell::Amount(payout.gross, currency),
        Cell::Amount(payout.fee, currency),
        Cell::Amount(payout.gross - payout.fee, currency),
        Cell::Amount(outcome.expected, currency),
        Cell::amount(booked, currency),
        Cell::amount(booked.map(|booked| booked - outcome.expected), currency),
        Cell::text(outcome.state.word()),
        Cell::text(matched_by.map_or("", MatchedBy::word)),
        Cell::text(outcome.bank_entries.join(";")),
    ]
}
