//! A sheet that is written block by block, from the top to the bottom.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Formula, Url, Worksheet, XlsxError, cell_range};

use super::column::{day_number, safe_text};
use super::number;
use super::sheet::title as column_title;
use super::style::{Styles, Tone};
use crate::domain::coverage::FeedState;
use crate::domain::discrepancy::Severity;
use crate::domain::{Amount, Currency};
use crate::report::language::{Kind, Language, Texts};

/// What the file format calls the paper A4.
const A4: u8 = 9;

/// Letters of a footer's part; all three together may have 255.
const FOOTER_LETTERS_MAX: usize = 120;

/// Prints a sheet on A4, as wide as the paper, with its name and the number of the page below.
pub(super) fn set_paper(sheet: &mut Worksheet, title: &str) {
    let title: String = title.chars().take(FOOTER_LETTERS_MAX).collect();
    let title = title.replace('&', "&&");
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
        .set_footer(format!("&L{title}&C&A&R&P / &N"));
}

/// The last column that the width of paper is meant for.
const LAST_COLUMN: u16 = 7;

/// Letters of a sentence that a line takes across these columns, and the points of a line.
const SENTENCE_LETTERS: usize = 120;
const SENTENCE_POINTS: u32 = 18;

/// A sheet and the row that is being written.
pub(super) struct Page<'s> {
    sheet: Worksheet,
    styles: &'s Styles,
    pub(super) texts: Texts,
    row: u32,
}

impl<'s> Page<'s> {
    /// An empty sheet, as wide as words and amounts need.
    pub(super) fn new(name: &str, styles: &'s Styles, texts: Texts) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet
            .set_name(name)?
            .set_column_width(0, 36)?
            .set_column_range_width(1, LAST_COLUMN, 18)?
            .set_screen_gridlines(false);
        Ok(Self {
            sheet,
            styles,
            texts,
            row: 0,
        })
    }

    /// The sheet, to be printed under this title.
    pub(super) fn into_worksheet(mut self, title: &str) -> Worksheet {
        set_paper(&mut self.sheet, title);
        self.sheet
    }

    /// The row that is being written.
    pub(super) fn row(&self) -> u32 {
        self.row
    }

    /// Goes to the next row.
    pub(super) fn next(&mut self) {
        self.row = self.row.saturating_add(1);
    }

    pub(super) fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        let style = &self.styles.title;
        self.sheet
            .write_string_with_format(self.row, 0, text, style)?;
        self.row = self.row.saturating_add(2);
        Ok(())
    }

    /// A sentence across the sheet, in as many lines as it may need.
    pub(super) fn sentence(&mut self, text: &str) -> Result<(), XlsxError> {
        let style = &self.styles.sentence;
        let lines = text.chars().count().div_ceil(SENTENCE_LETTERS).max(1);
        let points = u32::try_from(lines)
            .unwrap_or(1)
            .saturating_mul(SENTENCE_POINTS);
        let text = safe_text(text);
        self.sheet
            .merge_range(self.row, 0, self.row, LAST_COLUMN, &text, style)?
            .set_row_height(self.row, points)?;
        self.row = self.row.saturating_add(1);
        Ok(())
    }

    /// A word of the contract for a reader: in English as it stands in the other sheets, else in
    /// the reader's language.
    pub(super) fn said(&self, kind: Kind, word: &'static str) -> Cow<'static, str> {
        match self.texts.language() {
            Language::English => Cow::Borrowed(word),
            Language::French | Language::German => self.texts.title(kind, word),
        }
    }

    /// The title of a column of a table.
    pub(super) fn title_of(&self, column: &'static str) -> Cow<'static, str> {
        column_title(column, self.texts)
    }

    /// Begins a block: what it is about, and its columns.
    pub(super) fn heading(
        &mut self,
        text: &str,
        columns: &[Cow<'static, str>],
    ) -> Result<(), XlsxError> {
        self.next();
        let style = &self.styles.heading;
        self.sheet
            .write_string_with_format(self.row, 0, text, style)?;
        self.next();
        for (column, name) in (0_u16..).zip(columns) {
            let style = &self.styles.header;
            self.sheet
                .write_string_with_format(self.row, column, name.as_ref(), style)?;
        }
        self.next();
        Ok(())
    }

    pub(super) fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        let style = &self.styles.text;
        self.sheet
            .write_string_with_format(self.row, column, safe_text(text), style)?;
        Ok(())
    }

    /// Something that a reader must know before relying on the sheet.
    pub(super) fn note(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        let style = &self.styles.note;
        self.sheet
            .write_string_with_format(self.row, column, text, style)?;
        Ok(())
    }

    /// A severity in its colour.
    pub(super) fn word(&mut self, column: u16, severity: Severity) -> Result<(), XlsxError> {
        let tone = match severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
            Severity::Info => Tone::Info,
        };
        let word = self.said(Kind::Severity, severity.word());
        self.sheet
            .write_string_with_format(self.row, column, word.as_ref(), &tone.format())?;
        Ok(())
    }

    /// How a feed stands, in its colour.
    pub(super) fn feed_state(&mut self, column: u16, state: FeedState) -> Result<(), XlsxError> {
        let tone = match state {
            FeedState::Silent | FeedState::Never => Tone::Bad,
            FeedState::Late => Tone::Warn,
            FeedState::Complete => Tone::Good,
        };
        let word = self.said(Kind::FeedState, state.word());
        self.sheet
            .write_string_with_format(self.row, column, word.as_ref(), &tone.format())?;
        Ok(())
    }

    pub(super) fn link(&mut self, column: u16, url: Url) -> Result<(), XlsxError> {
        let style = &self.styles.link;
        self.sheet
            .write_url_with_format(self.row, column, url, style)?;
        Ok(())
    }

    pub(super) fn day(&mut self, column: u16, day: NaiveDate) -> Result<(), XlsxError> {
        match day_number(day) {
            Some(number) => {
                let style = &self.styles.day;
                self.sheet
                    .write_number_with_format(self.row, column, number, style)?;
            }
            None => self.text(column, &day.to_string())?,
        }
        Ok(())
    }

    /// A count, and the formula that says where it comes from.
    pub(super) fn count(
        &mut self,
        column: u16,
        count: u64,
        formula: Option<String>,
    ) -> Result<(), XlsxError> {
        let format = &self.styles.count.clone();
        self.figure(column, &count.to_string(), formula, format)
    }

    /// A sum of money, and the formula that says where it comes from.
    ///
    /// Formulas add floating point numbers up, and round the sum to the digits of the currency.
    pub(super) fn money(
        &mut self,
        column: u16,
        amount: Amount,
        currency: Currency,
        formula: Option<String>,
    ) -> Result<(), XlsxError> {
        let digits = currency.digits();
        let text = amount.display(currency).to_string();
        let formula = formula.map(|formula| format!("ROUND({formula},{digits})"));
        let format = &self.styles.money(digits).clone();
        self.figure(column, &text, formula, format)
    }

    fn figure(
        &mut self,
        column: u16,
        text: &str,
        formula: Option<String>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        match (number::exact(text), formula) {
            (Some(_), Some(formula)) => {
                let formula = Formula::new(formula).set_result(text);
                self.sheet
                    .write_formula_with_format(self.row, column, formula, format)?;
            }
            (Some(number), None) => {
                self.sheet
                    .write_number_with_format(self.row, column, number, format)?;
            }
            (None, _) => {
                self.sheet
                    .write_string_with_format(self.row, column, text, format)?;
            }
        }
        Ok(())
    }

    /// The sum of cells of this row.
    pub(super) fn sum_of_row(&self, first: u16, last: u16) -> String {
        format!("SUM({})", cell_range(self.row, first, self.row, last))
    }

    /// The sum of a column from the row `first` to the row above this one; `None` without any.
    pub(super) fn sum_of_column(&self, column: u16, first: u32) -> Option<String> {
        let last = self.row.checked_sub(1).filter(|last| *last >= first)?;
        Some(format!("SUM({})", cell_range(first, column, last, column)))
    }
}

/// The sum of the cells of a column from the row `first` to the row above `end` beside which
/// another column says a word; `None` without any.
pub(super) fn sum_where(
    (first, end): (u32, u32),
    column: u16,
    (of, word): (u16, &str),
) -> Option<String> {
    let last = end.checked_sub(1).filter(|last| *last >= first)?;
    let cells = |column| cell_range(first, column, last, column);
    Some(format!(
        "SUMIFS({},{},\"{word}\")",
        cells(column),
        cells(of)
    ))
}
