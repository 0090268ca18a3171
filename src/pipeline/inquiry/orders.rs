//! Orders: every version, every event, every line, and what leg 1 makes of them.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::actions;
use super::books::{Books, LINE_COLUMNS, LINK_COLUMNS, PAYOUT_COLUMNS, line_row, payout_row};
use super::dossier::{Part, place, text};
use super::provider_events::{PROVIDER_EVENT_COLUMNS, provider_event_row};
use crate::domain::Amount;
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::order::{Order, OrderEvent, normal_reference};
use crate::domain::outcome::OrderRow;
use crate::domain::settlement::{SettlementLine, Slice};
use crate::facts::{Case, Cases, Known};
use crate::matching::orders::{OrderCase, evaluate, latest};
use crate::pipeline::RunError;
use crate::report::table::Cell;
use crate::storage::Db;

/// The orders of a reference, one for each provider that knows it.
pub(super) async fn named(
    db: &mut Db,
    books: &Books<'_>,
    reference: &str,
) -> Result<Vec<Part>, RunError> {
    let reference = normal_reference(reference);
    let done = actions::of_order(db, reference).await?;
    let mut asked = BTreeSet::from([reference.to_owned()]);
    let as_of = books.as_of().unwrap_or(NaiveDate::MAX);
    let of_lines = books.knowledge.linked_lines(&books.links);
    let mut cases = Cases::of(db, &mut asked, Known::default(), (&of_lines, as_of)).await?;
    let mut parts = Vec::new();
    while let Some(page) = cases.next_page()? {
        page.each_case(|case| {
            let linked = books.links.order_of(case.provider, reference);
            if case.reference == linked.unwrap_or(reference) {
                let mut part = part(books, case)?;
                let trail = actions::rows(&done, case.provider);
                part.list("provider_actions", actions::ACTION_COLUMNS, trail);
                parts.push(part);
            }
            Ok::<(), RunError>(())
        })?;
    }
    Ok(parts)
}

fn part(books: &Books<'_>, rows: &Case<'_>) -> Result<Part, RunError> {
    let (provider, reference) = (rows.provider, rows.reference);
    let mut part = Part::new(
        "order",
        format!(
            "Order {reference}, {}",
            books.settings.wording.provider(provider)
        ),
    );
    part.facts.push(("provider", text(provider)));
    part.facts.push(("order_reference", text(reference)));
    let mut all: Vec<(SettlementLine<'_>, &Slice)> = Vec::with_capacity(rows.lines.len());
    for line in &rows.lines {
        all.push((*line, books.knowledge.slice(line.slice)?));
    }
    let counting: Vec<_> = all
        .iter()
        .filter(|(_, slice)| books.counts(slice.file))
        .copied()
        .collect();
    let case = OrderCase {
        provider,
        order_reference: reference,
        versions: &rows.orders,
        events: &rows.events,
        lines: &counting,
        provider_events: &rows.provider_events,
    };
    let current = latest(&rows.orders);
    if books.as_of().is_some() {
        outcome(books, &case, &mut part);
    }
    if let Some(order) = &current {
        order_facts(order, &mut part);
    }
    let version = |order: &Order<'_>| version_row(books, order, current.as_ref());
    part.list(
        "shop_rows",
        VERSION_COLUMNS,
        rows.orders.iter().map(version).collect(),
    );
    let event = |event: &OrderEvent<'_>| event_row(books, event);
    part.list(
        "events",
        EVENT_COLUMNS,
        rows.events.iter().map(event).collect(),
    );
    let said = rows.provider_events.iter();
    part.list(
        "provider_events",
        PROVIDER_EVENT_COLUMNS,
        said.map(|event| provider_event_row(books, event)).collect(),
    );
    let linked = books.linked(|link| link.concerns_order(provider, reference));
    part.list("links", LINK_COLUMNS, linked);
    let lines = all.iter().map(|(line, slice)| line_row(books, line, slice));
    part.list("settlement_lines", LINE_COLUMNS, lines.collect());
    part.list(
        "payouts",
        PAYOUT_COLUMNS,
        payouts_of(books, counting.iter().map(|(_, slice)| *slice)),
    );
    Ok(part)
}

/// What legs 1 and 2 say of the order, seen from the latest recorded night.
fn outcome(books: &Books<'_>, case: &OrderCase<'_, '_>, part: &mut Part) {
    let horizon = books.covered.horizon(case.provider);
    let index = &books.knowledge.index;
    let outcome = evaluate(case, &books.settings.rules, index, &horizon);
    if let Some(row) = &outcome.row {
        outcome_facts(row, part);
    }
    // Lines in another currency are in none of these amounts.
    let is_other = |found: &&Discrepancy| found.code == Code::CurrencyMismatch;
    for found in outcome.discrepancies.iter().filter(is_other) {
        if let Some((actual, currency)) = found.actual.zip(found.currency) {
            let amount = Cell::Amount(actual, currency);
            part.facts.push(("reported_in_another_currency", amount));
        }
    }
    let books_awaited = outcome.waiting.iter().map(|it| books.awaited(&it.book));
    let awaited: BTreeSet<String> = books_awaited.collect();
    part.facts.push(if awaited.is_empty() {
        ("changes_by_itself_on", Cell::date(outcome.check_on))
    } else {
        let awaited: Vec<String> = awaited.into_iter().collect();
        ("waits_for", text(awaited.join("; ")))
    });
    let concerns = |found: &Discrepancy| {
        found.provider == case.provider && found.order_reference == case.order_reference
    };
    part.discrepancies = books.with_states(outcome.discrepancies, concerns);
}

fn outcome_facts(row: &OrderRow<'_>, part: &mut Part) {
    let money = |amount: Amount| Cell::Amount(amount, row.currency);
    part.facts.extend([
        ("state", text(row.state.word())),
        (
            "status",
            text(
                row.status
                    .map_or("unknown to the shop", |status| status.word()),
            ),
        ),
        ("currency", text(row.currency.code())),
        ("amount", Cell::amount(row.amount, row.currency)),
        ("cancelled", Cell::amount(row.cancelled, row.currency)),
        ("reported_funded", money(row.reported_funded)),
        ("reported_cancelled", money(row.reported_cancelled)),
        ("fee", Cell::amount(row.fee, row.currency)),
        ("net", Cell::amount(row.net, row.currency)),
    ]);
}

fn order_facts(order: &Order<'_>, part: &mut Part) {
    part.facts.extend([
        ("ordered_on", Cell::Date(order.ordered_on)),
        ("confirmed_on", Cell::date(order.confirmed_on)),
        ("transaction_id", text(order.transaction_id)),
        ("product", text(order.product)),
        ("merchant", text(order.merchant)),
    ]);
}

pub(super) const VERSION_COLUMNS: &[&str] = &[
    "source",
    "received",
    "version",
    "status",
    "currency",
    "amount",
    "confirmed_amount",
    "ordered_on",
    "confirmed_on",
    "cancelled_amount",
    "cancelled_on",
    "updated_at",
    "transaction_id",
    "product",
    "merchant",
];

/// A row of the shop; the one that counts is called current.
pub(super) fn version_row(
    books: &Books<'_>,
    order: &Order<'_>,
    current: Option<&Order<'_>>,
) -> Vec<Cell<'static>> {
    let is_current = current.is_some_and(|it| (it.file, it.line) == (order.file, order.line));
    let updated = order
        .updated_at
        .map(|at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string());
    let received = books.file(order.file).map(|file| file.received);
    vec![
        text(place(books.file_name(order.file), order.line)),
        Cell::date(received),
        text(if is_current { "current" } else { "earlier" }),
        text(order.status.word()),
        text(order.currency.code()),
        Cell::Amount(order.amount, order.currency),
        Cell::amount(order.confirmed_amount, order.currency),
        Cell::Date(order.ordered_on),
        Cell::date(order.confirmed_on),
        Cell::amount(order.cancelled_amount, order.currency),
        Cell::date(order.cancelled_on),
        updated.map_or(Cell::Empty, text),
        text(order.transaction_id),
        text(order.product),
        text(order.merchant),
    ]
}

pub(super) const EVENT_COLUMNS: &[&str] = &[
    "source",
    "type",
    "occurred_on",
    "currency",
    "amount",
    "event_id",
];

pub(super) fn event_row(books: &Books<'_>, event: &OrderEvent<'_>) -> Vec<Cell<'static>> {
    vec![
        text(place(books.file_name(event.file), event.line)),
        text(event.kind.word()),
        Cell::Date(event.occurred_on),
        text(event.currency.code()),
        Cell::Amount(event.amount, event.currency),
        text(event.event_id),
    ]
}

/// The payouts that lines of some slices belong to.
pub(super) fn payouts_of<'s>(
    books: &Books<'_>,
    slices: impl IntoIterator<Item = &'s Slice>,
) -> Vec<Vec<Cell<'static>>> {
    let key = |slice: &'s Slice| {
        let (provider, reference) = (&slice.provider, &slice.payout_reference);
        (provider.as_str(), reference.as_str(), slice.currency)
    };
    let wanted: BTreeSet<_> = slices.into_iter().map(key).collect();
    let outcomes = books.payouts.iter().filter(|outcome| {
        let payout = &outcome.payout;
        wanted.contains(&(
            payout.provider.as_str(),
            payout.reference.as_str(),
            payout.currency,
        ))
    });
    outcomes.map(payout_row).collect()
}
