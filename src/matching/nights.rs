//! State over the nights: what is new, what persists, what changed, what is resolved.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxHashMap;

use chrono::NaiveDate;

use crate::domain::decision::{Amounts, Standing};
use crate::domain::discrepancy::{Discrepancy, DiscrepancyId, State};
use crate::domain::finding::Front;
use crate::domain::found::{FoundList, Life, NightFindings, RememberedRow, Said};

/// Where discrepancies stand after all decisions.
pub type Standings = BTreeMap<DiscrepancyId, Standing>;

/// The states of a recorded night.
pub type KnownStates = HashMap<DiscrepancyId, KnownState>;

/// The state of a discrepancy on a recorded night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownState {
    /// Its state.
    pub state: State,
    /// The as-of date on which it was first seen.
    pub first_seen: Option<NaiveDate>,
}

/// How the discrepancies of a run get their life over the nights.
#[derive(Clone, Debug)]
pub enum Lens {
    /// A night of its own: compared with the recorded night before.
    Night,
    /// A look: the state that is stored, else new.
    Look(KnownStates),
}

/// The outcome of a run compared with what is remembered.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Open discrepancies and those resolved.
    pub found: FoundList,
    /// Ids whose acceptance ends with this night: the amounts changed, or it is resolved.
    pub lapsed: Vec<String>,
}

/// Which discrepancies the report shows.
pub type Shows<'c> = &'c dyn Fn(&Front<'_>) -> bool;

/// Takes discrepancies one by one and compares each with what is remembered.
pub struct Comparison<'c> {
    lens: Lens,
    standings: &'c Standings,
    as_of: NaiveDate,
    shows: Shows<'c>,
    /// What the night before found, and whether it was found again.
    before: Vec<(RememberedRow, bool)>,
    by_id: FxHashMap<DiscrepancyId, usize>,
    compared: Compared,
}

impl<'c> Comparison<'c> {
    /// Nothing found yet. `shows` says what belongs into the report.
    pub fn new(
        lens: Lens,
        before: NightFindings,
        standings: &'c Standings,
        as_of: NaiveDate,
        shows: Shows<'c>,
    ) -> Self {
        let (found, before, by_id) = before.go_on();
        let lapsed = Vec::new();
        Self {
            lens,
            standings,
            as_of,
            shows,
            before: before.into_iter().map(|row| (row, false)).collect(),
            by_id,
            compared: Compared { found, lapsed },
        }
    }

    /// Takes one that is found now.
    pub fn take(&mut self, found: &Discrepancy) {
        let id = found.identity();
        let remembered = self.remember(id);
        let life = self.life(id, (found.expected, found.actual), remembered);
        let is_shown = self.shows(found);
        let said = self.said(id, (found.expected, found.actual));
        self.compared.found.add(found, life, said, is_shown);
    }

    /// Takes over from the night before what legs 1 and 2 found of orders that nobody looks at
    /// tonight.
    pub fn take_over(&mut self, is_untouched: impl Fn(&str) -> bool) {
        for at in 0..self.before.len() {
            let Some((row, false)) = self.before.get(at).copied() else {
                continue;
            };
            let front = self.compared.found.front(row);
            let untouched = front
                .filter(|front| front.code.is_of_leg_one() && is_untouched(front.order_reference));
            let Some(front) = untouched else { continue };
            let amounts = (front.expected, front.actual);
            let is_shown = (self.shows)(&front);
            let remembered = self.remember(row.id);
            let life = self.life(row.id, amounts, remembered);
            let said = self.said(row.id, amounts);
            self.compared.found.take_over(row, life, said, is_shown);
        }
    }

    /// True for what belongs into the report.
    pub fn shows(&self, found: &Discrepancy) -> bool {
        (self.shows)(&Front::of(found, ""))
    }

    /// The orders, by provider and reference, of what the night before found and the report shows
    /// if it is found again.
    pub fn orders_remembered(&self) -> impl Iterator<Item = (&str, &str)> {
        let fronts = self
            .before
            .iter()
            .filter_map(|(row, _)| self.compared.found.front(*row));
        let shown = fronts.filter(|front| front.code.is_of_leg_one() && (self.shows)(front));
        shown.map(|front| (front.provider, front.order_reference))
    }

    /// What the night before knew of an id, which is then found again.
    fn remember(&mut self, id: DiscrepancyId) -> Option<RememberedRow> {
        let at = self.by_id.get(&id)?;
        let (row, found_again) = self.before.get_mut(*at)?;
        *found_again = true;
        Some(*row)
    }

    fn life(
        &mut self,
        id: DiscrepancyId,
        amounts: Amounts,
        remembered: Option<RememberedRow>,
    ) -> Life {
        let (state, first_seen) = match &self.lens {
            Lens::Night => {
                let first_seen = remembered.map_or(self.as_of, |row| row.first_seen);
                (self.state(id, amounts, remembered), Some(first_seen))
            }
            Lens::Look(stored) => match stored.get(&id) {
                Some(known) if known.state != State::Resolved => (known.state, known.first_seen),
                Some(_) | None => (State::New, None),
            },
        };
        let is_accepted = self.accepted(id).is_some();
        if matches!(self.lens, Lens::Night) && is_accepted && state != State::Accepted {
            self.compared.lapsed.push(id.to_string());
        }
        Life {
            id,
            state,
            first_seen,
            remembered,
        }
    }

    fn state(&self, id: DiscrepancyId, now: Amounts, before: Option<RememberedRow>) -> State {
        if self.accepted(id) == Some(now) {
            return State::Accepted;
        }
        let Some(before) = before else {
            return State::New;
        };
        let then = self.compared.found.front(before);
        if then.is_some_and(|then| (then.expected, then.actual) == now) {
            State::Persisting
        } else {
            State::Changed
        }
    }

    /// The amounts at which it is accepted.
    fn accepted(&self, id: DiscrepancyId) -> Option<Amounts> {
        self.standings.get(&id)?.accepted
    }

    fn said(&self, id: DiscrepancyId, now: Amounts) -> Said {
        let standing = self.standings.get(&id);
        standing.map_or_else(Said::default, |standing| Said {
            assignee: standing.assignee.clone(),
            note: standing.remark(),
            is_snoozed: standing.is_snoozed(self.as_of, now),
        })
    }

    /// Adds what is resolved, and sorts.
    pub fn finish(mut self) -> Compared {
        if matches!(self.lens, Lens::Night) {
            for (row, found_again) in std::mem::take(&mut self.before) {
                if !found_again {
                    self.resolve(row);
                }
            }
        }
        self.compared.found.sort();
        self.compared
    }

    fn resolve(&mut self, row: RememberedRow) {
        if self.accepted(row.id).is_some() {
            self.compared.lapsed.push(row.id.to_string());
        }
        let front = self.compared.found.front(row);
        let is_shown = front.is_some_and(|front| (self.shows)(&front));
        let life = Life {
            id: row.id,
            state: State::Resolved,
            first_seen: Some(row.first_seen),
            remembered: Some(row),
        };
        let said = self.said(row.id, (None, None));
        self.compared.found.take_over(row, life, said, is_shown);
    }
}
