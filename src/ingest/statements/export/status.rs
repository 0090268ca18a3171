//! Whether a row of an export is booked.
//!
//! Banks mix booked and pending rows, told apart by a column or by a word in the place of the day.
//! Pending rows do not count. A column that is only called `Info` or `State` may hold anything: it
//! tells the status where one of its words is known.

use crate::ingest::RowError;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Header, Row};
use crate::ingest::words::Words;

const COLUMN: &str = "status";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Booking {
    Booked,
    Pending,
}

/// What the word of a row says.
pub(super) enum RowStatus {
    Booked,
    Pending,
    /// Only the whole file tells; the error is that of the row if it tells against it.
    Unclear(Unclear, RowError),
}

/// Why a status is unclear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// The word is not known.
    Unknown,
    /// There is none.
    Empty,
}

/// Tells the status of rows.
pub(super) struct StatusColumn {
    words: Words<Booking>,
    column: Option<usize>,
    name: String,
    is_listed: bool,
    says_booked: bool,
    says_pending: bool,
}

impl StatusColumn {
    pub(super) fn of(header: &Header, profile: &Profile) -> Self {
        Self {
            words: Words::of(profile, COLUMN, |canonical| match canonical {
                "booked" => Some(Booking::Booked),
                "pending" => Some(Booking::Pending),
                _ => None,
            }),
            column: header.column(COLUMN).filter(|_| !header.is_loose),
            name: header.name(COLUMN).to_owned(),
            is_listed: profile.listed.contains(COLUMN),
            says_booked: false,
            says_pending: false,
        }
    }

    /// The status of a row.
    pub(super) fn status(&mut self, row: &Row) -> RowStatus {
        if self.column.is_none() {
            return RowStatus::Booked;
        }
        let word = row.text(self.column);
        match self.words.find(word) {
            Some(Booking::Booked) => {
                self.says_booked = true;
                RowStatus::Booked
            }
            Some(Booking::Pending) => {
                self.says_pending = true;
                RowStatus::Pending
            }
            None => {
                let why = if word.is_empty() {
                    Unclear::Empty
                } else {
                    Unclear::Unknown
                };
                RowStatus::Unclear(why, self.words.unknown(&self.name, word))
            }
        }
    }

    /// True for a word in the place of a day that says that the row is pending.
    pub(super) fn is_pending_word(&self, word: &str) -> bool {
        self.words.known(word) == Some(&Booking::Pending)
    }

    /// Whether an unclear row is rejected, once all rows are known. Where only pending rows have a
    /// word, the others are booked; where none of the words is known, the column is about something
    /// else, unless the profile says that it is not.
    pub(super) fn rejects(&self, why: Unclear) -> bool {
        match why {
            Unclear::Empty => self.says_booked,
            Unclear::Unknown => self.is_listed || self.says_booked || self.says_pending,
        }
    }
}
