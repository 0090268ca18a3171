//! What a mail says, before it is put into words: gathered in one walk through the discrepancies.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::decision::is_same_person;
use crate::domain::discrepancy::{ReportedDiscrepancy, State};
use crate::domain::found::{FoundList, Glance};
use crate::domain::outcome::{ReportData, ReportScope};
use crate::report::headline::Headline;
use crate::report::kinds::{Kinds, Sums};
use crate::report::language::Texts;
use crate::report::overview::{Overview, is_to_do, troubled_files};
use crate::report::roots::Roots;
use crate::report::start::{self, Step};
use crate::report::urgency::{self, Entry};
use crate::report::words::Words;

/// Discrepancies of a part that a mail may show; [`Sheet`](super::Sheet) shows fewer.
pub(super) const ROWS_MAX: usize = 12;

/// What a mail is about, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The report.
    pub scope: ReportScope,
    /// The providers that the run was limited to; empty: all.
    pub providers: Vec<String>,
    /// The assignee whose discrepancies these are; empty: all.
    pub audience: String,
}

/// What a mail says.
#[derive(Debug)]
pub struct Digest {
    pub(super) subject: Subject,
    /// The first line, and what the subject says.
    pub(super) headline: Headline,
    /// The figures, which are those of the page and the terminal.
    pub(super) overview: Overview,
    /// What is to do first.
    pub(super) steps: Vec<Step>,
    /// What is to do, by provider; of statements and other files, under the empty name.
    pub(super) by_provider: BTreeMap<String, Sums>,
    /// New and changed, to do.
    pub(super) news: Part,
    /// Seen before and unchanged, to do.
    pub(super) persisting: Part,
    /// No longer found.
    pub(super) resolved: Part,
    /// New and changed, and no more than good to know.
    pub(super) notices: Part,
    /// Files that are missing or refused.
    pub(super) files: Vec<String>,
}

/// One part of a mail: how many there are, and those that come first.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) count: u64,
    pub(super) rows: Vec<ReportedDiscrepancy>,
    order: Order,
    candidates: Vec<Candidate>,
}

/// What comes first in a part.
#[derive(Clone, Copy, Debug)]
enum Order {
    /// The most urgent, and of these the largest.
    Urgent,
    /// The oldest.
    Oldest,
}

/// One that may be shown, by its position in the report.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    at: usize,
    event_date: NaiveDate,
}

impl Part {
    fn new(order: Order) -> Self {
        Self {
            count: 0,
            rows: Vec::new(),
            order,
            candidates: Vec::new(),
        }
    }

    /// Takes one more; they come in the order in which people look at them.
    fn take(&mut self, at: usize, found: &Glance<'_>) {
        self.count = self.count.saturating_add(1);
        let event_date = found.event_date;
        self.candidates.push(Candidate { at, event_date });
        if self.candidates.len() > ROWS_MAX.saturating_mul(32) {
            self.keep_first();
        }
    }

    /// Lets go of those that no mail has room for.
    fn keep_first(&mut self) {
        match self.order {
            Order::Urgent => {}
            Order::Oldest => self.candidates.sort_by_key(|one| one.event_date),
        }
        self.candidates.truncate(ROWS_MAX);
    }

    /// Fetches those that come first.
    fn finish(&mut self, all: &FoundList) {
        self.keep_first();
        let places = self.candidates.iter();
        self.rows = places.filter_map(|one| all.get(one.at)).collect();
    }
}

impl Digest {
    /// The mail of all, and then one for each of `assignees` with only theirs.
    pub fn all(
        data: &ReportData,
        providers: &[String],
        assignees: &[String],
        texts: Texts,
    ) -> Vec<Self> {
        let of = |audience: &str| {
            Self::empty(Subject {
                scope: data.scope,
                providers: providers.to_vec(),
                audience: audience.to_owned(),
            })
        };
        let mut digests = vec![of("")];
        digests.extend(assignees.iter().map(|name| of(name)));
        let order = urgency::order(data, &Roots::of(data, |_| true));
        for entry in &order {
            let Some(found) = data.discrepancies.glance_at(entry.at) else {
                continue;
            };
            for digest in &mut digests {
                if digest.is_of(&found) {
                    digest.take(entry.at, &found);
                }
            }
        }
        for digest in &mut digests {
            let parts = [
                &mut digest.news,
                &mut digest.persisting,
                &mut digest.resolved,
                &mut digest.notices,
            ];
            let all = &data.discrepancies;
            for part in parts {
                part.finish(all);
            }
            // Files are everybody's, not an assignee's.
            if digest.subject.audience.is_empty() {
                digest.files = troubled_files(data, texts);
            }
            let roots = Roots::of(data, |found| digest.is_of(found));
            digest.steps = digest.first_steps(data, (&roots, &order), texts);
            let kinds = Kinds::of(data, |found| digest.is_of(found));
            digest.by_provider = kinds.by_provider();
            digest.headline = Headline::of(data, &digest.overview, &roots, digest.files.len());
        }
        digests
    }

    fn empty(subject: Subject) -> Self {
        Self {
            subject,
            headline: Headline::default(),
            overview: Overview::default(),
            steps: Vec::new(),
            by_provider: BTreeMap::new(),
            news: Part::new(Order::Urgent),
            persisting: Part::new(Order::Oldest),
            resolved: Part::new(Order::Urgent),
            notices: Part::new(Order::Urgent),
            files: Vec::new(),
        }
    }

    /// What is to do first; an assignee has no books and files to fetch but their own.
    fn first_steps(
        &self,
        data: &ReportData,
        (roots, order): (&Roots, &[Entry]),
        texts: Texts,
    ) -> Vec<Step> {
        let words = Words::of(&texts);
        if self.subject.audience.is_empty() {
            return start::steps(words, data, roots, order);
        }
        let glance = |entry: &&Entry| data.discrepancies.glance_at(entry.at);
        let mine = order
            .iter()
            .filter(|it| glance(it).is_some_and(|found| self.is_of(&found)));
        let mine: Vec<Entry> = mine.copied().collect();
        let mut steps = start::steps(words, data, roots, &mine);
        steps.retain(|step| !step.id.is_empty());
        steps
    }

    fn is_of(&self, found: &Glance<'_>) -> bool {
        let audience = &self.subject.audience;
        audience.is_empty() || is_same_person(found.assignee, audience)
    }

    fn take(&mut self, at: usize, found: &Glance<'_>) {
        self.overview.take(found);
        if found.is_snoozed && found.state != State::Resolved {
            return;
        }
        let to_do = is_to_do(found.severity, found.state);
        match found.state {
            State::Resolved => self.resolved.take(at, found),
            State::New | State::Changed if to_do => self.news.take(at, found),
            State::New | State::Changed => self.notices.take(at, found),
            State::Persisting if to_do => self.persisting.take(at, found),
            State::Persisting | State::Accepted => {}
        }
    }

    /// What it is about, and whose it is.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// How many somebody should act on.
    pub fn open(&self) -> u64 {
        self.overview.total.open
    }

    /// How many of these are new, or have other amounts than on the night before.
    pub fn news(&self) -> u64 {
        self.news.count
    }
}
