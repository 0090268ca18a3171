//! Rule 2: single entries of a payout's amount.

use super::*;
use crate::domain::detail::{Candidates, Detail};

#[test]
fn the_entry_of_the_amount_that_is_nearest_to_the_last_report_is_taken() {
    let night = Night::new(
        [payout("A", "100.00", 10)],
        [
            entry("E1", "100.00", 6),
            entry("E2", "100.00", 12),
            entry("E3", "100.01", 10),
        ],
    );
    assert_eq!(
        night.says(12),
        [
            "A matched by amount 100.00 of 100.00 [E2]",
            // The bank may be earlier than the report, but not for longer than this.
            "BANK_CREDIT_UNEXPLAINED FR76/E1 0.00 100.00 on 11-06",
        ]
    );
}

#[test]
fn an_amount_proves_nothing_without_the_providers_text() {
    let mut unnamed = entry("E1", "100.00", 10);
    unnamed.counterparty = "MONEY TRANSFER".to_owned();
    let night = Night::new([payout("A", "100.00", 10)], [unnamed.clone()]);
    assert_eq!(night.says(10), ["A pending of 100.00"]);
    unnamed.references = vec!["from oney".to_owned()];
    let night = Night::new([payout("A", "100.00", 10)], [unnamed]);
    assert_eq!(
        night.says(10),
        ["A matched by amount 100.00 of 100.00 [E1]"]
    );
}

#[test]
fn a_tie_is_ambiguous_and_silences_its_entries() {
    let night = Night::new(
        [payout("A", "100.00", 10)],
        [
            entry("E2", "100.00", 8),
            entry("E1", "100.00", 12),
            entry("E3", "100.00", 13),
        ],
    );
    assert_eq!(
        night.says(30),
        [
            "A pending of 100.00",
            "BANK_CREDIT_UNEXPLAINED FR76/E3 0.00 100.00 on 11-13",
            "AMBIGUOUS_MATCH oney/A/EUR 100.00 – on 11-10",
        ]
    );
    let outcome = night.outcome(nov(30));
    let found = outcome.discrepancies.last().unwrap();
    assert_eq!(found.bank_entry, "E1;E2");
    let candidates = Candidates {
        count: 2,
        entries: vec!["E1".to_owned(), "E2".to_owned()],
    };
    assert_eq!(found.detail, Detail::Candidates(candidates));
}

#[test]
fn of_two_payouts_the_nearer_takes_the_entry_then_the_earlier_reference() {
    let nearer = Night::new(
        [payout("A", "100.00", 8), payout("B", "100.00", 10)],
        [entry("E1", "100.00", 11)],
    );
    assert_eq!(
        nearer.says(10),
        [
            "A pending of 100.00",
            "B matched by amount 100.00 of 100.00 [E1]"
        ]
    );
    let earlier = Night::new(
        [payout("B", "100.00", 9), payout("A", "100.00", 11)],
        [entry("E1", "100.00", 10)],
    );
    assert_eq!(
        earlier.says(11),
        [
            "A matched by amount 100.00 of 100.00 [E1]",
            "B pending of 100.00"
        ]
    );
}

#[test]
fn the_loser_takes_its_next_entry_before_a_payout_that_is_farther_from_it() {
    // A takes E1. B, next to E1 too, then wants E2, and is nearer to it than C.
    let night = Night::new(
        [
            payout("A", "100.00", 10),
            payout("B", "100.00", 11),
            payout("C", "100.00", 17),
        ],
        [entry("E1", "100.00", 10), entry("E2", "100.00", 13)],
    );
    assert_eq!(
        night.says(17),
        [
            "A matched by amount 100.00 of 100.00 [E1]",
            "B matched by amount 100.00 of 100.00 [E2]",
            "C pending of 100.00",
        ]
    );
}

#[test]
fn a_tie_ends_when_another_payout_takes_one_of_the_entries() {
    // B is right at E1; A, between E1 and E2, is left with E2, and C with nothing.
    let night = Night::new(
        [
            payout("A", "100.00", 10),
            payout("B", "100.00", 11),
            payout("C", "100.00", 6),
        ],
        [entry("E1", "100.00", 11), entry("E2", "100.00", 9)],
    );
    assert_eq!(
        night.says(11),
        [
            "A matched by amount 100.00 of 100.00 [E2]",
            "B matched by amount 100.00 of 100.00 [E1]",
            "C not_received 0.00 of 100.00",
            "PAYOUT_NOT_RECEIVED oney/C/EUR 100.00 0.00 on 11-11",
        ]
    );
}

#[test]
fn an_entry_of_two_providers_pays_one_of_them() {
    let mut other = payout("B", "100.00", 10);
    other.provider = "payone".to_owned();
    let both = entry_saying("E1", "100.00", 10, "PAYONE");
    let night = Night::new([payout("A", "100.00", 11), other], [both]);
    assert_eq!(
        night.says(11),
        [
            "A pending of 100.00",
            "B matched by amount 100.00 of 100.00 [E1]"
        ]
    );
}

#[test]
fn a_payout_within_the_tolerance_is_not_of_the_amount() {
    let mut night = Night::new([payout("A", "100.00", 10)], [entry("E1", "100.01", 10)]);
    night.rules.amount_tolerance = Tolerance("0.05".parse().unwrap());
    assert_eq!(night.says(10), ["A pending of 100.00"]);
}

#[test]
fn a_negative_payout_is_matched_with_its_debit() {
    let night = Night::new([payout("A", "-100.00", 10)], [entry("E1", "-100.00", 12)]);
    assert_eq!(
        night.says(30),
        ["A matched by amount -100.00 of -100.00 [E1]"]
    );
}
