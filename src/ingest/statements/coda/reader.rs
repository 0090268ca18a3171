//! Walks the records of a file, statement by statement.

use std::io::BufRead;

use chrono::NaiveDate;

use super::globalisation::Booking;
use super::movement::{BOOKED, Movement, amount};
use super::{EXPLANATIONS_MAX, RECORD_CHARS, Version};
use crate::domain::file::bounded;
use crate::domain::statement::{Statement, StatementKind, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::statements::fixed_width::values::{
    balance, day_ddmmyy, is_digits, optional_day, without_blanks,
};
use crate::ingest::statements::fixed_width::{Record, Records};
use crate::ingest::{Refusal, RowError};

/// Reads a CODA file, and hands what it finds to `sink`.
///
/// `input` is UTF-8. `line` of an entry is that of its record `21`, of a detail that becomes an
/// entry that of the detail.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing: another version than 1
/// and 2, records that do not follow each other, a statement without account or without its new
/// balance, a file without its trailer, a balance that cannot be read.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn StatementSink) -> Result<(), Refusal> {
    let mut records = Records::new(input, RECORD_CHARS);
    let mut walk = Walk {
        sink,
        file: None,
        open: None,
        movement: Current::None,
        explanations: 0,
    };
    while let Some(record) = records.next()? {
        walk.take(&record)?;
    }
    walk.finish()
}

/// A file of which the trailer has not come yet.
#[derive(Clone, Copy)]
struct File {
    line: u32,
    version: Version,
    /// A separate application repeats movements of the main file, with balances of zero.
    is_separate: bool,
}

/// A statement of which the new balance has not come yet.
struct Open {
    line: u32,
    account: String,
    sequence: String,
    currency: Currency,
    from: Option<NaiveDate>,
    opening: Option<Amount>,
}

/// What continuations, details and information belong to.
enum Current {
    /// To nothing yet.
    None,
    /// To a booked movement that was rejected, and so they are.
    Rejected { sequence: String },
    /// To a detail that cannot be read; its booked movement is known.
    UnknownDetail(Box<Booking>),
    /// To this booked movement or its last detail.
    Booking(Box<Booking>),
}

impl Current {
    fn sequence(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Rejected { sequence } => Some(sequence),
            Self::UnknownDetail(booking) | Self::Booking(booking) => Some(booking.sequence()),
        }
    }
}

struct Walk<'s> {
    sink: &'s mut dyn StatementSink,
    file: Option<File>,
    open: Option<Open>,
    movement: Current,
    /// Records since the last booked movement.
    explanations: usize,
}

impl Walk<'_> {
    fn take(&mut self, record: &Record) -> Result<(), Refusal> {
        match (record.columns(1, 1), record.columns(2, 2)) {
            ("0", _) => self.header(record),
            ("1", _) => self.begin(record),
            ("2", "1") => self.movement(record),
            ("2", "2" | "3") | ("3", "1" | "2" | "3") => self.explain(record),
            ("8", _) => self.end(record),
            ("4", _) => self.file(record).map(|_| ()),
            ("9", _) => self.trailer(record),
            _ => Err(record.refusal(&format!(
                "the record begins with {:?}; expected 0, 1, 21 to 23, 31 to 33, 4, 8 or 9",
                bounded(record.columns(1, 2), 8)
            ))),
        }
    }

    fn header(&mut self, record: &Record) -> Result<(), Refusal> {
        if let Some(file) = self.file {
            return Err(record.refusal(&format!(
                "a file begins (record 0) before that of line {} has its trailer (record 9)",
                file.line
            )));
        }
        let version = match record.columns(128, 128) {
            "1" => Version::One,
            "2" => Version::Two,
            other => {
                return Err(record.refusal(&format!(
                    "the header is of version {other:?} (column 128); expected 1 or 2"
                )));
            }
        };
        let application = record.field(84, 88);
        self.file = Some(File {
            line: record.line,
            version,
            is_separate: application.bytes().any(|byte| byte != b'0'),
        });
        Ok(())
    }

    fn file(&self, record: &Record) -> Result<File, Refusal> {
        self.file.ok_or_else(|| {
            record
                .refusal("the record stands outside a file; expected a header (record 0) before it")
        })
    }

    fn statement(&self, record: &Record) -> Result<&Open, Refusal> {
        self.open.as_ref().ok_or_else(|| {
            record.refusal(
                "the record stands outside a statement; expected an old balance (record 1) before \
                 it",
            )
        })
    }

    fn begin(&mut self, record: &Record) -> Result<(), Refusal> {
        let file = self.file(record)?;
        if let Some(open) = &self.open {
            return Err(record.refusal(&format!(
                "a statement begins (record 1) before that of line {} has its new balance (record \
                 8)",
                open.line
            )));
        }
        let (number, code) = match (file.version, record.columns(2, 2)) {
            // A Belgian number of 12 digits; an IBAN and foreign numbers have room for 31 or 34.
            (Version::One, _) | (Version::Two, "0") => {
                (record.columns(6, 17), record.columns(19, 21))
            }
            (Version::Two, " ") if is_belgian_number(record) => {
                (record.columns(6, 17), record.columns(19, 21))
            }
            // A bank is known that leaves the structure blank.
            (Version::Two, "2" | " ") => (record.columns(6, 36), record.columns(40, 42)),
            (Version::Two, _) => (record.columns(6, 39), record.columns(40, 42)),
        };
        let account = without_blanks(number);
        if account.is_empty() {
            return Err(
                record.refusal("the statement names no account (from column 6 of record 1)")
            );
        }
        let currency = Currency::parse(code).ok_or_else(|| {
            record.refusal(&format!(
                "the account's currency {code:?} is none; expected three letters, as EUR"
            ))
        })?;
        let column = "old balance (43-58)";
        let opening = amount(record.columns(43, 43), record.columns(44, 58), currency);
        let written = record.columns(43, 58);
        self.open = Some(Open {
            line: record.line,
            account,
            sequence: sequence(record),
            currency,
            from: day(record, 59, 64)?,
            opening: balance(opening, record, column, written, self.sink)?,
        });
        Ok(())
    }

    fn movement(&mut self, record: &Record) -> Result<(), Refusal> {
        let currency = self.statement(record)?.currency;
        let movement = Movement::new(record, currency);
        if self.is_detail(record) {
            return self.detail(record, movement);
        }
        self.hand_over(currency);
        self.movement = match movement {
            Ok(movement) => Current::Booking(Box::new(Booking::new(movement))),
            Err(error) => {
                self.sink.rejected(record.rejected(error));
                Current::Rejected {
                    sequence: record.columns(3, 6).to_owned(),
                }
            }
        };
        Ok(())
    }

    /// Details are numbered from 0001; after 9999 comes 0000 again, which only the sequence number
    /// tells from the next booked movement.
    fn is_detail(&self, record: &Record) -> bool {
        let (sequence, detail) = (record.columns(3, 6), record.columns(7, 10));
        match &self.movement {
            Current::Booking(booking) | Current::UnknownDetail(booking) if detail == BOOKED => {
                booking.sequence() == sequence && booking.last_detail() == "9999"
            }
            Current::None
            | Current::Rejected { .. }
            | Current::UnknownDetail(_)
            | Current::Booking(_) => detail != BOOKED,
        }
    }

    fn detail(
        &mut self,
        record: &Record,
        detail: Result<Movement, RowError>,
    ) -> Result<(), Refusal> {
        self.count(record)?;
        let sequence = record.columns(3, 6);
        if self.movement.sequence() != Some(sequence) {
            return self.reject_orphan(record);
        }
        self.movement = match (std::mem::replace(&mut self.movement, Current::None), detail) {
            (Current::Booking(mut booking) | Current::UnknownDetail(mut booking), Ok(detail)) => {
                booking.add(detail);
                Current::Booking(booking)
            }
            (Current::Booking(mut booking) | Current::UnknownDetail(mut booking), Err(_)) => {
                booking.add_unknown();
                Current::UnknownDetail(booking)
            }
            (rejected @ (Current::None | Current::Rejected { .. }), _) => rejected,
        };
        Ok(())
    }

    /// A detail without its booked movement may be money that the file lost.
    fn reject_orphan(&mut self, record: &Record) -> Result<(), Refusal> {
        let reason = "is a detail number, but the booked movement 0000 of the same sequence \
                      number does not stand before it";
        let error = RowError::new("detail number (7-10)", record.columns(7, 10), reason);
        let currency = self.statement(record)?.currency;
        self.hand_over(currency);
        self.sink.rejected(record.rejected(error));
        self.movement = Current::Rejected {
            sequence: record.columns(3, 6).to_owned(),
        };
        Ok(())
    }

    fn explain(&mut self, record: &Record) -> Result<(), Refusal> {
        let version = self.file(record)?.version;
        self.statement(record)?;
        self.count(record)?;
        if let Current::Booking(booking) = &mut self.movement {
            let movement = booking.latest_mut();
            match (record.columns(1, 1), record.columns(2, 2)) {
                ("2", "2") => movement.second(record),
                ("2", _) => movement.third(record, version),
                _ => movement.inform(record),
            }
        }
        Ok(())
    }

    fn count(&mut self, record: &Record) -> Result<(), Refusal> {
        self.explanations = self.explanations.saturating_add(1);
        if self.explanations > EXPLANATIONS_MAX {
            return Err(record.refusal(&format!(
                "a movement has more than {EXPLANATIONS_MAX} details and explanations, the limit"
            )));
        }
        Ok(())
    }

    fn end(&mut self, record: &Record) -> Result<(), Refusal> {
        let currency = self.statement(record)?.currency;
        self.hand_over(currency);
        let file = self.file(record)?;
        let column = "new balance (42-57)";
        let closing = amount(record.columns(42, 42), record.columns(43, 57), currency);
        let closing = balance(closing, record, column, record.columns(42, 57), self.sink)?;
        let to = day(record, 58, 63)?;
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        self.sink.statement(Statement {
            account: open.account,
            id: String::new(),
            sequence: open.sequence,
            from: open.from,
            to,
            currency: Some(currency),
            opening: open.opening,
            closing,
            kind: if file.is_separate {
                StatementKind::Intraday
            } else {
                StatementKind::Booked
            },
            covers_until: to.filter(|_| !file.is_separate),
        });
        Ok(())
    }

    fn trailer(&mut self, record: &Record) -> Result<(), Refusal> {
        self.file(record)?;
        if let Some(open) = &self.open {
            return Err(record.refusal(&format!(
                "the file's trailer (record 9) comes before the new balance (record 8) of the \
                 statement of line {}",
                open.line
            )));
        }
        self.file = None;
        Ok(())
    }

    fn hand_over(&mut self, currency: Currency) {
        self.explanations = 0;
        let current = std::mem::replace(&mut self.movement, Current::None);
        if let Current::Booking(booking) | Current::UnknownDetail(booking) = current {
            booking.hand_over(currency, self.sink);
        }
    }

    fn finish(self) -> Result<(), Refusal> {
        let (what, line) = match (&self.open, &self.file) {
            (Some(open), _) => (
                "the statement, before its new balance (record 8)",
                open.line,
            ),
            (None, Some(file)) => ("the file, before its trailer (record 9)", file.line),
            (None, None) => return Ok(()),
        };
        Err(Refusal::new(format!(
            "is cut off: it ends inside {what}, which begins in line {line}; ask the bank for the \
             file again"
        )))
    }
}

/// The number of the statement, else that of the coded statement; both may be zeros.
fn sequence(record: &Record) -> String {
    let numbers = [record.columns(3, 5), record.columns(126, 128)].map(str::trim);
    let is_number = |text: &&&str| is_digits(text) && text.bytes().any(|byte| byte != b'0');
    let [first, _] = numbers;
    (*numbers.iter().find(is_number).unwrap_or(&first)).to_owned()
}

/// The day of a balance.
fn day(record: &Record, first: usize, last: usize) -> Result<Option<NaiveDate>, Refusal> {
    let text = record.field(first, last);
    let column = format!("date of the balance ({first}-{last})");
    optional_day(text, day_ddmmyy, &column, "DDMMYY")
        .map_err(|error| record.refusal(&format!("{column}: {:?} {}", error.value, error.reason)))
}

/// True where an account without a structure is written as a Belgian number: twelve characters, a
/// blank, the currency.
fn is_belgian_number(record: &Record) -> bool {
    let code = record.columns(19, 21);
    record.columns(18, 18) == " "
        && code.len() == 3
        && code.bytes().all(|it| it.is_ascii_alphabetic())
}
