//! `ingest`: reading without matching.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::again::read_again;
use super::intake::{self, Request};
use super::plan::InputPlan;
use super::{Progress, RunError};
use crate::config::Settings;
use crate::domain::file::{FileId, InputFile, InputKind, RejectedRow};
use crate::domain::outcome::InputRow;
use crate::domain::statement::StoredStatement;
use crate::files::Scratch;
use crate::ingest::open_file::OpenFile;
use crate::ingest::statements as statement_formats;
use crate::ingest::unforeseen::guarded;
use crate::ingest::{Described, Refusal, describe, inbox, recognise};
use crate::storage::{DatabaseLocation, Db, files, statements};

/// What is to be read.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// These files; empty: what the inputs hold.
    pub files: Vec<PathBuf>,
    /// What the files are; `None`: recognised.
    pub kind: Option<InputKind>,
    /// They are stored already, and what is stored of them is damaged.
    pub again: bool,
    /// Stores nothing.
    pub dry_run: bool,
    /// The day on which they are received.
    pub as_of: NaiveDate,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct IngestedFile {
    /// The row of `inputs.csv`.
    pub row: InputRow,
    /// Its statements, for a statement file.
    pub statements: Vec<StoredStatement>,
    /// Its rejected rows.
    pub rejected: Vec<RejectedRow>,
    /// What it was taken for; only where nothing was stored.
    pub taken_for: Option<TakenFor>,
}

/// What a file was taken for, and why.
#[derive(Clone, Debug)]
pub struct TakenFor {
    /// Why it has its kind, as a sentence without a full stop.
    pub kind_because: &'static str,
    /// The profile, the columns, and why.
    pub described: Described,
}

/// Reads files and stores them, or with `dry_run` only says what they hold.
///
/// # Errors
/// When a file does not exist, or the database fails.
pub async fn ingest(
    settings: &Settings,
    location: &DatabaseLocation,
    options: &IngestOptions,
    progress: &dyn Progress,
) -> Result<Vec<IngestedFile>, RunError> {
    if options.dry_run {
        // Reading goes through the same door; what it stores goes with this folder.
        let folder = Scratch::new().map_err(|error| {
            RunError::Input(format!("no temporary folder can be made ({error})"))
        })?;
        let scratch = DatabaseLocation::Sqlite(folder.path().join("dry-run.db"));
        return read(settings, &scratch, options, progress).await;
    }
    read(settings, location, options, progress).await
}

async fn read(
    settings: &Settings,
    location: &DatabaseLocation,
    options: &IngestOptions,
    progress: &dyn Progress,
) -> Result<Vec<IngestedFile>, RunError> {
    let (mut db, _lock) = Db::open(location).await?;
    let failed = |refusal: Refusal| RunError::Input(refusal.reason);
    let mut stored = Vec::new();
    let mut taken_for = BTreeMap::new();
    if options.again {
        let when = (options.as_of, progress);
        let files = read_again(&mut db, settings, &options.files, when).await?;
        return ingested(db, files, &taken_for).await;
    }
    if options.files.is_empty() {
        let plans = InputPlan::all(settings).map_err(failed)?;
        for plan in plans.iter().filter(|_| options.dry_run) {
            let found = inbox::list(&plan.place).map_or_else(|_| Vec::new(), |it| it.files);
            let because = "it lies in the place of an [[input]] of that kind";
            for candidate in found {
                note(&mut taken_for, (plan, because), &candidate.path);
            }
        }
        let request = Request {
            plans,
            named: None,
            again: None,
            base: &settings.base,
            as_of: options.as_of,
            judged_by: None,
        };
        stored.extend(read_files(&mut db, request, progress).await?);
    }
    for (plan, because, files) in by_plan(options, settings).map_err(failed)? {
        for path in files.iter().filter(|_| options.dry_run) {
            note(&mut taken_for, (&plan, because), path);
        }
        let request = Request {
            plans: vec![plan],
            named: Some(&files),
            again: None,
            base: &settings.base,
            as_of: options.as_of,
            judged_by: None,
        };
        stored.extend(read_files(&mut db, request, progress).await?);
    }
    ingested(db, stored, &taken_for).await
}

/// Files that were read, with their statements.
async fn ingested(
    mut db: Db,
    read: Vec<InputFile>,
    taken_for: &BTreeMap<String, TakenFor>,
) -> Result<Vec<IngestedFile>, RunError> {
    let all = statements::all(&mut db).await?;
    let ids: Vec<FileId> = read.iter().map(|file| file.id).collect();
    let mut rejected: BTreeMap<FileId, Vec<RejectedRow>> = BTreeMap::new();
    for (file, row) in files::rejected_of(&mut db, &ids).await? {
        rejected.entry(file).or_default().push(row);
    }
    db.close().await?;
    let ingested = read.into_iter().map(|file| IngestedFile {
        statements: all
            .iter()
            .filter(|one| one.file == file.id)
            .cloned()
            .collect(),
        rejected: rejected.remove(&file.id).unwrap_or_default(),
        taken_for: taken_for.get(&file.sha256).cloned(),
        row: InputRow {
            file,
            superseded: false,
        },
    });
    Ok(ingested.collect())
}

/// Reads and stores; gives all files, those that the system did not give last.
async fn read_files(
    db: &mut Db,
    request: Request<'_>,
    progress: &dyn Progress,
) -> Result<Vec<InputFile>, RunError> {
    let intake = intake::read_all(db, request, progress).await?;
    let stored = intake.files.into_iter().map(|stored| stored.file);
    Ok(stored.chain(intake.unread).collect())
}

/// Notes what a file would be taken for, by its content.
fn note(
    taken_for: &mut BTreeMap<String, TakenFor>,
    (plan, kind_because): (&InputPlan, &'static str),
    path: &Path,
) {
    if let Ok(opened) = OpenFile::open(path, plan.max_file_mib.saturating_mul(1024 * 1024)) {
        let look = || Ok(describe(plan.kind, &opened, &plan.profiles));
        let described = guarded(look).unwrap_or_default();
        let found = TakenFor {
            kind_because,
            described,
        };
        taken_for.insert(opened.survey().sha256.clone(), found);
    }
}

/// The named files with the plan that each is read with, by kind: a file that lies in the place of
/// an `[[input]]` is read as that input says, with its provider and profile, as a run would.
fn by_plan(options: &IngestOptions, settings: &Settings) -> Result<Vec<Group>, Refusal> {
    let mut groups: Vec<Group> = Vec::new();
    for path in &options.files {
        let (kind, because) = match options.kind {
            Some(kind) => (kind, "as --kind says"),
            None => recognised(path, settings),
        };
        let plan = InputPlan::for_file(kind, path, settings)?;
        let known = groups.iter_mut().find(|(other, why, _)| {
            other.kind == plan.kind && other.written == plan.written && *why == because
        });
        match known {
            Some((_, _, files)) => files.push(path.clone()),
            None => groups.push((plan, because, vec![path.clone()])),
        }
    }
    groups.sort_by_key(|(plan, ..)| (plan.kind.word(), plan.written.clone()));
    Ok(groups)
}

/// A plan, why its files have its kind, and these files.
type Group = (InputPlan, &'static str, Vec<PathBuf>);

/// The kind of a file, and why: that of the input in whose place it lies, else the one whose header
/// or format it has, else a statement.
fn recognised(path: &Path, settings: &Settings) -> (InputKind, &'static str) {
    let nothing = "nothing says that it is anything else; say it with --kind";
    let Ok(opened) = OpenFile::glance(path) else {
        return (InputKind::BankStatement, nothing);
    };
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let fits = |kind: &InputKind| {
        *kind != InputKind::BankStatement
            && InputPlan::for_file(*kind, path, settings).is_ok_and(|plan| {
                let fitting = || Ok(recognise::fitting(*kind, &opened, &plan.profiles).is_some());
                guarded(fitting).unwrap_or(false)
            })
    };
    let placed = InputPlan::kinds_holding(path, settings);
    let placed_because = "it lies in the place of an [[input]] of that kind";
    if let [kind] = placed.as_slice() {
        return (*kind, placed_because);
    }
    if let Some(kind) = placed.iter().copied().find(fits) {
        return (kind, placed_because);
    }
    if name.starts_with("crp_") {
        return (InputKind::OneyCrp, "its name begins with crp_");
    }
    match InputKind::ALL.into_iter().find(fits) {
        Some(kind) => (kind, "its content says so"),
        None if statement_formats::recognise(&opened).is_some() => {
            (InputKind::BankStatement, "its content says so")
        }
        None => (InputKind::BankStatement, nothing),
    }
}

/// True when a file was refused or a row rejected.
pub fn has_rejections(files: &[IngestedFile]) -> bool {
    files
        .iter()
        .any(|ingested| ingested.row.file.status.is_amiss() || ingested.row.file.rejected > 0)
}
