//! A report folder, read the way a finance team's spreadsheet would read it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A row: column to value.
pub(crate) type Row = BTreeMap<String, String>;

/// The tables of every report.
pub(crate) const TABLES: [&str; 7] = [
    "discrepancies",
    "orders",
    "payouts",
    "balance",
    "coverage",
    "inputs",
    "rejected",
];

/// A report as it was when it was read; a later run does not change it.
pub(crate) struct Report {
    files: BTreeMap<String, Vec<u8>>,
}

impl Report {
    /// Reads the report in a folder.
    pub(crate) fn at(folder: &Path) -> Self {
        let entries =
            fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let read = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        };
        Self {
            files: entries.map(read).collect(),
        }
    }

    /// The rows of one table.
    pub(crate) fn table(&self, name: &str) -> Vec<Row> {
        let bytes = &self.files[&format!("{name}.csv")];
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        reader.deserialize().map(Result::unwrap).collect()
    }

    /// The discrepancies of one code.
    pub(crate) fn found(&self, code: &str) -> Vec<Row> {
        let mut rows = self.table("discrepancies");
        rows.retain(|row| row["code"] == code);
        rows
    }

    /// The only discrepancy of one code.
    pub(crate) fn only(&self, code: &str) -> Row {
        let mut rows = self.found(code);
        assert_eq!(rows.len(), 1, "{code}: {rows:#?}");
        rows.remove(0)
    }

    /// The row of one file in `inputs.csv`.
    pub(crate) fn input(&self, file: &str) -> Row {
        let mut rows = self.table("inputs");
        rows.retain(|row| row["file"] == file);
        assert_eq!(rows.len(), 1, "{file}: {:#?}", self.table("inputs"));
        rows.remove(0)
    }

    /// Every file of the folder, byte for byte.
    pub(crate) fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        self.files.clone()
    }

    /// Asserts what must hold of every report, whatever it is about.
    pub(crate) fn is_sound(&self) -> &Self {
        for row in self.table("balance") {
            assert_eq!(
                row["residual"].parse::<rust_decimal::Decimal>(),
                Ok(0.into()),
                "{row:?}"
            );
        }
        for row in self.table("inputs") {
            let count = |column: &str| row[column].parse::<u64>().unwrap();
            assert_eq!(
                count("rows"),
                count("accepted") + count("rejected"),
                "{row:?}"
            );
        }
        let mut ids: Vec<String> = self
            .table("discrepancies")
            .into_iter()
            .map(|row| row["id"].clone())
            .collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id stands twice");
        self
    }
}

/// Asserts that two reports are the same bytes, and shows the first line that is not.
pub(crate) fn assert_same(
    left: &BTreeMap<String, Vec<u8>>,
    right: &BTreeMap<String, Vec<u8>>,
    what: &str,
) {
    let names = |report: &BTreeMap<String, Vec<u8>>| report.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(left), names(right), "{what}: the files");
    for (name, bytes) in left {
        let (one, other) = (String::from_utf8_lossy(bytes), &right[name]);
        let other = String::from_utf8_lossy(other);
        for (at, (a, b)) in one.lines().zip(other.lines()).enumerate() {
            assert_eq!(a, b, "{what}: {name}, line {}", at + 1);
        }
        assert_eq!(one, other, "{what}: {name}");
    }
}

#[test]
fn a_difference_of_one_byte_is_noticed() {
    let report = |text: &str| [("a.csv".to_owned(), text.as_bytes().to_vec())].into();
    assert_same(&report("x\ny\n"), &report("x\ny\n"), "same");
    for other in ["x\nz\n", "x\ny\nz\n", "x\ny"] {
        let noticed =
            std::panic::catch_unwind(|| assert_same(&report("x\ny\n"), &report(other), ""));
        assert!(noticed.is_err(), "{other:?}");
    }
}
