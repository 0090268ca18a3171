//! Discrepancies as version 0.1.0 stored them: one bag of texts for whatever a sentence needed.
//!
//! A database of that version keeps such rows for as long as what they tell of is found unchanged.

use chrono::NaiveDate;
use serde::Deserialize;

use super::calendar::{packed_day, packed_opt_day};
use super::detail::{
    Candidates, Detail, MissingEvents, MissingReport, NamedStatement, OtherCurrency,
    ProviderStatus, RejectedCell, StatementBefore, UnassignedSum, UnknownOrder,
};
use super::discrepancy::{Code, Discrepancy, FailedAnswer, Source};
use super::money::{Amount, Currency, Money};
use super::order::OrderStatus;

#[derive(Deserialize)]
struct FirstDetail {
    status: String,
    nearest: String,
    subject: String,
    found: String,
    amount: Option<Amount>,
    currency: Option<Currency>,
    count: Option<u64>,
    #[serde(with = "packed_opt_day")]
    day: Option<NaiveDate>,
    answer: Option<FailedAnswer>,
}

#[derive(Deserialize)]
pub(super) struct FirstDiscrepancy {
    code: Code,
    key: Vec<String>,
    provider: String,
    merchant: String,
    order_reference: String,
    transaction_id: String,
    payout_reference: String,
    account: String,
    bank_entry: String,
    file: String,
    currency: Option<Currency>,
    expected: Option<Amount>,
    actual: Option<Amount>,
    #[serde(with = "packed_day")]
    event_date: NaiveDate,
    sources: Vec<Source>,
    detail: FirstDetail,
}

impl From<FirstDiscrepancy> for Discrepancy {
    fn from(first: FirstDiscrepancy) -> Self {
        let detail = first.detail();
        Self {
            code: first.code,
            severity: first.code.severity(),
            key: first.key,
            provider: first.provider,
            merchant: first.merchant,
            order_reference: first.order_reference,
            transaction_id: first.transaction_id,
            payout_reference: first.payout_reference,
            account: first.account,
            bank_entry: first.bank_entry,
            file: first.file,
            currency: first.currency,
            expected: first.expected,
            actual: first.actual,
            event_date: first.event_date,
            sources: first.sources,
            detail,
            answer: first.detail.answer,
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "no code that came later is told by this form"
)]
impl FirstDiscrepancy {
    /// What its texts said. The night that finds it anew writes what it knows itself, so this is
    /// seen only of what is resolved or taken over.
    fn detail(&self) -> Detail {
        let FirstDetail { subject, found, .. } = &self.detail;
        self.of_orders()
            .or_else(|| self.of_payouts())
            .unwrap_or_else(|| match self.code {
                Code::ReportMissing => Detail::MissingReport(self.missing_report()),
                Code::ReportRejected => Detail::Refusal(found.clone()),
                Code::ReportReplaced | Code::ReportDuplicate => Detail::OtherFile(subject.clone()),
                Code::LineRejected => Detail::RejectedCell(RejectedCell {
                    column: subject.clone(),
                    value: String::new(),
                    reason: found.clone(),
                }),
                Code::StatementGap | Code::StatementUnbalanced => {
                    let before = self.detail.day.map(|ended_on| StatementBefore {
                        name: subject.clone(),
                        ended_on,
                    });
                    let name = self.key.get(1).cloned().unwrap_or_default();
                    Detail::Statement(NamedStatement { name, before })
                }
                _ => Detail::Columns,
            })
    }

    fn of_orders(&self) -> Option<Detail> {
        let detail = &self.detail;
        let status = || OrderStatus::from_word(&detail.status);
        Some(match self.code {
            Code::DuplicateLine => Detail::Times(detail.count?),
            Code::OverCancelled => Detail::OrderAmount(detail.amount?),
            Code::StatusMismatch => Detail::OrderStatus(status()?),
            Code::CurrencyMismatch => Detail::OtherCurrency(OtherCurrency {
                expected: detail.amount?,
                currency: detail.currency?,
                is_cancellation: !detail.subject.is_empty(),
            }),
            Code::MerchantMismatch => Detail::ShopMerchant(detail.subject.clone()),
            Code::OrderNotFound => Detail::UnknownOrder(UnknownOrder {
                status: status(),
                amount: detail.amount,
                bought_on: detail.day,
                nearest: Some(detail.nearest.clone()).filter(|nearest| !nearest.is_empty()),
            }),
            Code::ProviderStatusMismatch => Detail::ProviderStatus(ProviderStatus {
                theirs: OrderStatus::from_word(&detail.subject),
                own_words: detail.found.clone(),
                ours: status()?,
            }),
            Code::EventMissing => {
                let (first, last) = match detail.subject.split_once(" to ") {
                    Some(both) => both,
                    None => (detail.subject.as_str(), detail.subject.as_str()),
                };
                Detail::MissingEvents(MissingEvents {
                    first: first.parse().ok()?,
                    last: last.parse().ok()?,
                    next: detail.found.parse().ok()?,
                })
            }
            Code::FeeMismatch if !detail.subject.is_empty() => Detail::FeeByRule,
            Code::Chargeback if !detail.found.is_empty() => {
                Detail::Notification(detail.found.clone())
            }
            _ => return None,
        })
    }

    fn of_payouts(&self) -> Option<Detail> {
        let detail = &self.detail;
        let listed = || -> Vec<String> { detail.subject.split(", ").map(str::to_owned).collect() };
        Some(match self.code {
            Code::DebitNotTaken if !detail.subject.is_empty() => Detail::Commissions(detail.day?),
            Code::BankCreditUnexplained | Code::BankDebitUnexplained => {
                Detail::BankText(detail.found.clone())
            }
            Code::AmbiguousMatch => Detail::Candidates(Candidates {
                count: detail.count?,
                entries: listed(),
            }),
            Code::PayoutAmountMismatch => Detail::PaidTogether(listed()),
            Code::PayoutReferenceMissing => {
                let sum = self.currency.zip(self.actual);
                let sum = sum.map(|(currency, amount)| Money { amount, currency });
                Detail::UnassignedLines(UnassignedSum {
                    lines: detail.count?,
                    sums: sum.into_iter().collect(),
                })
            }
            _ => return None,
        })
    }

    fn missing_report(&self) -> MissingReport {
        let country = self.key.get(1).cloned().unwrap_or_default();
        MissingReport {
            country,
            number: self.detail.subject.parse().ok(),
            count: self.detail.count.unwrap_or(1),
        }
    }
}
