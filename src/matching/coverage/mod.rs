//! What the books cover: until which day each feed is known, and which feed has gone silent.
//!
//! Nothing is called missing beyond the day until which the book is known in which it would stand.
//! [`Covered`] says how far the books reach, seen from a day; the legs ask it before they call
//! anything missing, and hand back what waits for a book ([`Waiting`](crate::domain::coverage)).
//! A feed that stops is itself a discrepancy ([`silence`]).

mod feeds;
mod silence;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use self::silence::Watch;
use crate::domain::coverage::{Feed, Horizon, Reach};
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::{FileId, InputContent, InputKind};
use crate::domain::rules::{FeedInput, Rules};
use crate::domain::statement::{StatementId, StoredEntry, StoredStatement};

/// A file that came: accepted, or the same bytes again.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// What it brought.
    pub kind: InputKind,
    /// The input it came by, its path as configured; empty where that is not known.
    pub input: &'a str,
    /// Who reports in it; empty where the rows say it.
    pub provider: &'a str,
    /// The providers of its rows of orders.
    pub orders_of: &'a [String],
    /// The latest day on which it, or an import of the same rows, was received.
    pub received: NaiveDate,
    /// Of a file of lines that counts, the latest day it reports.
    pub report_date: Option<NaiveDate>,
}

/// What is known of the feeds.
pub struct CoverageItems<'a> {
    /// Every file that came, whatever the day.
    pub deliveries: &'a [Delivery<'a>],
    /// The statements that count.
    pub statements: &'a [&'a StoredStatement],
    /// The entries of all statements.
    pub entries: &'a [StoredEntry],
    /// The input that each file came by, where it is known.
    pub input_of: &'a BTreeMap<FileId, &'a str>,
    /// The as-of date of the first recorded run: from when on something is expected.
    pub first_recorded: Option<NaiveDate>,
}

/// How far the books reach, seen from a day.
#[derive(Clone, Debug)]
pub struct Covered {
    as_of: NaiveDate,
    /// Whatever the feeds are, every book is complete.
    is_everything: bool,
    /// By account without blanks; `None`: nothing is known of it.
    accounts: BTreeMap<String, Option<NaiveDate>>,
    closed: BTreeSet<String>,
    has_bank: bool,
    /// Of each provider that an input brings lines of.
    reports: BTreeMap<String, Reach>,
    orders: OrderBooks,
    /// Without what waits.
    feeds: Vec<Feed>,
    watches: Vec<Watch>,
}

/// The orders of providers: until when they are known, and by which input.
#[derive(Clone, Debug, Default)]
struct OrderBooks {
    /// Of the providers that an input ever brought a row of.
    by_provider: BTreeMap<String, OrderBook>,
    /// Of every other provider; `None` without an input.
    of_others: Option<OrderBook>,
}

/// The input of orders that reaches furthest, of those that may bring a provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct OrderBook {
    until: Option<NaiveDate>,
    path: String,
}

impl OrderBook {
    /// The one that reaches further; of two that reach as far, the first by path.
    fn further(self, other: Self) -> Self {
        let key = |book: &Self| (book.until, std::cmp::Reverse(book.path.clone()));
        if key(&other) > key(&self) {
            other
        } else {
            self
        }
    }
}

impl OrderBooks {
    fn of(&self, provider: &str) -> Option<&OrderBook> {
        self.by_provider.get(provider).or(self.of_others.as_ref())
    }

    fn reach(&self, provider: &str) -> Reach {
        let book = self.of(provider);
        book.map_or(Reach::NoFeed, |book| Reach::from(book.until))
    }
}

/// The accounts that a provider pays to, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankReach {
    /// Until when all of them are known.
    pub reach: Reach,
    /// The one that ends first; `None` where none is known.
    pub account: Option<String>,
    /// All of them.
    pub accounts: BTreeSet<String>,
}

impl Covered {
    /// Every book complete on a day: for questions that are not about what is missing.
    pub fn everything(as_of: NaiveDate) -> Self {
        Self {
            as_of,
            is_everything: true,
            accounts: BTreeMap::new(),
            closed: BTreeSet::new(),
            has_bank: true,
            reports: BTreeMap::new(),
            orders: OrderBooks::default(),
            feeds: Vec::new(),
            watches: Vec::new(),
        }
    }

    /// How far the books reach, seen from a day: what came later covers until that day.
    pub fn new(items: &CoverageItems<'_>, rules: &Rules, as_of: NaiveDate) -> Self {
        let inputs = Inputs::of(items, rules, as_of);
        let mut covered = Self {
            is_everything: false,
            accounts: account_days(items, as_of),
            closed: rules.closed_accounts.iter().cloned().collect(),
            has_bank: inputs.of_kind(InputKind::BankStatement).next().is_some(),
            reports: inputs.reports(),
            orders: inputs.orders(),
            ..Self::everything(as_of)
        };
        let books = feeds::Books {
            items,
            rules,
            inputs: &inputs,
            covered: &covered,
        };
        (covered.feeds, covered.watches) = books.feeds();
        covered
    }

    /// The day that is looked from.
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// From where the orders of a provider are looked at.
    pub fn horizon(&self, provider: &str) -> Horizon {
        if self.is_everything {
            return Horizon::complete(self.as_of);
        }
        Horizon {
            as_of: self.as_of,
            reports: self.reports(provider),
            orders: self.orders.reach(provider),
        }
    }

    /// How far the reports of a provider reach.
    pub fn reports(&self, provider: &str) -> Reach {
        if self.is_everything {
            return Reach::Until(self.as_of);
        }
        let reach = self.reports.get(provider).copied();
        reach.unwrap_or(Reach::NoFeed)
    }

    /// How far the statements of a provider's accounts reach: of those that it is `set` to pay to,
    /// else of those that it was `seen` on, else of all. Closed ones hold nothing back.
    pub fn bank(&self, set: &[String], seen: &BTreeSet<String>) -> BankReach {
        let reach = |reach| BankReach {
            reach,
            account: None,
            accounts: BTreeSet::new(),
        };
        if self.is_everything {
            return reach(Reach::Until(self.as_of));
        }
        if !self.has_bank {
            return reach(Reach::NoFeed);
        }
        let is_open = |account: &&String| !self.closed.contains(*account);
        let own: Vec<&String> = if set.is_empty() {
            seen.iter().collect()
        } else {
            set.iter().collect()
        };
        let open: Vec<&String> = own.into_iter().filter(is_open).collect();
        let open = if open.is_empty() {
            self.accounts.keys().filter(is_open).collect()
        } else {
            open
        };
        let ends = |account: &String| self.accounts.get(account).copied().flatten();
        let first = open.iter().min_by_key(|account| (ends(account), **account));
        first.map_or(reach(Reach::Nothing), |account| BankReach {
            reach: Reach::from(ends(account)),
            account: Some((*account).clone()),
            accounts: open.iter().map(|account| (*account).clone()).collect(),
        })
    }

    /// `FEED_SILENT` for each account and input that nothing came of for longer than is allowed.
    pub fn silent(&self) -> Vec<Discrepancy> {
        let silent = self.watches.iter().filter(|it| it.is_silent(self.as_of));
        silent.map(Watch::discrepancy).collect()
    }
}

/// The days until which accounts are known: the last day of the statements of the booked kind,
/// where there are any; else the latest booking.
fn account_days(
    items: &CoverageItems<'_>,
    as_of: NaiveDate,
) -> BTreeMap<String, Option<NaiveDate>> {
    let mut booked: BTreeMap<StatementId, NaiveDate> = BTreeMap::new();
    for stored in items.entries {
        let day = booked.entry(stored.statement).or_insert(NaiveDate::MIN);
        *day = stored.entry.booked_on.max(*day);
    }
    let mut covers: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    let mut shown: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    for stored in items.statements {
        let statement = &stored.statement;
        let account = account_name(&statement.account);
        let last_booked = booked.get(&stored.number).copied();
        if statement.answers_for_its_days() {
            let until = statement.covers_until.or(last_booked);
            let known = covers.entry(account.clone()).or_default();
            *known = until.max(*known);
        }
        let known = shown.entry(account).or_default();
        *known = last_booked.max(*known);
    }
    shown.extend(covers);
    for until in shown.values_mut() {
        *until = until.map(|day| day.min(as_of));
    }
    shown
}

/// An account as accounts are compared: without blanks.
pub fn account_name(account: &str) -> String {
    account.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The configured inputs with the day until which each was heard of.
struct Inputs<'a> {
    all: Vec<(&'a FeedInput, Option<NaiveDate>)>,
    deliveries: &'a [Delivery<'a>],
    as_of: NaiveDate,
}

impl<'a> Inputs<'a> {
    fn of(items: &'a CoverageItems<'a>, rules: &'a Rules, as_of: NaiveDate) -> Self {
        let mut inputs = Self {
            all: rules.inputs.iter().map(|input| (input, None)).collect(),
            deliveries: items.deliveries,
            as_of,
        };
        let heard = |input: &FeedInput| {
            let days = inputs.of_input(input).map(|delivery| delivery.received);
            days.max().map(|day| day.min(as_of))
        };
        let days: Vec<Option<NaiveDate>> = rules.inputs.iter().map(heard).collect();
        for ((_, day), heard) in inputs.all.iter_mut().zip(days) {
            *day = heard;
        }
        inputs
    }

    fn of_kind(
        &self,
        kind: InputKind,
    ) -> impl Iterator<Item = &(&'a FeedInput, Option<NaiveDate>)> {
        self.all.iter().filter(move |(input, _)| input.kind == kind)
    }

    /// The files that came by an input. One whose input is no longer configured, or was never
    /// noted, may have come by any of its kind and provider.
    fn of_input<'i>(&'i self, input: &'i FeedInput) -> impl Iterator<Item = &'i Delivery<'a>> {
        self.deliveries.iter().filter(move |delivery| {
            let is_of = |known: &FeedInput| {
                known.kind == delivery.kind
                    && known
                        .provider
                        .as_deref()
                        .is_none_or(|own| own == delivery.provider)
            };
            let named = |known: &FeedInput| is_of(known) && known.path == delivery.input;
            if named(input) {
                return true;
            }
            is_of(input) && !self.all.iter().any(|(known, _)| named(known))
        })
    }

    /// How far the reports of each provider with an input of lines reach.
    fn reports(&self) -> BTreeMap<String, Reach> {
        let mut reports = BTreeMap::new();
        for (input, _) in &self.all {
            if let Some(provider) = lines_of(input) {
                reports.insert(provider.to_owned(), Reach::Nothing);
            }
        }
        for delivery in self.deliveries {
            if let Some((reach, day)) = reports.get_mut(delivery.provider).zip(delivery.report_date)
            {
                let day = day.min(self.as_of);
                *reach = Reach::Until(reach.day().map_or(day, |known| known.max(day)));
            }
        }
        reports
    }

    fn orders(&self) -> OrderBooks {
        let mut books = OrderBooks::default();
        for (input, until) in self.of_kind(InputKind::Orders) {
            let book = OrderBook {
                until: *until,
                path: input.path.clone(),
            };
            let others = books.of_others.take();
            books.of_others = Some(match others {
                Some(other) => other.further(book.clone()),
                None => book.clone(),
            });
            let brought: BTreeSet<&String> = self
                .of_input(input)
                .flat_map(|delivery| delivery.orders_of)
                .collect();
            for provider in brought {
                let known = books.by_provider.remove(provider);
                let further = match known {
                    Some(known) => known.further(book.clone()),
                    None => book.clone(),
                };
                books.by_provider.insert(provider.clone(), further);
            }
        }
        books
    }
}

/// Whose lines an input brings.
fn lines_of(input: &FeedInput) -> Option<&str> {
    let provider = input.provider.as_deref();
    provider.filter(|_| input.kind.content() == InputContent::Lines)
}
