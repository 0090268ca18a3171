//! Exports of banks, and the statements that are made of them.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{ExportOptions, read_export};
use crate::domain::file::RejectedRow;
use crate::domain::statement::{Statement, StatementEntry, StatementKind, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::{BANK_CSV, Profile, ProfileDefinition};
use crate::ingest::{Refusal, RowCounts};

#[derive(Debug, Default)]
pub(super) struct Notes {
    entries: Vec<StatementEntry>,
    statements: Vec<Statement>,
    pub(super) rejected: Vec<RejectedRow>,
}

impl StatementSink for Notes {
    fn entry(&mut self, entry: StatementEntry) {
        self.entries.push(entry);
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }

    fn statement(&mut self, statement: Statement) {
        self.statements.push(statement);
    }
}

impl Notes {
    /// `2026-11-05 1204.50 EUR` of each entry.
    pub(super) fn amounts(&self) -> Vec<String> {
        let words = |entry: &StatementEntry| {
            format!(
                "{} {} {}",
                entry.booked_on,
                entry.amount.display(entry.currency),
                entry.currency
            )
        };
        self.entries.iter().map(words).collect()
    }

    /// Opening and closing balance of the only statement.
    #[track_caller]
    pub(super) fn balances(&self) -> Option<(String, String)> {
        assert_eq!(self.statements.len(), 1);
        let text = |amount: Amount| amount.display(Currency::EUR).to_string();
        let statement = &self.statements[0];
        assert_eq!(statement.opening.is_some(), statement.closing.is_some());
        Some((text(statement.opening?), text(statement.closing?)))
    }
}

fn read_bytes(
    content: &[u8],
    definition: ProfileDefinition,
) -> Result<(RowCounts, Notes), Refusal> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.csv");
    std::fs::write(&path, content).unwrap();
    let opened = OpenFile::open(&path, u64::MAX).unwrap();
    let definition = ProfileDefinition {
        name: "ours".to_owned(),
        extends: Some(BANK_CSV.to_owned()),
        ..definition
    };
    let profile = Profile::resolve("ours", &[definition])?;
    let options = ExportOptions {
        profile: &profile,
        max_rejected_percent: 10,
    };
    let mut notes = Notes::default();
    let counts = read_export(&opened, options, &mut notes)?;
    Ok((counts, notes))
}

/// A profile for exports of one account that do not name it.
fn of_account(account: &str) -> ProfileDefinition {
    ProfileDefinition {
        fixed: [("account".to_owned(), account.to_owned())].into(),
        ..ProfileDefinition::default()
    }
}

#[track_caller]
fn export(content: &str) -> Notes {
    let (counts, notes) = read_bytes(content.as_bytes(), of_account("FR76 1")).unwrap();
    assert_eq!(notes.rejected, []);
    assert_eq!(counts.rows, counts.accepted);
    notes
}

#[test]
fn every_value_of_an_entry_comes_from_its_columns() {
    let content = "IBAN;Date comptable;Date de valeur;Montant;Devise;Contrepartie;Libellé;\
                   Communication;Référence;Transaction ID\n\
                   FR76 3000 1;05/11/2026;06/11/2026;1 204,50;EUR;ONEY  BANK;VIR SEPA;\
                   TR-1   NOV;E2E-1;B-77\n";
    let (_, notes) = read_bytes(content.as_bytes(), ProfileDefinition::default()).unwrap();
    let entry = &notes.entries[0];
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(entry.booked_on, day("2026-11-05"));
    assert_eq!(entry.value_on, Some(day("2026-11-06")));
    assert_eq!(entry.amount, Amount::from_minor(120_450));
    assert_eq!(entry.currency, Currency::EUR);
    assert_eq!(entry.counterparty, "ONEY BANK");
    assert_eq!(entry.remittance, "VIR SEPA TR-1 NOV");
    assert_eq!(entry.servicer_reference, "B-77");
    assert_eq!(entry.references, ["E2E-1", "B-77"]);
    assert_eq!(entry.line, 2);
    let statement = &notes.statements[0];
    assert_eq!(statement.account, "FR7630001");
    assert_eq!(statement.kind, StatementKind::Export);
    assert_eq!(
        (statement.id.as_str(), statement.sequence.as_str()),
        ("", "")
    );
    assert_eq!(notes.balances(), None);
}

#[test]
fn one_column_carries_the_sign_or_two_columns_do() {
    let signed = export("Date;Montant\n05/11/2026;-12,50\n06/11/2026;+3,00\n");
    let expected = ["2026-11-05 -12.50 EUR", "2026-11-06 3.00 EUR"];
    assert_eq!(signed.amounts(), expected);
    for apart in [
        "Date;Débit;Crédit\n05/11/2026;12,50;\n06/11/2026;;3,00\n",
        // Banks may write the debit's sign too, and a zero on the other side.
        "Date;Débit;Crédit\n05/11/2026;-12,50;0,00\n06/11/2026;0,00;3,00\n",
    ] {
        assert_eq!(export(apart).amounts(), expected);
    }
}

#[test]
fn a_word_beside_the_amount_gives_it_its_sign() {
    for (title, debit, credit) in [
        ("D/C", "D", "c"),
        ("S/H", "S", "H"),
        ("Af Bij", "Af", "Bij"),
        ("Debit/Credit", "Debit", "CREDIT"),
        ("Débit/crédit", "Débit", "Crédit"),
        ("+/-", "-", "+"),
    ] {
        let content = format!(
            "Date;{title};Betrag\n05/11/2026;{debit};12,50\n06/11/2026;{credit};3,00\n\
             07/11/2026;{debit};-4,00\n"
        );
        let amounts = export(&content).amounts();
        let expected = [
            "2026-11-05 -12.50 EUR",
            "2026-11-06 3.00 EUR",
            "2026-11-07 -4.00 EUR",
        ];
        assert_eq!(amounts, expected, "{title}");
    }
}

#[test]
fn a_word_that_is_not_known_rejects_its_row_until_a_profile_says_what_it_means() {
    let content = "Date;Movimiento;Importe\n05/11/2026;C;12,50\n06/11/2026;A;3,00\n\
                   07/11/2026;;1,00\n";
    let column = || [("direction".to_owned(), vec!["Movimiento".to_owned()])].into();
    let plain = ProfileDefinition {
        columns: column(),
        ..of_account("ES1")
    };
    let (_, notes) = read_bytes(content.as_bytes(), plain).unwrap();
    let reasons: Vec<_> = notes
        .rejected
        .iter()
        .map(|row| (row.line, &*row.column))
        .collect();
    assert_eq!(reasons, [(3, "Movimiento"), (4, "Movimiento")]);
    assert!(
        notes.rejected[0]
            .reason
            .contains("[profile.values.direction]")
    );

    let words = |word: &str| vec![word.to_owned()];
    let mut told = ProfileDefinition {
        columns: column(),
        ..of_account("ES1")
    };
    told.notation.values = [(
        "direction".to_owned(),
        [
            ("debit".to_owned(), words("C")),
            ("credit".to_owned(), words("A")),
        ]
        .into(),
    )]
    .into();
    let (_, notes) = read_bytes(content.as_bytes(), told).unwrap();
    let expected = ["2026-11-05 -12.50 EUR", "2026-11-06 3.00 EUR"];
    assert_eq!(notes.amounts(), expected);
}

#[test]
fn a_credit_with_a_minus_contradicts_itself_and_is_rejected() {
    let content = "Date;D/C;Montant\n05/11/2026;C;-12,50\n06/11/2026;C;3,00\n";
    let (_, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-06 3.00 EUR"]);
    assert!(notes.rejected[0].reason.contains("says credit"));
}

#[test]
fn debits_in_a_column_of_no_known_name_refuse_the_file() {
    for content in [
        "Date;Montant;Nature\n05/11/2026;12,50;Débit\n06/11/2026;3,00;Débit\n",
        "Date;Montant;Kz\n05/11/2026;12,50;S\n06/11/2026;3,00;H\n",
    ] {
        let refusal = read_bytes(content.as_bytes(), of_account("A")).unwrap_err();
        assert!(
            refusal.reason.contains("direction = ["),
            "{}",
            refusal.reason
        );
    }
    // Amounts that follow the words need none; a letter may be anything; one row without a word
    // says that the column is about something else.
    for content in [
        "Date;Montant;Nature\n05/11/2026;-12,50;Débit\n06/11/2026;3,00;Crédit\n",
        "Date;Montant;Etat\n05/11/2026;12,50;D\n06/11/2026;3,00;D\n",
        "Date;Montant;Nature\n05/11/2026;12,50;Débit\n06/11/2026;3,00;Virement\n",
    ] {
        assert_eq!(export(content).entries.len(), 2);
    }
}

#[test]
fn a_file_of_several_accounts_is_a_statement_for_each() {
    let content = "Account number,Date,Amount\nB 2,2026-11-07,1.00\nA1,2026-11-05,2.00\n\
                   B2,2026-11-06,3.00\n";
    let (_, notes) = read_bytes(content.as_bytes(), ProfileDefinition::default()).unwrap();
    let statements: Vec<String> = notes
        .statements
        .iter()
        .map(|one| format!("{} {:?} {:?}", one.account, one.from, one.to))
        .collect();
    assert_eq!(
        statements,
        [
            "A1 Some(2026-11-05) Some(2026-11-05)",
            "B2 Some(2026-11-06) Some(2026-11-07)"
        ]
    );
    assert_eq!(notes.entries.len(), 3);
}

#[test]
fn an_account_that_is_fixed_has_a_statement_even_without_entries() {
    let notes = export("Date;Montant\n");
    assert_eq!(notes.statements[0].account, "FR761");
    assert_eq!(notes.statements[0].from, None);
    let (_, own) = read_bytes(
        b"IBAN;Date;Montant\nDE2;05/11/2026;1,00\n;05/11/2026;2,00\n",
        of_account("FR76 1"),
    )
    .unwrap();
    // The file's own account goes before the fixed one.
    let accounts: Vec<&str> = own.statements.iter().map(|s| s.account.as_str()).collect();
    assert_eq!(accounts, ["DE2", "FR761"]);
}

#[test]
fn the_balance_column_gives_opening_and_closing_whichever_entry_is_first() {
    // 100 + 50 − 20 = 130.
    let both = || Some(("100.00".to_owned(), "130.00".to_owned()));
    let oldest_first = "Date;Montant;Solde\n05/11/2026;50,00;150,00\n06/11/2026;-20,00;130,00\n";
    assert_eq!(export(oldest_first).balances(), both());
    let newest_first = "Date;Montant;Solde\n06/11/2026;-20,00;130,00\n05/11/2026;50,00;150,00\n";
    assert_eq!(export(newest_first).balances(), both());
    // On one day only the chain of balances tells.
    let one_day = "Date;Montant;Solde\n05/11/2026;-20,00;130,00\n05/11/2026;50,00;150,00\n";
    assert_eq!(export(one_day).balances(), both());
    let one_day = "Date;Montant;Solde\n05/11/2026;50,00;150,00\n05/11/2026;-20,00;130,00\n";
    assert_eq!(export(one_day).balances(), both());
    let one_entry = "Date;Montant;Solde\n05/11/2026;30,00;130,00\n";
    assert_eq!(export(one_entry).balances(), both());
}

#[test]
fn balances_of_two_currencies_or_without_values_are_not_made_up() {
    let mixed = "Date;Montant;Devise;Solde\n05/11/2026;1,00;EUR;1,00\n05/11/2026;1,00;USD;1,00\n";
    assert_eq!(export(mixed).balances(), None);
    let lacking = "Date;Montant;Solde\n05/11/2026;1,00;\n06/11/2026;1,00;2,00\n";
    assert_eq!(export(lacking).balances(), None);
}

#[test]
fn the_preamble_of_a_bank_is_passed_over() {
    let content = "Compte;FR76\nPériode;novembre\n\nDate;Montant\n05/11/2026;1,00\n";
    let notes = export(content);
    assert_eq!(notes.entries[0].line, 5);
}

#[test]
fn an_export_is_read_in_the_encoding_it_arrives_in() {
    let latin = b"Date;D\xe9bit;Cr\xe9dit;Libell\xe9\n05/11/2026;;3,00;Esp\xe8ces\n";
    let (_, notes) = read_bytes(latin, of_account("A")).unwrap();
    assert_eq!(notes.entries[0].remittance, "Espèces");
    assert_eq!(notes.amounts(), ["2026-11-05 3.00 EUR"]);
}

#[test]
fn a_workbook_is_read_with_typed_values_and_with_texts() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0_u16..).zip(["Buchungstag", "Betrag", "Verwendungszweck"]) {
        sheet.write_string(3, column, name).unwrap();
    }
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let date = ExcelDateTime::from_ymd(2026, 11, 5).unwrap();
    sheet.write_with_format(4, 0, &date, &day).unwrap();
    sheet.write_number(4, 1, -12.5).unwrap();
    sheet.write_string(4, 2, "typed").unwrap();
    sheet.write_string(5, 0, "06.11.2026").unwrap();
    sheet.write_string(5, 1, "1.204,50").unwrap();
    sheet.write_string(5, 2, "as text").unwrap();
    let content = book.save_to_buffer().unwrap();
    let (_, notes) = read_bytes(&content, of_account("DE1")).unwrap();
    assert_eq!(notes.rejected, []);
    assert_eq!(
        notes.amounts(),
        ["2026-11-05 -12.50 EUR", "2026-11-06 1204.50 EUR"]
    );
    let rows: Vec<u32> = notes.entries.iter().map(|entry| entry.line).collect();
    assert_eq!(rows, [5, 6]);
}

#[test]
fn a_bad_row_is_rejected_with_column_value_and_remedy() {
    let good = "05/11/2026;1,00;EUR\n";
    for (row, column, value, says) in [
        (";1,00;EUR", "Date", "", "is empty and must not be"),
        (
            "5 nov;1,00;EUR",
            "Date",
            "5 nov",
            "is not a day YYYY-MM-DD or DD/MM/YYYY",
        ),
        ("05/11/2026;;EUR", "Montant", "", "is empty and must not be"),
        ("05/11/2026;1,0O;EUR", "Montant", "1,0O", "is not an amount"),
        (
            "05/11/2026;1,0050;EUR",
            "Montant",
            "1,0050",
            "more decimals than EUR has (2)",
        ),
        (
            "05/11/2026;1,00;EURO",
            "Devise",
            "EURO",
            "is not a currency of three letters",
        ),
        (
            "05/11/2026;1,00",
            "",
            "",
            "the row has 2 fields, the header has 3",
        ),
    ] {
        let content = format!("Date;Montant;Devise\n{row}\n{good}");
        let (counts, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
        assert_eq!((counts.rows, counts.rejected), (2, 1), "{row}");
        let rejected = &notes.rejected[0];
        assert_eq!(
            (
                rejected.line,
                rejected.column.as_str(),
                rejected.value.as_str(),
                rejected.raw.as_str()
            ),
            (2, column, value, row)
        );
        assert!(
            rejected.reason.contains(says) && rejected.reason.contains("; "),
            "{}",
            rejected.reason
        );
    }
}

#[test]
fn a_row_with_both_a_debit_and_a_credit_or_neither_is_rejected() {
    let content = "Date;Débit;Crédit\n05/11/2026;1,00;2,00\n05/11/2026;;\n05/11/2026;0,00;0,00\n";
    let (counts, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
    assert_eq!(counts.rejected, 3);
    assert!(notes.rejected[0].reason.contains("both filled"));
    assert!(notes.rejected[1].reason.contains("both empty"));
}

#[test]
fn an_export_that_names_no_account_is_refused_and_told_where_to_name_it() {
    let refusal = read_bytes(
        b"Date;Montant\n05/11/2026;1,00\n",
        ProfileDefinition::default(),
    )
    .unwrap_err()
    .reason;
    assert!(refusal.contains("names no account"), "{refusal}");
    assert!(refusal.contains("[profile.fixed]"), "{refusal}");
}

#[test]
fn an_undecided_mark_and_an_unknown_header_refuse_the_export() {
    let undecided = "Date;Montant\n05/11/2026;1,234\n";
    let refusal = read_bytes(undecided.as_bytes(), of_account("A")).unwrap_err();
    for words in ["line 2", "Montant", "«1,234»", "decimal_mark"] {
        assert!(refusal.reason.contains(words), "{}", refusal.reason);
    }
    let refusal = read_bytes(b"When;How much\n1;2\n", of_account("A")).unwrap_err();
    assert!(refusal.reason.contains("«When;How much»"));
}
