//! What the tests of the fixed-width formats share beside what all statement readers do.

use std::io::BufRead;

use crate::domain::Amount;
use crate::domain::statement::StatementSink;
use crate::ingest::Refusal;
use crate::ingest::statements::testing::{Known, Numbers, as_utf8, differences, fixtures};

pub(in crate::ingest::statements) use crate::ingest::statements::testing::Found;

/// A reader of one format.
pub(in crate::ingest::statements) type Read =
    fn(&mut dyn BufRead, &mut dyn StatementSink) -> Result<(), Refusal>;

/// Minor units of all entries.
pub(in crate::ingest::statements) fn amounts(found: &Found) -> Vec<i64> {
    let entries = found.entries().into_iter();
    entries.map(|entry| minor(Some(entry.amount))).collect()
}

/// Minor units; a missing amount is none of those in the tests.
pub(in crate::ingest::statements) fn minor(amount: Option<Amount>) -> i64 {
    amount.and_then(Amount::to_minor).unwrap_or(i64::MIN)
}

/// A day in ISO notation.
pub(in crate::ingest::statements) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// A record of some width with texts at their columns, counted from 1.
pub(in crate::ingest::statements) fn record(width: usize, fields: &[(usize, &str)]) -> String {
    let mut characters = vec![' '; width];
    for (column, text) in fields {
        for (place, character) in characters.iter_mut().skip(column - 1).zip(text.chars()) {
            *place = character;
        }
    }
    characters.into_iter().collect()
}

/// Reads a text.
pub(in crate::ingest::statements) fn found(read: Read, text: &str) -> Result<Found, Refusal> {
    found_in(read, text.as_bytes())
}

fn found_in(read: Read, mut bytes: &[u8]) -> Result<Found, Refusal> {
    let mut found = Found::default();
    read(&mut bytes, &mut found).map(|()| found)
}

/// The third-party files of a format give what is expected of them, but for `known` differences,
/// and are recognised.
pub(in crate::ingest::statements) fn assert_expected(
    format: &str,
    is_format: fn(&str) -> bool,
    read: Read,
    known: &[Known],
) {
    let mut wrong = differences(format, known, |bytes| found_in(read, &as_utf8(bytes)));
    for file in fixtures(format).iter().filter(|file| file.is_valid()) {
        if !is_format(&String::from_utf8(as_utf8(&file.bytes)).unwrap()) {
            wrong.push(format!("{}: not recognised", file.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Damaged files never panic, and one that is cut is refused, or gives no other statements than
/// the first ones of the whole file: cut between two statements it is a smaller file.
pub(in crate::ingest::statements) fn assert_robust(format: &str, read: Read) {
    let mut numbers = Numbers(1);
    let mut wrong = Vec::new();
    for file in fixtures(format) {
        let text = as_utf8(&file.bytes);
        if let Ok(whole) = found_in(read, &text) {
            for _ in 0..100 {
                let end = numbers.below(text.len());
                let cut = found_in(read, &text[..end]).unwrap_or_default();
                let same = whole.statements.iter().zip(&cut.statements);
                if !same.clone().all(|(whole, cut)| whole == cut) {
                    wrong.push(format!("{} at {end}", file.path));
                }
            }
        }
        for _ in 0..60 {
            let mut damaged = numbers.damage(&text, b"01234789 {}AJ\n\r\0\xe9\xff");
            for _ in 0..numbers.below(3) {
                damaged = numbers.damage(&damaged, b"\n\n0 ");
            }
            drop(found_in(read, &damaged));
            drop(found_in(read, &as_utf8(&damaged)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
