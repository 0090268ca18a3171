//! What the sentence about a discrepancy says besides its columns.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{packed_day, packed_opt_day};
use super::money::{Amount, Currency, Money};
use super::order::OrderStatus;

/// What an explanation needs besides the columns of its discrepancy, each code's own.
///
/// It is part of what a recorded night remembers: a new variant goes to the end of the list, and
/// a change to one of them needs a new form of what is stored (`domain::found`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Detail {
    /// The columns say it all.
    #[default]
    Columns,
    /// `DUPLICATE_LINE`, `DUPLICATE_FUNDING`: how often it was reported.
    Times(u64),
    /// `OVER_CANCELLED`: what the order amounts to (A).
    OrderAmount(Amount),
    /// `STATUS_MISMATCH`: where the order stands in the shop.
    OrderStatus(OrderStatus),
    /// `CURRENCY_MISMATCH`.
    OtherCurrency(OtherCurrency),
    /// `MERCHANT_MISMATCH`: the order's merchant; the lines' is a column.
    ShopMerchant(String),
    /// `ORDER_NOT_FOUND`.
    UnknownOrder(UnknownOrder),
    /// `PROVIDER_STATUS_MISMATCH`.
    ProviderStatus(ProviderStatus),
    /// `EVENT_MISSING`.
    MissingEvents(MissingEvents),
    /// `FEE_MISMATCH` by a rule of the configuration: the amounts are commissions with a minus.
    FeeByRule,
    /// `CHARGEBACK` that no line tells: the notification that does.
    Notification(String),
    /// `DEBIT_NOT_TAKEN` of commissions: the last day of their month.
    Commissions(#[serde(with = "packed_day")] NaiveDate),
    /// `BANK_CREDIT_UNEXPLAINED`, `BANK_DEBIT_UNEXPLAINED`: what the bank writes of the entry.
    BankText(String),
    /// `AMBIGUOUS_MATCH`.
    Candidates(Candidates),
    /// `PAYOUT_AMOUNT_MISMATCH`: the references of the payouts that were paid together.
    PaidTogether(Vec<String>),
    /// `PAYOUT_REFERENCE_MISSING`.
    UnassignedLines(UnassignedSum),
    /// `REPORT_MISSING`.
    MissingReport(MissingReport),
    /// `REPORT_REJECTED`: why the file was refused.
    Refusal(String),
    /// `REPORT_REPLACED`, `REPORT_DUPLICATE`: the file that no longer counts, or was there before.
    OtherFile(String),
    /// `LINE_REJECTED`.
    RejectedCell(RejectedCell),
    /// `STATEMENT_GAP`, `STATEMENT_UNBALANCED`.
    Statement(NamedStatement),
    /// `FEED_SILENT`.
    SilentFeed(SilentFeed),
}

/// What the order expects in its own currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherCurrency {
    /// A − Xa.
    pub expected: Amount,
    /// The order's currency.
    pub currency: Currency,
    /// True where only the shop's own cancellations are in the other currency, and no line.
    pub is_cancellation: bool,
}

/// What is known of an order that the shop does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownOrder {
    /// The provider's status, where no line tells of the order.
    pub status: Option<OrderStatus>,
    /// What was financed: one of the things that the nearest order is looked for by.
    pub amount: Option<Amount>,
    /// The day of the purchase.
    #[serde(with = "packed_opt_day")]
    pub bought_on: Option<NaiveDate>,
    /// The reference of the nearest order.
    pub nearest: Option<String>,
}

/// The two statuses of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderStatus {
    /// The provider's; absent where it does not know the order.
    pub theirs: Option<OrderStatus>,
    /// What the provider calls it, where that is another word.
    pub own_words: String,
    /// The shop's.
    pub ours: OrderStatus,
}

/// The numbers of notifications that never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingEvents {
    /// The lowest.
    pub first: u64,
    /// The highest.
    pub last: u64,
    /// The next one that came.
    pub next: u64,
}

/// Bank entries that fit equally well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidates {
    /// How many.
    pub count: u64,
    /// The ids of the first of them.
    pub entries: Vec<String>,
}

/// Lines without a payout reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnassignedSum {
    /// How many.
    pub lines: u64,
    /// What they add up to, by currency.
    pub sums: Vec<Money>,
}

/// A report that did not come: of a day (that of the discrepancy), or known by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingReport {
    /// As in the names of its files; may be empty.
    pub country: String,
    /// Its number, where its day is not known.
    pub number: Option<u64>,
    /// How many are missing from there on.
    pub count: u64,
}

/// Where a row cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedCell {
    /// The column.
    pub column: String,
    /// What stands there; empty where it is not the value that is wrong.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A statement, and the one before where the two do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedStatement {
    /// The bank's name of it, else its first day.
    pub name: String,
    /// The statement before it.
    pub before: Option<StatementBefore>,
}

/// The statement that another one should continue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementBefore {
    /// The bank's name of it, else its first day.
    pub name: String,
    /// Its last day.
    #[serde(with = "packed_day")]
    pub ended_on: NaiveDate,
}

/// A feed that nothing came of for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilentFeed {
    /// The last day that is known; absent where nothing ever came.
    #[serde(with = "packed_opt_day")]
    pub known_until: Option<NaiveDate>,
    /// Business days of silence that are allowed.
    pub allowed: u32,
}

impl Detail {
    /// The texts from files that it holds, in whatever script they are written.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Columns
            | Self::Times(_)
            | Self::OrderAmount(_)
            | Self::OrderStatus(_)
            | Self::OtherCurrency(_)
            | Self::MissingEvents(_)
            | Self::FeeByRule
            | Self::Commissions(_)
            | Self::UnassignedLines(_)
            | Self::MissingReport(_)
            | Self::SilentFeed(_) => Vec::new(),
            Self::ShopMerchant(text)
            | Self::Notification(text)
            | Self::BankText(text)
            | Self::Refusal(text)
            | Self::OtherFile(text) => vec![text],
            Self::UnknownOrder(order) => order.nearest.as_deref().into_iter().collect(),
            Self::ProviderStatus(status) => vec![&status.own_words],
            Self::Candidates(candidates) => names_of(&candidates.entries),
            Self::PaidTogether(payouts) => names_of(payouts),
            Self::RejectedCell(cell) => vec![&cell.column, &cell.value, &cell.reason],
            Self::Statement(statement) => {
                let before = statement.before.as_ref().map(|before| before.name.as_str());
                before
                    .into_iter()
                    .chain([statement.name.as_str()])
                    .collect()
            }
        }
    }
}

fn names_of(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
