//! Lines of a case: identical ones counted once, and where they stand.

use chrono::NaiveDate;

use super::FileNames;
use crate::domain::calendar::moment_number;
use crate::domain::discrepancy::Source;
use crate::domain::settlement::{Contradiction, LineKind, SettlementLine, Slice};
use crate::domain::{Amount, Currency};

/// A line with all its identical copies.
#[derive(Clone, Debug)]
pub struct CountingLine<'l, 'a> {
    /// One that stands for them: the first by what they may differ in, then by file and line, so
    /// that the order in which files came says nothing.
    pub line: &'l SettlementLine<'a>,
    /// Its slice.
    pub slice: &'l Slice,
    /// All of them, the first among them.
    pub copies: Vec<&'l (SettlementLine<'a>, &'a Slice)>,
    /// True where only the currency tells it from another line.
    is_twin: bool,
}

/// What makes two lines identical (`spec: matching, leg 1`), besides their provider. Gross and fee
/// are amounts of a currency: 100 euros and 100 dollars are two movements.
type Identity<'a> = (
    (LineKind, &'a str),
    (&'a str, &'a str, i64),
    (Amount, Amount, &'a str),
    Currency,
);

/// What identical lines may still differ in, and what is compared.
type Content<'a> = (Option<(Currency, Amount)>, &'a str, &'a str, Option<u16>);

fn identity<'a>((line, slice): &(SettlementLine<'a>, &'a Slice)) -> Identity<'a> {
    (
        (slice.kind, slice.part.word()),
        (
            line.order_reference,
            line.transaction_id,
            line.event_time.map_or(0, moment_number),
        ),
        (line.gross, line.fee, slice.payout_reference.as_str()),
        slice.currency,
    )
}

/// True for two lines that only their currency tells apart.
fn are_twins(one: &CountingLine<'_, '_>, other: &CountingLine<'_, '_>) -> bool {
    let (Some(one), Some(other)) = (one.copies.first(), other.copies.first()) else {
        return false;
    };
    let (kind, names, amounts, currency) = identity(one);
    let (other_kind, other_names, other_amounts, other_currency) = identity(other);
    currency != other_currency && (kind, names, amounts) == (other_kind, other_names, other_amounts)
}

fn content<'a>((line, slice): &(SettlementLine<'a>, &'a Slice)) -> Content<'a> {
    (
        line.order_amount
            .map(|money| (money.currency, money.amount)),
        slice.merchant.as_str(),
        line.product,
        line.instalments,
    )
}

/// Provider and line identity (`spec: discrepancies`), without the currency.
pub fn line_identity(line: &SettlementLine<'_>, slice: &Slice) -> Vec<String> {
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
                .then_with(|| content(a).cmp(&content(b)))
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
                    is_twin: false,
                }),
            }
        }
        for at in 1..distinct.len() {
            if let Some([one, other]) = distinct.get_mut(at.saturating_sub(1)..=at)
                && are_twins(one, other)
            {
                (one.is_twin, other.is_twin) = (true, true);
            }
        }
        distinct
    }

    /// Provider and line identity: the key of what concerns one line. The currency is no part of it
    /// unless two findings would share the key without it.
    pub(in crate::matching) fn key(&self) -> Vec<String> {
        let slice = self.slice;
        let mut key = line_identity(self.line, slice);
        if self.is_twin {
            key.push(slice.currency.code().to_owned());
        }
        key
    }

    /// The first day on which one of the copies was reported.
    pub(super) fn first_reported(&self) -> NaiveDate {
        let days = self.copies.iter().map(|(_, slice)| slice.report_date);
        days.min().unwrap_or(self.slice.report_date)
    }

    /// The day of its event; the latest report's where it names none.
    pub(super) fn last_happened(&self) -> NaiveDate {
        let event = self.line.event_time.map(|time| time.date());
        event.unwrap_or_else(|| self.last_reported())
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

    /// The merchants that the copies name.
    pub(super) fn merchants(&self) -> impl Iterator<Item = &'l str> {
        let named = self.copies.iter().map(|(_, slice)| slice.merchant.as_str());
        named.filter(|merchant| !merchant.is_empty())
    }

    /// What a row says against itself; of several copies that do, the least.
    pub(super) fn contradiction(&self) -> Option<Contradiction> {
        let said = self
            .copies
            .iter()
            .filter_map(|(line, _)| line.contradiction);
        said.min()
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
