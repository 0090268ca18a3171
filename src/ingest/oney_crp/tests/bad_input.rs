//! What a row that cannot be read gets, and what refuses the whole report.

use super::{CANCELS, PLAIN, read_bytes, read_text, report};
use crate::domain::file::RejectedRow;
use crate::ingest::profile::ProfileDefinition;

/// The one rejected row of a file whose second row is good.
#[track_caller]
fn rejected(changes: &[(&str, &str)]) -> RejectedRow {
    let (counts, notes) = read_text(&report(&[changes, &[]])).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (2, 1, 1));
    assert_eq!(notes.lines.len(), 1, "the other row is taken");
    assert_eq!(notes.rejected.len(), 1);
    notes.rejected.into_iter().next().unwrap()
}

/// Line, column and value are told, and the reason says what is wrong and what to do.
#[track_caller]
fn assert_rejected(changes: &[(&str, &str)], column: &str, value: &str, says: &[&str]) {
    let row = rejected(changes);
    assert_eq!(
        (row.line, row.column.as_str(), row.value.as_str()),
        (2, column, value)
    );
    for words in says {
        assert!(row.reason.contains(words), "«{words}» in «{}»", row.reason);
    }
    assert!(row.raw.contains("WEB-1"), "the whole row: {}", row.raw);
}

const ASK_AGAIN: &str = "; ask for the file again";

#[test]
fn a_missing_mandatory_value_rejects_the_row() {
    for column in [
        "Merchant_guid",
        "Transaction_amount",
        "Transaction_amount_currency",
        "Purchase_date",
    ] {
        let says = ["is empty and must not be", ASK_AGAIN];
        assert_rejected(&[(column, "")], column, "", &says);
    }
    assert_rejected(&[("PR_Type", "")], "PR_Type", "", &["FIN, CA, REG"]);
    assert_rejected(&[("IS_cancel", "")], "IS_cancel", "", &["not one of Y, N"]);
    assert_rejected(
        &[("IS_cancel", "Y")],
        "Cancel_date",
        "",
        &["is empty and must not be"],
    );
    // Only a correction that cancels may lack the purchase's day.
    assert_rejected(
        &[("PR_Type", "REG"), ("Purchase_date", "")],
        "Purchase_date",
        "",
        &["is empty"],
    );
    let cancels = [&CANCELS[..], &[("Purchase_date", "")]].concat();
    assert_rejected(&cancels, "Purchase_date", "", &["is empty"]);
}

#[test]
fn an_unknown_code_rejects_the_row() {
    assert_rejected(
        &[("PR_Type", "XYZ")],
        "PR_Type",
        "XYZ",
        &["is not one of FIN, CA, REG", "ask for the file again"],
    );
    assert_rejected(
        &[("IS_cancel", "X")],
        "IS_cancel",
        "X",
        &["is not one of Y, N", "ask for the file again"],
    );
    assert_rejected(
        &[("Transaction_amount_currency", "EURO")],
        "Transaction_amount_currency",
        "EURO",
        &["is not a currency of three letters", ASK_AGAIN],
    );
}

#[test]
fn a_bad_date_rejects_the_row_and_names_the_expected_form() {
    for bad in ["31/02/2026", "2026/11/05", "11/25/2026", "yesterday"] {
        assert_rejected(
            &[("Purchase_date", bad)],
            "Purchase_date",
            bad,
            &["is not a day DD/MM/YYYY or DD/MM/YY", ASK_AGAIN],
        );
    }
    let cancels = [&CANCELS[..], &[("Cancel_date", "6 nov")]].concat();
    assert_rejected(&cancels, "Cancel_date", "6 nov", &["is not a day"]);
    assert_rejected(
        &[("Purchase_hour", "25:00:00")],
        "Purchase_hour",
        "25:00:00",
        &["is not a time HH:MM:SS", ASK_AGAIN],
    );
}

#[test]
fn a_bad_amount_rejects_the_row_in_whichever_column_it_stands() {
    for column in [
        "Transaction_amount",
        "Funding_amount",
        "Commission_amount",
        "Net_amount",
    ] {
        assert_rejected(
            &[(column, "12.5O")],
            column,
            "12.5O",
            &["is not an amount", ASK_AGAIN],
        );
    }
}

#[test]
fn more_decimals_than_the_currency_has_reject_the_row() {
    assert_rejected(
        &[("Transaction_amount", "200.0050")],
        "Transaction_amount",
        "200.0050",
        &["has more decimals than EUR has (2)", ASK_AGAIN],
    );
    assert_rejected(
        &[
            ("Transaction_amount_currency", "JPY"),
            ("Transaction_amount", "200.50"),
        ],
        "Transaction_amount",
        "200.50",
        &["has more decimals than JPY has (0)"],
    );
}

#[test]
fn an_amount_beyond_the_limit_rejects_the_row() {
    // 10^15 minor units are 10^13 euros.
    let (_, notes) = read_text(&report(&[&[
        ("Transaction_amount", "10000000000000.00"),
        ("Funding_amount", ""),
        ("Net_amount", ""),
    ]]))
    .unwrap();
    assert_eq!(notes.rejected, []);
    assert_rejected(
        &[("Transaction_amount", "10000000000000.01")],
        "Transaction_amount",
        "10000000000000.01",
        &["is beyond ±10^15 minor units", ASK_AGAIN],
    );
}

#[test]
fn a_negative_amount_that_cancels_nothing_rejects_the_row() {
    assert_rejected(
        &[("Transaction_amount", "-200.00")],
        "Transaction_amount",
        "-200.00",
        &["is negative", "IS_cancel N", "ask Oney"],
    );
}

#[test]
fn a_row_with_more_or_fewer_fields_than_the_header_is_rejected() {
    let good = report(&[&[]]);
    let short = good.trim_end().rsplit_once(',').unwrap().0;
    let long = format!("{},x", good.trim_end());
    for (content, fields) in [(short.to_owned(), 23), (long, 25)] {
        let (counts, notes) = read_text(&content).unwrap();
        assert_eq!((counts.rows, counts.rejected), (1, 1));
        let row = &notes.rejected[0];
        assert_eq!((row.line, row.column.as_str()), (2, ""));
        assert_eq!(
            row.reason,
            format!("the row has {fields} fields, the header has 24{ASK_AGAIN}")
        );
    }
}

#[test]
fn a_decimal_mark_that_cannot_be_decided_refuses_the_file_and_names_the_setting() {
    let content = report(&[&[], &[("Transaction_amount", "1#234")]]).replace(',', ";");
    let refusal = read_text(&content.replace('#', ",")).unwrap_err().reason;
    for words in [
        "line 3",
        "Transaction_amount",
        "«1,234»",
        "decimal_mark",
        "[[profile]]",
    ] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
    let decided = ProfileDefinition {
        name: "ours".to_owned(),
        extends: Some("oney-crp-v3".to_owned()),
        decimal_mark: Some(','),
        ..ProfileDefinition::default()
    };
    let only = report(&[&[
        ("Transaction_amount", "1.234"),
        ("Funding_amount", ""),
        ("Commission_amount", ""),
        ("Net_amount", ""),
    ]]);
    let (_, notes) = read_bytes(only.replace(',', ";").as_bytes(), &[decided]).unwrap();
    assert_eq!(notes.lines[0].gross, "1234.00");
}

#[test]
fn three_decimals_reject_their_row_where_another_row_shows_the_mark() {
    let doubtful: &[(&str, &str)] = &[("Transaction_amount", "1.234")];
    for rows in [[doubtful, &[]], [&[], doubtful]] {
        let (counts, notes) = read_text(&report(&rows)).unwrap();
        assert_eq!((counts.accepted, counts.rejected), (1, 1));
        assert!(
            notes.rejected[0]
                .reason
                .contains("more decimals than EUR has")
        );
    }
    let all = report(&[doubtful, &[("Transaction_amount", "5.678")]]);
    let refusal = read_text(&all).unwrap_err().reason;
    assert!(
        refusal.contains("may be thousands or decimals"),
        "{refusal}"
    );
}

#[test]
fn an_unknown_header_refuses_the_file_and_says_what_was_expected() {
    let refusal = read_text("a,b,c\n1,2,3\n").unwrap_err().reason;
    for words in ["«a,b,c»", "PR_Type", "Transaction_amount", "[[profile]]"] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
    let lacks_currency = report(&[]).replace("Transaction_amount_currency", "Currency");
    assert!(read_text(&lacks_currency).is_err());
}

#[test]
fn too_many_rejected_rows_refuse_the_file_from_twenty_rows_on() {
    let bad: &[(&str, &str)] = &[("PR_Type", "?")];
    let rows = |good: usize, rejected: usize| {
        let mut rows = vec![bad; rejected];
        rows.resize(good + rejected, &[][..]);
        read_text(&report(&rows))
    };
    let (counts, _) = rows(18, 2).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (20, 18, 2));
    assert!(rows(0, 19).is_ok());
    let refusal = rows(17, 3).unwrap_err().reason;
    for words in ["3 of 20 rows", "10 %", "line 2", "max_rejected_percent"] {
        assert!(refusal.contains(words), "«{words}» in «{refusal}»");
    }
}

#[test]
fn a_header_without_rows_is_a_night_without_movements() {
    let (counts, notes) = read_text(&report(&[])).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (0, 0, 0));
    assert!(notes.lines.is_empty());
    assert_eq!(PLAIN.len(), 24);
}

#[test]
fn a_blank_line_is_no_row() {
    let content = report(&[&[], &[]]).replace("TR-1\n", "TR-1\n\n");
    let (counts, notes) = read_text(&content).unwrap();
    assert_eq!(counts.rows, 2);
    assert_eq!(notes.lines[1].row, 4);
}
