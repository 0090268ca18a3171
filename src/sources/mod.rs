//! Where new files come from: SFTP servers, mailboxes, S3 buckets, folders, programs.
//!
//! A source is asked what it has ([`Connection::list`]), and hands over one file after the other
//! ([`Connection::download`]). What was fetched before is remembered by `pipeline::fetch`; this
//! room knows neither the database nor what is in a file.
//!
//! Three rules hold for all of them. A name from outside is never a path ([`names`]). A file is
//! received under a name that no input sees, and gets its own by one rename once it is whole and
//! on the disk ([`landing`]). And everything has a limit: bytes, files, silence, time ([`patience`]).

pub mod command;
mod folder;
mod imaps;
pub mod landing;
pub mod names;
mod patience;
mod s3;
mod sftp;

use std::collections::BTreeSet;
use std::fmt;

use crate::domain::secret::Secret;
use crate::domain::source::{FetchLimits, FolderAddress, SourceAddress};
pub use landing::{Landing, Part, Whole};
pub use patience::Patience;

/// The most names of a listing that are looked at.
const LISTED_MAX: usize = 100_000;

/// Bytes that are copied at once.
const COPIED_BYTES: usize = 256 * 1024;

/// Why something could not be had from a source, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct SourceError {
    /// The sentence; what servers say in it is cleaned.
    pub sentence: String,
    /// True when the other files of the source cannot be had either.
    pub of_all: bool,
}

impl SourceError {
    /// The source as a whole is of no use now.
    pub fn of_all(sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self {
            sentence,
            of_all: true,
        }
    }

    /// One file is of no use.
    pub fn of_one(sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self {
            sentence,
            of_all: false,
        }
    }
}

/// Words of a server, fit for a sentence: of one line, and not for ever.
fn said(text: impl fmt::Display) -> String {
    let text = text.to_string();
    let clean = text
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c });
    clean.take(200).collect()
}

/// A file that a source has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemoteFile {
    /// What the source calls it, unique there.
    pub key: String,
    /// Its name without folders: what it is called here.
    pub name: String,
    /// What the source says of its size; `None` where it only shows while it is received.
    pub size_bytes: Option<u64>,
    /// What changes when the file does: its time, or a number that the server gives it.
    pub version: String,
}

/// What a source has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files whose names fit, by name.
    pub files: Vec<RemoteFile>,
    /// What fits and cannot be taken, each with its reason.
    pub unusable: Vec<String>,
}

impl Listing {
    /// Takes a file up, if its name can be one here.
    fn add(&mut self, file: RemoteFile) {
        match names::check(&file.name) {
            Ok(()) => self.files.push(file),
            Err(why) => self.unusable.push(format!("{:?} {why}", said(&file.name))),
        }
    }

    fn sorted(mut self) -> Self {
        self.files
            .sort_by(|a, b| (&a.name, &a.key).cmp(&(&b.name, &b.key)));
        self
    }
}

/// What opens a source. Nothing of it prints.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The password, or S3's secret key.
    pub password: Option<Secret>,
    /// The passphrase of a private key.
    pub passphrase: Option<Secret>,
    /// S3's access key.
    pub access_key: Option<Secret>,
    /// Variables that a program gets.
    pub variables: Vec<(String, Secret)>,
}

/// A source that is open.
pub enum Connection {
    /// An SFTP server.
    Sftp(Box<sftp::Sftp>),
    /// A mailbox.
    Imaps(Box<imaps::Mailbox>),
    /// An S3 bucket.
    S3(Box<s3::Bucket>),
    /// A folder.
    Folder(folder::Folder),
}

impl Connection {
    /// Opens a source. A command is none that could be: its files are in the folder that it fills.
    ///
    /// # Errors
    /// When it cannot be reached, is not the one that it should be, or does not let us in.
    pub async fn open(
        address: &SourceAddress,
        credentials: &Credentials,
        patience: Patience,
    ) -> Result<Self, SourceError> {
        match address {
            SourceAddress::Sftp(address) => {
                let sftp = sftp::Sftp::open(address, credentials, patience).await?;
                Ok(Self::Sftp(Box::new(sftp)))
            }
            SourceAddress::Folder(address) => Ok(Self::Folder(folder::Folder::new(address))),
            SourceAddress::Imaps(address) => {
                let mailbox = imaps::Mailbox::open(address, credentials, patience).await?;
                Ok(Self::Imaps(Box::new(mailbox)))
            }
            SourceAddress::S3(address) => {
                let bucket = s3::Bucket::open(address, credentials, patience)?;
                Ok(Self::S3(Box::new(bucket)))
            }
            SourceAddress::Command(_) => Err(SourceError::of_all("a program cannot be listed")),
        }
    }

    /// The folder that a program filled.
    pub fn filled(folder: std::path::PathBuf) -> Self {
        let pattern = "*".to_owned();
        Self::Folder(folder::Folder::new(&FolderAddress { folder, pattern }))
    }

    /// What is there, by name.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub async fn list(&mut self) -> Result<Listing, SourceError> {
        match self {
            Self::Sftp(sftp) => sftp.list().await,
            Self::Imaps(mailbox) => mailbox.list().await,
            Self::S3(bucket) => bucket.list(),
            Self::Folder(folder) => folder.list(),
        }
        .map(Listing::sorted)
    }

    /// True when a listed file may still be growing, so that it takes two looks to know.
    pub fn may_grow(&self) -> bool {
        match self {
            Self::Sftp(_) | Self::Folder(_) => true,
            Self::Imaps(_) | Self::S3(_) => false,
        }
    }

    /// Receives a file, and makes sure that it is still the one that was listed.
    ///
    /// # Errors
    /// When it cannot be had whole.
    pub async fn download(
        &mut self,
        file: &RemoteFile,
        part: &mut Part,
    ) -> Result<(), SourceError> {
        match self {
            Self::Sftp(sftp) => sftp.download(file, part).await?,
            Self::Imaps(mailbox) => mailbox.download(file, part).await?,
            Self::S3(bucket) => bucket.download(file, part)?,
            Self::Folder(folder) => folder.download(file, part)?,
        }
        match file.size_bytes {
            Some(size) if size != part.bytes() => Err(SourceError::of_one(format!(
                "{}: the source says {size} bytes and sent {}; it is not taken, and the next fetch \
                 tries again",
                file.name,
                part.bytes()
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// Removes a file that was read, or moves it away, where it is still the same. `due` are the keys
    /// of all that may go: a message goes with all of its attachments, or stays.
    ///
    /// # Errors
    /// When it is another one by now, or the source does not let us.
    pub async fn remove(
        &mut self,
        file: &RemoteFile,
        due: &BTreeSet<String>,
    ) -> Result<(), SourceError> {
        match self {
            Self::Sftp(sftp) => sftp.remove(file).await,
            Self::Imaps(mailbox) => mailbox.remove(file, due).await,
            Self::S3(bucket) => bucket.remove(file),
            Self::Folder(folder) => folder.remove(file),
        }
    }

    /// Takes leave; a server that does not answer it is none of our trouble.
    pub async fn close(self) {
        match self {
            Self::Sftp(sftp) => sftp.close().await,
            Self::Imaps(mailbox) => mailbox.close().await,
            Self::S3(_) | Self::Folder(_) => {}
        }
    }
}

/// Bytes of one file, at most.
pub fn file_bytes_max(limits: FetchLimits) -> u64 {
    limits.max_file_mib.saturating_mul(1024 * 1024)
}
