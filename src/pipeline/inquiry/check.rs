//! Whether everything that a run needs is there and works.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::deep;
use crate::clock::RunClock;
use crate::config::{InputLocation, InputSettings, Settings};
use crate::domain::file::{FileStatus, InputKind};
use crate::ingest::inbox::{self, Candidate, Place};
use crate::ingest::open_file::OpenFile;
use crate::ingest::unforeseen::guarded;
use crate::ingest::{recognise, statements};
use crate::pipeline::apis::{self, Environment};
use crate::pipeline::{
    IngestOptions, InputPlan, NoProgress, RunError, SourcePlan, fetch, imports, ingest, mailing,
};
use crate::storage::version::{self, Version};
use crate::storage::{DatabaseLocation, Db, StorageError};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What it is.
    pub what: String,
    /// What is to be said of it: how it is, or what is wrong and what to do.
    pub outcome: Result<String, String>,
}

impl Checked {
    pub(super) fn new(what: impl Into<String>, outcome: Result<String, String>) -> Self {
        let what = what.into();
        Self { what, outcome }
    }
}

/// Looks at everything that the configuration names, with `deep` at everything that is stored too,
/// and changes nothing of it.
pub async fn check(
    settings: &Settings,
    location: &DatabaseLocation,
    environment: Environment<'_>,
    deep: bool,
) -> Vec<Checked> {
    let file = settings.file.display();
    let mut all = vec![Checked::new(
        format!("configuration {file}"),
        Ok("can be read".into()),
    )];
    all.push(Checked::new(
        format!("database {}", settings.database),
        database(location).await.map_err(|error| said_of(&error)),
    ));
    match InputPlan::all(settings) {
        Ok(plans) if plans.is_empty() => {
            let nothing = "there is no [[input]]: nothing would be read; add one".to_owned();
            all.push(Checked::new("inputs", Err(nothing)));
        }
        Ok(plans) => {
            for plan in &plans {
                input(plan, settings, &mut all).await;
            }
        }
        Err(refusal) => all.push(Checked::new("inputs", Err(refusal.reason))),
    }
    let reports = &settings.report.directory;
    all.push(Checked::new(
        format!("reports {}", reports.display()),
        folder(reports),
    ));
    if let Some((what, outcome)) = mailing::check(settings, environment).await {
        all.push(Checked::new(what, outcome));
    }
    sources(settings, environment, &mut all).await;
    for api in &settings.apis {
        let outcome = apis::check(api, environment);
        all.push(Checked::new(format!("API of {}", api.provider), outcome));
    }
    if deep {
        all.extend(deep::deep(settings, location).await);
    }
    all
}

/// Connects to each source and lists it, and says where nobody would read what it brings.
async fn sources(settings: &Settings, environment: Environment<'_>, all: &mut Vec<Checked>) {
    for plan in SourcePlan::of(settings, &[], environment).unwrap_or_default() {
        let what = format!("source {}", plan.name());
        all.push(Checked::new(what, fetch::check(&plan).await));
        let into = plan.folder();
        let what = format!("folder {} of source {}", into.display(), plan.name());
        all.push(Checked::new(
            what,
            folder(into).and_then(|said| read_by(settings, into, said)),
        ));
    }
}

/// Whether some input reads a folder; `said` is what is to be said then.
fn read_by(settings: &Settings, folder: &Path, said: String) -> Result<String, String> {
    let reads = |input: &InputSettings| match &input.location {
        InputLocation::Path(path) => path == folder,
        InputLocation::Glob(pattern) => Path::new(pattern).parent() == Some(folder),
        InputLocation::Query(_) => false,
    };
    if settings.inputs.iter().any(reads) {
        return Ok(said);
    }
    Err("no [[input]] reads it: what is fetched would stay unseen; give one this `path`".to_owned())
}

/// An error with its cause, as one sentence.
pub(super) fn said_of(error: &RunError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

async fn database(location: &DatabaseLocation) -> Result<String, RunError> {
    if let DatabaseLocation::Sqlite(path) = location {
        let io = |source| StorageError::Io {
            name: location.name(),
            source,
        };
        let beside = path.parent().unwrap_or(Path::new("."));
        if !path.exists() {
            folder(beside).map_err(RunError::NotFound)?;
            return Ok("does not exist yet; the first run makes it".to_owned());
        }
        // SQLite keeps its log beside the file.
        OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(io)?;
        folder(beside).map_err(RunError::NotFound)?;
    }
    let mut db = Db::connect(location, false).await?;
    let version = version::of(&mut db, location).await?;
    db.close().await?;
    Ok(match version {
        Version::Unused => "can be opened; the first run makes its tables",
        Version::Older => "can be opened; the next run brings it up to date",
        Version::Current => "can be opened",
    }
    .to_owned())
}

async fn input(plan: &InputPlan, settings: &Settings, all: &mut Vec<Checked>) {
    let what = format!("input {} {}", plan.kind.word(), plan.written);
    let outcome = match &plan.query {
        Some(query) => imports::check(plan, query).await,
        None => match files(&plan.place) {
            Ok(said) => newest(plan, settings, said).await,
            Err(said) => Err(said),
        },
    };
    all.push(Checked::new(what, outcome));
    if let Some(archive) = &plan.archive {
        all.push(Checked::new(
            format!("archive {}", archive.display()),
            folder(archive),
        ));
    }
}

/// What a run would say of the newest file of an input; `said` is what is known of all of them.
async fn newest(plan: &InputPlan, settings: &Settings, said: String) -> Result<String, String> {
    let mut found = inbox::list(&plan.place).map_or_else(|_| Vec::new(), |it| it.files);
    found.sort_by_cached_key(|candidate| {
        let modified = std::fs::metadata(&candidate.path).and_then(|it| it.modified());
        std::cmp::Reverse((modified.ok(), candidate.name.clone()))
    });
    let Some(newest) = found.iter().find(|it| is_for(plan, settings, it)) else {
        return Ok(said);
    };
    let options = IngestOptions {
        files: vec![newest.path.clone()],
        kind: Some(plan.kind),
        dry_run: true,
        again: false,
        as_of: RunClock::start(None, settings.timezone).as_of,
    };
    let nowhere = DatabaseLocation::Sqlite(std::path::PathBuf::new());
    let read = ingest(settings, &nowhere, &options, &NoProgress).await;
    let read = read.map_err(|error| said_of(&error))?;
    let Some(file) = read.into_iter().next().map(|read| read.row.file) else {
        return Ok(said);
    };
    let name = &file.name;
    match file.status {
        FileStatus::Refused => Err(format!(
            "{said}; a run would refuse the newest, {name}: it {}",
            file.reason
        )),
        FileStatus::Unread => Err(format!("{said}; the newest, {name}, {}", file.reason)),
        FileStatus::Accepted | FileStatus::Duplicate | FileStatus::Ignored if file.rejected > 0 => {
            Ok(format!(
                "{said}; a run would take the newest, {name}, but for {} of {} rows (`ingest \
                 --dry-run` shows them)",
                file.rejected, file.rows
            ))
        }
        FileStatus::Accepted | FileStatus::Duplicate | FileStatus::Ignored => Ok(format!(
            "{said}; a run would take the newest, {name}, with {} rows",
            file.rows
        )),
    }
}

/// True for a file that a run would read for this input, and for no other one that looks into the
/// same folder.
fn is_for(plan: &InputPlan, settings: &Settings, candidate: &Candidate) -> bool {
    let is_left_alone =
        candidate.never_opened.is_some() || recognise::ignored_by_name(&candidate.name).is_some();
    let Ok(opened) = OpenFile::glance(&candidate.path) else {
        return !is_left_alone;
    };
    let is_shared = || InputPlan::kinds_holding(&candidate.path, settings).len() > 1;
    let fits = || {
        let is_statement =
            plan.kind == InputKind::BankStatement && statements::recognise(&opened).is_some();
        is_statement || recognise::fitting(plan.kind, &opened, &plan.profiles).is_some()
    };
    let is_ours = || {
        let claimed = recognise::is_claimed(plan.kind, &candidate.name, &opened, &plan.profiles);
        Ok(claimed && (fits() || !is_shared()))
    };
    !is_left_alone && guarded(is_ours).unwrap_or(true)
}

/// How many files there are, and whether each can be opened.
fn files(place: &Place) -> Result<String, String> {
    let found = inbox::list(place).map_err(|refusal| refusal.reason)?;
    if let Some(unexamined) = found.unread.first() {
        let path = unexamined.path.display();
        return Err(format!("{path} {}", unexamined.unread));
    }
    let unreadable = found
        .files
        .iter()
        .filter(|file| file.never_opened.is_none())
        .find_map(|file| File::open(&file.path).err().map(|error| (file, error)));
    match (unreadable, found.files.len()) {
        (Some((file, error)), _) => Err(format!(
            "{} cannot be read ({error}); check its permissions",
            file.name
        )),
        (None, 1) => Ok("1 file".to_owned()),
        (None, count) => Ok(format!("{count} files")),
    }
}

/// Whether a run can write into a folder, or make it. The file that tells has no name, so
/// nothing is left behind and nobody sees it.
fn folder(path: &Path) -> Result<String, String> {
    if path.exists() && !path.is_dir() {
        return Err("is a file where a folder belongs; remove it or name another".to_owned());
    }
    let there = path
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(Path::new("/"));
    match tempfile::tempfile_in(there) {
        Ok(_nameless) if there == path => Ok("can be written to".to_owned()),
        Ok(_nameless) => Ok("does not exist yet; the run makes it".to_owned()),
        Err(error) => {
            let there = there.display();
            Err(format!(
                "{there} cannot be written to ({error}); check its permissions"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_folder_that_does_not_exist_is_no_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| Place::Path(folder.path().join(name));
        assert!(files(&place("inbox")).unwrap_err().contains("is not there"));
        std::fs::create_dir(folder.path().join("inbox")).unwrap();
        assert_eq!(files(&place("inbox")), Ok("0 files".to_owned()));
        std::fs::write(folder.path().join("inbox/a.csv"), "").unwrap();
        assert_eq!(files(&place("inbox")), Ok("1 file".to_owned()));
    }

    #[test]
    fn looking_at_a_folder_leaves_nothing_in_it() {
        let parent = tempfile::tempdir().unwrap();
        let reports = parent.path().join("reports/2026");
        assert!(folder(&reports).unwrap().contains("makes it"));
        assert!(!parent.path().join("reports").exists());
        std::fs::create_dir_all(&reports).unwrap();
        assert_eq!(folder(&reports), Ok("can be written to".to_owned()));
        assert_eq!(std::fs::read_dir(&reports).unwrap().count(), 0);
        std::fs::write(parent.path().join("file"), "").unwrap();
        assert!(folder(&parent.path().join("file")).is_err());
    }
}
