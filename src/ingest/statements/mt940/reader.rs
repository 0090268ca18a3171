//! Walks the lines, finds the fields, and hands over entries and statements.

use std::io::BufRead;

use super::FIELD_BYTES_MAX;
use super::lines::{Line, Lines};
use super::statement::Message;
use crate::domain::file::bounded;
use crate::domain::statement::StatementSink;
use crate::ingest::Refusal;

/// Bytes of the file that a message may repeat.
const QUOTED_BYTES_MAX: usize = 60;

/// Reads the statements of an MT940 or MT942 file, given as UTF-8, and hands them to `sink`.
///
/// `line` of an entry and of a rejected row is the line of its `:61:`.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing: no statement, one
/// without account, opening or closing balance (the file is cut), a balance that cannot be read,
/// a message that its block does not end, or beyond a limit.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn StatementSink) -> Result<(), Refusal> {
    let mut lines = Lines::new(input)?;
    let mut reader = Reader::new(sink);
    let mut last = 0;
    while let Some(line) = lines.next()? {
        reader.take(line).map_err(|fault| fault.refusal())?;
        last = line.number;
    }
    let is_ended = lines.is_ended();
    reader
        .finish(last, is_ended)
        .map_err(|fault| fault.refusal())
}

/// What makes the whole file unreadable, and where.
#[derive(Debug)]
pub(super) struct Fault {
    line: u32,
    what: String,
}

impl Fault {
    pub(super) fn new(line: u32, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
        }
    }

    fn refusal(&self) -> Refusal {
        Refusal::new(format!(
            "{} (line {}); ask the bank for the file again",
            self.what, self.line
        ))
    }
}

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// `:20:`
    Reference,
    /// `:25:`
    Account,
    /// `:28:`, `:28C:`
    Number,
    /// `:60F:`, or `:60M:` with true
    Opening(bool),
    /// `:61:`
    Transaction,
    /// `:86:`
    Information,
    /// `:NS:`
    NonSwift,
    /// `:62F:`, or `:62M:` with true
    Closing(bool),
    /// `:34F:`: from which amount on MT942 reports
    Floor,
    /// `:90C:`, `:90D:`: the sums of MT942
    Sums,
    /// `:13:`, `:13D:`: the hour of MT942
    Hour,
    /// `:21:`, `:64:`, `:65:` and what else is of no use
    Other,
}

impl Tag {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "20" => Self::Reference,
            "25" | "25P" => Self::Account,
            "28" | "28C" => Self::Number,
            "60" | "60F" => Self::Opening(false),
            "60M" => Self::Opening(true),
            "61" => Self::Transaction,
            "86" => Self::Information,
            "NS" => Self::NonSwift,
            "62" | "62F" => Self::Closing(false),
            "62M" => Self::Closing(true),
            "34F" => Self::Floor,
            "90C" | "90D" => Self::Sums,
            "13" | "13D" => Self::Hour,
            "21" | "64" | "65" | "940" | "942" => Self::Other,
            _ => return None,
        })
    }

    /// True for the fields of several lines.
    fn has_lines(self) -> bool {
        matches!(self, Self::Transaction | Self::Information | Self::NonSwift)
    }

    /// True for the tags that hours and minutes of a text may look like.
    fn may_be_clock(self) -> bool {
        matches!(
            self,
            Self::Reference | Self::Account | Self::Number | Self::Hour | Self::Other
        )
    }
}

/// A field as it stands in the file.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) tag: Tag,
    /// The line of its tag.
    pub(super) line: u32,
    pub(super) lines: Vec<String>,
    /// False when the file ends inside its first line.
    pub(super) is_whole: bool,
    bytes: usize,
}

impl Field {
    /// The field as text, for messages.
    pub(super) fn quoted(&self) -> String {
        bounded(&self.lines.join(" "), QUOTED_BYTES_MAX)
    }
}

struct Reader<'s> {
    message: Message<'s>,
    field: Option<Field>,
    /// A line that may end inside a tag, with its number.
    held: Option<(u32, String)>,
    /// The line of the blocks of a message that no `-}` has ended yet.
    open_block: Option<u32>,
}

impl<'s> Reader<'s> {
    fn new(sink: &'s mut dyn StatementSink) -> Self {
        Self {
            message: Message::new(sink),
            field: None,
            held: None,
            open_block: None,
        }
    }

    /// Takes a line, once the next one shows whether a tag goes on in it: banks that wrap lines
    /// anywhere wrap tags too (`:` + `86:`, `:6` + `1:`).
    fn take(&mut self, line: Line<'_>) -> Result<(), Fault> {
        if let Some((number, held)) = self.held.take() {
            let piece = tag_piece(&held).unwrap_or_default();
            let before = held.strip_suffix(piece).unwrap_or_default();
            let joined = format!("{piece}{}", line.text);
            if before.trim().is_empty() && tag_piece(&joined) == Some(joined.as_str()) {
                self.held = Some((number, joined));
                return Ok(());
            }
            self.line(Line {
                number,
                text: before,
                is_whole: true,
            })?;
            if self.goes_on(before, &joined) {
                return self.take(Line {
                    number,
                    text: &joined,
                    ..line
                });
            }
            self.rest_of(number, before, piece)?;
        }
        if line.is_whole && tag_piece(line.text).is_some() {
            self.held = Some((line.number, line.text.to_owned()));
            return Ok(());
        }
        self.line(line)
    }

    /// Whether two pieces are a tag. On a line of its own any known tag is; behind other text only
    /// what cannot be chance: the text of the statement line that is open, or a statement line.
    fn goes_on(&self, before: &str, joined: &str) -> bool {
        let Some((tag, value)) = self.tag(joined) else {
            return false;
        };
        let in_transaction = matches!(&self.field, Some(field) if field.tag == Tag::Transaction);
        before.trim().is_empty()
            || (tag == Tag::Information && in_transaction)
            || (tag == Tag::Transaction && begins_statement_line(value))
    }

    /// Gives the last line the piece back that was no tag.
    fn rest_of(&mut self, number: u32, before: &str, piece: &str) -> Result<(), Fault> {
        if before.trim().is_empty() {
            return self.line(Line {
                number,
                text: piece,
                is_whole: true,
            });
        }
        if let Some(last) = self.field.as_mut().and_then(|field| field.lines.last_mut()) {
            last.push_str(piece);
        }
        Ok(())
    }

    fn line(&mut self, line: Line<'_>) -> Result<(), Fault> {
        let Line {
            number,
            text: line,
            is_whole,
        } = line;
        let same = |text| Line {
            number,
            text,
            is_whole,
        };
        if line.trim().is_empty() {
            return Ok(());
        }
        // The end of one message and the blocks of the next may share a line.
        if let Some(rest) = line.strip_prefix("-}") {
            self.end_block()?;
            return self.line(same(rest));
        }
        if is_block(line) {
            return self.block(same(line));
        }
        if let Some((tag, value)) = self.tag(line) {
            self.end_field()?;
            let field = Field {
                tag,
                line: number,
                lines: vec![value.to_owned()],
                is_whole,
                bytes: value.len(),
            };
            // All others are one line, and what stands below them is not theirs.
            if tag.has_lines() {
                self.field = Some(field);
                return Ok(());
            }
            return self.message.take(&field);
        }
        if line.starts_with('-') && self.message.may_end() {
            return self.end_block();
        }
        let Some(field) = &mut self.field else {
            // What a bank writes before the first tag or after the end is not ours.
            return Ok(());
        };
        field.bytes = field.bytes.saturating_add(line.len());
        if field.bytes > FIELD_BYTES_MAX {
            return Err(Fault::new(
                field.line,
                format!("has a field of more than {FIELD_BYTES_MAX} bytes, the limit"),
            ));
        }
        field.lines.push(line.to_owned());
        Ok(())
    }

    /// The tag at the beginning of a line, and the value behind it. A time that was wrapped at
    /// its colon (`:12:11`) looks like a tag inside the text of an entry.
    fn tag<'l>(&self, line: &'l str) -> Option<(Tag, &'l str)> {
        let (name, value) = line.strip_prefix(':')?.split_once(':')?;
        let tag = Tag::of(name)?;
        let is_text = self.field.is_some()
            && self.message.is_open()
            && tag.may_be_clock()
            && matches!(value.as_bytes(), [a, b, rest @ ..]
                if a.is_ascii_digit() && b.is_ascii_digit()
                    && !rest.first().is_some_and(u8::is_ascii_alphanumeric));
        (!is_text).then_some((tag, value))
    }

    /// A line of blocks: `{1:…}{2:…}{4:`, behind which a field may begin.
    fn block(&mut self, line: Line<'_>) -> Result<(), Fault> {
        self.end_field()?;
        let content = line.text.split_once("{4:").map(|(_, content)| content);
        if line.text.starts_with("{1:") || content.is_some() {
            self.message.expect_end(line.number)?;
            self.open_block = Some(line.number);
        }
        self.message.application(line.text);
        match content {
            Some(text) => self.line(Line { text, ..line }),
            None => Ok(()),
        }
    }

    fn end_block(&mut self) -> Result<(), Fault> {
        self.end_field()?;
        self.open_block = None;
        self.message.end_mark();
        Ok(())
    }

    fn end_field(&mut self) -> Result<(), Fault> {
        match self.field.take() {
            Some(field) => self.message.take(&field),
            None => Ok(()),
        }
    }

    /// The end of the file, which `is_ended` unless it ended inside a line.
    fn finish(mut self, last: u32, is_ended: bool) -> Result<(), Fault> {
        if let Some((number, text)) = self.held.take() {
            self.line(Line {
                number,
                text: &text,
                is_whole: true,
            })?;
        }
        self.end_field()?;
        if is_ended {
            self.message.end_report();
        }
        self.message.finish(last)?;
        match self.open_block {
            Some(line) => Err(Fault::new(
                line,
                "is cut off: no -} ends its last message, whose block {1: or {4: begins",
            )),
            None => Ok(()),
        }
    }
}

/// What a line ends with that may be the beginning of a tag: its colon and up to two digits.
fn tag_piece(line: &str) -> Option<&str> {
    let (at, _) = line.char_indices().rev().take(3).find(|(_, c)| *c == ':')?;
    let piece = line.get(at..)?;
    let is_number = piece.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    // A complete tag may have nothing behind it (`:86:`).
    let is_tag = line.starts_with(':') && line.matches(':').count() == 2 && piece == ":";
    // So may a block of the network (`{4:`).
    let before = line.strip_suffix(piece).unwrap_or_default();
    let is_block = before.chars().rev().nth(1) == Some('{');
    (is_number && !is_tag && !is_block).then_some(piece)
}

/// True for a text that begins as a statement line does: a day, perhaps a second one, and a mark.
fn begins_statement_line(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len().saturating_sub(rest.len());
    matches!(digits, 6 | 10) && rest.starts_with(['C', 'D', 'R', 'E'])
}

/// True for a line of the network's blocks.
fn is_block(line: &str) -> bool {
    let bytes = line.as_bytes();
    matches!(bytes, [b'{', b'1'..=b'5' | b'S', b':', ..])
}
