//! Values in the form in which a person reads them, on the page and in a mail: in the language of
//! the reader, on one line, and without what could turn the direction of the text around.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::{Amount, Currency};
use crate::report::language::{Kind, Texts, Value};
use crate::report::table::Cell;

/// Currencies that an answer names.
const CURRENCIES_MAX: usize = 3;

/// Texts and values in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// All of them.
    pub texts: &'a Texts,
}

impl<'a> Words<'a> {
    /// Those of a language.
    pub fn of(texts: &'a Texts) -> Self {
        Self { texts }
    }

    /// A text that names nothing.
    pub fn text(self, key: &str) -> String {
        self.texts.text(key).into_owned()
    }

    /// The title of a code, for people: `Payout not received`.
    pub fn code(self, code: Code) -> String {
        self.texts.title(Kind::Code, code.word()).into_owned()
    }

    /// The title of a severity.
    pub fn severity(self, severity: Severity) -> String {
        let title = self.texts.title(Kind::Severity, severity.word());
        title.into_owned()
    }

    /// The title of a state.
    pub fn state(self, state: State) -> String {
        self.texts.title(Kind::State, state.word()).into_owned()
    }

    /// The title of a column.
    pub fn column(self, column: &str) -> String {
        self.texts.title(Kind::Column, column).into_owned()
    }

    /// An amount of a discrepancy; of an account whose currency is not known, without one.
    pub fn amount(self, amount: Option<Amount>, currency: Option<Currency>) -> String {
        match (amount, currency) {
            (None, _) => String::new(),
            (Some(amount), Some(currency)) => self.texts.money(amount, currency),
            (Some(amount), None) => self.texts.amount(amount, Currency::EUR),
        }
    }

    /// A day.
    pub fn day(self, day: NaiveDate) -> String {
        self.texts.day(day)
    }

    /// A whole number, which may be below zero.
    pub fn integer(self, number: i128) -> String {
        match u64::try_from(number) {
            Ok(number) => self.texts.number(number),
            Err(_below_zero) => number.to_string(),
        }
    }

    /// `41 days`; of what is not a day old yet, or still to come, since today.
    pub fn age(self, days: i64) -> String {
        let days = u64::try_from(days).unwrap_or(0);
        if days == 0 {
            return self.text("html-age-today");
        }
        let values = [("days", Value::Count(days))];
        self.texts.with("html-age", &values)
    }

    /// Days since an event, as a column of numbers has them; of a deadline, how far it is ahead.
    pub fn age_in_days(self, days: i64) -> String {
        match u64::try_from(days) {
            Ok(days) => self.texts.number(days),
            Err(_below_zero) => {
                let values = [("days", Value::Count(days.unsigned_abs()))];
                self.texts.with("html-age-ahead", &values)
            }
        }
    }

    /// Sums that are not nothing, each with its currency, as many as an answer has room for.
    pub fn sums(self, sums: &BTreeMap<Currency, Amount>) -> Vec<String> {
        let sums = sums.iter().filter(|(_, sum)| !sum.is_zero());
        let mut texts: Vec<String> = sums
            .map(|(currency, sum)| self.texts.money(*sum, *currency))
            .collect();
        let more = texts.len().saturating_sub(CURRENCIES_MAX);
        if more > 0 {
            let more = u64::try_from(more).unwrap_or(u64::MAX);
            texts.truncate(CURRENCIES_MAX);
            let values = [("count", Value::Count(more))];
            texts.push(self.texts.with("html-currencies-more", &values));
        }
        texts
    }

    /// A cell as a person reads it.
    pub fn cell(self, cell: &Cell<'_>) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => one_line(text),
            Cell::Amount(amount, currency) => self.texts.amount(*amount, *currency),
            Cell::Date(day) => self.day(*day),
            Cell::Integer(number) => self.integer(*number),
        }
    }
}

/// A cell as a program sorts and compares it.
pub fn key(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => one_line(text),
        Cell::Amount(amount, currency) => amount.display(*currency).to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Integer(number) => number.to_string(),
    }
}

/// A text without control characters, and without the marks that would turn what follows it.
pub fn one_line(text: &str) -> String {
    text.replace(
        |c: char| {
            c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        },
        " ",
    )
}

/// A sentence in which names that are written from right to left are set apart, so that the
/// numbers beside them stay where they are.
pub fn isolated(sentence: &str, names: &[&str]) -> String {
    let mut sentence = one_line(sentence);
    let mut done: Vec<&str> = Vec::new();
    for name in names {
        if name.chars().any(is_right_to_left) && !done.contains(name) {
            sentence = sentence.replace(name, &format!("\u{2068}{name}\u{2069}"));
            done.push(name);
        }
    }
    sentence
}

/// True for letters of Hebrew, Arabic and the scripts beside them.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}
