//! What a run found: the rows of the reports, before any of them is written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cause::Causes;
use super::coverage::Feed;
use super::file::{InputFile, RejectedRow};
use super::found::FoundList;
use super::money::{Amount, Currency};
use super::order::OrderStatus;
use super::payout::PayoutOutcome;
use super::source::Unfetched;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderState {
    /// What is reported is what should be.
    Balanced,
    /// It has a discrepancy of an amount or a status.
    Open,
    /// Not balanced, but it is too early to say.
    Pending,
}

impl OrderState {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::Open => "open",
            Self::Pending => "pending",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Balanced, Self::Open, Self::Pending]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A row of `orders.csv`. Borrowed: a first night has as many as the shop has orders. Nights
/// remember it, so the order of its fields is part of what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow<'a> {
    /// Who finances it.
    pub provider: &'a str,
    /// The shop's reference.
    pub order_reference: &'a str,
    /// The merchant, as the shop says, else as the provider does.
    pub merchant: &'a str,
    /// The order's status; absent when the shop does not have it.
    pub status: Option<OrderStatus>,
    /// The order's currency, else the lines'.
    pub currency: Currency,
    /// What should be funded (A); absent when the shop does not have the order.
    pub amount: Option<Amount>,
    /// What the shop cancelled up to the as-of date.
    pub cancelled: Option<Amount>,
    /// Σ gross of funding lines (F).
    pub reported_funded: Amount,
    /// Σ −gross of cancellation lines (C).
    pub reported_cancelled: Amount,
    /// Σ fee of both; absent where one of them is settled in another currency.
    pub fee: Option<Amount>,
    /// Σ net of both; absent like the fee.
    pub net: Option<Amount>,
    /// Where it stands.
    pub state: OrderState,
}

/// A row of `balance.csv`: every euro of a provider in exactly one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceRow {
    /// Who pays.
    pub provider: String,
    /// In which currency.
    pub currency: Currency,
    /// Settlement lines that count, memo lines not among them.
    pub lines: u64,
    /// Σ gross of funding lines.
    pub funded: Amount,
    /// Σ gross of cancellation lines.
    pub cancelled: Amount,
    /// Σ gross of chargeback lines.
    pub chargebacks: Amount,
    /// Σ gross of adjustment lines.
    pub adjustments: Amount,
    /// Σ fee of all lines.
    pub fees: Amount,
    /// Expected payouts: Σ of payouts by the provider's mode, unassigned lines not among them.
    pub expected_payouts: Amount,
    /// Of these, matched or settled without a transfer.
    pub matched: Amount,
    /// Of these, in mismatched groups.
    pub mismatched: Amount,
    /// Of these, not received (or debits not taken).
    pub not_received: Amount,
    /// Of these, too early.
    pub pending: Amount,
    /// Of these, carried over.
    pub carried_over: Amount,
    /// Lines without a payout reference, by the provider's mode.
    pub unassigned: Amount,
    /// Σ lines by mode less all places above: 0, or the program is wrong.
    pub residual: Amount,
}

impl BalanceRow {
    /// funded + cancelled + chargebacks + adjustments.
    pub fn gross(&self) -> Amount {
        self.funded + self.cancelled + self.chargebacks + self.adjustments
    }

    /// gross − fees.
    pub fn net(&self) -> Amount {
        self.gross() - self.fees
    }
}

/// A row of `inputs.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputRow {
    /// The file.
    pub file: InputFile,
    /// True when another file of its series replaces it as of the run.
    pub superseded: bool,
}

/// A row of `rejected.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedReportRow {
    /// Name of the file.
    pub file: String,
    /// The row.
    pub row: RejectedRow,
}

/// What a report rests on: its manifest says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// Fingerprint of the rules.
    pub rules: String,
    /// The files that count, sorted.
    pub inputs: Vec<CountedInput>,
    /// SHA-256 of the manifest of the recorded night before.
    pub previous: Option<String>,
}

/// A file that counts. The order of its fields is that of the list and of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CountedInput {
    /// What it brings, in the word of the configuration.
    pub kind: &'static str,
    /// Its name.
    pub file: String,
    /// Of its bytes.
    pub sha256: String,
}

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportScope {
    /// The day the run looked from.
    pub as_of: NaiveDate,
    /// First and last event day, both included, for a range.
    pub range: Option<(NaiveDate, NaiveDate)>,
}

impl ReportScope {
    /// The name of the report's folder (`spec: outputs`).
    pub fn folder(&self) -> String {
        match self.range {
            None => self.as_of.to_string(),
            Some((from, to)) => format!("{from}_{to}_asof-{}", self.as_of),
        }
    }

    /// True when a discrepancy of this event day belongs into the report.
    pub fn covers(&self, event_date: NaiveDate) -> bool {
        self.range
            .is_none_or(|(from, to)| from <= event_date && event_date <= to)
    }
}

/// Everything a report shows besides the rows of orders, which are written as they are matched.
#[derive(Clone, Debug)]
pub struct ReportData {
    /// Sources that could not be fetched before the run, or not as a whole.
    pub unfetched: Vec<Unfetched>,
    /// What it is about.
    pub scope: ReportScope,
    /// Open discrepancies and those resolved by this run, sorted by severity, code, provider, key;
    /// those of other ranges and providers are hidden in it.
    pub discrepancies: FoundList,
    /// Which of them explains which, those that are not shown too.
    pub causes: Causes,
    /// Payouts that are open or changed, sorted by provider, reference, currency.
    pub payouts: Vec<PayoutOutcome>,
    /// Sorted by provider, currency.
    pub balance: Vec<BalanceRow>,
    /// Sorted by kind, name, SHA-256.
    pub inputs: Vec<InputRow>,
    /// Sorted by file name, line.
    pub rejected: Vec<RejectedReportRow>,
    /// The feeds, how far each reaches and what waits for it, by kind and name.
    pub coverage: Vec<Feed>,
    /// What the run's exit code says of its outcome (0, 3 or 4).
    pub exit: u8,
    /// What it rests on.
    pub basis: Basis,
}
