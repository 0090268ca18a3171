//! From files to facts. (prose to come)

pub mod statements;

/// Why a whole file is refused: the end of a sentence that begins with the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What was found, where, what was expected, what to do.
    pub reason: String,
}

impl Refusal {
    /// A refusal for a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::new(format!(
            "could not be read ({error}); check the disk, or ask for the file again"
        ))
    }
}
