//! Input files: how they are identified, what became of them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{packed_day, packed_opt_day};
use super::family::Family;
use super::money::Amount;

/// The number of a file, unique in the database; a later file has a higher one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct FileId(pub i64);

/// What an `[[input]]` brings, and in which format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// Oney's payment report.
    OneyCrp,
    /// PAYONE's settlement data.
    PayoneSettlement,
    /// Any other provider's settlement data.
    Settlement,
    /// PAYONE's notifications.
    PayoneStatus,
    /// Saved pages of e-Financing's subscription list.
    EFinancing,
    /// Saved answers of Oney's purchase status.
    OneyStatus,
    /// The shop's orders.
    Orders,
    /// Single confirmations, cancellations and refunds.
    OrderEvents,
    /// Account statements.
    BankStatement,
    /// What people decided.
    Decisions,
}

/// What the rows of an input are, whatever their format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InputContent {
    /// Settlement lines.
    Lines,
    /// Provider events.
    ProviderEvents,
    /// Orders.
    Orders,
    /// Order events.
    OrderEvents,
    /// Statements and their entries.
    Statements,
    /// Decisions, which go into the audit trail.
    Decisions,
}

impl InputKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::OneyCrp,
        Self::PayoneSettlement,
        Self::Settlement,
        Self::PayoneStatus,
        Self::EFinancing,
        Self::OneyStatus,
        Self::Orders,
        Self::OrderEvents,
        Self::BankStatement,
        Self::Decisions,
    ];

    /// The word of the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::OneyCrp => "oney-crp",
            Self::PayoneSettlement => "payone-settlement",
            Self::Settlement => "settlement",
            Self::PayoneStatus => "payone-status",
            Self::EFinancing => "e-financing",
            Self::OneyStatus => "oney-status",
            Self::Orders => "orders",
            Self::OrderEvents => "order-events",
            Self::BankStatement => "bank-statement",
            Self::Decisions => "decisions",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What its rows are.
    pub fn content(self) -> InputContent {
        match self {
            Self::OneyCrp | Self::PayoneSettlement | Self::Settlement => InputContent::Lines,
            Self::PayoneStatus | Self::EFinancing | Self::OneyStatus => {
                InputContent::ProviderEvents
            }
            Self::Orders => InputContent::Orders,
            Self::OrderEvents => InputContent::OrderEvents,
            Self::BankStatement => InputContent::Statements,
            Self::Decisions => InputContent::Decisions,
        }
    }

    /// True for the kinds that report money a provider pays.
    pub fn reports_settlement(self) -> bool {
        self.content() == InputContent::Lines
    }

    /// Whose files they are; `None` where the input says it, or every row.
    pub fn family(self) -> Option<Family> {
        match self {
            Self::OneyCrp | Self::OneyStatus => Some(Family::Oney),
            Self::PayoneSettlement | Self::PayoneStatus => Some(Family::Payone),
            Self::EFinancing => Some(Family::EFinancing),
            Self::Settlement
            | Self::Orders
            | Self::OrderEvents
            | Self::BankStatement
            | Self::Decisions => None,
        }
    }
}

/// How the name of what a query on the shop's database gave ends. No file of orders is called so.
pub const IMPORT_ENDING: &str = ".sql";

/// What became of a file when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Stored; it may be superseded by another.
    Accepted,
    /// The same bytes as a stored file.
    Duplicate,
    /// Nothing of it was stored but its identity and the reason.
    Refused,
    /// Not for the input that searched its folder.
    Ignored,
    /// The system did not give it: nothing of it is remembered, and the next run tries again.
    Unread,
}

impl FileStatus {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
            Self::Ignored => "ignored",
            Self::Unread => "unread",
        }
    }

    /// True for what somebody has to see to: it may be money.
    pub fn is_amiss(self) -> bool {
        matches!(self, Self::Refused | Self::Unread)
    }

    /// The status of a stored file's word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Accepted,
            Self::Duplicate,
            Self::Refused,
            Self::Ignored,
        ]
        .into_iter()
        .find(|status| status.word() == word)
    }
}

/// One file as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputFile {
    /// Its number.
    pub id: FileId,
    /// What it brings.
    pub kind: InputKind,
    /// Its name without folders.
    pub name: String,
    /// SHA-256 of its bytes, 64 lower-case hex digits.
    pub sha256: String,
    /// The run that stored it, by number: files of one run have the same.
    pub intake: i64,
    /// The place of the input that read it, as the configuration writes it; empty for files of
    /// versions that did not note it.
    pub place: String,
    /// The as-of date of the run that stored it, or the latest day received before, where that is
    /// later.
    #[serde(with = "packed_day")]
    pub received: NaiveDate,
    /// What became of it.
    pub status: FileStatus,
    /// Who reports, for settlement files; else empty.
    pub provider: String,
    /// Country in lower case, for files whose name carries it; else empty.
    pub country: String,
    /// The day the file covers, where its name or content says so.
    #[serde(with = "packed_opt_day")]
    pub report_date: Option<NaiveDate>,
    /// Its number in its series, where its name carries one.
    pub sequence: Option<u64>,
    /// Rows read.
    pub rows: u64,
    /// Rows taken.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Σ gross by currency, for settlement files.
    pub gross: Vec<super::Money>,
    /// Why it was refused or ignored, or what it is a duplicate of.
    pub reason: String,
    /// The first recorded run that saw it, and its as-of date; `None` until a run is recorded.
    #[serde(skip)]
    pub reported: Option<Reported>,
}

impl InputFile {
    /// True for what a query on the shop's database gave.
    pub fn is_import(&self) -> bool {
        self.kind == InputKind::Orders && self.name.ends_with(IMPORT_ENDING)
    }
}

/// Which recorded run reported a file first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The run.
    pub run: i64,
    /// Its as-of date.
    pub as_of: NaiveDate,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// One-based line of the file, row of the sheet or number of the entry.
    pub line: u32,
    /// The column or element at fault; empty when the row as a whole is.
    pub column: String,
    /// What was found there.
    pub value: String,
    /// What is wrong and what was expected: the end of a sentence, without a full stop.
    pub reason: String,
    /// The whole row as it stands in the file (bounded).
    pub raw: String,
    /// What it names.
    pub names: RowNames,
}

impl RejectedRow {
    /// The same, with what it names.
    #[must_use]
    pub fn naming(self, names: RowNames) -> Self {
        Self { names, ..self }
    }

    /// Where it stands and what is wrong, for a sentence about its file.
    pub fn told(&self) -> String {
        format!("line {}: {}", self.line, self.reason)
    }
}

/// What a rejected row names in its reference columns, as far as they can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowNames {
    /// The provider, where the row says it and not the file.
    pub provider: String,
    /// The order, as references are compared.
    pub order_reference: String,
    /// The provider's transaction.
    pub transaction_id: String,
    /// The payouts.
    pub payouts: Vec<String>,
}

/// Bytes of a raw row that are kept with a rejected row.
pub const RAW_ROW_BYTES_MAX: usize = 4_096;

/// Cuts a text to `max` bytes at a character border.
pub fn bounded(text: &str, max: usize) -> String {
    let end = text
        .char_indices()
        .map(|(at, c)| at.saturating_add(c.len_utf8()));
    let end = end.take_while(|end| *end <= max).last().unwrap_or(0);
    text.get(..end).unwrap_or_default().to_owned()
}

/// Σ of a file by currency; small, so a list.
pub fn add_money(sums: &mut Vec<super::Money>, amount: Amount, currency: super::Currency) {
    match sums.iter_mut().find(|sum| sum.currency == currency) {
        Some(sum) => sum.amount += amount,
        None => sums.push(super::Money { amount, currency }),
    }
}
