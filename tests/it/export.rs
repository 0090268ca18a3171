//! `export`: the journal of the samples in four formats, checked by the programs that read them and
//! by the rules of their formats; and its receivable against the balance of the report.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};

use rust_decimal::Decimal;

use crate::company::{AS_OF, Company};
use crate::samples;
use crate::skipped;

const FROM: &str = "2026-10-01";

/// The samples after their night, with more settings.
fn company(more: &str) -> Company {
    let company = samples::company_with(|config| format!("{config}\n{more}"));
    company.run(AS_OF, &[]).exits(3);
    company
}

fn export(company: &Company, format: &str, (from, to): (&str, &str)) -> Vec<u8> {
    let mut command = company.command(&["export", format, "--from", from, "--to", to]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{format}: {said}");
    output.stdout
}

fn decimal(text: &str) -> Decimal {
    text.replace(',', ".")
        .parse()
        .unwrap_or_else(|_| panic!("{text}"))
}

fn not_zero(mut sums: BTreeMap<String, Decimal>) -> BTreeMap<String, Decimal> {
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

/// What the report calls open, by provider where it is not zero: the balance table's places that are not settled, and
/// what is missing of mismatched payouts.
fn open_items(company: &Company) -> BTreeMap<String, Decimal> {
    let report = company.report(AS_OF);
    let mut open = BTreeMap::new();
    for row in report.table("balance") {
        let places = ["not_received", "pending", "carried_over", "unassigned"];
        let sum: Decimal = places.iter().map(|place| decimal(&row[*place])).sum();
        *open.entry(row["provider"].clone()).or_insert(Decimal::ZERO) += sum;
    }
    for row in report.table("payouts") {
        if row["state"] == "mismatched" {
            *open.get_mut(&row["provider"]).unwrap() -= decimal(&row["difference"]);
        }
    }
    // As the samples' story says: 195.30 + 809.17 − 161.58 + 204.14 + 10.00 − 102.07, and −145.00.
    assert_eq!(open["oney"], decimal("954.96"));
    assert_eq!(open["oney-es"], decimal("-145.00"));
    not_zero(open)
}

/// The rows of a FEC, checked against its rules.
fn fec_rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut lines = text.strip_suffix("\r\n").unwrap().split("\r\n");
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let day = regex::Regex::new(r"^20\d{6}$").unwrap();
    let amount = regex::Regex::new(r"^\d+,\d{2}$").unwrap();
    let account = regex::Regex::new(r"^\d{3}").unwrap();
    let mut rows = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!((header.len(), fields.len()), (18, 18), "{line}");
        let row: BTreeMap<String, String> = header
            .iter()
            .zip(fields)
            .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
            .collect();
        for name in ["EcritureDate", "PieceDate", "ValidDate"] {
            assert!(day.is_match(&row[name]), "{line}");
        }
        assert!(row["EcritureDate"] <= row["ValidDate"], "{line}");
        assert!(account.is_match(&row["CompteNum"]), "{line}");
        assert!(
            amount.is_match(&row["Debit"]) && amount.is_match(&row["Credit"]),
            "{line}"
        );
        assert!(
            (row["Debit"] == "0,00") != (row["Credit"] == "0,00"),
            "{line}"
        );
        for name in [
            "JournalCode",
            "JournalLib",
            "CompteLib",
            "PieceRef",
            "EcritureLib",
        ] {
            assert!(!row[name].is_empty(), "{name}: {line}");
        }
        assert!(row["PieceRef"].contains(':'), "file and line: {line}");
        rows.push(row);
    }
    rows
}

#[test]
fn a_fec_keeps_its_rules_and_its_receivable_is_what_is_open() {
    let company = company("");
    let rows = fec_rows(&export(&company, "fec", (FROM, AS_OF)));
    let mut entries: BTreeMap<(String, u64), Decimal> = BTreeMap::new();
    let mut receivable: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut bank = Decimal::ZERO;
    for row in &rows {
        let number = row["EcritureNum"].parse().unwrap();
        let amount = decimal(&row["Debit"]) - decimal(&row["Credit"]);
        *entries
            .entry((row["JournalCode"].clone(), number))
            .or_default() += amount;
        if row["CompteNum"].starts_with("467") {
            *receivable
                .entry(row["CompAuxNum"].to_lowercase())
                .or_default() += amount;
        }
        if row["CompteNum"].starts_with("512") {
            bank += amount;
        }
    }
    assert!(
        entries.values().all(Decimal::is_zero),
        "each entry balances"
    );
    for journal in ["PSP", "BQ"] {
        let numbers = entries.keys().filter(|(code, _)| code == journal);
        let numbers: Vec<u64> = numbers.map(|(_, number)| *number).collect();
        let last = u64::try_from(numbers.len()).unwrap();
        assert!(
            last > 10 && numbers == (1..=last).collect::<Vec<_>>(),
            "{journal}"
        );
    }
    assert_eq!(not_zero(receivable), open_items(&company));
    // Matched and mismatched payouts as booked, the commissions of October, and what is
    // unexplained: two of 459.61, 162.01, 204.14, 203.16, −35.00.
    let matched = ["507.72", "10125.48", "440.00", "1363.99"].map(decimal);
    let mismatched = ["483.31", "593.98"].map(decimal);
    let payouts: Decimal = matched.into_iter().chain(mismatched).sum();
    assert_eq!(bank, payouts - decimal("12.00") + decimal("1453.53"));
}

#[test]
fn a_datev_file_keeps_its_rules_and_its_clearing_account_is_what_is_open() {
    let company = company("");
    let bytes = export(&company, "datev", (FROM, AS_OF));
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let mut lines = text.strip_suffix("\r\n").unwrap().split("\r\n");
    let header: Vec<&str> = lines.next().unwrap().split(';').collect();
    assert_eq!(header.len(), 31);
    assert_eq!(
        header[..5],
        ["\"EXTF\"", "700", "21", "\"Buchungsstapel\"", "13"]
    );
    assert_eq!(header[12..16], ["20260101", "4", "20261001", "20261120"]);
    assert_eq!(lines.next().unwrap().split(';').count(), 125);
    let turnover = regex::Regex::new(r"^\d{1,10},\d{2}$").unwrap();
    let account = regex::Regex::new(r"^[1-9]\d{3,4}$").unwrap();
    let reference = regex::Regex::new(r#"^"[A-Za-z0-9$%&*+\-/]{0,36}"$"#).unwrap();
    let mut clearing = Decimal::ZERO;
    for line in lines {
        let fields: Vec<&str> = line.split(';').collect();
        assert_eq!(fields.len(), 125, "{line}");
        assert!(
            turnover.is_match(fields[0]) && decimal(fields[0]) > Decimal::ZERO,
            "{line}"
        );
        assert!(
            account.is_match(fields[6]) && account.is_match(fields[7]),
            "{line}"
        );
        assert!(reference.is_match(fields[10]), "{line}");
        assert!(
            fields[13].starts_with('"') && fields[13].chars().count() <= 62,
            "{line}"
        );
        let (day, month) = fields[9].split_at(2);
        assert!((1..=31).contains(&day.parse::<u32>().unwrap()), "{line}");
        assert!(["10", "11"].contains(&month), "{line}");
        let debit = match fields[1] {
            "\"S\"" => decimal(fields[0]),
            "\"H\"" => -decimal(fields[0]),
            other => panic!("{other}: {line}"),
        };
        clearing += if fields[6] == "1500" {
            debit
        } else {
            Decimal::ZERO
        };
        clearing -= if fields[7] == "1500" {
            debit
        } else {
            Decimal::ZERO
        };
    }
    assert_eq!(
        clearing,
        open_items(&company).into_values().sum::<Decimal>()
    );
}

/// Runs a checker of another project; `None` where it is not installed.
fn checker(program: &str, words: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        skipped(&format!(
            "{program} is not installed (scripts/test.sh installs it)"
        ));
        return None;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {words:?}: {said}{errors}"
    );
    Some(said)
}

#[test]
fn hledger_accepts_the_journal_and_finds_the_receivable_that_is_open() {
    let company = company("");
    company.put("x.journal", export(&company, "hledger", (FROM, AS_OF)));
    let path = company.path("x.journal");
    let file = path.to_str().unwrap();
    let more = ["ordereddates", "payees", "uniqueleafnames"];
    let strict = ["-f", file, "check", "--strict"];
    if checker("hledger", &strict).is_none() {
        return;
    }
    checker("hledger", &[&["-f", file, "check"], &more[..]].concat());
    let words = [
        "-f",
        file,
        "balance",
        "assets:receivable",
        "-O",
        "csv",
        "-N",
    ];
    let said = checker("hledger", &words).unwrap();
    let balances: BTreeMap<String, Decimal> = said
        .lines()
        .skip(1)
        .map(|line| {
            let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
            let provider = account.rsplit(':').next().unwrap();
            (
                provider.to_owned(),
                decimal(amount.trim_end_matches(" EUR")),
            )
        })
        .collect();
    assert_eq!(balances, open_items(&company));
}

#[test]
fn bean_check_accepts_the_ledger() {
    let company = company("");
    let ledger = String::from_utf8(export(&company, "beancount", (FROM, AS_OF))).unwrap();
    // What the ledger says of itself, asked of beancount: the balance at the start of the next day.
    let open = open_items(&company);
    let asserted = format!(
        "{ledger}\n2026-11-21 balance Assets:Receivable:Oney {} ~ 0.00 EUR\n\
         2026-11-21 balance Assets:Receivable:Oney-es {} ~ 0.00 EUR\n",
        open["oney"], open["oney-es"]
    );
    company.put("x.beancount", asserted);
    let path = company.path("x.beancount");
    #[expect(
        clippy::disallowed_methods,
        reason = "scripts/test.sh says where it is"
    )]
    let program = std::env::var("CRP_RECON_BEAN_CHECK").unwrap_or("bean-check".to_owned());
    checker(&program, &[path.to_str().unwrap()]);
}

/// Everything but headers: rows of FEC and DATEV, transactions of the others, with their numbers.
fn body(format: &str, bytes: &[u8]) -> Vec<String> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    match format {
        "fec" => text.lines().skip(1).map(str::to_owned).collect(),
        "datev" => text.lines().skip(2).map(str::to_owned).collect(),
        _ => {
            let entries = text.split("\n\n").skip(1);
            entries.map(|entry| entry.trim_end().to_owned()).collect()
        }
    }
}

#[test]
fn exports_of_consecutive_days_are_the_export_of_all_of_them() {
    let company = company("");
    for format in ["fec", "datev", "hledger", "beancount"] {
        let of = |days| body(format, &export(&company, format, days));
        let pieces = [
            of((FROM, "2026-10-31")),
            of(("2026-11-01", "2026-11-09")),
            of(("2026-11-10", "2026-12-31")),
        ];
        let whole = of((FROM, AS_OF));
        assert!(pieces.iter().all(|piece| piece.len() > 10), "{format}");
        assert_eq!(pieces.concat(), whole, "{format}");
        assert_eq!(of((FROM, AS_OF)), whole, "twice the same");
    }
}

#[test]
fn line_by_line_the_journal_has_the_same_balances_and_names_orders() {
    let company = company("[accounts]\ndetail = \"line\"\n");
    let rows = fec_rows(&export(&company, "fec", (FROM, AS_OF)));
    let mut receivable: BTreeMap<String, Decimal> = BTreeMap::new();
    for row in rows.iter().filter(|row| row["CompteNum"] == "467100") {
        let amount = decimal(&row["Debit"]) - decimal(&row["Credit"]);
        *receivable
            .entry(row["CompAuxNum"].to_lowercase())
            .or_default() += amount;
    }
    assert_eq!(not_zero(receivable), open_items(&company));
    let order = rows
        .iter()
        .find(|row| row["EcritureLib"] == "Oney Financement WEB-1017");
    assert_eq!(order.unwrap()["PieceRef"], "crp_fr_v3_261020_419.csv:3");
    let pieces = ["2026-10-25", "2026-10-26"];
    let of = |days| body("fec", &export(&company, "fec", days));
    let two = [of((FROM, pieces[0])), of((pieces[1], AS_OF))].concat();
    assert_eq!(two, of((FROM, AS_OF)));
}

#[test]
fn accounts_and_journals_are_those_of_the_configuration() {
    let company = company(
        "[accounts.fec]\nsiren = \"123456789\"\nbank_journal = \"B1 Banques\"\n\
         receivable = \"467900 Divers\"\n[accounts.fec.provider.oney]\n\
         receivable = \"467101 Oney\"\n[accounts.fec.banks]\n\
         \"FR76 3000 6000 0112 3456 7890 189\" = \"512100 Banque principale\"\n",
    );
    let rows = fec_rows(&export(&company, "fec", (FROM, AS_OF)));
    let accounts: BTreeSet<(&str, &str)> = rows
        .iter()
        .map(|row| (row["CompteNum"].as_str(), row["CompteLib"].as_str()))
        .collect();
    for account in [
        ("467101", "Oney"),
        ("467900", "Divers"),
        ("512100", "Banque principale"),
        ("512000", "Banque"),
    ] {
        assert!(accounts.contains(&account), "{account:?} in {accounts:?}");
    }
    assert!(
        rows.iter()
            .any(|row| row["JournalCode"] == "B1" && row["JournalLib"] == "Banques")
    );
    // In a folder the file has the name that its format gives it.
    let folder = company.path("exports");
    fs::create_dir(&folder).unwrap();
    let days = [
        "--from",
        FROM,
        "--to",
        AS_OF,
        "--out",
        folder.to_str().unwrap(),
    ];
    company
        .call(&[&["export", "fec"], &days[..]].concat())
        .exits(0);
    let names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(names, ["123456789FEC20261231.txt"]);
}

#[test]
fn a_file_is_written_whole_and_a_wrong_use_writes_none() {
    let company = company("");
    let file = company.path("october.txt");
    let out = ["--out", file.to_str().unwrap()];
    let days = ["--from", FROM, "--to", "2026-10-31"];
    let answer = company
        .call(&[&["export", "fec"], &days[..], &out[..]].concat())
        .exits(0);
    assert_eq!(answer.stdout, "");
    assert_eq!(
        fs::read(&file).unwrap(),
        export(&company, "fec", (FROM, "2026-10-31"))
    );

    #[expect(clippy::disallowed_methods, reason = "an export, no input")]
    fs::remove_file(&file).unwrap();
    for (words, part) in [
        (vec!["export", "fec", "--from", FROM], "--to"),
        (
            vec!["export", "sage", "--from", FROM, "--to", AS_OF],
            "beancount",
        ),
        (
            vec!["export", "fec", "--from", AS_OF, "--to", FROM],
            "before it begins",
        ),
    ] {
        company
            .call(&[&words[..], &out[..]].concat())
            .exits(2)
            .says(part);
    }
    let folder = company.path("var");
    let into = ["--out", folder.to_str().unwrap()];
    let answer = company.call(&[&["export", "fec"], &days[..], &into[..]].concat());
    answer.exits(2).says("`siren` in [accounts.fec]");
    assert!(!file.exists());

    let empty = Company::new();
    let answer = empty.call(&[&["export", "fec"], &days[..]].concat());
    answer.exits(1).says("no night is recorded yet");
}

#[test]
fn what_is_matched_is_lettered_and_what_is_not_is_open() {
    let company = company("");
    let rows = fec_rows(&export(&company, "fec", (FROM, AS_OF)));
    let mut lettered: BTreeMap<(String, String), Vec<&BTreeMap<String, String>>> = BTreeMap::new();
    let mut open: BTreeMap<String, Decimal> = BTreeMap::new();
    let amount = |row: &BTreeMap<String, String>| decimal(&row["Debit"]) - decimal(&row["Credit"]);
    for row in &rows {
        assert_eq!(row["EcritureLet"].is_empty(), row["DateLet"].is_empty());
        if !row["EcritureLet"].is_empty() {
            let key = (row["CompteNum"].clone(), row["EcritureLet"].clone());
            lettered.entry(key).or_default().push(row);
        } else if row["CompteNum"].starts_with("467") {
            *open.entry(row["CompAuxNum"].to_lowercase()).or_default() += amount(row);
        }
    }
    assert!(lettered.len() > 20, "{}", lettered.len());
    for (key, lines) in lettered {
        let sum: Decimal = lines.iter().map(|row| amount(row)).sum();
        assert!(sum.is_zero() && lines.len() > 1, "{key:?}: {sum}");
        let last = lines.iter().map(|row| &row["EcritureDate"]).max().unwrap();
        assert!(lines.iter().all(|row| &row["DateLet"] == last), "{key:?}");
        let parties: BTreeSet<_> = lines.iter().map(|row| &row["CompAuxNum"]).collect();
        assert_eq!(parties.len(), 1, "{key:?}");
    }
    assert_eq!(not_zero(open), open_items(&company));
}

#[test]
fn a_journal_for_one_companys_books_holds_no_other_companys_contract() {
    let company = samples::company_with(|config| {
        config
            .replace(
                "[provider.oney]\n",
                "[provider.oney]\ncompany = \"Maison Exemple\"\n",
            )
            .replace(
                "[provider.payone]\n",
                "[provider.payone]\ncompany = \"Beispiel\"\n",
            )
    });
    company.run(AS_OF, &[]).exits(3);
    let days = ["--from", FROM, "--to", AS_OF];
    let refused = company.call(&[&["export", "datev"], &days[..]].concat());
    refused
        .exits(2)
        .says("say which with --company or --provider");
    let unknown = company.call(&[&["export", "fec", "--company", "Byspiel"], &days[..]].concat());
    unknown.exits(2).says("known are Beispiel, Maison Exemple");
    let of = |more: &[&str]| {
        let answer = company
            .call(&[&["export", "fec"], &days[..], more].concat())
            .exits(0);
        fec_rows(answer.stdout.as_bytes())
    };
    let rows = of(&["--company", "Maison Exemple"]);
    assert_eq!(rows, of(&["--provider", "oney"]));
    let parties: BTreeSet<&str> = rows.iter().map(|row| row["CompAuxNum"].as_str()).collect();
    assert_eq!(parties, BTreeSet::from(["", "ONEY"]));
    let numbers: BTreeSet<u64> = (rows.iter())
        .filter(|row| row["JournalCode"] == "PSP")
        .map(|row| row["EcritureNum"].parse().unwrap())
        .collect();
    assert_eq!(
        numbers.iter().max(),
        Some(&u64::try_from(numbers.len()).unwrap())
    );
}
