//! Workbooks: XLSX and ODS, by calamine, checked before they are unpacked.

mod sheet;
mod size;

use calamine::{Ods, Reader, Xlsx};

use super::header::HeaderSearch;
use super::{Columns, Header, NextRow, Positions, Row};
use crate::ingest::Refusal;
use crate::ingest::open_file::{OpenFile, ReadSeek};
use sheet::{Extent, Sheet, SheetRow};

/// A workbook of either kind.
enum Book {
    Xlsx(Box<Xlsx<Box<dyn ReadSeek>>>),
    Ods(Box<Ods<Box<dyn ReadSeek>>>),
}

/// The rows of a sheet behind its header.
pub(super) struct Rows {
    sheet: Sheet,
    /// Where the next row begins.
    next: usize,
    width: usize,
}

/// Opens a workbook: the first sheet with a recognised header.
pub(super) fn open(opened: &OpenFile, columns: &Columns<'_>) -> Result<(Header, Rows), Refusal> {
    let mut book = Book::open(opened)?;
    let mut search = HeaderSearch::default();
    for name in book.sheet_names() {
        let sheet = Sheet::read(&mut book, &name, Extent::Whole)?;
        if let Some(found) = header_of(&sheet, columns) {
            let rows = Rows::behind(sheet, &found);
            return Ok((found.header, rows));
        }
        for (at, row) in top_rows(&sheet, columns) {
            let names = header_names(&row);
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
    let mut book = Book::open(opened)?;
    let top = Extent::Top(u32::try_from(count).unwrap_or(u32::MAX));
    let mut most: Vec<Vec<String>> = Vec::new();
    for name in book.sheet_names() {
        let sheet = Sheet::read(&mut book, &name, top)?;
        let texts = |row: SheetRow<'_>| row.cells().map(|cell| cell.text.to_owned()).collect();
        let rows: Vec<Vec<String>> = sheet.rows().take(count).map(texts).collect();
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
    let mut book = Book::open(opened)?;
    let top = Extent::Top(u32::try_from(columns.header_lines).unwrap_or(u32::MAX));
    let mut tables = Vec::new();
    for name in book.sheet_names() {
        // Of a sheet with a million orders no more than the first rows are unpacked.
        if header_of(&Sheet::read(&mut book, &name, top)?, columns).is_none() {
            continue;
        }
        let sheet = Sheet::read(&mut book, &name, Extent::Whole)?;
        let Some(mut found) = header_of(&sheet, columns) else {
            continue;
        };
        found.header.width = found.header.width.max(sheet.width());
        let rows = Rows::behind(sheet, &found);
        tables.push((name, found.header, rows));
    }
    Ok(tables)
}

/// Opens a workbook without a header: the first sheet whose first row begins as its layout says.
pub(super) fn open_without_header(
    opened: &OpenFile,
    positions: Positions<'_>,
) -> Result<Rows, Refusal> {
    let mut book = Book::open(opened)?;
    for name in book.sheet_names() {
        let sheet = Sheet::read(&mut book, &name, Extent::Whole)?;
        let first = sheet.rows().next();
        let first = first.and_then(|row| row.cells().next());
        if first.is_some_and(|cell| cell.text.trim().eq_ignore_ascii_case(positions.first)) {
            return Ok(Rows {
                sheet,
                next: 0,
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

fn unreadable(error: &impl std::fmt::Display) -> Refusal {
    Refusal::new(format!(
        "is not a readable XLSX or ODS workbook ({error}); save it again"
    ))
}

impl Book {
    /// The workbook by its content, once it is known to be one that may be unpacked: the name may
    /// say CSV or nothing.
    fn open(opened: &OpenFile) -> Result<Self, Refusal> {
        size::check(opened.archive()?)?;
        match Xlsx::new(opened.archive()?) {
            Ok(book) => Ok(Self::Xlsx(Box::new(book))),
            Err(error) => Ods::new(opened.archive()?)
                .map(|book| Self::Ods(Box::new(book)))
                .map_err(|_not_ods| unreadable(&error)),
        }
    }

    fn sheet_names(&self) -> Vec<String> {
        match self {
            Self::Xlsx(book) => book.sheet_names(),
            Self::Ods(book) => book.sheet_names(),
        }
    }
}

/// A recognised header, and where the row behind it begins.
struct FoundHeader {
    header: Header,
    next: usize,
}

/// The rows in which a header may stand, each with how far below the first filled one it is.
fn top_rows<'s>(
    sheet: &'s Sheet,
    columns: &Columns<'_>,
) -> impl Iterator<Item = (usize, SheetRow<'s>)> {
    let first = sheet.rows().next().map_or(0, |row| row.number);
    let below = move |row: &SheetRow<'_>| {
        usize::try_from(row.number.saturating_sub(first)).unwrap_or(usize::MAX)
    };
    let lines = columns.header_lines;
    sheet
        .rows()
        .map(move |row| (below(&row), row))
        .take_while(move |(at, _)| *at < lines)
}

/// The recognised header among the first rows.
fn header_of(sheet: &Sheet, columns: &Columns<'_>) -> Option<FoundHeader> {
    top_rows(sheet, columns).find_map(|(_, row)| {
        let header = columns.header(&header_names(&row))?;
        Some(FoundHeader {
            header,
            next: row.next,
        })
    })
}

/// The names of a header row; empty cells behind the last name are no columns.
fn header_names(row: &SheetRow<'_>) -> Vec<String> {
    let mut names: Vec<String> = row
        .cells()
        .map(|cell| cell.text.trim().to_owned())
        .collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

/// A row as text, for rejected rows and `show`.
pub(super) fn raw(row: &Row) -> String {
    (0..row.len())
        .map(|column| row.cell(Some(column)).text)
        .collect::<Vec<_>>()
        .join(";")
}

impl Rows {
    fn behind(sheet: Sheet, found: &FoundHeader) -> Self {
        Self {
            sheet,
            next: found.next,
            width: found.header.width,
        }
    }

    /// The next row that has a filled cell. A sheet is a rectangle: empty cells behind the header's
    /// last name were typed by nobody.
    pub(super) fn next(&mut self, row: &mut Row) -> NextRow {
        let Some(filled) = self.sheet.row_at(self.next) else {
            return NextRow::End;
        };
        row.clear(filled.number.saturating_add(1));
        for cell in filled.cells() {
            row.push(cell.text, cell.typed);
        }
        for _ in filled.width()..self.width {
            row.push("", false);
        }
        self.next = filled.next;
        NextRow::Row
    }
}
