//! What is new, what persists, what changed and what is resolved, from night to night.

use std::collections::BTreeMap;

use super::{euros, nov};
use crate::domain::decision::Standing;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, State};
use crate::matching::nights::{Compared, Comparison, Lens, NightBefore, Remembered};

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
        reason: "agreed by phone".to_owned(),
        note: String::new(),
    };
    [(discrepancy.id(), standing)].into()
}

/// All that is found, through a lens, on a day; `shows` says what belongs into the report.
fn through(
    lens: Lens,
    now: Vec<Discrepancy>,
    standings: &BTreeMap<String, Standing>,
    day: i64,
    shows: &dyn Fn(&Discrepancy) -> bool,
) -> Compared {
    let mut comparison = Comparison::new(lens, standings, nov(day), shows);
    for discrepancy in now {
        comparison.take(discrepancy);
    }
    comparison.finish()
}

/// A night compared with the one before; everything is shown.
fn compare(
    now: Vec<Discrepancy>,
    before: &NightBefore,
    standings: &BTreeMap<String, Standing>,
    day: i64,
) -> Compared {
    through(Lens::Night(before.clone()), now, standings, day, &|_| true)
}

/// The only one that is shown.
#[track_caller]
fn only(compared: &Compared) -> ReportedDiscrepancy {
    assert_eq!(compared.shown.len(), 1);
    compared.shown.iter().next().unwrap()
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
    compared.shown.iter().map(|one| words(&one)).collect()
}

#[test]
fn what_was_not_there_before_is_new_and_seen_first_today() {
    let night = compare(
        vec![found("A", "180.00")],
        &NightBefore::new(),
        &BTreeMap::new(),
        10,
    );
    assert_eq!(in_words(&night), ["new A 180.00 since 11-10"]);
}

#[test]
fn the_same_amounts_persist_and_other_amounts_are_changed_since_their_first_day() {
    let before = before(&[(found("A", "180.00"), 8), (found("B", "180.00"), 9)]);
    let now = vec![found("A", "180.00"), found("B", "170.00")];
    let night = compare(now, &before, &BTreeMap::new(), 10);
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
    let night = compare(vec![other], &before, &BTreeMap::new(), 10);
    assert_eq!(only(&night).state, State::Persisting);
}

#[test]
fn what_is_no_longer_found_is_resolved_once_with_its_last_amounts() {
    let before = before(&[(found("A", "180.00"), 8)]);
    let night = compare(Vec::new(), &before, &BTreeMap::new(), 10);
    assert_eq!(in_words(&night), ["resolved A 180.00 since 11-08"]);
    // The next night remembers what was open, and that is nothing.
    let next = compare(Vec::new(), &NightBefore::new(), &BTreeMap::new(), 11);
    assert_eq!(in_words(&next), Vec::<String>::new());
    // Found again later it is new, seen first on that day.
    let again = compare(
        vec![found("A", "180.00")],
        &NightBefore::new(),
        &BTreeMap::new(),
        12,
    );
    assert_eq!(in_words(&again), ["new A 180.00 since 11-12"]);
}

#[test]
fn an_acceptance_holds_as_long_as_the_amounts_do() {
    let one = found("A", "180.00");
    let before = before(&[(one.clone(), 8)]);
    let night = compare(vec![one.clone()], &before, &accepted(&one), 10);
    assert_eq!(in_words(&night), ["accepted A 180.00 since 11-08"]);
    assert_eq!(only(&night).assignee, "marie");
    assert_eq!(only(&night).note, "agreed by phone");
    assert!(night.lapsed.is_empty());
    let changed = compare(vec![found("A", "170.00")], &before, &accepted(&one), 10);
    assert_eq!(in_words(&changed), ["changed A 170.00 since 11-08"]);
    assert_eq!(changed.lapsed, [one.id()]);
}

#[test]
fn an_acceptance_ends_with_its_discrepancy() {
    let one = found("A", "180.00");
    let before = before(&[(one.clone(), 8)]);
    let night = compare(Vec::new(), &before, &accepted(&one), 10);
    assert_eq!(only(&night).state, State::Resolved);
    assert_eq!(night.lapsed, [one.id()]);
}

#[test]
fn a_look_shows_the_stored_state_else_new_without_a_first_day() {
    let (one, gone) = (found("A", "180.00"), found("B", "180.00"));
    let night = compare(
        vec![one.clone()],
        &before(&[(one.clone(), 8), (gone.clone(), 7)]),
        &accepted(&one),
        10,
    );
    let stored: BTreeMap<String, ReportedDiscrepancy> = night
        .shown
        .iter()
        .map(|one| (one.id.clone(), one))
        .collect();
    let now = vec![one, gone, found("C", "1.00")];
    let look = through(Lens::Look(stored), now, &BTreeMap::new(), 10, &|_| true);
    let states: Vec<_> = look
        .shown
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
    let now = vec![found("A", "170.00"), found("C", "1.00")];
    let only_c = |one: &Discrepancy| one.key[1] == "C";
    let night = through(Lens::Night(before), now, &BTreeMap::new(), 10, &only_c);
    assert_eq!(in_words(&night), ["new C 1.00 since 11-10"]);
    let hidden: Vec<_> = night
        .hidden
        .iter()
        .map(|one| (one.discrepancy.key[1].clone(), one.state))
        .collect();
    assert_eq!(
        hidden,
        [
            ("A".to_owned(), State::Changed),
            ("B".to_owned(), State::Resolved)
        ]
    );
}
