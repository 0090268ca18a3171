//! From the values of one `STMTTRN` to an entry, or to a rejected row.

use chrono::NaiveDate;

use crate::domain::file::{RAW_ROW_BYTES_MAX, bounded};
use crate::domain::money::AmountError;
use crate::domain::statement::StatementEntry;
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;
use crate::ingest::cells::Cell;
use crate::ingest::cells::{self, AmountProblem, DecimalMark};

/// The values of one `STMTTRN`, as written; empty where there is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    posted_on: String,
    available_on: String,
    amount: String,
    /// Of the account, unless the entry has its own.
    currency: String,
    /// `FITID`
    id: String,
    /// In the file's order.
    references: Vec<String>,
    name: String,
    memo: String,
    /// The element as it was read.
    pub(super) raw: String,
}

impl Values {
    /// Takes the value of an element of the entry; of one that repeats, the first.
    pub(super) fn take(&mut self, element: &str, value: &str) {
        let place = match element {
            "DTPOSTED" => &mut self.posted_on,
            "DTAVAIL" => &mut self.available_on,
            "TRNAMT" => &mut self.amount,
            "CURSYM" => &mut self.currency,
            "FITID" => &mut self.id,
            // `PAYEE` is an aggregate with a `NAME`; some banks write the name right into it.
            "NAME" | "PAYEE" => &mut self.name,
            "MEMO" => &mut self.memo,
            "CHECKNUM" | "REFNUM" | "SRVRTID" => {
                self.references.push(tidy(value));
                return;
            }
            _ => return,
        };
        if place.is_empty() {
            *place = tidy(value);
        }
    }

    /// Keeps what was read, for a row that turns out to be rejected.
    pub(super) fn keep_raw(&mut self, piece: &str) {
        if self.raw.len() < RAW_ROW_BYTES_MAX {
            self.raw.push_str(&bounded(piece, RAW_ROW_BYTES_MAX));
        }
    }

    /// The entry with this number in the file.
    ///
    /// # Errors
    /// The row is rejected.
    pub(super) fn entry(
        self,
        number: u32,
        account_currency: Option<Currency>,
    ) -> Result<StatementEntry, RowError> {
        let currency = match self.currency.as_str() {
            "" => account_currency,
            code => Currency::parse(code),
        };
        let currency = currency.ok_or_else(|| {
            let reason = "is no currency of three letters, and CURDEF of the statement is none";
            RowError::new("STMTTRN/CURRENCY/CURSYM", &self.currency, reason)
        })?;
        let amount = amount(&self.amount, currency)
            .map_err(|problem| RowError::new("STMTTRN/TRNAMT", &self.amount, problem))?;
        let no_day = "is not a day; expected YYYYMMDD, with or without a time";
        let booked_on = day(&self.posted_on)
            .ok_or_else(|| RowError::new("STMTTRN/DTPOSTED", &self.posted_on, no_day))?;
        let value_on = match self.available_on.as_str() {
            "" => None,
            text => Some(day(text).ok_or_else(|| RowError::new("STMTTRN/DTAVAIL", text, no_day))?),
        };
        let mut references: Vec<String> = Vec::new();
        for reference in std::iter::once(&self.id).chain(&self.references) {
            if !reference.is_empty() && !references.contains(reference) {
                references.push(reference.clone());
            }
        }
        Ok(StatementEntry {
            line: number,
            remittance: remittance(&self.name, &self.memo),
            servicer_reference: self.id,
            booked_on,
            value_on,
            amount,
            currency,
            counterparty: self.name,
            references,
        })
    }
}

/// `NAME` is the other party or the beginning of a description: what it says stands before the
/// memo, unless the memo repeats it.
fn remittance(name: &str, memo: &str) -> String {
    if name.is_empty() || memo.contains(name) {
        memo.to_owned()
    } else if memo.is_empty() {
        name.to_owned()
    } else {
        format!("{name} {memo}")
    }
}

/// One space for each run of white space, and none at the ends.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a signed amount. OFX has no thousands marks, so a single comma or dot is the decimal
/// mark; a bank that groups anyway shows both.
///
/// # Errors
/// The end of a sentence that begins with the amount.
pub(super) fn amount(text: &str, currency: Currency) -> Result<Amount, String> {
    let text = text.trim();
    let mark = match (text.matches('.').count(), text.matches(',').count()) {
        (_, 0) if text.matches('.').count() <= 1 => DecimalMark::Dot,
        (0, 1) => DecimalMark::Comma,
        _ => DecimalMark::Recognised,
    };
    cells::amount(Cell { text, typed: false }, mark, currency).map_err(|problem| {
        let problem = match problem {
            AmountProblem::Bad(error) => error,
            AmountProblem::OtherCurrency(_) | AmountProblem::UndecidedMark { .. } => {
                AmountError::NotANumber
            }
        };
        format!("{problem}; expected a signed number, as -1204.50")
    })
}

/// The day of `YYYYMMDD`, `YYYYMMDDHHMMSS.XXX[-3:BRT]`: as written, no offset is applied.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let number = |from: usize, to: usize| -> Option<u32> {
        let digits = text.get(from..to)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number)
    };
    let year = i32::try_from(number(0, 4)?).ok().filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?)
}
