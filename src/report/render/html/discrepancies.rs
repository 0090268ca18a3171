//! The table of discrepancies: what each is, under what explains it, and behind it where it comes from
//! and what to do.

use std::io::{self, Write};

use super::data::{About, Data};
use super::screen::Screen;
use super::tables::{CellView, Facet, Form, Labels, More, Row, Section, TableView, column, plain};
use crate::domain::Currency;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Severity};
use crate::domain::outcome::ReportData;
use crate::report::explain::{explain, names_in};
use crate::report::language::{Texts, Value};
use crate::report::overview::name_of;
use crate::report::start;
use crate::report::urgency::Entry;
use crate::report::views;
use crate::report::words::{Words, isolated, one_line};

/// Sources that are named; of the others there is only their number.
const SOURCES_MAX: usize = 20;

const VIEW: TableView = TableView {
    table: views::discrepancies::TABLE,
    id: "discrepancies",
    title: "table-discrepancies",
    intro: Some("html-discrepancies-intro"),
    none: "html-none-found",
    rows_max: 20_000,
    columns: &[
        column("code", "", Form::Title),
        plain("provider", "w"),
        column("state", "", Form::Chip),
        plain("assignee", "w"),
        plain("expected", "n w"),
        plain("actual", "n w"),
        plain("difference", "n"),
        plain("age_days", "n w"),
    ],
    facets: &["provider", "state", "assignee"],
    words: &[],
};

/// What rows are chosen by besides: their severity and their code.
const KEYS: [&str; 2] = ["severity", "code"];

/// Columns of the report that a row has no room for.
const FACTS: [&str; 15] = [
    "cause",
    "id",
    "code",
    "provider",
    "merchant",
    "order_reference",
    "transaction_id",
    "payout_reference",
    "account",
    "bank_entry",
    "file",
    "event_date",
    "first_seen",
    "assignee",
    "note",
];

/// Writes the table.
pub(super) fn write(
    out: &mut impl Write,
    data: &mut Data,
    words: Words<'_>,
    screen: &Screen,
    report: &ReportData,
) -> io::Result<()> {
    let mut heading = VIEW.heading(words, report.discrepancies.len());
    for (at, name) in KEYS.into_iter().enumerate().rev() {
        let facet = Facet {
            label: words.column(name),
            key: VIEW.columns.len().saturating_add(at),
        };
        heading.facets.insert(0, facet);
    }
    let rows = Rows {
        words,
        screen,
        report,
        labels: Labels::of(words, &FACTS),
    };
    let about = About {
        labels: rows.labels.facts.to_vec(),
        texts: [
            Severity::ALL
                .map(|one| (one.word(), words.severity(one)))
                .into(),
            Code::ALL
                .iter()
                .map(|one| (one.word(), words.code(*one)))
                .collect(),
        ]
        .into_iter()
        .enumerate()
        .map(|(at, texts)| (VIEW.columns.len().saturating_add(at), texts))
        .collect(),
    };
    let mut section = Section::begin(out, data, &heading, &about)?;
    // What the rows above are called, the deepest last.
    let mut above: Vec<String> = Vec::new();
    for entry in screen.order.iter().take(VIEW.rows_max) {
        above.truncate(entry.depth);
        if let Some(reported) = report.discrepancies.get(entry.at) {
            let cause = above.last().cloned().unwrap_or_default();
            let row = rows.row(&reported, *entry, cause);
            above.push(title(words, &reported.discrepancy));
            section.row(&row)?;
        }
    }
    section.end()
}

fn title(words: Words<'_>, found: &Discrepancy) -> String {
    let title = format!("{} {}", words.code(found.code), one_line(name_of(found)));
    title.trim_end().to_owned()
}

/// What rows are made from.
struct Rows<'a> {
    words: Words<'a>,
    screen: &'a Screen,
    report: &'a ReportData,
    labels: Labels,
}

impl Rows<'_> {
    fn row(&self, reported: &ReportedDiscrepancy, entry: Entry, cause: String) -> Row {
        let (words, found) = (self.words, &reported.discrepancy);
        let as_of = self.report.scope.as_of;
        let sentence = explain(found, as_of, *words.texts);
        let cells = self.cells(reported);
        let own = cells.iter().map(|cell| cell.key.clone());
        let besides = [found.severity.word(), found.code.word()].map(str::to_owned);
        let is_root = self.screen.roots.get(found.identity()).is_some();
        Row {
            id: format!("d-{}", reported.id),
            depth: entry.depth,
            keys: own.chain(besides).collect(),
            cells,
            severity: found.severity.word(),
            severity_text: words.severity(found.severity),
            name: one_line(name_of(found)),
            effect: if is_root {
                start::effect(words, found, &self.screen.roots)
            } else {
                String::new()
            },
            more: More {
                sentence: isolated(&sentence, &names_in(found)),
                facts: facts(words, reported, cause),
                sources: sources(*words.texts, found),
                commands: vec![
                    format!("crp-recon show {}", reported.id),
                    format!("crp-recon accept {} --reason \"…\"", reported.id),
                ],
            },
            labels: self.labels.clone(),
        }
    }

    /// The cells, in the order of the columns.
    fn cells(&self, reported: &ReportedDiscrepancy) -> Vec<CellView> {
        let (words, found) = (self.words, &reported.discrepancy);
        let provider = one_line(words.texts.provider(&found.provider));
        let assignee = one_line(&reported.assignee);
        let age = found.age_days(self.report.scope.as_of);
        let amounts = [found.expected, found.actual, found.difference()].map(|amount| {
            let digits_of = found.currency.unwrap_or(Currency::EUR);
            let plain = amount.map(|amount| amount.display(digits_of).to_string());
            (
                words.amount(amount, found.currency),
                plain.unwrap_or_default(),
            )
        });
        let [expected, actual, difference] = amounts;
        let state = reported.state;
        let texts = [
            (words.code(found.code), title(words, found)),
            (provider.clone(), provider),
            (words.state(state), state.word().to_owned()),
            (assignee.clone(), assignee),
            expected,
            actual,
            difference,
            (words.age_in_days(age), age.to_string()),
        ];
        let columns = VIEW.columns.iter();
        columns
            .zip(texts)
            .map(|(column, (text, key))| column.cell(text, key))
            .collect()
    }
}

fn facts(words: Words<'_>, reported: &ReportedDiscrepancy, cause: String) -> Vec<String> {
    let found = &reported.discrepancy;
    let first_seen = reported.first_seen.map_or(String::new(), |d| words.day(d));
    let facts: [String; FACTS.len()] = [
        cause,
        reported.id.clone(),
        found.code.word().to_owned(),
        words.texts.provider(&found.provider).to_owned(),
        found.merchant.clone(),
        found.order_reference.clone(),
        found.transaction_id.clone(),
        found.payout_reference.clone(),
        found.account.clone(),
        found.bank_entry.clone(),
        found.file.clone(),
        words.day(found.event_date),
        first_seen,
        reported.assignee.clone(),
        reported.note.clone(),
    ];
    facts.iter().map(|fact| one_line(fact)).collect()
}

/// `crp_fr.csv, line 12`; a file as a whole is its name.
fn sources(texts: Texts, found: &Discrepancy) -> Vec<String> {
    let named = found.sources.iter().take(SOURCES_MAX).map(|source| {
        let file = one_line(&source.file);
        if source.line == 0 {
            return file;
        }
        let line = source.line.to_string();
        let values = [("line", Value::Text(&line))];
        format!("{file}, {}", texts.with("html-source-line", &values))
    });
    let left = found.sources.len().saturating_sub(SOURCES_MAX);
    let left = u64::try_from(left).unwrap_or(u64::MAX);
    let more =
        (left > 0).then(|| texts.with("html-sources-more", &[("count", Value::Count(left))]));
    named.chain(more).collect()
}
