//! One sheet: the rows of one table, written as they come.
//!
//! Rows go to a temporary file of the workbook's crate ("constant memory": once the next row has
//! begun, a row cannot be touched). What is kept of them is what the end of the sheet needs: how
//! wide the columns must be, and what they add up to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, Url, Workbook, Worksheet, XlsxError,
    cell_range_absolute, row_col_to_cell,
};

use super::column::{Column, safe_text};
use super::decisions;
use super::layout::{LAYOUTS, Layout, Link, Said};
use super::links::Targets;
use super::page;
use super::style::Styles;
use super::totals::Totals;
use crate::report::language::{Kind, Language, Texts, Value};
use crate::report::table::{Cell, TableSpec};

/// Rows of a sheet, the header among them: a limit of the file format.
pub(super) const ROWS_MAX: u32 = 1_048_576;

/// Links of a sheet: a limit of Excel's, which calls a file with more of them damaged.
const LINKS_MAX: u32 = 65_530;

/// Where the columns of a sheet stand.
struct Places {
    /// By the table's columns.
    columns: Vec<u16>,
    /// The first of the two in which finance decides.
    decision: Option<u16>,
    /// Those that are folded.
    folded: Option<(u16, u16)>,
    /// The last of those that are printed.
    printed: u16,
    last: u16,
}

impl Places {
    /// First what the layout names first, then decisions, what nobody names, what is folded.
    fn of(spec: &TableSpec, layout: &Layout) -> Self {
        let is_first = |name: &&str| layout.first.iter().any(|first| first.name == *name);
        let is_folded = |name: &&str| layout.folded.contains(name);
        let first = layout.first.iter().map(|first| first.name);
        let rest = spec.columns.iter().copied();
        let rest = rest.filter(|name| !is_first(name) && !is_folded(name));
        let decisions = layout.decisions.then_some([DECISION, REASON]);
        let shown: Vec<&str> = first.chain(decisions.into_iter().flatten()).collect();
        let (seen, rest) = (count(shown.len()), rest.collect::<Vec<_>>());
        let unfolded = seen.saturating_add(count(rest.len()));
        let order = [&shown[..], &rest, layout.folded].concat();
        let place = |name: &str| order.iter().position(|other| *other == name).map(count);
        let last = count(order.len()).saturating_sub(1);
        Self {
            columns: spec.columns.iter().filter_map(|name| place(name)).collect(),
            decision: place(DECISION),
            folded: (unfolded <= last).then_some((unfolded, last)),
            // What finance works with fits on paper; all of it would be too small to read.
            printed: if layout.first.is_empty() {
                unfolded
            } else {
                seen
            }
            .saturating_sub(1),
            last,
        }
    }
}

/// No table has columns of these names.
const DECISION: &str = "\u{0}decision";
const REASON: &str = "\u{0}reason";

fn count(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}

/// The title of a column: in English its name in the tables.
pub(super) fn title(column: &'static str, texts: Texts) -> Cow<'static, str> {
    match texts.language() {
        Language::English => Cow::Borrowed(column),
        Language::French | Language::German => texts.title(Kind::Column, column),
    }
}

/// Points of a line, and lines of a row: beyond 409 points a row ends.
const LINE_POINTS: u32 = 15;
const LINES_MAX: u32 = 20;

/// Room for two lines of titles.
const HEADER_POINTS: u32 = 2 * LINE_POINTS;

/// The sheet of a table.
pub(super) struct Sheet {
    pub(super) spec: TableSpec,
    pub(super) layout: &'static Layout,
    texts: Texts,
    worksheet: Worksheet,
    /// In the order of the table, each with its place in the sheet.
    columns: Vec<Column>,
    places: Places,
    /// Columns with words of the program, and the reader's words for those that came.
    words: Vec<(usize, Said, BTreeMap<String, String>)>,
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
        (styles, texts): (&Styles, Texts),
        rows_max: u32,
    ) -> Result<Self, XlsxError> {
        let layout = LAYOUTS
            .iter()
            .find(|layout| layout.table == spec.name)
            .ok_or_else(|| XlsxError::ParameterError(format!("no sheet for {}", spec.name)))?;
        let mut worksheet = workbook.new_worksheet_with_constant_memory()?;
        worksheet.set_name(layout.sheet_name(texts))?;
        let places = Places::of(spec, layout);
        let mut columns = Vec::new();
        for (number, name) in places.columns.iter().zip(spec.columns) {
            let title = title(name, texts);
            let style = &styles.header;
            worksheet.write_string_with_format(0, *number, title.as_ref(), style)?;
            let first = layout.first.iter().find(|first| first.name == *name);
            let style = if first.is_some() {
                &styles.wrapped
            } else {
                &styles.text
            };
            worksheet.set_column_format(*number, style)?;
            let width_max = first.map(|first| first.width);
            columns.push(Column::new(*number, &title, width_max));
        }
        if let Some(decision) = places.decision {
            decisions::header(&mut worksheet, decision, styles, texts)?;
        }
        worksheet.set_row_height(0, HEADER_POINTS)?;
        let place = |name: &&str| spec.columns.iter().position(|column| column == name);
        let all = |names: &[&str]| names.iter().filter_map(place).collect::<Vec<_>>();
        let word = |(name, said): &(&str, Said)| Some((place(name)?, *said, BTreeMap::new()));
        Ok(Self {
            spec: *spec,
            layout,
            texts,
            worksheet,
            columns,
            places,
            words: match texts.language() {
                Language::English => Vec::new(),
                Language::French | Language::German => {
                    layout.words.iter().filter_map(word).collect()
                }
            },
            rows_max,
            rows: 0,
            totals: Totals::new(spec, layout),
            links: 0,
            links_cut: false,
            key: all(layout.key),
            link_keys: layout
                .links
                .iter()
                .filter_map(|link| Some((place(&link.column)?, link, all(link.by))))
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
        for (at, (column, cell)) in self.columns.iter_mut().zip(cells).enumerate() {
            let words = self.words.iter_mut().find(|(of, ..)| *of == at);
            let sheet = &mut self.worksheet;
            match (words, cell) {
                (Some((_, said, known)), Cell::Text(word)) if !word.is_empty() => {
                    if !known.contains_key(word.as_ref()) {
                        let title = said.title(word, self.texts).into_owned();
                        known.insert(word.clone().into_owned(), title);
                    }
                    let title = known.get(word.as_ref()).map_or("", String::as_str);
                    column.write(sheet, row, &Cell::text(title), styles)?;
                }
                _ => column.write(sheet, row, cell, styles)?,
            }
        }
        self.heighten(row, cells)?;
        self.link(row, cells, styles, targets)
    }

    /// Makes a row as high as its longest wrapped text: not every program does so by itself.
    fn heighten(&mut self, row: u32, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let lines = |(column, cell): (&Column, &Cell<'_>)| match cell {
            Cell::Text(text) if column.is_wrapped => column.lines(text),
            Cell::Text(_) | Cell::Empty | Cell::Amount(..) | Cell::Date(_) | Cell::Integer(_) => 1,
        };
        let lines = self.columns.iter().zip(cells).map(lines).max().unwrap_or(1);
        if lines > 1 {
            let lines = u32::try_from(lines).unwrap_or(LINES_MAX).min(LINES_MAX);
            let points = lines.saturating_mul(LINE_POINTS);
            self.worksheet.set_row_height(row, points)?;
        }
        Ok(())
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
            let sheet = to.map_or(String::new(), |to| to.sheet_in_formulas(self.texts));
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
    pub(super) fn complete(&mut self, styles: &Styles, title: &str) -> Result<(), XlsxError> {
        let texts = self.texts;
        if self.is_cut() {
            let left = self.rows.saturating_sub(u64::from(self.last_row()));
            let file = format!("{}.csv", self.spec.name);
            let values = [("count", Value::Count(left)), ("file", Value::Text(&file))];
            let note = texts.with("xlsx-more-rows", &values);
            let below = self.last_row().saturating_add(1);
            self.worksheet
                .write_string_with_format(below, 0, note, &styles.note)?;
        }
        if let Some(decision) = self.places.decision {
            let rows = self.last_row();
            decisions::cells(&mut self.worksheet, (decision, rows), styles, texts)?;
        }
        for column in &self.columns {
            let width = column.width();
            self.worksheet.set_column_width(column.number, width)?;
        }
        self.colours()?;
        if let Some((first, last)) = self.places.folded {
            self.worksheet.group_columns_collapsed(first, last)?;
        }
        let last_row = self.last_row();
        let printed = self.places.printed;
        self.worksheet
            .set_freeze_panes(1, self.layout.frozen)?
            .autofilter(0, 0, last_row, self.places.last)?
            .set_print_area(0, 0, last_row, printed)?
            .set_repeat_rows(0, 0)?;
        page::set_paper(&mut self.worksheet, title);
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
                let said = self.layout.said(name, word, self.texts);
                let format = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(said.as_ref()))
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
        Some(self.column_of(name)?.number)
    }

    fn column_of(&self, name: &str) -> Option<&Column> {
        let mut columns = self.spec.columns.iter();
        self.columns
            .get(columns.position(|column| *column == name)?)
    }

    /// The cells of a column as a formula names them, `Orders!$F$2:$F$101`; `None` where they do
    /// not hold all that the report has, so that no formula adds up less.
    pub(super) fn range(&self, name: &str) -> Option<String> {
        let column = self.column_of(name)?;
        if self.is_cut() || self.rows == 0 || column.has_texts {
            return None;
        }
        let (last, number) = (self.last_row(), column.number);
        let cells = cell_range_absolute(1, number, last, number);
        Some(format!(
            "{}!{cells}",
            self.layout.sheet_in_formulas(self.texts)
        ))
    }

    /// A cell of a row of data as a formula names it, `Balance!C2`; `None` like [`Sheet::range`].
    pub(super) fn cell(&self, row: u32, name: &str) -> Option<String> {
        let column = self.column_of(name)?;
        if self.is_cut() || column.has_texts {
            return None;
        }
        let cell = row_col_to_cell(row.saturating_add(1), column.number);
        Some(format!(
            "{}!{cell}",
            self.layout.sheet_in_formulas(self.texts)
        ))
    }

    /// The sheet's name for its reader.
    pub(super) fn name(&self) -> Cow<'static, str> {
        self.layout.sheet_name(self.texts)
    }

    /// The sheet, to be put into the workbook.
    pub(super) fn into_worksheet(self) -> Worksheet {
        self.worksheet
    }
}
