//! When something is certain: its grace has ended, and the book in which the answer would stand
//! reaches that day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::open_items::{OpenEntry, Parties, Party};
use crate::domain::calendar::plus_days;
use crate::domain::coverage::{Book, Reach, Waiting};
use crate::domain::discrepancy::Discrepancy;
use crate::domain::payout::AwaitedStatement;
use crate::matching::coverage::{BankReach, Covered, account_name};

/// Days up to the as-of date in which an account counts as a provider's because it paid there.
const ACCOUNT_SEEN_DAYS: i64 = 60;

/// Whether something may be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is too early, or no book will ever tell.
    NotYet,
    /// Only a book is missing.
    Waits(Awaited),
    /// It may be said.
    Certain,
}

/// The book that is missing, and the day until which it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Awaited {
    book: Book,
    until: Option<NaiveDate>,
}

impl Awaited {
    /// What waits for it: `found` would be said.
    pub(super) fn waiting(&self, found: &Discrepancy) -> Waiting {
        Waiting {
            book: self.book.clone(),
            currency: found.currency,
            amount: found.difference().unwrap_or_default().abs(),
        }
    }

    /// The statement that is missing.
    pub(super) fn statement(&self) -> Option<AwaitedStatement> {
        match &self.book {
            Book::Bank(account) => Some(AwaitedStatement {
                account: account.clone(),
                ends_on: self.until,
            }),
            Book::Reports(_) | Book::Orders(_) => None,
        }
    }
}

/// How far the books reach that payouts and entries depend on.
pub(super) struct Certainty<'c, 'a> {
    covered: &'c Covered,
    banks: BTreeMap<&'a str, BankReach>,
}

impl<'c, 'a> Certainty<'c, 'a> {
    pub(super) fn of(
        covered: &'c Covered,
        parties: &Parties<'a>,
        entries: &[OpenEntry<'_>],
    ) -> Self {
        let since = plus_days(covered.as_of(), -ACCOUNT_SEEN_DAYS);
        let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for open in entries.iter().filter(|it| it.entry.booked_on >= since) {
            for party in &open.recognised {
                let accounts = seen.entry(party.name).or_default();
                if !accounts.contains(&open.entry.account) {
                    accounts.insert(account_name(&open.entry.account));
                }
            }
        }
        let nowhere = BTreeSet::new();
        let bank = |party: &Party<'a>| {
            let seen = seen.get(party.name).unwrap_or(&nowhere);
            (party.name, covered.bank(&party.accounts, seen))
        };
        let banks = parties.iter().map(bank).collect();
        Self { covered, banks }
    }

    /// Whether what fell due on a day may be said, when the bank would show the contrary.
    pub(super) fn by_bank(&self, party: &str, due_on: NaiveDate) -> Verdict {
        match self.banks.get(party) {
            Some(bank) => self.verdict(bank.reach, due_on, || Book::Bank(bank.account.clone())),
            None => Verdict::NotYet,
        }
    }

    /// The same where a report would: of the providers whose text is found, that of the first by
    /// name which has reports.
    pub(super) fn by_reports(&self, open: &OpenEntry<'_>, due_on: NaiveDate) -> Verdict {
        let reaches = || {
            let names = open.recognised.iter().map(|party| party.name);
            names.map(|name| (name, self.covered.reports(name)))
        };
        let reporting = reaches().find(|(_, reach)| reach.day().is_some());
        let configured = || reaches().find(|(_, reach)| *reach != Reach::NoFeed);
        match reporting.or_else(configured) {
            Some((name, reach)) => self.verdict(reach, due_on, || Book::Reports(name.to_owned())),
            None => Verdict::NotYet,
        }
    }

    fn verdict(&self, reach: Reach, due_on: NaiveDate, book: impl FnOnce() -> Book) -> Verdict {
        if self.covered.as_of() < due_on || reach == Reach::NoFeed {
            Verdict::NotYet
        } else if reach.covers(due_on) {
            Verdict::Certain
        } else {
            Verdict::Waits(Awaited {
                book: book(),
                until: reach.day(),
            })
        }
    }

    /// The accounts of each provider.
    pub(super) fn accounts(&self) -> BTreeMap<String, BTreeSet<String>> {
        let banks = self.banks.iter();
        banks
            .map(|(name, bank)| ((*name).to_owned(), bank.accounts.clone()))
            .collect()
    }

    /// The day that is looked from.
    pub(super) fn as_of(&self) -> NaiveDate {
        self.covered.as_of()
    }
}
