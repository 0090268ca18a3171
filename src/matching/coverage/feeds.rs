//! The feeds one by one, with their limits, and what waits for each: `coverage.csv`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::silence::{Subject, Watch};
use super::{CoverageItems, Covered, Inputs, account_name, lines_of};
use crate::domain::calendar::plus_days;
use crate::domain::coverage::{Book, Feed, FeedKind, FeedState, WaitingList};
use crate::domain::file::{InputContent, InputKind};
use crate::domain::rules::{FeedInput, Rules};

/// What feeds are made of.
pub(super) struct Books<'b> {
    pub(super) items: &'b CoverageItems<'b>,
    pub(super) rules: &'b Rules,
    pub(super) inputs: &'b Inputs<'b>,
    pub(super) covered: &'b Covered,
}

/// The parts of a feed that say which one it is.
#[derive(Clone, Debug, Default)]
struct Name {
    provider: String,
    account: String,
    path: String,
}

impl Books<'_> {
    /// All feeds, by kind and name, and what is watched.
    pub(super) fn feeds(&self) -> (Vec<Feed>, Vec<Watch>) {
        let mut feeds = Vec::new();
        let mut watches = Vec::new();
        self.accounts(&mut feeds, &mut watches);
        for (provider, reach) in &self.covered.reports {
            let of_provider = self.inputs.all.iter();
            let mut own = Vec::new();
            let mut came = false;
            for (input, heard) in of_provider.filter(|(it, _)| lines_of(it) == Some(provider)) {
                own.extend(self.watch(input, *heard));
                came |= heard.is_some();
            }
            let name = Name {
                provider: provider.clone(),
                ..Name::default()
            };
            let mut feed = self.feed(FeedKind::Reports, name, reach.day(), &own);
            // A file without a line reports no day, and has come all the same.
            if came && feed.state == FeedState::Never {
                feed.state = self.state(None, feed.allowed_until);
            }
            feeds.push(feed);
            watches.extend(own);
        }
        for (input, heard) in &self.inputs.all {
            let kind = match input.kind.content() {
                InputContent::Orders => FeedKind::Orders,
                InputContent::OrderEvents | InputContent::ProviderEvents
                    if input.max_silence_business_days > 0 =>
                {
                    FeedKind::Events
                }
                InputContent::OrderEvents
                | InputContent::ProviderEvents
                | InputContent::Lines
                | InputContent::Statements
                | InputContent::Decisions => continue,
            };
            let own: Vec<Watch> = self.watch(input, *heard).into_iter().collect();
            feeds.push(self.feed(kind, of_path(input), *heard, &own));
            watches.extend(own);
        }
        feeds.sort_by(|one, other| name_of(one).cmp(&name_of(other)));
        (feeds, watches)
    }

    /// Each account, and each input of statements of which nothing was ever accepted.
    fn accounts(&self, feeds: &mut Vec<Feed>, watches: &mut Vec<Watch>) {
        let limits = self.account_limits();
        for (account, until) in &self.covered.accounts {
            let limit = limits.get(account).copied().unwrap_or(0);
            let limit = if self.covered.closed.contains(account) {
                0
            } else {
                limit
            };
            let days = (*until, self.items.first_recorded);
            let subject = Subject::Account(account.clone());
            let own: Vec<Watch> = Watch::new(subject, limit, days, &self.rules.calendar)
                .into_iter()
                .collect();
            let name = Name {
                account: account.clone(),
                ..Name::default()
            };
            let feed = self.feed(FeedKind::Bank, name, *until, &own);
            feeds.push(feed);
            watches.extend(own);
        }
        for (input, heard) in self.inputs.of_kind(InputKind::BankStatement) {
            if heard.is_none() {
                let own: Vec<Watch> = self.watch(input, None).into_iter().collect();
                feeds.push(self.feed(FeedKind::Bank, of_path(input), None, &own));
                watches.extend(own);
            }
        }
    }

    /// The limit of each account: that of the input which brought its latest statement.
    fn account_limits(&self) -> BTreeMap<String, u32> {
        let mut latest: BTreeMap<String, (Option<NaiveDate>, u32)> = BTreeMap::new();
        let bank = || self.inputs.of_kind(InputKind::BankStatement);
        for stored in self.items.statements {
            let path = self.items.input_of.get(&stored.file).copied();
            let input = bank().find(|(input, _)| Some(input.path.as_str()) == path);
            let Some((input, _)) = input.or_else(|| bank().next()) else {
                continue;
            };
            let statement = &stored.statement;
            let candidate = (statement.to, input.max_silence_business_days);
            let known = latest
                .entry(account_name(&statement.account))
                .or_insert(candidate);
            if known.0 <= candidate.0 {
                *known = candidate;
            }
        }
        let limit = |(account, (_, limit))| (account, limit);
        latest.into_iter().map(limit).collect()
    }

    fn watch(&self, input: &FeedInput, heard: Option<NaiveDate>) -> Option<Watch> {
        let limit = input.max_silence_business_days;
        let days = (heard, self.items.first_recorded);
        Watch::new(Subject::input(input), limit, days, &self.rules.calendar)
    }

    fn feed(
        &self,
        kind: FeedKind,
        name: Name,
        covered_until: Option<NaiveDate>,
        watches: &[Watch],
    ) -> Feed {
        let allowed_until = watches.iter().map(|watch| watch.allowed_until).min();
        Feed {
            kind,
            provider: name.provider,
            account: name.account,
            path: name.path,
            covered_until,
            allowed_until,
            state: match covered_until {
                None => FeedState::Never,
                Some(_) => self.state(covered_until, allowed_until),
            },
            waiting: BTreeMap::new(),
        }
    }

    /// The state of a feed that has come at some time.
    fn state(&self, until: Option<NaiveDate>, allowed_until: Option<NaiveDate>) -> FeedState {
        let as_of = self.covered.as_of;
        let is_business_day = |day: &NaiveDate| self.rules.calendar.is_business_day(*day);
        let before =
            std::iter::successors(Some(plus_days(as_of, -1)), |day| Some(plus_days(*day, -1)));
        let last_business_day = before.take(BUSINESS_DAYS_APART_MAX).find(is_business_day);
        if allowed_until.is_some_and(|allowed| allowed < as_of) {
            FeedState::Silent
        } else if until >= last_business_day {
            FeedState::Complete
        } else {
            FeedState::Late
        }
    }
}

/// Days among which a business day is looked for: no company has a longer holiday.
const BUSINESS_DAYS_APART_MAX: usize = 366;

fn of_path(input: &FeedInput) -> Name {
    Name {
        path: input.path.clone(),
        ..Name::default()
    }
}

fn name_of(feed: &Feed) -> (FeedKind, &str, &str, &str) {
    (feed.kind, &feed.provider, &feed.account, &feed.path)
}

impl Covered {
    /// The feeds with what waits for each, by kind and name.
    pub fn feeds(&self, waiting: &WaitingList) -> Vec<Feed> {
        let mut feeds = self.feeds.clone();
        for (book, sums) in waiting.books() {
            let Some(at) = self.place_of(book, &feeds) else {
                continue;
            };
            let Some(feed) = feeds.get_mut(at) else {
                continue;
            };
            for (currency, sum) in sums {
                let known = feed.waiting.entry(*currency).or_default();
                known.items = known.items.saturating_add(sum.items);
                known.amount += sum.amount;
            }
        }
        feeds
    }

    /// Where the feed is that a book is brought by.
    fn place_of(&self, book: &Book, feeds: &[Feed]) -> Option<usize> {
        let find = |wanted: &dyn Fn(&Feed) -> bool| feeds.iter().position(wanted);
        let is_bank = |feed: &Feed| feed.kind == FeedKind::Bank;
        match book {
            // An account that no statement ever came of waits for the input that brings nothing.
            Book::Bank(account) => account
                .as_ref()
                .and_then(|account| find(&|feed| is_bank(feed) && feed.account == *account))
                .or_else(|| find(&|feed| is_bank(feed) && feed.account.is_empty()))
                .or_else(|| find(&is_bank)),
            Book::Reports(provider) => {
                find(&|feed| feed.kind == FeedKind::Reports && feed.provider == *provider)
            }
            Book::Orders(provider) => {
                let path = &self.orders.of(provider)?.path;
                find(&|feed| feed.kind == FeedKind::Orders && feed.path == *path)
            }
        }
    }
}
