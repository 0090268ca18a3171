//! Every euro of a provider in exactly one place, and the residual that shows one that is not.

use super::completeness::rules;
use super::{euros, nov};
use crate::domain::payout::{Payout, PayoutOutcome, PayoutState, UnassignedLines};
use crate::domain::settlement::LineKind;
use crate::domain::{Amount, Currency};
use crate::matching::balance::{PlacedSum, ReportedTotal, balance};

fn total(provider: &str, kind: LineKind, lines: u64, gross: &str, fee: &str) -> ReportedTotal {
    ReportedTotal {
        provider: provider.to_owned(),
        currency: Currency::EUR,
        kind,
        lines,
        gross: euros(gross),
        fee: euros(fee),
    }
}

fn payout(provider: &str, expected: &str, state: PayoutState) -> PayoutOutcome {
    PayoutOutcome {
        payout: Payout {
            provider: provider.to_owned(),
            reference: "P-1".to_owned(),
            currency: Currency::EUR,
            first: nov(1),
            last: nov(1),
            lines: 1,
            gross: euros(expected),
            refunds: Amount::ZERO,
            fee: Amount::ZERO,
            merchant: String::new(),
            files: Vec::new(),
        },
        expected: euros(expected),
        booked: None,
        state,
        matched_by: None,
        bank_entries: Vec::new(),
        waits_for: None,
    }
}

fn unassigned(provider: &str, gross: &str, fee: &str) -> UnassignedLines {
    UnassignedLines {
        provider: provider.to_owned(),
        file: "crp.csv".to_owned(),
        currency: Currency::EUR,
        first: nov(1),
        last: nov(1),
        lines: 1,
        gross: euros(gross),
        fee: euros(fee),
    }
}

/// Where the payouts of a whole history stand.
fn placed(payouts: &[PayoutOutcome]) -> Vec<PlacedSum> {
    payouts.iter().map(PlacedSum::from).collect()
}

#[test]
fn in_net_mode_the_places_add_up_to_the_lines_less_their_fees() {
    let totals = [
        total("oney", LineKind::Funding, 3, "300.00", "4.00"),
        total("oney", LineKind::Cancellation, 1, "-50.00", "-1.00"),
        total("oney", LineKind::Chargeback, 1, "-20.00", "0.00"),
        total("oney", LineKind::Adjustment, 1, "5.00", "0.00"),
    ];
    // 300 − 50 − 20 + 5 = 235 gross, 3 of fees: 232 net.
    let payouts = [
        payout("oney", "100.00", PayoutState::Matched),
        payout("oney", "0.00", PayoutState::SettledWithoutTransfer),
        payout("oney", "60.00", PayoutState::Mismatched),
        payout("oney", "40.00", PayoutState::NotReceived),
        payout("oney", "30.00", PayoutState::Pending),
        payout("oney", "-8.00", PayoutState::CarriedOver),
    ];
    let rows = balance(
        &totals,
        placed(&payouts),
        &[unassigned("oney", "11.00", "1.00")],
        &rules(),
    );
    let [row] = rows.as_slice() else {
        panic!("one row: {rows:?}");
    };
    assert_eq!(row.lines, 6);
    assert_eq!(row.gross(), euros("235.00"));
    assert_eq!(row.net(), euros("232.00"));
    assert_eq!(row.expected_payouts, euros("222.00"));
    assert_eq!(row.matched, euros("100.00"));
    assert_eq!(row.carried_over, euros("-8.00"));
    assert_eq!(row.unassigned, euros("10.00"));
    assert_eq!(row.residual, Amount::ZERO);
}

#[test]
fn in_gross_mode_fees_are_in_no_place() {
    let totals = [total("alma", LineKind::Funding, 1, "100.00", "3.00")];
    let payouts = [payout("alma", "90.00", PayoutState::Matched)];
    let rows = balance(
        &totals,
        placed(&payouts),
        &[unassigned("alma", "10.00", "1.00")],
        &rules(),
    );
    assert_eq!(rows[0].unassigned, euros("10.00"));
    assert_eq!(rows[0].residual, Amount::ZERO);
}

#[test]
fn a_line_that_is_in_no_payout_leaves_a_residual() {
    let totals = [total("oney", LineKind::Funding, 2, "100.00", "0.00")];
    let payouts = [payout("oney", "60.00", PayoutState::Matched)];
    let lost = balance(&totals, placed(&payouts), &[], &rules());
    assert_eq!(lost[0].residual, euros("40.00"));
    let twice = [payouts[0].clone(), payouts[0].clone()];
    assert_eq!(
        balance(&totals, placed(&twice), &[], &rules())[0].residual,
        euros("-20.00")
    );
    // A payout of a provider without any line.
    assert_eq!(
        balance(&[], placed(&payouts), &[], &rules())[0].residual,
        euros("-60.00")
    );
}

#[test]
fn memo_lines_count_nowhere() {
    let memo = total("oney", LineKind::Memo, 7, "70.00", "1.00");
    // A record that settles nothing may have no currency: it makes no row of its own.
    assert_eq!(
        balance(std::slice::from_ref(&memo), Vec::new(), &[], &rules()),
        []
    );
    let totals = [memo, total("oney", LineKind::Funding, 1, "3.00", "0.50")];
    let rows = balance(&totals, Vec::new(), &[], &rules());
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].lines, rows[0].gross(), rows[0].fees),
        (1, euros("3.00"), euros("0.50"))
    );
}

#[test]
fn providers_and_currencies_have_rows_of_their_own_in_their_order() {
    let dollars = ReportedTotal {
        currency: Currency::parse("USD").unwrap(),
        ..total("alma", LineKind::Funding, 1, "1.00", "0.00")
    };
    let totals = [
        total("oney", LineKind::Funding, 1, "1.00", "0.00"),
        dollars,
        total("alma", LineKind::Funding, 1, "1.00", "0.00"),
    ];
    let rows = balance(&totals, Vec::new(), &[], &rules());
    let keys: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.provider, row.currency))
        .collect();
    assert_eq!(keys, ["alma EUR", "alma USD", "oney EUR"]);
}
