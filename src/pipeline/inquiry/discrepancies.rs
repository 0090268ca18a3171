//! Discrepancies: what one is, how it went over the nights, what people decided, and the rows of
//! files that it comes from.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::books::Books;
use super::dossier::{OriginalRow, Part, place, text};
use super::originals;
use super::resolution;
use super::suggestions::{self, SUGGESTION_COLUMNS};
use crate::domain::Currency;
use crate::domain::decision::{Decision, Standing, Terms};
use crate::domain::discrepancy::{Discrepancy, DiscrepancyId, ReportedDiscrepancy, Source, State};
use crate::domain::file::{FileId, FileStatus, InputFile, InputKind};
use crate::pipeline::RunError;
use crate::report::overview::name_of;
use crate::report::table::Cell;
use crate::storage::findings::{self, Finding};
use crate::storage::{Db, decisions, runs};

/// Rows of files that are shown in full.
const ORIGINALS_MAX: usize = 20;

const HISTORY_COLUMNS: &[&str] = &[
    "from",
    "to",
    "nights",
    "first_seen",
    "currency",
    "expected",
    "actual",
    "difference",
];

const EXPLAINS_COLUMNS: &[&str] = &["id", "code", "subject", "exposure"];

const DECISION_COLUMNS: &[&str] = &[
    "at",
    "by",
    "action",
    "says",
    "text",
    "holds_from",
    "currency",
    "expected",
    "actual",
    "source",
];

/// The discrepancy of an id, if there ever was one.
pub(super) async fn named(
    db: &mut Db,
    books: &Books<'_>,
    reference: &str,
) -> Result<Option<Part>, RunError> {
    let id = reference.to_ascii_lowercase();
    let history = findings::history(db, &id).await?;
    let decided = decisions::all(db, Some(&id)).await?;
    let now = DiscrepancyId::parse(&id).and_then(|id| books.reported.find(id));
    let reported = match (now, history.last()) {
        (Some(reported), _) => reported,
        (None, Some(finding)) => of_the_past(finding, &decided),
        (None, None) => return Ok(None),
    };
    let nights = recorded_nights(db).await?;
    let found = &reported.discrepancy;
    let mut part = Part::new("discrepancy", format!("Discrepancy {id}, {}", found.code));
    part.facts = facts(&reported, books);
    let standing = Standing::of(&decided);
    if let Some(how) = resolution::of(&reported, Some(&standing), &books.links) {
        part.facts.push(("resolution", text(how.word())));
    }
    part.list("explains", EXPLAINS_COLUMNS, explained_by(books, found));
    if ![State::Resolved, State::Accepted].contains(&reported.state) {
        let rows = suggestions::rows(books, found);
        part.list("suggestions", SUGGESTION_COLUMNS, rows);
    }
    let row = |entry: &_| history_row(entry, &nights);
    part.list(
        "history",
        HISTORY_COLUMNS,
        history.iter().map(row).collect(),
    );
    let currency = found.currency;
    let row = |decision: &Decision| decision_row(decision, currency);
    part.list(
        "decisions",
        DECISION_COLUMNS,
        decided.iter().map(row).collect(),
    );
    let sources = found.sources.iter();
    let source = |source: &Source| vec![text(place(&source.file, source.line))];
    part.list("sources", &["source"], sources.map(source).collect());
    part.originals = originals_of(db, books, found).await?;
    part.discrepancies = vec![reported];
    Ok(Some(part))
}

/// One that the latest night neither found nor resolved.
fn of_the_past(finding: &Finding, decided: &[Decision]) -> ReportedDiscrepancy {
    let standing = Standing::of(decided);
    ReportedDiscrepancy {
        discrepancy: finding.discrepancy.clone(),
        id: finding.id.clone(),
        state: State::Resolved,
        first_seen: Some(finding.first_seen),
        note: standing.remark(),
        assignee: standing.assignee,
    }
}

async fn recorded_nights(db: &mut Db) -> Result<Vec<NaiveDate>, RunError> {
    let runs = runs::all(db).await?;
    let mut nights: Vec<NaiveDate> = runs
        .iter()
        .filter(|run| run.recorded)
        .map(|run| run.as_of)
        .collect();
    nights.sort_unstable();
    nights.dedup();
    Ok(nights)
}

/// What it is the cause of, in the order of reports.
fn explained_by(books: &Books<'_>, cause: &Discrepancy) -> Vec<Vec<Cell<'static>>> {
    let id = cause.identity();
    let explained = books.concerning(|it| books.causes.cause_of(it.identity()) == Some(id));
    let row = |reported: &ReportedDiscrepancy| {
        let found = &reported.discrepancy;
        let currency = found.currency.unwrap_or(Currency::EUR);
        vec![
            text(reported.id.as_str()),
            text(found.code.word()),
            text(name_of(found)),
            Cell::amount(found.exposure(), currency),
        ]
    };
    explained.iter().map(row).collect()
}

fn facts(reported: &ReportedDiscrepancy, books: &Books<'_>) -> Vec<(&'static str, Cell<'static>)> {
    let found = &reported.discrepancy;
    let currency = found.currency.unwrap_or(Currency::EUR);
    let age = books.as_of().map(|day| found.age_days(day));
    let cause = books.causes.cause_of(found.identity());
    vec![
        ("id", text(reported.id.as_str())),
        ("code", text(found.code.word())),
        ("severity", text(found.severity.word())),
        ("state", text(reported.state.word())),
        ("provider", text(found.provider.as_str())),
        ("merchant", text(found.merchant.as_str())),
        ("order_reference", text(found.order_reference.as_str())),
        ("transaction_id", text(found.transaction_id.as_str())),
        ("payout_reference", text(found.payout_reference.as_str())),
        ("account", text(found.account.as_str())),
        ("bank_entry", text(found.bank_entry.as_str())),
        ("file", text(found.file.as_str())),
        (
            "currency",
            text(found.currency.as_ref().map_or("", Currency::code)),
        ),
        ("expected", Cell::amount(found.expected, currency)),
        ("actual", Cell::amount(found.actual, currency)),
        ("difference", Cell::amount(found.difference(), currency)),
        ("event_date", Cell::Date(found.event_date)),
        ("first_seen", Cell::date(reported.first_seen)),
        ("age_days", age.map_or(Cell::Empty, Cell::integer)),
        ("assignee", text(reported.assignee.as_str())),
        ("note", text(reported.note.as_str())),
        (
            "cause",
            cause.map_or(Cell::Empty, |id| text(id.to_string())),
        ),
        ("exposure", Cell::amount(found.exposure(), currency)),
    ]
}

/// The nights on which it was found with the same amounts.
fn history_row(finding: &Finding, nights: &[NaiveDate]) -> Vec<Cell<'static>> {
    let found = &finding.discrepancy;
    let currency = found.currency.unwrap_or(Currency::EUR);
    let held: Vec<&NaiveDate> = nights
        .iter()
        .filter(|night| {
            finding.from <= **night && finding.until.is_none_or(|until| **night < until)
        })
        .collect();
    vec![
        Cell::Date(finding.from),
        Cell::date(held.last().map(|night| **night)),
        Cell::integer(u64::try_from(held.len()).unwrap_or(u64::MAX)),
        Cell::Date(finding.first_seen),
        text(found.currency.as_ref().map_or("", Currency::code)),
        Cell::amount(found.expected, currency),
        Cell::amount(found.actual, currency),
        Cell::amount(found.difference(), currency),
    ]
}

fn decision_row(decision: &Decision, currency: Option<Currency>) -> Vec<Cell<'static>> {
    let digits_of = currency.unwrap_or(Currency::EUR);
    vec![
        text(decision.at.as_str()),
        text(decision.by.as_str()),
        text(action_of(decision)),
        text(said_by(&decision.terms)),
        text(decision.content.as_str()),
        Cell::date(decision.day.filter(|_| !decision.is_proposed)),
        text(currency.as_ref().map_or("", Currency::code)),
        Cell::amount(decision.expected, digits_of),
        Cell::amount(decision.actual, digits_of),
        decision
            .source
            .as_ref()
            .map_or(Cell::Empty, |from| text(place(&from.file, from.line))),
    ]
}

/// What was done; a proposal holds only once another person has approved it.
fn action_of(decision: &Decision) -> String {
    let word = decision.action.word();
    if decision.is_proposed {
        format!("{word} (proposed)")
    } else {
        word.to_owned()
    }
}

/// What a decision says besides its text.
fn said_by(terms: &Terms) -> String {
    match terms {
        Terms::None => String::new(),
        Terms::Account(account) => account.clone(),
        Terms::Until(day) => format!("until {day}"),
        Terms::Link(link) => link.to_string(),
    }
}

/// The rows that it comes from, file by file. Statements in XML have no rows; their entries are
/// shown by their ids.
async fn originals_of(
    db: &mut Db,
    books: &Books<'_>,
    found: &Discrepancy,
) -> Result<Vec<OriginalRow>, RunError> {
    let mut by_file: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
    let rows = found.sources.iter().filter(|source| source.line > 0);
    for source in rows.take(ORIGINALS_MAX) {
        if let Some(file) = file_of(books, &source.file) {
            by_file.entry(file.id).or_default().push(source.line);
        }
    }
    let mut all = Vec::new();
    for (id, lines) in by_file {
        let Some(file) = books.file(id) else { continue };
        let mut rows = originals::rows(db, books, file, &lines).await?;
        if file.kind == InputKind::BankStatement {
            rows.retain(|original| original.row.is_ok());
        }
        all.extend(rows);
    }
    Ok(all)
}

/// The file of a name that counts, else the one that was received last.
fn file_of<'b>(books: &'b Books<'_>, name: &str) -> Option<&'b InputFile> {
    let named = books
        .knowledge
        .files
        .iter()
        .filter(|file| file.name == name);
    named.max_by_key(|file| {
        (
            books.counts(file.id),
            file.status == FileStatus::Accepted,
            file.id,
        )
    })
}
