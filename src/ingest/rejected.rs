//! The rejected rows of a file that are kept; the others are counted.

use crate::domain::file::RejectedRow;

/// Rejected rows of one file that are kept: more tell a person nothing new.
const ROWS_MAX: usize = 10_000;

/// Rejected rows as they come, up to a bound.
#[derive(Debug, Default)]
pub struct Rejected(Vec<RejectedRow>);

impl Rejected {
    /// Keeps a row, where there is room.
    pub fn push(&mut self, row: RejectedRow) {
        if self.0.len() < ROWS_MAX {
            self.0.push(row);
        }
    }

    /// Those that were kept.
    pub fn into_rows(self) -> Vec<RejectedRow> {
        self.0
    }

    /// Those that were kept, by line.
    pub fn by_line(&mut self) -> &[RejectedRow] {
        self.0.sort_by_key(|row| row.line);
        &self.0
    }

    /// The first that was kept.
    pub fn first(&self) -> Option<&RejectedRow> {
        self.0.first()
    }
}
