//! Sample data of the tests of this room: one small company, as of 2026-11-20.

use chrono::NaiveDate;

use crate::domain::coverage::{Feed, FeedKind, FeedState, Waited};
use crate::domain::detail::{
    Candidates, Detail, MissingEvents, MissingReport, NamedStatement, OtherCurrency,
    ProviderStatus, RejectedCell, SilentFeed, StatementBefore, UnassignedSum, UnknownOrder,
};
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Source, State};
use crate::domain::file::{FileId, FileStatus, InputFile, InputKind, RejectedRow};
use crate::domain::found::FoundList;
use crate::domain::order::OrderStatus;
use crate::domain::outcome::{
    BalanceRow, InputRow, OrderRow, OrderState, RejectedReportRow, ReportData, ReportScope,
};
use crate::domain::payout::{MatchedBy, Payout, PayoutOutcome, PayoutState};
use crate::domain::{Amount, Currency, Money};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn amount(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

pub(super) const AS_OF: &str = "2026-11-20";

/// A discrepancy with the columns that its code usually has, and no detail.
pub(crate) fn discrepancy(code: Code) -> Discrepancy {
    let mut found = Discrepancy::new(code, vec!["oney".into(), "X".into()], day("2026-11-12"));
    found.provider = "oney".into();
    let (expected, actual) = usual_amounts(code);
    found.currency = expected.or(actual).map(|_| Currency::EUR);
    found.expected = expected.map(amount);
    found.actual = actual.map(amount);
    match code {
        Code::AmbiguousMatch
        | Code::CarryOver
        | Code::DebitNotTaken
        | Code::PayoutAmountMismatch
        | Code::PayoutNotReceived => found.payout_reference = "T77".into(),
        Code::BankCreditUnexplained | Code::BankDebitUnexplained => {
            found.account = "FR7630001007941234567890185".into();
            found.bank_entry = "E-4711".into();
        }
        Code::StatementGap | Code::StatementUnbalanced => {
            found.provider.clear();
            found.account = "FR7630001007941234567890185".into();
            found.key = vec![found.account.clone(), "2026/47".into()];
        }
        Code::FeedSilent => {
            found.provider.clear();
            found.file = "orders inbox/orders".into();
            found.key = vec!["orders".into(), "inbox/orders".into()];
        }
        Code::LineRejected => found.file = "crp_fr_v3_261120_18.csv:42".into(),
        Code::ReportMissing => found.file = "fr #17".into(),
        Code::PayoutReferenceMissing
        | Code::ReportDuplicate
        | Code::ReportRejected
        | Code::ReportReplaced => found.file = "crp_fr_v3_261120_18.csv".into(),
        Code::EventMissing => {
            found.order_reference = "WEB-1042".into();
            found.transaction_id = "345678901".into();
        }
        Code::AdjustmentUnassigned | Code::ReferenceMissing => {
            found.transaction_id = "TX-9".into();
            found.sources = vec![source("crp_fr_v3_261120_18.csv", 7)];
        }
        Code::AmountMismatch
        | Code::CancellationAmountMismatch
        | Code::CancellationNotReported
        | Code::CancellationUnexpected
        | Code::Chargeback
        | Code::DeadlineAtRisk
        | Code::CurrencyMismatch
        | Code::DuplicateFunding
        | Code::DuplicateLine
        | Code::FeeMismatch
        | Code::FundingNotReported
        | Code::OrderNotFound
        | Code::OverCancelled
        | Code::ProviderAmountMismatch
        | Code::ProviderStatusMismatch
        | Code::StatusMismatch => found.order_reference = "WEB-1042".into(),
        Code::MerchantMismatch => {
            found.order_reference = "WEB-1042".into();
            found.merchant = "shop-es".into();
        }
    }
    found
}

fn usual_amounts(code: Code) -> (Option<i64>, Option<i64>) {
    match code {
        Code::AmountMismatch | Code::ProviderAmountMismatch => (Some(20_000), Some(18_000)),
        Code::DuplicateFunding | Code::DuplicateLine => (Some(20_000), Some(40_000)),
        Code::FundingNotReported | Code::DeadlineAtRisk => (Some(20_000), Some(0)),
        Code::CancellationNotReported => (Some(-3_000), Some(0)),
        Code::CancellationUnexpected => (Some(0), Some(-3_000)),
        Code::CancellationAmountMismatch => (Some(-3_000), Some(-5_000)),
        Code::OverCancelled => (Some(-20_000), Some(-25_000)),
        Code::OrderNotFound | Code::StatusMismatch => (Some(0), Some(18_000)),
        Code::CurrencyMismatch
        | Code::ReferenceMissing
        | Code::AdjustmentUnassigned
        | Code::PayoutReferenceMissing => (None, Some(18_000)),
        Code::FeeMismatch => (Some(-290), Some(-310)),
        Code::Chargeback => (Some(0), Some(-20_000)),
        Code::PayoutNotReceived => (Some(100_450), Some(0)),
        Code::PayoutAmountMismatch => (Some(100_450), Some(100_000)),
        Code::DebitNotTaken | Code::CarryOver => (Some(-5_000), Some(0)),
        Code::AmbiguousMatch => (Some(17_500), None),
        Code::BankCreditUnexplained => (Some(0), Some(12_000)),
        Code::BankDebitUnexplained => (Some(0), Some(-1_200)),
        Code::ReportReplaced => (Some(90_000), Some(91_000)),
        Code::StatementGap | Code::StatementUnbalanced => (Some(500_000), Some(512_000)),
        Code::EventMissing
        | Code::FeedSilent
        | Code::MerchantMismatch
        | Code::ProviderStatusMismatch
        | Code::ReportMissing
        | Code::ReportDuplicate
        | Code::ReportRejected
        | Code::LineRejected => (None, None),
    }
}

/// The detail that a code usually has.
pub(super) fn detail(code: Code) -> Detail {
    of_orders(code)
        .or_else(|| of_payouts_and_files(code))
        .unwrap_or_default()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "each has a part of the codes"
)]
fn of_orders(code: Code) -> Option<Detail> {
    Some(match code {
        Code::CurrencyMismatch => Detail::OtherCurrency(OtherCurrency {
            expected: amount(15_000),
            currency: Currency::parse("PLN").unwrap(),
            is_cancellation: false,
        }),
        Code::DuplicateFunding | Code::DuplicateLine => Detail::Times(2),
        Code::EventMissing => Detail::MissingEvents(MissingEvents {
            first: 2,
            last: 3,
            next: 4,
        }),
        Code::FeeMismatch => Detail::FeeByRule,
        Code::MerchantMismatch => Detail::ShopMerchant("shop-fr".into()),
        Code::OrderNotFound => Detail::UnknownOrder(UnknownOrder {
            nearest: Some("WEB-1024".into()),
            ..UnknownOrder::default()
        }),
        Code::OverCancelled => Detail::OrderAmount(amount(20_000)),
        Code::ProviderStatusMismatch => Detail::ProviderStatus(ProviderStatus {
            theirs: Some(OrderStatus::Funded),
            own_words: "capture".into(),
            ours: OrderStatus::Favorable,
        }),
        Code::StatusMismatch => Detail::OrderStatus(OrderStatus::Refused),
        _ => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "each has a part of the codes"
)]
fn of_payouts_and_files(code: Code) -> Option<Detail> {
    let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
    Some(match code {
        Code::AmbiguousMatch => Detail::Candidates(Candidates {
            count: 2,
            entries: texts(["E-4711", "E-4712"]),
        }),
        Code::BankCreditUnexplained | Code::BankDebitUnexplained => {
            Detail::BankText("VIR SEPA ONEY BANK".into())
        }
        Code::DebitNotTaken => Detail::Commissions(day("2026-10-31")),
        Code::LineRejected => Detail::RejectedCell(RejectedCell {
            column: "Transaction_amount".into(),
            value: "12,5O".into(),
            reason: "is not an amount".into(),
        }),
        Code::PayoutAmountMismatch => Detail::PaidTogether(texts(["T77", "T78"])),
        Code::PayoutReferenceMissing => Detail::UnassignedLines(UnassignedSum {
            lines: 3,
            sums: Vec::new(),
        }),
        Code::ReportDuplicate | Code::ReportReplaced => {
            Detail::OtherFile("crp_fr_v3_261119_18.csv".into())
        }
        Code::ReportMissing => Detail::MissingReport(MissingReport {
            country: "fr".into(),
            number: None,
            count: 1,
        }),
        Code::ReportRejected => {
            Detail::Refusal("its header has no column Transaction_amount.".into())
        }
        Code::StatementGap => statement(Some(StatementBefore {
            name: "2026/45".into(),
            ended_on: day("2026-11-10"),
        })),
        Code::StatementUnbalanced => statement(None),
        Code::FeedSilent => Detail::SilentFeed(SilentFeed {
            known_until: Some(day("2026-11-13")),
            allowed: 3,
        }),
        _ => return None,
    })
}

fn statement(before: Option<StatementBefore>) -> Detail {
    Detail::Statement(NamedStatement {
        name: "2026/47".into(),
        before,
    })
}

pub(super) fn source(file: &str, line: u32) -> Source {
    Source {
        file: file.into(),
        line,
    }
}

pub(crate) fn reported(discrepancy: Discrepancy) -> ReportedDiscrepancy {
    ReportedDiscrepancy {
        id: discrepancy.id(),
        discrepancy,
        state: State::New,
        first_seen: Some(day(AS_OF)),
        assignee: String::new(),
        note: String::new(),
    }
}

pub(super) fn order_row() -> OrderRow<'static> {
    OrderRow {
        provider: "oney",
        order_reference: "WEB-1042",
        merchant: "shop-fr",
        status: Some(OrderStatus::Funded),
        currency: Currency::EUR,
        amount: Some(amount(20_000)),
        cancelled: Some(amount(0)),
        reported_funded: amount(18_000),
        reported_cancelled: amount(0),
        fee: Some(amount(261)),
        net: Some(amount(17_739)),
        state: OrderState::Open,
    }
}

pub(super) fn payout(state: PayoutState) -> PayoutOutcome {
    PayoutOutcome {
        payout: Payout {
            provider: "oney".into(),
            reference: "T77".into(),
            currency: Currency::EUR,
            first: day("2026-11-09"),
            last: day("2026-11-12"),
            lines: 12,
            gross: amount(102_000),
            refunds: amount(-3_000),
            fee: amount(1_550),
            merchant: "shop-fr".into(),
            files: vec!["crp_fr_v3_261112_16.csv".into()],
        },
        expected: amount(100_450),
        booked: Some(amount(100_000)),
        state,
        matched_by: Some(MatchedBy::Reference),
        bank_entries: vec!["E-1".into(), "E-2".into()],
        waits_for: None,
    }
}

pub(crate) fn input(name: &str, status: FileStatus) -> InputRow {
    InputRow {
        file: InputFile {
            id: FileId(1),
            kind: InputKind::OneyCrp,
            name: name.into(),
            sha256: "ab".repeat(32),
            intake: 1,
            place: String::new(),
            received: day(AS_OF),
            status,
            provider: "oney".into(),
            country: "fr".into(),
            report_date: Some(day(AS_OF)),
            sequence: Some(18),
            rows: 1_204,
            accepted: 1_201,
            rejected: 3,
            gross: vec![Money {
                amount: amount(-1_200),
                currency: Currency::EUR,
            }],
            reason: String::new(),
            reported: None,
        },
        superseded: false,
    }
}

fn balance() -> BalanceRow {
    BalanceRow {
        provider: "oney".into(),
        currency: Currency::EUR,
        lines: 14,
        funded: amount(120_000),
        cancelled: amount(-3_000),
        chargebacks: amount(-20_000),
        adjustments: amount(5_000),
        fees: amount(1_550),
        expected_payouts: amount(100_450),
        matched: amount(0),
        mismatched: amount(100_450),
        not_received: amount(0),
        pending: amount(0),
        carried_over: amount(0),
        unassigned: amount(0),
        residual: amount(0),
    }
}

/// A bank account; unless its statements are complete, a payout waits for it.
pub(crate) fn feed(state: FeedState) -> Feed {
    let is_complete = state == FeedState::Complete;
    let waited = Waited {
        items: 1,
        amount: amount(451_220),
    };
    let waits = state == FeedState::Silent;
    Feed {
        kind: FeedKind::Bank,
        provider: String::new(),
        account: "FR7630001007941234567890185".into(),
        path: String::new(),
        covered_until: Some(day(if is_complete {
            "2026-11-19"
        } else {
            "2026-11-13"
        })),
        allowed_until: Some(day("2026-11-18")),
        state,
        waiting: waits
            .then_some((Some(Currency::EUR), waited))
            .into_iter()
            .collect(),
    }
}

/// A night on which nothing new came and nothing is open.
pub(crate) fn empty_report_data() -> ReportData {
    ReportData {
        scope: ReportScope {
            as_of: day(AS_OF),
            range: None,
        },
        discrepancies: FoundList::default(),
        payouts: Vec::new(),
        balance: Vec::new(),
        inputs: Vec::new(),
        rejected: Vec::new(),
        coverage: vec![feed(FeedState::Complete)],
        causes: crate::domain::cause::Causes::default(),
        unfetched: Vec::new(),
        exit: 0,
        basis: crate::domain::outcome::Basis::default(),
    }
}

/// A night with a bit of everything.
pub(crate) fn report_data() -> ReportData {
    let with = |code, state, event: &str| {
        let mut found = discrepancy(code);
        found.detail = detail(code);
        found.event_date = day(event);
        let mut reported = reported(found);
        reported.state = state;
        reported
    };
    let mut dollars = with(Code::AmountMismatch, State::Changed, "2026-11-19");
    dollars.discrepancy.currency = Currency::parse("USD");
    dollars.discrepancy.order_reference = "=WEB-1043".into();
    dollars.note = "Oney was asked".into();
    let mut refused = input("crp_fr_v3_261119_17.csv", FileStatus::Refused);
    refused.file.reason = "its header has no column Transaction_amount".into();
    refused.file.report_date = None;
    refused.file.gross.clear();
    let mut superseded = input("crp_fr_v3_261120_18.csv", FileStatus::Accepted);
    superseded.superseded = true;
    let mut refused_now = with(Code::ReportRejected, State::New, "2026-11-19");
    refused_now.discrepancy.file.clone_from(&refused.file.name);
    let mut refused_before = with(Code::ReportRejected, State::Persisting, "2026-11-12");
    refused_before.discrepancy.file = "crp_es_v3_261112_9.csv".into();
    ReportData {
        discrepancies: [
            with(Code::AmountMismatch, State::New, "2026-11-20"),
            dollars,
            with(Code::PayoutNotReceived, State::Persisting, "2026-10-10"),
            with(Code::ReportMissing, State::New, "2026-11-19"),
            refused_now,
            refused_before,
            with(Code::StatusMismatch, State::Resolved, "2026-07-01"),
            with(Code::FeeMismatch, State::Accepted, "2026-08-01"),
            with(Code::CarryOver, State::Persisting, "2026-11-12"),
        ]
        .into_iter()
        .collect(),
        payouts: vec![payout(PayoutState::Mismatched)],
        balance: vec![balance()],
        inputs: vec![
            input("crp_fr_v3_261118_16.csv", FileStatus::Accepted),
            refused,
            superseded,
        ],
        rejected: vec![RejectedReportRow {
            file: "crp_fr_v3_261118_16.csv".into(),
            row: RejectedRow {
                line: 42,
                column: "Transaction_amount".into(),
                value: "-12,5O".into(),
                reason: "is not an amount".into(),
                raw: "FIN,N,\"-12,5O\"".into(),
                names: crate::domain::file::RowNames::default(),
            },
        }],
        coverage: vec![feed(FeedState::Silent)],
        exit: 3,
        ..empty_report_data()
    }
}
