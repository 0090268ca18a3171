//! The tables of the page: which columns of the report's tables they show, how a row looks, and
//! where they end.

use std::io::{self, Write};

use askama::Template;

use super::data::{About, Data};
use super::{ROWS_AT_ONCE, line, write};
use crate::report::language::{Kind, Texts, Value};
use crate::report::table::{Cell, TableSpec};
use crate::report::views;
use crate::report::words::{Words, key};

/// A column of a table of the page.
pub(super) struct Column {
    /// Its name in the table.
    pub(super) name: &'static str,
    /// How it is shown: `n` for numbers, `l` for long texts, `w` for what a phone has no room for.
    class: &'static str,
    form: Form,
}

/// What a cell is besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// A state that its colour shows; the key of the column is its word.
    Chip,
    /// A reference that leads to the discrepancies that name it.
    Find,
    /// The title of the row behind the mark of its severity, and its name.
    Title,
}

impl Form {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Chip => "chip",
            Self::Find => "find",
            Self::Title => "title",
        }
    }
}

pub(super) const fn column(name: &'static str, class: &'static str, form: Form) -> Column {
    Column { name, class, form }
}

impl Column {
    pub(super) fn cell(&self, text: String, key: String) -> CellView {
        CellView {
            text,
            class: self.class,
            form: self.form,
            key,
        }
    }
}

/// A column that is its text.
pub(super) const fn plain(name: &'static str, class: &'static str) -> Column {
    column(name, class, Form::Plain)
}

/// A table of the report as the page shows it.
pub(super) struct TableView {
    pub(super) table: TableSpec,
    /// Its section on the page; a table may have several.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// `None` where it tells of more than the rows.
    pub(super) intro: Option<&'static str>,
    pub(super) none: &'static str,
    /// Rows that the page shows at most.
    pub(super) rows_max: usize,
    pub(super) columns: &'static [Column],
    /// Columns with few values, which rows are chosen by.
    pub(super) facets: &'static [&'static str],
    /// Columns whose words are the program's, and what they are words of.
    pub(super) words: &'static [(&'static str, Kind)],
}

pub(super) const INPUTS: TableView = TableView {
    table: views::inputs::TABLE,
    id: "inputs",
    title: "table-inputs",
    intro: Some("html-inputs-intro"),
    none: "html-inputs-none",
    rows_max: 2_000,
    columns: &[
        plain("file", "l"),
        plain("kind", "w"),
        plain("provider", "w"),
        plain("report_date", "w"),
        plain("rows", "n"),
        plain("rejected", "n"),
        plain("gross", "n w"),
        column("status", "", Form::Chip),
        plain("reason", "l w"),
    ],
    facets: &["kind", "provider", "status"],
    words: &[("status", Kind::FileStatus), ("kind", Kind::InputKind)],
};

pub(super) const REJECTED: TableView = TableView {
    table: views::rejected::TABLE,
    id: "rejected",
    title: "table-rejected",
    intro: Some("html-rejected-intro"),
    none: "html-rejected-none",
    rows_max: 2_000,
    columns: &[
        plain("file", "l"),
        plain("line", "n"),
        plain("column", "l w"),
        plain("value", "l w"),
        plain("reason", "l"),
        plain("raw", "l w"),
    ],
    facets: &["file"],
    words: &[],
};

/// A title of a column, and what rows are sorted by under it.
pub(super) struct Head {
    pub(super) label: String,
    pub(super) class: &'static str,
    pub(super) form: Form,
    pub(super) key: usize,
}

/// A choice among the values of a key; the page's script counts them.
pub(super) struct Facet {
    pub(super) label: String,
    pub(super) key: usize,
}

/// What stands above a table.
#[derive(Template)]
#[template(path = "section.html")]
pub(super) struct Heading<'a> {
    pub(super) t: &'a Texts,
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) total: String,
    pub(super) intro: String,
    /// Where the table ends before its last row.
    pub(super) cut: String,
    /// Where a browser without the page's script does.
    pub(super) rest: String,
    pub(super) none: String,
    pub(super) shown: u64,
    pub(super) facets: Vec<Facet>,
    pub(super) columns: Vec<Head>,
}

/// A row. The script draws the same from its data: a test compares the two.
#[derive(Default, Template)]
#[template(path = "row.html")]
pub(super) struct Row {
    /// Of its element; empty where nothing leads to it.
    pub(super) id: String,
    /// How deep it stands below its root.
    pub(super) depth: usize,
    /// What it is sorted and chosen by: that of each column, and then those without one.
    pub(super) keys: Vec<String>,
    pub(super) cells: Vec<CellView>,
    /// Of a title: the severity and how it is called, the name behind it, and what it explains.
    pub(super) severity: &'static str,
    pub(super) severity_text: String,
    pub(super) name: String,
    pub(super) effect: String,
    pub(super) more: More,
    pub(super) labels: Labels,
}

impl Row {
    /// The facts that are known, each with its title.
    fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        let titles = self.labels.facts.iter().map(String::as_str);
        let facts = self.more.facts.iter().map(String::as_str);
        titles.zip(facts).filter(|(_, fact)| !fact.is_empty())
    }
}

/// What a row opens to; nothing where it has no sentence.
#[derive(Default)]
pub(super) struct More {
    pub(super) sentence: String,
    /// Columns of the report that the row has no room for, in the order of the table's labels.
    pub(super) facts: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) commands: Vec<String>,
}

/// The titles of what a row opens to.
#[derive(Clone, Default)]
pub(super) struct Labels {
    pub(super) facts: std::sync::Arc<[String]>,
    pub(super) sources: String,
    pub(super) commands: String,
}

impl Labels {
    pub(super) fn of(words: Words<'_>, facts: &[&'static str]) -> Self {
        Self {
            facts: facts.iter().map(|column| words.column(column)).collect(),
            sources: words.column("sources"),
            commands: words.text("html-next"),
        }
    }
}

pub(super) struct CellView {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) form: Form,
    pub(super) key: String,
}

/// The sentence of a table that ends before its last row; empty where it does not.
pub(super) fn cut(words: Words<'_>, key: &str, shown: u64, total: u64, file: &str) -> String {
    if shown >= total {
        return String::new();
    }
    let values = [
        ("shown", Value::Count(shown)),
        ("total", Value::Count(total)),
        ("file", Value::Text(file)),
    ];
    words.texts.with(key, &values)
}

impl TableView {
    pub(super) fn at(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|column| *column == name)
    }

    /// What stands above the table.
    pub(super) fn heading<'a>(&self, words: Words<'a>, total: usize) -> Heading<'a> {
        let [total, rows_max] =
            [total, self.rows_max].map(|count| u64::try_from(count).unwrap_or(u64::MAX));
        let shown = total.min(rows_max);
        let columns = || self.columns.iter().enumerate();
        let file = format!("{}.csv", self.table.name);
        let facet = |name: &&'static str| {
            let (key, _) = columns().find(|(_, column)| column.name == *name)?;
            let label = words.column(name);
            Some(Facet { label, key })
        };
        let heads = columns().map(|(key, column)| Head {
            label: words.column(column.name),
            class: column.class,
            form: column.form,
            key,
        });
        Heading {
            t: words.texts,
            id: self.id,
            title: words.text(self.title),
            total: words.texts.number(total),
            intro: self.intro.map_or(String::new(), |key| words.text(key)),
            cut: cut(words, "html-cut", shown, total, &file),
            rest: cut(words, "html-rest", ROWS_AT_ONCE.min(shown), shown, &file),
            none: words.text(self.none),
            shown,
            facets: self.facets.iter().filter_map(facet).collect(),
            columns: heads.collect(),
        }
    }

    /// A row; `derived` are columns that the report's table does not have.
    pub(super) fn row(
        &self,
        words: Words<'_>,
        cells: &[Cell<'_>],
        derived: &[(&str, Cell<'_>)],
    ) -> Row {
        let cell = |name: &str| {
            let derived = derived.iter().find(|(column, _)| *column == name);
            let cell = self.at(name).and_then(|at| cells.get(at));
            derived
                .map(|(_, cell)| cell)
                .or(cell)
                .unwrap_or(&Cell::Empty)
        };
        let view = |column: &Column| {
            let cell = cell(column.name);
            let shown = words.cell(cell);
            let text = match self.kind(column.name) {
                Some(kind) if !shown.is_empty() => words.texts.title(kind, &shown).into_owned(),
                None if column.name == "provider" => words.texts.provider(&shown).to_owned(),
                _ => shown,
            };
            column.cell(text, key(cell))
        };
        let cells: Vec<CellView> = self.columns.iter().map(view).collect();
        Row {
            keys: cells.iter().map(|cell| cell.key.clone()).collect(),
            cells,
            ..Row::default()
        }
    }

    /// What the words of a column are words of.
    fn kind(&self, column: &str) -> Option<Kind> {
        let known = self.words.iter().find(|(name, _)| *name == column);
        known.map(|(_, kind)| *kind)
    }
}

/// A table that is being written: all its rows as data, and the first as HTML for every browser.
pub(super) struct Section<'a, W: Write> {
    out: &'a mut W,
    data: &'a mut Data,
    rows: u64,
}

impl<'a, W: Write> Section<'a, W> {
    pub(super) fn begin(
        out: &'a mut W,
        data: &'a mut Data,
        heading: &Heading<'_>,
        about: &About,
    ) -> io::Result<Self> {
        write(out, heading)?;
        data.begin(heading.id, about)?;
        Ok(Self { out, data, rows: 0 })
    }

    pub(super) fn row(&mut self, row: &Row) -> io::Result<()> {
        if self.rows < ROWS_AT_ONCE {
            writeln!(self.out, "{}", line(row)?)?;
        }
        self.rows += 1;
        self.data.row(row)
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.data.end()?;
        self.out.write_all(if self.rows == 0 {
            b"</section>\n"
        } else {
            b"</tbody></table></div>\n</section>\n"
        })
    }
}
