//! Rule 3, by sum: one left-over entry pays several left-over payouts that follow each other.
//!
//! Sums coincide, so the rule proves little and asks much: exactly one run of payouts may fit an
//! entry, and no payout of that run may be in the only run of another entry.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::Match;
use super::open_items::{EntriesByAmount, OpenEntry, OpenPayout};
use crate::domain::payout::MatchedBy;
use crate::domain::{Amount, Currency};

/// Payouts that follow each other and together have the amount of some entry.
#[derive(Clone)]
struct Run<'s, 'a> {
    payouts: Vec<&'s OpenPayout<'a>>,
    /// First day on which all of them may have been booked.
    opens: NaiveDate,
    /// Last day on which all of them may have been booked.
    closes: NaiveDate,
    /// The earliest `opens` of this run and of all after it in its list.
    opens_from_here: NaiveDate,
}

/// Runs by provider, currency and sum; each list by `closes`.
type Runs<'s, 'a> = BTreeMap<(&'a str, Currency, Amount), Vec<Run<'s, 'a>>>;

/// Matches entries with the only run of payouts that they are the sum of.
pub(super) fn by_sum<'s, 'a>(
    payouts: &[&'s OpenPayout<'a>],
    entries: &[&'s OpenEntry<'a>],
    max_payouts: usize,
) -> Vec<Match<'s, 'a>> {
    let runs = runs(payouts, &EntriesByAmount::new(entries), max_payouts);
    let found: Vec<_> = entries
        .iter()
        .filter_map(|&entry| Some((entry, only_run(&runs, entry)?)))
        .collect();
    let mut wanted: HashMap<usize, usize> = HashMap::new();
    for payout in found.iter().flat_map(|(_, run)| &run.payouts) {
        let count = wanted.entry(payout.number).or_default();
        *count = count.saturating_add(1);
    }
    let is_undisputed = |run: &Run<'_, '_>| {
        let mut payouts = run.payouts.iter();
        payouts.all(|payout| wanted.get(&payout.number) == Some(&1))
    };
    found
        .into_iter()
        .filter(|(_, run)| is_undisputed(run))
        .map(|(entry, run)| Match {
            payouts: run.payouts.clone(),
            entries: vec![entry],
            ..Match::new(MatchedBy::Sum)
        })
        .collect()
}

/// All runs of 2 to `max_payouts` payouts whose sum some entry has.
fn runs<'s, 'a>(
    payouts: &[&'s OpenPayout<'a>],
    entries: &EntriesByAmount<'s, 'a>,
    max_payouts: usize,
) -> Runs<'s, 'a> {
    let mut rows: BTreeMap<(&str, Currency, bool), Vec<&'s OpenPayout<'a>>> = BTreeMap::new();
    for &payout in payouts.iter().filter(|it| !it.expected.is_zero()) {
        let sign = payout.expected.is_negative();
        let key = (payout.party.name, payout.payout.currency, sign);
        rows.entry(key).or_default().push(payout);
    }
    let mut runs = Runs::new();
    for ((party, currency, _), mut row) in rows {
        row.sort_by_key(|payout| payout.sequence());
        for start in 0..row.len() {
            let following = row.get(start..).unwrap_or_default();
            for (sum, run) in runs_from(following, max_payouts) {
                if entries.contains(party, currency, sum) {
                    runs.entry((party, currency, sum)).or_default().push(run());
                }
            }
        }
    }
    for list in runs.values_mut() {
        let mut earliest = NaiveDate::MAX;
        for run in list.iter_mut().rev() {
            earliest = earliest.min(run.opens);
            run.opens_from_here = earliest;
        }
    }
    runs
}

/// The runs that begin with the first of `following`, with their sums. A run ends where no day is
/// left on which all of its payouts may have been booked.
fn runs_from<'r, 's, 'a>(
    following: &'r [&'s OpenPayout<'a>],
    max_payouts: usize,
) -> impl Iterator<Item = (Amount, impl FnOnce() -> Run<'s, 'a> + use<'r, 's, 'a>)> {
    let nothing = (Amount::ZERO, NaiveDate::MIN, NaiveDate::MAX);
    let growing = following.iter().scan(nothing, |state, payout| {
        let (sum, opens, closes) = *state;
        *state = (
            sum + payout.expected,
            opens.max(payout.opens),
            closes.min(payout.closes),
        );
        Some(*state)
    });
    growing
        .take_while(|(_, opens, closes)| opens <= closes)
        .zip(1_usize..)
        .take(max_payouts)
        .skip(1)
        .map(move |((sum, opens, closes), length)| {
            let run = move || Run {
                payouts: following.iter().take(length).copied().collect(),
                opens,
                closes,
                opens_from_here: opens,
            };
            (sum, run)
        })
}

/// The run that fits an entry, when exactly one does.
fn only_run<'r, 's, 'a>(runs: &'r Runs<'s, 'a>, entry: &OpenEntry<'a>) -> Option<&'r Run<'s, 'a>> {
    let (currency, amount) = (entry.entry.currency, entry.entry.amount);
    let booked_on = entry.entry.booked_on;
    let parties = entry.payers.iter();
    let mut fitting = parties
        .filter_map(|party| runs.get(&(party.name, currency, amount)))
        .flat_map(|list| {
            let start = list.partition_point(|run| run.closes < booked_on);
            let open = list.get(start..).unwrap_or_default().iter();
            open.take_while(move |run| run.opens_from_here <= booked_on)
                .filter(move |run| run.opens <= booked_on)
        });
    let only = fitting.next()?;
    fitting.next().is_none().then_some(only)
}
