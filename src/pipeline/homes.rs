//! Which order a provider event belongs to.
//!
//! The events of a transaction belong together, to the order that the latest of them names; where
//! the shop has none under that reference, to the one of the transaction. So an event may change
//! its order when orders or further events come later, and both orders are looked at again then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::RunError;
use crate::domain::order::Order;
use crate::domain::packed::{pack, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::matching::provider_status::named_on;
use crate::storage::Db;
use crate::storage::db::KEYS_PER_LOOKUP;
use crate::storage::facts::{self, FactTable};

/// The events that do not belong to the order that they name.
#[derive(Debug, Default)]
pub(super) struct Homes {
    /// Transactions whose events name several orders, by provider and transaction: the order that
    /// the latest one names, and the day on which it will be another.
    renamed: BTreeMap<(String, String), (String, Option<NaiveDate>)>,
    /// By provider and the reference that is named, then by transaction: the order's reference.
    moved: BTreeMap<(String, String), BTreeMap<String, String>>,
    /// All references that an event or an order of the same transaction has.
    linked: BTreeSet<String>,
    /// The moved events with their orders' references, in the order of these; only where all were
    /// asked for.
    rows: BTreeSet<(String, Vec<u8>)>,
}

impl Homes {
    /// Those of all events.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn all(db: &mut Db, as_of: NaiveDate) -> Result<Self, RunError> {
        let mut homes = Self::default();
        if facts::last_id(db, FactTable::ProviderEvents).await? == 0 {
            return Ok(homes);
        }
        let mut several = BTreeSet::new();
        facts::under_several_references(db, None, |event| {
            several.insert(event.to_vec());
        })
        .await?;
        homes.rename(&several, as_of);
        let mut rows = several;
        facts::linked_by_transaction(db, None, |event, order| {
            homes.note(event, order);
            rows.insert(event.to_vec());
        })
        .await?;
        homes.without_orders(db).await?;
        let mut moved = BTreeSet::new();
        for event in rows
            .iter()
            .filter_map(|row| unpack::<ProviderEvent<'_>>(row).ok())
        {
            if let Some(order_reference) = homes.of(&event) {
                let mut row = Vec::new();
                let at_home = ProviderEvent {
                    order_reference,
                    ..event
                };
                pack(&at_home, &mut row);
                moved.insert((order_reference.to_owned(), row));
            }
        }
        homes.rows = moved;
        Ok(homes)
    }

    /// Those of the events that concern some references, which it adds to: what is linked to them
    /// concerns them too.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn concerning(
        db: &mut Db,
        references: &mut BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Result<Self, RunError> {
        let mut homes = Self::default();
        if facts::last_id(db, FactTable::ProviderEvents).await? == 0 {
            return Ok(homes);
        }
        let mut several = BTreeSet::new();
        let mut asked: BTreeSet<String> = references.clone();
        while !asked.is_empty() {
            let list: Vec<&str> = asked.iter().map(String::as_str).collect();
            for chunk in list.chunks(KEYS_PER_LOOKUP) {
                facts::under_several_references(db, Some(chunk), |event| {
                    let reference: &str = unpack(event).unwrap_or_default();
                    homes.linked.insert(reference.to_owned());
                    several.insert(event.to_vec());
                })
                .await?;
                facts::linked_by_transaction(db, Some(chunk), |event, order| {
                    homes.note(event, order);
                })
                .await?;
            }
            asked = homes.linked.difference(references).cloned().collect();
            references.extend(asked.iter().cloned());
        }
        homes.rename(&several, as_of);
        homes.without_orders(db).await?;
        Ok(homes)
    }

    /// Decides which order the transactions of some events speak of.
    fn rename(&mut self, events: &BTreeSet<Vec<u8>>, as_of: NaiveDate) {
        let mut transactions: BTreeMap<(&str, &str), Vec<ProviderEvent<'_>>> = BTreeMap::new();
        for event in events
            .iter()
            .filter_map(|row| unpack::<ProviderEvent<'_>>(row).ok())
        {
            let key = (event.provider, event.transaction_id);
            transactions.entry(key).or_default().push(event);
        }
        for ((provider, transaction), events) in transactions {
            if let Some(named) = named_on(&events, as_of) {
                let key = (provider.to_owned(), transaction.to_owned());
                let home = (named.reference.to_owned(), named.until);
                self.renamed.insert(key, home);
            }
        }
    }

    fn note(&mut self, event: &[u8], order: &[u8]) {
        let event = unpack::<ProviderEvent<'_>>(event).ok();
        let Some((event, order)) = event.zip(unpack::<Order<'_>>(order).ok()) else {
            return;
        };
        if event.provider != order.provider {
            return;
        }
        self.linked.insert(event.order_reference.to_owned());
        self.linked.insert(order.order_reference.to_owned());
        let key = (event.provider.to_owned(), event.order_reference.to_owned());
        let home = self
            .moved
            .entry(key)
            .or_default()
            .entry(event.transaction_id.to_owned())
            .or_insert_with(|| order.order_reference.to_owned());
        // Several orders of one transaction: the same one whatever came first.
        if order.order_reference < home.as_str() {
            order.order_reference.clone_into(home);
        }
    }

    /// Keeps only the events whose own reference has no order.
    async fn without_orders(&mut self, db: &mut Db) -> Result<(), RunError> {
        let references: BTreeSet<String> = self
            .moved
            .keys()
            .map(|(_, reference)| reference.clone())
            .collect();
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        for chunk in references.chunks(KEYS_PER_LOOKUP) {
            facts::of_references(db, FactTable::Orders, chunk, i64::MAX, |row| {
                let (reference, provider): (&str, &str) = unpack(row).unwrap_or_default();
                self.moved
                    .remove(&(provider.to_owned(), reference.to_owned()));
            })
            .await?;
        }
        Ok(())
    }

    fn renamed(&self, event: &ProviderEvent<'_>) -> Option<&(String, Option<NaiveDate>)> {
        if self.renamed.is_empty() {
            return None;
        }
        let key = (event.provider.to_owned(), event.transaction_id.to_owned());
        self.renamed.get(&key)
    }

    /// The reference of the order that an event belongs to, where it is not the event's own.
    pub(super) fn of<'h>(&'h self, event: &ProviderEvent<'h>) -> Option<&'h str> {
        let renamed = self.renamed(event);
        let named = renamed.map_or(event.order_reference, |(reference, _)| reference);
        let home = self.order_of_transaction(event, named).unwrap_or(named);
        (home != event.order_reference).then_some(home)
    }

    /// The order of an event's transaction, where none has the reference that is named.
    fn order_of_transaction(&self, event: &ProviderEvent<'_>, named: &str) -> Option<&str> {
        if self.moved.is_empty() {
            return None;
        }
        let key = (event.provider.to_owned(), named.to_owned());
        let home = self.moved.get(&key)?.get(event.transaction_id)?;
        Some(home)
    }

    /// The next day on which one of some events goes to another order because time has come.
    pub(super) fn next_move(&self, events: &[ProviderEvent<'_>]) -> Option<NaiveDate> {
        let days = events.iter().filter_map(|event| self.renamed(event)?.1);
        days.min()
    }

    /// The moved events whose orders' references lie behind one and, where there is an `end`,
    /// before it.
    pub(super) fn between<'h>(
        &'h self,
        after: Option<&'h str>,
        end: Option<&'h str>,
    ) -> impl Iterator<Item = &'h [u8]> {
        let inside = move |target: &str| {
            after.is_none_or(|after| target > after) && end.is_none_or(|end| target < end)
        };
        self.rows
            .iter()
            .filter(move |(target, _)| inside(target))
            .map(|(_, row)| row.as_slice())
    }
}
