//! Third-party files with the values that were expected of them, where they are at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Found, XmlKind, found, identify};
use crate::domain::statement::{Statement, StatementEntry};
use crate::domain::{Amount, Currency};

/// One line of `expected.tsv`.
struct Expected {
    path: String,
    bytes: Vec<u8>,
    fields: BTreeMap<String, String>,
}

impl Expected {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).unwrap()
    }
}

/// The camt files, or none where the folder is missing.
fn fixtures() -> Vec<Expected> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its files")]
    let folder = std::env::var("CRP_RECON_FIXTURES").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
        PathBuf::from,
    );
    let folder = folder.join("statements");
    let Ok(table) = std::fs::read_to_string(folder.join("expected.tsv")) else {
        println!(
            "SKIPPED: no expected.tsv in {}; set CRP_RECON_FIXTURES",
            folder.display()
        );
        return Vec::new();
    };
    let mut lines = table
        .lines()
        .map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().unwrap().collect();
    lines
        .map(|values| {
            names
                .iter()
                .cloned()
                .zip(values)
                .collect::<BTreeMap<_, _>>()
        })
        .filter(|fields| fields["format"] == "camt")
        .map(|fields| Expected {
            path: fields["path"].clone(),
            bytes: std::fs::read(folder.join(&fields["path"])).unwrap(),
            fields,
        })
        .collect()
}

/// `12.00` for one currency, `EUR 12.00;USD 3.00` for several.
fn totals<'a>(entries: impl Iterator<Item = &'a StatementEntry> + Clone, sign: i64) -> String {
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
            let sums: Vec<_> = sums
                .iter()
                .map(|(code, sum)| format!("{code} {sum}"))
                .collect();
            sums.join(";")
        }
    }
}

fn balances(found: &Found, of: fn(&Statement) -> Option<Amount>) -> String {
    let texts: Vec<String> = found
        .statements
        .iter()
        .map(|(statement, _)| {
            let currency = statement.currency.unwrap_or(Currency::EUR);
            of(statement).map_or_else(String::new, |amount| amount.display(currency).to_string())
        })
        .collect();
    texts.join(";")
}

#[test]
fn third_party_files_give_what_is_expected_of_them() {
    let mut differences = Vec::new();
    for file in fixtures() {
        let result = found(&file.bytes);
        if file.field("class") == "invalid" {
            if result.is_ok_and(|found| found.rejected.is_empty()) {
                differences.push(format!("{}: invalid, but read as complete", file.path));
            }
            continue;
        }
        let found = match result {
            Ok(found) => found,
            Err(refusal) => {
                differences.push(format!("{}: refused: {refusal}", file.path));
                continue;
            }
        };
        assert_eq!(identify(&file.bytes), XmlKind::Camt, "{}", file.path);
        let entries = found.entries();
        if found
            .rejected
            .iter()
            .any(|row| row.column == "Ntry/BookgDt")
        {
            // An entry without any date counts in the table, but cannot be stored.
            assert_eq!(
                file.field("split_entries"),
                (entries.len() + found.rejected.len()).to_string()
            );
            continue;
        }
        let actual = [
            ("statements", found.statements.len().to_string()),
            ("split_entries", entries.len().to_string()),
            ("expected_credit_total", totals(entries.iter().copied(), 1)),
            ("expected_debit_total", totals(entries.iter().copied(), -1)),
            ("opening", balances(&found, |statement| statement.opening)),
            ("closing", balances(&found, |statement| statement.closing)),
        ];
        for (column, actual) in actual {
            let expected = file.field(column);
            if !expected.is_empty() && expected != actual {
                differences.push(format!(
                    "{}: {column}: {expected} expected, {actual} read",
                    file.path
                ));
            }
        }
        for row in &found.rejected {
            differences.push(format!("{}: rejected: {row:?}", file.path));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A fixed sequence of numbers that look random (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).unwrap().max(1);
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap()
    }
}

#[test]
fn damaged_third_party_files_never_panic() {
    let files = fixtures();
    let small = files.iter().filter(|file| file.bytes.len() < 40_000);
    let mut numbers = Numbers(1);
    let mut cut_but_read = Vec::new();
    for file in small {
        let last_tag = file
            .bytes
            .iter()
            .rposition(|byte| *byte == b'<')
            .unwrap_or(0);
        for _ in 0..6 {
            let end = numbers.below(last_tag);
            if found(&file.bytes[..end]).is_ok() {
                cut_but_read.push(format!("{} at {end}", file.path));
            }
        }
        for _ in 0..12 {
            let mut bytes = file.bytes.clone();
            let at = numbers.below(bytes.len());
            match numbers.below(4) {
                0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
                1 => bytes.insert(at, b"<>&\"'/;-0\xff"[numbers.below(10)]),
                2 => drop(bytes.drain(at..bytes.len().min(at + 1 + numbers.below(40)))),
                _ => {
                    let from = numbers.below(bytes.len());
                    let piece = bytes[from..bytes.len().min(from + 60)].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
            drop(found(&bytes));
            identify(&bytes);
        }
    }
    assert!(cut_but_read.is_empty(), "{}", cut_but_read.join("\n"));
}
