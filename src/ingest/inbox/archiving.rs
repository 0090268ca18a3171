//! Stored files move into an archive folder, never over another.

use std::fs;
use std::path::{Path, PathBuf};

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
