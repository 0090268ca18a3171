//! Which order a provider event belongs to.
//!
//! The events of a transaction belong together, to the order that the latest of them names; where
//! the shop has none under that reference, to the one of the transaction. So an event may change
//! its order when orders or further events come later, and both orders are looked at again then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::buffer::PackedRows;
use super::lookup;
use crate::domain::packed::{Damage, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::matching::provider_status::named_on;
use crate::storage::facts::keys::{self, KeySpace, Pair};
use crate::storage::facts::{FactRow, FactTable, blocks};
use crate::storage::{Db, StorageError};

/// The order that a transaction's latest event names, and the day on which it will be another.
#[derive(Clone, Debug)]
struct Renamed {
    reference: String,
    until: Option<NaiveDate>,
}

/// A provider, and a transaction or a reference of it.
type Key = (String, String);

/// The events that do not belong to the order that they name.
#[derive(Debug, Default)]
pub struct Owners {
    /// Transactions whose events name several orders.
    renamed: BTreeMap<Key, Renamed>,
    /// By provider and the reference that is named, then by transaction: the order's reference.
    moved: BTreeMap<Key, BTreeMap<String, String>>,
}

/// Orders and provider events that share transactions.
#[derive(Debug, Default)]
struct Shared {
    events: BTreeMap<Key, PackedRows>,
    orders: BTreeMap<Key, BTreeSet<String>>,
}

impl Shared {
    fn add(&mut self, row: &FactRow<'_>) -> Result<(), Damage> {
        let key = (
            row.provider()?.to_owned(),
            row.table.transaction(row.bytes)?.to_owned(),
        );
        match row.table {
            FactTable::Orders => {
                let references = self.orders.entry(key).or_default();
                references.insert(row.reference()?.to_owned());
            }
            FactTable::ProviderEvents => self.events.entry(key).or_default().append(row.bytes),
            FactTable::Lines | FactTable::OrderEvents => {}
        }
        Ok(())
    }

    /// The references of transactions of which an event and something else name different ones.
    fn linked(&self) -> Result<BTreeSet<String>, Damage> {
        let mut linked = BTreeSet::new();
        for (key, events) in &self.events {
            let mut references = self.orders.get(key).cloned().unwrap_or_default();
            for event in events.bytes() {
                references.insert(unpack::<&str>(event)?.to_owned());
            }
            if references.len() > 1 {
                linked.append(&mut references);
            }
        }
        Ok(linked)
    }
}

async fn has_events(db: &mut Db) -> Result<bool, StorageError> {
    blocks::has(db, FactTable::ProviderEvents).await
}

impl Owners {
    /// Those of all events.
    ///
    /// # Errors
    /// When the database fails, or what it holds is damaged.
    pub async fn all(db: &mut Db, as_of: NaiveDate) -> Result<Self, StorageError> {
        if !has_events(db).await? {
            return Ok(Self::default());
        }
        let mut rows = differing(db).await?;
        rows.sort_unstable();
        let mut shared = Shared::default();
        blocks::rows(db, &rows, |row| shared.add(&row)).await?;
        Self::decide(db, &shared, as_of).await
    }

    /// Those of the events that concern some references, which it adds to: what is linked to them
    /// concerns them too.
    ///
    /// # Errors
    /// When the database fails, or what it holds is damaged.
    pub async fn concerning(
        db: &mut Db,
        references: &mut BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Result<Self, StorageError> {
        if !has_events(db).await? {
            return Ok(Self::default());
        }
        let mut all = Shared::default();
        let mut asked: BTreeSet<String> = references.clone();
        while !asked.is_empty() {
            let transactions = transactions_of(db, &asked).await?;
            let transactions: BTreeSet<&str> = transactions.iter().map(String::as_str).collect();
            let mut shared = Shared::default();
            lookup::of_transactions(db, &transactions, |_| true, |row| shared.add(&row)).await?;
            let linked = shared.linked()?;
            asked = linked.difference(references).cloned().collect();
            references.extend(asked.iter().cloned());
            all.events.append(&mut shared.events);
            all.orders.append(&mut shared.orders);
        }
        Self::decide(db, &all, as_of).await
    }

    async fn decide(db: &mut Db, shared: &Shared, as_of: NaiveDate) -> Result<Self, StorageError> {
        let mut owners = Self::default();
        for (key, packed) in &shared.events {
            let events: Vec<ProviderEvent<'_>> = packed.all()?;
            let named: BTreeSet<&str> = events.iter().map(|event| event.order_reference).collect();
            if named.len() > 1
                && let Some(named) = named_on(&events, as_of)
            {
                let renamed = Renamed {
                    reference: named.reference.to_owned(),
                    until: named.until,
                };
                owners.renamed.insert(key.clone(), renamed);
            }
            let Some(orders) = shared.orders.get(key) else {
                continue;
            };
            for reference in named {
                // Several orders of one transaction: the same one whatever came first.
                if let Some(order) = orders.iter().find(|order| *order != reference) {
                    let key = (key.0.clone(), reference.to_owned());
                    let by_transaction = owners.moved.entry(key).or_default();
                    by_transaction.insert(shared_transaction(packed)?, order.clone());
                }
            }
        }
        owners.without_orders(db).await?;
        Ok(owners)
    }

    /// Keeps only the events whose own reference has no order.
    async fn without_orders(&mut self, db: &mut Db) -> Result<(), StorageError> {
        let references: Vec<String> = self.moved.keys().map(|key| key.1.clone()).collect();
        let asked: BTreeSet<&str> = references.iter().map(String::as_str).collect();
        for key in lookup::orders(db, &asked).await?.into_keys() {
            self.moved.remove(&key);
        }
        Ok(())
    }

    fn renamed(&self, event: &ProviderEvent<'_>) -> Option<&Renamed> {
        if self.renamed.is_empty() {
            return None;
        }
        let key = (event.provider.to_owned(), event.transaction_id.to_owned());
        self.renamed.get(&key)
    }

    /// The reference of the order that an event belongs to, where it is not the event's own.
    pub fn of<'o>(&'o self, event: &ProviderEvent<'o>) -> Option<&'o str> {
        if self.is_empty() {
            return None;
        }
        let renamed = self.renamed(event);
        let named = renamed.map_or(event.order_reference, |renamed| &renamed.reference);
        let key = (event.provider.to_owned(), named.to_owned());
        let moved = self.moved.get(&key);
        let order = moved.and_then(|orders| orders.get(event.transaction_id));
        let owner = order.map_or(named, String::as_str);
        (owner != event.order_reference).then_some(owner)
    }

    /// True when each event belongs to the order that it names.
    pub fn is_empty(&self) -> bool {
        self.renamed.is_empty() && self.moved.is_empty()
    }

    /// The next day on which one of some events goes to another order because time has come.
    pub fn next_move(&self, events: &[ProviderEvent<'_>]) -> Option<NaiveDate> {
        let days = events.iter().filter_map(|event| self.renamed(event)?.until);
        days.min()
    }
}

/// The transaction that all of some events have.
fn shared_transaction(events: &PackedRows) -> Result<String, Damage> {
    match events.bytes().next() {
        Some(event) => unpack::<ProviderEvent<'_>>(event).map(|it| it.transaction_id.to_owned()),
        None => Ok(String::new()),
    }
}

/// The transactions that orders and events of some references name.
async fn transactions_of(
    db: &mut Db,
    references: &BTreeSet<String>,
) -> Result<BTreeSet<String>, StorageError> {
    let asked: BTreeSet<&str> = references.iter().map(String::as_str).collect();
    let mut found = BTreeSet::new();
    let named = |table, _| matches!(table, FactTable::Orders | FactTable::ProviderEvents);
    lookup::of_references(db, &asked, named, |row| {
        let transaction = row.table.transaction(row.bytes)?;
        if !transaction.is_empty() {
            found.insert(transaction.to_owned());
        }
        Ok(())
    })
    .await?;
    Ok(found)
}

/// The numbers of all rows whose transaction has an event and two references.
async fn differing(db: &mut Db) -> Result<Vec<i64>, StorageError> {
    let (mut rows, mut group): (Vec<i64>, Vec<Pair>) = (Vec::new(), Vec::new());
    let mut close = |group: &mut Vec<Pair>| {
        let first = group.first().map(|pair| pair.reference);
        let differ = group.iter().any(|pair| Some(pair.reference) != first);
        let said = |pair: &Pair| pair.table() == FactTable::ProviderEvents;
        if differ && group.iter().any(said) {
            rows.extend(group.iter().map(|pair| pair.row()));
        }
        group.clear();
    };
    keys::each(db, KeySpace::Transactions, |pair| {
        if group.first().is_some_and(|first| first.key != pair.key) {
            close(&mut group);
        }
        group.push(pair);
    })
    .await?;
    close(&mut group);
    Ok(rows)
}
