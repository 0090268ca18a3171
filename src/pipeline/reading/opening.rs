//! Opening the files of jobs, in the order in which they are read.

use super::Job;
use crate::ingest::open_file::OpenFile;
use crate::ingest::{Refusal, Unread};
use crate::pipeline::plan::InputPlan;

/// Why a job has no open file.
pub(super) enum NotOpened {
    Unread(Unread),
    /// A query was not answered.
    Refused(Refusal),
    /// It is a pipe or the like.
    Never(&'static str),
}

/// Opens the file of a job. Where its place among others of its name was told by its content, it still
/// has to have it.
pub(super) fn open(plans: &[InputPlan], job: &Job) -> Result<OpenFile, NotOpened> {
    if let Some(reason) = job.candidate.never_opened {
        return Err(NotOpened::Never(reason));
    }
    if let Some(refusal) = job.import.as_ref().and_then(|it| it.refusal.clone()) {
        return Err(NotOpened::Refused(refusal));
    }
    let limits = job.inputs.iter().filter_map(|input| plans.get(*input));
    let limit = limits.map(InputPlan::size_bytes_max).max().unwrap_or(0);
    let opened = OpenFile::open(&job.candidate.path, limit).map_err(NotOpened::Unread)?;
    match &job.sha256 {
        Some(sha256) if *sha256 != opened.survey().sha256 => {
            Err(NotOpened::Unread(Unread::changed()))
        }
        Some(_) | None => Ok(opened),
    }
}

/// Jobs by name; files of one name by SHA-256, so that "later received" never depends on folders.
pub(super) fn in_order(jobs: &[Job]) -> Vec<Job> {
    let mut ordered = Vec::with_capacity(jobs.len());
    for same_name in jobs.chunk_by(|a, b| a.candidate.name == b.candidate.name) {
        let mut same_name = same_name.to_vec();
        if same_name.len() > 1 {
            for job in &mut same_name {
                // What cannot be read now is tried once more in its turn.
                let is_file = job.candidate.never_opened.is_none();
                let opened = is_file.then(|| OpenFile::open(&job.candidate.path, 0));
                job.sha256 = opened
                    .and_then(Result::ok)
                    .map(|it| it.survey().sha256.clone());
            }
            same_name.sort_by(|a, b| (&a.sha256, &a.path_key).cmp(&(&b.sha256, &b.path_key)));
        }
        ordered.extend(same_name);
    }
    ordered
}
