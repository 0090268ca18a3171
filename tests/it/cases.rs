//! Small files as banks and providers really send them, each with the one right answer: what is
//! read of it, or the sentence that refuses it. `tests/it/cases` has a folder for each.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

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
    told_by(&toml, case)
}

/// The file of a case.
fn path(case: &Case<'_>) -> PathBuf {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases");
    cases.join(case.file)
}

/// The same under a configuration.
fn told_by(toml: &str, case: &Case<'_>) -> Vec<String> {
    let company = Company::with(toml);
    let path = path(case);
    let file = path.to_string_lossy();
    let answer = company.call(&["ingest", "--dry-run", "--json", "--kind", case.kind, &file]);
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

/// What `profile infer` prints for the file of a case.
fn proposed(case: &Case<'_>) -> String {
    let company = Company::with("[database]\nurl = \"sqlite://recon.db\"\n");
    let path = path(case);
    let file = path.to_string_lossy();
    let answer = company
        .call(&["profile", "infer", &file, "--as", "ours"])
        .exits(0);
    answer.stdout
}

#[test]
fn a_proposed_profile_reads_its_file_once_the_account_is_given() {
    let tables = CASES.iter().filter(|case| case.file.contains(".csv"));
    // What only a person knows: that rows with balances are none.
    // One names another account than the company has given it.
    let is_plain = |case: &&Case<'_>| {
        !case.profile.starts_with("skip_rows") && !case.file.contains("other-party")
    };
    for case in tables.filter(is_plain) {
        let text = proposed(case);
        let given = text.replace(
            "# account = \"…\"   # your IBAN",
            "account = \"DE89370400440532013000\"",
        );
        let input = if case.kind == "settlement" {
            "provider = \"acme\"\n"
        } else {
            ""
        };
        let toml = format!(
            "[database]\nurl = \"sqlite://recon.db\"\n{given}\n[[input]]\nkind = {:?}\n\
             path = \"inbox\"\nprofile = \"ours\"\n{input}",
            case.kind
        );
        assert_eq!(told_by(&toml, case), case.expected, "{}\n{text}", case.file);
    }
}

#[test]
fn a_proposal_says_what_the_file_does_not_tell() {
    let other = Case::bank("csv-account-of-the-other-party/export.csv", "", &[]);
    let text = proposed(&other);
    for part in [
        "kind",
        "remittance = [\"Verwendungszweck\", \"Buchungstext\"]",
        "decimal_mark = \",\"",
        "2026-03-03 250.25 EUR «ACME PAY» «Auszahlung PSP-501 GUTSCHRIFT»",
        "# remittance = [\"BLZ\"]",
    ] {
        assert!(text.contains(part) || part == "kind", "{part}\n{text}");
    }
    let company = Company::with("[database]\nurl = \"sqlite://recon.db\"\n");
    company.put(
        "odd.csv",
        "Wann,Wieviel\n01/02/2026,1.50\n03/04/2026,2.50\n",
    );
    let odd = ["profile", "infer", "odd.csv", "--kind", "bank-statement"];
    let said = company.call(&odd).exits(0).stdout;
    for part in [
        "# amount = [\"Wieviel\"]",
        "# booking_date = [\"Wann\"]",
        "which column is the amount",
        "whose account it is",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let unknown = company.call(&["profile", "infer", "odd.csv"]).exits(1);
    assert!(unknown.stderr.contains("--kind"), "{unknown}");
}

#[test]
fn a_dry_run_tells_what_a_file_was_taken_for_and_each_rejected_row() {
    let company = Company::with(&format!(
        "[database]\nurl = \"sqlite://recon.db\"\n[[profile]]\nname = \"ours\"\n\
         extends = \"bank-csv\"\n{OURS}[[input]]\nkind = \"bank-statement\"\n\
         path = \"inbox/bank\"\nprofile = \"ours\"\n"
    ));
    company.put(
        "inbox/bank/export.csv",
        "Date;Montant;Libellé;Agence\n05/11/2026;12,50;PAYOUT;7\n06/11/2026;1,0O;X;7\n",
    );
    let answer = company
        .call(&["ingest", "--dry-run", "inbox/bank/export.csv"])
        .exits(3);
    for part in [
        "taken for bank-statement: it lies in the place of an [[input]] of that kind",
        "read with the profile ours",
        "booking_date = «Date»",
        "columns not used: «Agence»",
        "2026-11-05 to 2026-11-05: 1 entries, +12.50 -0.00 EUR",
        "rejected: line 3, Montant «1,0O»: is not an amount",
    ] {
        assert!(answer.stdout.contains(part), "{part}\n{answer}");
    }
    let json = company.call(&["ingest", "--dry-run", "--json", "inbox/bank/export.csv"]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["files"][0]["rejected_rows"][0]["line"], 3);
    assert_eq!(json["files"][0]["taken_for"]["profile"], "ours");
    let checked = company.call(&["check"]);
    assert!(
        checked
            .stdout
            .contains("a run would take the newest, export.csv, but for 1 of 2 rows"),
        "{checked}"
    );
    let masked = company
        .call(&["ingest", "--anonymise", "inbox/bank/export.csv"])
        .exits(0);
    assert!(
        masked.stdout.contains("99/99/9999;99,99;XXXXXX;9"),
        "{masked}"
    );
}

#[test]
fn adyen_s_settlement_details_are_read_by_their_built_in_profile() {
    let company = Company::with(
        "[database]\nurl = \"sqlite://recon.db\"\n[[input]]\nkind = \"settlement\"\n\
         path = \"inbox/oney\"\nprovider = \"oney\"\nprofile = \"adyen-settlement\"\n",
    );
    company.put(
        "inbox/oney/settlement_detail_report_batch_380.csv",
        "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,\
         Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),\
         Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),\
         Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number,Booking Date\n\
         C,M,1,A-1,oney,2026-11-05 00:21:32,CET,Settled,2,EUR,,31.45,1,EUR,,31.15,,0.16,0.05,0.09,\
         380,2026-11-06 23:50:00\n\
         C,M,3,A-2,oney,2026-11-05 01:21:32,CET,Refunded,4,EUR,10.00,,1,EUR,10.20,,,0.20,,,\
         380,2026-11-06 23:50:00\n\
         C,M,,,,2026-11-06 01:21:32,CET,MerchantPayout,TX,EUR,,,1,EUR,20.95,,,,,,\
         380,2026-11-06 23:50:00\n",
    );
    let answer = company.call(&["ingest", "--dry-run", "--json"]).exits(0);
    let json: Value = serde_json::from_str(&answer.stdout).unwrap();
    let file = &json["files"][0];
    assert_eq!(
        (&file["rows"], &file["rejected"]),
        (&Value::from(3), &Value::from(0))
    );
    // What is paid: 31.15 − 10.20; the payout itself counts nowhere.
    assert_eq!(file["gross"], "21.45");
}
