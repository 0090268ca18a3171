//! `ingest --again`: a file whose stored rows are damaged is read once more.
//!
//! What was stored of it goes, and what its bytes say now takes the place, under the same number, day
//! received and standing with the reports: nothing that ranks files sees a difference. All of it is
//! one transaction; where a file cannot be read any more, everything stays as it was.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::Progress;
use super::RunError;
use super::intake::{self, Request};
use super::plan::InputPlan;
use crate::config::Settings;
use crate::domain::file::{FileStatus, InputFile};
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;
use crate::storage::facts::keys;
use crate::storage::files::StoredFile;
use crate::storage::{Db, StorageError, files, seals};

/// A file that is read again: where its bytes are, and what is known of it.
struct Damaged {
    path: PathBuf,
    stored: StoredFile,
}

/// Reads files again.
///
/// # Errors
/// When one of them is not stored or cannot be read any more, or the database fails: then nothing
/// is changed.
pub(super) async fn read_again(
    db: &mut Db,
    settings: &Settings,
    paths: &[PathBuf],
    (as_of, progress): (NaiveDate, &dyn Progress),
) -> Result<Vec<InputFile>, RunError> {
    let known = files::all(db).await?;
    let mut damaged = Vec::with_capacity(paths.len());
    for path in paths {
        damaged.push(find(db, settings, path, &known).await?);
    }
    db.begin().await?;
    let read = replace(db, settings, &damaged, (as_of, progress)).await;
    match read {
        Ok(files) => {
            db.commit().await?;
            Ok(files)
        }
        Err(error) => {
            db.rollback().await?;
            Err(error)
        }
    }
}

/// The stored file that a path, or a name, means.
async fn find(
    db: &mut Db,
    settings: &Settings,
    path: &Path,
    known: &[StoredFile],
) -> Result<Damaged, RunError> {
    let shown = path.display();
    let is_named = |stored: &&StoredFile| Path::new(&stored.file.name) == path;
    let place = match known.iter().find(is_named) {
        Some(stored) if !path.exists() => {
            let paths = files::paths(db).await?;
            let own = paths
                .into_iter()
                .filter(|(_, known)| known.file == stored.file.id);
            let places = own.map(|(place, _)| settings.base.join(place));
            places.into_iter().find(|place| place.exists())
        }
        Some(_) | None => path.exists().then(|| path.to_path_buf()),
    };
    let place = place.ok_or_else(|| {
        RunError::NotFound(format!(
            "{shown}: there is no such file; name the place where its bytes are now"
        ))
    })?;
    let opened = OpenFile::open(&place, u64::MAX)
        .map_err(|unread| RunError::Input(format!("{shown}: {unread}")))?;
    let sha256 = &opened.survey().sha256;
    let same = |stored: &&StoredFile| {
        stored.file.sha256 == *sha256 && stored.file.status == FileStatus::Accepted
    };
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let named = known.iter().filter(same).find(|it| it.file.name == name);
    let stored = named.or_else(|| known.iter().find(same)).ok_or_else(|| {
        RunError::NotFound(format!(
            "{shown}: its bytes are not those of a file that is stored, so there is nothing to read \
             again; `crp-recon ingest {shown}` reads it as a new one"
        ))
    })?;
    Ok(Damaged {
        path: place,
        stored: stored.clone(),
    })
}

/// Removes what is stored of the files, and reads them.
async fn replace(
    db: &mut Db,
    settings: &Settings,
    damaged: &[Damaged],
    (as_of, progress): (NaiveDate, &dyn Progress),
) -> Result<Vec<InputFile>, RunError> {
    let mut are_keys_whole = true;
    for it in damaged {
        are_keys_whole &= forget_keys(db, &it.stored).await?;
        seals::forget(db, &it.stored).await?;
    }
    if !are_keys_whole {
        keys::rebuild(db).await?;
    }
    let mut read = Vec::with_capacity(damaged.len());
    for it in damaged {
        let plan = plan(settings, it).map_err(|refusal| RunError::Input(refusal.reason))?;
        let request = Request {
            plans: vec![plan],
            named: Some(std::slice::from_ref(&it.path)),
            again: Some(&it.stored.file),
            base: &settings.base,
            as_of,
            judged_by: None,
        };
        let intake = intake::read_all(db, request, progress).await?;
        let files = intake.files.into_iter().map(|stored| stored.file);
        for file in files.chain(intake.unread) {
            if file.status != FileStatus::Accepted {
                return Err(RunError::Input(format!(
                    "{} cannot be read any more: {}; nothing was changed",
                    file.name, file.reason
                )));
            }
            read.push(file);
        }
    }
    Ok(read)
}

/// Forgets the keys of a file's rows; false where the keys are damaged themselves.
async fn forget_keys(db: &mut Db, stored: &StoredFile) -> Result<bool, StorageError> {
    let of_facts = stored.file.kind.content() != crate::domain::file::InputContent::Statements;
    let Some(rows) = stored.rows.filter(|_| of_facts) else {
        return Ok(true);
    };
    match keys::forget(db, rows).await {
        Ok(()) => Ok(true),
        Err(StorageError::DamagedKeys { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The input that read the file, else the one that would.
fn plan(settings: &Settings, damaged: &Damaged) -> Result<InputPlan, Refusal> {
    let file = &damaged.stored.file;
    let own = |plan: &InputPlan| plan.kind == file.kind && plan.written == file.place;
    match InputPlan::all(settings)?.into_iter().find(own) {
        Some(plan) => Ok(plan),
        None => InputPlan::for_file(file.kind, &damaged.path, settings),
    }
}
