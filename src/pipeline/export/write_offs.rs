//! Differences that were written off, and taken back, as entries of the journal.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::party;
use crate::domain::Amount;
use crate::domain::decision::{Decision, Standing};
use crate::domain::discrepancy::Discrepancy;
use crate::domain::language::Wording;
use crate::export::compose::{WrittenOff, written_off};
use crate::export::model::Entry;
use crate::pipeline::RunError;
use crate::storage::{Db, decisions, findings};

/// What is posted: so much, on this account.
type Posted = (Amount, String);

/// The entries of all write-offs up to a day.
pub(super) async fn read(
    db: &mut Db,
    day: NaiveDate,
    wording: Wording,
) -> Result<Vec<Entry>, RunError> {
    let mut trails: BTreeMap<String, Vec<Decision>> = BTreeMap::new();
    for decision in decisions::about_write_offs(db).await? {
        if decision.day.is_none_or(|own| own <= day) {
            trails
                .entry(decision.id.clone())
                .or_default()
                .push(decision);
        }
    }
    let ids: Vec<String> = trails.keys().cloned().collect();
    let last = findings::last(db, &ids).await?;
    let entries = trails.iter().filter_map(|(id, trail)| {
        let found = &last.get(id)?.discrepancy;
        Some(of_trail(trail, found, wording))
    });
    Ok(entries.flatten().collect())
}

/// The entries of one discrepancy: whenever what is written off changes, what was posted is taken
/// back and what holds now is posted.
fn of_trail(trail: &[Decision], found: &Discrepancy, wording: Wording) -> Vec<Entry> {
    let mut standing = Standing::default();
    let mut posted: Option<Posted> = None;
    let mut date = NaiveDate::MIN;
    let mut entries = Vec::new();
    let mut post = |(difference, account): &Posted, date| {
        let off = WrittenOff {
            found,
            difference: *difference,
            account,
            date,
        };
        entries.extend(written_off(party(&found.provider, wording), off));
    };
    for decision in trail {
        standing.apply(decision);
        date = date.max(decision.day.unwrap_or(date));
        let now = in_force(&standing);
        if now == posted {
            continue;
        }
        if let Some((difference, account)) = posted.take() {
            post(&(-difference, account), date);
        }
        if let Some(now) = &now {
            post(now, date);
        }
        posted = now;
    }
    entries
}

/// What is written off.
fn in_force(standing: &Standing) -> Option<Posted> {
    let (expected, actual) = standing.accepted?;
    let off = standing.written_off.as_ref()?;
    Some((actual? - expected?, off.account.clone()))
}
