//! Statements and entries in several files, formats and kinds.

use chrono::NaiveDate;

use super::*;
use crate::domain::file::FileId;
use crate::domain::payout::BankEntry;
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementKind, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency};

fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// File 1 is `a.xml`, file 2 `b.xml` and so on, all received in one night.
fn files(file: FileId) -> FileRank<'static> {
    let names = ["?", "a.xml", "b.xml", "c.xml", "d.xml", "e.xml"];
    FileRank {
        received: nov(20),
        name: names[usize::try_from(file.0).unwrap()],
        sha256: "",
    }
}

/// Statements with their entries; a statement's number is its place, from 1.
#[derive(Default)]
struct Archive {
    statements: Vec<StoredStatement>,
    entries: Vec<StoredEntry>,
}

impl Archive {
    /// A statement of one day.
    fn add(&mut self, file: i64, kind: StatementKind, id: &str, day: u32) -> &mut Statement {
        let number = i64::try_from(self.statements.len() + 1).unwrap();
        self.statements.push(StoredStatement {
            number: StatementId(number),
            file: FileId(file),
            statement: Statement {
                account: "FR76".to_owned(),
                id: id.to_owned(),
                sequence: String::new(),
                from: Some(nov(day)),
                to: Some(nov(day)),
                currency: Some(Currency::EUR),
                opening: None,
                closing: None,
                kind,
            },
            entries: 0,
            credits: Amount::ZERO,
            debits: Amount::ZERO,
            rejected: 0,
        });
        &mut self.statements.last_mut().unwrap().statement
    }

    /// A booked statement with balances, as in `100 → 150`, that adds up.
    fn add_booked(
        &mut self,
        file: i64,
        id: &str,
        day: u32,
        balances: (i64, i64),
    ) -> &mut Statement {
        self.add(file, StatementKind::Booked, id, day);
        let stored = self.statements.last_mut().unwrap();
        stored.credits = Amount::from_minor(balances.1 - balances.0);
        stored.statement.opening = Some(Amount::from_minor(balances.0));
        stored.statement.closing = Some(Amount::from_minor(balances.1));
        &mut stored.statement
    }

    /// An entry of the last statement, on its day.
    fn entry(&mut self, reference: &str, minor: i64) -> &mut StatementEntry {
        let number = i64::try_from(self.entries.len() + 1).unwrap();
        let statement = self.statements.last().unwrap();
        self.entries.push(StoredEntry {
            number,
            statement: statement.number,
            entry: StatementEntry {
                line: u32::try_from(number).unwrap(),
                servicer_reference: reference.to_owned(),
                booked_on: statement.statement.to.unwrap(),
                value_on: None,
                amount: Amount::from_minor(minor),
                currency: Currency::EUR,
                counterparty: "ONEY".to_owned(),
                references: Vec::new(),
                remittance: "payout".to_owned(),
            },
        });
        &mut self.entries.last_mut().unwrap().entry
    }

    fn counting(&self) -> Vec<BankEntry> {
        counting_entries(&self.statements, &self.entries, &files)
    }

    /// `file:line id` of what counts; a hash is written as `#`.
    fn says(&self) -> Vec<String> {
        let counting = self.counting();
        let line = |it: &BankEntry| {
            let is_hash = it.entry_id.len() == 16;
            let id = if is_hash { "#" } else { &it.entry_id };
            format!("{}:{} {id}", it.file, it.line)
        };
        counting.iter().map(line).collect()
    }

    fn finds(&self, as_of: u32) -> Vec<String> {
        let found = statement_discrepancies(&self.statements, &files, nov(as_of));
        let amount = |it: Option<Amount>| it.unwrap().to_minor().unwrap();
        let lines = found.iter().map(|it| {
            let key = it.key.join("/");
            let day = it.event_date.format("%d");
            let (expected, actual) = (amount(it.expected), amount(it.actual));
            format!(
                "{} {key} {expected} {actual} on {day} in {}",
                it.code, it.file
            )
        });
        lines.collect()
    }
}

use StatementKind::{Booked, Export, Intraday};

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
fn an_export_repeats_the_entries_of_booked_statements_whatever_its_texts_say() {
    let mut archive = Archive::default();
    archive.add(1, Booked, "S1", 10);
    archive.entry("R1", 100);
    archive.entry("R2", 100).references = vec!["E2E-2".to_owned()];
    archive.entry("R3", 700);
    archive.add(2, Export, "", 10);
    archive.entry("", 100).remittance = "VIR ONEY T77".to_owned();
    archive.entry("", 100).references = vec!["E2E-2".to_owned()];
    archive.entry("", 100).remittance = "VIR ONEY T78".to_owned();
    archive.entry("", 800);
    let mut says = archive.says();
    says.sort();
    // A third 100 and the 800 are in the export alone.
    assert_eq!(
        says,
        [
            "a.xml:1 R1",
            "a.xml:2 R2",
            "a.xml:3 R3",
            "b.xml:6 #",
            "b.xml:7 #"
        ]
    );
    // On another account or day it is another movement.
    let changes: [fn(&mut Archive); 2] = [
        |it| it.statements[1].statement.account = "DE89".to_owned(),
        |it| {
            for stored in &mut it.entries[3..] {
                stored.entry.booked_on = nov(9);
            }
        },
    ];
    for change in changes {
        let mut other = Archive {
            statements: archive.statements.clone(),
            entries: archive.entries.clone(),
        };
        change(&mut other);
        assert_eq!(other.says().len(), 7);
    }
}

#[test]
fn a_notification_that_an_export_repeats_counts_once() {
    let mut archive = Archive::default();
    archive.add(1, Intraday, "I1", 10);
    archive.entry("R1", 100);
    archive.add(2, Export, "", 10);
    archive.entry("R1", 100);
    assert_eq!(archive.says(), ["b.xml:2 R1"]);
}

#[test]
fn a_statement_twice_in_one_file_is_not_superseded() {
    let mut archive = Archive::default();
    archive.add(1, Booked, "S1", 10);
    archive.add(1, Booked, "S1", 10);
    assert_eq!(counting_statements(&archive.statements, &files).len(), 2);
}

#[test]
fn an_entry_reported_intraday_and_booked_counts_once_as_booked() {
    let mut archive = Archive::default();
    archive.add(1, Intraday, "I1", 10);
    archive.entry("R1", 100);
    archive.entry("R2", 200);
    archive.entry("", 300);
    archive.add(2, Intraday, "I2", 10);
    archive.entry("R2", 200);
    archive.entry("R1", 101);
    archive.add(3, Booked, "S1", 10);
    archive.entry("R1", 100);
    let counting = archive.counting();
    let mut places: Vec<_> = counting
        .iter()
        .map(|it| (it.file.as_str(), it.line))
        .collect();
    places.sort_unstable();
    // Line 5 has another amount: another movement. Line 3 has no reference to be known by.
    let expected = [("a.xml", 2), ("a.xml", 3), ("b.xml", 5), ("c.xml", 6)];
    assert_eq!(places, expected);
}

#[test]
fn details_of_a_batch_that_share_a_reference_all_count() {
    let mut archive = Archive::default();
    archive.add(1, Intraday, "I1", 10);
    archive.entry("R1", 100);
    archive.entry("R1", 100);
    archive.add(2, Booked, "S1", 10);
    archive.entry("R1", 100);
    archive.entry("R1", 100);
    let counting = archive.counting();
    assert!(counting.iter().all(|it| it.file == "b.xml"));
    let ids: Vec<_> = counting.iter().map(|it| it.entry_id.as_str()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], "R1");
    assert!(ids[1].starts_with("R1#") && ids[1].len() == 19, "{ids:?}");

    archive.statements.truncate(1);
    archive.entries.truncate(2);
    assert_eq!(archive.counting().len(), 2);
}

impl Archive {
    /// An entry of 50.00 under R1, or its details of 30.00 and 20.00, which may have references of
    /// their own.
    fn batch(&mut self, details: Option<[&str; 2]>) {
        let Some(own) = details else {
            self.entry("R1", 5_000);
            return;
        };
        for (reference, minor) in own.into_iter().zip([3_000, 2_000]) {
            let number = u32::try_from(self.entries.len()).unwrap();
            let entry = self.entry(
                if reference.is_empty() {
                    "R1"
                } else {
                    reference
                },
                minor,
            );
            entry.references = vec!["R1".to_owned(), format!("E2E-{number}")];
            // One entry of the file.
            entry.line = 1;
        }
    }

    /// `file: amount` of what counts.
    fn amounts(&self) -> Vec<String> {
        let counting = self.counting();
        let mut found: Vec<String> = counting
            .iter()
            .map(|it| format!("{}: {}", it.file, it.amount.display(it.currency)))
            .collect();
        found.sort();
        found
    }
}

#[test]
fn a_batch_that_one_report_splits_and_another_does_not_counts_once_with_its_details() {
    let (own, shared) = (Some(["D1", "D2"]), Some(["", ""]));
    for details in [own, shared] {
        for (one, two, file) in [
            ((Booked, None), (Intraday, details), "b.xml"),
            ((Intraday, details), (Booked, None), "a.xml"),
            ((Booked, details), (Intraday, None), "a.xml"),
            ((Intraday, None), (Booked, details), "b.xml"),
            ((Intraday, None), (Intraday, details), "b.xml"),
            ((Intraday, own), (Booked, shared), "b.xml"),
            ((Intraday, shared), (Booked, own), "b.xml"),
            ((Intraday, details), (Export, None), "a.xml"),
        ] {
            let mut archive = Archive::default();
            archive.add(1, one.0, "S1", 10);
            archive.batch(one.1);
            archive.add(2, two.0, "S2", 10);
            archive.batch(two.1);
            let expected = [format!("{file}: 20.00"), format!("{file}: 30.00")];
            assert_eq!(archive.amounts(), expected, "{one:?} {two:?}");
            // An intraday report between them, and an export without references.
            archive.add(3, Intraday, "S3", 10);
            archive.batch(None);
            if one.0 == Booked && one.1.is_none() {
                archive.add(4, Export, "", 10);
                archive.entry("", 5_000);
            }
            assert_eq!(archive.amounts(), expected, "{one:?} {two:?}");
        }
    }
}

#[test]
fn details_stand_for_one_total_and_only_for_the_same_movement() {
    // Two equal entries are two movements; the details of one of them are known.
    let mut archive = Archive::default();
    archive.add(1, Booked, "S1", 10);
    archive.batch(None);
    archive.batch(None);
    archive.add(2, Intraday, "I1", 10);
    archive.batch(Some(["", ""]));
    let expected = ["a.xml: 50.00", "b.xml: 20.00", "b.xml: 30.00"];
    assert_eq!(archive.amounts(), expected);
    // Another day, total or reference is another movement.
    let changes: [fn(&mut StatementEntry); 3] = [
        |it| it.booked_on = nov(11),
        |it| it.amount = Amount::from_minor(5_001),
        |it| it.servicer_reference = "R2".to_owned(),
    ];
    for change in changes {
        let mut archive = Archive::default();
        archive.add(1, Booked, "S1", 10);
        archive.batch(None);
        change(&mut archive.entries[0].entry);
        archive.add(2, Intraday, "I1", 10);
        archive.batch(Some(["D1", "D2"]));
        assert_eq!(archive.amounts().len(), 3);
    }
}

#[test]
fn overlapping_exports_count_as_many_as_the_fullest_has() {
    let mut archive = Archive::default();
    archive.add(1, Export, "", 10);
    archive.entry("", 100);
    archive.entry("", 200);
    archive.add(2, Export, "", 10);
    archive.entry("", 100);
    archive.entry("", 100);
    archive.entry("", 200).remittance = "other".to_owned();
    archive.add(3, Export, "", 10);
    archive.entry("", 100);
    archive.entry("", 100);
    archive.add(4, Export, "with an id", 10);
    archive.entry("", 200);
    let mut says = archive.says();
    says.sort();
    assert_eq!(
        says,
        [
            "a.xml:2 #",
            "b.xml:3 #",
            "b.xml:4 #",
            "b.xml:5 #",
            "d.xml:8 #"
        ]
    );
}

#[test]
fn ids_are_unique_and_do_not_depend_on_the_order_of_reading() {
    let mut archive = Archive::default();
    archive.add(1, Booked, "S1", 10);
    archive.entry("", 100);
    archive.entry("", 100);
    archive.entry("R1", 5);
    archive.add(2, Booked, "S2", 9);
    archive.entry("R1", 5);
    archive.entry("", 100);
    let counting = archive.counting();
    let ids: std::collections::BTreeSet<_> = counting.iter().map(|it| &it.entry_id).collect();
    assert_eq!(ids.len(), 5);
    // The first by booking date keeps the bank's reference.
    let first = counting.iter().find(|it| it.entry_id == "R1").unwrap();
    assert_eq!(first.booked_on, nov(9));

    archive.statements.reverse();
    archive.entries.reverse();
    assert_eq!(archive.counting(), counting);
}

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
    let found = statement_discrepancies(&archive.statements, &files, nov(12)).remove(0);
    assert_eq!(
        (found.detail.subject.as_str(), found.detail.day),
        ("S1", Some(nov(10)))
    );

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
    let found = statement_discrepancies(&archive.statements, &files, nov(20));
    let unbalanced = found
        .iter()
        .filter(|it| it.code.word() == "STATEMENT_UNBALANCED");
    let keys: Vec<_> = unbalanced.map(|it| it.key.join("/")).collect();
    assert_eq!(keys, ["FR76/1", "FR76/1/2026-11-12"]);
}
