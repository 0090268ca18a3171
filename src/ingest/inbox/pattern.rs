//! Files by a glob pattern, folder by folder: one that is closed is told, not passed over.

use std::fs;
use std::io;
use std::path::Path;

use glob::Pattern;

use super::{Entry, Listing, Refusal, Unexamined, examine};

/// One part of a pattern between two slashes.
enum Part {
    /// A name as it stands.
    Name(String),
    /// A pattern of names.
    Names(Pattern),
    /// `**`: any folders, or none.
    Folders,
}

/// Adds the files that a pattern names.
///
/// # Errors
/// When it is no pattern.
pub(super) fn list(pattern: &str, listing: &mut Listing) -> Result<(), Refusal> {
    let parts = pattern
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| match part {
            "**" => Ok(Part::Folders),
            name if !name.contains(['*', '?', '[']) => Ok(Part::Name(name.to_owned())),
            names => Pattern::new(names).map(Part::Names),
        });
    let mut parts: Vec<Part> = parts
        .collect::<Result<_, _>>()
        .map_err(|error| Refusal::new(format!("«{pattern}» is no pattern: {error}")))?;
    if matches!(parts.last(), Some(Part::Folders)) {
        parts.extend(Pattern::new("*").map(Part::Names));
    }
    let root = if pattern.starts_with('/') { "/" } else { "" };
    Walk { listing }.go(Path::new(root), &parts, true);
    Ok(())
}

struct Walk<'l> {
    listing: &'l mut Listing,
}

impl Walk<'_> {
    /// Follows the parts from a path on. `must_exist` is true before the first part that is no
    /// plain name: the configuration names these folders.
    fn go(&mut self, path: &Path, parts: &[Part], must_exist: bool) {
        let Some((part, rest)) = parts.split_first() else {
            return self.listing.add(examine(path, true));
        };
        match part {
            Part::Name(name) if rest.is_empty() => {
                let path = path.join(name);
                // A link to nowhere is there; what is not there is not meant.
                match fs::symlink_metadata(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Ok(_) | Err(_) => self.listing.add(examine(&path, true)),
                }
            }
            Part::Name(name) => self.enter(&path.join(name), rest, must_exist),
            Part::Names(names) => {
                let folder = if path.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    path
                };
                let mut found = Vec::new();
                self.listing.entries(folder, |_, path| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    if names.matches(&name) {
                        found.push(path.to_path_buf());
                    }
                });
                for path in found {
                    if rest.is_empty() {
                        self.listing.add(examine(&path, true));
                    } else {
                        self.enter(&path, rest, false);
                    }
                }
            }
            Part::Folders => {
                self.go(path, rest, false);
                let mut folders = Vec::new();
                self.listing
                    .entries(path, |listing, path| match fs::symlink_metadata(path) {
                        Ok(metadata) if metadata.is_dir() => folders.push(path.to_path_buf()),
                        Ok(_) => {}
                        Err(error) => listing.unread.push(Unexamined::folder(path, error)),
                    });
                for folder in folders {
                    self.go(&folder, parts, false);
                }
            }
        }
    }

    /// Goes on in a folder, where it is one.
    fn enter(&mut self, path: &Path, rest: &[Part], must_exist: bool) {
        match examine(path, true) {
            Entry::Folder => self.go(path, rest, must_exist),
            Entry::File(_) => {}
            Entry::Unexamined(unexamined) => {
                let is_there = fs::symlink_metadata(path).map_or_else(
                    |error| error.kind() != io::ErrorKind::NotFound,
                    |_metadata| true,
                );
                if must_exist || is_there {
                    self.listing.unread.push(unexamined.of_configuration());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files and the unexamined paths of a pattern, relative to the folder.
    fn found(folder: &Path, pattern: &str) -> [Vec<String>; 2] {
        let mut listing = Listing::default();
        list(&format!("{}/{pattern}", folder.display()), &mut listing).unwrap();
        let short = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
        let files = listing.files.iter().map(|file| short(&file.path));
        let unread = listing.unread.iter().map(|it| short(&it.path));
        let mut both = [files.collect::<Vec<_>>(), unread.collect()];
        for paths in &mut both {
            paths.sort();
        }
        both
    }

    #[test]
    fn a_pattern_finds_files_in_all_folders_it_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a/1.csv", "a/b/2.csv", "c/3.csv", "c/4.txt"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = |pattern: &str| found(folder.path(), pattern);
        let files = |names: &[&str]| [names.iter().map(|&it| it.to_owned()).collect(), vec![]];
        assert_eq!(found("*/*.csv"), files(&["a/1.csv", "c/3.csv"]));
        assert_eq!(
            found("**/*.csv"),
            files(&["a/1.csv", "a/b/2.csv", "c/3.csv"])
        );
        assert_eq!(found("c/**"), files(&["c/3.csv", "c/4.txt"]));
        assert_eq!(found("?/[0-3].csv"), files(&["a/1.csv", "c/3.csv"]));
        assert_eq!(found("*/1.csv"), files(&["a/1.csv"]));
        // A folder that the configuration names has to be there; what a pattern finds, not.
        assert_eq!(found("none/*.csv")[1], ["none"]);
        assert_eq!(found("*/b/*.csv"), files(&["a/b/2.csv"]));
        let refusal = list("[", &mut Listing::default()).unwrap_err();
        assert!(refusal.reason.contains("no pattern"), "{refusal}");
    }

    #[cfg(unix)]
    #[test]
    fn links_to_nowhere_and_to_themselves_are_told() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        symlink(folder.path().join("none"), folder.path().join("gone.csv")).unwrap();
        symlink(
            folder.path().join("loop.csv"),
            folder.path().join("loop.csv"),
        )
        .unwrap();
        symlink("none", folder.path().join(".#lock.csv")).unwrap();
        let [files, unread] = found(folder.path(), "*.csv");
        assert_eq!(unread, ["gone.csv", "loop.csv"]);
        // What nobody reads is ignored, and said to be.
        assert_eq!(files, [".#lock.csv"]);
    }
}
