//! How a language writes numbers and days. Its input is what the domain writes, digit by digit;
//! nothing is calculated here.

use chrono::{Datelike, NaiveDate};

/// The marks of a language.
#[derive(Debug)]
pub(super) struct Notation {
    /// Between the thousands.
    thousands: char,
    /// Before the decimals.
    decimal: char,
    day: DayOrder,
}

/// How a day is written.
#[derive(Debug)]
enum DayOrder {
    /// ISO 8601.
    YearMonthDay,
    /// With this mark in between.
    DayMonthYear(char),
}

/// Days and decimals as in the columns of the tables; a blank between thousands is read alike
/// everywhere, which neither a comma nor a dot is.
pub(super) static ENGLISH: Notation = Notation {
    thousands: ' ',
    decimal: '.',
    day: DayOrder::YearMonthDay,
};

/// The blank between thousands is a narrow one that does not break.
pub(super) static FRENCH: Notation = Notation {
    thousands: '\u{202f}',
    decimal: ',',
    day: DayOrder::DayMonthYear('/'),
};

pub(super) static GERMAN: Notation = Notation {
    thousands: '.',
    decimal: ',',
    day: DayOrder::DayMonthYear('.'),
};

impl Notation {
    /// Rewrites a number as the domain writes it: `-1204.50`.
    pub(super) fn number(&self, plain: &str) -> String {
        let (whole, decimals) = match plain.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (plain, None),
        };
        let (sign, digits) = match whole.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", whole),
        };
        // Room for the marks, too.
        let mut text = String::with_capacity(plain.len().saturating_mul(2));
        text.push_str(sign);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && digits.len().saturating_sub(at).is_multiple_of(3) {
                text.push(self.thousands);
            }
            text.push(digit);
        }
        if let Some(decimals) = decimals {
            text.push(self.decimal);
            text.push_str(decimals);
        }
        text
    }

    /// Writes a day.
    pub(super) fn day(&self, day: NaiveDate) -> String {
        match self.day {
            DayOrder::YearMonthDay => day.to_string(),
            DayOrder::DayMonthYear(mark) => format!(
                "{:02}{mark}{:02}{mark}{:04}",
                day.day(),
                day.month(),
                day.year()
            ),
        }
    }
}
