//! Which message explains a discrepancy, by its code and the way in which it was found; and what
//! to do about two statuses. What they say stands in the languages' `explain.ftl`.

use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy, FailedAnswer};
use crate::domain::order::OrderStatus;

/// The key of the message.
pub(super) fn key(found: &Discrepancy) -> &'static str {
    match found.code {
        Code::AdjustmentUnassigned => "explain-adjustment-unassigned",
        Code::AmbiguousMatch => "explain-ambiguous-match",
        Code::AmountMismatch => "explain-amount-mismatch",
        Code::BankCreditUnexplained => "explain-bank-credit-unexplained",
        Code::BankDebitUnexplained => "explain-bank-debit-unexplained",
        Code::CancellationAmountMismatch => "explain-cancellation-amount-mismatch",
        Code::CancellationNotReported => "explain-cancellation-not-reported",
        Code::CancellationUnexpected => "explain-cancellation-unexpected",
        Code::CarryOver => "explain-carry-over",
        Code::Chargeback => chargeback(found),
        Code::CurrencyMismatch => currency_mismatch(found),
        Code::DeadlineAtRisk => "explain-deadline-at-risk",
        Code::DebitNotTaken => "explain-debit-not-taken",
        Code::DuplicateFunding => "explain-duplicate-funding",
        Code::DuplicateLine => "explain-duplicate-line",
        Code::EventMissing => "explain-event-missing",
        Code::FeeMismatch => fee_mismatch(found),
        Code::FeedSilent => feed_silent(found),
        Code::FundingNotReported => "explain-funding-not-reported",
        Code::LineRejected => "explain-line-rejected",
        Code::MerchantMismatch => "explain-merchant-mismatch",
        Code::OrderNotFound => order_not_found(found),
        Code::OverCancelled => "explain-over-cancelled",
        Code::PayoutAmountMismatch => "explain-payout-amount-mismatch",
        Code::PayoutNotReceived => "explain-payout-not-received",
        Code::PayoutReferenceMissing => "explain-payout-reference-missing",
        Code::ProviderAmountMismatch => "explain-provider-amount-mismatch",
        Code::ProviderStatusMismatch => provider_status_mismatch(found),
        Code::ReferenceMissing => "explain-reference-missing",
        Code::ReportDuplicate => "explain-report-duplicate",
        Code::ReportMissing => report_missing(found),
        Code::ReportRejected => "explain-report-rejected",
        Code::ReportReplaced => report_replaced(found),
        Code::StatementGap => "explain-statement-gap",
        Code::StatementUnbalanced => "explain-statement-unbalanced",
        Code::StatusMismatch => "explain-status-mismatch",
    }
}

/// The key of the message about a question that told no status. Where the discrepancy itself is
/// that the provider does not know the order, only its answer is left to be told.
pub(super) fn of_answer(found: &Discrepancy, answer: &FailedAnswer) -> &'static str {
    if !answer.is_not_known {
        "explain-asked-not-verified"
    } else if key(found) == "explain-provider-status-mismatch-unknown" {
        "explain-asked-answered"
    } else {
        "explain-asked-not-known"
    }
}

/// Where no line is in that currency, the shop cancelled in it.
fn currency_mismatch(found: &Discrepancy) -> &'static str {
    if matches!(&found.detail, Detail::OtherCurrency(other) if other.is_cancellation) {
        "explain-currency-mismatch-of-cancellation"
    } else {
        "explain-currency-mismatch"
    }
}

/// One that no line tells of is told by a notification.
fn chargeback(found: &Discrepancy) -> &'static str {
    if matches!(&found.detail, Detail::Notification(_)) {
        "explain-chargeback-notified"
    } else {
        "explain-chargeback"
    }
}

/// By rule the amounts are commissions with a minus; by columns they are what the row says.
fn fee_mismatch(found: &Discrepancy) -> &'static str {
    if matches!(&found.detail, Detail::FeeByRule) {
        "explain-fee-mismatch-by-rule"
    } else {
        "explain-fee-mismatch"
    }
}

/// An account has statements, an input files.
fn feed_silent(found: &Discrepancy) -> &'static str {
    if found.account.is_empty() {
        "explain-feed-silent-input"
    } else {
        "explain-feed-silent-account"
    }
}

/// Where no line tells of the order, the provider's status does; where money went in and out, its
/// balance alone would say too little.
fn order_not_found(found: &Discrepancy) -> &'static str {
    let Detail::UnknownOrder(order) = &found.detail else {
        return "explain-order-not-found";
    };
    if order.status.is_some() {
        "explain-order-not-found-with-status"
    } else if order.amount.is_some() && order.amount != found.actual {
        "explain-order-not-found-in-and-out"
    } else {
        "explain-order-not-found"
    }
}

/// Of several currencies there is no sum.
fn report_replaced(found: &Discrepancy) -> &'static str {
    if found.actual.is_none() || found.expected.is_none() {
        "explain-report-replaced-in-currencies"
    } else {
        "explain-report-replaced"
    }
}

fn provider_status_mismatch(found: &Discrepancy) -> &'static str {
    let Detail::ProviderStatus(status) = &found.detail else {
        return "explain-provider-status-mismatch-vague";
    };
    match status.theirs {
        Some(_) => "explain-provider-status-mismatch",
        None => "explain-provider-status-mismatch-unknown",
    }
}

fn report_missing(found: &Discrepancy) -> &'static str {
    let Detail::MissingReport(report) = &found.detail else {
        return "explain-report-missing";
    };
    match (report.number, report.count) {
        (None, _) => "explain-report-missing-day",
        (Some(_), ..=1) => "explain-report-missing-number",
        (Some(_), _) => "explain-report-missing-many",
    }
}

/// What to do about the provider's status and the shop's, by the life of a credit file: a word
/// that the messages choose by.
pub(super) fn remedy(found: &Discrepancy) -> &'static str {
    use OrderStatus::{Aborted, Cancelled, Favorable, Funded, Pending, Refused};
    let Detail::ProviderStatus(status) = &found.detail else {
        return "ask";
    };
    match (status.theirs, status.ours) {
        (Some(Favorable), Funded) => "confirm",
        (Some(Pending | Favorable | Funded), Cancelled) => "cancel-there",
        (Some(Funded), _) => "correct-or-cancel-there",
        (Some(Cancelled), _) => "cancel-here",
        (Some(Refused | Aborted), Favorable | Funded) => "do-not-ship",
        _ => "ask",
    }
}
