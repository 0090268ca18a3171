//! What each bank entry of a provider was found to be: for the journal, which books them.
//!
//! A discrepancy says what is wrong; a booking says of every entry, right or wrong, whose it is.
//! The rules leave a [`Trace`] of numbers as they close entries, which costs a night nothing; only
//! who asks for bookings pays for the copies.

use chrono::NaiveDate;

use super::open_items::OpenEntry;
use super::{Match, PayoutsOutcome};
use crate::domain::payout::{BankEntry, PayoutOutcome, PayoutState};

/// Bank entries that belong together, and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// By booking date; at least one.
    pub entries: Vec<BankEntry>,
    /// What they are.
    pub purpose: Purpose,
}

/// What bank entries are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// They pay these payouts, to the cent or within the tolerance or not.
    Payouts {
        /// By last report, then by reference.
        payouts: Vec<PayoutOutcome>,
        /// The day since which that is certain.
        since: NaiveDate,
    },
    /// A month's commissions of a provider that pays gross.
    Commission {
        /// Whose.
        provider: String,
    },
    /// Nothing explains them, or not yet: an incomplete group, a tie, or no payout at all.
    Unexplained {
        /// Whose text stands in them, or whose payouts they may be.
        provider: String,
    },
}

/// The same in numbers.
pub(super) struct Trace {
    entries: Vec<usize>,
    payouts: Vec<usize>,
    provider: String,
    is_commission: bool,
    /// `None`: unexplained.
    since: Option<NaiveDate>,
}

impl Trace {
    /// What a rule brought together.
    pub(super) fn of(found: &Match<'_, '_>, state: PayoutState, since: Option<NaiveDate>) -> Self {
        let closed = matches!(state, PayoutState::Matched | PayoutState::Mismatched);
        let first = found.payouts.first();
        Self {
            entries: found.entries.iter().map(|it| it.number).collect(),
            payouts: found.payouts.iter().map(|it| it.number).collect(),
            provider: first.map_or(String::new(), |it| it.party.name.to_owned()),
            is_commission: false,
            since: since.filter(|_| closed),
        }
    }

    /// A debit of a month's commissions.
    pub(super) fn commission(entry: usize, provider: &str) -> Self {
        Self {
            entries: vec![entry],
            payouts: Vec::new(),
            provider: provider.to_owned(),
            is_commission: true,
            since: None,
        }
    }

    /// An entry that is left; `None` where no provider's text stands in it.
    pub(super) fn unexplained(open: &OpenEntry<'_>) -> Option<Self> {
        let party = open.named?;
        Some(Self {
            entries: vec![open.number],
            payouts: Vec::new(),
            provider: party.name.to_owned(),
            is_commission: false,
            since: None,
        })
    }

    fn purpose(self, outcome: &PayoutsOutcome) -> Purpose {
        let provider = self.provider;
        match self.since {
            // Payouts are numbered as their outcomes are sorted.
            Some(since) => Purpose::Payouts {
                payouts: (self.payouts.iter())
                    .filter_map(|number| outcome.payouts.get(*number).cloned())
                    .collect(),
                since,
            },
            None if self.is_commission => Purpose::Commission { provider },
            None => Purpose::Unexplained { provider },
        }
    }
}

/// The bookings of all entries that a rule closed or a provider's text stands in.
pub(super) fn bookings(
    entries: &[OpenEntry<'_>],
    outcome: &PayoutsOutcome,
    mut traces: Vec<Trace>,
) -> Vec<Booking> {
    for trace in &mut traces {
        trace.entries.sort_unstable();
    }
    // Two ties may have candidates in common: the first one keeps them.
    traces.sort_by(|a, b| a.entries.cmp(&b.entries));
    let mut seen = std::collections::HashSet::new();
    let mut bookings = Vec::with_capacity(traces.len());
    for mut trace in traces {
        trace.entries.retain(|number| seen.insert(*number));
        let booked = trace
            .entries
            .iter()
            .filter_map(|number| entries.get(*number));
        let booked: Vec<BankEntry> = booked.map(|open| open.entry.clone()).collect();
        if !booked.is_empty() {
            bookings.push(Booking {
                entries: booked,
                purpose: trace.purpose(outcome),
            });
        }
    }
    bookings
}

/// The day on which both sides of a match are known: its last report or latest booking.
pub(super) fn settled_on(found: &Match<'_, '_>) -> Option<NaiveDate> {
    let last_report = found.payouts.iter().map(|it| it.payout.last).max();
    last_report.max(found.latest_booking())
}
