use super::{amounts, header, movement, old, read_lines, refused, statement};
use crate::ingest::statements::coda::EXPLANATIONS_MAX;

#[test]
fn details_that_add_up_become_entries_with_the_text_of_them_all() {
    let found = read_lines(&statement(&[
        movement(
            "0000",
            "0000000000001000",
            &[(54, "1"), (63, "BATCH"), (125, "1")],
        ),
        movement("0001", "0000000000001500", &[(54, "5"), (63, "FIRST")]),
        movement(
            "0002",
            "1000000000000500",
            &[(54, "5"), (63, "SECOND"), (125, "1")],
        ),
    ]));
    assert_eq!(amounts(&found), [150, -50]);
    let [first, second] = found.entries().try_into().unwrap();
    assert_eq!((first.line, second.line), (4, 5));
    assert_eq!(first.remittance, "FIRST BATCH");
    assert_eq!(second.servicer_reference, "REF0002");
    assert_eq!(second.references, ["REF0002", "REF0000"]);
}

#[test]
fn details_that_do_not_add_up_stay_one_entry_with_all_their_texts() {
    let found = read_lines(&statement(&[
        movement("0000", "0000000000001000", &[(63, "BATCH")]),
        movement("0001", "0000000000001500", &[(63, "FIRST")]),
        movement("0002", "0000000000000500", &[(63, "SECOND")]),
    ]));
    assert_eq!(amounts(&found), [100]);
    assert_eq!(found.entries()[0].remittance, "BATCH FIRST SECOND");
    assert_eq!(
        found.entries()[0].references,
        ["REF0000", "REF0001", "REF0002"]
    );
}

#[test]
fn a_detail_that_cannot_be_read_keeps_its_booked_movement_whole() {
    let found = read_lines(&statement(&[
        movement("0000", "0000000000001000", &[]),
        movement("0001", "0000000000000400", &[]),
        movement("0002", "0000000000000600", &[]),
        movement("0003", "0000000000000X00", &[]),
    ]));
    assert_eq!(amounts(&found), [100]);
    assert_eq!(found.rejected, []);
}

#[test]
fn totals_among_the_details_are_left_out_by_level_or_by_type() {
    // 10.00 = (4.00 = 1.00 + 3.00) + 6.00
    let details = |levels: [&str; 5], types: [&str; 5]| {
        let units = ["010000", "004000", "001000", "003000", "006000"];
        let records: Vec<String> = (0..5)
            .map(|at| {
                let signed = format!("0000000000{}", units[at]);
                movement(
                    &format!("000{at}"),
                    &signed,
                    &[(54, types[at]), (125, levels[at])],
                )
            })
            .collect();
        amounts(&read_lines(&statement(&records)))
    };
    assert_eq!(
        details(["1", "2", "0", "2", "1"], ["2", "6", "6", "6", "6"]),
        [100, 300, 600]
    );
    assert_eq!(
        details(["1", "0", "0", "0", "1"], ["2", "7", "9", "9", "6"]),
        [100, 300, 600]
    );
    // Nothing tells that 4.00 is a total: 14.00 are not 10.00.
    assert_eq!(
        details(["0", "0", "0", "0", "0"], ["2", "6", "6", "6", "6"]),
        [1_000]
    );
}

#[test]
fn details_go_on_after_number_9999() {
    let found = read_lines(&statement(&[
        movement("0000", "0000000000001000", &[]),
        movement("9999", "0000000000000400", &[]),
        movement("0000", "0000000000000600", &[]),
        movement("0000", "0000000000000070", &[(3, "0002")]),
    ]));
    assert_eq!(amounts(&found), [40, 60, 7]);
}

#[test]
fn more_details_than_any_bank_writes_refuse_the_file() {
    let detail = "2100010001\n".repeat(EXPLANATIONS_MAX + 1);
    let start = [
        header(&[]),
        old(),
        movement("0000", "0000000000001000", &[]),
        detail,
    ];
    assert!(refused(&start).contains("more than 200000 details"));
}
