//! The rejected rows of a file that are kept; the others are counted.

use crate::domain::file::RejectedRow;

/// Rejected rows of one file that are kept: more tell a person nothing new.
const ROWS_MAX: usize = 10_000;

/// Rejected rows as they come, up to a bound.
#[derive(Debug, Default)]
pub(super) struct Rejected(Vec<RejectedRow>);

impl Rejected {
    /// Keeps a row, where there is room.
    pub(super) fn push(&mut self, row: RejectedRow) {
        if self.0.len() < ROWS_MAX {
            self.0.push(row);
        }
    }

    /// Those that were kept.
    pub(super) fn into_rows(self) -> Vec<RejectedRow> {
        self.0
    }

    /// Why the first was rejected.
    pub(super) fn first_reason(&self) -> Option<&str> {
        self.0.first().map(|row| row.reason.as_str())
    }
}
