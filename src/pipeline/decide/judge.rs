//! Whether a decision may still be recorded: what its row showed against what is true now.
//!
//! A workbook is filled in over hours or days, and nights pass meanwhile. A decision holds for what
//! the person saw: the amounts, the sentence, who looked after it and what was noted. If any of
//! that has changed, the row is refused with both versions, and the person decides again on a fresh
//! report. A decision that is recorded already is recognised first, so that the same file may be
//! imported again after a few more rows were filled in.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::wording;
use crate::domain::Currency;
use crate::domain::decision::{Action, Decision, Standing, Subject};
use crate::domain::discrepancy::{Code, Discrepancy, Source, State};
use crate::domain::language::{Language, Wording};
use crate::ingest::decisions::{AskedRow, Shown, same_text};
use crate::report::explain;
use crate::report::language::{Kind, Texts};
use crate::storage::findings::Finding;

/// What is known of the discrepancies that a file names.
pub(super) struct Known {
    /// What the providers are called in sentences.
    pub(super) wording: Wording,
    /// The latest recorded night.
    pub(super) night: NaiveDate,
    /// What was found last, by id.
    pub(super) last: HashMap<String, Finding>,
    /// All decisions about each, the oldest first.
    pub(super) trail: BTreeMap<String, Vec<Decision>>,
    /// When the first run of an as-of date began, RFC 3339 in UTC.
    pub(super) first_made: BTreeMap<NaiveDate, String>,
}

/// What becomes of one decision of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is recorded.
    New,
    /// It was recorded before: when and by whom.
    Known(String),
}

/// Judges the rows of a file one after the other.
pub(super) struct Judge<'k> {
    known: &'k Known,
    /// What earlier rows of the file decided.
    earlier: HashMap<(String, Subject), (Action, String, Source)>,
}

impl<'k> Judge<'k> {
    pub(super) fn new(known: &'k Known) -> Self {
        let earlier = HashMap::new();
        Self { known, earlier }
    }

    /// What becomes of each decision of a row.
    ///
    /// # Errors
    /// Why the row is refused, as a sentence without its place.
    pub(super) fn judge(&mut self, row: &AskedRow, from: &Source) -> Result<Vec<Verdict>, String> {
        let known = self.known;
        let last = known.last.get(&row.id);
        let last = last.ok_or_else(|| wording::unknown(&row.id))?;
        let found = &last.discrepancy;
        if row.shown.is_of_another(&names_of(found.code)) {
            return Err(wording::of_another(row, found));
        }
        let no_trail = Vec::new();
        let trail = known.trail.get(&row.id).unwrap_or(&no_trail);
        let verdict = |(action, content): &(Action, String)| {
            self.earlier_row(row, *action, content)
                .or_else(|| self.since_the_report(row, trail, (*action, content)))
                .or_else(|| in_effect(trail, found, (*action, content)))
                .map_or(Verdict::New, Verdict::Known)
        };
        let verdicts: Vec<Verdict> = row.actions.iter().map(verdict).collect();
        let fresh = || row.actions.iter().zip(&verdicts);
        let fresh = || fresh().filter(|(_, verdict)| **verdict == Verdict::New);
        if fresh().next().is_some() {
            self.is_as_shown(row, last, trail)?;
        }
        for ((action, _), _) in fresh() {
            let subject = (row.id.clone(), action.subject());
            if let Some((other, content, place)) = self.earlier.get(&subject) {
                return Err(wording::contradicts(place, *other, content));
            }
            if *action == Action::Reopen && standing_of(trail).accepted.is_none() {
                return Err(wording::not_accepted(row, trail));
            }
        }
        for ((action, content), _) in fresh() {
            let subject = (row.id.clone(), action.subject());
            let what = (*action, content.clone(), from.clone());
            self.earlier.insert(subject, what);
        }
        Ok(verdicts)
    }

    fn earlier_row(&self, row: &AskedRow, action: Action, content: &str) -> Option<String> {
        let subject = (row.id.clone(), action.subject());
        let (other, text, place) = self.earlier.get(&subject)?;
        let same = *other == action && text == content;
        same.then(|| format!("{}:{}", place.file, place.line))
    }

    /// The same decision, recorded after the report of the row was first made: this file was
    /// imported before, whatever became of it since.
    fn since_the_report(
        &self,
        row: &AskedRow,
        trail: &[Decision],
        (action, content): (Action, &str),
    ) -> Option<String> {
        let made = self.known.first_made.get(&row.shown.as_of?)?;
        let same = |decision: &&Decision| {
            let is = decision.action == action && decision.content == content;
            is && decision.at >= *made && shows(&row.shown, decision, action)
        };
        trail.iter().rev().find(same).map(wording::when)
    }

    /// Refuses a row that shows something else than what is true now.
    fn is_as_shown(
        &self,
        row: &AskedRow,
        last: &Finding,
        trail: &[Decision],
    ) -> Result<(), String> {
        let found = &last.discrepancy;
        if let Some(day) = last.until {
            return Err(wording::gone(row, found, day));
        }
        if row.shown.state == Some(State::Resolved) {
            return Err(wording::back_again(row, found, self.known.night));
        }
        if !shows_amounts(&row.shown, found) {
            return Err(wording::other_amounts(row, found, self.known.night));
        }
        if let Some(now) = other_sentence(&row.shown, found, self.known.wording) {
            return Err(wording::other_sentence(row, found, &now));
        }
        let standing = standing_of(trail);
        if wording::differences(&row.shown, found, &standing).is_empty() {
            return Ok(());
        }
        Err(wording::decided_since(row, found, (&standing, trail)))
    }
}

/// What reports call a code: its own word, and its title in each language.
fn names_of(code: Code) -> Vec<Cow<'static, str>> {
    let title = |(_, language)| Texts::of(language).title(Kind::Code, code.word());
    let titles = Language::WORDS.into_iter().map(title);
    [Cow::Borrowed(code.word())]
        .into_iter()
        .chain(titles)
        .collect()
}

/// Where a discrepancy stands after its decisions.
pub(super) fn standing_of(trail: &[Decision]) -> Standing {
    let mut standing = Standing::default();
    for decision in trail {
        standing.apply(decision);
    }
    standing
}

/// True while an acceptance holds for the amounts that are found now.
pub(super) fn is_accepted(standing: &Standing, found: &Discrepancy) -> bool {
    standing.accepted == Some((found.expected, found.actual))
}

/// The same decision, where it still has effect.
fn in_effect(
    trail: &[Decision],
    found: &Discrepancy,
    (action, content): (Action, &str),
) -> Option<String> {
    let standing = standing_of(trail);
    let last = trail
        .iter()
        .rev()
        .find(|decision| decision.action.subject() == action.subject())?;
    let has_effect = match action {
        Action::Accept => is_accepted(&standing, found) && standing.reason == content,
        Action::Reopen => last.action == Action::Reopen,
        Action::Note => standing.note == content,
        Action::Assign => standing.assignee == content,
        Action::Lapse => false,
    };
    has_effect.then(|| wording::when(last))
}

/// Acceptances are about amounts; all else is about the discrepancy.
fn shows(shown: &Shown, decision: &Decision, action: Action) -> bool {
    let currency = shown.currency.as_deref().and_then(Currency::parse);
    let currency = currency.unwrap_or(Currency::EUR);
    let is = |cell: &Option<_>, amount| {
        cell.as_ref()
            .is_none_or(|cell: &crate::ingest::decisions::ShownAmount| cell.is(amount, currency))
    };
    action != Action::Accept
        || is(&shown.expected, decision.expected) && is(&shown.actual, decision.actual)
}

fn shows_amounts(shown: &Shown, found: &Discrepancy) -> bool {
    let currency = found.currency.unwrap_or(Currency::EUR);
    let code = found.currency.as_ref().map_or("", Currency::code);
    let same_currency = shown
        .currency
        .as_deref()
        .is_none_or(|shown| shown.eq_ignore_ascii_case(code));
    let is = |cell: &Option<crate::ingest::decisions::ShownAmount>, amount| {
        cell.as_ref().is_none_or(|cell| cell.is(amount, currency))
    };
    same_currency && is(&shown.expected, found.expected) && is(&shown.actual, found.actual)
}

/// The sentence of now, where the row shows another one.
///
/// The sentence of the row depends on the day and the language of its report. What the day does to
/// it is computed; of the languages, one must fit.
fn other_sentence(shown: &Shown, found: &Discrepancy, wording: Wording) -> Option<String> {
    let sentence = shown.explanation.as_deref()?;
    let as_of = shown.as_of?;
    let now = |(_, language)| {
        let texts = Texts::of(wording.in_language(language));
        explain::explain(found, as_of, texts)
    };
    let all: Vec<String> = Language::WORDS.into_iter().map(now).collect();
    let fits = all.iter().any(|now| same_text(sentence, now));
    let first = all.into_iter().next();
    first.filter(|_| !fits)
}
