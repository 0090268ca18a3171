//! The sentences in English. Each says first what was found on both sides, with the numbers, and
//! then what to do.

mod files;
mod orders;
mod parts;
mod payouts;
mod provider_status;

use super::Facts;
use crate::domain::discrepancy::Code;

/// The sentences of a discrepancy.
pub(super) fn sentence(facts: &Facts<'_>) -> String {
    match facts.found.code {
        Code::AdjustmentUnassigned => orders::adjustment_unassigned(facts),
        Code::AmbiguousMatch => payouts::ambiguous_match(facts),
        Code::AmountMismatch => orders::amount_mismatch(facts),
        Code::BankCreditUnexplained => payouts::bank_credit_unexplained(facts),
        Code::BankDebitUnexplained => payouts::bank_debit_unexplained(facts),
        Code::CancellationAmountMismatch => orders::cancellation_amount_mismatch(facts),
        Code::CancellationNotReported => orders::cancellation_not_reported(facts),
        Code::CancellationUnexpected => orders::cancellation_unexpected(facts),
        Code::CarryOver => payouts::carry_over(facts),
        Code::Chargeback => provider_status::chargeback(facts),
        Code::CurrencyMismatch => orders::currency_mismatch(facts),
        Code::DeadlineAtRisk => orders::deadline_at_risk(facts),
        Code::DebitNotTaken => payouts::debit_not_taken(facts),
        Code::DuplicateFunding => orders::duplicate_funding(facts),
        Code::DuplicateLine => orders::duplicate_line(facts),
        Code::EventMissing => provider_status::event_missing(facts),
        Code::FeeMismatch => orders::fee_mismatch(facts),
        Code::FundingNotReported => orders::funding_not_reported(facts),
        Code::LineRejected => files::line_rejected(facts),
        Code::MerchantMismatch => orders::merchant_mismatch(facts),
        Code::OrderNotFound => orders::order_not_found(facts),
        Code::OverCancelled => orders::over_cancelled(facts),
        Code::PayoutAmountMismatch => payouts::payout_amount_mismatch(facts),
        Code::PayoutNotReceived => payouts::payout_not_received(facts),
        Code::PayoutReferenceMissing => payouts::payout_reference_missing(facts),
        Code::ProviderAmountMismatch => provider_status::provider_amount_mismatch(facts),
        Code::ProviderStatusMismatch => provider_status::provider_status_mismatch(facts),
        Code::ReferenceMissing => orders::reference_missing(facts),
        Code::ReportDuplicate => files::report_duplicate(facts),
        Code::ReportMissing => files::report_missing(facts),
        Code::ReportRejected => files::report_rejected(facts),
        Code::ReportReplaced => files::report_replaced(facts),
        Code::StatementGap => files::statement_gap(facts),
        Code::StatementUnbalanced => files::statement_unbalanced(facts),
        Code::StatusMismatch => orders::status_mismatch(facts),
    }
}
