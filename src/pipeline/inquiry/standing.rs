//! What is stored of an order, as far as an action at its provider has to know it.

use std::convert::Infallible;

use chrono::NaiveDate;

use super::books::Books;
use crate::config::Settings;
use crate::domain::order::{OrderStatus, normal_reference};
use crate::domain::settlement::{SettlementLine, Slice};
use crate::domain::{Amount, Currency};
use crate::matching::orders::{OrderCase, evaluate, latest};
use crate::pipeline::RunError;
use crate::pipeline::facts::{Facts, Rows};
use crate::storage::Db;
use crate::storage::facts::{self, FactTable};

/// An order as the shop knows it, and what the provider's reports say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pipeline) struct KnownOrder {
    pub(in crate::pipeline) provider: String,
    pub(in crate::pipeline) order_reference: String,
    pub(in crate::pipeline) merchant: String,
    pub(in crate::pipeline) transaction_id: String,
    pub(in crate::pipeline) status: OrderStatus,
    pub(in crate::pipeline) currency: Currency,
    /// As ordered.
    pub(in crate::pipeline) ordered: Amount,
    /// What the shop confirmed, else what was ordered.
    pub(in crate::pipeline) expected: Amount,
    /// What the shop cancelled.
    pub(in crate::pipeline) cancelled: Amount,
    /// What reports say was cancelled.
    pub(in crate::pipeline) reported_cancelled: Amount,
}

/// The orders of a reference, one for each provider that has it.
///
/// # Errors
/// When the database fails.
pub(in crate::pipeline) async fn orders_of(
    db: &mut Db,
    settings: &Settings,
    reference: &str,
    day: NaiveDate,
) -> Result<Vec<KnownOrder>, RunError> {
    let books = Books::open(db, settings).await?;
    let reference = normal_reference(reference);
    let mut stored = Facts::default();
    let asked = [reference];
    facts::of_references(db, FactTable::Lines, &asked, i64::MAX, |row| {
        if let Some(slice) = books.knowledge.slice_of(row) {
            stored.append_line(&slice.provider, row);
        }
    })
    .await?;
    facts::of_references(db, FactTable::Orders, &asked, i64::MAX, |row| {
        stored.append_order(row);
    })
    .await?;
    facts::of_references(db, FactTable::OrderEvents, &asked, i64::MAX, |row| {
        stored.append_event(row);
    })
    .await?;
    let mut known = Vec::new();
    stored.sort();
    let Ok(()) = stored.cases(|provider, reference, rows| {
        known.extend(one(&books, (provider, reference), rows, day));
        Ok::<(), Infallible>(())
    });
    Ok(known)
}

fn one(
    books: &Books<'_>,
    (provider, order_reference): (&str, &str),
    rows: &Rows<'_>,
    day: NaiveDate,
) -> Option<KnownOrder> {
    let with_slice = |line: &SettlementLine<'_>| books.knowledge.slices.get(&line.slice);
    let counting: Vec<(SettlementLine<'_>, &Slice)> = rows
        .lines
        .iter()
        .filter_map(|line| Some((*line, with_slice(line)?)))
        .filter(|(_, slice)| books.counts(slice.file))
        .collect();
    let index = &books.knowledge.index;
    let order = latest(&rows.orders)?;
    let case = OrderCase {
        provider,
        order_reference,
        versions: &rows.orders,
        events: &rows.events,
        lines: &counting,
        provider_events: &[],
    };
    let row = evaluate(&case, &books.settings.rules, index, day).row;
    Some(KnownOrder {
        provider: provider.to_owned(),
        order_reference: order_reference.to_owned(),
        merchant: order.merchant.to_owned(),
        transaction_id: order.transaction_id.to_owned(),
        status: order.status,
        currency: order.currency,
        ordered: order.amount,
        expected: order.expected_amount(),
        cancelled: row.and_then(|row| row.cancelled).unwrap_or_default(),
        reported_cancelled: row.map(|row| row.reported_cancelled).unwrap_or_default(),
    })
}
