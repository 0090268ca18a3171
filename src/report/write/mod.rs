//! The writer: hands every row to every renderer, and makes the report's folder appear whole.
//!
//! Rows of orders are written as they come, everything else at the end. Until then the report is
//! a hidden folder beside the place where it will stand ([`staging`]); a run that fails leaves
//! the earlier report of the same name as it was.

mod error;
pub mod manifest;
pub mod staging;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use error::ReportError;
use staging::Staging;

use super::language::Texts;
use super::render::Renderer;
use super::render::csv::CsvRenderer;
use super::render::html::HtmlRenderer;
use super::render::json::JsonRenderer;
use super::render::xlsx::XlsxRenderer;
use super::roots::Roots;
use super::table::{Cell, TableSpec};
use super::{urgency, views};
use crate::domain::language::Wording;
use crate::domain::outcome::{OrderRow, ReportData, ReportScope};

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A file a table.
    Csv,
    /// `summary.json`.
    Json,
    /// `report.html`.
    Html,
    /// `report.xlsx`.
    Xlsx,
}

impl Format {
    /// All formats that this version writes.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Json, Self::Html, Self::Xlsx];

    /// The word of the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    fn renderer(self, folder: &Path, texts: Texts) -> Box<dyn Renderer> {
        match self {
            Self::Csv => Box::new(CsvRenderer::new(folder)),
            Self::Json => Box::new(JsonRenderer::new(folder)),
            Self::Html => Box::new(HtmlRenderer::new(folder, texts)),
            Self::Xlsx => Box::new(XlsxRenderer::new(folder, texts)),
        }
    }
}

/// Where reports go and what they consist of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportOptions {
    /// The folder that holds a folder a report; made when it is not there.
    pub directory: PathBuf,
    /// The formats to write; one that is named twice is written once.
    pub formats: Vec<Format>,
    /// How its explanations and all that is written for people are worded.
    pub wording: Wording,
}

/// A report that stands in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its folder.
    pub folder: PathBuf,
    /// SHA-256 of its manifest, 64 lower-case hex digits.
    pub manifest: String,
}

/// A report that is being written.
///
/// Dropped before [`ReportWriter::finish`], it takes back all it wrote.
pub struct ReportWriter {
    // Before the folder, so that files are closed when it goes.
    renderers: Vec<Box<dyn Renderer>>,
    staging: Staging,
    texts: Texts,
}

impl ReportWriter {
    /// Begins the report of `scope`: clears up what a killed run left behind, and makes the
    /// hidden folder that the report grows in.
    ///
    /// # Errors
    /// When the report folder cannot be made or written to.
    pub fn create(options: &ReportOptions, scope: &ReportScope) -> Result<Self, ReportError> {
        let staging = Staging::create(&options.directory, &scope.folder())?;
        let texts = Texts::of(options.wording);
        let mut formats = options.formats.clone();
        formats.sort_unstable();
        formats.dedup();
        let renderers = formats
            .into_iter()
            .map(|format| format.renderer(staging.path(), texts))
            .collect();
        let mut writer = Self {
            renderers,
            staging,
            texts,
        };
        writer.begin(&views::orders::TABLE)?;
        Ok(writer)
    }

    /// Writes a row of `orders.csv`; the rows come sorted by provider and reference.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn order(&mut self, row: &OrderRow<'_>) -> Result<(), ReportError> {
        self.row(&views::orders::cells(row))
    }

    /// Writes everything else, its manifest last, brings it to the disk, and puts the folder in its
    /// place, where it replaces an earlier one.
    ///
    /// # Errors
    /// When something cannot be written or moved; the earlier report then stands as it was.
    pub fn finish(mut self, data: &ReportData) -> Result<Published, ReportError> {
        self.table(&views::payouts::TABLE, &data.payouts, views::payouts::cells)?;
        self.table(&views::balance::TABLE, &data.balance, views::balance::cells)?;
        self.begin(&views::coverage::TABLE)?;
        for cells in views::coverage::rows(&data.coverage) {
            self.row(&cells)?;
        }
        self.table(&views::inputs::TABLE, &data.inputs, views::inputs::cells)?;
        self.table(
            &views::rejected::TABLE,
            &data.rejected,
            views::rejected::cells,
        )?;
        // Last, because they lead to rows of the others: a workbook links what it has written.
        self.begin(&views::discrepancies::TABLE)?;
        self.discrepancies(data)?;
        for renderer in &mut self.renderers {
            renderer.finish(data)?;
        }
        self.renderers.clear();
        let manifest = manifest::write(self.staging.path(), data)?;
        let folder = self.staging.publish()?;
        Ok(Published { folder, manifest })
    }

    /// Hands the discrepancies to each renderer in the order that it asks for.
    fn discrepancies(&mut self, data: &ReportData) -> Result<(), ReportError> {
        for by_urgency in [false, true] {
            let renderers = self.renderers.iter_mut();
            let mut asking: Vec<_> = renderers
                .filter(|renderer| renderer.is_by_urgency() == by_urgency)
                .collect();
            let order = match (asking.is_empty(), by_urgency) {
                (true, _) => Vec::new(),
                (false, false) => (0..data.discrepancies.len()).collect(),
                (false, true) => {
                    let roots = Roots::of(data, |_| true);
                    let order = urgency::order(data, &roots).into_iter();
                    order.map(|entry| entry.at).collect()
                }
            };
            for reported in order
                .into_iter()
                .filter_map(|at| data.discrepancies.get(at))
            {
                let (as_of, causes) = (data.scope.as_of, &data.causes);
                let cells = views::discrepancies::cells(&reported, as_of, causes, self.texts);
                for renderer in &mut asking {
                    renderer.row(&cells)?;
                }
            }
        }
        Ok(())
    }

    fn table<'a, T, const N: usize>(
        &mut self,
        table: &TableSpec,
        rows: &'a [T],
        cells: impl Fn(&'a T) -> [Cell<'a>; N],
    ) -> Result<(), ReportError> {
        self.begin(table)?;
        rows.iter().try_for_each(|row| self.row(&cells(row)))
    }

    fn begin(&mut self, table: &TableSpec) -> Result<(), ReportError> {
        self.renderers
            .iter_mut()
            .try_for_each(|renderer| renderer.begin(table))
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        self.renderers
            .iter_mut()
            .try_for_each(|renderer| renderer.row(cells))
    }
}
