//! What is to be read, and what only waits to be archived.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::domain::file::{FileId, FileStatus};
use crate::ingest::inbox::{self, Candidate};
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
            })
        }
    }
}

/// A file that is to be archived: where it is, how it is remembered, where to.
pub(in crate::pipeline) type ToArchive = (Candidate, String, std::path::PathBuf);

/// What the inputs hold.
#[derive(Default)]
pub(super) struct Found {
    /// What is new.
    pub(super) jobs: Vec<Job>,
    /// Places of the configuration that do not exist.
    pub(super) missing: Vec<String>,
    /// What an earlier run stored and could not archive, or was not to.
    pub(super) to_archive: Vec<ToArchive>,
}

/// Lists what all inputs hold and is not known unchanged.
pub(super) fn new_jobs(plans: &[InputPlan], base: &Path, known: &Known) -> Result<Found, RunError> {
    let mut jobs: BTreeMap<(String, String), Job> = BTreeMap::new();
    let mut stored: BTreeMap<String, ToArchive> = BTreeMap::new();
    let mut missing = Vec::new();
    for (input, plan) in plans.iter().enumerate() {
        if !inbox::exists(&plan.place) {
            missing.push(plan.written.clone());
            continue;
        }
        let found = inbox::list(&plan.place)
            .map_err(|refusal| RunError::Input(format!("{}: {refusal}", plan.written)))?;
        for candidate in found {
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
                before,
                import: None,
            });
            job.inputs.push(input);
        }
    }
    Ok(Found {
        jobs: jobs.into_values().collect(),
        missing,
        to_archive: stored.into_values().collect(),
    })
}

/// The files that a person names, each with the input that its kind has.
pub(super) fn named_jobs(
    paths: &[std::path::PathBuf],
    base: &Path,
    known: &Known,
) -> Result<Vec<Job>, RunError> {
    let mut jobs = Vec::new();
    for path in paths {
        let candidate = inbox::candidate(path, true)
            .ok_or_else(|| RunError::Input(format!("{}: there is no such file", path.display())))?;
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
            before,
            import: None,
        });
    }
    jobs.sort_by(|a, b| (&a.candidate.name, &a.path_key).cmp(&(&b.candidate.name, &b.path_key)));
    Ok(jobs)
}
