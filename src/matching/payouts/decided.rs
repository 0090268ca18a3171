//! Rule 0, by decision: what a person has linked is one group.
//!
//! A link names payouts and entries. Those of them that are there belong together, whatever they
//! say themselves; where one side is not there (before it was reported, after a correction took it
//! away), the other is left to the rules behind. A group must add up like any other, but for the
//! rest that the decision wrote off.

use std::collections::{HashMap, HashSet};

use super::open_items::{OpenEntry, OpenPayout, Parties};
use super::{Match, is_of};
use crate::domain::link::{DecidedGroup, MonthName};
use crate::domain::payout::{MatchedBy, MonthlyFee};
use crate::domain::rules::{Rules, SettlementMode};
use crate::domain::{Amount, Currency};
use crate::matching::coverage::account_name;

type PayoutKey<'a> = (&'a str, &'a str, Currency);

/// What people linked, in the order in which they did: an earlier link has what two of them name.
pub(super) fn by_decision<'s, 'a>(
    payouts: &[&'s OpenPayout<'a>],
    entries: &[&'s OpenEntry<'a>],
    groups: &'a [DecidedGroup],
) -> Vec<Match<'s, 'a>> {
    if groups.is_empty() {
        return Vec::new();
    }
    let by_name: HashMap<PayoutKey<'_>, &'s OpenPayout<'a>> =
        payouts.iter().map(|it| (it.payout.key(), *it)).collect();
    let mut by_id: HashMap<(String, &str), Vec<&'s OpenEntry<'a>>> = HashMap::new();
    for &it in entries {
        let key = (account_name(&it.entry.account), it.entry.entry_id.as_str());
        by_id.entry(key).or_default().push(it);
    }
    let (mut taken_payouts, mut taken_entries) = (HashSet::new(), HashSet::new());
    let mut found = Vec::new();
    for group in groups {
        let mut matched = Match::new(MatchedBy::Decision);
        matched.decided = Some(group);
        let named = group.link.payouts.iter().filter_map(|name| {
            let key = (
                name.provider.as_str(),
                name.reference.as_str(),
                name.currency,
            );
            by_name.get(&key).copied()
        });
        matched.payouts = named
            .filter(|it| !taken_payouts.contains(&it.number))
            .collect();
        let named = group
            .link
            .entries
            .iter()
            .filter_map(|name| by_id.get(&(account_name(&name.account), name.entry.as_str())));
        matched.entries = named
            .flatten()
            .copied()
            .filter(|it| !taken_entries.contains(&it.number))
            .collect();
        let is_of_payouts = !group.link.payouts.is_empty();
        if matched.entries.is_empty() || (is_of_payouts && matched.payouts.is_empty()) {
            continue;
        }
        matched.payouts.sort_by_key(|payout| payout.sequence());
        matched.entries.sort_by_key(|entry| entry.number);
        taken_payouts.extend(matched.payouts.iter().map(|it| it.number));
        taken_entries.extend(matched.entries.iter().map(|it| it.number));
        found.push(matched);
    }
    found
}

/// True where the entries of a group debit the commissions of the month that it names.
pub(super) fn debits(
    group: &Match<'_, '_>,
    name: &MonthName,
    months: &[MonthlyFee],
    (parties, rules): (&Parties<'_>, &Rules),
) -> bool {
    let is_gross = parties
        .get(&name.provider)
        .is_some_and(|party| party.mode() == SettlementMode::Gross);
    let fee = months.iter().find(|month| is_of(month, name));
    let fee = fee.map(|month| month.fee);
    let tolerance = rules.amount_tolerance.amount(name.currency);
    is_gross
        && fee.is_some_and(|fee| {
            let rest = group.booked() + fee - group.written_off();
            Amount::ZERO < fee && rest.abs() <= tolerance
        })
}
