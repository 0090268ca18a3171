//! The rows of a settlement file one by one: taken, passed over, or rejected with their place.

use super::SettlementSink;
use crate::ingest::counts::RowCounts;
use crate::ingest::table::{NextRow, Row, Table};
use crate::ingest::{CellError, Refusal, RowError};

/// Reads all rows of a table; `take` makes lines of a row.
pub(in crate::ingest) fn read_rows(
    table: &mut Table,
    max_rejected_percent: u32,
    sink: &mut dyn SettlementSink,
    mut take: impl FnMut(&Table, &Row, &mut dyn SettlementSink) -> Result<(), CellError>,
) -> Result<RowCounts, Refusal> {
    let mut counts = RowCounts::default();
    let mut first_error = None;
    let mut row = Row::default();
    loop {
        let rejected = match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { line, raw, reason } => RowError::new("", "", reason).at(line, &raw),
            NextRow::Row => match take(table, &row, sink) {
                Ok(()) => {
                    counts.accept();
                    continue;
                }
                Err(error) => {
                    let place = |refusal| Refusal::new(format!("line {}: {refusal}", row.line));
                    let error = table.row_error(error).map_err(place)?;
                    error.at(row.line, &table.raw(&row))
                }
            },
        };
        counts.reject();
        first_error.get_or_insert_with(|| format!("line {}: {}", rejected.line, rejected.reason));
        sink.rejected(rejected);
    }
    counts.passed_over = table.passed_over();
    counts.check(max_rejected_percent, first_error.as_deref())
}
