//! The table `runs`. Each row has a seal over what never changes in it: which nights were recorded,
//! and when, decides what later ones compare with.

use chrono::NaiveDate;

use super::db::{Args, Db, RowRef, StorageError, value_list};
use super::seals::Seal;
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::file::Reported;
use crate::domain::packed::Damage;

/// Later than any business day; its number has eight digits like all others.
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// One execution of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number.
    pub id: i64,
    /// The day it looked from.
    pub as_of: NaiveDate,
    /// First and last event day, for a range.
    pub range: Option<(NaiveDate, NaiveDate)>,
    /// True when the next night compares with it.
    pub recorded: bool,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// How long it took.
    pub duration_ms: i64,
    /// Fingerprint of the rules it followed.
    pub rules: String,
    /// Files it stored.
    pub files: i64,
    /// Settlement lines it stored.
    pub lines: i64,
    /// Discrepancies open after it.
    pub open: i64,
    /// Orders that are not plainly balanced, of a recorded night.
    pub open_orders: Option<i64>,
    /// Of these, new.
    pub new: i64,
    /// Its exit code.
    pub exit: i64,
    /// SHA-256 of the manifest of a recorded night's report; version 0.1.0 wrote none.
    pub manifest: Option<String>,
}

const COLUMNS: &str = "id, as_of, from_day, to_day, recorded, started_at, duration_ms, rules, \
                       files, line_count, open_count, new_count, exit, open_orders, \
                       manifest, seal";

impl RunRecord {
    /// The checksum over what never changes: how a run ended may be noted later.
    fn seal(&self) -> i64 {
        let mut seal = Seal::default();
        let range = self
            .range
            .map(|(from, to)| (day_number(from), day_number(to)));
        let when = (self.id, day_number(self.as_of), range, self.recorded);
        let how = (&self.started_at, self.duration_ms, &self.rules);
        let counts = (
            self.files,
            self.lines,
            self.open,
            self.new,
            self.open_orders,
        );
        seal.add("run", &(when, how, counts));
        if let Some(manifest) = &self.manifest {
            seal.add("manifest", manifest);
        }
        seal.number()
    }

    /// A row as it is, and its seal.
    fn unchecked(row: RowRef<'_>) -> Result<(Self, Option<i64>), sqlx::Error> {
        let day = |column| {
            row.opt_int(column)
                .map(|number| number.and_then(day_from_number))
        };
        let run = Self {
            id: row.int(0)?,
            as_of: day(1)?.unwrap_or_default(),
            range: day(2)?.zip(day(3)?),
            recorded: row.int(4)? == 1,
            started_at: row.text(5)?.to_owned(),
            duration_ms: row.int(6)?,
            rules: row.text(7)?.to_owned(),
            files: row.int(8)?,
            lines: row.int(9)?,
            open: row.int(10)?,
            new: row.int(11)?,
            exit: row.int(12)?,
            open_orders: row.opt_int(13)?,
            manifest: row.opt_text(14)?.map(str::to_owned),
        };
        Ok((run, row.opt_int(15)?))
    }

    /// The same, once it is known to be what was stored.
    fn checked((run, seal): (Self, Option<i64>)) -> Result<Self, StorageError> {
        if seal == Some(run.seal()) {
            return Ok(run);
        }
        Err(StorageError::DamagedRun {
            run: run.id,
            damage: Damage::Checksum,
        })
    }
}

/// The runs that a condition is true for.
async fn read(db: &mut Db, condition: &str, args: Args) -> Result<Vec<RunRecord>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM runs {condition}");
    let rows = db
        .all("reading the runs", &sql, args, RunRecord::unchecked)
        .await?;
    rows.into_iter().map(RunRecord::checked).collect()
}

/// All runs, the oldest first.
///
/// # Errors
/// When the database fails, or one of them is damaged or gone.
pub async fn all(db: &mut Db) -> Result<Vec<RunRecord>, StorageError> {
    let args = db.args();
    let all = read(db, "ORDER BY id", args).await?;
    match (1..).zip(&all).find(|(number, run)| *number != run.id) {
        None => Ok(all),
        Some((run, _)) => Err(StorageError::DamagedRun {
            run,
            damage: Damage::Elsewhere,
        }),
    }
}

/// Seals the runs of an earlier version, which had no seals.
///
/// # Errors
/// When the database fails.
pub(super) async fn seal_all(db: &mut Db) -> Result<(), StorageError> {
    let args = db.args();
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE seal IS NULL");
    let rows = db
        .all("reading the runs", &sql, args, RunRecord::unchecked)
        .await?;
    for (run, _) in rows {
        let mut args = db.args();
        args.int(run.seal()).int(run.id);
        let sql = "UPDATE runs SET seal = ? WHERE id = ?";
        db.execute("sealing the runs", sql, args).await?;
    }
    Ok(())
}

/// A recorded night that a run may go on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedNight {
    /// Its as-of date.
    pub as_of: NaiveDate,
    /// The last run that recorded it.
    pub run: i64,
    /// Fingerprint of the rules it followed.
    pub rules: String,
    /// SHA-256 of its report's manifest, where it has one.
    pub manifest: Option<String>,
}

/// The recorded nights in the order in which they ran: number and as-of date. A day that was
/// repeated is there more than once.
///
/// # Errors
/// When the database fails, or a run is damaged or gone.
pub async fn recorded(db: &mut Db) -> Result<Vec<Reported>, StorageError> {
    let runs = all(db).await?.into_iter();
    let night = |run: RunRecord| Reported {
        run: run.id,
        as_of: run.as_of,
    };
    Ok(runs.filter(|run| run.recorded).map(night).collect())
}

/// How much a recorded night left open, to know that all of it is still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOpen {
    /// Discrepancies.
    pub findings: Option<u64>,
    /// Orders; version 0.1.0 did not count them.
    pub orders: Option<u64>,
}

/// What the recorded night of a day left open; nothing where no night of that day is recorded.
///
/// # Errors
/// When the database fails.
pub async fn open_on(db: &mut Db, night: NaiveDate) -> Result<LeftOpen, StorageError> {
    let mut args = db.args();
    args.int(day_number(night));
    let condition = "WHERE recorded = 1 AND as_of = ? ORDER BY id DESC LIMIT 1";
    let found = read(db, condition, args).await?.into_iter().next();
    Ok(found.map_or_else(LeftOpen::default, |run| LeftOpen {
        findings: u64::try_from(run.open).ok(),
        orders: run
            .open_orders
            .and_then(|orders| u64::try_from(orders).ok()),
    }))
}

/// The latest recorded night before a day, or up to it with `inclusive`.
///
/// # Errors
/// When the database fails.
pub async fn night_before(
    db: &mut Db,
    day: NaiveDate,
    inclusive: bool,
) -> Result<Option<RecordedNight>, StorageError> {
    let mut args = db.args();
    args.int(day_number(day)).int(i64::from(inclusive));
    let condition = "WHERE recorded = 1 AND as_of < ? + ? ORDER BY as_of DESC, id DESC LIMIT 1";
    let found = read(db, condition, args).await?.into_iter().next();
    Ok(found.map(|run| RecordedNight {
        as_of: run.as_of,
        run: run.id,
        rules: run.rules,
        manifest: run.manifest,
    }))
}

/// The latest recorded night.
///
/// # Errors
/// When the database fails.
pub async fn latest(db: &mut Db) -> Result<Option<RecordedNight>, StorageError> {
    night_before(db, LAST_DAY, true).await
}

/// The first recorded as-of date after a day.
///
/// # Errors
/// When the database fails.
pub async fn day_after(db: &mut Db, day: NaiveDate) -> Result<Option<NaiveDate>, StorageError> {
    let mut args = db.args();
    args.int(day_number(day));
    let sql = "SELECT MIN(as_of) FROM runs WHERE recorded = 1 AND as_of > ?";
    Ok(day_from_number(
        db.number("reading the recorded nights", sql, args).await?,
    ))
}

/// The number that the next run gets.
///
/// # Errors
/// When the database fails.
pub async fn next_id(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    let last = db
        .number("counting runs", "SELECT MAX(id) FROM runs", args)
        .await?;
    Ok(last.saturating_add(1))
}

/// Stores a run.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut Db, run: &RunRecord) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(run.id)
        .int(day_number(run.as_of))
        .opt_int(run.range.map(|(from, _)| day_number(from)))
        .opt_int(run.range.map(|(_, to)| day_number(to)))
        .int(i64::from(run.recorded))
        .text(&run.started_at)
        .int(run.duration_ms)
        .text(&run.rules)
        .int(run.files)
        .int(run.lines)
        .int(run.open)
        .int(run.new)
        .int(run.exit)
        .opt_int(run.open_orders)
        .opt_text(run.manifest.as_deref())
        .int(run.seal());
    let values = value_list(COLUMNS.split(',').count());
    let sql = format!("INSERT INTO runs ({COLUMNS}) VALUES ({values})");
    db.execute("storing the run", &sql, args).await.map(|_| ())
}

/// Notes that a run ended with another code than its outcome has.
///
/// # Errors
/// When the database fails.
pub async fn ended_with(db: &mut Db, run: i64, exit: u8) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(i64::from(exit)).int(run);
    let sql = "UPDATE runs SET exit = ? WHERE id = ?";
    db.execute("noting how the run ended", sql, args)
        .await
        .map(|_| ())
}
