//! What an order that cannot be read gets, and what refuses the whole file.

use super::{MANDATORY, mandatory, orders};

/// One rejected row beside a good one: column, value, and words of the reason.
#[track_caller]
fn assert_rejected(row: &str, column: &str, value: &str, says: &[&str]) {
    let content = mandatory(&format!("{row}\nWEB-9,oney,1.00,EUR,FUNDED,2026-11-01\n"));
    let (counts, notes) = orders(&content).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (2, 1, 1));
    assert_eq!(notes.lines.len(), 1, "the other row is taken");
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
    for words in says {
        assert!(
            rejected.reason.contains(words),
            "«{words}» in «{}»",
            rejected.reason
        );
    }
}

#[test]
fn a_missing_mandatory_value_rejects_the_row() {
    let row = ["WEB-1", "oney", "200.00", "EUR", "FUNDED", "2026-11-01"];
    for (at, column) in MANDATORY.split(',').enumerate() {
        let mut lacking = row;
        lacking[at] = "";
        let says: &[&str] = if column == "status" {
            &["is empty, not one of PENDING, INITIALIZED"]
        } else {
            &["is empty and must not be", "export it"]
        };
        assert_rejected(&lacking.join(","), column, "", says);
    }
}

#[test]
fn bad_values_reject_the_row_and_say_what_was_expected() {
    for (row, column, value, says) in [
        (
            "WEB-1,oney,12.5O,EUR,FUNDED,2026-11-01",
            "amount",
            "12.5O",
            "is not an amount",
        ),
        (
            "WEB-1,oney,0.00,EUR,FUNDED,2026-11-01",
            "amount",
            "0.00",
            "is not more than 0",
        ),
        (
            "WEB-1,oney,-5.00,EUR,FUNDED,2026-11-01",
            "amount",
            "-5.00",
            "is not more than 0",
        ),
        (
            "WEB-1,oney,5.0050,EUR,FUNDED,2026-11-01",
            "amount",
            "5.0050",
            "more decimals than EUR has (2)",
        ),
        (
            "WEB-1,oney,10000000000000.01,EUR,FUNDED,2026-11-01",
            "amount",
            "10000000000000.01",
            "beyond ±10^15 minor units",
        ),
        (
            "WEB-1,oney,5.00,EURO,FUNDED,2026-11-01",
            "currency",
            "EURO",
            "is not a currency of three letters",
        ),
        (
            "WEB-1,oney,5.00,EUR,PAID,2026-11-01",
            "status",
            "PAID",
            "is not one of PENDING, INITIALIZED, REQUESTED",
        ),
        (
            "WEB-1,oney,5.00,EUR,FUNDED,01/11/2026",
            "ordered_at",
            "01/11/2026",
            "is not a date like 2026-11-20 or 2026-11-20T18:03:00+01:00",
        ),
        (
            "WEB-1,oney,5.00,EUR,FUNDED,2026-02-30",
            "ordered_at",
            "2026-02-30",
            "is not a date like",
        ),
    ] {
        assert_rejected(row, column, value, &[says]);
    }
}

#[test]
fn optional_amounts_and_days_are_checked_too() {
    for (column, value, says) in [
        ("confirmed_amount", "-1.00", "is negative"),
        ("cancelled_amount", "-30.00", "is negative"),
        ("cancelled_at", "soon", "is not a date like"),
        ("confirmed_at", "2026-13-01", "is not a date like"),
        ("updated_at", "noon", "is not a time like"),
    ] {
        let content =
            format!("{MANDATORY},{column}\nWEB-1,oney,5.00,EUR,FUNDED,2026-11-01,{value}\n");
        let (counts, notes) = orders(&content).unwrap();
        assert_eq!(counts.rejected, 1, "{column}");
        assert_eq!(
            (
                notes.rejected[0].column.as_str(),
                notes.rejected[0].value.as_str()
            ),
            (column, value)
        );
        assert!(
            notes.rejected[0].reason.contains(says),
            "{}",
            notes.rejected[0].reason
        );
    }
}

#[test]
fn a_row_of_another_width_is_rejected() {
    let fields = |count: usize| format!("the row has {count} fields, the header has 6");
    assert_rejected("WEB-1,oney,5.00,EUR,FUNDED", "", "", &[&fields(5)]);
    assert_rejected(
        "WEB-1,oney,5.00,EUR,FUNDED,2026-11-01,x",
        "",
        "",
        &[&fields(7)],
    );
}

#[test]
fn an_undecided_decimal_mark_refuses_the_file() {
    let content = mandatory("WEB-1,oney,5.00,EUR,FUNDED,2026-11-01\n").replace(',', ";")
        + "WEB-2;oney;1,234;EUR;FUNDED;2026-11-01\n";
    let refusal = orders(&content).unwrap_err().reason;
    for words in ["line 3", "amount", "«1,234»", "decimal_mark", "[[profile]]"] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
}

#[test]
fn an_unknown_header_and_unknown_keys_refuse_the_file() {
    let refusal = orders("number,total\n1,2\n").unwrap_err().reason;
    for words in [
        "«number,total»",
        "order_reference",
        "ordered_at",
        "[[profile]]",
    ] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
    let refusal = orders("{\"number\":1}\n").unwrap_err().reason;
    for words in ["«number»", "order_reference", "[[profile]]"] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
}

#[test]
fn too_many_rejected_rows_refuse_the_file() {
    let bad = "WEB-1,oney,,EUR,FUNDED,2026-11-01\n";
    assert!(orders(&mandatory(&bad.repeat(19))).is_ok());
    let refusal = orders(&mandatory(&bad.repeat(20))).unwrap_err().reason;
    for words in ["20 of 20 rows", "10 %", "line 2", "max_rejected_percent"] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
}

#[test]
fn a_header_without_rows_is_accepted() {
    let (counts, _) = orders(&mandatory("")).unwrap();
    assert_eq!(counts.rows, 0);
}
