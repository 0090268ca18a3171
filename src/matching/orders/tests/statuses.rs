//! Orders that must not be paid, and those that wait for their confirmation.

use super::{Case, assert_balanced, cancellation, funding, nov, order};
use crate::domain::order::OrderStatus;
use crate::domain::outcome::OrderState;

const UNPAID: [OrderStatus; 4] = [
    OrderStatus::Pending,
    OrderStatus::Favorable,
    OrderStatus::Refused,
    OrderStatus::Aborted,
];

#[test]
fn money_for_an_order_that_is_not_financed_is_a_status_mismatch() {
    for status in UNPAID {
        let lines = [
            funding("200.00", nov(4), 1),
            cancellation("-50.00", nov(8), 2),
        ];
        let case = Case::of(&[order("200.00", status)], &lines);
        // F − C = 200 − 50, certain at once.
        assert_eq!(
            case.findings(nov(8)),
            ["STATUS_MISMATCH 0.00 150.00 11-08"],
            "{status:?}"
        );
        assert_eq!(case.state(nov(8)), Some(OrderState::Open));
    }
}

#[test]
fn money_that_was_paid_and_taken_back_is_no_status_mismatch() {
    for status in UNPAID {
        assert_balanced(&Case::of(&[order("200.00", status)], &[]), nov(400));
        let lines = [
            funding("200.00", nov(4), 1),
            cancellation("-200.00", nov(8), 2),
        ];
        assert_balanced(&Case::of(&[order("200.00", status)], &lines), nov(400));
    }
}

#[test]
fn an_order_that_nobody_confirms_is_at_risk_before_its_deadline() {
    // Ordered on 1 November, 28 days: deadline on the 29th, said from five days before.
    let case = Case::of(&[order("200.00", OrderStatus::Favorable)], &[]).with_rules(|rules| {
        rules
            .providers
            .get_mut("oney")
            .unwrap()
            .confirm_deadline_days = Some(28);
    });
    assert_balanced(&case, nov(23));
    assert_eq!(case.on(nov(23)).check_on, Some(nov(24)));
    assert_eq!(
        case.findings(nov(24)),
        ["DEADLINE_AT_RISK 200.00 0.00 11-29"]
    );
    // It has a finding, so its row is there as long as that is.
    assert_eq!(case.state(nov(24)), Some(OrderState::Open));
    // Five days before its day, the age is −5.
    assert_eq!(case.on(nov(24)).discrepancies[0].age_days(nov(24)), -5);
}

#[test]
fn a_deadline_is_said_whatever_currency_was_reported() {
    let (line, slice) = super::funding("200.00", nov(4), 1);
    let dollars = crate::domain::settlement::Slice {
        currency: crate::domain::Currency::parse("USD").unwrap(),
        ..slice
    };
    let accepted = order("200.00", OrderStatus::Favorable);
    let case = Case::of(&[accepted], &[(line, dollars)]).with_rules(|rules| {
        rules
            .providers
            .get_mut("oney")
            .unwrap()
            .confirm_deadline_days = Some(28);
    });
    assert_eq!(case.findings(nov(23)), ["CURRENCY_MISMATCH - 200.00 11-04"]);
    assert_eq!(case.on(nov(23)).check_on, Some(nov(24)));
    assert_eq!(
        case.findings(nov(24)),
        [
            "DEADLINE_AT_RISK 200.00 0.00 11-29",
            "CURRENCY_MISMATCH - 200.00 11-04"
        ]
    );
}

#[test]
fn no_deadline_is_guessed_and_only_an_accepted_order_has_one() {
    let favorable = Case::of(&[order("200.00", OrderStatus::Favorable)], &[]);
    assert_balanced(&favorable, nov(400));
    for status in [OrderStatus::Pending, OrderStatus::Refused] {
        let case = Case::of(&[order("200.00", status)], &[]).with_rules(|rules| {
            rules
                .providers
                .get_mut("oney")
                .unwrap()
                .confirm_deadline_days = Some(28);
        });
        assert_balanced(&case, nov(400));
    }
}
