//! What is wrong with an input, said so that a person can act on it.

use crate::domain::file::{RejectedRow, RowNames, bounded};

/// Why a whole file is refused: the end of a sentence that begins with the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What was found, where, what was expected, what to do.
    pub reason: String,
}

impl Refusal {
    /// A refusal for a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::new(format!(
            "could not be read ({error}); check the disk, or ask for the file again"
        ))
    }
}

/// Why the system did not give a file: nothing that is wrong with its content. The end of a sentence
/// that begins with the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unread {
    /// What happened, and what to do.
    pub reason: String,
}

impl Unread {
    /// Unread for a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }

    /// It is not what it was when it was opened.
    pub fn changed() -> Self {
        Self::new("changed while it was read; the next run reads it again")
    }
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Self::new(format!(
            "could not be read ({error}); check the disk and its permissions, the next run tries \
             again"
        ))
    }
}

/// Bytes of a value that are kept with an error.
const VALUE_BYTES_MAX: usize = 200;

/// What is wrong with one row, before its place and its raw text are added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The column at fault, as the file's header writes it; empty when the row as a whole is.
    pub column: String,
    /// What was found there.
    pub value: String,
    /// What is wrong, what was expected and what to do.
    pub reason: String,
}

impl RowError {
    /// An error of one column.
    pub fn new(column: &str, value: &str, reason: impl Into<String>) -> Self {
        Self {
            column: column.to_owned(),
            value: bounded(value, VALUE_BYTES_MAX),
            reason: reason.into(),
        }
    }

    /// The rejected row that this error makes of a line.
    pub fn at(self, line: u32, raw: &str) -> RejectedRow {
        RejectedRow {
            line,
            column: self.column,
            value: self.value,
            reason: self.reason,
            raw: bounded(raw, crate::domain::file::RAW_ROW_BYTES_MAX),
            names: RowNames::default(),
        }
    }
}

/// Why a value stops its row, or its whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellError {
    /// The row is rejected, the others are taken.
    Row(RowError),
    /// Every other row would be read wrongly too.
    File(Refusal),
    /// A mark may separate thousands or decimals.
    Undecided {
        /// The mark.
        mark: char,
        /// What is wrong with the row where the file shows that these are decimals.
        row: RowError,
        /// What is wrong with the file where it does not.
        file: Refusal,
    },
}

impl From<RowError> for CellError {
    fn from(error: RowError) -> Self {
        Self::Row(error)
    }
}

impl From<Refusal> for CellError {
    fn from(error: Refusal) -> Self {
        Self::File(error)
    }
}
