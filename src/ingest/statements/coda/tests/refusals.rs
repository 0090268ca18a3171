use super::{amounts, day, header, movement, old, read_lines, record, refused, statement};

#[test]
fn a_movement_that_cannot_be_read_is_rejected_with_its_details() {
    let found = read_lines(&statement(&[
        movement("0000", "2000000000001000", &[]),
        movement("0001", "0000000000001000", &[]),
        movement("0000", "0000000000001005", &[]),
        movement(
            "0000",
            "0000000000001000",
            &[(48, "000000"), (116, "      ")],
        ),
        movement("0001", "0000000000001000", &[(3, "0007")]),
        movement("0000", "0000000000000070", &[(116, "      ")]),
    ]));
    assert_eq!(amounts(&found), [7]);
    assert_eq!(found.entries()[0].booked_on, day("2026-03-03"));
    let places = found
        .rejected
        .iter()
        .map(|row| (row.line, row.column.as_str(), row.value.as_str()));
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            (3, "amount (32-47)", "2000000000001000"),
            (5, "amount (32-47)", "0000000000001005"),
            (6, "entry date (116-121)", ""),
            (7, "detail number (7-10)", "0001"),
        ]
    );
}

#[test]
fn records_that_do_not_follow_each_other_refuse_the_file() {
    let good = statement(&[]);
    let movement = movement("0000", "0000000000001000", &[]);
    let without = |at: usize| {
        let mut lines = good.clone();
        lines.remove(at);
        lines
    };
    for (lines, expected) in [
        (without(0), "line 1: the record stands outside a file"),
        (without(1), "line 2: the record stands outside a statement"),
        (
            without(2),
            "line 3: the file's trailer (record 9) comes before the new balance",
        ),
        (
            without(3),
            "is cut off: it ends inside the file, before its trailer (record 9), which begins in line 1",
        ),
        (
            vec![header(&[]), old()],
            "is cut off: it ends inside the statement",
        ),
        (
            vec![header(&[]), header(&[])],
            "line 2: a file begins (record 0) before that of line 1",
        ),
        (
            vec![header(&[]), old(), old()],
            "line 3: a statement begins (record 1) before that of line 2",
        ),
        (
            vec![header(&[]), movement],
            "line 2: the record stands outside a statement",
        ),
        (
            vec![header(&[]), old(), "24".to_owned()],
            "line 3: the record begins with \"24\"",
        ),
    ] {
        let reason = refused(&lines);
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[test]
fn another_version_an_unknown_account_or_balance_refuse_the_file() {
    let reason = refused(&[header(&[(128, "5")])]);
    assert!(reason.contains("of version \"5\" (column 128)"), "{reason}");
    let reason = refused(&[header(&[]), record(128, &[(1, "12"), (40, "EUR")])]);
    assert!(reason.contains("names no account"), "{reason}");
    let reason = refused(&[
        header(&[]),
        record(128, &[(1, "12"), (6, "BE68"), (40, "978")]),
    ]);
    assert!(reason.contains("currency \"978\" is none"), "{reason}");
    let bad = record(
        128,
        &[
            (1, "12"),
            (6, "BE68"),
            (40, "EUR"),
            (43, "00000000010000 0"),
        ],
    );
    let reason = refused(&[header(&[]), bad]);
    assert!(reason.contains("line 2: old balance (43-58)"), "{reason}");
}
