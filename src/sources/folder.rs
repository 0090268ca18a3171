//! A folder of this machine, such as a share that somebody else fills.

use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::names::Names;
use super::{COPIED_BYTES, LISTED_MAX, Listing, Part, RemoteFile, SourceError, landing};
use crate::domain::source::FolderAddress;

/// The folder.
#[derive(Debug)]
pub struct Folder {
    folder: PathBuf,
    names: Names,
}

impl Folder {
    pub(super) fn new(address: &FolderAddress) -> Self {
        Self {
            folder: address.folder.clone(),
            names: Names::new(&address.pattern),
        }
    }

    fn unlisted(&self, error: &std::io::Error) -> SourceError {
        SourceError::of_all(format!(
            "the folder {} cannot be listed ({error}); check its path and permissions",
            self.folder.display()
        ))
    }

    pub(super) fn list(&self) -> Result<Listing, SourceError> {
        let mut listing = Listing::default();
        let entries = fs::read_dir(&self.folder).map_err(|error| self.unlisted(&error))?;
        for entry in entries.take(LISTED_MAX) {
            let path = entry.map_err(|error| self.unlisted(&error))?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // Folders, FIFOs and devices are never opened; a link counts as what it leads to.
            let metadata = fs::metadata(&path).ok().filter(Metadata::is_file);
            if let Some(metadata) = metadata.filter(|_| self.names.fit(&name)) {
                listing.add(RemoteFile {
                    key: name.clone(),
                    name,
                    size_bytes: Some(metadata.len()),
                    version: version(&metadata),
                });
            }
        }
        Ok(listing)
    }

    pub(super) fn download(&self, file: &RemoteFile, part: &mut Part) -> Result<(), SourceError> {
        let path = self.folder.join(&file.key);
        let unread = |error: std::io::Error| {
            SourceError::of_one(format!(
                "{}: it cannot be read ({error}); check its permissions",
                file.name
            ))
        };
        let mut opened = File::open(&path).map_err(unread)?;
        let mut buffer = vec![0; COPIED_BYTES];
        loop {
            let count = opened.read(&mut buffer).map_err(unread)?;
            match buffer.get(..count) {
                Some(bytes) if count > 0 => part.write(bytes)?,
                Some(_) | None => break,
            }
        }
        Self::same(&path, file)
    }

    /// Whether a file is still the one that was listed.
    fn same(path: &Path, file: &RemoteFile) -> Result<(), SourceError> {
        let now = fs::metadata(path).ok();
        let same = |now: &Metadata| {
            now.is_file() && Some(now.len()) == file.size_bytes && version(now) == file.version
        };
        if now.as_ref().is_some_and(same) {
            return Ok(());
        }
        Err(SourceError::of_one(format!(
            "{}: it has changed meanwhile; the next fetch takes it",
            file.name
        )))
    }

    pub(super) fn remove(&self, file: &RemoteFile) -> Result<(), SourceError> {
        let path = self.folder.join(&file.key);
        if !path.exists() {
            return Ok(());
        }
        Self::same(&path, file)?;
        landing::remove(&path).map_err(|error| {
            SourceError::of_one(format!("{}: it cannot be removed ({error})", file.name))
        })
    }
}

/// When a file was changed last, seconds and billionths.
fn version(metadata: &Metadata) -> String {
    let changed = metadata.modified().ok();
    let since = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or_else(String::new, |since| {
        format!("{}.{:09}", since.as_secs(), since.subsec_nanos())
    })
}
