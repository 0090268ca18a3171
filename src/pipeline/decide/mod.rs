//! What people decide: accept, note, assign, reopen, each with its entry in the audit trail.
//!
//! [`decide`] is the typed command; it looks at what it is told and at nothing else. [`import`] is
//! a file of many decisions, which are compared with what their rows showed ([`judge`]).

mod import;
mod judge;
#[cfg(test)]
mod tests;
mod wording;

use crate::clock::RunClock;
use crate::domain::decision::{Action, Decision};
use crate::storage::findings::{self, Finding};
use crate::storage::{DatabaseLocation, Db, decisions, runs};

use super::RunError;
pub use import::{DecisionFile, Imported, Refused, Taken, import};

/// A decision about one or more discrepancies.
#[derive(Clone, Debug)]
pub struct Deciding<'d> {
    /// The discrepancies.
    pub ids: &'d [String],
    /// What is done.
    pub action: Action,
    /// The reason, the note or the assignee.
    pub content: &'d str,
    /// By whom.
    pub user: &'d str,
}

/// Stores a decision about discrepancies that are open on the latest recorded night; all or none.
///
/// # Errors
/// When one of them is not open, or the database fails.
pub async fn decide(
    location: &DatabaseLocation,
    deciding: &Deciding<'_>,
    clock: RunClock,
) -> Result<Vec<Finding>, RunError> {
    let (mut db, _lock) = Db::open(location).await?;
    let night = runs::latest(&mut db).await?.ok_or_else(no_night)?;
    let last = findings::last(&mut db, deciding.ids).await?;
    let mut found = Vec::with_capacity(deciding.ids.len());
    for id in deciding.ids {
        let last = last.get(id).filter(|last| last.until.is_none());
        let last = last.ok_or_else(|| {
            RunError::NotFound(format!(
                "no discrepancy {id} is open on {}; `crp-recon discrepancies` lists them",
                night.as_of
            ))
        })?;
        found.push(last.clone());
    }
    let decision = |finding: &Finding| Decision {
        id: finding.id.clone(),
        action: deciding.action,
        at: clock.started_text(),
        by: deciding.user.to_owned(),
        content: deciding.content.to_owned(),
        expected: finding.discrepancy.expected,
        actual: finding.discrepancy.actual,
        source: None,
    };
    let decided: Vec<Decision> = found.iter().map(decision).collect();
    store(&mut db, &decided).await?;
    db.close().await?;
    Ok(found)
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
