//! Leg 1 over a night: which orders are looked at, and what they give.
//!
//! There are three ways to the same outcome. When nothing was stored before, the rows in memory are
//! everything. An incremental night looks at what changed since a recorded one: orders with new or
//! superseded lines, new rows or events, and those whose day has come; their older rows are looked
//! up. What the night before knew of all others holds. A full look walks through all orders in the database.

mod evaluating;
mod untouched;

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use super::knowledge::Knowledge;
use super::links::LinkedLines;
use super::{RunError, RunOptions};
use crate::domain::coverage::WaitingList;
use crate::domain::file::FileId;
use crate::domain::open_order::{OpenOrder, OpenOrders};
use crate::domain::packed::unpack;
use crate::domain::rules::Rules;
use crate::domain::settlement::SliceId;
use crate::facts::{Cases, FactBuffer, Known, LineOrders};
use crate::matching::coverage::Covered;
use crate::matching::files::CountingFiles;
use crate::matching::nights::Comparison;
use crate::report::ReportWriter;
use crate::storage::Db;
use crate::storage::facts::{FactTable, blocks};
use crate::storage::files::StoredFile;
use crate::storage::intervals::{Holding, RecordedDay};
use evaluating::{Collected, Evaluator, order_hash};
use untouched::{Untouched, looked_at};

/// How a night is looked at.
pub(super) enum Way<'w> {
    /// Everything is in memory.
    InMemory(FactBuffer),
    /// What changed since a recorded night.
    Incremental {
        /// The rows that tonight's files brought.
        tonight: Known,
        /// The files whose rows these are.
        in_memory: &'w BTreeSet<FileId>,
    },
    /// All orders.
    Full,
}

/// The orders that are not plainly balanced.
pub(super) struct OpenNow {
    /// The rows of the database that held them on the night before.
    pub(super) before: Vec<i64>,
    /// They as they are now.
    pub(super) now: Vec<Holding<OpenOrder>>,
}

/// Leg 1 of one night.
pub(super) struct Night<'n, 'x> {
    pub(super) rules: &'n Rules,
    /// How far the books reach, and the day that is looked from.
    pub(super) covered: &'n Covered,
    pub(super) knowledge: &'n Knowledge,
    pub(super) counting: &'n CountingFiles<'n>,
    /// Which order lines are of, where people said so.
    pub(super) lines: LinkedLines<'n>,
    /// The orders, by provider and reference, of which people said something else since the night
    /// before.
    pub(super) linked: BTreeSet<(String, String)>,
    /// Files whose rows changed since the night before; `None` on a first night.
    pub(super) changed: Option<Vec<&'n StoredFile>>,
    /// The orders that were not plainly balanced on the night before.
    pub(super) open_before: OpenOrders,
    /// The day that is recorded, inside a transaction; `None` on a look.
    pub(super) recorded: Option<RecordedDay>,
    /// Which orders the report tells of.
    pub(super) options: &'n RunOptions,
    pub(super) sinks: Sinks<'n, 'x>,
}

/// Where what is found goes.
pub(super) struct Sinks<'n, 'x> {
    /// Rows of orders.
    pub(super) report: &'n mut ReportWriter,
    /// Discrepancies.
    pub(super) comparison: &'n mut Comparison<'x>,
    /// What waits for a book.
    pub(super) waiting: &'n mut WaitingList,
}

impl<'x> Sinks<'_, 'x> {
    /// The same, for a while.
    pub(super) fn again(&mut self) -> Sinks<'_, 'x> {
        Sinks {
            report: self.report,
            comparison: self.comparison,
            waiting: self.waiting,
        }
    }
}

/// The orders whose rows, events or lines changed.
#[derive(Default)]
struct Changed {
    /// They, as [`order_hash`] numbers them.
    orders: HashSet<u64>,
    /// Their references, and those that provider events name.
    references: BTreeSet<String>,
}

impl Changed {
    fn add(&mut self, table: FactTable, provider: &str, reference: &str) {
        if table != FactTable::ProviderEvents {
            self.orders.insert(order_hash(provider, reference));
        }
        if !self.references.contains(reference) {
            self.references.insert(reference.to_owned());
        }
    }
}

impl Changed {
    /// Adds the orders that changed lines are of, where that is another one than they name.
    fn add_linked(&mut self, lines: &LinkedLines<'_>) {
        for one in lines.links.moves() {
            if !one.written.is_empty()
                && self.orders.contains(&order_hash(one.provider, one.written))
            {
                self.add(FactTable::Lines, one.provider, one.order);
            }
        }
    }
}

impl Night<'_, '_> {
    /// Matches leg 1. Gives the orders that are open, unless they are recorded already.
    pub(super) async fn run(
        mut self,
        db: &mut Db,
        way: Way<'_>,
    ) -> Result<Option<OpenNow>, RunError> {
        let changed = self.changed_orders(db, &way).await?;
        let as_of = self.covered.as_of();
        let lines = self.lines;
        let around: (&dyn LineOrders, NaiveDate) = (&lines, as_of);
        let mut before = std::mem::take(&mut self.open_before);
        before.sort();
        let recorded = match &way {
            Way::InMemory(_) => self.recorded,
            Way::Incremental { .. } | Way::Full => None,
        };
        let mut references = BTreeSet::new();
        let is_incremental = matches!(way, Way::Incremental { .. });
        let mut cases = match way {
            Way::InMemory(rows) => Cases::in_memory(db, rows, around).await?,
            Way::Full => Cases::all(db, around).await?,
            Way::Incremental { tonight, .. } => {
                references = self.references(changed.as_ref(), &tonight.rows, &before)?;
                Cases::of(db, &mut references, tonight, around).await?
            }
        };
        let of_range = self.options.range.is_some().then(|| {
            let orders = self.sinks.comparison.orders_remembered();
            orders
                .map(|(provider, order)| order_hash(provider, order))
                .collect()
        });
        let is_looked_at = |order: &str| !is_incremental || references.contains(order);
        let mut collected = Collected {
            changed: changed.map(|changed| changed.orders),
            before: looked_at(&before, is_looked_at),
            untouched: Untouched::of(&before, is_looked_at),
            of_range,
            options: self.options,
            sinks: self.sinks,
            open_orders: Vec::new(),
        };
        while let Some(page) = cases.next_page()? {
            let evaluator = Evaluator {
                rules: self.rules,
                covered: self.covered,
                knowledge: self.knowledge,
                counting: self.counting,
                owners: &cases.owners,
            };
            match recorded {
                Some(day) => evaluator.all_recording(&page, &mut collected, (db, day))?,
                None => evaluator.all(&page, &mut collected)?,
            }
        }
        collected.finish(|order| is_incremental && !references.contains(order))?;
        let now = collected.open_orders;
        Ok(recorded.is_none().then(|| OpenNow {
            before: before.rows(),
            now,
        }))
    }

    /// What changed since the night before; `None` on a first night, when everything did.
    async fn changed_orders(
        &self,
        db: &mut Db,
        way: &Way<'_>,
    ) -> Result<Option<Changed>, RunError> {
        let Some(files) = &self.changed else {
            return Ok(None);
        };
        let mut changed = Changed::default();
        let mut in_memory = None;
        if let Way::Incremental {
            tonight,
            in_memory: ids,
            ..
        } = way
        {
            in_memory = Some(*ids);
            self.changed_tonight(&tonight.rows, files, &mut changed)?;
        }
        for stored in files {
            let Some(rows) = stored.rows else { continue };
            if in_memory.is_some_and(|ids| ids.contains(&stored.file.id)) {
                continue;
            }
            blocks::of_file(db, rows, |row| {
                changed.add(row.table, row.provider()?, row.reference()?);
                Ok(())
            })
            .await?;
        }
        for (provider, reference) in &self.linked {
            changed.add(FactTable::Lines, provider, reference);
        }
        changed.add_linked(&self.lines);
        Ok(Some(changed))
    }

    /// Adds the orders that tonight's rows concern. A line of a file that does not count, or not
    /// yet, changes nothing.
    fn changed_tonight(
        &self,
        tonight: &FactBuffer,
        files: &[&StoredFile],
        changed: &mut Changed,
    ) -> Result<(), RunError> {
        let ids: BTreeSet<FileId> = files.iter().map(|stored| stored.file.id).collect();
        for row in tonight.rows() {
            let counts = match row.table {
                FactTable::Lines => {
                    let (_, slice): (&str, SliceId) = unpack(row.bytes)?;
                    ids.contains(&self.knowledge.slice(slice)?.file)
                }
                FactTable::Orders | FactTable::OrderEvents => true,
                FactTable::ProviderEvents => false,
            };
            if counts {
                changed.add(row.table, row.provider, row.reference()?);
            }
        }
        Ok(())
    }

    /// The references whose older rows are looked up.
    fn references(
        &self,
        changed: Option<&Changed>,
        tonight: &FactBuffer,
        before: &OpenOrders,
    ) -> Result<BTreeSet<String>, RunError> {
        let mut references = changed.map_or_else(BTreeSet::new, |it| it.references.clone());
        for row in tonight.rows() {
            let reference = row.reference()?;
            if !references.contains(reference) {
                references.insert(reference.to_owned());
            }
        }
        let due = before
            .iter()
            .filter(|open| open.is_due(self.covered.as_of()));
        references.extend(due.map(|open| open.order_reference.to_owned()));
        Ok(references)
    }
}
