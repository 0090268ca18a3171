//! What is new, what persists, what changed and what is resolved, from night to night.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{euros, nov};
use crate::domain::decision::Standing;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, State};
use crate::domain::finding::{Front, StoredFinding, pack_finding};
use crate::domain::found::NightFindings;
use crate::matching::nights::{Compared, Comparison, KnownState, Lens, Shows, Standings};

/// A difference of an order: 200.00 expected.
fn found(order: &str, actual: &str) -> Discrepancy {
    let key = vec!["oney".to_owned(), order.to_owned()];
    Discrepancy {
        expected: Some(euros("200.00")),
        actual: Some(euros(actual)),
        ..Discrepancy::new(Code::AmountMismatch, key, nov(1))
    }
}

/// What the night before found, and when that was first seen.
fn before(discrepancies: &[(Discrepancy, i64)]) -> NightFindings {
    let mut night = NightFindings::default();
    for (row, (found, first_seen)) in (1..).zip(discrepancies) {
        let mut bytes = Vec::new();
        pack_finding(found, Some(nov(*first_seen)), &mut bytes);
        let stored = StoredFinding {
            row,
            id: found.identity(),
            first_seen: nov(*first_seen),
            bytes: &bytes,
        };
        night.add(stored).unwrap();
    }
    night
}

/// Somebody accepted this discrepancy at these amounts.
fn accepted(discrepancy: &Discrepancy) -> Standings {
    let standing = Standing {
        accepted: Some((discrepancy.expected, discrepancy.actual)),
        assignee: "marie".to_owned(),
        reason: "agreed by phone".to_owned(),
        ..Standing::default()
    };
    [(discrepancy.identity(), standing)].into()
}

/// All that is found on the tenth; `shows` says what belongs into the report.
fn through(
    lens: Lens,
    now: &[Discrepancy],
    before: NightFindings,
    standings: &Standings,
    shows: Shows<'_>,
) -> Compared {
    let mut comparison = Comparison::new(lens, before, standings, nov(10), shows);
    for discrepancy in now {
        comparison.take(discrepancy);
    }
    comparison.finish()
}

/// A night compared with the one before; everything is shown.
fn compare(now: &[Discrepancy], before: &NightFindings, standings: &Standings) -> Compared {
    through(Lens::Night, now, before.clone(), standings, &|_| true)
}

/// The only one that is shown.
#[track_caller]
fn only(compared: &Compared) -> ReportedDiscrepancy {
    assert_eq!(compared.found.len(), 1);
    compared.found.iter().next().unwrap()
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
    compared.found.iter().map(|one| words(&one)).collect()
}

#[test]
fn what_was_not_there_before_is_new_and_seen_first_today() {
    let night = compare(
        &[found("A", "180.00")],
        &NightFindings::default(),
        &Standings::new(),
    );
    assert_eq!(in_words(&night), ["new A 180.00 since 11-10"]);
}

#[test]
fn the_same_amounts_persist_and_other_amounts_are_changed_since_their_first_day() {
    let before = before(&[(found("A", "180.00"), 8), (found("B", "180.00"), 9)]);
    let now = [found("A", "180.00"), found("B", "170.00")];
    let night = compare(&now, &before, &Standings::new());
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
    let night = compare(&[other], &before, &Standings::new());
    assert_eq!(only(&night).state, State::Persisting);
}

#[test]
fn what_is_no_longer_found_is_resolved_once_with_its_last_amounts() {
    let before = before(&[(found("A", "180.00"), 8)]);
    let night = compare(&[], &before, &Standings::new());
    assert_eq!(in_words(&night), ["resolved A 180.00 since 11-08"]);
    // The next night remembers what was open, and that is nothing.
    let next = compare(&[], &NightFindings::default(), &Standings::new());
    assert_eq!(in_words(&next), Vec::<String>::new());
    // Found again later it is new, seen first on that day, whatever was before.
    let again = compare(
        &[found("A", "180.00")],
        &NightFindings::default(),
        &Standings::new(),
    );
    assert_eq!(in_words(&again), ["new A 180.00 since 11-10"]);
}

#[test]
fn an_acceptance_holds_as_long_as_the_amounts_do() {
    let one = found("A", "180.00");
    let before = before(&[(one.clone(), 8)]);
    let night = compare(std::slice::from_ref(&one), &before, &accepted(&one));
    assert_eq!(in_words(&night), ["accepted A 180.00 since 11-08"]);
    assert_eq!(only(&night).assignee, "marie");
    assert_eq!(only(&night).note, "agreed by phone");
    assert!(night.lapsed.is_empty());
    let changed = compare(&[found("A", "170.00")], &before, &accepted(&one));
    assert_eq!(in_words(&changed), ["changed A 170.00 since 11-08"]);
    assert_eq!(changed.lapsed, [one.id()]);
}

#[test]
fn an_acceptance_ends_with_its_discrepancy() {
    let one = found("A", "180.00");
    let before = before(&[(one.clone(), 8)]);
    let night = compare(&[], &before, &accepted(&one));
    assert_eq!(only(&night).state, State::Resolved);
    assert_eq!(night.lapsed, [one.id()]);
}

#[test]
fn a_look_shows_the_stored_state_else_new_without_a_first_day() {
    let (one, gone) = (found("A", "180.00"), found("B", "180.00"));
    let night = compare(
        std::slice::from_ref(&one),
        &before(&[(one.clone(), 8), (gone.clone(), 7)]),
        &accepted(&one),
    );
    let known = night.found.lives().map(|life| {
        let (state, first_seen) = (life.state, life.first_seen);
        (life.id, KnownState { state, first_seen })
    });
    let lens = Lens::Look(known.collect());
    let now = [one, gone, found("C", "1.00")];
    let nothing = NightFindings::default();
    let look = through(lens, &now, nothing, &Standings::new(), &|_| true);
    let states: Vec<_> = look
        .found
        .iter()
        .map(|one| (one.state, one.first_seen))
        .collect();
    assert_eq!(
        states,
        [
            (State::Accepted, Some(nov(8))),
            // Resolved by the stored night: for a look it is found anew.
            (State::New, None),
            (State::New, None)
        ]
    );
    assert!(look.lapsed.is_empty(), "a look changes no state");
}

#[test]
fn what_does_not_belong_into_the_report_is_compared_all_the_same() {
    let before = before(&[(found("A", "180.00"), 8), (found("B", "180.00"), 9)]);
    let now = [found("A", "170.00"), found("C", "1.00")];
    let only_c = |one: &Front<'_>| one.actual == Some(euros("1.00"));
    let night = through(Lens::Night, &now, before, &Standings::new(), &only_c);
    assert_eq!(in_words(&night), ["new C 1.00 since 11-10"]);
    let states: Vec<State> = night.found.lives().map(|life| life.state).collect();
    assert_eq!(states, [State::New, State::Changed, State::Resolved]);
    assert_eq!(night.found.open().count(), 2);
}

#[test]
fn what_is_found_unchanged_is_the_row_that_holds_it_already() {
    let night_before = before(&[
        (found("A", "180.00"), 8),
        (found("B", "180.00"), 8),
        (found("C", "180.00"), 8),
    ]);
    let other_source = Discrepancy {
        payout_reference: "P-9".to_owned(),
        ..found("C", "180.00")
    };
    let now = [found("A", "180.00"), found("B", "170.00"), other_source];
    let night = compare(&now, &night_before, &Standings::new());
    let rows: Vec<Option<i64>> = night.found.open().map(|open| open.row).collect();
    // C persists, but what is said of it changed.
    assert_eq!(rows, [Some(1), None, None]);
}

#[test]
fn orders_that_nobody_looks_at_are_taken_over_and_all_else_is_resolved() {
    let of_order = |order: &str| Discrepancy {
        order_reference: order.to_owned(),
        ..found(order, "180.00")
    };
    let payout = Discrepancy::new(Code::CarryOver, vec!["oney".into(), "A".into()], nov(1));
    let before = before(&[(of_order("A"), 8), (of_order("B"), 8), (payout, 8)]);
    let standings = Standings::new();
    let mut comparison = Comparison::new(Lens::Night, before, &standings, nov(10), &|_| true);
    comparison.take_over(|order| order == "A");
    let night = comparison.finish();
    let told: Vec<(Code, State)> = night
        .found
        .iter()
        .map(|one| (one.discrepancy.code, one.state))
        .collect();
    assert_eq!(
        told,
        [
            (Code::AmountMismatch, State::Persisting),
            (Code::AmountMismatch, State::Resolved),
            (Code::CarryOver, State::Resolved)
        ]
    );
}

proptest! {
    /// Each id that is known or found is in exactly one place: shown or hidden, and resolved where
    /// it is not found any more. Found again as it was, it is the row that holds it.
    #[test]
    fn shown_hidden_and_resolved_are_all_there_is(
        then in prop::collection::btree_map(0..12_u8, 0..3_u8, 0..12),
        now in prop::collection::btree_map(0..12_u8, 0..3_u8, 0..12),
        shown_below in 0..4_u8,
    ) {
        let made = |(order, cents): (&u8, &u8)| found(&order.to_string(), &format!("1.0{cents}"));
        let remembered: Vec<(Discrepancy, i64)> = then.iter().map(|it| (made(it), 8)).collect();
        let all: Vec<Discrepancy> = now.iter().map(made).collect();
        let limit = euros(&format!("1.0{shown_below}"));
        let shows = |one: &Front<'_>| one.actual < Some(limit);
        let standings = Standings::new();
        let night = through(Lens::Night, &all, before(&remembered), &standings, &shows);
        let lives: BTreeMap<_, _> = night.found.lives().map(|life| (life.id, life.state)).collect();
        prop_assert_eq!(lives.len(), night.found.lives().count());
        let both: BTreeSet<u8> = then.keys().chain(now.keys()).copied().collect();
        prop_assert_eq!(lives.len(), both.len());
        for order in &both {
            let id = found(&order.to_string(), "0.00").identity();
            let expected = match (then.get(order), now.get(order)) {
                (None, _) => State::New,
                (Some(_), None) => State::Resolved,
                (Some(then), Some(now)) if then == now => State::Persisting,
                (Some(_), Some(_)) => State::Changed,
            };
            prop_assert_eq!(lives.get(&id), Some(&expected));
        }
        let is_shown = |cents: &&u8| **cents < shown_below;
        let gone = then.iter().filter(|(order, _)| !now.contains_key(order));
        let visible = now.values().chain(gone.map(|(_, cents)| cents)).filter(is_shown);
        prop_assert_eq!(night.found.len(), visible.count());
        let unchanged = now.iter().filter(|(order, cents)| then.get(order) == Some(cents)).count();
        prop_assert_eq!(night.found.open().filter(|open| open.row.is_some()).count(), unchanged);
    }
}
