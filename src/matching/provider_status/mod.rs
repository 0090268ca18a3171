//! What a provider says of the transactions of one order: leg 2, before it is compared.
//!
//! A provider speaks in events: PAYONE notifies every booking of a transaction, e-Financing and
//! Oney answer where a credit file stands. [`Transactions`] puts them in their order once, and
//! tells for any day where each transaction stands ([`Standing`]) and whether a notification of it
//! is missing ([`Gap`]). Comparing that with the order is `orders::provider`.
//!
//! An event is seen from the day on which it was observed. PAYONE repeats a notification until it
//! is answered, for up to two days and in any order; the same notification counts once, as it was
//! received first.

mod bookings;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::orders::FileNames;
use crate::domain::Amount;
use crate::domain::calendar::plus_days;
use crate::domain::discrepancy::{Discrepancy, FailedAnswer, Source};
use crate::domain::file::FileId;
use crate::domain::order::OrderStatus;
use crate::domain::provider_event::{NoStatus, ProviderEvent, Said};

pub use bookings::Gap;
use bookings::once;
pub(super) use bookings::{Identity, Notified};

/// Days that a notification has to arrive after a later one before it counts as missing.
const MISSING_AFTER_DAYS: i64 = 1;

/// Which order the events of one transaction speak of, when they name several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// The order reference of the event that tells where the transaction stands.
    pub reference: &'a str,
    /// The next day on which an event that is seen then tells of another order.
    pub until: Option<NaiveDate>,
}

/// The order that the latest event of a transaction names on a day: the whole transaction is its.
/// `events` are all those of one transaction of one provider; `None` without any.
pub fn named_on<'a>(events: &[ProviderEvent<'a>], day: NaiveDate) -> Option<Named<'a>> {
    let transactions = Transactions::of(events)?;
    let in_order = || events.iter().map(|event| (place(event), event));
    let reference = |day: NaiveDate| {
        let telling = match transactions.on(day) {
            ProviderView::Known(standings) => standings.first().map(|standing| standing.event),
            ProviderView::NotKnown(event) => Some(event),
        };
        // Reminders and the like tell no status, but whose they are.
        let seen = in_order().filter(|(_, event)| event.observed_on <= day);
        let latest = || seen.max_by_key(|(place, _)| *place);
        let first = || in_order().min_by_key(|(place, _)| *place);
        let other = || latest().or_else(first).map(|(_, event)| event);
        telling.or_else(other).map(|event| event.order_reference)
    };
    let now = reference(day)?;
    let mut days: Vec<NaiveDate> = events.iter().map(|event| event.observed_on).collect();
    days.retain(|later| *later > day);
    days.sort_unstable();
    days.dedup();
    Some(Named {
        reference: now,
        until: days
            .into_iter()
            .find(|later| reference(*later) != Some(now)),
    })
}

/// Where an event stands among those that were observed at the same moment.
pub(super) type Place = (NaiveDateTime, FileId, u32);

/// By observation, then by file and line: the order of arrival.
pub(super) fn place(event: &ProviderEvent<'_>) -> Place {
    (event.observed_at, event.file, event.line)
}

/// The events of one order of one provider, by transaction and in their order.
#[derive(Clone, Debug)]
pub struct Transactions<'e, 'a> {
    /// Its transactions, by their ids.
    by_id: Vec<Transaction<'e, 'a>>,
    /// Questions that told no status, by arrival.
    unanswered: Vec<Unanswered<'e, 'a>>,
    /// When a status was told, whichever.
    told: Vec<Told>,
}

/// A question about the order that told no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered<'e, 'a> {
    /// The question.
    pub event: &'e ProviderEvent<'a>,
    /// What came back.
    pub answer: NoStatus<'a>,
    /// The provider does not know the order; else nothing was learnt of it.
    pub is_not_known: bool,
    place: Place,
}

/// That a status was told, and whether by a list that names transactions.
#[derive(Clone, Copy, Debug)]
struct Told {
    place: Place,
    /// The day on which it was observed.
    on: NaiveDate,
    is_listed: bool,
}

impl Unanswered<'_, '_> {
    /// True where a status was learnt after it. A list says when a subscription changed and not
    /// when it was asked for: one that was received later tells more, however old the change is.
    fn is_outdone_by(&self, told: &Told) -> bool {
        let ((_, own_rank, _), (_, rank, _)) = (self.place, told.place);
        told.place > self.place || (told.is_listed && rank > own_rank)
    }
}

/// The events of one transaction.
#[derive(Clone, Debug, Default)]
struct Transaction<'e, 'a> {
    id: &'a str,
    /// PAYONE's notifications, each once: by sequence number, then by arrival.
    bookings: Vec<Notified<'e, 'a>>,
    /// Statuses, by arrival.
    answers: Vec<Arrived<'e, 'a>>,
}

/// An event that is no booking, with what it is ordered by.
#[derive(Clone, Copy, Debug)]
struct Arrived<'e, 'a> {
    place: Place,
    event: &'e ProviderEvent<'a>,
    status: Option<OrderStatus>,
}

/// Where a transaction stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'e, 'a> {
    /// The provider's number of it.
    pub transaction_id: &'a str,
    /// Its status; `None` for a word that is not known, or as long as nothing tells one.
    pub status: Option<OrderStatus>,
    /// The latest event that tells the status.
    pub event: &'e ProviderEvent<'a>,
    /// The day on which the transaction was first heard of.
    pub since: NaiveDate,
    place: Place,
}

impl Standing<'_, '_> {
    /// What is financed, as the latest event says.
    pub fn amount(&self) -> Option<Amount> {
        self.event.amount
    }
}

/// What a provider says of an order on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderView<'e, 'a> {
    /// Where its transactions stand, the one heard of last first.
    Known(Vec<Standing<'e, 'a>>),
    /// It does not know the order, and has not said otherwise since.
    NotKnown(&'e ProviderEvent<'a>),
}

impl<'e, 'a> Transactions<'e, 'a> {
    /// Puts the events of one order in their order; `None` where there are none.
    pub fn of(events: &'e [ProviderEvent<'a>]) -> Option<Self> {
        if events.is_empty() {
            return None;
        }
        let mut by_id: BTreeMap<&'a str, Transaction<'e, 'a>> = BTreeMap::new();
        let (mut unanswered, mut told) = (Vec::new(), Vec::new());
        for event in events {
            let place = place(event);
            let question = |answer, is_not_known| Unanswered {
                event,
                answer,
                is_not_known,
                place,
            };
            let id = event.transaction_id;
            let blank = || Transaction {
                id,
                ..Transaction::default()
            };
            match event.said {
                Said::Status { status, .. } => {
                    let is_listed = !event.transaction_id.is_empty();
                    told.push(Told {
                        place,
                        on: event.observed_on,
                        is_listed,
                    });
                    let transaction = by_id.entry(id).or_insert_with(blank);
                    transaction.answers.push(Arrived {
                        place,
                        event,
                        status,
                    });
                }
                Said::Booking(booking) => {
                    let notified = Notified::new(event, booking);
                    let transaction = by_id.entry(id).or_insert_with(blank);
                    transaction.bookings.push(notified);
                }
                Said::NotKnown(answer) => unanswered.push(question(answer, true)),
                Said::NotVerified(answer) => unanswered.push(question(answer, false)),
            }
        }
        unanswered.sort_by_key(|question| question.place);
        Some(Self {
            by_id: by_id.into_values().map(Transaction::in_order).collect(),
            unanswered,
            told,
        })
    }

    /// What the provider says on a day.
    pub fn on(&self, day: NaiveDate) -> ProviderView<'e, 'a> {
        let mut standings: Vec<Standing<'e, 'a>> = self
            .by_id
            .iter()
            .filter_map(|transaction| transaction.on(day))
            .collect();
        standings.sort_by(|a, b| {
            let later_first = b.event.observed_at.cmp(&a.event.observed_at);
            later_first.then_with(|| a.transaction_id.cmp(b.transaction_id))
        });
        let mut not_known = self.open_questions(day).filter(|asked| asked.is_not_known);
        match not_known.next() {
            Some(asked) => ProviderView::NotKnown(asked.event),
            None => ProviderView::Known(standings),
        }
    }

    /// The latest question up to a day, where it told no status and none was learnt since.
    pub fn unanswered(&self, day: NaiveDate) -> Option<Unanswered<'e, 'a>> {
        self.open_questions(day).next()
    }

    /// Shows, with what was found of the order, what came back when the provider was last asked
    /// about it and told no status. An order whose status could not be read is no finding.
    pub fn tell_failed_answer<'f>(
        &self,
        day: NaiveDate,
        files: &dyn FileNames,
        found: impl IntoIterator<Item = &'f mut Discrepancy>,
    ) {
        let Some(asked) = self.unanswered(day) else {
            return;
        };
        for discrepancy in found {
            discrepancy.answer = Some(FailedAnswer {
                day: asked.event.observed_on,
                is_not_known: asked.is_not_known,
                http_status: asked.answer.http_status,
                words: asked.answer.words.to_owned(),
            });
            discrepancy.sources.push(Source {
                file: files.name(asked.event.file).to_owned(),
                line: asked.event.line,
            });
            discrepancy.sources.sort_unstable();
            discrepancy.sources.dedup();
        }
    }

    /// The questions up to a day that no status has outdone, the latest first.
    fn open_questions(&self, day: NaiveDate) -> impl Iterator<Item = Unanswered<'e, 'a>> {
        let is_open = move |asked: &&Unanswered<'_, '_>| {
            asked.event.observed_on <= day
                && !self
                    .told
                    .iter()
                    .any(|told| told.on <= day && asked.is_outdone_by(told))
        };
        self.unanswered.iter().rev().filter(is_open).copied()
    }

    /// The first gap between the numbers of each transaction that is certain on a day, by
    /// transaction id.
    pub fn gaps(&self, day: NaiveDate) -> impl Iterator<Item = Gap<'e, 'a>> {
        let gaps = self
            .by_id
            .iter()
            .filter_map(move |transaction| bookings::gap(&transaction.bookings, day));
        gaps.filter(move |gap| plus_days(gap.after.observed_on, MISSING_AFTER_DAYS) <= day)
    }

    /// The days on which time alone may change what is said: an event is seen, is old enough to be
    /// compared, or shows that one before it is missing.
    pub fn days(&self, status_delay_days: u32) -> impl Iterator<Item = NaiveDate> {
        let delays = [0, i64::from(status_delay_days), MISSING_AFTER_DAYS];
        self.observed()
            .flat_map(move |day| delays.map(|delay| plus_days(day, delay)))
    }

    /// The days on which something was said.
    fn observed(&self) -> impl Iterator<Item = NaiveDate> {
        let of_transactions = self.by_id.iter().flat_map(Transaction::observed);
        of_transactions.chain(self.unanswered.iter().map(|asked| asked.event.observed_on))
    }
}

impl<'e, 'a> Transaction<'e, 'a> {
    fn in_order(self) -> Self {
        Self {
            id: self.id,
            bookings: once(self.bookings),
            answers: in_order_of_arrival(self.answers),
        }
    }

    /// Where it stands on a day: by its bookings, or by an answer where that came later.
    fn on(&self, day: NaiveDate) -> Option<Standing<'e, 'a>> {
        let since = self.observed().filter(|on| *on <= day).min()?;
        let standing = |status, event, place| Standing {
            transaction_id: self.id,
            status,
            event,
            since,
            place,
        };
        let by_answer = latest(&self.answers, day)
            .map(|answer| standing(answer.status, answer.event, answer.place));
        let by_bookings = bookings::latest(&self.bookings, day)
            .map(|latest| standing(latest.status, latest.notified.event, latest.notified.place));
        [by_answer, by_bookings]
            .into_iter()
            .flatten()
            .max_by_key(|standing| standing.place)
    }

    fn observed(&self) -> impl Iterator<Item = NaiveDate> {
        let bookings = self.bookings.iter().map(|notified| notified.event);
        let answers = self.answers.iter().map(|answer| answer.event);
        bookings.chain(answers).map(|event| event.observed_on)
    }
}

/// The latest answer that is seen on a day.
fn latest<'l, 'e, 'a>(
    answers: &'l [Arrived<'e, 'a>],
    day: NaiveDate,
) -> Option<&'l Arrived<'e, 'a>> {
    answers
        .iter()
        .rfind(|answer| answer.event.observed_on <= day)
}

/// By arrival. Of answers that follow each other and say the same of the same moment, the first
/// one stays: a list that is saved every night says most things again.
fn in_order_of_arrival<'e, 'a>(mut answers: Vec<Arrived<'e, 'a>>) -> Vec<Arrived<'e, 'a>> {
    answers.sort_by_key(|answer| answer.place);
    answers.dedup_by(|again, first| {
        let first = first.event;
        *again.event
            == ProviderEvent {
                file: again.event.file,
                line: again.event.line,
                ..*first
            }
    });
    answers
}
