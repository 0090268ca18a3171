//! Cases are evaluated one after the other in a thread of their own, and collected in their order.

use std::collections::HashSet;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::ScopedJoinHandle;

use xxhash_rust::xxh3::xxh3_64;

use super::untouched::{Before, Untouched};
use crate::domain::open_order::OpenOrder;
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::rules::Rules;
use crate::domain::settlement::{SettlementLine, Slice};
use crate::facts::{Case, FactBuffer, Owners};
use crate::matching::coverage::Covered;
use crate::matching::files::CountingFiles;
use crate::matching::orders::{OrderCase, OrderOutcome, evaluate};
use crate::pipeline::knowledge::Knowledge;
use crate::pipeline::leg_one::Sinks;
use crate::pipeline::{RunError, RunOptions};
use crate::report::ReportError;
use crate::storage::Db;
use crate::storage::intervals::{Holding, RecordedDay};
use crate::storage::open_orders;

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
    pub(super) covered: &'c Covered,
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
        let horizon = self.covered.horizon(case.provider);
        let mut outcome = evaluate(&of_order, self.rules, &self.knowledge.index, &horizon);
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
            let (to_store, to_be_stored) = sync_channel::<Vec<Holding<OpenOrder>>>(BATCHES_WAITING);
            let storing = scope.spawn(move || {
                let open = to_be_stored.into_iter().flatten();
                let stored = runtime.block_on(open_orders::record_night(db, day, Vec::new(), open));
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
    /// The orders of the night before that are looked at.
    pub(super) before: Before<'c>,
    /// Those that nobody looks at tonight.
    pub(super) untouched: Untouched<'c>,
    /// A report of a range tells of the orders that something shown is found of; `None`: of those
    /// that are open or changed.
    pub(super) of_range: Option<HashSet<u64>>,
    pub(super) options: &'c RunOptions,
    pub(super) sinks: Sinks<'c, 'x>,
    pub(super) open_orders: Vec<Holding<OpenOrder>>,
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
            let before = self.before.get(&(provider, reference)).filter(|before| {
                before.is_known
                    && (before.state, before.check_on) == (state, outcome.check_on)
                    && before.row == outcome.row
            });
            self.open_orders.push(if let Some(before) = before {
                Holding::Row(before.number)
            } else {
                let order = (provider, reference);
                Holding::New(OpenOrder::new(order, state, outcome.check_on, outcome.row))
            });
        }
        self.sinks.waiting.extend(outcome.waiting);
        let mut is_of_range = false;
        for discrepancy in &outcome.discrepancies {
            is_of_range |= self.sinks.comparison.shows(discrepancy);
            self.sinks.comparison.take(discrepancy);
        }
        self.show_untouched(Some((provider, reference)))?;
        let is_shown = |row: &OrderRow<'_>| match self.of_range {
            _ if !self.options.asks_for(row.provider) => false,
            Some(_) => is_of_range,
            None => self.is_shown(row),
        };
        match outcome.row {
            Some(row) if is_shown(&row) => self.sinks.report.order(&row),
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
        self.before
            .get(&(row.provider, row.order_reference))
            .is_some_and(|before| before.state != row.state)
            || changed.contains(&order_hash(row.provider, row.order_reference))
    }

    /// Writes the rows of untouched orders that come before one.
    fn show_untouched(&mut self, end: Option<(&str, &str)>) -> Result<(), ReportError> {
        while let Some(open) = self.untouched.next_before(end) {
            self.open_orders.push(Holding::Row(open.number));
            let is_shown = |row: &OrderRow<'_>| match &self.of_range {
                _ if !self.options.asks_for(row.provider) => false,
                Some(orders) => orders.contains(&order_hash(row.provider, row.order_reference)),
                None => row.state != OrderState::Balanced,
            };
            if let Some(row) = open.row.filter(is_shown) {
                self.sinks.report.order(&row)?;
            }
        }
        Ok(())
    }

    /// Takes over from the night before what was not looked at again.
    pub(super) fn finish(
        &mut self,
        is_untouched: impl Fn(&str) -> bool,
    ) -> Result<(), ReportError> {
        self.show_untouched(None)?;
        self.sinks.comparison.take_over(is_untouched);
        Ok(())
    }
}
