//! The table `file_seals`: a checksum for each file over what of it lies in columns.
//!
//! Blocks of facts and what nights found have checksums of their own. Everything else that is stored
//! of a file (its row in `files`, its slices, totals, statements, entries, chargeback lines) is added
//! up into one when it is stored, and again whenever it is loaded. The order of rows does not matter.

use std::collections::BTreeMap;

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::db::{Db, StorageError};
use super::facts::blocks;
use super::files::{self, StoredFile};
use super::slices::{self, FileTotal};
use super::{chargebacks, runs, statements};
use crate::domain::file::{FileId, FileStatus, RejectedRow};
use crate::domain::finding::unpack_finding;
use crate::domain::packed::{Damage, pack};
use crate::domain::settlement::Slice;
use crate::domain::statement::{StatementId, StoredEntry, StoredStatement};

/// A checksum that grows row by row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seal(u64);

impl Seal {
    /// Adds a row of a kind.
    pub fn add<T: Serialize>(&mut self, kind: &str, row: &T) {
        let mut bytes = Vec::with_capacity(256);
        pack(&(kind, row), &mut bytes);
        self.0 = self.0.wrapping_add(xxh3_64(&bytes));
    }

    /// The number that is stored.
    pub(super) fn number(self) -> i64 {
        i64::from_le_bytes(self.0.to_le_bytes())
    }
}

/// Everything that is stored of files in columns, but their rejected rows.
#[derive(Debug, Default)]
pub struct Stored {
    /// All files.
    pub files: Vec<StoredFile>,
    /// All slices, by number.
    pub slices: Vec<Slice>,
    /// All totals.
    pub totals: Vec<FileTotal>,
    /// All statements, by number.
    pub statements: Vec<StoredStatement>,
    /// All entries, by number.
    pub entries: Vec<StoredEntry>,
}

impl Stored {
    /// Loads everything as it is.
    async fn load(db: &mut Db) -> Result<Self, StorageError> {
        Ok(Self {
            files: files::all(db).await?,
            slices: slices::all(db).await?,
            totals: slices::totals(db).await?,
            statements: statements::all(db).await?,
            entries: statements::entries(db).await?,
        })
    }

    /// Loads everything and compares it with its seals.
    ///
    /// # Errors
    /// When the database fails, or what is stored of a file is damaged.
    pub async fn read(db: &mut Db) -> Result<Self, StorageError> {
        let stored = Self::load(db).await?;
        let chargebacks = chargebacks::lines(db).await?;
        let seals = stored.seals(&chargebacks)?;
        let known = all(db).await?;
        let content: BTreeMap<FileId, i64> = known
            .into_iter()
            .map(|(file, sealed)| (file, sealed.content))
            .collect();
        for stored in &stored.files {
            let seal = seals.get(&stored.file.id).copied().unwrap_or_default();
            if content.get(&stored.file.id) != Some(&seal.number()) {
                return Err(damaged(stored, "what is known of it and its sums"));
            }
        }
        if seals.len() == content.len() {
            Ok(stored)
        } else {
            let (expected, found) = (count(content.len()), count(seals.len()));
            Err(no_file(Damage::Count { expected, found }))
        }
    }

    /// The seal of each file, as it is.
    fn seals(&self, chargebacks: &[i64]) -> Result<BTreeMap<FileId, Seal>, StorageError> {
        let mut seals: BTreeMap<FileId, Seal> = BTreeMap::new();
        for stored in &self.files {
            seals.entry(stored.file.id).or_default().add("file", stored);
        }
        for slice in &self.slices {
            seals.entry(slice.file).or_default().add("slice", slice);
        }
        for total in &self.totals {
            seals.entry(total.file).or_default().add("total", total);
        }
        let mut files: BTreeMap<StatementId, FileId> = BTreeMap::new();
        for statement in &self.statements {
            files.insert(statement.number, statement.file);
            let seal = seals.entry(statement.file).or_default();
            seal.add("statement", statement);
        }
        for entry in &self.entries {
            let file = files.get(&entry.statement).copied();
            let file = file.ok_or_else(|| no_file(Damage::Elsewhere))?;
            seals.entry(file).or_default().add("entry", entry);
        }
        let of_lines = |stored: &&StoredFile| stored.file.kind.reports_settlement();
        let mut ranges: Vec<_> = self.files.iter().filter(of_lines).collect();
        ranges.sort_by_key(|stored| stored.rows.map(|rows| rows.first));
        for line in chargebacks {
            let at =
                ranges.partition_point(|stored| stored.rows.is_none_or(|rows| rows.last < *line));
            let stored = ranges.get(at);
            let rows = stored.and_then(|stored| Some((stored.file.id, stored.rows?)));
            let (file, rows) = rows.ok_or_else(|| no_file(Damage::Elsewhere))?;
            let offset = line.saturating_sub(rows.first);
            seals.entry(file).or_default().add("chargeback", &offset);
        }
        Ok(seals)
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn damaged(stored: &StoredFile, what: &str) -> StorageError {
    StorageError::DamagedFile {
        file: stored.file.name.clone(),
        what: what.to_owned(),
        damage: Damage::Checksum,
    }
}

/// Something belongs to no file that is known: there is none to read again.
fn no_file(damage: Damage) -> StorageError {
    StorageError::DamagedFiles { damage }
}

#[derive(Clone, Copy, Debug)]
struct Sealed {
    content: i64,
    rejected: i64,
}

async fn all(db: &mut Db) -> Result<BTreeMap<FileId, Sealed>, StorageError> {
    let args = db.args();
    let sql = "SELECT file_id, content, rejected FROM file_seals";
    let rows = db.all("reading the files", sql, args, |row| {
        let sealed = Sealed {
            content: row.int(1)?,
            rejected: row.int(2)?,
        };
        Ok((FileId(row.int(0)?), sealed))
    });
    Ok(rows.await?.into_iter().collect())
}

async fn insert(
    db: &mut Db,
    file: FileId,
    content: Seal,
    rejected: Seal,
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(file.0)
        .int(content.number())
        .int(rejected.number());
    let sql = "INSERT INTO file_seals (file_id, content, rejected) VALUES (?, ?, ?) \
               ON CONFLICT (file_id) DO UPDATE SET content = excluded.content, \
               rejected = excluded.rejected";
    db.execute("storing a file", sql, args).await.map(drop)
}

fn of_rejected<'r>(rows: impl Iterator<Item = &'r RejectedRow>) -> Seal {
    let mut seal = Seal::default();
    rows.for_each(|row| seal.add("rejected", row));
    seal
}

/// What of a file is stored with its end.
#[derive(Clone, Copy, Debug)]
pub struct FileContent<'f> {
    /// The file.
    pub stored: &'f StoredFile,
    /// Its slices.
    pub slices: &'f [Slice],
    /// Its totals.
    pub totals: &'f [FileTotal],
    /// Its statements.
    pub statements: &'f [StoredStatement],
    /// Which of its lines are chargebacks, counted from 0.
    pub chargebacks: &'f [i64],
    /// Its rejected rows.
    pub rejected: &'f [RejectedRow],
}

/// Seals a file; `entries` has those of its statements already.
///
/// # Errors
/// When the database fails.
pub async fn seal(
    db: &mut Db,
    content: FileContent<'_>,
    entries: Seal,
) -> Result<(), StorageError> {
    let mut seal = entries;
    seal.add("file", content.stored);
    let mut rejected = Seal::default();
    if content.stored.file.status == FileStatus::Accepted {
        content.slices.iter().for_each(|row| seal.add("slice", row));
        content.totals.iter().for_each(|row| seal.add("total", row));
        let statements = content.statements.iter();
        statements.for_each(|row| seal.add("statement", row));
        let lines = content.chargebacks.iter();
        lines.for_each(|row| seal.add("chargeback", row));
        rejected = of_rejected(content.rejected.iter());
    }
    insert(db, content.stored.file.id, seal, rejected).await
}

/// Seals all files as they are: what an earlier version stored had no seals.
///
/// # Errors
/// When the database fails.
pub(super) async fn seal_all(db: &mut Db) -> Result<(), StorageError> {
    let stored = Stored::load(db).await?;
    let chargebacks = chargebacks::lines(db).await?;
    files::seal_paths(db).await?;
    runs::seal_all(db).await?;
    let ids: Vec<FileId> = stored.files.iter().map(|stored| stored.file.id).collect();
    let rejected = files::rejected_unchecked(db, &ids).await?;
    for (file, content) in stored.seals(&chargebacks)? {
        let own = rejected.iter().filter(|(of, _)| *of == file);
        insert(db, file, content, of_rejected(own.map(|(_, row)| row))).await?;
    }
    Ok(())
}

/// Reads all that nights found; how many there are.
///
/// # Errors
/// When the database fails, or one of them is damaged.
pub async fn check_findings(db: &mut Db) -> Result<u64, StorageError> {
    let args = db.args();
    let sql = "SELECT id, found FROM findings";
    let (mut count, mut damaged) = (0_u64, None);
    db.each("reading what was found", sql, args, |row| {
        count = count.saturating_add(1);
        if let Err(damage) = unpack_finding(row.bytes(1)?) {
            damaged = Some((row.text(0)?.to_owned(), damage));
        }
        Ok(())
    })
    .await?;
    match damaged {
        None => Ok(count),
        Some((id, damage)) => Err(StorageError::DamagedFinding { id, damage }),
    }
}

/// Removes everything that is stored of a file but its keys: it is about to be read again.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &mut Db, stored: &StoredFile) -> Result<(), StorageError> {
    let of_lines = stored.file.kind.reports_settlement();
    if let Some(rows) = stored.rows.filter(|_| of_lines) {
        chargebacks::delete(db, rows).await?;
    }
    blocks::delete(db, stored.file.id).await?;
    for sql in [
        "DELETE FROM entries WHERE statement_number IN (SELECT id FROM statements WHERE file_id = ?)",
        "DELETE FROM statements WHERE file_id = ?",
        "DELETE FROM slices WHERE file_id = ?",
        "DELETE FROM file_totals WHERE file_id = ?",
        "DELETE FROM rejected_rows WHERE file_id = ?",
        "DELETE FROM file_seals WHERE file_id = ?",
        "DELETE FROM paths WHERE file_id = ?",
        "DELETE FROM files WHERE id = ?",
    ] {
        let mut args = db.args();
        args.int(stored.file.id.0);
        db.execute("removing a file that is read again", sql, args)
            .await?;
    }
    Ok(())
}

/// Compares rejected rows of some files with their seals.
///
/// # Errors
/// When the database fails, or they are damaged.
pub(super) async fn check_rejected(
    db: &mut Db,
    files: &[FileId],
    rows: &[(FileId, RejectedRow)],
) -> Result<(), StorageError> {
    let mut seals: BTreeMap<FileId, Seal> =
        files.iter().map(|file| (*file, Seal::default())).collect();
    for (file, row) in rows {
        seals.entry(*file).or_default().add("rejected", row);
    }
    let known = all(db).await?;
    for (file, seal) in seals {
        if known
            .get(&file)
            .is_some_and(|sealed| sealed.rejected == seal.number())
        {
            continue;
        }
        let stored = files::all(db).await?;
        let stored = stored.iter().find(|stored| stored.file.id == file);
        return Err(stored.map_or(no_file(Damage::Checksum), |stored| {
            damaged(stored, "its rejected rows")
        }));
    }
    Ok(())
}
