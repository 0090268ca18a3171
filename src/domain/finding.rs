//! A discrepancy as recorded nights remember it: bytes, the same in memory and in the database.
//!
//! What lists sort, sum and choose by comes first, so that it is unpacked alone; a checksum is the
//! end. The first byte tells the form. Version 0.1.0 wrote none: its bytes begin with the length of
//! a code, and none is as short as the numbers of forms.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{day_number, packed_day};
use super::detail::Detail;
use super::discrepancy::{Code, Discrepancy, DiscrepancyId, FailedAnswer, Severity, Source};
use super::first_form::FirstDiscrepancy;
use super::money::{Amount, Currency};
use super::packed::{Damage, pack, seal, unpack, unseal};

/// The form that this version writes.
const FORM: u8 = 2;

/// Separates the parts of a key.
const SEPARATOR: char = '\u{1f}';

/// What lists sort, sum and choose by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front<'a> {
    /// What it is.
    pub code: Code,
    /// How urgent.
    pub severity: Severity,
    /// The provider; empty where none is concerned.
    pub provider: &'a str,
    /// The parts of its key.
    key: &'a str,
    /// The order.
    pub order_reference: &'a str,
    /// What ranges and ageing go by.
    #[serde(with = "packed_day")]
    pub event_date: NaiveDate,
    /// Currency of the amounts.
    pub currency: Option<Currency>,
    /// What should be.
    pub expected: Option<Amount>,
    /// What is.
    pub actual: Option<Amount>,
}

impl StoredFinding<'_> {
    /// What was found, if all of the row is what was stored.
    ///
    /// # Errors
    /// When its bytes are damaged, or are those of another row.
    pub fn unpack(&self) -> Result<Discrepancy, Damage> {
        let (found, first_seen) = unpack_with_day(self.bytes)?;
        let is_of_row = found.identity() == self.id
            && first_seen.is_none_or(|day| day == day_number(self.first_seen));
        if is_of_row {
            Ok(found)
        } else {
            Err(Damage::Checksum)
        }
    }
}

impl<'a> Front<'a> {
    /// That of a discrepancy; `key` is its key in one text.
    pub fn of(found: &'a Discrepancy, key: &'a str) -> Self {
        Self {
            code: found.code,
            severity: found.severity,
            provider: &found.provider,
            key,
            order_reference: &found.order_reference,
            event_date: found.event_date,
            currency: found.currency,
            expected: found.expected,
            actual: found.actual,
        }
    }

    /// The beginning of what [`pack_finding`] packed.
    ///
    /// # Errors
    /// When the bytes are something else.
    pub fn unpack(bytes: &'a [u8]) -> Result<Self, Damage> {
        unpack(bytes.get(1..).ok_or(Damage::NoRow)?)
    }

    /// What those of one severity and code are sorted by.
    pub fn sort_key(&self) -> (&'a str, &'a str) {
        (self.provider, self.key)
    }
}

/// A discrepancy as a table of the database holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredFinding<'a> {
    /// The number of its row.
    pub row: i64,
    /// Its id.
    pub id: DiscrepancyId,
    /// The as-of date on which it was first seen.
    pub first_seen: NaiveDate,
    /// What was found, packed.
    pub bytes: &'a [u8],
}

/// What a person reads besides.
#[derive(Serialize, Deserialize)]
struct Rest<'a> {
    merchant: &'a str,
    transaction_id: &'a str,
    payout_reference: &'a str,
    account: &'a str,
    bank_entry: &'a str,
    file: &'a str,
}

/// Packs a discrepancy behind what is there, with the day on which it was first seen.
pub fn pack_finding(found: &Discrepancy, first_seen: Option<NaiveDate>, into: &mut Vec<u8>) {
    let key = found.key.join(SEPARATOR.encode_utf8(&mut [0; 4]));
    let front = Front::of(found, &key);
    let rest = Rest {
        merchant: &found.merchant,
        transaction_id: &found.transaction_id,
        payout_reference: &found.payout_reference,
        account: &found.account,
        bank_entry: &found.bank_entry,
        file: &found.file,
    };
    let mut bytes = vec![FORM];
    pack(
        &(
            front,
            rest,
            &found.sources,
            &found.detail,
            &found.answer,
            first_seen.map_or(0, day_number),
        ),
        &mut bytes,
    );
    seal(&mut bytes);
    into.append(&mut bytes);
}

/// Unpacks a discrepancy.
///
/// # Errors
/// When the bytes are not those that were packed.
pub fn unpack_finding(bytes: &[u8]) -> Result<Discrepancy, Damage> {
    unpack_with_day(bytes).map(|(found, _)| found)
}

/// The same with the number of the day on which it was first seen, which version 0.1.0 did not pack.
fn unpack_with_day(bytes: &[u8]) -> Result<(Discrepancy, Option<i64>), Damage> {
    if is_first_form(bytes) {
        let first = unpack::<FirstDiscrepancy>(bytes)?;
        return Ok((first.into(), None));
    }
    let packed = unseal(bytes)?.get(1..).ok_or(Damage::NoRow)?;
    let (front, rest, sources, detail, answer, first_seen): (
        Front<'_>,
        Rest<'_>,
        Vec<Source>,
        Detail,
        Option<FailedAnswer>,
        i64,
    ) = unpack(packed)?;
    let found = Discrepancy {
        code: front.code,
        severity: front.severity,
        key: front.key.split(SEPARATOR).map(str::to_owned).collect(),
        provider: front.provider.to_owned(),
        merchant: rest.merchant.to_owned(),
        order_reference: front.order_reference.to_owned(),
        transaction_id: rest.transaction_id.to_owned(),
        payout_reference: rest.payout_reference.to_owned(),
        account: rest.account.to_owned(),
        bank_entry: rest.bank_entry.to_owned(),
        file: rest.file.to_owned(),
        currency: front.currency,
        expected: front.expected,
        actual: front.actual,
        event_date: front.event_date,
        sources,
        detail,
        answer,
    };
    Ok((found, Some(first_seen)))
}

/// True for what version 0.1.0 stored.
pub fn is_first_form(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| *first > FORM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::detail::{MissingEvents, UnknownOrder};
    use crate::domain::order::OrderStatus;

    fn found() -> Discrepancy {
        let key = vec!["oney".to_owned(), "WEB-1042".to_owned()];
        Discrepancy {
            provider: "oney".to_owned(),
            order_reference: "WEB-1042".to_owned(),
            currency: Some(Currency::EUR),
            expected: Some(Amount::ZERO),
            actual: Some(Amount::from_minor(18_000)),
            sources: vec![Source {
                file: "crp_fr_v3_261120_18.csv".to_owned(),
                line: 7,
            }],
            detail: Detail::UnknownOrder(UnknownOrder {
                nearest: Some("WEB-1024".to_owned()),
                ..UnknownOrder::default()
            }),
            ..Discrepancy::new(
                Code::OrderNotFound,
                key,
                NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            )
        }
    }

    #[test]
    fn what_is_packed_is_unpacked_as_it_was() {
        let mut bytes = Vec::new();
        pack_finding(&found(), None, &mut bytes);
        assert_eq!(unpack_finding(&bytes), Ok(found()));
    }

    #[test]
    fn no_byte_can_change_unnoticed() {
        let mut bytes = Vec::new();
        pack_finding(&found(), None, &mut bytes);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert!(unpack_finding(&damaged).is_err(), "byte {at}");
        }
        assert!(unpack_finding(&[]).is_err());
    }

    /// Rows that version 0.1.0 wrote for the findings of `samples/`.
    #[test]
    fn what_the_first_version_stored_can_still_be_read() {
        let unknown = b"\x0fORDER_NOT_FOUND\x02\x0be-financing\x08WEB-1091\x0be-financing\x00\
            \x08WEB-1091$5e3a9c10-7d41-4b6a-9f02-000000001078\x00\x00\x00\x00\x01EUR\x01\x00\x01\
            \x98\xd6\x02\xf2\xa3\xa9\x13\x01\x1bsubscriptions_20261119.json\x07\x06FUNDED\x00\x00\
            \x00\x01\x98\xd6\x02\x00\x00\xf2\xa3\xa9\x13\x00";
        let found = unpack_finding(unknown).unwrap();
        assert_eq!(
            (found.code, found.severity),
            (Code::OrderNotFound, Severity::Error)
        );
        assert_eq!(found.key, ["e-financing", "WEB-1091"]);
        assert_eq!(found.actual, Some(Amount::from_minor(21_900)));
        let order = UnknownOrder {
            status: Some(OrderStatus::Funded),
            amount: found.actual,
            bought_on: Some(found.event_date),
            nearest: None,
        };
        assert_eq!(found.detail, Detail::UnknownOrder(order));

        let gap = b"\x0dSTATEMENT_GAP\x02\x1bIT60X0542811101000000123456\x0eIT-EX-2026-045\x00\
            \x00\x00\x00\x00\x1bIT60X0542811101000000123456\x00\x17camt053_it_20261108.xml\x01EUR\
            \x01\xee\xf9+\x01\xb6\xe2+\xdc\xa3\xa9\x13\x01\x17camt053_it_20261108.xml\x00\x00\x00\
            \x0eIT-EX-2026-044\x00\x00\x00\x00\xda\xa3\xa9\x13\x00";
        let found = unpack_finding(gap).unwrap();
        let Detail::Statement(statement) = found.detail else {
            panic!("{:?}", found.detail);
        };
        assert_eq!(statement.name, "IT-EX-2026-045");
        assert_eq!(statement.before.unwrap().name, "IT-EX-2026-044");

        let missing = b"\x0dEVENT_MISSING\x03\x06payone\x09712340006\x012\x06payone\x00\x07DE-4006\
            \x09712340006\x00\x00\x00\x00\x00\x00\x00\xea\xa3\xa9\x13\x01\
            \x18notifications_202611.log\x0e\x00\x00\x012\x013\x00\x00\x01\x01\x00\x00";
        let numbers = MissingEvents {
            first: 2,
            last: 2,
            next: 3,
        };
        let found = unpack_finding(missing).unwrap();
        assert_eq!(found.detail, Detail::MissingEvents(numbers));
    }
}
