//! What banks say: account statements and their booked entries.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{packed_day, packed_opt_day};
use super::file::{FileId, RejectedRow};
use super::money::{Amount, Currency};

/// How a statement relates to the account's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StatementKind {
    /// End of day or period, with balances: camt.053, MT940.
    Booked,
    /// Intraday report or notification: camt.052, camt.054, MT942. A booked statement repeats its
    /// entries.
    Intraday,
    /// An export without statement ids (CSV, XLSX, OFX): exports may overlap.
    Export,
}

impl StatementKind {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Intraday => "intraday",
            Self::Export => "export",
        }
    }

    /// The kind of a word; an unknown one is an export, the most careful reading.
    pub fn from_word(word: &str) -> Self {
        match word {
            "booked" => Self::Booked,
            "intraday" => Self::Intraday,
            _ => Self::Export,
        }
    }
}

/// One statement of one account, without its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// IBAN, else the bank's own number without blanks.
    pub account: String,
    /// The bank's identification of the statement; empty when it gives none.
    pub id: String,
    /// The bank's number of the statement; empty when it gives none.
    pub sequence: String,
    /// First day, where known.
    #[serde(with = "packed_opt_day")]
    pub from: Option<NaiveDate>,
    /// Last day, where known.
    #[serde(with = "packed_opt_day")]
    pub to: Option<NaiveDate>,
    /// Currency of the account, where known.
    pub currency: Option<Currency>,
    /// Balance before the first entry.
    pub opening: Option<Amount>,
    /// Balance after the last entry.
    pub closing: Option<Amount>,
    /// How it relates to the books.
    pub kind: StatementKind,
    /// The last day whose movements are all in it: what is not there until then is not there.
    /// `None` for what only adds entries: intraday reports, notifications, tables.
    pub covers_until: Option<NaiveDate>,
}

impl Statement {
    /// True for what says everything of its days, and not just what it happens to hold.
    pub fn answers_for_its_days(&self) -> bool {
        self.kind == StatementKind::Booked || self.covers_until.is_some()
    }
}

/// One booked movement of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementEntry {
    /// One-based number of the entry in its file, or its line or row where the file has lines.
    pub line: u32,
    /// The bank's own reference of the entry; empty when it gives none.
    pub servicer_reference: String,
    /// When the bank entered it.
    #[serde(with = "packed_day")]
    pub booked_on: NaiveDate,
    /// When it bears interest.
    #[serde(with = "packed_opt_day")]
    pub value_on: Option<NaiveDate>,
    /// Positive when the account receives it.
    pub amount: Amount,
    /// Its currency, usually the account's.
    pub currency: Currency,
    /// The other party.
    pub counterparty: String,
    /// End-to-end id, transaction id, servicer reference and all others, in the file's order.
    pub references: Vec<String>,
    /// All remittance lines joined by one space.
    pub remittance: String,
}

/// Takes what a statement reader finds, in the file's order.
///
/// A reader calls [`StatementSink::entry`] and [`StatementSink::rejected`] for the rows of a
/// statement as they come, then [`StatementSink::statement`] once, with its balances. So a reader
/// holds one entry at a time and never the document.
pub trait StatementSink {
    /// A booked entry of the statement that is being read.
    fn entry(&mut self, entry: StatementEntry);
    /// An entry that could not be read.
    fn rejected(&mut self, row: RejectedRow);
    /// The end of a statement: all entries since the last call are its own.
    fn statement(&mut self, statement: Statement);
}

/// The number of a stored statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatementId(pub i64);

/// A statement as it is stored, with what its entries add up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredStatement {
    /// Its number.
    pub number: StatementId,
    /// The file it came in.
    pub file: FileId,
    /// What the bank wrote.
    pub statement: Statement,
    /// Entries stored.
    pub entries: u64,
    /// Σ of positive entries in the statement's currency.
    pub credits: Amount,
    /// −Σ of negative entries in the statement's currency.
    pub debits: Amount,
    /// Entries of it that were rejected: it cannot be said to balance then.
    pub rejected: u64,
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredEntry {
    /// The number of the entry, unique in the database.
    pub number: i64,
    /// Its statement.
    pub statement: StatementId,
    /// What the bank wrote.
    pub entry: StatementEntry,
}
