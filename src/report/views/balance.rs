//! `balance.csv`: every euro of a provider in exactly one place.

use crate::domain::Amount;
use crate::domain::outcome::BalanceRow;
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 18] = [
    "provider",
    "currency",
    "lines",
    "funded",
    "cancelled",
    "chargebacks",
    "adjustments",
    "fees",
    "gross",
    "net",
    "expected_payouts",
    "matched",
    "mismatched",
    "not_received",
    "pending",
    "carried_over",
    "unassigned",
    "residual",
];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "balance",
    columns: &COLUMNS,
};

/// The row of a provider and currency.
pub fn cells(row: &BalanceRow) -> [Cell<'_>; COLUMNS.len()] {
    let money = |amount: Amount| Cell::Amount(amount, row.currency);
    [
        Cell::text(&row.provider),
        Cell::text(row.currency.code()),
        Cell::integer(row.lines),
        money(row.funded),
        money(row.cancelled),
        money(row.chargebacks),
        money(row.adjustments),
        money(row.fees),
        money(row.gross()),
        money(row.net()),
        money(row.expected_payouts),
        money(row.matched),
        money(row.mismatched),
        money(row.not_received),
        money(row.pending),
        money(row.carried_over),
        money(row.unassigned),
        money(row.residual),
    ]
}
