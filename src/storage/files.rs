//! The tables `files`, `paths` and `rejected_rows`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::db::{Args, Db, KEYS_PER_LOOKUP, RowRef, StorageError, value_list};
use super::seals::{self, Seal};
use super::{money_list, parse_money_list};
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::file::{
    FileId, FileStatus, InputFile, InputKind, RejectedRow, Reported, RowNames,
};
use crate::domain::packed::Damage;

/// Where the rows of a stored file are: first and last id in the table of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RowRange {
    /// First id.
    pub first: i64,
    /// Last id.
    pub last: i64,
}

impl RowRange {
    /// How many rows there are.
    pub fn count(self) -> u64 {
        let rows = self.last.saturating_sub(self.first).saturating_add(1);
        u64::try_from(rows).unwrap_or(0)
    }
}

/// A file with where its rows are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredFile {
    /// The file.
    pub file: InputFile,
    /// Its rows, where it has any.
    pub rows: Option<RowRange>,
}

/// What is known of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPath {
    /// Size and times at the last look.
    pub stamp: String,
    /// The settings under which it was read.
    pub settings: String,
    /// The file it was.
    pub file: FileId,
}

const COLUMNS: &str = "id, kind, name, sha256, received, status, provider, country, report_date, \
     sequence, row_count, accepted, rejected, gross, reason, first_row, last_row, reported_run, \
     reported_day, intake, place";

fn day(row: RowRef<'_>, column: usize) -> Result<Option<NaiveDate>, sqlx::Error> {
    Ok(row.opt_int(column)?.and_then(day_from_number))
}

fn decode(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("files.{what} is not what this program writes").into())
}

fn count(row: RowRef<'_>, column: usize) -> Result<u64, sqlx::Error> {
    row.int(column)
        .map(|number| u64::try_from(number).unwrap_or(0))
}

fn read(row: RowRef<'_>) -> Result<StoredFile, sqlx::Error> {
    let reported = row.opt_int(17)?.zip(day(row, 18)?);
    let rows = row.opt_int(15)?.zip(row.opt_int(16)?);
    Ok(StoredFile {
        file: InputFile {
            id: FileId(row.int(0)?),
            kind: InputKind::from_word(row.text(1)?).ok_or_else(|| decode("kind"))?,
            name: row.text(2)?.to_owned(),
            sha256: row.text(3)?.to_owned(),
            intake: row.int(19)?,
            place: row.text(20)?.to_owned(),
            received: day(row, 4)?.ok_or_else(|| decode("received"))?,
            status: FileStatus::from_word(row.text(5)?).ok_or_else(|| decode("status"))?,
            provider: row.text(6)?.to_owned(),
            country: row.text(7)?.to_owned(),
            report_date: day(row, 8)?,
            sequence: row
                .opt_int(9)?
                .and_then(|number| u64::try_from(number).ok()),
            rows: count(row, 10)?,
            accepted: count(row, 11)?,
            rejected: count(row, 12)?,
            gross: parse_money_list(row.text(13)?),
            reason: row.text(14)?.to_owned(),
            reported: reported.map(|(run, as_of)| Reported { run, as_of }),
        },
        rows: rows.map(|(first, last)| RowRange { first, last }),
    })
}

fn small(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// All files, in the order in which they were stored.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut Db) -> Result<Vec<StoredFile>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM files ORDER BY id");
    let args = db.args();
    db.all("reading the files", &sql, args, read).await
}

/// Stores a file.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut Db, stored: &StoredFile) -> Result<(), StorageError> {
    let file = &stored.file;
    let mut args = db.args();
    args.int(file.id.0)
        .text(file.kind.word())
        .text(&file.name)
        .text(&file.sha256)
        .int(day_number(file.received))
        .text(file.status.word())
        .text(&file.provider)
        .text(&file.country)
        .opt_int(file.report_date.map(day_number))
        .opt_int(file.sequence.map(small))
        .int(small(file.rows))
        .int(small(file.accepted))
        .int(small(file.rejected))
        .text(&money_list(&file.gross))
        .text(&file.reason)
        .opt_int(stored.rows.map(|rows| rows.first))
        .opt_int(stored.rows.map(|rows| rows.last))
        .opt_int(file.reported.map(|reported| reported.run))
        .opt_int(file.reported.map(|reported| day_number(reported.as_of)))
        .int(file.intake)
        .text(&file.place);
    let sql = format!("INSERT INTO files ({COLUMNS}) VALUES ({})", value_list(21));
    db.execute("storing a file", &sql, args).await.map(|_| ())
}

/// Marks all files that no recorded run has reported yet.
///
/// # Errors
/// When the database fails.
pub async fn mark_reported(db: &mut Db, reported: Reported) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(reported.run).int(day_number(reported.as_of));
    let sql = "UPDATE files SET reported_run = ?, reported_day = ? WHERE reported_run IS NULL";
    db.execute("marking the files as reported", sql, args)
        .await
        .map(|_| ())
}

/// A path with what is known of it, and the seal of its row.
type SealedPath = (String, KnownPath, i64);

fn path_seal(path: &str, known: &KnownPath) -> i64 {
    let mut seal = Seal::default();
    seal.add("path", &(path, &known.stamp, &known.settings, known.file));
    seal.number()
}

async fn sealed_paths(db: &mut Db) -> Result<Vec<SealedPath>, StorageError> {
    let args = db.args();
    let sql = "SELECT path, stamp, settings, file_id, seal FROM paths";
    db.all("reading the paths", sql, args, |row| {
        let known = KnownPath {
            stamp: row.text(1)?.to_owned(),
            settings: row.text(2)?.to_owned(),
            file: FileId(row.int(3)?),
        };
        Ok((row.text(0)?.to_owned(), known, row.int(4)?))
    })
    .await
}

/// All known paths.
///
/// # Errors
/// When the database fails, or what is known of a path is damaged.
pub async fn paths(db: &mut Db) -> Result<BTreeMap<String, KnownPath>, StorageError> {
    let mut known = BTreeMap::new();
    for (path, of_path, seal) in sealed_paths(db).await? {
        if seal != path_seal(&path, &of_path) {
            return Err(damaged_path(db, &of_path).await);
        }
        known.insert(path, of_path);
    }
    Ok(known)
}

async fn damaged_path(db: &mut Db, known: &KnownPath) -> StorageError {
    let files = match all(db).await {
        Ok(files) => files,
        Err(error) => return error,
    };
    let damage = Damage::Checksum;
    match files.into_iter().find(|it| it.file.id == known.file) {
        None => StorageError::DamagedFiles { damage },
        Some(stored) => StorageError::DamagedFile {
            file: stored.file.name,
            what: "where it was seen".to_owned(),
            damage,
        },
    }
}

/// Seals all paths as they are: what an earlier version stored had no seals.
pub(super) async fn seal_paths(db: &mut Db) -> Result<(), StorageError> {
    for (path, known, _) in sealed_paths(db).await? {
        remember_path(db, &path, &known).await?;
    }
    Ok(())
}

/// Remembers where a file is.
///
/// # Errors
/// When the database fails.
pub async fn remember_path(db: &mut Db, path: &str, known: &KnownPath) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(path)
        .text(&known.stamp)
        .text(&known.settings)
        .int(known.file.0)
        .int(path_seal(path, known));
    let sql = "INSERT INTO paths (path, stamp, settings, file_id, seal) VALUES (?, ?, ?, ?, ?) \
               ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp, \
               settings = excluded.settings, file_id = excluded.file_id, seal = excluded.seal";
    db.execute("storing a path", sql, args).await.map(|_| ())
}

/// Moves a path: its file was archived.
///
/// # Errors
/// When the database fails, or what is known of a path is damaged.
pub async fn move_path(db: &mut Db, from: &str, to: &str) -> Result<(), StorageError> {
    let Some(known) = paths(db).await?.remove(from) else {
        return Ok(());
    };
    remember_path(db, to, &known).await?;
    let mut args = db.args();
    args.text(from);
    let sql = "DELETE FROM paths WHERE path = ?";
    db.execute("moving a path", sql, args).await.map(drop)
}

/// Separates what a rejected row names in one column.
const SEPARATOR: char = '\u{1f}';

fn names_text(names: &RowNames) -> String {
    let mut parts = vec![
        names.provider.as_str(),
        &names.order_reference,
        &names.transaction_id,
    ];
    parts.extend(names.payouts.iter().map(String::as_str));
    let text = parts.join(&SEPARATOR.to_string());
    text.trim_end_matches(SEPARATOR).to_owned()
}

fn names_of(text: &str) -> RowNames {
    let mut parts = text.split(SEPARATOR).map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    RowNames {
        provider: next(),
        order_reference: next(),
        transaction_id: next(),
        payouts: parts.collect(),
    }
}

/// Stores the rejected rows of a file.
///
/// # Errors
/// When the database fails.
pub async fn insert_rejected(
    db: &mut Db,
    file: FileId,
    rows: &[RejectedRow],
) -> Result<(), StorageError> {
    let add = |row: &RejectedRow, values: &mut Args| {
        values
            .int(file.0)
            .int(i64::from(row.line))
            .text(&row.column)
            .text(&row.value)
            .text(&row.reason)
            .text(&row.raw)
            .text(&names_text(&row.names));
    };
    let insert =
        "INSERT INTO rejected_rows (file_id, line, column_name, value, reason, raw, names)";
    db.insert_all("storing rejected rows", (insert, 7), rows.iter(), add)
        .await
}

/// Where rows of orders were rejected, by provider and reference, the last ones last.
///
/// # Errors
/// When the database fails.
pub async fn rejected_orders(
    db: &mut Db,
) -> Result<Vec<((String, String), (FileId, u32))>, StorageError> {
    let mut args = db.args();
    args.text(InputKind::Orders.word());
    let sql = "SELECT file_id, line, names FROM rejected_rows \
               WHERE names <> '' AND file_id IN (SELECT id FROM files WHERE kind = ?) \
               ORDER BY file_id, line";
    db.all("reading rejected orders", sql, args, |row| {
        let names = names_of(row.text(2)?);
        let at = (FileId(row.int(0)?), u32::try_from(row.int(1)?).unwrap_or(0));
        Ok(((names.provider, names.order_reference), at))
    })
    .await
}

/// The rejected rows of some files, by file and line.
///
/// # Errors
/// When the database fails, or they are damaged.
pub async fn rejected_of(
    db: &mut Db,
    files: &[FileId],
) -> Result<Vec<(FileId, RejectedRow)>, StorageError> {
    let rows = rejected_unchecked(db, files).await?;
    seals::check_rejected(db, files, &rows).await?;
    Ok(rows)
}

/// The same, whether they are damaged or not.
pub(super) async fn rejected_unchecked(
    db: &mut Db,
    files: &[FileId],
) -> Result<Vec<(FileId, RejectedRow)>, StorageError> {
    let mut found = Vec::new();
    for chunk in files.chunks(KEYS_PER_LOOKUP) {
        let mut args = db.args();
        for file in chunk {
            args.int(file.0);
        }
        let sql = format!(
            "SELECT file_id, line, column_name, value, reason, raw, names FROM rejected_rows \
             WHERE file_id IN ({}) ORDER BY file_id, line",
            value_list(chunk.len())
        );
        let rows = db
            .all("reading rejected rows", &sql, args, |row| {
                let rejected = RejectedRow {
                    line: u32::try_from(row.int(1)?).unwrap_or(0),
                    column: row.text(2)?.to_owned(),
                    value: row.text(3)?.to_owned(),
                    reason: row.text(4)?.to_owned(),
                    raw: row.text(5)?.to_owned(),
                    names: names_of(row.text(6)?),
                };
                Ok((FileId(row.int(0)?), rejected))
            })
            .await?;
        found.extend(rows);
    }
    Ok(found)
}
