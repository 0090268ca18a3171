//! Facts are stored and found again: by reference, by transaction, by file, and all of them in order;
//! what is damaged is said.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde::Serialize;

use super::lookup;
use super::{AsWritten, Cases, FactBatch, FactBuffer, FactWriter, Known, PackedRows};
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderStatus};
use crate::domain::packed::{pack, unpack};
use crate::domain::provider_event::{NoStatus, ProviderEvent, Said};
use crate::domain::settlement::{SettlementLine, SliceId};
use crate::domain::{Amount, Currency};
use crate::storage::facts::FactTable;
use crate::storage::facts::blocks;
use crate::storage::facts::keys::{self, KeySpace};
use crate::storage::files::RowRange;
use crate::storage::{DatabaseLocation, Db, StorageError, chargebacks};

/// Runs a test on a new database.
fn on_a_database(test: impl AsyncFnOnce(&mut Db)) {
    let folder = tempfile::tempdir().unwrap();
    let location = DatabaseLocation::Sqlite(folder.path().join("recon.db"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (mut db, _lock) = Db::open(&location).await.unwrap();
        test(&mut db).await;
        db.close().await.unwrap();
    });
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 5).unwrap()
}

fn line<'a>(order_reference: &'a str, transaction_id: &'a str, line: u32) -> SettlementLine<'a> {
    SettlementLine {
        order_reference,
        slice: SliceId(1),
        line,
        transaction_id,
        event_time: day().and_hms_opt(1, 2, 3),
        gross: Amount::from_minor(i64::from(line)),
        fee: Amount::ZERO,
        product: "",
        instalments: None,
        order_amount: None,
        contradiction: None,
    }
}

fn order<'a>(provider: &'a str, order_reference: &'a str, transaction_id: &'a str) -> Order<'a> {
    Order {
        order_reference,
        provider,
        file: FileId(1),
        line: 2,
        merchant: "",
        amount: Amount::from_minor(20_000),
        confirmed_amount: None,
        currency: Currency::EUR,
        status: OrderStatus::Funded,
        ordered_on: day(),
        confirmed_on: None,
        cancelled_amount: None,
        cancelled_on: None,
        updated_at: None,
        transaction_id,
        product: "",
    }
}

fn event<'a>(order_reference: &'a str, transaction_id: &'a str, line: u32) -> ProviderEvent<'a> {
    let observed_at = day().and_hms_opt(1, 2, 3).unwrap();
    ProviderEvent {
        order_reference,
        provider: "payone",
        transaction_id,
        file: FileId(1),
        line,
        observed_at,
        observed_on: day(),
        currency: Currency::EUR,
        amount: None,
        said: Said::NotKnown(NoStatus {
            http_status: None,
            words: "",
        }),
    }
}

fn rows<T: Serialize>(all: &[T]) -> PackedRows {
    let mut rows = PackedRows::default();
    for row in all {
        rows.push(row);
    }
    rows
}

async fn store(db: &mut Db, files: &[(FactTable, PackedRows)]) -> Vec<Option<RowRange>> {
    let mut writer = FactWriter::begin(db).await.unwrap();
    let mut stored = Vec::new();
    for (file, (table, rows)) in (1..).zip(files) {
        let batch = FactBatch {
            table: *table,
            file: FileId(file),
            file_provider: "oney".to_owned(),
            rows: rows.clone(),
        };
        writer.add(db, batch).await.unwrap();
        stored.push(writer.finish_file(db).await.unwrap());
    }
    writer.finish(db).await.unwrap();
    stored
}

/// Lines of three references each, which fall while the numbers rise.
fn many_lines(numbers: std::ops::Range<u32>) -> PackedRows {
    let mut rows = PackedRows::default();
    for number in numbers {
        let (reference, transaction) = (reference(number), format!("T-{number:05}"));
        rows.push(&line(&reference, &transaction, number));
    }
    rows
}

fn reference(number: u32) -> String {
    format!("W-{:05}", 50_000 - number.div_euclid(3))
}

/// Two files: more than one block, the last of each partly full.
async fn store_lines(db: &mut Db) -> Vec<Option<RowRange>> {
    let lines = |numbers| (FactTable::Lines, many_lines(numbers));
    store(db, &[lines(1..1400), lines(1400..2000)]).await
}

async fn lines_of(db: &mut Db, reference: &str, before: i64) -> Vec<u32> {
    let mut found = Vec::new();
    let asked = BTreeSet::from([reference]);
    lookup::of_references(
        db,
        &asked,
        |_, row| row < before,
        |row| {
            found.push(unpack::<SettlementLine<'_>>(row.bytes)?.line);
            Ok(())
        },
    )
    .await
    .unwrap();
    found
}

#[test]
fn each_line_of_many_blocks_is_found_by_its_reference() {
    on_a_database(async |db| {
        store_lines(db).await;
        for wanted in [1, 2, 3, 511, 512, 513, 1024, 1399, 1400, 1401, 1999] {
            let expected: Vec<u32> = (1..2000_u32)
                .filter(|n| n.div_euclid(3) == u32::div_euclid(wanted, 3))
                .collect();
            assert_eq!(lines_of(db, &reference(wanted), i64::MAX).await, expected);
        }
        assert_eq!(lines_of(db, "W-none", i64::MAX).await, [0; 0]);
    });
}

#[test]
fn what_a_run_stored_itself_is_left_out_where_asked() {
    on_a_database(async |db| {
        let stored = store_lines(db).await;
        let second = stored[1].unwrap().first;
        assert_eq!(lines_of(db, &reference(1400), second).await, [1398, 1399]);
    });
}

#[test]
fn the_lines_of_a_file_come_in_their_order_and_as_many_as_were_stored() {
    on_a_database(async |db| {
        let stored = store_lines(db).await;
        let mut found = Vec::new();
        let second = stored[1].unwrap();
        blocks::of_file(db, second, |row| {
            found.push(unpack::<SettlementLine<'_>>(row.bytes)?.line);
            assert_eq!((row.file, row.provider()?), (FileId(2), "oney"));
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(found, (1400..2000).collect::<Vec<u32>>());
        let more = RowRange {
            last: second.last + 1,
            ..second
        };
        let failed = blocks::of_file(db, more, |_| Ok(())).await;
        assert!(matches!(failed, Err(StorageError::DamagedFile { .. })));
    });
}

#[test]
fn chargeback_lines_are_taken_out_of_their_blocks() {
    on_a_database(async |db| {
        let stored = store_lines(db).await;
        let (first, second) = (stored[0].unwrap(), stored[1].unwrap());
        let lines = [first.first, first.first + 600, second.first, second.last];
        chargebacks::insert(db, lines.into_iter(), std::iter::empty())
            .await
            .unwrap();
        let found = lookup::chargeback_lines(db).await.unwrap();
        let found: Vec<u32> = found
            .all::<SettlementLine<'_>>()
            .unwrap()
            .iter()
            .map(|line| line.line)
            .collect();
        assert_eq!(found, [1, 601, 1400, 1999]);
    });
}

/// `provider/reference: rows of lines, orders, provider events` of each case.
fn told(cases: &mut Cases) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(page) = cases.next_page().unwrap() {
        page.each_case(|case| {
            let lines: Vec<u32> = case.lines.iter().map(|line| line.line).collect();
            let said: Vec<u32> = case.provider_events.iter().map(|it| it.line).collect();
            let (provider, reference, orders) = (case.provider, case.reference, case.orders.len());
            found.push(format!(
                "{provider}/{reference}: {lines:?} {orders} {said:?}"
            ));
            Ok::<(), StorageError>(())
        })
        .unwrap();
    }
    found
}

#[test]
fn events_go_to_the_order_of_their_transaction_in_whatever_way_cases_are_read() {
    let orders = rows(&[
        order("payone", "A", "T-1"),
        order("payone", "O", "T-4"),
        order("oney", "X", "T-4"),
    ]);
    let said = rows(&[
        event("A", "T-1", 1),
        event("B", "T-1", 2),
        event("C", "T-2", 3),
        event("N", "T-4", 4),
        event("M", "", 5),
    ]);
    let files = [
        (FactTable::Orders, orders),
        (FactTable::ProviderEvents, said),
    ];
    // T-1 names A and then B, which the shop does not have; N is unknown, but O has its transaction.
    let expected = [
        "oney/X: [] 1 []",
        "payone/A: [] 1 [1, 2]",
        "payone/C: [] 0 [3]",
        "payone/M: [] 0 [5]",
        "payone/O: [] 1 [4]",
    ];
    on_a_database(async |db| {
        store(db, &files).await;
        let mut all = Cases::all(db, (&AsWritten, day())).await.unwrap();
        assert_eq!(told(&mut all), expected);
        let mut buffer = FactBuffer::default();
        for (table, rows) in &files {
            for row in rows.bytes() {
                buffer.append(*table, "", row).unwrap();
            }
        }
        let mut in_memory = Cases::in_memory(db, buffer, (&AsWritten, day()))
            .await
            .unwrap();
        assert_eq!(told(&mut in_memory), expected);
        for (asked, linked, expected) in [
            ("N", ["N", "O"], &expected[4]),
            ("B", ["A", "B"], &expected[1]),
            ("A", ["A", "B"], &expected[1]),
        ] {
            let mut references = BTreeSet::from([asked.to_owned()]);
            let mut of = Cases::of(db, &mut references, Known::default(), (&AsWritten, day()))
                .await
                .unwrap();
            assert!(told(&mut of).iter().any(|case| case == expected), "{asked}");
            assert!(linked.iter().all(|it| references.contains(*it)), "{asked}");
        }
    });
}

#[test]
fn rows_of_one_order_come_together_by_provider_and_reference() {
    let long = "ORDER-2026-0000000000000000";
    let mut buffer = FactBuffer::default();
    let mut add = |provider: &str, reference: &str, row| {
        let mut bytes = Vec::new();
        pack(&line(reference, "", row), &mut bytes);
        buffer.append(FactTable::Lines, provider, &bytes).unwrap();
    };
    add("payone", "B", 1);
    add("oney", &format!("{long}2"), 2);
    add("oney", "B", 3);
    add("oney", &format!("{long}1"), 4);
    add("oney", long, 5);
    add("oney", "B", 6);
    add("alma", "B", 7);
    add("oney", "", 8);
    let here = buffer.mark();
    let size = buffer.size_bytes();
    buffer
        .append(FactTable::Lines, "oney", b"\x01Zand more")
        .unwrap();
    buffer.forget_behind(here);
    assert_eq!(buffer.size_bytes(), size);
    buffer.sort();
    let mut found = Vec::new();
    buffer
        .each_case(|case| {
            let lines: Vec<u32> = case.lines.iter().map(|line| line.line).collect();
            found.push(format!("{}/{} {lines:?}", case.provider, case.reference));
            Ok::<(), StorageError>(())
        })
        .unwrap();
    assert_eq!(
        found,
        [
            "alma/B [7]".to_owned(),
            "oney/ [8]".to_owned(),
            "oney/B [3, 6]".to_owned(),
            format!("oney/{long} [5]"),
            format!("oney/{long}1 [4]"),
            format!("oney/{long}2 [2]"),
            "payone/B [1]".to_owned(),
        ]
    );
}

/// What is to be said of a database: each of some references, or what is wrong.
async fn all_lines(db: &mut Db) -> Result<Vec<Vec<u8>>, StorageError> {
    let mut found = Vec::new();
    let references = [reference(1), reference(700), reference(1999)];
    let asked: BTreeSet<&str> = references.iter().map(String::as_str).collect();
    lookup::of_references(
        db,
        &asked,
        |_, _| true,
        |row| {
            found.push(row.bytes.to_vec());
            Ok(())
        },
    )
    .await?;
    Ok(found)
}

#[test]
fn no_byte_of_a_blob_changes_what_is_found_in_silence() {
    on_a_database(async |db| {
        store_lines(db).await;
        let expected = all_lines(db).await.unwrap();
        for (table, column) in [
            ("fact_blocks", "facts"),
            ("key_blocks", "pairs"),
            ("key_segments", "fences"),
        ] {
            let args = db.args();
            let sql = format!("SELECT id, {column} FROM {table}");
            let blobs = db
                .all("testing", &sql, args, |row| {
                    Ok((row.int(0)?, row.bytes(1)?.to_vec()))
                })
                .await
                .unwrap();
            for (id, blob) in blobs {
                for at in [0, 1, 9, blob.len() >> 1, blob.len() - 1] {
                    let mut changed = blob.clone();
                    changed[at] ^= 0x41;
                    set(db, table, column, id, &changed).await;
                    match all_lines(db).await {
                        Ok(found) => assert_eq!(found, expected, "{table} {id} {at}"),
                        Err(error) => assert!(error.to_string().contains("damaged"), "{error}"),
                    }
                }
                set(db, table, column, id, &blob).await;
            }
        }
        assert_eq!(all_lines(db).await.unwrap(), expected);
    });
}

async fn set(db: &mut Db, table: &str, column: &str, id: i64, bytes: &[u8]) {
    let mut args = db.args();
    args.bytes(bytes).int(id);
    let sql = format!("UPDATE {table} SET {column} = ? WHERE id = ?");
    db.execute("testing", &sql, args).await.unwrap();
}

#[test]
fn blobs_that_are_gone_or_changed_places_are_missed() {
    for sql in [
        "DELETE FROM fact_blocks WHERE id = 1",
        "DELETE FROM key_blocks WHERE id = 1",
        "UPDATE fact_blocks SET facts = (SELECT facts FROM fact_blocks WHERE id = 2) WHERE id = 1",
        "UPDATE fact_blocks SET file_id = 7",
        "UPDATE key_blocks SET pairs = (SELECT pairs FROM key_blocks WHERE id = 2) WHERE id = 1",
    ] {
        on_a_database(async |db| {
            store_lines(db).await;
            let args = db.args();
            db.execute("testing", sql, args).await.unwrap();
            let mut said = 0;
            for number in 1..2000 {
                let reference = reference(number);
                let asked = BTreeSet::from([reference.as_str()]);
                let found = lookup::of_references(db, &asked, |_, _| true, |_| Ok(())).await;
                said += u32::from(found.is_err());
            }
            assert!(said > 0, "{sql}");
        });
    }
}

#[test]
fn keys_are_made_anew_from_the_rows() {
    on_a_database(async |db| {
        store_lines(db).await;
        let expected = all_lines(db).await.unwrap();
        for sql in ["DELETE FROM key_segments", "DELETE FROM key_blocks"] {
            let args = db.args();
            db.execute("testing", sql, args).await.unwrap();
        }
        assert_eq!(keys::count(db, KeySpace::References).await.unwrap(), 0);
        keys::rebuild(db).await.unwrap();
        assert_eq!(keys::count(db, KeySpace::References).await.unwrap(), 1999);
        assert_eq!(all_lines(db).await.unwrap(), expected);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever files come in whatever order, a look-up finds what a search through all rows finds,
    /// also after small segments were merged and a file was forgotten.
    #[test]
    fn look_ups_find_what_a_search_finds(
        files in prop::collection::vec(prop::collection::vec(0_u16..40, 1..90), 1..14),
        forgotten in 0_usize..14,
    ) {
        on_a_database(async |db| {
            // The first file alone: later ones do not share its segment.
            let packed: Vec<_> = files.iter().map(|file| {
                let mut rows = PackedRows::default();
                for number in file {
                    rows.push(&line(&format!("R-{number}"), "", u32::from(*number)));
                }
                (FactTable::Lines, rows)
            }).collect();
            let mut stored = Vec::new();
            for file in packed.chunks(1) {
                stored.extend(store(db, file).await);
            }
            let gone = stored.get(forgotten).copied().flatten();
            if let Some(rows) = gone {
                keys::forget(db, rows).await.unwrap();
            }
            for number in 0_u16..40 {
                let reference = format!("R-{number}");
                let found = lines_of(db, &reference, i64::MAX).await.len();
                let others = files.iter().enumerate().filter(|(at, _)| gone.is_none() || *at != forgotten);
                let expected = others.flat_map(|(_, file)| file).filter(|it| **it == number).count();
                assert_eq!(found, expected, "{reference}");
            }
        });
    }
}
