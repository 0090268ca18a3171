use super::{TEXTS_MAX, is_format, read};
use crate::domain::statement::StatementKind;
use crate::ingest::statements::fixed_width::testing::{
    Found, amounts, assert_expected, assert_robust, day, found, minor, record,
};

#[test]
fn third_party_files_give_what_is_expected_of_them() {
    assert_expected("norma43", is_format, read, &[]);
}

#[test]
fn damaged_third_party_files_never_panic() {
    assert_robust("norma43", read);
}

/// The header of account 0049 1500 1234567890, whose opening balance is 1,234.56 debit.
fn header(fields: &[(usize, &str)]) -> String {
    let common = [
        (1, "11"),
        (3, "004915001234567890"),
        (21, "260301"),
        (27, "260331"),
        (33, "100000000123456"),
        (48, "978"),
        (51, "3"),
        (52, "SHOP SL"),
    ];
    record(80, &[&common, fields].concat())
}

fn movement(sign: &str, amount: &str, fields: &[(usize, &str)]) -> String {
    let common = [
        (1, "22"),
        (11, "260302"),
        (17, "260303"),
        (23, "04"),
        (25, "007"),
        (28, sign),
        (29, amount),
        (43, "0000000000"),
    ];
    record(80, &[&common, fields].concat())
}

fn text(code: &str, content: &str) -> String {
    record(80, &[(1, "23"), (3, code), (5, content)])
}

fn end(balance: &str) -> String {
    record(
        80,
        &[
            (1, "33"),
            (3, "004915001234567890"),
            (59, balance),
            (74, "978"),
        ],
    )
}

fn file_end() -> String {
    record(80, &[(1, "88"), (3, "999999999999999999"), (21, "000004")])
}

const BALANCE: &str = "100000000123456";

fn read_lines(lines: &[String]) -> Found {
    found(read, &lines.join("\r\n")).unwrap()
}

fn refused(lines: &[String]) -> String {
    found(read, &lines.join("\r\n")).unwrap_err().reason
}

#[test]
fn an_account_has_its_number_days_and_balances() {
    let found = read_lines(&[
        header(&[]),
        movement("2", "00000000200000", &[]),
        movement("1", "00000000000001", &[]),
        end("200000000076543"),
        file_end(),
    ]);
    let (statement, entries) = &found.statements[0];
    assert_eq!(statement.account, "004915001234567890");
    assert_eq!(
        (statement.id.as_str(), statement.sequence.as_str()),
        ("", "")
    );
    assert_eq!(statement.from, Some(day("2026-03-01")));
    assert_eq!(statement.to, Some(day("2026-03-31")));
    assert_eq!(statement.currency.unwrap().code(), "EUR");
    assert_eq!(minor(statement.opening), -123_456);
    assert_eq!(minor(statement.closing), 76_543);
    assert_eq!(statement.kind, StatementKind::Export);
    assert_eq!(amounts(&found), [200_000, -1]);
    assert_eq!(entries[0].line, 2);
    assert_eq!(entries[0].booked_on, day("2026-03-02"));
    assert_eq!(entries[0].value_on, Some(day("2026-03-03")));
}

#[test]
fn texts_are_joined_and_references_of_zeros_are_none() {
    let fields = [(53, "000000000000"), (65, "TFR5273")];
    let found = read_lines(&[
        header(&[]),
        movement("2", "00000000200000", &fields),
        text(
            "01",
            "TRANSFERENCIA DE                     ONEY   SERVICIOS",
        ),
        text("02", "TFR5273"),
        end(BALANCE),
    ]);
    let entry = found.entries()[0];
    assert_eq!(entry.references, ["TFR5273"]);
    assert_eq!(entry.remittance, "TRANSFERENCIA DE ONEY SERVICIOS TFR5273");
    assert_eq!(
        (
            entry.counterparty.as_str(),
            entry.servicer_reference.as_str()
        ),
        ("", "")
    );
}

#[test]
fn a_reference_over_both_fields_is_found_as_one() {
    let fields = [(53, "TRANSFERENCI"), (65, "A-5273")];
    let lines = [
        header(&[]),
        movement("2", "00000000200000", &fields),
        end(BALANCE),
    ];
    assert_eq!(
        read_lines(&lines).entries()[0].references,
        ["TRANSFERENCI", "A-5273", "TRANSFERENCIA-5273"]
    );
}

#[test]
fn the_five_texts_of_a_transfer_name_its_party_and_reference() {
    let texts = [
        text("01", "ONEY SERVICIOS FINANCIEROS EFC SAU WITH A LONG NAME"),
        text("02", "E2E-17"),
        text("03", "SALA    TFR5273"),
        text("04", "MORE"),
        text("05", "END"),
    ];
    let lines = |movement: String, mode| {
        let header = header(&[(51, mode)]);
        [vec![header, movement], texts.to_vec(), vec![end(BALANCE)]].concat()
    };
    let transfer = movement("2", "00000000200000", &[]);
    let found = read_lines(&lines(transfer.clone(), "3"));
    let entry = found.entries()[0];
    assert_eq!(
        entry.counterparty,
        "ONEY SERVICIOS FINANCIEROS EFC SAU WITH A LONG NAME"
    );
    assert_eq!(entry.references, ["E2E-17"]);
    assert!(entry.remittance.ends_with("E2E-17 SALA TFR5273 MORE END"));
    // Other modes and concepts have free texts.
    let card = movement("2", "00000000200000", &[(23, "12")]);
    for lines in [lines(transfer, "2"), lines(card, "3")] {
        let found = read_lines(&lines);
        assert_eq!(found.entries()[0].counterparty, "");
        assert_eq!(found.entries()[0].references, [""; 0]);
    }
}

#[test]
fn amounts_have_two_decimals_in_every_currency() {
    // 392 is JPY: 100 yen are written with two zeros behind them.
    let header = header(&[(34, "00000000010000"), (48, "392")]);
    let end = record(80, &[(1, "33"), (59, "200000000010000"), (74, "392")]);
    let found = read_lines(&[header, movement("2", "00000000010000", &[]), end]);
    assert_eq!(found.statements[0].0.currency.unwrap().code(), "JPY");
    assert_eq!(minor(found.statements[0].0.opening), -100);
    assert_eq!(amounts(&found), [100]);
}

#[test]
fn an_amount_in_another_currency_is_information_only() {
    let original = record(
        80,
        &[(1, "24"), (3, "01"), (5, "840"), (8, "00000000250000")],
    );
    let found = read_lines(&[
        header(&[]),
        movement("2", "00000000200000", &[]),
        original,
        text("01", "AFTER"),
        end(BALANCE),
    ]);
    assert_eq!(amounts(&found), [200_000]);
    assert_eq!(found.entries()[0].remittance, "AFTER");
}

#[test]
fn several_accounts_and_files_follow_each_other() {
    let second = header(&[(3, "008112345678901234")]);
    let found = read_lines(&[
        record(80, &[(1, "00"), (3, "0049"), (7, "260331")]),
        header(&[]),
        end(BALANCE),
        second.clone(),
        end(BALANCE),
        file_end(),
        second,
        end("000000000000000"),
        file_end(),
    ]);
    let accounts: Vec<_> = found
        .statements
        .iter()
        .map(|(it, _)| it.account.as_str())
        .collect();
    assert_eq!(
        accounts,
        [
            "004915001234567890",
            "008112345678901234",
            "008112345678901234"
        ]
    );
    // A balance without direction is read as a credit.
    assert_eq!(minor(found.statements[2].0.closing), 0);
}

#[test]
fn a_movement_that_cannot_be_read_is_rejected_with_its_texts() {
    let found = read_lines(&[
        header(&[]),
        movement("2", "000000002000OO", &[]),
        text("01", "OF THE BAD ONE"),
        movement("0", "00000000200000", &[]),
        movement("2", "00000000200000", &[(11, "260230")]),
        movement("2", "00000000000007", &[(17, "000000")]),
        end(BALANCE),
    ]);
    assert_eq!(amounts(&found), [7]);
    assert_eq!(found.entries()[0].value_on, None);
    let places = found
        .rejected
        .iter()
        .map(|row| (row.line, row.column.as_str(), row.value.as_str()));
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            (2, "amount (29-42)", "000000002000OO"),
            (4, "sign (28)", "0"),
            (5, "operation date (11-16)", "260230"),
        ]
    );
}

#[test]
fn records_that_do_not_follow_each_other_refuse_the_file() {
    let movement = movement("2", "00000000200000", &[]);
    for (lines, expected) in [
        (
            vec![movement.clone()],
            "line 1: a movement (record 22) stands outside",
        ),
        (
            vec![end(BALANCE)],
            "line 1: the end of an account (record 33) stands outside",
        ),
        (
            vec![header(&[]), text("01", "A")],
            "line 2: a text (record 23) has no movement",
        ),
        (
            vec![header(&[]), header(&[])],
            "line 2: an account begins (record 11) before that of line 1",
        ),
        (
            vec![header(&[]), file_end()],
            "line 2: the file's record 88 comes before the end",
        ),
        (
            vec![header(&[]), movement],
            "is cut off: it ends inside the account that begins in line 1",
        ),
        (
            vec![header(&[]), "99".to_owned()],
            "line 2: the record begins with \"99\"",
        ),
    ] {
        let reason = refused(&lines);
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[test]
fn a_balance_or_currency_that_cannot_be_read_refuses_the_file() {
    let reason = refused(&[header(&[(33, "300000000123456")])]);
    assert!(
        reason.contains("line 1: opening balance (33-47)"),
        "{reason}"
    );
    let reason = refused(&[header(&[]), end("1000000001234")]);
    assert!(
        reason.contains("line 2: closing balance (59-73)"),
        "{reason}"
    );
    for currency in ["001", "840"] {
        let end = record(80, &[(1, "33"), (59, BALANCE), (74, currency)]);
        let reason = refused(&[header(&[]), end]);
        assert!(
            reason.contains("is not that of the account (EUR)"),
            "{reason}"
        );
    }
    let reason = refused(&[header(&[(48, "EUR")])]);
    assert!(reason.contains("is no number of a currency"), "{reason}");
    let reason = refused(&[header(&[(3, "                  ")])]);
    assert!(reason.contains("the account has no number"), "{reason}");
}

#[test]
fn more_texts_than_any_bank_writes_refuse_the_file() {
    let mut lines = vec![header(&[]), movement("2", "00000000200000", &[])];
    lines.extend(std::iter::repeat_n(text("01", "A"), TEXTS_MAX + 1));
    assert!(refused(&lines).contains("more than 1000 texts"));
}

#[test]
fn a_file_is_recognised_by_its_first_record() {
    assert!(is_format(&header(&[])));
    assert!(is_format("\n000049260331"));
    for other in [
        "",
        "11004915001234;56789",
        "1100491500",
        "0000001112600005        12345678",
        "22    0000160526",
    ] {
        assert!(!is_format(other), "{other:?}");
    }
}
