//! The rows of a settlement file one by one: taken, passed over, or rejected with their place.

use super::SettlementSink;
use crate::domain::file::RowNames;
use crate::ingest::counts::RowCounts;
use crate::ingest::table::{NextRow, Row, Table};
use crate::ingest::{CellError, Refusal, RowError};

/// Makes lines of rows.
pub(in crate::ingest) trait LineReader {
    /// Hands the lines of a row to the sink.
    fn take(
        &mut self,
        table: &Table,
        row: &Row,
        sink: &mut dyn SettlementSink,
    ) -> Result<(), CellError>;

    /// What a row names, whether or not it can be taken.
    fn names(&self, row: &Row) -> RowNames;
}

/// Reads all rows of a table.
pub(in crate::ingest) fn read_rows(
    table: &mut Table,
    max_rejected_percent: u32,
    sink: &mut dyn SettlementSink,
    reader: &mut impl LineReader,
) -> Result<RowCounts, Refusal> {
    let mut counts = RowCounts::default();
    let mut first_error = None;
    let mut row = Row::default();
    loop {
        let rejected = match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { line, raw, reason } => {
                let error = RowError::new("", "", reason).at(line, &raw);
                error.naming(reader.names(&row))
            }
            NextRow::Row => match reader.take(table, &row, sink) {
                Ok(()) => {
                    counts.accept();
                    continue;
                }
                Err(error) => {
                    let place = |refusal| Refusal::new(format!("line {}: {refusal}", row.line));
                    let error = table.row_error(error).map_err(place)?;
                    let error = error.at(row.line, &table.raw(&row));
                    error.naming(reader.names(&row))
                }
            },
        };
        counts.reject();
        first_error.get_or_insert_with(|| rejected.told());
        sink.rejected(rejected);
    }
    counts.passed_over = table.passed_over();
    counts.check(max_rejected_percent, first_error.as_deref())
}
