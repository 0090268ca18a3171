//! Single values: amounts, days and times as files write them.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::domain::money::AmountError;
use crate::domain::{Amount, Currency};

use super::{CellError, Refusal, RowError};

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// Its text, untrimmed.
    pub text: &'a str,
    /// True for a number or date that a workbook stores as such: a plain decimal with a dot, or
    /// ISO 8601, whatever the profile says of texts.
    pub typed: bool,
}

/// Which character separates the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalMark {
    /// Each amount shows it, or the file is refused.
    #[default]
    Recognised,
    /// `1.50`; commas, blanks and apostrophes group thousands.
    Dot,
    /// `1,50`; dots, blanks and apostrophes group thousands.
    Comma,
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountProblem {
    /// Not in the notation, inexact or too large.
    Bad(AmountError),
    /// It carries the sign or code of another currency than its row's.
    OtherCurrency(Currency),
    /// `1,234`: thousands or decimals?
    UndecidedMark {
        /// The mark.
        mark: char,
        /// What is wrong with the amount if these are decimals; `None` where they are exact.
        as_decimals: Option<AmountError>,
    },
}

/// Longest text that is looked at as an amount.
const AMOUNT_TEXT_BYTES_MAX: usize = 64;

/// Reads an amount exactly. It may carry the sign or code of its currency, before or behind.
///
/// # Errors
/// When it is none, when it is not exact in its currency or in another one, or when its mark cannot
/// be decided.
pub fn amount(
    cell: Cell<'_>,
    mark: DecimalMark,
    currency: Currency,
) -> Result<Amount, AmountProblem> {
    let text = cell.text.trim();
    if cell.typed {
        return Amount::parse(text, currency).map_err(AmountProblem::Bad);
    }
    if let Some(plain) = plain_notation(text, mark) {
        return Amount::parse(plain, currency).map_err(AmountProblem::Bad);
    }
    let number = without_currency(text, currency)?;
    let normal = normal_notation(&number, mark)?.map_err(|undecided| {
        let digits = currency.digits();
        AmountProblem::UndecidedMark {
            mark: undecided.0,
            as_decimals: (digits < 3).then_some(AmountError::NotExact { currency, digits }),
        }
    })?;
    Amount::parse(&normal, currency).map_err(AmountProblem::Bad)
}

/// The error of an amount: of its row, or of the file when every row may be read wrongly.
pub fn amount_error(problem: AmountProblem, column: &str, text: &str) -> CellError {
    let row_error = |error: AmountError| {
        RowError::new(column, text, format!("{error}; ask for the file again"))
    };
    match problem {
        AmountProblem::UndecidedMark { mark, as_decimals } => {
            let file = Refusal::new(format!(
                "{column}: «{}» may be thousands or decimals; \
                 set decimal_mark in a [[profile]] for this input",
                text.trim()
            ));
            match as_decimals {
                Some(error) => CellError::Undecided {
                    mark,
                    row: row_error(error),
                    file,
                },
                None => CellError::File(file),
            }
        }
        AmountProblem::OtherCurrency(currency) => {
            let reason = format!(
                "is in another currency than its row, which is in {currency}; name the column of \
                 the currency in the profile, or ask for the file again"
            );
            RowError::new(column, text, reason).into()
        }
        AmountProblem::Bad(error) => row_error(error).into(),
    }
}

/// Letters of the longest sign or code of a currency: `CFPF` and the like are no codes.
const CURRENCY_LETTERS_MAX: usize = 4;

/// The amount without the sign or code of its row's currency; the minus may stand on either side
/// of it. A text without any is given back as it is.
fn without_currency(text: &str, currency: Currency) -> Result<Cow<'_, str>, AmountProblem> {
    let is_sign = |c: &char| matches!(c, '-' | '+' | '\u{2212}');
    let is_word = |c: char| c.is_alphabetic() || is_currency_sign(c);
    let sign_bytes = text
        .chars()
        .next()
        .filter(is_sign)
        .map_or(0, char::len_utf8);
    let (sign, rest) = text.split_at_checked(sign_bytes).unwrap_or(("", text));
    let rest = rest.trim();
    let before = rest.trim_start_matches(is_word);
    let behind = rest.trim_end_matches(is_word);
    let (word, number) = match (before.len() < rest.len(), behind.len() < rest.len()) {
        (true, false) => (rest.strip_suffix(before).unwrap_or_default(), before),
        (false, true) => (rest.strip_prefix(behind).unwrap_or_default(), behind),
        (false, false) => return Ok(Cow::Borrowed(text)),
        (true, true) => return Err(AmountProblem::Bad(AmountError::NotANumber)),
    };
    // `Fr. 12.50`: the dot belongs to the word.
    let (word, number) = match number.strip_prefix(". ") {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => (word, number),
        _ => (word, number),
    };
    match names_currency(word, currency) {
        Some(true) => Ok(Cow::Owned(format!("{sign}{}", number.trim()))),
        Some(false) => Err(AmountProblem::OtherCurrency(currency)),
        None => Err(AmountProblem::Bad(AmountError::NotANumber)),
    }
}

fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '£' | '¥' | '¤') || ('\u{20a0}'..='\u{20cf}').contains(&c)
}

/// Whether a word is the sign or code of a currency, and if so of this one.
fn names_currency(word: &str, currency: Currency) -> Option<bool> {
    /// Signs that people write and the table of ISO signs has otherwise, with their currencies.
    const SIGNS: [(&str, &[&str]); 12] = [
        ("€", &["EUR"]),
        ("$", &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"]),
        ("£", &["GBP"]),
        ("¥", &["JPY", "CNY"]),
        ("fr", &["CHF"]),
        ("sfr", &["CHF"]),
        ("kr", &["SEK", "NOK", "DKK", "ISK"]),
        ("zł", &["PLN"]),
        ("kč", &["CZK"]),
        ("ft", &["HUF"]),
        ("lei", &["RON"]),
        ("euro", &["EUR"]),
    ];
    if word.chars().count() > CURRENCY_LETTERS_MAX {
        return None;
    }
    let lower = word.to_lowercase();
    if let Some((_, codes)) = SIGNS.iter().find(|(sign, _)| *sign == lower) {
        return Some(codes.contains(&currency.code()));
    }
    let is_code = |code: &Currency| iso_currency::Currency::from_code(code.code()).is_some();
    if let Some(code) = Currency::parse(word).filter(|code| *code == currency || is_code(code)) {
        return Some(code == currency);
    }
    let own = iso_currency::Currency::from_code(currency.code()).map(|it| it.symbol().symbol);
    let is_symbol = !word.is_ascii() || word.chars().any(is_currency_sign);
    is_symbol.then(|| own.is_some_and(|own| own.to_lowercase() == lower))
}

/// A single mark with exactly three digits behind it.
struct Undecided(char);

/// True for an amount that shows by itself that `mark` separates its decimals.
pub fn shows_decimal_mark(text: &str, mark: char) -> bool {
    let digits = text.trim_matches(|c: char| !c.is_ascii_digit());
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\'' | '\u{a0}');
    digits.contains(mark)
        && digits.chars().all(is_plain)
        && matches!(recognised_mark(digits), Ok(Some(shown)) if shown == mark)
}

/// The text itself where it is a plain decimal with at most two digits behind a dot, as nearly
/// all amounts are.
fn plain_notation(text: &str, mark: DecimalMark) -> Option<&str> {
    if mark == DecimalMark::Comma {
        return None;
    }
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let dot = digits
        .iter()
        .position(|byte| *byte == b'.')
        .unwrap_or(digits.len());
    let (whole, rest) = digits.split_at_checked(dot)?;
    let decimals = rest.split_first().map_or(&[][..], |(_, decimals)| decimals);
    let plain = decimals.len() <= 2
        && whole.iter().all(u8::is_ascii_digit)
        && decimals.iter().all(u8::is_ascii_digit);
    plain.then_some(text)
}

/// Turns any known notation into a plain decimal with a dot.
fn normal_notation(
    text: &str,
    mark: DecimalMark,
) -> Result<Result<String, Undecided>, AmountProblem> {
    let bad = AmountProblem::Bad(AmountError::NotANumber);
    if text.is_empty() || text.len() > AMOUNT_TEXT_BYTES_MAX {
        return Err(bad);
    }
    let (sign, digits) = match text.chars().next() {
        Some('-' | '\u{2212}') => ("-", text.chars().skip(1).collect::<String>()),
        Some('+') => ("", text.chars().skip(1).collect()),
        _ => ("", text.to_owned()),
    };
    let digits = digits.trim();
    let decimal = match mark {
        DecimalMark::Dot => Some('.'),
        DecimalMark::Comma => Some(','),
        DecimalMark::Recognised => match recognised_mark(digits) {
            Ok(decimal) => decimal,
            Err(undecided) => return Ok(Err(undecided)),
        },
    };
    let (whole, decimals) = match decimal.and_then(|mark| digits.split_once(mark)) {
        Some((whole, decimals)) => (whole, decimals),
        None => (digits, ""),
    };
    let whole = without_thousands_marks(whole, decimal).ok_or(bad)?;
    if !decimals.chars().all(|c| c.is_ascii_digit()) {
        return Err(bad);
    }
    Ok(Ok(format!("{sign}{whole}.{decimals}")))
}

/// The decimal mark that one amount shows by itself.
///
/// The last of two kinds of marks is the decimal one, a mark that stands twice groups thousands,
/// and a single mark with exactly three digits behind it and one to three before it says nothing.
fn recognised_mark(digits: &str) -> Result<Option<char>, Undecided> {
    let dots = digits.matches('.').count();
    let commas = digits.matches(',').count();
    let decided = match (dots, commas) {
        (0, 0) => None,
        (1, 0) => return single_mark(digits, '.'),
        (0, 1) => return single_mark(digits, ','),
        (_, 0) => Some(','),
        (0, _) => Some('.'),
        _ if digits.rfind('.') > digits.rfind(',') => Some('.'),
        _ => Some(','),
    };
    Ok(decided)
}

fn single_mark(digits: &str, mark: char) -> Result<Option<char>, Undecided> {
    let (whole, decimals) = digits.split_once(mark).unwrap_or((digits, ""));
    let could_group = decimals.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0";
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if could_group && all_digits(whole) && all_digits(decimals) {
        return Err(Undecided(mark));
    }
    Ok(Some(mark))
}

/// The digits of a whole number; thousands marks must group by three and be of one kind.
fn without_thousands_marks(whole: &str, decimal: Option<char>) -> Option<String> {
    if whole.chars().all(|c| c.is_ascii_digit()) {
        return Some(whole.to_owned());
    }
    let mark = whole.chars().find(|c| !c.is_ascii_digit())?;
    let is_mark = matches!(
        mark,
        ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}' | '.' | ','
    );
    if !is_mark || Some(mark) == decimal {
        return None;
    }
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let good = (1..=3).contains(&first.len())
        && all_digits(first)
        && groups.all(|group| group.len() == 3 && all_digits(group));
    good.then(|| whole.chars().filter(char::is_ascii_digit).collect())
}

/// Years that a business date can be in; a two-digit year read as four digits is not.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

/// Reads days and times in the formats of a profile, and remembers the last ones: rows of a file
/// share few days.
#[derive(Clone, Debug)]
pub struct DayReader {
    formats: Vec<String>,
    recent: Vec<(String, NaiveDate)>,
    next: usize,
}

/// How many different days are remembered.
const RECENT_DAYS: usize = 16;

impl DayReader {
    /// A reader of `chrono` formats, tried in order.
    pub fn new(formats: Vec<String>) -> Self {
        Self {
            formats,
            recent: Vec::new(),
            next: 0,
        }
    }

    /// The formats as a person writes them, for errors.
    pub fn expected(&self) -> String {
        let words = |format: &String| {
            format
                .replace("%d", "DD")
                .replace("%m", "MM")
                .replace("%Y", "YYYY")
                .replace("%y", "YY")
        };
        self.formats
            .iter()
            .map(words)
            .collect::<Vec<_>>()
            .join(" or ")
    }

    /// The day of a value; `None` when it is none. A workbook's own dates are ISO 8601 whatever
    /// the formats are.
    pub fn day(&mut self, cell: Cell<'_>) -> Option<NaiveDate> {
        let text = cell.text.trim();
        if cell.typed {
            return iso_day(text).filter(|day| plausible(*day));
        }
        if let Some((_, day)) = self.recent.iter().find(|(known, _)| known == text) {
            return Some(*day);
        }
        let day = self.parse(text)?;
        let entry = (text.to_owned(), day);
        match self.recent.get_mut(self.next) {
            Some(slot) => *slot = entry,
            None => self.recent.push(entry),
        }
        self.next = self.next.saturating_add(1) % RECENT_DAYS;
        Some(day)
    }

    fn parse(&self, text: &str) -> Option<NaiveDate> {
        let read = |format: &String| NaiveDate::parse_from_str(text, format).ok();
        self.formats
            .iter()
            .find_map(|format| read(format).filter(|day| plausible(*day)))
    }
}

/// Year 26 is a two-digit year that was read as four digits.
fn plausible(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

/// The number of some digits and nothing else.
fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// `2026-11-20`, alone or before a time.
///
/// Read by hand, like [`time_of_day`]: orders have such days in every row, and a format that is
/// interpreted for each takes a third of the time that reading them takes.
fn iso_day(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_at_checked(10)?;
    let before_time = rest.is_empty() || rest.starts_with(['T', ' ']);
    if before_time && let [year @ .., b'-', m1, m2, b'-', d1, d2] = day.as_bytes() {
        let year = i32::try_from(digits(year)?).ok()?;
        NaiveDate::from_ymd_opt(year, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)
    } else {
        None
    }
}

/// A time of day, `HH:MM:SS` or `HH:MM`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    match *text.trim().as_bytes() {
        [h1, h2, b':', m1, m2, b':', s1, s2] => {
            NaiveTime::from_hms_opt(digits(&[h1, h2])?, digits(&[m1, m2])?, digits(&[s1, s2])?)
        }
        [h1, h2, b':', m1, m2] => {
            NaiveTime::from_hms_opt(digits(&[h1, h2])?, digits(&[m1, m2])?, 0)
        }
        _ => None,
    }
}

/// Reads ISO 8601 instants and days as local days of a time zone.
///
/// Files repeat few combinations of day and offset, but every row has another time; so only what
/// cannot move the day is skipped: a time with an offset is always converted.
#[derive(Clone, Copy, Debug)]
pub struct InstantReader {
    zone: Tz,
}

impl InstantReader {
    /// A reader for a time zone.
    pub fn new(zone: Tz) -> Self {
        Self { zone }
    }

    /// The local day of `2026-11-20`, `2026-11-20T18:03:00` (local) or
    /// `2026-11-20T18:03:00+01:00`.
    pub fn local_day(self, text: &str) -> Option<NaiveDate> {
        let text = text.trim();
        let day = if text.len() == 10 {
            iso_day(text)?
        } else if let Some(local) = plain_local_time(text) {
            local.date()
        } else if let Some(instant) = instant(text) {
            instant.with_timezone(&self.zone).date_naive()
        } else {
            local_time(text)?.date()
        };
        YEARS.contains(&day.year()).then_some(day)
    }

    /// The instant of a text in UTC; a text without an offset is local time.
    pub fn utc(self, text: &str) -> Option<NaiveDateTime> {
        let text = text.trim();
        if let Some(instant) = instant(text) {
            return Some(instant.naive_utc());
        }
        let local = match iso_day(text) {
            Some(day) if text.len() == 10 => day.and_time(NaiveTime::MIN),
            _ => local_time(text)?,
        };
        let instant = local.and_local_timezone(self.zone).earliest();
        Some(instant.map_or(local, |instant| instant.naive_utc()))
    }
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let strict = DateTime::parse_from_rfc3339(text).ok();
    let found = strict.or_else(|| {
        [
            "%Y-%m-%dT%H:%M:%S%.f%z",
            "%Y-%m-%d %H:%M:%S%.f%#z",
            "%Y-%m-%dT%H:%M%#z",
        ]
        .iter()
        .find_map(|format| DateTime::parse_from_str(text, format).ok())
    });
    // A year far outside cannot be shown in a zone with an offset: chrono would panic.
    let utc = found.map(|found| found.with_timezone(&Utc));
    utc.filter(|found| YEARS.contains(&found.naive_utc().year()))
}

/// `2026-11-20T18:03:00` or `2026-11-20 18:03`, the usual forms of a time without an offset.
fn plain_local_time(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', ' '])?;
    Some(iso_day(day)?.and_time(time_of_day(time)?))
}

fn local_time(text: &str) -> Option<NaiveDateTime> {
    [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}
