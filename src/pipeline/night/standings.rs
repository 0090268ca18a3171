//! Where discrepancies stand: by decisions, and by the night before.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::decision::Standing;
use crate::domain::discrepancy::ReportedDiscrepancy;
use crate::matching::nights::{Comparison, Lens, NightBefore, Remembered};
use crate::pipeline::RunError;
use crate::storage::intervals::{self, Finding};
use crate::storage::runs;
use crate::storage::{Db, decisions};

/// Where every discrepancy stands after all decisions.
pub(in crate::pipeline) async fn standings(
    db: &mut Db,
) -> Result<BTreeMap<String, Standing>, RunError> {
    let mut standings: BTreeMap<String, Standing> = BTreeMap::new();
    for decision in decisions::all(db, None).await? {
        standings
            .entry(decision.id.clone())
            .or_default()
            .apply(&decision);
    }
    Ok(standings)
}

pub(super) fn remembered(findings: &[Finding]) -> NightBefore {
    let remembered = |finding: &Finding| {
        let first_seen = finding.first_seen;
        let discrepancy = finding.discrepancy.clone();
        (
            finding.id.clone(),
            Remembered {
                first_seen,
                discrepancy,
            },
        )
    };
    findings.iter().map(remembered).collect()
}

/// The states of a recorded night, by id.
pub(in crate::pipeline) async fn states_of(
    db: &mut Db,
    day: NaiveDate,
    findings: &[Finding],
    standings: &BTreeMap<String, Standing>,
) -> Result<BTreeMap<String, ReportedDiscrepancy>, RunError> {
    let before = match runs::night_before(db, day, false).await? {
        Some(base) => remembered(&intervals::findings(db, base.as_of).await?),
        None => NightBefore::new(),
    };
    let mut comparison = Comparison::new(Lens::Night(before), standings, day, &|_| true);
    for finding in findings {
        comparison.take(finding.discrepancy.clone());
    }
    let shown = comparison.finish().shown;
    Ok(shown
        .iter()
        .map(|found| (found.id.clone(), found))
        .collect())
}
