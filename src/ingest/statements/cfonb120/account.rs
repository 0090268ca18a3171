//! The account of a statement: its IBAN, built from the RIB.

use crate::ingest::statements::fixed_width::Record;
use crate::ingest::statements::fixed_width::values::{is_digits, modulo_97, without_blanks};

/// The account of a balance record: the IBAN where bank, branch and account make a French RIB, else
/// these three as written, without blanks; `None` where no account is written.
pub(super) fn account(record: &Record) -> Option<String> {
    let [bank, branch, number] = [
        record.field(3, 7),
        record.field(12, 16),
        record.field(22, 32),
    ];
    if number.is_empty() {
        return None;
    }
    let own = || without_blanks(&format!("{bank}{branch}{number}"));
    Some(iban(bank, branch, number).unwrap_or_else(own))
}

/// `FR`, two check digits, bank (5 digits), branch (5 digits), account (11 digits or capital
/// letters) and the RIB key (2 digits).
fn iban(bank: &str, branch: &str, number: &str) -> Option<String> {
    let is_code = |text: &str| text.len() == 5 && is_digits(text);
    let is_number = number.len() == 11
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    if !is_code(bank) || !is_code(branch) || !is_number {
        return None;
    }
    let digits: String = number.chars().map(rib_digit).collect();
    // The whole RIB, its key at the end, is a multiple of 97.
    let rest = modulo_97(&format!("{bank}{branch}{digits}00"))?;
    let key = 97_u32.saturating_sub(rest);
    let rib = format!("{bank}{branch}{number}{key:02}");
    let rest = modulo_97(&format!("{rib}FR00"))?;
    let check = 98_u32.saturating_sub(rest);
    Some(format!("FR{check:02}{rib}"))
}

/// Letters count as digits in the RIB key: A to I and J to R are 1 to 9, S to Z are 2 to 9.
fn rib_digit(character: char) -> char {
    match character {
        'A' | 'J' => '1',
        'B' | 'K' | 'S' => '2',
        'C' | 'L' | 'T' => '3',
        'D' | 'M' | 'U' => '4',
        'E' | 'N' | 'V' => '5',
        'F' | 'O' | 'W' => '6',
        'G' | 'P' | 'X' => '7',
        'H' | 'Q' | 'Y' => '8',
        'I' | 'R' | 'Z' => '9',
        digit => digit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_iban_is_built_with_both_check_numbers() {
        // The examples of the SWIFT registry and of the French RIB.
        assert_eq!(
            iban("20041", "01005", "0500013M026").as_deref(),
            Some("FR1420041010050500013M02606")
        );
        assert_eq!(
            iban("30006", "00001", "12345678901").as_deref(),
            Some("FR7630006000011234567890189")
        );
    }

    #[test]
    fn what_is_no_rib_stays_as_the_bank_wrote_it() {
        for (bank, branch, number) in [
            ("3000", "00001", "12345678901"),
            ("30006", "0000A", "12345678901"),
            ("30006", "00001", "1234567890"),
            ("30006", "00001", "1234567890é"),
            ("30006", "00001", "1234 678901"),
        ] {
            assert_eq!(iban(bank, branch, number), None, "{number}");
        }
    }
}
