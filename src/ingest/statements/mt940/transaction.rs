//! The statement line of `:61:`.
//!
//! Value date, entry date without a year, mark, funds code, amount, type, the customer's
//! reference and, behind `//`, the bank's; further lines are supplementary details.

use chrono::NaiveDate;

use super::balance::{amount, day, day_near};
use super::is_reference;
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;

/// The column of a rejected row.
pub(super) const TAG: &str = ":61:";

/// Words that a bank writes as the customer's reference to say that `:86:` has it.
const SEE_DETAILS: [&str; 5] = ["EREF", "KREF", "MREF", "MARF", "PREF"];

/// What a type begins with: the standard's letters, and one that a bank uses for its own.
const TYPE_LETTERS: [char; 4] = ['N', 'F', 'S', 'M'];

/// What one `:61:` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transaction {
    /// False for `EC` and `ED`: expected, not booked.
    pub(super) is_booked: bool,
    pub(super) booked_on: NaiveDate,
    pub(super) value_on: NaiveDate,
    /// Positive when the account receives it; a reversal has its sign already.
    pub(super) amount: Amount,
    /// The account owner's reference; empty when there is none.
    pub(super) customer_reference: String,
    /// The bank's reference; empty when there is none.
    pub(super) bank_reference: String,
    /// The lines after the first.
    pub(super) details: Vec<String>,
}

/// Reads the lines of a `:61:`.
///
/// # Errors
/// The row is rejected.
pub(super) fn transaction(lines: &[String], currency: Currency) -> Result<Transaction, RowError> {
    let (first, details) = lines
        .split_first()
        .map_or(("", lines), |(first, details)| (first.as_str(), details));
    match one_line(first, currency) {
        Ok(read) => Ok(with_details(read, details)),
        // Some banks wrap the line before the amount.
        Err(error) => match details.split_first() {
            Some((second, details)) => one_line(&format!("{first}{second}"), currency)
                .map(|read| with_details(read, details))
                .or(Err(error)),
            None => Err(error),
        },
    }
}

fn with_details(mut read: Transaction, details: &[String]) -> Transaction {
    read.details = details.to_vec();
    read
}

fn one_line(line: &str, currency: Currency) -> Result<Transaction, RowError> {
    let bad = |value: &str, reason: &str| RowError::new(TAG, value, reason);
    let date = line.get(..6).unwrap_or(line);
    let value_on = day(date).ok_or_else(|| {
        bad(
            date,
            "is not the value date of a statement line; expected YYMMDD",
        )
    })?;
    let rest = line.get(6..).unwrap_or_default();
    let (booked_on, rest) = match rest.split_at_checked(4) {
        Some((entry, rest)) if entry.bytes().all(|byte| byte.is_ascii_digit()) => {
            let booked_on = day_near(entry, value_on)
                .ok_or_else(|| bad(entry, "is not an entry date; expected MMDD"))?;
            (booked_on, rest)
        }
        // Absent, or four blanks.
        _ => (value_on, rest),
    };
    let (mark, rest) = mark(rest.trim_start()).ok_or_else(|| {
        bad(
            rest,
            "has no mark behind the dates; expected C, D, RC or RD",
        )
    })?;
    // The funds code is the third letter of the currency: `CR12,00` is a credit in EUR.
    let rest = rest
        .strip_prefix(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(rest)
        .trim_start();
    let end = rest
        .find(|c: char| !matches!(c, '0'..='9' | ',' | '.'))
        .unwrap_or(rest.len());
    let (digits, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let behind = behind.trim_start();
    // SWIFT has no thousands mark: digits right before the type are whole units.
    let is_units = !digits.is_empty() && !digits.contains('.') && is_type(behind);
    if !digits.contains(',') && !is_units {
        let reason = "has no amount behind the mark; expected digits with a decimal comma, as \
                      1204,50, and then the type, as NTRF";
        return Err(bad(rest, reason));
    }
    let amount = amount(digits, currency).map_err(|problem| bad(digits, &problem))?;
    // A letter in the place of a digit ends the amount too soon, but begins no type.
    if !behind.is_empty() && !behind.starts_with(TYPE_LETTERS) {
        let reason = "is not the type behind the amount; expected N, F or S and three characters, \
                      as NTRF";
        return Err(bad(behind, reason));
    }
    let (customer, bank) = references(behind);
    Ok(Transaction {
        is_booked: mark.is_booked,
        booked_on,
        value_on,
        amount: if mark.is_debit { -amount } else { amount },
        customer_reference: customer.to_owned(),
        bank_reference: bank.to_owned(),
        details: Vec::new(),
    })
}

/// True for a text that begins with a type of four characters.
fn is_type(text: &str) -> bool {
    matches!(text.as_bytes(), [b'N' | b'F' | b'S', a, b, c, ..]
        if [a, b, c].iter().all(|byte| byte.is_ascii_alphanumeric()))
}

#[derive(Clone, Copy)]
struct Mark {
    is_debit: bool,
    is_booked: bool,
}

/// The mark at the beginning of a text. The reversal of a credit takes money away, that of a
/// debit brings it back.
fn mark(text: &str) -> Option<(Mark, &str)> {
    [
        ("RC", true, true),
        ("RD", false, true),
        ("EC", false, false),
        ("ED", true, false),
        ("C", false, true),
        ("D", true, true),
    ]
    .into_iter()
    .find_map(|(word, is_debit, is_booked)| {
        let mark = Mark {
            is_debit,
            is_booked,
        };
        Some((mark, text.strip_prefix(word)?))
    })
}

/// The customer's and the bank's reference, behind the type of four characters (`NTRF`, `S051`,
/// ING's `NOV `).
fn references(text: &str) -> (&str, &str) {
    let type_end = text.char_indices().nth(4).map_or(text.len(), |(at, _)| at);
    let rest = text.get(type_end..).unwrap_or_default();
    let (customer, bank) = rest.split_once("//").unwrap_or((rest, ""));
    let customer = customer.trim();
    let sees_details = SEE_DETAILS.contains(&customer.trim_end_matches('+'));
    let own = |text: &str| is_reference(text);
    (
        if own(customer) && !sees_details {
            customer
        } else {
            ""
        },
        if own(bank.trim()) { bank.trim() } else { "" },
    )
}
