//! F against A: what was funded, and what should have been.

use rust_decimal::Decimal;

use super::{
    Case, assert_balanced, assert_too_early, cancellation, cancelled_order, euros, funding, nov,
    order,
};
use crate::domain::order::{Order, OrderStatus::Funded};
use crate::domain::outcome::OrderState;
use crate::domain::rules::Tolerance;
use crate::domain::settlement::LinePart;

#[test]
fn an_order_that_is_funded_in_full_is_balanced() {
    let case = Case::of(&[order("200.00", Funded)], &[funding("200.00", nov(4), 1)]);
    assert_balanced(&case, nov(4));
    assert_balanced(&case, nov(400));
}

#[test]
fn what_is_expected_is_the_confirmed_amount_where_there_is_one() {
    let confirmed = Order {
        confirmed_amount: Some(euros("150.00")),
        ..order("200.00", Funded)
    };
    let case = |gross| Case::of(&[confirmed], &[funding(gross, nov(4), 1)]);
    assert_balanced(&case("150.00"), nov(30));
    assert_eq!(
        case("200.00").findings(nov(30)),
        ["AMOUNT_MISMATCH 150.00 200.00 11-04"]
    );
}

#[test]
fn a_funding_is_missed_on_the_day_it_falls_due_and_not_before() {
    // Ordered on 1 November, five days: due on the 6th.
    let case = Case::of(&[order("200.00", Funded)], &[]);
    assert_too_early(&case, nov(5));
    assert_eq!(case.on(nov(5)).check_on, Some(nov(6)));
    assert_eq!(
        case.findings(nov(6)),
        ["FUNDING_NOT_REPORTED 200.00 0.00 11-06"]
    );
    assert_eq!(case.state(nov(6)), Some(OrderState::Open));
}

#[test]
fn the_delay_counts_from_the_confirmation_where_there_is_one() {
    let confirmed = Order {
        confirmed_on: Some(nov(10)),
        ..order("200.00", Funded)
    };
    let case = Case::of(&[confirmed], &[]);
    assert_too_early(&case, nov(14));
    assert_eq!(
        case.findings(nov(15)),
        ["FUNDING_NOT_REPORTED 200.00 0.00 11-15"]
    );
}

#[test]
fn a_missing_funding_expects_less_what_was_cancelled_and_not_yet_taken_back() {
    // A − max(Xa − C, 0) = 200 − 50.
    let cancelled = cancelled_order("200.00", "50.00", nov(2));
    assert_eq!(
        Case::of(&[cancelled], &[]).findings(nov(30)),
        ["FUNDING_NOT_REPORTED 150.00 0.00 11-06"]
    );
    // A cancellation of 20 is reported: 200 − (50 − 20).
    let case = Case::of(&[cancelled], &[cancellation("-20.00", nov(4), 1)]);
    assert_eq!(
        case.findings(nov(30)),
        ["FUNDING_NOT_REPORTED 170.00 0.00 11-06"]
    );
}

#[test]
fn nobody_waits_for_the_funding_of_a_provider_that_reports_no_money() {
    let elsewhere = Order {
        provider: "e-financing",
        ..order("200.00", Funded)
    };
    assert_balanced(&Case::of(&[elsewhere], &[]), nov(30));
}

#[test]
fn too_little_is_said_when_the_funding_is_due_too_much_at_once() {
    let funded = |gross| Case::of(&[order("200.00", Funded)], &[funding(gross, nov(3), 1)]);
    assert_too_early(&funded("180.00"), nov(5));
    assert_eq!(
        funded("180.00").findings(nov(6)),
        ["AMOUNT_MISMATCH 200.00 180.00 11-03"]
    );
    assert_eq!(
        funded("220.00").findings(nov(3)),
        ["AMOUNT_MISMATCH 200.00 220.00 11-03"]
    );
}

#[test]
fn the_day_of_a_wrong_amount_is_the_latest_report_of_its_fundings() {
    let lines = [funding("100.00", nov(9), 1), funding("80.00", nov(4), 2)];
    let case = Case::of(&[order("200.00", Funded)], &lines);
    assert_eq!(
        case.findings(nov(30)),
        ["AMOUNT_MISMATCH 200.00 180.00 11-09"]
    );
}

#[test]
fn two_rows_that_each_fund_the_whole_order_are_a_duplicate_funding() {
    let twice = [funding("200.00", nov(4), 1), funding("200.00", nov(7), 2)];
    assert_eq!(
        Case::of(&[order("200.00", Funded)], &twice).findings(nov(30)),
        ["DUPLICATE_FUNDING 200.00 400.00 11-07"]
    );
    // Two rows that are too much together, none of which is the order's amount: only too much.
    let apart = [funding("120.00", nov(4), 1), funding("120.00", nov(7), 2)];
    assert_eq!(
        Case::of(&[order("200.00", Funded)], &apart).findings(nov(30)),
        ["AMOUNT_MISMATCH 200.00 240.00 11-07"]
    );
}

#[test]
fn the_two_parts_of_a_version_2_row_fund_the_order_together() {
    let part = |part, gross, row| {
        let (line, slice) = funding(gross, nov(4), row);
        (line, crate::domain::settlement::Slice { part, ..slice })
    };
    let row = |number| {
        [
            part(LinePart::Deposit, "50.00", number),
            part(LinePart::Funding, "150.00", number),
        ]
    };
    let once = Case::of(&[order("200.00", Funded)], &row(1));
    assert_balanced(&once, nov(30));
    // Each of two rows funds 200 with its two parts.
    let twice = Case::of(&[order("200.00", Funded)], &[row(1), row(2)].concat());
    assert_eq!(
        twice.findings(nov(30)),
        ["DUPLICATE_FUNDING 200.00 400.00 11-04"]
    );
}

#[test]
fn a_difference_up_to_the_tolerance_is_none() {
    let funded = |gross| {
        let lines = [funding(gross, nov(4), 1)];
        Case::of(&[order("200.00", Funded)], &lines)
            .with_rules(|rules| rules.amount_tolerance = Tolerance(Decimal::new(5, 2)))
    };
    for inside in ["199.95", "200.05"] {
        assert_balanced(&funded(inside), nov(30));
    }
    assert_eq!(
        funded("199.94").findings(nov(30)),
        ["AMOUNT_MISMATCH 200.00 199.94 11-04"]
    );
    assert_eq!(
        funded("200.06").findings(nov(30)),
        ["AMOUNT_MISMATCH 200.00 200.06 11-04"]
    );
}

#[test]
fn a_report_of_a_later_day_is_not_seen_yet() {
    let case = Case::of(&[order("200.00", Funded)], &[funding("200.00", nov(9), 1)]);
    assert_eq!(
        case.findings(nov(8)),
        ["FUNDING_NOT_REPORTED 200.00 0.00 11-06"]
    );
    assert_balanced(&case, nov(9));
}
