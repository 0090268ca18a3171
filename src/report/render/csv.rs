//! CSV, one file a table: UTF-8, comma, LF, header, RFC 4180 quoting, dot decimals with the
//! digits of their currency, ISO 8601 days.
//!
//! Spreadsheets run a cell that begins like a formula, whoever wrote it into the shop or the
//! bank statement. So a *text* that begins with `=`, `+`, `-`, `@`, a tab or a carriage return
//! gets a leading apostrophe. Numbers and days are ours and stay numbers: `-30.00` can be summed.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ::csv::{ByteRecord, Terminator, Writer, WriterBuilder};

use super::Renderer;
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};
use crate::files;
use crate::report::table::{Cell, TableSpec};
use crate::report::write::ReportError;

/// Bytes that are gathered before the file system is asked; a first night writes 100 MB.
const BUFFER_BYTES: usize = 256 * 1024;

/// See the module.
pub struct CsvRenderer {
    folder: PathBuf,
    table: Option<OpenTable>,
    /// The row that is being put together; its memory is used for every row.
    record: ByteRecord,
    /// The number that is being put together.
    scratch: Vec<u8>,
}

struct OpenTable {
    path: PathBuf,
    writer: Writer<File>,
}

impl CsvRenderer {
    /// Tables become files of `folder`.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            table: None,
            record: ByteRecord::new(),
            scratch: Vec::new(),
        }
    }

    fn close(&mut self) -> Result<(), ReportError> {
        let Some(OpenTable { path, mut writer }) = self.table.take() else {
            return Ok(());
        };
        writer
            .flush()
            .and_then(|()| writer.get_ref().sync_all())
            .map_err(|error| ReportError::new("write", &path, error))
    }
}

impl Renderer for CsvRenderer {
    fn begin(&mut self, table: &TableSpec) -> Result<(), ReportError> {
        self.close()?;
        let path = self.folder.join(table.name).with_extension("csv");
        let file =
            files::create_new(&path).map_err(|error| ReportError::new("create", &path, error))?;
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER_BYTES)
            .from_writer(file);
        writer
            .write_record(table.columns)
            .map_err(|error| ReportError::new("write", &path, error.into()))?;
        self.table = Some(OpenTable { path, writer });
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        let Some(OpenTable { path, writer }) = &mut self.table else {
            let error = io::Error::other("a row without a table");
            return Err(ReportError::new("write into", &self.folder, error));
        };
        self.record.clear();
        for cell in cells {
            push_cell(&mut self.record, &mut self.scratch, cell)
                .map_err(|error| ReportError::new("write", path, error))?;
        }
        writer
            .write_byte_record(&self.record)
            .map_err(|error| ReportError::new("write", path, error.into()))
    }

    fn finish(&mut self, _data: &ReportData) -> Result<(), ReportError> {
        self.close()
    }
}

fn push_cell(record: &mut ByteRecord, scratch: &mut Vec<u8>, cell: &Cell<'_>) -> io::Result<()> {
    scratch.clear();
    match cell {
        Cell::Empty => {}
        Cell::Text(text) if !looks_like_a_formula(text) => {
            record.push_field(text.as_bytes());
            return Ok(());
        }
        Cell::Text(text) => {
            scratch.push(b'\'');
            scratch.extend_from_slice(text.as_bytes());
        }
        Cell::Amount(amount, currency) => push_amount(scratch, *amount, *currency)?,
        Cell::Date(day) => write!(scratch, "{day}")?,
        Cell::Integer(number) => write!(scratch, "{number}")?,
    }
    record.push_field(scratch);
    Ok(())
}

/// True for a text that a spreadsheet could run; quoted here and in a workbook.
pub(super) fn looks_like_a_formula(text: &str) -> bool {
    matches!(
        text.as_bytes().first(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')
    )
}

/// The same text as [`Amount::display`], without the cost of formatting for the millions of
/// amounts of a first night.
pub(super) fn push_amount(out: &mut Vec<u8>, amount: Amount, currency: Currency) -> io::Result<()> {
    let Some(minor) = amount.to_minor() else {
        return write!(out, "{}", amount.display(currency));
    };
    if minor < 0 {
        out.push(b'-');
    }
    let start = out.len();
    let decimals = currency.digits();
    let mut left = minor.unsigned_abs();
    let mut place: u32 = 0;
    // From the right to the left: the decimals, the dot, at least one whole digit.
    while left > 0 || place <= decimals {
        if place == decimals && place > 0 {
            out.push(b'.');
        }
        out.push(b'0' + u8::try_from(left % 10).unwrap_or(0));
        left /= 10;
        place += 1;
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn written(rows: &[Vec<Cell<'_>>]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let table = TableSpec {
            name: "samples",
            columns: &["one", "two"],
        };
        let mut renderer = CsvRenderer::new(folder.path());
        renderer.begin(&table).unwrap();
        for row in rows {
            renderer.row(row).unwrap();
        }
        renderer.close().unwrap();
        std::fs::read_to_string(folder.path().join("samples.csv")).unwrap()
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for text in ["=1+1", "+33 1", "-5", "@SUM", "\tx", "\rx"] {
            let file = written(&[vec![Cell::text(text), Cell::Empty]]);
            let mut reader = ::csv::Reader::from_reader(file.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            assert_eq!(&record[0], format!("'{text}"));
        }
        let harmless = written(&[vec![Cell::text("a=1"), Cell::text(" -x")]]);
        assert_eq!(harmless, "one,two\na=1, -x\n");
    }

    #[test]
    fn numbers_and_days_are_never_prefixed() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let file = written(&[
            vec![
                Cell::Amount(Amount::from_minor(-3000), Currency::EUR),
                Cell::Integer(-9),
            ],
            vec![Cell::Date(day), Cell::Empty],
        ]);
        assert_eq!(file, "one,two\n-30.00,-9\n2026-11-20,\n");
    }

    #[test]
    fn quotes_commas_and_line_ends_are_quoted_as_in_rfc_4180() {
        let file = written(&[
            vec![Cell::text("a,b"), Cell::text("say \"no\"")],
            vec![Cell::text("two\nlines"), Cell::text("é")],
        ]);
        assert_eq!(
            file,
            "one,two\n\"a,b\",\"say \"\"no\"\"\"\n\"two\nlines\",é\n"
        );
    }

    #[test]
    fn a_row_that_misses_a_cell_is_an_error_and_no_shifted_column() {
        let folder = tempfile::tempdir().unwrap();
        let table = TableSpec {
            name: "samples",
            columns: &["one", "two"],
        };
        let mut renderer = CsvRenderer::new(folder.path());
        renderer.begin(&table).unwrap();
        assert!(renderer.row(&[Cell::text("alone")]).is_err());
    }

    #[test]
    fn sums_beyond_64_bits_are_written_in_full() {
        let huge: Amount = (0..3).map(|_| Amount::from_minor(i64::MAX)).sum();
        let mut out = Vec::new();
        push_amount(&mut out, huge, Currency::EUR).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "276701161105643274.21");
    }

    proptest! {
        #[test]
        fn amounts_are_written_as_the_domain_displays_them(
            minor in prop_oneof![any::<i64>(), -2_000_i64..2_000],
            code in prop::sample::select(vec!["EUR", "JPY", "KWD", "DEM"]),
        ) {
            let currency = Currency::parse(code).unwrap();
            let amount = Amount::from_minor(minor);
            let mut out = Vec::new();
            push_amount(&mut out, amount, currency).unwrap();
            prop_assert_eq!(
                String::from_utf8(out).unwrap(),
                amount.display(currency).to_string()
            );
        }
    }
}
