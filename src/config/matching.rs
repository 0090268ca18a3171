//! `[matching]`, `[[fee]]` and holidays: tolerances, commissions and the calendar.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::document::{Field, Section};
use super::error::ConfigError;
use crate::domain::rules::{FeeRule, Tolerance};

pub(super) const MATCHING_KEYS: [&str; 3] =
    ["amount_tolerance", "fee_tolerance", "max_combined_payouts"];

pub(super) const DECISION_KEYS: [&str; 1] = ["approval_above"];

pub(super) const FEE_KEYS: [&str; 7] = [
    "provider",
    "product",
    "rate_percent",
    "fixed",
    "vat_percent",
    "from",
    "to",
];

/// The largest tolerance or fixed fee, in major units: above it, it is a slip of the pen.
const AMOUNT_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
const PERCENT_MAX: Decimal = Decimal::ONE_HUNDRED;
const DEFAULT_FEE_TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

const DEFAULT_COMBINED_PAYOUTS: usize = 7;
const COMBINED_PAYOUTS_MAX: usize = 1_000;

/// `[matching]`.
pub(super) struct Matching {
    pub(super) amount_tolerance: Tolerance,
    pub(super) fee_tolerance: Tolerance,
    pub(super) max_combined_payouts: usize,
}

/// `[decisions]`: the amount above which a second person approves what is decided; `None`: never.
pub(super) fn approval_above(root: &Section<'_>) -> Result<Option<Tolerance>, ConfigError> {
    let Some(section) = root.table("decisions", &DECISION_KEYS)? else {
        return Ok(None);
    };
    section.read("approval_above", |field| {
        Ok(Tolerance(field.decimal(AMOUNT_MAX)?))
    })
}

pub(super) fn read(root: &Section<'_>) -> Result<Matching, ConfigError> {
    let mut matching = Matching {
        amount_tolerance: Tolerance(Decimal::ZERO),
        fee_tolerance: Tolerance(DEFAULT_FEE_TOLERANCE),
        max_combined_payouts: DEFAULT_COMBINED_PAYOUTS,
    };
    let Some(section) = root.table("matching", &MATCHING_KEYS)? else {
        return Ok(matching);
    };
    let tolerance = |field: &Field<'_>| Ok(Tolerance(field.decimal(AMOUNT_MAX)?));
    if let Some(written) = section.read("amount_tolerance", tolerance)? {
        matching.amount_tolerance = written;
    }
    if let Some(written) = section.read("fee_tolerance", tolerance)? {
        matching.fee_tolerance = written;
    }
    let count = |field: &Field<'_>| field.whole(0..=COMBINED_PAYOUTS_MAX);
    if let Some(written) = section.read("max_combined_payouts", count)? {
        matching.max_combined_payouts = written;
    }
    Ok(matching)
}

/// The company's own holidays.
pub(super) fn holidays(root: &Section<'_>) -> Result<Vec<NaiveDate>, ConfigError> {
    let mut days = root
        .read("holidays", |field| field.list(Field::day))?
        .unwrap_or_default();
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// All `[[fee]]` rules, in the file's order.
pub(super) fn fees(root: &Section<'_>) -> Result<Vec<FeeRule>, ConfigError> {
    root.tables("fee", &FEE_KEYS)?.iter().map(fee).collect()
}

fn fee(section: &Section<'_>) -> Result<FeeRule, ConfigError> {
    let provider = section
        .read("provider", super::providers::provider_name)?
        .ok_or_else(|| section.error("there is no `provider`", "; name whose commission it is"))?;
    let percent = |field: &Field<'_>| field.decimal(PERCENT_MAX);
    let rate_percent = section.read("rate_percent", percent)?;
    let fixed = section.read("fixed", |field| field.decimal(AMOUNT_MAX))?;
    if rate_percent.is_none() && fixed.is_none() {
        return Err(section.error(
            "there is neither `rate_percent` nor `fixed`",
            "; give one of them, \"0\" if the commission is nothing",
        ));
    }
    let from = section.read("from", Field::day)?;
    let to = section.read("to", Field::day)?;
    if let (Some(from), Some(to), Some(field)) = (from, to, section.get("to"))
        && to < from
    {
        return Err(field.wrong(format!("a day that is not before `from`, {from}")));
    }
    Ok(FeeRule {
        provider,
        product: section.read("product", Field::text_or_number)?,
        rate_percent: rate_percent.unwrap_or(Decimal::ZERO),
        fixed: fixed.unwrap_or(Decimal::ZERO),
        vat_percent: section.read("vat_percent", percent)?,
        from,
        to,
    })
}
