//! Transactions: the lines and orders that name one.

use super::books::{Books, LINE_COLUMNS, PAYOUT_COLUMNS, line_row};
use super::dossier::{Part, text};
use super::orders::payouts_of;
use super::provider_events::{PROVIDER_EVENT_COLUMNS, provider_event_row};
use crate::domain::order::Order;
use crate::domain::packed::unpack;
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::SettlementLine;
use crate::pipeline::RunError;
use crate::report::table::Cell;
use crate::storage::Db;
use crate::storage::facts::{self, FactTable};

const ORDER_COLUMNS: &[&str] = &[
    "order_reference",
    "provider",
    "status",
    "currency",
    "amount",
    "ordered_on",
];

/// What is known of a transaction id.
pub(super) async fn named(
    db: &mut Db,
    books: &Books<'_>,
    transaction_id: &str,
) -> Result<Option<Part>, RunError> {
    let mut part = Part::new("transaction", format!("Transaction {transaction_id}"));
    part.facts.push(("transaction_id", text(transaction_id)));
    let (mut rows, mut slices) = (Vec::new(), Vec::new());
    facts::holding(db, FactTable::Lines, transaction_id, |row| {
        let line = unpack::<SettlementLine<'_>>(row).ok();
        let line = line.filter(|line| line.transaction_id == transaction_id);
        if let Some((line, slice)) = line.zip(books.knowledge.slice_of(row)) {
            rows.push(line_row(books, &line, slice));
            slices.push(slice);
        }
    })
    .await?;
    slices.retain(|slice| books.counts(slice.file));
    let mut known: Vec<Vec<Cell<'static>>> = Vec::new();
    facts::holding(db, FactTable::Orders, transaction_id, |row| {
        let order = unpack::<Order<'_>>(row).ok();
        let Some(order) = order.filter(|order| order.transaction_id == transaction_id) else {
            return;
        };
        known.push(vec![
            text(order.order_reference),
            text(order.provider),
            text(order.status.word()),
            text(order.currency.code()),
            Cell::Amount(order.amount, order.currency),
            Cell::Date(order.ordered_on),
        ]);
    })
    .await?;
    known.dedup();
    let mut said = Vec::new();
    facts::holding(db, FactTable::ProviderEvents, transaction_id, |row| {
        let event = unpack::<ProviderEvent<'_>>(row).ok();
        let event = event.filter(|event| event.transaction_id == transaction_id);
        said.extend(event.map(|event| provider_event_row(books, &event)));
    })
    .await?;
    if rows.is_empty() && known.is_empty() && said.is_empty() {
        return Ok(None);
    }
    part.discrepancies = books.concerning(|found| found.transaction_id == transaction_id);
    part.list("orders", ORDER_COLUMNS, known);
    part.list("provider_events", PROVIDER_EVENT_COLUMNS, said);
    part.list("settlement_lines", LINE_COLUMNS, rows);
    part.list("payouts", PAYOUT_COLUMNS, payouts_of(books, slices));
    Ok(Some(part))
}
