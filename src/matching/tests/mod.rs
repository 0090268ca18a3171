//! What the legs say of files, balances and nights, in small cases.

mod balance;
pub(super) mod completeness;
pub(super) mod events;
mod files;
mod nights;

use chrono::NaiveDate;

use crate::domain::calendar::plus_days;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::{FileId, FileStatus, InputFile, InputKind};
use crate::domain::{Amount, Currency, Money};

/// A day of November 2026; 0 and below are of October, 31 and beyond of December. The 1st is a
/// Sunday.
fn nov(day: i64) -> NaiveDate {
    plus_days(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(), day - 1)
}

fn euros(text: &str) -> Amount {
    Amount::parse(text, Currency::EUR).unwrap()
}

/// A stored report of Oney France: its number in the database, its number in the series and its
/// day; received on that day, 100.00 EUR in one row.
fn report(id: i64, sequence: u64, day: i64) -> InputFile {
    InputFile {
        id: FileId(id),
        kind: InputKind::OneyCrp,
        name: format!("crp_fr_v3_{}_{sequence}.csv", nov(day).format("%y%m%d")),
        sha256: format!("hash-{id}"),
        intake: id,
        place: String::new(),
        received: nov(day),
        status: FileStatus::Accepted,
        provider: "oney".to_owned(),
        country: "fr".to_owned(),
        report_date: Some(nov(day)),
        sequence: Some(sequence),
        rows: 1,
        accepted: 1,
        rejected: 0,
        gross: vec![Money {
            amount: euros("100.00"),
            currency: Currency::EUR,
        }],
        reason: String::new(),
        reported: None,
    }
}

/// A stored file of orders.
fn orders_file(id: i64, name: &str, received: i64) -> InputFile {
    InputFile {
        id: FileId(id),
        kind: InputKind::Orders,
        name: name.to_owned(),
        received: nov(received),
        provider: String::new(),
        country: String::new(),
        report_date: None,
        sequence: None,
        gross: Vec::new(),
        ..report(id, 0, received)
    }
}

/// `CODE file expected actual event-day`, without the amounts where there are none.
fn in_words(found: &Discrepancy) -> String {
    let mut words = vec![found.code.word().to_owned(), found.file.clone()];
    for amount in [found.expected, found.actual].into_iter().flatten() {
        words.push(amount.display(Currency::EUR).to_string());
    }
    words.push(found.event_date.format("%m-%d").to_string());
    words.join(" ")
}
