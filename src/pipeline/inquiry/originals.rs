//! The rows of a file as they stand there. The file is found by its SHA-256, where it was last
//! seen or, when it was moved, in the input and archive folders: never by its name alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::books::Books;
use super::dossier::OriginalRow;
use crate::config::Settings;
use crate::domain::discrepancy::Source;
use crate::domain::file::{FileId, InputFile};
use crate::ingest::inbox::{self, Place};
use crate::ingest::open_file::OpenFile;
use crate::ingest::original::{self, Original};
use crate::ingest::unforeseen::guarded;
use crate::pipeline::{InputPlan, RunError};
use crate::storage::{Db, files};

/// The paths at which a file was last seen.
pub(super) async fn known_places(db: &mut Db, file: FileId) -> Result<Vec<String>, RunError> {
    let paths = files::paths(db).await?;
    Ok(paths
        .into_iter()
        .filter(|(_, known)| known.file == file)
        .map(|(path, _)| path)
        .collect())
}

/// Some rows of a file, as they stand there.
pub(super) async fn rows(
    db: &mut Db,
    books: &Books<'_>,
    file: &InputFile,
    lines: &[u32],
) -> Result<Vec<OriginalRow>, RunError> {
    let wanted: BTreeSet<u32> = lines.iter().copied().collect();
    let found = match locate(db, books, file).await? {
        Some((path, opened)) => read(books.settings, file, (&path, &opened), &wanted),
        None if file.is_import() => {
            Err("what the query gave was not kept; give its [[input]] an `archive`".to_owned())
        }
        None => Err(format!(
            "the file is in no input or archive folder any more (SHA-256 {})",
            file.sha256
        )),
    };
    let row = |line: u32| OriginalRow {
        source: Source {
            file: file.name.clone(),
            line,
        },
        row: match &found {
            Ok(rows) => rows
                .get(&line)
                .cloned()
                .ok_or_else(|| "the file has no such row".to_owned()),
            Err(problem) => Err(problem.clone()),
        },
    };
    Ok(wanted.into_iter().map(row).collect())
}

fn read(
    settings: &Settings,
    file: &InputFile,
    (path, opened): (&Path, &OpenFile),
    wanted: &BTreeSet<u32>,
) -> Result<std::collections::BTreeMap<u32, Original>, String> {
    let plans = InputPlan::all(settings).map_err(|refusal| refusal.reason)?;
    let own = plans.into_iter().filter(|plan| plan.kind == file.kind);
    let mut profiles: Vec<_> = own.flat_map(|plan| plan.profiles).collect();
    if profiles.is_empty() {
        let plan =
            InputPlan::for_file(file.kind, path, settings).map_err(|refusal| refusal.reason)?;
        profiles = plan.profiles;
    }
    guarded(|| original::rows(opened, file.kind, &profiles, wanted))
        .map_err(|refusal| format!("the file {refusal}"))
}

/// Where the bytes of a file are now.
async fn locate(
    db: &mut Db,
    books: &Books<'_>,
    file: &InputFile,
) -> Result<Option<(PathBuf, OpenFile)>, RunError> {
    let base = &books.settings.base;
    let known = files::paths(db).await?;
    let same = |id: FileId| {
        books
            .file(id)
            .is_some_and(|other| other.sha256 == file.sha256)
    };
    let seen = || known.iter().filter(|(_, known)| same(known.file));
    let at = |path: PathBuf| {
        let opened = OpenFile::open(&path, u64::MAX).ok()?;
        (opened.survey().sha256 == file.sha256).then_some((path, opened))
    };
    if let Some(found) = seen().find_map(|(path, _)| at(base.join(path))) {
        return Ok(Some(found));
    }
    // The stamp of a path begins with the size of the file that it was.
    let size = seen().find_map(|(_, known)| known.stamp.split(':').next()?.parse::<u64>().ok());
    let mut candidates: Vec<inbox::Candidate> = places(books.settings)
        .iter()
        .flat_map(|place| inbox::list(place).unwrap_or_default().files)
        .filter(|candidate| candidate.never_opened.is_none())
        .filter(|candidate| size.is_none_or(|size| size == candidate.size_bytes))
        .collect();
    candidates.sort_by_key(|candidate| !candidate.name.ends_with(&file.name));
    Ok(candidates
        .into_iter()
        .find_map(|candidate| at(candidate.path)))
}

/// The input and archive folders.
fn places(settings: &Settings) -> Vec<Place> {
    let plans = InputPlan::all(settings).unwrap_or_default();
    let both = |plan: InputPlan| {
        let archive = plan.archive.map(Place::Path);
        std::iter::once(plan.place).chain(archive)
    };
    plans.into_iter().flat_map(both).collect()
}
