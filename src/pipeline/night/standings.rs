//! Where discrepancies stand: by decisions, and by the night before.

use chrono::NaiveDate;

use crate::domain::discrepancy::DiscrepancyId;
use crate::domain::found::{FoundList, NightFindings};
use crate::matching::nights::{Comparison, KnownState, KnownStates, Lens, Standings};
use crate::pipeline::RunError;
use crate::storage::{Db, StorageError, decisions, findings, runs};

/// Where every discrepancy stands on a day, after all decisions that hold from it on or longer.
pub(in crate::pipeline) async fn standings(
    db: &mut Db,
    day: NaiveDate,
) -> Result<Standings, RunError> {
    let mut standings = Standings::new();
    for decision in decisions::all(db, None).await? {
        if decision.day.is_some_and(|own| day < own) {
            continue;
        }
        let id = DiscrepancyId::parse(&decision.id)
            .ok_or_else(|| StorageError::unexpected("the id of a decision", &decision.id))?;
        standings.entry(id).or_default().apply(&decision);
    }
    Ok(standings)
}

/// The discrepancies of a recorded night, those that it resolved among them.
pub(in crate::pipeline) async fn reported_on(
    db: &mut Db,
    day: NaiveDate,
    standings: &Standings,
) -> Result<FoundList, RunError> {
    let before = match runs::night_before(db, day, false).await? {
        Some(base) => findings::of_night(db, base.as_of).await?,
        None => NightFindings::default(),
    };
    let of_night = findings::of_night(db, day).await?;
    let mut comparison = Comparison::new(Lens::Night, before, standings, day, &|_| true);
    for found in of_night.iter() {
        comparison.take(&found);
    }
    Ok(comparison.finish().found)
}

/// The states of a recorded night.
pub(super) async fn states_of(
    db: &mut Db,
    day: NaiveDate,
    standings: &Standings,
) -> Result<KnownStates, RunError> {
    let reported = reported_on(db, day, standings).await?;
    let known = |life: crate::domain::found::Life| {
        let (state, first_seen) = (life.state, life.first_seen);
        (life.id, KnownState { state, first_seen })
    };
    Ok(reported.lives().map(known).collect())
}
