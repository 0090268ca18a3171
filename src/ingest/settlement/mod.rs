//! What providers report as paid: the sink of all its readers, and the choice between them.
//!
//! Oney's report has a reader of its own (`oney_crp`). All else is told apart by the profile: the
//! Unified Settlement Report, whose columns have places instead of names, and any table with a
//! header, whose columns and words a profile names.

mod amounts;
mod fields;
mod layout;
mod meaning;
mod moments;
mod row;
mod rows;
mod sink;

use chrono::NaiveDate;
use chrono_tz::Tz;

pub(super) use amounts::turned_with;
pub(super) use rows::{LineReader, read_rows};
pub use sink::{SettlementSink, SliceKey};

use super::open_file::OpenFile;
use super::profile::{Profile, UNIFIED_SETTLEMENT};
use super::table::Table;
use super::{Refusal, RowCounts, unified_settlement};

/// How a settlement file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct SettlementOptions<'a> {
    /// The layout: names, marks, formats, words.
    pub profile: &'a Profile,
    /// The zone whose days count.
    pub timezone: Tz,
    /// Share of rejected rows above which the file is refused.
    pub max_rejected_percent: u32,
}

/// What is known of a settlement file at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettlementFile {
    /// Its rows.
    pub counts: RowCounts,
    /// The latest day its lines are reported for; `None` for a file without lines.
    pub report_date: Option<NaiveDate>,
}

/// True when a file begins like a settlement file of the profile.
pub fn has_known_header(opened: &OpenFile, profile: &Profile) -> bool {
    open(opened, profile).is_ok()
}

/// Opens a settlement file as the table it is.
pub(super) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    if profile.root == UNIFIED_SETTLEMENT {
        unified_settlement::open(opened, profile)
    } else {
        layout::open(opened, profile)
    }
}

/// Reads a settlement file.
///
/// # Errors
/// The whole file is refused: unknown layout, undecidable decimal mark, too many bad rows.
pub fn read(
    opened: &OpenFile,
    options: SettlementOptions<'_>,
    sink: &mut dyn SettlementSink,
) -> Result<SettlementFile, Refusal> {
    if options.profile.root == UNIFIED_SETTLEMENT {
        unified_settlement::read(opened, options, sink)
    } else {
        layout::read(opened, options, sink)
    }
}

#[cfg(test)]
pub(in crate::ingest) mod tests;
