//! Transactions: the lines and orders that name one.

use std::collections::BTreeSet;

use super::books::{Books, LINE_COLUMNS, PAYOUT_COLUMNS, line_row};
use super::dossier::{Part, text};
use super::orders::payouts_of;
use super::provider_events::{PROVIDER_EVENT_COLUMNS, provider_event_row};
use crate::domain::order::Order;
use crate::domain::packed::unpack;
use crate::domain::settlement::SettlementLine;
use crate::facts::{PackedRows, lookup};
use crate::pipeline::RunError;
use crate::report::table::Cell;
use crate::storage::Db;
use crate::storage::facts::FactTable;
use crate::storage::facts::blocks::{self, Wanted};

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
    let mut lines = PackedRows::default();
    // Lines are found by their orders: this looks at all of them.
    blocks::each(db, Wanted::Of(FactTable::Lines), |row| {
        let line: SettlementLine<'_> = unpack(row.bytes)?;
        if line.transaction_id == transaction_id {
            lines.append(row.bytes);
        }
        Ok(())
    })
    .await?;
    let (mut rows, mut slices) = (Vec::new(), Vec::new());
    for line in lines.all::<SettlementLine<'_>>()? {
        let slice = books.knowledge.slice(line.slice)?;
        rows.push(line_row(books, &line, slice));
        slices.push(slice);
    }
    slices.retain(|slice| books.counts(slice.file));
    let (mut known, mut said): (Vec<Vec<Cell<'static>>>, Vec<_>) = (Vec::new(), Vec::new());
    let asked = BTreeSet::from([transaction_id]);
    lookup::of_transactions(
        db,
        &asked,
        |_| true,
        |row| {
            match row.table {
                FactTable::Orders => known.push(order_row(&unpack(row.bytes)?)),
                FactTable::ProviderEvents => {
                    said.push(provider_event_row(books, &unpack(row.bytes)?));
                }
                FactTable::Lines | FactTable::OrderEvents => {}
            }
            Ok(())
        },
    )
    .await?;
    known.dedup();
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

fn order_row(order: &Order<'_>) -> Vec<Cell<'static>> {
    vec![
        text(order.order_reference),
        text(order.provider),
        text(order.status.word()),
        text(order.currency.code()),
        Cell::Amount(order.amount, order.currency),
        Cell::Date(order.ordered_on),
    ]
}
