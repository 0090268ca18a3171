//! Amounts of 14 characters whose last one is digit and sign in one.

use crate::domain::money::AmountError;
use crate::domain::{Amount, Currency};
use crate::ingest::statements::fixed_width::values::implied_decimals;

/// Decimals where the record says none.
pub(super) const DECIMALS: usize = 2;

/// An amount as written: its characters and how many of them are decimals.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) decimals: Option<usize>,
}

/// The decimals of a record's own column, where it says them.
pub(super) fn decimals(text: &str) -> Option<usize> {
    let digit = text.chars().next()?.to_digit(10)?;
    usize::try_from(digit).ok()
}

impl Written {
    /// The amount; negative is debit.
    ///
    /// # Errors
    /// When it is no such amount, or not exact in the currency.
    pub(super) fn read(&self, currency: Currency) -> Result<Amount, AmountError> {
        let mut characters = self.text.chars();
        let last = characters.next_back().ok_or(AmountError::NotANumber)?;
        let (is_negative, digit) = sign_and_digit(last).ok_or(AmountError::NotANumber)?;
        let digits: String = characters.as_str().chars().chain([digit]).collect();
        if digits.len() != AMOUNT_CHARS {
            return Err(AmountError::NotANumber);
        }
        let amount = implied_decimals(&digits, self.decimals.unwrap_or(DECIMALS), currency)?;
        Ok(if is_negative { -amount } else { amount })
    }
}

/// A shorter amount is cut off or shifted.
const AMOUNT_CHARS: usize = 14;

/// The digit and sign that a punched card had in one column: a plus over it is `{` and `A` to
/// `I`, a minus is `}` and `J` to `R`. The French national code page has é and è in the places of
/// the braces.
fn sign_and_digit(character: char) -> Option<(bool, char)> {
    let (is_negative, digit) = match character {
        '{' | 'é' => (false, 0),
        '}' | 'è' => (true, 0),
        'A'..='I' => (false, u32::from(character).wrapping_sub(u32::from('A')) + 1),
        'J'..='R' => (true, u32::from(character).wrapping_sub(u32::from('J')) + 1),
        _ => return None,
    };
    Some((is_negative, char::from_digit(digit, 10)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str, decimals: Option<usize>) -> Result<i64, AmountError> {
        let written = Written {
            text: text.to_owned(),
            decimals,
        };
        written.read(Currency::EUR).map(|it| it.to_minor().unwrap())
    }

    #[test]
    fn the_last_character_is_digit_and_sign() {
        assert_eq!(minor("0000000005000}", Some(2)), Ok(-50_000));
        assert_eq!(minor("0000000005000{", Some(2)), Ok(50_000));
        for (at, character) in ('A'..='I').enumerate() {
            let digit = i64::try_from(at).unwrap() + 1;
            assert_eq!(minor(&format!("0000000000000{character}"), None), Ok(digit));
        }
        for (at, character) in ('J'..='R').enumerate() {
            let digit = i64::try_from(at).unwrap() + 1;
            assert_eq!(
                minor(&format!("0000000000000{character}"), None),
                Ok(-digit)
            );
        }
        assert_eq!(minor("0000000005000é", None), Ok(50_000));
        assert_eq!(minor("0000000005000è", None), Ok(-50_000));
    }

    #[test]
    fn decimals_are_those_of_the_record() {
        assert_eq!(decimals("2"), Some(2));
        assert_eq!(decimals(" "), None);
        assert_eq!(decimals(""), None);
        assert_eq!(minor("0000000001234E", Some(0)), Ok(1_234_500));
        assert_eq!(minor("0000000001234{", Some(3)), Ok(1_234));
        assert!(matches!(
            minor("0000000001234E", Some(3)),
            Err(AmountError::NotExact { .. })
        ));
    }

    #[test]
    fn an_amount_without_sign_or_cut_short_is_none() {
        for bad in [
            "",
            "{",
            "00000000050000",
            "000000000500S",
            "0000000 05000}",
            "000000000500}",
        ] {
            assert_eq!(minor(bad, None), Err(AmountError::NotANumber), "{bad:?}");
        }
    }
}
