//! The account of `:25:`.
//!
//! Banks write an IBAN, a number behind a BIC or a bank code and `/`, or a number alone; with
//! blanks or dots in it, and with the currency of the account glued on or behind a blank.

use crate::domain::Currency;

/// Letters and digits of the shortest and the longest IBAN, a margin for made-up ones included.
const IBAN_CHARS: std::ops::RangeInclusive<usize> = 15..=34;

/// The IBAN of `written` where there is one, else the bank's own number without blanks; empty
/// when there is nothing. The currency of the account is no part of its number.
pub(super) fn account(written: &str, currency: Option<Currency>) -> String {
    let bare: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let parts = bare.split('/').map(|part| iban(part, currency));
    if let Some(iban) = parts.flatten().next() {
        return iban;
    }
    let Some(currency) = currency else {
        return bare;
    };
    let without = bare.strip_suffix(currency.code());
    match without.map(|number| number.trim_end_matches('/')) {
        Some(number) if number.chars().any(|c| c.is_ascii_digit()) => number.to_owned(),
        _ => bare,
    }
}

/// A text as an IBAN, without the currency behind it.
fn iban(text: &str, currency: Option<Currency>) -> Option<String> {
    let text: String = text.chars().filter(|c| *c != '.').collect();
    if !looks_like_iban(&text) {
        return None;
    }
    // IBANs of Mauritius and the Seychelles end with a currency of their own.
    if has_check_digits(&text) {
        return Some(text);
    }
    let end = text.len().saturating_sub(3);
    let (number, code) = text.split_at_checked(end)?;
    let is_currency = match currency {
        Some(currency) => code == currency.code(),
        None => code.bytes().all(|byte| byte.is_ascii_uppercase()),
    };
    let without = is_currency && looks_like_iban(number);
    Some(if without { number.to_owned() } else { text })
}

/// Two letters, two digits, and the length of an IBAN. Check digits are not asked for: a number
/// that is mistyped everywhere is still the same account.
fn looks_like_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    IBAN_CHARS.contains(&bytes.len())
        && matches!(bytes, [a, b, c, d, ..] if a.is_ascii_uppercase() && b.is_ascii_uppercase()
            && c.is_ascii_digit() && d.is_ascii_digit())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// ISO 7064, MOD 97-10.
fn has_check_digits(iban: &str) -> bool {
    let Some((head, tail)) = iban.split_at_checked(4) else {
        return false;
    };
    let mut digits = tail.chars().chain(head.chars()).map(|c| c.to_digit(36));
    let rest = digits.try_fold(0_u32, |rest, digit| {
        let digit = digit?;
        let shift = if digit < 10 { 10 } else { 100 };
        Some((rest.saturating_mul(shift).saturating_add(digit)) % 97)
    });
    rest == Some(1)
}
