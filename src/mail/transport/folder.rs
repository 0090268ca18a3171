//! A folder of `.eml` files, one a message, each of which appears whole.

use std::path::Path;

use super::{Failure, Parcel};
use crate::files::{self, IfThere, WholeFile};

/// How the names of messages begin that are not whole yet.
const GROWING: &str = ".mail-";

/// Removes what killed runs left.
pub(super) fn clear_up(folder: &Path) {
    files::clear_up(folder, GROWING);
}

/// Writes a message. One that is there already is the same one: its name is its `Message-ID`.
pub(super) fn put(folder: &Path, parcel: &Parcel<'_>) -> Result<(), Failure> {
    let file = folder.join(name(parcel.message_id));
    let failed = |error: std::io::Error| {
        let file = file.display();
        Failure::of_all(format!(
            "{file} cannot be written ({error}); check the folder's permissions and disk space"
        ))
    };
    files::make_folder(folder).map_err(failed)?;
    let whole = WholeFile::new(&file, GROWING, IfThere::Replace);
    whole.write(parcel.message).map(drop).map_err(failed)
}

/// `recon-2026-11-20-4f….eml`.
fn name(message_id: &str) -> String {
    let local = message_id.trim_start_matches('<');
    let local = local.split('@').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let local: String = local.chars().filter(|c| plain(*c)).collect();
    format!("{local}.eml")
}

/// Whether files can be written; leaves none behind.
pub(super) fn check(folder: &Path) -> Result<String, Failure> {
    if folder.exists() && !folder.is_dir() {
        let sentence = "is a file where a folder belongs; remove it or name another";
        return Err(Failure::of_all(sentence));
    }
    let there = folder
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(Path::new("/"));
    match tempfile::tempfile_in(there) {
        Ok(_nameless) if there == folder => Ok("can be written to".to_owned()),
        Ok(_nameless) => Ok("does not exist yet; the first mail makes it".to_owned()),
        Err(error) => Err(Failure::of_all(format!(
            "{} cannot be written to ({error}); check its permissions",
            there.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(message_id: &str) -> Parcel<'_> {
        Parcel {
            sender: "recon@example.com",
            recipients: &[],
            message_id,
            message: b"Subject: x\r\n\r\nx",
        }
    }

    #[test]
    fn a_message_appears_whole_under_its_own_name() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("outbox/mail");
        let files = || std::fs::read_dir(&folder).unwrap().count();
        put(&folder, &parcel("<recon-2026-11-20-4f@x.example>")).unwrap();
        put(&folder, &parcel("<recon-2026-11-20-4f@x.example>")).unwrap();
        assert_eq!(files(), 1, "the same once more is the same file");
        let written = std::fs::read(folder.join("recon-2026-11-20-4f.eml")).unwrap();
        assert_eq!(written, b"Subject: x\r\n\r\nx");
        put(&folder, &parcel("<../../etc/passwd@x>")).unwrap();
        assert!(folder.join("etcpasswd.eml").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_in_a_sentence() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        std::fs::write(&file, "").unwrap();
        let failure = put(&file, &parcel("<a@b>")).unwrap_err();
        assert!(
            failure.sentence.contains("a.eml cannot be written"),
            "{failure}"
        );
        assert!(check(&file).is_err());
        assert!(
            check(&parent.path().join("new"))
                .unwrap()
                .contains("makes it")
        );
        assert_eq!(check(parent.path()), Ok("can be written to".to_owned()));
        assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 1);
    }
}
