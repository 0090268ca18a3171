//! What is booked where.

use super::super::compose::{
    Settled, booked, commission_debited, reported as compose, settled, vat_in,
};
use super::*;
use crate::domain::accounts::AccountRole;
use crate::domain::payout::{MatchedBy, Payout, PayoutOutcome, PayoutState};

fn payout(state: PayoutState, expected: &str, booked: &str) -> PayoutOutcome {
    PayoutOutcome {
        payout: Payout {
            provider: "oney".to_owned(),
            reference: "TFR1".to_owned(),
            currency: Currency::EUR,
            first: nov(18),
            last: nov(18),
            lines: 1,
            gross: euros(expected),
            refunds: Amount::ZERO,
            fee: Amount::ZERO,
            merchant: String::new(),
            files: Vec::new(),
        },
        expected: euros(expected),
        booked: Some(euros(booked)),
        state,
        matched_by: Some(MatchedBy::Reference),
        bank_entries: vec!["B1".to_owned()],
        waits_for: None,
    }
}

#[test]
fn a_funding_in_net_mode_is_one_entry_with_commission_and_vat() {
    // 2.90 × 20 ÷ 120 = 0.4833…
    let entries = compose(&reported(LineKind::Funding, "100.00", "2.90"));
    assert_eq!(entries.len(), 1);
    assert_eq!(
        shown(&entries[0]),
        [
            "receivable 97.10",
            "orders -100.00",
            "fees 2.42",
            "fees_vat 0.48"
        ]
    );
}

#[test]
fn a_cancellation_gives_the_commission_and_its_vat_back() {
    let entries = compose(&reported(LineKind::Cancellation, "-100.00", "-2.90"));
    assert_eq!(
        shown(&entries[0]),
        [
            "receivable -97.10",
            "orders 100.00",
            "fees -2.42",
            "fees_vat -0.48"
        ]
    );
}

#[test]
fn in_gross_mode_the_commission_waits_for_its_debit() {
    let lines = Reported {
        mode: SettlementMode::Gross,
        ..reported(LineKind::Funding, "100.00", "2.90")
    };
    let entries = compose(&lines);
    assert_eq!(shown(&entries[0]), ["receivable 100.00", "orders -100.00"]);
    assert_eq!(
        shown(&entries[1]),
        ["fees_payable -2.90", "fees 2.42", "fees_vat 0.48"]
    );
    let debit = commission_debited(ONEY, (None, None), &[bank_entry("B1", "-2.90", 30)]).unwrap();
    assert_eq!(shown(&debit), ["transit -2.90", "fees_payable 2.90"]);
}

#[test]
fn chargebacks_and_adjustments_have_accounts_of_their_own_and_memo_lines_none() {
    let entries = compose(&reported(LineKind::Chargeback, "-50.00", "0.00"));
    assert_eq!(
        shown(&entries[0]),
        ["receivable -50.00", "chargebacks 50.00"]
    );
    let entries = compose(&reported(LineKind::Adjustment, "-12.00", "0.00"));
    assert_eq!(
        shown(&entries[0]),
        ["receivable -12.00", "adjustments 12.00"]
    );
    assert!(compose(&reported(LineKind::Memo, "100.00", "0.00")).is_empty());
    assert!(compose(&reported(LineKind::Funding, "0.00", "0.00")).is_empty());
}

#[test]
fn vat_is_rounded_half_away_from_zero_and_nothing_is_lost() {
    let vat = |fee: &str, percent: i64| {
        let vat = vat_in(euros(fee), Decimal::from(percent), Currency::EUR).unwrap();
        vat.display(Currency::EUR).to_string()
    };
    assert_eq!(vat("6.60", 20), "1.10");
    // 0.03 × 20 ÷ 120 = 0.005
    assert_eq!(vat("0.03", 20), "0.01");
    assert_eq!(vat("-0.03", 20), "-0.01");
    assert_eq!(vat("4.77", 19), "0.76");
    assert_eq!(vat("4.77", 0), "0.00");
    let yen = vat_in(Amount::from_minor(111), Decimal::from(10), currency("JPY"));
    assert_eq!(yen, Some(Amount::from_minor(10)));
}

#[test]
fn commissions_with_several_rates_of_vat_are_split_rate_by_rate() {
    // 2.40 at 20 %: 0.40; 1.22 at 22 %: 0.22; the rest of 5.00 has none.
    let lines = Reported {
        fee_by_vat: BTreeMap::from([
            (Decimal::from(20), euros("2.40")),
            (Decimal::from(22), euros("1.22")),
        ]),
        ..reported(LineKind::Funding, "100.00", "5.00")
    };
    assert_eq!(
        shown(&compose(&lines)[0])[2..],
        ["fees 4.38", "fees_vat 0.62"]
    );
}

/// The entry of payouts that are settled on the 20th.
fn paid(payouts: &[PayoutOutcome], entries: &[BankEntry]) -> Option<Entry> {
    let settlement = Settled {
        payouts,
        since: nov(20),
        rest: None,
    };
    settled(ONEY, settlement, entries)
}

#[test]
fn a_matched_payout_goes_from_the_bank_over_transit_off_the_receivable() {
    let entry = bank_entry("B1", "97.10", 20);
    let receipt = booked(ONEY, &entry, std::slice::from_ref(&entry)).unwrap();
    assert_eq!(shown(&receipt), ["bank 97.10", "transit -97.10"]);
    assert_eq!((receipt.date, receipt.reference.as_str()), (nov(20), "B1"));
    let payouts = [payout(PayoutState::Matched, "97.10", "97.10")];
    let payment = paid(&payouts, &[entry]).unwrap();
    assert_eq!(shown(&payment), ["transit 97.10", "receivable -97.10"]);
    assert_eq!(payment.sources_text(), "bank.xml:3");
}

#[test]
fn a_difference_within_the_tolerance_is_written_off_and_one_beyond_it_stays_open() {
    let short = [payout(PayoutState::Matched, "100.00", "99.99")];
    let entries = [bank_entry("B1", "99.99", 20)];
    let payment = paid(&short, &entries).unwrap();
    assert_eq!(
        shown(&payment),
        [
            "transit 99.99",
            "receivable -100.00",
            "differences_loss 0.01"
        ]
    );
    let beyond = [payout(PayoutState::Matched, "100.00", "100.02")];
    let payment = paid(&beyond, &entries).unwrap();
    assert_eq!(
        shown(&payment),
        [
            "transit 100.02",
            "receivable -100.00",
            "differences_gain -0.02"
        ]
    );
    let mismatched = [payout(PayoutState::Mismatched, "100.00", "90.00")];
    let payment = paid(&mismatched, &entries).unwrap();
    assert_eq!(shown(&payment), ["transit 90.00", "receivable -90.00"]);
}

#[test]
fn days_in_pieces_are_the_whole_with_the_same_numbers() {
    let on = |day: u32, gross: &str| {
        let lines = Reported {
            date: nov(day),
            ..reported(LineKind::Funding, gross, "0.00")
        };
        compose(&lines)
    };
    let entries = [on(3, "3.00"), on(1, "1.00"), on(2, "2.00"), on(3, "4.00")].concat();
    let days = |from, to| Journal::of_days(entries.clone(), (nov(from), nov(to)), nov(30));
    let (whole, first, second) = (days(1, 30), days(1, 2), days(3, 30));
    assert_eq!([first.entries, second.entries].concat(), whole.entries);
    let numbers: Vec<u64> = whole.entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let (key, balance) = second.balances.first_key_value().unwrap();
    assert_eq!(key.0.role, AccountRole::Receivable);
    assert_eq!(
        (balance.opening, balance.closing),
        (euros("3.00"), euros("10.00"))
    );
    assert_eq!(
        first.balances.values().next().unwrap().closing,
        euros("3.00")
    );
}

#[test]
fn a_source_names_runs_of_lines_and_how_many_more_there_are() {
    let mut source = Source {
        file: "a.csv".to_owned(),
        lines: Vec::new(),
    };
    for line in [2, 3, 3, 4, 7, 9, 10] {
        source.add(line);
    }
    assert_eq!(source.to_string(), "a.csv:2-4 7 9-10");
    for line in 6..30 {
        source.add(line * 2);
    }
    assert!(source.to_string().ends_with(" +7"), "{source}");
}
