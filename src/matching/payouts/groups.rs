//! Rule 1, by reference: entries that name payouts form groups with them, and a group balances as
//! a whole.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::Match;
use super::bookings::settled_on;
use super::certainty::{Certainty, Verdict};
use super::open_items::{OpenEntry, OpenPayout};
use super::reference::ReferenceIndex;
use crate::domain::payout::{MatchedBy, PayoutState};
use crate::domain::rules::Rules;

/// The connected groups of payouts and the entries that name them.
pub(super) fn by_reference<'s, 'a>(
    payouts: &[&'s OpenPayout<'a>],
    entries: &[&'s OpenEntry<'a>],
) -> Vec<Match<'s, 'a>> {
    let links = Links::new(payouts, entries);
    let mut seen = HashSet::new();
    let unseen = payouts.iter();
    unseen
        .filter_map(|payout| links.group_of(payout, &mut seen))
        .collect()
}

/// Who names whom.
struct Links<'s, 'a> {
    entries_of: HashMap<usize, Vec<&'s OpenEntry<'a>>>,
    payouts_of: HashMap<usize, Vec<&'s OpenPayout<'a>>>,
}

impl<'s, 'a> Links<'s, 'a> {
    fn new(payouts: &[&'s OpenPayout<'a>], entries: &[&'s OpenEntry<'a>]) -> Self {
        let index = ReferenceIndex::new(payouts);
        let mut links = Self {
            entries_of: HashMap::new(),
            payouts_of: HashMap::new(),
        };
        for &entry in entries {
            let named = of_recognised_providers(index.named_by(entry.entry), entry);
            for payout in &named {
                let entries = links.entries_of.entry(payout.number).or_default();
                entries.push(entry);
            }
            links.payouts_of.insert(entry.number, named);
        }
        links
    }

    /// The group that `payout` is in; `None` when no entry names it or its group is known.
    fn group_of(
        &self,
        payout: &'s OpenPayout<'a>,
        seen: &mut HashSet<usize>,
    ) -> Option<Match<'s, 'a>> {
        if !self.entries_of.contains_key(&payout.number) || !seen.insert(payout.number) {
            return None;
        }
        let mut group = Match::new(MatchedBy::Reference);
        let mut known_entries = HashSet::new();
        let mut to_visit = vec![payout];
        while let Some(payout) = to_visit.pop() {
            group.payouts.push(payout);
            for &entry in self.entries_of.get(&payout.number).into_iter().flatten() {
                if known_entries.insert(entry.number) {
                    group.entries.push(entry);
                    let named = self.payouts_of.get(&entry.number).into_iter().flatten();
                    to_visit.extend(named.filter(|payout| seen.insert(payout.number)));
                }
            }
        }
        group.payouts.sort_by_key(|payout| payout.sequence());
        group.entries.sort_by_key(|entry| entry.number);
        Some(group)
    }
}

/// Two providers may use the same reference. Where the entry's text names one of them, the entry
/// is that provider's; where it names none, it belongs to all of them until a person looks.
fn of_recognised_providers<'s, 'a>(
    named: Vec<&'s OpenPayout<'a>>,
    entry: &OpenEntry<'a>,
) -> Vec<&'s OpenPayout<'a>> {
    let is_known = |payout: &&OpenPayout<'_>| entry.may_be_of(payout.party);
    if !named.iter().any(is_known) {
        return named;
    }
    named.into_iter().filter(is_known).collect()
}

/// Where a group stands: balanced at once; a difference only once it is certain, because a further
/// entry or report may still settle it.
pub(super) fn standing(
    group: &Match<'_, '_>,
    rules: &Rules,
    certainty: &Certainty<'_, '_>,
) -> (PayoutState, Verdict) {
    let Some(first) = group.payouts.first() else {
        return (PayoutState::Pending, Verdict::NotYet);
    };
    let tolerance = rules.amount_tolerance.amount(first.payout.currency);
    if (group.difference() - group.written_off()).abs() <= tolerance {
        return (PayoutState::Matched, Verdict::NotYet);
    }
    let graces = Graces::of(group, rules);
    // A booking shows that the bank has said its part; a report that it has not is to be believed
    // once the statements reach the end of its grace.
    let by_booking = graces
        .by_booking
        .is_some_and(|day| day <= certainty.as_of());
    let by_report = graces.by_report;
    let verdict = match by_report {
        _ if by_booking => Verdict::Certain,
        Some(day) => certainty.by_bank(first.party.name, day),
        None => Verdict::NotYet,
    };
    let state = match verdict {
        Verdict::Certain => PayoutState::Mismatched,
        Verdict::NotYet | Verdict::Waits(_) => PayoutState::Pending,
    };
    (state, verdict)
}

/// The ends of the graces of a group: of its last report, and of its latest booking.
struct Graces {
    by_report: Option<NaiveDate>,
    by_booking: Option<NaiveDate>,
}

impl Graces {
    fn of(group: &Match<'_, '_>, rules: &Rules) -> Self {
        let party = group.payouts.first().map(|it| it.party);
        let last_report = group.payouts.iter().map(|it| it.payout.last).max();
        let calendar = &rules.calendar;
        Self {
            by_report: (party.zip(last_report))
                .map(|(party, last)| party.payout_grace_ends(last, calendar)),
            by_booking: (party.zip(group.latest_booking()))
                .map(|(party, booked_on)| party.entry_grace_ends(booked_on, calendar)),
        }
    }

    /// The day from which a difference is certain, where the bank's books are complete.
    fn first(&self) -> Option<NaiveDate> {
        [self.by_report, self.by_booking]
            .into_iter()
            .flatten()
            .min()
    }
}

/// The day since which a group stands as its verdict says; `None` while it is pending.
pub(super) fn since(
    group: &Match<'_, '_>,
    verdict: PayoutState,
    rules: &Rules,
) -> Option<NaiveDate> {
    let settled = settled_on(group);
    match verdict {
        PayoutState::Matched | PayoutState::SettledWithoutTransfer => settled,
        PayoutState::Mismatched => settled.max(Graces::of(group, rules).first()),
        PayoutState::NotReceived | PayoutState::Pending | PayoutState::CarriedOver => None,
    }
}
