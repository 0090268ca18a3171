//! The rules of the lives of credit files, what states show, and PAYONE's counter.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};

use super::carry_out::{Carried, carry_out};
use super::desk::Desk;
use super::rules::{Plan, allowed, amount_of};
use super::state::{State, seen};
use super::transaction::{KnownTransaction, from_events, the_process};
use super::*;
use crate::domain::Currency;
use crate::domain::file::FileId;
use crate::domain::order::OrderStatus;
use crate::domain::provider_event::{Booking, BookingAction, ProviderEvent, Said};
use crate::pipeline::apis::PayoneApi;
use crate::providers::oney::FileStatus;
use crate::providers::payone::PayoneAccess;
use crate::providers::{Key, Patience, Server, ServerSettings, Waits};

use ProviderActionKind::{Cancel, Capture, Confirm, Deliver, Refund};
use ProviderActionOutcome as Outcome;

fn eur(minor: i64) -> Amount {
    Amount::from_minor(minor)
}

fn order(provider: &str) -> KnownOrder {
    KnownOrder {
        provider: provider.to_owned(),
        order_reference: "WEB-1".to_owned(),
        merchant: String::new(),
        transaction_id: "T-1".to_owned(),
        status: OrderStatus::Funded,
        currency: Currency::EUR,
        ordered: eur(20_000),
        expected: eur(20_000),
        cancelled: Amount::ZERO,
        reported_cancelled: Amount::ZERO,
    }
}

fn plan(kind: ProviderActionKind, minor: i64, country: &str, time: &str) -> Plan {
    Plan {
        order: order("oney"),
        kind,
        amount: Some(eur(minor)),
        country: country.to_owned(),
        today: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        time: time.parse::<NaiveTime>().unwrap(),
    }
}

fn file(word: &str, amount: Option<&str>) -> State {
    State::File(FileStatus {
        status: OrderStatus::from_word(word),
        word: word.to_owned(),
        sub_status: String::new(),
        amount_text: amount.map(str::to_owned),
    })
}

fn action(kind: ProviderActionKind, minor: i64, before: &State) -> ProviderAction {
    ProviderAction {
        number: 1,
        requested_at: "2026-11-20T02:00:00Z".to_owned(),
        requested_by: "anna".to_owned(),
        provider: "oney".to_owned(),
        order_reference: "WEB-1".to_owned(),
        transaction_id: "123456789".to_owned(),
        kind,
        amount: Some(eur(minor)),
        currency: Currency::EUR,
        reason: "returned".to_owned(),
        request_id: "2".to_owned(),
        state_before: before.to_string(),
        amount_before: before.amount(Currency::EUR),
        outcome: Outcome::Intended,
        completed_at: String::new(),
        detail: String::new(),
    }
}

#[test]
fn without_an_amount_it_is_all_that_is_left_and_more_is_refused() {
    let of = |kind, order: &KnownOrder, asked: Option<i64>, earlier: &[ProviderAction]| {
        amount_of(kind, order, asked.map(eur), (earlier, None))
    };
    let plain = order("oney");
    assert_eq!(of(Cancel, &plain, None, &[]), Ok(Some(eur(20_000))));
    assert_eq!(of(Cancel, &plain, Some(3_000), &[]), Ok(Some(eur(3_000))));
    assert!(of(Cancel, &plain, Some(20_001), &[]).is_err());
    assert!(of(Cancel, &plain, Some(0), &[]).is_err());
    assert!(of(Cancel, &plain, Some(-1), &[]).is_err());
    let reported = KnownOrder {
        cancelled: eur(5_000),
        reported_cancelled: eur(5_000),
        ..order("oney")
    };
    assert_eq!(of(Cancel, &reported, None, &[]), Ok(Some(eur(15_000))));
    assert_eq!(of(Confirm, &reported, None, &[]), Ok(Some(eur(15_000))));
    let done = ProviderAction {
        outcome: Outcome::Done,
        ..action(Cancel, 17_000, &file("FUNDED", None))
    };
    // 50.00 of these 170.00 are reported so far.
    assert_eq!(of(Cancel, &reported, None, &[done]), Ok(Some(eur(3_000))));
    assert!(of(Deliver, &plain, Some(1), &[]).is_err());
    assert_eq!(of(Deliver, &plain, None, &[]), Ok(None));
    assert_eq!(of(Capture, &plain, Some(0), &[]), Ok(Some(Amount::ZERO)));
}

#[test]
fn france_confirms_no_other_amount_in_the_first_hours_of_the_day() {
    let whole = file("FAVORABLE", Some("200.00"));
    let may = |minor, country, time| allowed(&plan(Confirm, minor, country, time), &whole).is_ok();
    assert!(may(20_000, "fr", "03:59:59"));
    assert!(!may(15_000, "fr", "00:00:00"));
    assert!(!may(15_000, "fr", "03:59:59"));
    assert!(may(15_000, "fr", "04:00:00"));
    assert!(may(15_000, "it", "02:00:00"));
}

/// `FUNDED 200.0`, or without an amount.
fn shown_file(text: &str) -> State {
    let mut words = text.split_whitespace();
    file(words.next().unwrap(), words.next())
}

#[test]
fn only_what_cannot_be_moved_twice_counts_as_not_done() {
    for line in [
        "confirm 20000 | FAVORABLE 200.00 | FUNDED 200.00 | - | Done",
        "confirm 20000 | FAVORABLE 200.00 | FAVORABLE 200.00 | - | NotDone",
        // A part outside France may have been confirmed without any trace.
        "confirm 5000 | FAVORABLE 200.00 | FAVORABLE 200.00 | - | CannotTell",
        "confirm 5000 | FAVORABLE 200.00 | FAVORABLE 200.00 | france | NotDone",
        "confirm 20000 | FAVORABLE 200.00 | REFUSED | france | Elsewhere",
        "cancel 20000 | FUNDED 200.00 | CANCELLED | france | Done",
        "cancel 20000 | FUNDED 200.0 | FUNDED 200.0 | france | NotDone",
        "cancel 3000 | FUNDED 200 | FUNDED 200 | france | CannotTell",
        "cancel 3000 | FUNDED 200 | FUNDED 170.0 | france | Done",
        "cancel 3000 | FUNDED 200 | FUNDED 160 | france | CannotTell",
        // Without Oney's amount nobody knows whether it was all of it.
        "cancel 20000 | FUNDED | FUNDED | france | CannotTell",
        "cancel 20000 | FUNDED | NEW_WORD | france | CannotTell",
    ] {
        let parts: Vec<&str> = line.split(" | ").collect();
        let (kind, minor) = parts[0].split_once(' ').unwrap();
        let kind = ProviderActionKind::from_word(kind).unwrap();
        let sent = action(kind, minor.parse().unwrap(), &shown_file(parts[1]));
        let got = seen(&sent, &shown_file(parts[2]), parts[3] == "france");
        assert_eq!(format!("{got:?}"), parts[4], "{line}");
    }
}

fn notified(
    sequence: u8,
    what: &'static str,
    receivable: i64,
    balance: i64,
) -> ProviderEvent<'static> {
    let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    ProviderEvent {
        order_reference: "WEB-1",
        provider: "payone",
        transaction_id: "123456789",
        file: FileId(1),
        line: u32::from(sequence),
        observed_at: day.and_hms_opt(12, 0, 0).unwrap(),
        observed_on: day,
        currency: Currency::EUR,
        amount: Some(eur(receivable)),
        said: Said::Booking(Booking {
            sequence,
            action: BookingAction::from_word(what),
            balance: eur(balance),
            reminder_level: "",
        }),
    }
}

#[test]
fn notifications_tell_where_a_process_stands() {
    // The sequence of `facts: payone` for 200.00 of which 50.00 come back, out of order.
    let events = [
        notified(2, "debit", 15_000, 0),
        notified(0, "appointed", 0, 0),
        notified(1, "capture", 20_000, 20_000),
    ];
    let known = from_events(&events).unwrap();
    assert_eq!(
        (known.sequence, known.receivable, known.balance),
        (2, eur(15_000), Amount::ZERO)
    );
    assert_eq!(known.appointed_on, NaiveDate::from_ymd_opt(2026, 11, 1));
    assert!(!known.is_released && !known.has_failed);
    let released = [notified(0, "appointed", 0, 0), notified(1, "capture", 0, 0)];
    assert!(from_events(&released).unwrap().is_released);
    assert_eq!(from_events(&[]), None);
}

#[test]
fn of_several_processes_the_named_or_the_living_one_is_meant() {
    let other = |event: ProviderEvent<'static>| ProviderEvent {
        transaction_id: "987654321",
        ..event
    };
    let unnamed = KnownOrder {
        transaction_id: String::new(),
        ..order("payone")
    };
    let id = |order: &KnownOrder, events: &[ProviderEvent<'_>]| {
        the_process(order, events).map(|known| known.map(|it| it.transaction_id))
    };
    let both = [
        notified(0, "appointed", 0, 0),
        other(notified(0, "appointed", 0, 0)),
    ];
    assert!(id(&unnamed, &both).is_err());
    let failed = [both[0], both[1], other(notified(1, "failed", 0, 0))];
    assert_eq!(id(&unnamed, &failed), Ok(Some("123456789".to_owned())));
    let named = KnownOrder {
        transaction_id: "987654321".to_owned(),
        ..order("payone")
    };
    assert_eq!(id(&named, &both), Ok(Some("987654321".to_owned())));
    assert_eq!(id(&unnamed, &[]), Ok(None));
}

#[test]
fn payone_claims_what_is_reserved_and_refunds_what_is_settled() {
    let known = |events: &[ProviderEvent<'_>]| State::Transaction(from_events(events).unwrap());
    let reserved = known(&[notified(0, "appointed", 0, 0)]);
    let open = known(&[
        notified(0, "appointed", 0, 0),
        notified(1, "capture", 20_000, 20_000),
    ]);
    let settled = known(&[
        notified(0, "appointed", 0, 0),
        notified(1, "paid", 20_000, 0),
    ]);
    let may =
        |kind, minor, state: &State| allowed(&plan(kind, minor, "", "12:00:00"), state).is_ok();
    assert!(may(Capture, 20_000, &reserved) && may(Capture, 0, &reserved));
    assert!(!may(Refund, 5_000, &reserved));
    assert!(!may(Refund, 5_000, &open), "its balance is not settled");
    assert!(may(Refund, 5_000, &settled) && !may(Refund, 20_001, &settled));
    assert!(
        !may(Capture, 0, &settled),
        "what is claimed cannot be released"
    );
    // Reserved on 1 November: 29 November is day 28, 30 November is too late.
    let on = |day: u32, minor| {
        let today = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        allowed(
            &Plan {
                today,
                ..plan(Capture, minor, "", "12:00:00")
            },
            &reserved,
        )
        .is_ok()
    };
    assert!(on(29, 20_000) && !on(30, 20_000) && on(30, 0));
}

#[test]
fn what_was_sent_and_is_not_notified_yet_is_taken_off_and_takes_its_number() {
    let sent = |kind, minor, sequence: &str, outcome| ProviderAction {
        request_id: sequence.to_owned(),
        outcome,
        ..action(kind, minor, &file("-", None))
    };
    let known = |events: &[ProviderEvent<'_>], own: &[ProviderAction]| {
        let mut known = from_events(events).unwrap();
        known.count_own(own);
        known
    };
    let paid = [
        notified(0, "appointed", 0, 0),
        notified(1, "capture", 24_000, 24_000),
        notified(1, "paid", 24_000, 0),
    ];
    let refund = |minor, sequence, outcome| sent(Refund, minor, sequence, outcome);
    let one = known(&paid, &[refund(15_000, "2", Outcome::Done)]);
    assert_eq!((one.refundable(), one.last_sequence()), (eur(9_000), 2));
    let two = known(
        &paid,
        &[
            refund(15_000, "2", Outcome::Done),
            refund(4_000, "3", Outcome::Pending),
            refund(1_000, "4", Outcome::Refused),
            refund(1_000, "4", Outcome::NotSent),
        ],
    );
    assert_eq!((two.refundable(), two.last_sequence()), (eur(5_000), 3));
    // Its notification has come: it is in the receivable, and counts once.
    let told = [&paid[..], &[notified(2, "refund", 9_000, 0)]].concat();
    let told = known(&told, &[refund(15_000, "2", Outcome::Done)]);
    assert_eq!((told.refundable(), told.last_sequence()), (eur(9_000), 2));
    // What was given back can be claimed no second time.
    assert_eq!(told.claimed(), eur(24_000));
    let reserved = [notified(0, "appointed", 0, 0)];
    let part = known(&reserved, &[sent(Capture, 5_000, "1", Outcome::Done)]);
    assert_eq!((part.claimed(), part.last_sequence()), (eur(5_000), 1));
    let other = ProviderAction {
        transaction_id: "987654321".to_owned(),
        ..sent(Capture, 5_000, "1", Outcome::Done)
    };
    assert_eq!(known(&reserved, &[other]).last_sequence(), 0);
    let released = known(&reserved, &[sent(Capture, 0, "1", Outcome::Done)]);
    assert!(released.is_released());
}

#[test]
fn a_booking_is_seen_by_its_number_and_its_amount() {
    let see = |sent: &ProviderAction, events: &[ProviderEvent<'_>]| {
        let state = State::Transaction(from_events(events).unwrap());
        format!("{:?}", seen(sent, &state, false))
    };
    let refund = action(Refund, 5_000, &file("-", None));
    let paid = notified(1, "paid", 20_000, 0);
    assert_eq!(see(&refund, &[paid]), "CannotTell");
    assert_eq!(
        see(&refund, &[paid, notified(2, "refund", 15_000, 0)]),
        "Done"
    );
    assert_eq!(
        see(&refund, &[paid, notified(2, "debit", 15_000, 0)]),
        "Done"
    );
    // The number was taken by somebody else's booking, or only a later one was notified.
    for other in [
        notified(2, "refund", 12_000, 0),
        notified(2, "debit", 25_000, 0),
        notified(3, "refund", 15_000, 0),
    ] {
        assert_eq!(see(&refund, &[paid, other]), "CannotTell");
    }
    let release = ProviderAction {
        request_id: "1".to_owned(),
        ..action(Capture, 0, &file("-", None))
    };
    let reserved = notified(0, "appointed", 0, 0);
    assert_eq!(see(&release, &[reserved]), "CannotTell");
    assert_eq!(
        see(&release, &[reserved, notified(1, "capture", 0, 0)]),
        "Done"
    );
}

/// A PAYONE that answers every request in the same way; how many it got.
fn payone(answer: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/post-gateway/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap();
            let text = String::from_utf8_lossy(&request[..read]).into_owned();
            assert!(text.starts_with("POST /post-gateway/ HTTP/1.1"), "{text}");
            counted.fetch_add(1, SeqCst);
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    (url, count)
}

fn captured(url: &str) -> Carried {
    let settings = ServerSettings {
        base_url: url.to_owned(),
        timeout: Duration::from_millis(500),
        per_minute: 100,
        waits: Waits {
            first: Duration::from_millis(5),
            ..Waits::default()
        },
        is_exact: true,
    };
    let api = PayoneApi {
        server: Server::new(&settings, Patience::new(Duration::from_secs(10))),
        access: PayoneAccess {
            mid: "10001".to_owned(),
            aid: "20002".to_owned(),
            portal_id: "3000003".to_owned(),
            key: Key::new("portal-key"),
            mode: "test".to_owned(),
        },
    };
    let known: KnownTransaction = from_events(&[
        notified(0, "appointed", 0, 0),
        notified(1, "capture", 5_000, 0),
    ])
    .unwrap();
    let state = State::Transaction(known.clone());
    let mut desk = Desk::Payone(Box::new(api), order("payone"), known);
    assert_eq!(desk.request_id(7, 0), "2", "the next sequence number");
    carry_out(&mut desk, &action(Capture, 15_000, &state), false)
}

#[test]
fn payone_is_never_sent_anything_twice() {
    for (answer, outcome) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nstatus=APPROVED",
            Outcome::Done,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nstatus=PENDING",
            Outcome::Pending,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\nstatus=ERROR\nerrorcode=64",
            Outcome::Refused,
        ),
        (
            "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
            Outcome::Unknown,
        ),
        (
            "HTTP/1.1 302 No\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
            Outcome::Unknown,
        ),
        (
            "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
            Outcome::Unknown,
        ),
        (
            "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
            Outcome::Unknown,
        ),
        (
            "HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n",
            Outcome::Unknown,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
            Outcome::Unknown,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nstatus=",
            Outcome::Unknown,
        ),
        ("", Outcome::Unknown),
    ] {
        let (url, count) = payone(answer);
        let carried = captured(&url);
        assert_eq!(carried.outcome, outcome, "{answer:?}: {carried:?}");
        assert_eq!(count.load(SeqCst), 1, "{answer:?}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    assert_eq!(captured(&url).outcome, Outcome::NotSent);
}
