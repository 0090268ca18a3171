//! Walks the records of a file, account by account.

use std::io::BufRead;

use chrono::NaiveDate;

use super::RECORD_CHARS;
use super::movement::{AMOUNT_CHARS, DECIMALS, Movement};
use crate::domain::file::bounded;
use crate::domain::money::AmountError;
use crate::domain::statement::{Statement, StatementKind, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::Refusal;
use crate::ingest::statements::fixed_width::values::{
    balance, day_yymmdd, implied_decimals, is_digits, optional_day, without_blanks,
};
use crate::ingest::statements::fixed_width::{Record, Records};

/// Reads a Norma 43 file, and hands what it finds to `sink`.
///
/// `input` is UTF-8. `line` of an entry is that of its record `22`.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing: records that do not
/// follow each other, an account without number or without its end, a balance that cannot be read.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn StatementSink) -> Result<(), Refusal> {
    let mut records = Records::new(input, RECORD_CHARS);
    let mut walk = Walk {
        sink,
        open: None,
        movement: Current::None,
    };
    while let Some(record) = records.next()? {
        walk.take(&record)?;
    }
    walk.finish()
}

/// An account whose end has not come yet.
struct Open {
    line: u32,
    account: String,
    currency: Currency,
    mode: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    opening: Option<Amount>,
}

/// What texts belong to.
enum Current {
    /// To nothing: none is expected here.
    None,
    /// To a movement that was rejected, and so they are.
    Rejected,
    /// To this movement.
    Movement(Box<Movement>),
}

struct Walk<'s> {
    sink: &'s mut dyn StatementSink,
    open: Option<Open>,
    movement: Current,
}

impl Walk<'_> {
    fn take(&mut self, record: &Record) -> Result<(), Refusal> {
        match record.columns(1, 2) {
            "11" => self.begin(record),
            "22" => self.movement(record),
            "23" => self.text(record),
            // The amount in another currency is information beside the amount in the account's.
            "24" => Ok(()),
            "33" => self.end(record),
            "00" | "88" => self.file_mark(record),
            other => Err(record.refusal(&format!(
                "the record begins with {:?}; expected 11, 22, 23, 24, 33 or 88",
                bounded(other, 8)
            ))),
        }
    }

    /// The beginning or the end of the file; several files may follow each other in one.
    fn file_mark(&self, record: &Record) -> Result<(), Refusal> {
        match &self.open {
            None => Ok(()),
            Some(open) => Err(record.refusal(&format!(
                "the file's record {} comes before the end (record 33) of the account of line {}",
                record.columns(1, 2),
                open.line
            ))),
        }
    }

    fn begin(&mut self, record: &Record) -> Result<(), Refusal> {
        if let Some(open) = &self.open {
            return Err(record.refusal(&format!(
                "an account begins (record 11) before that of line {} has its end (record 33)",
                open.line
            )));
        }
        let account = without_blanks(record.columns(3, 20));
        if account.is_empty() {
            return Err(record.refusal("the account has no number (columns 3-20 of record 11)"));
        }
        let code = record.columns(48, 50);
        let currency = currency(code).ok_or_else(|| {
            record.refusal(&format!(
                "currency (48-50): {code:?} is no number of a currency; expected 978 for EUR"
            ))
        })?;
        let day = |first, last, column| {
            let day = optional_day(record.field(first, last), day_yymmdd, column, "YYMMDD");
            day.map_err(|error| {
                record.refusal(&format!("{column}: {:?} {}", error.value, error.reason))
            })
        };
        let (from, to) = (
            day(21, 26, "first day (21-26)")?,
            day(27, 32, "last day (27-32)")?,
        );
        let opening = Balance {
            column: "opening balance (33-47)",
            sign: record.columns(33, 33),
            digits: record.columns(34, 47),
        };
        self.open = Some(Open {
            line: record.line,
            account,
            currency,
            mode: record.columns(51, 51).to_owned(),
            from,
            to,
            opening: opening.read(currency, record, self.sink)?,
        });
        Ok(())
    }

    fn movement(&mut self, record: &Record) -> Result<(), Refusal> {
        self.hand_over();
        let Some(open) = &self.open else {
            return Err(record.refusal(
                "a movement (record 22) stands outside an account; expected a record 11 before it",
            ));
        };
        self.movement = match Movement::new(record, open.currency, &open.mode) {
            Ok(movement) => Current::Movement(Box::new(movement)),
            Err(error) => {
                self.sink.rejected(record.rejected(error));
                Current::Rejected
            }
        };
        Ok(())
    }

    fn text(&mut self, record: &Record) -> Result<(), Refusal> {
        match &mut self.movement {
            Current::Movement(movement) => movement.text(record),
            Current::Rejected => Ok(()),
            Current::None => {
                Err(record.refusal("a text (record 23) has no movement (record 22) before it"))
            }
        }
    }

    fn end(&mut self, record: &Record) -> Result<(), Refusal> {
        self.hand_over();
        let Some(open) = self.open.take() else {
            return Err(record.refusal(
                "the end of an account (record 33) stands outside one; expected a record 11 \
                 before it",
            ));
        };
        let code = record.field(74, 76);
        if !code.is_empty() && currency(code) != Some(open.currency) {
            return Err(record.refusal(&format!(
                "currency (74-76): {code:?} is not that of the account ({}); the record is cut or \
                 shifted",
                open.currency
            )));
        }
        let closing = Balance {
            column: "closing balance (59-73)",
            sign: record.columns(59, 59),
            digits: record.columns(60, 73),
        };
        let closing = closing.read(open.currency, record, self.sink)?;
        self.sink.statement(Statement {
            account: open.account,
            // The format numbers no statements.
            id: String::new(),
            sequence: String::new(),
            from: open.from,
            to: open.to,
            currency: Some(open.currency),
            opening: open.opening,
            closing,
            kind: StatementKind::Export,
            covers_until: open.to,
        });
        Ok(())
    }

    fn hand_over(&mut self) {
        if let Current::Movement(movement) = std::mem::replace(&mut self.movement, Current::None) {
            self.sink.entry(movement.into_entry());
        }
    }

    fn finish(self) -> Result<(), Refusal> {
        match self.open {
            None => Ok(()),
            Some(open) => Err(Refusal::new(format!(
                "is cut off: it ends inside the account that begins in line {}, before its end \
                 (record 33); ask the bank for the file again",
                open.line
            ))),
        }
    }
}

/// A balance as written.
struct Balance<'r> {
    column: &'static str,
    sign: &'r str,
    digits: &'r str,
}

impl Balance<'_> {
    fn read(
        &self,
        currency: Currency,
        record: &Record,
        sink: &mut dyn StatementSink,
    ) -> Result<Option<Amount>, Refusal> {
        let amount = match (self.sign, self.digits.len()) {
            ("1", AMOUNT_CHARS) => implied_decimals(self.digits, DECIMALS, currency).map(|it| -it),
            // Programs that write 0 mean credit: with it their statements add up.
            ("0" | "2", AMOUNT_CHARS) => implied_decimals(self.digits, DECIMALS, currency),
            _ => Err(AmountError::NotANumber),
        };
        let value = format!("{}{}", self.sign, self.digits);
        balance(amount, record, self.column, &value, sink)
    }
}

/// The currency of an ISO 4217 number: 978 is EUR.
fn currency(number: &str) -> Option<Currency> {
    let is_number = number.len() == 3 && is_digits(number);
    let number: u16 = number.parse().ok().filter(|_| is_number)?;
    let currency = iso_currency::Currency::from_numeric(number)?;
    Currency::parse(currency.code())
}
