//! The checked settings: plain data that the rest of the program can rely on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono_tz::Tz;

use super::apis::ApiSettings;
use super::database::DatabaseUrl;
use super::notify::NotifySettings;
use super::secret::SecretSource;
use super::shop::ShopInput;
use super::sources::SourceSettings;
use crate::domain::accounts::AccountSettings;
use crate::domain::file::InputKind;
use crate::domain::language::Wording;
use crate::domain::rules::{Rules, Tolerance};
use crate::domain::waits::Waits;
use crate::ingest::profile::ProfileDefinition;

/// Everything the configuration says, with defaults filled in and paths made absolute.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file.
    pub file: PathBuf,
    /// Its folder: relative paths begin here.
    pub base: PathBuf,
    /// For as-of = today and for times without zone.
    pub timezone: Tz,
    /// The language of reports and mail, and what providers are called in them.
    pub wording: Wording,
    /// What remembers the nights.
    pub database: DatabaseUrl,
    /// How long its server may keep a run waiting.
    pub database_waits: Waits,
    /// What is read, in the file's order.
    pub inputs: Vec<InputSettings>,
    /// The rules of the reconciliation.
    pub rules: Rules,
    /// How columns of tables are read, in the file's order; built-in profiles are not among them.
    pub profiles: Vec<ProfileDefinition>,
    /// Where reports go.
    pub report: ReportSettings,
    /// The digest, where `[mail]` is there.
    pub mail: Option<MailSettings>,
    /// Where new files come from, in the file's order.
    pub sources: Vec<SourceSettings>,
    /// Who is told that a night ran, where `[notify]` is there.
    pub notify: Option<NotifySettings>,
    /// The amount, in major units of a discrepancy's currency, above which a second person approves
    /// what is decided about it; `None`: never.
    pub approval_above: Option<Tolerance>,
    /// The providers that have an API, by name.
    pub apis: Vec<ApiSettings>,
    /// The books that journals are exported to.
    pub accounts: AccountSettings,
    /// SHA-256 over all that decides what matches and what is a finding, 64 lower-case hex
    /// digits: a night whose fingerprint differs from the last one's has to look at everything.
    pub rules_fingerprint: String,
}

/// One `[[input]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputSettings {
    /// What it brings.
    pub kind: InputKind,
    /// The path as it is written, or the address of a database without secrets.
    pub written: String,
    /// Where its files are, or what is asked of the shop's database.
    pub location: InputLocation,
    /// Who reports; given where the rows do not say it themselves.
    pub provider: Option<String>,
    /// True when PAYONE's test notifications count.
    pub test_notifications: bool,
    /// How its columns are read; `None`: recognised from the content.
    pub profile: Option<String>,
    /// Per cent of rejected rows from which a file is refused, 0 to 100.
    pub max_rejected_percent: u32,
    /// Size from which a file is refused, in MiB (1 048 576 bytes).
    pub max_file_mib: u64,
    /// Where stored files are moved; `None`: they stay.
    pub archive: Option<PathBuf>,
    /// Business days without anything new that are no alarm; `None`: what is usual for the kind.
    pub max_silence_business_days: Option<u32>,
}

/// Where the files of an input are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputLocation {
    /// A file or a directory, absolute.
    Path(PathBuf),
    /// A glob pattern, absolute.
    Glob(String),
    /// No files: a query.
    Query(ShopInput),
}

/// `[report]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportSettings {
    /// The folder that holds a folder for each report.
    pub directory: PathBuf,
    /// Where people open a report, with `{as_of}` for the day; `None`: mails have no link.
    pub url: Option<String>,
    /// What is written, without repeats, in the order of [`ReportFormat::ALL`].
    pub formats: Vec<ReportFormat>,
}

/// A format of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportFormat {
    /// One file a table.
    Csv,
    /// `summary.json`.
    Json,
    /// `report.html`.
    Html,
    /// `report.xlsx`.
    Xlsx,
}

impl ReportFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Json, Self::Html, Self::Xlsx];

    /// The word of the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// `[mail]`: who gets the digest, and how.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// On which nights.
    pub when: MailWhen,
    /// The sender; always there when there is a recipient.
    pub from: Option<String>,
    /// The recipients of the digest; empty: none is sent.
    pub to: Vec<String>,
    /// Assignees with the address to which what is theirs is sent, by name.
    pub assignees: BTreeMap<String, String>,
    /// What is attached.
    pub attach: Vec<ReportFormat>,
    /// How it leaves.
    pub transport: MailTransport,
}

/// On which nights the digest is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailWhen {
    /// Every night.
    Always,
    /// When something is open.
    Discrepancies,
    /// When something is new.
    New,
}

/// How mail leaves.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// Through a mail server.
    Smtp {
        /// Its address (`smtp://`, `smtps://`); always there when there is a recipient.
        url: Option<SecretSource>,
        /// The password, where the address has none.
        password: Option<SecretSource>,
        /// Certificates of the authority that the server's comes from, instead of those that the
        /// system trusts.
        ca_file: Option<PathBuf>,
    },
    /// As `.eml` files in a folder.
    Directory(PathBuf),
}
