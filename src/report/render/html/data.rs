//! The rows of the page as its script reads them: one JSON document, compressed, because twenty
//! thousand explanations are a few sentences with other numbers in them.
//!
//! ```text
//! {"discrepancies": {"labels": ["Id", …], "texts": {"8": {"error": "Error"}}, "rows": [[[…], […]], …]}, …}
//! ```
//!
//! `labels` are those of the facts that a row opens to, `texts` what keys without a column are
//! called; the first of these keys is the severity. A row is what it shows (its id, how deep it stands
//! below its root, its keys, of which `null` is the cell's text, its cells, its name, what it explains) and
//! what it opens to (its sentence, facts, sources and commands).

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::tables::Row;

/// What a table says of its rows.
#[derive(Default)]
pub(super) struct About {
    /// Titles of the facts, in the order in which rows have them.
    pub(super) labels: Vec<String>,
    /// By the number of a key that has no column, what its values are called.
    pub(super) texts: BTreeMap<usize, BTreeMap<&'static str, String>>,
}

/// How hard the rows are compressed: a fifth less than the fastest, in a third more time.
const LEVEL: u32 = 4;

/// The document that is being written.
pub(super) struct Data {
    out: DeflateEncoder<Vec<u8>>,
    tables: u64,
    rows: u64,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            out: DeflateEncoder::new(Vec::new(), Compression::new(LEVEL)),
            tables: 0,
            rows: 0,
        }
    }
}

impl Data {
    /// Begins the table of a section.
    pub(super) fn begin(&mut self, id: &str, about: &About) -> io::Result<()> {
        let mark = if self.tables == 0 { '{' } else { ',' };
        self.tables += 1;
        self.rows = 0;
        let [id, labels, texts] = [
            serde_json::to_string(id)?,
            serde_json::to_string(&about.labels)?,
            serde_json::to_string(&about.texts)?,
        ];
        write!(
            self.out,
            "{mark}{id}:{{\"labels\":{labels},\"texts\":{texts},\"rows\":["
        )
    }

    pub(super) fn row(&mut self, row: &Row) -> io::Result<()> {
        if self.rows > 0 {
            self.out.write_all(b",")?;
        }
        self.rows += 1;
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.text.as_str()).collect();
        let keys: Vec<Option<&str>> = row
            .keys
            .iter()
            .enumerate()
            .map(|(at, key)| (cells.get(at) != Some(&key.as_str())).then_some(key.as_str()))
            .collect();
        let more = &row.more;
        let head = (&row.id, row.depth, keys, cells, &row.name, &row.effect);
        let more = (&more.sentence, &more.facts, &more.sources, &more.commands);
        serde_json::to_writer(&mut self.out, &(head, more))?;
        Ok(())
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"]}")
    }

    /// The whole, as text of a page.
    pub(super) fn finish(mut self) -> io::Result<String> {
        self.out
            .write_all(if self.tables == 0 { b"{}" } else { b"}" })?;
        Ok(STANDARD.encode(self.out.finish()?))
    }
}
