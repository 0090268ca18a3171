//! What legs 1 and 2 say of small cases, written as a person would: one line a finding.
//!
//! A finding reads `CODE expected actual event-day`. Every expected value is worked out by hand
//! from the rules; F, C, A, Xa, Xd and t are the letters of those rules.

mod cancellations;
mod commissions;
mod fundings;
mod horizons;
mod lines;
mod properties;
mod provider;
mod rows;
mod statuses;
mod strategies;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;

use super::{FileNames, OrderCase, evaluate};
use crate::domain::calendar::{BusinessCalendar, plus_days};
use crate::domain::coverage::{Horizon, Waiting};
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
use crate::domain::outcome::OrderState;
use crate::domain::provider_event::ProviderEvent;
use crate::domain::rules::{ProviderRules, ReportDays, Rules, SettlementMode, Tolerance};
use crate::domain::settlement::{LineKind, LinePart, SettlementLine, Slice, SliceId};
use crate::domain::{Amount, Currency};

/// A day of November 2026; 0 and below are of October, 31 and beyond of December.
fn nov(day: i64) -> NaiveDate {
    plus_days(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(), day - 1)
}

fn euros(text: &str) -> Amount {
    Amount::parse(text, Currency::EUR).unwrap()
}

/// An order of WEB-1 at Oney, ordered on 1 November, in row 2 of file 1.
fn order(amount: &str, status: OrderStatus) -> Order<'static> {
    Order {
        order_reference: "WEB-1",
        file: FileId(1),
        line: 2,
        provider: "oney",
        merchant: "",
        amount: euros(amount),
        confirmed_amount: None,
        currency: Currency::EUR,
        status,
        ordered_on: nov(1),
        confirmed_on: None,
        cancelled_amount: None,
        cancelled_on: None,
        updated_at: None,
        transaction_id: "",
        product: "",
    }
}

/// An order that the shop cancelled in part, on a day.
fn cancelled_order(amount: &str, cancelled: &str, on: NaiveDate) -> Order<'static> {
    Order {
        cancelled_amount: Some(euros(cancelled)),
        cancelled_on: Some(on),
        ..order(amount, OrderStatus::Funded)
    }
}

/// A cancellation of WEB-1 by event, in row `line` of file 2.
fn cancel_event(line: u32, amount: &str, on: NaiveDate) -> OrderEvent<'static> {
    OrderEvent {
        order_reference: "WEB-1",
        file: FileId(2),
        line,
        provider: "oney",
        kind: OrderEventKind::Cancel,
        amount: euros(amount),
        currency: Currency::EUR,
        occurred_on: on,
        event_id: "",
    }
}

/// A settlement line with a slice of its own.
type Line = (SettlementLine<'static>, Slice);

/// A line of WEB-1: `row` is its row in file 10, and makes its transaction its own.
fn line(kind: LineKind, gross: &str, reported: NaiveDate, row: u32) -> Line {
    const TRANSACTIONS: [&str; 8] = ["T0", "T1", "T2", "T3", "T4", "T5", "T6", "T7"];
    let at = usize::try_from(row).unwrap();
    let line = SettlementLine {
        order_reference: "WEB-1",
        slice: SliceId(1),
        line: row,
        transaction_id: TRANSACTIONS[at],
        event_time: nov(2).and_hms_opt(10, 0, 0),
        gross: euros(gross),
        fee: Amount::ZERO,
        product: "",
        instalments: None,
        order_amount: None,
        contradiction: None,
    };
    let slice = Slice {
        id: SliceId(1),
        file: FileId(10),
        provider: "oney".to_owned(),
        merchant: "shop".to_owned(),
        currency: Currency::EUR,
        payout_reference: "P-1".to_owned(),
        report_date: reported,
        kind,
        part: LinePart::Whole,
        lines: 1,
        gross: line.gross,
        fee: line.fee,
    };
    (line, slice)
}

fn funding(gross: &str, reported: NaiveDate, row: u32) -> Line {
    line(LineKind::Funding, gross, reported, row)
}

/// A cancellation line; `gross` is negative.
fn cancellation(gross: &str, reported: NaiveDate, row: u32) -> Line {
    line(LineKind::Cancellation, gross, reported, row)
}

fn provider_rules(reports_settlement: bool) -> ProviderRules {
    ProviderRules {
        family: None,
        mode: SettlementMode::Net,
        bank_text: Regex::new("oney").unwrap(),
        accounts: Vec::new(),
        funding_delay_days: 5,
        cancellation_delay_days: 5,
        status_delay_days: 1,
        payout_grace_business_days: 3,
        entry_grace_business_days: 3,
        bank_window_before_days: 5,
        bank_window_after_days: 20,
        confirm_deadline_days: None,
        deadline_warning_days: 5,
        report_days: ReportDays {
            by_country: BTreeMap::new(),
            default: None,
        },
        reports_settlement,
        books_open: None,
    }
}

/// Five days for everything, no tolerance, no commission rules; only Oney reports money.
fn rules() -> Rules {
    Rules {
        calendar: BusinessCalendar::default(),
        providers: BTreeMap::from([("oney".to_owned(), provider_rules(true))]),
        default_provider: provider_rules(false),
        amount_tolerance: Tolerance(Decimal::ZERO),
        fee_tolerance: Tolerance(Decimal::ZERO),
        max_combined_payouts: 7,
        fees: Vec::new(),
        inputs: Vec::new(),
        closed_accounts: Vec::new(),
    }
}

/// Files are named by their number.
#[derive(Clone, Debug, Default)]
struct Files;

impl FileNames for Files {
    fn name(&self, file: FileId) -> &'static str {
        match file {
            FileId(1) => "orders.csv",
            FileId(2) => "events.csv",
            FileId(10) => "crp_10.csv",
            FileId(20) => "status.log",
            FileId(21) => "status-2.log",
            _ => "other.csv",
        }
    }
}

/// Everything known of WEB-1.
#[derive(Clone, Debug)]
struct Case {
    provider: &'static str,
    order_reference: &'static str,
    versions: Vec<Order<'static>>,
    events: Vec<OrderEvent<'static>>,
    lines: Vec<Line>,
    provider_events: Vec<ProviderEvent<'static>>,
    rules: Rules,
    files: Files,
}

/// What was said of a case on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    discrepancies: Vec<Discrepancy>,
    waiting: Vec<Waiting>,
    /// The report's row, all of its fields.
    row: Option<String>,
    state: Option<OrderState>,
    check_on: Option<NaiveDate>,
}

impl Said {
    /// What holds on the day itself, without the look ahead.
    fn today(&self) -> (&[Discrepancy], Option<&str>) {
        (&self.discrepancies, self.row.as_deref())
    }
}

impl Case {
    fn of(versions: &[Order<'static>], lines: &[Line]) -> Self {
        Self {
            provider: versions.first().map_or("oney", |order| order.provider),
            order_reference: "WEB-1",
            versions: versions.to_vec(),
            events: Vec::new(),
            lines: lines.to_vec(),
            provider_events: Vec::new(),
            rules: rules(),
            files: Files,
        }
    }

    fn with_events(self, events: &[OrderEvent<'static>]) -> Self {
        Self {
            events: events.to_vec(),
            ..self
        }
    }

    fn with_provider_events(self, events: &[ProviderEvent<'static>]) -> Self {
        Self {
            provider_events: events.to_vec(),
            ..self
        }
    }

    fn with_rules(self, change: impl FnOnce(&mut Rules)) -> Self {
        let mut rules = self.rules.clone();
        change(&mut rules);
        Self { rules, ..self }
    }

    fn on(&self, as_of: NaiveDate) -> Said {
        self.from(&Horizon::complete(as_of))
    }

    fn from(&self, horizon: &Horizon) -> Said {
        let lines: Vec<(SettlementLine<'_>, &Slice)> = self
            .lines
            .iter()
            .map(|(line, slice)| (*line, slice))
            .collect();
        let case = OrderCase {
            provider: self.provider,
            order_reference: self.order_reference,
            versions: &self.versions,
            events: &self.events,
            lines: &lines,
            provider_events: &self.provider_events,
        };
        let outcome = evaluate(&case, &self.rules, &self.files, horizon);
        Said {
            state: outcome.row.map(|row| row.state),
            row: outcome.row.map(|row| format!("{row:?}")),
            discrepancies: outcome.discrepancies,
            waiting: outcome.waiting,
            check_on: outcome.check_on,
        }
    }

    /// `CODE expected actual event-day` of each finding on a day.
    fn findings(&self, as_of: NaiveDate) -> Vec<String> {
        self.on(as_of).discrepancies.iter().map(in_words).collect()
    }

    fn state(&self, as_of: NaiveDate) -> Option<OrderState> {
        self.on(as_of).state
    }
}

fn in_words(found: &Discrepancy) -> String {
    let currency = found.currency.unwrap_or(Currency::EUR);
    let text = |amount: Option<Amount>| {
        amount.map_or("-".to_owned(), |amount| {
            amount.display(currency).to_string()
        })
    };
    format!(
        "{} {} {} {}",
        found.code,
        text(found.expected),
        text(found.actual),
        found.event_date.format("%m-%d")
    )
}

/// A case about which nothing is to be said on a day, and which is balanced.
#[track_caller]
fn assert_balanced(case: &Case, as_of: NaiveDate) {
    assert_eq!(case.findings(as_of), Vec::<String>::new());
    assert_eq!(case.state(as_of), Some(OrderState::Balanced));
}

/// A case about which nothing can be said yet.
#[track_caller]
fn assert_too_early(case: &Case, as_of: NaiveDate) {
    assert_eq!(case.findings(as_of), Vec::<String>::new());
    assert_eq!(case.state(as_of), Some(OrderState::Pending));
}
