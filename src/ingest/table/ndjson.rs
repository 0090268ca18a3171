//! NDJSON: one object a line, its keys the column names.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use serde_json::{Map, Value};

use super::delimited::read_line;
use super::{Columns, Header, NextRow, Row};
use crate::domain::file::bounded;
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::words::comparable;

/// The objects of a file, as rows of the reader's own columns.
pub(super) struct Objects {
    input: BufReader<Box<dyn Read + Send>>,
    line: u32,
    raw: String,
    /// Comparable key to column.
    keys: BTreeMap<String, usize>,
    width: usize,
}

/// Opens a text whose first object has the columns that recognise it.
pub(super) fn open(
    opened: &OpenFile,
    profile: &Profile,
    columns: &Columns<'_>,
) -> Result<(Header, Objects), Refusal> {
    let head = opened.survey().head_text();
    let first = head
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let object: Map<String, Value> = serde_json::from_str(first).map_err(|error| {
        Refusal::new(format!(
            "begins like NDJSON, but its first line is no JSON object ({error}); \
             write one object a line"
        ))
    })?;
    let names: Vec<String> = object.keys().cloned().collect();
    if columns.header(&names).is_none() {
        return Err(Refusal::new(format!(
            "has unknown keys: found «{}», expected {}; name the file's own keys in a [[profile]]",
            bounded(&names.join(", "), 200),
            columns.expected()
        )));
    }
    let header = Header::canonical(columns.names);
    let mut keys = BTreeMap::new();
    for (column, (canonical, aliases)) in columns.names.iter().enumerate() {
        for alias in std::iter::once(canonical).chain(aliases) {
            keys.entry(comparable(alias)).or_insert(column);
        }
    }
    let input = BufReader::new(opened.text(profile.encoding));
    let width = header.width;
    Ok((
        header,
        Objects {
            input,
            line: 0,
            raw: String::new(),
            keys,
            width,
        },
    ))
}

impl Objects {
    /// The line that was read last.
    pub(super) fn raw(&self) -> &str {
        &self.raw
    }

    pub(super) fn next(&mut self, row: &mut Row) -> Result<NextRow, Refusal> {
        loop {
            let mut bytes = Vec::new();
            if read_line(&mut self.input, &mut bytes)? == 0 {
                return Ok(NextRow::End);
            }
            self.line = self.line.saturating_add(1);
            self.raw = String::from_utf8_lossy(&bytes).into_owned();
            if self.raw.trim().is_empty() {
                continue;
            }
            return Ok(
                match serde_json::from_str::<Map<String, Value>>(&self.raw) {
                    Ok(object) => {
                        self.fill(&object, row);
                        NextRow::Row
                    }
                    Err(error) => {
                        row.clear(self.line);
                        NextRow::Bad {
                            line: self.line,
                            raw: self.raw.clone(),
                            reason: format!(
                                "the line is no JSON object ({error}); ask for the file again"
                            ),
                        }
                    }
                },
            );
        }
    }

    fn fill(&self, object: &Map<String, Value>, row: &mut Row) {
        let mut values: Vec<Option<&Value>> = vec![None; self.width];
        for (key, value) in object {
            let column = self.keys.get(&comparable(key)).copied();
            if let Some(slot) = column.and_then(|column| values.get_mut(column)) {
                slot.get_or_insert(value);
            }
        }
        row.clear(self.line);
        for value in values {
            match value {
                None | Some(Value::Null) => row.push("", false),
                Some(Value::String(text)) => row.push(text, false),
                Some(Value::Number(number)) => row.push(&number.to_string(), true),
                Some(other) => row.push(&other.to_string(), false),
            }
        }
    }
}
