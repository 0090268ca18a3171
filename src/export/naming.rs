//! From roles to the accounts of a chart: placeholders filled in, and no two providers or banks
//! folded into one name.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Account, Entry, Journal};
use crate::domain::accounts::{AccountNames, AccountRole};

const PROVIDER: &str = "{provider}";
const BANK: &str = "{bank}";

/// The accounts of a journal in one chart.
pub(super) struct Chart<'n> {
    names: &'n AccountNames,
    parts: BTreeMap<String, String>,
}

impl<'n> Chart<'n> {
    /// The chart for a journal. `part` makes of a provider's or bank's name what may stand in an
    /// account's name; where it makes the same of two, the second has a number behind it.
    pub(super) fn new(
        names: &'n AccountNames,
        journal: &Journal,
        part: impl Fn(&str) -> String,
    ) -> Self {
        let mut wanted: BTreeSet<&str> = BTreeSet::new();
        for line in journal.entries.iter().flat_map(Entry::lines) {
            wanted.insert(&line.account.provider);
            wanted.insert(&line.account.bank);
        }
        for (account, _) in journal.balances.keys() {
            wanted.insert(&account.provider);
        }
        let mut taken = BTreeSet::new();
        let mut parts = BTreeMap::new();
        for name in wanted {
            let plain = part(name);
            let mut free = plain.clone();
            let mut count = 2_u32;
            while !taken.insert(free.to_lowercase()) {
                free = format!("{plain}-{count}");
                count = count.saturating_add(1);
            }
            parts.insert(name.to_owned(), free);
        }
        Self { names, parts }
    }

    /// The chart's text for an account.
    pub(super) fn name(&self, account: &Account) -> String {
        if account.role == AccountRole::Decided {
            return self.decided(&account.bank);
        }
        let text = self
            .names
            .text(account.role, &account.provider, &account.bank);
        let part = |name: &str| self.parts.get(name).map_or("", String::as_str);
        let text = text.replace(PROVIDER, part(&account.provider));
        if account.role == AccountRole::Bank {
            text.replace(BANK, part(&account.bank))
        } else {
            text
        }
    }

    /// What a person wrote is the account's number or name. In a chart of names, a number stands
    /// where commissions do.
    fn decided(&self, written: &str) -> String {
        let fees = self.names.text(AccountRole::Fees, "", "");
        match fees.split_once(':') {
            Some((group, _)) if !written.contains(':') => {
                let part = self.parts.get(written).map_or(written, String::as_str);
                format!("{group}:{part}")
            }
            Some(_) | None => written.to_owned(),
        }
    }
}

/// All accounts of a journal's entries, sorted by name, with the currencies they have.
pub(super) fn used<'j>(
    journal: &'j Journal,
    chart: &Chart<'_>,
) -> BTreeMap<String, BTreeSet<&'j str>> {
    let mut used: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for entry in &journal.entries {
        for line in entry.lines() {
            let currencies = used.entry(chart.name(&line.account)).or_default();
            currencies.insert(entry.currency.code());
        }
    }
    used
}
