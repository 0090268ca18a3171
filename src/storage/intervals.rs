//! The tables `findings` and `open_orders`: what was found on which recorded night.
//!
//! A row holds for the recorded as-of dates d with `from_day` ≤ d < `until_day`. A night that finds
//! the same as the night before writes nothing, so these tables grow with what changes. Recording
//! a night sets what holds on its date and on no other: later nights, when there are any, keep
//! what they recorded.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::db::{Args, Db, KEYS_PER_LOOKUP, RowRef, StorageError, value_list};
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::discrepancy::Discrepancy;
use crate::domain::finding::unpack_finding;
use crate::domain::outcome::OrderState;

/// A discrepancy as a recorded night found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The discrepancy's id.
    pub id: String,
    /// When it was first seen.
    pub first_seen: NaiveDate,
    /// What was found.
    pub discrepancy: Discrepancy,
}

/// An order that is not plainly balanced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenOrder {
    /// Who finances it.
    pub provider: String,
    /// Its reference.
    pub order_reference: String,
    /// Where it stands.
    pub state: OrderState,
    /// The next day on which time alone may change it.
    pub check_on: Option<NaiveDate>,
}

/// The day that is recorded, and the next recorded day behind it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedDay {
    /// The as-of date.
    pub day: NaiveDate,
    /// The first recorded as-of date behind it.
    pub next: Option<NaiveDate>,
}

/// What of a row makes it the same on another night.
trait Interval: Sized {
    const TABLE: &'static str;
    const COLUMNS: &'static str;
    const COLUMN_COUNT: usize;

    fn read(row: RowRef<'_>) -> Result<Self, sqlx::Error>;
    fn fill(&self, args: &mut Args);
    /// What no two rows of one night share.
    fn key(&self) -> String;
    fn same(&self, other: &Self) -> bool;
}

fn decode(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("{what} is not what this program writes").into())
}

/// A finding whose discrepancy is packed, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedFinding<'a> {
    /// The discrepancy's id.
    pub id: Cow<'a, str>,
    /// When it was first seen.
    pub first_seen: NaiveDate,
    /// What was found (`domain::packed`).
    pub found: Cow<'a, [u8]>,
}

impl PackedFinding<'_> {
    fn unpack(self) -> Result<Finding, StorageError> {
        let discrepancy =
            unpack_finding(&self.found).map_err(|damage| StorageError::DamagedFinding {
                id: self.id.clone().into_owned(),
                damage,
            })?;
        Ok(Finding {
            id: self.id.into_owned(),
            first_seen: self.first_seen,
            discrepancy,
        })
    }
}

impl Interval for PackedFinding<'_> {
    const TABLE: &'static str = "findings";
    const COLUMNS: &'static str = "id, first_seen, found";
    const COLUMN_COUNT: usize = 3;

    fn read(row: RowRef<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: Cow::Owned(row.text(0)?.to_owned()),
            first_seen: day_from_number(row.int(1)?).ok_or_else(|| decode("first_seen"))?,
            found: Cow::Owned(row.bytes(2)?.to_owned()),
        })
    }

    fn fill(&self, args: &mut Args) {
        args.text(&self.id)
            .int(day_number(self.first_seen))
            .bytes(&self.found);
    }

    fn key(&self) -> String {
        self.id.clone().into_owned()
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Interval for OpenOrder {
    const TABLE: &'static str = "open_orders";
    const COLUMNS: &'static str = "provider, order_reference, state, check_on";
    const COLUMN_COUNT: usize = 4;

    fn read(row: RowRef<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            provider: row.text(0)?.to_owned(),
            order_reference: row.text(1)?.to_owned(),
            state: OrderState::from_word(row.text(2)?).ok_or_else(|| decode("state"))?,
            check_on: row.opt_int(3)?.and_then(day_from_number),
        })
    }

    fn fill(&self, args: &mut Args) {
        args.word(&self.provider)
            .text(&self.order_reference)
            .word(self.state.word())
            .opt_int(self.check_on.map(day_number));
    }

    fn key(&self) -> String {
        format!("{}\u{1f}{}", self.provider, self.order_reference)
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

struct Stored<T> {
    number: i64,
    from: i64,
    until: Option<i64>,
    value: T,
}

async fn covering<T: Interval>(
    db: &mut Db,
    day: NaiveDate,
) -> Result<Vec<Stored<T>>, StorageError> {
    let mut args = db.args();
    let number = day_number(day);
    args.int(number).int(number).int(number);
    // Two halves, so that the index on until_day serves both.
    let columns = format!("{}, number, from_day, until_day", T::COLUMNS);
    let sql = format!(
        "SELECT {columns} FROM {table} WHERE until_day IS NULL AND from_day <= ? \
         UNION ALL SELECT {columns} FROM {table} WHERE until_day > ? AND from_day <= ?",
        table = T::TABLE
    );
    let at = T::COLUMN_COUNT;
    db.all("reading what was found", &sql, args, |row| {
        Ok(Stored {
            number: row.int(at)?,
            from: row.int(at.saturating_add(1))?,
            until: row.opt_int(at.saturating_add(2))?,
            value: T::read(row)?,
        })
    })
    .await
}

/// Makes `now` what holds on the day.
async fn record<T: Interval>(
    db: &mut Db,
    day: RecordedDay,
    now: impl Iterator<Item = T>,
) -> Result<(), StorageError> {
    let before: Vec<Stored<T>> = covering(db, day.day).await?;
    let mut before: HashMap<String, Stored<T>> = before
        .into_iter()
        .map(|stored| (stored.value.key(), stored))
        .collect();
    let today = day_number(day.day);
    let next = day.next.map(day_number);
    let mut over = Vec::new();
    let fresh = now.filter_map(|value| {
        let known = before.remove(&value.key());
        if known
            .as_ref()
            .is_some_and(|stored| stored.value.same(&value))
        {
            return None;
        }
        over.extend(known);
        Some((today, next, value))
    });
    insert(db, fresh).await?;
    over.extend(before.into_values());
    over.sort_by_key(|stored| stored.number);
    let (mut drop, mut end, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for stored in over {
        if stored.from < today {
            end.push(stored.number);
        } else {
            drop.push(stored.number);
        }
        if let Some(next) = next.filter(|next| stored.until.is_none_or(|until| until > *next)) {
            again.push((next, stored.until, stored.value));
        }
    }
    insert(db, again.into_iter()).await?;
    change(db, &format!("DELETE FROM {}", T::TABLE), None, &drop).await?;
    change(
        db,
        &format!("UPDATE {} SET until_day = ?", T::TABLE),
        Some(today),
        &end,
    )
    .await
}

async fn change(
    db: &mut Db,
    statement: &str,
    first: Option<i64>,
    numbers: &[i64],
) -> Result<(), StorageError> {
    for chunk in numbers.chunks(KEYS_PER_LOOKUP) {
        let mut args = db.args();
        first
            .into_iter()
            .chain(chunk.iter().copied())
            .for_each(|number| {
                args.int(number);
            });
        let sql = format!("{statement} WHERE number IN ({})", value_list(chunk.len()));
        db.execute("recording what was found", &sql, args).await?;
    }
    Ok(())
}

/// Inserts rows: from, until, value.
async fn insert<T: Interval>(
    db: &mut Db,
    rows: impl Iterator<Item = (i64, Option<i64>, T)>,
) -> Result<(), StorageError> {
    let args = db.args();
    let sql = format!("SELECT MAX(number) FROM {}", T::TABLE);
    let last = db.number("counting what was found", &sql, args).await?;
    let into = format!(
        "INSERT INTO {} (number, from_day, until_day, {})",
        T::TABLE,
        T::COLUMNS
    );
    let columns = T::COLUMN_COUNT.saturating_add(3);
    let numbered = (last.saturating_add(1)..).zip(rows);
    db.insert_all(
        "recording what was found",
        (&into, columns),
        numbered,
        |row, args| {
            let (number, (from, until, value)) = row;
            args.int(number).int(from).opt_int(until);
            value.fill(args);
        },
    )
    .await
}

/// What a recorded night found.
///
/// # Errors
/// When the database fails.
pub async fn findings(db: &mut Db, night: NaiveDate) -> Result<Vec<Finding>, StorageError> {
    let stored: Vec<Stored<PackedFinding<'_>>> = covering(db, night).await?;
    stored
        .into_iter()
        .map(|stored| stored.value.unpack())
        .collect()
}

/// Records what a night found.
///
/// # Errors
/// When the database fails.
pub async fn record_findings(
    db: &mut Db,
    day: RecordedDay,
    now: impl Iterator<Item = PackedFinding<'_>>,
) -> Result<(), StorageError> {
    record(db, day, now).await
}

/// The orders that were not plainly balanced on a recorded night.
///
/// # Errors
/// When the database fails.
pub async fn open_orders(db: &mut Db, night: NaiveDate) -> Result<Vec<OpenOrder>, StorageError> {
    let stored = covering(db, night).await?;
    Ok(stored.into_iter().map(|stored| stored.value).collect())
}

/// Records the orders that are not plainly balanced.
///
/// # Errors
/// When the database fails.
pub async fn record_open_orders(
    db: &mut Db,
    day: RecordedDay,
    now: impl Iterator<Item = OpenOrder>,
) -> Result<(), StorageError> {
    record(db, day, now).await
}

/// All that was ever found under an id, the oldest first, with the days it held.
///
/// # Errors
/// When the database fails.
pub async fn history(
    db: &mut Db,
    id: &str,
) -> Result<Vec<(NaiveDate, Option<NaiveDate>, Finding)>, StorageError> {
    let mut args = db.args();
    args.text(id);
    let sql = "SELECT id, first_seen, found, from_day, until_day FROM findings WHERE id = ? \
               ORDER BY from_day";
    let stored = db
        .all("reading what was found", sql, args, |row| {
            let from = day_from_number(row.int(3)?).ok_or_else(|| decode("from_day"))?;
            let until = row.opt_int(4)?.and_then(day_from_number);
            Ok((from, until, PackedFinding::read(row)?))
        })
        .await?;
    stored
        .into_iter()
        .map(|(from, until, found)| Ok((from, until, found.unpack()?)))
        .collect()
}

/// What was found last under an id, and whether it still is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastFound {
    /// What was found.
    pub finding: Finding,
    /// The first recorded night that did not find it any more; `None` while it is found.
    pub gone_since: Option<NaiveDate>,
}

/// What was found last under each of some ids; ids that never were are left out.
///
/// # Errors
/// When the database fails.
pub async fn last_found(
    db: &mut Db,
    ids: &[String],
) -> Result<HashMap<String, LastFound>, StorageError> {
    let mut last = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(KEYS_PER_LOOKUP) {
        let mut args = db.args();
        for id in chunk {
            args.text(id);
        }
        let sql = format!(
            "SELECT id, first_seen, found, until_day FROM findings WHERE id IN ({}) \
             ORDER BY from_day",
            value_list(chunk.len())
        );
        let found = db
            .all("reading what was found", &sql, args, |row| {
                let until = row.opt_int(3)?.and_then(day_from_number);
                Ok((until, PackedFinding::read(row)?))
            })
            .await?;
        // Of several intervals the later one takes the place of the earlier.
        for (gone_since, found) in found {
            let finding = found.unpack()?;
            let found = LastFound {
                finding,
                gone_since,
            };
            last.insert(found.finding.id.clone(), found);
        }
    }
    Ok(last)
}
