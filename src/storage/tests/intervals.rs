//! What recorded nights found: each date holds what was recorded on it last, and nothing else.

use chrono::NaiveDate;

use super::on_a_database;
use crate::domain::discrepancy::{Code, Discrepancy, State};
use crate::domain::found::{FoundList, Life, Said};
use crate::domain::open_order::OpenOrder;
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::{Amount, Currency};
use crate::storage::intervals::{Holding, RecordedDay};
use crate::storage::runs::{self, RunRecord};
use crate::storage::{Db, findings, open_orders};

/// A day of November 2026.
fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn recorded(day: u32, next: Option<u32>) -> RecordedDay {
    RecordedDay {
        day: nov(day),
        next: next.map(nov),
        is_last: false,
    }
}

/// A difference of an order, by its actual amount in minor units.
fn finding(order: &str, actual: i64) -> Discrepancy {
    Discrepancy {
        actual: Some(Amount::from_minor(actual)),
        ..Discrepancy::new(Code::AmountMismatch, vec![order.to_owned()], nov(1))
    }
}

/// Findings of a night, one letter and an amount each: `A1 B2`.
fn night(text: &str) -> Vec<Discrepancy> {
    let one = |word: &str| {
        let (order, actual) = word.split_at(1);
        finding(order, actual.parse().unwrap())
    };
    text.split_whitespace().map(one).collect()
}

async fn found(db: &mut Db, day: u32) -> String {
    let of_night = findings::of_night(db, nov(day)).await.unwrap();
    let word = |one: Discrepancy| {
        let actual = one.actual.and_then(Amount::to_minor).unwrap();
        format!("{}{actual}", one.key[0])
    };
    let mut words: Vec<String> = of_night.iter().map(word).collect();
    words.sort();
    words.join(" ")
}

/// What a night records that goes on from the one before.
async fn going_on(db: &mut Db, day: u32, now: &[Discrepancy]) -> FoundList {
    let before = findings::of_night(db, nov(day).pred_opt().unwrap());
    let (mut list, rows, by_id) = before.await.unwrap().go_on();
    for found in now {
        let remembered = by_id.get(&found.identity()).map(|at| rows[*at]);
        let life = Life {
            id: found.identity(),
            state: State::New,
            first_seen: Some(nov(1)),
            remembered,
        };
        list.add(found, life, Said::default(), true);
    }
    list
}

async fn record(db: &mut Db, day: u32, next: Option<u32>, now: &[Discrepancy]) {
    let list = going_on(db, day, now).await;
    findings::record_night(db, recorded(day, next), &list)
        .await
        .unwrap();
}

async fn record_night(db: &mut Db, day: u32, next: Option<u32>, text: &str) {
    record(db, day, next, &night(text)).await;
}

async fn rows(db: &mut Db) -> i64 {
    let args = db.args();
    let sql = "SELECT COUNT(*) FROM findings";
    db.number("counting", sql, args).await.unwrap()
}

#[test]
fn nights_recorded_in_their_order_each_keep_what_they_found() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        record_night(db, 6, None, "A1 B2 C1").await;
        record_night(db, 9, None, "C1").await;
        assert_eq!(found(db, 4).await, "");
        assert_eq!(found(db, 5).await, "A1 B1");
        assert_eq!(found(db, 6).await, "A1 B2 C1");
        assert_eq!(found(db, 9).await, "C1");
    });
}

#[test]
fn a_night_that_finds_the_same_writes_nothing() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        for day in 6..20 {
            record_night(db, day, None, "B1 A1").await;
        }
        assert_eq!(rows(db).await, 2);
        assert_eq!(found(db, 19).await, "A1 B1");
    });
}

#[test]
fn a_night_that_is_repeated_holds_what_it_found_last() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        record_night(db, 6, None, "A2 B1 C1").await;
        record_night(db, 6, None, "A3 B1").await;
        assert_eq!(found(db, 5).await, "A1 B1");
        assert_eq!(found(db, 6).await, "A3 B1");
        // Back to what the night before found: two rows of two intervals, not more.
        record_night(db, 6, None, "A1 B1").await;
        assert_eq!(found(db, 6).await, "A1 B1");
        assert_eq!(found(db, 5).await, "A1 B1");
    });
}

#[test]
fn an_earlier_night_that_is_repeated_changes_its_own_date_only() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        record_night(db, 6, None, "A1 B1").await;
        record_night(db, 7, None, "A1 B2").await;
        record_night(db, 5, Some(6), "A9 C1").await;
        assert_eq!(found(db, 5).await, "A9 C1");
        assert_eq!(found(db, 6).await, "A1 B1");
        assert_eq!(found(db, 7).await, "A1 B2");
    });
}

#[test]
fn a_night_between_two_recorded_ones_changes_neither() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        record_night(db, 9, None, "A1 C1").await;
        record_night(db, 7, Some(9), "A2 D1").await;
        assert_eq!(found(db, 5).await, "A1 B1");
        assert_eq!(found(db, 7).await, "A2 D1");
        assert_eq!(found(db, 9).await, "A1 C1");
        // And the same once more.
        record_night(db, 7, Some(9), "A1").await;
        assert_eq!(found(db, 5).await, "A1 B1");
        assert_eq!(found(db, 7).await, "A1");
        assert_eq!(found(db, 9).await, "A1 C1");
    });
}

#[test]
fn a_night_before_all_others_changes_none_of_them() {
    on_a_database(async |db| {
        record_night(db, 9, None, "A1").await;
        record_night(db, 5, Some(9), "A1 B1").await;
        assert_eq!(found(db, 5).await, "A1 B1");
        assert_eq!(found(db, 9).await, "A1");
    });
}

#[test]
fn nights_in_any_order_leave_each_date_as_it_was_recorded_last() {
    // Days of seven nights in an order that goes back and forth, with what each found.
    let course = [
        (12, "A1 B1"),
        (5, "A1"),
        (9, "A2 C1"),
        (12, "A2 C1"),
        (7, ""),
        (5, "C1 B1"),
        (9, "A1"),
        (20, "A1 B1 C1"),
        (7, "A1 B2"),
        (12, ""),
    ];
    on_a_database(async |db| {
        let mut expected: std::collections::BTreeMap<u32, &str> = std::collections::BTreeMap::new();
        for (day, text) in course {
            let next = expected.range(day + 1..).next().map(|(day, _)| *day);
            record_night(db, day, next, text).await;
            expected.insert(day, text);
            for (day, text) in &expected {
                let mut words: Vec<&str> = text.split_whitespace().collect();
                words.sort_unstable();
                assert_eq!(found(db, *day).await, words.join(" "), "{day}");
            }
        }
    });
}

#[test]
fn the_history_of_a_discrepancy_tells_since_when_it_was_what_it_was() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1").await;
        record_night(db, 6, None, "A2").await;
        record_night(db, 7, None, "").await;
        let id = finding("A", 1).id();
        let history = findings::history(db, &id).await.unwrap();
        let told: Vec<_> = history
            .into_iter()
            .map(|finding| (finding.from, finding.until, finding.discrepancy.actual))
            .collect();
        let amount = |minor| Some(Amount::from_minor(minor));
        assert_eq!(
            told,
            [
                (nov(5), Some(nov(6)), amount(1)),
                (nov(6), Some(nov(7)), amount(2))
            ]
        );
    });
}

#[test]
fn an_earlier_night_that_finds_what_its_own_row_said_before_says_it_again() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1").await;
        record_night(db, 6, None, "").await;
        // The row of the fifth ended on the sixth; now it holds on that day, too.
        record_night(db, 6, None, "A1").await;
        assert_eq!(found(db, 6).await, "A1");
        record_night(db, 7, None, "A1").await;
        record_night(db, 6, Some(7), "").await;
        assert_eq!(found(db, 5).await, "A1");
        assert_eq!(found(db, 6).await, "");
        assert_eq!(found(db, 7).await, "A1");
    });
}

#[test]
fn a_damaged_finding_ends_the_reading_with_its_id() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        let args = db.args();
        let sql = "UPDATE findings SET id = '0123456789ab' WHERE number = 1";
        db.execute("damaging", sql, args).await.unwrap();
        let error = findings::of_night(db, nov(5)).await.unwrap_err();
        assert!(error.to_string().contains("0123456789ab"), "{error}");
    });
}

#[test]
fn a_changed_first_day_or_a_finding_too_few_ends_the_reading() {
    on_a_database(async |db| {
        record_night(db, 5, None, "A1 B1").await;
        let night = RunRecord {
            id: 1,
            as_of: nov(5),
            range: None,
            recorded: true,
            started_at: String::new(),
            duration_ms: 0,
            rules: String::new(),
            files: 0,
            lines: 0,
            open: 2,
            open_orders: Some(0),
            new: 0,
            exit: 0,
            manifest: None,
        };
        runs::insert(db, &night).await.unwrap();
        assert_eq!(found(db, 5).await, "A1 B1");
        let args = db.args();
        let later = "UPDATE findings SET first_seen = first_seen + 1 WHERE number = 1";
        db.execute("damaging", later, args).await.unwrap();
        assert!(findings::of_night(db, nov(5)).await.is_err());
        let args = db.args();
        let gone = "UPDATE findings SET until_day = from_day WHERE number = 1";
        db.execute("damaging", gone, args).await.unwrap();
        let error = findings::of_night(db, nov(5)).await.unwrap_err();
        assert!(error.to_string().contains("2026-11-05"), "{error}");
    });
}

#[test]
fn open_orders_are_kept_with_their_row_and_the_day_they_are_looked_at_again() {
    let row = OrderRow {
        provider: "oney",
        order_reference: "B",
        merchant: "shop",
        status: None,
        currency: Currency::EUR,
        amount: Some(Amount::from_minor(200)),
        cancelled: None,
        reported_funded: Amount::from_minor(100),
        reported_cancelled: Amount::ZERO,
        fee: None,
        net: None,
        state: OrderState::Open,
    };
    let order = |reference, check_on, row| {
        OpenOrder::new(("oney", reference), OrderState::Open, check_on, row)
    };
    on_a_database(async |db| {
        let first = [
            OpenOrder {
                packed: Vec::new(),
                ..order("C", None, None)
            },
            order("B", Some(nov(9)), Some(row)),
        ];
        let now = first.iter().cloned().map(Holding::New);
        open_orders::record_night(db, recorded(5, None), Vec::new(), now)
            .await
            .unwrap();
        let mut of_night = open_orders::of_night(db, nov(5)).await.unwrap();
        of_night.sort();
        let told: Vec<_> = of_night.iter().collect();
        assert_eq!(told[0].order_reference, "B");
        assert_eq!(told[0].row, Some(row));
        assert!(!told[0].is_due(nov(8)) && told[0].is_due(nov(9)));
        // An earlier version stored no row: only looking at it again tells.
        assert!(told[1].row.is_none() && told[1].is_due(nov(6)));
        let kept = [Holding::Row(told[0].number)];
        let last = RecordedDay {
            is_last: true,
            ..recorded(6, None)
        };
        open_orders::record_night(db, last, of_night.rows(), kept.into_iter())
            .await
            .unwrap();
        let of_night = open_orders::of_night(db, nov(6)).await.unwrap();
        assert_eq!(of_night.iter().count(), 1);
    });
}

#[test]
fn a_night_of_more_rows_than_one_statement_takes_is_recorded_whole() {
    let many = |actual| -> Vec<Discrepancy> {
        let orders = 0..1_234;
        orders
            .map(|number| finding(&number.to_string(), actual))
            .collect()
    };
    on_a_database(async |db| {
        for (day, actual) in [(5, 1), (6, 2)] {
            record(db, day, None, &many(actual)).await;
        }
        for (day, actual) in [(5, 1), (6, 2)] {
            let found = findings::of_night(db, nov(day)).await.unwrap();
            let amounts = found.fronts().map(|(_, front)| front.actual);
            assert_eq!(found.len(), 1_234);
            assert!(
                amounts
                    .into_iter()
                    .all(|it| it == Some(Amount::from_minor(actual)))
            );
        }
        record_night(db, 6, None, "").await;
        assert_eq!(found(db, 6).await, "");
        // Back, and with a later night: a thousand rows are copied.
        record(db, 6, Some(9), &many(1)).await;
        record(db, 5, Some(6), &[]).await;
        assert_eq!(findings::of_night(db, nov(5)).await.unwrap().len(), 0);
        assert_eq!(findings::of_night(db, nov(6)).await.unwrap().len(), 1_234);
    });
}
