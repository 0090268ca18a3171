//! What holds for any payouts and entries, whatever the rules make of them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::calendar::days_between;
use crate::domain::payout::PayoutState;

const REFERENCES: [&str; 6] = ["REF-1", "REF-10", "REF 77 1", "ABCDEFG", "77", "ABCD"];

fn payouts() -> impl Strategy<Value = Vec<Payout>> {
    let one = (
        select(vec!["oney", "payone", "alma"]),
        select(REFERENCES.to_vec()),
        select(vec!["EUR", "USD"]),
        -3_i64..5,
        (1_u32..12, 0_u32..6),
    );
    vec(one, 0..12).prop_map(|rows| {
        let rows = rows
            .into_iter()
            .map(|(provider, reference, currency, units, days)| {
                let payout = Payout {
                    provider: provider.to_owned(),
                    currency: Currency::parse(currency).unwrap(),
                    gross: Amount::from_minor(units * 10),
                    refunds: Amount::ZERO,
                    last: nov(days.0 + days.1),
                    ..payout(reference, "0", days.0)
                };
                ((provider, reference, currency), payout)
            });
        rows.collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

fn entries() -> impl Strategy<Value = Vec<BankEntry>> {
    let one = (
        select(vec!["oney", "payone", "Alma SAS", "oney payone", "someone"]),
        select(vec![
            "",
            "REF-1",
            "ref-10 ABCD",
            "ABC DEFG",
            "xABCD",
            "REF 77 1 REF-1",
        ]),
        select(vec!["EUR", "EUR", "USD"]),
        -6_i64..9,
        1_u32..25,
    );
    vec(one, 0..16).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(number, (party, text, currency, units, day))| BankEntry {
            currency: Currency::parse(currency).unwrap(),
            amount: Amount::from_minor(units * 10),
            counterparty: party.to_owned(),
            ..entry_saying(&format!("E{number}"), "0", day, text)
        })
        .collect()
    })
}

fn fees() -> Vec<MonthlyFee> {
    vec![MonthlyFee {
        provider: "payone".to_owned(),
        currency: Currency::EUR,
        month_end: nov(1).pred_opt().unwrap(),
        fee: euros("0.20"),
    }]
}

fn night(payouts: Vec<Payout>, entries: Vec<BankEntry>) -> Night {
    let mut night = Night::new(payouts, entries);
    night.monthly_fees = fees();
    night
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_order_of_the_input_changes_nothing(
        (payouts, shuffled_payouts) in payouts().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        (entries, shuffled_entries) in entries().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        as_of in 1_u32..50,
    ) {
        let one = night(payouts, entries).outcome(nov(as_of));
        let other = night(shuffled_payouts, shuffled_entries).outcome(nov(as_of));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn every_payout_has_one_state_and_every_entry_one_use(
        payouts in payouts(), entries in entries(), as_of in 1_u32..50,
    ) {
        let outcome = night(payouts.clone(), entries.clone()).outcome(nov(as_of));

        // Each payout once, in order; what is expected adds up over the states.
        let mut sorted = payouts.clone();
        sorted.sort_by_key(|it| (it.provider.clone(), it.reference.clone(), it.currency));
        let found: Vec<_> = outcome.payouts.iter().map(|it| it.payout.clone()).collect();
        prop_assert_eq!(found, sorted);
        let mut by_state: BTreeMap<PayoutState, Amount> = BTreeMap::new();
        for it in &outcome.payouts {
            *by_state.entry(it.state).or_default() += it.expected;
        }
        let expected: Amount = payouts.iter().map(|it| it.gross - it.fee).sum();
        prop_assert_eq!(by_state.into_values().sum::<Amount>(), expected);

        // Each entry belongs to one group, and a group's entries are booked once.
        let amounts: BTreeMap<_, _> =
            entries.iter().map(|it| (it.entry_id.clone(), it.amount)).collect();
        let mut group_of: BTreeMap<&str, &[String]> = BTreeMap::new();
        for it in &outcome.payouts {
            for id in &it.bank_entries {
                let group = group_of.entry(id).or_insert(&it.bank_entries);
                prop_assert_eq!(*group, it.bank_entries.as_slice());
            }
        }
        let closed = outcome.payouts.iter().filter(|it| it.matched_by.is_some());
        let used: BTreeSet<_> = closed.clone().flat_map(|it| &it.bank_entries).collect();
        let booked: Amount = closed.filter_map(|it| it.booked).sum();
        prop_assert_eq!(booked, used.into_iter().map(|id| amounts[id]).sum::<Amount>());

        // What explains a payout is not unexplained, and no two findings share a key.
        let mut keys = BTreeSet::new();
        for it in &outcome.discrepancies {
            prop_assert!(keys.insert((it.code, it.key.clone())));
            let is_entry = it.code.word().starts_with("BANK_");
            prop_assert!(!is_entry || !group_of.contains_key(it.bank_entry.as_str()));
        }
        for it in &outcome.payouts {
            let has_booked = match it.state {
                PayoutState::Matched | PayoutState::Mismatched => it.matched_by.is_some(),
                PayoutState::NotReceived => it.booked == Some(Amount::ZERO),
                PayoutState::Pending | PayoutState::CarriedOver
                | PayoutState::SettledWithoutTransfer => it.booked.is_none() && it.matched_by.is_none(),
            };
            prop_assert!(has_booked, "{it:?}");
        }
    }

    #[test]
    fn references_are_found_as_a_plain_search_finds_them(
        reference in "[aA1é/ -]{1,9}", text in "[aA1é/ -]{0,24}",
    ) {
        let mut bank = entry_saying("E1", "1.00", 10, &text);
        bank.counterparty.clear();
        let outcome = Night::new([payout(&reference, "1.00", 10)], [bank]).outcome(nov(10));
        let found = outcome.payouts[0].matched_by.is_some();
        prop_assert_eq!(found, plain_search(reference.trim(), &text));
    }

    #[test]
    fn the_nearest_bid_wins_as_if_all_were_compared_each_time(
        reported in vec(5_u32..20, 1..9), booked in vec(5_u32..20, 0..9),
    ) {
        let name = |number: usize| format!("{number}");
        let payouts: Vec<_> =
            reported.iter().enumerate().map(|(n, day)| payout(&name(n), "1.00", *day)).collect();
        let entries: Vec<_> =
            booked.iter().enumerate().map(|(n, day)| entry(&name(n), "1.00", *day)).collect();
        let outcome = Night::new(payouts.clone(), entries.clone()).outcome(nov(20));
        let found = outcome.payouts.iter().filter(|it| it.matched_by.is_some());
        // A sum of payouts is another rule's: all entries here are of one payout's amount.
        let found: BTreeMap<_, _> =
            found.map(|it| (it.payout.reference.clone(), it.bank_entries.join(";"))).collect();
        prop_assert_eq!(found, plain_auction(&payouts, &entries));
    }
}

/// Every place of the text is tried, character by character.
fn plain_search(reference: &str, text: &str) -> bool {
    let lower = |text: &str| text.to_lowercase().chars().collect::<Vec<char>>();
    let (reference, text) = (lower(reference), lower(text));
    let ends_here = |place: usize, wanted: &[char], skips: bool| {
        let mut at = place;
        for (number, letter) in wanted.iter().enumerate() {
            while skips && number > 0 && *letter != ' ' && text.get(at) == Some(&' ') {
                at += 1;
            }
            if text.get(at) != Some(letter) {
                return None;
            }
            at += 1;
            // A run of blanks in the text is one blank.
            while *letter == ' ' && text.get(at) == Some(&' ') {
                at += 1;
            }
        }
        Some(at)
    };
    let mut wanted = reference.clone();
    wanted.dedup_by(|a, b| *a == ' ' && *b == ' ');
    let is_free = |at: Option<usize>| {
        let neighbour = at.and_then(|at| text.get(at));
        !neighbour.is_some_and(|it| it.is_alphanumeric())
    };
    reference.len() >= 4
        && (0..text.len()).any(|place| {
            ends_here(place, &wanted, reference.len() >= 6)
                .is_some_and(|end| is_free(place.checked_sub(1)) && is_free(Some(end)))
        })
}

/// Again and again, the nearest payout with one nearest free entry takes it.
fn plain_auction(payouts: &[Payout], entries: &[BankEntry]) -> BTreeMap<String, String> {
    let mut matched: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let mut bids = Vec::new();
        for payout in payouts
            .iter()
            .filter(|it| !matched.contains_key(&it.reference))
        {
            let distance = |it: &BankEntry| days_between(payout.last, it.booked_on).unsigned_abs();
            let free = entries.iter().filter(|it| {
                let is_taken = matched.values().any(|id| *id == it.entry_id);
                let early = days_between(it.booked_on, payout.first);
                !is_taken && early <= 5 && distance(it) <= 20
            });
            let free: Vec<_> = free.collect();
            let least = free.iter().map(|it| distance(it)).min();
            let nearest: Vec<_> = free
                .into_iter()
                .filter(|it| Some(distance(it)) == least)
                .collect();
            if let [entry] = nearest.as_slice() {
                bids.push((least, &payout.reference, &entry.entry_id));
            }
        }
        let Some((_, reference, entry)) = bids.into_iter().min() else {
            return matched;
        };
        matched.insert(reference.clone(), entry.clone());
    }
}
