//! Files that appear whole, read by whom they concern, and what killed runs left of them.
//!
//! A file grows under a hidden name, is brought to the disk, and takes its place by a rename: a
//! reader meets all of it or nothing, and a disk that is full spoils nothing that was there. What is
//! being written is locked; the system takes the lock back when a process ends, however it ends. So
//! the next writer tells what nobody works at any more, and removes it.
//!
//! What is written here holds orders and amounts. The user that runs the job may write it, its
//! group may read it, nobody else may do either; a stricter umask, and a stricter mode of what is
//! replaced, hold.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

/// What of a file is written for others to read: reports, mails, journals.
const SHARED_FILE_MODE: u32 = 0o640;

/// The same for its folder.
const SHARED_FOLDER_MODE: u32 = 0o750;

/// What only this program reads.
const PRIVATE_FILE_MODE: u32 = 0o600;

/// What is done where a file of the name is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfThere {
    /// It is replaced.
    Replace,
    /// It stays, and nothing is written.
    Keep,
}

/// A file that is to appear whole.
#[derive(Clone, Copy, Debug)]
pub struct WholeFile<'p> {
    /// Where.
    pub path: &'p Path,
    /// The folder that it grows in, on the same disk.
    pub grows_in: &'p Path,
    /// How the hidden name begins. What is called so and nobody writes is removed.
    pub hidden: &'static str,
    /// What is done where it is there.
    pub if_there: IfThere,
}

impl<'p> WholeFile<'p> {
    /// A file that grows in its own folder.
    pub fn new(path: &'p Path, hidden: &'static str, if_there: IfThere) -> Self {
        Self {
            path,
            grows_in: folder_of(path),
            hidden,
            if_there,
        }
    }

    /// Writes it, and says whether it did.
    ///
    /// # Errors
    /// When it cannot be written to its end; what was there is as it was.
    pub fn write(self, bytes: &[u8]) -> io::Result<bool> {
        clear_up(self.grows_in, self.hidden);
        let mut growing = builder(self.hidden, SHARED_FILE_MODE).tempfile_in(self.grows_in)?;
        // Where files cannot be locked, only what two processes write at once is not told apart.
        drop(growing.as_file().try_lock());
        growing.write_all(bytes)?;
        if self.if_there == IfThere::Replace {
            keep_stricter(growing.path(), self.path)?;
        }
        growing.as_file().sync_all()?;
        if !self.persist(growing)? {
            return Ok(false);
        }
        sync_folder(folder_of(self.path))?;
        Ok(true)
    }

    fn persist(self, growing: NamedTempFile) -> io::Result<bool> {
        match self.if_there {
            IfThere::Replace => growing
                .persist(self.path)
                .map(|_file| true)
                .map_err(|refused| refused.error),
            IfThere::Keep => match growing.persist_noclobber(self.path) {
                Ok(_file) => Ok(true),
                Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
                Err(refused) => Err(refused.error),
            },
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Makes a folder, and those that it is in.
///
/// # Errors
/// When one of them cannot be made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, SHARED_FOLDER_MODE);
    builder.create(path)
}

/// A new file that others read, of a folder that appears whole.
///
/// # Errors
/// When there is one, or it cannot be made.
pub fn create_new(path: &Path) -> io::Result<File> {
    with_mode(
        OpenOptions::new().write(true).create_new(true),
        SHARED_FILE_MODE,
    )
    .open(path)
}

/// A file that only this program reads; what is in it stays.
///
/// # Errors
/// When it cannot be made or opened.
pub fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    with_mode(&mut options, PRIVATE_FILE_MODE).open(path)
}

fn with_mode(options: &mut OpenOptions, mode: u32) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
    options
}

/// A hidden folder in another, open to those who may read what it becomes.
///
/// # Errors
/// When it cannot be made.
pub fn hidden_folder(within: &Path, prefix: &str) -> io::Result<TempDir> {
    builder(prefix, SHARED_FOLDER_MODE).tempdir_in(within)
}

fn builder(prefix: &str, mode: u32) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    builder
}

/// Gives `new` no right that `old`, which it replaces, does not give.
///
/// # Errors
/// When the rights cannot be set.
pub fn keep_stricter(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Ok(replaced) = fs::metadata(old) {
        use std::os::unix::fs::PermissionsExt as _;
        let own = fs::metadata(new)?.permissions().mode();
        let both = own & (replaced.permissions().mode() | !0o777);
        if both != own {
            fs::set_permissions(new, fs::Permissions::from_mode(both))?;
        }
    }
    Ok(())
}

/// Brings renames and new files in a folder to the disk, where the system can open folders.
///
/// # Errors
/// When the disk fails.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).map(|open| open.sync_all()) {
        // Some file systems know no such thing for folders; what they hold is synced all the same.
        Ok(Err(error))
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// True where a process holds the lock of a file or folder.
pub fn is_in_use(path: &Path) -> bool {
    File::open(path).is_ok_and(|open| matches!(open.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Removes the hidden files that killed runs left in a folder. That one cannot go is no reason to
/// write nothing: the next run tries again.
#[expect(
    clippy::disallowed_methods,
    reason = "only a hidden file that this module made, and nobody writes any more"
)]
pub fn clear_up(folder: &Path, hidden: &str) {
    let is_left = |path: &Path| {
        let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
        is_file && !is_in_use(path)
    };
    for path in named(folder, hidden).filter(|path| is_left(path)) {
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!("cannot remove {}: {error}", path.display());
        }
    }
}

fn named(folder: &Path, prefix: &str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
}

/// A private folder for as long as a run lasts, in the system's own for such.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// The open folder, locked.
    _lock: Option<File>,
}

impl Scratch {
    /// Makes one, and removes those that killed runs of this user left.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> io::Result<Self> {
        const PREFIX: &str = ".crp-recon-scratch-";
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        let lock = File::open(folder.path())
            .ok()
            .filter(|open| open.try_lock().is_ok());
        let own = folder.path();
        for left in named(folder_of(own), PREFIX) {
            if left != own && is_owned_alike(&left, own) && !is_in_use(&left) {
                remove_folder(&left);
            }
        }
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// True for two folders of one user; others' are theirs.
fn is_owned_alike(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let owner = |path: &Path| {
            let found = fs::symlink_metadata(path).ok()?;
            found.is_dir().then(|| found.uid())
        };
        owner(one).is_some_and(|uid| Some(uid) == owner(other))
    }
    #[cfg(not(unix))]
    {
        one.is_dir() && other.is_dir()
    }
}

/// Removes a hidden folder. That it cannot go is no reason to do nothing else: the next run tries
/// again.
pub fn remove_folder(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!("cannot remove {}: {error}", folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut all: Vec<String> = named(folder, "")
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        all.sort();
        all
    }

    #[test]
    fn a_file_replaces_another_or_leaves_it_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let write = |if_there, text: &str| {
            WholeFile::new(&path, ".new-", if_there)
                .write(text.as_bytes())
                .unwrap()
        };
        assert!(write(IfThere::Keep, "one"));
        assert!(!write(IfThere::Keep, "two"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert!(write(IfThere::Replace, "three"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn what_a_killed_writer_left_goes_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in [".new-dead", ".other", "new-file"] {
            fs::write(at(name), "x").unwrap();
        }
        fs::create_dir(at(".new-folder")).unwrap();
        let living = File::create(at(".new-living")).unwrap();
        living.lock().unwrap();
        clear_up(folder.path(), ".new-");
        let left = [".new-folder", ".new-living", ".other", "new-file"];
        assert_eq!(names(folder.path()), left);
    }

    #[cfg(unix)]
    #[test]
    fn others_read_nothing_and_what_was_stricter_stays_so() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let inner = folder.path().join("one/two");
        make_folder(&inner).unwrap();
        let file = inner.join("a.txt");
        let write = || {
            WholeFile::new(&file, ".new-", IfThere::Replace)
                .write(b"x")
                .unwrap()
        };
        write();
        let private = inner.join("b");
        open_private(&private).unwrap();
        for path in [&inner, &file, &private, folder.path().join("one").as_path()] {
            assert_eq!(mode(path) & 0o007, 0, "{}", path.display());
        }
        assert_eq!(mode(&private) & 0o077, 0);
        for (old, new) in [(0o600, 0o600), (0o666, 0o640)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(old)).unwrap();
            write();
            assert_eq!(mode(&file) & !new, 0, "{old:o}");
        }
    }

    #[test]
    fn folders_of_killed_runs_go_with_the_next() {
        let first = Scratch::new().unwrap();
        let left = folder_of(first.path()).join(".crp-recon-scratch-of-a-test");
        fs::create_dir(&left).unwrap();
        let second = Scratch::new().unwrap();
        assert!(first.path().is_dir(), "its run is at work");
        assert!(second.path().is_dir() && !left.exists());
    }
}
