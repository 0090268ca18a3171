//! Stored files move into an archive folder, never over another.
//!
//! A run may be killed between any two steps. So each step leaves the file whole in one of the two
//! places at least, and archiving it again goes on where it was left: what stands in the archive
//! already, as the same file or byte for byte, is not put there twice.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Candidate, Entry, examine, stamp, written};

/// Files of one name that an archive folder may have.
const SAME_NAME_MAX: u32 = 10_000;

/// How the copies are called that are not complete yet.
const UNFINISHED: &str = ".archiving-";

/// Bytes that are compared at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Moves a file into an archive folder without ever overwriting: a name that is taken gets a
/// number. Returns where it is now.
///
/// # Errors
/// When the folder cannot be made, the file cannot be moved, or it is not the one that was read.
pub fn archive(candidate: &Candidate, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = &candidate.path;
    match examine(path, true) {
        Entry::File(now) if now.stamp == candidate.stamp => {}
        Entry::File(_) | Entry::Folder | Entry::Unexamined(_) => {
            return Err(changed());
        }
    }
    let name = path.file_name().unwrap_or_default();
    for number in 1..SAME_NAME_MAX {
        let target = match number {
            1 => folder.join(name),
            _ => folder.join(format!("{number}.{}", name.to_string_lossy())),
        };
        match put(path, &target)? {
            Put::Taken => {}
            Put::Anew if !is_of(&target, candidate) => {
                remove(&target)?;
                return Err(changed());
            }
            Put::Anew | Put::Already => {
                remove(path)?;
                return Ok(target);
            }
        }
    }
    Err(io::Error::other(format!(
        "{} has too many files named {}",
        folder.display(),
        written(name)
    )))
}

fn changed() -> io::Error {
    io::Error::other("it is not the file that was read any more; the next run reads it")
}

/// True for a file of the size and the time of a candidate: what took its place meanwhile is not.
fn is_of(target: &Path, candidate: &Candidate) -> bool {
    let lasting = |stamp: &str| {
        stamp
            .rsplit_once(':')
            .map(|(lasting, _)| lasting.to_owned())
    };
    fs::metadata(target).is_ok_and(|now| lasting(&stamp(&now)) == lasting(&candidate.stamp))
}

/// What became of putting a file in another place.
enum Put {
    /// It is there now.
    Anew,
    /// It was there already.
    Already,
    /// Something else is there.
    Taken,
}

/// Puts a file in another place as well.
fn put(path: &Path, target: &Path) -> io::Result<Put> {
    // A link to a file is archived as what it leads to.
    let is_link = fs::symlink_metadata(path)?.is_symlink();
    let linked = if is_link {
        Err(io::ErrorKind::CrossesDevices.into())
    } else {
        // A hard link fails where the target exists: nothing is overwritten even in a race.
        fs::hard_link(path, target)
    };
    match linked {
        Ok(()) => Ok(Put::Anew),
        Err(_) if fs::symlink_metadata(target).is_ok() => Ok(if is_there_already(path, target)? {
            Put::Already
        } else {
            Put::Taken
        }),
        // Another file system, or one without hard links.
        Err(_) => copy(path, target),
    }
}

/// True where a run that was killed has put the file there already.
fn is_there_already(path: &Path, target: &Path) -> io::Result<bool> {
    let (own, there) = (fs::metadata(path)?, fs::metadata(target)?);
    if is_same_file(&own, &there) {
        return Ok(true);
    }
    if !there.is_file() || own.len() != there.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (File::open(path)?, File::open(target)?);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    let limit = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
    loop {
        a.clear();
        b.clear();
        (&mut one).take(limit).read_to_end(&mut a)?;
        (&mut other).take(limit).read_to_end(&mut b)?;
        if a != b || a.is_empty() {
            return Ok(a == b);
        }
    }
}

#[cfg(unix)]
fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same_file(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// Copies a file under a name of its own, and gives it the right one once it is on the disk.
fn copy(path: &Path, target: &Path) -> io::Result<Put> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)?;
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    io::copy(&mut file, unfinished.as_file_mut())?;
    let finished = unfinished.as_file();
    finished.set_permissions(metadata.permissions())?;
    finished.set_modified(metadata.modified()?)?;
    finished.sync_all()?;
    match unfinished.persist_noclobber(target) {
        Ok(_copied) => {
            sync(folder)?;
            Ok(Put::Anew)
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(Put::Taken),
        Err(error) => Err(error.error),
    }
}

/// Makes the name of a copy last: only then the file on the other system may go.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes the copies that killed runs did not finish: what they are copies of still lies where it
/// lay.
///
/// # Errors
/// When the folder cannot be read, or one of them not removed.
pub fn put_away_unfinished(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if written(&entry.file_name()).starts_with(UNFINISHED) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "it stands in the archive already, or never was complete"
)]
fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a file in its inbox, and the archive beside it.
    struct Folder(tempfile::TempDir);

    impl Folder {
        fn with(content: &str) -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            fs::create_dir(folder.0.path().join("archive")).unwrap();
            folder.put(content);
            folder
        }

        fn put(&self, content: &str) {
            fs::write(self.path(), content).unwrap();
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("a.csv")
        }

        fn archived(&self, name: &str) -> PathBuf {
            self.0.path().join("archive").join(name)
        }

        fn archive(&self) -> io::Result<PathBuf> {
            let Entry::File(candidate) = examine(&self.path(), true) else {
                panic!("there is no file");
            };
            archive(&candidate, &self.0.path().join("archive"))
        }

        /// What is in the archive: names and contents.
        fn content(&self) -> Vec<(String, String)> {
            let entries = fs::read_dir(self.0.path().join("archive")).unwrap();
            let read = |entry: io::Result<fs::DirEntry>| {
                let entry = entry.unwrap();
                let content = fs::read_to_string(entry.path()).unwrap();
                (written(&entry.file_name()), content)
            };
            let mut content: Vec<_> = entries.map(read).collect();
            content.sort();
            content
        }
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, content): &(&str, &str)| ((*name).into(), (*content).into());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn the_archive_never_overwrites() {
        let folder = Folder::with("one");
        folder.archive().unwrap();
        folder.put("two");
        assert_eq!(folder.archive().unwrap(), folder.archived("2.a.csv"));
        assert!(!folder.path().exists());
        let both = pairs(&[("2.a.csv", "two"), ("a.csv", "one")]);
        assert_eq!(folder.content(), both);
    }

    #[test]
    fn what_a_killed_run_has_linked_or_copied_is_not_archived_twice() {
        let linked = Folder::with("one");
        fs::hard_link(linked.path(), linked.archived("a.csv")).unwrap();
        let copied = Folder::with("one");
        fs::copy(copied.path(), copied.archived("a.csv")).unwrap();
        for folder in [linked, copied] {
            assert_eq!(folder.archive().unwrap(), folder.archived("a.csv"));
            assert!(!folder.path().exists());
            assert_eq!(folder.content(), pairs(&[("a.csv", "one")]));
        }
    }

    #[test]
    fn a_copy_that_was_not_finished_is_put_away() {
        let folder = Folder::with("one");
        fs::write(folder.archived(".archiving-Xy12"), "o").unwrap();
        put_away_unfinished(folder.archived("").as_path()).unwrap();
        assert_eq!(folder.content(), []);
    }

    #[test]
    fn a_copy_appears_whole_and_over_nothing() {
        let folder = Folder::with("one");
        let target = folder.archived("a.csv");
        assert!(matches!(copy(&folder.path(), &target), Ok(Put::Anew)));
        folder.put("two");
        assert!(matches!(copy(&folder.path(), &target), Ok(Put::Taken)));
        assert_eq!(folder.content(), pairs(&[("a.csv", "one")]));
    }

    #[test]
    fn a_file_that_is_another_one_by_now_stays_to_be_read() {
        let folder = Folder::with("one");
        let Entry::File(candidate) = examine(&folder.path(), true) else {
            panic!("there is no file");
        };
        folder.put("a new delivery of that name");
        let error = archive(&candidate, &folder.0.path().join("archive")).unwrap_err();
        assert!(
            error.to_string().contains("the next run reads it"),
            "{error}"
        );
        assert!(folder.path().exists());
        assert!(folder.content().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_archived_as_the_file_that_it_leads_to() {
        let folder = Folder::with("one");
        let elsewhere = folder.0.path().join("elsewhere.csv");
        fs::rename(folder.path(), &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, folder.path()).unwrap();
        folder.archive().unwrap();
        assert!(fs::symlink_metadata(folder.path()).is_err());
        assert!(elsewhere.exists());
        assert_eq!(folder.content(), pairs(&[("a.csv", "one")]));
    }
}
