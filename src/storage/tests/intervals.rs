//! What recorded nights found: each date holds what was recorded on it last, and nothing else.

use chrono::NaiveDate;

use super::on_a_database;
use crate::domain::Amount;
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::finding::pack_finding;
use crate::domain::outcome::OrderState;
use crate::storage::Db;
use crate::storage::intervals::{
    Finding, OpenOrder, PackedFinding, RecordedDay, findings, history, open_orders,
    record_findings, record_open_orders,
};

/// A day of November 2026.
fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn recorded(day: u32, next: Option<u32>) -> RecordedDay {
    RecordedDay {
        day: nov(day),
        next: next.map(nov),
    }
}

/// A finding as it is recorded.
fn packed(finding: Finding) -> PackedFinding<'static> {
    let mut found = Vec::new();
    pack_finding(&finding.discrepancy, &mut found);
    PackedFinding {
        id: finding.id.into(),
        first_seen: finding.first_seen,
        found: found.into(),
    }
}

/// A difference of an order, by its actual amount in minor units.
fn finding(order: &str, actual: i64) -> Finding {
    let discrepancy = Discrepancy {
        actual: Some(Amount::from_minor(actual)),
        ..Discrepancy::new(Code::AmountMismatch, vec![order.to_owned()], nov(1))
    };
    Finding {
        id: discrepancy.id(),
        first_seen: nov(1),
        discrepancy,
    }
}

/// Findings of a night, one letter and an amount each: `A1 B2`.
fn night(text: &str) -> Vec<Finding> {
    let one = |word: &str| {
        let (order, actual) = word.split_at(1);
        finding(order, actual.parse().unwrap())
    };
    text.split_whitespace().map(one).collect()
}

async fn found(db: &mut Db, day: u32) -> String {
    let mut words: Vec<String> = findings(db, nov(day))
        .await
        .unwrap()
        .iter()
        .map(|one| {
            let actual = one.discrepancy.actual.and_then(Amount::to_minor).unwrap();
            format!("{}{actual}", one.discrepancy.key[0])
        })
        .collect();
    words.sort();
    words.join(" ")
}

async fn record_night(db: &mut Db, day: u32, next: Option<u32>, text: &str) {
    record_findings(db, recorded(day, next), night(text).into_iter().map(packed))
        .await
        .unwrap();
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
        let id = finding("A", 1).id;
        let told: Vec<_> = history(db, &id)
            .await
            .unwrap()
            .into_iter()
            .map(|(from, until, finding)| (from, until, finding.discrepancy.actual))
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
fn open_orders_are_kept_with_their_state_and_the_day_they_are_looked_at_again() {
    on_a_database(async |db| {
        let order = |reference: &str, state, check_on| OpenOrder {
            provider: "oney".to_owned(),
            order_reference: reference.to_owned(),
            state,
            check_on,
        };
        let first = vec![
            order("A", OrderState::Pending, Some(nov(9))),
            order("B", OrderState::Open, None),
        ];
        let second = vec![order("A", OrderState::Pending, Some(nov(10)))];
        for (day, all) in [(5, &first), (6, &second)] {
            record_open_orders(db, recorded(day, None), all.iter().cloned())
                .await
                .unwrap();
        }
        let mut found = open_orders(db, nov(5)).await.unwrap();
        found.sort();
        assert_eq!(found, first);
        assert_eq!(open_orders(db, nov(6)).await.unwrap(), second);
    });
}

#[test]
fn a_night_of_more_rows_than_one_statement_takes_is_recorded_whole() {
    let many = |actual| (0..1_234).map(move |number| finding(&number.to_string(), actual));
    on_a_database(async |db| {
        for (day, actual) in [(5, 1), (6, 2)] {
            record_findings(db, recorded(day, None), many(actual).map(packed))
                .await
                .unwrap();
        }
        for (day, actual) in [(5, 1), (6, 2)] {
            let mut found = findings(db, nov(day)).await.unwrap();
            let mut expected: Vec<Finding> = many(actual).collect();
            found.sort_by(|a, b| a.id.cmp(&b.id));
            expected.sort_by(|a, b| a.id.cmp(&b.id));
            assert!(found == expected, "{day}");
        }
        record_night(db, 6, None, "").await;
        assert_eq!(found(db, 6).await, "");
        assert_eq!(findings(db, nov(5)).await.unwrap().len(), 1_234);
    });
}
