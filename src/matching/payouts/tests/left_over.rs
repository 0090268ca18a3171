//! What no rule explains, and when it is said.

use super::*;
use crate::domain::detail::Detail;

#[test]
fn a_payout_is_missed_from_the_day_its_grace_ends() {
    // Thursday the 5th and three business days: Tuesday the 10th.
    let night = Night::new([payout("A", "100.00", 5)], []);
    assert_eq!(night.says(9), ["A pending of 100.00"]);
    assert_eq!(
        night.says(10),
        [
            "A not_received 0.00 of 100.00",
            "PAYOUT_NOT_RECEIVED oney/A/EUR 100.00 0.00 on 11-10",
        ]
    );
    let outcome = night.outcome(nov(10));
    let found = outcome.discrepancies.first().unwrap();
    assert_eq!(found.merchant, "shop");
    assert_eq!(found.payout_reference, "A");
    assert_eq!(found.sources.first().unwrap().file, "crp_5.csv");
}

#[test]
fn a_negative_payout_is_a_debit_in_gross_mode() {
    let mut debit = payout("A", "-100.00", 5);
    debit.provider = "payone".to_owned();
    let night = Night::new([debit], []);
    assert_eq!(night.says(9), ["A pending of -100.00"]);
    assert_eq!(
        night.says(10),
        [
            "A not_received 0.00 of -100.00",
            "DEBIT_NOT_TAKEN payone/A/EUR -100.00 0.00 on 11-10",
        ]
    );
}

#[test]
fn the_mode_says_what_is_paid() {
    let mut net = payout("A", "100.00", 5);
    net.fee = euros("2.50");
    let mut gross = net.clone();
    gross.provider = "payone".to_owned();
    assert_eq!(
        Night::new([net, gross], []).says(5),
        ["A pending of 97.50", "A pending of 100.00"]
    );
}

#[test]
fn an_entry_is_unexplained_from_the_day_its_grace_ends() {
    let night = Night::new([], [entry("E2", "-7.00", 5), entry("E1", "5.00", 5)]);
    assert!(night.says(9).is_empty());
    assert_eq!(
        night.says(10),
        [
            "BANK_CREDIT_UNEXPLAINED FR76/E1 0.00 5.00 on 11-05",
            "BANK_DEBIT_UNEXPLAINED FR76/E2 0.00 -7.00 on 11-05",
        ]
    );
    let outcome = night.outcome(nov(10));
    let found = outcome.discrepancies.first().unwrap();
    assert_eq!(
        (found.provider.as_str(), found.bank_entry.as_str()),
        ("oney", "E1")
    );
    assert_eq!(found.sources.first().unwrap().line, 1);
}

#[test]
fn only_entries_of_a_provider_are_unexplained() {
    let mut stranger = entry("E1", "5.00", 5);
    stranger.counterparty = "MONEYBOX".to_owned();
    let mut night = Night::new([], [stranger]);
    assert!(night.says(30).is_empty());

    night.entries = vec![entry("E1", "5.00", 5)];
    assert_eq!(night.says(30).len(), 1);
}

#[test]
fn money_on_an_account_that_the_provider_does_not_pay_to_is_unexplained_and_pays_nothing() {
    let mut night = Night::new([payout("A", "5.00", 4)], [entry("E1", "5.00", 5)]);
    night.rules.providers.get_mut("oney").unwrap().accounts = vec!["DE89".to_owned()];
    assert_eq!(
        night.says(30),
        [
            "A not_received 0.00 of 5.00",
            "BANK_CREDIT_UNEXPLAINED FR76/E1 0.00 5.00 on 11-05",
            "PAYOUT_NOT_RECEIVED oney/A/EUR 5.00 0.00 on 11-09",
        ]
    );
    // Neither with others, nor as the debit of a month's commissions.
    night.payouts = vec![payout("A", "2.00", 4), payout("B", "3.00", 4)];
    assert_eq!(night.says(30).len(), 5);
    let payone = night.rules.providers.get_mut("payone").unwrap();
    payone.accounts = vec!["DE89".to_owned()];
    night.payouts.clear();
    night.monthly_fees = vec![MonthlyFee {
        provider: "payone".to_owned(),
        currency: Currency::EUR,
        month_end: nov(30),
        fee: euros("5.00"),
    }];
    night.entries = vec![entry_saying("E2", "-5.00", 33, "PAYONE")];
    let said = night.says(75);
    assert_eq!(said.len(), 2, "{said:?}");
}

#[test]
fn an_unexplained_entry_of_several_providers_is_that_of_the_account() {
    let mut night = Night::new([], [entry_saying("E1", "5.00", 5, "PAYONE")]);
    night.rules.providers.get_mut("oney").unwrap().accounts = vec!["DE89".to_owned()];
    let outcome = night.outcome(nov(30));
    assert_eq!(outcome.discrepancies.first().unwrap().provider, "payone");
}

#[test]
fn an_unexplained_entry_of_several_providers_is_the_first_ones() {
    let night = Night::new([], [entry_saying("E1", "5.00", 5, "PAYONE")]);
    let outcome = night.outcome(nov(30));
    assert_eq!(outcome.discrepancies.first().unwrap().provider, "oney");
}

#[test]
fn a_provider_without_settings_pays_net_and_is_known_by_its_name() {
    let mut unknown = payout("A", "100.00", 5);
    unknown.provider = "alma".to_owned();
    unknown.fee = euros("1.00");
    let mut bank = entry("E1", "99.00", 6);
    bank.counterparty = "Alma SAS".to_owned();
    assert_eq!(
        Night::new([unknown], [bank]).says(6),
        ["A matched by amount 99.00 of 99.00 [E1]"]
    );
}

fn unassigned(file: &str, currency: &str, gross: &str, last: u32) -> UnassignedLines {
    UnassignedLines {
        provider: "oney".to_owned(),
        file: file.to_owned(),
        currency: Currency::parse(currency).unwrap(),
        first: nov(last),
        last: nov(last),
        lines: 2,
        gross: euros(gross),
        fee: euros("1.00"),
    }
}

#[test]
fn lines_without_a_payout_reference_are_one_finding_a_file() {
    let mut night = Night::new([], []);
    night.unassigned = vec![
        unassigned("b.csv", "EUR", "10.00", 5),
        unassigned("a.csv", "EUR", "20.00", 5),
    ];
    assert!(night.says(9).is_empty());
    assert_eq!(
        night.says(10),
        [
            "PAYOUT_REFERENCE_MISSING oney/a.csv – 19.00 on 11-10",
            "PAYOUT_REFERENCE_MISSING oney/b.csv – 9.00 on 11-10",
        ]
    );
}

#[test]
fn a_file_of_several_currencies_has_no_sum_but_names_each() {
    let mut night = Night::new([], []);
    night.unassigned = vec![
        unassigned("a.csv", "USD", "10.00", 5),
        unassigned("a.csv", "EUR", "20.00", 4),
    ];
    let outcome = night.outcome(nov(10));
    let found = outcome.discrepancies.first().unwrap();
    assert_eq!(outcome.discrepancies.len(), 1);
    assert_eq!((found.currency, found.actual), (None, None));
    let Detail::UnassignedLines(lines) = &found.detail else {
        panic!("{:?}", found.detail);
    };
    let sums = lines.sums.iter();
    let sums = sums.map(|sum| format!("{} {}", sum.amount.display(sum.currency), sum.currency));
    assert_eq!(sums.collect::<Vec<_>>(), ["19.00 EUR", "9.00 USD"]);
    assert_eq!(lines.lines, 4);
    assert_eq!(found.event_date, nov(10));
}
