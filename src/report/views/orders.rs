//! `orders.csv`: each order that is open or changed in this run.

use crate::domain::order::OrderStatus;
use crate::domain::outcome::OrderRow;
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 12] = [
    "provider",
    "order_reference",
    "merchant",
    "status",
    "currency",
    "amount",
    "cancelled",
    "reported_funded",
    "reported_cancelled",
    "fee",
    "net",
    "state",
];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "orders",
    columns: &COLUMNS,
};

/// The row of an order. Everything is borrowed: there may be a million of them.
pub fn cells<'a>(row: &'a OrderRow<'_>) -> [Cell<'a>; COLUMNS.len()] {
    [
        Cell::text(row.provider),
        Cell::text(row.order_reference),
        Cell::text(row.merchant),
        Cell::text(row.status.map_or("", OrderStatus::word)),
        Cell::text(row.currency.code()),
        Cell::amount(row.amount, row.currency),
        Cell::amount(row.cancelled, row.currency),
        Cell::Amount(row.reported_funded, row.currency),
        Cell::Amount(row.reported_cancelled, row.currency),
        Cell::amount(row.fee, row.currency),
        Cell::amount(row.net, row.currency),
        Cell::text(row.state.word()),
    ]
}
