//! What events of transactions add up to, in small cases. Receivable and balance are those of
//! PAYONE's documented sequence and of the one expected for Secured Installment.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{Named, ProviderView, Transactions, named_on};
use crate::domain::Amount;
use crate::domain::file::FileId;
use crate::domain::provider_event::ProviderEvent;
use crate::matching::tests::events::{answered, booked, moment, not_known, not_verified, of};

type Events = Vec<ProviderEvent<'static>>;

fn day(text: &str) -> NaiveDate {
    moment(&format!("{text} 00:00")).date()
}

/// `transaction status amount since/observed` of each transaction on a day, or `not known observed`.
fn view(events: &[ProviderEvent<'_>], on: &str) -> Vec<String> {
    let transactions = Transactions::of(events).unwrap();
    match transactions.on(day(on)) {
        ProviderView::NotKnown(event) => vec![format!("not known {}", event.observed_on)],
        ProviderView::Known(standings) => standings
            .iter()
            .map(|standing| {
                let status = standing.status.map_or("-", |status| status.word());
                let minor = standing.amount().and_then(Amount::to_minor);
                format!(
                    "{} {status} {} {}/{}",
                    standing.transaction_id,
                    minor.map_or("-".to_owned(), |minor| minor.to_string()),
                    standing.since.format("%m-%d"),
                    standing.event.observed_on.format("%m-%d")
                )
            })
            .collect(),
    }
}

/// The status of TX-1 at the end of November.
fn status(events: &[ProviderEvent<'_>]) -> String {
    let view = view(events, "11-30");
    let words: Vec<&str> = view[0].split(' ').collect();
    words[1].to_owned()
}

/// A Secured Installment of 200.00 of which 50.00 are given back (facts: payone).
fn installment() -> Events {
    vec![
        booked(1, "11-02 10:00", "0 appointed 0.00 0.00"),
        booked(2, "11-05 10:00", "1 capture 200.00 200.00"),
        booked(3, "11-07 10:00", "1 paid 200.00 0.00"),
        booked(4, "11-12 10:00", "2 debit 150.00 0.00"),
    ]
}

#[test]
fn a_secured_installment_is_followed_through_its_bookings() {
    let events = installment();
    assert_eq!(view(&events, "11-04"), ["TX-1 FAVORABLE 0 11-02/11-02"]);
    assert_eq!(view(&events, "11-05"), ["TX-1 FUNDED 20000 11-02/11-05"]);
    assert_eq!(view(&events, "11-11"), ["TX-1 FUNDED 20000 11-02/11-07"]);
    // A partial cancellation lowers the amount and leaves the status.
    assert_eq!(view(&events, "11-12"), ["TX-1 FUNDED 15000 11-02/11-12"]);
    assert_eq!(view(&events, "11-01"), Vec::<String>::new());
}

#[test]
fn an_authorization_is_funded_at_once() {
    // The documented sequence of a wallet, its pending notification not counting.
    let events = [
        booked(1, "11-02 10:00", "0 appointed 1.11 1.11"),
        booked(2, "11-02 10:06", "0 paid 1.11 0.00"),
    ];
    assert_eq!(view(&events[..1], "11-02"), ["TX-1 FUNDED 111 11-02/11-02"]);
    assert_eq!(status(&events), "FUNDED");
}

#[test]
fn a_receivable_that_fell_to_nothing_is_cancelled() {
    for back in [
        "3 debit 0.00 0.00",
        "3 refund 0.00 0.00",
        "3 capture 0.00 0.00",
    ] {
        let mut events = installment();
        events.push(booked(5, "11-14 10:00", back));
        assert_eq!(status(&events), "CANCELLED", "{back}");
    }
}

#[test]
fn a_reservation_that_was_released_is_cancelled() {
    let events = [
        booked(1, "11-02 10:00", "0 appointed 0.00 0.00"),
        booked(2, "11-05 10:00", "1 capture 0.00 0.00"),
    ];
    assert_eq!(status(&events), "CANCELLED");
}

#[test]
fn a_failure_refuses_only_what_was_neither_captured_nor_paid() {
    let appointed = booked(1, "11-02 10:00", "0 appointed 0.00 0.00");
    let failed = booked(9, "11-08 10:00", "0 failed 0.00 0.00");
    assert_eq!(status(&[appointed, failed]), "REFUSED");
    assert_eq!(status(&[failed]), "REFUSED");
    let capture = booked(2, "11-05 10:00", "1 capture 200.00 200.00");
    let late = booked(9, "11-08 10:00", "2 failed 0.00 0.00");
    // It neither tells the status nor the amount nor the day.
    assert_eq!(
        view(&[appointed, capture, late], "11-30"),
        ["TX-1 FUNDED 20000 11-02/11-05"]
    );
    // An authorization that was paid; all of them have number 0.
    let authorized = booked(1, "11-02 10:00", "0 appointed 200.00 200.00");
    let paid = booked(2, "11-03 10:00", "0 paid 200.00 0.00");
    assert_eq!(status(&[authorized, paid, failed]), "FUNDED");
    assert_eq!(status(&[authorized, failed]), "REFUSED");
}

#[test]
fn what_tells_of_the_customer_or_of_paper_does_not_set_the_status() {
    for other in [
        "1 cancelation 200.00 200.00",
        "1 reminder 0.00 0.00 2",
        "1 invoice 0.00 0.00",
    ] {
        let mut events = installment();
        events.truncate(3);
        events.push(booked(4, "11-20 10:00", other));
        assert_eq!(
            view(&events, "11-30"),
            ["TX-1 FUNDED 20000 11-02/11-07"],
            "{other}"
        );
    }
}

#[test]
fn bookings_go_by_their_number_and_not_by_their_arrival() {
    // The reservation's notification was repeated, and arrived after the capture's.
    let events = [
        booked(1, "11-05 10:00", "1 capture 200.00 200.00"),
        booked(2, "11-06 10:00", "0 appointed 0.00 0.00"),
    ];
    assert_eq!(view(&events, "11-30"), ["TX-1 FUNDED 20000 11-05/11-05"]);
}

#[test]
fn a_word_of_another_module_changes_nothing_that_it_does_not_say() {
    let appointed = booked(1, "11-02 10:00", "0 appointed 0.00 0.00");
    let other = booked(2, "11-03 10:00", "1 vsettlement 0.00 0.00");
    assert_eq!(
        view(&[appointed, other], "11-30"),
        ["TX-1 FAVORABLE 0 11-02/11-03"]
    );
    assert_eq!(status(&[other]), "-");
}

#[test]
fn of_answers_the_newest_counts() {
    let events = [
        answered(7, "11-05 10:00", "ACCEPTED", "250.00"),
        answered(1, "11-03 10:00", "INITIALIZED", "300.00"),
    ];
    assert_eq!(view(&events, "11-04"), ["TX-1 PENDING 30000 11-03/11-03"]);
    assert_eq!(view(&events, "11-05"), ["TX-1 FUNDED 25000 11-03/11-05"]);
    let again = answered(9, "11-05 10:00", "CANCELLED", "0.00");
    // Of the same moment: the one that stands later.
    assert_eq!(status(&[again, events[0]]), "CANCELLED");
    assert_eq!(status(&[answered(1, "11-03 10:00", "SURPRISE", "")]), "-");
}

#[test]
fn an_answer_that_is_saved_every_night_is_the_first_one_said_again() {
    let first = answered(3, "11-05 10:00", "ACCEPTED", "250.00");
    let again = answered(8, "11-05 10:00", "ACCEPTED", "250.00");
    let events = [again, first];
    let transactions = Transactions::of(&events).unwrap();
    let ProviderView::Known(standings) = transactions.on(day("11-30")) else {
        panic!("it is known");
    };
    assert_eq!(standings[0].event.line, 3);
}

#[test]
fn an_order_is_not_known_until_a_later_status_says_otherwise() {
    let funded = of("", answered(1, "11-03 10:00", "FUNDED", ""));
    let unknown = not_known(2, "11-05 10:00");
    assert_eq!(view(&[funded, unknown], "11-04"), [" FUNDED - 11-03/11-03"]);
    assert_eq!(view(&[funded, unknown], "11-05"), ["not known 2026-11-05"]);
    let later = answered(3, "11-06 10:00", "FUNDED", "");
    assert_eq!(
        view(&[unknown, later], "11-06"),
        ["TX-1 FUNDED - 11-06/11-06"]
    );
}

/// The code of the question that stands open on a day, behind the day on which it was asked.
fn unanswered(events: &[ProviderEvent<'_>], on: &str) -> Option<String> {
    let asked = Transactions::of(events).unwrap().unanswered(day(on))?;
    Some(format!(
        "{} {}",
        asked.event.observed_on.format("%m-%d"),
        asked.answer.words
    ))
}

#[test]
fn a_question_without_a_status_stands_until_one_is_told() {
    let funded = of("", answered(1, "11-03 10:00", "FUNDED", ""));
    let failed = not_verified(2, "11-05 10:00");
    let unknown = not_known(3, "11-06 10:00");
    let later = of("", answered(4, "11-07 10:00", "FUNDED", ""));
    let all = [funded, failed, unknown, later];
    assert_eq!(unanswered(&all, "11-04"), None);
    assert_eq!(unanswered(&all, "11-05").as_deref(), Some("11-05 ERR_07"));
    assert_eq!(unanswered(&all, "11-06").as_deref(), Some("11-06 ERR_09"));
    assert_eq!(unanswered(&all, "11-07"), None);
    // It says nothing of the order, and takes nothing back that was said.
    assert_eq!(view(&all, "11-05"), [" FUNDED - 11-03/11-03"]);
    let twice = [unknown, not_verified(4, "11-08 10:00")];
    assert_eq!(view(&twice, "11-08"), ["not known 2026-11-06"]);
    assert_eq!(unanswered(&twice, "11-08").as_deref(), Some("11-08 ERR_07"));
}

#[test]
fn a_list_that_is_saved_after_a_question_answers_it_however_old_its_changes_are() {
    let later_file = |event: ProviderEvent<'static>| ProviderEvent {
        file: FileId(21),
        ..event
    };
    let changed_before = answered(1, "11-03 10:00", "FUNDED", "");
    for failed in [not_verified(2, "11-05 10:00"), not_known(2, "11-05 10:00")] {
        assert!(unanswered(&[changed_before, failed], "11-30").is_some());
        let saved_again = later_file(changed_before);
        let all = [changed_before, failed, saved_again];
        assert_eq!(unanswered(&all, "11-30"), None);
        assert_eq!(view(&all, "11-30"), ["TX-1 FUNDED - 11-03/11-03"]);
        // An old log of answers says when it was asked, so it answers nothing that came later.
        let log = later_file(of("", changed_before));
        assert!(unanswered(&[failed, log], "11-30").is_some());
    }
}

#[test]
fn transactions_stand_by_the_latest_word_first() {
    let events = [
        of("TX-3", answered(1, "11-05 10:00", "FUNDED", "")),
        of("TX-1", answered(2, "11-04 10:00", "ABORTED", "")),
        of("TX-2", answered(3, "11-05 10:00", "REFUSED", "")),
    ];
    assert_eq!(
        view(&events, "11-30"),
        [
            "TX-2 REFUSED - 11-05/11-05",
            "TX-3 FUNDED - 11-05/11-05",
            "TX-1 ABORTED - 11-04/11-04"
        ]
    );
}

/// `transaction first to last, next on day` of each gap that is certain on a day.
fn gaps(events: &[ProviderEvent<'_>], on: &str) -> Vec<String> {
    let transactions = Transactions::of(events).unwrap();
    transactions
        .gaps(day(on))
        .map(|gap| {
            format!(
                "{} {}-{} {} {}",
                gap.after.transaction_id,
                gap.first,
                gap.last,
                gap.next,
                gap.after.observed_on.format("%m-%d")
            )
        })
        .collect()
}

#[test]
fn the_first_gap_between_numbers_is_said_a_day_later() {
    let events = [
        booked(1, "11-02 10:00", "0 appointed 0.00 0.00"),
        booked(2, "11-05 23:59", "3 debit 150.00 0.00"),
        booked(3, "11-07 10:00", "6 debit 100.00 0.00"),
    ];
    assert_eq!(gaps(&events, "11-05"), Vec::<String>::new());
    assert_eq!(gaps(&events, "11-06"), ["TX-1 1-2 3 11-05"]);
    assert_eq!(gaps(&events, "11-30"), ["TX-1 1-2 3 11-05"]);
}

#[test]
fn a_late_notification_closes_its_gap() {
    let events = [
        booked(1, "11-02 10:00", "0 appointed 0.00 0.00"),
        booked(2, "11-05 10:00", "2 debit 150.00 0.00"),
        booked(3, "11-08 10:00", "1 capture 200.00 200.00"),
    ];
    assert_eq!(gaps(&events, "11-07"), ["TX-1 1-1 2 11-05"]);
    assert_eq!(gaps(&events, "11-08"), Vec::<String>::new());
}

#[test]
fn numbers_that_are_reused_or_lost_at_an_end_are_no_gap() {
    assert_eq!(gaps(&installment(), "11-30"), Vec::<String>::new());
    // Nothing tells that 0 or 1 were ever used, nor what comes behind 3.
    let events = [
        booked(1, "11-02 10:00", "2 paid 200.00 0.00"),
        booked(2, "11-05 10:00", "3 debit 150.00 0.00"),
    ];
    assert_eq!(gaps(&events, "11-30"), Vec::<String>::new());
    // Numbers belong to their transaction.
    let other = of("TX-2", booked(3, "11-05 10:00", "9 debit 150.00 0.00"));
    assert_eq!(gaps(&[events[0], other], "11-30"), Vec::<String>::new());
}

/// A log of one transaction: whatever was booked, in lines of its own.
fn a_log() -> impl Strategy<Value = Events> {
    const WORDS: [&str; 10] = [
        "0 appointed 0.00 0.00",
        "0 appointed 200.00 200.00",
        "1 capture 200.00 200.00",
        "1 capture 0.00 0.00",
        "1 paid 200.00 0.00",
        "1 cancelation 200.00 200.00",
        "2 debit 150.00 0.00",
        "3 refund 0.00 0.00",
        "2 failed 0.00 0.00",
        "4 reminder 200.00 200.00 1",
    ];
    const MOMENTS: [&str; 5] = [
        "11-02 10:00",
        "11-05 10:00",
        "11-05 11:00",
        "11-09 10:00",
        "11-12 10:00",
    ];
    prop::collection::vec((select(&WORDS), select(&MOMENTS)), 1..7).prop_map(|rows| {
        let lines = (1_u32..).zip(rows);
        lines
            .map(|(line, (words, at))| booked(line, at, words))
            .collect()
    })
}

#[test]
fn a_transaction_is_that_of_the_order_which_its_latest_event_names() {
    let naming = |order_reference, event| ProviderEvent {
        order_reference,
        ..event
    };
    let events = [
        naming("A", booked(1, "11-02 10:00", "0 appointed 0.00 0.00")),
        naming("B", booked(2, "11-05 10:00", "1 capture 200.00 200.00")),
        // It sets no status, and is the order's of the one that does.
        naming("C", booked(3, "11-07 10:00", "1 reminder 200.00 200.00 1")),
        // A number before arrives after, and is no later booking.
        naming("A", booked(4, "11-08 10:00", "0 appointed 0.00 1.00")),
        naming("A", booked(5, "11-12 10:00", "2 debit 150.00 150.00")),
    ];
    let named = |on: &str| named_on(&events, day(on)).unwrap();
    let of = |reference, until: Option<&str>| Named {
        reference,
        until: until.map(day),
    };
    assert_eq!(named("11-02"), of("A", Some("11-05")));
    assert_eq!(named("11-05"), of("B", Some("11-12")));
    assert_eq!(named("11-08"), of("B", Some("11-12")));
    assert_eq!(named("11-12"), of("A", None));
    // Before the first of them is seen it is that one's; a reminder alone is the order's it names.
    assert_eq!(named("11-01"), of("A", Some("11-05")));
    let reminder = named_on(&events[2..3], day("11-30"));
    assert_eq!(reminder, Some(of("C", None)));
    assert_eq!(named_on(&[], day("11-30")), None);
}

proptest! {
    #[test]
    fn the_order_of_events_in_memory_changes_nothing(
        (log, shuffled) in a_log().prop_flat_map(|log| (Just(log.clone()), Just(log).prop_shuffle()))
    ) {
        for on in ["11-04", "11-06", "11-30"] {
            prop_assert_eq!(view(&shuffled, on), view(&log, on));
            prop_assert_eq!(gaps(&shuffled, on), gaps(&log, on));
        }
    }

    #[test]
    fn a_repeated_notification_changes_nothing(
        log in a_log(),
        which in any::<Index>(),
        hours in 1_i64..48,
    ) {
        let mut repeat = log[which.index(log.len())];
        repeat.line = 100;
        repeat.observed_at += chrono::TimeDelta::hours(hours);
        repeat.observed_on = repeat.observed_at.date();
        let mut repeated = log.clone();
        repeated.push(repeat);
        for on in ["11-04", "11-06", "11-30"] {
            prop_assert_eq!(view(&repeated, on), view(&log, on));
            prop_assert_eq!(gaps(&repeated, on), gaps(&log, on));
        }
    }
}
