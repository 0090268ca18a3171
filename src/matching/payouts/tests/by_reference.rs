//! Rule 1: references in what the bank wrote, and the groups they form.

use super::*;
use crate::domain::detail::Detail;
use crate::domain::payout::MatchedBy;

/// True when an entry with this remittance text names a payout of this reference.
fn names(reference: &str, text: &str) -> bool {
    let mut bank = entry_saying("E1", "100.00", 10, text);
    // Without the provider's name, only the reference can link it.
    bank.counterparty.clear();
    let night = Night::new([payout(reference, "100.00", 10)], [bank]);
    let outcome = night.outcome(nov(10));
    let [found] = outcome.payouts.as_slice() else {
        panic!("one payout");
    };
    found.matched_by == Some(MatchedBy::Reference)
}

#[test]
fn a_reference_is_found_as_a_whole_token_in_any_case() {
    for text in [
        "T-77/1",
        "transfer t-77/1",
        "(T-77/1)",
        "EREF+T-77/1+SVWZ",
        "_T-77/1_",
        "T-77/1-2",
        "réf.T-77/1",
        "T-77/12 T-77/1",
    ] {
        assert!(names("T-77/1", text), "{text}");
    }
    for text in [
        "", "T-77/12", "AT-77/1", "1T-77/1", "éT-77/1", "T-77/1é", "T-77", "T77/1",
    ] {
        assert!(!names("T-77/1", text), "{text}");
    }
    assert!(names("ÉTÉ26", "virement été26"));
    assert!(names("İSTANBUL1", "xx İSTANBUL1"));
}

#[test]
fn a_reference_needs_four_characters() {
    assert!(!names("T77", "T77"));
    assert!(names("T771", "T771"));
    assert!(names(" T771 ", "T771"));
    assert!(!names("   T7", "T7"));
}

#[test]
fn blanks_inside_a_reference_are_skipped_from_six_characters_on() {
    assert!(names("T77123", "VIR T7 7123 ONEY"));
    assert!(names("T77123", "T\u{a0}7 7  1 2 3"));
    assert!(!names("T7712", "VIR T7 712 ONEY"));
    // The ends are still ends of a token, in the text as the bank wrote it.
    assert!(!names("T77123", "VIR T7 71234"));
    assert!(!names("T77123", "AT7 7123"));
    assert!(names("T77123", "A T7 7123 4"));
    // A blank of the reference itself is part of it.
    assert!(names("SETT 2026 11", "sett 2026  1 1"));
    assert!(!names("SETT 2026 11", "SETT202611"));
    assert!(names("T 77", "T 77"));
    assert!(!names("T 77", "T77"));
}

#[test]
fn a_half_of_a_broken_reference_does_not_name_another_payout() {
    let named = |text: &str| {
        let payouts = ["778810", "77881009", "1009"].map(|it| payout(it, "100.00", 10));
        let night = Night::new(payouts, [entry_saying("E1", "100.00", 10, text)]);
        let outcome = night.outcome(nov(10));
        let named = outcome
            .payouts
            .iter()
            .filter(|it| it.matched_by == Some(MatchedBy::Reference));
        let references = named.map(|it| it.payout.reference.clone());
        references.collect::<Vec<_>>()
    };
    assert_eq!(named("ONEY 778810 09 VOM"), ["77881009"]);
    assert_eq!(named("ONEY 7788 1009 VOM"), ["77881009"]);
    assert_eq!(named("ONEY 77881009"), ["77881009"]);
    assert_eq!(named("ONEY 778810 9"), ["778810"]);
    assert_eq!(named("ONEY 1009 7788"), ["1009"]);
    // Named apart from it, it is named.
    let night = |text: &str| {
        let payouts = ["77881009", "1009"].map(|it| payout(it, "50.00", 10));
        Night::new(payouts, [entry_saying("E1", "100.00", 10, text)]).says(10)
    };
    assert_eq!(
        night("ONEY 1009 7788 1009"),
        [
            "1009 matched by reference 50.00 of 50.00 [E1]",
            "77881009 matched by reference 50.00 of 50.00 [E1]"
        ]
    );
}

#[test]
fn references_and_remittance_are_searched_apart() {
    let mut split = entry_saying("E1", "100.00", 10, "7123");
    split.references = vec!["T7".to_owned()];
    split.counterparty.clear();
    let mut whole = split.clone();
    whole.references = vec!["NOTPROVIDED".to_owned(), "t77123".to_owned()];
    let payouts = [payout("T77123", "100.00", 10)];
    assert_eq!(
        Night::new(payouts.clone(), [split]).says(10),
        ["T77123 pending of 100.00"]
    );
    assert_eq!(
        Night::new(payouts, [whole]).says(10),
        ["T77123 matched by reference 100.00 of 100.00 [E1]"]
    );
}

#[test]
fn a_named_payout_needs_currency_sign_account_and_window_too() {
    let good = entry_saying("E1", "100.00", 10, "TRANSFER-1");
    let mut rules = rules();
    let oney = rules.providers.get_mut("oney").unwrap();
    oney.accounts = vec!["FR 76".to_owned()];
    let state = |change: fn(&mut BankEntry)| {
        let mut bank = good.clone();
        change(&mut bank);
        let mut night = Night::new([payout("TRANSFER-1", "100.00", 10)], [bank]);
        night.rules = rules.clone();
        night.says(10).remove(0)
    };
    let matched = "TRANSFER-1 matched by reference 100.00 of 100.00 [E1]";
    let pending = "TRANSFER-1 pending of 100.00";
    assert_eq!(state(|_| ()), matched);
    assert_eq!(state(|it| it.booked_on = nov(5)), matched);
    assert_eq!(state(|it| it.booked_on = nov(4)), pending);
    assert_eq!(state(|it| it.booked_on = nov(30)), matched);
    assert_eq!(state(|it| it.booked_on = nov(31)), pending);
    assert_eq!(state(|it| it.account = "F R7 6".to_owned()), matched);
    assert_eq!(state(|it| it.account = "DE89".to_owned()), pending);
    assert_eq!(state(|it| it.amount = -it.amount), pending);
    assert_eq!(
        state(|it| it.currency = Currency::parse("USD").unwrap()),
        pending
    );
}

#[test]
fn entries_and_payouts_that_name_each_other_balance_as_one_group() {
    let night = Night::new(
        [
            payout("REF-1000", "60.00", 10),
            payout("REF-2000", "40.00", 11),
            payout("REF-3000", "25.00", 11),
        ],
        [
            entry_saying("E1", "70.00", 12, "REF-1000 REF-2000"),
            entry_saying("E2", "30.00", 12, "REF-2000"),
            entry_saying("E3", "25.00", 12, "REF-3000"),
        ],
    );
    assert_eq!(
        night.says(12),
        [
            "REF-1000 matched by reference 60.00 of 60.00 [E1;E2]",
            "REF-2000 matched by reference 40.00 of 40.00 [E1;E2]",
            "REF-3000 matched by reference 25.00 of 25.00 [E3]",
        ]
    );
}

#[test]
fn a_difference_is_pending_until_it_is_certain() {
    // Reported on Tuesday the 10th, booked on Wednesday the 11th: grace ends on Friday the 13th.
    let night = Night::new(
        [
            payout("REF-2000", "60.00", 10),
            payout("REF-1000", "40.00", 10),
        ],
        [entry_saying("E1", "90.00", 11, "REF-1000 REF-2000")],
    );
    let pending = [
        "REF-1000 pending of 40.00 [E1]",
        "REF-2000 pending of 60.00 [E1]",
    ];
    assert_eq!(night.says(12), pending);
    assert_eq!(
        night.says(13),
        [
            "REF-1000 mismatched by reference 90.00 of 40.00 [E1]",
            "REF-2000 mismatched by reference 0.00 of 60.00 [E1]",
            "PAYOUT_AMOUNT_MISMATCH oney/REF-1000/EUR 100.00 90.00 on 11-11",
        ]
    );
    let outcome = night.outcome(nov(13));
    let found = outcome.discrepancies.first().unwrap();
    let together = ["REF-1000", "REF-2000"].map(str::to_owned).to_vec();
    assert_eq!(found.detail, Detail::PaidTogether(together));
    assert_eq!(
        (found.account.as_str(), found.bank_entry.as_str()),
        ("FR76", "E1")
    );
    let sources: Vec<_> = found
        .sources
        .iter()
        .map(|it| (it.file.as_str(), it.line))
        .collect();
    assert_eq!(sources, [("bank.xml", 1), ("crp_10.csv", 0)]);
}

#[test]
fn a_difference_is_certain_by_booking_when_that_is_earlier() {
    // The bank is early: booked on Friday the 6th, reported again on Tuesday the 10th.
    let mut late = payout("REF-1000", "100.00", 10);
    late.first = nov(6);
    let night = Night::new([late], [entry_saying("E1", "90.00", 6, "REF-1000")]);
    assert_eq!(night.says(10), ["REF-1000 pending of 100.00 [E1]"]);
    assert_eq!(
        night.says(11),
        [
            "REF-1000 mismatched by reference 90.00 of 100.00 [E1]",
            "PAYOUT_AMOUNT_MISMATCH oney/REF-1000/EUR 100.00 90.00 on 11-06",
        ]
    );
}

#[test]
fn a_difference_within_the_tolerance_stands_with_the_first_payout() {
    let mut night = Night::new(
        [
            payout("REF-1000", "60.00", 10),
            payout("REF-2000", "40.00", 9),
        ],
        [entry_saying("E1", "100.02", 11, "REF-1000 REF-2000")],
    );
    night.rules.amount_tolerance = Tolerance("0.02".parse().unwrap());
    assert_eq!(
        night.says(11),
        [
            "REF-1000 matched by reference 60.00 of 60.00 [E1]",
            "REF-2000 matched by reference 40.02 of 40.00 [E1]",
        ]
    );
    night.rules.amount_tolerance = Tolerance("0.01".parse().unwrap());
    assert_eq!(night.says(11).len(), 2);
    assert!(
        night
            .says(20)
            .iter()
            .any(|it| it.starts_with("PAYOUT_AMOUNT_MISMATCH"))
    );
}

#[test]
fn an_entry_that_names_a_payout_of_nothing_says_that_its_sum_is_wrong() {
    let zero = payout("REF-1000", "0.00", 10);
    let alone = Night::new([zero.clone()], []);
    assert_eq!(
        alone.says(10),
        ["REF-1000 settled_without_transfer of 0.00"]
    );
    let named = Night::new([zero], [entry_saying("E1", "-5.00", 10, "REF-1000")]);
    assert_eq!(
        named.says(20),
        [
            "REF-1000 mismatched by reference -5.00 of 0.00 [E1]",
            "PAYOUT_AMOUNT_MISMATCH oney/REF-1000/EUR 0.00 -5.00 on 11-10",
        ]
    );
}

#[test]
fn credits_and_debits_never_form_one_group() {
    let night = Night::new(
        [
            payout("REF-1000", "100.00", 10),
            payout("REF-2000", "-30.00", 10),
        ],
        [
            entry_saying("E1", "100.00", 10, "REF-1000 REF-2000"),
            entry_saying("E2", "-30.00", 10, "REF-1000 REF-2000"),
        ],
    );
    assert_eq!(
        night.says(10),
        [
            "REF-1000 matched by reference 100.00 of 100.00 [E1]",
            "REF-2000 matched by reference -30.00 of -30.00 [E2]",
        ]
    );
}

#[test]
fn the_same_reference_of_two_providers_is_told_apart_by_the_banks_text() {
    let mut other = payout("100001", "70.00", 10);
    other.provider = "payone".to_owned();
    let mut theirs = entry_saying("E2", "70.00", 10, "100001");
    theirs.counterparty = "PAYONE GMBH".to_owned();
    let night = Night::new(
        [payout("100001", "50.00", 10), other],
        [entry_saying("E1", "50.00", 10, "100001"), theirs],
    );
    assert_eq!(
        night.says(10),
        [
            "100001 matched by reference 50.00 of 50.00 [E1]",
            "100001 matched by reference 70.00 of 70.00 [E2]",
        ]
    );
}

#[test]
fn a_reference_waits_in_net_mode_until_later_files_make_it_positive() {
    let reported = |gross, last| Payout {
        last: nov(last),
        ..payout("T77-1", gross, 9)
    };
    let first = Night::new([reported("-50.00", 9)], []);
    assert_eq!(
        first.says(9),
        [
            "T77-1 carried_over of -50.00",
            "CARRY_OVER oney/T77-1/EUR -50.00 0.00 on 11-09"
        ]
    );
    let second = Night::new([reported("-125.00", 10)], []);
    assert_eq!(
        second.says(30),
        [
            "T77-1 carried_over of -125.00",
            "CARRY_OVER oney/T77-1/EUR -125.00 0.00 on 11-10"
        ]
    );
    let third = Night::new(
        [reported("175.00", 11)],
        [entry_saying("E1", "175.00", 12, "ONEY T77-1")],
    );
    assert_eq!(
        third.says(30),
        ["T77-1 matched by reference 175.00 of 175.00 [E1]"]
    );
    // The contract's own name has three characters: too short to be named, found by amount.
    let short = Payout {
        reference: "T77".to_owned(),
        ..reported("175.00", 11)
    };
    let third = Night::new([short], [entry_saying("E1", "175.00", 12, "ONEY T77")]);
    assert_eq!(
        third.says(30),
        ["T77 matched by amount 175.00 of 175.00 [E1]"]
    );
}
