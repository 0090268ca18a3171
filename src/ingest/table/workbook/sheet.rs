//! The filled cells of one sheet as texts, in one buffer: cells far from each other take nothing.

use calamine::{Data, DataType, Reader, XlsxError};

use super::{Book, size, unreadable};
use crate::domain::file::bounded;
use crate::ingest::Refusal;

/// Rows and columns of a sheet, in any program.
const ROWS_MAX: u32 = 1_048_576;
const COLUMNS_MAX: u16 = 16_384;

/// The filled cells of a sheet, row by row.
#[derive(Default)]
pub(super) struct Sheet {
    cells: Vec<Cell>,
    text: String,
}

/// Where a filled cell stands, and its text in the buffer.
struct Cell {
    row: u32,
    start: u32,
    end: u32,
    column: u16,
    /// Whether the workbook stores it as a number or a date.
    typed: bool,
}

/// A filled cell as somebody reads it.
#[derive(Clone, Copy)]
pub(super) struct Filled<'s> {
    pub text: &'s str,
    pub typed: bool,
}

/// Which cells of a sheet are read.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    Whole,
    /// So many rows from the first filled one.
    Top(u32),
}

impl Sheet {
    /// Reads a sheet.
    ///
    /// # Errors
    /// When it cannot be read, or its cells take more than those of a workbook may.
    pub(super) fn read(book: &mut Book, name: &str, extent: Extent) -> Result<Self, Refusal> {
        let mut sheet = Self::default();
        match book {
            Book::Xlsx(book) => {
                let mut reader = match book.worksheet_cells_reader(name) {
                    Ok(reader) => reader,
                    // A sheet that is a chart has no cells.
                    Err(XlsxError::NotAWorksheet(_)) => return Ok(sheet),
                    Err(error) => return Err(unreadable(&error)),
                };
                while let Some(cell) = reader.next_cell().map_err(|error| unreadable(&error))? {
                    let value = Data::from(cell.get_value().clone());
                    if !sheet.add(name, cell.get_position(), &value, extent)? {
                        break;
                    }
                }
            }
            Book::Ods(book) => {
                let range = book
                    .worksheet_range(name)
                    .map_err(|error| unreadable(&error))?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    let position = (behind(top, row), behind(left, column));
                    if !sheet.add(name, position, value, extent)? {
                        break;
                    }
                }
            }
        }
        // A file may list its cells in any order.
        sheet.cells.sort_by_key(|cell| (cell.row, cell.column));
        let first = sheet.cells.iter().map(|cell| cell.column).min();
        for cell in &mut sheet.cells {
            cell.column = cell.column.saturating_sub(first.unwrap_or(0));
        }
        Ok(sheet)
    }

    /// Takes a cell over; false once it lies behind what is wanted.
    fn add(
        &mut self,
        sheet: &str,
        (row, column): (u32, u32),
        value: &Data,
        extent: Extent,
    ) -> Result<bool, Refusal> {
        if value.is_empty() {
            return Ok(true);
        }
        let first_row = self.cells.first().map_or(row, |cell| cell.row);
        if matches!(extent, Extent::Top(rows) if row >= first_row.saturating_add(rows)) {
            return Ok(false);
        }
        let column = u16::try_from(column).ok().filter(|at| *at < COLUMNS_MAX);
        let (Some(column), true) = (column, row < ROWS_MAX) else {
            return Err(Refusal::new(format!(
                "has the sheet «{}» with a cell behind row {ROWS_MAX} or column {COLUMNS_MAX}, \
                 where no program has any; save it again",
                bounded(sheet, 100)
            )));
        };
        let start = self.text.len();
        let typed = push_text(value, &mut self.text);
        let (Ok(start), Ok(end), true) = (
            u32::try_from(start),
            u32::try_from(self.text.len()),
            self.bytes() <= size::BYTES_MAX,
        ) else {
            return Err(Refusal::new(format!(
                "has the sheet «{}» that would take more than 256 MB unpacked into cells; delete \
                 what does not belong to the table, or save it as CSV",
                bounded(sheet, 100)
            )));
        };
        self.cells.push(Cell {
            row,
            start,
            end,
            column,
            typed,
        });
        Ok(true)
    }

    fn bytes(&self) -> u64 {
        let cells = self.cells.len().saturating_mul(size_of::<Cell>());
        u64::try_from(cells.saturating_add(self.text.len())).unwrap_or(u64::MAX)
    }

    /// The filled cells of the first row at or behind place `at`, with its zero-based number in
    /// the workbook and the place behind it.
    pub(super) fn row_at(&self, at: usize) -> Option<SheetRow<'_>> {
        let rest = self.cells.get(at..)?;
        let number = rest.first()?.row;
        let count = rest.iter().take_while(|cell| cell.row == number).count();
        Some(SheetRow {
            number,
            cells: rest.get(..count)?,
            text: &self.text,
            next: at.saturating_add(count),
        })
    }

    /// The rows that have a filled cell.
    pub(super) fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let row = self.row_at(at)?;
            at = row.next;
            Some(row)
        })
    }

    /// Columns from the first filled one to the last.
    pub(super) fn width(&self) -> usize {
        let last = self.cells.iter().map(|cell| cell.column).max();
        last.map_or(0, |last| usize::from(last).saturating_add(1))
    }
}

/// A row of a sheet.
pub(super) struct SheetRow<'s> {
    /// Zero-based, in the workbook.
    pub number: u32,
    /// Where the row behind it begins.
    pub next: usize,
    cells: &'s [Cell],
    text: &'s str,
}

impl<'s> SheetRow<'s> {
    /// Its cells up to the last filled one; empty ones are empty texts.
    pub(super) fn cells(&self) -> impl Iterator<Item = Filled<'s>> {
        let (cells, text) = (self.cells, self.text);
        let mut filled = cells.iter().peekable();
        (0..self.width()).map(move |column| {
            let mut found = None;
            // Of a cell that the file lists twice the later one counts.
            while let Some(cell) = filled.next_if(|cell| usize::from(cell.column) <= column) {
                found = Some(cell);
            }
            let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
            Filled {
                text: found
                    .and_then(|cell| text.get(place(cell.start)..place(cell.end)))
                    .unwrap_or(""),
                typed: found.is_some_and(|cell| cell.typed),
            }
        })
    }

    /// Columns up to the last filled one.
    pub(super) fn width(&self) -> usize {
        let last = self.cells.last();
        last.map_or(0, |cell| usize::from(cell.column).saturating_add(1))
    }
}

fn behind(from: u32, count: usize) -> u32 {
    from.saturating_add(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Writes the text of a cell, and tells whether the workbook stores it as a number or date.
fn push_text(cell: &Data, text: &mut String) -> bool {
    use std::fmt::Write;
    // Writing into a text cannot fail.
    let _always_written = match cell {
        Data::String(value) | Data::DurationIso(value) | Data::DateTimeIso(value) => {
            text.write_str(value)
        }
        Data::DateTime(_) => text.write_str(&day_text(cell)),
        // The shortest decimal that gives the stored number again: the digits that were typed.
        Data::Float(number) => write!(text, "{number}"),
        Data::Int(number) => write!(text, "{number}"),
        Data::Bool(value) => write!(text, "{value}"),
        Data::Error(error) => write!(text, "{error}"),
        Data::Empty => Ok(()),
    };
    matches!(
        cell,
        Data::Float(_) | Data::Int(_) | Data::DateTime(_) | Data::DateTimeIso(_)
    )
}

/// ISO 8601 of a date cell: a day, a day with a time, or for pure times `HH:MM:SS`.
fn day_text(cell: &Data) -> String {
    use chrono::{Datelike, NaiveTime};
    match cell.as_datetime() {
        // A time alone is stored as a fraction of day 0.
        Some(moment) if moment.year() < 1901 => moment.format("%H:%M:%S").to_string(),
        Some(moment) if moment.time() == NaiveTime::MIN => moment.format("%Y-%m-%d").to_string(),
        Some(moment) => moment.format("%Y-%m-%dT%H:%M:%S").to_string(),
        None => cell.as_string().unwrap_or_default(),
    }
}
