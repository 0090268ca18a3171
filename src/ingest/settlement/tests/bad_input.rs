//! What becomes of rows and files that cannot be read.

use super::*;

#[test]
fn a_row_names_the_column_the_value_and_what_was_expected() {
    let content = table(&[
        "Loan,A-1,1.00,,,EUR,P-1,2026-11-04",
        ",A-2,1.00,,,EUR,P-1,2026-11-04",
        "Sale,A-3,one,,,EUR,P-1,2026-11-04",
        "Sale,A-4,1.005,,,EUR,P-1,2026-11-04",
        "Sale,A-5,1.00,,,EURO,P-1,2026-11-04",
        "Sale,A-6,1.00,,,,P-1,2026-11-04",
        "Sale,A-7,1.00,,,EUR,P-1,2026-13-04",
        "Sale,A-8,1.00,,,EUR,P-1,",
        "Sale,A-9,,,,EUR,P-1,2026-11-04",
        "Sale,A-10,1.00,,,EUR,P-1",
        "Sale,A-11,1.00,,,EUR,P-1,2026-11-04",
    ]);
    let dot = profile(|p| p.decimal_mark = Some('.'));
    let found = read(&content, &dot);
    assert_eq!(found.brief(), ["funding A-11 1.00 0.00"]);
    let expected = [
        "2: kind «Loan» is not one of funding, settlement, settled, sale, capture, captured, payment, charge, purchase, cancellation, cancel, refund, refunded, return, returned, cancellation_reversal, refund reversal, refund reversed, refunded reversed, chargeback, chargeback_reversal, chargeback reversed, fee, fees, commission, vat, tax, adjustment, correction, memo, payout, clearing",
        "3: kind «» is empty and must not be",
        "4: gross «one» is not an amount",
        "5: gross «1.005» has more decimals than EUR has (2)",
        "6: currency «EURO» is not a currency of three letters",
        "7: currency «» is empty and must not be",
        "8: report_date «2026-13-04» is not a day YYYY-MM-DD or DD/MM/YYYY or DD.MM.YYYY or \
         YYYYMMDD",
        "9: report_date «» is empty, and neither payout_date nor event_time tells the day",
        "10: gross «» is empty and must not be",
        "11:  «» the row has 7 fields, the header has 8",
    ];
    assert_eq!(found.complaints(), expected);
    assert_eq!(found.rejected[0].raw, "Loan,A-1,1.00,,,EUR,P-1,2026-11-04");
}

#[test]
fn rows_that_the_profile_passes_over_are_no_rows() {
    let theirs = profile(|p| p.notation.skip_rows = vec!["^(Total|End of)".to_owned()]);
    let content = format!(
        "Settlement of Shop Ltd\nCreated: 05/11/2026, by hand\n\n{}Total,,1.00,,,EUR,,\nEnd of file\n",
        table(&["Sale,A-1,1.00,,,EUR,P-1,2026-11-04"])
    );
    let found = read(&content, &theirs);
    assert_eq!(found.brief(), ["funding A-1 1.00 0.00"]);
    assert_eq!(found.lines[0].row, 5);
    assert_eq!(found.file.counts.rows, 1);
    assert_eq!(read(&content, &profile(|_| {})).file.counts.rejected, 2);
}

#[test]
fn an_undecided_mark_refuses_the_file_and_names_the_setting() {
    let content = table(&["Sale,A-1,\"1,234\",,,EUR,P-1,2026-11-04"]);
    let refusal = read_named("s.csv", &content, &profile(|_| {})).unwrap_err();
    assert!(refusal.reason.contains("decimal_mark"), "{refusal}");
    assert!(refusal.reason.starts_with("line 2: gross"), "{refusal}");
}

#[test]
fn an_unknown_header_is_told_with_what_was_expected() {
    let theirs = profile(|p| column(p, "order_reference", &["Auftrag"]));
    let refusal = read_named("s.csv", "a,b,c\n1,2,3\n", &theirs).unwrap_err();
    assert_eq!(
        refusal.reason,
        "has an unknown header: line 1 looks like one: found «a,b,c», expected the columns Auftrag, \
         gross, currency; name the file's own columns in a [[profile]], `profile infer` proposes one"
    );
}

#[test]
fn too_many_bad_rows_refuse_the_file() {
    let mut rows = vec!["Sale,A-1,1.00,,,EUR,P-1,2026-11-04"; 17];
    rows.extend(["Sale,A-1,x,,,EUR,P-1,2026-11-04"; 3]);
    let refusal = read_named("s.csv", &table(&rows), &profile(|_| {})).unwrap_err();
    assert!(refusal.reason.contains("3 of 20 rows"), "{refusal}");
}

#[test]
fn a_header_without_rows_is_a_night_without_movements() {
    let found = read(&table(&[]), &profile(|_| {}));
    assert_eq!((found.file.counts.rows, found.file.report_date), (0, None));
}

#[test]
fn no_bytes_stop_the_program() {
    let content = table(&["Sale,A-1,1.00,,,EUR,P-1,2026-11-04"]).into_bytes();
    for at in 0..content.len() {
        for byte in [0, b'"', b'\n', b',', 0xff, b'9'] {
            let mut damaged = content.clone();
            damaged[at] = byte;
            // Read or refused: either is an answer.
            drop(read_bytes("s.csv", &damaged, &profile(|_| {})));
        }
        drop(read_bytes("s.csv", &content[..at], &profile(|_| {})));
    }
}
