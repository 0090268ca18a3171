//! The rules a reconciliation follows, as plain data: what the configuration says, checked.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, Weekday};
use regex::Regex;
use rust_decimal::Decimal;

use super::calendar::{BusinessCalendar, plus_days};
use super::family::Family;
use super::file::InputKind;
use super::money::{Amount, Currency};

/// How a provider pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettlementMode {
    /// In full; commissions are debited once a month.
    Gross,
    /// Commissions deducted; negative sums are carried over.
    Net,
}

/// On which days a provider's report is processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportDays {
    /// By country in lower case.
    pub by_country: BTreeMap<String, Vec<Weekday>>,
    /// For every other country; `None`: not known, nothing is asked for.
    pub default: Option<Vec<Weekday>>,
}

impl ReportDays {
    /// The report days of a country; `None` when they are not known.
    pub fn of(&self, country: &str) -> Option<&[Weekday]> {
        self.by_country
            .get(country)
            .or(self.default.as_ref())
            .map(Vec::as_slice)
    }

    /// True where it is known of some country on which days it is reported.
    pub fn are_known(&self) -> bool {
        self.default.is_some() || !self.by_country.is_empty()
    }
}

/// The rules of one provider.
#[derive(Clone, Debug)]
pub struct ProviderRules {
    /// Whose rules it follows; `None`: those of no provider that is known.
    pub family: Option<Family>,
    /// How it pays.
    pub mode: SettlementMode,
    /// Recognises its entries on a statement.
    pub bank_text: Regex,
    /// The accounts it pays to, without blanks; empty: all.
    pub accounts: Vec<String>,
    /// Days from confirmation until a funding must be reported.
    pub funding_delay_days: u32,
    /// Days from a cancellation until it must be reported.
    pub cancellation_delay_days: u32,
    /// Days that order and provider have to hear of each other's status.
    pub status_delay_days: u32,
    /// Business days from a payout's last report until the bank must have booked it.
    pub payout_grace_business_days: u32,
    /// Business days from a bank entry until a report must explain it.
    pub entry_grace_business_days: u32,
    /// Days before a payout's first report from which the bank may have booked it.
    pub bank_window_before_days: u32,
    /// Days after a payout's last report until which the bank may have booked it.
    pub bank_window_after_days: u32,
    /// Days from the order until an accepted one must be confirmed, where known.
    pub confirm_deadline_days: Option<u32>,
    /// Days before that deadline from which it is at risk.
    pub deadline_warning_days: u32,
    /// Its report days.
    pub report_days: ReportDays,
    /// True when an input reports its money: then a missing funding is a finding.
    pub reports_settlement: bool,
    /// The day from which its books are known; what only looks wrong because the time before is
    /// not, is for information.
    pub books_open: Option<NaiveDate>,
}

/// An `[[input]]` as far as it matters whether anything comes by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedInput {
    /// What it brings.
    pub kind: InputKind,
    /// Its path as configured, or the address of the shop's database.
    pub path: String,
    /// Whose files they are, where the rows do not say it.
    pub provider: Option<String>,
    /// Business days without anything new that are no alarm; 0: it may be silent for ever.
    pub max_silence_business_days: u32,
}

impl ProviderRules {
    /// The day on which the report of a day must be there: the day after; of Oney France's Friday
    /// on Monday, because nothing is sent over its weekend.
    pub fn report_due_on(&self, country: &str, report_day: NaiveDate) -> NaiveDate {
        let before_a_weekend = self.family == Some(Family::Oney)
            && country == "fr"
            && report_day.weekday() == Weekday::Fri;
        plus_days(report_day, if before_a_weekend { 3 } else { 1 })
    }
}

/// What a commission should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeRule {
    /// Whose lines.
    pub provider: String,
    /// Commercial code, product or number of instalments; `None`: all.
    pub product: Option<String>,
    /// Per cent of gross.
    pub rate_percent: Decimal,
    /// Fixed part, in major units of the line's currency.
    pub fixed: Decimal,
    /// VAT on both, where the rule has one.
    pub vat_percent: Option<Decimal>,
    /// First event day it holds for.
    pub from: Option<NaiveDate>,
    /// Last event day it holds for.
    pub to: Option<NaiveDate>,
}

impl FeeRule {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// An amount that holds in every currency: a decimal in major units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance(pub Decimal);

impl Tolerance {
    /// The tolerance in minor units of a currency; digits that it lacks are cut off.
    pub fn amount(self, currency: Currency) -> Amount {
        let cut = self.0.trunc_with_scale(currency.digits());
        Amount::round_from(cut, currency).unwrap_or(Amount::ZERO)
    }
}

/// All rules of a reconciliation.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Business days.
    pub calendar: BusinessCalendar,
    /// By provider.
    pub providers: BTreeMap<String, ProviderRules>,
    /// The rules of every other provider. Its `bank_text` finds nothing.
    pub default_provider: ProviderRules,
    /// Per order and per payout.
    pub amount_tolerance: Tolerance,
    /// Per line.
    pub fee_tolerance: Tolerance,
    /// Most payouts that one entry may be the sum of.
    pub max_combined_payouts: usize,
    /// What commissions should be.
    pub fees: Vec<FeeRule>,
    /// All inputs, in the file's order.
    pub inputs: Vec<FeedInput>,
    /// Bank accounts that no statement comes for any more, without blanks.
    pub closed_accounts: Vec<String>,
}

impl Rules {
    /// Days from the order until an accepted one must be confirmed, where that is known.
    pub fn confirm_deadline_days(&self, provider: &str) -> Option<u32> {
        match self.providers.get(provider) {
            Some(rules) => rules.confirm_deadline_days,
            None => Family::from_word(provider).and_then(Family::confirm_deadline_days),
        }
    }

    /// The family of a provider: as configured, else the one that is called so.
    pub fn family(&self, provider: &str) -> Option<Family> {
        match self.providers.get(provider) {
            Some(rules) => rules.family,
            None => Family::from_word(provider),
        }
    }

    /// The rule for the commission of a line of a provider on a day. `products` are its names: the
    /// commercial code, the order's product, the number of instalments; an empty one names nothing.
    ///
    /// A rule for one of them goes before one for all products, whatever their days. Of several,
    /// the one that came into force last holds, and of those of one day the first in the file: a
    /// new rate is added, and the rates before it stay for the lines of their days.
    pub fn fee(&self, provider: &str, day: NaiveDate, products: &[&str]) -> Option<&FeeRule> {
        let is_own = |product: &str| {
            let mut own = products.iter().filter(|own| !own.is_empty());
            own.any(|own| own.eq_ignore_ascii_case(product))
        };
        let latest = |fits: &dyn Fn(Option<&str>) -> bool| {
            let fitting = self.fees.iter().filter(|rule| {
                rule.provider == provider && rule.holds_on(day) && fits(rule.product.as_deref())
            });
            // The last of equal ones is taken.
            fitting.rev().max_by_key(|rule| rule.from)
        };
        latest(&|product| product.is_some_and(is_own))
            .or_else(|| latest(&|product| product.is_none()))
    }

    /// The rules of a provider.
    pub fn provider(&self, name: &str) -> &ProviderRules {
        self.providers.get(name).unwrap_or(&self.default_provider)
    }
}
