//! What providers say of a credit file between its settlement lines: status notifications, saved
//! list pages and answers to questions.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::calendar::{packed_day, packed_moment};
use super::file::FileId;
use super::money::{Amount, Currency};
use super::order::OrderStatus;

/// One thing that a provider said of one transaction.
///
/// Amounts are in `currency`. The reference stands first: packed rows are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent<'a> {
    /// The order's reference as the provider has it, trimmed and without `CMDE|`.
    pub order_reference: &'a str,
    /// Who says it.
    pub provider: &'a str,
    /// The provider's number of the transaction (PAYONE's `txid`, the subscription's id).
    pub transaction_id: &'a str,
    /// The file it came in.
    pub file: FileId,
    /// One-based line of the file, row of the sheet, or number of the object in the file.
    pub line: u32,
    /// When it was observed, in UTC: orders events of one transaction.
    #[serde(with = "packed_moment")]
    pub observed_at: NaiveDateTime,
    /// The local day of that moment: what `as_of` and delays go by.
    #[serde(with = "packed_day")]
    pub observed_on: NaiveDate,
    /// Currency of the amounts.
    pub currency: Currency,
    /// What is financed now (`receivable`, `buyerFinancedAmount`, `payment_amount`), where said.
    pub amount: Option<Amount>,
    /// What was said.
    pub said: Said<'a>,
}

/// What a provider said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said<'a> {
    /// Where the credit file stands.
    Status {
        /// The canonical status; `None` for a word that is not known.
        status: Option<OrderStatus>,
        /// The provider's own word.
        word: &'a str,
        /// The provider's own word for the step within the status, may be empty.
        sub_status: &'a str,
    },
    /// The provider does not know the order that it was asked for.
    NotKnown(NoStatus<'a>),
    /// One booking of a PAYONE transaction; the status follows from all of them.
    Booking(Booking<'a>),
    /// The provider was asked for the order and told no status. That says nothing of the order, and
    /// is shown with what was asked about.
    NotVerified(NoStatus<'a>),
}

/// What came back of a question that told no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoStatus<'a> {
    /// The HTTP code, where one is known.
    pub http_status: Option<u16>,
    /// The provider's codes, fields and labels, else the beginning of what nobody can read; empty
    /// where nothing came.
    pub words: &'a str,
}

/// A `TransactionStatus` notification of PAYONE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking<'a> {
    /// Its sequence number, 0 to 127; `paid` and `cancelation` have that of their booking.
    pub sequence: u8,
    /// What happened.
    pub action: BookingAction<'a>,
    /// What of the receivable is still open.
    pub balance: Amount,
    /// The dunning level of a reminder, else empty.
    pub reminder_level: &'a str,
}

/// What a booking does (`txaction`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BookingAction<'a> {
    /// Reserved or authorised.
    Appointed,
    /// A reserved amount is claimed; an amount of 0 releases the reservation.
    Capture,
    /// Fully paid.
    Paid,
    /// Paid in part.
    Underpaid,
    /// A return debit or chargeback of money already paid; no cancelled order.
    Cancelation,
    /// Given back.
    Refund,
    /// A further claim, or with a credit note given back.
    Debit,
    /// Dunning.
    Reminder,
    /// An invoice or credit note was issued.
    Invoice,
    /// Switched to another account.
    Transfer,
    /// Failed for good.
    Failed,
    /// A word that is not known, or of another module.
    Other(&'a str),
}

impl<'a> BookingAction<'a> {
    /// The word in notifications.
    pub fn word(self) -> &'a str {
        match self {
            Self::Appointed => "appointed",
            Self::Capture => "capture",
            Self::Paid => "paid",
            Self::Underpaid => "underpaid",
            Self::Cancelation => "cancelation",
            Self::Refund => "refund",
            Self::Debit => "debit",
            Self::Reminder => "reminder",
            Self::Invoice => "invoice",
            Self::Transfer => "transfer",
            Self::Failed => "failed",
            Self::Other(word) => word,
        }
    }

    /// The action of a word.
    pub fn from_word(word: &'a str) -> Self {
        [
            Self::Appointed,
            Self::Capture,
            Self::Paid,
            Self::Underpaid,
            Self::Cancelation,
            Self::Refund,
            Self::Debit,
            Self::Reminder,
            Self::Invoice,
            Self::Transfer,
            Self::Failed,
        ]
        .into_iter()
        .find(|action| action.word() == word)
        .unwrap_or(Self::Other(word))
    }
}
