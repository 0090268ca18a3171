//! From fields to entries and statements: what belongs to what, and what may follow what.

use super::ENTRY_BYTES_MAX;
use super::balance::{self, Balance};
use super::german;
use super::information::Information;
use super::open::{Open, Waiting, entry, statement, unfinished};
use super::reader::{Fault, Field, Tag};
use super::transaction::{TAG, transaction};
use crate::domain::Currency;
use crate::domain::statement::StatementSink;

/// The messages of a file, one after the other.
pub(super) struct Message<'s> {
    sink: &'s mut dyn StatementSink,
    current: Option<Open>,
    /// True between the blocks of an MT941 or MT942 and its first field.
    is_intraday: bool,
    statements: u64,
}

impl<'s> Message<'s> {
    pub(super) fn new(sink: &'s mut dyn StatementSink) -> Self {
        Self {
            sink,
            current: None,
            is_intraday: false,
            statements: 0,
        }
    }

    /// True between the beginning of a statement and its closing balance.
    pub(super) fn is_open(&self) -> bool {
        self.current.as_ref().is_some_and(|open| !open.is_closed())
    }

    /// True where a line of `-` can only be the end of a message: not inside a statement, whose
    /// texts may have such lines.
    pub(super) fn may_end(&self) -> bool {
        let current = self.current.as_ref();
        current.is_none_or(|open| open.is_closed() || open.is_intraday)
    }

    /// Takes the second block, which says what the message is: `{2:I942…`.
    pub(super) fn application(&mut self, blocks: &str) {
        let is = |message: &str| blocks.contains(message);
        if is("{2:") {
            let kinds = ["{2:I941", "{2:O941", "{2:I942", "{2:O942"];
            self.is_intraday = kinds.into_iter().any(is);
        }
    }

    /// Nothing follows in a message. Banks may leave out the sums of a report during the day, and
    /// its end mark too; a statement needs its closing balance all the same.
    pub(super) fn end_report(&mut self) {
        if let Some(open) = self.current.as_mut().filter(|open| open.is_intraday) {
            open.is_complete = true;
        }
    }

    /// The end mark of a message.
    pub(super) fn end_mark(&mut self) {
        if let Some(open) = &mut self.current {
            open.is_complete = true;
        }
    }

    /// A new message begins: the one before it must have ended.
    pub(super) fn expect_end(&mut self, line: u32) -> Result<(), Fault> {
        match &self.current {
            Some(open) if !open.is_closed() => Err(unfinished(open, line)),
            _ => Ok(()),
        }
    }

    /// The end of the file.
    pub(super) fn finish(&mut self, line: u32) -> Result<(), Fault> {
        self.end_statement(line)?;
        if self.statements == 0 {
            return Err(Fault::new(
                line.max(1),
                "holds no statement, or only a piece of one; expected the fields :25:, :60F: and \
                 :62F:",
            ));
        }
        Ok(())
    }

    /// Takes a field that has ended.
    pub(super) fn take(&mut self, field: &Field) -> Result<(), Fault> {
        match field.tag {
            Tag::Reference => self.begin(field.line),
            Tag::Account => self.account(field),
            Tag::Number => {
                let open = self.heading(field.line)?;
                first_line(field).trim().clone_into(&mut open.number);
                Ok(())
            }
            Tag::Opening(is_page) => self.opening(field, is_page),
            Tag::Closing(is_page) => self.closing(field, is_page),
            Tag::Transaction => self.transaction(field),
            Tag::Information => self.information(field, Information::of(&field.lines)),
            Tag::NonSwift => self.information(field, german::non_swift(&field.lines)),
            Tag::Floor | Tag::Sums | Tag::Hour => self.intraday(field),
            Tag::Other => Ok(()),
        }
    }

    fn begin(&mut self, line: u32) -> Result<(), Fault> {
        self.end_report();
        self.end_statement(line)?;
        self.current = Some(Open {
            line,
            is_intraday: std::mem::take(&mut self.is_intraday),
            ..Open::default()
        });
        Ok(())
    }

    /// The statement that a field of its heading belongs to; after a closing balance a new one.
    fn heading(&mut self, line: u32) -> Result<&mut Open, Fault> {
        if self.current.as_ref().is_none_or(Open::is_closed) {
            self.begin(line)?;
        }
        Ok(self.current.get_or_insert_default())
    }

    fn account(&mut self, field: &Field) -> Result<(), Fault> {
        let open = self.heading(field.line)?;
        if !open.account.is_empty() {
            return Err(Fault::new(
                field.line,
                format!(
                    "has a second account ({:?}) in the statement that begins on line {}; \
                     expected :62F: before it",
                    field.quoted(),
                    open.line
                ),
            ));
        }
        first_line(field).trim().clone_into(&mut open.account);
        Ok(())
    }

    fn opening(&mut self, field: &Field, is_page: bool) -> Result<(), Fault> {
        let open = self.heading(field.line)?;
        if open.opening.is_some() {
            return Err(Fault::new(
                field.line,
                format!(
                    "has a second opening balance in the statement that begins on line {}; \
                     expected :62F: before it",
                    open.line
                ),
            ));
        }
        open.opening = Some(read_balance(field, None)?);
        open.is_page |= is_page;
        Ok(())
    }

    fn closing(&mut self, field: &Field, is_page: bool) -> Result<(), Fault> {
        self.end_entry();
        let Some(open) = self.current.as_mut() else {
            return Err(orphan(field));
        };
        if open.closing.is_some() {
            return Err(orphan(field));
        }
        let balance = read_balance(field, open.currency())?;
        if let Some(currency) = open.currency().filter(|own| *own != balance.currency) {
            return Err(Fault::new(
                field.line,
                format!(
                    "closes a statement in {} that began in {currency}",
                    balance.currency
                ),
            ));
        }
        open.closing = Some(balance);
        open.is_page |= is_page;
        Ok(())
    }

    fn transaction(&mut self, field: &Field) -> Result<(), Fault> {
        self.end_entry();
        // A line after the closing balance is counted with its statement, which then does not
        // add up: that is reported, and nothing is lost.
        let Some(open) = self.current.as_mut() else {
            return Err(orphan(field));
        };
        let Some(currency) = open.currency() else {
            return Err(Fault::new(
                field.line,
                "has a statement line before the opening balance (:60F:), so in no currency",
            ));
        };
        match transaction(&field.lines, currency) {
            Ok(transaction) => {
                open.entry = Some(Waiting {
                    line: field.line,
                    transaction,
                    currency,
                    information: Information::default(),
                    bytes: 0,
                });
            }
            Err(error) => {
                let raw = format!("{TAG}{}", field.lines.join("\n"));
                self.sink.rejected(error.at(field.line, &raw));
            }
        }
        Ok(())
    }

    /// Text after a statement line is that entry's; before the first and after the closing
    /// balance it is about the statement.
    fn information(&mut self, field: &Field, information: Information) -> Result<(), Fault> {
        let entry = self.current.as_mut().and_then(|open| open.entry.as_mut());
        let Some(entry) = entry else {
            return Ok(());
        };
        let bytes = field.lines.iter().map(String::len).sum();
        entry.bytes = entry.bytes.saturating_add(bytes);
        if entry.bytes > ENTRY_BYTES_MAX {
            return Err(Fault::new(
                field.line,
                format!("has an entry with more than {ENTRY_BYTES_MAX} bytes of text, the limit"),
            ));
        }
        entry.information.add(information);
        Ok(())
    }

    fn intraday(&mut self, field: &Field) -> Result<(), Fault> {
        self.end_entry();
        let Some(open) = self.current.as_mut() else {
            return Err(orphan(field));
        };
        open.is_intraday = true;
        let value = first_line(field);
        // `EURD0,00` on the one, `2EUR12,50` on the other.
        let code = value.trim_start_matches(|c: char| c.is_ascii_digit());
        let code = code.get(..3).filter(|_| field.tag != Tag::Hour);
        open.currency = open.currency.or_else(|| code.and_then(Currency::parse));
        open.is_complete |= field.tag == Tag::Sums;
        Ok(())
    }

    /// Hands over the entry that waits.
    fn end_entry(&mut self) {
        let Some(open) = self.current.as_mut() else {
            return;
        };
        let Some(waiting) = open.entry.take() else {
            return;
        };
        if !waiting.transaction.is_booked {
            return;
        }
        let day = waiting.transaction.booked_on;
        let (first, last) = open.days.unwrap_or((day, day));
        open.days = Some((first.min(day), last.max(day)));
        self.sink.entry(entry(waiting));
    }

    /// Hands over the statement that was read, or says what it lacks; `line` is where it was
    /// noticed.
    fn end_statement(&mut self, line: u32) -> Result<(), Fault> {
        self.end_entry();
        let Some(open) = self.current.take() else {
            return Ok(());
        };
        if !open.is_closed() {
            return Err(unfinished(&open, line));
        }
        let statement = statement(&open)?;
        self.statements = self.statements.saturating_add(1);
        self.sink.statement(statement);
        Ok(())
    }
}

fn first_line(field: &Field) -> &str {
    field.lines.first().map_or("", String::as_str)
}

fn read_balance(field: &Field, currency: Option<Currency>) -> Result<Balance, Fault> {
    balance::balance(first_line(field), field.is_whole, currency).map_err(|problem| {
        let what = format!("has the balance {:?}, which {problem}", field.quoted());
        Fault::new(field.line, what)
    })
}

fn orphan(field: &Field) -> Fault {
    Fault::new(
        field.line,
        format!(
            "has {:?} outside any statement; expected :20:, :25: and :60F: before it",
            field.quoted()
        ),
    )
}
