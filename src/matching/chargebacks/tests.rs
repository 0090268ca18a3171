//! Money taken back, told by lines and by notifications.

use chrono::NaiveDate;

use super::find;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileId;
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::{LineKind, LinePart, SettlementLine, Slice, SliceId};
use crate::domain::{Amount, Currency};
use crate::matching::tests::events::{Received, booked, moment, of};

type Line = (SettlementLine<'static>, Slice);

fn day(text: &str) -> NaiveDate {
    moment(&format!("{text} 00:00")).date()
}

/// A chargeback line of TX-1 and WEB-1 in a row of a file.
fn line(row: u32, reported: &str, gross: &str) -> Line {
    let gross = Amount::parse(gross, Currency::EUR).unwrap();
    let line = SettlementLine {
        order_reference: "WEB-1",
        slice: SliceId(1),
        line: row,
        transaction_id: "TX-1",
        event_time: None,
        gross,
        fee: Amount::ZERO,
        product: "",
        instalments: None,
        order_amount: None,
        contradiction: None,
    };
    let slice = Slice {
        id: SliceId(1),
        file: FileId(10),
        provider: "payone".to_owned(),
        merchant: "shop".to_owned(),
        currency: Currency::EUR,
        payout_reference: "P-1".to_owned(),
        report_date: day(reported),
        kind: LineKind::Chargeback,
        part: LinePart::Whole,
        lines: 1,
        gross,
        fee: Amount::ZERO,
    };
    (line, slice)
}

fn found(lines: &[Line], events: &[ProviderEvent<'static>], on: &str) -> Vec<Discrepancy> {
    let lines = lines.iter().map(|(line, slice)| (*line, slice));
    find(lines, events, &Received, day(on))
}

/// `order-reference transaction expected actual event-day` of each finding on a day.
fn said(lines: &[Line], events: &[ProviderEvent<'static>], on: &str) -> Vec<String> {
    let in_words = |found: &Discrepancy| {
        let text = |amount: Option<Amount>| amount.unwrap().display(found.currency.unwrap());
        format!(
            "{} {} {} {} {}",
            found.order_reference,
            found.transaction_id,
            text(found.expected),
            text(found.actual),
            found.event_date.format("%m-%d")
        )
    };
    found(lines, events, on).iter().map(in_words).collect()
}

const NOTHING: [String; 0] = [];

fn cancelation() -> [ProviderEvent<'static>; 2] {
    [
        booked(1, "11-05 10:00", "1 paid 200.00 0.00"),
        booked(2, "11-10 10:00", "1 cancelation 200.00 200.00"),
    ]
}

#[test]
fn lines_of_a_transaction_are_added_up_over_reports_and_orders() {
    let mut second = line(2, "11-08", "-50.00");
    second.0.order_reference = "";
    let lines = [line(1, "11-05", "-150.00"), second];
    assert_eq!(said(&lines, &[], "11-04"), NOTHING);
    assert_eq!(
        said(&lines, &[], "11-05"),
        ["WEB-1 TX-1 0.00 -150.00 11-05"]
    );
    assert_eq!(
        said(&lines, &[], "11-08"),
        ["WEB-1 TX-1 0.00 -200.00 11-08"]
    );
    let finding = &found(&lines, &[], "11-08")[0];
    assert_eq!(finding.key, ["payone", "TX-1"]);
    assert_eq!(finding.sources.len(), 2);
}

#[test]
fn a_reversal_makes_up_for_a_chargeback() {
    let lines = [line(1, "11-05", "-200.00"), line(2, "11-09", "200.00")];
    assert_eq!(said(&lines, &[], "11-08").len(), 1);
    assert_eq!(said(&lines, &[], "11-09"), NOTHING);
    let part = [line(1, "11-05", "-200.00"), line(2, "11-09", "120.00")];
    assert_eq!(said(&part, &[], "11-09"), ["WEB-1 TX-1 0.00 -80.00 11-09"]);
}

#[test]
fn identical_lines_count_once() {
    let lines = [line(1, "11-05", "-200.00"), line(2, "11-06", "-200.00")];
    assert_eq!(
        said(&lines, &[], "11-30"),
        ["WEB-1 TX-1 0.00 -200.00 11-06"]
    );
}

#[test]
fn transactions_and_providers_are_told_apart() {
    let mut other = line(2, "11-06", "-30.00");
    other.0.transaction_id = "TX-2";
    let mut elsewhere = line(3, "11-06", "200.00");
    elsewhere.1.provider = "other".to_owned();
    let lines = [line(1, "11-05", "-200.00"), other, elsewhere];
    assert_eq!(
        said(&lines, &[], "11-30"),
        [
            "WEB-1 TX-1 0.00 -200.00 11-05",
            "WEB-1 TX-2 0.00 -30.00 11-06"
        ]
    );
}

#[test]
fn without_a_transaction_every_line_stands_for_itself() {
    let mut lines = [
        line(1, "11-05", "-200.00"),
        line(2, "11-06", "-200.00"),
        line(3, "11-06", "-30.00"),
        line(4, "11-07", "30.00"),
    ];
    for (line, _) in &mut lines {
        line.transaction_id = "";
    }
    let all = found(&lines, &[], "11-30");
    let actual: Vec<_> = all
        .iter()
        .map(|found| found.actual.unwrap().to_minor())
        .collect();
    assert_eq!(all.len(), 2);
    assert!(actual.contains(&Some(-20_000)) && actual.contains(&Some(-3_000)));
    // The key is the identity of the line.
    assert!(
        all.iter()
            .all(|found| found.key.len() == 9 && found.key[1] == "chargeback")
    );
}

#[test]
fn other_kinds_of_lines_are_no_chargeback() {
    for kind in [LineKind::Cancellation, LineKind::Adjustment, LineKind::Memo] {
        let mut one = line(1, "11-05", "-200.00");
        one.1.kind = kind;
        assert_eq!(said(&[one], &[], "11-30"), NOTHING, "{kind:?}");
    }
}

#[test]
fn a_cancelation_is_a_chargeback_until_it_is_paid_again() {
    let mut events = cancelation().to_vec();
    assert_eq!(said(&[], &events, "11-09"), NOTHING);
    assert_eq!(
        said(&[], &events, "11-10"),
        ["WEB-1 TX-1 0.00 -200.00 11-10"]
    );
    // The very words of the first payment, six days later: no repeat of it.
    events.push(booked(3, "11-16 10:00", "1 paid 200.00 0.00"));
    assert_eq!(said(&[], &events, "11-15").len(), 1);
    assert_eq!(said(&[], &events, "11-16"), NOTHING);
}

#[test]
fn a_payment_that_is_only_repeated_does_not_make_up_for_it() {
    let events = [
        booked(1, "11-05 10:00", "1 paid 200.00 0.00"),
        booked(2, "11-06 10:00", "1 cancelation 200.00 200.00"),
        booked(3, "11-07 09:00", "1 paid 200.00 0.00"),
        booked(4, "11-07 21:00", "1 cancelation 200.00 200.00"),
    ];
    assert_eq!(
        said(&[], &events, "11-30"),
        ["WEB-1 TX-1 0.00 -200.00 11-06"]
    );
}

#[test]
fn the_payment_of_a_later_booking_that_came_before_does_not_make_up_for_it() {
    let events = [
        booked(1, "11-05 10:00", "1 paid 100.00 0.00"),
        booked(2, "11-08 10:00", "2 paid 200.00 0.00"),
        booked(3, "11-10 10:00", "1 cancelation 200.00 100.00"),
    ];
    assert_eq!(
        said(&[], &events, "11-30"),
        ["WEB-1 TX-1 0.00 -100.00 11-10"]
    );
}

#[test]
fn the_late_payment_of_an_earlier_booking_does_not_make_up_for_it() {
    let events = [
        booked(1, "11-08 10:00", "2 cancelation 200.00 100.00"),
        booked(2, "11-10 10:00", "1 paid 200.00 0.00"),
    ];
    assert_eq!(
        said(&[], &events, "11-30"),
        ["WEB-1 TX-1 0.00 -100.00 11-08"]
    );
    // The one of its own booking does, and so does that of a later one.
    for paid in ["2 paid 200.00 0.00", "3 paid 250.00 0.00"] {
        let events = [events[0], booked(3, "11-12 10:00", paid)];
        assert_eq!(said(&[], &events, "11-30"), NOTHING, "{paid}");
    }
}

#[test]
fn lines_and_notification_of_one_transaction_are_one_finding() {
    let mut unnamed = line(7, "11-12", "-190.00");
    unnamed.0.order_reference = "";
    let all = found(&[unnamed.clone()], &cancelation(), "11-30");
    assert_eq!(
        said(&[unnamed], &cancelation(), "11-30"),
        ["WEB-1 TX-1 0.00 -190.00 11-12"]
    );
    let sources: Vec<String> = all[0]
        .sources
        .iter()
        .map(|source| format!("{}:{}", source.file, source.line))
        .collect();
    assert_eq!(sources, ["lines.csv:7", "status.log:2"]);
    // The notification of another transaction is another finding.
    let other = cancelation().map(|event| of("TX-2", event));
    assert_eq!(
        said(&[line(7, "11-12", "-190.00")], &other, "11-30").len(),
        2
    );
}

#[test]
fn the_order_of_lines_and_events_changes_nothing() {
    let mut lines = [
        line(1, "11-05", "-200.00"),
        line(2, "11-06", "50.00"),
        line(3, "11-07", "-10.00"),
    ];
    let mut events = [
        booked(1, "11-05 10:00", "1 paid 200.00 0.00"),
        booked(2, "11-10 10:00", "1 cancelation 200.00 200.00"),
        of(
            "TX-2",
            booked(3, "11-10 10:00", "1 cancelation 80.00 80.00"),
        ),
        of("TX-2", booked(4, "11-11 10:00", "1 paid 80.00 0.00")),
    ];
    let before = found(&lines, &events, "11-30");
    lines.reverse();
    events.reverse();
    assert_eq!(found(&lines, &events, "11-30"), before);
    assert_eq!(before.len(), 1);
}
