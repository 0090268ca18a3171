//! What is stored of an order, as far as an action at its provider has to know it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::books::Books;
use crate::config::Settings;
use crate::domain::coverage::Horizon;
use crate::domain::order::{OrderStatus, normal_reference};
use crate::domain::settlement::{SettlementLine, Slice};
use crate::domain::{Amount, Currency};
use crate::facts::{Case, Cases, Known};
use crate::matching::orders::{OrderCase, evaluate, latest};
use crate::pipeline::RunError;
use crate::pipeline::knowledge::Viewpoint;
use crate::storage::Db;

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
    let mut asked = BTreeSet::from([reference.to_owned()]);
    let links = books.knowledge.links(Viewpoint::today(day));
    let of_lines = books.knowledge.linked_lines(&links);
    let mut cases = Cases::of(db, &mut asked, Known::default(), (&of_lines, day)).await?;
    let mut known = Vec::new();
    while let Some(page) = cases.next_page()? {
        page.each_case(|case| {
            if case.reference == reference {
                known.extend(one(&books, case, day)?);
            }
            Ok::<(), RunError>(())
        })?;
    }
    Ok(known)
}

fn one(books: &Books<'_>, rows: &Case<'_>, day: NaiveDate) -> Result<Option<KnownOrder>, RunError> {
    let (provider, order_reference) = (rows.provider, rows.reference);
    let mut counting: Vec<(SettlementLine<'_>, &Slice)> = Vec::new();
    for line in &rows.lines {
        let slice = books.knowledge.slice(line.slice)?;
        if books.counts(slice.file) {
            counting.push((*line, slice));
        }
    }
    let index = &books.knowledge.index;
    let Some(order) = latest(&rows.orders) else {
        return Ok(None);
    };
    let case = OrderCase {
        provider,
        order_reference,
        versions: &rows.orders,
        events: &rows.events,
        lines: &counting,
        provider_events: &[],
    };
    let row = evaluate(&case, &books.settings.rules, index, &Horizon::complete(day)).row;
    Ok(Some(KnownOrder {
        provider: provider.to_owned(),
        order_reference: order_reference.to_owned(),
        merchant: order.merchant.to_owned(),
        transaction_id: order.transaction_id.to_owned(),
        status: order.status,
        currency: order.currency,
        ordered: order.amount,
        expected: row
            .and_then(|row| row.amount)
            .unwrap_or_else(|| order.expected_amount()),
        cancelled: row.and_then(|row| row.cancelled).unwrap_or_default(),
        reported_cancelled: row.map(|row| row.reported_cancelled).unwrap_or_default(),
    }))
}
