//! How a message leaves: through a mail server, or as a file into a folder.

mod account;
mod folder;
mod smtp;

use std::path::PathBuf;

pub use account::SmtpAccount;

/// How mail leaves.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Through a mail server.
    Smtp(Box<SmtpAccount>),
    /// As an `.eml` file in this folder, whoever the recipients are.
    Folder(PathBuf),
}

/// A message with its recipients.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'p> {
    /// Who sends it.
    pub sender: &'p str,
    /// Who is to get it.
    pub recipients: &'p [String],
    /// With its angle brackets.
    pub message_id: &'p str,
    /// The whole message.
    pub message: &'p [u8],
}

/// What became of a message with one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is there.
    Accepted,
    /// Not now; what the server says.
    Later(String),
    /// Not ever; what the server says.
    Never(String),
}

/// Why nothing is known of any recipient: the message has to be sent again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    /// For whoever runs the machine. It holds no secret.
    pub sentence: String,
    /// True where another message would fare no better.
    pub of_all: bool,
}

impl Failure {
    fn of_all(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            of_all: true,
        }
    }

    fn of_one(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            of_all: false,
        }
    }
}

impl Transport {
    /// Hands a message over; says of each recipient, in their order, what became of it.
    ///
    /// # Errors
    /// When nobody can say: the server is not there, does not answer in time, refuses the login,
    /// or went away before it said that it has the message. It may have it all the same.
    pub async fn hand_over(&self, parcel: &Parcel<'_>) -> Result<Vec<Verdict>, Failure> {
        match self {
            Self::Smtp(account) => smtp::hand_over(account, parcel).await,
            Self::Folder(folder) => folder::put(folder, parcel).map(|()| {
                parcel
                    .recipients
                    .iter()
                    .map(|_| Verdict::Accepted)
                    .collect()
            }),
        }
    }

    /// Puts right what killed runs left.
    pub fn clear_up(&self) {
        match self {
            Self::Smtp(_) => {}
            Self::Folder(folder) => folder::clear_up(folder),
        }
    }

    /// Looks whether a message could be handed over, and sends none.
    ///
    /// # Errors
    /// When it could not.
    pub async fn check(&self) -> Result<String, Failure> {
        match self {
            Self::Smtp(account) => smtp::check(account).await,
            Self::Folder(folder) => folder::check(folder),
        }
    }

    /// Its name without secrets.
    pub fn name(&self) -> String {
        match self {
            Self::Smtp(account) => account.name(),
            Self::Folder(folder) => folder.display().to_string(),
        }
    }
}
