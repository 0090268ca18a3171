//! What leg 3 says of small cases, written as a person would: one line a payout, one a finding.

mod books;
mod by_amount;
mod by_reference;
mod by_sum;
mod decided;
mod left_over;
mod properties;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;

use super::{PayoutItems, PayoutsOutcome, reconcile};
use crate::domain::calendar::BusinessCalendar;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::link::DecidedGroup;
use crate::domain::payout::{BankEntry, MonthlyFee, Payout, PayoutOutcome, UnassignedLines};
use crate::domain::rules::{ProviderRules, ReportDays, Rules, SettlementMode, Tolerance};
use crate::domain::{Amount, Currency};
use crate::matching::coverage::Covered;

/// A day of November 2026; beyond 30, of December. The 1st is a Sunday.
fn nov(day: u32) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    first + chrono::Days::new(u64::from(day - 1))
}

fn euros(text: &str) -> Amount {
    Amount::parse(text, Currency::EUR).unwrap()
}

/// A payout of Oney, reported on one day, without fees.
fn payout(reference: &str, gross: &str, reported: u32) -> Payout {
    Payout {
        provider: "oney".to_owned(),
        reference: reference.to_owned(),
        currency: Currency::EUR,
        first: nov(reported),
        last: nov(reported),
        lines: 1,
        gross: euros(gross),
        refunds: Amount::ZERO,
        fee: Amount::ZERO,
        merchant: "shop".to_owned(),
        files: vec![format!("crp_{reported}.csv")],
    }
}

/// An entry of Oney that names nothing else.
fn entry(id: &str, amount: &str, booked: u32) -> BankEntry {
    BankEntry {
        entry_id: id.to_owned(),
        account: "FR76".to_owned(),
        booked_on: nov(booked),
        amount: euros(amount),
        currency: Currency::EUR,
        counterparty: "ONEY BANK".to_owned(),
        references: Vec::new(),
        remittance: String::new(),
        file: "bank.xml".to_owned(),
        line: 1,
    }
}

/// An entry of Oney with a remittance text.
fn entry_saying(id: &str, amount: &str, booked: u32, text: &str) -> BankEntry {
    BankEntry {
        remittance: text.to_owned(),
        ..entry(id, amount, booked)
    }
}

fn provider_rules(mode: SettlementMode, bank_text: &str) -> ProviderRules {
    ProviderRules {
        family: None,
        mode,
        bank_text: Regex::new(bank_text).unwrap(),
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
        reports_settlement: true,
        books_open: None,
    }
}

/// Oney pays net, PAYONE gross.
fn rules() -> Rules {
    Rules {
        calendar: BusinessCalendar::default(),
        providers: BTreeMap::from([
            (
                "oney".to_owned(),
                provider_rules(SettlementMode::Net, r"(?i)\boney\b"),
            ),
            (
                "payone".to_owned(),
                provider_rules(SettlementMode::Gross, r"(?i)\bpayone\b"),
            ),
        ]),
        // What finds nothing.
        default_provider: provider_rules(SettlementMode::Net, r"[^\s\S]"),
        amount_tolerance: Tolerance(Decimal::ZERO),
        fee_tolerance: Tolerance(Decimal::ZERO),
        max_combined_payouts: 7,
        fees: Vec::new(),
        inputs: Vec::new(),
        closed_accounts: Vec::new(),
    }
}

/// A night: what is known, and the day it looks from.
struct Night {
    payouts: Vec<Payout>,
    unassigned: Vec<UnassignedLines>,
    monthly_fees: Vec<MonthlyFee>,
    entries: Vec<BankEntry>,
    rules: Rules,
    links: Vec<DecidedGroup>,
}

impl Night {
    fn new(
        payouts: impl IntoIterator<Item = Payout>,
        entries: impl IntoIterator<Item = BankEntry>,
    ) -> Self {
        Self {
            payouts: payouts.into_iter().collect(),
            unassigned: Vec::new(),
            monthly_fees: Vec::new(),
            entries: entries.into_iter().collect(),
            rules: rules(),
            links: Vec::new(),
        }
    }

    fn outcome(&self, as_of: NaiveDate) -> PayoutsOutcome {
        self.covered(&Covered::everything(as_of))
    }

    fn covered(&self, covered: &Covered) -> PayoutsOutcome {
        let items = PayoutItems {
            links: &self.links,
            payouts: &self.payouts,
            unassigned: &self.unassigned,
            monthly_fees: &self.monthly_fees,
            entries: &self.entries,
        };
        reconcile(&items, &self.rules, covered)
    }

    /// Payouts, then discrepancies, a line each, as of a day of November.
    fn says(&self, as_of: u32) -> Vec<String> {
        let outcome = self.outcome(nov(as_of));
        let payouts = outcome.payouts.iter().map(payout_line);
        payouts
            .chain(outcome.discrepancies.iter().map(finding_line))
            .collect()
    }
}

/// `T77 matched by reference 175.00 of 175.00 [E1]`
fn payout_line(outcome: &PayoutOutcome) -> String {
    let currency = outcome.payout.currency;
    let mut line = format!("{} {}", outcome.payout.reference, outcome.state.word());
    if let Some(rule) = outcome.matched_by {
        line = format!("{line} by {}", rule.word());
    }
    if let Some(booked) = outcome.booked {
        line = format!("{line} {}", booked.display(currency));
    }
    line = format!("{line} of {}", outcome.expected.display(currency));
    if !outcome.bank_entries.is_empty() {
        line = format!("{line} [{}]", outcome.bank_entries.join(";"));
    }
    line
}

/// `PAYOUT_NOT_RECEIVED oney/T1/EUR 100.00 0.00 on 11-25`
fn finding_line(found: &Discrepancy) -> String {
    let amount = |amount: Option<Amount>| match (amount, found.currency) {
        (Some(amount), Some(currency)) => amount.display(currency).to_string(),
        _ => "–".to_owned(),
    };
    format!(
        "{} {} {} {} on {}",
        found.code,
        found.key.join("/"),
        amount(found.expected),
        amount(found.actual),
        found.event_date.format("%m-%d"),
    )
}
