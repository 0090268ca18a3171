//! What is known of something, as data: typed cells in named facts and lists.
//!
//! The parts of an answer are put together once; `text` draws them for a person, and here they
//! are written as JSON for a program, with the same names.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::domain::cause::Causes;
use crate::domain::discrepancy::{ReportedDiscrepancy, Source};
use crate::domain::language::Wording;
use crate::ingest::original::Original;
use crate::report::language::Texts;
use crate::report::render::json::{Value, rows};
use crate::report::table::Cell;
use crate::report::views;

/// Everything known of a reference.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// What was asked for.
    pub reference: String,
    /// The latest recorded night, from which everything is seen.
    pub as_of: Option<NaiveDate>,
    /// The language of explanations.
    pub wording: Wording,
    /// What explains what on that night.
    pub causes: Causes,
    /// What it is; several things may have the same name.
    pub parts: Vec<Part>,
}

/// One thing that the reference names.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// `order`, `payout`, `transaction`, `entry`, `file`, `row` or `discrepancy`.
    pub what: &'static str,
    /// A heading.
    pub title: String,
    /// What became of it, in sentences; empty where the facts say all.
    pub story: String,
    /// Its facts by name.
    pub facts: Vec<(&'static str, Cell<'static>)>,
    /// The discrepancies that concern it.
    pub discrepancies: Vec<ReportedDiscrepancy>,
    /// What it consists of.
    pub lists: Vec<List>,
    /// The rows of files behind it.
    pub originals: Vec<OriginalRow>,
}

/// Things of one kind, one a row.
#[derive(Clone, Debug)]
pub struct List {
    /// Its name.
    pub name: &'static str,
    /// Column names.
    pub columns: &'static [&'static str],
    /// A cell for each column.
    pub rows: Vec<Vec<Cell<'static>>>,
}

/// A row as it stands in its file, or why it cannot be shown.
#[derive(Clone, Debug)]
pub struct OriginalRow {
    /// Where it is.
    pub source: Source,
    /// The row, or the end of a sentence.
    pub row: Result<Original, String>,
}

/// A text that the dossier owns.
pub(super) fn text(text: impl Into<String>) -> Cell<'static> {
    Cell::Text(Cow::Owned(text.into()))
}

/// Where a row is: `file:line`, which can be shown in its turn.
pub(super) fn place(file: &str, line: u32) -> String {
    if line == 0 {
        file.to_owned()
    } else {
        format!("{file}:{line}")
    }
}

impl Part {
    /// A thing without facts yet.
    pub(super) fn new(what: &'static str, title: String) -> Self {
        Self {
            what,
            title,
            ..Self::default()
        }
    }

    /// Adds a list, unless it is empty.
    pub(super) fn list(
        &mut self,
        name: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Cell<'static>>>,
    ) {
        debug_assert!(rows.iter().all(|row| row.len() == columns.len()));
        if !rows.is_empty() {
            self.lists.push(List {
                name,
                columns,
                rows,
            });
        }
    }
}

impl Serialize for Dossier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts: Vec<PartJson<'_>> = self
            .parts
            .iter()
            .map(|part| PartJson {
                part,
                dossier: self,
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("reference", &self.reference)?;
        map.serialize_entry("as_of", &self.as_of)?;
        map.serialize_entry("found", &parts)?;
        map.end()
    }
}

struct PartJson<'p> {
    part: &'p Part,
    dossier: &'p Dossier,
}

impl Serialize for PartJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let part = self.part;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("is", part.what)?;
        if !part.story.is_empty() {
            map.serialize_entry("story", &part.story)?;
        }
        for (name, cell) in &part.facts {
            map.serialize_entry(name, &Value(cell.clone()))?;
        }
        let Dossier {
            as_of,
            wording,
            causes,
            ..
        } = self.dossier;
        let (day, texts) = (as_of.unwrap_or_default(), Texts::of(*wording));
        let cells = |found| views::discrepancies::cells(found, day, causes, texts);
        let discrepancies = part.discrepancies.iter().map(cells);
        let table = &views::discrepancies::TABLE;
        map.serialize_entry("discrepancies", &rows(table, discrepancies))?;
        for list in &part.lists {
            let rows: Vec<RowJson<'_>> = list.rows.iter().map(|row| RowJson(list, row)).collect();
            map.serialize_entry(list.name, &rows)?;
        }
        if !part.originals.is_empty() {
            map.serialize_entry("original_rows", &part.originals)?;
        }
        map.end()
    }
}

struct RowJson<'l>(&'l List, &'l [Cell<'static>]);

impl Serialize for RowJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = self.1.iter().map(|cell| Value(cell.clone()));
        serializer.collect_map(self.0.columns.iter().zip(cells))
    }
}

impl Serialize for OriginalRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("file", &self.source.file)?;
        map.serialize_entry("line", &self.source.line)?;
        match &self.row {
            // A list, because a header may name two columns alike.
            Ok(Original::Columns(columns)) => map.serialize_entry("columns", columns)?,
            Ok(Original::Raw(raw)) => map.serialize_entry("raw", raw)?,
            Err(problem) => map.serialize_entry("problem", problem)?,
        }
        map.end()
    }
}
