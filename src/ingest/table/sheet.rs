//! Workbooks: XLSX and ODS, by calamine, checked before they are unpacked.

use calamine::{Cell, Data, DataRef, DataType, Ods, Range, Reader, Sheets, Xlsx};

use super::header::HeaderSearch;
use super::{Columns, Header, NextRow, Positions, Row};
use crate::domain::file::bounded;
use crate::ingest::Refusal;
use crate::ingest::archive;
use crate::ingest::open_file::{OpenFile, ReadSeek};

/// The rows of a sheet behind its header.
pub(super) struct Rows {
    range: Range<Data>,
    next: usize,
    first_row: u32,
    width: usize,
}

/// Cells of the rectangle that a sheet is read into: a million rows of twenty columns. A sheet is
/// a rectangle however few cells are filled, so two of them in far corners would take all memory.
const CELLS_MAX: u64 = 20_000_000;

/// Opens a workbook: the first sheet with a recognised header.
pub(super) fn open(opened: &OpenFile, columns: &Columns<'_>) -> Result<(Header, Rows), Refusal> {
    let mut book = checked(opened)?;
    let mut search = HeaderSearch::default();
    for name in book.sheet_names() {
        let range = cells(&mut book, &name, None)?;
        if let Some((at, header)) = header_of(&range, columns) {
            let rows = Rows::behind(range, at, header.width);
            return Ok((header, rows));
        }
        for (at, cells) in range.rows().take(columns.header_lines).enumerate() {
            let names = header_names(cells);
            search.passed(at.saturating_add(1), &names, &names.join(";"), columns);
        }
    }
    Err(search.refusal("has no sheet with a known header", columns))
}

/// The first rows of the sheet that has most of them, as texts, for somebody who does not know what
/// is in it.
pub(in crate::ingest) fn first_rows(
    opened: &OpenFile,
    count: usize,
) -> Result<Vec<Vec<String>>, Refusal> {
    let mut book = checked(opened)?;
    let rows_asked = u32::try_from(count).unwrap_or(u32::MAX);
    let mut most: Vec<Vec<String>> = Vec::new();
    for name in book.sheet_names() {
        let range = cells(&mut book, &name, Some(rows_asked))?;
        let rows: Vec<Vec<String>> = range
            .rows()
            .take(count)
            .map(|cells| cells.iter().map(|cell| text(cell).0).collect())
            .collect();
        if rows.len() > most.len() {
            most = rows;
        }
    }
    Ok(most)
}

/// Opens all sheets of a workbook that have a recognised header, each with its name.
pub(super) fn open_all(
    opened: &OpenFile,
    columns: &Columns<'_>,
) -> Result<Vec<(String, Header, Rows)>, Refusal> {
    let mut book = checked(opened)?;
    let header_rows = u32::try_from(columns.header_lines).unwrap_or(u32::MAX);
    let mut found = Vec::new();
    for name in book.sheet_names() {
        // Of a sheet with a million orders no more than the first rows are unpacked.
        let top = cells(&mut book, &name, Some(header_rows))?;
        if header_of(&top, columns).is_none() {
            continue;
        }
        let range = cells(&mut book, &name, None)?;
        let Some((at, mut header)) = header_of(&range, columns) else {
            continue;
        };
        header.width = header.width.max(range.width());
        let rows = Rows::behind(range, at, header.width);
        found.push((name, header, rows));
    }
    Ok(found)
}

/// Opens a workbook without a header: the first sheet whose first row begins as its layout says.
pub(super) fn open_without_header(
    opened: &OpenFile,
    positions: Positions<'_>,
) -> Result<Rows, Refusal> {
    let mut book = checked(opened)?;
    for name in book.sheet_names() {
        let range = cells(&mut book, &name, None)?;
        let begins = range.rows().next().and_then(<[Data]>::first).map(text);
        let is_first =
            |(value, _): &(String, bool)| value.trim().eq_ignore_ascii_case(positions.first);
        if begins.as_ref().is_some_and(is_first) {
            return Ok(Rows {
                next: 0,
                ..Rows::behind(range, 0, positions.columns.len())
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

fn unreadable(error: &calamine::Error) -> Refusal {
    Refusal::new(format!(
        "is not a readable XLSX or ODS workbook ({error}); save it again"
    ))
}

/// The workbook, once its archive is known to be one that may be unpacked.
fn checked(opened: &OpenFile) -> Result<Sheets<Box<dyn ReadSeek>>, Refusal> {
    archive::check(opened.archive()?)?;
    workbook(opened)
}

/// The cells of a sheet; with `rows`, of no more than its first rows.
fn cells(
    book: &mut Sheets<Box<dyn ReadSeek>>,
    name: &str,
    rows: Option<u32>,
) -> Result<Range<Data>, Refusal> {
    let Sheets::Xlsx(book) = book else {
        return book
            .worksheet_range(name)
            .map_err(|error| unreadable(&error));
    };
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        // A sheet that is a chart has no cells.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Range::empty()),
        Err(error) => return Err(unreadable(&error.into())),
    };
    let mut cells: Vec<Cell<Data>> = Vec::new();
    let (mut first, mut last) = ((u32::MAX, u32::MAX), (0, 0));
    while let Some(cell) = reader
        .next_cell()
        .map_err(|error| unreadable(&error.into()))?
    {
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        let (row, column) = cell.get_position();
        if rows.is_some_and(|rows| row >= first.0.saturating_add(rows)) {
            break;
        }
        first = (first.0.min(row), first.1.min(column));
        last = (last.0.max(row), last.1.max(column));
        cells.push(Cell::new((row, column), cell.get_value().clone().into()));
        let size = |from: u32, to: u32| u64::from(to.saturating_sub(from)).saturating_add(1);
        let (height, width) = (size(first.0, last.0), size(first.1, last.1));
        if height.saturating_mul(width) > CELLS_MAX {
            return Err(Refusal::new(format!(
                "has the sheet «{}» of {height} rows and {width} columns, more than {CELLS_MAX} \
                 cells; delete what stands far from the table, or save it as CSV",
                bounded(name, 100)
            )));
        }
    }
    Ok(Range::from_sparse(cells))
}

/// The recognised header among the first rows, and where it stands.
fn header_of(range: &Range<Data>, columns: &Columns<'_>) -> Option<(usize, Header)> {
    let mut rows = range.rows().take(columns.header_lines).enumerate();
    rows.find_map(|(at, cells)| {
        let header = columns.header(&header_names(cells))?;
        Some((at, header))
    })
}

/// The workbook by its content: the name may say CSV or nothing.
fn workbook(opened: &OpenFile) -> Result<Sheets<Box<dyn ReadSeek>>, Refusal> {
    match Xlsx::new(opened.archive()?) {
        Ok(book) => Ok(Sheets::Xlsx(book)),
        Err(error) => Ods::new(opened.archive()?)
            .map(Sheets::Ods)
            .map_err(|_not_ods| unreadable(&error.into())),
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
    /// The rows behind the header, which is row `at` of the range.
    fn behind(range: Range<Data>, at: usize, width: usize) -> Self {
        let first_row = range.start().map_or(0, |(row, _)| row).saturating_add(1);
        Self {
            range,
            next: at.saturating_add(1),
            first_row,
            width,
        }
    }

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn two_cells_in_far_corners_take_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corners.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "id").unwrap();
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
        book.save(&path).unwrap();
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        let names: BTreeMap<String, Vec<String>> = [("id".into(), vec![])].into();
        let columns = Columns {
            names: &names,
            recognised_by: &[&["id"]],
            fixed: &BTreeMap::new(),
            header_lines: 5,
            currency_in_titles: false,
        };
        for refusal in [
            open(&opened, &columns).map(|_| ()).unwrap_err(),
            open_all(&opened, &columns).map(|_| ()).unwrap_err(),
        ] {
            let reason = refusal.reason;
            assert!(
                reason.contains("«Sheet1» of 1048576 rows and 16384 columns"),
                "{reason}"
            );
        }
    }
}
