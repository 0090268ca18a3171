//! Which entries count, and how often.

use super::*;

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
