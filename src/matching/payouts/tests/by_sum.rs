//! Rules 3 and 4: sums of payouts, and a month's commissions.

use super::*;

#[test]
fn an_entry_may_be_the_sum_of_payouts_that_follow_each_other() {
    let night = Night::new(
        [
            payout("C", "5.00", 11),
            payout("B", "20.00", 10),
            payout("A", "10.00", 10),
        ],
        [entry("E1", "30.00", 12)],
    );
    assert_eq!(
        night.says(12),
        [
            "A matched by sum 10.00 of 10.00 [E1]",
            "B matched by sum 20.00 of 20.00 [E1]",
            "C pending of 5.00",
        ]
    );
}

#[test]
fn payouts_that_do_not_follow_each_other_are_no_sum() {
    let night = Night::new(
        [
            payout("A", "10.00", 10),
            payout("B", "20.00", 10),
            payout("C", "5.00", 11),
        ],
        [entry("E1", "15.00", 12)],
    );
    assert!(night.says(12).iter().all(|it| it.contains("pending")));
}

#[test]
fn two_runs_that_fit_match_nothing() {
    let night = Night::new(
        [
            payout("A", "10.00", 10),
            payout("B", "20.00", 10),
            payout("C", "10.00", 11),
        ],
        [entry("E1", "30.00", 12)],
    );
    assert!(night.says(12).iter().all(|it| it.contains("pending")));
}

#[test]
fn entries_that_want_overlapping_runs_match_nothing_and_disjoint_ones_do() {
    let payouts = [
        payout("A", "10.00", 10),
        payout("B", "20.00", 10),
        payout("C", "40.00", 11),
        payout("D", "80.00", 11),
    ];
    let overlapping = Night::new(
        payouts.clone(),
        [entry("E1", "30.00", 12), entry("E2", "60.00", 12)],
    );
    assert!(overlapping.says(12).iter().all(|it| it.contains("pending")));
    let disjoint = Night::new(
        payouts,
        [entry("E1", "30.00", 12), entry("E2", "120.00", 12)],
    );
    assert_eq!(
        disjoint.says(12),
        [
            "A matched by sum 10.00 of 10.00 [E1]",
            "B matched by sum 20.00 of 20.00 [E1]",
            "C matched by sum 40.00 of 40.00 [E2]",
            "D matched by sum 80.00 of 80.00 [E2]",
        ]
    );
}

#[test]
fn a_run_has_at_most_the_configured_payouts_and_each_must_admit_the_entry() {
    let payouts: Vec<_> = ["A", "B", "C"].map(|it| payout(it, "10.00", 10)).to_vec();
    let mut night = Night::new(payouts.clone(), [entry("E1", "30.00", 12)]);
    assert!(
        night
            .says(12)
            .iter()
            .all(|it| it.contains("matched by sum"))
    );
    night.rules.max_combined_payouts = 2;
    assert!(night.says(12).iter().all(|it| it.contains("pending")));

    // The window of the first one closed on the 29th.
    let mut night = Night::new(
        [payout("A", "10.00", 9), payout("B", "20.00", 10)],
        [entry("E1", "30.00", 29)],
    );
    assert!(
        night
            .says(12)
            .iter()
            .all(|it| it.contains("matched by sum"))
    );
    night.entries = vec![entry("E1", "30.00", 30)];
    assert!(night.says(12).iter().all(|it| !it.contains("matched")));
}

#[test]
fn a_sum_of_far_runs_is_found_past_runs_that_are_closed_or_not_open_yet() {
    let night = Night::new(
        [
            payout("A", "10.00", 1),
            payout("B", "20.00", 1),
            payout("X", "7.00", 20),
            payout("C", "10.00", 28),
            payout("D", "20.00", 28),
            payout("Y", "7.00", 50),
            payout("E", "10.00", 58),
            payout("F", "20.00", 58),
        ],
        [entry("E1", "30.00", 30)],
    );
    let says = night.says(31);
    let matched: Vec<_> = says.iter().filter(|it| it.contains("matched")).collect();
    assert_eq!(
        matched,
        [
            "C matched by sum 10.00 of 10.00 [E1]",
            "D matched by sum 20.00 of 20.00 [E1]"
        ]
    );
}

/// PAYONE's commissions of October.
fn october(fee: &str) -> MonthlyFee {
    MonthlyFee {
        provider: "payone".to_owned(),
        currency: Currency::EUR,
        month_end: nov(1).pred_opt().unwrap(),
        fee: euros(fee),
    }
}

fn payone(id: &str, amount: &str, booked: u32) -> BankEntry {
    BankEntry {
        counterparty: "PAYONE GMBH".to_owned(),
        ..entry(id, amount, booked)
    }
}

#[test]
fn a_months_commissions_are_debited_within_45_days() {
    let mut night = Night::new([], [payone("E1", "-14.50", 45)]);
    night.monthly_fees = vec![october("14.50")];
    assert!(night.says(60).is_empty());
    night.entries = vec![payone("E1", "-14.50", 46)];
    assert_eq!(night.says(44), Vec::<String>::new());
    assert_eq!(
        night.says(45),
        ["DEBIT_NOT_TAKEN payone/2026-10/EUR -14.50 0.00 on 12-15"]
    );
    let outcome = night.outcome(nov(45));
    let found = outcome.discrepancies.first().unwrap();
    assert_eq!(found.payout_reference, "2026-10");
}

#[test]
fn commissions_are_not_debited_before_their_month_is_over() {
    let last_day = nov(1).pred_opt().unwrap();
    let mut night = Night::new([], [payone("E1", "-14.50", 1)]);
    night.monthly_fees = vec![october("14.50")];
    assert!(night.says(30).is_empty());
    night.entries[0].booked_on = last_day;
    assert_eq!(
        night.says(30),
        ["BANK_DEBIT_UNEXPLAINED FR76/E1 0.00 -14.50 on 10-31"]
    );
}

#[test]
fn each_month_has_one_debit_and_a_second_one_is_unexplained() {
    let mut night = Night::new([], [payone("E1", "-14.50", 3), payone("E2", "-14.50", 4)]);
    night.monthly_fees = vec![october("14.50")];
    assert_eq!(
        night.says(30),
        ["BANK_DEBIT_UNEXPLAINED FR76/E2 0.00 -14.50 on 11-04"]
    );
    let september = MonthlyFee {
        month_end: nov(1) - chrono::Days::new(32),
        ..october("14.50")
    };
    night.monthly_fees.push(september);
    assert!(night.says(30).is_empty());
}

#[test]
fn net_mode_and_months_without_commissions_expect_no_debit() {
    let mut night = Night::new([], []);
    night.monthly_fees = vec![
        MonthlyFee {
            provider: "oney".to_owned(),
            ..october("14.50")
        },
        october("0.00"),
        october("-3.00"),
    ];
    assert!(night.says(60).is_empty());
}
