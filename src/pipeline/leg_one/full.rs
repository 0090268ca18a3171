//! A full look: all orders of the database, page by page.

use std::collections::BTreeSet;

use super::cases::{Collected, Evaluator};
use crate::domain::packed::unpack;
use crate::domain::provider_event::ProviderEvent;
use crate::pipeline::RunError;
use crate::pipeline::facts::Facts;
use crate::pipeline::homes::Homes;
use crate::pipeline::knowledge::Knowledge;
use crate::storage::Db;
use crate::storage::facts::{self, FactTable};

/// Rows of one page of a full look.
const PAGE_ROWS: i64 = 50_000;

/// Walks through all orders in the database, provider by provider and page by page, in the order
/// of their references.
pub(super) async fn full(
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
    pub(super) facts: Facts,
    /// The first reference of which rows may be missing; `None` when none are.
    end: Option<String>,
}

/// What pages of one provider are read with.
struct PageSource<'p> {
    pub(super) provider: &'p str,
    pub(super) knowledge: &'p Knowledge,
    pub(super) homes: &'p Homes,
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
            let event = unpack::<ProviderEvent<'_>>(row)
                .ok()
                .filter(|_| is_own(row));
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
    pub(super) rows: i64,
    last: String,
}

impl PageEnd {
    pub(super) fn row(&mut self, row: &[u8]) {
        self.rows = self.rows.saturating_add(1);
        unpack::<&str>(row)
            .unwrap_or_default()
            .clone_into(&mut self.last);
    }

    /// The last reference, where the page was too short for all rows.
    pub(super) fn of(self, limit: i64) -> Option<String> {
        (self.rows >= limit).then_some(self.last)
    }
}
