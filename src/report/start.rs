//! What to do first: the books and files to fetch, each with what it will clear, then what is largest.

use super::headline::{feed_word, first_missing, is_gap, is_pressing, owner};
use super::language::Value;
use super::overview::{is_to_do, name_of, report_name};
use super::roots::Roots;
use super::urgency::Entry;
use super::words::{Words, isolated, one_line};
use crate::domain::coverage::{Feed, FeedState};
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Severity};
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};

/// Steps of each kind: books, files, and what else there is.
const STEPS_MAX: usize = 3;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How urgent.
    pub severity: Severity,
    /// `Fetch report 429 of Oney FR`.
    pub action: String,
    /// `explains 3 findings, net 2.99 EUR`.
    pub effect: String,
    /// The id of the discrepancy; empty where it is about a book.
    pub id: String,
}

/// What to do first; `order` is that of [`urgency`](super::urgency).
pub fn steps(words: Words<'_>, data: &ReportData, roots: &Roots, order: &[Entry]) -> Vec<Step> {
    let mut gaps: Vec<&Feed> = data
        .coverage
        .iter()
        .filter(|feed| is_gap(feed, data.scope) && is_pressing(feed))
        .collect();
    gaps.sort_by_key(|feed| std::cmp::Reverse(waited(feed).map(|(_, amount)| amount).max()));
    let gaps = gaps.into_iter().take(STEPS_MAX);
    let mut steps: Vec<Step> = gaps.map(|feed| of_gap(words, feed)).collect();
    let (mut files, mut others) = (Vec::new(), Vec::new());
    for entry in order.iter().filter(|entry| entry.depth == 0) {
        let Some(found) = data.discrepancies.glance_at(entry.at) else {
            continue;
        };
        let kind = if is_file(found.code) {
            &mut files
        } else {
            &mut others
        };
        // Books are named already.
        let is_to_do = !found.is_snoozed && is_to_do(found.severity, found.state);
        let is_step = is_to_do && found.code != Code::FeedSilent;
        if is_step && kind.len() < STEPS_MAX {
            let one = data.discrepancies.get(entry.at);
            kind.extend(one.map(|one| of_root(words, &one, roots)));
        }
    }
    steps.extend(files);
    steps.extend(others);
    steps
}

fn is_file(code: Code) -> bool {
    matches!(
        code,
        Code::ReportMissing | Code::ReportRejected | Code::StatementGap | Code::LineRejected
    )
}

fn waited(feed: &Feed) -> impl Iterator<Item = (Currency, Amount)> {
    let waiting = feed.waiting.iter();
    waiting.filter_map(|(currency, waited)| Some(((*currency)?, waited.amount)))
}

fn of_gap(words: Words<'_>, feed: &Feed) -> Step {
    let name = feed_word(words, feed.kind);
    let whose = owner(words, feed);
    let values = [
        ("feed", Value::Text(&name)),
        ("name", Value::Text(&whose)),
        match feed.covered_until {
            Some(until) => ("day", Value::Day(first_missing(until))),
            None => ("day", Value::Count(0)),
        },
    ];
    let count = feed.waiting.values().map(|waited| waited.items).sum();
    let amount = words.sums(&waited(feed).collect()).join(", ");
    let waits = [
        ("count", Value::Count(count)),
        match amount.as_str() {
            "" => ("amount", Value::Count(0)),
            amount => ("amount", Value::Text(amount)),
        },
    ];
    Step {
        severity: match feed.state {
            FeedState::Silent | FeedState::Never => Severity::Error,
            FeedState::Late | FeedState::Complete => Severity::Warning,
        },
        action: words.texts.with("start-book", &values),
        effect: words.texts.with("start-waits", &waits),
        id: String::new(),
    }
}

fn of_root(words: Words<'_>, one: &ReportedDiscrepancy, roots: &Roots) -> Step {
    let found = &one.discrepancy;
    Step {
        severity: found.severity,
        action: action(words, found),
        effect: effect(words, found, roots),
        id: one.id.clone(),
    }
}

fn action(words: Words<'_>, found: &Discrepancy) -> String {
    let code = found.code;
    let (key, name) = if code == Code::ReportMissing {
        ("start-fetch", report_name(found, *words.texts))
    } else if code == Code::StatementGap {
        ("start-fetch-statement", one_line(&found.account))
    } else if is_file(code) {
        ("start-fetch-again", one_line(name_of(found)))
    } else {
        ("start-look", one_line(name_of(found)))
    };
    let title = words.code(code);
    let values = [
        ("title", Value::Text(&title)),
        ("name", Value::Text(&name)),
        match words.texts.provider(&found.provider) {
            "" => ("provider", Value::Count(0)),
            provider => ("provider", Value::Text(provider)),
        },
    ];
    isolated(&words.texts.with(key, &values), &[&name])
}

/// What a discrepancy explains, else what it is about.
pub fn effect(words: Words<'_>, found: &Discrepancy, roots: &Roots) -> String {
    let Some(root) = roots.get(found.identity()) else {
        let money = found.currency.zip(found.exposure());
        return money.map_or(String::new(), |(currency, exposure)| {
            short_or_over(words, exposure, currency)
        });
    };
    let net = words.sums(&root.nets).join(", ");
    let values = [
        ("count", Value::Count(root.explains)),
        match net.as_str() {
            "" => ("amount", Value::Count(0)),
            net => ("amount", Value::Text(net)),
        },
    ];
    words.texts.with("start-explains", &values)
}

/// `short 20.00 EUR`.
pub fn short_or_over(words: Words<'_>, exposure: Amount, currency: Currency) -> String {
    let key = if exposure.is_negative() {
        "subject-short"
    } else {
        "subject-over"
    };
    let values = [("amount", Value::Money(exposure.abs(), currency))];
    words.texts.with(key, &values)
}
