//! One column of a sheet: its cells, typed, and what they tell of its format and its width.
//!
//! A number format stands in every cell. Looking it up for each amount of a million orders takes
//! longer than writing them, so the first amount or day of a column gives the column its format,
//! and only cells that need another one name it.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::number;
use super::style::Styles;
use crate::report::render::csv::{looks_like_a_formula, push_amount};
use crate::report::table::Cell;

/// UTF-16 units of a cell's text: a limit of the file format.
const TEXT_UNITS_MAX: usize = 32_767;

/// What stands at the end of a text that was longer.
const CUT_MARK: &str = "… [cut]";

/// Widths of columns in digits: what a screen bears.
const WIDTH_MIN: usize = 9;
const WIDTH_MAX: usize = 44;

/// Letters that are left at the end of a wrapped line, as the next word does not fit.
const WORD_LETTERS: usize = 4;

fn longest_word(title: &str) -> usize {
    let words = title.split_whitespace().map(|word| word.chars().count());
    words.max().unwrap_or(0)
}

/// A column, as far as its cells have told what it holds.
pub(super) struct Column {
    pub(super) number: u16,
    /// Digits that its texts take, up to `width_max`.
    width: usize,
    width_max: usize,
    /// True where a longer text takes several lines.
    pub(super) is_wrapped: bool,
    /// Digits that its longest amount takes: what is cut there is no amount.
    amounts: usize,
    shape: Option<Shape>,
    /// True when an amount had too many digits for a number.
    pub(super) has_texts: bool,
    /// The number that is being put together.
    scratch: Vec<u8>,
}

/// What a column's format is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Amounts with so many decimals.
    Money(u32),
    Day,
}

impl Column {
    /// A column under a title; `width_max` where it may not be as wide as others.
    pub(super) fn new(number: u16, title: &str, width_max: Option<u16>) -> Self {
        Self {
            number,
            // Titles are wrapped; their longest word has room for the filter's button.
            width: longest_word(title).saturating_add(3),
            width_max: width_max.map_or(WIDTH_MAX, usize::from),
            is_wrapped: width_max.is_some(),
            amounts: 0,
            shape: None,
            has_texts: false,
            scratch: Vec::new(),
        }
    }

    /// The lines that a text takes where it is wrapped, but for those that it has itself. Words are
    /// not broken, so a line is not used to its end.
    pub(super) fn lines(&self, text: &str) -> usize {
        let used = self.width_max.saturating_sub(WORD_LETTERS).max(1);
        text.chars().count().div_ceil(used)
    }

    /// As wide as its cells, within what is readable; in digits.
    pub(super) fn width(&self) -> u16 {
        let min = WIDTH_MIN.min(self.width_max);
        let width = self.width.saturating_add(1).clamp(min, self.width_max);
        u16::try_from(width.max(self.amounts)).unwrap_or(u16::MAX)
    }

    fn widen(&mut self, to: usize) {
        self.width = self.width.max(to);
    }

    /// Writes the cell of a row.
    pub(super) fn write(
        &mut self,
        sheet: &mut Worksheet,
        row: u32,
        cell: &Cell<'_>,
        styles: &Styles,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                self.widen(text.chars().take(WIDTH_MAX).count());
                sheet.write_string(row, self.number, safe_text(text))?;
            }
            Cell::Amount(amount, currency) => {
                let mut text = std::mem::take(&mut self.scratch);
                text.clear();
                push_amount(&mut text, *amount, *currency)?;
                let decimal = std::str::from_utf8(&text).unwrap_or_default();
                let digits = currency.digits();
                self.amount(sheet, (row, decimal), digits, styles)?;
                self.scratch = text;
            }
            Cell::Date(day) => self.day(sheet, row, *day, styles)?,
            Cell::Integer(number) => {
                let text = number.to_string();
                self.widen(text.len());
                match number::exact(&text) {
                    Some(number) => sheet.write_number(row, self.number, number)?,
                    None => sheet.write_string(row, self.number, text)?,
                };
            }
        }
        Ok(())
    }

    fn amount(
        &mut self,
        sheet: &mut Worksheet,
        (row, text): (u32, &str),
        digits: u32,
        styles: &Styles,
    ) -> Result<(), XlsxError> {
        // A mark for each three digits.
        #[expect(clippy::integer_division, reason = "an estimate of a width")]
        let marks = text.len() / 4;
        let digits_wide = text.len().saturating_add(marks).saturating_add(1);
        self.amounts = self.amounts.max(digits_wide.min(WIDTH_MAX));
        let style = styles.money(digits);
        let Some(number) = number::exact(text) else {
            self.has_texts = true;
            sheet.write_string_with_format(row, self.number, text, style)?;
            return Ok(());
        };
        let shape = Shape::Money(digits);
        if self.shape.is_none() {
            self.shape = Some(shape);
            sheet.set_column_format(self.number, style)?;
        }
        if self.shape == Some(shape) {
            sheet.write_number(row, self.number, number)?;
        } else {
            sheet.write_number_with_format(row, self.number, number, style)?;
        }
        Ok(())
    }

    fn day(
        &mut self,
        sheet: &mut Worksheet,
        row: u32,
        day: NaiveDate,
        styles: &Styles,
    ) -> Result<(), XlsxError> {
        self.widen(10);
        let Some(number) = day_number(day) else {
            sheet.write_string(row, self.number, day.to_string())?;
            return Ok(());
        };
        if self.shape.is_none() {
            self.shape = Some(Shape::Day);
            sheet.set_column_format(self.number, &styles.day)?;
        }
        if self.shape == Some(Shape::Day) {
            sheet.write_number(row, self.number, number)?;
        } else {
            sheet.write_number_with_format(row, self.number, number, &styles.day)?;
        }
        Ok(())
    }
}

/// The number that a workbook means a day by; `None` before 1 March 1900 (the file format has a
/// 29 February of that year, so programs differ on the days before it) and after the year 9999.
pub(super) fn day_number(day: NaiveDate) -> Option<u32> {
    let day_zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let last = NaiveDate::from_ymd_opt(9999, 12, 31)?;
    let number = u32::try_from(day.signed_duration_since(day_zero).num_days()).ok()?;
    (number > 60 && day <= last).then_some(number)
}

/// A text that no program takes for a formula, within the length of a cell.
pub(super) fn safe_text(text: &str) -> Cow<'_, str> {
    let quote = if looks_like_a_formula(text) { "'" } else { "" };
    // A text has at most as many UTF-16 units as bytes.
    if text.len() < TEXT_UNITS_MAX {
        return if quote.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(format!("{quote}{text}"))
        };
    }
    let units = |text: &str| text.encode_utf16().count();
    let whole = units(text).saturating_add(quote.len());
    if whole <= TEXT_UNITS_MAX {
        return Cow::Owned(format!("{quote}{text}"));
    }
    let mut room = TEXT_UNITS_MAX.saturating_sub(units(CUT_MARK) + quote.len());
    let mut kept = quote.to_owned();
    for letter in text.chars() {
        let Some(left) = room.checked_sub(letter.len_utf16()) else {
            break;
        };
        room = left;
        kept.push(letter);
    }
    kept.push_str(CUT_MARK);
    Cow::Owned(kept)
}
