//! Rows as bytes: the form in which facts are kept in memory and in the database.
//!
//! A fact of leg 1 is read far more often than a person looks at the table that holds it, and a
//! million of them pass through a first night: one value of some 60 bytes is stored and read back
//! several times faster than a dozen columns. The form is postcard's: fields in their order,
//! integers as short as they are. It is part of the database's schema; a test holds it, and
//! changing a packed type needs a migration.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// Packs a row behind what is there.
pub fn pack<T: Serialize>(row: &T, into: &mut Vec<u8>) {
    // Writing into memory cannot fail; the signature is for all writers.
    let written = postcard::to_io(row, &mut *into);
    debug_assert!(written.is_ok());
}

/// Why stored bytes are not what this program stored. Whoever knows where they came from says so,
/// and what to do: nothing that was stored is ever left out in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The bytes are not those of a row of this kind.
    #[error("it cannot be unpacked")]
    NoRow,
    /// The bytes are not those of which the checksum was stored.
    #[error("its checksum differs")]
    Checksum,
    /// The bytes are whole, and stand where others were stored.
    #[error("it is not the one that was stored there")]
    Elsewhere,
    /// What was stored is not there.
    #[error("it is not there")]
    Missing,
    /// What is added up gives another sum than was stored.
    #[error("their sum differs")]
    Sum,
    /// There are fewer or more rows than were stored.
    #[error("there are {found} rows instead of {expected}")]
    Count {
        /// How many were stored.
        expected: u64,
        /// How many there are.
        found: u64,
    },
}

/// Unpacks the row at the beginning of some bytes, which may go on behind it; its first fields
/// alone when `T` has no more.
///
/// # Errors
/// For bytes that were packed from something else.
pub fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Damage> {
    match postcard::take_from_bytes(bytes) {
        Ok((row, _)) => Ok(row),
        // Postcard says that bytes ended or were no text, which says nothing to anybody.
        Err(_) => Err(Damage::NoRow),
    }
}

/// Takes the row at the beginning of some bytes off them.
///
/// # Errors
/// For bytes that were packed from something else.
pub fn take<'a, T: Deserialize<'a>>(bytes: &mut &'a [u8]) -> Result<T, Damage> {
    match postcard::take_from_bytes(bytes) {
        Ok((row, behind)) => {
            *bytes = behind;
            Ok(row)
        }
        Err(_) => Err(Damage::NoRow),
    }
}

/// Bytes of a checksum.
const SEAL_BYTES: usize = 8;

/// Puts the checksum of some bytes behind them.
pub fn seal(bytes: &mut Vec<u8>) {
    let checksum = xxh3_64(bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
}

/// The bytes without the checksum behind them.
///
/// # Errors
/// When they are not those that were sealed.
pub fn unseal(sealed: &[u8]) -> Result<&[u8], Damage> {
    match sealed.split_last_chunk::<SEAL_BYTES>() {
        Some((bytes, checksum)) if xxh3_64(bytes) == u64::from_le_bytes(*checksum) => Ok(bytes),
        Some(_) | None => Err(Damage::Checksum),
    }
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
        assert_eq!(unpack(&bytes), Ok(line));
        assert_eq!(unpack::<(&str, SliceId)>(&bytes), Ok(("W-1", SliceId(3))));
    }

    #[test]
    fn no_byte_of_what_is_sealed_can_change_unseen() {
        let mut sealed = b"what was found".to_vec();
        seal(&mut sealed);
        assert_eq!(unseal(&sealed), Ok(&b"what was found"[..]));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(unseal(&changed), Err(Damage::Checksum), "{at}");
        }
        assert_eq!(unseal(&[]), Err(Damage::Checksum));
    }

    #[test]
    fn bytes_of_something_else_are_no_row() {
        assert_eq!(unpack::<Order<'_>>(&[200, 1, 2]), Err(Damage::NoRow));
        let mut rest = &[1, b'A', 200, 1][..];
        assert_eq!(take(&mut rest), Ok("A"));
        assert_eq!(take::<&str>(&mut rest), Err(Damage::NoRow));
    }
}
