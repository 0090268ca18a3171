//! Where the provider says an order stands, against what the shop says. The delay is one day.

use super::{Case, assert_balanced, cancel_event, cancelled_order, euros, funding, nov, order};
use crate::domain::detail::Detail;
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderEvent, OrderStatus};
use crate::domain::outcome::OrderState;
use crate::domain::provider_event::ProviderEvent;
use crate::matching::tests::events::{answered, booked, not_known, not_verified, of};

const NOTHING: [String; 0] = [];

/// WEB-1 at PAYONE, of which no report of money is read, ordered on 1 November over 200.00.
fn at_payone(status: OrderStatus) -> Order<'static> {
    Order {
        provider: "payone",
        ..order("200.00", status)
    }
}

fn case(order: Order<'static>, events: &[ProviderEvent<'static>]) -> Case {
    Case::of(&[order], &[]).with_provider_events(events)
}

/// The shop does not have WEB-1 of PAYONE.
fn unknown_to_the_shop(events: &[ProviderEvent<'static>]) -> Case {
    Case {
        provider: "payone",
        ..Case::of(&[], &[]).with_provider_events(events)
    }
}

fn captured() -> [ProviderEvent<'static>; 2] {
    [
        booked(1, "11-02 10:00", "0 appointed 0.00 0.00"),
        booked(2, "11-05 10:00", "1 capture 200.00 200.00"),
    ]
}

#[test]
fn another_status_is_said_once_both_are_a_day_old() {
    let case = case(at_payone(OrderStatus::Pending), &captured());
    // FAVORABLE since the 2nd.
    assert_balanced(&case, nov(2));
    assert_eq!(case.on(nov(2)).check_on, Some(nov(3)));
    let mismatch = "PROVIDER_STATUS_MISMATCH - - 11-02";
    assert_eq!(case.findings(nov(3)), [mismatch]);
    assert_eq!(case.state(nov(3)), Some(OrderState::Open));
    // FUNDED is news on the 5th, and a day old on the 6th.
    assert_eq!(case.findings(nov(5)), NOTHING);
    assert_eq!(
        case.findings(nov(6)),
        ["PROVIDER_STATUS_MISMATCH - - 11-05"]
    );
    let found = &case.on(nov(6)).discrepancies[0];
    assert_eq!(found.key, ["payone", "WEB-1"]);
    assert_eq!(found.transaction_id, "TX-1");
    let sources: Vec<String> = found
        .sources
        .iter()
        .map(|source| format!("{}:{}", source.file, source.line))
        .collect();
    assert_eq!(sources, ["orders.csv:2", "status.log:2"]);
    let Detail::ProviderStatus(status) = &found.detail else {
        panic!("{:?}", found.detail);
    };
    assert_eq!(status.ours, OrderStatus::Pending);
    assert_eq!(status.theirs, Some(OrderStatus::Funded));
}

#[test]
fn an_order_that_changes_after_the_day_is_not_compared() {
    let cancelled = Order {
        cancelled_on: Some(nov(9)),
        ..at_payone(OrderStatus::Cancelled)
    };
    let case = case(cancelled, &captured());
    assert_eq!(case.findings(nov(8)), NOTHING);
    assert_eq!(case.findings(nov(9)), NOTHING);
    assert_eq!(
        case.findings(nov(10)),
        ["PROVIDER_STATUS_MISMATCH - - 11-05"]
    );
}

#[test]
fn the_same_status_is_no_finding() {
    assert_balanced(&case(at_payone(OrderStatus::Funded), &captured()), nov(30));
    assert_balanced(
        &case(at_payone(OrderStatus::Favorable), &captured()[..1]),
        nov(20),
    );
}

#[test]
fn an_order_that_the_shop_has_just_changed_is_given_its_day() {
    let confirmed = Order {
        confirmed_on: Some(nov(10)),
        ..at_payone(OrderStatus::Funded)
    };
    let case_confirmed = case(confirmed, &captured()[..1]);
    assert_eq!(case_confirmed.findings(nov(9)), NOTHING);
    assert_eq!(case_confirmed.on(nov(9)).check_on, Some(nov(11)));
    assert_eq!(case_confirmed.findings(nov(10)), NOTHING);
    assert_eq!(
        case_confirmed.findings(nov(11)),
        ["PROVIDER_STATUS_MISMATCH - - 11-02"]
    );
    // A cancellation by event is a date like any other.
    let by_event =
        case(at_payone(OrderStatus::Cancelled), &captured()).with_events(&[OrderEvent {
            provider: "payone",
            ..cancel_event(2, "200.00", nov(12))
        }]);
    assert_eq!(by_event.findings(nov(12)), NOTHING);
    assert_eq!(
        by_event.findings(nov(13)),
        ["PROVIDER_STATUS_MISMATCH - - 11-05"]
    );
}

#[test]
fn the_delay_is_the_configured_one() {
    let slow = |days: u32| {
        case(at_payone(OrderStatus::Funded), &captured()[..1])
            .with_rules(|rules| rules.default_provider.status_delay_days = days)
    };
    assert_eq!(slow(0).findings(nov(2)).len(), 1);
    assert_eq!(slow(4).findings(nov(5)), NOTHING);
    assert_eq!(slow(4).findings(nov(6)).len(), 1);
}

#[test]
fn a_status_word_that_is_not_known_is_no_mismatch() {
    let event = answered(1, "11-02 10:00", "SURPRISE", "1.00");
    assert_balanced(&case(at_payone(OrderStatus::Funded), &[event]), nov(30));
}

#[test]
fn a_partial_cancellation_leaves_the_status_and_lowers_the_amount() {
    let order = Order {
        provider: "payone",
        ..cancelled_order("200.00", "50.00", nov(10))
    };
    let mut events = captured().to_vec();
    let before = case(order, &events);
    // Xd is 0 until the 15th: the provider may or may not have it yet.
    assert_eq!(before.findings(nov(14)), NOTHING);
    assert_eq!(before.on(nov(14)).check_on, Some(nov(15)));
    assert_eq!(
        before.findings(nov(15)),
        ["PROVIDER_AMOUNT_MISMATCH 150.00 200.00 11-05"]
    );
    assert_eq!(before.state(nov(15)), Some(OrderState::Open));
    events.push(booked(3, "11-12 10:00", "2 debit 150.00 0.00"));
    assert_balanced(&case(order, &events), nov(30));
    // One that the shop knows nothing of; its event is a day old on the 13th.
    let unexpected = case(at_payone(OrderStatus::Funded), &events);
    assert_eq!(unexpected.findings(nov(12)), NOTHING);
    assert_eq!(
        unexpected.findings(nov(13)),
        ["PROVIDER_AMOUNT_MISMATCH 200.00 150.00 11-12"]
    );
}

#[test]
fn amounts_are_compared_within_the_tolerance_and_in_one_currency_only() {
    let off_by_a_cent = booked(2, "11-05 10:00", "1 capture 200.01 200.01");
    let exact = case(
        at_payone(OrderStatus::Funded),
        &[captured()[0], off_by_a_cent],
    );
    assert_eq!(
        exact.findings(nov(6)),
        ["PROVIDER_AMOUNT_MISMATCH 200.00 200.01 11-05"]
    );
    let lenient = exact.clone().with_rules(|rules| {
        rules.amount_tolerance = crate::domain::rules::Tolerance(rust_decimal::Decimal::new(1, 2));
    });
    assert_balanced(&lenient, nov(6));
    let mut foreign = exact;
    for event in &mut foreign.provider_events {
        event.currency = crate::domain::Currency::parse("PLN").unwrap();
    }
    assert_balanced(&foreign, nov(6));
}

#[test]
fn amounts_are_compared_where_both_say_funded_only() {
    let favorable = answered(1, "11-02 10:00", "FAVORABLE", "1.00");
    assert_balanced(
        &case(at_payone(OrderStatus::Favorable), &[favorable]),
        nov(20),
    );
    let silent = answered(1, "11-02 10:00", "FUNDED", "");
    assert_balanced(&case(at_payone(OrderStatus::Funded), &[silent]), nov(20));
}

#[test]
fn an_accepted_transaction_without_an_order_is_an_order_not_found() {
    let events = captured();
    let case = unknown_to_the_shop(&events);
    assert_eq!(case.on(nov(1)).check_on, Some(nov(2)));
    assert_eq!(case.findings(nov(2)), ["ORDER_NOT_FOUND 0.00 0.00 11-02"]);
    assert_eq!(case.findings(nov(5)), ["ORDER_NOT_FOUND 0.00 200.00 11-05"]);
    assert_eq!(case.state(nov(5)), Some(OrderState::Open));
    let found = &case.on(nov(5)).discrepancies[0];
    // The nearest order is looked for by amount and by the day it was first heard of.
    let Detail::UnknownOrder(order) = &found.detail else {
        panic!("{:?}", found.detail);
    };
    assert_eq!(order.amount, Some(euros("200.00")));
    assert_eq!(order.bought_on, Some(nov(2)));
}

#[test]
fn abandoned_checkouts_and_cancelled_files_without_an_order_are_silent() {
    for word in ["PENDING", "REFUSED", "ABORTED", "CANCELLED", "SURPRISE"] {
        let case = unknown_to_the_shop(&[answered(1, "11-02 10:00", word, "200.00")]);
        assert_eq!(case.findings(nov(30)), NOTHING, "{word}");
        assert_eq!(case.state(nov(30)), None);
    }
    assert_eq!(
        unknown_to_the_shop(&[not_known(1, "11-02 10:00")]).findings(nov(30)),
        NOTHING
    );
}

#[test]
fn an_order_that_lines_and_events_tell_of_is_not_found_once() {
    let lines = [funding("180.00", nov(8), 1)];
    let case = Case::of(&[], &lines).with_provider_events(&captured());
    // Before the line is reported, by the event; then with the amounts of the line.
    assert_eq!(case.findings(nov(7)), ["ORDER_NOT_FOUND 0.00 200.00 11-05"]);
    assert_eq!(case.findings(nov(8)), ["ORDER_NOT_FOUND 0.00 180.00 11-08"]);
    assert_eq!(
        case.on(nov(7)).discrepancies[0].id(),
        case.on(nov(8)).discrepancies[0].id()
    );
}

#[test]
fn what_the_provider_does_not_know_is_a_finding_where_the_shop_relies_on_it() {
    use OrderStatus::{Aborted, Cancelled, Favorable, Funded, Pending, Refused};
    let event = not_known(1, "11-02 10:00");
    for status in [Favorable, Funded, Cancelled] {
        let case = case(at_payone(status), &[event]);
        assert_eq!(case.findings(nov(2)), NOTHING, "{status:?}");
        assert_eq!(
            case.findings(nov(3)),
            ["PROVIDER_STATUS_MISMATCH - - 11-02"],
            "{status:?}"
        );
    }
    for status in [Pending, Refused, Aborted] {
        assert_balanced(&case(at_payone(status), &[event]), nov(20));
    }
    let later = answered(2, "11-04 10:00", "FUNDED", "200.00");
    assert_eq!(
        case(at_payone(Funded), &[event, later]).findings(nov(4)),
        NOTHING
    );
}

#[test]
fn an_amount_that_oney_tells_may_have_fallen_with_a_cancellation_or_not() {
    let cancelled = cancelled_order("200.00", "50.00", nov(2));
    let told = |amount| {
        let answer = of("", answered(1, "11-20 10:00", "FUNDED", amount));
        let lines = [funding("150.00", nov(4), 1)];
        Case::of(&[cancelled], &lines)
            .with_provider_events(&[answer])
            .findings(nov(30))
    };
    assert_eq!(told("200.00"), NOTHING);
    assert_eq!(told("150.00"), NOTHING);
    for amount in ["149.99", "200.01"] {
        let expected = format!("PROVIDER_AMOUNT_MISMATCH 150.00 {amount} 11-20");
        assert_eq!(told(amount), [expected]);
    }
}

#[test]
fn a_failed_question_is_shown_with_what_was_found_and_is_no_finding() {
    // Ordered on 1 November, due five days later; asked on the 7th and, with an answer, on the 9th.
    let failed = not_verified(1, "11-07 10:00");
    let unpaid = |events: &[ProviderEvent<'static>]| {
        Case::of(&[order("200.00", OrderStatus::Funded)], &[]).with_provider_events(events)
    };
    let told = unpaid(&[failed, answered(2, "11-09 10:00", "FUNDED", "200.00")]);
    let answer = |day| told.on(nov(day)).discrepancies[0].answer.clone();
    assert_eq!(answer(6), None);
    assert_eq!(told.on(nov(6)).check_on, Some(nov(7)));
    let on_the_day = answer(7).unwrap();
    assert_eq!(
        (on_the_day.day, on_the_day.http_status, &*on_the_day.words),
        (nov(7), Some(500), "ERR_07")
    );
    assert!(!on_the_day.is_not_known);
    let sources = &told.on(nov(8)).discrepancies[0].sources;
    assert!(
        sources
            .iter()
            .any(|it| it.file == "status.log" && it.line == 1)
    );
    assert_eq!(answer(9), None);
    let without = unpaid(&[]);
    assert_eq!(told.findings(nov(8)), without.findings(nov(8)));
    assert_balanced(&case(at_payone(OrderStatus::Funded), &[failed]), nov(30));
    let nobodys = unknown_to_the_shop(&[failed]);
    assert_eq!(nobodys.findings(nov(30)), NOTHING);
    assert_eq!(nobodys.state(nov(30)), None);
    let unknown = unpaid(&[not_known(1, "11-07 10:00")]).on(nov(8));
    let answers = unknown.discrepancies.iter().map(|it| &it.answer);
    let are_not_known = answers.map(|it| it.as_ref().is_some_and(|it| it.is_not_known));
    assert_eq!(are_not_known.collect::<Vec<_>>(), [true, true]);
}

#[test]
fn attempts_beside_an_accepted_one_are_abandoned_checkouts() {
    let funded = answered(1, "11-03 10:00", "FUNDED", "200.00");
    for word in ["PENDING", "REFUSED", "ABORTED"] {
        let given_up = of("TX-2", answered(2, "11-04 10:00", word, "200.00"));
        assert_balanced(
            &case(at_payone(OrderStatus::Funded), &[given_up, funded]),
            nov(30),
        );
        // Alone, it is what the order is compared with.
        assert_eq!(
            case(at_payone(OrderStatus::Funded), &[given_up]).findings(nov(30)),
            ["PROVIDER_STATUS_MISMATCH - - 11-04"],
            "{word}"
        );
    }
}

#[test]
fn the_transaction_that_the_order_names_is_the_one_compared() {
    let events = [
        answered(1, "11-03 10:00", "FUNDED", "200.00"),
        of("TX-2", answered(2, "11-05 10:00", "CANCELLED", "0.00")),
    ];
    let naming = |transaction_id| {
        let order = Order {
            transaction_id,
            ..at_payone(OrderStatus::Funded)
        };
        case(order, &events).findings(nov(30))
    };
    assert_eq!(naming("TX-1"), NOTHING);
    assert_eq!(naming("TX-2"), ["PROVIDER_STATUS_MISMATCH - - 11-05"]);
    // One that no event tells of: all are compared.
    assert_eq!(naming("TX-9"), ["PROVIDER_STATUS_MISMATCH - - 11-05"]);
    assert_eq!(naming(""), ["PROVIDER_STATUS_MISMATCH - - 11-05"]);
}

#[test]
fn of_several_transactions_the_one_heard_of_last_is_named() {
    let events = [
        of("TX-3", answered(1, "11-05 10:00", "CANCELLED", "")),
        of("TX-1", answered(2, "11-04 10:00", "CANCELLED", "")),
        of("TX-2", answered(3, "11-05 10:00", "FAVORABLE", "")),
    ];
    let said = case(at_payone(OrderStatus::Funded), &events).on(nov(30));
    assert_eq!(said.discrepancies.len(), 1);
    assert_eq!(said.discrepancies[0].transaction_id, "TX-2");
}

#[test]
fn a_missing_notification_is_said_for_its_transaction() {
    let events = [
        captured()[0],
        booked(2, "11-05 10:00", "2 capture 200.00 200.00"),
    ];
    let funded = case(at_payone(OrderStatus::Funded), &events);
    assert_eq!(funded.findings(nov(5)), NOTHING);
    assert_eq!(funded.on(nov(5)).check_on, Some(nov(6)));
    assert_eq!(funded.findings(nov(6)), ["EVENT_MISSING - - 11-05"]);
    let found = &funded.on(nov(6)).discrepancies[0];
    assert_eq!(found.key, ["payone", "TX-1", "1"]);
    assert_eq!(found.order_reference, "WEB-1");
    // It is a matter of the log: the order itself is as it should be.
    assert_eq!(funded.state(nov(6)), Some(OrderState::Balanced));
    // An order that the shop does not have may miss one, too.
    let codes: Vec<&str> = unknown_to_the_shop(&events)
        .on(nov(6))
        .discrepancies
        .iter()
        .map(|found| found.code.word())
        .collect();
    assert_eq!(codes, ["EVENT_MISSING", "ORDER_NOT_FOUND"]);
}

#[test]
fn events_without_a_reference_are_not_lost() {
    let case = Case {
        order_reference: "",
        ..unknown_to_the_shop(&captured())
    };
    assert_eq!(case.findings(nov(5)), ["ORDER_NOT_FOUND 0.00 200.00 11-05"]);
    assert_eq!(case.on(nov(1)).check_on, Some(nov(2)));
}

#[test]
fn both_legs_say_what_they_know_of_an_order() {
    // Oney: refused in the shop, paid by the report, funded by its own answer.
    let lines = [funding("200.00", nov(4), 1)];
    let case = Case::of(&[order("200.00", OrderStatus::Refused)], &lines)
        .with_provider_events(&[answered(1, "11-05 10:00", "FUNDED", "200.00")]);
    assert_eq!(
        case.findings(nov(6)),
        [
            "STATUS_MISMATCH 0.00 200.00 11-04",
            "PROVIDER_STATUS_MISMATCH - - 11-05"
        ]
    );
}

#[test]
fn a_guarantee_of_payone_is_at_risk_before_its_28_days_end() {
    // Ordered on 1 November: deadline on the 29th, said from the 24th, without any setting.
    let favorable = case(at_payone(OrderStatus::Favorable), &captured()[..1]);
    assert_balanced(&favorable, nov(23));
    assert_eq!(favorable.on(nov(23)).check_on, Some(nov(24)));
    assert_eq!(
        favorable.findings(nov(24)),
        ["DEADLINE_AT_RISK 200.00 0.00 11-29"]
    );
}

#[test]
fn a_notification_in_two_files_counts_once() {
    let mut again = captured()[1];
    again.file = FileId(21);
    let events = [captured()[0], captured()[1], again];
    let pending = case(at_payone(OrderStatus::Pending), &events);
    assert_eq!(
        pending.on(nov(6)),
        case(at_payone(OrderStatus::Pending), &captured()).on(nov(6))
    );
}
