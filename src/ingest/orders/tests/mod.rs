//! Orders and events, written row by row, and what becomes of each row.

mod bad_input;
mod events;
mod rows;

use chrono_tz::Tz;

use super::{OrderEventSink, OrderOptions, OrderSink, read, read_events};
use crate::domain::Amount;
use crate::domain::file::RejectedRow;
use crate::domain::order::{Order, OrderEvent};
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::{ORDER_EVENTS, ORDERS, Profile, ProfileDefinition};
use crate::ingest::{Refusal, RowCounts};

const PARIS: Tz = chrono_tz::Europe::Paris;

/// Writes down every order and event, one line each, in words.
#[derive(Debug, Default)]
struct Notes {
    lines: Vec<String>,
    rejected: Vec<RejectedRow>,
}

/// `2: oney/WEB-1 200.00 EUR FUNDED 2026-11-01`, then what is there besides.
fn order_in_words(order: &Order<'_>) -> String {
    let mut words = vec![format!(
        "{}: {}/{} {} {} {} {}",
        order.line,
        order.provider,
        order.order_reference,
        order.amount.display(order.currency),
        order.currency,
        order.status.word(),
        order.ordered_on
    )];
    let amount = |amount: Amount| amount.display(order.currency).to_string();
    let named = [
        ("merchant", order.merchant.to_owned()),
        (
            "confirmed",
            order.confirmed_amount.map(amount).unwrap_or_default(),
        ),
        (
            "confirmed on",
            order
                .confirmed_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ),
        (
            "cancelled",
            order.cancelled_amount.map(amount).unwrap_or_default(),
        ),
        (
            "cancelled on",
            order
                .cancelled_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ),
        (
            "updated",
            order
                .updated_at
                .map(|time| time.to_string())
                .unwrap_or_default(),
        ),
        ("transaction", order.transaction_id.to_owned()),
        ("product", order.product.to_owned()),
    ];
    let present = named.iter().filter(|(_, value)| !value.is_empty());
    words.extend(present.map(|(name, value)| format!("{name} {value}")));
    words.join(", ")
}

impl OrderSink for Notes {
    fn order(&mut self, order: &Order<'_>) {
        self.lines.push(order_in_words(order));
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

impl OrderEventSink for Notes {
    fn event(&mut self, event: &OrderEvent<'_>) {
        self.lines.push(format!(
            "{}: {}/{} {} {} {} {} «{}»",
            event.line,
            event.provider,
            event.order_reference,
            event.kind.word(),
            event.amount.display(event.currency),
            event.currency,
            event.occurred_on,
            event.event_id
        ));
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

type Outcome = Result<(RowCounts, Notes), Refusal>;

#[derive(Clone, Copy)]
enum Kind {
    Orders,
    Events,
}

/// Reads some bytes under a built-in profile or the one that is given.
fn read_bytes(kind: Kind, content: &[u8], definition: Option<ProfileDefinition>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    std::fs::write(&path, content).unwrap();
    let opened = OpenFile::open(&path, u64::MAX).unwrap();
    let built_in = match kind {
        Kind::Orders => ORDERS,
        Kind::Events => ORDER_EVENTS,
    };
    let name = definition
        .as_ref()
        .map_or(built_in.to_owned(), |own| own.name.clone());
    let definitions: Vec<ProfileDefinition> = definition.into_iter().collect();
    let profile = Profile::resolve(&name, &definitions)?;
    let options = OrderOptions {
        profile: &profile,
        timezone: PARIS,
        max_rejected_percent: 10,
    };
    let mut notes = Notes::default();
    let counts = match kind {
        Kind::Orders => read(&opened, options, &mut notes)?,
        Kind::Events => read_events(&opened, options, &mut notes)?,
    };
    Ok((counts, notes))
}

fn orders(content: &str) -> Outcome {
    read_bytes(Kind::Orders, content.as_bytes(), None)
}

fn events(content: &str) -> Outcome {
    read_bytes(Kind::Events, content.as_bytes(), None)
}

/// The lines of a file of which no row is rejected.
#[track_caller]
fn lines_of(outcome: Outcome) -> Vec<String> {
    let (counts, notes) = outcome.unwrap();
    assert_eq!(notes.rejected, []);
    assert_eq!(counts.rows, counts.accepted);
    notes.lines
}

const MANDATORY: &str = "order_reference,provider,amount,currency,status,ordered_at";

/// Orders with the mandatory columns only.
fn mandatory(rows: &str) -> String {
    format!("{MANDATORY}\n{rows}")
}
