//! Version 2: a row with a deposit part and a funding part.

use super::{Noted, amounts, read_text, table};

/// A purchase of 200.00 of which 50.00 were paid at once. The first column is the type, whatever
/// it is called.
const PLAIN: [(&str, &str); 17] = [
    ("Operation", "FIN"),
    ("IS_cancel", "N"),
    ("Merchant_guid", "M-1"),
    ("Purchase_date", "05/11/2026"),
    ("Purchase_hour", "10:11:12"),
    ("Cancel_date", ""),
    ("Cancel_hour", ""),
    ("External_reference", "WEB-1"),
    ("Transaction_number", "T-1"),
    ("Transaction_amount", "200.00"),
    ("Transaction_amount_currency", "EUR"),
    ("Payment_amount", "50.00"),
    ("Commission_amount", "0.60"),
    ("Transfer_ID", "TR-1"),
    ("Payment_amount_2", "150.00"),
    ("Commission_amount_2", "3.00"),
    ("Transfer_ID_2", "TR-2"),
];

#[track_caller]
fn lines_of(changes: &[(&str, &str)]) -> Vec<Noted> {
    let (counts, notes) = read_text(&table(&PLAIN, &[changes])).unwrap();
    assert_eq!(notes.rejected, []);
    // However many lines a row has, it is one row.
    assert_eq!((counts.rows, counts.accepted), (1, 1));
    notes.lines
}

#[test]
fn each_part_with_an_amount_is_a_line_with_its_own_payout() {
    let lines = lines_of(&[]);
    let parts: Vec<_> = lines
        .iter()
        .map(|line| (line.part, line.payout_reference.as_str(), amounts(line)))
        .collect();
    assert_eq!(
        parts,
        [
            ("deposit", "TR-1", ["50.00", "0.60", "49.40"]),
            ("funding", "TR-2", ["150.00", "3.00", "147.00"]),
        ]
    );
    for line in &lines {
        assert_eq!(line.kind, "funding");
        assert_eq!(line.order_reference, "WEB-1");
        assert_eq!((line.row, line.transaction_id.as_str()), (2, "T-1"));
        assert_eq!(line.event_time, "2026-11-05 10:11:12");
    }
}

#[test]
fn a_part_without_an_amount_is_no_line() {
    let funding = lines_of(&[("Payment_amount", "")]);
    assert_eq!(funding.len(), 1);
    assert_eq!(funding[0].part, "funding");
    let deposit = lines_of(&[("Payment_amount_2", ""), ("Commission_amount_2", "")]);
    assert_eq!(deposit.len(), 1);
    assert_eq!(deposit[0].part, "deposit");
    assert_eq!(lines_of(&[("Commission_amount", "")])[0].fee, "0.00");
}

#[test]
fn a_cancellation_turns_the_sign_of_both_parts() {
    let lines = lines_of(&[("IS_cancel", "Y"), ("Cancel_date", "06/11/2026")]);
    assert_eq!(lines[0].kind, "cancellation");
    assert_eq!(amounts(&lines[0]), ["-50.00", "-0.60", "-49.40"]);
    assert_eq!(amounts(&lines[1]), ["-150.00", "-3.00", "-147.00"]);
}

#[test]
fn the_type_is_that_of_the_first_column() {
    let lines = lines_of(&[("Operation", "REG"), ("External_reference", "")]);
    assert_eq!(lines[0].kind, "adjustment");
    let (_, notes) = read_text(&table(&PLAIN, &[&[("Operation", "???")]])).unwrap();
    assert_eq!(notes.rejected[0].value, "???");
    assert!(notes.rejected[0].reason.contains("FIN, CA, REG"));
}

#[test]
fn nothing_is_taken_of_a_row_of_which_one_part_cannot_be_read() {
    let (counts, notes) =
        read_text(&table(&PLAIN, &[&[("Payment_amount_2", "15O.00")], &[]])).unwrap();
    assert_eq!((counts.accepted, counts.rejected), (1, 1));
    assert_eq!(notes.lines.len(), 2);
    assert!(notes.lines.iter().all(|line| line.row == 3));
    assert_eq!(notes.rejected[0].column, "Payment_amount_2");
    assert_eq!(notes.rejected[0].value, "15O.00");
}

#[test]
fn a_row_without_either_amount_is_rejected() {
    let neither = [("Payment_amount", ""), ("Payment_amount_2", "")];
    let (_, notes) = read_text(&table(&PLAIN, &[&neither])).unwrap();
    assert_eq!(notes.lines, []);
    assert!(
        notes.rejected[0]
            .reason
            .contains("neither a deposit nor a funding amount")
    );
}
