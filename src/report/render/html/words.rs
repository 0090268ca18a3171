//! Values in the form in which the page shows them: in its language, on one line, and without
//! what could steer a browser's text direction.

use chrono::NaiveDate;

use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::{Amount, Currency};
use crate::report::language::{Kind, Texts};
use crate::report::table::Cell;

/// Texts of the page.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// Those of the language.
    pub(super) texts: &'a Texts,
}

impl<'a> Words<'a> {
    pub(super) fn of(texts: &'a Texts) -> Self {
        Self { texts }
    }

    pub(super) fn text(self, key: &str) -> String {
        self.texts.text(key).into_owned()
    }

    /// The title of a code, for people: `Payout not received`.
    pub(super) fn code(self, code: Code) -> String {
        self.texts.title(Kind::Code, code.word()).into_owned()
    }

    pub(super) fn severity(self, severity: Severity) -> String {
        let title = self.texts.title(Kind::Severity, severity.word());
        title.into_owned()
    }

    pub(super) fn state(self, state: State) -> String {
        self.texts.title(Kind::State, state.word()).into_owned()
    }

    pub(super) fn column(self, column: &str) -> String {
        self.texts.title(Kind::Column, column).into_owned()
    }

    /// An amount of a discrepancy; of an account whose currency is not known, without one.
    pub(super) fn amount(self, amount: Option<Amount>, currency: Option<Currency>) -> String {
        match (amount, currency) {
            (None, _) => String::new(),
            (Some(amount), Some(currency)) => self.texts.money(amount, currency),
            (Some(amount), None) => self.texts.amount(amount, Currency::EUR),
        }
    }

    pub(super) fn day(self, day: NaiveDate) -> String {
        self.texts.day(day)
    }

    /// A whole number, which may be below zero.
    pub(super) fn integer(self, number: i128) -> String {
        match u64::try_from(number) {
            Ok(number) => self.texts.number(number),
            Err(_below_zero) => number.to_string(),
        }
    }

    /// A cell as a person reads it.
    pub(super) fn cell(self, cell: &Cell<'_>) -> String {
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
pub(super) fn key(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => one_line(text),
        Cell::Amount(amount, currency) => amount.display(*currency).to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Integer(number) => number.to_string(),
    }
}

/// A text without control characters, and without the marks that would turn what follows it.
pub(super) fn one_line(text: &str) -> String {
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
pub(super) fn isolated(sentence: &str, names: &[&str]) -> String {
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
