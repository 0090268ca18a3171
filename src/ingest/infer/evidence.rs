//! What the values of a column are.

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::Currency;
use crate::ingest::cells::{self, Cell, DecimalMark};

/// Examples that are shown of a column.
const EXAMPLES: usize = 3;

/// Letters of an example that are shown.
const EXAMPLE_CHARS: usize = 40;

/// Different values up to which a column may be one of fixed words.
const WORDS_MAX: usize = 12;

/// Formats of days that are tried, those with two digits of the year last.
const FORMATS: [&str; 14] = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
    "%d-%m-%y",
];

/// What all filled values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Nothing,
    Days,
    Amounts,
    Currencies,
    /// IBANs.
    Accounts,
    /// Few different short values.
    Words,
    Texts,
}

impl Holds {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Nothing => "it is empty",
            Self::Days => "it holds days",
            Self::Amounts => "it holds amounts",
            Self::Currencies => "it holds codes of currencies",
            Self::Accounts => "it holds IBANs",
            Self::Words => "it holds few different words",
            Self::Texts => "it holds texts",
        }
    }
}

/// A column of the sample.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) holds: Holds,
    /// The different values, where they are few.
    pub(super) words: Vec<String>,
    values: Vec<String>,
    has_gaps: bool,
}

impl Column {
    pub(super) fn of(title: &str, rows: &[Vec<String>], at: usize) -> Self {
        let all = rows
            .iter()
            .map(|row| row.get(at).map_or("", |it| it.trim()));
        let values: Vec<String> = all
            .clone()
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect();
        let mut words: Vec<String> = Vec::new();
        for value in &values {
            if words.len() <= WORDS_MAX && !words.contains(value) {
                words.push(value.clone());
            }
        }
        Self {
            title: title.to_owned(),
            holds: holds(&values, &words),
            words: if words.len() > WORDS_MAX {
                Vec::new()
            } else {
                words
            },
            has_gaps: all.clone().any(str::is_empty),
            values,
        }
    }

    /// The first values, to be recognised by a person.
    pub(super) fn examples(&self) -> String {
        let mut shown: Vec<String> = Vec::new();
        for value in &self.values {
            let short: String = value.chars().take(EXAMPLE_CHARS).collect();
            let short = short.replace(['\n', '\r'], " ");
            if shown.len() < EXAMPLES && !shown.contains(&short) {
                shown.push(short);
            }
        }
        shown.join(" | ")
    }

    /// True where every row says the same.
    pub(super) fn is_constant(&self) -> bool {
        !self.has_gaps && self.words.len() == 1
    }

    /// True where some amount shows by itself that a mark separates decimals.
    pub(super) fn shows_mark(&self, mark: char) -> bool {
        self.values
            .iter()
            .any(|value| cells::shows_decimal_mark(value, mark))
    }

    /// True where some amount may have thousands or decimals behind its mark.
    pub(super) fn is_undecided(&self) -> bool {
        self.values.iter().any(|value| value.contains([',', '.']))
    }
}

fn holds(values: &[String], words: &[String]) -> Holds {
    let all = |is: &dyn Fn(&str) -> bool| values.iter().all(|value| is(value));
    let is_currency = |text: &str| {
        Currency::parse(text)
            .is_some_and(|code| iso_currency::Currency::from_code(code.code()).is_some())
    };
    if values.is_empty() {
        Holds::Nothing
    } else if !formats(values).is_empty() {
        Holds::Days
    } else if all(&is_amount) {
        Holds::Amounts
    } else if all(&is_currency) {
        Holds::Currencies
    } else if all(&is_iban) {
        Holds::Accounts
    } else if words.len() <= WORDS_MAX && words.len().saturating_mul(2) <= values.len() {
        Holds::Words
    } else {
        Holds::Texts
    }
}

fn is_amount(text: &str) -> bool {
    let cell = Cell { text, typed: false };
    // Numbers without decimals are customers and postcodes as well.
    let looks = text.contains([',', '.']) || text.starts_with(['-', '+']);
    let currency = [Currency::EUR].into_iter().chain(named_currency(text));
    looks
        && currency.into_iter().any(|currency| {
            [DecimalMark::Comma, DecimalMark::Dot]
                .into_iter()
                .any(|mark| cells::amount(cell, mark, currency).is_ok())
        })
}

/// A currency whose code stands in a text.
fn named_currency(text: &str) -> Option<Currency> {
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    Currency::parse(&letters)
}

fn is_iban(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = text.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
}

/// The formats in which all values are days.
fn formats(values: &[String]) -> Vec<&'static str> {
    let reads = |format: &&str| {
        values.iter().all(|value| {
            let day = NaiveDate::parse_from_str(value, format).ok();
            let moment = || NaiveDateTime::parse_from_str(value, format).ok();
            let day = day.or_else(|| moment().map(|moment| moment.date()));
            day.is_some_and(|day| {
                let year = chrono::Datelike::year(&day);
                (1970..=2199).contains(&year)
            })
        })
    };
    FORMATS.iter().copied().filter(reads).collect()
}

/// The formats in which all values of all columns are days.
pub(super) fn formats_of(columns: &[&Column]) -> Vec<&'static str> {
    let values: Vec<String> = columns.iter().flat_map(|it| it.values.clone()).collect();
    if values.is_empty() {
        return Vec::new();
    }
    formats(&values)
}
