//! What is said while a book does not reach the day: nothing is called missing or unknown before
//! the book in which it would stand is known, and what waits for it has its money.
//!
//! The provider's reports or the shop's orders end on a day of November 2026.

use super::{
    Case, Said, cancellation, cancelled_order, euros, funding, in_words, nov, order, provider_rules,
};
use crate::domain::Amount;
use crate::domain::coverage::{Book, Horizon, Reach};
use crate::domain::order::OrderStatus;
use crate::domain::outcome::OrderState;
use crate::matching::tests::events::answered;

/// Seen from a day, with reports until one day and orders until another.
fn horizon(as_of: i64, reports: i64, orders: i64) -> Horizon {
    Horizon {
        as_of: nov(as_of),
        reports: Reach::Until(nov(reports)),
        orders: Reach::Until(nov(orders)),
    }
}

fn found(said: &Said) -> Vec<String> {
    said.discrepancies.iter().map(in_words).collect()
}

/// The books that are waited for, with what would be the difference.
fn waits(said: &Said) -> Vec<(Book, Amount)> {
    let waiting = said.waiting.iter();
    waiting.map(|it| (it.book.clone(), it.amount)).collect()
}

fn reports() -> Book {
    Book::Reports("oney".to_owned())
}

fn orders() -> Book {
    Book::Orders("oney".to_owned())
}

#[test]
fn a_funding_is_missing_only_once_the_reports_reach_the_day_it_fell_due() {
    // Confirmed on the 1st, due on the 6th.
    let case = Case::of(&[order("50.00", OrderStatus::Funded)], &[]);
    let before = case.from(&horizon(20, 5, 20));
    assert_eq!(found(&before), Vec::<String>::new());
    assert_eq!(waits(&before), [(reports(), euros("50.00"))]);
    assert_eq!(before.state, Some(OrderState::Pending));
    let reached = case.from(&horizon(20, 6, 0));
    assert_eq!(found(&reached), ["FUNDING_NOT_REPORTED 50.00 0.00 11-06"]);
    assert_eq!(waits(&reached), []);
}

#[test]
fn what_is_not_due_on_the_day_itself_waits_for_nothing() {
    let case = Case::of(&[order("50.00", OrderStatus::Funded)], &[]);
    let said = case.from(&horizon(5, 2, 2));
    assert_eq!((found(&said), waits(&said)), (vec![], vec![]));
    assert_eq!(said.state, Some(OrderState::Pending));
    assert_eq!(said.check_on, Some(nov(6)));
}

#[test]
fn a_funding_for_less_waits_like_one_that_is_missing_and_one_for_more_does_not() {
    let order = order("50.00", OrderStatus::Funded);
    let less = Case::of(&[order], &[funding("30.00", nov(3), 2)]);
    let said = less.from(&horizon(20, 5, 20));
    assert_eq!(waits(&said), [(reports(), euros("20.00"))]);
    let more = Case::of(&[order], &[funding("80.00", nov(3), 2)]);
    let said = more.from(&horizon(20, 5, 0));
    assert_eq!(found(&said), ["AMOUNT_MISMATCH 50.00 80.00 11-03"]);
}

#[test]
fn a_cancellation_is_missing_only_once_the_reports_reach_the_day_it_fell_due() {
    // Cancelled on the 8th, due on the 13th.
    let versions = [cancelled_order("50.00", "20.00", nov(8))];
    let case = Case::of(&versions, &[funding("50.00", nov(3), 2)]);
    let before = case.from(&horizon(20, 12, 20));
    assert_eq!(waits(&before), [(reports(), euros("20.00"))]);
    assert_eq!(before.state, Some(OrderState::Pending));
    let reached = case.from(&horizon(20, 13, 0));
    assert_eq!(
        found(&reached),
        ["CANCELLATION_NOT_REPORTED -20.00 0.00 11-13"]
    );
}

#[test]
fn what_is_raised_with_less_than_is_due_waits_for_nothing_more() {
    let versions = [order("90.00", OrderStatus::Funded)];
    let events = [
        super::cancel_event(1, "20.00", nov(3)),
        super::cancel_event(2, "30.00", nov(8)),
    ];
    let case = Case::of(&versions, &[funding("90.00", nov(3), 2)]).with_events(&events);
    // The first fell due on the 8th, the second on the 13th.
    let said = case.from(&horizon(20, 10, 20));
    assert_eq!(
        found(&said),
        ["CANCELLATION_NOT_REPORTED -20.00 0.00 11-08"]
    );
    assert_eq!(waits(&said), []);
}

#[test]
fn an_order_is_unknown_only_once_the_orders_reach_its_first_line() {
    let mut case = Case::of(
        &[],
        &[funding("50.00", nov(10), 2), funding("9.00", nov(12), 3)],
    );
    let before = case.from(&horizon(20, 20, 9));
    assert_eq!(waits(&before), [(orders(), euros("59.00"))]);
    assert_eq!(before.state, Some(OrderState::Pending));
    let reached = case.from(&horizon(20, 20, 10));
    assert_eq!(found(&reached), ["ORDER_NOT_FOUND 0.00 59.00 11-12"]);
    // The provider took it on the 8th: the shop must have had it then.
    case.provider_events = vec![answered(1, "11-08 09:00", "FUNDED", "50.00")];
    let told = case.from(&horizon(20, 20, 8));
    assert_eq!(found(&told), ["ORDER_NOT_FOUND 0.00 59.00 11-12"]);
}

#[test]
fn an_order_that_only_the_provider_tells_of_waits_for_the_orders_too() {
    let events = [answered(1, "11-08 09:00", "FUNDED", "50.00")];
    let case = Case::of(&[], &[]).with_provider_events(&events);
    let before = case.from(&horizon(20, 20, 7));
    assert_eq!(before.waiting.len(), 1);
    assert_eq!(before.state, Some(OrderState::Pending));
    assert_eq!(found(&case.from(&horizon(20, 20, 8))).len(), 1);
}

#[test]
fn what_the_shop_may_have_said_since_waits_for_the_orders() {
    let taken_back = cancellation("-20.00", nov(12), 3);
    let lines = [funding("50.00", nov(10), 2), taken_back];
    for (version, finding, amount) in [
        (
            order("50.00", OrderStatus::Favorable),
            "STATUS_MISMATCH 0.00 30.00 11-12",
            "30.00",
        ),
        (
            order("50.00", OrderStatus::Funded),
            "CANCELLATION_UNEXPECTED 0.00 -20.00 11-12",
            "20.00",
        ),
        (
            cancelled_order("50.00", "5.00", nov(2)),
            "CANCELLATION_AMOUNT_MISMATCH -5.00 -20.00 11-12",
            "15.00",
        ),
    ] {
        let case = Case::of(&[version], &lines);
        let before = case.from(&horizon(20, 20, 11));
        assert_eq!(found(&before), Vec::<String>::new(), "{finding}");
        assert_eq!(waits(&before), [(orders(), euros(amount))], "{finding}");
        assert_eq!(before.state, Some(OrderState::Pending), "{finding}");
        assert_eq!(found(&case.from(&horizon(20, 0, 12))), [finding]);
    }
}

#[test]
fn another_status_waits_for_the_orders_and_has_no_money() {
    let events = [answered(1, "11-08 09:00", "CANCELLED", "50.00")];
    let lines = [funding("50.00", nov(4), 2)];
    let case =
        Case::of(&[order("50.00", OrderStatus::Funded)], &lines).with_provider_events(&events);
    let before = case.from(&horizon(20, 20, 7));
    assert_eq!(waits(&before), [(orders(), Amount::ZERO)]);
    assert_eq!(before.state, Some(OrderState::Pending));
    let reached = case.from(&horizon(20, 20, 8));
    assert_eq!(found(&reached), ["PROVIDER_STATUS_MISMATCH - - 11-08"]);
}

#[test]
fn a_book_that_nobody_brings_is_waited_for_by_nothing() {
    let nobody = Horizon {
        as_of: nov(20),
        reports: Reach::NoFeed,
        orders: Reach::NoFeed,
    };
    let case = Case::of(&[], &[funding("50.00", nov(10), 2)]);
    let said = case.from(&nobody);
    assert_eq!((found(&said), waits(&said)), (vec![], vec![]));
    assert_eq!(said.state, None);
    let case = Case::of(&[order("50.00", OrderStatus::Funded)], &[]);
    let said = case.from(&nobody);
    assert_eq!((found(&said), waits(&said)), (vec![], vec![]));
}

#[test]
fn what_waits_is_looked_at_again_on_every_day() {
    let case = Case::of(&[order("50.00", OrderStatus::Funded)], &[]);
    for as_of in [20, 21] {
        let said = case.from(&horizon(as_of, 5, 20));
        assert_eq!(said.check_on, Some(nov(1)));
    }
}

#[test]
fn a_provider_that_reports_no_money_waits_for_no_report() {
    let case = Case::of(&[order("50.00", OrderStatus::Funded)], &[]).with_rules(|rules| {
        rules
            .providers
            .insert("oney".to_owned(), provider_rules(false));
    });
    let said = case.from(&horizon(20, 1, 20));
    assert_eq!(waits(&said), []);
    assert_eq!(said.state, Some(OrderState::Balanced));
}
