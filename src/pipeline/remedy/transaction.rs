//! What PAYONE's notifications say of a payment process: it answers no questions, so this is all
//! that an action there can go by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::Amount;
use crate::domain::provider_event::{Booking, BookingAction, ProviderEvent, Said};
use crate::facts::{Cases, Known};
use crate::pipeline::RunError;
use crate::storage::Db;

use super::KnownOrder;

/// Where a payment process stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pipeline) struct KnownTransaction {
    /// PAYONE's number of it.
    pub(in crate::pipeline) transaction_id: String,
    /// What is claimed.
    pub(in crate::pipeline) receivable: Amount,
    /// What of it is still open.
    pub(in crate::pipeline) balance: Amount,
    /// The highest sequence number that was seen.
    pub(in crate::pipeline) sequence: u8,
    /// The day it was reserved, where that was seen.
    pub(in crate::pipeline) appointed_on: Option<NaiveDate>,
    /// True when the reservation was given back by a capture of 0.
    pub(in crate::pipeline) is_released: bool,
    /// True when it failed for good before anything was claimed.
    pub(in crate::pipeline) has_failed: bool,
}

impl std::fmt::Display for KnownTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.has_failed {
            "failed"
        } else if self.is_released {
            "released"
        } else if self.receivable.is_zero() {
            "reserved"
        } else {
            "claimed"
        };
        write!(f, "{state}, sequence number {}", self.sequence)
    }
}

/// What the stored notifications say of an order's payment process.
///
/// # Errors
/// When the database fails, or several processes may be meant.
pub(super) async fn known_transaction(
    db: &mut Db,
    order: &KnownOrder,
    as_of: NaiveDate,
) -> Result<Option<KnownTransaction>, RunError> {
    // Notifications may name the order by its transaction only, or another one at first, as leg 2
    // reads them.
    let mut linked = BTreeSet::from([order.order_reference.clone()]);
    let mut cases = Cases::of(db, &mut linked, Known::default(), as_of).await?;
    let mut found = None;
    while let Some(page) = cases.next_page()? {
        page.each_case(|case| {
            if (case.provider, case.reference) == (&*order.provider, &*order.order_reference) {
                found = the_process(order, &case.provider_events).map_err(RunError::NotFound)?;
            }
            Ok::<(), RunError>(())
        })?;
    }
    Ok(found)
}

/// The process of an order among notifications: the one that the shop names, else the only one
/// that has not failed.
///
/// # Errors
/// When there are several.
pub(super) fn the_process(
    order: &KnownOrder,
    events: &[ProviderEvent<'_>],
) -> Result<Option<KnownTransaction>, String> {
    let named = |id: &str| order.transaction_id.is_empty() || order.transaction_id == id;
    let own = events.iter().filter(|event| {
        event.provider == order.provider
            && event.currency == order.currency
            && named(event.transaction_id)
    });
    let mut processes: BTreeMap<&str, Vec<ProviderEvent<'_>>> = BTreeMap::new();
    for event in own {
        let process = processes.entry(event.transaction_id).or_default();
        process.push(*event);
    }
    let mut known: Vec<KnownTransaction> = processes
        .values()
        .filter_map(|events| from_events(events))
        .collect();
    if known.len() > 1 {
        known.retain(|process| !process.has_failed);
    }
    if known.len() > 1 {
        let ids: Vec<String> = known.into_iter().map(|it| it.transaction_id).collect();
        return Err(format!(
            "PAYONE has several processes for order {} ({}); let the shop's order name the right \
             one as transaction_id",
            order.order_reference,
            ids.join(", ")
        ));
    }
    Ok(known.pop())
}

/// What notifications of one process say, in any order.
pub(in crate::pipeline) fn from_events(events: &[ProviderEvent<'_>]) -> Option<KnownTransaction> {
    let mut bookings: Vec<(NaiveDateTime, &ProviderEvent<'_>, Booking<'_>)> = events
        .iter()
        .filter_map(|event| match event.said {
            Said::Booking(booking) => Some((event.observed_at, event, booking)),
            Said::Status { .. } | Said::NotKnown(_) | Said::NotVerified(_) => None,
        })
        .collect();
    bookings.sort_by_key(|(at, event, booking)| (booking.sequence, *at, event.file, event.line));
    let (_, first, _) = bookings.first()?;
    let mut known = KnownTransaction {
        transaction_id: first.transaction_id.to_owned(),
        receivable: Amount::ZERO,
        balance: Amount::ZERO,
        sequence: 0,
        appointed_on: None,
        is_released: false,
        has_failed: false,
    };
    for (_, event, booking) in bookings {
        known.sequence = known.sequence.max(booking.sequence);
        known.balance = booking.balance;
        match booking.action {
            BookingAction::Appointed => known.appointed_on = Some(event.observed_on),
            BookingAction::Capture => {
                known.is_released = event.amount == Some(Amount::ZERO);
            }
            BookingAction::Failed => known.has_failed = known.receivable.is_zero(),
            BookingAction::Paid
            | BookingAction::Underpaid
            | BookingAction::Cancelation
            | BookingAction::Refund
            | BookingAction::Debit
            | BookingAction::Reminder
            | BookingAction::Invoice
            | BookingAction::Transfer
            | BookingAction::Other(_) => {}
        }
        if booking.action != BookingAction::Failed {
            known.receivable = event.amount.unwrap_or(known.receivable);
        }
    }
    Some(known)
}
