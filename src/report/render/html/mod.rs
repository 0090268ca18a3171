//! `report.html`: the report as one page that a person opens first.
//!
//! The first screen answers what a finance team asks in the morning: what is not known, what is short,
//! what is over, what to do first, and how far the books reach. Below it is the money by age and by payout
//! date, then the tables, the most urgent first. The page is one file and fetches nothing.
//!
//! All figures and the first [`ROWS_AT_ONCE`] rows of each table are there without JavaScript. With
//! it, tables are searched, sorted, filtered and turned page by page: it draws the rows itself, from
//! the compressed document at the end of the page that has them all ([`data`]). So a page with 20,000
//! discrepancies is small and opens as fast as one with 200. Each table has a bound ([`tables`]),
//! beyond which the page says how many there are and that the CSV has them all.
//!
//! Values come from files of others. Templates are compiled by `askama`, which escapes each one;
//! `<bdi>` keeps names of other scripts from turning the sentence around; and the page's content
//! security policy runs no script but its own, whatever a value looks like. Control characters
//! become blanks, which also makes a rendered row one line.

mod ageing;
mod balance;
mod coverage;
mod data;
mod discrepancies;
mod orders;
mod payouts;
mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod timeline;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Renderer;
use crate::domain::outcome::ReportData;
use crate::files;
use crate::report::language::Texts;
use crate::report::table::{Cell, TableSpec};
use crate::report::views;
use crate::report::words::Words;
use crate::report::write::ReportError;
use data::{About, Data};
use orders::Orders;
use screen::Screen;
use tables::{Section, TableView};

/// The name of the file.
pub const FILE_NAME: &str = "report.html";

/// Rows of a table that every browser shows.
const ROWS_AT_ONCE: u64 = 500;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// See the module.
pub struct HtmlRenderer {
    path: PathBuf,
    texts: Texts,
    orders: Orders,
    in_orders: bool,
}

impl HtmlRenderer {
    /// The page becomes a file of `folder`, in a language.
    pub fn new(folder: &Path, texts: Texts) -> Self {
        Self {
            path: folder.join(FILE_NAME),
            texts,
            orders: Orders::default(),
            in_orders: false,
        }
    }
}

impl Renderer for HtmlRenderer {
    fn begin(&mut self, table: &TableSpec) -> Result<(), ReportError> {
        self.in_orders = *table == views::orders::TABLE;
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        if self.in_orders {
            self.orders.take(Words::of(&self.texts), cells);
        }
        Ok(())
    }

    fn finish(&mut self, data: &ReportData) -> Result<(), ReportError> {
        let file = files::create_new(&self.path)
            .map_err(|error| ReportError::new("create", &self.path, error))?;
        let mut out = BufWriter::new(file);
        page(&mut out, &self.texts, &self.orders, data)
            .and_then(|()| out.flush())
            .and_then(|()| out.get_ref().sync_all())
            .map_err(|error| ReportError::new("write", &self.path, error))
    }
}

#[derive(Template)]
#[template(path = "foot.html")]
struct Foot<'a> {
    t: &'a Texts,
    data: String,
    script: &'static str,
}

/// Writes the page, from its first to its last line.
fn page(
    out: &mut impl Write,
    texts: &Texts,
    orders: &Orders,
    report: &ReportData,
) -> io::Result<()> {
    let words = Words::of(texts);
    let screen = Screen::of(words, report);
    let charts = [
        screen.ageing(words)?,
        timeline::charts(words, &report.payouts)?,
    ];
    write(out, &screen.head(words, charts, orders, report))?;
    let mut data = Data::default();
    discrepancies::write(out, &mut data, words, &screen, report)?;
    write(out, &balance::books(words, &report.balance))?;
    payouts::write(out, &mut data, words, &report.payouts)?;
    orders.write(out, &mut data, words)?;
    let inputs = report.inputs.iter().map(views::inputs::cells);
    table(out, &mut data, words, &tables::INPUTS, inputs)?;
    let rejected = report.rejected.iter().map(views::rejected::cells);
    table(out, &mut data, words, &tables::REJECTED, rejected)?;
    let foot = Foot {
        t: texts,
        data: data.finish()?,
        script: SCRIPT,
    };
    write(out, &foot)
}

/// Writes a table whose rows come from the views.
fn table<'a, const N: usize>(
    out: &mut impl Write,
    data: &mut Data,
    words: Words<'_>,
    view: &TableView,
    rows: impl ExactSizeIterator<Item = [Cell<'a>; N]>,
) -> io::Result<()> {
    let heading = view.heading(words, rows.len());
    let mut section = Section::begin(out, data, &heading, &About::default())?;
    for cells in rows.take(view.rows_max) {
        section.row(&view.row(words, &cells, &[]))?;
    }
    section.end()
}

/// Renders a template into the file.
fn write(out: &mut impl Write, template: &impl Template) -> io::Result<()> {
    let text = template.render().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

/// Renders a template as one line: its own line ends and indents go, and values have none.
fn line(template: &impl Template) -> io::Result<String> {
    let text = template.render().map_err(io::Error::other)?;
    Ok(text.lines().map(str::trim_start).collect())
}

/// What the content security policy calls a script or a style: its hash.
fn hash_of(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
