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

/// A profile that lists columns.
fn listing(columns: &[(&str, &str)]) -> ProfileDefinition {
    let column =
        |(canonical, title): &(&str, &str)| ((*canonical).to_owned(), vec![(*title).to_owned()]);
    ProfileDefinition {
        columns: columns.iter().map(column).collect(),
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
fn a_file_of_several_accounts_is_a_statement_for_each_where_the_profile_lists_their_column() {
    let content = "Account number,Date,Amount\nB 2,2026-11-07,1.00\nA1,2026-11-05,2.00\n\
                   B2,2026-11-06,3.00\n";
    let refusal = read_bytes(content.as_bytes(), ProfileDefinition::default()).unwrap_err();
    for part in [
        "«B2» and «A1»",
        "[profile.fixed]",
        "account = [\"Account number\"]",
    ] {
        assert!(refusal.reason.contains(part), "{}", refusal.reason);
    }
    let listed = listing(&[("account", "Account number")]);
    let (_, notes) = read_bytes(content.as_bytes(), listed).unwrap();
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
}

#[test]
fn a_fixed_account_goes_before_a_column_of_a_default_name_and_after_one_that_is_listed() {
    let content = b"IBAN;Date;Montant\nDE2;05/11/2026;1,00\n;05/11/2026;2,00\n";
    let accounts = |definition| {
        let (_, notes) = read_bytes(content, definition).unwrap();
        let accounts = notes.statements.iter().map(|s| s.account.clone());
        accounts.collect::<Vec<_>>()
    };
    assert_eq!(accounts(of_account("FR76 1")), ["FR761"]);
    let listed = ProfileDefinition {
        columns: listing(&[("account", "IBAN")]).columns,
        ..of_account("FR76 1")
    };
    assert_eq!(accounts(listed), ["DE2", "FR761"]);
    let refusal = read_bytes(content, ProfileDefinition::default()).unwrap_err();
    assert!(
        refusal
            .reason
            .contains("has no account in its column «IBAN»"),
        "{refusal}"
    );
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

/// A profile with words for a status.
fn status_words(meaning: &str, words: &[&str]) -> ProfileDefinition {
    let mut profile = of_account("DE1");
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    profile.notation.values = [("status".to_owned(), [(meaning.to_owned(), words)].into())].into();
    profile
}

#[test]
fn pending_rows_are_passed_over_in_seven_languages() {
    for (title, booked, pending) in [
        ("Status", "BOOKED", "PENDING"),
        ("Booking status", "Posted", "Authorised"),
        ("Statut", "Comptabilisé", "En attente"),
        ("État", "exécutée", "À venir"),
        ("Info", "Umsatz gebucht", "Umsatz vorgemerkt"),
        ("Umsatzstatus", "Gebucht", "Vorgemerkt"),
        ("Estado", "Contabilizado", "Pendiente"),
        ("Stato", "Contabilizzato", "Autorizzato"),
        ("Status", "geboekt", "in behandeling"),
        ("Situação", "Efetuado", "Pendente"),
    ] {
        let content =
            format!("Date;{title};Montant\n05/11/2026;{booked};12,50\n06/11/2026;{pending};3,00\n");
        let (counts, notes) = read_bytes(content.as_bytes(), of_account("DE1")).unwrap();
        assert_eq!(notes.amounts(), ["2026-11-05 12.50 EUR"], "{title}");
        assert_eq!(notes.rejected, [], "{title}");
        let told = (counts.rows, counts.accepted, counts.passed_over);
        assert_eq!(told, (1, 1, 1), "{title}");
    }
}

#[test]
fn a_status_that_is_not_known_is_no_booked_row() {
    let content = "Date;Statut;Montant\n05/11/2026;gebucht;12,50\n06/11/2026;retenu;3,00\n\
                   07/11/2026;;1,00\n";
    let (_, notes) = read_bytes(content.as_bytes(), of_account("DE1")).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-05 12.50 EUR"]);
    let lines: Vec<u32> = notes.rejected.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 4]);
    assert!(notes.rejected[0].reason.contains("[profile.values.status]"));
    let (_, notes) = read_bytes(content.as_bytes(), status_words("pending", &["*"])).unwrap();
    assert_eq!((notes.entries.len(), notes.rejected.len()), (1, 0));
    let told = status_words("booked", &["Retenu", "*"]);
    let (_, notes) = read_bytes(content.as_bytes(), told).unwrap();
    assert_eq!(notes.entries.len(), 3);
}

#[test]
fn a_column_that_is_only_called_like_a_status_is_none() {
    // No word of it is known; one that only pending rows fill; one that the profile lists.
    let words = "Date;Info;Montant\n05/11/2026;12;12,50\n06/11/2026;;3,00\n";
    assert_eq!(export(words).entries.len(), 2);
    let sparse = "Date;Info;Montant\n05/11/2026;;12,50\n06/11/2026;vorgemerkt;3,00\n";
    assert_eq!(export(sparse).amounts(), ["2026-11-05 12.50 EUR"]);
    let listed = ProfileDefinition {
        columns: listing(&[("status", "Info")]).columns,
        ..of_account("DE1")
    };
    let (_, notes) = read_bytes(words.as_bytes(), listed).unwrap();
    assert_eq!(notes.rejected.len(), 1);
}

#[test]
fn a_word_in_the_place_of_the_day_may_say_that_the_row_is_pending() {
    let content = "Date;Libellé;Montant\nEn attente;A;12,50\n06/11/2026;B;3,00\nplus tard;C;1,00\n";
    let (counts, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-06 3.00 EUR"]);
    assert_eq!((counts.passed_over, counts.rejected), (1, 1));
}

#[test]
fn a_row_without_an_amount_adds_its_text_to_the_entry_above() {
    let content = "Date;Libellé;Référence;Débit;Crédit\n\
                   04/11/2026;orphan;;;\n\
                   05/11/2026;GROUPES;;-120,00;\n\
                   05/11/2026;dont UN 70,00;R-1;;\n\
                   05/11/2026;dont DEUX 50,00;;;\n\
                   06/11/2026;;;;\n\
                   07/11/2026;lost;;;\n\
                   08/11/2026;PAYOUT;;;3,00\n";
    let (counts, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
    let texts: Vec<&str> = notes.entries.iter().map(|it| &*it.remittance).collect();
    assert_eq!(texts, ["GROUPES dont UN 70,00 dont DEUX 50,00", "PAYOUT"]);
    assert_eq!(notes.entries[0].references, ["R-1"]);
    // One stands above all entries, one has nothing to add, one stands below that.
    let lines: Vec<u32> = notes.rejected.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 6, 7]);
    assert_eq!((counts.rows, counts.passed_over), (5, 2));
}

#[test]
fn text_below_a_pending_row_is_passed_over_with_it() {
    let content = "Date;Statut;Libellé;Montant\n05/11/2026;gebucht;A;1,00\n\
                   06/11/2026;vorgemerkt;B;2,00\n06/11/2026;;more of B;\n";
    let (counts, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
    assert_eq!(
        (notes.entries.len(), notes.entries[0].remittance.as_str()),
        (1, "A")
    );
    assert_eq!((counts.passed_over, counts.rejected), (2, 0));
}

#[test]
fn rows_that_the_profile_skips_are_none_quoted_or_not() {
    let content = "Date;Libellé;Montant\n05/11/2026;A;1,00\nSolde au 05/11;;1,00\n\
                   \"Solde au 06/11\";\"\";\"1,00\"\nSolde;short\n";
    let mut profile = of_account("A");
    profile.notation.skip_rows = vec!["^Solde".to_owned()];
    let (counts, notes) = read_bytes(content.as_bytes(), profile).unwrap();
    assert_eq!(
        (counts.rows, counts.accepted, counts.passed_over),
        (1, 1, 3)
    );
    assert_eq!(notes.rejected, []);
}

#[test]
fn debit_and_credit_go_before_an_amount_that_the_profile_does_not_list() {
    let content = "Buchungstag;Betrag;Soll;Haben\n03.11.2026;;;250,25\n04.11.2026;-80,00;-80,00;\n";
    assert_eq!(
        export(content).amounts(),
        ["2026-11-03 250.25 EUR", "2026-11-04 -80.00 EUR"]
    );
    let listed = ProfileDefinition {
        columns: listing(&[("amount", "Betrag")]).columns,
        ..of_account("A")
    };
    let (_, notes) = read_bytes(content.as_bytes(), listed).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-04 -80.00 EUR"]);
    assert_eq!(notes.rejected.len(), 1);
}

#[test]
fn a_credit_with_a_minus_in_its_own_column_is_not_guessed() {
    let content = "Date;Débit;Crédit\n05/11/2026;;-3,00\n06/11/2026;;3,00\n";
    let (_, notes) = read_bytes(content.as_bytes(), of_account("A")).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-06 3.00 EUR"]);
    assert!(notes.rejected[0].reason.contains("a credit with a minus"));
}

#[test]
fn the_currency_may_stand_in_a_title_or_in_the_amounts() {
    let titled = "Datum;Gutschrift in CHF;Lastschrift in CHF\n05.11.2026;12,50;\n";
    assert_eq!(export(titled).amounts(), ["2026-11-05 12.50 CHF"]);
    let signs = "Date;Montant (€)\n05/11/2026;12,50 €\n06/11/2026;$ 3,00\n";
    let (_, notes) = read_bytes(signs.as_bytes(), of_account("A")).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-05 12.50 EUR"]);
    assert!(notes.rejected[0].reason.contains("another currency"));
    let contrary = "Date;Montant (USD);Devise\n05/11/2026;12,50;EUR\n";
    let (_, notes) = read_bytes(contrary.as_bytes(), of_account("A")).unwrap();
    assert_eq!((notes.entries.len(), notes.rejected.len()), (0, 1));
    let two = "Date;Amount (USD);Amount (EUR)\n05/11/2026;12.50;11.00\n";
    assert!(read_bytes(two.as_bytes(), of_account("A")).is_err());
}

#[test]
fn an_account_of_another_country_needs_a_currency() {
    let content = "IBAN;Datum;Betrag\nCH9300762011623852957;05.11.2026;1,00\n";
    let refusal = read_bytes(content.as_bytes(), ProfileDefinition::default()).unwrap_err();
    assert!(refusal.reason.contains("currency = \"…\""), "{refusal}");
    let fixed = ProfileDefinition {
        fixed: [("currency".to_owned(), "CHF".to_owned())].into(),
        ..ProfileDefinition::default()
    };
    let (_, notes) = read_bytes(content.as_bytes(), fixed).unwrap();
    assert_eq!(notes.amounts(), ["2026-11-05 1.00 CHF"]);
}

#[test]
fn a_dutch_valuta_is_a_currency_and_a_german_one_a_day() {
    let dutch = "Datum;Bedrag;Valuta\n05-11-2026;1,00;EUR\n";
    assert_eq!(export(dutch).entries[0].value_on, None);
    let german = "Datum;Betrag;Valuta\n05.11.2026;1,00;06.11.2026\n";
    let day = "2026-11-06".parse().unwrap();
    assert_eq!(export(german).entries[0].value_on, Some(day));
}

#[test]
fn the_holder_s_name_is_no_other_party_where_there_is_one() {
    let content = "Date;Name;Counterparty;Montant\n05/11/2026;US;ACME;1,00\n";
    assert_eq!(export(content).entries[0].counterparty, "ACME");
    let alone = "Date;Name;Montant\n05/11/2026;ACME;1,00\n";
    assert_eq!(export(alone).entries[0].counterparty, "ACME");
}

#[test]
fn a_header_is_found_below_a_long_preamble_and_its_like_is_shown_where_there_is_none() {
    let preamble = "Campo;-;;\n".repeat(40);
    let content = format!("{preamble}Data;Descrizione;Accrediti;Addebiti\n03/03/2026;X;1,00;\n");
    assert_eq!(export(&content).amounts(), ["2026-03-03 1.00 EUR"]);
    let mut short = of_account("A");
    short.notation.header_within = Some(20);
    assert!(read_bytes(content.as_bytes(), short).is_err());
    let unknown = format!("{preamble}Data;Descrizione;Zwei;Drei\n03/03/2026;X;1,00;\n");
    let refusal = read_bytes(unknown.as_bytes(), of_account("A")).unwrap_err();
    assert!(
        refusal.reason.contains("line 41") && refusal.reason.contains("«Data;Descrizione;Zwei"),
        "{refusal}"
    );
}

#[test]
fn an_export_without_any_text_is_read_with_a_warning_that_names_its_other_columns() {
    let warning_of = |content: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("export.csv");
        std::fs::write(&path, content).unwrap();
        let profile = Profile::resolve(BANK_CSV, &[]).unwrap();
        super::warning_of(&OpenFile::open(&path, u64::MAX).unwrap(), &profile)
    };
    let warning = warning_of("Date;Montant;Nature;Code\n05/11/2026;1,00;X;Y\n").unwrap();
    assert!(warning.contains("«Nature», «Code»"), "{warning}");
    assert_eq!(
        warning_of("Date;Montant;Libellé\n05/11/2026;1,00;X\n"),
        None
    );
}
