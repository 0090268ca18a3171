//! Rows with named columns, whether they come from CSV, XLSX, ODS or NDJSON.
//!
//! [`Table::open`] finds the header (delimiter and, for workbooks, the sheet are recognised by
//! it), then [`Table::next_row`] gives one row after the other in a buffer that is used again.
//! A row that is not as long as its header is an error of that row; the rows after it are read.

mod delimited;
mod header;
mod ndjson;
mod sheet;

pub(super) use delimited::read_line;
pub(in crate::ingest) use header::comparable;
pub use header::{Columns, Header, Positions};

use super::Refusal;
use super::cells;
use super::open_file::OpenFile;
use super::profile::Profile;

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// Its text, untrimmed.
    pub text: &'a str,
    /// True for a number or date that a workbook stores as such: a plain decimal with a dot, or
    /// ISO 8601, whatever the profile says of texts.
    pub typed: bool,
}

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
    /// A row that cannot be told apart into columns: its line, raw text and what is wrong.
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
    Sheet(sheet::Rows),
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
            let (header, rows) = sheet::open(opened, columns)?;
            return Ok(Self {
                header,
                source: Source::Sheet(rows),
                again: None,
            });
        }
        if opened.survey().head_text().trim_start().starts_with('{') {
            let (header, objects) = ndjson::open(opened, profile, columns)?;
            return Ok(Self {
                header,
                source: Source::Objects(Box::new(objects)),
                again: None,
            });
        }
        let (header, lines) = delimited::open(opened, profile, columns)?;
        Ok(Self {
            header,
            source: Source::Delimited(Box::new(lines)),
            again: None,
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
            let sheets = sheet::open_all(opened, columns)?.into_iter();
            let table = |(name, header, rows)| {
                let source = Source::Sheet(rows);
                (
                    name,
                    Self {
                        header,
                        source,
                        again: None,
                    },
                )
            };
            return Ok(sheets.map(table).collect());
        }
        let found = delimited::find(opened, profile, columns)?;
        let table = found.ok().map(|(header, lines)| {
            let source = Source::Delimited(Box::new(lines));
            (
                String::new(),
                Self {
                    header,
                    source,
                    again: None,
                },
            )
        });
        Ok(table.into_iter().collect())
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
            Source::Sheet(sheet::open_without_header(opened, positions)?)
        } else {
            let lines = delimited::open_without_header(opened, profile, positions)?;
            Source::Delimited(Box::new(lines))
        };
        Ok(Self {
            header: Header::documented(positions),
            source,
            again: None,
        })
    }

    /// True when the row that was read last has a quote that no other one closes.
    pub fn has_stray_quote(&self) -> bool {
        match &self.source {
            Source::Delimited(lines) => lines.has_stray_quote(),
            Source::Sheet(_) | Source::Objects(_) => false,
        }
    }

    /// Reads the next row into `row`; blank rows are passed over.
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
                if row.len() != self.header.width {
                    return Ok(self.wrong_width(row));
                }
            }
            return Ok(next);
        }
    }

    /// The raw text of the row that was read last.
    pub fn raw(&self, row: &Row) -> String {
        match &self.source {
            Source::Delimited(lines) => lines.raw(row).to_owned(),
            Source::Sheet(_) => sheet::raw(row),
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
