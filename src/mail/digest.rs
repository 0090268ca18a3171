//! What a mail says, before it is put into words: gathered in one walk through the discrepancies.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::Amount;
use crate::domain::decision::is_same_person;
use crate::domain::discrepancy::{ReportedDiscrepancy, Severity, State};
use crate::domain::found::{FoundList, Glance};
use crate::domain::outcome::{ReportData, ReportScope};
use crate::report::headline::Headline;
use crate::report::language::Texts;
use crate::report::overview::{Overview, Tally, is_to_do, troubled_files};
use crate::report::roots::Roots;

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
    /// What is to do, by provider; of statements and other files, under the empty name.
    pub(super) by_provider: BTreeMap<String, Tally>,
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
    severity: Severity,
    size: Amount,
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

    fn take(&mut self, at: usize, found: &Glance<'_>) {
        self.count = self.count.saturating_add(1);
        self.candidates.push(Candidate {
            at,
            severity: found.severity,
            size: found.difference().unwrap_or_default().abs(),
            event_date: found.event_date,
        });
        if self.candidates.len() > ROWS_MAX.saturating_mul(32) {
            self.keep_first();
        }
    }

    /// Lets go of those that no mail has room for. Equal ones stay in the order of the report.
    fn keep_first(&mut self) {
        let urgent = |one: &Candidate| (one.severity, Reverse(one.size));
        match self.order {
            Order::Urgent => self.candidates.sort_by_key(urgent),
            Order::Oldest => self
                .candidates
                .sort_by_key(|one| (one.event_date, urgent(one))),
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
        for (at, found) in data.discrepancies.glances().enumerate() {
            for digest in &mut digests {
                if digest.is_of(&found) {
                    digest.take(at, &found);
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
            digest.headline = Headline::of(data, &digest.overview, &roots, digest.files.len());
        }
        digests
    }

    fn empty(subject: Subject) -> Self {
        Self {
            subject,
            headline: Headline::default(),
            overview: Overview::default(),
            by_provider: BTreeMap::new(),
            news: Part::new(Order::Urgent),
            persisting: Part::new(Order::Oldest),
            resolved: Part::new(Order::Urgent),
            notices: Part::new(Order::Urgent),
            files: Vec::new(),
        }
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
        if to_do {
            let provider = found.provider.to_owned();
            self.by_provider.entry(provider).or_default().add(found);
        }
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
