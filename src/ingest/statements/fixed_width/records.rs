//! A file as records of one width.

use std::io::{BufRead, ErrorKind};

use memchr::memchr2;

use crate::domain::file::RejectedRow;
use crate::ingest::{Refusal, RowError};

/// A line may be this much longer than one record: characters that were encoded twice make it so.
/// No record of any format is as short as that.
const OVERHANG_CHARS_MAX: usize = 12;

/// One record, without its line end. Columns count characters from 1, as the standards do.
#[derive(Clone, Debug)]
pub(in crate::ingest::statements) struct Record {
    /// Its line, from 1; in a file without line ends the line it would have with them.
    pub(in crate::ingest::statements) line: u32,
    text: String,
}

impl Record {
    /// Columns `first` to `last`, both included, as far as the record goes.
    pub(in crate::ingest::statements) fn columns(&self, first: usize, last: usize) -> &str {
        columns(&self.text, first, last)
    }

    /// Columns `first` to `last` without the blanks around them.
    pub(in crate::ingest::statements) fn field(&self, first: usize, last: usize) -> &str {
        self.columns(first, last).trim()
    }

    /// Columns `first` to `last` with the blanks that the record lost at its end.
    pub(in crate::ingest::statements) fn padded(&self, first: usize, last: usize) -> String {
        let width = last.saturating_add(1).saturating_sub(first);
        format!("{:<width$}", self.columns(first, last))
    }

    /// An error of one field, which rejects what the record describes.
    pub(in crate::ingest::statements) fn rejected(&self, error: RowError) -> RejectedRow {
        error.at(self.line, &self.text)
    }

    /// A refusal of the whole file because of this record.
    pub(in crate::ingest::statements) fn refusal(&self, problem: &str) -> Refusal {
        Refusal::new(format!(
            "line {}: {problem}; ask the bank for the file again",
            self.line
        ))
    }
}

/// Columns `first` to `last` of a text, both included, as far as it goes.
pub(in crate::ingest::statements) fn columns(text: &str, first: usize, last: usize) -> &str {
    let start = first.saturating_sub(1);
    if text.is_ascii() {
        return text.get(start..last.min(text.len())).unwrap_or_default();
    }
    let place = |column: usize| {
        let mut places = text.char_indices().map(|(at, _)| at);
        places.nth(column).unwrap_or(text.len())
    };
    text.get(place(start)..place(last)).unwrap_or_default()
}

/// The first line of a text that is not blank.
pub(in crate::ingest::statements) fn first_line(head: &str) -> &str {
    let lines = head.split(['\r', '\n']);
    lines
        .map(|line| line.trim_start_matches('\u{feff}'))
        .find(|line| !is_blank(line))
        .unwrap_or_default()
}

/// Cuts a text into records.
///
/// Transfers change what stands between records: each on a line of its own, all on one line, or
/// some of them on one; blank lines anywhere; trailing blanks lost. So a line is cut where a
/// record must end, and a short one is a record that lost its blanks. What goes wrong by that
/// shows in the record codes.
///
/// The text is UTF-8; a byte that is none counts as one character, as it does in the bank's code
/// page.
pub(in crate::ingest::statements) struct Records<'i> {
    input: &'i mut dyn BufRead,
    width: usize,
    /// What was read of the current line and not handed out.
    rest: Vec<u8>,
    /// What ends the current line; `None` while it was not read to its end.
    line_end: Option<LineEnd>,
    /// The line before ended with a carriage return; a line feed after it is part of that.
    after_return: bool,
    /// Nothing of the current line was handed out.
    at_line_start: bool,
    line: u32,
}

/// What stands behind a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    Mark,
    File,
}

impl<'i> Records<'i> {
    /// Records of `width` characters.
    pub(in crate::ingest::statements) fn new(input: &'i mut dyn BufRead, width: usize) -> Self {
        Self {
            input,
            width,
            rest: Vec::new(),
            line_end: None,
            after_return: false,
            at_line_start: true,
            line: 0,
        }
    }

    /// The next record; `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::ingest::statements) fn next(&mut self) -> Result<Option<Record>, Refusal> {
        loop {
            self.fill()?;
            let (text, used) = leading_characters(&self.rest, self.width);
            self.rest.drain(..used);
            let begins_line = self.at_line_start;
            if self.line_end.is_some() && begins_line && self.rest.len() < OVERHANG_CHARS_MAX {
                self.rest.clear();
            }
            self.at_line_start = self.line_end.is_some() && self.rest.is_empty();
            let is_blank = is_blank(&text);
            if self.at_line_start {
                let line_end = self.line_end.take();
                if is_blank && line_end == Some(LineEnd::File) {
                    return Ok(None);
                }
            }
            if !is_blank || begins_line {
                self.line = self.line.saturating_add(1);
            }
            if !is_blank {
                let line = self.line;
                return Ok(Some(Record { line, text }));
            }
        }
    }

    /// Reads on until a record and what may hang over are there, or the line ends.
    fn fill(&mut self) -> Result<(), Refusal> {
        // Four bytes are the longest character of UTF-8.
        let enough = self.width.saturating_add(OVERHANG_CHARS_MAX) * 4;
        while self.line_end.is_none() && self.rest.len() < enough {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if bytes.is_empty() {
                self.line_end = Some(LineEnd::File);
                break;
            }
            if std::mem::take(&mut self.after_return) && bytes.starts_with(b"\n") {
                self.input.consume(1);
                continue;
            }
            let room = enough.saturating_sub(self.rest.len()).min(bytes.len());
            let window = bytes.get(..room).unwrap_or_default();
            let end = memchr2(b'\n', b'\r', window);
            let taken = window.get(..end.unwrap_or(room)).unwrap_or_default();
            self.rest.extend_from_slice(taken);
            self.line_end = end.map(|_| LineEnd::Mark);
            self.after_return = end.is_some_and(|end| window.get(end) == Some(&b'\r'));
            let used = taken.len().saturating_add(usize::from(end.is_some()));
            self.input.consume(used);
        }
        Ok(())
    }
}

/// At most `count` characters of some bytes, and how many bytes they are.
fn leading_characters(bytes: &[u8], count: usize) -> (String, usize) {
    let mut text = String::with_capacity(count);
    let mut used: usize = 0;
    let characters = bytes.utf8_chunks().flat_map(|chunk| {
        let valid = chunk.valid().chars().map(|c| (c, c.len_utf8()));
        let invalid = chunk.invalid().iter().map(|byte| (char::from(*byte), 1));
        valid.chain(invalid)
    });
    for (character, size) in characters.take(count) {
        text.push(character);
        used = used.saturating_add(size);
    }
    (text, used)
}

/// Host transfers pad with NUL and end with Ctrl-Z.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\0' | '\u{1a}' | '\u{feff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of width 14 with their lines, read through buffers of `size` bytes.
    fn records(text: &[u8], size: usize) -> Vec<(u32, String)> {
        let mut input = std::io::BufReader::with_capacity(size, text);
        let mut records = Records::new(&mut input, 14);
        let mut found = Vec::new();
        while let Some(record) = records.next().unwrap() {
            found.push((record.line, record.text));
        }
        found
    }

    fn texts(text: &[u8]) -> Vec<(u32, String)> {
        let found = records(text, 8192);
        assert_eq!(found, records(text, 1), "buffers change nothing");
        found
    }

    fn expected(records: &[(u32, &str)]) -> Vec<(u32, String)> {
        let owned = records
            .iter()
            .map(|(line, text)| (*line, (*text).to_owned()));
        owned.collect()
    }

    #[test]
    fn records_are_the_same_with_and_without_line_ends() {
        let whole = expected(&[(1, "01aaaaaaaaaaaa"), (2, "04bbbbbbbbbbbb"), (3, "07")]);
        for text in [
            "01aaaaaaaaaaaa\n04bbbbbbbbbbbb\n07\n",
            "01aaaaaaaaaaaa\r\n04bbbbbbbbbbbb\r\n07",
            "01aaaaaaaaaaaa\r04bbbbbbbbbbbb\r07\r",
            "01aaaaaaaaaaaa04bbbbbbbbbbbb07",
            "01aaaaaaaaaaaa04bbbbbbbbbbbb\n07\u{1a}",
        ] {
            let found: Vec<_> = texts(text.as_bytes())
                .into_iter()
                .map(|(line, text)| (line, text.trim_end_matches('\u{1a}').to_owned()))
                .collect();
            assert_eq!(found, whole, "{text:?}");
        }
    }

    #[test]
    fn blank_lines_are_counted_and_left_out() {
        let found = texts(b"\n\n01\n \t\n04\n\x1a");
        assert_eq!(found, expected(&[(3, "01"), (5, "04")]));
        assert_eq!(texts(b""), []);
        assert_eq!(texts(b"\n\0\0\n"), []);
    }

    #[test]
    fn what_hangs_over_one_record_is_left_out_and_a_further_record_is_not() {
        let found = texts(b"01aaaaaaaaaaaaxx\n04");
        assert_eq!(found, expected(&[(1, "01aaaaaaaaaaaa"), (2, "04")]));
        // In a file without line ends a short rest is the beginning of a record that is cut off.
        let found = texts(b"01aaaaaaaaaaaa04bbbbbbbbbbbb05");
        assert_eq!(found.last().unwrap().1, "05");
    }

    #[test]
    fn columns_count_characters_and_not_bytes() {
        let found = texts("éèàùçôîêâûëïüÿ04".as_bytes());
        assert_eq!(found, expected(&[(1, "éèàùçôîêâûëïüÿ")]));
        let record = Record {
            line: 1,
            text: "01é  è".to_owned(),
        };
        assert_eq!(record.columns(3, 4), "é ");
        assert_eq!(record.field(4, 9), "è");
        assert_eq!(record.padded(6, 8), "è  ");
        assert_eq!(record.columns(7, 8), "");
        // Bytes that are no UTF-8 are one character each.
        assert_eq!(texts(b"01\xe9\xff")[0].1, "01éÿ");
    }
}
