//! `ingest`: reading without matching.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::again::read_again;
use super::intake::{self, Request};
use super::plan::InputPlan;
use super::{Progress, RunError};
use crate::config::Settings;
use crate::domain::file::{InputFile, InputKind};
use crate::domain::outcome::InputRow;
use crate::domain::statement::StoredStatement;
use crate::ingest::open_file::OpenFile;
use crate::ingest::unforeseen::guarded;
use crate::ingest::{Refusal, recognise};
use crate::storage::{DatabaseLocation, Db, statements};

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
        let folder = tempfile::tempdir().map_err(|error| {
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
    if options.again {
        let when = (options.as_of, progress);
        let files = read_again(&mut db, settings, &options.files, when).await?;
        return ingested(db, files).await;
    }
    if options.files.is_empty() {
        let plans = InputPlan::all(settings).map_err(failed)?;
        let request = Request {
            plans,
            named: None,
            again: None,
            base: &settings.base,
            as_of: options.as_of,
        };
        stored.extend(read_files(&mut db, request, progress).await?);
    }
    for (plan, files) in by_plan(options, settings).map_err(failed)? {
        let request = Request {
            plans: vec![plan],
            named: Some(&files),
            again: None,
            base: &settings.base,
            as_of: options.as_of,
        };
        stored.extend(read_files(&mut db, request, progress).await?);
    }
    ingested(db, stored).await
}

/// Files that were read, with their statements.
async fn ingested(mut db: Db, files: Vec<InputFile>) -> Result<Vec<IngestedFile>, RunError> {
    let all = statements::all(&mut db).await?;
    db.close().await?;
    let ingested = files.into_iter().map(|file| IngestedFile {
        statements: all
            .iter()
            .filter(|one| one.file == file.id)
            .cloned()
            .collect(),
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

/// The named files with the plan that each is read with, by kind: a file that lies in the place of
/// an `[[input]]` is read as that input says, with its provider and profile, as a run would.
fn by_plan(
    options: &IngestOptions,
    settings: &Settings,
) -> Result<Vec<(InputPlan, Vec<PathBuf>)>, Refusal> {
    let mut groups: Vec<(InputPlan, Vec<PathBuf>)> = Vec::new();
    for path in &options.files {
        let kind = options.kind.unwrap_or_else(|| recognised(path, settings));
        let plan = InputPlan::for_file(kind, path, settings)?;
        let known = groups
            .iter_mut()
            .find(|(other, _)| other.kind == plan.kind && other.written == plan.written);
        match known {
            Some((_, files)) => files.push(path.clone()),
            None => groups.push((plan, vec![path.clone()])),
        }
    }
    groups.sort_by_key(|(plan, _)| (plan.kind.word(), plan.written.clone()));
    Ok(groups)
}

/// The kind whose header or format a file has; a statement when nothing else fits.
fn recognised(path: &std::path::Path, settings: &Settings) -> InputKind {
    let Ok(opened) = OpenFile::glance(path) else {
        return InputKind::BankStatement;
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
    if name.starts_with("crp_") {
        return InputKind::OneyCrp;
    }
    InputKind::ALL
        .into_iter()
        .find(fits)
        .unwrap_or(InputKind::BankStatement)
}

/// True when a file was refused or a row rejected.
pub fn has_rejections(files: &[IngestedFile]) -> bool {
    files
        .iter()
        .any(|ingested| ingested.row.file.status.is_amiss() || ingested.row.file.rejected > 0)
}
