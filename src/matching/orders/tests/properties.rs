//! What holds of legs 1 and 2 whatever the shop and the provider say.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::strategies::{
    a_case, a_case_near_its_balance, a_case_of_which_all_is_due, a_version, as_of,
};
use super::{Case, line};
use crate::domain::Amount;
use crate::domain::calendar::plus_days;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
use crate::domain::outcome::OrderState;
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::LineKind;

/// The events that count, worked out in another way than the code does: by number, the last in
/// file order.
fn counting_events(case: &Case) -> Vec<OrderEvent<'_>> {
    let mut events = case.events.clone();
    events.sort_by_key(|event| (event.file, event.line));
    let is_last = |at: usize, event: &OrderEvent<'_>| {
        event.event_id.is_empty()
            || events[at + 1..]
                .iter()
                .all(|later| later.event_id != event.event_id)
    };
    let counting = events.iter().enumerate();
    counting
        .filter(|(at, event)| is_last(*at, event))
        .map(|(_, event)| *event)
        .collect()
}

/// A: what the events confirm, where it is less than ordered; else what the row says.
fn expected_by_the_shop(case: &Case) -> Amount {
    let events = counting_events(case);
    let confirmed = events
        .iter()
        .filter(|event| event.kind == OrderEventKind::Confirm)
        .map(|event| event.amount);
    let order = case.versions[0];
    match confirmed.reduce(|one, other| one + other) {
        Some(sum) if sum < order.amount => sum,
        _ => order.expected_amount(),
    }
}

/// X: what the events give back; without any, what the row says.
fn cancelled_by_the_shop(case: &Case) -> Amount {
    let events = counting_events(case);
    let given_back: Vec<Amount> = events
        .iter()
        .filter(|event| event.kind != OrderEventKind::Confirm)
        .map(|event| event.amount)
        .collect();
    let order = case.versions[0];
    if !given_back.is_empty() {
        return given_back.into_iter().sum();
    }
    match (order.cancelled_amount, order.status) {
        (Some(amount), _) => amount,
        (None, OrderStatus::Cancelled) => expected_by_the_shop(case),
        (None, _) => Amount::ZERO,
    }
}

/// F − C, identical lines counted once.
fn paid_by_the_provider(case: &Case) -> Amount {
    let distinct: BTreeSet<_> = case
        .lines
        .iter()
        .filter(|(_, slice)| matches!(slice.kind, LineKind::Funding | LineKind::Cancellation))
        .map(|(line, slice)| {
            let payout = slice.payout_reference.clone();
            (
                slice.kind,
                slice.part,
                line.transaction_id,
                line.gross,
                payout,
            )
        })
        .collect();
    distinct.into_iter().map(|(_, _, _, gross, _)| gross).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_events_lines_and_answers_changes_nothing(
        (case, order) in a_case().prop_flat_map(|case| {
            (Just(case), Just([0, 1, 2, 3]).prop_shuffle())
        })
    ) {
        let mut shuffled = case.clone();
        let place = |at: usize| order.iter().position(|to| *to == at);
        let rows = case.versions.clone();
        shuffled.versions.sort_by_key(|row| place(rows.iter().position(|r| r == row).unwrap()));
        let events = case.events.clone();
        shuffled.events.sort_by_key(|row| place(events.iter().position(|r| r == row).unwrap()));
        let lines = case.lines.clone();
        shuffled.lines.sort_by_key(|row| place(lines.iter().position(|r| r == row).unwrap()));
        let said = case.provider_events.clone();
        let at = |row: &ProviderEvent<'_>| said.iter().position(|r| r == row).unwrap();
        shuffled.provider_events.sort_by_key(|row| place(at(row)));
        prop_assert_eq!(shuffled.on(as_of()), case.on(as_of()));
    }

    #[test]
    fn when_all_is_due_the_differences_of_an_order_add_up_to_the_whole_one(
        case in a_case_of_which_all_is_due()
    ) {
        let expected = paid_by_the_provider(&case)
            - (expected_by_the_shop(&case) - cancelled_by_the_shop(&case));
        let said = case.on(as_of());
        let raised: Amount = said
            .discrepancies
            .iter()
            .filter(|found| found.key == ["oney", "WEB-1"])
            .filter_map(Discrepancy::difference)
            .sum();
        prop_assert_eq!(raised, expected);
        let balanced = said.state == Some(OrderState::Balanced);
        prop_assert_eq!(balanced, expected.is_zero());
    }

    #[test]
    fn nothing_changes_before_the_day_on_which_an_order_is_looked_at_again(
        case in prop_oneof![a_case(), a_case_near_its_balance()]
    ) {
        let now = case.on(as_of());
        let quiet_until = now.check_on.unwrap_or(plus_days(as_of(), 400));
        prop_assert!(quiet_until > as_of());
        let mut day = as_of();
        while day < quiet_until {
            let later = case.on(day);
            prop_assert_eq!(later.today(), now.today(), "on {}", day);
            prop_assert_eq!(later.check_on, now.check_on, "on {}", day);
            day = plus_days(day, 1);
        }
        if now.check_on.is_some() {
            let then = case.on(quiet_until);
            prop_assert_ne!(then.today(), now.today());
        }
    }

    #[test]
    fn a_row_that_was_replaced_and_lines_of_no_sum_change_nothing(
        case in a_case(),
        old in a_version(1),
    ) {
        prop_assume!(!case.versions.is_empty());
        let newest = Order { updated_at: None, ..case.versions[0] };
        let alone = Case { versions: vec![newest], ..case.clone() };
        let replaced = Order { file: FileId(-1), ..old };
        let after_another = Case { versions: vec![newest, replaced], ..case.clone() };
        prop_assert_eq!(after_another.on(as_of()), alone.on(as_of()));
        let memo = line(LineKind::Memo, "70.00", as_of(), 7);
        let mut with_memo = alone.clone();
        with_memo.lines.push(memo);
        prop_assert_eq!(with_memo.on(as_of()).discrepancies, alone.on(as_of()).discrepancies);
    }
}

/// The properties would hold of a leg that says nothing: the cases do make it speak.
#[test]
fn the_cases_of_the_properties_reach_every_finding_of_orders() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let cases = vec(a_case(), 3_000)
        .new_tree(&mut runner)
        .unwrap()
        .current();
    let found: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| case.on(as_of()).discrepancies)
        .map(|found| found.code.word())
        .collect();
    for code in [
        "AMOUNT_MISMATCH",
        "CANCELLATION_AMOUNT_MISMATCH",
        "CANCELLATION_NOT_REPORTED",
        "CANCELLATION_UNEXPECTED",
        "CURRENCY_MISMATCH",
        "DEADLINE_AT_RISK",
        "DUPLICATE_FUNDING",
        "DUPLICATE_LINE",
        "EVENT_MISSING",
        "FUNDING_NOT_REPORTED",
        "MERCHANT_MISMATCH",
        "ORDER_NOT_FOUND",
        "OVER_CANCELLED",
        "PROVIDER_AMOUNT_MISMATCH",
        "PROVIDER_STATUS_MISMATCH",
        "STATUS_MISMATCH",
    ] {
        assert!(found.contains(code), "{code} is never reached");
    }
}
