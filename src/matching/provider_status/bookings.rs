//! PAYONE's notifications of one transaction: repeats, the status they add up to, and gaps between
//! their numbers.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Place, place};
use crate::domain::Amount;
use crate::domain::order::OrderStatus;
use crate::domain::provider_event::{Booking, BookingAction, ProviderEvent};

/// A notification with what it is ordered by.
#[derive(Clone, Copy, Debug)]
pub(in crate::matching) struct Notified<'e, 'a> {
    /// Its place in the order of arrival.
    pub(in crate::matching) place: Place,
    /// The notification.
    pub(in crate::matching) event: &'e ProviderEvent<'a>,
    /// What it books.
    pub(in crate::matching) booking: Booking<'a>,
}

impl<'e, 'a> Notified<'e, 'a> {
    pub(in crate::matching) fn new(event: &'e ProviderEvent<'a>, booking: Booking<'a>) -> Self {
        Self {
            place: place(event),
            event,
            booking,
        }
    }

    /// What makes two notifications of a transaction the same one.
    pub(in crate::matching) fn identity(&self) -> Identity<'a> {
        let Booking {
            sequence,
            action,
            balance,
            reminder_level,
        } = self.booking;
        (sequence, action, self.event.amount, balance, reminder_level)
    }

    fn is_seen_on(&self, day: NaiveDate) -> bool {
        self.event.observed_on <= day
    }
}

/// Sequence number, action, receivable, balance, level of a reminder.
pub(in crate::matching) type Identity<'a> =
    (u8, BookingAction<'a>, Option<Amount>, Amount, &'a str);

/// The notifications of one transaction by number, then by arrival; each counts once, as it was
/// received first.
pub(in crate::matching) fn once<'e, 'a>(
    mut notified: Vec<Notified<'e, 'a>>,
) -> Vec<Notified<'e, 'a>> {
    notified.sort_by_key(|notified| (notified.booking.sequence, notified.place));
    let mut known = BTreeSet::new();
    notified.retain(|notified| known.insert(notified.identity()));
    notified
}

/// The status that bookings add up to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latest<'l, 'e, 'a> {
    /// `None` as long as none of them tells one.
    pub(super) status: Option<OrderStatus>,
    /// The latest booking that counts for it.
    pub(super) notified: &'l Notified<'e, 'a>,
}

/// What is known of a transaction while its bookings pass, in their order.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    status: Option<OrderStatus>,
    /// Something was to be paid at some time.
    was_receivable: bool,
    /// A capture or a payment was booked: a failure that comes now is out of date.
    was_claimed: bool,
}

impl Progress {
    /// Takes one booking; true when it counts for the status.
    fn take(&mut self, action: BookingAction<'_>, receivable: Option<Amount>) -> bool {
        let counts = match action {
            // They tell of the customer's payment or of paper, not of the merchant's claim.
            BookingAction::Cancelation | BookingAction::Reminder | BookingAction::Invoice => false,
            BookingAction::Failed => !self.was_claimed,
            BookingAction::Appointed
            | BookingAction::Capture
            | BookingAction::Paid
            | BookingAction::Underpaid
            | BookingAction::Refund
            | BookingAction::Debit
            | BookingAction::Transfer
            | BookingAction::Other(_) => true,
        };
        if counts {
            self.status = self.next(action, receivable).or(self.status);
        }
        self.was_receivable |= receivable.is_some_and(|amount| amount > Amount::ZERO);
        self.was_claimed |= matches!(
            action,
            BookingAction::Capture | BookingAction::Paid | BookingAction::Underpaid
        );
        counts
    }

    /// The status that a booking tells: `None` where it tells none.
    fn next(self, action: BookingAction<'_>, receivable: Option<Amount>) -> Option<OrderStatus> {
        if action == BookingAction::Failed {
            return Some(OrderStatus::Refused);
        }
        let receivable = receivable?;
        if receivable > Amount::ZERO {
            Some(OrderStatus::Funded)
        } else if self.was_receivable || action == BookingAction::Capture {
            // Given back, or a reservation that was released.
            Some(OrderStatus::Cancelled)
        } else if action == BookingAction::Appointed {
            Some(OrderStatus::Favorable)
        } else {
            None
        }
    }
}

/// What the bookings that are seen on a day add up to; `None` when none of them counts.
pub(super) fn latest<'l, 'e, 'a>(
    bookings: &'l [Notified<'e, 'a>],
    day: NaiveDate,
) -> Option<Latest<'l, 'e, 'a>> {
    let mut progress = Progress::default();
    let mut latest = None;
    for notified in bookings.iter().filter(|notified| notified.is_seen_on(day)) {
        if progress.take(notified.booking.action, notified.event.amount) {
            latest = Some(Latest {
                status: progress.status,
                notified,
            });
        }
    }
    latest
}

/// Sequence numbers that are missing between two that were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap<'e, 'a> {
    /// The lowest missing number.
    pub first: u8,
    /// The last of those that follow it.
    pub last: u8,
    /// The first booking behind the gap, as it was received first.
    pub after: &'e ProviderEvent<'a>,
    /// The number of that booking.
    pub next: u8,
}

/// The first gap between the numbers that are seen on a day.
pub(super) fn gap<'e, 'a>(bookings: &[Notified<'e, 'a>], day: NaiveDate) -> Option<Gap<'e, 'a>> {
    let mut before: Option<u8> = None;
    for notified in bookings.iter().filter(|notified| notified.is_seen_on(day)) {
        let next = notified.booking.sequence;
        let expected = before.map(|number| number.saturating_add(1));
        if let Some(first) = expected.filter(|first| *first < next) {
            return Some(Gap {
                first,
                last: next.saturating_sub(1),
                after: notified.event,
                next,
            });
        }
        before = Some(next);
    }
    None
}
