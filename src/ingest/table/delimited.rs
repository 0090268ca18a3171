//! Delimited text: lines, quotes, and the search for the header.
//!
//! The csv crate reads a quote that is never closed to the end of the file, and one broken row
//! would swallow all rows after it. So this reader goes from line to line: a line whose quotes are
//! closed is split by `csv-core`; one that leaves a quote open is joined with the lines after it
//! as long as that gives a row of the header's width, else only that line is bad and reading goes
//! on with the next.

use std::io::{BufRead, BufReader, Cursor, Read};

use csv_core::ReadRecordResult;

use super::header::HeaderSearch;
use super::{Columns, Header, NextRow, Positions, Row};
use crate::domain::file::bounded;
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;

/// Delimiters that are tried where the profile names none.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Longest line that is read.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// Lines that one quoted value may span.
const QUOTED_LINES_MAX: usize = 50;

type Input = BufReader<std::io::Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>>;

/// The rows of a delimited text behind its header.
pub(super) struct Lines {
    input: Input,
    delimiter: u8,
    width: usize,
    line: u32,
    raw: String,
    waiting: std::collections::VecDeque<Vec<u8>>,
    /// True when the row's own text is the raw line.
    is_plain: bool,
    splitter: csv_core::Reader,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

/// Opens a text and finds its header.
pub(super) fn open(
    opened: &OpenFile,
    profile: &Profile,
    columns: &Columns<'_>,
) -> Result<(Header, Lines), Refusal> {
    find(opened, profile, columns)?
        .map_err(|search| search.refusal("has an unknown header", columns))
}

/// Looks for the header of a text; where there is none, gives what was seen.
pub(super) fn find(
    opened: &OpenFile,
    profile: &Profile,
    columns: &Columns<'_>,
) -> Result<Result<(Header, Lines), HeaderSearch>, Refusal> {
    let decoded = opened.text(profile.encoding);
    let mut input = BufReader::with_capacity(256 * 1024, Cursor::new(Vec::new()).chain(decoded));
    let delimiters = profile
        .delimiter
        .map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut splitters: Vec<Lines> = delimiters
        .iter()
        .map(|delimiter| Lines::new(empty_input(), *delimiter, 0))
        .collect();
    let mut search = HeaderSearch::default();
    let mut bytes = Vec::new();
    for number in 0..columns.header_lines {
        bytes.clear();
        if read_line(&mut input, &mut bytes)? == 0 {
            break;
        }
        let line = String::from_utf8_lossy(&bytes).into_owned();
        let stands_alone = columns.recognised_by.iter().any(|set| set.len() == 1);
        let is_here = |delimiter: u8| line.as_bytes().contains(&delimiter);
        // A table of one column needs no delimiter.
        let is_one_column = stands_alone && !delimiters.iter().any(|delimiter| is_here(*delimiter));
        let mut passed: Vec<String> = Vec::new();
        for (at, splitter) in splitters.iter_mut().enumerate() {
            let delimiter = splitter.delimiter;
            let mut row = Row::default();
            if !(is_here(delimiter) || is_one_column && at == 0)
                || !splitter.split(line.as_bytes(), &mut row)
            {
                continue;
            }
            let names: Vec<String> = (0..row.len())
                .map(|column| row.text(Some(column)).to_owned())
                .collect();
            if let Some(header) = columns.header(&names) {
                let mut lines = Lines::new(input, delimiter, header.width);
                lines.line = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
                return Ok(Ok((header, lines)));
            }
            if names.len() > passed.len() {
                passed = names;
            }
        }
        if passed.is_empty() {
            passed.push(line.clone());
        }
        search.passed(number.saturating_add(1), &passed, &line, columns);
    }
    Ok(Err(search))
}

/// Opens a text without a header, whose first line begins as its layout says.
pub(super) fn open_without_header(
    opened: &OpenFile,
    profile: &Profile,
    positions: Positions<'_>,
) -> Result<Lines, Refusal> {
    let decoded = opened.text(profile.encoding);
    let mut input = BufReader::with_capacity(256 * 1024, Cursor::new(Vec::new()).chain(decoded));
    let mut first = Vec::new();
    let mut line: u32 = 0;
    while read_line(&mut input, &mut first)? > 0 && first.trim_ascii().is_empty() {
        first.clear();
        line = line.saturating_add(1);
    }
    let delimiters = profile
        .delimiter
        .map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let found = delimiters
        .into_iter()
        .find(|delimiter| first_value(&first, *delimiter).eq_ignore_ascii_case(positions.first));
    let Some(delimiter) = found else {
        return Err(Refusal::new(format!(
            "begins with «{}»; expected rows of {} fields without a header that begin with {}; \
             where the columns have names, give them in a [[profile]]",
            bounded(&String::from_utf8_lossy(&first), 200),
            positions.columns.len(),
            positions.first
        )));
    };
    let mut lines = Lines::new(input, delimiter, positions.columns.len());
    lines.line = line;
    lines.waiting.push_back(first);
    Ok(lines)
}

/// The first value of a line, without blanks and quotes; empty where no delimiter follows.
fn first_value(line: &[u8], delimiter: u8) -> String {
    let end = line.iter().position(|byte| *byte == delimiter);
    let value = end.and_then(|end| line.get(..end)).unwrap_or_default();
    let text = String::from_utf8_lossy(value);
    text.trim().trim_matches('"').trim().to_owned()
}

fn empty_input() -> Input {
    let nothing: Box<dyn Read + Send> = Box::new(std::io::empty());
    BufReader::with_capacity(1, Cursor::new(Vec::new()).chain(nothing))
}

/// Reads a line without its end; 0 at the end of the file.
pub(in crate::ingest) fn read_line(
    input: &mut impl BufRead,
    bytes: &mut Vec<u8>,
) -> Result<usize, Refusal> {
    let count = input
        .by_ref()
        .take(LINE_BYTES_MAX)
        .read_until(b'\n', bytes)?;
    if u64::try_from(count).unwrap_or(u64::MAX) >= LINE_BYTES_MAX && !bytes.ends_with(b"\n") {
        return Err(Refusal::new(format!(
            "has a line of more than {LINE_BYTES_MAX} bytes: it is no table; ask for it again"
        )));
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Ok(count)
}

impl Lines {
    fn new(input: Input, delimiter: u8, width: usize) -> Self {
        let splitter = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        Self {
            input,
            delimiter,
            width,
            line: 0,
            raw: String::new(),
            waiting: std::collections::VecDeque::new(),
            is_plain: false,
            splitter,
            fields: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The raw text of the row that was read last.
    pub(super) fn raw<'r>(&'r self, row: &'r Row) -> &'r str {
        if self.is_plain { &row.text } else { &self.raw }
    }

    /// The delimiter as text.
    pub(super) fn delimiter(&self) -> &str {
        std::str::from_utf8(std::slice::from_ref(&self.delimiter)).unwrap_or(";")
    }

    /// True when the row that was read last has a quote that no other one closes.
    pub(super) fn has_stray_quote(&self) -> bool {
        let quotes = || self.raw.bytes().filter(|byte| *byte == b'"').count();
        !self.is_plain && !quotes().is_multiple_of(2)
    }

    /// Reads a line into the row's own buffer: without quotes its values need no other.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<NextRow, Refusal> {
        let mut bytes = std::mem::take(&mut row.text).into_bytes();
        bytes.clear();
        if !self.take_line(&mut bytes)? {
            return Ok(NextRow::End);
        }
        self.line = self.line.saturating_add(1);
        row.clear(self.line);
        self.is_plain = !bytes.contains(&b'"');
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                self.is_plain = false;
                self.raw = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let reason = "the line is not valid text in the file's encoding; ask for it again";
                return Ok(self.bad(reason));
            }
        };
        if self.is_plain {
            row.text = text;
            split_plain(row, self.delimiter);
            return Ok(NextRow::Row);
        }
        self.raw = text;
        self.quoted(row)
    }

    fn take_line(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Refusal> {
        if let Some(line) = self.waiting.pop_front() {
            *bytes = line;
            return Ok(true);
        }
        Ok(read_line(&mut self.input, bytes)? > 0)
    }

    fn bad(&self, reason: &str) -> NextRow {
        NextRow::Bad {
            line: self.line,
            raw: self.raw.clone(),
            reason: reason.to_owned(),
        }
    }

    /// A line with quotes, joined with as many lines as its open quote needs.
    fn quoted(&mut self, row: &mut Row) -> Result<NextRow, Refusal> {
        let first = self.raw.clone().into_bytes();
        if self.split(&first, row) {
            return Ok(NextRow::Row);
        }
        let mut joined = first;
        let mut borrowed = std::collections::VecDeque::new();
        while borrowed.len() < QUOTED_LINES_MAX {
            let mut line = Vec::new();
            if !self.take_line(&mut line)? {
                break;
            }
            joined.push(b'\n');
            joined.extend_from_slice(&line);
            borrowed.push_back(line);
            if self.split(&joined, row) {
                break;
            }
        }
        let complete = is_well_quoted(&joined, self.delimiter)
            && self.split(&joined, row)
            && row.len() == self.width;
        if let (true, Ok(text)) = (complete, std::str::from_utf8(&joined)) {
            self.raw = text.to_owned();
            let lines = u32::try_from(borrowed.len()).unwrap_or(u32::MAX);
            self.line = self.line.saturating_add(lines);
            return Ok(NextRow::Row);
        }
        while let Some(line) = borrowed.pop_back() {
            self.waiting.push_front(line);
        }
        row.clear(self.line);
        Ok(self.bad("a quote is opened and not closed; ask for the file again"))
    }

    /// Splits a text into a row; false when a quote is still open at its end.
    fn split(&mut self, text: &[u8], row: &mut Row) -> bool {
        row.clear(row.line);
        self.fields.resize(text.len().saturating_add(8), 0);
        self.ends.resize(text.len().saturating_add(8), 0);
        self.splitter.reset();
        let (result, used, written, ended) =
            self.splitter
                .read_record(text, &mut self.fields, &mut self.ends);
        // Without a line end the record is complete only when the end of the input says so; a
        // quote that is still open then would be closed silently, so the line end is asked for.
        let rest = text.get(used..).unwrap_or_default();
        if result != ReadRecordResult::InputEmpty || !rest.is_empty() {
            return false;
        }
        let (result, _, more_written, more_ended) = self.splitter.read_record(
            b"\n",
            self.fields.get_mut(written..).unwrap_or_default(),
            self.ends.get_mut(ended..).unwrap_or_default(),
        );
        if result != ReadRecordResult::Record {
            return false;
        }
        let mut start = 0;
        let count = ended.saturating_add(more_ended);
        for end in self.ends.iter().take(count).copied() {
            let end = end.min(written.saturating_add(more_written));
            let field = self.fields.get(start..end).unwrap_or_default();
            row.push(&String::from_utf8_lossy(field), false);
            start = end;
        }
        true
    }
}

/// True where every quoted value ends at a delimiter or at the end of the text, and no line ends
/// outside of one: lines that do not belong together join to something else.
fn is_well_quoted(text: &[u8], delimiter: u8) -> bool {
    #[derive(PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut at = At::Start;
    for byte in text {
        at = match at {
            At::Quoted if *byte == b'"' => At::Closed,
            At::Quoted => At::Quoted,
            At::Closed if *byte == b'"' => At::Quoted,
            _ if *byte == delimiter => At::Start,
            At::Start if *byte == b'"' => At::Quoted,
            At::Closed => return false,
            _ if *byte == b'\n' => return false,
            At::Start | At::Plain => At::Plain,
        };
    }
    at != At::Quoted
}

/// Splits a line that has no quote, where it stands.
fn split_plain(row: &mut Row, delimiter: u8) {
    let mut start = 0;
    for at in memchr::memchr_iter(delimiter, row.text.as_bytes()) {
        row.spans.push((start, at));
        start = at.saturating_add(1);
    }
    row.spans.push((start, row.text.len()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn rows(content: &str) -> Result<Vec<String>, Refusal> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, content).unwrap();
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        let names: BTreeMap<String, Vec<String>> =
            [("a".into(), vec![]), ("b".into(), vec!["Libellé".into()])].into();
        let fixed = BTreeMap::new();
        let columns = Columns {
            names: &names,
            recognised_by: &[&["a", "b"]],
            fixed: &fixed,
            header_lines: 25,
            currency_in_titles: false,
        };
        let mut table = super::super::Table::open(&opened, &Profile::default(), &columns)?;
        let (a, b) = (table.header.column("a"), table.header.column("b"));
        let mut found = Vec::new();
        let mut row = Row::default();
        loop {
            match table.next_row(&mut row)? {
                NextRow::End => return Ok(found),
                NextRow::Row => {
                    found.push(format!("{}: {}|{}", row.line, row.text(a), row.text(b)));
                }
                NextRow::Bad { line, reason, .. } => {
                    found.push(format!("{line}! {}", reason.split(';').next().unwrap()));
                }
            }
        }
    }

    #[test]
    fn delimiters_and_preambles_are_recognised_by_the_header() {
        assert_eq!(rows("A,b\n1,2\n").unwrap(), ["2: 1|2"]);
        assert_eq!(
            rows("LIBELLE;a\r\n1;2\r\n\r\n3;4").unwrap(),
            ["2: 2|1", "4: 4|3"]
        );
        assert_eq!(rows("a\tb\n1\t2\n").unwrap(), ["2: 1|2"]);
        assert_eq!(
            rows("Account;123\n\nx|y\na|x|b\n1|,|\"2;\"\n").unwrap(),
            ["5: 1|2;"]
        );
        let error = rows("c;d\n1;2\n").unwrap_err().reason;
        assert!(
            error.contains("«c;d»") && error.contains("a, Libellé"),
            "{error}"
        );
        assert_eq!(rows("a,b\n").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_row_of_another_width_is_bad_and_the_next_is_read() {
        assert_eq!(
            rows("a,b\n1\n1,2,3\n4,5\n").unwrap(),
            [
                "2! the row has 1 fields, the header has 2",
                "3! the row has 3 fields, the header has 2",
                "4: 4|5"
            ]
        );
    }

    #[test]
    fn quotes_may_hold_delimiters_and_line_ends() {
        assert_eq!(
            rows("a,b\n\"x, \"\"y\"\"\",1\n").unwrap(),
            ["2: x, \"y\"|1"]
        );
        assert_eq!(
            rows("a,b\n\"x\ny\",1\n2,3\n").unwrap(),
            ["2: x\ny|1", "4: 2|3"]
        );
    }

    #[test]
    fn an_open_quote_loses_its_own_line_only() {
        assert_eq!(
            rows("a,b\n\"x,1\n2,3\n4,5\n").unwrap(),
            ["2! a quote is opened and not closed", "3: 2|3", "4: 4|5"]
        );
        assert_eq!(
            rows("a,b\n\"x,1\n2,3\n\"4\",5\n").unwrap(),
            ["2! a quote is opened and not closed", "3: 2|3", "4: 4|5"]
        );
    }
}
