//! Payouts: what a provider says it pays, and the bank entries that should show it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::money::{Amount, Currency};

/// All settlement lines with the same provider, payout reference and currency, across all files
/// that count, reported up to the as-of date. Memo lines are not among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Who pays.
    pub provider: String,
    /// What ties the lines together; never empty.
    pub reference: String,
    /// Currency of the lines.
    pub currency: Currency,
    /// First report date.
    pub first: NaiveDate,
    /// Last report date.
    pub last: NaiveDate,
    /// How many lines; repeated lines count as often as they were reported.
    pub lines: u64,
    /// Σ gross.
    pub gross: Amount,
    /// Of these, Σ gross of cancellation lines.
    pub refunds: Amount,
    /// Σ fee.
    pub fee: Amount,
    /// The merchant, when all lines name the same; else empty.
    pub merchant: String,
    /// Names of the files that its lines are in, sorted.
    pub files: Vec<String>,
}

impl Payout {
    /// What makes it a payout of its own: provider, reference, currency.
    pub fn key(&self) -> (&str, &str, Currency) {
        (&self.provider, &self.reference, self.currency)
    }
}

/// Lines of one file without a payout reference, summed by currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnassignedLines {
    /// Who reports.
    pub provider: String,
    /// Name of the file.
    pub file: String,
    /// Currency of the lines.
    pub currency: Currency,
    /// First report date of these lines.
    pub first: NaiveDate,
    /// Last report date of these lines.
    pub last: NaiveDate,
    /// How many.
    pub lines: u64,
    /// Σ gross.
    pub gross: Amount,
    /// Σ fee.
    pub fee: Amount,
}

/// A provider's commissions of one calendar month (by report date), for the monthly debit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthlyFee {
    /// Who charges.
    pub provider: String,
    /// Currency of the commissions.
    pub currency: Currency,
    /// The last day of the month.
    pub month_end: NaiveDate,
    /// Σ fee; positive when it costs the merchant.
    pub fee: Amount,
}

/// A booked entry as matching sees it: one that counts (no repetition of another).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankEntry {
    /// The bank's reference for it, else a hash of what it says and its rank among equals.
    pub entry_id: String,
    /// Its account.
    pub account: String,
    /// When the bank entered it.
    pub booked_on: NaiveDate,
    /// Positive when the account receives it.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// The other party.
    pub counterparty: String,
    /// All references.
    pub references: Vec<String>,
    /// All remittance lines joined by a space.
    pub remittance: String,
    /// Name of the file it stands in.
    pub file: String,
    /// Line, row or number there.
    pub line: u32,
}

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutState {
    /// The bank booked it.
    Matched,
    /// The bank booked another amount.
    Mismatched,
    /// The bank has not booked it and should have; a debit not taken too.
    NotReceived,
    /// It is too early to say, or two entries tie for it.
    Pending,
    /// Negative in net mode: the reference waits for later files.
    CarriedOver,
    /// It adds up to nothing.
    SettledWithoutTransfer,
}

impl PayoutState {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Mismatched => "mismatched",
            Self::NotReceived => "not_received",
            Self::Pending => "pending",
            Self::CarriedOver => "carried_over",
            Self::SettledWithoutTransfer => "settled_without_transfer",
        }
    }

    /// True while somebody may still expect money to move.
    pub fn is_open(self) -> bool {
        match self {
            Self::Mismatched | Self::NotReceived | Self::Pending | Self::CarriedOver => true,
            Self::Matched | Self::SettledWithoutTransfer => false,
        }
    }
}

/// The rule that proved a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The entry names the payout reference.
    Reference,
    /// The entry has the payout's amount.
    Amount,
    /// The entry is the sum of several payouts.
    Sum,
    /// A person said so.
    Decision,
}

impl MatchedBy {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Amount => "amount",
            Self::Sum => "sum",
            Self::Decision => "decision",
        }
    }
}

/// What became of a payout at the as-of date: a row of `payouts.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutOutcome {
    /// The payout.
    pub payout: Payout,
    /// What the bank should book: Σ net or Σ gross, by the provider's mode.
    pub expected: Amount,
    /// What the bank booked, for matched and mismatched payouts, and 0 for those not received.
    ///
    /// In a group of several payouts each has its own `expected` when the group is matched. In a
    /// mismatched group all of the group's entries stand with the group's first payout, and the
    /// others of the group have 0.
    pub booked: Option<Amount>,
    /// Where it stands.
    pub state: PayoutState,
    /// By which rule it was matched, or found mismatched.
    pub matched_by: Option<MatchedBy>,
    /// Ids of the bank entries, sorted.
    pub bank_entries: Vec<String>,
    /// The statement without which it is not certain that a pending payout is missing.
    pub waits_for: Option<AwaitedStatement>,
}

/// A statement that has not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitedStatement {
    /// The account; absent where none of the provider is known.
    pub account: Option<String>,
    /// The last day that is known of it.
    pub ends_on: Option<NaiveDate>,
}
