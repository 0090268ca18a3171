//! Norma 43: the Spanish account statement (AEB, *Cuaderno 43*) in records of 80 characters.
//!
//! A file holds accounts, each from its header (record `11`) to its end (`33`), with movements
//! (`22`), their texts (`23`) and amounts in other currencies (`24`) between. Record `88` ends the
//! file.
//!
//! - [`reader`] walks the records and sees that they follow each other.
//! - [`movement`] makes an entry of a `22` with its `23`.
//!
//! A movement that cannot be read is rejected with its texts. A file is refused as a whole when
//! records do not follow each other, when a balance cannot be read, or when it ends inside an
//! account. The counters of `33` and `88` refuse nothing: banks and tools count wrongly, and
//! opening balance + entries = closing balance tells what is missing.
//!
//! Source: AEB, *Información normalizada de cuenta corriente*, series *Normas y procedimientos
//! bancarios* no. 43, June 2012.

mod movement;
mod reader;
#[cfg(test)]
mod tests;

pub use reader::read;

use super::fixed_width::{columns, first_line};

/// Characters of a record.
const RECORD_CHARS: usize = 80;

/// Texts of one movement; the standard allows five.
const TEXTS_MAX: usize = 1_000;

/// True when a file that begins with `head` is a Norma 43 statement: an account header with bank,
/// branch and account, or a file header with bank and date.
pub fn is_format(head: &str) -> bool {
    let line = first_line(head);
    let are_digits = |first, last: usize| {
        let field = columns(line, first, last);
        field.len() == last.saturating_add(1).saturating_sub(first)
            && field.bytes().all(|byte| byte.is_ascii_digit())
    };
    let has_marks = line.contains([',', ';', '\t', '|']);
    match columns(line, 1, 2) {
        "11" => are_digits(3, 20) && !has_marks,
        // CODA begins with zeros and has 05 in columns 15 and 16.
        "00" => are_digits(3, 12) && columns(line, 15, 16) != "05" && !has_marks,
        _ => false,
    }
}
