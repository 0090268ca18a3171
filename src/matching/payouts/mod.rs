//! Leg 3: does the bank show what the providers say they paid?
//!
//! A payout is what a provider reports under one payout reference; a bank entry is what arrived.
//! Five rules bring them together, the surest first, and each works on what the ones before left:
//!
//! 0. *by decision* (`decided`): a person said so.
//! 1. *by reference* (`reference`, `groups`): the entry names the payout. Whatever is so
//!    linked is one group, and the group's sums must agree.
//! 2. *by amount* (`amount`): the entry has exactly the payout's amount, and is the nearest.
//! 3. *by sum* (`sum`): the entry is the sum of payouts that follow each other.
//! 4. *commission debit* (`commission`): the entry is a month's commissions of a provider that
//!    pays gross.
//!
//! What is then left is reported, once its time has passed (`leftovers`). An entry explains at
//! most one group, payout, run or month; a payout ends in exactly one state. Payouts and entries
//! are sorted before anything looks at them, so the order of the input changes nothing.

mod amount;
mod bookings;
mod certainty;
mod commission;
mod decided;
mod findings;
mod groups;
mod leftovers;
mod open_items;
mod reference;
mod sum;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;

pub use self::bookings::{Booking, Purpose};
use self::bookings::{Trace, settled_on};
use self::certainty::{Awaited, Certainty, Verdict};
use self::leftovers::Said;
use self::open_items::{OpenEntry, OpenPayout, Parties};
use crate::domain::Amount;
use crate::domain::coverage::Waiting;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::link::{DecidedGroup, MonthName};
use crate::domain::payout::{
    BankEntry, MatchedBy, MonthlyFee, Payout, PayoutOutcome, PayoutState, UnassignedLines,
};
use crate::domain::rules::Rules;
use crate::matching::coverage::Covered;

/// What leg 3 looks at. Nothing in it is dated after the as-of date.
#[derive(Clone, Copy, Debug)]
pub struct PayoutItems<'a> {
    /// Payouts; no two with the same provider, reference and currency.
    pub payouts: &'a [Payout],
    /// Lines without a payout reference.
    pub unassigned: &'a [UnassignedLines],
    /// Commissions by provider, currency and month.
    pub monthly_fees: &'a [MonthlyFee],
    /// The entries that count, booked up to the as-of date.
    pub entries: &'a [BankEntry],
    /// What people linked, in the order in which they did.
    pub links: &'a [DecidedGroup],
}

/// What leg 3 found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutsOutcome {
    /// Every payout, sorted by provider, reference, currency.
    pub payouts: Vec<PayoutOutcome>,
    /// Sorted by severity, code, provider, key.
    pub discrepancies: Vec<Discrepancy>,
    /// What would be among them if the books reached the day.
    pub waiting: Vec<Waiting>,
    /// The accounts that each provider pays to, as far as they are known.
    pub accounts: BTreeMap<String, BTreeSet<String>>,
}

/// Matches payouts with bank entries and says what is left, as far as the books reach.
pub fn reconcile(items: &PayoutItems<'_>, rules: &Rules, covered: &Covered) -> PayoutsOutcome {
    reconcile_with(items, rules, covered, |_, outcome, _| outcome)
}

/// The same, and what each entry of a provider was found to be, by booking date.
pub fn reconcile_bookings(
    items: &PayoutItems<'_>,
    rules: &Rules,
    covered: &Covered,
) -> (PayoutsOutcome, Vec<Booking>) {
    reconcile_with(items, rules, covered, |entries, outcome, traces| {
        let bookings = bookings::bookings(entries, &outcome, traces);
        (outcome, bookings)
    })
}

fn reconcile_with<T>(
    items: &PayoutItems<'_>,
    rules: &Rules,
    covered: &Covered,
    finish: impl FnOnce(&[OpenEntry<'_>], PayoutsOutcome, Vec<Trace>) -> T,
) -> T {
    let parties = Parties::of(items, rules);
    let payouts = parties.payouts(items.payouts);
    let entries = parties.entries(items.entries);
    let certainty = Certainty::of(covered, &parties, &entries);
    let mut books = Books::new(&payouts, &entries);

    let mut debited: BTreeSet<&MonthName> = BTreeSet::new();
    for group in decided::by_decision(&books.payouts, &books.entries, items.links) {
        match &group.decided {
            Some(DecidedGroup { link, .. }) if link.payouts.is_empty() => {
                let month = link.month.as_ref();
                let around = (&parties, rules);
                if month.is_none_or(|it| decided::debits(&group, it, items.monthly_fees, around)) {
                    debited.extend(month);
                    books.close_without_payout(&group);
                }
            }
            _ => books.close_group(&group, rules, &certainty),
        }
    }
    books.keep_open();

    for group in groups::by_reference(&books.payouts, &books.entries) {
        books.close_group(&group, rules, &certainty);
    }
    books.keep_open();

    let found = amount::by_amount(&books.payouts, &books.entries);
    for matched in &found.matches {
        books.close(matched, PayoutState::Matched, settled_on(matched));
    }
    for tie in &found.ties {
        books.set_aside(tie);
    }
    books.keep_open();

    let max_payouts = rules.max_combined_payouts;
    for matched in sum::by_sum(&books.payouts, &books.entries, max_payouts) {
        books.close(&matched, PayoutState::Matched, settled_on(&matched));
    }
    books.keep_open();

    let is_open = |month: &&MonthlyFee| !debited.iter().any(|name| is_of(month, name));
    let open_months: Vec<&MonthlyFee> = items.monthly_fees.iter().filter(is_open).collect();
    let months = commission::commissions(&open_months, &parties, &books.entries, &certainty);
    months
        .not_taken
        .into_iter()
        .for_each(|said| books.say(said));
    for (number, provider) in months.debits {
        books.closed_entries.insert(number);
        books.traces.push(Trace::commission(vec![number], provider));
    }
    books.keep_open();

    books.close_leftovers(rules, &certainty);
    let as_of = covered.as_of();
    let unassigned = leftovers::unassigned(items.unassigned, &parties, &rules.calendar, as_of);
    books.discrepancies.extend(unassigned);
    let (mut outcome, traces) = books.into_outcome();
    outcome.accounts = certainty.accounts();
    finish(&entries, outcome, traces)
}

fn is_of(month: &MonthlyFee, name: &MonthName) -> bool {
    (&month.provider, month.currency, month.month_end)
        == (&name.provider, name.currency, name.month_end)
}

/// Payouts and entries that a rule brought together.
struct Match<'s, 'a> {
    /// Ordered by last report, then by reference.
    payouts: Vec<&'s OpenPayout<'a>>,
    /// Ordered by booking date.
    entries: Vec<&'s OpenEntry<'a>>,
    by: MatchedBy,
    /// The decision that brought them together.
    decided: Option<&'a DecidedGroup>,
}

impl Match<'_, '_> {
    fn new(by: MatchedBy) -> Self {
        Self {
            payouts: Vec::new(),
            entries: Vec::new(),
            by,
            decided: None,
        }
    }

    /// What of the difference the decision wrote off.
    fn written_off(&self) -> Amount {
        let rest = self.decided.and_then(|group| group.link.rest.as_ref());
        rest.map_or(Amount::ZERO, |rest| rest.amount)
    }

    fn expected(&self) -> Amount {
        self.payouts.iter().map(|it| it.expected).sum()
    }

    fn booked(&self) -> Amount {
        self.entries.iter().map(|it| it.entry.amount).sum()
    }

    /// Booked less expected.
    fn difference(&self) -> Amount {
        self.booked() - self.expected()
    }

    fn latest_booking(&self) -> Option<NaiveDate> {
        self.entries.iter().map(|it| it.entry.booked_on).max()
    }
}

/// What is still open, and what has been found so far.
struct Books<'s, 'a> {
    payouts: Vec<&'s OpenPayout<'a>>,
    entries: Vec<&'s OpenEntry<'a>>,
    /// Numbers of payouts that have their state.
    closed_payouts: HashSet<usize>,
    /// Numbers of entries that raise nothing any more.
    closed_entries: HashSet<usize>,
    outcomes: Vec<PayoutOutcome>,
    discrepancies: Vec<Discrepancy>,
    waiting: Vec<Waiting>,
    /// What became of entries so far.
    traces: Vec<Trace>,
}

impl<'s, 'a> Books<'s, 'a> {
    fn new(payouts: &'s [OpenPayout<'a>], entries: &'s [OpenEntry<'a>]) -> Self {
        Self {
            payouts: payouts.iter().collect(),
            entries: entries.iter().collect(),
            closed_payouts: HashSet::new(),
            closed_entries: HashSet::new(),
            outcomes: Vec::with_capacity(payouts.len()),
            discrepancies: Vec::new(),
            waiting: Vec::new(),
            traces: Vec::new(),
        }
    }

    /// Gives the payouts of a match their state and closes its entries.
    ///
    /// What was booked beyond the sum of the payouts stands with the first of them. Where the
    /// group does not agree at all, it is not known whose money arrived: everything does.
    fn close(&mut self, matched: &Match<'_, '_>, state: PayoutState, since: Option<NaiveDate>) {
        self.traces.push(Trace::of(matched, state, since));
        let bank_entries = findings::sorted_ids(&matched.entries);
        let mut beyond = matched.difference();
        let mut everything = matched.booked();
        for payout in &matched.payouts {
            let booked = match state {
                PayoutState::Matched => Some(payout.expected + std::mem::take(&mut beyond)),
                PayoutState::Mismatched => Some(std::mem::take(&mut everything)),
                PayoutState::NotReceived
                | PayoutState::Pending
                | PayoutState::CarriedOver
                | PayoutState::SettledWithoutTransfer => None,
            };
            self.outcomes.push(PayoutOutcome {
                booked,
                matched_by: booked.map(|_| matched.by),
                bank_entries: bank_entries.clone(),
                ..payout.outcome(state)
            });
        }
        self.mark_closed(matched);
    }

    /// Closes a group as its sums say, and says what is wrong with them once that is certain.
    fn close_group(&mut self, group: &Match<'_, '_>, rules: &Rules, certainty: &Certainty<'_, '_>) {
        let (state, verdict) = groups::standing(group, rules, certainty);
        let since = groups::since(group, state, rules);
        self.close(group, state, since);
        if verdict == Verdict::NotYet {
            return;
        }
        if let Verdict::Waits(awaited) = &verdict {
            self.note_wait(group, awaited);
        }
        if let Some(found) = findings::amount_mismatch(group) {
            self.say(Said::by(&verdict, || found));
        }
    }

    /// Closes entries that a person said are no payout's.
    fn close_without_payout(&mut self, group: &Match<'_, '_>) {
        self.traces.extend(Trace::decided(group));
        self.mark_closed(group);
    }

    /// A tie: the payouts wait and the candidates are silent, but none of them is anyone's yet.
    fn set_aside(&mut self, tie: &Match<'_, '_>) {
        for payout in &tie.payouts {
            self.outcomes.push(payout.outcome(PayoutState::Pending));
            let found = findings::ambiguous_match(payout, &tie.entries);
            self.discrepancies.push(found);
        }
        self.traces.push(Trace::of(tie, PayoutState::Pending, None));
        self.mark_closed(tie);
    }

    fn mark_closed(&mut self, matched: &Match<'_, '_>) {
        let payouts = matched.payouts.iter().map(|it| it.number);
        self.closed_payouts.extend(payouts);
        let entries = matched.entries.iter().map(|it| it.number);
        self.closed_entries.extend(entries);
    }

    /// Leaves to the next rule what no rule has closed.
    fn keep_open(&mut self) {
        self.payouts
            .retain(|it| !self.closed_payouts.contains(&it.number));
        self.entries
            .retain(|it| !self.closed_entries.contains(&it.number));
    }

    fn say(&mut self, said: Said) {
        self.discrepancies.extend(said.found);
        self.waiting.extend(said.waiting);
    }

    /// Says of the payouts of a group which statement they wait for.
    fn note_wait(&mut self, group: &Match<'_, '_>, awaited: &Awaited) {
        let first = self.outcomes.len().saturating_sub(group.payouts.len());
        for outcome in self.outcomes.iter_mut().skip(first) {
            outcome.waits_for = awaited.statement();
        }
    }

    fn close_leftovers(&mut self, rules: &Rules, certainty: &Certainty<'_, '_>) {
        for payout in std::mem::take(&mut self.payouts) {
            let (outcome, said) = leftovers::payout(payout, &rules.calendar, certainty);
            self.outcomes.push(outcome);
            self.say(said);
        }
        for entry in std::mem::take(&mut self.entries) {
            self.traces.extend(Trace::unexplained(entry));
            self.say(leftovers::entry(entry, &rules.calendar, certainty));
        }
    }

    fn into_outcome(mut self) -> (PayoutsOutcome, Vec<Trace>) {
        self.outcomes.sort_by(|a, b| {
            let key = |it: &PayoutOutcome| it.payout.currency;
            (&a.payout.provider, &a.payout.reference, key(a)).cmp(&(
                &b.payout.provider,
                &b.payout.reference,
                key(b),
            ))
        });
        self.discrepancies.sort_by(|a, b| {
            let order = (a.severity, a.code, &a.provider, &a.key);
            order.cmp(&(b.severity, b.code, &b.provider, &b.key))
        });
        let outcome = PayoutsOutcome {
            payouts: self.outcomes,
            discrepancies: self.discrepancies,
            waiting: self.waiting,
            accounts: BTreeMap::new(),
        };
        (outcome, self.traces)
    }
}
