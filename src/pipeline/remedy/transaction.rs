//! What PAYONE's notifications say of a payment process: it answers no questions, so this is all
//! that an action there can go by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::Amount;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind};
use crate::domain::provider_event::{Booking, BookingAction, ProviderEvent, Said};
use crate::facts::{AsWritten, Cases, Known};
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
    /// All that was claimed so far, whatever was given back of it since.
    pub(in crate::pipeline) claimed: Amount,
    /// The highest sequence number that was seen.
    pub(in crate::pipeline) sequence: u8,
    /// What each notification changed, by sequence number.
    bookings: Vec<Booked>,
    /// What was sent from here and is not notified yet.
    own: Unnotified,
    /// The day it was reserved, where that was seen.
    pub(in crate::pipeline) appointed_on: Option<NaiveDate>,
    /// True when the reservation was given back by a capture of 0.
    pub(in crate::pipeline) is_released: bool,
    /// True when it failed for good before anything was claimed.
    pub(in crate::pipeline) has_failed: bool,
}

/// A booking that moved the receivable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Booked {
    sequence: u8,
    change: Amount,
}

/// What was sent from here and taken, and is in no notification yet: these come up to two days
/// late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Unnotified {
    claimed: Amount,
    given_back: Amount,
    is_released: bool,
    /// The highest sequence number that is taken.
    sequence: u8,
}

impl KnownTransaction {
    /// Counts what was sent from here and is not notified yet. What nobody knows the outcome of is
    /// not among it: it stands in the way of everything until it is settled, and what a person
    /// then sends once more has its number again, which PAYONE takes once only.
    pub(super) fn count_own(&mut self, actions: &[ProviderAction]) {
        let mut own = Unnotified::default();
        for action in actions {
            let sequence = action.request_id.parse().unwrap_or(0);
            if !action.outcome.has_moved()
                || action.transaction_id != self.transaction_id
                || sequence <= self.sequence
            {
                continue;
            }
            own.sequence = own.sequence.max(sequence);
            let amount = action.amount.unwrap_or_default();
            match action.kind {
                ProviderActionKind::Capture if amount.is_zero() => own.is_released = true,
                ProviderActionKind::Capture => own.claimed += amount,
                ProviderActionKind::Refund => own.given_back += amount,
                ProviderActionKind::Confirm
                | ProviderActionKind::Cancel
                | ProviderActionKind::Deliver => {}
            }
        }
        self.own = own;
    }

    /// Takes in what a notification says of the receivable.
    fn book(&mut self, booking: Booking<'_>, receivable: Option<Amount>) {
        let receivable = receivable.unwrap_or(self.receivable);
        let change = receivable - self.receivable;
        if change > Amount::ZERO {
            self.claimed += change;
        }
        let books = matches!(
            booking.action,
            BookingAction::Capture | BookingAction::Refund | BookingAction::Debit
        );
        // Where the booking itself is late, `paid` of its number tells what it changed.
        if books || !change.is_zero() {
            self.bookings.push(Booked {
                sequence: booking.sequence,
                change,
            });
        }
        self.receivable = receivable;
    }

    /// All that is claimed, or asked to be.
    pub(super) fn claimed(&self) -> Amount {
        self.claimed + self.own.claimed
    }

    /// What can still be given back. What was claimed from here and is not notified yet is not
    /// settled either, so it is no part of it.
    pub(super) fn refundable(&self) -> Amount {
        self.receivable - self.own.given_back
    }

    /// Whether the reservation was given back.
    pub(super) fn is_released(&self) -> bool {
        self.is_released || self.own.is_released
    }

    /// The highest sequence number that is taken.
    pub(super) fn last_sequence(&self) -> u8 {
        self.sequence.max(self.own.sequence)
    }

    /// Whether the booking of an action was notified: its number with its amount.
    pub(super) fn has_booked(&self, action: &ProviderAction) -> bool {
        let amount = action.amount.unwrap_or_default();
        let change = match action.kind {
            ProviderActionKind::Refund => -amount,
            ProviderActionKind::Capture
            | ProviderActionKind::Confirm
            | ProviderActionKind::Cancel
            | ProviderActionKind::Deliver => amount,
        };
        let is_it = |booked: &Booked| {
            action.request_id.parse() == Ok(booked.sequence) && booked.change == change
        };
        self.bookings.iter().any(is_it)
    }
}

impl std::fmt::Display for KnownTransaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.has_failed {
            "failed"
        } else if self.is_released() {
            "released"
        } else if self.receivable.is_zero() {
            "reserved"
        } else {
            "claimed"
        };
        write!(f, "{state}, sequence number {}", self.sequence)?;
        if self.own.sequence > 0 {
            write!(
                f,
                " ({} was sent and is not notified yet)",
                self.own.sequence
            )?;
        }
        Ok(())
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
    let mut cases = Cases::of(db, &mut linked, Known::default(), (&AsWritten, as_of)).await?;
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
        claimed: Amount::ZERO,
        sequence: 0,
        bookings: Vec::new(),
        own: Unnotified::default(),
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
            known.book(booking, event.amount);
        }
    }
    Some(known)
}
