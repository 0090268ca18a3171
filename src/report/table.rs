//! Tables as every renderer sees them: named columns, and rows of typed cells.
//!
//! A cell keeps its type to the last moment, because each format needs it for something else:
//! CSV to know which cells a spreadsheet could mistake for a formula, JSON to tell numbers from
//! texts, a workbook for its number formats. Texts are borrowed wherever they already exist; a
//! row of `orders.csv` allocates nothing.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::{Amount, Currency};

/// A table: the stem of its file and its columns, in the order of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableSpec {
    /// `orders` for `orders.csv` and for a sheet `Orders`.
    pub name: &'static str,
    /// Column names.
    pub columns: &'static [&'static str],
}

/// One typed cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing is known, or nothing applies.
    Empty,
    /// Words, references, lists; written by others, so never trusted by a renderer.
    Text(Cow<'a, str>),
    /// Money; the currency gives the decimals and is not printed with it.
    Amount(Amount, Currency),
    /// A calendar day.
    Date(NaiveDate),
    /// A count, a number of days, a sequence number.
    Integer(i128),
}

impl<'a> Cell<'a> {
    /// A text that exists elsewhere, or was made for this cell.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// An amount that may be absent.
    pub fn amount(amount: Option<Amount>, currency: Currency) -> Self {
        amount.map_or(Self::Empty, |amount| Self::Amount(amount, currency))
    }

    /// A day that may be absent.
    pub fn date(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    /// A number of any width.
    pub fn integer(number: impl Into<i128>) -> Self {
        Self::Integer(number.into())
    }
}
