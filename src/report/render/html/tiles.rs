//! The four answers below the verdict: how much is at stake, what is new, what is oldest, which
//! files are missing.

use super::screen::{Screen, Verdict};
use crate::domain::outcome::ReportData;
use crate::report::language::Value;
use crate::report::overview::{name_of, troubled_files};
use crate::report::words::{Words, one_line};

/// Missing and refused files that are named.
const FILES_MAX: usize = 4;

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
    let figures = words.sums(&total.sums);
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
    let mut lines = words.sums(&of.new.sums);
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
        figures: vec![words.age(oldest.age_days(data.scope.as_of))],
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
    }
}

fn files(words: Words<'_>, data: &ReportData) -> Tile {
    let files = troubled_files(data, *words.texts);
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
