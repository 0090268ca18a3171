//! Cases are evaluated one after the other in a thread of their own, and collected in their order.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::ScopedJoinHandle;

use chrono::NaiveDate;
use xxhash_rust::xxh3::xxh3_64;

use crate::domain::discrepancy::Discrepancy;
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::rules::Rules;
use crate::domain::settlement::{SettlementLine, Slice};
use crate::facts::{Case, FactBuffer, Owners};
use crate::matching::files::CountingFiles;
use crate::matching::nights::Comparison;
use crate::matching::orders::{OrderCase, OrderOutcome, evaluate};
use crate::pipeline::RunError;
use crate::pipeline::knowledge::Knowledge;
use crate::report::{ReportError, ReportWriter};
use crate::storage::Db;
use crate::storage::intervals::{self, OpenOrder, RecordedDay};

/// A number for an order: equal for equal orders.
pub(super) fn order_hash(provider: &str, reference: &str) -> u64 {
    xxh3_64(format!("{provider}\u{1f}{reference}").as_bytes())
}

/// Cases that are handed over together.
const CASES_PER_BATCH: usize = 256;

/// Batches that wait to be collected.
const BATCHES_WAITING: usize = 8;

/// One case with what is said of it.
pub(super) struct Evaluated<'f> {
    pub(super) provider: &'f str,
    pub(super) reference: &'f str,
    pub(super) outcome: OrderOutcome<'f>,
}

/// Looks at cases.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'c> {
    pub(super) rules: &'c Rules,
    pub(super) as_of: NaiveDate,
    pub(super) knowledge: &'c Knowledge,
    pub(super) counting: &'c CountingFiles<'c>,
    pub(super) owners: &'c Owners,
}

impl<'c> Evaluator<'c> {
    fn outcome<'f>(&self, case: &Case<'f>) -> Result<Evaluated<'f>, RunError>
    where
        'c: 'f,
    {
        let mut lines: Vec<(SettlementLine<'f>, &'f Slice)> = Vec::with_capacity(case.lines.len());
        for line in &case.lines {
            let slice = self.knowledge.slice(line.slice)?;
            if self.counting.counting.contains(&slice.file) {
                lines.push((*line, slice));
            }
        }
        let of_order = OrderCase {
            provider: case.provider,
            order_reference: case.reference,
            versions: &case.orders,
            events: &case.events,
            lines: &lines,
            provider_events: &case.provider_events,
        };
        let mut outcome = evaluate(&of_order, self.rules, &self.knowledge.index, self.as_of);
        if let Some(day) = self.owners.next_move(&case.provider_events) {
            outcome.check_on = Some(outcome.check_on.map_or(day, |other| other.min(day)));
        }
        Ok(Evaluated {
            provider: case.provider,
            reference: case.reference,
            outcome,
        })
    }

    /// Looks at all cases of a page in a thread of its own, while what it finds is collected in the
    /// order of the cases.
    pub(super) fn all(
        self,
        page: &FactBuffer,
        collected: &mut Collected<'_, '_>,
    ) -> Result<(), RunError> {
        std::thread::scope(|scope| {
            let (to, from) = sync_channel(BATCHES_WAITING);
            let evaluating = scope.spawn(move || self.send_all(page, &to));
            let done = from
                .into_iter()
                .flatten()
                .try_for_each(|case| collected.take(case));
            finished(evaluating)?;
            Ok(done?)
        })
    }

    /// The same, while a third thread stores which orders are open.
    pub(super) fn all_recording(
        self,
        page: &FactBuffer,
        collected: &mut Collected<'_, '_>,
        (db, day): (&mut Db, RecordedDay),
    ) -> Result<(), RunError> {
        let runtime = tokio::runtime::Handle::current();
        std::thread::scope(|scope| {
            let (to, from) = sync_channel(BATCHES_WAITING);
            let evaluating = scope.spawn(move || self.send_all(page, &to));
            let (to_store, to_be_stored) = sync_channel::<Vec<OpenOrder>>(BATCHES_WAITING);
            let storing = scope.spawn(move || {
                let open = to_be_stored.into_iter().flatten();
                let stored = runtime.block_on(intervals::record_open_orders(db, day, open));
                Ok(stored?)
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
            finished(evaluating)?;
            done?;
            finished(storing)
        })
    }

    fn send_all<'f>(
        self,
        page: &'f FactBuffer,
        to: &SyncSender<Vec<Evaluated<'f>>>,
    ) -> Result<(), RunError>
    where
        'c: 'f,
    {
        let mut batch = Vec::with_capacity(CASES_PER_BATCH);
        let mut is_heard = true;
        page.each_case(|case| {
            batch.push(self.outcome(case)?);
            if batch.len() >= CASES_PER_BATCH && is_heard {
                let next = Vec::with_capacity(CASES_PER_BATCH);
                // A collector that has gone has failed, and says why itself.
                is_heard = to.send(std::mem::replace(&mut batch, next)).is_ok();
            }
            Ok::<(), RunError>(())
        })?;
        if is_heard {
            drop(to.send(batch));
        }
        Ok(())
    }
}

/// Waits for a thread, and gives what became of it.
fn finished(thread: ScopedJoinHandle<'_, Result<(), RunError>>) -> Result<(), RunError> {
    let ended = |_panic| Err(RunError::Input("a thread ended before its time".to_owned()));
    thread.join().unwrap_or_else(ended)
}

/// What is added up while cases pass.
pub(super) struct Collected<'c, 'x> {
    /// Orders whose data changed; `None`: all.
    pub(super) changed: Option<HashSet<u64>>,
    pub(super) before: BTreeMap<(String, String), OrderState>,
    pub(super) report: &'c mut ReportWriter,
    pub(super) comparison: &'c mut Comparison<'x>,
    pub(super) open_orders: Vec<OpenOrder>,
}

impl Collected<'_, '_> {
    pub(super) fn take(&mut self, evaluated: Evaluated<'_>) -> Result<(), ReportError> {
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
    pub(super) fn keep(
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
