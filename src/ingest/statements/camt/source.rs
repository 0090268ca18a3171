//! The bytes of a file as UTF-8, portion by portion, with the place that was reached.
//!
//! The encoding is that of the byte order mark, else of the pattern that `<` makes in UTF-16,
//! else of the XML declaration, else UTF-8. Bytes that are not UTF-8 in a file that says it is
//! are read as Windows-1252: banks write a declaration once and umlauts from another system
//! later, and a name is no reason to lose a statement.

use std::io::{self, BufRead, Chain, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Fault;
use crate::domain::file::{RAW_ROW_BYTES_MAX, bounded};
use crate::ingest::Refusal;

/// Decoded bytes that are held at a time.
const PORTION_BYTES: usize = 64 * 1024;

/// First bytes in which the byte order mark and the XML declaration are looked for.
const DECLARATION_BYTES: u64 = 1024;

/// A file being read; `BufRead` gives its text in UTF-8.
pub(super) struct Source<'a> {
    input: Chain<Cursor<Vec<u8>>, &'a mut dyn BufRead>,
    decoder: Decoder,
    ended: bool,
    portion: String,
    at: usize,
    bytes_before: u64,
    lines_before: u64,
    allowance: usize,
    fault: Option<Fault>,
    recording: bool,
    raw: Vec<u8>,
}

impl<'a> Source<'a> {
    /// Finds the encoding of `input`; one that is not known is refused.
    pub(super) fn open(input: &'a mut dyn BufRead) -> Result<Self, Refusal> {
        let head = read_head(input)?;
        let (encoding, mark_bytes) = encoding_of(&head).map_err(|fault| refusal(&fault, 1, 0))?;
        Ok(Self::new(head, input, encoding, mark_bytes))
    }

    /// The same, for a look at the names in it: an encoding that is not known is taken for
    /// UTF-8, so that [`Source::open`] refuses it with its reason later.
    pub(super) fn peek(input: &'a mut dyn BufRead) -> io::Result<Self> {
        let head = read_head(input)?;
        let (encoding, mark_bytes) = encoding_of(&head).unwrap_or((UTF_8, 0));
        Ok(Self::new(head, input, encoding, mark_bytes))
    }

    fn new(
        mut head: Vec<u8>,
        input: &'a mut dyn BufRead,
        encoding: &'static Encoding,
        mark_bytes: usize,
    ) -> Self {
        head.drain(..mark_bytes);
        Self {
            input: Cursor::new(head).chain(input),
            decoder: encoding.new_decoder_without_bom_handling(),
            ended: false,
            portion: String::with_capacity(PORTION_BYTES),
            at: 0,
            bytes_before: 0,
            lines_before: 0,
            allowance: usize::MAX,
            fault: None,
            recording: false,
            raw: Vec::new(),
        }
    }

    /// Sets how many bytes may be read before the next call.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Begins to keep what is read, after the start tag that was read already.
    pub(super) fn record(&mut self, start_tag: &str) {
        self.raw.clear();
        self.raw.push(b'<');
        self.raw.extend_from_slice(start_tag.as_bytes());
        self.raw.push(b'>');
        self.recording = true;
    }

    /// Ends what [`Source::record`] began.
    pub(super) fn stop_recording(&mut self) {
        self.recording = false;
    }

    /// What was kept: the beginning of the element as it stands in the file.
    pub(super) fn raw(&self) -> String {
        bounded(&String::from_utf8_lossy(&self.raw), RAW_ROW_BYTES_MAX)
    }

    /// The refusal for `fault`, or for the earlier one that made reading fail.
    pub(super) fn refusal(&self, fault: &Fault) -> Refusal {
        let read = self.portion.as_bytes().get(..self.at).unwrap_or_default();
        let line = self.lines_before.saturating_add(lines_in(read));
        let byte = self.bytes_before.saturating_add(count(read.len()));
        refusal(
            self.fault.as_ref().unwrap_or(fault),
            line.saturating_add(1),
            byte,
        )
    }

    /// Decodes the next portion; an empty one is the end of the file.
    fn refill(&mut self) -> io::Result<()> {
        self.lines_before = self
            .lines_before
            .saturating_add(lines_in(self.portion.as_bytes()));
        self.bytes_before = self.bytes_before.saturating_add(count(self.portion.len()));
        self.portion.clear();
        self.at = 0;
        while self.portion.is_empty() && !self.ended {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let last = bytes.is_empty();
            let (result, used) =
                self.decoder
                    .decode_to_string_without_replacement(bytes, &mut self.portion, last);
            match result {
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let end = used.saturating_sub(usize::from(after));
                    let start = end.checked_sub(usize::from(length));
                    match start.and_then(|start| bytes.get(start..end)) {
                        Some(bad) if self.decoder.encoding() == UTF_8 => {
                            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bad);
                            self.portion.push_str(&text);
                        }
                        _ => self.portion.push(char::REPLACEMENT_CHARACTER),
                    }
                }
            }
            self.input.consume(used);
        }
        match memchr::memchr(0, self.portion.as_bytes()) {
            Some(at) => {
                self.at = at;
                self.stop("holds a NUL character, which no XML may: the file is damaged")
            }
            None => Ok(()),
        }
    }

    fn stop<T>(&mut self, what: impl Into<String>) -> io::Result<T> {
        self.fault = Some(Fault::new(what));
        Err(io::Error::other("refused"))
    }
}

impl BufRead for Source<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowance == 0 {
            return self.stop(format!(
                "has a tag, comment or text of more than {} bytes, the limit",
                super::MARKUP_BYTES_MAX
            ));
        }
        if self.at >= self.portion.len() {
            self.refill()?;
        }
        Ok(self.portion.as_bytes().get(self.at..).unwrap_or_default())
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        let end = self.at.saturating_add(amount).min(self.portion.len());
        if self.recording && self.raw.len() < RAW_ROW_BYTES_MAX {
            let read = self.portion.as_bytes().get(self.at..end);
            self.raw.extend_from_slice(read.unwrap_or_default());
        }
        self.at = end;
        self.allowance = self.allowance.saturating_sub(amount);
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut available = self.fill_buf()?;
        let amount = available.read(buffer)?;
        self.consume(amount);
        Ok(amount)
    }
}

fn read_head(input: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(DECLARATION_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn refusal(fault: &Fault, line: u64, byte: u64) -> Refusal {
    let Fault(what) = fault;
    Refusal::new(format!(
        "{what} (line {line}, byte {byte}); ask the bank for the file again"
    ))
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn lines_in(bytes: &[u8]) -> u64 {
    count(memchr::memchr_iter(b'\n', bytes).count())
}

/// The encoding of a file that begins with `head`, and the length of its byte order mark.
fn encoding_of(head: &[u8]) -> Result<(&'static Encoding, usize), Fault> {
    if let Some(found) = Encoding::for_bom(head) {
        return Ok(found);
    }
    match head {
        [0, b'<', ..] => return Ok((UTF_16BE, 0)),
        [b'<', 0, ..] => return Ok((UTF_16LE, 0)),
        _ => {}
    }
    let Some(label) = declared_encoding(head) else {
        return Ok((UTF_8, 0));
    };
    match Encoding::for_label(label) {
        // A declaration that reads as ASCII is not UTF-16, whatever it says.
        Some(encoding) if encoding == UTF_16BE || encoding == UTF_16LE => Ok((UTF_8, 0)),
        Some(encoding) => Ok((encoding, 0)),
        None => Err(Fault::new(format!(
            "is written in {:?}, an encoding that is not read; expected UTF-8, UTF-16 or \
             ISO-8859-1",
            bounded(&String::from_utf8_lossy(label), 40)
        ))),
    }
}

/// The value of `encoding` in an XML declaration at the start of `head`.
fn declared_encoding(head: &[u8]) -> Option<&[u8]> {
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(declaration, b"?>")?;
    let declaration = declaration.get(..end)?;
    let name = memchr::memmem::find(declaration, b"encoding")?;
    let value = declaration.get(name..)?.strip_prefix(b"encoding")?;
    let value = value.trim_ascii_start().strip_prefix(b"=")?;
    let (quote, value) = value.trim_ascii_start().split_first()?;
    let end = memchr::memchr(*quote, value)?;
    value.get(..end)
}
