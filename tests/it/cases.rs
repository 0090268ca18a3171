//! Small files as banks and providers really send them, each with the one right answer: what is
//! read of it, or the sentence that refuses it. `tests/it/cases` has a folder for each.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::company::Company;

/// A file of a case, and how it is read.
struct Case<'c> {
    file: &'c str,
    kind: &'c str,
    /// What a `[[profile]]` says; empty for no profile.
    profile: &'c str,
    /// What the command tells of the file.
    expected: &'c [&'c str],
}

const OURS: &str = "[profile.fixed]\naccount = \"DE89370400440532013000\"\n";

impl<'c> Case<'c> {
    const fn bank(file: &'c str, profile: &'c str, expected: &'c [&'c str]) -> Self {
        Self {
            file,
            kind: "bank-statement",
            profile,
            expected,
        }
    }
}

/// What `ingest --dry-run --json` tells of a file: counts, reason, statements.
fn told(case: &Case<'_>) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/cases")
        .join(case.file);
    let (kind, profile) = (case.kind, case.profile);
    let mut toml = "[database]\nurl = \"sqlite://recon.db\"\n".to_owned();
    let base = if kind == "settlement" {
        "settlement"
    } else {
        "bank-csv"
    };
    write!(
        toml,
        "[[profile]]\nname = \"ours\"\nextends = {base:?}\n{profile}\
         [[input]]\nkind = {kind:?}\npath = \"inbox\"\nprofile = \"ours\"\n"
    )
    .unwrap();
    if kind == "settlement" {
        toml.push_str("provider = \"acme\"\n");
    }
    let company = Company::with(&toml);
    let file = path.to_string_lossy();
    let answer = company.call(&["ingest", "--dry-run", "--json", "--kind", kind, &file]);
    let json: Value = serde_json::from_str(&answer.stdout).unwrap();
    let file = &json["files"][0];
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut told = vec![format!(
        "{} rows={} rejected={}",
        text(&file["status"]),
        file["rows"],
        file["rejected"]
    )];
    if let Some(reason) = file["reason"].as_str().filter(|reason| !reason.is_empty()) {
        told.push(reason.to_owned());
    }
    for one in file["statements"].as_array().into_iter().flatten() {
        told.push(format!(
            "{} {} {} entries +{} -{} from {} to {}",
            text(&one["account"]),
            text(&one["currency"]),
            one["entries"],
            text(&one["credits"]),
            text(&one["debits"]),
            text(&one["opening"]),
            text(&one["closing"])
        ));
    }
    told
}

const CASES: [Case<'static>; 15] = [
    Case::bank(
        "mt940-amount-without-comma/statement.sta",
        "",
        &[
            "accepted rows=2 rejected=0",
            "NL20INGB0001234567 EUR 2 entries +450.00 -300.00 from 1200.00 to 1350.00",
        ],
    ),
    Case::bank(
        "mt940-tag-after-line-break/statement.sta",
        "",
        &[
            "accepted rows=3 rejected=0",
            "12030000/0001234567 EUR 3 entries +55.00 -5.00 from 100.00 to 150.00",
        ],
    ),
    Case::bank(
        "coda-blank-account-structure/statement.cod",
        "",
        &[
            "accepted rows=1 rejected=0",
            "000123456789 EUR 1 entries +250.25 -0.00 from 1000.00 to 1250.25",
        ],
    ),
    Case::bank(
        "camt-balance-noise/statement.xml",
        "",
        &[
            "accepted rows=1 rejected=0",
            "DE89370400440532013000 EUR 1 entries +250.25 -0.00 from 100.00 to 350.25",
        ],
    ),
    Case::bank(
        "camt-reversal-same-sign/statement.xml",
        "",
        &[
            "accepted rows=2 rejected=0",
            "DE89370400440532013000 EUR 2 entries +60.00 -60.00 from 100.00 to 100.00",
        ],
    ),
    Case::bank(
        "amount-with-currency-sign/bank.csv",
        "",
        &[
            "accepted rows=3 rejected=0",
            "FR7630006000011234567890189 EUR 3 entries +253.75 -1020.00 from - to -",
        ],
    ),
    Case {
        file: "amount-with-currency-sign/settlement.csv",
        kind: "settlement",
        profile: "",
        expected: &["accepted rows=1 rejected=0"],
    },
    Case::bank(
        "csv-account-of-the-other-party/export.csv",
        OURS,
        &[
            "accepted rows=2 rejected=0",
            "DE89370400440532013000 EUR 2 entries +250.25 -80.00 from - to -",
        ],
    ),
    Case::bank(
        "csv-amount-beside-debit-and-credit/export.csv",
        OURS,
        &[
            "accepted rows=2 rejected=0",
            "DE89370400440532013000 EUR 2 entries +250.25 -80.00 from - to -",
        ],
    ),
    Case::bank(
        "csv-header-below-line-25/export.csv",
        OURS,
        &[
            "accepted rows=2 rejected=0",
            "DE89370400440532013000 EUR 2 entries +250.25 -5.00 from - to -",
        ],
    ),
    Case::bank(
        "csv-kbc-french/export.csv",
        "",
        &[
            "accepted rows=1 rejected=0",
            "BE68539007547034 EUR 1 entries +250.25 -0.00 from 1000.00 to 1250.25",
        ],
    ),
    Case::bank(
        "csv-pending-rows/export.csv",
        "",
        &[
            "accepted rows=1 rejected=0",
            "DE89370400440532013000 EUR 1 entries +250.25 -0.00 from - to -",
        ],
    ),
    Case::bank(
        "csv-rows-that-are-no-entries/export.csv",
        "skip_rows = [\"^Solde au\"]\n",
        &[
            "accepted rows=2 rejected=0",
            "FR7630006000011234567890189 EUR 2 entries +250.25 -120.00 from 1000.00 to 1130.25",
        ],
    ),
    Case::bank(
        "csv-without-a-text-column/export.csv",
        "",
        &[
            "accepted rows=1 rejected=0",
            "AT611904300234573201 EUR 1 entries +250.25 -0.00 from - to -",
        ],
    ),
    Case::bank(
        "csv-without-a-text-column/export-2.csv",
        "",
        &[
            "accepted rows=1 rejected=0",
            "AT611904300234573201 EUR 1 entries +250.25 -0.00 from - to -",
        ],
    ),
];

#[test]
fn each_case_is_read_exactly_or_refused_with_a_sentence() {
    for case in &CASES {
        assert_eq!(told(case), case.expected, "{}", case.file);
    }
}

#[test]
fn the_account_of_the_other_party_is_not_taken_for_the_own_one() {
    let content = "Datum;Empfänger;IBAN;Betrag\n05.11.2026;A;DE44200400000538917600;1,00\n\
                   06.11.2026;B;DE02120300000000202051;2,00\n";
    let company = Company::with("[database]\nurl = \"sqlite://recon.db\"\n");
    company.put("export.csv", content);
    let answer = company.call(&[
        "ingest",
        "--dry-run",
        "--kind",
        "bank-statement",
        "export.csv",
    ]);
    for part in [
        "different accounts",
        "[profile.fixed]",
        "account = [\"IBAN\"]",
    ] {
        assert!(answer.stdout.contains(part), "{}", answer.stdout);
    }
}
