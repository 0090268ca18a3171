//! `report.xlsx`: the tables as sheets of one workbook, with a Summary in front.
//!
//! What the CSV files hold stands here as numbers and days that a spreadsheet can work with, and
//! in the reader's language: filters and a fixed header, colours by severity and state, a link from
//! each discrepancy to its order, payout or file, and on the Summary ([`summary`]) the report's
//! figures as formulas over the sheets. Beside the sentence of each discrepancy two empty columns
//! wait for what finance decides ([`decisions`]); `crp-recon decisions import` reads them back.
//! What is seen first is what finance works with; technical columns are folded at the right
//! ([`layout`]). It prints on A4.
//!
//! A first night has hundreds of thousands of orders, so rows are written to temporary files in
//! the report's hidden folder as they come ([`sheet`]); in memory remain 16 bytes a row for the
//! links ([`links`]) and the links themselves. Excel ends at 1,048,576 rows; a sheet that cannot
//! hold all says so and names the CSV that does.
//!
//! Nothing that others wrote becomes a formula or an outward link: texts are texts, quoted as in
//! the CSV files ([`column::safe_text`]), and links lead to cells. The file holds no clock: its
//! date of creation is the as-of date, so the same report is the same bytes.
//!
//! [`decisions`]: self::decisions
//! [`layout`]: self::layout
//! [`sheet`]: self::sheet

mod column;
mod decisions;
mod layout;
mod links;
mod number;
mod page;
mod sheet;
mod style;
mod summary;
#[cfg(test)]
mod tests;
mod totals;

use std::io::{self, Seek, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::layout::LAYOUTS;
use self::links::Targets;
use self::sheet::{ROWS_MAX, Sheet};
use self::style::Styles;
use super::Renderer;
use crate::domain::outcome::ReportData;
use crate::files;
use crate::report::language::{Texts, Value};
use crate::report::table::{Cell, TableSpec};
use crate::report::write::ReportError;

/// The name of the file.
pub const FILE_NAME: &str = "report.xlsx";

/// Compression of the file, 1 (fast) to 9: a tenth larger than at the usual 6, in half the time.
const COMPRESSION: u8 = 2;

/// See the module.
pub struct XlsxRenderer {
    folder: PathBuf,
    path: PathBuf,
    workbook: Workbook,
    styles: Styles,
    texts: Texts,
    targets: Targets,
    sheets: Vec<Sheet>,
    rows_max: u32,
    /// True while rows come of a table that has a sheet of its own.
    has_sheet: bool,
}

impl XlsxRenderer {
    /// The workbook becomes a file of `folder`; until then its rows are temporary files there.
    pub fn new(folder: &Path, texts: Texts) -> Self {
        Self {
            folder: folder.to_owned(),
            path: folder.join(FILE_NAME),
            workbook: Workbook::new(),
            styles: Styles::new(),
            texts,
            targets: Targets::default(),
            sheets: Vec::new(),
            rows_max: ROWS_MAX,
            has_sheet: false,
        }
    }

    fn add_sheet(&mut self, table: &TableSpec) -> Result<(), XlsxError> {
        if self.sheets.is_empty() {
            self.workbook.set_tempdir(&self.folder)?;
        }
        let looks = (&self.styles, self.texts);
        let sheet = Sheet::new(&mut self.workbook, table, looks, self.rows_max)?;
        self.sheets.push(sheet);
        Ok(())
    }

    fn add_row(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let Some(sheet) = self.sheets.last_mut() else {
            return Err(XlsxError::ParameterError("a row without a table".into()));
        };
        sheet.row(cells, &self.styles, &mut self.targets)
    }

    fn save(&mut self, data: &ReportData) -> Result<(), XlsxError> {
        let order = |sheet: &Sheet| {
            let is_its = |layout: &layout::Layout| layout.table == sheet.spec.name;
            LAYOUTS.iter().position(is_its)
        };
        self.sheets.sort_by_key(order);
        let title = summary::title(data.scope, self.texts);
        for sheet in &mut self.sheets {
            sheet.complete(&self.styles, &title)?;
        }
        let summary = summary::write(data, &self.sheets, &self.styles, self.texts)?;
        self.workbook.push_worksheet(summary);
        for sheet in self.sheets.drain(..) {
            self.workbook.push_worksheet(sheet.into_worksheet());
        }
        self.workbook
            .set_properties(&properties(data.scope.as_of, self.texts)?)
            .set_zip_compression_level(COMPRESSION);
        let file = files::create_new(&self.path)?;
        save_to(&mut self.workbook, &file)?;
        file.sync_all()?;
        Ok(())
    }

    /// Does a part of the work, and turns its failure into the report's.
    ///
    /// The crate that writes workbooks has no error for a temporary file that it cannot write to:
    /// it panics when the disk is full. The workbook is not touched again after any failure.
    fn guarded(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<(), XlsxError>,
    ) -> Result<(), ReportError> {
        GUARDED.set(true);
        let result = panic::catch_unwind(AssertUnwindSafe(|| work(self)));
        GUARDED.set(false);
        let error = match result {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(XlsxError::IoError(error) | XlsxError::TempFileError(_, error))) => error,
            Ok(Err(error)) => io::Error::other(error),
            Err(panic) => failure_of(panic.downcast_ref::<String>().map_or("", String::as_str)),
        };
        Err(ReportError::new("write", &self.path, error))
    }
}

thread_local! {
    /// True while a panic of this thread becomes an error.
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Keeps panics that become errors of the report from being printed as well. For programs; a library
/// leaves the hook to them.
pub fn print_no_guarded_panic() {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !GUARDED.get() {
            others(panic);
        }
    }));
}

impl Renderer for XlsxRenderer {
    fn begin(&mut self, table: &TableSpec) -> Result<(), ReportError> {
        self.has_sheet = LAYOUTS.iter().any(|layout| layout.table == table.name);
        if !self.has_sheet {
            return Ok(());
        }
        self.guarded(|this| this.add_sheet(table))
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        if !self.has_sheet {
            return Ok(());
        }
        self.guarded(|this| this.add_row(cells))
    }

    fn is_by_urgency(&self) -> bool {
        true
    }

    fn finish(&mut self, data: &ReportData) -> Result<(), ReportError> {
        self.guarded(|this| this.save(data))
    }
}

/// Writes a workbook to its last byte. A buffer that is dropped keeps to itself that it found no room.
fn save_to(workbook: &mut Workbook, to: impl Write + Seek + Send) -> Result<(), XlsxError> {
    let mut out = io::BufWriter::new(to);
    workbook.save_to_writer(&mut out)?;
    Ok(out.flush()?)
}

/// The error behind a panic about a temporary file, which holds it as `{:?}` writes it.
fn failure_of(panic: &str) -> io::Error {
    let no_room = ["StorageFull", "QuotaExceeded", "FileTooLarge"]
        .iter()
        .any(|kind| panic.contains(kind));
    let kind = if no_room {
        io::ErrorKind::StorageFull
    } else {
        io::ErrorKind::Other
    };
    io::Error::new(kind, panic.to_owned())
}

/// What the file says of itself. Without a date the crate would write the time of day.
fn properties(as_of: NaiveDate, texts: Texts) -> Result<DocProperties, XlsxError> {
    let created = ExcelDateTime::parse_from_str(&as_of.to_string())
        .or_else(|_| ExcelDateTime::from_ymd(1900, 1, 1))?;
    Ok(DocProperties::new()
        .set_title(texts.with("xlsx-title", &[("as_of", Value::Day(as_of))]))
        .set_author("crp-recon")
        .set_creation_datetime(&created))
}
