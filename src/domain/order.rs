//! What the shop says it sold, shipped and cancelled.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::calendar::{packed_day, packed_opt_day, packed_opt_moment};
use super::file::FileId;
use super::money::{Amount, Currency};

/// The life of a credit file, in Oney's words (`facts: oney-crp, statuses`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderStatus {
    /// The customer or the provider has to act.
    Pending,
    /// Accepted; waits for the merchant's confirmation.
    Favorable,
    /// The merchant is financed.
    Funded,
    /// Totally cancelled.
    Cancelled,
    /// Refused by the provider.
    Refused,
    /// Form left, or never confirmed.
    Aborted,
}

impl OrderStatus {
    /// The canonical word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Favorable => "FAVORABLE",
            Self::Funded => "FUNDED",
            Self::Cancelled => "CANCELLED",
            Self::Refused => "REFUSED",
            Self::Aborted => "ABORTED",
        }
    }

    /// The status of a canonical word or of a provider's own word for it.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_uppercase().as_str() {
            "PENDING" | "INITIALIZED" | "REQUESTED" | "PRE_ACCEPTED" => Self::Pending,
            "FAVORABLE" | "TO_BE_FUNDED" | "APPOINTED" => Self::Favorable,
            "FUNDED" | "ACCEPTED" => Self::Funded,
            "CANCELLED" => Self::Cancelled,
            "REFUSED" | "REJECTED" | "FAILED" => Self::Refused,
            "ABORTED" => Self::Aborted,
            _ => return None,
        })
    }

    /// True where money may be paid.
    pub fn is_financed(self) -> bool {
        match self {
            Self::Funded | Self::Cancelled => true,
            Self::Pending | Self::Favorable | Self::Refused | Self::Aborted => false,
        }
    }
}

/// One row of an orders file: an order as the shop knew it then.
///
/// Amounts are in `currency`; dates are local days in the configured time zone. Reference and
/// provider stand first: packed rows are told apart by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order<'a> {
    /// The shop's reference, trimmed and without `CMDE|`.
    pub order_reference: &'a str,
    /// Who finances it.
    pub provider: &'a str,
    /// The file it came in.
    pub file: FileId,
    /// One-based line or row.
    pub line: u32,
    /// The merchant the shop expects; empty: not compared.
    pub merchant: &'a str,
    /// The financed amount, as ordered.
    pub amount: Amount,
    /// What the shop confirmed, where it is less than ordered.
    pub confirmed_amount: Option<Amount>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Where it is in its life.
    pub status: OrderStatus,
    /// When it was ordered.
    #[serde(with = "packed_day")]
    pub ordered_on: NaiveDate,
    /// When the shop confirmed it.
    #[serde(with = "packed_opt_day")]
    pub confirmed_on: Option<NaiveDate>,
    /// What the shop cancelled, as the row says.
    pub cancelled_amount: Option<Amount>,
    /// When.
    #[serde(with = "packed_opt_day")]
    pub cancelled_on: Option<NaiveDate>,
    /// When the shop last changed the row, in UTC.
    #[serde(with = "packed_opt_moment")]
    pub updated_at: Option<NaiveDateTime>,
    /// The provider's transaction number, may be empty.
    pub transaction_id: &'a str,
    /// Product, may be empty.
    pub product: &'a str,
}

impl Order<'_> {
    /// What the provider is expected to fund: the confirmed amount, else the ordered one (A).
    pub fn expected_amount(&self) -> Amount {
        self.confirmed_amount.unwrap_or(self.amount)
    }

    /// True when two rows say the same of an order, wherever they stand.
    pub fn says_the_same_as(&self, other: &Order<'_>) -> bool {
        *self
            == Order {
                file: self.file,
                line: self.line,
                ..*other
            }
    }
}

/// What an `order-events` row reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderEventKind {
    /// The shop confirmed an amount.
    Confirm,
    /// The shop cancelled an amount.
    Cancel,
    /// The shop refunded an amount.
    Refund,
}

impl OrderEventKind {
    /// The word in files and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Cancel => "cancel",
            Self::Refund => "refund",
        }
    }

    /// The kind of a word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Confirm, Self::Cancel, Self::Refund]
            .into_iter()
            .find(|kind| word.trim().eq_ignore_ascii_case(kind.word()))
    }
}

/// One confirmation, cancellation or refund of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEvent<'a> {
    /// The shop's reference, trimmed and without `CMDE|`.
    pub order_reference: &'a str,
    /// Who finances the order.
    pub provider: &'a str,
    /// The file it came in.
    pub file: FileId,
    /// One-based line or row.
    pub line: u32,
    /// What happened.
    pub kind: OrderEventKind,
    /// How much; positive.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// When, as a local day.
    #[serde(with = "packed_day")]
    pub occurred_on: NaiveDate,
    /// The shop's own number of the event; empty when it has none.
    pub event_id: &'a str,
}

/// The marker that some partners put before a reference; never part of it.
const REFERENCE_MARKER: &str = "CMDE|";

/// A reference as it is compared: trimmed, without a leading `CMDE|`; nothing else is guessed.
pub fn normal_reference(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix(REFERENCE_MARKER)
        .map_or(text, str::trim_start)
}
