//! Where input files lie: listed in a fixed order, never changed, archived only when asked.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::Refusal;

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

/// Lists the files of a place by name.
///
/// # Errors
/// When the place is a directory that cannot be read, or a pattern that is none. A place that does
/// not exist has no files: [`exists`] tells.
pub fn list(place: &Place) -> Result<Vec<Candidate>, Refusal> {
    let mut found = Vec::new();
    match place {
        Place::Path(path) if path.is_dir() => {
            let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
            for entry in entries {
                let path = entry.map_err(|error| unreadable(path, &error))?.path();
                found.extend(candidate(&path, false));
            }
        }
        Place::Path(path) => found.extend(candidate(path, true)),
        Place::Nowhere => {}
        Place::Glob(pattern) => {
            let paths = glob::glob(pattern)
                .map_err(|error| Refusal::new(format!("«{pattern}» is no pattern: {error}")))?;
            found.extend(
                paths
                    .filter_map(Result::ok)
                    .filter_map(|path| candidate(&path, true)),
            );
        }
    }
    found.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    Ok(found)
}

/// True when there is something at a place; a pattern always is, and nothing is missing nowhere.
pub fn exists(place: &Place) -> bool {
    match place {
        Place::Path(path) => path.exists(),
        Place::Glob(_) | Place::Nowhere => true,
    }
}

/// True when a place has a file, by whatever name it is called (relative, through a link).
pub fn holds(place: &Place, path: &Path) -> bool {
    let Ok(wanted) = path.canonicalize() else {
        return false;
    };
    let is_wanted = |found: &Candidate| found.path.canonicalize().is_ok_and(|real| real == wanted);
    list(place).is_ok_and(|files| files.iter().any(is_wanted))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new(format!(
        "the folder {} cannot be read ({error})",
        path.display()
    ))
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

/// A regular file, or a link to one.
pub fn candidate(path: &Path, named: bool) -> Option<Candidate> {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let name = written(path.file_name()?);
    Some(Candidate {
        path: path.to_path_buf(),
        name,
        stamp: stamp(&metadata),
        size_bytes: metadata.len(),
        named,
    })
}

/// Size, modification time and, where there is one, the time of the last change of the file's
/// record, which no program can set back.
#[cfg(unix)]
fn stamp(metadata: &fs::Metadata) -> String {
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
fn stamp(metadata: &fs::Metadata) -> String {
    format!("{}:{:?}", metadata.len(), metadata.modified().ok())
}

/// Moves a file into an archive folder without ever overwriting: a name that is taken gets a
/// number. Returns where it is now.
///
/// # Errors
/// When the folder cannot be made or the file cannot be moved.
pub fn archive(path: &Path, folder: &Path) -> std::io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for number in 1..10_000_u32 {
        let target = match number {
            1 => folder.join(&name),
            _ => folder.join(format!("{number}.{name}")),
        };
        // A hard link fails where the target exists: nothing is overwritten even in a race.
        match fs::hard_link(path, &target) {
            Ok(()) => {
                remove_linked(path)?;
                return Ok(target);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(_) if !target.exists() => {
                // Another file system: copy under a name that nobody has.
                fs::copy(path, &target)?;
                remove_linked(path)?;
                return Ok(target);
            }
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::other(format!(
        "{} has too many files named {name}",
        folder.display()
    )))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the file stands in the archive already"
)]
fn remove_linked(path: &Path) -> std::io::Result<()> {
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_listed_by_name_without_its_subdirectories() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("b.csv"), "b").unwrap();
        fs::write(folder.path().join("a.csv"), "a").unwrap();
        fs::create_dir(folder.path().join("c")).unwrap();
        let found = list(&Place::Path(folder.path().to_path_buf())).unwrap();
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.csv", "b.csv"]);
        let pattern = format!("{}/b*", folder.path().display());
        assert_eq!(list(&Place::Glob(pattern)).unwrap().len(), 1);
        assert!(
            list(&Place::Path(folder.path().join("none")))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn the_stamp_changes_with_the_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "one").unwrap();
        let before = candidate(&path, true).unwrap().stamp;
        assert_eq!(before, candidate(&path, true).unwrap().stamp);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, "two").unwrap();
        assert_ne!(before, candidate(&path, true).unwrap().stamp);
    }

    #[test]
    fn the_archive_never_overwrites() {
        let folder = tempfile::tempdir().unwrap();
        let archive_folder = folder.path().join("archive");
        for content in ["one", "two"] {
            let path = folder.path().join("a.csv");
            fs::write(&path, content).unwrap();
            let target = archive(&path, &archive_folder).unwrap();
            assert!(!path.exists());
            assert_eq!(fs::read_to_string(target).unwrap(), content);
        }
        assert_eq!(
            fs::read_to_string(archive_folder.join("a.csv")).unwrap(),
            "one"
        );
    }
}
