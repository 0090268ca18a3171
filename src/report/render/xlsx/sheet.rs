//! One sheet: the rows of one table, written as they come.
//!
//! Rows go to a temporary file of the workbook's crate ("constant memory": once the next row has
//! begun, a row cannot be touched). What is kept of them is what the end of the sheet needs: how
//! wide the columns must be, and what they add up to.

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, Url, Workbook, Worksheet, XlsxError,
    cell_range_absolute, row_col_to_cell,
};

use super::column::{Column, safe_text};
use super::decisions;
use super::layout::{LAYOUTS, Layout, Link};
use super::links::Targets;
use super::style::Styles;
use super::totals::Totals;
use crate::report::language::{Texts, Value};
use crate::report::table::{Cell, TableSpec};

/// Rows of a sheet, the header among them: a limit of the file format.
pub(super) const ROWS_MAX: u32 = 1_048_576;

/// Links of a sheet: a limit of Excel's, which calls a file with more of them damaged.
const LINKS_MAX: u32 = 65_530;

/// The sheet of a table.
pub(super) struct Sheet {
    pub(super) spec: TableSpec,
    pub(super) layout: &'static Layout,
    worksheet: Worksheet,
    columns: Vec<Column>,
    rows_max: u32,
    /// Rows that were given; those beyond the sheet's end too.
    pub(super) rows: u64,
    pub(super) totals: Totals,
    links: u32,
    /// True when more links were wanted than a sheet can have.
    pub(super) links_cut: bool,
    key: Vec<usize>,
    link_keys: Vec<(usize, &'static Link, Vec<usize>)>,
}

impl Sheet {
    /// Begins the sheet of a table: its name, its header.
    pub(super) fn new(
        workbook: &mut Workbook,
        spec: &TableSpec,
        styles: &Styles,
        rows_max: u32,
    ) -> Result<Self, XlsxError> {
        let layout = LAYOUTS
            .iter()
            .find(|layout| layout.table == spec.name)
            .ok_or_else(|| XlsxError::ParameterError(format!("no sheet for {}", spec.name)))?;
        let mut worksheet = workbook.new_worksheet_with_constant_memory()?;
        worksheet.set_name(layout.sheet)?;
        let mut columns = Vec::new();
        for (number, name) in (0_u16..).zip(spec.columns) {
            worksheet.write_string_with_format(0, number, *name, &styles.header)?;
            columns.push(Column::new(number, name));
        }
        if layout.decisions {
            let behind = u16::try_from(spec.columns.len()).unwrap_or(u16::MAX);
            decisions::header(&mut worksheet, behind, styles)?;
        }
        let place = |name: &&str| spec.columns.iter().position(|column| column == name);
        let places = |names: &[&str]| names.iter().filter_map(place).collect::<Vec<_>>();
        Ok(Self {
            spec: *spec,
            layout,
            worksheet,
            columns,
            rows_max,
            rows: 0,
            totals: Totals::new(spec, layout),
            links: 0,
            links_cut: false,
            key: places(layout.key),
            link_keys: layout
                .links
                .iter()
                .filter_map(|link| Some((place(&link.column)?, link, places(link.by))))
                .collect(),
        })
    }

    /// The last row that data may stand in; below it is room for one that says there is more.
    fn last_row_max(&self) -> u32 {
        self.rows_max.saturating_sub(2)
    }

    /// The last row with data; 0 when there is none.
    fn last_row(&self) -> u32 {
        u32::try_from(self.rows).map_or(self.last_row_max(), |rows| rows.min(self.last_row_max()))
    }

    /// True when there are more rows than the sheet has room for.
    pub(super) fn is_cut(&self) -> bool {
        self.rows > u64::from(self.last_row_max())
    }

    /// Writes a row, or only counts it when the sheet is full.
    pub(super) fn row(
        &mut self,
        cells: &[Cell<'_>],
        styles: &Styles,
        targets: &mut Targets,
    ) -> Result<(), XlsxError> {
        self.rows = self.rows.saturating_add(1);
        self.totals.take(cells);
        if self.is_cut() {
            return Ok(());
        }
        let row = self.last_row();
        targets.add(self.spec.name, &self.key, cells, row);
        if cells.len() != self.columns.len() {
            return Err(XlsxError::RowColumnLimitError);
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.write(&mut self.worksheet, row, cell, styles)?;
        }
        self.link(row, cells, styles, targets)
    }

    /// Turns the cells of a row that lead to rows of other sheets into links.
    fn link(
        &mut self,
        row: u32,
        cells: &[Cell<'_>],
        styles: &Styles,
        targets: &mut Targets,
    ) -> Result<(), XlsxError> {
        for (at, link, by) in &self.link_keys {
            let Some(target) = targets.find(link.to, by, cells) else {
                continue;
            };
            if self.links >= LINKS_MAX {
                self.links_cut = true;
                return Ok(());
            }
            let (Some(Cell::Text(text)), Some(column)) = (cells.get(*at), self.columns.get(*at))
            else {
                continue;
            };
            // A link's text stands once more in an attribute, where the crate escapes no control
            // characters: the file would be damaged.
            if text.contains(|letter: char| {
                letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}')
            }) {
                continue;
            }
            let to = LAYOUTS.iter().find(|layout| layout.table == link.to);
            let sheet = to.map_or("", |layout| layout.sheet);
            let place = format!("internal:{sheet}!{}", row_col_to_cell(target, 0));
            let url = Url::new(place).set_text(safe_text(text));
            self.worksheet
                .write_url_with_format(row, column.number, url, &styles.link)?;
            self.links = self.links.saturating_add(1);
        }
        Ok(())
    }

    /// All rows have been given: says what is missing, and makes the table one that can be worked
    /// with.
    pub(super) fn complete(&mut self, styles: &Styles, texts: Texts) -> Result<(), XlsxError> {
        if self.is_cut() {
            let left = self.rows.saturating_sub(u64::from(self.last_row()));
            let file = format!("{}.csv", self.spec.name);
            let values = [("count", Value::Count(left)), ("file", Value::Text(&file))];
            let note = texts.with("xlsx-more-rows", &values);
            let below = self.last_row().saturating_add(1);
            self.worksheet
                .write_string_with_format(below, 0, note, &styles.note)?;
        }
        let mut last_column = self.columns.last().map_or(0, |column| column.number);
        if self.layout.decisions {
            let behind = last_column.saturating_add(1);
            let rows = self.last_row();
            last_column = decisions::cells(&mut self.worksheet, (behind, rows), styles, texts)?;
        }
        for column in &self.columns {
            let width = column.width();
            self.worksheet.set_column_width(column.number, width)?;
        }
        self.colours()?;
        let last_row = self.last_row();
        self.worksheet
            .set_freeze_panes(1, self.layout.frozen)?
            .autofilter(0, 0, last_row, last_column)?
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn colours(&mut self) -> Result<(), XlsxError> {
        if self.last_row() == 0 {
            return Ok(());
        }
        for (name, words) in self.layout.tones {
            let Some(column) = self.column(name) else {
                continue;
            };
            for (word, tone) in *words {
                let format = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(*word))
                    .set_format(tone.format());
                self.worksheet.add_conditional_format(
                    1,
                    column,
                    self.last_row(),
                    column,
                    &format,
                )?;
            }
        }
        Ok(())
    }

    fn column(&self, name: &str) -> Option<u16> {
        let at = self
            .spec
            .columns
            .iter()
            .position(|column| *column == name)?;
        self.columns.get(at).map(|column| column.number)
    }

    /// The cells of a column as a formula names them, `Orders!$F$2:$F$101`; `None` where they do
    /// not hold all that the report has, so that no formula adds up less.
    pub(super) fn range(&self, name: &str) -> Option<String> {
        let column = self.column(name)?;
        let exact = self
            .columns
            .get(usize::from(column))
            .is_some_and(|column| !column.has_texts);
        if self.is_cut() || self.rows == 0 || !exact {
            return None;
        }
        let cells = cell_range_absolute(1, column, self.last_row(), column);
        Some(format!("{}!{cells}", self.layout.sheet))
    }

    /// The sheet, to be put into the workbook.
    pub(super) fn into_worksheet(self) -> Worksheet {
        self.worksheet
    }
}
