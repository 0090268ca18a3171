//! `summary.json`: the figures of the report for a program that reads it.
//!
//! Keys stand in a fixed order: codes by their words, states in the order a person reads them,
//! columns as in the table of the same name. Amounts are decimal texts, because a JSON number
//! is a floating point number to most readers. A number or day that is absent is `null`.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::Renderer;
use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::outcome::{InputRow, ReportData};
use crate::domain::{Amount, Currency};
use crate::files;
use crate::report::figures::{AgeBucket, Exposure, Figures};
use crate::report::table::{Cell, TableSpec};
use crate::report::views;
use crate::report::write::ReportError;

/// The name of the file.
pub const FILE_NAME: &str = "summary.json";

/// See the module.
pub struct JsonRenderer {
    path: PathBuf,
}

impl JsonRenderer {
    /// The summary becomes a file of `folder`.
    pub fn new(folder: &Path) -> Self {
        Self {
            path: folder.join(FILE_NAME),
        }
    }
}

impl Renderer for JsonRenderer {
    fn finish(&mut self, data: &ReportData) -> Result<(), ReportError> {
        let file = files::create_new(&self.path)
            .map_err(|error| ReportError::new("create", &self.path, error))?;
        let mut out = BufWriter::new(file);
        write_summary(&mut out, data)
            .and_then(|()| out.flush())
            .and_then(|()| out.get_ref().sync_all())
            .map_err(|error| ReportError::new("write", &self.path, error))
    }
}

/// Writes the summary of a report as one JSON document with a final line end.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_summary(out: &mut impl Write, data: &ReportData) -> std::io::Result<()> {
    let figures = Figures::of(data);
    let range = data.scope.range;
    let summary = Summary {
        as_of: data.scope.as_of,
        from: range.map(|(from, _)| from),
        to: range.map(|(_, to)| to),
        counts: Counts(&figures.counts),
        amounts: Amounts(&figures.amounts),
        exposure: Exposures(&figures.exposure),
        coverage: rows(
            &views::coverage::TABLE,
            views::coverage::rows(&data.coverage),
        ),
        ageing: Ageing(&figures.ageing),
        balance: rows(
            &views::balance::TABLE,
            data.balance.iter().map(views::balance::cells),
        ),
        inputs: rows(
            &views::inputs::TABLE,
            data.inputs.iter().map(views::inputs::cells),
        ),
        exit: data.exit,
    };
    serde_json::to_writer_pretty(&mut *out, &summary)?;
    out.write_all(b"\n")
}

/// A row of `inputs.csv` as a JSON object, for `ingest --json`.
///
/// # Errors
/// Never in fact: texts, numbers and days have a JSON form.
pub fn input_row(row: &InputRow) -> serde_json::Result<serde_json::Value> {
    let mut rows = rows(
        &views::inputs::TABLE,
        std::iter::once(views::inputs::cells(row)),
    );
    rows.pop()
        .map_or(Ok(serde_json::Value::Null), serde_json::to_value)
}

#[derive(Serialize)]
struct Summary<'a> {
    as_of: NaiveDate,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    counts: Counts<'a>,
    amounts: Amounts<'a>,
    exposure: Exposures<'a>,
    coverage: Vec<Row<'a>>,
    ageing: Ageing<'a>,
    balance: Vec<Row<'a>>,
    inputs: Vec<Row<'a>>,
    exit: u8,
}

struct Counts<'a>(&'a BTreeMap<Code, BTreeMap<State, u64>>);

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|(code, states)| (code.word(), States(states))),
        )
    }
}

struct States<'a>(&'a BTreeMap<State, u64>);

impl Serialize for States<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(state, count)| (state.word(), count)))
    }
}

struct Amounts<'a>(&'a BTreeMap<Severity, BTreeMap<Currency, Amount>>);

impl Serialize for Amounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|(severity, sums)| (severity.word(), Sums(sums))),
        )
    }
}

struct Sums<'a>(&'a BTreeMap<Currency, Amount>);

impl Serialize for Sums<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|(currency, sum)| (currency.code(), Value(Cell::Amount(*sum, *currency)))),
        )
    }
}

struct Exposures<'a>(&'a BTreeMap<Currency, Exposure>);

impl Serialize for Exposures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(currency, sums)| {
            let figures = [
                ("short", sums.short),
                ("over", sums.over),
                ("waiting", sums.waiting),
            ];
            let figures = figures.map(|(name, sum)| (name, Value(Cell::Amount(sum, *currency))));
            (currency.code(), BTreeMap::from(figures))
        }))
    }
}

struct Ageing<'a>(&'a BTreeMap<AgeBucket, u64>);

impl Serialize for Ageing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(bucket, count)| (bucket.word(), count)))
    }
}

/// A row of a table as an object: its columns are the keys.
pub struct Row<'a> {
    columns: &'static [&'static str],
    cells: Vec<Value<'a>>,
}

/// The rows of a table as JSON objects.
pub fn rows<'a, const N: usize>(
    table: &TableSpec,
    rows: impl Iterator<Item = [Cell<'a>; N]>,
) -> Vec<Row<'a>> {
    rows.map(|cells| Row {
        columns: table.columns,
        cells: cells.into_iter().map(Value).collect(),
    })
    .collect()
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().zip(&self.cells))
    }
}

/// A cell as JSON: amounts are decimal texts, so that nobody rounds them.
pub struct Value<'a>(pub Cell<'a>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Cell::Empty => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Amount(amount, currency) => serializer.collect_str(&amount.display(*currency)),
            Cell::Date(day) => serializer.collect_str(day),
            Cell::Integer(number) => serializer.serialize_i128(*number),
        }
    }
}
