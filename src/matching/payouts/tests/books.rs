//! What is said while the statements or the reports do not reach the day.

use std::collections::BTreeMap;

use super::{Night, entry, entry_saying, euros, nov, payout};
use crate::domain::coverage::Book;
use crate::domain::file::{FileId, InputKind};
use crate::domain::payout::PayoutState;
use crate::domain::rules::FeedInput;
use crate::domain::statement::{Statement, StatementId, StatementKind, StoredStatement};
use crate::domain::{Amount, Currency};
use crate::matching::coverage::{CoverageItems, Covered, Delivery};

/// How far the books reach, seen from a day: statements of some accounts, and reports of Oney.
fn covered(
    night: &mut Night,
    as_of: u32,
    accounts: &[(&str, u32)],
    reports: Option<u32>,
) -> Covered {
    let input = |kind, path: &str, provider: Option<&str>| FeedInput {
        kind,
        path: path.to_owned(),
        provider: provider.map(str::to_owned),
        max_silence_business_days: 0,
    };
    night.rules.inputs = vec![input(InputKind::OneyCrp, "oney", Some("oney"))];
    if !accounts.is_empty() {
        let bank = input(InputKind::BankStatement, "bank", None);
        night.rules.inputs.push(bank);
    }
    let statement = |(number, (account, until)): (i64, &(&str, u32))| StoredStatement {
        number: StatementId(number),
        file: FileId(number),
        statement: Statement {
            account: (*account).to_owned(),
            id: String::new(),
            sequence: String::new(),
            from: None,
            to: Some(nov(*until)),
            currency: Some(Currency::EUR),
            opening: None,
            closing: None,
            kind: StatementKind::Booked,
            covers_until: Some(nov(*until)),
        },
        entries: 0,
        credits: Amount::ZERO,
        debits: Amount::ZERO,
        rejected: 0,
    };
    let statements: Vec<_> = (1..).zip(accounts).map(statement).collect();
    let statements: Vec<_> = statements.iter().collect();
    let report = |day: u32| Delivery {
        kind: InputKind::OneyCrp,
        input: "oney",
        provider: "oney",
        orders_of: &[],
        received: nov(day),
        report_date: Some(nov(day)),
    };
    let deliveries: Vec<_> = reports.into_iter().map(report).collect();
    let items = CoverageItems {
        deliveries: &deliveries,
        statements: &statements,
        entries: &[],
        input_of: &BTreeMap::new(),
        first_recorded: None,
    };
    Covered::new(&items, &night.rules, nov(as_of))
}

fn says(night: &Night, covered: &Covered) -> (Vec<&'static str>, Vec<(Book, Amount)>) {
    let outcome = night.covered(covered);
    let codes = outcome.discrepancies.iter().map(|it| it.code.word());
    let waits = outcome.waiting.iter();
    (
        codes.collect(),
        waits.map(|it| (it.book.clone(), it.amount)).collect(),
    )
}

fn account(name: &str) -> Book {
    Book::Bank(Some(name.to_owned()))
}

#[test]
fn a_payout_is_missing_only_once_the_statements_reach_the_end_of_its_grace() {
    // Reported on Monday the 2nd: the grace ends on Thursday the 5th.
    let mut night = Night::new([payout("T77", "100.00", 2)], []);
    let ends_before = covered(&mut night, 20, &[("FR76", 4)], None);
    assert_eq!(
        says(&night, &ends_before),
        (vec![], vec![(account("FR76"), euros("100.00"))])
    );
    let outcome = night.covered(&ends_before);
    assert_eq!(outcome.payouts[0].state, PayoutState::Pending);
    let awaited = outcome.payouts[0].waits_for.clone().unwrap();
    assert_eq!(awaited.account.as_deref(), Some("FR76"));
    assert_eq!(awaited.ends_on, Some(nov(4)));
    let reaches = covered(&mut night, 20, &[("FR76", 5)], None);
    assert_eq!(
        says(&night, &reaches),
        (vec!["PAYOUT_NOT_RECEIVED"], vec![])
    );
}

#[test]
fn a_payout_waits_for_the_account_that_ends_first_and_not_for_one_of_others() {
    let paid = entry_saying("E1", "7.00", 3, "other");
    let mut night = Night::new([payout("T77", "100.00", 2)], [paid]);
    // The provider was seen on FR76 alone; nobody asks whether FR99 is known.
    let books = covered(&mut night, 20, &[("FR76", 10), ("FR99", 1)], Some(20));
    assert_eq!(
        says(&night, &books).0,
        ["BANK_CREDIT_UNEXPLAINED", "PAYOUT_NOT_RECEIVED"]
    );
    night.entries.clear();
    let books = covered(&mut night, 20, &[("FR76", 10), ("FR99", 1)], Some(20));
    assert_eq!(says(&night, &books).1, [(account("FR99"), euros("100.00"))]);
}

#[test]
fn without_statements_no_payout_is_called_missing() {
    let mut night = Night::new([payout("T77", "100.00", 2)], []);
    let books = covered(&mut night, 20, &[], None);
    assert_eq!(says(&night, &books), (vec![], vec![]));
}

#[test]
fn a_debit_waits_for_the_bank_like_a_payout() {
    let mut debit = payout("T77", "-100.00", 2);
    debit.provider = "payone".to_owned();
    let mut night = Night::new([debit], []);
    let books = covered(&mut night, 20, &[("FR76", 4)], None);
    assert_eq!(says(&night, &books).1, [(account("FR76"), euros("100.00"))]);
    let books = covered(&mut night, 20, &[("FR76", 5)], None);
    assert_eq!(says(&night, &books).0, ["DEBIT_NOT_TAKEN"]);
}

#[test]
fn another_amount_waits_for_the_bank_only_where_no_booking_makes_it_certain() {
    let paid = entry_saying("E1", "90.00", 3, "T777");
    let mut night = Night::new([payout("T777", "100.00", 2)], [paid]);
    // Booked on the 3rd: certain by that on the 6th, whatever the statements.
    let books = covered(&mut night, 5, &[("FR76", 4)], None);
    assert_eq!(says(&night, &books).1, [(account("FR76"), euros("10.00"))]);
    let books = covered(&mut night, 6, &[("FR76", 4)], None);
    assert_eq!(says(&night, &books).0, ["PAYOUT_AMOUNT_MISMATCH"]);
    let books = covered(&mut night, 5, &[("FR76", 5)], None);
    assert_eq!(says(&night, &books).0, ["PAYOUT_AMOUNT_MISMATCH"]);
}

#[test]
fn an_entry_is_unexplained_only_once_the_reports_reach_the_end_of_its_grace() {
    let mut night = Night::new([], [entry("E1", "50.00", 3)]);
    let books = covered(&mut night, 20, &[("FR76", 20)], Some(5));
    let reports = Book::Reports("oney".to_owned());
    assert_eq!(
        says(&night, &books),
        (vec![], vec![(reports, euros("50.00"))])
    );
    let books = covered(&mut night, 20, &[("FR76", 20)], Some(6));
    assert_eq!(says(&night, &books).0, ["BANK_CREDIT_UNEXPLAINED"]);
}

#[test]
fn an_entry_of_a_provider_without_reports_asks_for_none() {
    let mut of_payone = entry("E1", "50.00", 3);
    of_payone.counterparty = "PAYONE".to_owned();
    let mut night = Night::new([], [of_payone.clone()]);
    let books = covered(&mut night, 20, &[("FR76", 20)], Some(20));
    assert_eq!(says(&night, &books), (vec![], vec![]));
    // Where another text is found too, its provider's reports are asked.
    of_payone.remittance = "for Oney".to_owned();
    night.entries = vec![of_payone];
    let books = covered(&mut night, 20, &[("FR76", 20)], Some(20));
    assert_eq!(says(&night, &books).0, ["BANK_CREDIT_UNEXPLAINED"]);
}
