//! What is to be explained: payouts and bank entries, each with everything the rules ask of it.
//!
//! Texts are searched and windows are computed here, once; the rules only compare.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use regex::Regex;

use super::PayoutItems;
use crate::domain::calendar::{BusinessCalendar, plus_days};
use crate::domain::payout::{BankEntry, Payout, PayoutOutcome, PayoutState};
use crate::domain::rules::{ProviderRules, Rules, SettlementMode};
use crate::domain::{Amount, Currency};
use crate::matching::coverage::account_name;

/// A provider as this leg knows it.
pub(super) struct Party<'a> {
    pub(super) name: &'a str,
    rules: &'a ProviderRules,
    /// Recognises its entries; `None` recognises nothing.
    bank_text: Option<Cow<'a, Regex>>,
    /// The accounts it pays to, without blanks; empty: all.
    pub(super) accounts: Vec<String>,
}

impl<'a> Party<'a> {
    fn new(name: &'a str, rules: &'a Rules) -> Self {
        let bank_text = match rules.providers.get(name) {
            Some(configured) => Some(Cow::Borrowed(&configured.bank_text)),
            // A provider without settings is recognised by its own name (`spec: cli, recon.toml`).
            None => Regex::new(&format!(r"(?i)\b{}\b", regex::escape(name)))
                .ok()
                .map(Cow::Owned),
        };
        let rules = rules.provider(name);
        Self {
            name,
            rules,
            bank_text,
            accounts: rules.accounts.iter().map(|it| account_name(it)).collect(),
        }
    }

    pub(super) fn mode(&self) -> SettlementMode {
        self.rules.mode
    }

    /// What it pays for these lines: all of it, or what its commission leaves.
    pub(super) fn pays(&self, gross: Amount, fee: Amount) -> Amount {
        match self.rules.mode {
            SettlementMode::Gross => gross,
            SettlementMode::Net => gross - fee,
        }
    }

    /// The day on which a payout or lines last reported on `last` must be explained.
    pub(super) fn payout_grace_ends(
        &self,
        last: NaiveDate,
        calendar: &BusinessCalendar,
    ) -> NaiveDate {
        calendar.add_business_days(last, self.rules.payout_grace_business_days)
    }

    /// The day on which an entry booked on `booked_on` must be explained.
    pub(super) fn entry_grace_ends(
        &self,
        booked_on: NaiveDate,
        calendar: &BusinessCalendar,
    ) -> NaiveDate {
        calendar.add_business_days(booked_on, self.rules.entry_grace_business_days)
    }

    /// The day from which its bank entries should be explained: before it they may pay what was
    /// reported before the books open.
    pub(super) fn explains_from(&self) -> Option<NaiveDate> {
        let window = i64::from(self.rules.bank_window_after_days);
        self.rules.books_open.map(|opens| plus_days(opens, window))
    }

    fn pays_to(&self, account: &str) -> bool {
        self.accounts.is_empty() || {
            let account = account_name(account);
            self.accounts.contains(&account)
        }
    }

    /// True when its text stands in the counterparty, a reference or the remittance of an entry.
    fn recognises(&self, entry: &BankEntry) -> bool {
        let found = |text: &str| self.bank_text.as_ref().is_some_and(|it| it.is_match(text));
        found(&entry.counterparty)
            || entry.references.iter().any(|reference| found(reference))
            || found(&entry.remittance)
    }
}

impl PartialEq for Party<'_> {
    /// A provider is its name.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Every provider that is configured or reports something, by name.
pub(super) struct Parties<'a>(BTreeMap<&'a str, Party<'a>>);

impl<'a> Parties<'a> {
    pub(super) fn of(items: &PayoutItems<'a>, rules: &'a Rules) -> Self {
        let configured = rules.providers.keys().map(String::as_str);
        let names: BTreeSet<&str> = configured
            .chain(items.payouts.iter().map(|it| it.provider.as_str()))
            .chain(items.unassigned.iter().map(|it| it.provider.as_str()))
            .chain(items.monthly_fees.iter().map(|it| it.provider.as_str()))
            .collect();
        let parties = names
            .into_iter()
            .map(|name| (name, Party::new(name, rules)));
        Self(parties.collect())
    }

    /// All of them, by name.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Party<'a>> {
        self.0.values()
    }

    /// A provider by its name; present for every name that the items hold.
    pub(super) fn get(&self, name: &str) -> Option<&Party<'a>> {
        self.0.get(name)
    }

    /// The payouts, ordered by provider, reference and currency.
    pub(super) fn payouts<'s>(&'s self, payouts: &'s [Payout]) -> Vec<OpenPayout<'s>> {
        let mut sorted: Vec<&Payout> = payouts.iter().collect();
        sorted.sort_by_key(|it| (&it.provider, &it.reference, it.currency));
        sorted
            .into_iter()
            .filter_map(|payout| Some((payout, self.get(&payout.provider)?)))
            .enumerate()
            .map(|(number, (payout, party))| OpenPayout::new(number, payout, party))
            .collect()
    }

    /// The entries, ordered by booking date, then by what tells them apart.
    pub(super) fn entries<'s>(&'s self, entries: &'s [BankEntry]) -> Vec<OpenEntry<'s>> {
        let mut sorted: Vec<&BankEntry> = entries.iter().collect();
        sorted.sort_by_key(|it| {
            let place = (&it.file, it.line);
            let what = (it.amount, it.currency);
            (it.booked_on, &it.account, &it.entry_id, what, place)
        });
        sorted
            .into_iter()
            .enumerate()
            .map(|(number, entry)| {
                let parties = self.0.values().filter(|party| party.recognises(entry));
                let recognised: Vec<&Party<'_>> = parties.collect();
                let payers = recognised.iter().copied();
                let payers: Vec<_> = payers.filter(|it| it.pays_to(&entry.account)).collect();
                OpenEntry {
                    number,
                    entry,
                    named: payers.first().or(recognised.first()).copied(),
                    recognised,
                    payers,
                }
            })
            .collect()
    }
}

/// A payout that waits for its entries.
pub(super) struct OpenPayout<'a> {
    /// Its place among the payouts of this reconciliation.
    pub(super) number: usize,
    pub(super) payout: &'a Payout,
    pub(super) party: &'a Party<'a>,
    /// What the bank should book.
    pub(super) expected: Amount,
    /// First day on which the bank may have booked it.
    pub(super) opens: NaiveDate,
    /// Last day on which the bank may have booked it.
    pub(super) closes: NaiveDate,
}

impl<'a> OpenPayout<'a> {
    fn new(number: usize, payout: &'a Payout, party: &'a Party<'a>) -> Self {
        Self {
            number,
            payout,
            party,
            expected: party.pays(payout.gross, payout.fee),
            opens: plus_days(
                payout.first,
                -i64::from(party.rules.bank_window_before_days),
            ),
            closes: plus_days(payout.last, i64::from(party.rules.bank_window_after_days)),
        }
    }

    /// True when an entry that names this payout may pay it: same currency and sign, on an account
    /// of the provider, within the window.
    ///
    /// A payout that adds up to nothing has no sign: an entry that names it belongs to it all the
    /// same, and says that the sum is wrong.
    pub(super) fn admits(&self, entry: &BankEntry) -> bool {
        let same_sign = self.expected.is_zero()
            || (!entry.amount.is_zero()
                && entry.amount.is_negative() == self.expected.is_negative());
        same_sign
            && entry.currency == self.payout.currency
            && (self.opens..=self.closes).contains(&entry.booked_on)
            && self.party.pays_to(&entry.account)
    }

    /// First and last day on which the bank may have booked it.
    pub(super) fn window(&self) -> (NaiveDate, NaiveDate) {
        (self.opens, self.closes)
    }

    /// Orders payouts as they follow each other.
    pub(super) fn sequence(&self) -> (NaiveDate, &'a str, &'a str, Currency) {
        let payout = self.payout;
        let name = (&payout.reference, &payout.provider);
        (payout.last, name.0, name.1, payout.currency)
    }

    /// Its row, without anything booked.
    pub(super) fn outcome(&self, state: PayoutState) -> PayoutOutcome {
        PayoutOutcome {
            payout: self.payout.clone(),
            expected: self.expected,
            booked: None,
            state,
            matched_by: None,
            bank_entries: Vec::new(),
            waits_for: None,
        }
    }
}

/// A bank entry that waits for its explanation.
pub(super) struct OpenEntry<'a> {
    /// Its place among the entries of this reconciliation: a later one is not booked earlier.
    pub(super) number: usize,
    pub(super) entry: &'a BankEntry,
    /// The provider whose text stands in it; of several the first by name that pays to its
    /// account, else the first. Money on an account that is not expected has to be explained all
    /// the same: `accounts` limits what may pay a payout, not what is seen.
    pub(super) named: Option<&'a Party<'a>>,
    /// All whose text stands in it, by name.
    pub(super) recognised: Vec<&'a Party<'a>>,
    /// Those whose text stands in it and that pay to its account, by name: it may pay theirs.
    pub(super) payers: Vec<&'a Party<'a>>,
}

impl OpenEntry<'_> {
    /// True when it may pay what a provider reports, by its text and account.
    pub(super) fn may_be_of(&self, party: &Party<'_>) -> bool {
        self.payers.contains(&party)
    }
}

/// The entries that may pay something by their text, by provider, currency and amount; each list by
/// booking date.
pub(super) struct EntriesByAmount<'s, 'a> {
    lists: HashMap<(&'a str, Currency, Amount), Vec<&'s OpenEntry<'a>>>,
}

impl<'s, 'a> EntriesByAmount<'s, 'a> {
    pub(super) fn new(entries: &[&'s OpenEntry<'a>]) -> Self {
        let mut lists: HashMap<_, Vec<_>> = HashMap::new();
        for &it in entries {
            for party in &it.payers {
                let key = (party.name, it.entry.currency, it.entry.amount);
                lists.entry(key).or_default().push(it);
            }
        }
        Self { lists }
    }

    /// The entries of exactly this amount, booked from `opens` to `closes`.
    pub(super) fn between(
        &self,
        (party, currency, amount): (&'a str, Currency, Amount),
        (opens, closes): (NaiveDate, NaiveDate),
    ) -> &[&'s OpenEntry<'a>] {
        let list = self.lists.get(&(party, currency, amount));
        let list = list.map(Vec::as_slice).unwrap_or_default();
        let start = list.partition_point(|it| it.entry.booked_on < opens);
        let end = list.partition_point(|it| it.entry.booked_on <= closes);
        list.get(start..end).unwrap_or_default()
    }

    pub(super) fn contains(&self, party: &'a str, currency: Currency, amount: Amount) -> bool {
        self.lists.contains_key(&(party, currency, amount))
    }
}
