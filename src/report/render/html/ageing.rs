//! How old what is open is: a column an age, its parts by severity. Drawn in whole units.

use std::collections::BTreeMap;
use std::io;

use askama::Template;

use super::balance::scaled;
use crate::domain::calendar::days_between;
use crate::domain::discrepancy::{Severity, State};
use crate::domain::outcome::ReportData;
use crate::report::figures::AgeBucket;
use crate::report::language::{Kind, Texts};
use crate::report::words::Words;

/// The line that columns stand on, and how high the highest is.
const FLOOR: u64 = 160;
const HEIGHT: u64 = 130;
/// From one column to the next, and from the left edge to the first.
const STEP: u64 = 72;
const MARGIN: u64 = 14;
const HALF: u64 = 22;

#[derive(Template)]
#[template(path = "ageing.html")]
struct Chart<'a> {
    t: &'a Texts,
    label: String,
    columns: Vec<Column>,
    legend: Vec<Legend>,
}

struct Column {
    word: &'static str,
    title: String,
    x: u64,
    middle: u64,
    /// Where the number above it stands.
    top: u64,
    count: u64,
    text: String,
    parts: Vec<Part>,
}

struct Part {
    class: &'static str,
    y: u64,
    height: u64,
}

struct Legend {
    severity: &'static str,
    text: String,
}

/// Draws it.
pub(super) fn chart(words: Words<'_>, data: &ReportData) -> io::Result<String> {
    let mut counts: BTreeMap<(AgeBucket, Severity), u64> = BTreeMap::new();
    for found in data.discrepancies.glances() {
        if found.state != State::Resolved {
            let bucket = AgeBucket::of(days_between(found.event_date, data.scope.as_of));
            *counts.entry((bucket, found.severity)).or_default() += 1;
        }
    }
    let of = |bucket: AgeBucket| {
        Severity::ALL.map(|severity| {
            (
                severity,
                counts.get(&(bucket, severity)).copied().unwrap_or(0),
            )
        })
    };
    let sum = |bucket: AgeBucket| of(bucket).iter().map(|(_, count)| count).sum();
    let most: u64 = AgeBucket::ALL.into_iter().map(sum).max().unwrap_or(0);
    let mut columns: Vec<Column> = Vec::new();
    let mut x = MARGIN;
    for bucket in AgeBucket::ALL {
        columns.push(column(words, bucket, x, (&of(bucket), most)));
        x += STEP;
    }
    let said = columns.iter().map(|c| format!("{}: {}", c.title, c.text));
    let chart = Chart {
        t: words.texts,
        label: said.collect::<Vec<_>>().join("; "),
        columns,
        legend: Severity::ALL
            .map(|severity| Legend {
                severity: severity.word(),
                text: words.severity(severity),
            })
            .into(),
    };
    chart.render().map_err(io::Error::other)
}

fn column(
    words: Words<'_>,
    bucket: AgeBucket,
    x: u64,
    (counts, most): (&[(Severity, u64)], u64),
) -> Column {
    let mut y = FLOOR;
    let mut parts = Vec::new();
    for (severity, count) in counts.iter().filter(|(_, count)| *count > 0) {
        let height = scaled(*count, most, HEIGHT);
        y = y.saturating_sub(height);
        parts.push(Part {
            class: severity.word(),
            y,
            height,
        });
    }
    let count = counts.iter().map(|(_, count)| count).sum();
    Column {
        word: bucket.word(),
        title: words.texts.title(Kind::Age, bucket.word()).into_owned(),
        x,
        middle: x.saturating_add(HALF),
        top: y.saturating_sub(6),
        count,
        text: words.texts.number(count),
        parts,
    }
}
