//! What people decide: accept, note, assign, reopen, each with its entry in the audit trail.

use crate::clock::RunClock;
use crate::domain::decision::{Action, Decision};
use crate::storage::intervals::Finding;
use crate::storage::{DatabaseLocation, Db, decisions, intervals, runs};

use super::RunError;

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
    let open = intervals::findings(&mut db, night.as_of).await?;
    let mut found = Vec::with_capacity(deciding.ids.len());
    for id in deciding.ids {
        let finding = open
            .iter()
            .find(|finding| finding.id == *id)
            .ok_or_else(|| {
                RunError::NotFound(format!(
                    "no discrepancy {id} is open on {}; `crp-recon discrepancies` lists them",
                    night.as_of
                ))
            })?;
        found.push(finding.clone());
    }
    let decision = |finding: &Finding| Decision {
        id: finding.id.clone(),
        action: deciding.action,
        at: clock.started_text(),
        by: deciding.user.to_owned(),
        content: deciding.content.to_owned(),
        expected: finding.discrepancy.expected,
        actual: finding.discrepancy.actual,
    };
    let decided: Vec<Decision> = found.iter().map(decision).collect();
    db.begin().await?;
    decisions::insert(&mut db, &decided).await?;
    db.commit().await?;
    db.close().await?;
    Ok(found)
}

fn no_night() -> RunError {
    RunError::NotFound("no night is recorded yet; run `crp-recon run` first".to_owned())
}
