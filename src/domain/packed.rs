//! Rows as bytes: the form in which facts are kept in memory and in the database.
//!
//! A fact of leg 1 is read far more often than a person looks at the table that holds it, and a
//! million of them pass through a first night: one value of some 60 bytes is stored and read back
//! several times faster than a dozen columns. The form is postcard's: fields in their order,
//! integers as short as they are. It is part of the database's schema; a test holds it, and
//! changing a packed type needs a migration.

use serde::{Deserialize, Serialize};

/// Packs a row behind what is there.
pub fn pack<T: Serialize>(row: &T, into: &mut Vec<u8>) {
    // Writing into memory cannot fail; the signature is for all writers.
    let written = postcard::to_io(row, &mut *into);
    debug_assert!(written.is_ok());
}

/// Unpacks the row at the beginning of some bytes, which may go on behind it; its first fields
/// alone when `T` has no more. `None` for bytes that were packed from something else.
pub fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    postcard::take_from_bytes(bytes).ok().map(|(row, _)| row)
}

/// The bytes of each of the rows that lie one behind the other; ends at what was packed from
/// something else.
pub fn unpack_all<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (_, behind) = postcard::take_from_bytes::<T>(rest).ok()?;
        let row = rest.get(..rest.len().saturating_sub(behind.len()))?;
        rest = behind;
        Some(row)
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::file::FileId;
    use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
    use crate::domain::settlement::{Contradiction, SettlementLine, SliceId};
    use crate::domain::{Amount, Currency, Money};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn packed<T: Serialize>(row: &T) -> String {
        let mut bytes = Vec::new();
        pack(row, &mut bytes);
        bytes.escape_ascii().to_string()
    }

    #[test]
    fn databases_written_before_can_still_be_read() {
        let line = SettlementLine {
            order_reference: "W-1",
            slice: SliceId(3),
            line: 2,
            transaction_id: "T",
            event_time: day("2026-11-05").and_hms_opt(18, 3, 0),
            gross: Amount::from_minor(20_000),
            fee: Amount::from_minor(-290),
            product: "3X",
            instalments: Some(3),
            order_amount: Some(Money {
                amount: Amount::from_minor(1),
                currency: Currency::parse("CHF").unwrap(),
            }),
            contradiction: Some(Contradiction {
                expected: Amount::from_minor(1),
                actual: Amount::from_minor(2),
            }),
        };
        let order = Order {
            order_reference: "W-1",
            provider: "oney",
            file: FileId(4),
            line: 2,
            merchant: "",
            amount: Amount::from_minor(20_000),
            confirmed_amount: None,
            currency: Currency::parse("EUR").unwrap(),
            status: OrderStatus::Cancelled,
            ordered_on: day("2026-11-05"),
            confirmed_on: Some(day("2026-11-06")),
            cancelled_amount: Some(Amount::from_minor(100)),
            cancelled_on: None,
            updated_at: None,
            transaction_id: "T",
            product: "",
        };
        let event = OrderEvent {
            order_reference: "W-1",
            provider: "oney",
            file: FileId(4),
            line: 2,
            kind: OrderEventKind::Refund,
            amount: Amount::from_minor(100),
            currency: Currency::parse("EUR").unwrap(),
            occurred_on: day("2026-11-05"),
            event_id: "E",
        };
        insta::assert_snapshot!(
            [packed(&line), packed(&order), packed(&event)].join("\n"),
            @r"
        \x03W-1\x06\x02\x01T\x98\xfa\xd0\xff\xac\x9b\t\xc0\xb8\x02\xc3\x04\x023X\x01\x03\x01\x02CHF\x01\x02\x04
        \x03W-1\x04oney\x08\x02\x00\xc0\xb8\x02\x00EUR\x03\xe2\xa3\xa9\x13\xe4\xa3\xa9\x13\x01\xc8\x01\x00\x00\x01T\x00
        \x03W-1\x04oney\x08\x02\x02\xc8\x01EUR\xe2\xa3\xa9\x13\x01E
        "
        );
        let mut bytes = Vec::new();
        pack(&line, &mut bytes);
        assert_eq!(unpack(&bytes), Some(line));
        assert_eq!(unpack::<(&str, SliceId)>(&bytes), Some(("W-1", SliceId(3))));
    }

    #[test]
    fn bytes_of_something_else_are_no_row() {
        assert_eq!(unpack::<Order<'_>>(&[200, 1, 2]), None);
    }
}
