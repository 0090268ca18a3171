//! What is new, what persists, what changed and what is resolved, from night to night.

use std::collections::BTreeMap;

use super::{euros, nov};
use crate::domain::decision::Standing;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, State};
use crate::matching::nights::{Compared, NightBefore, Remembered, as_stored, compare};

/// A difference of an order: 200.00 expected.
fn found(order: &str, actual: &str) -> Discrepancy {
    let key = vec!["oney".to_owned(), order.to_owned()];
    Discrepancy {
        expected: Some(euros("200.00")),
        actual: Some(euros(actual)),
        ..Discrepancy::new(Code::AmountMismatch, key, nov(1))
    }
}

fn before(discrepancies: &[(Discrepancy, i64)]) -> NightBefore {
    let remember = |(discrepancy, first_seen): &(Discrepancy, i64)| {
        let remembered = Remembered {
            first_seen: nov(*first_seen),
            discrepancy: discrepancy.clone(),
        };
        (discrepancy.id(), remembered)
    };
    discrepancies.iter().map(remember).collect()
}

/// Somebody accepted this discrepancy at these amounts.
fn accepted(discrepancy: &Discrepancy) -> BTreeMap<String, Standing> {
    let standing = Standing {
        accepted: Some((discrepancy.expected, discrepancy.actual)),
        assignee: "marie".to_owned(),
        note: "agreed by phone".to_owned(),
    };
    [(discrepancy.id(), standing)].into()
}

/// State, actual amount and first day of each, in the order reported.
fn in_words(compared: &Compared) -> Vec<String> {
    let words = |one: &ReportedDiscrepancy| {
        format!(
            "{} {} {} since {}",
            one.state.word(),
            one.discrepancy.key[1],
            one.discrepancy
                .actual
                .unwrap()
                .display(crate::domain::Currency::EUR),
            one.first_seen.unwrap().format("%m-%d")
        )
    };
    compared.reported.iter().map(words).collect()
}

#[test]
fn what_was_not_there_before_is_new_and_seen_first_today() {
    let night = compare(
        vec![found("A", "180.00")],
        &NightBefore::new(),
        &BTreeMap::new(),
        nov(10),
    );
    assert_eq!(in_words(&night), ["new A 180.00 since 11-10"]);
}

#[test]
fn the_same_amounts_persist_and_other_amounts_are_changed_since_their_first_day() {
    let before = before(&[(found("A", "180.00"), 8), (found("B", "180.00"), 9)]);
    let now = vec![found("A", "180.00"), found("B", "170.00")];
    let night = compare(now, &before, &BTreeMap::new(), nov(10));
    assert_eq!(
        in_words(&night),
        [
            "persisting A 180.00 since 11-08",
            "changed B 170.00 since 11-09"
        ]
    );
}

#[test]
fn what_only_its_explanation_or_day_changed_persists() {
    let before = before(&[(found("A", "180.00"), 8)]);
    let other = Discrepancy {
        event_date: nov(5),
        payout_reference: "P-9".to_owned(),
        ..found("A", "180.00")
    };
    let night = compare(vec![other], &before, &BTreeMap::new(), nov(10));
    assert_eq!(night.reported[0].state, State::Persisting);
}

#[test]
fn what_is_no_longer_found_is_resolved_once_with_its_last_amounts() {
    let before = before(&[(found("A", "180.00"), 8)]);
    let night = compare(Vec::new(), &before, &BTreeMap::new(), nov(10));
    assert_eq!(in_words(&night), ["resolved A 180.00 since 11-08"]);
    // The next night remembers what was open, and that is nothing.
    let next = compare(Vec::new(), &NightBefore::new(), &BTreeMap::new(), nov(11));
    assert_eq!(in_words(&next), Vec::<String>::new());
    // Found again later it is new, seen first on that day.
    let again = compare(
        vec![found("A", "180.00")],
        &NightBefore::new(),
        &BTreeMap::new(),
        nov(12),
    );
    assert_eq!(in_words(&again), ["new A 180.00 since 11-12"]);
}

#[test]
fn an_acceptance_holds_as_long_as_the_amounts_do() {
    let one = found("A", "180.00");
    let before = before(&[(one.clone(), 8)]);
    let night = compare(vec![one.clone()], &before, &accepted(&one), nov(10));
    assert_eq!(in_words(&night), ["accepted A 180.00 since 11-08"]);
    assert_eq!(night.reported[0].assignee, "marie");
    assert_eq!(night.reported[0].note, "agreed by phone");
    assert!(night.lapsed.is_empty());
    let changed = compare(
        vec![found("A", "170.00")],
        &before,
        &accepted(&one),
        nov(10),
    );
    assert_eq!(in_words(&changed), ["changed A 170.00 since 11-08"]);
    assert_eq!(changed.lapsed, [one.id()]);
}

#[test]
fn an_acceptance_ends_with_its_discrepancy() {
    let one = found("A", "180.00");
    let before = before(&[(one.clone(), 8)]);
    let night = compare(Vec::new(), &before, &accepted(&one), nov(10));
    assert_eq!(night.reported[0].state, State::Resolved);
    assert_eq!(night.lapsed, [one.id()]);
}

#[test]
fn a_look_shows_the_stored_state_else_new_without_a_first_day() {
    let one = found("A", "180.00");
    let gone = found("B", "180.00");
    let night = compare(
        vec![one.clone()],
        &before(&[(one.clone(), 8), (gone.clone(), 7)]),
        &accepted(&one),
        nov(10),
    );
    let stored: BTreeMap<String, ReportedDiscrepancy> = night
        .reported
        .into_iter()
        .map(|one| (one.id.clone(), one))
        .collect();
    let look = as_stored(vec![one, gone, found("C", "1.00")], &stored);
    let states: Vec<_> = look.iter().map(|one| (one.state, one.first_seen)).collect();
    assert_eq!(
        states,
        [
            (State::Accepted, Some(nov(8))),
            // Resolved by the stored night: for a look it is found anew.
            (State::New, None),
            (State::New, None)
        ]
    );
}
