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

use super::desk::{Case, Desk};
use super::{concerns_the_past, wording};
use crate::domain::Currency;
use crate::domain::decision::{Action, Decision, Request, Standing, Subject, Terms};
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

impl Known {
    fn trail(&self, id: &str) -> &[Decision] {
        self.trail.get(id).map_or(&[], Vec::as_slice)
    }

    /// What waits for a second person.
    pub(super) fn proposed(&self) -> Vec<Decision> {
        let standings = self.trail.values().map(Standing::of);
        standings
            .filter_map(|it| it.proposed.map(|it| *it))
            .collect()
    }
}

/// What becomes of one request of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is recorded, as this.
    New(Box<Decision>),
    /// It was recorded before: when and by whom.
    Known(String),
}

/// Who decides by a row, and where that stands.
#[derive(Clone, Copy)]
pub(super) struct From<'f> {
    pub(super) user: &'f str,
    pub(super) place: &'f Source,
}

/// Judges the rows of a file one after the other.
pub(super) struct Judge<'k, 'd> {
    known: &'k Known,
    desk: Desk<'d>,
    /// What earlier rows of the file decided.
    earlier: HashMap<(String, Subject), (Request, Source)>,
}

impl<'k, 'd> Judge<'k, 'd> {
    pub(super) fn new(known: &'k Known, desk: Desk<'d>) -> Self {
        Self {
            known,
            desk,
            earlier: HashMap::new(),
        }
    }

    /// What becomes of each request of a row.
    ///
    /// # Errors
    /// Why the row is refused, as a sentence without its place.
    pub(super) fn judge(&mut self, row: &AskedRow, from: From<'_>) -> Result<Vec<Verdict>, String> {
        let known = self.known;
        let last = known.last.get(&row.id);
        let last = last.ok_or_else(|| wording::unknown(&row.id))?;
        let found = &last.discrepancy;
        if row.shown.is_of_another(&names_of(found.code)) {
            return Err(wording::of_another(row, found));
        }
        let trail = known.trail(&row.id);
        let before = |request: &Request| {
            self.earlier_row(row, request)
                .or_else(|| self.since_the_report(row, trail, request))
                .or_else(|| in_effect(trail, found, request))
        };
        let before: Vec<Option<String>> = row.requests.iter().map(before).collect();
        let fresh = || {
            let all = row.requests.iter().zip(&before);
            all.filter(|(_, before)| before.is_none())
                .map(|(request, _)| request)
        };
        if fresh().any(|request| !concerns_the_past(request.action)) {
            self.is_as_shown(row, last, trail)?;
        }
        for request in fresh() {
            let subject = (row.id.clone(), request.action.subject());
            if let Some((other, place)) = self.earlier.get(&subject) {
                return Err(wording::contradicts(place, other));
            }
            if request.action == Action::Reopen && Standing::of(trail).accepted.is_none() {
                return Err(wording::not_accepted(row, trail));
            }
        }
        let case = Case {
            last,
            standing: &Standing::of(trail),
            user: from.user,
            source: Some(from.place),
        };
        let mut verdicts = Vec::with_capacity(before.len());
        for (request, before) in row.requests.iter().zip(before) {
            verdicts.push(if let Some(when) = before {
                Verdict::Known(when)
            } else {
                let decision = self.desk.decide(case, request);
                let decision = decision.map_err(|problem| format!("{} {problem}", row.id))?;
                Verdict::New(Box::new(decision))
            });
        }
        for (request, verdict) in row.requests.iter().zip(&verdicts) {
            if matches!(verdict, Verdict::New(_)) {
                let subject = (row.id.clone(), request.action.subject());
                let what = (request.clone(), from.place.clone());
                self.earlier.insert(subject, what);
            }
        }
        Ok(verdicts)
    }

    fn earlier_row(&self, row: &AskedRow, request: &Request) -> Option<String> {
        let subject = (row.id.clone(), request.action.subject());
        let (other, place) = self.earlier.get(&subject)?;
        (other == request).then(|| format!("{}:{}", place.file, place.line))
    }

    /// The same decision, recorded after the report of the row was first made: this file was
    /// imported before, whatever became of it since.
    fn since_the_report(
        &self,
        row: &AskedRow,
        trail: &[Decision],
        request: &Request,
    ) -> Option<String> {
        let made = self.known.first_made.get(&row.shown.as_of?)?;
        let same = |decision: &&Decision| {
            is_recorded(request, decision) && decision.at >= *made && shows(&row.shown, decision)
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
        let standing = Standing::of(trail);
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

/// True where a decision is what is requested.
fn is_recorded(request: &Request, decision: &Decision) -> bool {
    decision.action == request.action
        && decision.content == request.content
        && decision.terms.answer(&request.wish)
}

/// The same decision, where it still has effect or waits for a second person.
fn in_effect(trail: &[Decision], found: &Discrepancy, request: &Request) -> Option<String> {
    let standing = Standing::of(trail);
    let (action, content, wish) = (request.action, &request.content, &request.wish);
    if let Some(proposed) = &standing.proposed
        && is_recorded(request, proposed)
    {
        return Some(wording::when(proposed));
    }
    let last = trail
        .iter()
        .rev()
        .find(|decision| decision.action.subject() == action.subject())?;
    let has_effect = match action {
        Action::Accept | Action::WriteOff => {
            let off = standing.written_off.as_ref();
            let account = off.map_or("", |off| off.account.as_str());
            standing.is_accepted(found) && standing.reason == *content && account == wish.account
        }
        Action::Link => standing.linked.is_some_and(|linked| {
            linked.reason == *content && Terms::Link(linked.link).answer(wish)
        }),
        Action::Snooze => standing
            .snoozed
            .is_some_and(|snoozed| snoozed.reason == *content && Some(snoozed.until) == wish.until),
        Action::Reopen | Action::Unlink | Action::Approve | Action::Reject => last.action == action,
        Action::Note => standing.note == *content,
        Action::Assign => standing.assignee == *content,
        Action::Lapse => false,
    };
    has_effect.then(|| wording::when(last))
}

/// Acceptances are about amounts; all else is about the discrepancy.
fn shows(shown: &Shown, decision: &Decision) -> bool {
    let currency = shown.currency.as_deref().and_then(Currency::parse);
    let currency = currency.unwrap_or(Currency::EUR);
    let is = |cell: &Option<_>, amount| {
        cell.as_ref()
            .is_none_or(|cell: &crate::ingest::decisions::ShownAmount| cell.is(amount, currency))
    };
    !matches!(decision.action, Action::Accept | Action::WriteOff)
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
