//! The table of discrepancies: what each is, and behind it where it comes from and what to do.

use std::io::{self, Write};

use askama::Template;

use super::line;
use super::screen::Screen;
use super::tables::{Facet, FacetOption, Head, Header, Heading, Section, cut};
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Severity, State};
use crate::domain::outcome::{ReportData, ReportScope};
use crate::domain::{Amount, Currency};
use crate::report::explain::{explain, names_in};
use crate::report::language::{Kind, Value};
use crate::report::overview::name_of;
use crate::report::views;
use crate::report::words::{Words, isolated, one_line};

/// Rows that the page shows at most, about 1.5 kB each.
pub(super) const ROWS_MAX: usize = 20_000;

/// Sources that are named; of the others there is only their number.
const SOURCES_MAX: usize = 20;

/// Titles of the columns: the table's name for it, its class, and the part of a row's key that it
/// is sorted by. The keys are: severity, code, provider, state, expected, actual, difference, age,
/// title.
const COLUMNS: [(&str, &str, usize); 7] = [
    ("code", "", 8),
    ("provider", "w", 2),
    ("state", "", 3),
    ("expected", "n w", 4),
    ("actual", "n w", 5),
    ("difference", "n", 6),
    ("age_days", "n", 7),
];

#[derive(Template)]
#[template(path = "discrepancy.html")]
struct Row {
    id: String,
    key: String,
    severity: &'static str,
    severity_text: String,
    title: String,
    name: String,
    provider: String,
    state: &'static str,
    state_text: String,
    expected: String,
    actual: String,
    difference: String,
    age: String,
    explanation: String,
    facts: Vec<Fact>,
    sources_label: String,
    sources: Vec<Place>,
    more_sources: String,
    next_label: String,
}

/// A column of the report that the row has no room for.
struct Fact {
    label: String,
    value: String,
}

struct Place {
    file: String,
    /// `, line 12`; empty for a file as a whole.
    place: String,
}

/// Writes the table.
pub(super) fn write(
    out: &mut impl Write,
    words: Words<'_>,
    screen: &Screen,
    data: &ReportData,
) -> io::Result<()> {
    let mut section = Section::begin(out, &heading(words, screen, data))?;
    for reported in data.discrepancies.iter().take(ROWS_MAX) {
        section.row(&line(&row(words, &reported, data.scope))?)?;
    }
    section.end()
}

fn heading<'a>(words: Words<'a>, screen: &Screen, data: &ReportData) -> Heading<'a> {
    let [total, max] =
        [data.discrepancies.len(), ROWS_MAX].map(|count| u64::try_from(count).unwrap_or(u64::MAX));
    let shown = total.min(max);
    let columns = COLUMNS.map(|(name, class, key)| Head {
        label: words.column(name),
        class,
        key,
    });
    let title = words
        .texts
        .title(Kind::Table, views::discrepancies::TABLE.name);
    let header = Header {
        title: &title,
        columns: &columns,
    };
    Heading {
        t: words.texts,
        id: views::discrepancies::TABLE.name,
        header: header.render().unwrap_or_default(),
        total: words.texts.number(total),
        intro: words.text("html-discrepancies-intro"),
        cut: cut(words, shown, total, "discrepancies.csv"),
        none: words.text("html-none-found"),
        shown,
        facets: facets(words, screen),
        title: title.into_owned(),
    }
}

/// What rows are chosen by; the keys are those of [`COLUMNS`].
fn facets(words: Words<'_>, screen: &Screen) -> Vec<Facet> {
    let option = |value: &str, text: String, count: u64| FacetOption {
        value: value.to_owned(),
        text,
        count: words.texts.number(count),
    };
    let severity =
        |(one, count): (&Severity, &u64)| option(one.word(), words.severity(*one), *count);
    let code = |(one, count): (&Code, &u64)| option(one.word(), words.code(*one), *count);
    let provider =
        |(one, count): (&String, &u64)| option(one, words.texts.provider(one).to_owned(), *count);
    let state = |(one, count): (&State, &u64)| option(one.word(), words.state(*one), *count);
    let facets: [(&str, Vec<FacetOption>); 4] = [
        ("severity", screen.severities.iter().map(severity).collect()),
        ("code", screen.codes.iter().map(code).collect()),
        ("provider", screen.providers.iter().map(provider).collect()),
        ("state", screen.states.iter().map(state).collect()),
    ];
    facets
        .into_iter()
        .enumerate()
        .map(|(key, (name, options))| Facet {
            label: words.column(name),
            key,
            options,
        })
        .filter(Facet::is_of_use)
        .collect()
}

fn row(words: Words<'_>, reported: &ReportedDiscrepancy, scope: ReportScope) -> Row {
    let found = &reported.discrepancy;
    let severity = found.severity;
    let money = |amount| words.amount(amount, found.currency);
    let left = found.sources.len().saturating_sub(SOURCES_MAX);
    let more = || {
        let left = u64::try_from(left).unwrap_or(u64::MAX);
        let values = [("count", Value::Count(left))];
        words.texts.with("html-sources-more", &values)
    };
    Row {
        id: reported.id.clone(),
        key: key(words, reported, scope),
        severity: severity.word(),
        severity_text: words.severity(severity),
        title: words.code(found.code),
        name: one_line(name_of(found)),
        provider: one_line(words.texts.provider(&found.provider)),
        state: reported.state.word(),
        state_text: words.state(reported.state),
        expected: money(found.expected),
        actual: money(found.actual),
        difference: money(found.difference()),
        age: words.integer(found.age_days(scope.as_of).into()),
        explanation: explanation(words, found, scope),
        facts: known(words, reported),
        sources_label: words.column("sources"),
        sources: places(words, found),
        more_sources: if left > 0 { more() } else { String::new() },
        next_label: words.text("html-next"),
    }
}

fn key(words: Words<'_>, reported: &ReportedDiscrepancy, scope: ReportScope) -> String {
    let found = &reported.discrepancy;
    let digits_of = found.currency.unwrap_or(Currency::EUR);
    let plain = |amount: Option<Amount>| {
        amount.map_or(String::new(), |amount| {
            amount.display(digits_of).to_string()
        })
    };
    [
        found.severity.word().to_owned(),
        found.code.word().to_owned(),
        one_line(&found.provider),
        reported.state.word().to_owned(),
        plain(found.expected),
        plain(found.actual),
        plain(found.difference()),
        found.age_days(scope.as_of).to_string(),
        format!("{} {}", words.code(found.code), one_line(name_of(found))),
    ]
    .join("\t")
}

fn explanation(words: Words<'_>, found: &Discrepancy, scope: ReportScope) -> String {
    let sentence = explain(found, scope.as_of, *words.texts);
    isolated(&sentence, &names_in(found))
}

fn known(words: Words<'_>, reported: &ReportedDiscrepancy) -> Vec<Fact> {
    let found = &reported.discrepancy;
    let first_seen = reported.first_seen.map_or(String::new(), |d| words.day(d));
    [
        ("id", reported.id.clone()),
        ("code", found.code.word().to_owned()),
        ("provider", words.texts.provider(&found.provider).to_owned()),
        ("merchant", found.merchant.clone()),
        ("order_reference", found.order_reference.clone()),
        ("transaction_id", found.transaction_id.clone()),
        ("payout_reference", found.payout_reference.clone()),
        ("account", found.account.clone()),
        ("bank_entry", found.bank_entry.clone()),
        ("file", found.file.clone()),
        ("expected", words.amount(found.expected, found.currency)),
        ("actual", words.amount(found.actual, found.currency)),
        ("event_date", words.day(found.event_date)),
        ("first_seen", first_seen),
        ("assignee", reported.assignee.clone()),
        ("note", reported.note.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(column, value)| Fact {
        label: words.column(column),
        value: one_line(&value),
    })
    .collect()
}

fn places(words: Words<'_>, found: &Discrepancy) -> Vec<Place> {
    let place = |line: u32| match line {
        0 => String::new(),
        line => {
            let line = line.to_string();
            let values = [("line", Value::Text(&line))];
            format!(", {}", words.texts.with("html-source-line", &values))
        }
    };
    let named = found.sources.iter().take(SOURCES_MAX);
    named
        .map(|source| Place {
            file: one_line(&source.file),
            place: place(source.line),
        })
        .collect()
}
