//! What each bank entry of a provider was found to be: for the journal, which books them.
//!
//! A discrepancy says what is wrong; a booking says of every entry, right or wrong, whose it is.
//! The rules leave a [`Trace`] of numbers as they close entries, which costs a night nothing; only
//! who asks for bookings pays for the copies.

use chrono::NaiveDate;

use super::open_items::OpenEntry;
use super::{Match, PayoutsOutcome};
use crate::domain::link::Rest;
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
        /// The account on which a person wrote the rest off.
        rest: Option<String>,
    },
    /// A month's commissions of a provider that pays gross.
    Commission {
        /// Whose.
        provider: String,
        /// What a person wrote off of them.
        rest: Option<Rest>,
        /// The day on which the person did.
        since: Option<NaiveDate>,
    },
    /// A person said that they are something else, and which account they belong to.
    Elsewhere {
        /// Whose text stands in them.
        provider: String,
        /// The account.
        account: String,
        /// The day since which that is said.
        since: NaiveDate,
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
    /// `None`: unexplained, where it is no commission.
    since: Option<NaiveDate>,
    rest: Option<Rest>,
}

impl Trace {
    /// What a rule brought together.
    pub(super) fn of(found: &Match<'_, '_>, state: PayoutState, since: Option<NaiveDate>) -> Self {
        let closed = matches!(state, PayoutState::Matched | PayoutState::Mismatched);
        let first = found.payouts.first();
        let rest = found.decided.and_then(|group| group.link.rest.clone());
        Self {
            entries: found.entries.iter().map(|it| it.number).collect(),
            payouts: found.payouts.iter().map(|it| it.number).collect(),
            provider: first.map_or(String::new(), |it| it.party.name.to_owned()),
            is_commission: false,
            since: since.filter(|_| closed),
            rest: rest.filter(|_| state == PayoutState::Matched),
        }
    }

    /// A debit of a month's commissions.
    pub(super) fn commission(entries: Vec<usize>, provider: &str) -> Self {
        Self {
            entries,
            payouts: Vec::new(),
            provider: provider.to_owned(),
            is_commission: true,
            since: None,
            rest: None,
        }
    }

    /// What a person said of entries that are no payout's.
    pub(super) fn decided(found: &Match<'_, '_>) -> Option<Self> {
        let group = found.decided?;
        let named = found.entries.iter().find_map(|open| open.named);
        let month = group.link.month.as_ref();
        let provider = month.map(|month| month.provider.as_str());
        let provider = provider.or(named.map(|party| party.name))?;
        let entries = found.entries.iter().map(|it| it.number).collect();
        Some(Self {
            is_commission: month.is_some(),
            since: settled_on(found),
            rest: group.link.rest.clone(),
            ..Self::commission(entries, provider)
        })
    }

    /// An entry that is left; `None` where no provider's text stands in it.
    pub(super) fn unexplained(open: &OpenEntry<'_>) -> Option<Self> {
        let party = open.named?;
        Some(Self {
            is_commission: false,
            ..Self::commission(vec![open.number], party.name)
        })
    }

    fn purpose(self, outcome: &PayoutsOutcome) -> Purpose {
        let Self {
            provider,
            since,
            rest,
            ..
        } = self;
        match since {
            _ if self.is_commission => Purpose::Commission {
                provider,
                rest,
                since,
            },
            None => Purpose::Unexplained { provider },
            Some(since) if self.payouts.is_empty() => Purpose::Elsewhere {
                provider,
                account: rest.map_or(String::new(), |rest| rest.account),
                since,
            },
            // Payouts are numbered as their outcomes are sorted.
            Some(since) => Purpose::Payouts {
                payouts: (self.payouts.iter())
                    .filter_map(|number| outcome.payouts.get(*number).cloned())
                    .collect(),
                since,
                rest: rest.map(|rest| rest.account),
            },
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

/// The day on which both sides of a match are known, and that they belong together: its last report,
/// its latest booking, or the decision.
pub(super) fn settled_on(found: &Match<'_, '_>) -> Option<NaiveDate> {
    let last_report = found.payouts.iter().map(|it| it.payout.last).max();
    let decided_on = found.decided.map(|group| group.day);
    last_report.max(found.latest_booking()).max(decided_on)
}
