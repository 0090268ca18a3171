//! The samples: a complete small company whose every planted difference is found, and nothing
//! else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::company::{AS_OF, Company};
use crate::report::{Report, Row, TABLES};

/// What `expected.csv` says of every discrepancy.
const ALWAYS: [&str; 7] = [
    "code",
    "provider",
    "order_reference",
    "currency",
    "expected",
    "actual",
    "event_date",
];

/// What it says only where the key names it.
const WHERE_FILLED: [&str; 5] = [
    "transaction_id",
    "payout_reference",
    "account",
    "bank_entry",
    "file",
];

fn samples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/samples"))
}

/// A company with the samples' configuration and files, and nothing that an earlier run left.
fn company() -> Company {
    company_with(str::to_owned)
}

/// The same with another configuration.
pub(crate) fn company_with(change: impl Fn(&str) -> String) -> Company {
    let config = fs::read_to_string(samples().join("recon.toml")).unwrap();
    let company = Company::with(&change(&config));
    let folders = ["inbox", "delivery"].map(|name| fs::read_dir(samples().join(name)).unwrap());
    for inbox in folders.into_iter().flatten() {
        let inbox = inbox.unwrap();
        let folder = inbox.path().strip_prefix(samples()).unwrap().to_owned();
        fs::create_dir_all(company.path(folder.to_str().unwrap())).unwrap();
        for file in fs::read_dir(inbox.path()).unwrap() {
            let file = file.unwrap();
            // Where the samples were run, a fetch has left a folder of its own.
            if file.path().is_dir() {
                continue;
            }
            let target = folder.join(file.file_name());
            company.put(target.to_str().unwrap(), fs::read(file.path()).unwrap());
        }
    }
    company
}

fn report() -> Report {
    let company = company();
    company.run(AS_OF, &[]).exits(3);
    let report = company.report(AS_OF);
    report.is_sound();
    report
}

fn is_row(expected: &Row, found: &Row) -> bool {
    let same = |column: &&'static str| expected[*column] == found[*column];
    let filled = |column: &&str| !expected[*column].is_empty();
    ALWAYS.iter().all(same) && WHERE_FILLED.iter().filter(|c| filled(c)).all(same)
}

#[test]
fn exactly_the_planted_differences_are_found() {
    let expected: Vec<Row> = csv::Reader::from_path(samples().join("expected.csv"))
        .unwrap()
        .deserialize()
        .map(Result::unwrap)
        .collect();
    let mut found = report().table("discrepancies");
    let missing: Vec<&Row> = expected
        .iter()
        .filter(
            |row| match found.iter().position(|other| is_row(row, other)) {
                Some(at) => {
                    found.swap_remove(at);
                    false
                }
                None => true,
            },
        )
        .collect();
    assert!(
        missing.is_empty() && found.is_empty(),
        "missing {missing:#?}\nextra {found:#?}"
    );
    assert_eq!(expected.len(), 52);
}

#[test]
fn every_code_of_the_catalogue_is_in_the_samples() {
    let expected = fs::read_to_string(samples().join("expected.csv")).unwrap();
    let shown: BTreeSet<&str> = expected
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    for code in crp_recon::domain::discrepancy::Code::ALL {
        assert!(shown.contains(code.word()), "{}", code.word());
    }
}

/// The tables of the report, byte for byte; the page and the workbook have tests of their own. `INSTA_UPDATE=always cargo test samples` accepts what is new;
/// the difference is then read like any other change.
#[test]
fn the_report_of_the_samples_is_as_it_was() {
    let report = report();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden/samples");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut bytes = report.bytes();
    for other in ["report.html", "report.xlsx", "manifest.json"] {
        assert!(
            bytes.remove(other).is_some_and(|page| !page.is_empty()),
            "{other}"
        );
    }
    let names: BTreeSet<String> = TABLES
        .iter()
        .map(|table| format!("{table}.csv"))
        .chain(["summary.json".to_owned()])
        .collect();
    assert_eq!(bytes.keys().cloned().collect::<BTreeSet<_>>(), names);
    settings.bind(|| {
        for (name, bytes) in &bytes {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(!text.contains('\r'), "{name}");
            insta::assert_snapshot!(name.as_str(), text);
        }
    });
}
