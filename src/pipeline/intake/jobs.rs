//! What is to be read, and what only waits to be archived.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::domain::file::{FileId, FileStatus, InputFile};
use crate::ingest::inbox::{self, Candidate, Entry, Unexamined};
use crate::pipeline::RunError;
use crate::pipeline::plan::InputPlan;
use crate::pipeline::reading::{Before, Job};
use crate::storage::files::KnownPath;

/// A path as it is remembered: relative to the configuration where it lies below it, so that a
/// folder can be moved as a whole.
pub(super) fn path_key(path: &Path, base: &Path) -> String {
    inbox::written(path.strip_prefix(base).unwrap_or(path).as_os_str())
}

pub(super) fn is_taken(status: FileStatus) -> bool {
    matches!(status, FileStatus::Accepted | FileStatus::Duplicate)
}

/// What is known of files and paths before anything is read.
pub(super) struct Known {
    pub(super) paths: BTreeMap<String, KnownPath>,
    pub(super) files: HashMap<FileId, (FileStatus, String)>,
}

/// How a candidate stands to what is known of its path.
enum Standing {
    /// Its bytes are stored, or were not taken under the same settings: nothing to do.
    Unchanged,
    /// It was read before, but may hold other bytes now.
    Touched(Before),
    /// It has to be read.
    New,
}

impl Known {
    /// True for a path whose bytes are stored.
    pub(super) fn is_taken(&self, path_key: &str) -> bool {
        let known = self.paths.get(path_key);
        let file = known.and_then(|known| self.files.get(&known.file));
        file.is_some_and(|(status, _)| is_taken(*status))
    }

    fn standing(&self, path_key: &str, stamp: &str, fingerprint: &str) -> Standing {
        let Some(known) = self.paths.get(path_key) else {
            return Standing::New;
        };
        let Some((status, sha256)) = self.files.get(&known.file) else {
            return Standing::New;
        };
        // What was not taken is looked at again when the settings have changed.
        if !is_taken(*status) && known.settings != fingerprint {
            Standing::New
        } else if known.stamp == stamp {
            Standing::Unchanged
        } else {
            Standing::Touched(Before {
                file: known.file,
                sha256: sha256.clone(),
                is_taken: is_taken(*status),
            })
        }
    }
}

/// A file that is to be archived: where it is, how it is remembered, where to.
pub(in crate::pipeline) type ToArchive = (Candidate, String, PathBuf);

/// What the inputs hold.
#[derive(Default)]
pub(super) struct Found {
    /// What is new.
    pub(super) jobs: Vec<Job>,
    /// What could not be examined.
    pub(super) unread: Vec<InputFile>,
    /// What an earlier run stored and could not archive, or was not to.
    pub(super) to_archive: Vec<ToArchive>,
}

/// What could not be examined, as a row of the report: a file by its name, a folder by its path as
/// it is remembered.
fn unread(plan: &InputPlan, base: &Path, unexamined: &Unexamined) -> InputFile {
    let Unexamined {
        path,
        is_folder,
        unread,
    } = unexamined;
    InputFile {
        id: FileId::default(),
        kind: plan.kind,
        name: match path.file_name().filter(|_| !is_folder) {
            Some(name) => inbox::written(name),
            None => path_key(path, base),
        },
        sha256: String::new(),
        intake: 0,
        place: plan.written.clone(),
        received: NaiveDate::default(),
        status: FileStatus::Unread,
        provider: plan.provider.clone(),
        country: String::new(),
        report_date: None,
        sequence: None,
        rows: 0,
        accepted: 0,
        rejected: 0,
        gross: Vec::new(),
        reason: unread.reason.clone(),
        reported: None,
    }
}

/// Lists what all inputs hold and is not known unchanged.
pub(super) fn new_jobs(plans: &[InputPlan], base: &Path, known: &Known) -> Result<Found, RunError> {
    let mut jobs: BTreeMap<(String, String), Job> = BTreeMap::new();
    let mut stored: BTreeMap<String, ToArchive> = BTreeMap::new();
    // Several inputs may search one folder.
    let mut unexamined: BTreeMap<PathBuf, InputFile> = BTreeMap::new();
    for (input, plan) in plans.iter().enumerate() {
        let found = inbox::list(&plan.place)
            .map_err(|refusal| RunError::Input(format!("{}: {refusal}", plan.written)))?;
        for it in &found.unread {
            let path = unexamined.entry(it.path.clone());
            path.or_insert_with(|| unread(plan, base, it));
        }
        for candidate in found.files {
            let path_key = path_key(&candidate.path, base);
            let before = match known.standing(&path_key, &candidate.stamp, &plan.fingerprint) {
                Standing::Unchanged => {
                    let archive = plan.archive.clone().filter(|_| known.is_taken(&path_key));
                    stored.extend(archive.map(|to| (path_key.clone(), (candidate, path_key, to))));
                    continue;
                }
                Standing::Touched(before) => Some(before),
                Standing::New => None,
            };
            let key = (candidate.name.clone(), path_key.clone());
            let job = jobs.entry(key).or_insert_with(|| Job {
                candidate,
                path_key,
                inputs: Vec::new(),
                sha256: None,
                before,
                import: None,
            });
            job.inputs.push(input);
        }
    }
    Ok(Found {
        jobs: jobs.into_values().collect(),
        unread: unexamined.into_values().collect(),
        to_archive: stored.into_values().collect(),
    })
}

/// The files that a person names, for the only plan.
pub(super) fn named_jobs(
    paths: &[PathBuf],
    plan: &InputPlan,
    base: &Path,
    known: &Known,
) -> Result<Found, RunError> {
    let (mut jobs, mut not_examined) = (Vec::new(), Vec::new());
    let wrong = |path: &Path, what| RunError::Input(format!("{}: {what}", path.display()));
    for path in paths {
        let candidate = match inbox::examine(path, true) {
            Entry::File(candidate) => candidate,
            Entry::Folder => return Err(wrong(path, "is a folder; name its files")),
            Entry::Unexamined(_)
                if path
                    .symlink_metadata()
                    .is_err_and(|error| is_absent(&error)) =>
            {
                return Err(wrong(path, "there is no such file"));
            }
            Entry::Unexamined(it) => {
                not_examined.push(unread(plan, base, &it));
                continue;
            }
        };
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let path_key = path_key(&absolute, base);
        let before = match known.standing(&path_key, &candidate.stamp, "") {
            Standing::Unchanged => continue,
            Standing::Touched(before) => Some(before),
            Standing::New => None,
        };
        jobs.push(Job {
            candidate,
            path_key,
            inputs: vec![0],
            sha256: None,
            before,
            import: None,
        });
    }
    Ok(Found {
        jobs,
        unread: not_examined,
        ..Found::default()
    })
}

fn is_absent(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}
