//! `inputs.csv`: each file first stored, refused or ignored under this as-of date.

use crate::domain::Money;
use crate::domain::outcome::InputRow;
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 13] = [
    "file",
    "kind",
    "provider",
    "country",
    "sequence",
    "report_date",
    "sha256",
    "status",
    "rows",
    "accepted",
    "rejected",
    "gross",
    "reason",
];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "inputs",
    columns: &COLUMNS,
};

/// What stands in `status` for a stored file that another one of its series replaces.
const SUPERSEDED: &str = "superseded";

/// The row of a file.
pub fn cells(row: &InputRow) -> [Cell<'_>; COLUMNS.len()] {
    let file = &row.file;
    let status = if row.superseded {
        SUPERSEDED
    } else {
        file.status.word()
    };
    [
        Cell::text(&file.name),
        Cell::text(file.kind.word()),
        Cell::text(&file.provider),
        Cell::text(&file.country),
        file.sequence.map_or(Cell::Empty, Cell::integer),
        Cell::date(file.report_date),
        Cell::text(&file.sha256),
        Cell::text(status),
        Cell::integer(file.rows),
        Cell::integer(file.accepted),
        Cell::integer(file.rejected),
        gross(&file.gross),
        Cell::text(&file.reason),
    ]
}

/// One currency is a plain amount; of several each is named, because the table has no column
/// for it: `EUR 12.00;USD 3.00`.
fn gross(sums: &[Money]) -> Cell<'_> {
    match sums {
        [] => Cell::Empty,
        [sum] => Cell::Amount(sum.amount, sum.currency),
        several => {
            let mut sorted: Vec<&Money> = several.iter().collect();
            sorted.sort_by_key(|sum| sum.currency);
            let texts: Vec<String> = sorted
                .iter()
                .map(|sum| format!("{} {}", sum.currency, sum.amount.display(sum.currency)))
                .collect();
            Cell::text(texts.join(";"))
        }
    }
}
