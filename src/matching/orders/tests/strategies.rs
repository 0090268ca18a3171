//! Cases that properties are tried on: whatever the shop, the reports and the provider may say.

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::{Case, Line, cancel_event, line, nov, order};
use crate::domain::calendar::plus_days;
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
use crate::domain::provider_event::ProviderEvent;
use crate::domain::rules::Tolerance;
use crate::domain::settlement::{LineKind, LinePart};
use crate::domain::{Amount, Currency, Money};
use crate::matching::tests::events::{answered, booked, not_known};

/// The day that cases are looked at from.
pub(super) fn as_of() -> NaiveDate {
    nov(20)
}

/// Few different amounts, so that sums of some are equal to others.
fn amount() -> impl Strategy<Value = Amount> {
    select(vec![1_i64, 50, 5_000, 9_999, 10_000, 15_000, 20_000]).prop_map(Amount::from_minor)
}

/// A day around the day that cases are looked at from.
fn day() -> impl Strategy<Value = NaiveDate> {
    (-5_i64..45).prop_map(nov)
}

fn status() -> impl Strategy<Value = OrderStatus> {
    select(vec![
        OrderStatus::Funded,
        OrderStatus::Funded,
        OrderStatus::Cancelled,
        OrderStatus::Favorable,
        OrderStatus::Pending,
        OrderStatus::Refused,
    ])
}

pub(super) fn a_version(row: u32) -> impl Strategy<Value = Order<'static>> {
    let days = (
        day(),
        proptest::option::of(day()),
        proptest::option::of(day()),
    );
    let amounts = (
        amount(),
        proptest::option::of(amount()),
        proptest::option::of(amount()),
    );
    let rest = (
        status(),
        select(vec!["", "shop", "store"]),
        proptest::option::of(0_u32..3),
    );
    (days, amounts, rest).prop_map(move |(days, amounts, (status, merchant, updated))| Order {
        file: FileId(i64::from(row % 3)),
        line: row,
        merchant,
        amount: amounts.0,
        confirmed_amount: amounts.1,
        cancelled_amount: amounts.2,
        ordered_on: days.0,
        confirmed_on: days.1,
        cancelled_on: days.2,
        updated_at: updated.and_then(|hour| nov(1).and_hms_opt(hour, 0, 0)),
        ..order("1.00", status)
    })
}

fn an_event(row: u32) -> impl Strategy<Value = OrderEvent<'static>> {
    let kind = select(vec![
        OrderEventKind::Cancel,
        OrderEventKind::Refund,
        OrderEventKind::Confirm,
    ]);
    (kind, amount(), day(), select(vec!["", "", "E-1", "E-2"])).prop_map(
        move |(kind, amount, occurred_on, event_id)| OrderEvent {
            kind,
            amount,
            occurred_on,
            event_id,
            file: FileId(i64::from(row % 3)),
            ..cancel_event(row, "1.00", nov(1))
        },
    )
}

/// A line of a file that counts: reported on the day or before.
fn a_line(row: u32) -> impl Strategy<Value = Line> {
    let kind = select(vec![
        LineKind::Funding,
        LineKind::Funding,
        LineKind::Cancellation,
        LineKind::Adjustment,
    ]);
    let names = (
        select(vec!["T1", "T2"]),
        select(vec!["P-1", ""]),
        select(vec!["shop", "store"]),
    );
    let rest = (
        select(vec![LinePart::Whole, LinePart::Deposit]),
        0_i64..25,
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.05),
    );
    (kind, amount(), names, rest).prop_map(move |(kind, gross, names, rest)| {
        let (transaction_id, payout, merchant) = names;
        let (part, before, foreign, converted) = rest;
        let reported = plus_days(as_of(), -before);
        let (mut line, mut slice) = line(kind, "1.00", reported, row);
        line.gross = if kind == LineKind::Cancellation {
            -gross
        } else {
            gross
        };
        line.transaction_id = transaction_id;
        slice.payout_reference = payout.to_owned();
        slice.merchant = merchant.to_owned();
        slice.part = part;
        slice.file = FileId(10 + i64::from(row % 2));
        if foreign || converted {
            slice.currency = Currency::parse("USD").unwrap();
        }
        if converted {
            line.order_amount = Some(Money {
                amount: line.gross,
                currency: Currency::EUR,
            });
        }
        (line, slice)
    })
}

/// What the provider says of WEB-1, around the day that cases are looked at from.
fn a_provider_event(row: u32) -> impl Strategy<Value = ProviderEvent<'static>> {
    let at = "11-01 10:00";
    let said = select(vec![
        booked(row, at, "0 appointed 0.00 0.00"),
        booked(row, at, "1 capture 100.00 100.00"),
        booked(row, at, "2 paid 100.00 0.00"),
        booked(row, at, "3 debit 50.00 0.00"),
        booked(row, at, "3 refund 0.00 0.00"),
        answered(row, at, "FUNDED", "100.00"),
        answered(row, at, "FAVORABLE", "150.00"),
        answered(row, at, "ABORTED", ""),
        answered(row, at, "SURPRISE", ""),
        not_known(row, at),
    ]);
    let transaction = select(vec!["TX-1", "TX-1", "TX-2"]);
    (said, transaction, day()).prop_map(|(event, transaction_id, day)| ProviderEvent {
        provider: "oney",
        transaction_id,
        observed_on: day,
        observed_at: day.and_hms_opt(10, 0, 0).unwrap(),
        ..event
    })
}

/// Up to three of each, every one in a row of its own.
pub(super) fn a_case() -> impl Strategy<Value = Case> {
    let versions = (a_version(1), a_version(2), a_version(3)).prop_map(|(a, b, c)| vec![a, b, c]);
    let events = (an_event(1), an_event(2), an_event(3)).prop_map(|(a, b, c)| vec![a, b, c]);
    let lines = (a_line(1), a_line(2), a_line(3), a_line(4)).prop_map(|(a, b, c, d)| [a, b, c, d]);
    let said = (
        a_provider_event(1),
        a_provider_event(2),
        a_provider_event(3),
        a_provider_event(4),
    );
    let said = said.prop_map(|(a, b, c, d)| [a, b, c, d]);
    let counts = (0_usize..4, 0_usize..4, 0_usize..5, 0_usize..5);
    let rules = (
        select(vec![0_i64, 5]),
        proptest::option::of(5_u32..40),
        any::<bool>(),
        0_u32..4,
    );
    let rows = (versions, events, lines, said);
    (rows, counts, rules).prop_map(|((versions, events, lines, said), counts, rules)| {
        let (tolerance, deadline, reports_settlement, status_delay) = rules;
        Case::of(&versions[..counts.0], &lines[..counts.2])
            .with_events(&events[..counts.1])
            .with_provider_events(&said[..counts.3])
            .with_rules(|all| {
                all.amount_tolerance = Tolerance(Decimal::new(tolerance, 2));
                let oney = all.providers.get_mut("oney").unwrap();
                oney.confirm_deadline_days = deadline;
                oney.reports_settlement = reports_settlement;
                oney.status_delay_days = status_delay;
            })
    })
}

/// An order that was funded as it should be, with what the shop cancelled of it around the day.
pub(super) fn a_case_near_its_balance() -> impl Strategy<Value = Case> {
    (a_case(), a_version(1), a_line(1)).prop_map(|(case, version, (mut line, mut slice))| {
        let version = Order {
            status: OrderStatus::Funded,
            ordered_on: nov(1),
            ..version
        };
        slice.kind = LineKind::Funding;
        slice.currency = Currency::EUR;
        line.gross = version.expected_amount();
        line.order_amount = None;
        Case {
            versions: vec![version],
            lines: vec![(line, slice)],
            ..case
        }
    })
}

/// A financed order of which everything has fallen due, with lines in its own currency.
pub(super) fn a_case_of_which_all_is_due() -> impl Strategy<Value = Case> {
    (a_case(), a_version(1), any::<bool>()).prop_map(|(case, version, cancelled)| {
        let long_ago = |day: NaiveDate| plus_days(day, -100);
        let status = if cancelled {
            OrderStatus::Cancelled
        } else {
            OrderStatus::Funded
        };
        let version = Order {
            status,
            ordered_on: long_ago(version.ordered_on),
            confirmed_on: version.confirmed_on.map(long_ago),
            cancelled_on: version.cancelled_on.map(long_ago),
            ..version
        };
        let mut case = Case {
            versions: vec![version],
            provider_events: Vec::new(),
            ..case
        }
        .with_rules(|rules| {
            rules.amount_tolerance = Tolerance(Decimal::ZERO);
            rules.providers.get_mut("oney").unwrap().reports_settlement = true;
        });
        for event in &mut case.events {
            event.occurred_on = long_ago(event.occurred_on);
        }
        for (line, slice) in &mut case.lines {
            slice.currency = Currency::EUR;
            line.order_amount = None;
        }
        case
    })
}
