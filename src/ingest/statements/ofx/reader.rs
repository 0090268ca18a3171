//! Follows the elements that matter, and hands over entries and statements.

use std::io::BufRead;

use super::DEPTH_MAX;
use super::entry::{Values, amount, day, tidy};
use super::tokens::{Token, Tokens};
use crate::domain::Currency;
use crate::domain::file::bounded;
use crate::domain::statement::{Statement, StatementKind, StatementSink};
use crate::ingest::Refusal;

/// Bytes of a value from the file that a message may repeat.
const QUOTED_BYTES_MAX: usize = 60;

/// Reads the statements of an OFX file, given as UTF-8, and hands them to `sink`.
///
/// `line` of an entry and of a rejected row is the number of its `STMTTRN` in the file, from 1: a
/// file may be one line.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing: no OFX, no bank
/// statement in it, an error answer, a statement without account, a closing balance that cannot
/// be read, an element that is not closed, a document type, or beyond a limit.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn StatementSink) -> Result<(), Refusal> {
    let mut tokens = Tokens::new(input);
    let mut walk = Walk::new(sink);
    while let Some(token) = tokens.next()? {
        walk.take(token).map_err(|fault| tokens.refusal(fault))?;
    }
    walk.finish().map_err(|fault| tokens.refusal(fault))
}

/// An element that has others in it and matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregate {
    Ofx,
    /// `STMTRS`, `CCSTMTRS`
    Statement,
    /// `BANKACCTFROM`, `CCACCTFROM`
    Account,
    /// `BANKTRANLIST`
    List,
    /// `STMTTRN`
    Entry,
    /// `CURRENCY`: the amount is in another one than the account's.
    Currency,
    /// `LEDGERBAL`
    Balance,
    /// `STATUS`
    Status,
    /// What has elements of the same names but says nothing of booked entries: the partner's
    /// account, the amount before conversion, other balances, pending entries.
    Aside,
}

impl Aggregate {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "OFX" => Self::Ofx,
            "STMTRS" | "CCSTMTRS" => Self::Statement,
            "BANKACCTFROM" | "CCACCTFROM" => Self::Account,
            "BANKTRANLIST" => Self::List,
            "STMTTRN" => Self::Entry,
            "CURRENCY" => Self::Currency,
            "LEDGERBAL" => Self::Balance,
            "STATUS" => Self::Status,
            "BANKACCTTO" | "CCACCTTO" | "ORIGCURRENCY" | "AVAILBAL" | "BAL" | "BANKTRANLISTP"
            | "STMTTRNP" | "INVSTMTRS" | "IMAGEDATA" => Self::Aside,
            _ => return None,
        })
    }

    /// True when a file without its end tag is a cut one. Banks forget that of the list.
    fn must_close(self) -> bool {
        matches!(self, Self::Ofx | Self::Statement | Self::Entry)
    }
}

/// The statement that is being read, as written.
#[derive(Debug, Default)]
struct Heading {
    currency: String,
    account: String,
    first_day: String,
    last_day: String,
    balance: String,
    balance_day: String,
}

/// The answer that is being read.
#[derive(Debug, Default)]
struct Status {
    code: String,
    severity: String,
    message: String,
}

struct Walk<'s> {
    sink: &'s mut dyn StatementSink,
    /// The open elements that matter, with their names.
    open: Vec<(Aggregate, String)>,
    /// The element whose value is being read.
    leaf: Option<String>,
    value: String,
    heading: Heading,
    entry: Values,
    status: Status,
    entries: u32,
    statements: u32,
    any_ofx: bool,
    /// The first element of a message that holds something else than bank statements.
    other: Option<String>,
}

impl<'s> Walk<'s> {
    fn new(sink: &'s mut dyn StatementSink) -> Self {
        Self {
            sink,
            open: Vec::new(),
            leaf: None,
            value: String::new(),
            heading: Heading::default(),
            entry: Values::default(),
            status: Status::default(),
            entries: 0,
            statements: 0,
            any_ofx: false,
            other: None,
        }
    }

    fn take(&mut self, token: Token) -> Result<(), String> {
        match token {
            Token::Text(text) => {
                if self.leaf.is_some() {
                    self.entry.keep_raw(text.trim());
                    self.value.push_str(&text);
                }
                Ok(())
            }
            Token::Start(name) => {
                self.end_value();
                self.entry.keep_raw(&format!("<{name}>"));
                self.start(name)
            }
            Token::End(name) => {
                self.end_value();
                match Aggregate::of(&name) {
                    Some(aggregate) => self.end(aggregate, &name),
                    None => Ok(()),
                }
            }
        }
    }

    fn is_inside(&self, aggregate: Aggregate) -> bool {
        self.open.iter().any(|(open, _)| *open == aggregate)
    }

    fn start(&mut self, name: String) -> Result<(), String> {
        let Some(aggregate) = Aggregate::of(&name) else {
            if name.ends_with("STMTRS") || name.ends_with("MSGSRSV1") {
                self.other.get_or_insert_with(|| name.clone());
            }
            self.leaf = Some(name);
            return Ok(());
        };
        if self.open.len() >= DEPTH_MAX {
            return Err(format!(
                "nests elements deeper than {DEPTH_MAX} levels, the limit"
            ));
        }
        if aggregate.must_close() && self.is_inside(aggregate) {
            return Err(format!(
                "is damaged: <{name}> begins inside another one, which nothing has closed"
            ));
        }
        match aggregate {
            Aggregate::Ofx => self.any_ofx = true,
            Aggregate::Statement => self.heading = Heading::default(),
            Aggregate::Entry => {
                self.entries = self.entries.saturating_add(u32::from(self.is_booked()));
                self.entry = Values::default();
                self.entry.keep_raw("<STMTTRN>");
            }
            Aggregate::Status => self.status = Status::default(),
            Aggregate::Aside if name == "INVSTMTRS" => self.other = Some(name.clone()),
            Aggregate::Account
            | Aggregate::List
            | Aggregate::Currency
            | Aggregate::Balance
            | Aggregate::Aside => {}
        }
        self.open.push((aggregate, name));
        Ok(())
    }

    /// True inside a statement, but not among what it says aside.
    fn is_booked(&self) -> bool {
        self.is_inside(Aggregate::Statement) && !self.is_inside(Aggregate::Aside)
    }

    fn end_value(&mut self) {
        let Some(name) = self.leaf.take() else {
            return;
        };
        let value = std::mem::take(&mut self.value);
        let place = self.open.last().map(|(open, _)| *open);
        if place == Some(Aggregate::Status) {
            self.status.take(&name, &value);
        } else if !self.is_booked() {
            // Of the sign-on, of investments or of pending entries.
        } else if self.is_inside(Aggregate::Entry) {
            self.entry.take(&name, &value);
        } else {
            self.heading.take(place, &name, &value);
        }
    }

    fn end(&mut self, aggregate: Aggregate, name: &str) -> Result<(), String> {
        // Of those that say little the end tag may be missing.
        let at = self.open.iter().rposition(|(_, open)| open == name);
        let Some(at) = at else {
            return Err(format!("is damaged: </{name}> closes nothing"));
        };
        let inner = self.open.get(at.saturating_add(1)..).unwrap_or_default();
        if let Some((_, unclosed)) = inner.iter().find(|(inner, _)| inner.must_close()) {
            return Err(format!(
                "is damaged: </{name}> stands where </{unclosed}> is missing"
            ));
        }
        match aggregate {
            Aggregate::Entry if self.is_booked() => self.end_entry(),
            Aggregate::Statement if self.is_booked() => self.end_statement()?,
            Aggregate::Status => self.status.check()?,
            Aggregate::Ofx
            | Aggregate::Statement
            | Aggregate::Account
            | Aggregate::List
            | Aggregate::Entry
            | Aggregate::Currency
            | Aggregate::Balance
            | Aggregate::Aside => {}
        }
        self.open.truncate(at);
        Ok(())
    }

    fn end_entry(&mut self) {
        let mut values = std::mem::take(&mut self.entry);
        let raw = std::mem::take(&mut values.raw);
        let currency = Currency::parse(&self.heading.currency);
        match values.entry(self.entries, currency) {
            Ok(entry) => self.sink.entry(entry),
            Err(error) => self
                .sink
                .rejected(error.at(self.entries, &format!("{raw}</STMTTRN>"))),
        }
    }

    fn end_statement(&mut self) -> Result<(), String> {
        let heading = std::mem::take(&mut self.heading);
        let account: String = heading.account.split_whitespace().collect();
        if account.is_empty() {
            return Err("has a statement that names no account; expected ACCTID".to_owned());
        }
        let currency = match heading.currency.as_str() {
            "" => None,
            code => Some(Currency::parse(code).ok_or_else(|| {
                format!("has a statement in {code:?}; expected a currency of three letters")
            })?),
        };
        let closing = match (currency, heading.balance.as_str()) {
            (None, _) | (_, "") => None,
            (Some(currency), text) => Some(amount(text, currency).map_err(|problem| {
                let text = bounded(text, QUOTED_BYTES_MAX);
                format!("has the balance {text:?} that {problem}")
            })?),
        };
        self.statements = self.statements.saturating_add(1);
        let to = day(&heading.last_day);
        self.sink.statement(Statement {
            account,
            id: String::new(),
            sequence: String::new(),
            from: day(&heading.first_day),
            to,
            currency,
            opening: None,
            closing,
            kind: StatementKind::Export,
            // Without a balance of a day nothing says that the list is whole.
            covers_until: day(&heading.balance_day).map(|day| to.unwrap_or(day)),
        });
        Ok(())
    }

    /// The end of the file.
    fn finish(&mut self) -> Result<(), String> {
        self.end_value();
        if let Some((_, name)) = self.open.last() {
            return Err(format!("is cut off: it ends inside <{name}>"));
        }
        if !self.any_ofx {
            return Err("is no OFX: it has no element <OFX>".to_owned());
        }
        if self.statements == 0 {
            let found = match &self.other {
                Some(name) => format!(" but {name}"),
                None => String::new(),
            };
            return Err(format!(
                "holds no account statement (STMTRS or CCSTMTRS){found}: nothing to reconcile"
            ));
        }
        Ok(())
    }
}

impl Heading {
    fn take(&mut self, inside: Option<Aggregate>, element: &str, value: &str) {
        let place = match (inside, element) {
            (Some(Aggregate::Statement), "CURDEF") => &mut self.currency,
            (Some(Aggregate::Account), "ACCTID") => &mut self.account,
            (Some(Aggregate::List), "DTSTART") => &mut self.first_day,
            (Some(Aggregate::List), "DTEND") => &mut self.last_day,
            (Some(Aggregate::Balance), "BALAMT") => &mut self.balance,
            (Some(Aggregate::Balance), "DTASOF") => &mut self.balance_day,
            _ => return,
        };
        if place.is_empty() {
            *place = tidy(value);
        }
    }
}

impl Status {
    fn take(&mut self, element: &str, value: &str) {
        let place = match element {
            "CODE" => &mut self.code,
            "SEVERITY" => &mut self.severity,
            "MESSAGE" => &mut self.message,
            _ => return,
        };
        *place = bounded(&tidy(value), QUOTED_BYTES_MAX);
    }

    /// An error answer is no empty statement.
    fn check(&self) -> Result<(), String> {
        if !self.severity.eq_ignore_ascii_case("ERROR") {
            return Ok(());
        }
        Err(format!(
            "is an error answer of the bank: status {} ({})",
            self.code, self.message
        ))
    }
}
