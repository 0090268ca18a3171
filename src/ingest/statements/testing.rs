//! What the tests of statement readers share: a sink, and third-party files with the values that
//! were expected of them, where those are at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::domain::file::RejectedRow;
use crate::domain::statement::{Statement, StatementEntry, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::{Refusal, text};

/// What a file gave, in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) statements: Vec<(Statement, Vec<StatementEntry>)>,
    pub(super) rejected: Vec<RejectedRow>,
    waiting: Vec<StatementEntry>,
}

impl StatementSink for Found {
    fn entry(&mut self, entry: StatementEntry) {
        self.waiting.push(entry);
    }
    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
    fn statement(&mut self, statement: Statement) {
        let entries = std::mem::take(&mut self.waiting);
        self.statements.push((statement, entries));
    }
}

impl Found {
    pub(super) fn entries(&self) -> Vec<&StatementEntry> {
        let all = self.statements.iter();
        all.flat_map(|(_, entries)| entries).collect()
    }
}

/// The bytes of a text file as readers get them: UTF-8, whatever they were.
pub(super) fn as_utf8(bytes: &[u8]) -> Vec<u8> {
    let encoding = text::look_through(&mut &bytes[..]).unwrap().encoding;
    encoding.decode(bytes).0.into_owned().into_bytes()
}

/// A file with its line of `expected.tsv`.
pub(super) struct Expected {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    fields: BTreeMap<String, String>,
}

impl Expected {
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).unwrap()
    }

    pub(super) fn is_valid(&self) -> bool {
        self.field("class") == "valid"
    }
}

/// The files of a format, or none where the folder is missing.
pub(super) fn fixtures(format: &str) -> Vec<Expected> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its files")]
    let folder = std::env::var("CRP_RECON_FIXTURES").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
        PathBuf::from,
    );
    let folder = folder.join("statements");
    let Ok(table) = std::fs::read_to_string(folder.join("expected.tsv")) else {
        eprintln!(
            "SKIPPED: no expected.tsv in {}; set CRP_RECON_FIXTURES",
            folder.display()
        );
        return Vec::new();
    };
    let mut lines = table
        .lines()
        .map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().unwrap().collect();
    let rows = lines.map(|values| names.iter().cloned().zip(values));
    rows.map(Iterator::collect::<BTreeMap<_, _>>)
        .filter(|fields| fields["format"] == format)
        .map(|fields| Expected {
            path: fields["path"].clone(),
            bytes: std::fs::read(folder.join(&fields["path"])).unwrap(),
            fields,
        })
        .collect()
}

/// A column of `expected.tsv` in which a file differs: path, column, and why.
pub(super) type Known = (&'static str, &'static str, &'static str);

/// Where the files of a format differ from what is expected of them, but for the known ones.
pub(super) fn differences(
    format: &str,
    known: &[Known],
    read: impl Fn(&[u8]) -> Result<Found, Refusal>,
) -> Vec<String> {
    let mut differences = Vec::new();
    for file in fixtures(format) {
        let is_known = |column: &str| {
            let same = |(path, name, _): &Known| file.path.ends_with(path) && *name == column;
            known.iter().any(same)
        };
        let result = read(&file.bytes);
        if !file.is_valid() {
            if result.is_ok_and(|found| found.rejected.is_empty()) && !is_known("class") {
                differences.push(format!("{}: invalid, but read as complete", file.path));
            }
            continue;
        }
        match result {
            Ok(found) => {
                for (column, actual) in found.columns() {
                    let expected = file.field(column);
                    if !expected.is_empty() && expected != actual && !is_known(column) {
                        let path = &file.path;
                        differences.push(format!(
                            "{path}: {column}: {expected} expected, {actual} read"
                        ));
                    }
                }
                for row in found.rejected.iter().filter(|_| !is_known("rejected")) {
                    differences.push(format!("{}: rejected: {row:?}", file.path));
                }
            }
            Err(refusal) => differences.push(format!("{}: refused: {refusal}", file.path)),
        }
    }
    differences
}

impl Found {
    fn columns(&self) -> [(&'static str, String); 6] {
        let entries = self.entries();
        [
            ("statements", self.statements.len().to_string()),
            ("split_entries", entries.len().to_string()),
            ("expected_credit_total", totals(&entries, 1)),
            ("expected_debit_total", totals(&entries, -1)),
            ("opening", self.balances(|statement| statement.opening)),
            ("closing", self.balances(|statement| statement.closing)),
        ]
    }

    fn balances(&self, of: fn(&Statement) -> Option<Amount>) -> String {
        let text = |(statement, _): &(Statement, Vec<StatementEntry>)| {
            let currency = statement.currency.unwrap_or(Currency::EUR);
            of(statement).map_or_else(String::new, |amount| amount.display(currency).to_string())
        };
        self.statements
            .iter()
            .map(text)
            .collect::<Vec<_>>()
            .join(";")
    }
}

/// `12.00` for one currency, `EUR 12.00;USD 3.00` for several.
fn totals(entries: &[&StatementEntry], sign: i64) -> String {
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    for entry in entries {
        let sum = sums.entry(entry.currency).or_default();
        if entry.amount.is_negative() == (sign < 0) {
            *sum += entry.amount.abs();
        }
    }
    let text = |(code, sum): (&Currency, &Amount)| (*code, sum.display(*code).to_string());
    match sums.iter().map(text).collect::<Vec<_>>().as_slice() {
        [] => "0.00".to_owned(),
        [(_, sum)] => sum.clone(),
        sums => {
            let one = |(code, sum): &(Currency, String)| format!("{code} {sum}");
            sums.iter().map(one).collect::<Vec<_>>().join(";")
        }
    }
}

/// A fixed sequence of numbers that look random (`SplitMix64`).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).unwrap().max(1);
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap()
    }

    /// A damaged copy: a byte changed, one put in, some taken out, or a piece repeated.
    pub(super) fn damage(&mut self, bytes: &[u8], likely: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let at = self.below(bytes.len());
        match self.below(4) {
            0 if !bytes.is_empty() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
            1 => bytes.insert(at, likely[self.below(likely.len())]),
            2 => drop(bytes.drain(at..bytes.len().min(at + 1 + self.below(40)))),
            _ => {
                let from = self.below(bytes.len());
                let piece = bytes[from..bytes.len().min(from + 60)].to_vec();
                bytes.splice(at..at, piece);
            }
        }
        bytes
    }
}
