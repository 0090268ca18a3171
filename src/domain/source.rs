//! Where files come from: the addresses of sources, and what became of a fetch.

use std::path::PathBuf;

/// Where a source is. Nothing here is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceAddress {
    /// A folder of an SFTP server.
    Sftp(SftpAddress),
    /// Attachments in a folder of a mailbox.
    Imaps(ImapsAddress),
    /// Objects below a prefix of an S3 bucket.
    S3(S3Address),
    /// A folder of this machine.
    Folder(FolderAddress),
    /// A program that puts files into a folder.
    Command(CommandAddress),
}

/// A folder of an SFTP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SftpAddress {
    /// The server.
    pub host: String,
    /// Its port; 22 unless given.
    pub port: u16,
    /// The login.
    pub user: String,
    /// The folder there, absolute, or relative to where the login begins.
    pub folder: String,
    /// Which names, with `*` and `?`.
    pub pattern: String,
    /// Fingerprints of the host keys that the server may have, `SHA256:…`.
    pub host_keys: Vec<String>,
    /// The private key of the login.
    pub key_file: Option<PathBuf>,
}

/// Attachments in a folder of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapsAddress {
    /// The server.
    pub host: String,
    /// Its port; 993 unless given.
    pub port: u16,
    /// The login.
    pub user: String,
    /// The folder there.
    pub folder: String,
    /// Which attachments, by name, with `*` and `?`.
    pub pattern: String,
    /// What the sender's address must hold; empty: any.
    pub from: String,
    /// What the subject must hold; empty: any.
    pub subject: String,
    /// Where messages are moved once the night that read them is recorded; empty: they stay.
    pub move_to: String,
    /// Certificates to trust instead of those that the system trusts.
    pub ca_file: Option<PathBuf>,
}

/// Objects below a prefix of an S3 bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Address {
    /// The server, `https://…`.
    pub endpoint: String,
    /// The region, which is part of the signature.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// What the keys begin with, up to the last `/`.
    pub prefix: String,
    /// Which names behind it, with `*` and `?`.
    pub pattern: String,
    /// True for `https://server/bucket/key` instead of `https://bucket.server/key`.
    pub path_style: bool,
}

/// A folder of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderAddress {
    /// The folder.
    pub folder: PathBuf,
    /// Which names, with `*` and `?`.
    pub pattern: String,
}

/// A program that puts files into a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandAddress {
    /// The program and its arguments; `{into}` stands for the folder.
    pub words: Vec<String>,
    /// Variables of the environment that it gets, besides those that every program needs.
    pub environment: Vec<String>,
}

/// What one fetch may bring and take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    /// New files.
    pub max_files: u32,
    /// MiB (1 048 576 bytes) of one file.
    pub max_file_mib: u64,
    /// Seconds without a sign of life after which a server is given up.
    pub timeout_seconds: u32,
    /// Seconds of the whole fetch.
    pub time_budget_seconds: u32,
    /// Seconds between the two looks between which a file may not change.
    pub settle_seconds: u32,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            max_files: 10_000,
            max_file_mib: 2_048,
            timeout_seconds: 30,
            time_budget_seconds: 1_800,
            settle_seconds: 2,
        }
    }
}

/// A source that could not be fetched, or not as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfetched {
    /// Its name.
    pub source: String,
    /// Why, and what to do.
    pub reason: String,
}
