//! What a person saw in the row: the figures and the sentence that the decision is about.
//!
//! Spreadsheets write the same value in many ways. Amounts are compared as amounts; texts by their
//! ASCII letters and digits, because what a CSV in Windows-1252 cannot hold became a question mark
//! there.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use super::words::{self, unescaped};
use crate::domain::discrepancy::State;
use crate::domain::{Amount, Currency};
use crate::ingest::cells::Cell;
use crate::ingest::cells::{self, DayReader, DecimalMark};
use crate::ingest::table::{Header, Row};

/// What a row shows; `None` where the table has no such column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The code.
    pub code: Option<String>,
    /// The currency of the amounts.
    pub currency: Option<String>,
    /// What should be.
    pub expected: Option<ShownAmount>,
    /// What is.
    pub actual: Option<ShownAmount>,
    /// The state; also `None` for a word that is none.
    pub state: Option<State>,
    /// Who looks after it.
    pub assignee: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// The sentence.
    pub explanation: Option<String>,
    /// The day that the report looked from: its date of the event and its age.
    pub as_of: Option<NaiveDate>,
}

impl Shown {
    /// True for a row that names another code than `names` call the discrepancy's: then its cells
    /// belong to different discrepancies, as after sorting a part of the columns.
    pub fn is_of_another(&self, names: &[Cow<'_, str>]) -> bool {
        let shown = self.code.as_deref().filter(|shown| !shown.is_empty());
        shown.is_some_and(|shown| !names.iter().any(|name| same_text(shown, name)))
    }
}

/// An amount as a cell has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownAmount {
    /// Its text.
    pub text: String,
    /// True for a number of a workbook.
    typed: bool,
}

impl ShownAmount {
    /// True when the cell shows this amount, with whichever decimal mark.
    pub fn is(&self, amount: Option<Amount>, currency: Currency) -> bool {
        let text = self.text.as_str();
        let Some(amount) = amount else {
            return text.is_empty();
        };
        let cell = Cell {
            text,
            typed: self.typed,
        };
        let marks = [DecimalMark::Dot, DecimalMark::Comma];
        marks
            .into_iter()
            .any(|mark| cells::amount(cell, mark, currency) == Ok(amount))
    }
}

/// What stands at the end of a text that was too long for a cell.
const CUT: &str = "[cut]";

/// True when a cell shows this text, as far as programs keep it.
pub fn same_text(shown: &str, now: &str) -> bool {
    let kept = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    if shown.trim().is_empty() != now.trim().is_empty() {
        return false;
    }
    match shown.trim_end().strip_suffix(CUT) {
        Some(beginning) => kept(now).starts_with(&kept(beginning)),
        None => kept(shown) == kept(now),
    }
}

/// Days as spreadsheets write them into CSV, besides those of workbooks.
pub(super) const DAYS: [&str; 5] = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y"];

/// Where a table shows what is.
pub(super) struct ShownColumns {
    code: Option<usize>,
    currency: Option<usize>,
    expected: Option<usize>,
    actual: Option<usize>,
    state: Option<usize>,
    assignee: Option<usize>,
    note: Option<usize>,
    explanation: Option<usize>,
    event_date: Option<usize>,
    age_days: Option<usize>,
    /// True where an empty cell of an amount says that there is none.
    is_reports: bool,
}

impl ShownColumns {
    /// The columns; only a report's own `assignee` and `note` show anything.
    pub(super) fn new(header: &Header, is_reports: bool) -> Self {
        let column = |name| header.column(name);
        let of_report = |name| column(name).filter(|_| is_reports);
        Self {
            code: column("code"),
            currency: column("currency"),
            expected: column("expected"),
            actual: column("actual"),
            state: column("state"),
            assignee: of_report("assignee"),
            note: of_report("note"),
            explanation: of_report("explanation"),
            event_date: column("event_date"),
            age_days: column("age_days"),
            is_reports,
        }
    }

    pub(super) fn of(&self, row: &Row) -> Shown {
        let text = |column: Option<usize>| {
            column.map(|column| unescaped(row.text(Some(column))).trim().to_owned())
        };
        let amount = |column: Option<usize>| {
            let column = column.filter(|at| self.is_reports || !row.text(Some(*at)).is_empty());
            column.map(|column| {
                let cell = row.cell(Some(column));
                // A quoted minus of a CSV file.
                let text = cell.text.trim();
                ShownAmount {
                    text: text.strip_prefix('\'').unwrap_or(text).to_owned(),
                    typed: cell.typed,
                }
            })
        };
        let state = text(self.state);
        Shown {
            code: text(self.code),
            currency: text(self.currency),
            expected: amount(self.expected),
            actual: amount(self.actual),
            state: state.and_then(|word| words::state(&word)),
            assignee: text(self.assignee),
            note: text(self.note),
            explanation: text(self.explanation),
            as_of: self.as_of(row),
        }
    }

    fn as_of(&self, row: &Row) -> Option<NaiveDate> {
        let mut days = DayReader::new(DAYS.map(str::to_owned).to_vec());
        let event = days.day(row.cell(Some(self.event_date?)))?;
        let age: i64 = row.text(Some(self.age_days?)).parse().ok()?;
        let days = Days::new(age.unsigned_abs());
        if age < 0 {
            event.checked_sub_days(days)
        } else {
            event.checked_add_days(days)
        }
    }
}
