//! The tables of the page: which columns of the report's tables they show, how a row looks, and
//! where they end.

use std::collections::BTreeMap;
use std::io::{self, Write};

use askama::Template;

use super::{ROWS_AT_ONCE, line, write};
use crate::report::language::{Kind, Texts, Value};
use crate::report::table::{Cell, TableSpec};
use crate::report::views;
use crate::report::words::{Words, key};

/// Values that a filter offers; a table with more of them is searched instead.
const OPTIONS_MAX: usize = 100;

/// A column of a table of the page.
pub(super) struct Column {
    /// Its name in the table.
    name: &'static str,
    /// How it is shown: `n` for numbers, `l` for long texts, `w` for what a phone has no room for.
    class: &'static str,
}

pub(super) const fn column(name: &'static str, class: &'static str) -> Column {
    Column { name, class }
}

/// A table of the report as the page shows it.
pub(super) struct TableView {
    pub(super) table: TableSpec,
    /// Rows that the page shows at most.
    pub(super) rows_max: usize,
    /// `None` where it tells of more than the rows.
    pub(super) intro: Option<&'static str>,
    pub(super) none: &'static str,
    pub(super) columns: &'static [Column],
    /// Columns with few values, which rows are chosen by.
    pub(super) facets: &'static [&'static str],
    /// Columns whose words are the program's, and what they are words of.
    pub(super) words: &'static [(&'static str, Kind)],
}

pub(super) const PAYOUTS: TableView = TableView {
    table: views::payouts::TABLE,
    rows_max: 5_000,
    intro: Some("html-payouts-intro"),
    none: "html-payouts-none",
    columns: &[
        column("payout_reference", "l"),
        column("provider", "w"),
        column("last_report", "w"),
        column("lines", "n w"),
        column("expected", "n"),
        column("booked", "n w"),
        column("difference", "n"),
        column("currency", "w"),
        column("state", ""),
        column("matched_by", "w"),
        column("bank_entries", "l w"),
    ],
    facets: &["provider", "currency", "state"],
    words: &[
        ("state", Kind::PayoutState),
        ("matched_by", Kind::MatchedBy),
    ],
};

pub(super) const INPUTS: TableView = TableView {
    table: views::inputs::TABLE,
    rows_max: 2_000,
    intro: Some("html-inputs-intro"),
    none: "html-inputs-none",
    columns: &[
        column("file", "l"),
        column("kind", "w"),
        column("provider", "w"),
        column("report_date", "w"),
        column("rows", "n"),
        column("rejected", "n"),
        column("gross", "n w"),
        column("status", ""),
        column("reason", "l w"),
    ],
    facets: &["kind", "provider", "status"],
    words: &[("status", Kind::FileStatus), ("kind", Kind::InputKind)],
};

pub(super) const REJECTED: TableView = TableView {
    table: views::rejected::TABLE,
    rows_max: 2_000,
    intro: Some("html-rejected-intro"),
    none: "html-rejected-none",
    columns: &[
        column("file", "l"),
        column("line", "n"),
        column("column", "l w"),
        column("value", "l w"),
        column("reason", "l"),
        column("raw", "l w"),
    ],
    facets: &["file"],
    words: &[],
};

/// A title of a column, and what rows are sorted by under it.
pub(super) struct Head {
    pub(super) label: String,
    pub(super) class: &'static str,
    pub(super) key: usize,
}

/// A choice among the values of a column.
pub(super) struct Facet {
    pub(super) label: String,
    pub(super) key: usize,
    pub(super) options: Vec<FacetOption>,
}

pub(super) struct FacetOption {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) count: String,
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
    pub(super) cut: String,
    pub(super) none: String,
    pub(super) shown: u64,
    pub(super) facets: Vec<Facet>,
    /// The titles of the columns, rendered.
    pub(super) header: String,
}

#[derive(Template)]
#[template(path = "header.html")]
pub(super) struct Header<'a> {
    pub(super) title: &'a str,
    pub(super) columns: &'a [Head],
}

#[derive(Template)]
#[template(path = "row.html")]
struct RowView {
    key: String,
    cells: Vec<CellView>,
}

struct CellView {
    text: String,
    class: &'static str,
    /// The state that the cell's colour shows; empty for other cells.
    chip: String,
}

/// The sentence of a table that ends before its last row; empty where it does not.
pub(super) fn cut(words: Words<'_>, shown: u64, total: u64, file: &str) -> String {
    if shown >= total {
        return String::new();
    }
    let values = [
        ("shown", Value::Count(shown)),
        ("total", Value::Count(total)),
        ("file", Value::Text(file)),
    ];
    words.texts.with("html-cut", &values)
}

impl TableView {
    pub(super) fn at(&self, name: &str) -> Option<usize> {
        self.table.columns.iter().position(|column| *column == name)
    }

    /// A word of the program in the page's language; any other value as it is.
    fn word(&self, words: Words<'_>, column: &str, value: &str) -> String {
        match self.kind(column) {
            Some(kind) if !value.is_empty() => words.texts.title(kind, value).into_owned(),
            _ => value.to_owned(),
        }
    }

    /// Filters that nothing has been counted for yet.
    pub(super) fn facets(&self, words: Words<'_>) -> Facets {
        let facet = |name: &&'static str| {
            let column = self
                .columns
                .iter()
                .enumerate()
                .find(|(_, c)| c.name == *name);
            let (key, column) = column?;
            Some((key, self.at(name)?, column.name, words.column(column.name)))
        };
        Facets {
            columns: self.facets.iter().filter_map(facet).collect(),
            counts: BTreeMap::new(),
        }
    }

    /// What stands above the table, once its rows are counted.
    pub(super) fn heading<'a>(&self, words: Words<'a>, total: u64, facets: Facets) -> Heading<'a> {
        let shown = total.min(u64::try_from(self.rows_max).unwrap_or(u64::MAX));
        let title = words.texts.title(Kind::Table, self.table.name).into_owned();
        let columns: Vec<Head> = self
            .columns
            .iter()
            .enumerate()
            .map(|(key, column)| Head {
                label: words.column(column.name),
                class: column.class,
                key,
            })
            .collect();
        let header = Header {
            title: &title,
            columns: &columns,
        };
        Heading {
            t: words.texts,
            id: self.table.name,
            header: header.render().unwrap_or_default(),
            total: words.texts.number(total),
            intro: self.intro.map(|key| words.text(key)).unwrap_or_default(),
            cut: cut(words, shown, total, &format!("{}.csv", self.table.name)),
            none: words.text(self.none),
            shown,
            facets: facets.finish(self, words),
            title,
        }
    }

    /// A row as one line of the page.
    pub(super) fn row(&self, words: Words<'_>, cells: &[Cell<'_>]) -> io::Result<String> {
        let cell = |column: &Column| {
            let cell = self.at(column.name).and_then(|at| cells.get(at));
            cell.cloned().unwrap_or(Cell::Empty)
        };
        let view = |column: &Column| {
            let shown = words.cell(&cell(column));
            let is_state =
                matches!(column.name, "state" | "status") && self.kind(column.name).is_some();
            CellView {
                chip: if is_state {
                    shown.clone()
                } else {
                    String::new()
                },
                text: self.word(words, column.name, &shown),
                class: column.class,
            }
        };
        let keys: Vec<String> = self.columns.iter().map(|c| key(&cell(c))).collect();
        line(&RowView {
            key: keys.join("\t"),
            cells: self.columns.iter().map(view).collect(),
        })
    }

    /// What the words of a column are words of.
    fn kind(&self, column: &str) -> Option<Kind> {
        let known = self.words.iter().find(|(name, _)| *name == column);
        known.map(|(_, kind)| *kind)
    }
}

/// How often each value of a few columns occurs.
pub(super) struct Facets {
    /// The column's place on the page, its place in the table, its name and its title.
    columns: Vec<(usize, usize, &'static str, String)>,
    pub(super) counts: BTreeMap<(usize, String), u64>,
}

impl Facets {
    /// Takes a row of the table into account.
    pub(super) fn count(&mut self, cells: &[Cell<'_>]) {
        for (key_at, at, ..) in &self.columns {
            let value = cells.get(*at).map_or(String::new(), key);
            if !value.is_empty() {
                *self.counts.entry((*key_at, value)).or_default() += 1;
            }
        }
    }

    fn finish(self, view: &TableView, words: Words<'_>) -> Vec<Facet> {
        let options = |key: usize, name: &str| -> Vec<FacetOption> {
            let counts = self.counts.iter().filter(|((at, _), _)| *at == key);
            counts
                .map(|((_, value), count)| FacetOption {
                    text: view.word(words, name, value),
                    value: value.clone(),
                    count: words.texts.number(*count),
                })
                .collect()
        };
        let facets = self.columns.iter().map(|(key, _, name, label)| Facet {
            label: label.clone(),
            key: *key,
            options: options(*key, name),
        });
        facets.filter(Facet::is_of_use).collect()
    }
}

impl Facet {
    /// One value is no choice, and of too many nobody chooses.
    pub(super) fn is_of_use(&self) -> bool {
        (2..=OPTIONS_MAX).contains(&self.options.len())
    }
}

/// A table that is being written: its first rows for every browser, the others where one that
/// runs the page's script does not lay them out.
pub(super) struct Section<'a, W: Write> {
    out: &'a mut W,
    header: String,
    rows: u64,
}

impl<'a, W: Write> Section<'a, W> {
    pub(super) fn begin(out: &'a mut W, heading: &Heading<'_>) -> io::Result<Self> {
        write(out, heading)?;
        Ok(Self {
            out,
            header: heading.header.clone(),
            rows: 0,
        })
    }

    /// Takes a row that is one line.
    pub(super) fn row(&mut self, line: &str) -> io::Result<()> {
        if self.rows == ROWS_AT_ONCE {
            let rest = "</tbody></table></div>\n<noscript><div class=\"scroll\"><table>";
            writeln!(self.out, "{rest}{}<tbody>", self.header)?;
        }
        self.rows += 1;
        writeln!(self.out, "{line}")
    }

    pub(super) fn end(self) -> io::Result<()> {
        let end = match self.rows {
            0 => "</section>\n",
            1..=ROWS_AT_ONCE => "</tbody></table></div>\n</section>\n",
            _ => "</tbody></table></div></noscript>\n</section>\n",
        };
        self.out.write_all(end.as_bytes())
    }
}
