//! What is told of a night: counts and sums.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::coverage::{FeedKind, FeedState};
use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::file::FileStatus;
use crate::domain::outcome::ReportData;
use crate::domain::source::Unfetched;
use crate::domain::{Amount, Currency};
use crate::report::figures::Figures;
use crate::report::headline::owner;
use crate::report::language::{Language, Texts};
use crate::report::overview::Overview;
use crate::report::words::Words;

/// What is told of a night.
#[derive(Clone, Debug)]
pub struct Bulletin {
    /// The day it looked from.
    pub as_of: NaiveDate,
    /// What its outcome says of the exit code: 0, 3 or 4.
    pub exit: u8,
    /// What is to do and new.
    pub new: u64,
    /// What is to do and has other amounts than the night before.
    pub changed: u64,
    /// All that is to do.
    pub open: u64,
    /// Σ |difference| of what is to do.
    pub at_stake: BTreeMap<Currency, Amount>,
    /// How many, and how much.
    pub figures: Figures,
    /// How many of a code are of a severity and in a state.
    pub counts: BTreeMap<(Code, Severity, State), u64>,
    /// The feeds, by what they bring and whose they are; accounts in short.
    pub feeds: BTreeMap<(FeedKind, String), FeedReach>,
    /// Files by what became of them.
    pub files: BTreeMap<&'static str, u64>,
    /// Rows that were accepted and rejected.
    pub rows: (u64, u64),
    /// What is in no place of the balance or in two, by provider and currency: 0, or the run fails.
    pub residuals: Vec<(String, Currency, Amount)>,
    /// Sources that were not fetched.
    pub unfetched: Vec<Unfetched>,
}

/// How far a feed reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedReach {
    /// The last day that is known; `None`: nothing is.
    pub covered_until: Option<NaiveDate>,
    /// True where nothing came for longer than is allowed, or ever.
    pub is_silent: bool,
}

impl Bulletin {
    /// Gathers it from a report.
    pub fn of(data: &ReportData) -> Self {
        let overview = Overview::of(data);
        let mut files: BTreeMap<&'static str, u64> = BTreeMap::new();
        let (mut accepted, mut rejected) = (0_u64, 0_u64);
        for row in &data.inputs {
            let count = files.entry(row.file.status.word()).or_default();
            *count = count.saturating_add(1);
            if row.file.status == FileStatus::Accepted {
                accepted = accepted.saturating_add(row.file.accepted);
                rejected = rejected.saturating_add(row.file.rejected);
            }
        }
        let residual = |row: &crate::domain::outcome::BalanceRow| {
            (row.provider.clone(), row.currency, row.residual)
        };
        Self {
            as_of: data.scope.as_of,
            exit: data.exit,
            new: overview.total.new,
            changed: overview.changed,
            open: overview.total.open,
            at_stake: overview.total.sums,
            figures: Figures::of(data),
            counts: counts(data),
            feeds: feeds(data),
            files,
            rows: (accepted, rejected),
            residuals: data.balance.iter().map(residual).collect(),
            unfetched: data.unfetched.clone(),
        }
    }

    /// One sentence, without any reference: it may go to servers outside the company.
    pub fn headline(&self) -> String {
        let sums = self.at_stake.iter().filter(|(_, sum)| !sum.is_zero());
        let sums: Vec<String> = sums.map(|(currency, sum)| money(*sum, *currency)).collect();
        let at_stake = if sums.is_empty() {
            String::new()
        } else {
            format!(", {} at stake", sums.join(", "))
        };
        let mut parts = vec![match self.open {
            0 => format!("{}: nothing to do", self.as_of),
            open => format!("{}: {} new, {open} open{at_stake}", self.as_of, self.new),
        }];
        for (status, what) in [("refused", "file(s) refused"), ("unread", "file(s) unread")] {
            parts.extend(
                self.files
                    .get(status)
                    .map(|count| format!("{count} {what}")),
            );
        }
        let silent = self.feeds.values().filter(|feed| feed.is_silent).count();
        if silent > 0 {
            parts.push(format!("{silent} feed(s) silent"));
        }
        if !self.unfetched.is_empty() {
            let names = self.unfetched.iter().map(|one| one.source.as_str());
            let names: Vec<&str> = names.collect();
            parts.push(format!("not fetched: {}", names.join(", ")));
        }
        parts.join("; ")
    }
}

/// By the severity that each has: before the books open, some are for information only.
fn counts(data: &ReportData) -> BTreeMap<(Code, Severity, State), u64> {
    let mut counts = BTreeMap::new();
    for found in data.discrepancies.glances() {
        let key = (found.code, found.severity, found.state);
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Two feeds of one name are told as the one that reaches less far.
fn feeds(data: &ReportData) -> BTreeMap<(FeedKind, String), FeedReach> {
    let texts = Texts::of(Language::English);
    let mut feeds: BTreeMap<(FeedKind, String), FeedReach> = BTreeMap::new();
    for feed in &data.coverage {
        let reach = FeedReach {
            covered_until: feed.covered_until,
            is_silent: matches!(feed.state, FeedState::Silent | FeedState::Never),
        };
        let known = feeds
            .entry((feed.kind, owner(Words::of(&texts), feed)))
            .or_insert(reach);
        known.covered_until = known.covered_until.min(reach.covered_until);
        known.is_silent |= reach.is_silent;
    }
    feeds
}

/// `1204.50 EUR`.
pub(super) fn money(amount: Amount, currency: Currency) -> String {
    format!("{} {currency}", amount.display(currency))
}
