//! The four answers below the verdict: how much is at stake, what is new, what is oldest, which
//! files are missing.

use std::collections::BTreeMap;

use super::screen::{Screen, Verdict};
use super::words::{Words, one_line};
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};
use crate::report::language::{Kind, Value};
use crate::report::overview::{missing_reports, name_of, refused_files, statement_gaps};

/// Missing and refused files that are named.
const FILES_MAX: usize = 4;
/// Currencies that an answer names.
const CURRENCIES_MAX: usize = 3;

/// One of the answers.
pub(super) struct Tile {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) figures: Vec<String>,
    pub(super) lines: Vec<String>,
}

/// All of them.
pub(super) fn all(screen: &Screen, words: Words<'_>, data: &ReportData) -> Vec<Tile> {
    vec![
        at_stake(screen, words),
        new(screen, words),
        oldest(screen, words, data),
        files(words, data),
    ]
}

fn class(screen: &Screen) -> &'static str {
    match screen.verdict() {
        Verdict::Well => "well",
        Verdict::Bad(severity) => severity,
    }
}

fn at_stake(screen: &Screen, words: Words<'_>) -> Tile {
    let total = &screen.overview.total;
    let warnings = total.open.saturating_sub(screen.errors);
    let kinds = [
        ("errors", Value::Count(screen.errors)),
        ("warnings", Value::Count(warnings)),
    ];
    let figures = sums(words, &total.sums);
    Tile {
        class: class(screen),
        title: words.text("html-at-stake"),
        figures: if figures.is_empty() {
            vec![words.text("html-none")]
        } else {
            figures
        },
        lines: vec![words.texts.with("html-open-kinds", &kinds)],
    }
}

fn new(screen: &Screen, words: Words<'_>) -> Tile {
    let of = &screen.overview;
    let moves = [
        ("changed", Value::Count(of.changed)),
        ("resolved", Value::Count(of.resolved)),
    ];
    let mut lines = sums(words, &of.new.sums);
    lines.push(words.texts.with("html-new-besides", &moves));
    Tile {
        class: match of.total.new {
            0 => "well",
            _ => class(screen),
        },
        title: words.text("html-new"),
        figures: vec![words.texts.number(of.total.new)],
        lines,
    }
}

fn oldest(screen: &Screen, words: Words<'_>, data: &ReportData) -> Tile {
    let title = words.text("html-oldest");
    let Some(oldest) = &screen.overview.oldest else {
        return Tile {
            class: "well",
            title,
            figures: vec![words.text("html-none")],
            lines: Vec::new(),
        };
    };
    let lines = [words.code(oldest.code), one_line(name_of(oldest))];
    Tile {
        class: oldest.code.severity().word(),
        title,
        figures: vec![age(words, oldest.age_days(data.scope.as_of))],
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
    }
}

fn files(words: Words<'_>, data: &ReportData) -> Tile {
    let statement = words.texts.title(Kind::InputKind, "bank-statement");
    let gaps = statement_gaps(data);
    let gaps = gaps.iter().map(|gap| format!("{statement} {gap}"));
    let files: Vec<String> = missing_reports(data)
        .into_iter()
        .chain(gaps)
        .chain(refused_files(data))
        .collect();
    let [count, more] = [files.len(), files.len().saturating_sub(FILES_MAX)]
        .map(|count| u64::try_from(count).unwrap_or(u64::MAX));
    let named = files.iter().take(FILES_MAX);
    let mut lines: Vec<String> = named.map(|name| one_line(name)).collect();
    if more > 0 {
        let values = [("count", Value::Count(more))];
        lines.push(words.texts.with("html-files-more", &values));
    }
    if count == 0 {
        lines.push(words.text("html-files-none"));
    }
    Tile {
        class: if count == 0 { "well" } else { "error" },
        title: words.text("html-files"),
        figures: vec![words.texts.number(count)],
        lines,
    }
}

/// `41 days`; of what is not a day old yet, or still to come, since today.
pub(super) fn age(words: Words<'_>, days: i64) -> String {
    let days = u64::try_from(days).unwrap_or(0);
    if days == 0 {
        return words.text("html-age-today");
    }
    let values = [("days", Value::Count(days))];
    words.texts.with("html-age", &values)
}

/// Sums that are not nothing, each with its currency, as many as an answer has room for.
pub(super) fn sums(words: Words<'_>, sums: &BTreeMap<Currency, Amount>) -> Vec<String> {
    let sums = sums.iter().filter(|(_, sum)| !sum.is_zero());
    let mut texts: Vec<String> = sums
        .map(|(currency, sum)| words.texts.money(*sum, *currency))
        .collect();
    let more = texts.len().saturating_sub(CURRENCIES_MAX);
    if more > 0 {
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        texts.truncate(CURRENCIES_MAX);
        let values = [("count", Value::Count(more))];
        texts.push(words.texts.with("html-currencies-more", &values));
    }
    texts
}
