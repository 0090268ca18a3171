//! The sentences with which a decision is refused: what the file shows, what is true now, what to
//! do. Texts of others stand in « » and in one line.

use chrono::NaiveDate;

use crate::domain::decision::{Action, Decision, Request, Standing};
use crate::domain::discrepancy::{Discrepancy, Source, State};
use crate::domain::file::bounded;
use crate::domain::{Amount, Currency};
use crate::ingest::decisions::{AskedRow, Shown, ShownAmount, same_text};

/// Bytes of a text that a sentence quotes.
const QUOTE_BYTES_MAX: usize = 300;

const AGAIN: &str = "decide again on a fresh report";

fn quoted(text: &str) -> String {
    let one_line: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    format!("«{}»", bounded(&one_line, QUOTE_BYTES_MAX))
}

fn named(row: &AskedRow, found: &Discrepancy) -> String {
    format!("{} {}", row.id, found.code)
}

/// When a decision was recorded, and by whom.
pub(super) fn when(decision: &Decision) -> String {
    let Decision { at, by, .. } = decision;
    let from = decision.source.as_ref();
    let from = from.map_or(String::new(), |from| {
        format!(", {}:{}", from.file, from.line)
    });
    format!("{at} by {by}{from}")
}

/// What somebody did: `ana accepted it at …: «agreed»`.
fn done(decision: &Decision) -> String {
    let Decision { at, by, .. } = decision;
    let content = quoted(&decision.content);
    if decision.is_proposed {
        let word = decision.action.word();
        return format!("{by} proposed at {at} to {word} it: {content}");
    }
    match decision.action {
        Action::Accept => format!("{by} accepted it at {at}: {content}"),
        Action::WriteOff => format!("{by} wrote it off at {at}: {content}"),
        Action::Reopen => format!("{by} reopened it at {at}"),
        Action::Lapse => format!("its acceptance ended at {at}: {content}"),
        Action::Link => format!("{by} linked it at {at}: {content}"),
        Action::Unlink => format!("{by} unlinked it at {at}: {content}"),
        Action::Snooze => format!("{by} put it aside at {at}: {content}"),
        Action::Approve => format!("{by} approved what was proposed at {at}"),
        Action::Reject => format!("{by} rejected what was proposed at {at}: {content}"),
        Action::Note => format!("{by} noted at {at}: {content}"),
        Action::Assign => format!("{by} assigned it at {at} to {content}"),
    }
}

pub(super) fn unknown(id: &str) -> String {
    format!("there never was a discrepancy {id}; copy its id again from a report")
}

pub(super) fn of_another(row: &AskedRow, found: &Discrepancy) -> String {
    let shown = row.shown.code.as_deref().unwrap_or_default();
    format!(
        "the row says {} but its id, {}, is that of a {}: its cells belong to different \
         discrepancies, as after sorting a part of the columns; decide in a fresh report",
        quoted(shown),
        row.id,
        found.code
    )
}

pub(super) fn gone(row: &AskedRow, found: &Discrepancy, since: NaiveDate) -> String {
    let state = row.shown.state.map_or("", State::word);
    let shown = match state {
        "" => String::new(),
        state => format!("the file shows it as {state}, but "),
    };
    format!(
        "{}: {shown}it is resolved: the night of {since} no longer found it, so there is nothing \
         to decide; empty its decision",
        named(row, found)
    )
}

pub(super) fn back_again(row: &AskedRow, found: &Discrepancy, night: NaiveDate) -> String {
    format!(
        "{}: the file shows it as resolved, but it is found again on {night}; {AGAIN}",
        named(row, found)
    )
}

pub(super) fn other_amounts(row: &AskedRow, found: &Discrepancy, night: NaiveDate) -> String {
    let currency = found.currency.unwrap_or(Currency::EUR);
    let cell = |cell: &Option<ShownAmount>| {
        let text = cell.as_ref().map_or("", |cell| cell.text.as_str());
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            bounded(text, 40)
        }
    };
    let amount = |amount: Option<Amount>| {
        amount.map_or_else(
            || "nothing".to_owned(),
            |amount| amount.display(currency).to_string(),
        )
    };
    let shown = row.shown.currency.as_deref();
    let shown = shown.map_or(String::new(), |code| format!(" {}", bounded(code, 8)));
    format!(
        "{} has changed: the file shows {} expected and {} actual{shown}, on {night} it is {} \
         expected and {} actual {currency}; {AGAIN}",
        named(row, found),
        cell(&row.shown.expected),
        cell(&row.shown.actual),
        amount(found.expected),
        amount(found.actual),
    )
}

pub(super) fn other_sentence(row: &AskedRow, found: &Discrepancy, now: &str) -> String {
    let shown = row.shown.explanation.as_deref().unwrap_or_default();
    format!(
        "{} has changed: the file says {}, now it is {}; {AGAIN}",
        named(row, found),
        quoted(shown),
        quoted(now)
    )
}

/// What the row shows of people's decisions and is no longer so: `accepted`, `the note «…»`.
pub(super) fn differences(
    shown: &Shown,
    found: &Discrepancy,
    standing: &Standing,
) -> Vec<(String, String)> {
    let mut differences = Vec::new();
    let accepted = |accepted| if accepted { "accepted" } else { "not accepted" }.to_owned();
    let (was, is) = (
        shown.state.map(|state| state == State::Accepted),
        standing.is_accepted(found),
    );
    if let Some(was) = was.filter(|was| *was != is) {
        differences.push((accepted(was), accepted(is)));
    }
    let mut compare = |cell: &Option<String>, now: &str, what: &str| {
        if let Some(shown) = cell
            && !same_text(shown, now)
        {
            let say = |text: &str| match text {
                "" => format!("no {what}"),
                text => format!("the {what} {}", quoted(text)),
            };
            differences.push((say(shown), say(now)));
        }
    };
    compare(&shown.assignee, &standing.assignee, "assignee");
    compare(&shown.note, &standing.remark(), "note");
    differences
}

pub(super) fn decided_since(
    row: &AskedRow,
    found: &Discrepancy,
    (standing, trail): (&Standing, &[Decision]),
) -> String {
    let differences = differences(&row.shown, found, standing);
    let (was, is): (Vec<String>, Vec<String>) = differences.into_iter().unzip();
    let last = trail.last().map_or_else(
        || "; what is to be decided belongs into Decision and Reason".to_owned(),
        |last| format!(" ({})", done(last)),
    );
    format!(
        "{} was decided about meanwhile: the file shows {}, now it has {}{last}; {AGAIN}",
        named(row, found),
        was.join(", "),
        is.join(", ")
    )
}

pub(super) fn contradicts(place: &Source, other: &Request) -> String {
    format!(
        "{}:{} already says {} about the same discrepancy ({}); leave one of them",
        place.file,
        place.line,
        other.action.word(),
        quoted(&other.content)
    )
}

pub(super) fn not_accepted(row: &AskedRow, trail: &[Decision]) -> String {
    debug_assert!(Standing::of(trail).accepted.is_none(), "it is accepted");
    let last = trail
        .iter()
        .rev()
        .find(|decision| decision.action == Action::Lapse);
    let last = last.map_or(String::new(), |last| format!(" ({})", done(last)));
    format!(
        "{} is not accepted{last}, so there is no acceptance to take back; empty its decision",
        row.id
    )
}
