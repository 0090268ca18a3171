//! The life of a report's folder: it grows hidden and appears whole.
//!
//! ```text
//! reports/.2026-11-20.tmp-x7Kp2a   grows here
//! reports/2026-11-20               → .2026-11-20.old-x7Kp2a   the earlier one steps aside
//! reports/.2026-11-20.tmp-x7Kp2a   → 2026-11-20               the new one takes its place
//! reports/.2026-11-20.old-x7Kp2a   goes
//! ```
//!
//! A folder cannot be swapped with another one in one step on every system, so a run may be
//! killed between the two renames. The next one puts that right before it begins: an earlier
//! report that stepped aside returns when nothing took its place, and hidden folders that nobody
//! works in go. That somebody does is told by a lock on the folder, which the system takes back
//! when its process ends, however it ends.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use tempfile::TempDir;

use super::ReportError;
use crate::files;

const GROWING: &str = ".tmp-";
const ASIDE: &str = ".old-";

/// A folder that is being written, and goes when it is dropped before it was published.
pub struct Staging {
    directory: PathBuf,
    name: String,
    folder: TempDir,
    /// The open folder, locked. `None` where folders cannot be opened or locked (some network
    /// file systems): only two reports that are written at once could then disturb each other.
    _lock: Option<File>,
}

impl Staging {
    /// Makes the hidden folder of the report `name` in `directory`, which is made too.
    ///
    /// # Errors
    /// When one of them cannot be made.
    pub fn create(directory: &Path, name: &str) -> Result<Self, ReportError> {
        files::make_folder(directory)
            .map_err(|error| ReportError::new("create", directory, error))?;
        clear_up(directory)?;
        let prefix = format!(".{name}{GROWING}");
        let folder = files::hidden_folder(directory, &prefix)
            .map_err(|error| ReportError::new("write into", directory, error))?;
        let lock = File::open(folder.path())
            .ok()
            .filter(|open| open.try_lock().is_ok());
        Ok(Self {
            directory: directory.to_owned(),
            name: name.to_owned(),
            folder,
            _lock: lock,
        })
    }

    /// Where the files go for now.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the folder in its place and gives its path. The files in it must be on the disk.
    ///
    /// # Errors
    /// When a folder cannot be renamed; the earlier report then stands where it stood.
    pub fn publish(self) -> Result<PathBuf, ReportError> {
        let target = self.directory.join(&self.name);
        let growing = self.folder.path().to_owned();
        let aside = self.directory.join(aside_name(&growing));
        files::keep_stricter(&growing, &target)
            .and_then(|()| files::sync_folder(&growing))
            .map_err(|error| ReportError::new("write", &growing, error))?;
        if target.is_file() {
            let error = io::ErrorKind::NotADirectory.into();
            return Err(ReportError::new("replace", &target, error));
        }
        let replaces = match fs::rename(&target, &aside) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(ReportError::new("replace", &target, error)),
        };
        if let Err(error) = fs::rename(&growing, &target) {
            if replaces && let Err(also) = fs::rename(&aside, &target) {
                tracing::warn!(
                    "{} stays at {} until the next run: {also}",
                    target.display(),
                    aside.display()
                );
            }
            return Err(ReportError::new("create", &target, error));
        }
        // It has another name now, which is its own: nothing is left to clean up.
        let _moved = self.folder.keep();
        files::sync_folder(&self.directory)
            .map_err(|error| ReportError::new("write", &self.directory, error))?;
        if replaces {
            files::remove_folder(&aside);
        }
        Ok(target)
    }
}

/// The name to step aside to, with the same unique ending as the folder that takes the place.
fn aside_name(growing: &Path) -> String {
    let name = growing.file_name().unwrap_or_default().to_string_lossy();
    name.replacen(GROWING, ASIDE, 1)
}

/// Puts right what killed runs left: see the module.
fn clear_up(directory: &Path) -> Result<(), ReportError> {
    let unreadable = |error| ReportError::new("read", directory, error);
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let file_name = entry.file_name();
        let left = file_name.to_str().and_then(LeftOver::from_name);
        match left {
            Some(LeftOver::Aside { report }) => {
                let home = directory.join(report);
                if home.exists() {
                    files::remove_folder(&entry.path());
                } else if let Err(error) = fs::rename(entry.path(), &home) {
                    return Err(ReportError::new("restore", &home, error));
                }
            }
            Some(LeftOver::Growing) if !files::is_in_use(&entry.path()) => {
                files::remove_folder(&entry.path());
            }
            Some(LeftOver::Growing) | None => {}
        }
    }
    Ok(())
}

/// A hidden folder that a writer made.
#[derive(Debug, PartialEq, Eq)]
enum LeftOver<'a> {
    /// A report that was not finished.
    Growing,
    /// The earlier `report`, which stepped aside.
    Aside { report: &'a str },
}

impl<'a> LeftOver<'a> {
    /// Recognises our own names and nothing else: what is recognised is removed.
    fn from_name(name: &'a str) -> Option<Self> {
        let hidden = name.strip_prefix('.')?;
        let starts_with_a_day = hidden.get(..10)?.parse::<NaiveDate>().is_ok();
        if !starts_with_a_day {
            return None;
        }
        match hidden.split_once(ASIDE) {
            Some((report, _)) => Some(Self::Aside { report }),
            None => hidden.contains(GROWING).then_some(Self::Growing),
        }
    }
}
