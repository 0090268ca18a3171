//! What providers report: settlement lines, and the slices of a file that they belong to.

use serde::{Deserialize, Serialize};

use super::calendar::packed_day;
use super::file::FileId;
use super::money::{Amount, Currency, Money};
use chrono::{NaiveDate, NaiveDateTime};

/// What one settlement line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LineKind {
    /// The provider finances an order.
    Funding,
    /// The provider takes back what an order was financed with.
    Cancellation,
    /// The customer's bank or the provider takes money back, or returns it.
    Chargeback,
    /// A correction without an order of its own, a fee or VAT.
    Adjustment,
    /// Stored and shown, counted nowhere.
    Memo,
}

impl LineKind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 5] = [
        Self::Funding,
        Self::Cancellation,
        Self::Chargeback,
        Self::Adjustment,
        Self::Memo,
    ];

    /// The word in the database and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Funding => "funding",
            Self::Cancellation => "cancellation",
            Self::Chargeback => "chargeback",
            Self::Adjustment => "adjustment",
            Self::Memo => "memo",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Which part of a source row a line is. Only Oney's version 2 has rows of several parts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum LinePart {
    /// The row is one line.
    #[default]
    Whole,
    /// What the customer paid at once (version 2, part 2).
    Deposit,
    /// What the provider finances (version 2, part 3).
    Funding,
}

impl LinePart {
    /// The word in the database, in line identities and in `show`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Deposit => "deposit",
            Self::Funding => "funding",
        }
    }

    /// The part of a word; an unknown one is the whole row.
    pub fn from_word(word: &str) -> Self {
        match word {
            "deposit" => Self::Deposit,
            "funding" => Self::Funding,
            _ => Self::Whole,
        }
    }
}

/// The number of a [`Slice`], unique in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SliceId(pub i64);

/// All lines of one file that agree in what seldom changes from row to row.
///
/// Storing this once keeps the million rows of lines narrow, and its sums are what payouts are
/// added up from without reading the lines again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slice {
    /// Its number.
    pub id: SliceId,
    /// The file.
    pub file: FileId,
    /// Who reports.
    pub provider: String,
    /// The merchant the provider names, may be empty.
    pub merchant: String,
    /// Currency of gross and fee.
    pub currency: Currency,
    /// What ties the lines to a bank movement; empty when the provider gave none.
    pub payout_reference: String,
    /// The day the lines are reported for.
    #[serde(with = "packed_day")]
    pub report_date: NaiveDate,
    /// What the lines do.
    pub kind: LineKind,
    /// Which part of their rows they are.
    pub part: LinePart,
    /// How many lines.
    pub lines: u64,
    /// Σ gross.
    pub gross: Amount,
    /// Σ fee.
    pub fee: Amount,
}

/// An amount in a file that contradicts its own row (`FEE_MISMATCH` by columns).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contradiction {
    /// What the row's other columns give.
    pub expected: Amount,
    /// What is written.
    pub actual: Amount,
}

/// One movement that a provider reports, with what is its own; the rest is its [`Slice`]'s.
///
/// Borrowed from a row of a file, a packed buffer or a row of the database: a million of them
/// pass through one night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementLine<'a> {
    /// The order's reference, trimmed and without its `CMDE|`; empty when there is none.
    pub order_reference: &'a str,
    /// The slice it belongs to.
    pub slice: SliceId,
    /// One-based line of the file (the header is line 1), or row of the sheet.
    pub line: u32,
    /// The provider's transaction number.
    pub transaction_id: &'a str,
    /// When the purchase or the cancellation happened, local time of the country.
    #[serde(with = "super::calendar::packed_opt_moment")]
    pub event_time: Option<NaiveDateTime>,
    /// Amount before commission; positive when the merchant receives it.
    pub gross: Amount,
    /// Commission incl. VAT; positive when it costs the merchant.
    pub fee: Amount,
    /// The provider's commercial code, may be empty.
    pub product: &'a str,
    /// Number of instalments, where known.
    pub instalments: Option<u16>,
    /// What leg 1 compares instead of `gross`, when the order's currency is not the payout's.
    pub order_amount: Option<Money>,
    /// Set when the row contradicts itself.
    pub contradiction: Option<Contradiction>,
}

impl SettlementLine<'_> {
    /// gross − fee.
    pub fn net(&self) -> Amount {
        self.gross - self.fee
    }
}
