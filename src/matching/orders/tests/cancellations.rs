//! C against X: what was taken back, and what the shop cancelled.

use super::{
    Case, assert_balanced, cancel_event, cancellation, cancelled_order, euros, funding, nov, order,
};
use crate::domain::detail::Detail;
use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
use crate::domain::outcome::OrderState;

#[test]
fn a_partial_cancellation_before_the_funding_may_just_lower_it() {
    let cancelled = cancelled_order("200.00", "50.00", nov(2));
    let case = Case::of(&[cancelled], &[funding("150.00", nov(4), 1)]);
    assert_balanced(&case, nov(30));
}

#[test]
fn a_cancellation_that_is_not_due_may_be_reported_or_not() {
    // Cancelled on the 10th, five days: due on the 15th.
    let cancelled = cancelled_order("200.00", "50.00", nov(10));
    let silent = Case::of(&[cancelled], &[funding("200.00", nov(4), 1)]);
    assert_balanced(&silent, nov(14));
    assert_eq!(silent.on(nov(14)).check_on, Some(nov(15)));
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-50.00", nov(12), 2),
    ];
    let reported = Case::of(&[cancelled], &lines);
    assert_balanced(&reported, nov(14));
    assert_balanced(&reported, nov(15));
    assert_eq!(
        silent.findings(nov(15)),
        ["CANCELLATION_NOT_REPORTED -50.00 0.00 11-15"]
    );
}

#[test]
fn only_the_cancellations_that_are_due_are_missed_since_the_first_of_them() {
    // Xa = 50 on the 16th, Xd = 30: the second cancellation falls due on the 25th.
    let events = [
        cancel_event(2, "30.00", nov(10)),
        cancel_event(3, "20.00", nov(20)),
    ];
    let funded = order("200.00", OrderStatus::Funded);
    let none = Case::of(&[funded], &[funding("200.00", nov(4), 1)]).with_events(&events);
    assert_eq!(
        none.findings(nov(16)),
        ["CANCELLATION_NOT_REPORTED -30.00 0.00 11-15"]
    );
    assert_eq!(
        none.findings(nov(25)),
        ["CANCELLATION_NOT_REPORTED -50.00 0.00 11-15"]
    );
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-10.00", nov(12), 2),
    ];
    let some = Case::of(&[funded], &lines).with_events(&events);
    assert_eq!(
        some.findings(nov(16)),
        ["CANCELLATION_AMOUNT_MISMATCH -30.00 -10.00 11-12"]
    );
}

#[test]
fn a_cancellation_of_a_later_day_is_not_seen_yet() {
    let cancelled = cancelled_order("200.00", "50.00", nov(10));
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-50.00", nov(8), 2),
    ];
    let case = Case::of(&[cancelled], &lines);
    // The provider was told before the shop's own row says so.
    assert_eq!(
        case.findings(nov(9)),
        ["CANCELLATION_UNEXPECTED 0.00 -50.00 11-08"]
    );
    assert_balanced(&case, nov(10));
}

#[test]
fn what_the_shop_did_not_cancel_is_unexpected_other_amounts_are_a_mismatch() {
    let taken_back = |order: Order<'static>| {
        let lines = [
            funding("200.00", nov(4), 1),
            cancellation("-40.00", nov(8), 2),
        ];
        Case::of(&[order], &lines).findings(nov(30))
    };
    assert_eq!(
        taken_back(order("200.00", OrderStatus::Funded)),
        ["CANCELLATION_UNEXPECTED 0.00 -40.00 11-08"]
    );
    assert_eq!(
        taken_back(cancelled_order("200.00", "30.00", nov(2))),
        ["CANCELLATION_AMOUNT_MISMATCH -30.00 -40.00 11-08"]
    );
    assert_eq!(
        taken_back(cancelled_order("200.00", "60.00", nov(2))),
        ["CANCELLATION_AMOUNT_MISMATCH -60.00 -40.00 11-08"]
    );
}

#[test]
fn more_taken_back_than_ordered_is_over_cancelled() {
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-250.00", nov(8), 2),
    ];
    let case = Case::of(&[cancelled_order("200.00", "30.00", nov(2))], &lines);
    let said = case.on(nov(30));
    assert_eq!(
        case.findings(nov(30)),
        ["OVER_CANCELLED -30.00 -250.00 11-08"]
    );
    // The explanation names what was ordered.
    assert_eq!(
        said.discrepancies[0].detail,
        Detail::OrderAmount(euros("200.00"))
    );
}

#[test]
fn a_wrong_funding_and_a_wrong_cancellation_are_two_findings() {
    let lines = [
        funding("180.00", nov(4), 1),
        cancellation("-40.00", nov(8), 2),
    ];
    let case = Case::of(&[order("200.00", OrderStatus::Funded)], &lines);
    // Together (180 − 40) − (200 − 0) = −60, which is −20 and −40.
    assert_eq!(
        case.findings(nov(30)),
        [
            "AMOUNT_MISMATCH 200.00 180.00 11-04",
            "CANCELLATION_UNEXPECTED 0.00 -40.00 11-08"
        ]
    );
    assert_eq!(case.state(nov(30)), Some(OrderState::Open));
}

#[test]
fn the_status_cancelled_without_an_amount_means_all_of_it() {
    let cancelled = Order {
        cancelled_on: Some(nov(10)),
        ..order("200.00", OrderStatus::Cancelled)
    };
    let case = Case::of(&[cancelled], &[funding("200.00", nov(4), 1)]);
    assert_eq!(
        case.findings(nov(15)),
        ["CANCELLATION_NOT_REPORTED -200.00 0.00 11-15"]
    );
    // Without a day of its own it was cancelled when it was ordered: due on the 6th.
    let undated = Order {
        cancelled_on: None,
        ..cancelled
    };
    let case = Case::of(&[undated], &[funding("200.00", nov(4), 1)]);
    assert_eq!(
        case.findings(nov(15)),
        ["CANCELLATION_NOT_REPORTED -200.00 0.00 11-06"]
    );
    // Never funded and wholly cancelled: nothing is expected.
    assert_balanced(&Case::of(&[undated], &[]), nov(30));
}

#[test]
fn events_take_the_place_of_what_the_row_says_of_cancellations() {
    let cancelled = cancelled_order("200.00", "70.00", nov(2));
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-50.00", nov(8), 2),
    ];
    let refund = OrderEvent {
        kind: OrderEventKind::Refund,
        ..cancel_event(3, "20.00", nov(3))
    };
    let case =
        Case::of(&[cancelled], &lines).with_events(&[cancel_event(2, "30.00", nov(2)), refund]);
    assert_balanced(&case, nov(30));
}

#[test]
fn a_confirmation_alone_leaves_the_row_its_cancellation() {
    let cancelled = cancelled_order("200.00", "50.00", nov(2));
    let confirm = OrderEvent {
        kind: OrderEventKind::Confirm,
        ..cancel_event(2, "200.00", nov(2))
    };
    let case = Case::of(&[cancelled], &[funding("150.00", nov(4), 1)]).with_events(&[confirm]);
    assert_balanced(&case, nov(30));
}

#[test]
fn confirmations_by_event_tell_what_is_expected_and_from_when() {
    let confirm = |line, amount, on| OrderEvent {
        kind: OrderEventKind::Confirm,
        ..cancel_event(line, amount, on)
    };
    let ordered = [order("200.00", OrderStatus::Funded)];
    let in_parts = [confirm(2, "30.00", nov(10)), confirm(3, "50.00", nov(12))];
    let case = Case::of(&ordered, &[]).with_events(&in_parts);
    let ordered_on_the_1st = "FUNDING_NOT_REPORTED 200.00 0.00 11-06";
    assert_eq!(case.findings(nov(9)), [ordered_on_the_1st]);
    assert_eq!(case.on(nov(9)).check_on, Some(nov(10)));
    assert!(case.findings(nov(16)).is_empty());
    assert_eq!(
        case.findings(nov(17)),
        ["FUNDING_NOT_REPORTED 80.00 0.00 11-17"]
    );
    // All of it, or pounds: nothing is expected that was not.
    let all = Case::of(&ordered, &[]).with_events(&[confirm(2, "200.00", nov(10))]);
    assert_eq!(
        all.findings(nov(15)),
        ["FUNDING_NOT_REPORTED 200.00 0.00 11-15"]
    );
    let pounds = OrderEvent {
        currency: crate::domain::Currency::parse("GBP").unwrap(),
        ..confirm(2, "30.00", nov(10))
    };
    let case = Case::of(&ordered, &[]).with_events(&[pounds]);
    assert_eq!(case.findings(nov(15)), [ordered_on_the_1st]);
}

#[test]
fn an_event_with_a_number_counts_once_as_it_was_received_last() {
    let numbered = |line, amount, file| OrderEvent {
        event_id: "E-1",
        file: crate::domain::file::FileId(file),
        ..cancel_event(line, amount, nov(2))
    };
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-30.00", nov(8), 2),
    ];
    let case = Case::of(&[order("200.00", OrderStatus::Funded)], &lines)
        .with_events(&[numbered(2, "30.00", 3), numbered(2, "99.00", 2)]);
    assert_balanced(&case, nov(30));
    // Without numbers equal events are that many cancellations.
    let unnumbered = [
        cancel_event(2, "15.00", nov(2)),
        cancel_event(3, "15.00", nov(2)),
    ];
    assert_balanced(&case.with_events(&unnumbered), nov(30));
}

#[test]
fn a_cancellation_in_another_currency_is_said_and_cancels_nothing() {
    let pounds = crate::domain::Currency::parse("GBP").unwrap();
    let in_pounds = |line, amount, on| OrderEvent {
        currency: pounds,
        ..cancel_event(line, amount, on)
    };
    let funded = order("200.00", OrderStatus::Funded);
    let events = [
        in_pounds(2, "10.00", nov(3)),
        in_pounds(3, "5.00", nov(20)),
        cancel_event(4, "30.00", nov(5)),
    ];
    let lines = [
        funding("200.00", nov(4), 1),
        cancellation("-30.00", nov(6), 2),
    ];
    let case = Case::of(&[funded], &lines).with_events(&events);
    assert_eq!(case.findings(nov(19)), ["CURRENCY_MISMATCH - -10.00 11-03"]);
    assert_eq!(case.state(nov(19)), Some(OrderState::Open));
    assert_eq!(case.on(nov(19)).check_on, Some(nov(20)));
    assert_eq!(case.findings(nov(20)), ["CURRENCY_MISMATCH - -15.00 11-20"]);
    let found = &case.on(nov(20)).discrepancies[0];
    assert_eq!(found.key, ["oney", "WEB-1", "GBP"]);
    assert!(matches!(&found.detail, Detail::OtherCurrency(other)
        if other.is_cancellation && other.expected == euros("170.00")));
    let rows: Vec<u32> = found.sources.iter().map(|source| source.line).collect();
    assert_eq!(rows, [2, 3, 2]);
    // Before the first of them is seen, its day is waited for.
    let later = Case::of(&[funded], &[funding("200.00", nov(4), 1)]).with_events(&[in_pounds(
        2,
        "10.00",
        nov(12),
    )]);
    assert_balanced(&later, nov(11));
    assert_eq!(later.on(nov(11)).check_on, Some(nov(12)));
    // A funding that is missing does not hide behind it, and the row's own amount is heard.
    let unfunded = Case::of(&[cancelled_order("200.00", "50.00", nov(2))], &[])
        .with_events(&[in_pounds(2, "10.00", nov(3))]);
    assert_eq!(
        unfunded.findings(nov(30)),
        [
            "CURRENCY_MISMATCH - -10.00 11-03",
            "FUNDING_NOT_REPORTED 150.00 0.00 11-06"
        ]
    );
}

#[test]
fn lines_and_cancellations_in_one_other_currency_are_one_finding() {
    let dollars = crate::domain::Currency::parse("USD").unwrap();
    let event = OrderEvent {
        currency: dollars,
        ..cancel_event(2, "10.00", nov(3))
    };
    let (line, slice) = funding("200.00", nov(4), 1);
    let slice = crate::domain::settlement::Slice {
        currency: dollars,
        ..slice
    };
    let case =
        Case::of(&[order("200.00", OrderStatus::Funded)], &[(line, slice)]).with_events(&[event]);
    assert_eq!(case.findings(nov(30)), ["CURRENCY_MISMATCH - 200.00 11-04"]);
}
