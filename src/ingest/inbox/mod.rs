//! Where input files lie: listed in a fixed order, never changed, archived only when asked.
//!
//! Nothing is passed over. What is there and is no file that could be read is listed as ignored,
//! with the reason; what cannot be examined is listed as unread.

mod archiving;
mod pattern;

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Refusal, Unread, recognise};
pub use archiving::{archive, put_away_unfinished};

/// A file that an input may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Where it is.
    pub path: PathBuf,
    /// Its name without folders.
    pub name: String,
    /// Size and times: while they are the same, the bytes are.
    pub stamp: String,
    /// Its size.
    pub size_bytes: u64,
    /// True when the configuration or the command line names this very file.
    pub named: bool,
    /// Why it is never opened: it is no file that ends.
    pub never_opened: Option<&'static str>,
}

/// A place where files are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file, or a directory that is searched without its subdirectories.
    Path(PathBuf),
    /// A glob pattern.
    Glob(String),
    /// Nowhere: the input has no files.
    Nowhere,
}

/// What lies at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its files by name.
    pub files: Vec<Candidate>,
    /// What could not be examined.
    pub unread: Vec<Unexamined>,
}

/// A path that could not be examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexamined {
    /// The path.
    pub path: PathBuf,
    /// True where it is, or should be, a folder: what lies in it is not known.
    pub is_folder: bool,
    /// Why.
    pub unread: Unread,
}

/// What a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file, or something else that is none and never opened.
    File(Candidate),
    /// A folder.
    Folder,
    /// It could not be examined.
    Unexamined(Unexamined),
}

/// Lists what lies at a place, by name.
///
/// # Errors
/// When a pattern is none.
pub fn list(place: &Place) -> Result<Listing, Refusal> {
    let mut listing = Listing::default();
    match place {
        Place::Path(path) => match examine(path, true) {
            Entry::Folder => listing.folder(path),
            Entry::Unexamined(unexamined) => listing.unread.push(unexamined.of_configuration()),
            Entry::File(candidate) => listing.files.push(candidate),
        },
        Place::Nowhere => {}
        Place::Glob(pattern) => pattern::list(pattern, &mut listing)?,
    }
    listing
        .files
        .sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    listing.files.dedup();
    listing.unread.sort_by(|a, b| a.path.cmp(&b.path));
    listing.unread.dedup();
    Ok(listing)
}

impl Listing {
    /// Adds what lies in a folder, its subfolders left out.
    fn folder(&mut self, folder: &Path) {
        self.entries(folder, |listing, path| listing.add(examine(path, false)));
    }

    /// Hands over what lies in a folder, one after the other.
    fn entries(&mut self, folder: &Path, mut take: impl FnMut(&mut Self, &Path)) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unread.push(Unexamined::folder(folder, error)),
        };
        for entry in entries {
            match entry {
                Ok(entry) => take(self, &entry.path()),
                // Whether there is more cannot be told.
                Err(error) => return self.unread.push(Unexamined::folder(folder, error)),
            }
        }
    }

    fn add(&mut self, entry: Entry) {
        match entry {
            Entry::File(candidate) => self.files.push(candidate),
            Entry::Unexamined(unexamined) => self.unread.push(unexamined),
            Entry::Folder => {}
        }
    }
}

impl Unexamined {
    fn folder(path: &Path, error: io::Error) -> Self {
        Self {
            path: path.to_path_buf(),
            is_folder: true,
            unread: error.into(),
        }
    }

    /// The same for a path that the configuration names.
    fn of_configuration(self) -> Self {
        let unread = match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Unread::new("is not there; make it, or correct the input's `path`")
            }
            Ok(_) | Err(_) => self.unread,
        };
        Self {
            is_folder: true,
            unread,
            ..self
        }
    }

    fn file(path: &Path, unread: Unread) -> Self {
        Self {
            path: path.to_path_buf(),
            is_folder: false,
            unread,
        }
    }
}

/// True when a place has a file, by whatever name it is called (relative, through a link).
pub fn holds(place: &Place, path: &Path) -> bool {
    let Ok(wanted) = path.canonicalize() else {
        return false;
    };
    let is_wanted = |found: &Candidate| found.path.canonicalize().is_ok_and(|real| real == wanted);
    list(place).is_ok_and(|listing| listing.files.iter().any(is_wanted))
}

/// What a path is; links are followed.
pub fn examine(path: &Path, named: bool) -> Entry {
    let name = written(path.file_name().unwrap_or_default());
    let file = |stamp: String, size_bytes, never_opened| {
        Entry::File(Candidate {
            path: path.to_path_buf(),
            name: name.clone(),
            stamp,
            size_bytes,
            named,
            never_opened,
        })
    };
    let error = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Entry::Folder,
        Ok(metadata) if metadata.is_file() => {
            return file(stamp(&metadata), metadata.len(), None);
        }
        Ok(metadata) => {
            let what = special(&metadata);
            return file(what.to_owned(), 0, Some(what));
        }
        Err(error) => error,
    };
    // What nobody would read need not be there: editors lock files with links to nowhere.
    if let Some(reason) = recognise::ignored_by_name(&name) {
        return file(reason.to_owned(), 0, Some(reason));
    }
    let unread = if error.kind() != io::ErrorKind::NotFound {
        Unread::from(error)
    } else if fs::symlink_metadata(path).is_ok() {
        Unread::new("is a link to what is not there; the next run tries again")
    } else {
        Unread::new("is not there; the next run tries again")
    };
    Entry::Unexamined(Unexamined::file(path, unread))
}

/// What is neither a file nor a folder.
#[cfg(unix)]
fn special(metadata: &fs::Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_fifo() {
        "a named pipe (FIFO), which is never opened"
    } else if kind.is_socket() {
        "a socket, which is never opened"
    } else {
        "a device, which is never opened"
    }
}

#[cfg(not(unix))]
fn special(_: &fs::Metadata) -> &'static str {
    "no file, and never opened"
}

/// A name or path as text. Bytes that are no UTF-8 are written as `\xFF`, so that two names that
/// differ only in them stay two.
pub fn written(name: &OsStr) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        let bytes = chunk.invalid().iter();
        text.extend(bytes.map(|byte| format!("\\x{byte:02X}")));
    }
    text
}

/// Size, modification time and, where there is one, the time of the last change of the file's
/// record, which no program can set back.
#[cfg(unix)]
pub(super) fn stamp(metadata: &fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!(
        "{}:{}.{:09}:{}.{:09}",
        metadata.len(),
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec()
    )
}

#[cfg(not(unix))]
pub(super) fn stamp(metadata: &fs::Metadata) -> String {
    format!("{}:{:?}", metadata.len(), metadata.modified().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &Path) -> Candidate {
        match examine(path, true) {
            Entry::File(candidate) => candidate,
            other @ (Entry::Folder | Entry::Unexamined(_)) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_directory_is_listed_by_name_without_its_subdirectories() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.csv"), "b").unwrap();
        fs::write(folder.path().join("a.csv"), "a").unwrap();
        fs::create_dir(folder.path().join("c")).unwrap();
        let found = list(&Place::Path(folder.path().to_path_buf())).unwrap();
        let names: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "b.csv"]);
        let pattern = format!("{}/b*", folder.path().display());
        assert_eq!(list(&Place::Glob(pattern)).unwrap().files.len(), 1);
    }

    #[test]
    fn the_stamp_changes_with_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "one").unwrap();
        let before = file(&path).stamp;
        assert_eq!(before, file(&path).stamp);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, "two").unwrap();
        assert_ne!(before, file(&path).stamp);
    }
}
