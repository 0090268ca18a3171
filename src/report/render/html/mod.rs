//! `report.html`: the report as one page that a person opens first.
//!
//! The first screen answers what a finance team asks in the morning: is all well, how much is at
//! stake, what is new, what is oldest, which file is missing. Below it are the figures by age, by
//! payout date and by code, then the tables. The page is one file and fetches nothing.
//!
//! Everything on it is there without JavaScript. With it, tables are searched, sorted, filtered
//! and turned page by page: the first [`ROWS_AT_ONCE`] rows of a table are laid out by the
//! browser, the others stand in `<noscript>`, one a line, and stay text until they are looked at.
//! So a page with 20,000 discrepancies opens as fast as one with 200. Rows are streamed into the
//! file; each table has a bound ([`tables`]), beyond which the page says how many there are and
//! that the CSV has them all.
//!
//! Values come from files of others. Templates are compiled by `askama`, which escapes each one;
//! `<bdi>` keeps names of other scripts from turning the sentence around; and the page's content
//! security policy runs no script but its own, whatever a value looks like. Control characters
//! become blanks, which also makes a rendered row one line.

mod ageing;
mod balance;
mod codes;
mod discrepancies;
mod orders;
mod screen;
mod tables;
#[cfg(test)]
mod tests;
mod tiles;
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
use orders::Orders;
use tables::{Section, TableView};

/// The name of the file.
pub const FILE_NAME: &str = "report.html";

/// Rows of a table that the browser lays out while it loads the page.
const ROWS_AT_ONCE: u64 = 200;

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
            self.orders
                .take(Words::of(&self.texts), cells)
                .map_err(|error| ReportError::new("write", &self.path, error))?;
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
    script: &'static str,
}

/// Writes the page, from its first to its last line.
fn page(out: &mut impl Write, texts: &Texts, orders: &Orders, data: &ReportData) -> io::Result<()> {
    let words = Words::of(texts);
    let screen = screen::Screen::of(data, *texts);
    let charts = [
        ageing::chart(words, data)?,
        timeline::charts(words, &data.payouts)?,
    ];
    write(out, &screen.head(words, charts, orders, data))?;
    discrepancies::write(out, words, &screen, data)?;
    write(out, &balance::books(words, &data.balance))?;
    let payouts = data.payouts.iter().map(views::payouts::cells);
    table(out, words, &tables::PAYOUTS, payouts)?;
    orders.write(out, words)?;
    let inputs = data.inputs.iter().map(views::inputs::cells);
    table(out, words, &tables::INPUTS, inputs)?;
    let rejected = data.rejected.iter().map(views::rejected::cells);
    table(out, words, &tables::REJECTED, rejected)?;
    let script = SCRIPT;
    write(out, &Foot { t: texts, script })
}

/// Writes a table whose rows come from the views.
fn table<'a, const N: usize>(
    out: &mut impl Write,
    words: Words<'_>,
    view: &TableView,
    rows: impl Iterator<Item = [Cell<'a>; N]> + Clone,
) -> io::Result<()> {
    let mut facets = view.facets(words);
    let mut total = 0;
    for cells in rows.clone() {
        total += 1;
        facets.count(&cells);
    }
    let mut section = Section::begin(out, &view.heading(words, total, facets))?;
    for cells in rows.take(view.rows_max) {
        section.row(&view.row(words, &cells)?)?;
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
