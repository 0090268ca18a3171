//! Leg 1 over a night: which orders are looked at, and what they give.
//!
//! There are three ways to the same outcome. When nothing was stored before, the rows in memory are
//! everything. A night that goes on from a recorded one looks at what changed: orders with new or
//! superseded lines, new rows or events, those that were open, and those whose day has come; their
//! older rows are looked up. A full look walks through all orders in the database, page by page.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::mpsc::{SyncSender, sync_channel};

use chrono::NaiveDate;
use xxhash_rust::xxh3::xxh3_64;

use super::RunError;
use super::facts::{Facts, Rows};
use super::homes::{self, Homes};
use super::knowledge::Knowledge;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::{FileId, InputContent};
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::packed::unpack;
use crate::domain::provider_event::ProviderEvent;
use crate::domain::rules::Rules;
use crate::domain::settlement::{SettlementLine, Slice};
use crate::matching::files::CountingFiles;
use crate::matching::nights::Comparison;
use crate::matching::orders::{OrderCase, OrderOutcome, evaluate};
use crate::report::{ReportError, ReportWriter};
use crate::storage::Db;
use crate::storage::db::KEYS_PER_LOOKUP;
use crate::storage::facts::{self, FactTable};
use crate::storage::files::StoredFile;
use crate::storage::intervals::{self, OpenOrder, RecordedDay};

/// Rows of one page of a full look.
const PAGE_ROWS: i64 = 50_000;

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

/// A number for an order: equal for equal orders.
fn order_hash(provider: &str, reference: &str) -> u64 {
    xxh3_64(format!("{provider}\u{1f}{reference}").as_bytes())
}

/// Cases that are handed over together.
const CASES_PER_BATCH: usize = 256;

/// Batches that wait to be collected.
const BATCHES_WAITING: usize = 8;

/// One case with what is said of it.
struct Evaluated<'f> {
    provider: &'f str,
    reference: &'f str,
    outcome: OrderOutcome<'f>,
}

/// Looks at cases.
#[derive(Clone, Copy)]
struct Evaluator<'c> {
    rules: &'c Rules,
    as_of: NaiveDate,
    knowledge: &'c Knowledge,
    counting: &'c CountingFiles<'c>,
    homes: &'c Homes,
}

impl<'c> Evaluator<'c> {
    fn outcome<'f>(&self, provider: &'f str, reference: &'f str, rows: &Rows<'f>) -> Evaluated<'f>
    where
        'c: 'f,
    {
        let slice = |line: &SettlementLine<'_>| {
            let slice = self.knowledge.slices.get(&line.slice)?;
            self.counting
                .counting
                .contains(&slice.file)
                .then_some(slice)
        };
        let lines: Vec<(SettlementLine<'f>, &'f Slice)> = rows
            .lines
            .iter()
            .filter_map(|line| Some((*line, slice(line)?)))
            .collect();
        let case = OrderCase {
            provider,
            order_reference: reference,
            versions: &rows.orders,
            events: &rows.events,
            lines: &lines,
            provider_events: &rows.provider_events,
        };
        let mut outcome = evaluate(&case, self.rules, &self.knowledge.index, self.as_of);
        if let Some(day) = self.homes.next_move(&rows.provider_events) {
            outcome.check_on = Some(outcome.check_on.map_or(day, |other| other.min(day)));
        }
        Evaluated {
            provider,
            reference,
            outcome,
        }
    }

    /// Looks at all cases of some rows in a thread of its own, while what it finds is collected in
    /// the order of the cases.
    fn all(
        self,
        facts: &mut Facts,
        collect: impl FnMut(Evaluated<'_>) -> Result<(), ReportError>,
    ) -> Result<(), ReportError> {
        facts.sort();
        let facts = &*facts;
        std::thread::scope(|scope| {
            let (to, from) = sync_channel(BATCHES_WAITING);
            scope.spawn(move || self.send_all(facts, &to));
            from.into_iter().flatten().try_for_each(collect)
        })
    }

    /// The same, while a third thread stores which orders are open.
    fn all_recording(
        self,
        facts: &mut Facts,
        collected: &mut Collected<'_, '_>,
        (db, day): (&mut Db, RecordedDay),
    ) -> Result<(), RunError> {
        facts.sort();
        let facts = &*facts;
        let runtime = tokio::runtime::Handle::current();
        std::thread::scope(|scope| {
            let (to, from) = sync_channel(BATCHES_WAITING);
            scope.spawn(move || self.send_all(facts, &to));
            let (to_store, to_be_stored) = sync_channel::<Vec<OpenOrder>>(BATCHES_WAITING);
            let storing = scope.spawn(move || {
                let open = to_be_stored.into_iter().flatten();
                runtime.block_on(intervals::record_open_orders(db, day, open))
            });
            let done = from.into_iter().try_for_each(|batch| {
                batch
                    .into_iter()
                    .try_for_each(|case| collected.take(case))?;
                // A database that has failed says why itself.
                drop(to_store.send(std::mem::take(&mut collected.open_orders)));
                Ok::<(), ReportError>(())
            });
            drop(to_store);
            let stored = storing.join();
            done?;
            stored
                .map_err(|_panic| RunError::Input("storing ended before its time".to_owned()))??;
            Ok(())
        })
    }

    fn send_all<'f>(self, facts: &'f Facts, to: &SyncSender<Vec<Evaluated<'f>>>)
    where
        'c: 'f,
    {
        let mut batch = Vec::with_capacity(CASES_PER_BATCH);
        let sent = facts.cases(|provider, reference, rows| {
            batch.push(self.outcome(provider, reference, rows));
            if batch.len() < CASES_PER_BATCH {
                return Ok(());
            }
            let next = Vec::with_capacity(CASES_PER_BATCH);
            to.send(std::mem::replace(&mut batch, next))
        });
        // A collector that has gone has failed, and says why itself.
        drop(sent.and_then(|()| to.send(batch)));
    }
}

/// What is added up while cases pass.
struct Collected<'c, 'x> {
    /// Orders whose data changed; `None`: all.
    changed: Option<HashSet<u64>>,
    before: BTreeMap<(String, String), OrderState>,
    report: &'c mut ReportWriter,
    comparison: &'c mut Comparison<'x>,
    open_orders: Vec<OpenOrder>,
}

impl Collected<'_, '_> {
    fn take(&mut self, evaluated: Evaluated<'_>) -> Result<(), ReportError> {
        let Evaluated {
            provider,
            reference,
            outcome,
        } = evaluated;
        let state = outcome.row.map_or(OrderState::Balanced, |row| row.state);
        if !outcome.is_settled() {
            self.open_orders.push(OpenOrder {
                provider: provider.to_owned(),
                order_reference: reference.to_owned(),
                state,
                check_on: outcome.check_on,
            });
        }
        for discrepancy in outcome.discrepancies {
            self.comparison.take(discrepancy);
        }
        match outcome.row {
            Some(row) if self.is_shown(&row) => self.report.order(&row),
            _ => Ok(()),
        }
    }

    /// Orders that are open, or whose data or state changed since the night before.
    fn is_shown(&self, row: &OrderRow<'_>) -> bool {
        let Some(changed) = &self.changed else {
            return true;
        };
        if row.state != OrderState::Balanced {
            return true;
        }
        let key = (row.provider.to_owned(), row.order_reference.to_owned());
        self.before
            .get(&key)
            .is_some_and(|state| *state != row.state)
            || changed.contains(&order_hash(row.provider, row.order_reference))
    }

    /// Takes over from the night before what was not looked at again.
    fn keep(
        &mut self,
        findings: Vec<Discrepancy>,
        before: &[OpenOrder],
        looked_at: &BTreeSet<String>,
    ) {
        for found in findings {
            if found.code.is_of_leg_one() && !looked_at.contains(&found.order_reference) {
                self.comparison.take(found);
            }
        }
        let open = before
            .iter()
            .filter(|open| !looked_at.contains(&open.order_reference));
        self.open_orders.extend(open.cloned());
    }
}

/// The orders that a night has to look at.
#[derive(Default)]
struct Changed {
    /// Provider and reference of the orders whose rows, events or lines changed.
    orders: BTreeSet<(String, String)>,
    /// References that provider events name.
    by_events: BTreeSet<String>,
}

impl Changed {
    /// Adds the orders that the stored rows of a file concern.
    async fn add(&mut self, db: &mut Db, stored: &StoredFile) -> Result<(), RunError> {
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
    fn references(&self) -> impl Iterator<Item = &String> {
        let of_orders = self.orders.iter().map(|(_, reference)| reference);
        of_orders.chain(&self.by_events)
    }
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
        let from = homes::SeenFrom {
            files: &self.knowledge.index,
            as_of: self.as_of,
        };
        let homes = match &way {
            Way::GoingOn { .. } => Homes::concerning(db, &mut references, from).await?,
            Way::InMemory(_) | Way::Full => Homes::all(db, from).await?,
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

/// Walks through all orders in the database, provider by provider and page by page, in the order
/// of their references.
async fn full(
    db: &mut Db,
    evaluator: Evaluator<'_>,
    collected: &mut Collected<'_, '_>,
) -> Result<(), RunError> {
    let mut providers: BTreeSet<String> = facts::providers(db).await?.into_iter().collect();
    providers.extend(
        evaluator
            .knowledge
            .slices
            .values()
            .map(|slice| slice.provider.clone()),
    );
    for provider in providers {
        let mut after: Option<String> = None;
        let mut rows = PAGE_ROWS;
        loop {
            let source = PageSource {
                provider: &provider,
                knowledge: evaluator.knowledge,
                homes: evaluator.homes,
            };
            let page = source.read(db, after.as_deref(), rows).await?;
            let Page { mut facts, end } = page;
            let mut last = None;
            evaluator.all(&mut facts, |case| {
                if end.as_deref().is_some_and(|end| case.reference >= end) {
                    return Ok(());
                }
                last = Some(case.reference.to_owned());
                collected.take(case)
            })?;
            match (end, last) {
                (None, _) => break,
                (Some(_), Some(last)) => (after, rows) = (Some(last), PAGE_ROWS),
                // One reference has more rows than a page: take a larger one.
                (Some(_), None) => rows = rows.saturating_mul(4),
            }
        }
    }
    Ok(())
}

/// Rows of one provider behind a reference.
struct Page {
    facts: Facts,
    /// The first reference of which rows may be missing; `None` when none are.
    end: Option<String>,
}

/// What pages of one provider are read with.
struct PageSource<'p> {
    provider: &'p str,
    knowledge: &'p Knowledge,
    homes: &'p Homes,
}

impl PageSource<'_> {
    async fn read(&self, db: &mut Db, after: Option<&str>, rows: i64) -> Result<Page, RunError> {
        let provider = self.provider;
        let page = (after, rows);
        let mut of_page = Facts::default();
        let mut lines_end = PageEnd::default();
        facts::behind(db, FactTable::Lines, page, |row| {
            lines_end.row(row);
            let slice = self.knowledge.slice_of(row);
            if slice.is_some_and(|slice| slice.provider == provider) {
                of_page.append_line(provider, row);
            }
        })
        .await?;
        let is_own = |row: &[u8]| {
            let (_, of): (&str, &str) = unpack(row).unwrap_or_default();
            of == provider
        };
        let mut orders_end = PageEnd::default();
        facts::behind(db, FactTable::Orders, page, |row| {
            orders_end.row(row);
            if is_own(row) {
                of_page.append_order(row);
            }
        })
        .await?;
        let mut events_end = PageEnd::default();
        facts::behind(db, FactTable::OrderEvents, page, |row| {
            events_end.row(row);
            if is_own(row) {
                of_page.append_event(row);
            }
        })
        .await?;
        let mut provider_events_end = PageEnd::default();
        facts::behind(db, FactTable::ProviderEvents, page, |row| {
            provider_events_end.row(row);
            let event = unpack::<ProviderEvent<'_>>(row).filter(|_| is_own(row));
            if event.is_some_and(|event| self.homes.of(&event).is_none()) {
                of_page.append_provider_event(row);
            }
        })
        .await?;
        let ends = [lines_end, orders_end, events_end, provider_events_end];
        let end = ends.into_iter().filter_map(|end| end.of(rows)).min();
        let moved = self.homes.between(after, end.as_deref());
        moved
            .filter(|row| is_own(row))
            .for_each(|row| of_page.append_provider_event(row));
        Ok(Page {
            facts: of_page,
            end,
        })
    }
}

/// Where the rows of one table end within a page.
#[derive(Default)]
struct PageEnd {
    rows: i64,
    last: String,
}

impl PageEnd {
    fn row(&mut self, row: &[u8]) {
        self.rows = self.rows.saturating_add(1);
        unpack::<&str>(row)
            .unwrap_or_default()
            .clone_into(&mut self.last);
    }

    /// The last reference, where the page was too short for all rows.
    fn of(self, limit: i64) -> Option<String> {
        (self.rows >= limit).then_some(self.last)
    }
}
