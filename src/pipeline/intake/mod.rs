//! Reading what is new: one thread reads, this one stores, each file in one transaction.

mod decided;
mod jobs;
mod storable;
mod storing;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use tokio::sync::mpsc;

use super::imports::{self, Imports};
use super::plan::InputPlan;
use super::reading::{Message, NextIds, Reading};
use super::{Progress, RunError};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::file::{FileId, InputFile};
use crate::domain::source::Unfetched;
use crate::facts::FactBuffer;
use crate::files::Scratch;
use crate::storage::files::StoredFile;
use crate::storage::{Db, files, statements};
pub(super) use jobs::ToArchive;
use jobs::{Found, Known, named_jobs, new_jobs};
use storing::Storing;

/// Batches that may wait for the storing side: what is read while the database copies its log.
const BATCHES_WAITING: usize = 24;

/// What reading brought.
#[derive(Debug)]
pub(super) struct Intake {
    /// The rows of tonight's files, as long as they fit into memory.
    pub(super) facts: Option<FactBuffer>,
    /// The files whose rows `facts` holds.
    pub(super) in_memory: BTreeSet<FileId>,
    /// True when nothing had been stored before: then `facts`, where it is there, is everything.
    pub(super) from_nothing: bool,
    /// The number below which rows were stored by earlier runs.
    pub(super) first_row: i64,
    /// Files read.
    pub(super) files: Vec<StoredFile>,
    /// Settlement lines stored.
    pub(super) lines: u64,
    /// What is to be archived once the run is recorded.
    pub(super) to_archive: Vec<ToArchive>,
    /// What the system did not give.
    pub(super) unread: Vec<InputFile>,
    /// Holds the files that queries gave until they are archived.
    pub(super) imported: Option<Scratch>,
    /// Sources that could not be fetched before.
    pub(super) unfetched: Vec<Unfetched>,
}

/// What is to be read.
pub(super) struct Request<'r> {
    /// The inputs.
    pub(super) plans: Vec<InputPlan>,
    /// Files named by a person, for the only plan; else what the inputs hold is read.
    pub(super) named: Option<&'r [std::path::PathBuf]>,
    /// The stored file that the only named one is, and whose number and standing it keeps.
    pub(super) again: Option<&'r InputFile>,
    /// The folder of the configuration.
    pub(super) base: &'r Path,
    /// The day the run looks from.
    pub(super) as_of: NaiveDate,
    /// With which decisions in files are judged; `None`: such files wait for a run.
    pub(super) judged_by: Option<(&'r Settings, RunClock)>,
}

/// Reads and stores what is new.
pub(super) async fn read_all(
    db: &mut Db,
    request: Request<'_>,
    progress: &dyn Progress,
) -> Result<Intake, RunError> {
    let known_files = files::all(db).await?;
    let of_file = |stored: &StoredFile| {
        (
            stored.file.id,
            (stored.file.status, stored.file.sha256.clone()),
        )
    };
    let known = Known {
        paths: files::paths(db).await?,
        files: known_files.iter().map(of_file).collect(),
    };
    let Found {
        mut jobs,
        unread,
        to_archive,
    } = match request.named {
        Some(paths) => match request.plans.first() {
            Some(plan) => named_jobs(paths, plan, request.base, &known)?,
            None => Found::default(),
        },
        None => new_jobs(&request.plans, request.base, &known)?,
    };
    let imports = match request.named {
        Some(_) => Imports::default(),
        None => imports::ask_all(&request.plans, &known.paths, &known_files).await?,
    };
    jobs.extend(imports.jobs);
    jobs.sort_by(|a, b| (&a.candidate.name, &a.path_key).cmp(&(&b.candidate.name, &b.path_key)));
    if let Some(file) = request.again {
        // Its name may be another one where it was archived.
        for job in &mut jobs {
            job.candidate.name.clone_from(&file.name);
        }
    }
    let ids = next_ids(db, &known_files).await?;
    let (to, from) = mpsc::channel(BATCHES_WAITING);
    let reading = reading(&request, &known_files, ids, to);
    progress.begin(jobs.iter().map(|job| job.candidate.size_bytes).sum());
    let reader = std::thread::Builder::new()
        .name("reading".to_owned())
        .spawn(move || reading.run(&jobs))
        .map_err(|error| RunError::Input(format!("no thread can be started ({error})")))?;
    let storing = Storing::new(db, &request, request.again.is_some()).await?;
    let stored = storing.run(from, progress).await;
    if reader.join().is_err() {
        return Err(RunError::Input(
            "the reading thread ended before its time".to_owned(),
        ));
    }
    let mut intake = stored?;
    progress.end();
    for file in &unread {
        storing::log_file(file);
    }
    intake.unread.extend(unread);
    intake.to_archive.extend(to_archive);
    intake.imported = imports.folder;
    Ok(intake)
}

/// The reading thread's own.
fn reading(
    request: &Request<'_>,
    known: &[StoredFile],
    ids: NextIds,
    to: mpsc::Sender<Message>,
) -> Reading {
    let intake = highest(known, |file| file.intake).unwrap_or(0);
    let mut reading = Reading {
        plans: request.plans.clone(),
        intake: intake.saturating_add(1),
        // Never earlier than what came before: a look at an old day buries no correction.
        received: highest(known, |file| file.received)
            .map_or(request.as_of, |latest| latest.max(request.as_of)),
        ids,
        stored: HashMap::new(),
        again: request.again.cloned(),
        to,
    };
    for stored in known {
        reading.remember(&stored.file);
    }
    reading
}

/// The highest of what the files say.
fn highest<T: Ord>(files: &[StoredFile], of: impl Fn(&InputFile) -> T) -> Option<T> {
    files.iter().map(|stored| of(&stored.file)).max()
}

async fn next_ids(db: &mut Db, known: &[StoredFile]) -> Result<NextIds, RunError> {
    let (statement, entry) = statements::last_ids(db).await?;
    let last_file = highest(known, |file| file.id.0).unwrap_or(0);
    let args = db.args();
    let last_slice = db
        .number("counting slices", "SELECT MAX(id) FROM slices", args)
        .await?;
    let next = |id: i64| id.saturating_add(1);
    Ok(NextIds {
        file: next(last_file),
        slice: next(last_slice),
        statement: next(statement),
        entry: next(entry),
    })
}
