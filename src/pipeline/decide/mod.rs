//! What people decide about discrepancies, each decision with its entry in the audit trail.
//!
//! [`decide`] is the typed command; it looks at what it is told and at nothing else. [`import`] is
//! a file of many decisions, which are compared with what their rows showed (`judge`). Both ask the
//! same `desk` what may be decided, and `linking` what may be linked.

mod desk;
mod import;
mod judge;
mod linking;
#[cfg(test)]
mod tests;
mod wording;

use std::collections::BTreeMap;

use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::{Action, Decision, Request, Standing};
use crate::domain::discrepancy::Code;
use crate::storage::{DatabaseLocation, Db, decisions, findings, runs};

use super::RunError;
use desk::{Case, Desk};
pub(in crate::pipeline) use import::{Asking, Judged, judged};
pub use import::{DecisionFile, Imported, Refused, Taken, import};

/// A decision about one or more discrepancies.
#[derive(Clone, Debug)]
pub struct Deciding<'d> {
    /// The discrepancies.
    pub ids: &'d [String],
    /// What is done.
    pub request: &'d Request,
    /// By whom.
    pub user: &'d str,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The discrepancy.
    pub id: String,
    /// Its code.
    pub code: Code,
    /// True where a second person has to approve it before it holds.
    pub is_proposed: bool,
}

/// Stores a decision about discrepancies that are open on the latest recorded night, or about a link
/// or proposal of any; all or none.
///
/// # Errors
/// When one of them is not open, the decision is refused, or the database fails.
pub async fn decide(
    settings: &Settings,
    location: &DatabaseLocation,
    deciding: &Deciding<'_>,
    clock: RunClock,
) -> Result<Vec<Decided>, RunError> {
    let (mut db, _lock) = Db::open(location).await?;
    let night = runs::latest(&mut db).await?.ok_or_else(no_night)?.as_of;
    let last = findings::last(&mut db, deciding.ids).await?;
    let trails = trails(&mut db, deciding.ids).await?;
    let standings: BTreeMap<&String, Standing> = trails
        .iter()
        .map(|(id, trail)| (id, Standing::of(trail)))
        .collect();
    let around = (settings, night, clock);
    let proposed = standings.values().filter_map(|it| it.proposed.as_deref());
    let requests = std::iter::once(deciding.request);
    let mut desk = Desk::open(&mut db, around, requests, proposed).await?;
    let (mut decided, mut told) = (Vec::new(), Vec::new());
    for id in deciding.ids {
        let of_the_past = concerns_the_past(deciding.request.action);
        let found = last
            .get(id)
            .filter(|last| last.until.is_none() || of_the_past);
        let last = found.ok_or_else(|| {
            RunError::NotFound(format!(
                "no discrepancy {id} is open on {night}; `crp-recon discrepancies` lists them"
            ))
        })?;
        let untouched = Standing::default();
        let case = Case {
            last,
            standing: standings.get(id).unwrap_or(&untouched),
            user: deciding.user,
            source: None,
        };
        let decision = desk.decide(case, deciding.request);
        let decision = decision.map_err(|problem| RunError::Refused(format!("{id} {problem}")))?;
        told.push(Decided {
            id: id.clone(),
            code: last.discrepancy.code,
            is_proposed: decision.is_proposed,
        });
        decided.push(decision);
    }
    store(&mut db, &decided).await?;
    db.close().await?;
    Ok(told)
}

/// True for what takes something back, whether the discrepancy is still found or not: what a link
/// resolved is found no more.
fn concerns_the_past(action: Action) -> bool {
    matches!(action, Action::Unlink | Action::Reject)
}

/// All decisions about some discrepancies, the oldest first.
async fn trails(db: &mut Db, ids: &[String]) -> Result<BTreeMap<String, Vec<Decision>>, RunError> {
    let mut trails: BTreeMap<String, Vec<Decision>> = BTreeMap::new();
    for decision in decisions::about(db, ids).await? {
        trails
            .entry(decision.id.clone())
            .or_default()
            .push(decision);
    }
    Ok(trails)
}

/// Writes decisions into the audit trail, all or none.
async fn store(db: &mut Db, decided: &[Decision]) -> Result<(), RunError> {
    db.begin().await?;
    decisions::insert(db, decided).await?;
    db.commit().await?;
    Ok(())
}

fn no_night() -> RunError {
    RunError::NotFound("no night is recorded yet; run `crp-recon run` first".to_owned())
}
