//! Which message explains a discrepancy, by its code and the way in which it was found; and what
//! to do about two statuses. What they say stands in the languages' `explain.ftl`.

use super::facts::Facts;
use crate::domain::discrepancy::{Code, FailedAnswer};
use crate::domain::order::OrderStatus;

/// The key of the message.
pub(super) fn key(facts: &Facts<'_>) -> &'static str {
    match facts.found().code {
        Code::AdjustmentUnassigned => "explain-adjustment-unassigned",
        Code::AmbiguousMatch => "explain-ambiguous-match",
        Code::AmountMismatch => "explain-amount-mismatch",
        Code::BankCreditUnexplained => "explain-bank-credit-unexplained",
        Code::BankDebitUnexplained => "explain-bank-debit-unexplained",
        Code::CancellationAmountMismatch => "explain-cancellation-amount-mismatch",
        Code::CancellationNotReported => "explain-cancellation-not-reported",
        Code::CancellationUnexpected => "explain-cancellation-unexpected",
        Code::CarryOver => "explain-carry-over",
        Code::Chargeback => chargeback(facts),
        Code::CurrencyMismatch => currency_mismatch(facts),
        Code::DeadlineAtRisk => "explain-deadline-at-risk",
        Code::DebitNotTaken => "explain-debit-not-taken",
        Code::DuplicateFunding => "explain-duplicate-funding",
        Code::DuplicateLine => "explain-duplicate-line",
        Code::EventMissing => "explain-event-missing",
        Code::FeeMismatch => fee_mismatch(facts),
        Code::FundingNotReported => "explain-funding-not-reported",
        Code::LineRejected => "explain-line-rejected",
        Code::MerchantMismatch => "explain-merchant-mismatch",
        Code::OrderNotFound => order_not_found(facts),
        Code::OverCancelled => "explain-over-cancelled",
        Code::PayoutAmountMismatch => "explain-payout-amount-mismatch",
        Code::PayoutNotReceived => "explain-payout-not-received",
        Code::PayoutReferenceMissing => "explain-payout-reference-missing",
        Code::ProviderAmountMismatch => "explain-provider-amount-mismatch",
        Code::ProviderStatusMismatch => provider_status_mismatch(facts),
        Code::ReferenceMissing => "explain-reference-missing",
        Code::ReportDuplicate => "explain-report-duplicate",
        Code::ReportMissing => report_missing(facts),
        Code::ReportRejected => "explain-report-rejected",
        Code::ReportReplaced => "explain-report-replaced",
        Code::StatementGap => "explain-statement-gap",
        Code::StatementUnbalanced => "explain-statement-unbalanced",
        Code::StatusMismatch => "explain-status-mismatch",
    }
}

/// The key of the message about a question that told no status. Where the discrepancy itself is
/// that the provider does not know the order, only its answer is left to be told.
pub(super) fn of_answer(facts: &Facts<'_>, answer: &FailedAnswer) -> &'static str {
    if !answer.is_not_known {
        "explain-asked-not-verified"
    } else if key(facts) == "explain-provider-status-mismatch-unknown" {
        "explain-asked-answered"
    } else {
        "explain-asked-not-known"
    }
}

/// Where no line is in that currency, the shop cancelled in it.
fn currency_mismatch(facts: &Facts<'_>) -> &'static str {
    match facts.subject() {
        Some(_) => "explain-currency-mismatch-of-cancellation",
        None => "explain-currency-mismatch",
    }
}

/// One that no line tells of is told by a notification.
fn chargeback(facts: &Facts<'_>) -> &'static str {
    match facts.words() {
        Some(_) => "explain-chargeback-notified",
        None => "explain-chargeback",
    }
}

/// By rule the amounts are commissions with a minus; by columns they are what the row says.
fn fee_mismatch(facts: &Facts<'_>) -> &'static str {
    match facts.subject() {
        Some("rule") => "explain-fee-mismatch-by-rule",
        Some(_) => "explain-fee-mismatch-by-column",
        None => "explain-fee-mismatch",
    }
}

/// Where no line tells of the order, the provider's status does.
fn order_not_found(facts: &Facts<'_>) -> &'static str {
    match facts.status() {
        Some(_) => "explain-order-not-found-with-status",
        None => "explain-order-not-found",
    }
}

fn provider_status_mismatch(facts: &Facts<'_>) -> &'static str {
    match (facts.subject(), facts.status()) {
        (Some(_), _) => "explain-provider-status-mismatch",
        (None, Some(_)) => "explain-provider-status-mismatch-unknown",
        (None, None) => "explain-provider-status-mismatch-vague",
    }
}

fn report_missing(facts: &Facts<'_>) -> &'static str {
    let detail = &facts.found().detail;
    match (detail.count, detail.day, facts.subject()) {
        (Some(2..), _, Some(_)) => "explain-report-missing-many",
        (_, Some(_), _) => "explain-report-missing-day",
        (_, None, Some(_)) => "explain-report-missing-number",
        (_, None, None) => "explain-report-missing",
    }
}

/// What to do about the provider's status (the subject) and the shop's, by the life of a credit
/// file: a word that the messages choose by.
pub(super) fn remedy(facts: &Facts<'_>) -> &'static str {
    use OrderStatus::{Aborted, Cancelled, Favorable, Funded, Pending, Refused};
    if facts.found().code != Code::ProviderStatusMismatch {
        return "ask";
    }
    let theirs = facts.subject().and_then(OrderStatus::from_word);
    let ours = facts.status().and_then(OrderStatus::from_word);
    match (theirs, ours) {
        (Some(Favorable), Some(Funded)) => "confirm",
        (Some(Pending | Favorable | Funded), Some(Cancelled)) => "cancel-there",
        (Some(Funded), _) => "correct-or-cancel-there",
        (Some(Cancelled), _) => "cancel-here",
        (Some(Refused | Aborted), Some(Favorable | Funded)) => "do-not-ship",
        _ => "ask",
    }
}
