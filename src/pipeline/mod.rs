//! A run, from the input folders to the report: the only room that sees all the others.
//!
//! [`run`] is the night on one page. What is new is read and stored, each file in a transaction of
//! its own ([`intake`]); then the legs are matched from what is known ([`knowledge`], [`leg_one`]),
//! compared with the recorded night before, written as a report, and recorded in one transaction.
//! A run that is killed anywhere leaves whole files and no recorded night, so the next run does
//! what this one would have done.

mod again;
mod apis;
mod coverage;
mod decide;
mod export;
mod fetch;
mod file_index;
mod imports;
mod infer;
mod ingest;
pub mod inquiry;
mod intake;
mod knowledge;
mod leg_one;
mod links;
mod mailing;
mod near_orders;
mod night;
mod notify;
mod plan;
mod reading;
pub mod remedy;
pub mod verify;

use crate::domain::packed::Damage;
use crate::report::ReportError;
use crate::storage::StorageError;

pub use apis::Environment;
pub use decide::{Decided, Deciding, DecisionFile, Imported, Refused, Taken, decide, import};
pub use export::{ExportWish, Exported, export};
pub use fetch::{Fate, FileReport, SourcePlan, SourceReport, fetch, look};
pub use infer::{anonymised, infer};
pub use ingest::{IngestOptions, IngestedFile, TakenFor, has_rejections, ingest};
pub use mailing::{MailPlan, MailWish};
pub use night::{RunMode, RunOptions, RunResult, report_again, run};
pub use notify::{NotifyPlan, Watch};
pub use plan::InputPlan;

/// Why a run failed: nothing of it is recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Something about the inputs that is not one file's fault.
    #[error("{0}")]
    Input(String),
    /// The books of the program itself do not agree.
    #[error(
        "the balance of {provider} in {currency} has a residual of {residual}: the program is \
         wrong, and prints no report; nothing is recorded, please send the input files' story to \
         its developers"
    )]
    Residual {
        /// Who pays.
        provider: String,
        /// In which currency.
        currency: String,
        /// What is in no place or in two.
        residual: String,
    },
    /// The journal and the balance do not agree.
    #[error(
        "the receivable of {provider} in {currency} has {booked} in the journal and {open} of open \
         items in the balance: the program is wrong, and writes no journal; please send the input \
         files' story to its developers"
    )]
    Journal {
        /// Who pays.
        provider: String,
        /// In which currency.
        currency: String,
        /// What the journal's receivable holds.
        booked: String,
        /// What the balance table calls open.
        open: String,
    },
    /// A command needs a setting that is missing or forbids it.
    #[error("{0}")]
    Setting(String),
    /// A decision that may not be taken so.
    #[error("{0}")]
    Refused(String),
    /// What was asked for does not exist.
    #[error("{0}")]
    NotFound(String),
}

impl From<Damage> for RunError {
    fn from(damage: Damage) -> Self {
        Self::Storage(damage.into())
    }
}

/// Shows how far reading is.
pub trait Progress {
    /// So many bytes are to be read.
    fn begin(&self, bytes: u64);
    /// A file is done.
    fn file(&self, name: &str);
    /// A source hands a file over, `number` of so many that are new.
    fn fetching(&self, source: &str, number: (usize, usize), name: &str);
    /// All files are done.
    fn end(&self);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _bytes: u64) {}
    fn file(&self, _name: &str) {}
    fn fetching(&self, _source: &str, _number: (usize, usize), _name: &str) {}
    fn end(&self) {}
}
