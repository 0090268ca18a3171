//! CFONB 120: the French account statement (*relevé de compte*, AFB 120) in records of 120
//! characters.
//!
//! A file holds statements of many accounts and days in any order. Each begins with the old
//! balance (record `01`), lists its movements (`04`), each with any number of complements (`05`),
//! and ends with the new balance (`07`). A day without movements is a statement too, and banks send
//! it again and again.
//!
//! - [`reader`] walks the records and sees that they follow each other.
//! - [`movement`] makes an entry of a `04` with its `05`.
//! - [`amount`] reads the amounts, whose last character is digit and sign in one.
//! - [`account`] builds the IBAN from the account's RIB.
//!
//! A movement that cannot be read is rejected with its complements. A file is refused as a whole
//! when records do not follow each other, when a balance cannot be read, or when it ends inside a
//! statement: something is missing then, and nobody can tell what.
//!
//! Source: CFONB, *Relevé de compte sur support informatique*, July 2004, and its complement for
//! SEPA (qualifiers of record `05`).

mod account;
mod amount;
mod movement;
mod reader;
#[cfg(test)]
mod tests;

pub use reader::read;

use super::fixed_width::{columns, first_line};

/// Characters of a record.
const RECORD_CHARS: usize = 120;

/// Complements of one movement; banks write about ten.
const COMPLEMENTS_MAX: usize = 1_000;

/// True when a file that begins with `head` is a CFONB 120 statement, or what is left of one: a
/// record with bank, internal code (blank in balances) and branch. One that does not begin with a
/// balance lost its beginning and is refused, but it may be money, so it is not passed over.
pub fn is_format(head: &str) -> bool {
    let line = first_line(head);
    let are_digits = |first, last: usize| {
        let field = columns(line, first, last);
        field.len() == last.saturating_add(1).saturating_sub(first)
            && field.bytes().all(|byte| byte.is_ascii_digit())
    };
    let internal_code = columns(line, 8, 11);
    let is_internal_code = internal_code
        .bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_alphanumeric());
    let currency = columns(line, 17, 19);
    let has_currency =
        currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_record = match columns(line, 1, 2) {
        "01" => true,
        "04" | "05" | "07" => has_currency,
        _ => false,
    };
    is_record && are_digits(3, 7) && is_internal_code && are_digits(12, 16)
}
