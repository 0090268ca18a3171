//! Facts lie in blocks; each is found alone, by file, in order and by what it holds.

use chrono::NaiveDate;

use super::on_a_database;
use crate::domain::file::FileId;
use crate::domain::packed::{pack, unpack};
use crate::domain::provider_event::{NoStatus, ProviderEvent, Said};
use crate::domain::settlement::{SettlementLine, SliceId};
use crate::domain::{Amount, Currency};
use crate::storage::facts::{
    FactTable, behind, holding, insert, last_id, of_references, of_rows, under_several_references,
};
use crate::storage::files::RowRange;
use crate::storage::{Db, chargebacks};

/// More than one file's worth of blocks, the last of them half full.
const LINES: u32 = 100;

fn packed(number: u32) -> Vec<u8> {
    let (reference, transaction) = (reference(number), format!("T-{number:03}"));
    let line = SettlementLine {
        order_reference: &reference,
        slice: SliceId(1),
        line: number,
        transaction_id: &transaction,
        event_time: NaiveDate::from_ymd_opt(2026, 11, 5).and_then(|day| day.and_hms_opt(1, 2, 3)),
        gross: Amount::from_minor(i64::from(number)),
        fee: Amount::ZERO,
        product: "",
        instalments: None,
        order_amount: None,
        contradiction: None,
    };
    let mut bytes = Vec::new();
    pack(&line, &mut bytes);
    bytes
}

/// The references fall while the numbers rise, three lines each.
fn reference(number: u32) -> String {
    format!("W-{:03}", 500 - number.div_euclid(3))
}

fn number(fact: &[u8]) -> u32 {
    unpack::<SettlementLine<'_>>(fact).map_or(0, |line| line.line)
}

/// Two files: the lines 1 to 70, and the rest.
async fn store(db: &mut Db) {
    let rows: Vec<(i64, Vec<u8>)> = (1..=LINES)
        .map(|number| (i64::from(number), packed(number)))
        .collect();
    for file in [&rows[..70], &rows[70..]] {
        let rows = file.iter().map(|(id, row)| (*id, row.as_slice()));
        insert(db, FactTable::Lines, rows).await.unwrap();
    }
}

#[test]
fn each_line_of_many_blocks_is_found_by_its_reference() {
    on_a_database(async |db| {
        store(db).await;
        for wanted in 1..=LINES {
            let reference = reference(wanted);
            let mut found = Vec::new();
            of_references(db, FactTable::Lines, &[&reference], i64::MAX, |row| {
                found.push(number(row));
            })
            .await
            .unwrap();
            let expected: Vec<u32> = (1..=LINES)
                .filter(|n| n.div_euclid(3) == wanted.div_euclid(3))
                .collect();
            assert_eq!(found, expected);
        }
        assert_eq!(last_id(db, FactTable::Lines).await.unwrap(), 100);
    });
}

#[test]
fn what_a_run_stored_itself_is_left_out_where_asked() {
    on_a_database(async |db| {
        store(db).await;
        let (mut before, mut all) = (Vec::new(), Vec::new());
        // The lines 69 to 71 share a reference over two files.
        let wanted = [&*reference(70)];
        of_references(db, FactTable::Lines, &wanted, 71, |row| {
            before.push(number(row));
        })
        .await
        .unwrap();
        of_references(db, FactTable::Lines, &wanted, i64::MAX, |row| {
            all.push(number(row));
        })
        .await
        .unwrap();
        assert_eq!((before, all), (vec![69, 70], vec![69, 70, 71]));
    });
}

#[test]
fn the_lines_of_a_file_come_in_their_order() {
    on_a_database(async |db| {
        store(db).await;
        let mut found = Vec::new();
        let second = RowRange {
            first: 71,
            last: 100,
        };
        of_rows(db, FactTable::Lines, second, |row| found.push(number(row)))
            .await
            .unwrap();
        assert_eq!(found, (71..=100).collect::<Vec<u32>>());
    });
}

#[test]
fn a_walk_goes_by_reference_and_stops_at_its_limit() {
    on_a_database(async |db| {
        store(db).await;
        let mut found = Vec::new();
        behind(db, FactTable::Lines, (None, 5), |row| {
            found.push(number(row));
        })
        .await
        .unwrap();
        assert_eq!(found, [99, 100, 96, 97, 98]);
        found.clear();
        behind(db, FactTable::Lines, (Some("W-467"), 4), |row| {
            found.push(number(row));
        })
        .await
        .unwrap();
        assert_eq!(found, [96, 97, 98, 93]);
    });
}

#[test]
fn a_line_is_found_by_what_it_holds_and_its_neighbours_are_not() {
    on_a_database(async |db| {
        store(db).await;
        let mut found = Vec::new();
        holding(db, FactTable::Lines, "T-042", |row| found.push(number(row)))
            .await
            .unwrap();
        assert_eq!(found, [42]);
    });
}

#[test]
fn chargeback_lines_are_taken_out_of_their_blocks() {
    on_a_database(async |db| {
        store(db).await;
        let lines = [1, 32, 33, 70, 71, 100];
        chargebacks::insert(db, &lines, std::iter::empty())
            .await
            .unwrap();
        let mut found = Vec::new();
        chargebacks::lines(db, |row| found.push(i64::from(number(row))))
            .await
            .unwrap();
        assert_eq!(found, lines);
    });
}

#[test]
fn the_events_of_a_transaction_that_names_several_orders_are_found_by_each_of_them() {
    let event = |order_reference, transaction_id, line| {
        let observed_at = NaiveDate::from_ymd_opt(2026, 11, 5)
            .and_then(|day| day.and_hms_opt(1, 2, 3))
            .unwrap();
        let event = ProviderEvent {
            order_reference,
            provider: "payone",
            transaction_id,
            file: FileId(1),
            line,
            observed_at,
            observed_on: observed_at.date(),
            currency: Currency::EUR,
            amount: None,
            said: Said::NotKnown(NoStatus {
                http_status: None,
                words: "",
            }),
        };
        let mut bytes = Vec::new();
        pack(&event, &mut bytes);
        bytes
    };
    on_a_database(async |db| {
        let rows = [
            (1, event("A", "T-1", 1)),
            (2, event("B", "T-1", 2)),
            (3, event("A", "T-1", 3)),
            (4, event("A", "T-2", 4)),
            (5, event("C", "T-3", 5)),
            (6, event("A", "", 6)),
            (7, event("C", "", 7)),
        ];
        let rows = rows.iter().map(|(id, row)| (*id, row.as_slice()));
        insert(db, FactTable::ProviderEvents, rows).await.unwrap();
        for (references, expected) in [
            (None, vec![1, 2, 3]),
            (Some(["A"]), vec![1, 2, 3]),
            (Some(["B"]), vec![1, 2, 3]),
            (Some(["C"]), vec![]),
        ] {
            let mut found = Vec::new();
            let references = references.as_ref().map(<[&str; 1]>::as_slice);
            under_several_references(db, references, |row| {
                found.push(unpack::<ProviderEvent<'_>>(row).unwrap().line);
            })
            .await
            .unwrap();
            found.sort_unstable();
            assert_eq!(found, expected, "{references:?}");
        }
    });
}
