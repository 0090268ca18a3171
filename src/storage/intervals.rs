//! Rows that hold for nights: the tables `findings` and `open_orders`.
//!
//! A row holds for the recorded as-of dates d with `from_day` ≤ d < `until_day`. A night that finds
//! the same as the night before writes nothing, so these tables grow with what changes. Recording
//! a night sets what holds on its date and on no other: later nights, when there are any, keep
//! what they recorded.

use chrono::NaiveDate;

use super::db::{Args, Db, KEYS_PER_LOOKUP, RowRef, StorageError, value_list};
use crate::domain::calendar::day_number;

/// The day that is recorded, and the next recorded day behind it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedDay {
    /// The as-of date.
    pub day: NaiveDate,
    /// The first recorded as-of date behind it.
    pub next: Option<NaiveDate>,
    /// True where neither this date nor a later one was recorded so far: what holds on it is what
    /// held on the night before.
    pub is_last: bool,
}

/// What a night makes hold on its day.
pub(super) struct Change<I> {
    /// The rows that held on the night before, where they are known.
    pub(super) before: Vec<i64>,
    /// What holds now.
    pub(super) now: I,
}

/// What holds on the night that is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding<T> {
    /// What this row says; it need not have held on that night so far.
    Row(i64),
    /// What no row says yet.
    New(T),
}

/// A table of intervals.
pub(super) trait Interval: Sized {
    const TABLE: &'static str;
    /// Its columns besides `number`, `from_day` and `until_day`.
    const COLUMNS: &'static str;
    const COLUMN_COUNT: usize;

    fn fill(&self, args: &mut Args);
}

/// A row that holds on a night.
struct Covering {
    number: i64,
    from: i64,
    until: Option<i64>,
    is_kept: bool,
}

/// Reads what holds on a night: the number of each row, then `columns`.
pub(super) async fn each_covering(
    db: &mut Db,
    (table, columns): (&str, &str),
    day: NaiveDate,
    take: impl FnMut(RowRef<'_>) -> Result<(), sqlx::Error>,
) -> Result<(), StorageError> {
    let mut args = db.args();
    let number = day_number(day);
    args.int(number).int(number).int(number);
    // Two halves, so that the index on until_day serves both.
    let sql = format!(
        "SELECT number, {columns} FROM {table} WHERE until_day IS NULL AND from_day <= ? \
         UNION ALL SELECT number, {columns} FROM {table} WHERE until_day > ? AND from_day <= ?"
    );
    db.each("reading what was found", &sql, args, take).await
}

/// Makes `now` what holds on the day.
pub(super) async fn record<T: Interval>(
    db: &mut Db,
    day: RecordedDay,
    Change { before, now }: Change<impl Iterator<Item = Holding<T>>>,
) -> Result<(), StorageError> {
    let mut before = if day.is_last {
        open_ended(before)
    } else {
        covering::<T>(db, day.day).await?
    };
    let today = day_number(day.day);
    let next = day.next.map(day_number);
    // Rows that say it and do not hold today: the night is recorded again, and was otherwise.
    let mut again = Vec::new();
    let fresh = now.filter_map(|holding| match holding {
        Holding::New(value) => Some((today, next, value)),
        Holding::Row(number) => {
            let at = before.binary_search_by_key(&number, |row| row.number);
            match at.ok().and_then(|at| before.get_mut(at)) {
                Some(row) => row.is_kept = true,
                None => again.push(number),
            }
            None
        }
    });
    insert(db, fresh).await?;
    copy::<T>(db, &again, "?, ?", &[Some(today), next]).await?;
    let (mut drop, mut end, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for row in before.iter().filter(|row| !row.is_kept) {
        if row.from < today {
            end.push(row.number);
        } else {
            drop.push(row.number);
        }
        if next.is_some_and(|next| row.until.is_none_or(|until| until > next)) {
            later.push(row.number);
        }
    }
    copy::<T>(db, &later, "?, until_day", &[next]).await?;
    change(db, &format!("DELETE FROM {}", T::TABLE), None, &drop).await?;
    change(
        db,
        &format!("UPDATE {} SET until_day = ?", T::TABLE),
        Some(today),
        &end,
    )
    .await
}

/// Rows of the latest recorded night, by number.
fn open_ended(mut numbers: Vec<i64>) -> Vec<Covering> {
    numbers.sort_unstable();
    let row = |number| Covering {
        number,
        from: i64::MIN,
        until: None,
        is_kept: false,
    };
    numbers.into_iter().map(row).collect()
}

/// The rows that hold on a night, by number.
async fn covering<T: Interval>(db: &mut Db, day: NaiveDate) -> Result<Vec<Covering>, StorageError> {
    let mut rows = Vec::new();
    each_covering(db, (T::TABLE, "from_day, until_day"), day, |row| {
        rows.push(Covering {
            number: row.int(0)?,
            from: row.int(1)?,
            until: row.opt_int(2)?,
            is_kept: false,
        });
        Ok(())
    })
    .await?;
    rows.sort_unstable_by_key(|row| row.number);
    Ok(rows)
}

async fn change(
    db: &mut Db,
    statement: &str,
    first: Option<i64>,
    numbers: &[i64],
) -> Result<(), StorageError> {
    for chunk in numbers.chunks(KEYS_PER_LOOKUP) {
        let mut args = db.args();
        let values = first.into_iter().chain(chunk.iter().copied());
        values.for_each(|number| {
            args.int(number);
        });
        let sql = format!("{statement} WHERE number IN ({})", value_list(chunk.len()));
        db.execute("recording what was found", &sql, args).await?;
    }
    Ok(())
}

async fn last_number<T: Interval>(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    let sql = format!("SELECT MAX(number) FROM {}", T::TABLE);
    db.number("counting what was found", &sql, args).await
}

/// Lets what some rows say hold for other nights, too: `interval` is two columns, with values.
async fn copy<T: Interval>(
    db: &mut Db,
    numbers: &[i64],
    interval: &str,
    values: &[Option<i64>],
) -> Result<(), StorageError> {
    let (table, columns) = (T::TABLE, T::COLUMNS);
    for chunk in numbers.chunks(KEYS_PER_LOOKUP) {
        let last = last_number::<T>(db).await?;
        let mut args = db.args();
        args.int(last);
        for value in values {
            args.opt_int(*value);
        }
        for number in chunk {
            args.int(*number);
        }
        let sql = format!(
            "INSERT INTO {table} (number, from_day, until_day, {columns}) \
             SELECT ? + ROW_NUMBER() OVER (ORDER BY number), {interval}, {columns} FROM {table} \
             WHERE number IN ({})",
            value_list(chunk.len())
        );
        db.execute("recording what was found", &sql, args).await?;
    }
    Ok(())
}

/// Inserts rows: from, until, value.
async fn insert<T: Interval>(
    db: &mut Db,
    rows: impl Iterator<Item = (i64, Option<i64>, T)>,
) -> Result<(), StorageError> {
    let last = last_number::<T>(db).await?;
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
