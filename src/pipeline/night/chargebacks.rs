//! Chargebacks of a night, which lines and events tell of by transaction and not by order.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::SettlementLine;
use crate::facts::lookup;
use crate::matching::chargebacks::find;
use crate::matching::provider_status::Transactions;
use crate::pipeline::RunError;
use crate::pipeline::links::order_of;
use crate::storage::Db;

impl Context<'_> {
    /// All of them, with what came back when their providers were asked about their orders.
    pub(super) async fn chargebacks(&self, db: &mut Db) -> Result<Vec<Discrepancy>, RunError> {
        let (lines, events) = (
            lookup::chargeback_lines(db).await?,
            lookup::returned_events(db).await?,
        );
        let mut counting = Vec::new();
        for line in lines.all::<SettlementLine<'_>>()? {
            let slice = self.knowledge.slice(line.slice)?;
            let order = order_of(self.links, &line, slice);
            let line = SettlementLine {
                order_reference: order.unwrap_or(line.order_reference),
                ..line
            };
            if self.counting.counting.contains(&slice.file) {
                counting.push((line, slice));
            }
        }
        let events: Vec<ProviderEvent<'_>> = events.all()?;
        let index = &self.knowledge.index;
        let mut found = find(counting, &events, index, self.as_of);
        self.tell_failed_answers(db, &mut found).await?;
        Ok(found)
    }

    /// What the findings of an order are told in leg 2, for those that are found apart from it.
    async fn tell_failed_answers(
        &self,
        db: &mut Db,
        found: &mut [Discrepancy],
    ) -> Result<(), RunError> {
        let named = found.iter().map(|it| it.order_reference.as_str());
        let references: BTreeSet<&str> = named.filter(|it| !it.is_empty()).collect();
        let rows = lookup::provider_events(db, &references).await?;
        let mut by_order: BTreeMap<(String, String), Vec<ProviderEvent<'_>>> = BTreeMap::new();
        for event in rows.all::<ProviderEvent<'_>>()? {
            let key = (event.provider.to_owned(), event.order_reference.to_owned());
            by_order.entry(key).or_default().push(event);
        }
        for discrepancy in found {
            let key = (
                discrepancy.provider.clone(),
                discrepancy.order_reference.clone(),
            );
            let events = by_order.get(&key).map(Vec::as_slice).unwrap_or_default();
            let index = &self.knowledge.index;
            if let Some(transactions) = Transactions::of(events) {
                transactions.tell_failed_answer(self.as_of, index, Some(discrepancy));
            }
        }
        Ok(())
    }
}
