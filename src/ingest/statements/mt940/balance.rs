//! Amounts, days and balances as MT940 writes them.

use chrono::{Datelike, NaiveDate};

use crate::domain::money::AmountError;
use crate::domain::{Amount, Currency};
use crate::ingest::cells::Cell;
use crate::ingest::cells::{self, AmountProblem, DecimalMark};

/// A balance of `:60F:`, `:60M:`, `:62F:` or `:62M:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Balance {
    pub(super) amount: Amount,
    pub(super) currency: Currency,
    /// `None` for a day that no calendar has: nothing is computed from it.
    pub(super) day: Option<NaiveDate>,
}

/// Reads `C261116EUR1204,50`; the currency may be missing where the statement's is known.
///
/// # Errors
/// What is wrong, as the end of a sentence. Where the file ends inside the line (`is_whole` is
/// false) the comma is asked for: without it a balance that the end of a cut file shortens would be
/// taken for a smaller one. Elsewhere an amount without one is in whole units.
pub(super) fn balance(
    text: &str,
    is_whole: bool,
    currency: Option<Currency>,
) -> Result<Balance, String> {
    let shape =
        || "is no balance; expected C or D, YYMMDD, currency and amount, as C261116EUR12,50";
    let (mark, rest) = text.trim().split_at_checked(1).ok_or_else(shape)?;
    let is_debit = match mark {
        "C" => false,
        "D" => true,
        _ => return Err(shape().to_owned()),
    };
    let (date, rest) = rest.split_at_checked(6).ok_or_else(shape)?;
    if !date.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(shape().to_owned());
    }
    let (code, digits) = match rest.split_at_checked(3) {
        Some((code, digits)) if code.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            (Currency::parse(code), digits)
        }
        _ => (currency, rest),
    };
    let currency = code.ok_or("has no currency; expected three letters behind the day, as EUR")?;
    if !is_whole && !digits.contains(',') {
        return Err("has no decimal comma in its amount, as if it were cut off".to_owned());
    }
    let amount = amount(digits.trim(), currency)?;
    Ok(Balance {
        amount: if is_debit { -amount } else { amount },
        currency,
        day: day(date),
    })
}

/// Reads `1204,50`, `10,` or `1.204,50`: the comma is the decimal mark, dots stand between
/// thousands.
///
/// # Errors
/// What is wrong, as the end of a sentence.
pub(super) fn amount(text: &str, currency: Currency) -> Result<Amount, String> {
    let cell = Cell { text, typed: false };
    cells::amount(cell, DecimalMark::Comma, currency).map_err(|problem| {
        let problem = match problem {
            AmountProblem::Bad(error) => error,
            AmountProblem::OtherCurrency(_) | AmountProblem::UndecidedMark { .. } => {
                AmountError::NotANumber
            }
        };
        format!("{problem}; expected digits with a decimal comma, as 1204,50")
    })
}

/// Reads `YYMMDD`; the standard lets 80 to 99 be of the 20th century.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let year: i32 = digits(text, 0)?;
    let century = if year < 80 { 2000 } else { 1900 };
    let (month, day) = (digits(text, 2)?, digits(text, 4)?);
    NaiveDate::from_ymd_opt(year.saturating_add(century), month, day)
}

/// Reads `MMDD`, in the year that brings it closest to `near`.
pub(super) fn day_near(text: &str, near: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = (digits(text, 0)?, digits(text, 2)?);
    (-1..=1)
        .filter_map(|years| NaiveDate::from_ymd_opt(near.year().saturating_add(years), month, day))
        .min_by_key(|date| date.signed_duration_since(near).num_days().abs())
}

/// The number of the two digits at `at`.
fn digits<N: std::str::FromStr>(text: &str, at: usize) -> Option<N> {
    let two = text.get(at..at.saturating_add(2))?;
    let is_number = two.bytes().all(|byte| byte.is_ascii_digit());
    two.parse().ok().filter(|_| is_number)
}
