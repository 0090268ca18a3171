//! The rows of a settlement file one by one: taken, passed over, or rejected with their place.

use regex::Regex;

use super::SettlementSink;
use crate::ingest::counts::RowCounts;
use crate::ingest::table::{NextRow, Row, Table};
use crate::ingest::{CellError, Refusal, RowError};

/// Reads all rows of a table; `take` makes lines of a row, and rows that a pattern of `skip` finds
/// are passed over like blank ones.
pub(in crate::ingest) fn read_rows(
    table: &mut Table,
    skip: &[Regex],
    max_rejected_percent: u32,
    sink: &mut dyn SettlementSink,
    mut take: impl FnMut(&Table, &Row, &mut dyn SettlementSink) -> Result<(), CellError>,
) -> Result<RowCounts, Refusal> {
    let mut counts = RowCounts::default();
    let mut first_error = None;
    let mut row = Row::default();
    let skipped = |raw: &str| skip.iter().any(|pattern| pattern.is_match(raw));
    loop {
        let rejected = match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { raw, .. } if skipped(&raw) => continue,
            NextRow::Row if !skip.is_empty() && skipped(&table.raw(&row)) => continue,
            NextRow::Bad { line, raw, reason } => RowError::new("", "", reason).at(line, &raw),
            NextRow::Row => match take(table, &row, sink) {
                Ok(()) => {
                    counts.accept();
                    continue;
                }
                Err(error) => {
                    let place = |refusal| Refusal::new(format!("line {}: {refusal}", row.line));
                    let error = error.of_row(table).map_err(place)?;
                    error.at(row.line, &table.raw(&row))
                }
            },
        };
        counts.reject();
        first_error.get_or_insert_with(|| format!("line {}: {}", rejected.line, rejected.reason));
        sink.rejected(rejected);
    }
    counts.check(max_rejected_percent, first_error.as_deref())
}
