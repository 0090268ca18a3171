//! What explains what, and for each rule the look-alike that explains nothing.

use chrono::NaiveDate;

use super::{Surroundings, Window, find};
use crate::domain::detail::{Detail, MissingReport, UnknownOrder};
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, State};
use crate::domain::file::RowNames;
use crate::domain::found::FoundList;
use crate::domain::{Amount, Currency};
use crate::matching::tests::completeness::rules;

fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// Something of Oney with its amounts; the parts of its key follow the provider's.
fn found(code: Code, key: &[&str], day: u32, [expected, actual]: [i64; 2]) -> Discrepancy {
    let key = std::iter::once(&"oney").chain(key);
    let key: Vec<String> = key.map(|part| (*part).to_owned()).collect();
    Discrepancy {
        provider: "oney".to_owned(),
        order_reference: key[1].clone(),
        payout_reference: key[1].clone(),
        currency: Some(Currency::EUR),
        expected: Some(Amount::from_minor(expected)),
        actual: Some(Amount::from_minor(actual)),
        ..Discrepancy::new(code, key, nov(day))
    }
}

fn funding(order: &str, day: u32) -> Discrepancy {
    found(Code::FundingNotReported, &[order], day, [5_000, 0])
}

fn rejected() -> Discrepancy {
    let key = vec!["sha".to_owned(), "7".to_owned()];
    Discrepancy {
        provider: "oney".to_owned(),
        ..Discrepancy::new(Code::LineRejected, key, nov(2))
    }
}

fn credit(id: &str, day: u32, amount: i64) -> Discrepancy {
    let key = vec!["FR76".to_owned(), id.to_owned()];
    Discrepancy {
        key,
        account: "FR76".to_owned(),
        ..found(Code::BankCreditUnexplained, &[id], day, [0, amount])
    }
}

fn missing(day: u32) -> Discrepancy {
    let key = ["fr".to_owned(), nov(day).to_string()];
    let key: Vec<&str> = key.iter().map(String::as_str).collect();
    Discrepancy {
        detail: Detail::MissingReport(MissingReport {
            country: "fr".to_owned(),
            number: None,
            count: 1,
        }),
        ..found(Code::ReportMissing, &key, day, [0, 0])
    }
}

/// The places of effect and cause in `all`, of everything that is explained.
fn links(all: &[Discrepancy], around: &Surroundings) -> Vec<(usize, usize)> {
    let reported = |discrepancy: &Discrepancy| ReportedDiscrepancy {
        id: discrepancy.id(),
        discrepancy: discrepancy.clone(),
        state: State::New,
        first_seen: None,
        assignee: String::new(),
        note: String::new(),
    };
    let list: FoundList = all.iter().map(reported).collect();
    let causes = find(&list, around, &rules());
    let place = |id| all.iter().position(|it| it.identity() == id).unwrap();
    let explained = all.iter().enumerate();
    explained
        .filter_map(|(at, it)| Some((at, place(causes.cause_of(it.identity())?))))
        .collect()
}

fn row_names(order: &str) -> Surroundings {
    let names = RowNames {
        order_reference: order.to_owned(),
        ..RowNames::default()
    };
    let mut around = Surroundings::default();
    let place = ("sha".to_owned(), 7);
    around.rejected.insert(place, ("oney".to_owned(), names));
    around
}

#[test]
fn a_rejected_row_explains_what_is_found_of_the_order_that_it_names() {
    let all = [rejected(), funding("WEB-1", 9), funding("WEB-2", 9)];
    assert_eq!(links(&all, &row_names("WEB-1")), [(1, 0)]);
    assert_eq!(links(&all, &row_names("WEB-11")), []);
}

#[test]
fn wrong_fees_explain_a_payout_that_differs_by_just_their_sum() {
    let group = Discrepancy {
        detail: Detail::PaidTogether(vec!["T77".to_owned()]),
        ..found(
            Code::PayoutAmountMismatch,
            &["T77", "EUR"],
            9,
            [9_000, 8_800],
        )
    };
    let fee = |line: &str, by: i64| Discrepancy {
        payout_reference: "T77".to_owned(),
        ..found(Code::FeeMismatch, &[line], 5, [-100, -100 - by])
    };
    let all = [group.clone(), fee("A", 150), fee("B", 50)];
    assert_eq!(links(&all, &Surroundings::default()), [(0, 1)]);
    let all = [group, fee("A", 150), fee("B", 60)];
    assert_eq!(links(&all, &Surroundings::default()), []);
}

#[test]
fn another_status_explains_the_amounts_of_its_order_alone() {
    let status = found(Code::ProviderStatusMismatch, &["WEB-1"], 5, [0, 0]);
    let all = [status, funding("WEB-1", 9), funding("WEB-2", 9)];
    assert_eq!(links(&all, &Surroundings::default()), [(1, 0)]);
}

#[test]
fn an_unknown_order_explains_the_nearest_one_of_its_amount() {
    let unknown = |order: &str, amount| Discrepancy {
        detail: Detail::UnknownOrder(UnknownOrder {
            nearest: Some("WEB-1".to_owned()),
            ..UnknownOrder::default()
        }),
        ..found(Code::OrderNotFound, &[order], 5, [0, amount])
    };
    let all = [unknown("WEB1", 5_000), funding("WEB-1", 9)];
    assert_eq!(links(&all, &Surroundings::default()), [(1, 0)]);
    let other_amount = [unknown("WEB1", 4_000), funding("WEB-1", 9)];
    assert_eq!(links(&other_amount, &Surroundings::default()), []);
    let two = [
        unknown("WEB1", 5_000),
        funding("WEB-1", 9),
        unknown("WEB_1", 5_000),
    ];
    assert_eq!(links(&two, &Surroundings::default()), []);
}

#[test]
fn lines_without_a_reference_explain_the_one_entry_of_their_sum() {
    let mut sum = found(Code::PayoutReferenceMissing, &["a.csv"], 9, [0, 700]);
    sum.file = "a.csv".to_owned();
    let mut around = Surroundings::default();
    let window = Window {
        opens: nov(1),
        closes: nov(20),
    };
    let place = ("oney".to_owned(), "a.csv".to_owned());
    around.unassigned.insert(place, window);
    let all = [sum.clone(), credit("E1", 6, 700), credit("E2", 6, 800)];
    assert_eq!(links(&all, &around), [(1, 0)]);
    let twins = [sum.clone(), credit("E1", 6, 700), credit("E2", 7, 700)];
    assert_eq!(links(&twins, &around), []);
    assert_eq!(links(&[sum, credit("E1", 21, 700)], &around), []);
}

#[test]
fn a_gap_between_statements_explains_a_payout_that_it_may_hold() {
    let mut gap = found(Code::StatementGap, &["FR76"], 6, [0, 0]);
    gap.account = "FR76".to_owned();
    let payout = found(Code::PayoutNotReceived, &["T77", "EUR"], 9, [700, 0]);
    let mut around = Surroundings::default();
    let key = ("oney".to_owned(), "T77".to_owned(), Currency::EUR);
    let window = Window {
        opens: nov(1),
        closes: nov(20),
    };
    around.payouts.insert(key.clone(), window);
    let accounts = ["FR76".to_owned()].into_iter().collect();
    around.accounts.insert("oney".to_owned(), accounts);
    let all = [gap, payout];
    assert_eq!(links(&all, &around), [(1, 0)]);
    let later = Window {
        opens: nov(7),
        ..window
    };
    around.payouts.insert(key, later);
    assert_eq!(links(&all, &around), []);
}

#[test]
fn a_missing_report_explains_what_it_may_hold() {
    // Confirmed on the 4th, due on the 9th; booked on the 12th.
    let all = [
        missing(3),
        missing(5),
        missing(8),
        funding("WEB-1", 9),
        credit("E1", 12, 700),
    ];
    assert_eq!(links(&all, &Surroundings::default()), [(3, 1), (4, 2)]);
    let too_early = [missing(3), funding("WEB-1", 9)];
    assert_eq!(links(&too_early, &Surroundings::default()), []);
    let too_late = [missing(10), funding("WEB-1", 9), credit("E1", 9, 700)];
    assert_eq!(links(&too_late, &Surroundings::default()), []);
}
