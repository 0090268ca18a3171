//! Workbooks: XLSX and ODS, by calamine, checked before they are unpacked.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataType, Ods, Range, Reader, Sheets, Xlsx};

use super::{Columns, Header, NextRow, Positions, Row};
use crate::ingest::Refusal;
use crate::ingest::archive;

/// The rows of a sheet behind its header.
pub(super) struct Rows {
    range: Range<Data>,
    next: usize,
    first_row: u32,
    width: usize,
}

/// Opens a workbook: the first sheet with a recognised header.
pub(super) fn open(path: &Path, columns: &Columns<'_>) -> Result<(Header, Rows), Refusal> {
    archive::check(File::open(path)?)?;
    let unreadable = |error: calamine::Error| {
        Refusal::new(format!(
            "is not a readable XLSX or ODS workbook ({error}); save it again"
        ))
    };
    let mut book = workbook(path).map_err(unreadable)?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(unreadable)?;
        let found = range
            .rows()
            .take(columns.header_lines)
            .enumerate()
            .find_map(|(at, cells)| {
                let names = header_names(cells);
                columns.header(&names).map(|header| (at, header))
            });
        if let Some((at, header)) = found {
            let first_row = range.start().map_or(0, |(row, _)| row).saturating_add(1);
            let next = at.saturating_add(1);
            let width = header.width;
            return Ok((
                header,
                Rows {
                    range,
                    next,
                    first_row,
                    width,
                },
            ));
        }
    }
    Err(Refusal::new(format!(
        "has no sheet with a known header: expected the columns {}; \
         name the file's own columns in a [[profile]]",
        columns.expected()
    )))
}

/// Opens a workbook without a header: the first sheet whose first row begins as its layout says.
pub(super) fn open_without_header(path: &Path, positions: Positions<'_>) -> Result<Rows, Refusal> {
    archive::check(File::open(path)?)?;
    let unreadable = |error: calamine::Error| {
        Refusal::new(format!(
            "is not a readable XLSX or ODS workbook ({error}); save it again"
        ))
    };
    let mut book = workbook(path).map_err(unreadable)?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(unreadable)?;
        let begins = range.rows().next().and_then(<[Data]>::first).map(text);
        let is_first =
            |(value, _): &(String, bool)| value.trim().eq_ignore_ascii_case(positions.first);
        if begins.as_ref().is_some_and(is_first) {
            let first_row = range.start().map_or(0, |(row, _)| row).saturating_add(1);
            return Ok(Rows {
                range,
                next: 0,
                first_row,
                width: positions.columns.len(),
            });
        }
    }
    Err(Refusal::new(format!(
        "has no sheet with rows of {} fields that begin with {}; \
         where the columns have names, give them in a [[profile]]",
        positions.columns.len(),
        positions.first
    )))
}

/// The workbook by its content: the name may say CSV or nothing.
fn workbook(path: &Path) -> Result<Sheets<BufReader<File>>, calamine::Error> {
    let reader = || File::open(path).map(BufReader::new);
    match Xlsx::new(reader()?) {
        Ok(book) => Ok(Sheets::Xlsx(book)),
        Err(error) => Ods::new(reader()?)
            .map(Sheets::Ods)
            .map_err(|_not_ods| error.into()),
    }
}

/// The names of a header row; empty cells behind the last name are no columns.
fn header_names(cells: &[Data]) -> Vec<String> {
    let mut names: Vec<String> = cells
        .iter()
        .map(|cell| text(cell).0.trim().to_owned())
        .collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// The text of a cell, and whether the workbook stores it as a number or date.
fn text(cell: &Data) -> (String, bool) {
    match cell {
        Data::String(text) | Data::DurationIso(text) => (text.clone(), false),
        // The shortest decimal that gives the stored number again: the digits that were typed.
        Data::Float(number) => (number.to_string(), true),
        Data::Int(number) => (number.to_string(), true),
        Data::Bool(value) => (value.to_string(), false),
        Data::DateTime(_) => (day_text(cell), true),
        Data::DateTimeIso(text) => (text.clone(), true),
        Data::Error(error) => (error.to_string(), false),
        Data::Empty => (String::new(), false),
    }
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

/// A row as text, for rejected rows and `show`.
pub(super) fn raw(row: &Row) -> String {
    (0..row.len())
        .map(|column| row.cell(Some(column)).text)
        .collect::<Vec<_>>()
        .join(";")
}

impl Rows {
    pub(super) fn next(&mut self, row: &mut Row) -> NextRow {
        let (height, sheet_width) = self.range.get_size();
        if self.next >= height {
            return NextRow::End;
        }
        let line = u32::try_from(self.next)
            .unwrap_or(u32::MAX)
            .saturating_add(self.first_row);
        row.clear(line);
        // A sheet is a rectangle: empty cells behind the header's last name were typed by nobody.
        let is_filled = |column: &usize| {
            self.range
                .get((self.next, *column))
                .is_some_and(|c| !c.is_empty())
        };
        let filled = (0..sheet_width)
            .rev()
            .find(is_filled)
            .map_or(0, |last| last.saturating_add(1));
        for column in 0..filled.max(self.width) {
            let cell = self.range.get((self.next, column)).unwrap_or(&Data::Empty);
            let (value, typed) = text(cell);
            row.push(&value, typed);
        }
        self.next = self.next.saturating_add(1);
        NextRow::Row
    }
}
