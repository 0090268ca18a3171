//! What a workbook would take in memory, told from its parts before a library unpacks them.
//!
//! A few hundred bytes can say "this row, a million times", "these styles", "this many spaces": so
//! the parts are walked through once, an element at a time, and what each element makes the
//! library keep is added up. The limit is the contract's (`spec/inputs.md`, bad input).

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::domain::file::bounded;
use crate::ingest::{Refusal, archive};

/// What the cells of a workbook may take: with what the program itself takes, less than the 256 MB
/// of the contract.
pub(super) const BYTES_MAX: u64 = 200 * 1024 * 1024;

/// Bytes between two elements: a cell holds 32,767 letters, a part's longest element is shorter.
const ELEMENT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Unpacked bytes of one part; what an archive tells of them is not to be trusted.
const PART_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// What one style of cells takes beside its names.
const STYLE_BYTES: u64 = 600;

/// What a font, a format, a name or a relation takes beside its texts.
const ENTRY_BYTES: u64 = 300;

/// What a text of its own takes beside its letters.
const TEXT_BYTES: u64 = 32;

/// What a cell takes in a rectangle of the library.
const CELL_BYTES: u64 = 24;

/// Rows and columns beyond which the library repeats nothing.
const ROWS_MAX: u64 = 1_048_576;
const COLUMNS_MAX: u64 = 16_384;

/// Checks a workbook's archive, then what its parts would take unpacked into cells.
///
/// # Errors
/// When the archive goes beyond a limit, or the workbook would take too much.
pub(super) fn check(mut file: impl Read + Seek) -> Result<(), Refusal> {
    archive::check(&mut file)?;
    let damaged = |error: &zip::result::ZipError| {
        Refusal::new(format!(
            "is a damaged workbook ({error}); save it again, or ask for it again"
        ))
    };
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(&error))?;
    let mut size = Size::default();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = part
            .name()
            .map(|name| bounded(&name, 200))
            .unwrap_or_default();
        size.add_part(&name, BufReader::new(Metered::new(part)))?;
    }
    Ok(())
}

/// What the parts walked through so far would take.
#[derive(Default)]
struct Size {
    bytes: u64,
    /// The longest name or code of those that styles repeat.
    longest_name: u64,
    /// True in parts and elements whose text the library keeps.
    keeps_text: bool,
    /// The table of an ODS workbook that is being walked through.
    grid: Grid,
}

impl Size {
    /// Walks through a part, whatever its name: the library follows names that the file chooses.
    fn add_part<R: Read>(
        &mut self,
        name: &str,
        mut part: BufReader<Metered<R>>,
    ) -> Result<(), Refusal> {
        let starts_markup = |head: &[u8]| {
            let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
            head.trim_ascii_start().first() == Some(&b'<')
        };
        if !part.fill_buf().is_ok_and(starts_markup) {
            return Ok(());
        }
        let mut xml = Reader::from_reader(part);
        let config = xml.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        self.keeps_text = false;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            xml.get_mut().get_mut().since_element = 0;
            match xml.read_event_into(&mut buffer) {
                Ok(Event::Start(tag)) => self.open(&tag),
                Ok(Event::Empty(tag)) => {
                    self.open(&tag);
                    self.close(tag.local_name().into_inner());
                }
                Ok(Event::End(tag)) => self.close(tag.local_name().into_inner()),
                Ok(Event::Text(text)) => self.text(length(&text)),
                Ok(Event::CData(text)) => self.text(length(&text)),
                Ok(Event::GeneralRef(reference)) => self.text(length(&reference)),
                Ok(Event::Eof) => return Ok(()),
                Ok(_) => {}
                // Whoever reads this part as XML stops here too, and says what is wrong with it.
                Err(_) if !xml.get_ref().get_ref().went_beyond() => return Ok(()),
                Err(_) => return Err(too_much(name)),
            }
            if self.bytes.saturating_add(self.grid.bytes()) > BYTES_MAX {
                return Err(too_much(name));
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        let letters = length(tag.attributes_raw());
        match tag.local_name().into_inner() {
            // XLSX: texts that cells share, and how many of them the part announces.
            "sst" => {
                self.keeps_text = true;
                let announced = number(tag, "uniqueCount").unwrap_or(0);
                self.add(announced.saturating_mul(TEXT_BYTES));
            }
            "si" => self.add(TEXT_BYTES),
            // XLSX: a style repeats the names of its font and of its format.
            "xf" => self.add(STYLE_BYTES.saturating_add(self.longest_name.saturating_mul(2))),
            "numFmt" | "name" | "rFont" => {
                self.longest_name = self.longest_name.max(letters);
                self.add(ENTRY_BYTES.saturating_add(letters));
            }
            "font" | "fill" | "border" | "sheet" | "definedName" | "named-range"
            | "Relationship" | "Override" => self.add(ENTRY_BYTES.saturating_add(letters)),
            // ODS: rows and cells, each with how often it is repeated.
            "table" => self.end_of_table(),
            "table-row" => {
                self.grid.row = Row::repeated(number(tag, "number-rows-repeated").unwrap_or(1));
            }
            "table-cell" | "covered-table-cell" => {
                let repeats = number(tag, "number-columns-repeated").unwrap_or(1);
                let has_value = FILLED_BY.iter().any(|name| attribute(tag, name).is_some());
                let letters = has_value.then_some(letters);
                self.grid.row.cell = Some(Cell {
                    repeats: repeats.min(COLUMNS_MAX),
                    letters,
                });
            }
            "s" => self.text(number(tag, "c").unwrap_or(1)),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table-cell" | "covered-table-cell" => self.grid.row.end_of_cell(),
            "table-row" => self.grid.end_of_row(),
            "table" => self.end_of_table(),
            _ => {}
        }
    }

    fn text(&mut self, letters: u64) {
        match &mut self.grid.row.cell {
            Some(cell) => cell.letters = Some(cell.letters.unwrap_or(0).saturating_add(letters)),
            None if self.keeps_text => self.add(letters),
            None => {}
        }
    }

    fn add(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    fn end_of_table(&mut self) {
        let grid = std::mem::take(&mut self.grid);
        self.add(grid.bytes());
    }
}

/// Attributes of an ODS cell that has a value.
const FILLED_BY: [&str; 4] = ["value-type", "value", "string-value", "formula"];

/// A table of an ODS workbook, which the library unfolds into a rectangle.
#[derive(Default)]
struct Grid {
    /// Rows from the first filled one to the last.
    rows: u64,
    /// Empty rows behind them: they count when another filled one follows.
    empty_rows: u64,
    /// Columns up to the last filled one of any row.
    columns: u64,
    /// Cells as their rows list them, repetitions in one row counted.
    listed: u64,
    /// Letters of all cells, repetitions counted.
    letters: u64,
    row: Row,
}

/// A row of such a table.
#[derive(Default)]
struct Row {
    repeats: u64,
    /// Cells so far, and how many of them up to the last filled one.
    columns: u64,
    filled_columns: u64,
    letters: u64,
    cell: Option<Cell>,
}

/// A cell of such a row; an empty one has no letters.
struct Cell {
    repeats: u64,
    letters: Option<u64>,
}

impl Grid {
    /// The library lists the cells and their formulas, unfolds them, and hands out a copy.
    fn bytes(&self) -> u64 {
        let unfolded = self.rows.saturating_mul(self.columns).saturating_mul(2);
        let listed = self.listed.saturating_mul(2);
        let cells = unfolded.saturating_add(listed);
        let letters = self.letters.saturating_mul(2);
        cells.saturating_mul(CELL_BYTES).saturating_add(letters)
    }

    fn end_of_row(&mut self) {
        let row = std::mem::take(&mut self.row);
        if row.filled_columns == 0 {
            if self.rows > 0 {
                self.empty_rows = self.empty_rows.saturating_add(row.repeats);
            }
            return;
        }
        let above = std::mem::take(&mut self.empty_rows);
        let rows = self.rows.saturating_add(above).saturating_add(row.repeats);
        self.rows = rows.min(ROWS_MAX);
        self.columns = self.columns.max(row.filled_columns);
        self.listed = self.listed.saturating_add(row.filled_columns);
        let letters = row.letters.saturating_mul(row.repeats);
        self.letters = self.letters.saturating_add(letters);
    }
}

impl Row {
    fn repeated(repeats: u64) -> Self {
        Self {
            repeats: repeats.min(ROWS_MAX),
            ..Self::default()
        }
    }

    fn end_of_cell(&mut self) {
        let Some(cell) = self.cell.take() else {
            return;
        };
        self.columns = self.columns.saturating_add(cell.repeats).min(COLUMNS_MAX);
        if let Some(letters) = cell.letters {
            self.filled_columns = self.columns;
            let letters = letters.saturating_mul(cell.repeats);
            self.letters = self.letters.saturating_add(letters);
        }
    }
}

/// A part as it is unpacked: an element, or the part, beyond its limit is an error.
struct Metered<R> {
    part: R,
    since_element: u64,
    read: u64,
}

impl<R: Read> Metered<R> {
    fn new(part: R) -> Self {
        Self {
            part,
            since_element: 0,
            read: 0,
        }
    }

    fn went_beyond(&self) -> bool {
        self.since_element > ELEMENT_BYTES_MAX || self.read > PART_BYTES_MAX
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.part.read(buffer)?;
        let bytes = u64::try_from(count).unwrap_or(u64::MAX);
        self.since_element = self.since_element.saturating_add(bytes);
        self.read = self.read.saturating_add(bytes);
        if self.went_beyond() {
            return Err(io::Error::other("beyond the limit"));
        }
        Ok(count)
    }
}

fn too_much(part: &str) -> Refusal {
    Refusal::new(format!(
        "is a workbook that would take more than 256 MB unpacked into cells (its part «{part}»); \
         delete what does not belong to the table, or save it as CSV"
    ))
}

/// The value of an attribute by its local name.
fn attribute<'t>(tag: &'t BytesStart<'_>, name: &str) -> Option<Cow<'t, str>> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let found = attributes
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().into_inner() == name)?;
    Some(found.value)
}

/// The same where it is a number; what is too large for one is as much as there can be.
fn number(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    let value = attribute(tag, name)?;
    let digits = value.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
