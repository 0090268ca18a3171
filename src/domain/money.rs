//! Exact amounts: whole minor units with their ISO 4217 currency. No floating point anywhere.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// The largest amount of one row, in minor units, both signs (`spec: inputs, bad input`).
pub const ROW_AMOUNT_MINOR_MAX: i64 = 1_000_000_000_000_000;

/// Decimals that an amount of ISO 20022 may have.
const NOISELESS_DECIMALS: usize = 5;

/// An ISO 4217 currency code: three capital letters.
///
/// Withdrawn codes (DEM) and codes of the future are accepted, because a bank may still write
/// them; they have two decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");

    /// Reads three letters of any case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The code, for example `EUR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Digits after the decimal mark: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"EUR" | b"GBP" | b"USD" | b"CHF" | b"PLN" | b"RON" | b"SEK" => 2,
            _ => iso_currency::Currency::from_code(self.code())
                .and_then(iso_currency::Currency::exponent)
                .map_or(2, u32::from),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A sum of money in minor units of a currency that the context knows.
///
/// One row holds at most [`ROW_AMOUNT_MINOR_MAX`]; sums are kept in 128 bits, so that no number
/// of rows that a machine can store overflows them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Amount(i128);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a number in the given notation.
    #[error("is not an amount")]
    NotANumber,
    /// More decimals than the currency has.
    #[error("has more decimals than {currency} has ({digits})")]
    NotExact {
        /// The currency.
        currency: Currency,
        /// Its digits.
        digits: u32,
    },
    /// Beyond ±10^15 minor units.
    #[error("is beyond ±10^15 minor units")]
    TooLarge,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of `minor` minor units.
    pub const fn from_minor(minor: i64) -> Self {
        // `From` is not const; i64 always fits.
        #[expect(clippy::as_conversions, reason = "widening in a const function")]
        Self(minor as i128)
    }

    /// Minor units, where they fit in 64 bits (a database column).
    pub fn to_minor(self) -> Option<i64> {
        i64::try_from(self.0).ok()
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// True below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// True for zero.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This amount with the sign of `other`; zero counts as positive.
    #[must_use]
    pub fn with_sign_of(self, other: Self) -> Self {
        if other.is_negative() {
            Self(-self.0.abs())
        } else {
            Self(self.0.abs())
        }
    }

    /// Reads a plain decimal with a dot (`-12.50`, `+3`, `.5`, `7.`), exactly.
    ///
    /// # Errors
    /// When the text is no number, has decimals other than zeros that the currency lacks, or is
    /// out of range.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] | rest => (false, rest),
        };
        let places = currency.digits();
        let mut minor: i64 = 0;
        let mut decimals: Option<u32> = None;
        let mut seen = false;
        for &byte in digits {
            match (byte, decimals) {
                (b'.', None) => decimals = Some(0),
                (b'0'..=b'9', Some(count)) if count >= places => {
                    if byte != b'0' {
                        return Err(AmountError::NotExact {
                            currency,
                            digits: places,
                        });
                    }
                    seen = true;
                }
                (b'0'..=b'9', count) => {
                    seen = true;
                    decimals = count.map(|n| n.saturating_add(1));
                    minor = push_digit(minor, byte)?;
                }
                _ => return Err(AmountError::NotANumber),
            }
        }
        if !seen {
            return Err(AmountError::NotANumber);
        }
        for _ in decimals.unwrap_or(0)..places {
            minor = push_digit(minor, b'0')?;
        }
        Ok(Self::from_minor(if negative { -minor } else { minor }))
    }

    /// Reads a plain decimal whose decimals beyond the fifth are the noise of binary arithmetic:
    /// ISO 20022 allows five. Such an amount is rounded where the rest is below a thousandth of the
    /// smallest unit.
    ///
    /// # Errors
    /// Those of `parse`.
    pub fn parse_with_noise(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let error = match Self::parse(text, currency) {
            Err(error @ AmountError::NotExact { .. }) => error,
            read => return read,
        };
        let decimals = text
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let near = Decimal::from_str(text)
            .ok()
            .filter(|_| decimals > NOISELESS_DECIMALS);
        let rounded = near.and_then(|value| {
            let amount = Self::round_from(value, currency)?;
            let rest = (value - amount.to_decimal(currency)?).abs();
            let unit = Decimal::new(1, currency.digits());
            (rest < unit / Decimal::ONE_THOUSAND).then_some(amount)
        });
        rounded
            .filter(|amount| amount.0.unsigned_abs() <= ROW_AMOUNT_MINOR_MAX.unsigned_abs().into())
            .ok_or(error)
    }

    /// The exact decimal of this amount, for rates; `None` beyond 28 digits.
    pub fn to_decimal(self, currency: Currency) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.0, currency.digits()).ok()
    }

    /// The nearest amount to a decimal, half away from zero; `None` when it does not fit.
    pub fn round_from(value: Decimal, currency: Currency) -> Option<Self> {
        let digits = currency.digits();
        let mut rounded =
            value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(digits);
        (rounded.scale() == digits).then(|| Self(rounded.mantissa()))
    }

    /// The amount with its currency's decimals, a dot and no thousands mark: `-1204.50`.
    pub fn display(self, currency: Currency) -> AmountText {
        AmountText {
            amount: self,
            digits: currency.digits(),
        }
    }
}

fn push_digit(minor: i64, digit: u8) -> Result<i64, AmountError> {
    minor
        .checked_mul(10)
        .and_then(|n| n.checked_add(i64::from(digit.wrapping_sub(b'0'))))
        .filter(|n| *n <= ROW_AMOUNT_MINOR_MAX)
        .ok_or(AmountError::TooLarge)
}

/// See [`Amount::display`].
#[derive(Clone, Copy, Debug)]
pub struct AmountText {
    amount: Amount,
    digits: u32,
}

impl fmt::Display for AmountText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(self.digits);
        let minor = self.amount.0.unsigned_abs();
        let sign = if self.amount.is_negative() { "-" } else { "" };
        #[expect(
            clippy::integer_division,
            reason = "whole units; the remainder follows"
        )]
        let whole = minor / unit;
        if self.digits == 0 {
            return write!(f, "{sign}{whole}");
        }
        let width = usize::try_from(self.digits).unwrap_or(0);
        write!(f, "{sign}{whole}.{:0width$}", minor % unit)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// An amount with its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub amount: Amount,
    /// The currency they are of.
    pub currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, currency: &str) -> Result<i64, AmountError> {
        Amount::parse(text, Currency::parse(currency).unwrap()).map(|a| a.to_minor().unwrap())
    }

    #[test]
    fn the_noise_of_binary_arithmetic_is_rounded_and_nothing_else() {
        let read = |text| Amount::parse_with_noise(text, Currency::EUR).map(|it| it.0);
        assert_eq!(read("350.2500000000004"), Ok(35_025));
        assert_eq!(read("350.2499999999997"), Ok(35_025));
        assert_eq!(read("-0.3000000000000000444"), Ok(-30));
        assert_eq!(read("350.25"), Ok(35_025));
        for inexact in [
            "350.255",
            "350.25500",
            "350.25001",
            "350.250011",
            "350.2550000001",
        ] {
            assert!(read(inexact).is_err(), "{inexact}");
        }
        assert_eq!(read("350.2500.04"), Err(AmountError::NotANumber));
    }

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        assert_eq!(parse("12.50", "EUR"), Ok(1250));
        assert_eq!(parse("-12.5", "EUR"), Ok(-1250));
        assert_eq!(parse("+7.", "EUR"), Ok(700));
        assert_eq!(parse(".05", "EUR"), Ok(5));
        assert_eq!(parse("18.150", "EUR"), Ok(1815));
        assert_eq!(parse("100", "JPY"), Ok(100));
        assert_eq!(parse("1.234", "KWD"), Ok(1234));
        assert!(matches!(
            parse("19.995", "EUR"),
            Err(AmountError::NotExact { .. })
        ));
        assert!(matches!(
            parse("1.5", "JPY"),
            Err(AmountError::NotExact { .. })
        ));
        assert_eq!(parse("1,50", "EUR"), Err(AmountError::NotANumber));
        assert_eq!(parse("", "EUR"), Err(AmountError::NotANumber));
        assert_eq!(parse(".", "EUR"), Err(AmountError::NotANumber));
        assert_eq!(parse("--1", "EUR"), Err(AmountError::NotANumber));
        assert_eq!(parse("10000000000000.00", "EUR"), Ok(ROW_AMOUNT_MINOR_MAX));
        assert_eq!(
            parse("10000000000000.01", "EUR"),
            Err(AmountError::TooLarge)
        );
        assert_eq!(
            parse("99999999999999999999999", "EUR"),
            Err(AmountError::TooLarge)
        );
    }

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        let text = |minor, code| {
            Amount::from_minor(minor)
                .display(Currency::parse(code).unwrap())
                .to_string()
        };
        assert_eq!(text(-120_450, "EUR"), "-1204.50");
        assert_eq!(text(5, "EUR"), "0.05");
        assert_eq!(text(-5, "KWD"), "-0.005");
        assert_eq!(text(1200, "JPY"), "1200");
    }

    #[test]
    fn rates_round_half_away_from_zero() {
        let round = |text: &str| {
            Amount::round_from(text.parse().unwrap(), Currency::EUR)
                .unwrap()
                .to_minor()
                .unwrap()
        };
        assert_eq!(round("1.005"), 101);
        assert_eq!(round("-1.005"), -101);
        assert_eq!(round("1.0049"), 100);
        assert_eq!(round("7"), 700);
    }
}
