//! Rows with named columns, whether they come from CSV, XLSX, ODS or NDJSON.
//!
//! [`Table::open`] finds the header (delimiter and, for workbooks, the sheet are recognised by
//! it), then [`Table::next_row`] gives one row after the other in a buffer that is used again.
//! A row that is not as long as its header is an error of that row; the rows after it are read.

mod delimited;
mod header;
mod ndjson;
mod workbook;

use regex::RegexSet;

pub(super) use delimited::read_line;
pub use header::{Columns, Header, Positions};
pub(in crate::ingest) use workbook::first_rows;

use super::cells::{self, Cell};
use super::open_file::OpenFile;
use super::profile::Profile;
use super::{CellError, Refusal, RowError};

/// A row in a buffer that the next row overwrites.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// One-based line of the file, or row of the sheet.
    pub line: u32,
    text: String,
    /// Where each value begins and ends in `text`.
    spans: Vec<(usize, usize)>,
    typed: Vec<bool>,
}

impl Row {
    /// The value of a column; empty for a column that the file lacks.
    pub fn cell(&self, column: Option<usize>) -> Cell<'_> {
        let found = column.and_then(|column| {
            let (start, end) = self.spans.get(column).copied()?;
            let typed = self.typed.get(column).copied().unwrap_or(false);
            Some(Cell {
                text: self.text.get(start..end)?,
                typed,
            })
        });
        found.unwrap_or(Cell {
            text: "",
            typed: false,
        })
    }

    /// The trimmed text of a column.
    pub fn text(&self, column: Option<usize>) -> &str {
        self.cell(column).text.trim()
    }

    /// How many values it has.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// True for a row without a value.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// True when every value is white space.
    fn is_blank(&self) -> bool {
        (0..self.len()).all(|column| self.text(Some(column)).is_empty())
    }

    fn clear(&mut self, line: u32) {
        self.line = line;
        self.text.clear();
        self.spans.clear();
        self.typed.clear();
    }

    fn push(&mut self, value: &str, typed: bool) {
        let start = self.text.len();
        self.text.push_str(value);
        self.spans.push((start, self.text.len()));
        if typed || !self.typed.is_empty() {
            self.typed.resize(self.spans.len().saturating_sub(1), false);
            self.typed.push(typed);
        }
    }
}

/// What the next row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextRow {
    /// A row is in the buffer.
    Row,
    /// A row that cannot be taken: its line, raw text and what is wrong. Of one that has too many or too
    /// few values the buffer holds them; of any other, nothing.
    Bad {
        /// One-based line.
        line: u32,
        /// The raw text.
        raw: String,
        /// What is wrong.
        reason: String,
    },
    /// The end of the file.
    End,
}

/// The rows of one table under their header.
pub struct Table {
    /// The header that was found.
    pub header: Header,
    source: Source,
    /// How to begin anew; absent where columns have no names.
    again: Option<Again>,
    /// Rows that the profile passes over.
    skip: RegexSet,
    /// How many were passed over so far.
    passed_over: u64,
}

/// Opens the table once more.
struct Again {
    open: fn(&OpenFile, &Profile) -> Result<Table, Refusal>,
    opened: OpenFile,
    profile: Profile,
    /// Columns whose marks were looked for, with what was found.
    marks: Vec<(String, char, bool)>,
}

enum Source {
    Delimited(Box<delimited::Lines>),
    Sheet(workbook::Rows),
    Objects(Box<ndjson::Objects>),
}

impl Table {
    /// Opens a file and finds the header that `columns` recognises.
    ///
    /// # Errors
    /// When there is none, or the file is no table: the reason names what was found.
    pub fn open(
        opened: &OpenFile,
        profile: &Profile,
        columns: &Columns<'_>,
    ) -> Result<Self, Refusal> {
        if opened.is_archive() {
            let (header, rows) = workbook::open(opened, columns)?;
            return Self::of(header, Source::Sheet(rows), profile);
        }
        if opened.survey().head_text().trim_start().starts_with('{') {
            let (header, objects) = ndjson::open(opened, profile, columns)?;
            return Self::of(header, Source::Objects(Box::new(objects)), profile);
        }
        let (header, lines) = delimited::open(opened, profile, columns)?;
        Self::of(header, Source::Delimited(Box::new(lines)), profile)
    }

    fn of(header: Header, source: Source, profile: &Profile) -> Result<Self, Refusal> {
        let skip = RegexSet::new(&profile.notation.skip_rows).map_err(|error| {
            Refusal::new(format!(
                "cannot be read: a pattern in the profile's skip_rows is none ({error})"
            ))
        })?;
        Ok(Self {
            header,
            source,
            again: None,
            skip,
            passed_over: 0,
        })
    }

    /// Opens a table so that [`Table::shows_decimal_mark`] can open it once more.
    ///
    /// # Errors
    /// Those of `open`.
    pub(in crate::ingest) fn open_by(
        open: fn(&OpenFile, &Profile) -> Result<Self, Refusal>,
        opened: &OpenFile,
        profile: &Profile,
    ) -> Result<Self, Refusal> {
        let mut table = open(opened, profile)?;
        table.again = Some(Again {
            open,
            opened: opened.clone(),
            profile: profile.clone(),
            marks: Vec::new(),
        });
        Ok(table)
    }

    /// True when another amount in a column shows that `mark` separates decimals. Looks through
    /// the whole file, once for each column and mark: the order of its rows changes nothing.
    pub(in crate::ingest) fn shows_decimal_mark(
        &mut self,
        column: &str,
        mark: char,
    ) -> Result<bool, Refusal> {
        let at = self.header.names().iter().position(|name| name == column);
        let (Some(again), Some(at)) = (&mut self.again, at) else {
            return Ok(false);
        };
        let asked = |known: &&(String, char, bool)| known.0 == column && known.1 == mark;
        if let Some((_, _, shown)) = again.marks.iter().find(asked) {
            return Ok(*shown);
        }
        let mut table = (again.open)(&again.opened, &again.profile)?;
        let mut row = Row::default();
        let mut shown = false;
        while !shown {
            match table.next_row(&mut row)? {
                NextRow::End => break,
                NextRow::Bad { .. } => {}
                NextRow::Row => {
                    let cell = row.cell(Some(at));
                    shown = !cell.typed && cells::shows_decimal_mark(cell.text, mark);
                }
            }
        }
        again.marks.push((column.to_owned(), mark, shown));
        Ok(shown)
    }

    /// Opens every table of a file that has a header which `columns` recognises: of a workbook all
    /// such sheets, each with its name; of any other file one table without a name. Empty when
    /// there is none.
    ///
    /// A sheet is as wide as it is, so what people write beside the table spoils no row.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_all(
        opened: &OpenFile,
        profile: &Profile,
        columns: &Columns<'_>,
    ) -> Result<Vec<(String, Self)>, Refusal> {
        if opened.is_archive() {
            let sheets = workbook::open_all(opened, columns)?.into_iter();
            let table =
                |(name, header, rows)| Ok((name, Self::of(header, Source::Sheet(rows), profile)?));
            return sheets.map(table).collect();
        }
        let found = delimited::find(opened, profile, columns)?;
        let table = found.ok().map(|(header, lines)| {
            let source = Source::Delimited(Box::new(lines));
            Ok((String::new(), Self::of(header, source, profile)?))
        });
        table.into_iter().collect()
    }

    /// Opens a file without a header whose first row begins as the layout's rows do.
    ///
    /// # Errors
    /// When it does not: the reason names what was found.
    pub fn open_without_header(
        opened: &OpenFile,
        profile: &Profile,
        positions: Positions<'_>,
    ) -> Result<Self, Refusal> {
        let source = if opened.is_archive() {
            Source::Sheet(workbook::open_without_header(opened, positions)?)
        } else {
            let lines = delimited::open_without_header(opened, profile, positions)?;
            Source::Delimited(Box::new(lines))
        };
        Self::of(Header::documented(positions), source, profile)
    }

    /// True when the row that was read last has a quote that no other one closes.
    pub fn has_stray_quote(&self) -> bool {
        match &self.source {
            Source::Delimited(lines) => lines.has_stray_quote(),
            Source::Sheet(_) | Source::Objects(_) => false,
        }
    }

    /// The error of a row, once the other rows were asked where it needs them.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(in crate::ingest) fn row_error(&mut self, error: CellError) -> Result<RowError, Refusal> {
        match error {
            CellError::Row(error) => Ok(error),
            CellError::File(refusal) => Err(refusal),
            CellError::Undecided { mark, row, file } => {
                if self.shows_decimal_mark(&row.column, mark)? {
                    Ok(row)
                } else {
                    Err(file)
                }
            }
        }
    }

    /// How many rows the profile's `skip_rows` passed over so far.
    pub(in crate::ingest) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Reads the next row into `row`; blank rows are passed over, and those that the profile skips.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn next_row(&mut self, row: &mut Row) -> Result<NextRow, Refusal> {
        loop {
            let next = match &mut self.source {
                Source::Delimited(lines) => lines.next(row)?,
                Source::Sheet(rows) => rows.next(row),
                Source::Objects(objects) => objects.next(row)?,
            };
            if next == NextRow::Row {
                if row.is_blank() {
                    continue;
                }
                if self.is_skipped(row) {
                    self.passed_over = self.passed_over.saturating_add(1);
                    continue;
                }
                if row.len() != self.header.width {
                    return Ok(self.wrong_width(row));
                }
            }
            if let NextRow::Bad { raw, .. } = &next
                && self.skip.is_match(raw)
            {
                self.passed_over = self.passed_over.saturating_add(1);
                continue;
            }
            return Ok(next);
        }
    }

    /// True for a row that a pattern finds: in its values joined by the delimiter, or in its text
    /// with the quotes as it is written.
    fn is_skipped(&self, row: &Row) -> bool {
        if self.skip.is_empty() {
            return false;
        }
        let delimiter = match &self.source {
            Source::Delimited(lines) => lines.delimiter(),
            Source::Sheet(_) | Source::Objects(_) => ";",
        };
        let values = (0..row.len()).map(|column| row.cell(Some(column)).text);
        let joined = values.collect::<Vec<_>>().join(delimiter);
        self.skip.is_match(&joined) || self.skip.is_match(&self.raw(row))
    }

    /// The raw text of the row that was read last.
    pub fn raw(&self, row: &Row) -> String {
        match &self.source {
            Source::Delimited(lines) => lines.raw(row).to_owned(),
            Source::Sheet(_) => workbook::raw(row),
            Source::Objects(objects) => objects.raw().to_owned(),
        }
    }

    fn wrong_width(&self, row: &Row) -> NextRow {
        NextRow::Bad {
            line: row.line,
            raw: self.raw(row),
            reason: format!(
                "the row has {} fields, {} has {}; ask for the file again",
                row.len(),
                self.header.said_by,
                self.header.width
            ),
        }
    }
}
