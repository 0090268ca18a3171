//! What providers said of an order or a transaction, as `show` lists it.

use super::books::Books;
use super::dossier::{place, text};
use crate::domain::provider_event::{ProviderEvent, Said};
use crate::report::table::Cell;

pub(super) const PROVIDER_EVENT_COLUMNS: &[&str] = &[
    "source",
    "observed_at",
    "said",
    "status",
    "sub_status",
    "sequence",
    "currency",
    "amount",
    "balance",
    "transaction_id",
];

/// One event.
pub(super) fn provider_event_row(
    books: &Books<'_>,
    event: &ProviderEvent<'_>,
) -> Vec<Cell<'static>> {
    let (said, status, sub_status) = match event.said {
        Said::Status {
            status,
            word,
            sub_status,
        } => (word, status.map_or("", |status| status.word()), sub_status),
        Said::NotKnown(answer) => ("unknown to the provider", "", answer.words),
        Said::NotVerified(answer) => ("asked, not verified", "", answer.words),
        Said::Booking(booking) => (booking.action.word(), "", ""),
    };
    let (sequence, balance) = match event.said {
        Said::Booking(booking) => (
            Cell::integer(booking.sequence),
            Cell::Amount(booking.balance, event.currency),
        ),
        Said::Status { .. } | Said::NotKnown(_) | Said::NotVerified(_) => {
            (Cell::Empty, Cell::Empty)
        }
    };
    let observed = event.observed_at.format("%Y-%m-%d %H:%M:%S UTC");
    vec![
        text(place(books.file_name(event.file), event.line)),
        text(observed.to_string()),
        text(said),
        text(status),
        text(sub_status),
        sequence,
        text(event.currency.code()),
        Cell::amount(event.amount, event.currency),
        balance,
        text(event.transaction_id),
    ]
}
