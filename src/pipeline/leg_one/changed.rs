//! Which orders a night has to look at.

use std::collections::BTreeSet;

use crate::domain::file::InputContent;
use crate::domain::packed::unpack;
use crate::pipeline::RunError;
use crate::storage::Db;
use crate::storage::facts::{self, FactTable};
use crate::storage::files::StoredFile;

/// The orders that a night has to look at.
#[derive(Default)]
pub(super) struct Changed {
    /// Provider and reference of the orders whose rows, events or lines changed.
    pub(super) orders: BTreeSet<(String, String)>,
    /// References that provider events name.
    by_events: BTreeSet<String>,
}

impl Changed {
    /// Adds the orders that the stored rows of a file concern.
    pub(super) async fn add(&mut self, db: &mut Db, stored: &StoredFile) -> Result<(), RunError> {
        let Some(rows) = stored.rows else {
            return Ok(());
        };
        let table = match stored.file.kind.content() {
            InputContent::Lines => FactTable::Lines,
            InputContent::Orders => FactTable::Orders,
            InputContent::OrderEvents => FactTable::OrderEvents,
            InputContent::ProviderEvents => FactTable::ProviderEvents,
            InputContent::Statements => return Ok(()),
        };
        facts::of_rows(db, table, rows, |row| {
            if table == FactTable::ProviderEvents {
                let reference: &str = unpack(row).unwrap_or_default();
                self.by_events.insert(reference.to_owned());
                return;
            }
            let (reference, provider) = if table == FactTable::Lines {
                let provider = stored.file.provider.as_str();
                (unpack(row).unwrap_or_default(), provider)
            } else {
                unpack(row).unwrap_or_default()
            };
            let reference: &str = reference;
            self.orders
                .insert((provider.to_owned(), reference.to_owned()));
        })
        .await?;
        Ok(())
    }

    /// All references.
    pub(super) fn references(&self) -> impl Iterator<Item = &String> {
        let of_orders = self.orders.iter().map(|(_, reference)| reference);
        of_orders.chain(&self.by_events)
    }
}
