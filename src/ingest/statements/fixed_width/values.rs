//! Digits as days and amounts, and words without their padding.

use chrono::NaiveDate;

use super::Record;
use crate::domain::money::AmountError;
use crate::domain::statement::StatementSink;
use crate::domain::{Amount, Currency};
use crate::ingest::{Refusal, RowError};

/// What banks write where there is no reference.
const NO_REFERENCE: [&str; 3] = ["NOTPROVIDED", "NOT PROVIDED", "NONREF"];

/// The day of `DDMMYY`.
pub(in crate::ingest::statements) fn day_ddmmyy(text: &str) -> Option<NaiveDate> {
    let [day, month, year] = pairs(text)?;
    calendar_day(year, month, day)
}

/// The day of `YYMMDD`.
pub(in crate::ingest::statements) fn day_yymmdd(text: &str) -> Option<NaiveDate> {
    let [year, month, day] = pairs(text)?;
    calendar_day(year, month, day)
}

/// A day that need not be given: `None` for blanks and zeros.
///
/// # Errors
/// When something else is written that is no day.
pub(in crate::ingest::statements) fn optional_day(
    text: &str,
    read: fn(&str) -> Option<NaiveDate>,
    column: &str,
    notation: &str,
) -> Result<Option<NaiveDate>, RowError> {
    if text.bytes().all(|byte| byte == b'0' || byte == b' ') {
        return Ok(None);
    }
    let day = read(text);
    day.map(Some).ok_or_else(|| {
        let reason = format!("is not a day; expected {notation}");
        RowError::new(column, text, reason)
    })
}

/// Years of two digits are those from 1970 to 2069.
fn calendar_day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let century = if year < 70 { 2000 } else { 1900 };
    let year = i32::try_from(year.saturating_add(century)).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn pairs(text: &str) -> Option<[u32; 3]> {
    let digits: [u8; 6] = text.as_bytes().try_into().ok()?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |at: usize| {
        let end = at.saturating_add(2);
        text.get(at..end)?.parse().ok()
    };
    Some([number(0)?, number(2)?, number(4)?])
}

/// The amount of digits of which the last `decimals` stand behind a decimal mark that is not
/// written.
///
/// # Errors
/// When there is something else than digits, or the amount is not exact in its currency.
pub(in crate::ingest::statements) fn implied_decimals(
    digits: &str,
    decimals: usize,
    currency: Currency,
) -> Result<Amount, AmountError> {
    if digits.is_empty() || !is_digits(digits) {
        return Err(AmountError::NotANumber);
    }
    let whole = digits.len().saturating_sub(decimals);
    let (whole, fraction) = digits.split_at_checked(whole).unwrap_or((digits, ""));
    Amount::parse(&format!("{whole}.{fraction:0>decimals$}"), currency)
}

/// A balance that is read: one that its currency cannot express is rejected as a row and unknown,
/// since the movements stand as they are.
///
/// # Errors
/// When it is no amount at all: then nobody can tell what else of the file is damaged.
pub(in crate::ingest::statements) fn balance(
    read: Result<Amount, AmountError>,
    record: &Record,
    column: &str,
    value: &str,
    sink: &mut dyn StatementSink,
) -> Result<Option<Amount>, Refusal> {
    match read {
        Ok(amount) => Ok(Some(amount)),
        Err(AmountError::NotANumber) => Err(record.refusal(&format!(
            "{column}: {value:?} is not a balance; the record is cut or shifted"
        ))),
        Err(error @ (AmountError::NotExact { .. } | AmountError::TooLarge)) => {
            let reason = format!("{error}, so the statement's balance is not known");
            sink.rejected(record.rejected(RowError::new(column, value, reason)));
            Ok(None)
        }
    }
}

/// True when all characters are ASCII digits.
pub(in crate::ingest::statements) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A text with one blank between its words and none around them.
pub(in crate::ingest::statements) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without any blanks.
pub(in crate::ingest::statements) fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Adds a reference, unless it is none or known already.
pub(in crate::ingest::statements) fn add_reference(references: &mut Vec<String>, text: &str) {
    let reference = words(text);
    let is_none = reference.bytes().all(|byte| byte == b'0')
        || NO_REFERENCE
            .iter()
            .any(|none| none.eq_ignore_ascii_case(&reference));
    if !is_none && !references.contains(&reference) {
        references.push(reference);
    }
}

/// Adds a line to a remittance text, after one space.
pub(in crate::ingest::statements) fn add_line(remittance: &mut String, line: &str) {
    for word in line.split_whitespace() {
        if !remittance.is_empty() {
            remittance.push(' ');
        }
        remittance.push_str(word);
    }
}

/// What a number of digits and capital letters leaves when it is divided by 97, letters counting
/// from A = 10 as in an IBAN; `None` for any other character.
pub(in crate::ingest::statements) fn modulo_97(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |rest, character| {
        let value = character.to_digit(36)?;
        let shift: u32 = if value < 10 { 10 } else { 100 };
        Some(rest.saturating_mul(shift).saturating_add(value) % 97)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_two_digits_of_the_year() {
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        assert_eq!(text(day_ddmmyy("060524")).as_deref(), Some("2024-05-06"));
        assert_eq!(text(day_yymmdd("240506")).as_deref(), Some("2024-05-06"));
        assert_eq!(text(day_ddmmyy("311269")).as_deref(), Some("2069-12-31"));
        assert_eq!(text(day_ddmmyy("010170")).as_deref(), Some("1970-01-01"));
        for bad in ["300224", "0605", "06052O", "      ", "0605240", "é0524"] {
            assert_eq!(day_ddmmyy(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_day_that_is_not_given_is_no_error() {
        let read = |text| optional_day(text, day_ddmmyy, "04 value date", "DDMMYY");
        assert_eq!(read("000000"), Ok(None));
        assert_eq!(read("      "), Ok(None));
        assert_eq!(read(""), Ok(None));
        assert_eq!(
            read("310224").unwrap_err().reason,
            "is not a day; expected DDMMYY"
        );
    }

    #[test]
    fn amounts_are_exact_in_their_currency() {
        let minor = |digits, decimals, code| {
            let currency = Currency::parse(code).unwrap();
            implied_decimals(digits, decimals, currency).map(|it| it.to_minor().unwrap())
        };
        assert_eq!(minor("00000000123450", 2, "EUR"), Ok(123_450));
        assert_eq!(minor("000000023154680", 3, "EUR"), Ok(2_315_468));
        assert!(matches!(
            minor("000000023154685", 3, "EUR"),
            Err(AmountError::NotExact { .. })
        ));
        assert_eq!(minor("00000000123400", 2, "JPY"), Ok(1_234));
        assert_eq!(minor("5", 3, "KWD"), Ok(5));
        assert_eq!(minor("12", 0, "EUR"), Ok(1_200));
        assert_eq!(minor("", 2, "EUR"), Err(AmountError::NotANumber));
        assert_eq!(minor("1 2", 2, "EUR"), Err(AmountError::NotANumber));
        assert_eq!(minor("-12", 2, "EUR"), Err(AmountError::NotANumber));
        assert_eq!(
            minor("999999999999999999999", 2, "EUR"),
            Err(AmountError::TooLarge)
        );
    }

    #[test]
    fn what_stands_for_no_reference_is_none() {
        let mut references = Vec::new();
        for text in [
            "TRF 1",
            "NotProvided",
            "0000",
            "",
            " TRF  1 ",
            "NONREF",
            "0001",
        ] {
            add_reference(&mut references, text);
        }
        assert_eq!(references, ["TRF 1", "0001"]);
    }

    #[test]
    fn check_digits_of_a_published_iban_leave_one() {
        // The example of the French IBAN in the SWIFT registry, its country and digits at the end.
        assert_eq!(modulo_97("20041010050500013M02606FR14"), Some(1));
        assert_eq!(modulo_97("20041010050500013M02606FR15"), Some(2));
        assert_eq!(modulo_97("2004-1"), None);
    }
}
