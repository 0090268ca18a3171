//! CODA: the Belgian account statement (Febelfin, *coded statement of account*) in records of 128
//! characters, versions 1 and 2.
//!
//! A file has a header (record `0`), statements, each from its old balance (`1`) to its new one
//! (`8`), and a trailer (`9`); files follow each other in one. A movement is a record `21` that `22`
//! and `23` continue, and information (`31`, `32`, `33`) explains it. Movements with the detail
//! number 0000 are booked; those with 0001 and up say what the booked one before them is made of.
//!
//! - [`reader`] walks the records and sees that they follow each other.
//! - [`movement`] gathers what one movement's records say.
//! - [`communication`] reads structured communications.
//! - [`globalisation`] makes the entries of a booked movement and its details.
//!
//! A booked movement that cannot be read is rejected with its details. A file is refused as a whole
//! when records do not follow each other, when a balance cannot be read, when its version is
//! neither 1 nor 2, or when it ends before its trailer. The counter and totals of the trailer
//! refuse nothing: files that were put together by hand or by programs have others, and opening
//! balance + entries = closing balance tells what is missing.
//!
//! Source: Febelfin, *Standaard CODA 2.6*; for version 1 the fields that differ.

mod communication;
mod globalisation;
mod movement;
mod reader;
#[cfg(test)]
mod tests;

pub use reader::read;

use super::fixed_width::{columns, first_line};

/// Characters of a record.
const RECORD_CHARS: usize = 128;

/// Records that explain one booked movement: details and information.
const EXPLANATIONS_MAX: usize = 200_000;

/// Layout of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

/// True when a file that begins with `head` is a CODA file: a header with its day and the
/// application code 05.
pub fn is_format(head: &str) -> bool {
    let line = first_line(head);
    let day = columns(line, 6, 11);
    let is_day = day.len() == 6 && day.bytes().all(|byte| byte.is_ascii_digit());
    line.starts_with("00000") && is_day && columns(line, 15, 16) == "05"
}
