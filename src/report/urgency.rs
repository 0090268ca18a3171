//! The order in which people look at discrepancies: the roots first by severity, then by how much
//! hangs on them, then by age; under each root what it explains. What nobody has to act on any more
//! comes last. (Tables for programs are sorted by what things are.)

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::roots::Roots;
use crate::domain::Amount;
use crate::domain::discrepancy::{DiscrepancyId, Severity, State};
use crate::domain::found::Glance;
use crate::domain::outcome::ReportData;

/// A discrepancy in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its position in the list of the report.
    pub at: usize,
    /// 0 of a root; 1 of what that explains, 2 of what this explains in turn.
    pub depth: usize,
}

/// What a discrepancy is sorted by. Of equal ones the first in the report comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    is_over: Over,
    severity: Severity,
    size: Reverse<Amount>,
    event_date: NaiveDate,
    at: usize,
}

/// Whether somebody still has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Over {
    No,
    PutAside,
    Accepted,
    Resolved,
}

impl Rank {
    fn of(at: usize, found: &Glance<'_>, roots: &Roots) -> Self {
        Self {
            is_over: match found.state {
                State::New | State::Changed | State::Persisting if found.is_snoozed => {
                    Over::PutAside
                }
                State::New | State::Changed | State::Persisting => Over::No,
                State::Accepted => Over::Accepted,
                State::Resolved => Over::Resolved,
            },
            severity: found.severity,
            size: Reverse(roots.size(found)),
            event_date: found.event_date,
            at,
        }
    }
}

/// All that a report shows, in this order.
pub fn order(data: &ReportData, roots: &Roots) -> Vec<Entry> {
    let causes: HashSet<DiscrepancyId> = data.causes.all().collect();
    let glances = || data.discrepancies.glances().enumerate();
    let explaining = glances().filter(|(_, found)| causes.contains(&found.id));
    let places: HashMap<DiscrepancyId, usize> = explaining.map(|(at, f)| (f.id, at)).collect();
    let mut tops: Vec<Rank> = Vec::new();
    let mut below: BTreeMap<usize, Vec<Rank>> = BTreeMap::new();
    let mut cause_of: HashMap<usize, usize> = HashMap::new();
    for (at, found) in glances() {
        let rank = Rank::of(at, &found, roots);
        let cause = data.causes.cause_of(found.id);
        match cause.and_then(|cause| places.get(&cause)) {
            Some(cause) => {
                cause_of.insert(at, *cause);
                below.entry(*cause).or_default().push(rank);
            }
            None => tops.push(rank),
        }
    }
    // A root is as open as anything below it.
    let mut open: HashMap<usize, Over> = HashMap::new();
    for rank in below.values().flatten() {
        let top = std::iter::successors(Some(rank.at), |at| cause_of.get(at).copied()).last();
        let best = open.entry(top.unwrap_or(rank.at)).or_insert(rank.is_over);
        *best = (*best).min(rank.is_over);
    }
    for top in &mut tops {
        top.is_over = open
            .get(&top.at)
            .map_or(top.is_over, |best| top.is_over.min(*best));
    }
    let mut entries = Vec::with_capacity(data.discrepancies.len());
    list(tops, 0, &mut below, &mut entries);
    entries
}

fn list(
    mut ranks: Vec<Rank>,
    depth: usize,
    below: &mut BTreeMap<usize, Vec<Rank>>,
    entries: &mut Vec<Entry>,
) {
    ranks.sort_unstable();
    for rank in ranks {
        entries.push(Entry { at: rank.at, depth });
        if let Some(explained) = below.remove(&rank.at) {
            list(explained, depth.saturating_add(1), below, entries);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::{Code, ReportedDiscrepancy};
    use crate::report::sample;

    fn named(code: Code, name: &str, difference: i64) -> ReportedDiscrepancy {
        let mut found = sample::discrepancy(code);
        found.key = vec!["oney".into(), name.into()];
        found.order_reference = name.into();
        if code.is_about_money() {
            found.expected = Some(Amount::ZERO);
            found.actual = Some(Amount::from_minor(difference));
        }
        sample::reported(found)
    }

    #[test]
    fn what_a_root_explains_stands_below_it_and_counts_for_it() {
        let missing = named(Code::ReportMissing, "R", 0);
        let [first, second] = ["A", "B"].map(|name| named(Code::FundingNotReported, name, -5_000));
        let large = named(Code::AmountMismatch, "L", -9_000);
        let mut accepted = named(Code::AmountMismatch, "ACCEPTED", -90_000);
        accepted.state = State::Accepted;
        let mut resolved = named(Code::AmountMismatch, "RESOLVED", -90_000);
        resolved.state = State::Resolved;
        let mut old = named(Code::OrderNotFound, "OLD", 100);
        old.discrepancy.event_date = sample::day("2026-01-01");
        let young = named(Code::OrderNotFound, "YOUNG", 100);
        let fee = named(Code::FeeMismatch, "FEE", -70_000);
        let mut data = sample::empty_report_data();
        for effect in [&first, &second] {
            let cause = missing.discrepancy.identity();
            data.causes.explain(effect.discrepancy.identity(), cause);
        }
        data.discrepancies = [
            missing, first, second, large, accepted, resolved, old, young, fee,
        ]
        .into_iter()
        .collect();
        let entries = order(&data, &Roots::of(&data, |_| true));
        let names: Vec<String> = entries
            .iter()
            .map(|entry| {
                let found = data.discrepancies.get(entry.at).unwrap().discrepancy;
                format!("{}{}", ">".repeat(entry.depth), found.key[1])
            })
            .collect();
        assert_eq!(
            names,
            [
                "R", ">A", ">B", "L", "OLD", "YOUNG", "FEE", "ACCEPTED", "RESOLVED"
            ]
        );
    }

    #[test]
    fn what_is_explained_by_nothing_that_is_shown_stands_for_itself() {
        let alone = named(Code::FundingNotReported, "A", -5_000);
        let hidden = named(Code::ReportMissing, "R", 0).discrepancy.identity();
        let mut data = sample::empty_report_data();
        data.causes.explain(alone.discrepancy.identity(), hidden);
        data.discrepancies = [alone].into_iter().collect();
        let entries = order(&data, &Roots::of(&data, |_| true));
        assert_eq!(entries, [Entry { at: 0, depth: 0 }]);
    }
}
