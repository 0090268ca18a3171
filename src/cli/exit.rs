//! Exit codes, and which of several wins.

use std::process::ExitCode;

use crate::config::ConfigError;
use crate::pipeline::RunError;
use crate::storage::StorageError;

/// How a command ended (`spec: cli, exit codes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done,
    /// Failed; nothing of the run is recorded.
    Failed,
    /// Wrong usage or configuration.
    Usage,
    /// Done, but an input was refused or unread, a row rejected, or a source not fetched.
    Rejected,
    /// With `--strict`: done, but there is an open error that nobody accepted.
    OpenErrors,
    /// Reports written, mail not delivered.
    MailWaits,
    /// Another run holds the lock.
    Locked,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Rejected => 3,
            Self::OpenErrors => 4,
            Self::MailWaits => 5,
            Self::Locked => 75,
        }
    }

    /// The exit of a run that was done with one of the codes of its outcome, over which mail that
    /// was not delivered goes.
    pub fn of_outcome(code: u8, mail_waits: bool) -> Self {
        match code {
            _ if mail_waits => Self::MailWaits,
            0 => Self::Done,
            3 => Self::Rejected,
            4 => Self::OpenErrors,
            _ => Self::Failed,
        }
    }

    /// The exit of a failure.
    pub fn of_error(error: &anyhow::Error) -> Self {
        let storage = error.downcast_ref::<StorageError>().or_else(|| {
            match error.downcast_ref::<RunError>() {
                Some(RunError::Storage(storage)) => Some(storage),
                _ => None,
            }
        });
        let setting = matches!(
            error.downcast_ref(),
            Some(RunError::Setting(_) | RunError::Refused(_))
        );
        if setting || error.downcast_ref::<ConfigError>().is_some() {
            Self::Usage
        } else if matches!(storage, Some(StorageError::Locked { .. })) {
            Self::Locked
        } else {
            Self::Failed
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
