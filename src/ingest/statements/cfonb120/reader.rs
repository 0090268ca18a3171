//! Walks the records of a file, statement by statement.

use std::io::BufRead;

use chrono::{Days, NaiveDate};

use super::RECORD_CHARS;
use super::account::account;
use super::amount::{Written, decimals};
use super::movement::{Defaults, Movement, currency};
use crate::domain::file::bounded;
use crate::domain::statement::{Statement, StatementKind, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::statements::fixed_width::values::{balance, day_ddmmyy, optional_day};
use crate::ingest::statements::fixed_width::{Record, Records};
use crate::ingest::{Refusal, RowError};

/// Reads a CFONB 120 file, and hands what it finds to `sink`.
///
/// `input` is UTF-8. `line` of an entry is that of its record `04`.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing: records that do not
/// follow each other, a statement without account or without its new balance, a balance that
/// cannot be read.
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

/// A statement of which the new balance has not come yet.
struct Open {
    record: Record,
    account: String,
    day: Option<NaiveDate>,
    currency: Option<Currency>,
    balance: Written,
}

/// What complements belong to.
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
            "01" => self.begin(record),
            "04" => self.movement(record),
            "05" => self.complement(record),
            "07" => self.end(record),
            other => Err(record.refusal(&format!(
                "the record begins with {:?}; expected 01, 04, 05 or 07 (a file without line ends \
                 that lost its trailing blanks cannot be read)",
                bounded(other, 8)
            ))),
        }
    }

    fn begin(&mut self, record: &Record) -> Result<(), Refusal> {
        if let Some(open) = &self.open {
            return Err(record.refusal(&format!(
                "a statement begins (record 01) before that of line {} has its new balance \
                 (record 07)",
                open.record.line
            )));
        }
        let account = account(record).ok_or_else(|| {
            record.refusal("the statement names no account (columns 22-32 of record 01)")
        })?;
        let (day, balance) = balance_of(record)?;
        self.open = Some(Open {
            account,
            day,
            currency: currency(record).map_err(|error| unreadable(record, &error))?,
            balance,
            record: record.clone(),
        });
        Ok(())
    }

    fn movement(&mut self, record: &Record) -> Result<(), Refusal> {
        self.hand_over();
        let Some(open) = &mut self.open else {
            return Err(record.refusal(
                "a movement (record 04) stands outside a statement; expected an old balance \
                 (record 01) before it",
            ));
        };
        let defaults = Defaults {
            currency: open.currency,
            decimals: open.balance.decimals,
        };
        self.movement = match Movement::new(record, defaults) {
            Ok(movement) => {
                // Some banks leave the currency of the balances blank.
                open.currency.get_or_insert(movement.currency());
                Current::Movement(Box::new(movement))
            }
            Err(error) => {
                self.sink.rejected(record.rejected(error));
                Current::Rejected
            }
        };
        Ok(())
    }

    fn complement(&mut self, record: &Record) -> Result<(), Refusal> {
        match &mut self.movement {
            Current::Movement(movement) => movement.complement(record),
            Current::Rejected => Ok(()),
            Current::None => {
                Err(record
                    .refusal("a complement (record 05) has no movement (record 04) before it"))
            }
        }
    }

    fn end(&mut self, record: &Record) -> Result<(), Refusal> {
        self.hand_over();
        let Some(open) = self.open.take() else {
            return Err(record.refusal(
                "a new balance (record 07) stands outside a statement; expected an old balance \
                 (record 01) before it",
            ));
        };
        let (to, mut closing) = balance_of(record)?;
        closing.decimals = closing.decimals.or(open.balance.decimals);
        let written = currency(record).map_err(|error| unreadable(record, &error))?;
        let currency = open.currency.or(written).unwrap_or(Currency::EUR);
        let mut read = |written: &Written, record: &Record| {
            let column = "balance (91-104)";
            let amount: Result<Amount, _> = written.read(currency);
            balance(amount, record, column, &written.text, self.sink)
        };
        let opening = read(&open.balance, &open.record)?;
        let closing = read(&closing, record)?;
        self.sink.statement(Statement {
            account: open.account,
            // Columns 105-120 are free; what some banks write there numbers only days with
            // movements, or repeats the dates.
            id: String::new(),
            sequence: String::new(),
            from: first_day(open.day, to),
            to,
            currency: Some(currency),
            opening,
            closing,
            kind: StatementKind::Export,
            covers_until: to,
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
                "is cut off: it ends inside the statement that begins in line {}, before its new \
                 balance (record 07); ask the bank for the file again",
                open.record.line
            ))),
        }
    }
}

/// The day and the amount of a balance record.
fn balance_of(record: &Record) -> Result<(Option<NaiveDate>, Written), Refusal> {
    let day = optional_day(
        record.field(35, 40),
        day_ddmmyy,
        "date of the balance (35-40)",
        "DDMMYY",
    );
    let written = Written {
        text: record.columns(91, 104).to_owned(),
        decimals: decimals(record.field(20, 20)),
    };
    let day = day.map_err(|error| unreadable(record, &error))?;
    Ok((day, written))
}

fn unreadable(record: &Record, error: &RowError) -> Refusal {
    record.refusal(&format!(
        "{}: {:?} {}",
        error.column, error.value, error.reason
    ))
}

/// The old balance is that of the day before the first one of the statement.
fn first_day(old: Option<NaiveDate>, last: Option<NaiveDate>) -> Option<NaiveDate> {
    let first = old?.checked_add_days(Days::new(1));
    match (first, last) {
        (Some(first), Some(last)) => Some(first.min(last)),
        (first, None) => first,
        (None, last) => last,
    }
}
