//! The fingerprint of the rules: what a night has to compare with the night before.
//!
//! The rules are written as a canonical text, one fact a line, in an order of its own, and equal
//! values in one way (`0.10` is `0.1`). So neither the order of keys nor a comment in the file
//! changes the fingerprint, and everything that may change a finding does.

use std::fmt::Write as _;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::domain::hex::hex;
use crate::domain::rules::{FeeRule, FeedInput, ProviderRules, Rules, SettlementMode};

/// Begins the text; its number is raised when a rule of the program itself changes.
const HEADING: &str = "crp-recon rules 3";

/// SHA-256 of the canonical text, 64 lower-case hex digits.
pub(super) fn of(rules: &Rules, holidays: &[NaiveDate], timezone: Tz) -> String {
    let mut text = Text(String::from(HEADING));
    text.fact("timezone", timezone.name());
    for day in holidays {
        text.fact("holiday", &day.to_string());
    }
    text.fact(
        "amount_tolerance",
        &rules.amount_tolerance.0.normalize().to_string(),
    );
    text.fact(
        "fee_tolerance",
        &rules.fee_tolerance.0.normalize().to_string(),
    );
    text.fact(
        "max_combined_payouts",
        &rules.max_combined_payouts.to_string(),
    );
    for (name, provider) in &rules.providers {
        text.provider(name, provider);
    }
    for fee in &rules.fees {
        text.fee(fee);
    }
    for input in &rules.inputs {
        text.input(input);
    }
    for account in &rules.closed_accounts {
        text.fact("closed_account", account);
    }
    if let Some(day) = rules.default_provider.books_open {
        text.fact("books_open", &day.to_string());
    }
    hex(&Sha256::digest(text.0.as_bytes()))
}

/// The canonical text while it grows.
struct Text(String);

impl Text {
    /// A line with a name and a value; the value is quoted, so that no value looks like a line.
    fn fact(&mut self, name: &str, value: &str) {
        write!(self.0, "\n{name} {value:?}").unwrap_or_default();
    }

    fn provider(&mut self, name: &str, rules: &ProviderRules) {
        let mode = match rules.mode {
            SettlementMode::Gross => "gross",
            SettlementMode::Net => "net",
        };
        self.fact("provider", name);
        if let Some(family) = rules.family {
            self.fact("family", family.word());
        }
        self.fact("settlement_mode", mode);
        self.fact("bank_text", rules.bank_text.as_str());
        for account in &rules.accounts {
            self.fact("account", account);
        }
        for (key, days) in [
            ("funding_delay_days", rules.funding_delay_days),
            ("cancellation_delay_days", rules.cancellation_delay_days),
            ("status_delay_days", rules.status_delay_days),
            (
                "payout_grace_business_days",
                rules.payout_grace_business_days,
            ),
            ("entry_grace_business_days", rules.entry_grace_business_days),
            ("bank_window_before_days", rules.bank_window_before_days),
            ("bank_window_after_days", rules.bank_window_after_days),
            ("deadline_warning_days", rules.deadline_warning_days),
        ] {
            self.fact(key, &days.to_string());
        }
        if let Some(days) = rules.confirm_deadline_days {
            self.fact("confirm_deadline_days", &days.to_string());
        }
        for (country, days) in &rules.report_days.by_country {
            self.fact("report_days", &format!("{country} {}", weekdays(days)));
        }
        if let Some(days) = &rules.report_days.default {
            self.fact("report_days", &format!("* {}", weekdays(days)));
        }
        self.fact("reports_settlement", &rules.reports_settlement.to_string());
        if let Some(day) = rules.books_open {
            self.fact("books_open", &day.to_string());
        }
    }

    fn input(&mut self, input: &FeedInput) {
        self.fact("input", input.kind.word());
        self.fact("path", &input.path);
        let silence = input.max_silence_business_days.to_string();
        self.fact("max_silence_business_days", &silence);
    }

    fn fee(&mut self, fee: &FeeRule) {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        self.fact("fee", &fee.provider);
        self.fact("product", fee.product.as_deref().unwrap_or("*"));
        self.fact("rate_percent", &fee.rate_percent.normalize().to_string());
        self.fact("fixed", &fee.fixed.normalize().to_string());
        let vat = fee.vat_percent.unwrap_or_default();
        self.fact("vat_percent", &vat.normalize().to_string());
        self.fact("from", &day(fee.from));
        self.fact("to", &day(fee.to));
    }
}

fn weekdays(days: &[Weekday]) -> String {
    days.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}
