//! What may be linked: a wish becomes a link when what it names is there, is nobody else's, and adds
//! up.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::config::Settings;
use crate::domain::decision::Wish;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::link::{BankLink, EntryName, Link, MonthName, PayoutName, Rest};
use crate::domain::order::normal_reference;
use crate::domain::payout::{BankEntry, MonthlyFee, PayoutOutcome};
use crate::domain::rules::Tolerance;
use crate::domain::{Amount, Currency};
use crate::facts::lookup;
use crate::matching::coverage::account_name;
use crate::matching::payouts::{Purpose, reconcile_bookings};
use crate::pipeline::RunError;
use crate::pipeline::coverage::covered;
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::storage::Db;

/// What pays together already: payouts and entries.
type Group = (Vec<PayoutName>, Vec<EntryName>);

/// Everything that a link may name, as the latest recorded night knows it.
pub(super) struct LinkDesk {
    tolerance: Tolerance,
    payouts: Vec<PayoutOutcome>,
    /// What each of them adds up to.
    expected: HashMap<PayoutName, Amount>,
    months: Vec<MonthlyFee>,
    entries: HashMap<EntryName, BankEntry>,
    /// The group of each payout that the bank booked, right or wrong.
    groups: HashMap<PayoutName, Group>,
    /// Payouts and entries that are linked already, and the discrepancy of the link.
    linked_payouts: HashMap<PayoutName, String>,
    linked_entries: HashMap<EntryName, String>,
    /// Orders, by provider and reference, among those that are asked for.
    orders: BTreeSet<(String, String)>,
}

fn payout_name(outcome: &PayoutOutcome) -> PayoutName {
    let payout = &outcome.payout;
    PayoutName {
        provider: payout.provider.clone(),
        reference: payout.reference.clone(),
        currency: payout.currency,
    }
}

/// An entry by the one way to write its account.
fn entry_name(account: &str, entry: &str) -> EntryName {
    EntryName {
        account: account_name(account),
        entry: entry.to_owned(),
    }
}

fn name_of(entry: &BankEntry) -> EntryName {
    entry_name(&entry.account, &entry.entry_id)
}

impl LinkDesk {
    pub(super) async fn open(
        db: &mut Db,
        settings: &Settings,
        night: NaiveDate,
        orders: &BTreeSet<&str>,
    ) -> Result<Self, RunError> {
        let rules = &settings.rules;
        let knowledge = Knowledge::read(db).await?;
        let from = Viewpoint::today(night);
        let facts = knowledge.payout_facts(from, &knowledge.counting(from));
        let covered = covered(&knowledge, rules, night, false);
        let (outcome, bookings) = reconcile_bookings(&facts.items(), rules, &covered);
        let mut groups = HashMap::new();
        for booking in &bookings {
            if let Purpose::Payouts { payouts, .. } = &booking.purpose {
                let names: Vec<PayoutName> = payouts.iter().map(payout_name).collect();
                let entries: Vec<EntryName> = booking.entries.iter().map(name_of).collect();
                for name in &names {
                    groups.insert(name.clone(), (names.clone(), entries.clone()));
                }
            }
        }
        let known = lookup::orders(db, orders).await?;
        let mut desk = Self {
            tolerance: rules.amount_tolerance,
            expected: (outcome.payouts.iter())
                .map(|it| (payout_name(it), it.expected))
                .collect(),
            payouts: outcome.payouts,
            months: facts.monthly_fees,
            entries: facts
                .entries
                .into_iter()
                .map(|it| (name_of(&it), it))
                .collect(),
            groups,
            linked_payouts: HashMap::new(),
            linked_entries: HashMap::new(),
            orders: known.into_keys().collect(),
        };
        for group in &facts.links {
            desk.note(&group.id, &group.link);
        }
        Ok(desk)
    }

    /// Remembers a link that is decided, so that nothing is linked twice.
    pub(super) fn take(&mut self, id: &str, link: &Link) {
        if let Link::Bank(link) = link {
            self.note(id, link);
        }
    }

    fn note(&mut self, id: &str, link: &BankLink) {
        for payout in &link.payouts {
            self.linked_payouts
                .entry(payout.clone())
                .or_insert_with(|| id.to_owned());
        }
        for entry in &link.entries {
            let name = entry_name(&entry.account, &entry.entry);
            self.linked_entries
                .entry(name)
                .or_insert_with(|| id.to_owned());
        }
    }

    /// The link that a wish means.
    ///
    /// # Errors
    /// What of it is not there, is another's or does not add up, and what to do, as a sentence.
    pub(super) fn link(&self, found: &Discrepancy, wish: &Wish) -> Result<Link, String> {
        let is = |codes: &[Code]| codes.contains(&found.code);
        if is(&[Code::ReferenceMissing, Code::OrderNotFound]) {
            self.to_order(found, wish)
        } else if is(&[Code::PayoutReferenceMissing]) {
            to_payout(found, wish)
        } else if is(&[
            Code::PayoutNotReceived,
            Code::PayoutAmountMismatch,
            Code::AmbiguousMatch,
            Code::DebitNotTaken,
        ]) {
            self.to_entries(found, wish)
        } else if is(&[Code::BankCreditUnexplained, Code::BankDebitUnexplained]) {
            self.of_entry(found, wish)
        } else {
            Err(format!(
                "a {} is about nothing that could be linked; accept it or write it off",
                found.code
            ))
        }
    }

    fn to_order(&self, found: &Discrepancy, wish: &Wish) -> Result<Link, String> {
        takes(found, wish, &["--order"])?;
        let order = normal_reference(&wish.order);
        if order.is_empty() {
            return Err(format!(
                "a {} is linked to an order: say --order REFERENCE",
                found.code
            ));
        }
        let key = (found.provider.clone(), order.to_owned());
        if !self.orders.contains(&key) {
            return Err(format!(
                "the shop has no order {order} of {}; `crp-recon show {order}` says what is known \
                 of it",
                found.provider
            ));
        }
        let order = order.to_owned();
        Ok(if found.code == Code::OrderNotFound {
            Link::Reference {
                provider: found.provider.clone(),
                written: found.order_reference.clone(),
                order,
            }
        } else {
            Link::Line {
                line: found.key.clone(),
                currency: found.currency.unwrap_or(Currency::EUR),
                order,
            }
        })
    }

    /// A payout, or a month's commissions, and the entries that a person names.
    fn to_entries(&self, found: &Discrepancy, wish: &Wish) -> Result<Link, String> {
        takes(found, wish, &["--entry", "--write-off"])?;
        if wish.entries.is_empty() {
            return Err(format!(
                "a {} is linked to what the bank booked: say --entry ACCOUNT/ENTRY, as \
                 `crp-recon show` and the reports name entries",
                found.code
            ));
        }
        let mut given = BTreeSet::new();
        for written in &wish.entries {
            given.insert(self.entry_called(written)?);
        }
        let (payouts, month) = paid(found);
        let mut together = given.clone();
        for payout in &payouts {
            let group = self.groups.get(payout);
            together.extend(
                group
                    .into_iter()
                    .flat_map(|(_, entries)| entries.iter().cloned()),
            );
        }
        let link = |entries: BTreeSet<EntryName>| BankLink {
            payouts: payouts.clone(),
            month: month.clone(),
            entries: entries.into_iter().collect(),
            rest: None,
        };
        self.adding_up(found, wish, [link(given), link(together)])
    }

    /// An entry, and the payout that a person names, or the account that it goes to.
    fn of_entry(&self, found: &Discrepancy, wish: &Wish) -> Result<Link, String> {
        takes(found, wish, &["--payout", "--write-off"])?;
        let own = entry_name(&found.account, &found.bank_entry);
        if wish.payout.is_empty() {
            if wish.account.is_empty() {
                return Err(format!(
                    "a {} is linked to a payout: say --payout REFERENCE; where it is something \
                     else, say --write-off ACCOUNT, the account that it belongs to",
                    found.code
                ));
            }
            let link = BankLink {
                entries: vec![own],
                ..BankLink::default()
            };
            return self.adding_up(found, wish, [link.clone(), link]);
        }
        let name = self.payout_called(&wish.payout, found)?;
        let alone = BankLink {
            payouts: vec![name.clone()],
            entries: vec![own.clone()],
            ..BankLink::default()
        };
        let mut together = alone.clone();
        if let Some((payouts, entries)) = self.groups.get(&name) {
            together.payouts.clone_from(payouts);
            together
                .entries
                .extend(entries.iter().filter(|it| **it != own).cloned());
        }
        self.adding_up(found, wish, [alone, together])
    }

    /// The entry of `ACCOUNT/ENTRY`.
    fn entry_called(&self, written: &str) -> Result<EntryName, String> {
        let Some((account, entry)) = written.split_once('/') else {
            return Err(format!(
                "«{written}» names no bank entry; write its account and its id: ACCOUNT/ENTRY"
            ));
        };
        let name = entry_name(account, entry.trim());
        if self.entries.contains_key(&name) {
            return Ok(name);
        }
        Err(format!(
            "there is no entry {} on account {}; `crp-recon show {}` says what is known of it",
            name.entry, name.account, name.entry
        ))
    }

    /// The payout of a reference in the currency of an entry: that of the entry's provider, else the
    /// only one.
    fn payout_called(&self, reference: &str, found: &Discrepancy) -> Result<PayoutName, String> {
        let named = self.payouts.iter().filter(|it| {
            it.payout.reference.eq_ignore_ascii_case(reference.trim())
                && Some(it.payout.currency) == found.currency
        });
        let named: Vec<PayoutName> = named.map(payout_name).collect();
        let own = named.iter().find(|it| it.provider == found.provider);
        match (own, named.as_slice()) {
            (Some(own), _) => Ok(own.clone()),
            (None, [only]) => Ok(only.clone()),
            (None, []) => Err(format!(
                "there is no payout {reference} in {}; `crp-recon show {reference}` says what is \
                 known of it",
                found.currency.as_ref().map_or("", Currency::code)
            )),
            (None, several) => {
                let providers: Vec<&str> = several.iter().map(|it| it.provider.as_str()).collect();
                Err(format!(
                    "{reference} is a payout of {}; link the payout's own discrepancy to the entry",
                    providers.join(" and of ")
                ))
            }
        }
    }

    /// The first of two ways to understand a wish that adds up. Where none does, the second one with
    /// its rest written off, or nothing.
    fn adding_up(
        &self,
        found: &Discrepancy,
        wish: &Wish,
        ways: [BankLink; 2],
    ) -> Result<Link, String> {
        let currency = found.currency.unwrap_or(Currency::EUR);
        let tolerance = self.tolerance.amount(currency);
        let is_of_nothing = |link: &BankLink| link.payouts.is_empty() && link.month.is_none();
        for link in &ways {
            let (expected, booked) = self.sums(link, currency)?;
            if (booked - expected).abs() <= tolerance && !is_of_nothing(link) {
                self.is_free(link)?;
                return Ok(Link::Bank(self.as_written(link.clone())));
            }
        }
        let [_, mut link] = ways;
        let (expected, booked) = self.sums(&link, currency)?;
        self.is_free(&link)?;
        let rest = booked - expected;
        if wish.account.is_empty() {
            let money = |amount: Amount| format!("{} {currency}", amount.display(currency));
            return Err(format!(
                "what is expected adds up to {}, what the bank booked to {}; name what belongs to \
                 them besides, or say with --write-off ACCOUNT where the rest of {} goes",
                money(expected),
                money(booked),
                money(rest)
            ));
        }
        link.rest = Some(Rest {
            account: wish.account.clone(),
            amount: rest,
        });
        Ok(Link::Bank(self.as_written(link)))
    }

    /// What the payouts of a link add up to, and its entries.
    fn sums(&self, link: &BankLink, currency: Currency) -> Result<(Amount, Amount), String> {
        let mut expected = Amount::ZERO;
        for name in &link.payouts {
            let known = self.expected.get(name);
            expected +=
                *known.ok_or_else(|| format!("there is no payout {} now", name.reference))?;
        }
        if let Some(name) = &link.month {
            let is_it = |month: &&MonthlyFee| {
                (&month.provider, month.currency, month.month_end)
                    == (&name.provider, name.currency, name.month_end)
            };
            let month = self.months.iter().find(is_it);
            expected -= month.map_or(Amount::ZERO, |month| month.fee);
        }
        let mut booked = Amount::ZERO;
        for name in &link.entries {
            let Some(entry) = self.entries.get(name) else {
                return Err(format!("there is no entry {name} now"));
            };
            if entry.currency != currency {
                return Err(format!(
                    "the entry {name} is in {}, and this is about {currency}",
                    entry.currency
                ));
            }
            booked += entry.amount;
        }
        Ok((expected, booked))
    }

    /// Refuses what is linked already.
    fn is_free(&self, link: &BankLink) -> Result<(), String> {
        let payouts = link.payouts.iter().filter_map(|name| {
            let id = self.linked_payouts.get(name)?;
            Some((format!("the payout {}", name.reference), id))
        });
        let entries = link.entries.iter().filter_map(|name| {
            let id = self.linked_entries.get(name)?;
            Some((format!("the entry {name}"), id))
        });
        match payouts.chain(entries).next() {
            None => Ok(()),
            Some((what, id)) => Err(format!(
                "{what} is linked already, by a decision about {id}; `crp-recon unlink {id}` takes \
                 that back"
            )),
        }
    }

    /// Entries with their accounts as the statements write them.
    fn as_written(&self, mut link: BankLink) -> BankLink {
        for name in &mut link.entries {
            if let Some(entry) = self.entries.get(name) {
                name.account.clone_from(&entry.account);
            }
        }
        link
    }
}

/// The payouts that a discrepancy is about, or the month whose commissions.
fn paid(found: &Discrepancy) -> (Vec<PayoutName>, Option<MonthName>) {
    let (provider, currency) = (
        found.provider.clone(),
        found.currency.unwrap_or(Currency::EUR),
    );
    if let Detail::Commissions(month_end) = found.detail {
        let month = MonthName {
            provider,
            currency,
            month_end,
        };
        return (Vec::new(), Some(month));
    }
    let references = if let Detail::PaidTogether(references) = &found.detail {
        references.clone()
    } else {
        vec![found.payout_reference.clone()]
    };
    let payout = |reference| PayoutName {
        provider: provider.clone(),
        reference,
        currency,
    };
    (references.into_iter().map(payout).collect(), None)
}

fn to_payout(found: &Discrepancy, wish: &Wish) -> Result<Link, String> {
    takes(found, wish, &["--payout"])?;
    let payout = wish.payout.trim();
    if payout.is_empty() {
        return Err(format!(
            "a {} is linked to a payout: say --payout REFERENCE",
            found.code
        ));
    }
    Ok(Link::File {
        provider: found.provider.clone(),
        file: found.key.get(1).cloned().unwrap_or_default(),
        payout: payout.to_owned(),
    })
}

/// Refuses what a wish says that is nothing for this discrepancy.
fn takes(found: &Discrepancy, wish: &Wish, options: &[&str]) -> Result<(), String> {
    let said = [
        ("--order", !wish.order.is_empty()),
        ("--payout", !wish.payout.is_empty()),
        ("--entry", !wish.entries.is_empty()),
        ("--write-off", !wish.account.is_empty()),
    ];
    match said
        .iter()
        .find(|(option, is_said)| *is_said && !options.contains(option))
    {
        None => Ok(()),
        Some((option, _)) => Err(format!(
            "a {} takes no {option}; it takes {}",
            found.code,
            options.join(" and ")
        )),
    }
}
