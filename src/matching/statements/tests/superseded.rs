//! Which statements are the same one again, and which of them counts.

use super::*;

#[test]
fn the_same_statement_again_supersedes_by_id_or_number() {
    let mut archive = Archive::default();
    archive.add(1, Booked, "S1", 10);
    archive.entry("R1", 100);
    archive.add(2, Booked, "S1", 10);
    archive.entry("R1", 100);
    assert_eq!(archive.says(), ["b.xml:2 R1"]);

    // Another format has its own id, but the number and the days of the first one.
    archive.statements[0].statement.sequence = "12".to_owned();
    archive.statements[1].statement.sequence = "00012".to_owned();
    archive.statements[1].statement.id = "MT940".to_owned();
    assert_eq!(archive.says(), ["b.xml:2 R1"]);

    archive.statements[1].statement.sequence = "13".to_owned();
    assert_eq!(archive.says().len(), 2);
}

#[test]
fn another_account_kind_currency_or_day_is_another_statement() {
    let changes: [fn(&mut Statement); 5] = [
        |it| it.account = "DE89".to_owned(),
        |it| it.kind = Export,
        |it| it.currency = Currency::parse("USD"),
        |it| it.to = Some(nov(11)),
        |it| it.from = Some(nov(9)),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut archive = Archive::default();
        archive.add(1, Booked, "S1", 10);
        archive.entry("R1", 100);
        change(archive.add(2, Booked, "S1", 10));
        archive.entry("R2", 100);
        assert_eq!(archive.says().len(), 2, "change {number}");
    }
}

#[test]
fn formats_may_differ_in_the_first_day_when_the_balances_agree() {
    let mut archive = Archive::default();
    archive.add_booked(1, "S1", 10, (100, 150));
    archive.add_booked(2, "S1", 10, (100, 150)).from = Some(nov(9));
    let counting = counting_statements(&archive.statements, &files);
    assert_eq!(counting.len(), 1);
    archive.statements[1].statement.opening = Some(Amount::from_minor(70));
    assert_eq!(counting_statements(&archive.statements, &files).len(), 2);
}

#[test]
fn pages_of_a_statement_and_numbers_that_are_always_0_do_not_supersede() {
    let mut pages = Archive::default();
    pages.add_booked(1, "S1", 10, (100, 150));
    pages.add_booked(2, "S1", 10, (150, 130));
    assert_eq!(counting_statements(&pages.statements, &files).len(), 2);

    let mut zeros = Archive::default();
    for (file, balances) in [(1, (100, 150)), (2, (100, 150)), (3, (90, 95))] {
        zeros.add_booked(file, "", 10, balances).sequence = "0".to_owned();
    }
    let counting = counting_statements(&zeros.statements, &files);
    let found: Vec<_> = counting.iter().map(|it| it.file.0).collect();
    assert_eq!(found, [2, 3]);
}

#[test]
fn statements_without_id_and_number_are_one_when_days_balances_and_entries_agree() {
    let mut archive = Archive::default();
    for file in [1, 2] {
        archive.add_booked(file, "", 10, (100, 150)).kind = Export;
        archive.entry("", 50);
    }
    archive.add_booked(3, "", 9, (20, 80)).kind = Export;
    archive.entry("", 60);
    // One statement, one gap: 80 is not 100.
    assert_eq!(
        archive.finds(12),
        ["STATEMENT_GAP FR76/2026-11-10 80 100 on 10 in b.xml"]
    );
    assert_eq!(archive.says(), ["c.xml:3 #", "b.xml:2 #"]);

    // A copy that lacks a row supersedes nothing: no entry is lost with it.
    archive.statements[1].credits = Amount::ZERO;
    assert_eq!(counting_statements(&archive.statements, &files).len(), 3);
    // Where the balance did not move, only the movements tell two statements apart.
    let mut still = Archive::default();
    for (file, moved) in [(1, 50), (2, 70), (3, 70)] {
        still.add_booked(file, "", 10, (100, 100)).kind = Export;
        let stored = still.statements.last_mut().unwrap();
        (stored.credits, stored.debits) = (Amount::from_minor(moved), Amount::from_minor(moved));
    }
    let counting = counting_statements(&still.statements, &files);
    let found: Vec<_> = counting.iter().map(|it| it.file.0).collect();
    assert_eq!(found, [1, 3]);
}

#[test]
fn a_statement_with_an_id_and_the_same_one_without_count_once() {
    let mut archive = Archive::default();
    archive.add_booked(1, "CAMT-1", 10, (100, 150));
    archive.entry("R1", 30);
    archive.entry("R2", 20);
    // CFONB 120 has the same books, but neither id nor number, and does not split the batch.
    archive.add_booked(2, "", 10, (100, 150)).kind = Export;
    archive.entry("", 50);
    assert_eq!(archive.says(), ["b.xml:3 #"]);
    // MT940 has a number, where camt has an id only.
    archive.add_booked(3, "", 10, (100, 150)).sequence = "12/1".to_owned();
    archive.entry("R9", 50);
    assert_eq!(archive.says(), ["c.xml:4 R9"]);
    archive.statements[2].statement.opening = Some(Amount::ZERO);
    assert_eq!(counting_statements(&archive.statements, &files).len(), 2);
}

#[test]
fn a_statement_twice_in_one_file_is_not_superseded() {
    let mut archive = Archive::default();
    archive.add(1, Booked, "S1", 10);
    archive.add(1, Booked, "S1", 10);
    assert_eq!(counting_statements(&archive.statements, &files).len(), 2);
}
