use crate::domain::Amount;

use super::{day, entries_of, found, only_entry, statement};

fn minor(field: &str) -> i64 {
    only_entry(&format!(":61:{field}"))
        .amount
        .to_minor()
        .unwrap()
}

#[test]
fn a_statement_line_gives_days_amount_and_references() {
    let entry = only_entry(
        ":61:2611161117CR1204,50NTRFCUST 7//BANK-0042 \nline of details\n:86:PAYOUT TFR-5273",
    );
    assert_eq!(entry.line, 5);
    assert_eq!(entry.value_on, Some(day("2026-11-16")));
    assert_eq!(entry.booked_on, day("2026-11-17"));
    assert_eq!(entry.amount.to_minor(), Some(120_450));
    assert_eq!(entry.currency.code(), "EUR");
    assert_eq!(entry.servicer_reference, "BANK-0042");
    assert_eq!(entry.references, ["CUST 7", "BANK-0042"]);
    assert_eq!(entry.remittance, "PAYOUT TFR-5273 line of details");
}

#[test]
fn a_reversal_has_the_other_sign_and_a_funds_code_none() {
    for (mark, minor_units) in [
        ("C", 1250),
        ("D", -1250),
        ("RC", -1250),
        ("RD", 1250),
        // The third letter of EUR, USD and SEK.
        ("CR", 1250),
        ("DR", -1250),
        ("DD", -1250),
        ("CK", 1250),
        ("RCR", -1250),
        ("RDR", 1250),
    ] {
        assert_eq!(
            minor(&format!("261117{mark}12,50NTRFX")),
            minor_units,
            "{mark}"
        );
    }
}

#[test]
fn expected_entries_are_not_booked() {
    let entries = entries_of(":61:261117EC5,00NTRFX\n:86:a\n:61:261117ED6,00NTRFX\n:86:b");
    assert_eq!(entries, []);
}

#[test]
fn amounts_are_read_with_a_decimal_comma_however_many_digits() {
    for (text, minor_units) in [
        ("7260,", 726_000),
        ("0,1", 10),
        ("00,12", 12),
        ("000000001000,00", 100_000),
        ("1.218.882,05", 121_888_205),
        ("450", 45_000),
    ] {
        assert_eq!(minor(&format!("261117C{text}NTRFX")), minor_units, "{text}");
    }
}

#[test]
fn the_year_of_the_entry_date_is_the_one_closest_to_the_value_date() {
    for (dates, booked_on) in [
        ("1512300102", "2016-01-02"),
        ("1601021231", "2015-12-31"),
        ("2403010229", "2024-02-29"),
        ("2503010229", "2024-02-29"),
        ("261117    ", "2026-11-17"),
        ("261117", "2026-11-17"),
        ("991231", "1999-12-31"),
    ] {
        let entry = only_entry(&format!(":61:{dates}C1,00NTRFX"));
        assert_eq!(entry.booked_on, day(booked_on), "{dates}");
    }
}

#[test]
fn no_reference_is_none() {
    for line in [
        "261117C1,00NTRFNONREF",
        "261117C1,00NOV NONREF",
        "261117C1,00NTRFNONREF//NONREF",
        "261117C1,00NTRFNOTPROVIDED//",
        "261117C1,00NIC MARF",
        "261117C1,00NTRFKREF+",
        "261117C1,00",
    ] {
        let entry = only_entry(&format!(":61:{line}"));
        assert_eq!(entry.servicer_reference, "", "{line}");
        assert!(
            entry.references.is_empty(),
            "{line}: {:?}",
            entry.references
        );
    }
    let long = only_entry(":61:261117C1,00NTRF0000549855700010//025498557/000001-AND-MORE");
    assert_eq!(long.servicer_reference, "025498557/000001-AND-MORE");
}

#[test]
fn a_line_that_is_wrapped_before_the_amount_is_put_together() {
    let entry = only_entry(":61:2611171117C\n12,50NTRFNONREF//B-1\nmore");
    assert_eq!(entry.amount.to_minor(), Some(1250));
    assert_eq!(entry.remittance, "more");
}

#[test]
fn a_row_that_cannot_be_read_is_rejected_with_its_text_and_the_others_are_taken() {
    for (line, value, expected) in [
        ("1602300301DR6,00NTRF", "160230", "expected YYMMDD"),
        ("2611171317C6,00NTRF", "1317", "expected MMDD"),
        ("261117X6,00NTRF", "X6,00NTRF", "expected C, D, RC or RD"),
        (
            "261117C6.5,00NTRF",
            "6.5,00",
            "expected digits with a decimal comma",
        ),
        ("261117C6,005NTRF", "6,005", "more decimals than EUR"),
        ("261117CNTRF", "TRF", "expected digits"),
        ("261117C5000", "5000", "has no amount"),
        ("261117C5.000NTRF", "5.000NTRF", "has no amount"),
        ("261117C50N5,0NTRF", "50N5,0NTRF", "has no amount"),
        ("261117C1Z,50NTRF", "1Z,50NTRF", "has no amount"),
        ("261117C12,5ONTRF", "ONTRF", "is not the type"),
    ] {
        let text = statement(&format!(
            ":61:{line}\n:86:lost\n:61:261117C1,00NTRF\n:86:kept"
        ));
        let found = found(&text).unwrap();
        assert_eq!(found.entries().len(), 1, "{line}");
        assert_eq!(found.entries()[0].remittance, "kept");
        let row = &found.rejected[0];
        assert_eq!(
            (row.line, row.column.as_str(), row.value.as_str()),
            (5, ":61:", value)
        );
        assert!(row.reason.contains(expected), "{}", row.reason);
        assert_eq!(row.raw, format!(":61:{line}"));
    }
}

#[test]
fn equal_lines_are_that_many_entries() {
    let line = ":61:261117C1,00NTRFX//B-1\n:86:the same\n";
    assert_eq!(entries_of(line.repeat(3).trim_end()).len(), 3);
}

#[test]
fn a_tag_that_the_bank_wrapped_is_still_one() {
    for (wrapped, name) in [
        (
            ":61:261117C1,00NTRFA\n:\n86:one\n:61:261117C2,00NTRFB\n:86:two",
            "colon, 86",
        ),
        (
            ":61:261117C1,00NTRFA\n:86:one\n:\n61:261117C2,00NTRFB\n:86:two",
            "colon, 61",
        ),
        (
            ":61:261117C1,00NTRFA\n:86:one\n:6\n1:261117C2,00NTRFB\n:8\n6:two",
            "digits",
        ),
        (
            ":61:261117C1,00NTRFA:\n86:one:\n61:261117C2,00NTRFB\n:86\n:two",
            "behind other text",
        ),
        (
            ":61:261117C1,00NTRFA\n:\n8\n6:one\n:61:261117C2,00NTRFB\n:86:two",
            "in three",
        ),
    ] {
        let entries = entries_of(wrapped);
        let texts: Vec<&str> = entries.iter().map(|entry| &*entry.remittance).collect();
        assert_eq!(texts, ["one", "two"], "{name}");
        assert_eq!(entries[1].references, ["B"], "{name}");
    }
}

#[test]
fn a_text_that_only_looks_like_a_wrapped_tag_stays_text() {
    for (text, expected) in [
        ("at 12:\n11 o'clock", "at 12: 11 o'clock"),
        ("ref:\n61:1 of 2", "ref: 61:1 of 2"),
        ("see:\n86:above", "see: 86:above"),
        (":12:11\nlate", ":12:11 late"),
        ("ends with:", "ends with:"),
    ] {
        let entries = entries_of(&format!(":61:261117C1,00NTRFA\n:86:{text}"));
        let found = entries[0].remittance.replace(' ', "");
        assert_eq!(found, expected.replace(' ', ""), "{text}");
    }
}

#[test]
fn a_balance_without_a_comma_is_in_whole_units_where_the_file_goes_on() {
    let text = statement("")
        .replace("EUR100,00", "EUR100")
        .replace("EUR120,50", "EUR120");
    let found = found(&text).unwrap();
    let (statement, _) = &found.statements[0];
    assert_eq!(minor_of(statement.opening), Some(10_000));
    assert_eq!(minor_of(statement.closing), Some(12_000));
}

fn minor_of(amount: Option<Amount>) -> Option<i64> {
    amount?.to_minor()
}
