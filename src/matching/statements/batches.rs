//! A batch that several reports tell of, some with its details and some with its total alone.
//!
//! An entry whose details add up to it was read as one entry a detail; in the account's books it is
//! one movement all the same. A notification (camt.054) often has the details of what the statement
//! (camt.053) books as one sum. So the entries that were one are put together again, and reports of
//! one movement are recognised by account, servicer reference, booking date and *total*. Then the
//! details stay wherever they stand, because they have the references that payouts are found by;
//! the totals beside them go, and so do the details of any further report.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;

use super::counting::{Candidate, FileRank};
use crate::domain::statement::StatementKind;
use crate::domain::{Amount, Currency};

/// What reports of one movement have in common: account, reference, day and total.
type Movement<'s> = (&'s str, &'s str, NaiveDate, Amount, Currency);

/// A movement as one report has it: a single entry, or the details of a batch.
struct Reported<'s> {
    account: &'s str,
    booked_on: NaiveDate,
    total: Amount,
    currency: Currency,
    /// The bank's reference of a single entry; what all details of a batch name, the reference of
    /// the batch among it.
    references: Vec<&'s str>,
    is_intraday: bool,
    source: (FileRank<'s>, i64),
    /// Numbers of its entries.
    entries: Vec<i64>,
}

impl<'s> Reported<'s> {
    /// Of the entries of one statement that were one in the file.
    fn of(entries: &[Candidate<'s>]) -> Option<Self> {
        let first = entries.first()?;
        let own = first.entry();
        let names = |it: &Candidate<'s>, name: &str| {
            let entry = it.entry();
            entry.servicer_reference == name || entry.references.iter().any(|one| one == name)
        };
        let mut references = vec![own.servicer_reference.as_str()];
        if entries.len() > 1 {
            references.extend(own.references.iter().map(String::as_str));
            references.retain(|name| entries.iter().all(|it| names(it, name)));
        }
        references.retain(|name| !name.is_empty());
        Some(Self {
            account: first.account(),
            booked_on: own.booked_on,
            total: entries.iter().map(|it| it.entry().amount).sum(),
            currency: own.currency,
            references,
            is_intraday: first.is_of(StatementKind::Intraday),
            source: (first.rank, first.statement.number.0),
            entries: entries.iter().map(|it| it.stored.number).collect(),
        })
    }

    fn is_batch(&self) -> bool {
        self.entries.len() > 1
    }

    fn movements(&self) -> impl Iterator<Item = Movement<'s>> {
        let (account, day, total, currency) =
            (self.account, self.booked_on, self.total, self.currency);
        let references = self.references.iter();
        references.map(move |reference| (account, *reference, day, total, currency))
    }
}

/// Leaves out what intraday reports repeat of batches that another report has.
///
/// Returns the numbers of the totals that are to be left out as well because their details count:
/// they stay for now, as an export may repeat them too.
pub(super) fn drop_repeated_batches(candidates: &mut Vec<Candidate<'_>>) -> HashSet<i64> {
    let reports = reported(candidates);
    let batches: BTreeSet<Movement<'_>> = reports
        .iter()
        .filter(|it| it.is_batch())
        .flat_map(Reported::movements)
        .collect();
    let mut of_movement: BTreeMap<Movement<'_>, Vec<usize>> = BTreeMap::new();
    for (at, report) in reports.iter().enumerate() {
        for movement in report.movements().filter(|it| batches.contains(it)) {
            of_movement.entry(movement).or_default().push(at);
        }
    }
    let mut decided = BTreeSet::new();
    let mut left_out = LeftOut::default();
    for places in of_movement.into_values() {
        // A batch may have several references, and is decided by the first of them.
        let open = places.into_iter().filter(|at| decided.insert(*at));
        let same: Vec<&Reported<'_>> = open.filter_map(|at| reports.get(at)).collect();
        left_out.decide(&same);
    }
    candidates.retain(|it| !left_out.repeated.contains(&it.stored.number));
    left_out.totals
}

/// All movements, where intraday reports may repeat some; none otherwise.
fn reported<'s>(candidates: &[Candidate<'s>]) -> Vec<Reported<'s>> {
    if !candidates
        .iter()
        .any(|it| it.is_of(StatementKind::Intraday))
    {
        return Vec::new();
    }
    let place = |it: &Candidate<'_>| (it.statement.number, it.stored.entry.line);
    let mut by_place: Vec<Candidate<'s>> = candidates.to_vec();
    by_place.sort_by_key(|it| (place(it), it.stored.number));
    let same = by_place.chunk_by(|one, other| place(one) == place(other));
    same.filter_map(Reported::of).collect()
}

/// Entries that do not count, by number.
#[derive(Default)]
struct LeftOut {
    /// What another report has as well.
    repeated: HashSet<i64>,
    /// Totals of statements and exports whose details an intraday report has.
    totals: HashSet<i64>,
}

impl LeftOut {
    /// Decides about all reports of one movement.
    fn decide(&mut self, same: &[&Reported<'_>]) {
        let mut sources: BTreeMap<(FileRank<'_>, i64), (usize, usize)> = BTreeMap::new();
        for report in same.iter().filter(|it| it.is_intraday) {
            let (all, batches) = sources.entry(report.source).or_default();
            *all = all.saturating_add(1);
            *batches = batches.saturating_add(usize::from(report.is_batch()));
        }
        let booked = || same.iter().filter(|it| !it.is_intraday);
        let is_booked = booked().next().is_some();
        // Equal movements in one report are that many, so the fullest one counts; against books,
        // which tell how many there are, the one that has most details.
        let best = sources.iter().max_by_key(|(source, (all, batches))| {
            let all = if is_booked { 0 } else { *all };
            (all, *batches, Reverse(**source))
        });
        let Some((source, (_, batches))) = best else {
            return;
        };
        let split = booked().filter(|it| it.is_batch()).count();
        let wanted = batches.saturating_sub(split);
        let totals: Vec<_> = booked().filter(|it| !it.is_batch()).take(wanted).collect();
        let of_best = |it: &&Reported<'_>| it.source == *source;
        let kept: HashSet<i64> = if is_booked {
            let batches = same
                .iter()
                .copied()
                .filter(|it| it.is_intraday && it.is_batch());
            let details = batches.filter(of_best).take(totals.len());
            details.flat_map(|it| it.entries.clone()).collect()
        } else {
            let all = same.iter().copied().filter(of_best);
            all.flat_map(|it| it.entries.clone()).collect()
        };
        self.totals
            .extend(totals.iter().flat_map(|it| it.entries.iter().copied()));
        let intraday = same.iter().filter(|it| it.is_intraday);
        let entries = intraday.flat_map(|it| it.entries.iter().copied());
        self.repeated
            .extend(entries.filter(|number| !kept.contains(number)));
    }
}
