//! The table `findings`: discrepancies, and the recorded nights that found them.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::db::{Args, Db, KEYS_PER_LOOKUP, RowRef, StorageError, value_list};
use super::intervals::{Change, Holding, Interval, RecordedDay, each_covering, record};
use super::runs;
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::discrepancy::{Discrepancy, DiscrepancyId};
use crate::domain::finding::StoredFinding;
use crate::domain::found::{FoundList, NightFindings, OpenFinding};
use crate::domain::packed::Damage;

/// A discrepancy, and the recorded nights that found it with the same amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The discrepancy's id.
    pub id: String,
    /// When it was first seen.
    pub first_seen: NaiveDate,
    /// The first night.
    pub from: NaiveDate,
    /// The first recorded night that found something else, or did not find it any more; `None`
    /// while it is found.
    pub until: Option<NaiveDate>,
    /// What was found.
    pub discrepancy: Discrepancy,
}

/// One that no row holds yet.
struct NewFinding<'a> {
    id: DiscrepancyId,
    first_seen: NaiveDate,
    bytes: &'a [u8],
}

impl Interval for NewFinding<'_> {
    const TABLE: &'static str = "findings";
    const COLUMNS: &'static str = "id, first_seen, found";
    const COLUMN_COUNT: usize = 3;

    fn fill(&self, args: &mut Args) {
        args.text(&self.id.to_string())
            .int(day_number(self.first_seen))
            .bytes(self.bytes);
    }
}

/// Reads `id, first_seen, found` from a column on.
fn stored(row: RowRef<'_>, number: i64, at: usize) -> Result<StoredFinding<'_>, StorageError> {
    let of_row = |source| StorageError::Failed {
        doing: "reading what was found",
        source,
    };
    let text = row.text(at).map_err(of_row)?;
    let id = DiscrepancyId::parse(text);
    let day = row.int(at.saturating_add(1)).map_err(of_row)?;
    let first_seen = day_from_number(day);
    Ok(StoredFinding {
        row: number,
        id: id.ok_or_else(|| StorageError::unexpected("the id of a discrepancy", text))?,
        first_seen: first_seen
            .ok_or_else(|| StorageError::unexpected("the first day of a discrepancy", text))?,
        bytes: row.bytes(at.saturating_add(2)).map_err(of_row)?,
    })
}

/// What a recorded night found.
///
/// # Errors
/// When the database fails, or holds something that nobody stored.
pub async fn of_night(db: &mut Db, night: NaiveDate) -> Result<NightFindings, StorageError> {
    let mut all = NightFindings::default();
    let mut wrong = None;
    let table = ("findings", "id, first_seen, found");
    each_covering(db, table, night, |row| {
        let stored = stored(row, row.int(0)?, 1);
        let added = stored.and_then(|stored| {
            let damaged = |damage| StorageError::DamagedFinding {
                id: stored.id.to_string(),
                damage,
            };
            all.add(stored).map_err(damaged)
        });
        if let Err(error) = added {
            wrong.get_or_insert(error);
        }
        Ok(())
    })
    .await?;
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let found = u64::try_from(all.len()).unwrap_or(u64::MAX);
    match runs::open_on(db, night).await?.findings {
        Some(expected) if expected != found => Err(StorageError::DamagedNight {
            night,
            damage: Damage::Count { expected, found },
        }),
        Some(_) | None => Ok(all),
    }
}

/// Records what a night found.
///
/// # Errors
/// When the database fails.
pub async fn record_night(
    db: &mut Db,
    day: RecordedDay,
    found: &FoundList,
) -> Result<(), StorageError> {
    let before = found.rows_before();
    let now = found.open().map(|found| holding(found, day.day));
    record(db, day, Change { before, now }).await
}

fn holding(found: OpenFinding<'_>, today: NaiveDate) -> Holding<NewFinding<'_>> {
    match found.row {
        Some(row) => Holding::Row(row),
        None => Holding::New(NewFinding {
            id: found.id,
            first_seen: found.first_seen.unwrap_or(today),
            bytes: found.bytes,
        }),
    }
}

const HISTORY: &str = "SELECT number, id, first_seen, found, from_day, until_day FROM findings";

fn finding(row: RowRef<'_>) -> Result<Finding, StorageError> {
    let of_row = |source| StorageError::Failed {
        doing: "reading what was found",
        source,
    };
    let stored = stored(row, row.int(0).map_err(of_row)?, 1)?;
    let id = stored.id.to_string();
    let from = day_from_number(row.int(4).map_err(of_row)?);
    let damaged = |damage| StorageError::DamagedFinding {
        id: stored.id.to_string(),
        damage,
    };
    Ok(Finding {
        first_seen: stored.first_seen,
        from: from.ok_or_else(|| StorageError::unexpected("the day of a discrepancy", &id))?,
        until: row.opt_int(5).map_err(of_row)?.and_then(day_from_number),
        discrepancy: stored.unpack().map_err(damaged)?,
        id,
    })
}

/// All that was ever found under an id, the oldest first.
///
/// # Errors
/// When the database fails, or holds something that nobody stored.
pub async fn history(db: &mut Db, id: &str) -> Result<Vec<Finding>, StorageError> {
    let mut args = db.args();
    args.text(id);
    let sql = format!("{HISTORY} WHERE id = ? ORDER BY from_day");
    let all = db
        .all("reading what was found", &sql, args, |row| Ok(finding(row)))
        .await?;
    all.into_iter().collect()
}

/// What was found last under each of some ids; ids that never were are left out.
///
/// # Errors
/// When the database fails, or holds something that nobody stored.
pub async fn last(db: &mut Db, ids: &[String]) -> Result<HashMap<String, Finding>, StorageError> {
    let mut last = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(KEYS_PER_LOOKUP) {
        let mut args = db.args();
        for id in chunk {
            args.text(id);
        }
        let of_chunk = value_list(chunk.len());
        let sql = format!("{HISTORY} WHERE id IN ({of_chunk}) ORDER BY from_day");
        let found = db
            .all("reading what was found", &sql, args, |row| Ok(finding(row)))
            .await?;
        // Of several intervals the later one takes the place of the earlier.
        for finding in found {
            let finding = finding?;
            last.insert(finding.id.clone(), finding);
        }
    }
    Ok(last)
}
