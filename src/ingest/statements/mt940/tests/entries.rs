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
        ("261117C5000NTRF", "5000NTRF", "has no amount"),
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
