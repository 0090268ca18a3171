//! State over the nights: what is new, what persists, what changed, what is resolved.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::decision::Standing;
use crate::domain::discrepancy::{Discrepancy, ReportedDiscrepancy, State};

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

/// The outcome of a night compared with the night before.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Open discrepancies, then those resolved.
    pub reported: Vec<ReportedDiscrepancy>,
    /// Ids whose acceptance ends with this night: the amounts changed, or it is resolved.
    pub lapsed: Vec<String>,
}

/// Compares what is found now with the night before.
pub fn compare(
    now: Vec<Discrepancy>,
    before: &NightBefore,
    standings: &BTreeMap<String, Standing>,
    as_of: NaiveDate,
) -> Compared {
    let nobody = Standing::default();
    let mut compared = Compared::default();
    let mut open = BTreeSet::new();
    for discrepancy in now {
        let id = discrepancy.id();
        let standing = standings.get(&id).unwrap_or(&nobody);
        let remembered = before.get(&id);
        let amounts = (discrepancy.expected, discrepancy.actual);
        let state = match (remembered, standing.accepted) {
            (_, Some(accepted)) if accepted == amounts => State::Accepted,
            (None, _) => State::New,
            (Some(old), _) if (old.discrepancy.expected, old.discrepancy.actual) == amounts => {
                State::Persisting
            }
            (Some(_), _) => State::Changed,
        };
        if standing.accepted.is_some() && state != State::Accepted {
            compared.lapsed.push(id.clone());
        }
        compared.reported.push(ReportedDiscrepancy {
            state,
            first_seen: Some(remembered.map_or(as_of, |old| old.first_seen)),
            assignee: standing.assignee.clone(),
            note: standing.note.clone(),
            id: id.clone(),
            discrepancy,
        });
        open.insert(id);
    }
    for (id, old) in before.iter().filter(|(id, _)| !open.contains(*id)) {
        let standing = standings.get(id).unwrap_or(&nobody);
        if standing.accepted.is_some() {
            compared.lapsed.push(id.clone());
        }
        compared.reported.push(ReportedDiscrepancy {
            discrepancy: old.discrepancy.clone(),
            id: id.clone(),
            state: State::Resolved,
            first_seen: Some(old.first_seen),
            assignee: standing.assignee.clone(),
            note: standing.note.clone(),
        });
    }
    compared
}

/// Gives discrepancies that a look found their stored state and first day, else `new` and none.
pub fn as_stored(
    now: Vec<Discrepancy>,
    stored: &BTreeMap<String, ReportedDiscrepancy>,
) -> Vec<ReportedDiscrepancy> {
    let look = |discrepancy: Discrepancy| {
        let id = discrepancy.id();
        let known = stored
            .get(&id)
            .filter(|known| known.state != State::Resolved);
        ReportedDiscrepancy {
            state: known.map_or(State::New, |known| known.state),
            first_seen: known.and_then(|known| known.first_seen),
            assignee: known
                .map(|known| known.assignee.clone())
                .unwrap_or_default(),
            note: known.map(|known| known.note.clone()).unwrap_or_default(),
            discrepancy,
            id,
        }
    };
    now.into_iter().map(look).collect()
}
