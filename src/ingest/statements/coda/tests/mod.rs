use super::{is_format, read};
use crate::domain::statement::StatementKind;
use crate::ingest::statements::fixed_width::testing::{
    Found, amounts, assert_expected, assert_robust, day, found, minor, record,
};
use crate::ingest::statements::testing::Known;

mod details;
mod refusals;

/// No euro has half cents, so the closing balance of this file, which was edited by hand, is
/// nobody's: what cannot be expressed is rejected and not rounded.
const EDITED: &str = "coda/ts-coda-parser/sample2.cod";

const KNOWN: [Known; 2] = [
    (EDITED, "closing", "23154.685 is no amount in euro"),
    (EDITED, "rejected", "the record with that balance"),
];

#[test]
fn third_party_files_give_what_is_expected_of_them() {
    assert_expected("coda", is_format, read, &KNOWN);
}

#[test]
fn damaged_third_party_files_never_panic() {
    assert_robust("coda", read);
}

fn header(fields: &[(usize, &str)]) -> String {
    let common = [(1, "0000002032672505"), (84, "00000"), (128, "2")];
    record(128, &[&common, fields].concat())
}

/// The old balance of a Belgian IBAN: 1,000.00 on 1 March 2026, statement 042.
fn old() -> String {
    let fields = [
        (1, "12"),
        (3, "042"),
        (6, "BE68539007547034"),
        (40, "EUR"),
        (43, "0000000001000000"),
        (59, "010326"),
        (126, "017"),
    ];
    record(128, &fields)
}

/// The record 21 of sequence number 0001.
fn movement(detail: &str, signed: &str, fields: &[(usize, &str)]) -> String {
    let reference = format!("REF{detail}");
    let common = [
        (1, "21"),
        (3, "0001"),
        (7, detail),
        (11, reference.as_str()),
        (32, signed),
        (48, "030326"),
        (54, "001500000"),
        (116, "020326"),
        (125, "0"),
    ];
    record(128, &[&common, fields].concat())
}

fn continuation(code: &str, fields: &[(usize, &str)]) -> String {
    record(128, &[&[(1, code), (3, "00010000")], fields].concat())
}

fn new() -> String {
    record(
        128,
        &[(1, "8042"), (42, "0000000001000000"), (58, "020326")],
    )
}

fn trailer() -> String {
    record(128, &[(1, "9"), (128, "2")])
}

/// A file with one statement of these records.
fn statement(records: &[String]) -> Vec<String> {
    let before = vec![header(&[]), old()];
    [before, records.to_vec(), vec![new(), trailer()]].concat()
}

fn read_lines(lines: &[String]) -> Found {
    found(read, &lines.join("\n")).unwrap()
}

fn refused(lines: &[String]) -> String {
    found(read, &lines.join("\n")).unwrap_err().reason
}

#[test]
fn a_statement_has_its_account_number_days_and_balances() {
    let found = read_lines(&statement(&[movement("0000", "1000000000012340", &[])]));
    let (statement, entries) = &found.statements[0];
    assert_eq!(statement.account, "BE68539007547034");
    assert_eq!(
        (statement.id.as_str(), statement.sequence.as_str()),
        ("", "042")
    );
    assert_eq!(statement.from, Some(day("2026-03-01")));
    assert_eq!(statement.to, Some(day("2026-03-02")));
    assert_eq!(minor(statement.opening), 100_000);
    assert_eq!(minor(statement.closing), 100_000);
    assert_eq!(statement.kind, StatementKind::Booked);
    assert_eq!(entries[0].line, 3);
    assert_eq!(minor(Some(entries[0].amount)), -1_234);
    assert_eq!(entries[0].booked_on, day("2026-03-02"));
    assert_eq!(entries[0].value_on, Some(day("2026-03-03")));
    assert_eq!(entries[0].servicer_reference, "REF0000");
}

#[test]
fn the_structure_of_the_account_tells_where_its_number_and_currency_are() {
    let account = |fields: &[(usize, &str)], header: String| {
        let old = record(
            128,
            &[&[(1, "1"), (43, "0000000000000000")], fields].concat(),
        );
        let found = read_lines(&[header, old, new(), trailer()]);
        let statement = &found.statements[0].0;
        (
            statement.account.clone(),
            statement.currency.unwrap().code().to_owned(),
        )
    };
    let belgian = [(2, "0"), (6, "539007547034"), (19, "EUR"), (22, "0BE")];
    let expected = ("539007547034".to_owned(), "EUR".to_owned());
    assert_eq!(account(&belgian, header(&[])), expected);
    let foreign = [(2, "1"), (6, "30004 00001 X"), (40, "USD")];
    let expected = ("3000400001X".to_owned(), "USD".to_owned());
    assert_eq!(account(&foreign, header(&[])), expected);
    let iban = "MT84MALT011000012345MTLCAST001S";
    let expected = (iban.to_owned(), "EUR".to_owned());
    assert_eq!(
        account(&[(2, "3"), (6, iban), (40, "EUR")], header(&[])),
        expected
    );
    // Version 1 knows Belgian numbers only, whatever stands in column 2.
    let expected = ("539007547034".to_owned(), "EUR".to_owned());
    let first = [(2, "2"), (6, "539007547034"), (19, "EUR")];
    assert_eq!(account(&first, header(&[(128, "1")])), expected);
}

#[test]
fn three_records_make_one_text_with_its_padding() {
    let found = read_lines(&statement(&[
        movement("0000", "0000000000001000", &[(63, "PAYOUT")]),
        continuation("22", &[(11, &format!("{:>53}", "TFR52")), (64, "E2E-17")]),
        continuation(
            "23",
            &[
                (11, "BE68539007547034"),
                (48, "ONEY  BANK"),
                (83, "73 OF MARCH"),
            ],
        ),
        record(
            128,
            &[
                (1, "31"),
                (3, "00010001"),
                (40, "0"),
                (41, &format!("{:>73}", "FROM THE")),
            ],
        ),
        record(128, &[(1, "32"), (3, "00010001"), (11, " BANK")]),
    ]));
    let entry = found.entries()[0];
    // A word that fills its part to the end goes on in the next.
    assert_eq!(entry.remittance, "PAYOUT TFR5273 OF MARCH FROM THE BANK");
    assert_eq!(entry.counterparty, "ONEY BANK");
    assert_eq!(entry.references, ["E2E-17", "REF0000"]);
}

#[test]
fn version_1_has_the_address_where_version_2_has_text() {
    let lines = |version| {
        [
            header(&[(128, version)]),
            record(
                128,
                &[
                    (1, "10"),
                    (6, "539007547034"),
                    (19, "EUR"),
                    (43, "0000000000000000"),
                ],
            ),
            movement("0000", "0000000000001000", &[(63, "TEXT")]),
            continuation("23", &[(48, "ONEY"), (83, "STREET 1")]),
            new(),
            trailer(),
        ]
    };
    assert_eq!(read_lines(&lines("1")).entries()[0].remittance, "TEXT");
    assert_eq!(
        read_lines(&lines("2")).entries()[0].remittance,
        "TEXT STREET 1"
    );
    assert_eq!(read_lines(&lines("1")).entries()[0].counterparty, "ONEY");
}

#[test]
fn structured_communications_and_parties_are_understood() {
    let party = record(128, &[(1, "31"), (40, "1"), (41, "001ONEY BANK")]);
    let address = record(128, &[(1, "32"), (11, "STREET 1")]);
    let ultimate = record(128, &[(1, "31"), (40, "1"), (41, "009ONEY PAYMENTS")]);
    let found = read_lines(&statement(&[
        movement(
            "0000",
            "0000000000001000",
            &[(62, "1"), (63, "101090339484892")],
        ),
        party,
        address,
        ultimate,
    ]));
    let entry = found.entries()[0];
    assert_eq!(entry.remittance, "+++090/3394/84892+++ ONEY PAYMENTS");
    assert_eq!(entry.references, ["090339484892", "REF0000"]);
    assert_eq!(entry.counterparty, "ONEY BANK");
}

#[test]
fn a_separate_application_only_repeats_what_the_main_file_books() {
    let mut lines = statement(&[movement("0000", "0000000000001000", &[])]);
    lines[0] = header(&[(84, "00001")]);
    assert_eq!(
        read_lines(&lines).statements[0].0.kind,
        StatementKind::Intraday
    );
}

#[test]
fn files_follow_each_other() {
    let one = statement(&[movement("0000", "0000000000001000", &[])]);
    let free = record(128, &[(1, "4"), (33, "A MESSAGE OF THE BANK")]);
    let two = [&one[..4], &[free], &one[4..], &one[..]].concat();
    assert_eq!(amounts(&read_lines(&two)), [100, 100]);
    // Without line ends each record stands where its number of characters puts it.
    let joined = found(read, &two.concat()).unwrap();
    assert_eq!(joined.statements, read_lines(&two).statements);
}

#[test]
fn a_file_is_recognised_by_its_header() {
    assert!(is_format(&header(&[])));
    assert!(is_format("\n0000001112600005        12345678"));
    for other in [
        "",
        "00000",
        "0000001112600006",
        "000000a112600005",
        "000049260331",
    ] {
        assert!(!is_format(other), "{other:?}");
    }
}
