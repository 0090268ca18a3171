//! Amounts as numbers of a workbook.
//!
//! A number in a workbook is a 64-bit floating point number: the file format knows no other. This
//! is the one place of the program where an amount becomes one, and it does so only where nothing
//! is lost:
//!
//! - A decimal of at most 15 significant digits survives the way into such a number and back
//!   (IEEE 754; `DBL_DIG` of C): no two of them share the same nearest number. All amounts of
//!   rows are within, because they have at most 10^15 minor units ([`ROW_AMOUNT_MINOR_MAX`]):
//!   that is 15 digits, or a one with zeros.
//! - The decimal is parsed, not computed: Rust parses to the nearest number, where a division of
//!   minor units by 100 would be one more place that may round.
//! - What is written is the shortest decimal that means the number, which is then the amount
//!   itself: `1204.5`, never `1204.4999999999998`.
//!
//! Only sums beyond that remain, and they stay texts.
//!
//! [`ROW_AMOUNT_MINOR_MAX`]: crate::domain::money::ROW_AMOUNT_MINOR_MAX

/// Significant digits that any decimal may have and still survive.
const DIGITS_MAX: usize = 15;

/// The number of a plain decimal (`-1204.50`); `None` where it could not be read back.
#[expect(
    clippy::disallowed_types,
    reason = "the file format has no other numbers; see the module for why none is rounded"
)]
pub(super) fn exact(decimal: &str) -> Option<f64> {
    if significant_digits(decimal) > DIGITS_MAX {
        return None;
    }
    decimal.parse().ok()
}

/// Digits between the first and the last that is not zero, both included.
fn significant_digits(decimal: &str) -> usize {
    let mut count: usize = 0;
    let mut zeros: usize = 0;
    for digit in decimal.bytes().filter(u8::is_ascii_digit) {
        if digit == b'0' {
            zeros += usize::from(count > 0);
        } else {
            count += zeros + 1;
            zeros = 0;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::money::ROW_AMOUNT_MINOR_MAX;
    use crate::domain::{Amount, Currency};

    #[test]
    fn significant_digits_do_not_count_zeros_at_either_end() {
        let count = ["0.00", "-0.05", "1204.50", "10000000000000.00", "100.01"];
        assert_eq!(count.map(significant_digits), [0, 1, 5, 1, 5]);
    }

    #[test]
    fn sums_that_a_workbook_would_round_are_refused() {
        assert!(exact("9999999999999.99").is_some());
        assert!(exact("10000000000000.01").is_none());
        assert!(exact("276701161105643274.21").is_none());
        assert!(exact("no number").is_none());
    }

    proptest! {
        /// Every amount that a row may hold, in currencies of 0, 2, 3 and 4 digits, comes back
        /// from the text that stands in the file.
        #[test]
        fn every_amount_of_a_row_is_read_back_from_the_workbook_as_it_was(
            minor in prop_oneof![
                -ROW_AMOUNT_MINOR_MAX..=ROW_AMOUNT_MINOR_MAX,
                -100_000_i64..100_000,
                (ROW_AMOUNT_MINOR_MAX - 1_000)..=ROW_AMOUNT_MINOR_MAX,
            ],
            code in prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF"]),
        ) {
            let currency = Currency::parse(code).unwrap();
            let amount = Amount::from_minor(minor);
            let number = exact(&amount.display(currency).to_string());
            prop_assert!(number.is_some());
            // As the workbook's writer prints it.
            let written = number.unwrap().to_string();
            prop_assert_eq!(Amount::parse(&written, currency), Ok(amount), "{}", written);
        }
    }
}
