//! Lines of a case: identical ones counted once, and where they stand.

use chrono::NaiveDate;

use super::FileNames;
use crate::domain::calendar::moment_number;
use crate::domain::discrepancy::Source;
use crate::domain::settlement::{LineKind, SettlementLine, Slice};
use crate::domain::{Amount, Currency};

/// A line with all its identical copies.
#[derive(Clone, Debug)]
pub struct CountingLine<'l, 'a> {
    /// The first of them, by file and line.
    pub line: &'l SettlementLine<'a>,
    /// Its slice.
    pub slice: &'l Slice,
    /// All of them, the first among them.
    pub copies: Vec<&'l (SettlementLine<'a>, &'a Slice)>,
}

/// What makes two lines identical (`spec: matching, leg 1`), besides their provider.
type Identity<'a> = (
    LineKind,
    &'a str,
    &'a str,
    &'a str,
    i64,
    Amount,
    Amount,
    &'a str,
);

fn identity<'a>((line, slice): &(SettlementLine<'a>, &'a Slice)) -> Identity<'a> {
    (
        slice.kind,
        slice.part.word(),
        line.order_reference,
        line.transaction_id,
        line.event_time.map_or(0, moment_number),
        line.gross,
        line.fee,
        slice.payout_reference.as_str(),
    )
}

impl<'l, 'a> CountingLine<'l, 'a> {
    /// The lines that are seen on a day, identical ones together; memo lines are not among them.
    pub(in crate::matching) fn distinct(
        lines: &'l [(SettlementLine<'a>, &'a Slice)],
        day: NaiveDate,
    ) -> Vec<Self> {
        let mut seen: Vec<_> = lines
            .iter()
            .filter(|(_, slice)| slice.report_date <= day && slice.kind != LineKind::Memo)
            .collect();
        // A case has one or two lines as a rule; the case of lines without a reference may have
        // many, so this sorts rather than compares each with each.
        seen.sort_by(|a, b| {
            let place = |(line, slice): &(SettlementLine<'_>, &Slice)| (slice.file, line.line);
            identity(a)
                .cmp(&identity(b))
                .then_with(|| place(a).cmp(&place(b)))
        });
        let mut distinct: Vec<Self> = Vec::with_capacity(seen.len());
        for one in seen {
            match distinct.last_mut().filter(|known| {
                known
                    .copies
                    .first()
                    .is_some_and(|first| identity(first) == identity(one))
            }) {
                Some(known) => known.copies.push(one),
                None => distinct.push(Self {
                    line: &one.0,
                    slice: one.1,
                    copies: vec![one],
                }),
            }
        }
        distinct
    }

    /// Provider and line identity: the key of what concerns one line.
    pub(in crate::matching) fn key(&self) -> Vec<String> {
        let (line, slice) = (self.line, self.slice);
        vec![
            slice.provider.clone(),
            slice.kind.word().to_owned(),
            slice.part.word().to_owned(),
            line.order_reference.to_owned(),
            line.transaction_id.to_owned(),
            line.event_time
                .map(|time| time.to_string())
                .unwrap_or_default(),
            line.gross.display(slice.currency).to_string(),
            line.fee.display(slice.currency).to_string(),
            slice.payout_reference.clone(),
        ]
    }

    /// The latest day on which one of the copies was reported.
    pub(in crate::matching) fn last_reported(&self) -> NaiveDate {
        let days = self.copies.iter().map(|(_, slice)| slice.report_date);
        days.max().unwrap_or(self.slice.report_date)
    }

    /// The amount that is compared with the order, and its currency.
    pub(super) fn order_amount(&self) -> (Amount, Currency) {
        match self.line.order_amount {
            Some(money) => (money.amount, money.currency),
            None => (self.line.gross, self.slice.currency),
        }
    }

    /// Where the copies stand.
    pub(in crate::matching) fn sources(&self, files: &dyn FileNames) -> Vec<Source> {
        let source = |(line, slice): &&(SettlementLine<'_>, &Slice)| Source {
            file: files.name(slice.file).to_owned(),
            line: line.line,
        };
        let mut sources: Vec<Source> = self.copies.iter().map(source).collect();
        sources.sort_unstable();
        sources.dedup();
        sources
    }
}
