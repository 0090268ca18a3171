//! How a file gets into an input folder: whole, or not at all.
//!
//! It is received in `.fetching`, a hidden folder inside the input folder, which inputs do not look
//! into and which is on the same file system. Once its bytes are on the disk it gets its name by a
//! rename that never replaces a file. A fetch that is killed leaves files in `.fetching` only; the
//! next one sweeps them away, while it holds the lock on that folder.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::{NamedTempFile, TempPath};

use super::{COPIED_BYTES, SourceError};
use crate::domain::hex::hex;

/// Where files are received.
pub const HIDDEN_FOLDER: &str = ".fetching";

/// What files are called while they are received. No pattern of an input ends like this.
const PART_ENDING: &str = ".part";

/// Where a program's files stay that were not taken.
const KEPT_FOLDER: &str = "kept";

/// An input folder that files land in. Nobody else lands any there meanwhile.
#[derive(Debug)]
pub struct Landing {
    into: PathBuf,
    hidden: PathBuf,
    _lock: File,
}

/// Why a file did not get its name.
#[derive(Debug)]
pub enum Taken {
    /// Another file has it.
    ByAnother(Whole),
    /// The file system failed.
    Failed(SourceError),
}

fn failed(path: &Path, doing: &str, error: &io::Error) -> SourceError {
    SourceError::of_all(format!(
        "{} cannot be {doing} ({error}); check its permissions and the disk's space",
        path.display()
    ))
}

impl Landing {
    /// Makes the folder where it is missing, and sweeps what a killed fetch left.
    ///
    /// # Errors
    /// When the folder cannot be used, or another fetch lands files in it.
    pub fn open(into: &Path) -> Result<Self, SourceError> {
        let hidden = into.join(HIDDEN_FOLDER);
        fs::create_dir_all(&hidden).map_err(|error| failed(&hidden, "made", &error))?;
        let lock = File::open(&hidden).map_err(|error| failed(&hidden, "opened", &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(SourceError::of_all(format!(
                    "another fetch is at work in {}; wait for it to end",
                    into.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(&hidden, "locked", &error)),
        }
        let landing = Self {
            into: into.to_owned(),
            hidden,
            _lock: lock,
        };
        landing.sweep()?;
        Ok(landing)
    }

    fn sweep(&self) -> Result<(), SourceError> {
        let read = |error: io::Error| failed(&self.hidden, "listed", &error);
        for entry in fs::read_dir(&self.hidden).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path.is_file() {
                remove(&path).map_err(|error| failed(&path, "removed", &error))?;
            }
        }
        Ok(())
    }

    /// Begins a file of at most so many bytes.
    ///
    /// # Errors
    /// When none can be made.
    pub fn begin(&self, bytes_max: u64) -> Result<Part, SourceError> {
        // What others may do with the file is left to the process, as with every file it makes.
        let file = tempfile::Builder::new()
            .suffix(PART_ENDING)
            .permissions(fs::Permissions::from_mode(0o666))
            .tempfile_in(&self.hidden)
            .map_err(|error| failed(&self.hidden, "written to", &error))?;
        Ok(Part {
            file,
            hash: Sha256::new(),
            bytes: 0,
            bytes_max,
        })
    }

    /// Where a file of this name lands. The name was checked.
    pub fn target(&self, name: &str) -> PathBuf {
        self.into.join(name)
    }

    /// An empty folder for a program to fill. What an earlier run of it left there, when it was
    /// killed, is kept aside: a bank may not give it again.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder_to_fill(&self, source: &str) -> Result<PathBuf, SourceError> {
        let folder = self.hidden.join(format!("{}.out", file_name_of(source)));
        if let Some(kept) = self.keep(source, &folder)? {
            tracing::warn!(
                "an earlier fetch of {source} was cut off; what its program had put there is in {}: \
                 look at it, and move what is whole into {}",
                kept.display(),
                self.into.display()
            );
        }
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, "made", &error))?;
        Ok(folder)
    }

    /// Keeps what is in a folder that a program filled; `None` where nothing is.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn keep(&self, source: &str, filled: &Path) -> Result<Option<PathBuf>, SourceError> {
        // A folder goes away only while it is empty.
        match fs::remove_dir(filled) {
            Ok(()) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_not_empty) => {}
        }
        let folder = self.hidden.join(KEPT_FOLDER);
        fs::create_dir_all(&folder).map_err(|error| failed(&folder, "made", &error))?;
        let name = file_name_of(source);
        let free = (1..10_000_u32)
            .map(|number| folder.join(format!("{name}-{number}")))
            .find(|path| !path.exists());
        let Some(target) = free else {
            let sentence = format!("{} is full; look at what is in it", folder.display());
            return Err(SourceError::of_all(sentence));
        };
        fs::rename(filled, &target).map_err(|error| failed(&target, "made", &error))?;
        Ok(Some(target))
    }
}

/// A name of a source as one of a file.
fn file_name_of(source: &str) -> String {
    let letter = |c: char| {
        if c.is_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    source.chars().map(letter).collect()
}

/// A file that is being received.
#[derive(Debug)]
pub struct Part {
    file: NamedTempFile,
    hash: Sha256,
    bytes: u64,
    bytes_max: u64,
}

impl Part {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When there are more than may be, or the disk fails.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SourceError> {
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.bytes > self.bytes_max {
            return Err(self.too_large());
        }
        self.hash.update(bytes);
        let path = self.file.path().to_owned();
        self.file
            .write_all(bytes)
            .map_err(|error| failed(&path, "written to", &error))
    }

    /// The most that there may be.
    pub fn bytes_max(&self) -> u64 {
        self.bytes_max
    }

    /// What is said of a file that is larger.
    pub fn too_large(&self) -> SourceError {
        SourceError::of_one(format!(
            "a file has more than {} bytes; it is not taken; raise max_file_mib if it is right",
            self.bytes_max
        ))
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All bytes have come: puts them on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn finish(self) -> Result<Whole, SourceError> {
        let path = self.file.path().to_owned();
        let synced = self.file.as_file().sync_all();
        synced.map_err(|error| failed(&path, "written to", &error))?;
        Ok(Whole {
            path: self.file.into_temp_path(),
            sha256: hex(&self.hash.finalize()),
            bytes: self.bytes,
        })
    }
}

/// A file that was received whole and has no name yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Whole {
    path: TempPath,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many there are.
    pub bytes: u64,
}

impl Whole {
    /// Gives it its name, which is on the disk when this returns.
    ///
    /// # Errors
    /// When another file has the name, or the disk fails.
    pub fn land(self, target: &Path) -> Result<(), Taken> {
        let Self {
            path,
            sha256,
            bytes,
        } = self;
        match path.persist_noclobber(target) {
            Ok(()) => {
                let folder = target.parent().unwrap_or(Path::new("."));
                let synced = File::open(folder).and_then(|folder| folder.sync_all());
                synced.map_err(|error| Taken::Failed(failed(folder, "written to", &error)))
            }
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
                let path = refused.path;
                Err(Taken::ByAnother(Self {
                    path,
                    sha256,
                    bytes,
                }))
            }
            Err(refused) => Err(Taken::Failed(failed(target, "made", &refused.error))),
        }
    }
}

/// SHA-256 of a file here; `None` where there is none, or it cannot be read.
pub fn sha256_of(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let (mut file, mut hash) = (File::open(path).ok()?, Sha256::new());
    let mut buffer = vec![0; COPIED_BYTES];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hex(&hash.finalize())),
            count => hash.update(buffer.get(..count)?),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a part of a file that was never read as an input, or a source's file when its owner \
              says so"
)]
pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_once_it_is_whole_and_never_takes_anothers() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::open(folder.path()).unwrap();
        let mut part = landing.begin(10).unwrap();
        part.write(b"a,b\n").unwrap();
        assert_eq!(names(folder.path()), [HIDDEN_FOLDER]);
        let target = landing.target("x.csv");
        part.finish().unwrap().land(&target).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"a,b\n");
        let mut other = landing.begin(10).unwrap();
        other.write(b"c").unwrap();
        let refused = other.finish().unwrap().land(&target);
        assert!(matches!(refused, Err(Taken::ByAnother(_))));
        drop(refused);
        assert_eq!(fs::read(&target).unwrap(), b"a,b\n");
        assert_eq!(names(&folder.path().join(HIDDEN_FOLDER)), [""; 0]);
    }

    #[test]
    fn a_file_that_is_longer_than_it_may_be_is_not_taken() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::open(folder.path()).unwrap();
        let mut part = landing.begin(3).unwrap();
        part.write(b"abc").unwrap();
        let error = part.write(b"d").unwrap_err();
        assert!(error.sentence.contains("raise max_file_mib"), "{error}");
    }

    #[test]
    fn what_a_killed_fetch_left_is_swept_and_two_fetches_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let hidden = folder.path().join(HIDDEN_FOLDER);
        fs::create_dir(&hidden).unwrap();
        fs::write(hidden.join("half.part"), "half").unwrap();
        let landing = Landing::open(folder.path()).unwrap();
        assert_eq!(names(&hidden), [""; 0]);
        assert!(Landing::open(folder.path()).is_err());
        drop(landing);
        assert!(Landing::open(folder.path()).is_ok());
    }

    #[test]
    fn what_a_program_left_is_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        let landing = Landing::open(folder.path()).unwrap();
        let filled = landing.folder_to_fill("my bank").unwrap();
        assert_eq!(landing.keep("my bank", &filled).unwrap(), None);
        let filled = landing.folder_to_fill("my bank").unwrap();
        fs::write(filled.join("s.xml"), "x").unwrap();
        let again = landing.folder_to_fill("my bank").unwrap();
        assert_eq!(names(&again), [""; 0]);
        assert!(
            folder
                .path()
                .join(".fetching/kept/my_bank-1/s.xml")
                .is_file()
        );
    }
}
