use super::{COMPLEMENTS_MAX, is_format, read};
use crate::domain::statement::StatementKind;
use crate::ingest::statements::fixed_width::testing::{
    Found, amounts, assert_expected, assert_robust, day, found, minor, record,
};

#[test]
fn third_party_files_give_what_is_expected_of_them() {
    assert_expected("cfonb120", is_format, read, &[]);
}

#[test]
fn damaged_third_party_files_never_panic() {
    assert_robust("cfonb120", read);
}

/// A record of account 12345678901 at bank 30006, branch 00001.
fn of_account(code: &str, fields: &[(usize, &str)]) -> String {
    let common = [
        (1, code),
        (3, "30006"),
        (12, "00001"),
        (17, "EUR"),
        (20, "2"),
        (22, "12345678901"),
    ];
    record(120, &[&common, fields].concat())
}

fn old(amount: &str) -> String {
    of_account("01", &[(35, "010326"), (91, amount)])
}

fn new(amount: &str) -> String {
    of_account("07", &[(35, "020326"), (91, amount)])
}

fn movement(amount: &str) -> String {
    let fields = [
        (35, "020326"),
        (43, "030326"),
        (49, "VIR ONEY BANK"),
        (91, amount),
    ];
    of_account("04", &fields)
}

fn complement(qualifier: &str, text: &str) -> String {
    of_account("05", &[(35, "020326"), (46, qualifier), (49, text)])
}

fn read_lines(lines: &[String]) -> Found {
    found(read, &lines.join("\n")).unwrap()
}

fn refused(lines: &[String]) -> String {
    found(read, &lines.join("\n")).unwrap_err().reason
}

/// A statement with one movement and these complements.
fn with_complements(amount: &str, complements: &[String]) -> Found {
    let statement = [
        vec![old("0000000001000{"), movement(amount)],
        complements.to_vec(),
        vec![new("0000000001000{")],
    ];
    read_lines(&statement.concat())
}

#[test]
fn a_statement_has_its_iban_days_and_balances() {
    let found = read_lines(&[
        old("0000000001000{"),
        movement("0000000000250J"),
        new("0000000000749R"),
    ]);
    let (statement, entries) = &found.statements[0];
    assert_eq!(statement.account, "FR7630006000011234567890189");
    assert_eq!(
        (statement.id.as_str(), statement.sequence.as_str()),
        ("", "")
    );
    // The old balance is that of the evening before.
    assert_eq!(statement.from, Some(day("2026-03-02")));
    assert_eq!(statement.to, Some(day("2026-03-02")));
    assert_eq!(statement.currency.unwrap().code(), "EUR");
    assert_eq!(minor(statement.opening), 10_000);
    assert_eq!(minor(statement.closing), -7_499);
    assert_eq!(statement.kind, StatementKind::Export);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].line, 2);
    assert_eq!(minor(Some(entries[0].amount)), -2_501);
    assert_eq!(entries[0].booked_on, day("2026-03-02"));
    assert_eq!(entries[0].value_on, Some(day("2026-03-03")));
    assert_eq!(entries[0].remittance, "VIR ONEY BANK");
}

#[test]
fn complements_name_the_parties_references_and_texts() {
    let complements = [
        complement("NPY", "ONEY BANK"),
        complement("NBE", "THE SHOP"),
        complement("NPO", "ONEY  PAYMENTS"),
        complement("LCC", "TFR5273  OF MARCH"),
        complement("LC2", "SECOND LINE"),
        complement("LIB", "FIRST LABEL"),
        complement("LIB", "SECOND LABEL"),
        complement("RCN", &format!("{:<35}{}", "E2E-1", "SALARY")),
        complement("REF", &format!("{:<35}{}", "BANK-1", "INSTRUCTION-1")),
        complement("RUM", &format!("{:<35}{}", "MANDATE-1", "RCUR")),
        complement("CPY", "FR7630006000011234567890189"),
        complement("IBE", "FR46ZZZ005002"),
        complement("XYZ", "NEW KIND"),
    ];
    let found = with_complements("0000000000250{", &complements);
    let entry = found.entries()[0];
    assert_eq!(entry.counterparty, "ONEY BANK");
    assert_eq!(entry.servicer_reference, "BANK-1");
    assert_eq!(
        entry.references,
        ["E2E-1", "BANK-1", "INSTRUCTION-1", "MANDATE-1"]
    );
    assert_eq!(
        entry.remittance,
        "VIR ONEY BANK FIRST LABEL SECOND LABEL TFR5273 OF MARCH SECOND LINE SALARY XYZNEW KIND \
         ONEY PAYMENTS"
    );
}

/// A bank writes the rest of a text wherever it likes among the other complements.
#[test]
fn a_text_goes_on_in_the_next_complement_of_its_kind() {
    let complements = [
        complement("LCC", "PAIEMENT TFR"),
        complement("RCN", &format!("{:<35}{}", "E2E-1", "SALARY")),
        complement("LIB", "FIRST LABEL"),
        complement("LC2", "5273 OF MARCH"),
        complement("MMO", "USD200000000012500"),
        complement("LIB", "SECOND LABEL"),
    ];
    let found = with_complements("0000000000250{", &complements);
    assert_eq!(
        found.entries()[0].remittance,
        "VIR ONEY BANK FIRST LABEL SECOND LABEL PAIEMENT TFR 5273 OF MARCH SALARY USD 125.00"
    );
}

#[test]
fn the_counterparty_of_a_debit_is_who_receives_it() {
    let complements = [
        complement("NPY", "THE SHOP"),
        complement("NBU", "ONEY BANK"),
    ];
    let found = with_complements("0000000000250}", &complements);
    assert_eq!(found.entries()[0].counterparty, "ONEY BANK");
}

#[test]
fn references_of_the_movement_itself_count_unless_they_are_zeros() {
    let movement = of_account(
        "04",
        &[
            (35, "020326"),
            (82, "0392100"),
            (91, "0000000000001A"),
            (105, "TFR5273"),
        ],
    );
    let zeros = of_account(
        "04",
        &[(35, "020326"), (82, "0000000"), (91, "0000000000001A")],
    );
    let found = read_lines(&[
        old("0000000000000{"),
        movement,
        zeros,
        new("0000000000002B"),
    ]);
    assert_eq!(found.entries()[0].references, ["0392100", "TFR5273"]);
    assert_eq!(found.entries()[1].references, [""; 0]);
    assert_eq!(found.entries()[1].servicer_reference, "");
}

#[test]
fn an_amount_before_conversion_is_told_when_its_currency_differs() {
    let original = |text| {
        let found = with_complements("0000000000250{", &[complement("MMO", text)]);
        found.entries()[0].remittance.clone()
    };
    assert_eq!(original("USD200000000012345"), "VIR ONEY BANK USD 123.45");
    assert_eq!(original("JPY000000000012345"), "VIR ONEY BANK JPY 12345");
    assert_eq!(original("EUR200000000025000"), "VIR ONEY BANK");
    assert_eq!(original("USD2ABC"), "VIR ONEY BANK");
}

#[test]
fn decimals_and_currency_that_balances_leave_blank_come_from_the_movements() {
    let blank = |code, amount| {
        record(
            120,
            &[
                (1, code),
                (3, "30006"),
                (12, "00001"),
                (22, "12345678901"),
                (91, amount),
            ],
        )
    };
    let yen = of_account(
        "04",
        &[
            (17, "JPY"),
            (20, "0"),
            (35, "020326"),
            (91, "0000000000001A"),
        ],
    );
    let found = read_lines(&[
        blank("01", "0000000000100{"),
        yen,
        blank("07", "0000000000200{"),
    ]);
    let (statement, entries) = &found.statements[0];
    assert_eq!(statement.currency.unwrap().code(), "JPY");
    // Two decimals where the record says none: 10.00 yen are 10.
    assert_eq!(minor(statement.opening), 10);
    assert_eq!(minor(Some(entries[0].amount)), 11);
    assert_eq!((statement.from, statement.to), (None, None));
}

#[test]
fn a_number_that_is_no_rib_is_the_account_as_written() {
    let foreign = |code| {
        record(
            120,
            &[
                (1, code),
                (3, "30006"),
                (12, "00001"),
                (22, "GXLT01"),
                (91, "0000000000000{"),
            ],
        )
    };
    let found = read_lines(&[foreign("01"), foreign("07")]);
    assert_eq!(found.statements[0].0.account, "3000600001GXLT01");
}

#[test]
fn a_movement_that_cannot_be_read_is_rejected_with_its_complements() {
    let bad = movement("00000000002500");
    let undated = of_account("04", &[(35, "310226"), (91, "0000000000001A")]);
    let found = read_lines(&[
        old("0000000000000{"),
        bad.clone(),
        complement("LIB", "OF THE BAD ONE"),
        movement("0000000000001A"),
        undated,
        new("0000000000001A"),
    ]);
    assert_eq!(amounts(&found), [11]);
    assert_eq!(found.entries()[0].remittance, "VIR ONEY BANK");
    let [amount, date] = found.rejected.as_slice() else {
        panic!("{:?}", found.rejected);
    };
    assert_eq!(
        (amount.line, amount.column.as_str()),
        (2, "amount (91-104)")
    );
    assert_eq!(amount.value, "00000000002500");
    assert_eq!(amount.raw, bad);
    assert_eq!((date.line, date.value.as_str()), (5, "310226"));
    assert_eq!(date.reason, "is not a day; expected DDMMYY");
}

#[test]
fn records_that_do_not_follow_each_other_refuse_the_file() {
    let [old, movement, new] = [
        old("0000000000000{"),
        movement("0000000000000{"),
        new("0000000000000{"),
    ];
    let text = complement("LIB", "TEXT");
    for (lines, expected) in [
        (
            vec![movement.clone()],
            "line 1: a movement (record 04) stands outside",
        ),
        (
            vec![new.clone()],
            "line 1: a new balance (record 07) stands outside",
        ),
        (
            vec![old.clone(), text.clone()],
            "line 2: a complement (record 05) has no movement",
        ),
        (
            vec![old.clone(), new.clone(), text],
            "line 3: a complement (record 05) has no movement",
        ),
        (
            vec![old.clone(), old.clone()],
            "line 2: a statement begins (record 01) before that of line 1",
        ),
        (
            vec![old.clone(), movement],
            "is cut off: it ends inside the statement that begins in line 1",
        ),
        (
            vec![old.clone(), new, "34".to_owned()],
            "line 3: the record begins with \"34\"",
        ),
    ] {
        let reason = refused(&lines);
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[test]
fn a_balance_that_cannot_be_read_and_a_missing_account_refuse_the_file() {
    let zero = "0000000000000{";
    let reason = refused(&[old("000000000000 {"), new(zero)]);
    assert!(reason.contains("line 1: balance (91-104)"), "{reason}");
    let reason = refused(&[old(zero), new("000000000000")]);
    assert!(reason.contains("line 2: balance (91-104)"), "{reason}");
    let reason = refused(&[of_account("01", &[(22, "           "), (91, zero)])]);
    assert!(
        reason.contains("line 1: the statement names no account"),
        "{reason}"
    );
    let reason = refused(&[of_account("01", &[(35, "320126"), (91, zero)])]);
    assert!(reason.contains("date of the balance (35-40)"), "{reason}");
}

#[test]
fn more_complements_than_any_bank_writes_refuse_the_file() {
    let mut lines = vec![old("0000000000000{"), movement("0000000000000{")];
    lines.extend(std::iter::repeat_n(
        complement("LIB", "A"),
        COMPLEMENTS_MAX + 1,
    ));
    assert!(refused(&lines).contains("more than 1000 complements"));
}

#[test]
fn a_file_is_recognised_by_its_first_record() {
    assert!(is_format(&old("0000000000000{")));
    assert!(is_format("\r\n\r\n0130002    00447     0000888899H"));
    assert!(is_format("0130087000033608EUR2 00012345701"));
    // Cut off at its beginning: refused when it is read, and not passed over.
    assert!(is_format("0415589916200000EUR2 98765432100B1160519"));
    for other in [
        "",
        "0130004,1",
        "0415589916200000;EUR",
        "01;30002;00447;2026",
        "013000é    00447",
        "3130002    00447",
    ] {
        assert!(!is_format(other), "{other:?}");
    }
}
