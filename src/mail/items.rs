//! The discrepancies of a mail in words: a section for each part, an item for each one.

use chrono::NaiveDate;

use super::digest::Part;
use super::sheet::{Mood, NAME_CHARS_MAX, NOTE_CHARS_MAX, count, cut};
use crate::domain::discrepancy::{ReportedDiscrepancy, State};
use crate::report::explain::{explain, names_in};
use crate::report::language::Value;
use crate::report::overview::name_of;
use crate::report::words::{Words, isolated};

/// Characters of an explanation.
const EXPLANATION_CHARS_MAX: usize = 420;

/// One part of the mail.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) count: String,
    pub(super) items: Vec<Item>,
    pub(super) more: String,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) mood: Mood,
    pub(super) severity_text: String,
    pub(super) title: String,
    /// Severity and title, for a form without colours.
    pub(super) labelled_title: String,
    pub(super) name: String,
    pub(super) amount: String,
    /// Provider, state, age, assignee.
    pub(super) facts: Vec<String>,
    pub(super) explanation: String,
    pub(super) note: String,
}

/// What is at stake, with its sign; nothing where there is no difference.
pub(super) fn difference(words: Words<'_>, one: &ReportedDiscrepancy) -> String {
    let found = &one.discrepancy;
    words.amount(found.difference(), found.currency)
}

impl Section {
    /// `None` where there is nothing to show.
    pub(super) fn of(
        words: Words<'_>,
        title: String,
        (part, rows): (&Part, usize),
        as_of: NaiveDate,
    ) -> Option<Self> {
        let items: Vec<Item> = part
            .rows
            .iter()
            .take(rows)
            .map(|one| Item::of(words, one, as_of))
            .collect();
        let more = part.count.saturating_sub(count(items.len()));
        (part.count > 0).then(|| Self {
            title,
            count: words.texts.number(part.count),
            items,
            more: match more {
                0 => String::new(),
                more => {
                    let values = [("count", Value::Count(more))];
                    words.texts.with("mail-more", &values)
                }
            },
        })
    }
}

impl Item {
    fn of(words: Words<'_>, one: &ReportedDiscrepancy, as_of: NaiveDate) -> Self {
        let found = &one.discrepancy;
        let severity = found.severity;
        let assignee = match cut(&one.assignee, NAME_CHARS_MAX) {
            none if none.is_empty() => none,
            name => labelled(words, &words.column("assignee"), &name),
        };
        let facts = [
            cut(words.texts.provider(&found.provider), NAME_CHARS_MAX),
            words.state(one.state),
            words.age(found.age_days(as_of)),
            assignee,
        ];
        let resolved = one.state == State::Resolved;
        Self {
            mood: if resolved {
                Mood::Well
            } else {
                Mood::Is(severity)
            },
            severity_text: words.severity(severity),
            labelled_title: labelled(words, &words.severity(severity), &words.code(found.code)),
            title: words.code(found.code),
            name: cut(name_of(found), NAME_CHARS_MAX),
            amount: difference(words, one),
            facts: facts.into_iter().filter(|fact| !fact.is_empty()).collect(),
            // What has settled itself needs no explanation.
            explanation: if resolved {
                String::new()
            } else {
                explanation(words, one, as_of)
            },
            note: match cut(&one.note, NOTE_CHARS_MAX) {
                none if none.is_empty() => none,
                note => labelled(words, &words.column("note"), &note),
            },
        }
    }
}

/// `Note: asked Oney`, with the colon of the language.
fn labelled(words: Words<'_>, label: &str, text: &str) -> String {
    let values = [("label", Value::Text(label)), ("text", Value::Text(text))];
    words.texts.with("mail-labelled", &values)
}

fn explanation(words: Words<'_>, one: &ReportedDiscrepancy, as_of: NaiveDate) -> String {
    let found = &one.discrepancy;
    let sentence = cut(&explain(found, as_of, *words.texts), EXPLANATION_CHARS_MAX);
    isolated(&sentence, &names_in(found))
}
