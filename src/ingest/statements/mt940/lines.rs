//! The lines of a file, each at a time and bounded, with their numbers.

use std::io::{BufRead, Chain, Cursor, Read};

use super::LINE_BYTES_MAX;
use crate::ingest::Refusal;

/// HBCI's end of a line.
const AT_AT: &[u8] = b"@@";

/// First bytes in which the kind of line ends shows. They are read until they are complete: what
/// decodes a file may hand over its first bytes one by one.
const HEAD_BYTES: u64 = 1024;

/// A line of the file.
#[derive(Clone, Copy)]
pub(super) struct Line<'l> {
    /// Its number, from 1.
    pub(super) number: u32,
    pub(super) text: &'l str,
    /// False when the file ends inside it.
    pub(super) is_whole: bool,
}

/// Reads lines that end with LF, CRLF, or in HBCI files with `@@`.
pub(super) struct Lines<'a> {
    input: Chain<Cursor<Vec<u8>>, &'a mut dyn BufRead>,
    /// True when `@@` ends a line: the file begins so.
    with_at_signs: bool,
    number: u32,
    bytes: Vec<u8>,
    line: String,
    /// False when the file ends inside the line.
    is_ended: bool,
}

impl<'a> Lines<'a> {
    /// Looks at the first bytes for the kind of line ends.
    pub(super) fn new(input: &'a mut dyn BufRead) -> Result<Self, Refusal> {
        let mut head = Vec::new();
        Read::take(&mut *input, HEAD_BYTES).read_to_end(&mut head)?;
        let with_at_signs = [b"@@:20:", b"@@:25:", b"@@:28C", b"@@:60F"]
            .iter()
            .any(|mark| memchr::memmem::find(&head, *mark).is_some());
        Ok(Self {
            input: Cursor::new(head).chain(input),
            with_at_signs,
            number: 0,
            bytes: Vec::new(),
            line: String::new(),
            is_ended: true,
        })
    }

    /// The next line, without its end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, Refusal> {
        if !self.fill()? {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        self.line.clear();
        let text = String::from_utf8_lossy(&self.bytes);
        self.line.push_str(text.trim_end_matches(['\r', '\u{1a}']));
        Ok(Some(Line {
            number: self.number,
            text: &self.line,
            is_whole: self.is_ended,
        }))
    }

    /// True unless the file ended inside the line that was read last.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Puts the next line into `bytes`; false at the end of the file.
    fn fill(&mut self) -> Result<bool, Refusal> {
        self.bytes.clear();
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                self.is_ended &= self.bytes.is_empty();
                return Ok(!self.bytes.is_empty());
            }
            let end = if self.with_at_signs {
                memchr::memchr2(b'\n', b'@', available)
            } else {
                memchr::memchr(b'\n', available)
            };
            let used = end.map_or(available.len(), |end| end.saturating_add(1));
            let taken = available.get(..used).unwrap_or_default();
            self.bytes.extend_from_slice(taken);
            self.input.consume(used);
            if self.bytes.len() > LINE_BYTES_MAX {
                return Err(Refusal::new(format!(
                    "has a line of more than {LINE_BYTES_MAX} bytes (line {}), the limit of an \
                     MT940 file; ask the bank for the file again",
                    self.number.saturating_add(1)
                )));
            }
            if self.bytes.last() == Some(&b'\n') {
                self.bytes.pop();
                return Ok(true);
            }
            if self.with_at_signs && self.bytes.ends_with(AT_AT) {
                let end = self.bytes.len().saturating_sub(AT_AT.len());
                self.bytes.truncate(end);
                return Ok(true);
            }
        }
    }
}
