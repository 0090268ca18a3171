//! Where the readers of settlement files put what they find.

use chrono::NaiveDate;

use crate::domain::Currency;
use crate::domain::file::RejectedRow;
use crate::domain::settlement::{LineKind, LinePart, SettlementLine, SliceId};

/// What lines of one file share; the sink gives it a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SliceKey<'a> {
    /// The merchant the provider names.
    pub merchant: &'a str,
    /// Currency of gross and fee.
    pub currency: Currency,
    /// What ties the lines to a bank movement.
    pub payout_reference: &'a str,
    /// The day the lines are reported for.
    pub report_date: NaiveDate,
    /// What the lines do.
    pub kind: LineKind,
    /// Which part of their rows they are.
    pub part: LinePart,
}

/// Takes what a settlement reader finds, in the file's order.
pub trait SettlementSink {
    /// The number of a slice of the file.
    fn slice(&mut self, key: &SliceKey<'_>) -> SliceId;
    /// A line of the slice that was asked for last.
    fn line(&mut self, line: &SettlementLine<'_>);
    /// A row that could not be read.
    fn rejected(&mut self, row: RejectedRow);
}

impl dyn SettlementSink + '_ {
    /// Hands over a line with the number of its slice.
    pub(in crate::ingest) fn emit(&mut self, key: &SliceKey<'_>, line: &SettlementLine<'_>) {
        let slice = self.slice(key);
        self.line(&SettlementLine { slice, ..*line });
    }
}
