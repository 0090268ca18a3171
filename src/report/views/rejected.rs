//! `rejected.csv`: each rejected row of the files of `inputs.csv` that count.

use crate::domain::outcome::RejectedReportRow;
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 6] = ["file", "line", "column", "value", "reason", "raw"];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "rejected",
    columns: &COLUMNS,
};

/// The row of a row that could not be read.
pub fn cells(rejected: &RejectedReportRow) -> [Cell<'_>; COLUMNS.len()] {
    let row = &rejected.row;
    [
        Cell::text(&rejected.file),
        Cell::integer(row.line),
        Cell::text(&row.column),
        Cell::text(&row.value),
        Cell::text(&row.reason),
        Cell::text(&row.raw),
    ]
}
