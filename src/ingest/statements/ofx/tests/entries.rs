use chrono::NaiveDate;

use super::{entry, found, list, only_entry};
use crate::domain::statement::StatementKind;
use crate::domain::{Amount, Currency};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn amounts(entries: &str) -> Vec<i64> {
    let found = found(&list(entries)).unwrap();
    let minor = |amount: Amount| amount.to_minor().unwrap();
    found
        .entries()
        .iter()
        .map(|entry| minor(entry.amount))
        .collect()
}

#[test]
fn an_entry_has_its_days_names_and_references() {
    let rest = "<DTAVAIL>20261118<CHECKNUM>77<REFNUM>TFR-5273<NAME>ONEY  BANK\
                <MEMO>VIR PAYOUT\r\nTFR-5273";
    let read = only_entry(&list(&entry("20.50", rest)));
    assert_eq!(read.line, 1);
    assert_eq!(read.booked_on, day("2026-11-17"));
    assert_eq!(read.value_on, Some(day("2026-11-18")));
    assert_eq!(
        (read.amount.to_minor(), read.currency),
        (Some(2050), Currency::EUR)
    );
    assert_eq!(read.servicer_reference, "F1");
    assert_eq!(read.references, ["F1", "77", "TFR-5273"]);
    assert_eq!(read.counterparty, "ONEY BANK");
    assert_eq!(read.remittance, "ONEY BANK VIR PAYOUT TFR-5273");
}

/// The standard has a `NAME` in `PAYEE`; banks in Brazil write the name right into it.
#[test]
fn a_payee_is_the_other_party_however_it_is_written() {
    for payee in [
        "<PAYEE><NAME>ONEY BANK<CITY>LILLE</PAYEE>",
        "<PAYEE>ONEY BANK</PAYEE>",
    ] {
        let read = only_entry(&list(&entry("20.50", &format!("{payee}<MEMO>TFR-5273"))));
        assert_eq!(read.counterparty, "ONEY BANK", "{payee}");
        assert_eq!(read.remittance, "ONEY BANK TFR-5273", "{payee}");
    }
}

#[test]
fn a_statement_is_an_export_of_its_account_with_the_ledger_balance() {
    let found = found(&list(&entry("20.50", ""))).unwrap();
    let (statement, _) = &found.statements[0];
    assert_eq!(statement.account, "FR76300060000112");
    assert_eq!(
        (statement.id.as_str(), statement.sequence.as_str()),
        ("", "")
    );
    assert_eq!(statement.from, Some(day("2026-11-16")));
    assert_eq!(statement.to, Some(day("2026-11-17")));
    assert_eq!(statement.opening, None);
    assert_eq!(statement.closing, Some(Amount::from_minor(12_050)));
    assert_eq!(statement.kind, StatementKind::Export);
}

#[test]
fn the_sign_is_that_of_the_amount_whatever_the_type() {
    let texts = [
        "-80.00",
        "+12.00",
        " 5",
        "-1,50",
        "1.234,50",
        "-1,234.50",
        ".5",
    ];
    let entries: String = texts.iter().map(|text| entry(text, "")).collect();
    assert_eq!(
        amounts(&entries),
        [-8000, 1200, 500, -150, 123_450, -123_450, 50]
    );
}

#[test]
fn an_amount_in_another_currency_keeps_it_and_a_converted_one_does_not() {
    let other = entry("1", "<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY>");
    assert_eq!(only_entry(&list(&other)).currency.code(), "USD");
    let converted = entry("1", "<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY>");
    assert_eq!(only_entry(&list(&converted)).currency.code(), "EUR");
}

#[test]
fn bare_marks_and_entities_stand_in_texts() {
    let read = |memo: &str| only_entry(&list(&entry("1", &format!("<MEMO>{memo}")))).remittance;
    assert_eq!(read("M&M's &amp; Co"), "M&M's & Co");
    assert_eq!(read("a < b <3 \"x\""), "a < b <3 \"x\"");
    assert_eq!(read("caf&#233; &#x20AC;5"), "café €5");
    assert_eq!(read("<![CDATA[a <b> & c]]></MEMO>"), "a <b> & c");
    assert_eq!(read("a<!-- no <MEMO>x -->b</MEMO>"), "ab");
}

#[test]
fn the_partner_s_account_and_pending_entries_are_left_out() {
    let partner = entry(
        "1",
        "<BANKACCTTO><ACCTID>999<NAME>no</BANKACCTTO><PAYEE><NAME>ANN</PAYEE>",
    );
    let read = found(&list(&partner)).unwrap();
    assert_eq!(read.statements[0].0.account, "FR76300060000112");
    let pending = list(&entry("1", "")).replace(
        "<LEDGERBAL>",
        "<BANKTRANLISTP><STMTTRNP><TRNAMT>9<DTTRAN>20261118</STMTTRNP></BANKTRANLISTP><LEDGERBAL>",
    );
    assert_eq!(found(&pending).unwrap().entries().len(), 1);
}

#[test]
fn xml_is_read_alike() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?OFX OFXHEADER=\"200\"?>\n<OFX>\
        <CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR</CURDEF>\
        <CCACCTFROM><ACCTID>4970</ACCTID></CCACCTFROM><BANKTRANLIST><STMTTRN>\
        <DTPOSTED>20261117</DTPOSTED><TRNAMT>-3.00</TRNAMT><FITID/><MEMO>a &amp; b</MEMO>\
        </STMTTRN></BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>";
    let read = only_entry(xml);
    assert_eq!(read.amount.to_minor(), Some(-300));
    assert_eq!(
        (read.servicer_reference.as_str(), read.remittance.as_str()),
        ("", "a & b")
    );
}

#[test]
fn an_entry_that_cannot_be_read_is_rejected_and_the_others_are_taken() {
    let bad_day = entry("2", "").replace("20261117120000", "20260231");
    let entries = [
        entry("1", ""),
        entry(".", "<NAME>X"),
        bad_day,
        entry("3", ""),
    ]
    .concat();
    let found = found(&list(&entries)).unwrap();
    assert_eq!(found.entries().len(), 2);
    let row = &found.rejected[0];
    assert_eq!(
        (row.line, row.column.as_str(), row.value.as_str()),
        (2, "STMTTRN/TRNAMT", ".")
    );
    assert!(
        row.reason.contains("expected a signed number"),
        "{}",
        row.reason
    );
    assert!(
        row.raw
            .starts_with("<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>2026"),
        "{}",
        row.raw
    );
    assert!(row.raw.ends_with("<NAME>X</STMTTRN>"), "{}", row.raw);
    let row = &found.rejected[1];
    assert_eq!((row.line, row.column.as_str()), (3, "STMTTRN/DTPOSTED"));
}
