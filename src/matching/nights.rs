//! State over the nights: what is new, what persists, what changed, what is resolved.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::decision::Standing;
use crate::domain::discrepancy::{Discrepancy, ReportedDiscrepancy, State};
use crate::domain::found::FoundList;

/// A discrepancy as an earlier night left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// When it was first seen.
    pub first_seen: NaiveDate,
    /// What was found.
    pub discrepancy: Discrepancy,
}

/// What the recorded night before found, by id.
pub type NightBefore = BTreeMap<String, Remembered>;

/// How the discrepancies of a run get their life over the nights.
#[derive(Clone, Debug)]
pub enum Lens {
    /// A night of its own: compared with the recorded night before.
    Night(NightBefore),
    /// A look: the state that is stored, else new.
    Look(BTreeMap<String, ReportedDiscrepancy>),
}

/// The outcome of a run compared with what is remembered.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// What the report shows: open discrepancies and those resolved.
    pub shown: FoundList,
    /// What it does not show, because it is of another range or provider.
    pub hidden: FoundList,
    /// Ids whose acceptance ends with this night: the amounts changed, or it is resolved.
    pub lapsed: Vec<String>,
}

/// Takes discrepancies one by one and compares each with what is remembered.
pub struct Comparison<'c> {
    lens: Lens,
    standings: &'c BTreeMap<String, Standing>,
    as_of: NaiveDate,
    shows: &'c dyn Fn(&Discrepancy) -> bool,
    /// Ids that the night before knew and that were found again.
    again: BTreeSet<String>,
    compared: Compared,
}

impl<'c> Comparison<'c> {
    /// Nothing found yet. `shows` says what belongs into the report.
    pub fn new(
        lens: Lens,
        standings: &'c BTreeMap<String, Standing>,
        as_of: NaiveDate,
        shows: &'c dyn Fn(&Discrepancy) -> bool,
    ) -> Self {
        let (again, compared) = (BTreeSet::new(), Compared::default());
        Self {
            lens,
            standings,
            as_of,
            shows,
            again,
            compared,
        }
    }

    /// What the night before found; nothing on a look.
    pub fn before(&self) -> Vec<Discrepancy> {
        match &self.lens {
            Lens::Night(before) => before.values().map(|old| old.discrepancy.clone()).collect(),
            Lens::Look(_) => Vec::new(),
        }
    }

    /// Takes one that is found now.
    pub fn take(&mut self, discrepancy: Discrepancy) {
        let id = discrepancy.id();
        let nobody = Standing::default();
        let standing = self.standings.get(&id).unwrap_or(&nobody);
        let (state, first_seen) = match &self.lens {
            Lens::Night(before) => {
                let old = before.get(&id);
                if old.is_some() {
                    self.again.insert(id.clone());
                }
                let state = state_of(&discrepancy, old, standing);
                if standing.accepted.is_some() && state != State::Accepted {
                    self.compared.lapsed.push(id.clone());
                }
                (state, Some(old.map_or(self.as_of, |old| old.first_seen)))
            }
            Lens::Look(stored) => {
                let known = stored
                    .get(&id)
                    .filter(|known| known.state != State::Resolved);
                (
                    known.map_or(State::New, |known| known.state),
                    known.and_then(|k| k.first_seen),
                )
            }
        };
        self.push(&ReportedDiscrepancy {
            assignee: standing.assignee.clone(),
            note: standing.remark(),
            id,
            state,
            first_seen,
            discrepancy,
        });
    }

    fn push(&mut self, found: &ReportedDiscrepancy) {
        if (self.shows)(&found.discrepancy) {
            self.compared.shown.push(found);
        } else {
            self.compared.hidden.push(found);
        }
    }

    /// Adds what is resolved, and sorts.
    pub fn finish(mut self) -> Compared {
        let nobody = Standing::default();
        if let Lens::Night(before) = std::mem::replace(&mut self.lens, Lens::Look(BTreeMap::new()))
        {
            for (id, old) in before {
                if self.again.contains(&id) {
                    continue;
                }
                let standing = self.standings.get(&id).unwrap_or(&nobody);
                if standing.accepted.is_some() {
                    self.compared.lapsed.push(id.clone());
                }
                self.push(&ReportedDiscrepancy {
                    assignee: standing.assignee.clone(),
                    note: standing.remark(),
                    id,
                    state: State::Resolved,
                    first_seen: Some(old.first_seen),
                    discrepancy: old.discrepancy,
                });
            }
        }
        self.compared.shown.sort();
        self.compared.hidden.sort();
        self.compared
    }
}

fn state_of(now: &Discrepancy, old: Option<&Remembered>, standing: &Standing) -> State {
    let amounts = (now.expected, now.actual);
    match (old, standing.accepted) {
        (_, Some(accepted)) if accepted == amounts => State::Accepted,
        (None, _) => State::New,
        (Some(old), _) if (old.discrepancy.expected, old.discrepancy.actual) == amounts => {
            State::Persisting
        }
        (Some(_), _) => State::Changed,
    }
}
