//! Statements that do not add up, and statements that are missing.

use super::*;
use crate::domain::detail::{Detail, NamedStatement, StatementBefore};

#[test]
fn a_statement_that_does_not_add_up_is_unbalanced() {
    let mut archive = Archive::default();
    archive.add_booked(1, "S1", 10, (100, 150)).closing = Some(Amount::from_minor(151));
    archive.add_booked(2, "", 11, (151, 140)).sequence = "7".to_owned();
    archive.statements[1].debits = Amount::from_minor(1);
    archive.statements[1].rejected = 3;
    archive.add_booked(3, "", 12, (140, 140)).closing = None;
    archive.add(4, Intraday, "I1", 12).opening = Some(Amount::ZERO);
    assert_eq!(
        archive.finds(12),
        [
            "STATEMENT_UNBALANCED FR76/7 139 140 on 11 in b.xml",
            "STATEMENT_UNBALANCED FR76/S1 150 151 on 10 in a.xml",
        ]
    );
    assert_eq!(
        archive.finds(10),
        ["STATEMENT_UNBALANCED FR76/S1 150 151 on 10 in a.xml"]
    );
    assert!(archive.finds(9).is_empty());
}

#[test]
fn a_statement_whose_number_is_always_0_is_named_by_its_first_day() {
    let mut archive = Archive::default();
    let statement = archive.add_booked(1, "", 10, (100, 150));
    statement.closing = Some(Amount::from_minor(151));
    statement.sequence = "000".to_owned();
    assert_eq!(
        archive.finds(10),
        ["STATEMENT_UNBALANCED FR76/2026-11-10 150 151 on 10 in a.xml"]
    );
}

#[test]
fn a_statement_that_does_not_continue_the_one_before_has_a_gap() {
    let mut archive = Archive::default();
    archive.add_booked(2, "S3", 12, (170, 180));
    archive.add_booked(1, "S1", 10, (100, 150));
    archive.add_booked(3, "other", 11, (7, 8)).account = "DE89".to_owned();
    assert_eq!(
        archive.finds(12),
        ["STATEMENT_GAP FR76/S3 150 170 on 12 in b.xml"]
    );
    assert!(archive.finds(11).is_empty());
    let found = statement_discrepancies(&archive.statements, &files, None, nov(12)).remove(0);
    let before = StatementBefore {
        name: "S1".to_owned(),
        ended_on: nov(10),
    };
    let statement = NamedStatement {
        name: "S3".to_owned(),
        before: Some(before),
    };
    assert_eq!(found.detail, Detail::Statement(statement));

    archive.add_booked(4, "S2", 11, (150, 170));
    assert!(archive.finds(12).is_empty());
}

#[test]
fn statements_of_one_day_follow_each_other_by_number() {
    let mut archive = Archive::default();
    archive.add_booked(1, "", 10, (150, 170)).sequence = "12/10".to_owned();
    archive.add_booked(2, "", 10, (100, 150)).sequence = "12/9".to_owned();
    assert!(archive.finds(12).is_empty());
    // MT940 begins with the day of the balance before.
    archive.add_booked(3, "", 11, (170, 175)).from = Some(nov(10));
    assert!(archive.finds(12).is_empty());
}

#[test]
fn a_month_and_its_days_are_no_gaps() {
    let mut archive = Archive::default();
    archive.add_booked(1, "D1", 1, (100, 110));
    archive.add_booked(2, "M", 30, (100, 140)).from = Some(nov(1));
    archive.add_booked(3, "D2", 2, (110, 120));
    archive.add_booked(4, "D30", 30, (120, 140));
    assert!(archive.finds(30).is_empty());
}

#[test]
fn exports_that_overlap_are_no_gaps_and_a_missing_day_is() {
    let mut archive = Archive::default();
    for (file, from, to, balances) in [
        (1, 1, 5, (100, 150)),
        (2, 5, 9, (140, 190)),
        (3, 10, 12, (190, 200)),
        (4, 14, 15, (205, 210)),
    ] {
        let export = archive.add_booked(file, "", to, balances);
        (export.kind, export.from) = (Export, Some(nov(from)));
    }
    assert_eq!(
        archive.finds(20),
        ["STATEMENT_GAP FR76/2026-11-14 200 205 on 14 in d.xml"]
    );
}

#[test]
fn a_superseded_statement_raises_nothing() {
    let mut archive = Archive::default();
    archive.add_booked(1, "S1", 10, (100, 150)).closing = Some(Amount::from_minor(1));
    archive.add_booked(2, "S1", 10, (100, 150));
    assert!(archive.finds(12).is_empty());
}

#[test]
fn a_bank_that_repeats_its_numbers_still_has_one_key_a_statement() {
    let mut archive = Archive::default();
    for (file, day) in [(1, 10), (2, 12)] {
        let statement = archive.add_booked(file, "1", day, (100, 100));
        statement.closing = Some(Amount::from_minor(99));
        statement.opening = None;
    }
    for it in &mut archive.statements {
        it.statement.opening = Some(Amount::from_minor(100));
    }
    let found = statement_discrepancies(&archive.statements, &files, None, nov(20));
    let unbalanced = found
        .iter()
        .filter(|it| it.code.word() == "STATEMENT_UNBALANCED");
    let keys: Vec<_> = unbalanced.map(|it| it.key.join("/")).collect();
    assert_eq!(keys, ["FR76/1", "FR76/1/2026-11-12"]);
}
