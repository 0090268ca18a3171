//! Fetching: new files come into the input folders, before a night reads them.
//!
//! A source is connected to, listed, and compared with what is remembered of it by name, size, time
//! and SHA-256 ([`memory`]). What is new is received and lands ([`source`]), each file in steps that
//! a kill may end anywhere: it is written down as landing, gets its name, is written down as landed.
//! A source that fails is said, in the log, the report, the mail and the exit code, and stops
//! neither the other sources nor the night.

mod memory;
mod plan;
mod removal;
mod source;

use std::path::Path;

use super::{Progress, RunError};
use crate::clock::RunClock;
use crate::domain::source::{SourceAddress, Unfetched};
use crate::sources::{Connection, Patience};
use crate::storage::version::{self, Version};
use crate::storage::{DatabaseLocation, Db, fetched};
use memory::Memory;
pub use plan::SourcePlan;
use source::Fetch;

/// What a fetch of one source did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceReport {
    /// Its name.
    pub source: String,
    /// The files that are new, by name.
    pub files: Vec<FileReport>,
    /// Why it was not fetched, or not as a whole.
    pub failures: Vec<String>,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Its name here.
    pub name: String,
    /// Its size, where it is known.
    pub size_bytes: Option<u64>,
    /// SHA-256 of what was received.
    pub sha256: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a file that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It would be fetched.
    New,
    /// It is in the input folder.
    Fetched,
    /// Its bytes came before, under the same name: nothing to do.
    Same,
    /// It changed between two looks: the next fetch takes it.
    Growing,
    /// Another file of its name waits to be read: the fetch after that takes it.
    Waiting,
    /// It could not be had.
    Failed,
}

impl Fate {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fetched => "fetched",
            Self::Same => "same",
            Self::Growing => "growing",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }
}

impl SourceReport {
    fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            files: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// One that is of no use at all.
    fn failed(source: &str, why: String) -> Self {
        Self {
            failures: vec![why],
            ..Self::new(source)
        }
    }

    /// How many files landed.
    pub fn fetched(&self) -> usize {
        self.files
            .iter()
            .filter(|file| file.fate == Fate::Fetched)
            .count()
    }
}

/// What could not be fetched, for the report.
fn unfetched(reports: &[SourceReport]) -> Vec<Unfetched> {
    let of_one = |report: &SourceReport| {
        let (first, more) = report.failures.split_first()?;
        let reason = match more.len() {
            0 => first.clone(),
            more => format!("{first}; and {more} more, see the log"),
        };
        Some(Unfetched {
            source: report.source.clone(),
            reason,
        })
    };
    reports.iter().filter_map(of_one).collect()
}

/// Fetches sources, as a command of its own.
///
/// # Errors
/// When the database fails, or another run is at work.
pub async fn fetch(
    location: &DatabaseLocation,
    plans: &[SourcePlan],
    base: &Path,
    clock: RunClock,
    progress: &dyn Progress,
) -> Result<Vec<SourceReport>, RunError> {
    let (mut db, _lock) = Db::open(location).await?;
    let reports = fetch_all(&mut db, plans, base, clock, progress).await;
    let closed = db.close().await;
    let reports = reports?;
    closed?;
    Ok(reports)
}

/// Fetches before a night: what could not be had.
pub(super) async fn before_night(
    db: &mut Db,
    plans: &[SourcePlan],
    base: &Path,
    clock: RunClock,
    progress: &dyn Progress,
) -> Result<Vec<Unfetched>, RunError> {
    Ok(unfetched(
        &fetch_all(db, plans, base, clock, progress).await?,
    ))
}

async fn fetch_all(
    db: &mut Db,
    plans: &[SourcePlan],
    base: &Path,
    clock: RunClock,
    progress: &dyn Progress,
) -> Result<Vec<SourceReport>, RunError> {
    let mut reports = Vec::new();
    for plan in plans {
        let memory = Memory::of(db, plan).await?;
        let fetch = Fetch {
            plan,
            db,
            memory,
            base,
            clock,
            progress,
        };
        let report = fetch.run().await?;
        for failure in &report.failures {
            tracing::error!("source {}: {failure}", plan.name);
        }
        if report.failures.is_empty() {
            fetched::succeeded(db, &plan.name, &clock.now_text()).await?;
        }
        tracing::info!(fetched = report.fetched(), "source {} was asked", plan.name);
        reports.push(report);
    }
    progress.end();
    Ok(reports)
}

/// After a night that is recorded: removes what it read at the sources that want that, and says when
/// each source was last fetched as a whole, by name. The night stands whatever happens here.
pub(super) async fn after_night(
    db: &mut Db,
    plans: &[SourcePlan],
    clock: RunClock,
) -> Vec<(String, String)> {
    if let Err(error) = removal::remove_recorded(db, plans, clock).await {
        tracing::warn!(
            "the night is recorded, and the next one removes at the sources what it read: {error}"
        );
    }
    fetched::last_successes(db).await.unwrap_or_else(|error| {
        tracing::warn!("when sources were fetched cannot be told: {error}");
        Vec::new()
    })
}

/// What a fetch would bring. Nothing is changed, and no lock is taken.
///
/// # Errors
/// When the database fails.
pub async fn look(
    location: &DatabaseLocation,
    plans: &[SourcePlan],
) -> Result<Vec<SourceReport>, RunError> {
    let mut db = match location {
        DatabaseLocation::Sqlite(path) if !path.exists() => None,
        DatabaseLocation::Sqlite(_) | DatabaseLocation::Postgres(_) => {
            Some(Db::connect(location, false).await?)
        }
    };
    // One that an older version wrote has no memory of sources yet.
    if let Some(opened) = &mut db
        && version::of(opened, location).await? != Version::Current
    {
        db = None;
    }
    let mut reports = Vec::new();
    for plan in plans {
        let memory = match &mut db {
            Some(db) => Memory::of(db, plan).await?,
            None => Memory::default(),
        };
        reports.push(match new_files(plan, &memory).await {
            Ok(report) => report,
            Err(why) => SourceReport::failed(&plan.name, why),
        });
    }
    if let Some(db) = db {
        db.close().await?;
    }
    Ok(reports)
}

async fn new_files(plan: &SourcePlan, memory: &Memory) -> Result<SourceReport, String> {
    let mut report = SourceReport::new(&plan.name);
    if let SourceAddress::Command(command) = &plan.address {
        let program = command.words.first().map_or("", String::as_str);
        tracing::info!("source {}: {program} would be run", plan.name);
        return Ok(report);
    }
    let mut connection = open(plan).await?;
    let listing = connection.list().await.map_err(|error| error.sentence)?;
    connection.close().await;
    report.failures = listing.unusable;
    let new = listing.files.into_iter().filter(|file| !memory.knows(file));
    report.files = new
        .map(|file| FileReport {
            name: file.name,
            size_bytes: file.size_bytes,
            sha256: None,
            fate: Fate::New,
        })
        .collect();
    Ok(report)
}

async fn open(plan: &SourcePlan) -> Result<Connection, String> {
    let credentials = plan.credentials.as_ref().map_err(Clone::clone)?;
    let patience = Patience::begin(plan.limits);
    let opened = Connection::open(&plan.address, credentials, patience).await;
    opened.map_err(|error| error.sentence)
}

/// Whether a source can be fetched: how many files it has, or what is wrong.
pub(super) async fn check(plan: &SourcePlan) -> Result<String, String> {
    let credentials = plan.credentials.as_ref().map_err(Clone::clone)?;
    if let SourceAddress::Command(command) = &plan.address {
        return plan::program(command, credentials);
    }
    let mut connection = open(plan).await?;
    let listing = connection.list().await.map_err(|error| error.sentence)?;
    connection.close().await;
    match (listing.unusable.first(), listing.files.len()) {
        (Some(why), _) => Err(why.clone()),
        (None, 1) => Ok("1 file fits".to_owned()),
        (None, count) => Ok(format!("{count} files fit")),
    }
}
