//! Walks the events of the XML and fills the records.

use quick_xml::XmlVersion;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::BufRead;

use super::entry::{Booked, booked};
use super::record::Record;
use super::reversals::Reversals;
use super::schema::{Field, Node};
use super::source::Source;
use super::statement::Heading;
use super::{DEPTH_MAX, Fault, MARKUP_BYTES_MAX};
use crate::domain::file::bounded;
use crate::domain::statement::StatementSink;
use crate::ingest::Refusal;

/// Bytes of a name or reference from the file that a message may repeat.
const QUOTED_BYTES_MAX: usize = 60;

/// Reads one camt message, and hands what it finds to `sink`.
///
/// Entries are handed over as they are read, their statement after them. `line` of an entry and
/// of a rejected row is the number of the `Ntry` in the file, from 1, pending ones included; the
/// details of a batch share it.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing: not XML, cut off, a
/// document type, an entity of its own, no statement, a statement without account, a balance
/// that cannot be read, or beyond a limit.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn StatementSink) -> Result<(), Refusal> {
    let mut xml = quick_xml::Reader::from_reader(Source::open(input)?);
    let mut walk = Walk::new(sink);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        xml.get_mut().allow(MARKUP_BYTES_MAX);
        let event = match xml.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => return Err(xml.get_ref().refusal(&walk.damage(&error))),
        };
        if let Err(fault) = walk.take(&event, xml.get_mut()) {
            return Err(xml.get_ref().refusal(&fault));
        }
    }
    walk.finish().map_err(|fault| xml.get_ref().refusal(&fault))
}

/// Which record a value belongs to.
#[derive(Clone, Copy, Debug)]
enum Scope {
    Message,
    Statement,
    Balance,
    Entry,
}

/// A walk through the messages of a file, of which there is usually one.
struct Walk<'s> {
    sink: &'s mut dyn StatementSink,
    /// The open elements, the root first.
    open: Vec<Node>,
    /// Local name of the root, once it was seen.
    root: Option<String>,
    scope: Scope,
    heading: Heading,
    entry: Record,
    reversals: Reversals,
    /// Whether a balance that is not exact was told: once a file, since it has no line of its own.
    told_balance: bool,
    entries: u32,
    messages: u32,
    statements: u32,
}

impl<'s> Walk<'s> {
    fn new(sink: &'s mut dyn StatementSink) -> Self {
        Self {
            sink,
            open: Vec::with_capacity(DEPTH_MAX),
            root: None,
            scope: Scope::Message,
            heading: Heading::new(),
            entry: Record::default(),
            reversals: Reversals::default(),
            told_balance: false,
            entries: 0,
            messages: 0,
            statements: 0,
        }
    }

    fn take(&mut self, event: &Event<'_>, source: &mut Source<'_>) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => self.start(tag, source),
            Event::End(_) => self.end(source),
            Event::Empty(tag) => {
                self.start(tag, source)?;
                self.end(source)
            }
            Event::Text(text) => self.text(text),
            Event::CData(text) => self.text(text),
            Event::GeneralRef(reference) => self.reference(reference),
            Event::DocType(_) => Err(Fault::new(
                "has a document type (<!DOCTYPE>), which no bank statement needs and which may \
                 pull in other files",
            )),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, source: &mut Source<'_>) -> Result<(), Fault> {
        let name = tag.local_name().into_inner();
        let parent = match (self.open.last(), &self.root) {
            (Some(parent), _) => *parent,
            (None, None) => {
                self.root = Some(bounded(name, QUOTED_BYTES_MAX));
                Node::Envelope
            }
            (None, Some(root)) => {
                return Err(Fault::new(format!(
                    "goes on after the end of its root <{root}>; expected one XML document"
                )));
            }
        };
        if self.open.len() >= DEPTH_MAX {
            return Err(Fault::new(format!(
                "nests elements deeper than {DEPTH_MAX} levels, the limit"
            )));
        }
        let node = parent.child(name);
        self.open.push(node);
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all other elements only lead on to these"
        )]
        match node {
            Node::Message(kind) => {
                self.messages = self.messages.saturating_add(1);
                self.heading.begin_message(kind);
                self.scope = Scope::Message;
            }
            Node::Statement => {
                self.statements = self.statements.saturating_add(1);
                self.heading.begin_statement();
                self.reversals = Reversals::default();
                self.scope = Scope::Statement;
            }
            Node::Balance => {
                self.heading.balance.clear();
                self.scope = Scope::Balance;
            }
            Node::Entry => {
                self.entries = self.entries.saturating_add(1);
                self.entry.clear();
                self.scope = Scope::Entry;
                source.record(tag);
            }
            Node::Detail => self.entry.begin_detail()?,
            Node::Value(field) => self.begin_value(field, tag)?,
            _ => {}
        }
        Ok(())
    }

    fn begin_value(&mut self, field: Field, tag: &BytesStart<'_>) -> Result<(), Fault> {
        let record = self.record();
        if !field.is_amount() {
            record.begin_value("");
            return Ok(());
        }
        let damaged = |problem: String| Fault::new(format!("is not well-formed XML: {problem}"));
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| damaged(error.to_string()))?;
            if attribute.key.local_name().into_inner() == "Ccy" {
                let currency = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| damaged(error.to_string()))?;
                record.begin_value(bounded(currency.trim(), QUOTED_BYTES_MAX).as_str());
                return Ok(());
            }
        }
        record.begin_value("");
        Ok(())
    }

    fn end(&mut self, source: &mut Source<'_>) -> Result<(), Fault> {
        match self.open.pop() {
            Some(Node::Value(field)) => self.record().end_value(field)?,
            Some(Node::Detail) => self.entry.end_detail(),
            Some(Node::Entry) => {
                source.stop_recording();
                self.end_entry(source);
                self.scope = Scope::Statement;
            }
            Some(Node::Balance) => {
                let inexact = self.heading.end_balance()?;
                if let Some(error) = inexact.filter(|_| !self.told_balance) {
                    self.told_balance = true;
                    self.sink.rejected(error.at(0, ""));
                }
                self.scope = Scope::Statement;
            }
            Some(Node::Statement) => {
                let statement = self.heading.statement()?;
                for entry in self.reversals.settle(&statement) {
                    self.sink.entry(entry);
                }
                self.sink.statement(statement);
                self.scope = Scope::Message;
            }
            _ => {}
        }
        Ok(())
    }

    /// Hands over the entry that was read; reversals wait for the end of their statement.
    fn end_entry(&mut self, source: &Source<'_>) {
        match booked(&self.entry, self.entries, &self.heading) {
            Ok(Booked::Nothing) => {}
            Ok(Booked::Entries(entries)) => {
                for entry in entries {
                    self.reversals.pass(&entry);
                    self.sink.entry(entry);
                }
            }
            Ok(Booked::Reversal(reversal)) => self.reversals.hold(reversal),
            Err(error) => {
                self.reversals.lose();
                self.sink.rejected(error.at(self.entries, &source.raw()));
            }
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        match self.open.last() {
            Some(Node::Value(_)) => self.record().push(text),
            Some(_) => Ok(()),
            // Host transfers leave a Ctrl-Z at the end.
            None if text
                .trim_matches([' ', '\t', '\r', '\n', '\u{1a}'])
                .is_empty() =>
            {
                Ok(())
            }
            None => Err(Fault::new(format!(
                "is not XML: it has the text {:?} outside its root element",
                bounded(text.trim(), QUOTED_BYTES_MAX)
            ))),
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Fault> {
        let name: &str = reference;
        if let Some(text) = quick_xml::escape::resolve_predefined_entity(name) {
            return self.text(text);
        }
        match reference.resolve_char_ref() {
            Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
            Ok(None) | Err(_) => Err(Fault::new(format!(
                "uses the entity &{};, which XML does not define by itself",
                bounded(name, QUOTED_BYTES_MAX)
            ))),
        }
    }

    fn record(&mut self) -> &mut Record {
        match self.scope {
            Scope::Message => &mut self.heading.message,
            Scope::Statement => &mut self.heading.own,
            Scope::Balance => &mut self.heading.balance,
            Scope::Entry => &mut self.entry,
        }
    }

    /// What an error of the XML reader means.
    fn damage(&self, error: &Error) -> Fault {
        match error {
            Error::Io(error) => Fault::new(format!("could not be read ({error})")),
            Error::Syntax(error) => Fault::new(format!(
                "is cut off or damaged inside {}: {error}",
                self.place()
            )),
            Error::IllFormed(IllFormedError::UnclosedReference) => Fault::new(format!(
                "is not well-formed XML: a bare & inside {}; expected &amp;",
                self.place()
            )),
            Error::IllFormed(error) => Fault::new(format!("is not well-formed XML: {error}")),
            Error::InvalidAttr(_) | Error::Encoding(_) | Error::Escape(_) | Error::Namespace(_) => {
                Fault::new(format!("is not well-formed XML: {error}"))
            }
        }
    }

    /// The innermost part of the message that is open, in words.
    fn place(&self) -> String {
        if self.open.contains(&Node::Entry) {
            format!("<Ntry> number {}", self.entries)
        } else if self.open.contains(&Node::Statement) {
            format!("statement number {}", self.statements)
        } else if let Some(root) = &self.root {
            format!("<{root}>")
        } else {
            "the beginning".to_owned()
        }
    }

    /// The end of the file: all elements must be closed, and there must have been a statement.
    fn finish(&self) -> Result<(), Fault> {
        let Some(root) = &self.root else {
            return Err(Fault::new("is not XML: it has no element"));
        };
        if !self.open.is_empty() {
            return Err(Fault::new(format!(
                "is cut off: the XML ends inside {}",
                self.place()
            )));
        }
        if self.messages == 0 {
            return Err(Fault::new(format!(
                "is no account statement: its root <{root}> holds no camt.052, camt.053 or \
                 camt.054 message"
            )));
        }
        if self.statements == 0 {
            return Err(Fault::new(
                "holds a camt message without any statement; expected Stmt, Rpt or Ntfctn",
            ));
        }
        Ok(())
    }
}
