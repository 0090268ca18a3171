//! `check --deep`: everything that is stored is read, and compared with what it was.
//!
//! Every block of facts and every row of it, the keys that find them, the sums of lines, what of files
//! lies in columns, what nights found, and the bytes of the input files that are still there. Nothing
//! is changed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::check::{Checked, said_of};
use super::open;
use crate::config::Settings;
use crate::domain::Amount;
use crate::domain::file::{FileId, FileStatus, InputContent};
use crate::domain::packed::{Damage, unpack};
use crate::domain::settlement::{SettlementLine, SliceId};
use crate::ingest::open_file::OpenFile;
use crate::pipeline::RunError;
use crate::storage::facts::keys::{self, KeySpace, Pair};
use crate::storage::facts::{FactTable, blocks};
use crate::storage::seals::{self, Seal, Stored};
use crate::storage::{DatabaseLocation, Db, StorageError, files};

/// Lines of a slice, with their sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    lines: u64,
    gross: Amount,
    fee: Amount,
}

impl Sum {
    fn add(&mut self, lines: u64, gross: Amount, fee: Amount) {
        self.lines = self.lines.saturating_add(lines);
        self.gross += gross;
        self.fee += fee;
    }
}

/// What all rows together say.
#[derive(Debug, Default)]
struct Rows {
    count: u64,
    /// The pairs of each space, in any order.
    pairs: BTreeMap<KeySpace, Seal>,
    slices: BTreeMap<SliceId, Sum>,
}

/// Reads everything; one line for each part, and one for each thing that does not fit.
pub(super) async fn deep(settings: &Settings, location: &DatabaseLocation) -> Vec<Checked> {
    let mut all = Vec::new();
    let mut db = match open(location).await {
        Ok(db) => db,
        Err(error) => return vec![Checked::new("stored data", Err(said_of(&error)))],
    };
    let mut note = |what: &str, outcome: Result<String, RunError>| {
        all.push(Checked::new(what, outcome.map_err(|error| said_of(&error))));
    };
    let (rows, damaged) = facts(&mut db).await;
    let is_whole = damaged.is_empty();
    for error in damaged {
        note("stored facts", Err(error));
    }
    if is_whole {
        note("stored facts", Ok(format!("{} rows are whole", rows.count)));
        note("keys of the facts", of_keys(&mut db, &rows).await);
    }
    note(
        "files in the database",
        columns(&mut db, &rows, is_whole).await,
    );
    note("rejected rows", rejected(&mut db).await);
    note("findings", findings(&mut db).await);
    match input_files(&mut db, settings).await {
        Err(error) => note("input files", Err(error)),
        Ok((count, wrong)) => {
            let is_whole = wrong.is_empty();
            for error in wrong {
                note("input file", Err(RunError::Input(error)));
            }
            if is_whole {
                note(
                    "input files",
                    Ok(format!("{count} have the bytes that were read")),
                );
            }
        }
    }
    all
}

/// All rows of all files, and the files whose rows are damaged.
async fn facts(db: &mut Db) -> (Rows, Vec<RunError>) {
    let mut rows = Rows::default();
    let mut damaged: Vec<RunError> = Vec::new();
    let known = match files::all(db).await {
        Ok(known) => known,
        Err(error) => return (rows, vec![error.into()]),
    };
    for stored in known {
        let of_facts = stored.file.kind.content() != InputContent::Statements;
        let Some(range) = stored.rows.filter(|_| of_facts) else {
            continue;
        };
        let read = blocks::of_file(db, range, |row| {
            let mut rest = row.bytes;
            row.table.split(&mut rest)?;
            if !rest.is_empty() || row.file != stored.file.id {
                return Err(Damage::Elsewhere);
            }
            rows.add(&row)
        });
        damaged.extend(read.await.err().map(RunError::from));
    }
    match blocks::count_rows(db).await {
        Ok(found) if found != rows.count && damaged.is_empty() => {
            let expected = rows.count;
            let error = StorageError::DamagedFiles {
                damage: Damage::Count { expected, found },
            };
            damaged.push(error.into());
        }
        Ok(_) => {}
        Err(error) => damaged.push(error.into()),
    }
    (rows, damaged)
}

impl Rows {
    fn add(&mut self, row: &crate::storage::facts::FactRow<'_>) -> Result<(), Damage> {
        self.count = self.count.saturating_add(1);
        let (reference, transaction) = Pair::of(row)?;
        let references = self.pairs.entry(KeySpace::References).or_default();
        references.add("pair", &reference);
        if let Some(pair) = transaction {
            let transactions = self.pairs.entry(KeySpace::Transactions).or_default();
            transactions.add("pair", &pair);
        }
        if row.table == FactTable::Lines {
            let line: SettlementLine<'_> = unpack(row.bytes)?;
            let sum = self.slices.entry(line.slice).or_default();
            sum.add(1, line.gross, line.fee);
        }
        Ok(())
    }
}

async fn of_keys(db: &mut Db, rows: &Rows) -> Result<String, RunError> {
    let mut count = 0_u64;
    for space in KeySpace::ALL {
        let mut seal = Seal::default();
        keys::each(db, space, |pair| {
            count = count.saturating_add(1);
            seal.add("pair", &pair);
        })
        .await?;
        if seal != rows.pairs.get(&space).copied().unwrap_or_default() {
            let damage = Damage::Elsewhere;
            return Err(StorageError::DamagedKeys { damage }.into());
        }
    }
    Ok(format!("{count} lead to their rows"))
}

/// What a total is of: file, currency, report date and kind.
type TotalKey<'s> = (FileId, &'s str, NaiveDate, &'static str);

/// What of files lies in columns, and the sums of lines on three ways.
async fn columns(db: &mut Db, rows: &Rows, are_rows_whole: bool) -> Result<String, RunError> {
    let stored = Stored::read(db).await?;
    let mut by_total: BTreeMap<TotalKey<'_>, Sum> = BTreeMap::new();
    for slice in &stored.slices {
        let own = Sum {
            lines: slice.lines,
            gross: slice.gross,
            fee: slice.fee,
        };
        if are_rows_whole && rows.slices.get(&slice.id).copied().unwrap_or_default() != own {
            return Err(sums_differ(&stored, slice.file, "the sums of its lines"));
        }
        let key = (
            slice.file,
            slice.currency.code(),
            slice.report_date,
            slice.kind.word(),
        );
        let sum = by_total.entry(key).or_default();
        sum.add(slice.lines, slice.gross, slice.fee);
    }
    for total in &stored.totals {
        let key = (
            total.file,
            total.currency.code(),
            total.report_date,
            total.kind.word(),
        );
        let own = Sum {
            lines: total.lines,
            gross: total.gross,
            fee: total.fee,
        };
        if by_total.remove(&key) != Some(own) {
            return Err(sums_differ(&stored, total.file, "its totals"));
        }
    }
    if let Some(key) = by_total.keys().next() {
        return Err(sums_differ(&stored, key.0, "its totals"));
    }
    Ok(format!(
        "{} files, {} slices, {} statements and {} bank entries are as they were stored",
        stored.files.len(),
        stored.slices.len(),
        stored.statements.len(),
        stored.entries.len()
    ))
}

fn sums_differ(stored: &Stored, file: FileId, what: &str) -> RunError {
    let named = stored.files.iter().find(|it| it.file.id == file);
    StorageError::DamagedFile {
        file: named.map_or_else(String::new, |it| it.file.name.clone()),
        what: what.to_owned(),
        damage: Damage::Sum,
    }
    .into()
}

async fn rejected(db: &mut Db) -> Result<String, RunError> {
    let known = files::all(db).await?;
    let ids: Vec<FileId> = known.iter().map(|stored| stored.file.id).collect();
    let rows = files::rejected_of(db, &ids).await?;
    Ok(format!("{} are as they were stored", rows.len()))
}

async fn findings(db: &mut Db) -> Result<String, RunError> {
    let count = seals::check_findings(db).await?;
    Ok(format!("{count} can be read"))
}

/// How many input files are still there, and which have other bytes than were read.
async fn input_files(db: &mut Db, settings: &Settings) -> Result<(usize, Vec<String>), RunError> {
    let known: BTreeMap<FileId, _> = files::all(db)
        .await?
        .into_iter()
        .map(|stored| (stored.file.id, stored.file))
        .collect();
    let (mut count, mut wrong) = (0_usize, Vec::new());
    for (path, seen) in files::paths(db).await? {
        let Some(file) = known.get(&seen.file) else {
            wrong.push(format!("{path} belongs to no file that is stored"));
            continue;
        };
        let taken = matches!(file.status, FileStatus::Accepted | FileStatus::Duplicate);
        let place = settings.base.join(&path);
        if !taken || !place.is_file() {
            continue;
        }
        count = count.saturating_add(1);
        match OpenFile::open(&place, u64::MAX) {
            Err(unread) => wrong.push(format!("{path}: {unread}")),
            Ok(opened) if opened.survey().sha256 != file.sha256 => wrong.push(format!(
                "{path} has other bytes than were read (SHA-256 {} instead of {}); the next run \
                 reads it as a new version",
                opened.survey().sha256,
                file.sha256
            )),
            Ok(_) => {}
        }
    }
    Ok((count, wrong))
}
