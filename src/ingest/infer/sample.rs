//! The first rows of a table of which nothing is known.

use encoding_rs::UTF_8;
use serde_json::{Map, Value};

use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;
use crate::ingest::table;

/// Rows that are looked at.
const ROWS_MAX: usize = 300;

const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];

/// The first rows of a file, its preamble among them.
pub(super) struct Sample {
    /// `None` for a workbook and for objects.
    pub(super) delimiter: Option<char>,
    /// Where a text is not UTF-8.
    pub(super) encoding: Option<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Sample {
    pub(super) fn of(opened: &OpenFile) -> Result<Self, Refusal> {
        if opened.is_archive() {
            return Ok(Self {
                delimiter: None,
                encoding: None,
                rows: table::first_rows(opened, ROWS_MAX)?,
            });
        }
        let survey = opened.survey();
        let text = survey.head_text();
        if text.trim_start().starts_with('{') {
            return Ok(Self {
                delimiter: None,
                encoding: None,
                rows: objects(&text)?,
            });
        }
        if text.trim_start().starts_with('<') {
            return Err(Refusal::new(
                "is XML, not a table: statements in camt need no profile",
            ));
        }
        let (delimiter, rows) = delimited(&text);
        let is_utf8 = survey.encoding == UTF_8;
        Ok(Self {
            delimiter: Some(delimiter),
            encoding: (!is_utf8).then(|| survey.encoding.name().to_lowercase()),
            rows,
        })
    }

    /// The first row all of whose fields are filled and that is as wide as the next one.
    pub(super) fn widest(&self) -> usize {
        let width = |row: &Vec<String>| row.len();
        let is_full = |row: &Vec<String>| row.iter().all(|it| !it.trim().is_empty());
        let mut pairs = self.rows.windows(2).enumerate();
        pairs
            .find(|(_, pair)| match pair {
                [one, next] => width(one) > 1 && is_full(one) && width(one) == width(next),
                _ => false,
            })
            .map_or(0, |(at, _)| at)
    }
}

/// The delimiter that gives most rows the same width above one, and the rows.
fn delimited(text: &str) -> (char, Vec<Vec<String>>) {
    let mut best: Option<(usize, char, Vec<Vec<String>>)> = None;
    for delimiter in DELIMITERS {
        let rows = split(text, delimiter);
        let mut widths: Vec<usize> = rows.iter().map(Vec::len).filter(|it| *it > 1).collect();
        widths.sort_unstable();
        let same = widths.chunk_by(|a, b| a == b);
        // A wide table counts for more than a comma in every text.
        let score = same.map(|same| {
            same.len()
                .saturating_mul(same.first().copied().unwrap_or(0))
        });
        let score = score.max().unwrap_or(0);
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, delimiter, rows));
        }
    }
    best.map_or((';', Vec::new()), |(_, delimiter, rows)| (delimiter, rows))
}

/// The lines of a text as rows; the last line may be cut and is left out of a long text.
fn split(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut reader = csv_core::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b';'))
        .build();
    let mut rows = Vec::new();
    let mut input = text.as_bytes();
    let (mut fields, mut ends) = (vec![0; text.len().saturating_add(8)], vec![0; 4_096]);
    while rows.len() < ROWS_MAX {
        let (result, used, written, ended) = reader.read_record(input, &mut fields, &mut ends);
        input = input.get(used..).unwrap_or_default();
        if result != csv_core::ReadRecordResult::Record {
            let is_whole = text.len() < crate::ingest::text::HEAD_BYTES;
            if ended > 0 && is_whole {
                rows.push(row(&fields, &ends, (written, ended)));
            }
            break;
        }
        rows.push(row(&fields, &ends, (written, ended)));
    }
    rows
}

/// The fields of a record; `ended` of them end in the first `written` bytes.
fn row(fields: &[u8], ends: &[usize], (written, ended): (usize, usize)) -> Vec<String> {
    let mut start = 0;
    let mut row = Vec::with_capacity(ended);
    for end in ends.iter().take(ended).map(|end| (*end).min(written)) {
        let field = fields.get(start..end).unwrap_or_default();
        row.push(String::from_utf8_lossy(field).into_owned());
        start = end;
    }
    row
}

/// Objects, one a line: their keys as the header, their values below it.
fn objects(text: &str) -> Result<Vec<Vec<String>>, Refusal> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let objects: Vec<Map<String, Value>> = lines
        .take(ROWS_MAX)
        .map_while(|line| serde_json::from_str(line).ok())
        .collect();
    let Some(first) = objects.first() else {
        return Err(Refusal::new(
            "begins like NDJSON, but its first line is no JSON object; write one object a line",
        ));
    };
    let keys: Vec<String> = first.keys().cloned().collect();
    let value = |object: &Map<String, Value>, key: &String| match object.get(key) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let mut rows = vec![keys.clone()];
    rows.extend(
        objects
            .iter()
            .map(|it| keys.iter().map(|key| value(it, key)).collect()),
    );
    Ok(rows)
}
