//! Discrepancies: differences that a person should look at, with a stable id over the nights.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::calendar::packed_day;
use super::detail::Detail;
use super::money::{Amount, Currency};

/// How urgent a discrepancy is. The most urgent sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Money is not where it should be, or a file is missing.
    Error,
    /// Something to look at.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// All severities, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The severity of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.word() == word)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $severity:ident;)*) => {
        /// The catalogue of what can be found (`spec: discrepancies`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// All codes in alphabetical order of their words.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is written everywhere.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The code of a word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }

            /// How urgent it is as a rule; [`Discrepancy::severity`] says what holds of one.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A regularization without an order.
    AdjustmentUnassigned = "ADJUSTMENT_UNASSIGNED", Info;
    /// Two bank entries are equally near to a payout.
    AmbiguousMatch = "AMBIGUOUS_MATCH", Warning;
    /// Funded for another amount than the order's.
    AmountMismatch = "AMOUNT_MISMATCH", Error;
    /// A bank credit of the provider that no payout explains.
    BankCreditUnexplained = "BANK_CREDIT_UNEXPLAINED", Error;
    /// A bank debit of the provider that no payout explains.
    BankDebitUnexplained = "BANK_DEBIT_UNEXPLAINED", Error;
    /// Cancelled for another amount than the shop cancelled.
    CancellationAmountMismatch = "CANCELLATION_AMOUNT_MISMATCH", Error;
    /// Cancelled by the shop, not by the provider.
    CancellationNotReported = "CANCELLATION_NOT_REPORTED", Error;
    /// Cancelled by the provider, not by the shop.
    CancellationUnexpected = "CANCELLATION_UNEXPECTED", Error;
    /// A negative payout whose reference waits for later files.
    CarryOver = "CARRY_OVER", Info;
    /// Money taken back by the customer's bank.
    Chargeback = "CHARGEBACK", Warning;
    /// A line in another currency than its order.
    CurrencyMismatch = "CURRENCY_MISMATCH", Error;
    /// An accepted order that nobody confirmed, its deadline near.
    DeadlineAtRisk = "DEADLINE_AT_RISK", Warning;
    /// A debit that the bank has not made.
    DebitNotTaken = "DEBIT_NOT_TAKEN", Warning;
    /// Funded more than once.
    DuplicateFunding = "DUPLICATE_FUNDING", Error;
    /// The same line more than once.
    DuplicateLine = "DUPLICATE_LINE", Warning;
    /// A number between two notifications of a transaction that never came.
    EventMissing = "EVENT_MISSING", Warning;
    /// An account or an input that nothing came of for longer than is allowed.
    FeedSilent = "FEED_SILENT", Error;
    /// A commission that differs from the rule or from its own row.
    FeeMismatch = "FEE_MISMATCH", Warning;
    /// An order that no report funds.
    FundingNotReported = "FUNDING_NOT_REPORTED", Error;
    /// A row that could not be read.
    LineRejected = "LINE_REJECTED", Error;
    /// Another merchant than the order's.
    MerchantMismatch = "MERCHANT_MISMATCH", Warning;
    /// A line or an accepted transaction whose order the shop does not have.
    OrderNotFound = "ORDER_NOT_FOUND", Error;
    /// More was cancelled than ordered.
    OverCancelled = "OVER_CANCELLED", Error;
    /// The bank booked another amount than was reported.
    PayoutAmountMismatch = "PAYOUT_AMOUNT_MISMATCH", Error;
    /// Reported as paid, not booked by the bank.
    PayoutNotReceived = "PAYOUT_NOT_RECEIVED", Error;
    /// Lines without a payout reference.
    PayoutReferenceMissing = "PAYOUT_REFERENCE_MISSING", Warning;
    /// Funded at the provider with another amount than the shop expects.
    ProviderAmountMismatch = "PROVIDER_AMOUNT_MISMATCH", Error;
    /// Another status at the provider than in the shop.
    ProviderStatusMismatch = "PROVIDER_STATUS_MISMATCH", Error;
    /// A line without an order reference.
    ReferenceMissing = "REFERENCE_MISSING", Error;
    /// The same bytes under another name.
    ReportDuplicate = "REPORT_DUPLICATE", Info;
    /// A report that did not come.
    ReportMissing = "REPORT_MISSING", Error;
    /// A file that could not be read.
    ReportRejected = "REPORT_REJECTED", Error;
    /// A file that replaces another.
    ReportReplaced = "REPORT_REPLACED", Info;
    /// Opening balance and the closing one before differ.
    StatementGap = "STATEMENT_GAP", Error;
    /// A statement whose entries do not add up.
    StatementUnbalanced = "STATEMENT_UNBALANCED", Error;
    /// Money for an order that must not have any.
    StatusMismatch = "STATUS_MISMATCH", Error;
}

impl Code {
    /// True where the difference is money that the merchant is short of or holds (`€` in the
    /// catalogue).
    pub fn is_about_money(self) -> bool {
        matches!(
            self,
            Self::AmountMismatch
                | Self::BankCreditUnexplained
                | Self::BankDebitUnexplained
                | Self::CancellationAmountMismatch
                | Self::CancellationNotReported
                | Self::CancellationUnexpected
                | Self::Chargeback
                | Self::DebitNotTaken
                | Self::DuplicateFunding
                | Self::DuplicateLine
                | Self::FeeMismatch
                | Self::FundingNotReported
                | Self::OrderNotFound
                | Self::OverCancelled
                | Self::PayoutAmountMismatch
                | Self::PayoutNotReceived
                | Self::StatusMismatch
        )
    }

    /// True for what legs 1 and 2 find order by order. A chargeback is told by its transaction,
    /// whatever the order.
    pub fn is_of_leg_one(self) -> bool {
        match self {
            Self::AdjustmentUnassigned
            | Self::AmountMismatch
            | Self::CancellationAmountMismatch
            | Self::CancellationNotReported
            | Self::CancellationUnexpected
            | Self::CurrencyMismatch
            | Self::DeadlineAtRisk
            | Self::DuplicateFunding
            | Self::DuplicateLine
            | Self::EventMissing
            | Self::FeeMismatch
            | Self::FundingNotReported
            | Self::MerchantMismatch
            | Self::OrderNotFound
            | Self::OverCancelled
            | Self::ProviderAmountMismatch
            | Self::ProviderStatusMismatch
            | Self::ReferenceMissing
            | Self::StatusMismatch => true,
            Self::AmbiguousMatch
            | Self::BankCreditUnexplained
            | Self::BankDebitUnexplained
            | Self::CarryOver
            | Self::Chargeback
            | Self::DebitNotTaken
            | Self::FeedSilent
            | Self::LineRejected
            | Self::PayoutAmountMismatch
            | Self::PayoutNotReceived
            | Self::PayoutReferenceMissing
            | Self::ReportDuplicate
            | Self::ReportMissing
            | Self::ReportRejected
            | Self::ReportReplaced
            | Self::StatementGap
            | Self::StatementUnbalanced => false,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Where a fact stands: a file by its name and a one-based line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Name of the file without folders.
    pub file: String,
    /// Line, row or number of the entry; 0 for the file as a whole.
    pub line: u32,
}

/// What came back when a provider was asked for the status of an order, and told none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedAnswer {
    /// The day it was asked.
    #[serde(with = "packed_day")]
    pub day: NaiveDate,
    /// True where it does not know the order; else nothing was learnt of it.
    pub is_not_known: bool,
    /// The HTTP code, where one is known.
    pub http_status: Option<u16>,
    /// The provider's codes, fields and labels, else the beginning of what nobody can read; empty
    /// where nothing came.
    pub words: String,
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(from)?;
        Self::from_word(&word).ok_or_else(|| serde::de::Error::custom("unknown code"))
    }
}

/// A difference between two books, without its life over the nights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// What it is.
    pub code: Code,
    /// How urgent: as the catalogue says, unless what is known of it makes it less so.
    pub severity: Severity,
    /// What makes it itself over the nights, in the catalogue's order.
    pub key: Vec<String>,
    /// The provider; empty where none is concerned.
    pub provider: String,
    /// The merchant.
    pub merchant: String,
    /// The order.
    pub order_reference: String,
    /// The provider's transaction.
    pub transaction_id: String,
    /// The payout.
    pub payout_reference: String,
    /// The bank account.
    pub account: String,
    /// The bank's entry id, several joined by `;`.
    pub bank_entry: String,
    /// What concerns a file: its name, `name:line`, `country date` or `country #sequence`.
    pub file: String,
    /// Currency of the amounts.
    pub currency: Option<Currency>,
    /// What should be; signed as always.
    pub expected: Option<Amount>,
    /// What is.
    pub actual: Option<Amount>,
    /// What ranges and ageing go by.
    #[serde(with = "packed_day")]
    pub event_date: NaiveDate,
    /// The way back, sorted, without repeats.
    pub sources: Vec<Source>,
    /// What the explanation needs besides.
    pub detail: Detail,
    /// What came back when the provider was last asked for the order, where it told no status.
    pub answer: Option<FailedAnswer>,
}

impl Discrepancy {
    /// A discrepancy with its code, key and day, and nothing else yet.
    pub fn new(code: Code, key: Vec<String>, event_date: NaiveDate) -> Self {
        Self {
            code,
            severity: code.severity(),
            key,
            provider: String::new(),
            merchant: String::new(),
            order_reference: String::new(),
            transaction_id: String::new(),
            payout_reference: String::new(),
            account: String::new(),
            bank_entry: String::new(),
            file: String::new(),
            currency: None,
            expected: None,
            actual: None,
            event_date,
            sources: Vec::new(),
            detail: Detail::default(),
            answer: None,
        }
    }

    /// What it is known by over the nights; amounts are not in it.
    pub fn identity(&self) -> DiscrepancyId {
        DiscrepancyId::of(self.code, &self.key)
    }

    /// Its identity as people see it.
    pub fn id(&self) -> String {
        self.identity().to_string()
    }

    /// The same, for information only where it concerns a day before the books open: it may look
    /// wrong just because the time before is not known.
    #[must_use]
    pub fn unless_before(mut self, books_open: Option<NaiveDate>, day: NaiveDate) -> Self {
        if books_open.is_some_and(|opens| day < opens) {
            self.severity = Severity::Info;
        }
        self
    }

    /// What money it is about: the merchant is short of it where it is negative, else holds it or
    /// cannot place it. Some are about none, and what lies before the books open is not counted.
    pub fn exposure(&self) -> Option<Amount> {
        let counts = self.code.is_about_money() && !self.is_before_the_books();
        self.difference().filter(|_| counts)
    }

    /// True for what is for information only because it lies before the books open.
    pub fn is_before_the_books(&self) -> bool {
        self.severity == Severity::Info && self.code.severity() != Severity::Info
    }

    /// actual − expected, where both are known.
    pub fn difference(&self) -> Option<Amount> {
        Some(self.actual? - self.expected?)
    }

    /// Whole days from the event to `as_of`; negative before a deadline.
    pub fn age_days(&self, as_of: NaiveDate) -> i64 {
        super::calendar::days_between(self.event_date, as_of)
    }
}

/// What a discrepancy is known by over the nights: the first 12 hex digits of SHA-256 over its code
/// and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiscrepancyId(u64);

impl DiscrepancyId {
    /// That of a code and a key.
    pub fn of(code: Code, key: &[String]) -> Self {
        let mut hash = Sha256::new();
        hash.update(code.word());
        for part in key {
            hash.update([0x1f]);
            hash.update(part);
        }
        let first = hash.finalize().into_iter().take(6);
        Self(first.fold(0, |id, byte| (id << 8) | u64::from(byte)))
    }

    /// That of its 12 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u64::from_str_radix(text, 16).ok().map(Self))?
    }
}

impl fmt::Display for DiscrepancyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.0)
    }
}

/// Where a discrepancy stands over the nights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not seen on the recorded night before.
    New,
    /// Seen with other amounts.
    Changed,
    /// Seen and unchanged.
    Persisting,
    /// A person took it as it is.
    Accepted,
    /// No longer found.
    Resolved,
}

impl State {
    /// All states, in the order in which a person reads them.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Changed,
        Self::Persisting,
        Self::Accepted,
        Self::Resolved,
    ];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Persisting => "persisting",
            Self::Accepted => "accepted",
            Self::Resolved => "resolved",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A discrepancy with its life over the nights, as reports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedDiscrepancy {
    /// The difference; of a resolved one, its last amounts.
    pub discrepancy: Discrepancy,
    /// Its id, kept because it is asked for often.
    pub id: String,
    /// Its state.
    pub state: State,
    /// The as-of date on which it was first seen; absent on a look that found it first.
    pub first_seen: Option<NaiveDate>,
    /// Who looks after it.
    pub assignee: String,
    /// What a person noted, or the reason of an acceptance.
    pub note: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_depends_on_code_and_key_only() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let key = || vec!["oney".to_owned(), "WEB-1042".to_owned()];
        let first = Discrepancy::new(Code::AmountMismatch, key(), day);
        let other = Discrepancy {
            expected: Some(Amount::from_minor(5)),
            event_date: day.succ_opt().unwrap(),
            ..first.clone()
        };
        assert_eq!(first.id(), other.id());
        assert_eq!(first.id().len(), 12);
        assert_ne!(
            first.id(),
            Discrepancy::new(Code::DuplicateFunding, key(), day).id()
        );
        assert_ne!(
            Discrepancy::new(Code::Chargeback, vec!["a".into(), "b".into()], day).id(),
            Discrepancy::new(Code::Chargeback, vec!["ab".into()], day).id()
        );
    }

    #[test]
    fn codes_are_listed_in_the_order_of_their_words() {
        assert!(
            Code::ALL
                .windows(2)
                .all(|pair| pair[0].word() < pair[1].word())
        );
        assert!(
            Code::ALL
                .iter()
                .all(|code| Code::from_word(code.word()) == Some(*code))
        );
    }
}
