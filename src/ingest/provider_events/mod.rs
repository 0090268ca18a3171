//! What the readers of provider events share: where events go, how rows are counted, moments.
//!
//! Three formats tell of a credit file between its settlement lines: PAYONE's notifications
//! (`payone_status`), saved pages of e-Financing's list (`e_financing`) and saved answers of
//! Oney's purchase status (`oney_status`). Each row of theirs becomes one of three things:
//!
//! - an event; a question that failed is one too, because it is shown with what was asked about,
//! - a rejected row, because it cannot be read,
//! - nothing, because it can be read and does not count: a notification of the test mode. Such a
//!   row is *set aside*: it is counted as accepted, and the sink is told why it left no event.
//!
//! All three formats hold names, addresses and bank accounts of customers, so none of them gives a
//! row away as it stands. What a rejected row shows of its text is put together anew from the
//! values that the reconciliation itself reads.

mod moment;
pub(super) mod saved;

use chrono_tz::Tz;

pub(super) use moment::Moment;

use super::profile::Profile;
use super::{Refusal, RowCounts};
use crate::domain::file::RejectedRow;
use crate::domain::provider_event::ProviderEvent;

/// Takes what a reader of provider events finds, in the file's order.
///
/// A file may still be refused after some of its rows were handed over.
pub trait ProviderEventSink {
    /// An event; its `file` is still 0. The same event may come more than once.
    fn event(&mut self, event: &ProviderEvent<'_>);
    /// A row that could not be read.
    fn rejected(&mut self, row: RejectedRow);
    /// A row that was read and counts for nothing: its line, and why, as a sentence without a
    /// full stop. Most sinks need not know.
    fn set_aside(&mut self, _line: u32, _reason: &str) {}
}

/// Which of PAYONE's modes an input is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotificationMode {
    /// Notifications of the test mode are set aside.
    #[default]
    Live,
    /// Those of the test mode count as well.
    Test,
}

/// How a file of provider events is to be read.
#[derive(Clone, Copy, Debug)]
pub struct EventOptions<'a> {
    /// Whose events these are: the provider's own name unless the input says otherwise.
    pub provider: &'a str,
    /// Names and decimal mark of notifications; the other formats have no use for it.
    pub profile: &'a Profile,
    /// The zone whose days count, and that times without a zone are in.
    pub timezone: Tz,
    /// Whether PAYONE's test notifications count.
    pub mode: NotificationMode,
    /// Share of rejected rows above which the file is refused.
    pub max_rejected_percent: u32,
}

/// Counts the rows of a file on their way to the sink.
pub(super) struct Tally<'s> {
    sink: &'s mut dyn ProviderEventSink,
    counts: RowCounts,
    first_rejected: Option<String>,
}

impl<'s> Tally<'s> {
    pub(super) fn new(sink: &'s mut dyn ProviderEventSink) -> Self {
        Self {
            sink,
            counts: RowCounts::default(),
            first_rejected: None,
        }
    }

    pub(super) fn event(&mut self, event: &ProviderEvent<'_>) {
        self.counts.accept();
        self.sink.event(event);
    }

    pub(super) fn set_aside(&mut self, line: u32, reason: &str) {
        self.counts.accept();
        self.sink.set_aside(line, reason);
    }

    pub(super) fn reject(&mut self, row: RejectedRow) {
        self.counts.reject();
        self.first_rejected
            .get_or_insert_with(|| format!("line {}: {} {}", row.line, row.column, row.reason));
        self.sink.rejected(row);
    }

    /// The counts, unless too many rows were rejected.
    pub(super) fn finish(self, max_rejected_percent: u32) -> Result<RowCounts, Refusal> {
        self.counts
            .check(max_rejected_percent, self.first_rejected.as_deref())
    }
}

#[cfg(test)]
pub(super) mod tests;
