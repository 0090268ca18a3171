//! Why a report could not be written, as a sentence that says what to do.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {}", .path.display(), advice(.source.kind()))]
pub struct ReportError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl ReportError {
    /// `action` is the verb of "cannot … PATH".
    pub(crate) fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

/// What is wrong and what to do, for what may go wrong with a folder.
fn advice(kind: ErrorKind) -> &'static str {
    const ADVICE: [(&[ErrorKind], &str); 5] = [
        (
            &[ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem],
            "this user may not write there; give it the right to, or set report.directory to \
             another folder",
        ),
        (
            &[
                ErrorKind::StorageFull,
                ErrorKind::QuotaExceeded,
                ErrorKind::FileTooLarge,
            ],
            "there is no room left; free some space and run again",
        ),
        (
            &[ErrorKind::AlreadyExists, ErrorKind::NotADirectory],
            "something that is not a folder is in the way; move it, or set report.directory to \
             another folder",
        ),
        (
            &[ErrorKind::NotFound, ErrorKind::StaleNetworkFileHandle],
            "the report folder was moved or removed while the report was written; run again",
        ),
        (
            &[
                ErrorKind::ResourceBusy,
                ErrorKind::DirectoryNotEmpty,
                ErrorKind::ExecutableFileBusy,
            ],
            "another program is using it; close that program and run again",
        ),
    ];
    ADVICE
        .iter()
        .find(|(kinds, _)| kinds.contains(&kind))
        .map_or(
            "check the disk and the report folder, then run again",
            |(_, advice)| *advice,
        )
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn an_error_names_the_path_the_cause_and_the_remedy() {
        let path = Path::new("reports/2026-11-20/orders.csv");
        let error = |kind| ReportError::new("write", path, io::Error::from(kind));
        assert_eq!(
            error(ErrorKind::StorageFull).to_string(),
            "cannot write reports/2026-11-20/orders.csv: there is no room left; free some space \
             and run again"
        );
        assert_eq!(
            error(ErrorKind::ReadOnlyFilesystem).to_string(),
            "cannot write reports/2026-11-20/orders.csv: this user may not write there; give it \
             the right to, or set report.directory to another folder"
        );
        assert_eq!(
            error(ErrorKind::Other).to_string(),
            "cannot write reports/2026-11-20/orders.csv: check the disk and the report folder, \
             then run again"
        );
        assert!(error(ErrorKind::Other).source().is_some());
    }
}
