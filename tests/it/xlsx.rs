//! `report.xlsx` as other programs see it: openpyxl reads it, `LibreOffice` computes it again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::company::{AS_OF, Company};
use crate::rows::{self, Row};
use crate::{samples, skipped};

const CHECK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/xlsx/check.py");

/// A configuration of the tests, of which the workbook is one of the formats.
pub(crate) fn with_workbook(config: &str) -> String {
    let changed = config.replace(
        "formats = [\"csv\", \"json\"]",
        "formats = [\"csv\", \"json\", \"xlsx\"]",
    );
    assert!(changed.contains("\"xlsx\"]"), "{changed}");
    changed
}

/// `LibreOffice`, where it is installed.
pub(crate) fn soffice() -> Option<&'static str> {
    ["soffice", "libreoffice"].into_iter().find(|name| {
        let found = Command::new(name).arg("--version").output();
        found.is_ok_and(|output| output.status.success())
    })
}

/// True where Python has openpyxl; else says what is not tried.
pub(crate) fn has_openpyxl(what: &str) -> bool {
    let openpyxl = Command::new("python3")
        .args(["-c", "import openpyxl"])
        .output();
    let has = openpyxl.is_ok_and(|output| output.status.success());
    if !has {
        skipped(&format!("{what}: install python3-openpyxl"));
    }
    has
}

/// Compares the workbook of a report with its other files, and gives what was compared.
fn compared(report: &Path) -> Option<String> {
    if !has_openpyxl("report.xlsx is not read by openpyxl") {
        return None;
    }
    let mut check = Command::new("python3");
    check.arg(CHECK).arg(report);
    match soffice() {
        Some(program) => {
            check.args(["--recalculate", program]);
        }
        None => skipped("report.xlsx is not recalculated: install libreoffice-calc-nogui"),
    }
    let output = check.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(text)
}

fn workbook(company: &Company) -> PathBuf {
    company.path("reports").join(AS_OF).join("report.xlsx")
}

#[test]
fn the_workbook_of_the_samples_says_what_the_other_files_say() {
    let company = samples::company_with(with_workbook);
    company.run(AS_OF, &[]).exits(3);
    let Some(text) = compared(&company.path("reports").join(AS_OF)) else {
        return;
    };
    let count = |what: &str| -> u64 {
        let part = text.split(", ").find(|part| part.trim().ends_with(what));
        part.unwrap().split(' ').next().unwrap().parse().unwrap()
    };
    // That something was compared at all.
    assert!(count("cells") > 2_000, "{text}");
    assert!(count("links") > 20, "{text}");
    assert!(count("formulas") > 40, "{text}");
}

#[test]
fn the_same_night_again_gives_the_same_workbook_byte_for_byte() {
    let company = samples::company_with(with_workbook);
    company.run(AS_OF, &[]).exits(3);
    let first = fs::read(workbook(&company)).unwrap();
    company.run(AS_OF, &[]).exits(3);
    assert!(first == fs::read(workbook(&company)).unwrap());
}

/// Rows as a hostile shop and a hostile customer write them, from the file to the cell.
#[test]
fn hostile_texts_of_an_order_stay_texts_in_the_workbook() {
    let company = Company::with(&with_workbook(crate::company::CONFIG));
    let long = "x".repeat(100);
    let references = [
        "=HYPERLINK('http://example.com')",
        "+33123",
        "-1+1",
        "@SUM(A1:A9)",
        "<script>alert(1)</script>",
        "Μαρία عبد",
        "_x0041_ & ]]>",
        long.as_str(),
    ];
    let orders: Vec<Row> = references
        .iter()
        .map(|reference| rows::order(reference, "2026-11-02", "200.00"))
        .collect();
    company.put("inbox/orders/orders.csv", rows::csv(&orders));
    company.knows_all_reports();
    let report = company.night(AS_OF);
    assert_eq!(report.table("orders").len(), references.len());
    assert_eq!(report.found("FUNDING_NOT_REPORTED").len(), references.len());
    compared(&company.path("reports").join(AS_OF));
}
