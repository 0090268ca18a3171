//! The sample lines that the documentation of the format prints.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use super::*;
use crate::ingest::profile::{ProfileDefinition, SETTLEMENT};

/// The folder of the samples; `None`, and loudly so, where it is absent.
#[expect(
    clippy::disallowed_methods,
    reason = "where the samples are is no setting of the program"
)]
fn folder() -> Option<PathBuf> {
    let root = std::env::var("CRP_RECON_FIXTURES").map_or_else(
        |_unset| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
        PathBuf::from,
    );
    let folder = root.join("unified-settlement");
    if folder.is_dir() {
        return Some(folder);
    }
    let line = format!(
        "SKIPPED: no unified-settlement in {}; set CRP_RECON_FIXTURES\n",
        root.display()
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    None
}

/// File, kind, lines, gross and fee. Added up by awk over the fields, apart from this program:
/// gross is field 15, made negative on refund, chargeback, fee, vat and repayment; net is field 16
/// or, where that is empty, gross + field 18 + field 22; fee is gross − net.
const TOTALS: [(&str, &str, usize, &str, &str); 21] = [
    ("cards", "adjustment", 2, "-35.00", "0.00"),
    ("cards", "cancellation", 1, "-76.80", "-1.77"),
    ("cards", "chargeback", 1, "-47.00", "0.00"),
    ("cards", "funding", 2, "211.13", "1.07"),
    ("paypal", "adjustment", 2, "-35.00", "0.00"),
    ("paypal", "cancellation", 1, "-5.00", "-1.09"),
    ("paypal", "chargeback", 2, "-97.00", "0.00"),
    ("paypal", "funding", 1, "125.75", "2.74"),
    ("paypal", "memo", 1, "-5000.00", "0.00"),
    ("ppro", "adjustment", 3, "-520.00", "0.00"),
    ("ppro", "cancellation", 1, "-10.00", "0.05"),
    ("ppro", "chargeback", 1, "-47.00", "0.50"),
    ("ppro", "funding", 1, "11.90", "0.45"),
    ("ppro", "memo", 1, "-2000.00", "0.00"),
    ("prepayment", "funding", 1, "10.00", "0.00"),
    ("sepa-chargeback", "adjustment", 1, "-3.50", "0.00"),
    ("sepa-chargeback", "chargeback", 1, "-19.50", "0.00"),
    ("sepa-refund", "cancellation", 1, "-15.60", "0.00"),
    ("sepa-refund", "memo", 3, "-15.60", "7.00"),
    ("sepa-settlement", "funding", 1, "66.00", "0.00"),
    ("sepa-settlement", "memo", 2, "2512.99", "0.00"),
];

fn cents(amount: &str) -> i64 {
    amount.replace('.', "").parse().unwrap()
}

#[test]
fn the_published_samples_add_up() {
    let Some(folder) = folder() else {
        return;
    };
    let expected: BTreeMap<(&str, &str), (usize, i64, i64)> = TOTALS
        .into_iter()
        .map(|(file, kind, lines, gross, fee)| ((file, kind), (lines, cents(gross), cents(fee))))
        .collect();
    let files: Vec<&str> = expected.keys().map(|(file, _)| *file).collect();
    let mut found: BTreeMap<(&str, &str), (usize, i64, i64)> = BTreeMap::new();
    for file in files {
        let content = fs::read(folder.join(file).with_extension("csv")).unwrap();
        let read = read_content(&content).unwrap();
        assert_eq!(read.complaints(), Vec::<String>::new(), "{file}");
        found.retain(|(seen, _), _| *seen != file);
        for line in &read.lines {
            let total = found.entry((file, line.kind)).or_default();
            total.0 += 1;
            total.1 += cents(&line.gross);
            total.2 += cents(&line.fee);
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn the_neighbouring_layout_with_a_header_needs_a_profile_only() {
    let Some(folder) = folder() else {
        return;
    };
    let column = |canonical: &str, title: &str| (canonical.to_owned(), vec![title.to_owned()]);
    let theirs = ProfileDefinition {
        name: "payengine".to_owned(),
        extends: Some(SETTLEMENT.to_owned()),
        dates: vec!["%d.%m.%Y".to_owned()],
        columns: [
            column("merchant", "merchantID"),
            column("kind", "trx-type"),
            column("event_time", "createdAt"),
            column("report_date", "settledAt"),
            column("gross", "initialAmount"),
            column("transaction_id", "transactionId"),
            column("order_reference", "merchantOrderId"),
            column("payout_reference", "referenceID"),
        ]
        .into(),
        notation: crate::ingest::profile::Notation {
            values: [(
                "kind".to_owned(),
                [("funding".to_owned(), vec!["retail".to_owned()])].into(),
            )]
            .into(),
            ..Default::default()
        },
        ..ProfileDefinition::default()
    };
    let theirs = Profile::resolve("payengine", &[theirs]).unwrap();
    let content = fs::read(folder.join("payengine-sepa-settlement.csv")).unwrap();
    let read = read_bytes("sepa.csv", &content, &theirs).unwrap();
    assert_eq!(
        read.brief(),
        [
            "funding 1536672478 0.20 0.00",
            "funding 1536674203 1.00 0.00"
        ]
    );
    let payouts = [
        ("055ca058b48243d0aa9ec4d155617dd6".to_owned(), 20),
        ("1d254c1d292e466c81a7eb6c548188ee".to_owned(), 100),
    ];
    assert_eq!(read.payouts, payouts.into());
}
