//! Chargebacks: money that a customer's bank, or the provider, took back from a transaction.
//!
//! They are told by two books that know of each other only by the transaction: settlement lines of
//! kind chargeback, whose reversals make up for them, and PAYONE's `cancelation`, for which a later
//! `paid` makes up. The lines of one transaction may stand under several order references or under
//! none, so this looks at all of them at once and not order by order.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::orders::{CountingLine, FileNames, agreed};
use super::provider_status::{Identity, Notified};
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::provider_event::{BookingAction, ProviderEvent, Said};
use crate::domain::settlement::{LineKind, SettlementLine, Slice};
use crate::domain::{Amount, Currency};

/// PAYONE repeats a notification for at most so long (`facts: payone, TransactionStatus`). Later,
/// the same words tell of something new: a debt that was paid, taken back and paid again ends in a
/// `paid` that is equal to the first one.
const REPEATED_FOR: TimeDelta = TimeDelta::hours(48);

/// `CHARGEBACK` for each transaction from which money was taken back and not returned, as seen on
/// `as_of`; sorted by key.
///
/// `lines` are those of files that count, `events` what providers said; both may hold more than
/// chargebacks. Of the events, `paid` and `cancelation` of transactions with a `cancelation` are
/// enough.
pub fn find<'e, 'a: 'e>(
    lines: impl IntoIterator<Item = (SettlementLine<'a>, &'a Slice)>,
    events: impl IntoIterator<Item = &'e ProviderEvent<'a>>,
    files: &dyn FileNames,
    as_of: NaiveDate,
) -> Vec<Discrepancy> {
    let mut transactions: BTreeMap<(&str, &str), Transaction<'_, '_>> = BTreeMap::new();
    for (line, slice) in lines {
        if slice.kind == LineKind::Chargeback && slice.report_date <= as_of {
            let key = (slice.provider.as_str(), line.transaction_id);
            let transaction = transactions.entry(key).or_default();
            transaction.lines.push((line, slice));
        }
    }
    for event in events {
        let Said::Booking(booking) = event.said else {
            continue;
        };
        let concerns = matches!(
            booking.action,
            BookingAction::Cancelation | BookingAction::Paid
        );
        if concerns && event.observed_on <= as_of {
            let key = (event.provider, event.transaction_id);
            let transaction = transactions.entry(key).or_default();
            let notified = Notified::new(event, booking);
            transaction.notified.push(notified);
        }
    }
    let mut found = Vec::new();
    for ((provider, id), transaction) in transactions {
        let lines = CountingLine::distinct(&transaction.lines, as_of);
        let by_event = unpaid(transaction.notified);
        if id.is_empty() {
            let single = lines.iter().map(std::slice::from_ref);
            found.extend(single.filter_map(|line| of_lines(line, files)));
        } else if let Some(mut finding) = of_lines(&lines, files) {
            finding.key = vec![provider.to_owned(), id.to_owned()];
            if let Some(event) = &by_event {
                complete(&mut finding, event, files);
            }
            found.push(finding);
        } else if let Some(event) = &by_event {
            found.push(of_event(event, files));
        }
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    found
}

/// What is known of one transaction.
#[derive(Default)]
struct Transaction<'e, 'a> {
    lines: Vec<(SettlementLine<'a>, &'a Slice)>,
    /// `paid` and `cancelation`.
    notified: Vec<Notified<'e, 'a>>,
}

/// The finding of some lines that add up to less than nothing; its key is that of the first line.
///
/// A transaction is settled in one currency. Were there several, the first by its code in which
/// money is missing is the one named.
fn of_lines(lines: &[CountingLine<'_, '_>], files: &dyn FileNames) -> Option<Discrepancy> {
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    for line in lines {
        *sums.entry(line.slice.currency).or_default() += line.line.gross;
    }
    let (currency, sum) = sums.into_iter().find(|(_, sum)| sum.is_negative())?;
    let first = lines.first()?;
    let references = lines.iter().map(|line| line.line.order_reference);
    let mut sources: Vec<Source> = lines.iter().flat_map(|line| line.sources(files)).collect();
    sources.sort_unstable();
    sources.dedup();
    Some(Discrepancy {
        provider: first.slice.provider.clone(),
        merchant: agreed(lines.iter().map(|line| line.slice.merchant.as_str())),
        order_reference: agreed(references.filter(|reference| !reference.is_empty())),
        transaction_id: first.line.transaction_id.to_owned(),
        payout_reference: agreed(
            lines
                .iter()
                .map(|line| line.slice.payout_reference.as_str()),
        ),
        currency: Some(currency),
        expected: Some(Amount::ZERO),
        actual: Some(sum),
        sources,
        ..Discrepancy::new(
            Code::Chargeback,
            first.key(),
            lines.iter().map(CountingLine::last_reported).max()?,
        )
    })
}

/// The finding of a `cancelation` that no line tells of.
fn of_event(event: &Notified<'_, '_>, files: &dyn FileNames) -> Discrepancy {
    let Notified { event, booking, .. } = event;
    let key = vec![event.provider.to_owned(), event.transaction_id.to_owned()];
    Discrepancy {
        provider: event.provider.to_owned(),
        order_reference: event.order_reference.to_owned(),
        transaction_id: event.transaction_id.to_owned(),
        currency: Some(event.currency),
        expected: Some(Amount::ZERO),
        actual: Some(-booking.balance),
        sources: vec![source(event, files)],
        detail: Detail::Notification(booking.action.word().to_owned()),
        ..Discrepancy::new(Code::Chargeback, key, event.observed_on)
    }
}

/// Adds to the finding of lines what the event knows besides.
fn complete(finding: &mut Discrepancy, event: &Notified<'_, '_>, files: &dyn FileNames) {
    if finding.order_reference.is_empty() {
        event
            .event
            .order_reference
            .clone_into(&mut finding.order_reference);
    }
    finding.sources.push(source(event.event, files));
    finding.sources.sort_unstable();
    finding.sources.dedup();
}

fn source(event: &ProviderEvent<'_>, files: &dyn FileNames) -> Source {
    Source {
        file: files.name(event.file).to_owned(),
        line: event.line,
    }
}

/// The latest `cancelation` that no later `paid` makes up for.
///
/// Later is what arrived later and has at least its number. A `paid` of a later booking that
/// arrived before does not tell that the earlier one was paid again.
fn unpaid<'e, 'a>(notified: Vec<Notified<'e, 'a>>) -> Option<Notified<'e, 'a>> {
    let notified = without_repeats(notified);
    let makes_up = |paid: &Notified<'_, '_>, cancelation: &Notified<'_, '_>| {
        paid.booking.action == BookingAction::Paid
            && paid.place > cancelation.place
            && paid.booking.sequence >= cancelation.booking.sequence
    };
    let is_open = |cancelation: &&Notified<'_, '_>| {
        cancelation.booking.action == BookingAction::Cancelation
            && !notified.iter().any(|paid| makes_up(paid, cancelation))
    };
    notified.iter().rfind(is_open).copied()
}

/// Notifications by arrival, without those that PAYONE repeated.
fn without_repeats<'e, 'a>(mut notified: Vec<Notified<'e, 'a>>) -> Vec<Notified<'e, 'a>> {
    notified.sort_by_key(|notified| notified.place);
    let mut counted: BTreeMap<Identity<'a>, NaiveDateTime> = BTreeMap::new();
    notified.retain(|notified| {
        let at = notified.event.observed_at;
        let identity = notified.identity();
        let repeats = counted
            .get(&identity)
            .is_some_and(|first| at.signed_duration_since(*first) <= REPEATED_FOR);
        if !repeats {
            counted.insert(identity, at);
        }
        !repeats
    });
    notified
}

#[cfg(test)]
mod tests;
