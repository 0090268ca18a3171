//! Statements of third parties, as `ingest --dry-run --json` tells them, beside what was expected
//! of each file by hand: entries, totals, balances, and which files must not be taken.
//!
//! The files are not part of this repository. `CRP_RECON_FIXTURES` names their folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use serde_json::Value;

use crate::company::Company;
use crate::skipped;

/// Columns in which a file is not what the table says, and why.
const KNOWN: [(&str, &[&str], &str); 5] = [
    (
        "camt054.v2.with-account-name.xml",
        UNDATED,
        "its entry has no date at all: a rejected row, and none of its money is dated by guess",
    ),
    ("camt054.v8-with-UETR.xml", UNDATED, "the same"),
    (
        "camt054.v8-with-financial-institution.xml",
        UNDATED,
        "the same",
    ),
    (
        "viafintech/053/valid_example_v8.xml",
        &["expected_credit_total", "expected_debit_total"],
        "an entry in EUR on an account in CHF takes no part in the totals of the statement",
    ),
    (
        "ts-coda-parser/sample2.cod",
        &["closing", "balanced"],
        "edited to a closing balance of 23154.685: no amount in euro, so the record is rejected",
    ),
];

const UNDATED: &[&str] = &["split_entries", "expected_debit_total"];

/// Files that one call reads.
const FILES_A_CALL: usize = 40;

/// A line of `expected.tsv`.
struct Expected {
    path: PathBuf,
    fields: BTreeMap<String, String>,
}

impl Expected {
    fn field(&self, column: &str) -> &str {
        &self.fields[column]
    }

    fn is_known(&self, column: &str) -> bool {
        let known = |(path, columns, _): &(&str, &[&str], &str)| {
            self.field("path").ends_with(path) && columns.contains(&column)
        };
        KNOWN.iter().any(known)
    }
}

/// What is expected of the files, or `None` where they are not at hand.
fn expected() -> Option<Vec<Expected>> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its files")]
    let folder = std::env::var("CRP_RECON_FIXTURES").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
        PathBuf::from,
    );
    let folder = folder.join("statements");
    let Ok(table) = std::fs::read_to_string(folder.join("expected.tsv")) else {
        skipped(&format!(
            "no expected.tsv in {}; set CRP_RECON_FIXTURES",
            folder.display()
        ));
        return None;
    };
    let folder = folder.canonicalize().unwrap();
    let mut lines = table
        .lines()
        .map(|line| line.split('\t').map(str::to_owned));
    let names: Vec<String> = lines.next().unwrap().collect();
    let fields = lines.map(|values| names.iter().cloned().zip(values).collect());
    let rows = fields.map(|fields: BTreeMap<String, String>| Expected {
        path: folder.join(&fields["path"]),
        fields,
    });
    Some(rows.collect())
}

/// What the binary says of files, by their SHA-256.
fn told(company: &Company, files: &[Expected]) -> BTreeMap<String, Value> {
    let mut told = BTreeMap::new();
    for some in files.chunks(FILES_A_CALL) {
        let mut words = vec!["ingest", "--dry-run", "--json"];
        words.extend(some.iter().map(|file| file.path.to_str().unwrap()));
        let answer: Value = serde_json::from_str(&company.call(&words).done().stdout).unwrap();
        for row in answer["files"].as_array().unwrap() {
            let name = row["sha256"].as_str().unwrap().to_owned();
            // The same bytes under two names are told once.
            if row["status"] != "duplicate" {
                told.insert(name, row.clone());
            }
        }
    }
    told
}

#[test]
fn third_party_statements_have_the_expected_entries_totals_and_balances() {
    let Some(files) = expected() else { return };
    let told = told(&Company::new(), &files);
    let mut differences = Vec::new();
    let mut compared = 0;
    for file in files.iter().filter(|file| file.field("format") != "csv") {
        let row = &told[file.field("sha256")];
        for (column, actual) in figures(row, file.field("class")) {
            let expected = file.field(column);
            compared += 1;
            if !expected.is_empty() && expected != actual && !file.is_known(column) {
                let (path, reason) = (file.field("path"), &row["reason"]);
                differences.push(format!(
                    "{path}: {column}: {expected} expected, {actual} told; {reason}"
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared > 2_000, "only {compared} figures were compared");
}

/// The columns of `expected.tsv` as the binary tells them; of a file that must not be taken only
/// whether it was.
fn figures(row: &Value, class: &str) -> Vec<(&'static str, String)> {
    let is_complete = row["status"] == "accepted" && row["rejected"] == 0;
    if class == "invalid" {
        let class = if is_complete { "valid" } else { "invalid" };
        return vec![("class", class.to_owned())];
    }
    let statements = row["statements"].as_array().unwrap().as_slice();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let balances = |column: &str| {
        let all = statements.iter().map(|one| text(&one[column]));
        all.collect::<Vec<_>>().join(";")
    };
    let entries: u64 = statements
        .iter()
        .filter_map(|one| one["entries"].as_u64())
        .sum();
    vec![
        ("statements", statements.len().to_string()),
        ("split_entries", entries.to_string()),
        ("expected_credit_total", totals(statements, "credits")),
        ("expected_debit_total", totals(statements, "debits")),
        ("opening", balances("opening")),
        ("closing", balances("closing")),
        ("balanced", balanced(statements).to_owned()),
    ]
}

/// `12.00` for one currency, `EUR 12.00;USD 3.00` for several.
fn totals(statements: &[Value], column: &str) -> String {
    let mut sums: BTreeMap<&str, Decimal> = BTreeMap::new();
    for one in statements {
        let amount: Decimal = one[column].as_str().unwrap().parse().unwrap();
        *sums
            .entry(one["currency"].as_str().unwrap_or("EUR"))
            .or_default() += amount;
    }
    match sums.iter().collect::<Vec<_>>().as_slice() {
        [] => "0.00".to_owned(),
        [(_, sum)] => sum.to_string(),
        sums => {
            let all = sums
                .iter()
                .map(|(currency, sum)| format!("{currency} {sum}"));
            all.collect::<Vec<_>>().join(";")
        }
    }
}

/// `no` when a statement does not add up, `yes` when all do, else nothing.
fn balanced(statements: &[Value]) -> &'static str {
    let mut all = statements.iter().map(|one| one["balanced"].as_bool());
    if all.clone().any(|one| one == Some(false)) {
        "no"
    } else if !statements.is_empty() && all.all(|one| one == Some(true)) {
        "yes"
    } else {
        ""
    }
}
