//! Which order a provider event belongs to.
//!
//! That of its reference; where the shop has none under it, the one of its transaction. So an event
//! may change its order when orders come later, and both orders are looked at again then.

use std::collections::{BTreeMap, BTreeSet};

use super::RunError;
use crate::domain::order::Order;
use crate::domain::packed::{pack, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::storage::Db;
use crate::storage::db::KEYS_PER_LOOKUP;
use crate::storage::facts::{self, FactTable};

/// The events that belong to the order of their transaction.
#[derive(Debug, Default)]
pub(super) struct Homes {
    /// By provider and the events' own reference, then by transaction: the order's reference.
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
    pub(super) async fn all(db: &mut Db) -> Result<Self, RunError> {
        let mut homes = Self::default();
        let mut rows = BTreeSet::new();
        facts::linked_by_transaction(db, None, |event, order| {
            homes.note(event, order);
            rows.insert(event.to_vec());
        })
        .await?;
        homes.without_orders(db).await?;
        let mut moved = BTreeSet::new();
        for event in rows
            .iter()
            .filter_map(|row| unpack::<ProviderEvent<'_>>(row))
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
    ) -> Result<Self, RunError> {
        let mut homes = Self::default();
        if facts::last_id(db, FactTable::ProviderEvents).await? == 0 {
            return Ok(homes);
        }
        let mut asked: BTreeSet<String> = references.clone();
        while !asked.is_empty() {
            let list: Vec<&str> = asked.iter().map(String::as_str).collect();
            for chunk in list.chunks(KEYS_PER_LOOKUP) {
                facts::linked_by_transaction(db, Some(chunk), |event, order| {
                    homes.note(event, order);
                })
                .await?;
            }
            asked = homes.linked.difference(references).cloned().collect();
            references.extend(asked.iter().cloned());
        }
        homes.without_orders(db).await?;
        Ok(homes)
    }

    fn note(&mut self, event: &[u8], order: &[u8]) {
        let event = unpack::<ProviderEvent<'_>>(event);
        let Some((event, order)) = event.zip(unpack::<Order<'_>>(order)) else {
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

    /// The reference of the order that an event belongs to, where it is not the event's own.
    pub(super) fn of(&self, event: &ProviderEvent<'_>) -> Option<&str> {
        if self.moved.is_empty() {
            return None;
        }
        let key = (event.provider.to_owned(), event.order_reference.to_owned());
        let home = self.moved.get(&key)?.get(event.transaction_id)?;
        Some(home)
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
