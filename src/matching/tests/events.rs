//! Provider events for tests, written as a person would.

use chrono::NaiveDateTime;

use crate::domain::file::FileId;
use crate::domain::order::OrderStatus;
use crate::domain::provider_event::{Booking, BookingAction, NoStatus, ProviderEvent, Said};
use crate::domain::{Amount, Currency};
use crate::matching::orders::FileNames;

/// The file that events of tests stand in.
pub(in crate::matching) const LOG: FileId = FileId(20);

/// A moment of 2026: `11-05 10:00`.
pub(in crate::matching) fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(&format!("2026-{text}"), "%Y-%m-%d %H:%M").unwrap()
}

fn event(
    line: u32,
    at: &str,
    amount: Option<Amount>,
    said: Said<'static>,
) -> ProviderEvent<'static> {
    ProviderEvent {
        order_reference: "WEB-1",
        provider: "payone",
        transaction_id: "TX-1",
        file: LOG,
        line,
        observed_at: moment(at),
        observed_on: moment(at).date(),
        currency: Currency::EUR,
        amount,
        said,
    }
}

fn euros(text: &str) -> Amount {
    Amount::parse(text, Currency::EUR).unwrap()
}

/// A notification of TX-1 in a line of the log: `number action receivable balance`, with the level
/// of a reminder behind it.
pub(in crate::matching) fn booked(
    line: u32,
    at: &str,
    words: &'static str,
) -> ProviderEvent<'static> {
    let words: Vec<&'static str> = words.split(' ').collect();
    let booking = Booking {
        sequence: words[0].parse().unwrap(),
        action: BookingAction::from_word(words[1]),
        balance: euros(words[3]),
        reminder_level: words.get(4).copied().unwrap_or_default(),
    };
    event(line, at, Some(euros(words[2])), Said::Booking(booking))
}

/// An answer that TX-1 has a status, by the provider's own word; `amount` may be empty.
pub(in crate::matching) fn answered(
    line: u32,
    at: &str,
    word: &'static str,
    amount: &str,
) -> ProviderEvent<'static> {
    let said = Said::Status {
        status: OrderStatus::from_word(word),
        word,
        sub_status: "",
    };
    event(line, at, (!amount.is_empty()).then(|| euros(amount)), said)
}

/// An answer that the order is not known.
pub(in crate::matching) fn not_known(line: u32, at: &str) -> ProviderEvent<'static> {
    ProviderEvent {
        transaction_id: "",
        ..event(line, at, None, Said::NotKnown(complaint(404, "ERR_09")))
    }
}

/// An answer that tells nothing of the order.
pub(in crate::matching) fn not_verified(line: u32, at: &str) -> ProviderEvent<'static> {
    ProviderEvent {
        transaction_id: "",
        ..event(line, at, None, Said::NotVerified(complaint(500, "ERR_07")))
    }
}

fn complaint(code: u16, words: &'static str) -> NoStatus<'static> {
    NoStatus {
        http_status: Some(code),
        words,
    }
}

/// The same event of another transaction.
pub(in crate::matching) fn of(
    transaction_id: &'static str,
    event: ProviderEvent<'static>,
) -> ProviderEvent<'static> {
    ProviderEvent {
        transaction_id,
        ..event
    }
}

/// Files received on one day, by their numbers.
pub(in crate::matching) struct Received;

impl FileNames for Received {
    fn name(&self, file: FileId) -> &'static str {
        if file == LOG {
            "status.log"
        } else {
            "lines.csv"
        }
    }
}
