//! Leg 1 over a night: which orders are looked at, and what they give.
//!
//! There are three ways to the same outcome. When nothing was stored before, the rows in memory are
//! everything. A night that goes on from a recorded one looks at what changed: orders with new or
//! superseded lines, new rows or events, those that were open, and those whose day has come; their
//! older rows are looked up. A full look walks through all orders in the database, page by page.

mod cases;
mod changed;
mod full;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::RunError;
use super::facts::Facts;
use super::homes::Homes;
use super::knowledge::Knowledge;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileId;
use crate::domain::outcome::OrderState;
use crate::domain::rules::Rules;
use crate::domain::settlement::SettlementLine;
use crate::matching::files::CountingFiles;
use crate::matching::nights::Comparison;
use crate::report::ReportWriter;
use crate::storage::Db;
use crate::storage::db::KEYS_PER_LOOKUP;
use crate::storage::facts::{self, FactTable};
use crate::storage::files::StoredFile;
use crate::storage::intervals::{OpenOrder, RecordedDay};
use cases::{Collected, Evaluator, order_hash};
use changed::Changed;
use full::full;

/// How a night is looked at.
pub(super) enum Way<'w> {
    /// Everything is in memory.
    InMemory(Facts),
    /// From a recorded night on.
    GoingOn {
        /// What that night found.
        findings: Vec<Discrepancy>,
        /// The rows that tonight's files brought, and these files.
        tonight: Facts,
        /// These files.
        in_memory: &'w BTreeSet<FileId>,
    },
    /// All orders.
    Full,
}

/// Leg 1 of one night.
pub(super) struct Night<'n, 'x> {
    pub(super) rules: &'n Rules,
    pub(super) as_of: NaiveDate,
    pub(super) knowledge: &'n Knowledge,
    pub(super) counting: &'n CountingFiles<'n>,
    /// Files whose rows changed since the night before; `None` on a first night.
    pub(super) changed: Option<Vec<&'n StoredFile>>,
    /// The orders that were not plainly balanced on the night before.
    pub(super) open_before: Vec<OpenOrder>,
    /// First numbers of rows that this run stored.
    pub(super) first_line: i64,
    pub(super) first_order: i64,
    pub(super) first_event: i64,
    pub(super) first_provider_event: i64,
    /// The day that is recorded, inside a transaction; `None` on a look.
    pub(super) recorded: Option<RecordedDay>,
    /// Where rows of orders go.
    pub(super) report: &'n mut ReportWriter,
    /// Where discrepancies go.
    pub(super) comparison: &'n mut Comparison<'x>,
}

/// The first numbers of the rows that are in memory already.
#[derive(Clone, Copy)]
struct FirstNew {
    line: i64,
    order: i64,
    event: i64,
    provider_event: i64,
}

/// An order, and where it stood.
fn state_of(open: &OpenOrder) -> ((String, String), OrderState) {
    let key = (open.provider.clone(), open.order_reference.clone());
    (key, open.state)
}

impl Night<'_, '_> {
    /// Matches leg 1. Gives the orders that are open, unless they are recorded already.
    pub(super) async fn run(
        mut self,
        db: &mut Db,
        way: Way<'_>,
    ) -> Result<Option<Vec<OpenOrder>>, RunError> {
        let changed = self.changed_orders(db, &way).await?;
        let mut references = match &way {
            Way::GoingOn { tonight, .. } => self.references(changed.as_ref(), tonight),
            Way::InMemory(_) | Way::Full => BTreeSet::new(),
        };
        let homes = match &way {
            Way::GoingOn { .. } => Homes::concerning(db, &mut references, self.as_of).await?,
            Way::InMemory(_) | Way::Full => Homes::all(db, self.as_of).await?,
        };
        let hashes = changed.map(|changed| {
            changed
                .orders
                .iter()
                .map(|(provider, reference)| order_hash(provider, reference))
                .collect()
        });
        let before = std::mem::take(&mut self.open_before);
        let evaluator = Evaluator {
            rules: self.rules,
            as_of: self.as_of,
            knowledge: self.knowledge,
            counting: self.counting,
            homes: &homes,
        };
        let mut collected = Collected {
            changed: hashes,
            before: before.iter().map(state_of).collect(),
            report: self.report,
            comparison: self.comparison,
            open_orders: Vec::new(),
        };
        match way {
            Way::InMemory(mut facts) => {
                facts.bring_home(&homes);
                if let Some(day) = self.recorded {
                    evaluator.all_recording(&mut facts, &mut collected, (db, day))?;
                    return Ok(None);
                }
                evaluator.all(&mut facts, |case| collected.take(case))?;
            }
            Way::Full => full(db, evaluator, &mut collected).await?,
            Way::GoingOn {
                findings,
                mut tonight,
                ..
            } => {
                let first = FirstNew {
                    line: self.first_line,
                    order: self.first_order,
                    event: self.first_event,
                    provider_event: self.first_provider_event,
                };
                look_up(db, &mut tonight, &references, first, self.knowledge).await?;
                tonight.bring_home(&homes);
                evaluator.all(&mut tonight, |case| collected.take(case))?;
                collected.keep(findings, &before, &references);
            }
        }
        Ok(Some(collected.open_orders))
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
        if let Way::GoingOn { tonight, .. } = way {
            // A line of a file that does not count, or not yet, changes nothing.
            let ids: BTreeSet<FileId> = files.iter().map(|stored| stored.file.id).collect();
            let counts_anew = |line: &SettlementLine<'_>| {
                let slice = self.knowledge.slices.get(&line.slice);
                slice.is_some_and(|slice| ids.contains(&slice.file))
            };
            let lines = tonight.lines.rows::<SettlementLine<'_>>();
            let lines = lines.filter(|(_, line)| counts_anew(line));
            let named = lines
                .map(|(provider, line)| (provider, line.order_reference))
                .chain(tonight.orders.references())
                .chain(tonight.events.references());
            changed.orders.extend(named.map(|(provider, reference)| {
                (
                    tonight.providers.name(provider).to_owned(),
                    reference.to_owned(),
                )
            }));
        }
        let in_memory = |file: FileId| match way {
            Way::GoingOn { in_memory, .. } => in_memory.contains(&file),
            Way::InMemory(_) | Way::Full => false,
        };
        for stored in files.iter().filter(|stored| !in_memory(stored.file.id)) {
            changed.add(db, stored).await?;
        }
        Ok(Some(changed))
    }

    /// The references whose older rows are looked up.
    fn references(&self, changed: Option<&Changed>, tonight: &Facts) -> BTreeSet<String> {
        let mut references: BTreeSet<String> = changed
            .into_iter()
            .flat_map(Changed::references)
            .cloned()
            .collect();
        for rows in tonight.tables() {
            references.extend(rows.references().map(|(_, reference)| reference.to_owned()));
        }
        let due = self.open_before.iter().filter(|open| {
            open.state != OrderState::Balanced || open.check_on.is_some_and(|day| day <= self.as_of)
        });
        references.extend(due.map(|open| open.order_reference.clone()));
        references
    }
}

/// Adds the rows that earlier runs stored of some references.
async fn look_up(
    db: &mut Db,
    tonight: &mut Facts,
    references: &BTreeSet<String>,
    first: FirstNew,
    knowledge: &Knowledge,
) -> Result<(), RunError> {
    let references: Vec<&str> = references.iter().map(String::as_str).collect();
    for chunk in references.chunks(KEYS_PER_LOOKUP) {
        facts::of_references(db, FactTable::Lines, chunk, first.line, |row| {
            if let Some(slice) = knowledge.slice_of(row) {
                tonight.append_line(&slice.provider, row);
            }
        })
        .await?;
        facts::of_references(db, FactTable::Orders, chunk, first.order, |row| {
            tonight.append_order(row);
        })
        .await?;
        facts::of_references(db, FactTable::OrderEvents, chunk, first.event, |row| {
            tonight.append_event(row);
        })
        .await?;
        let before = first.provider_event;
        facts::of_references(db, FactTable::ProviderEvents, chunk, before, |row| {
            tonight.append_provider_event(row);
        })
        .await?;
    }
    Ok(())
}
