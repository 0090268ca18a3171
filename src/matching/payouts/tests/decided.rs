//! Rule 0: what a person linked.

use super::*;
use crate::domain::link::{BankLink, EntryName, MonthName, PayoutName, Rest};
use crate::matching::payouts::{Purpose, reconcile_bookings};

fn named(reference: &str) -> PayoutName {
    PayoutName {
        provider: "oney".to_owned(),
        reference: reference.to_owned(),
        currency: Currency::EUR,
    }
}

/// A link of the 20th between payouts of Oney and entries, with what of it goes to an account.
fn link(payouts: &[&str], entries: &[&str], rest: &str) -> DecidedGroup {
    let entry = |id: &&str| EntryName {
        account: "FR76 1".to_owned(),
        entry: (*id).to_owned(),
    };
    let amount = euros(if rest.is_empty() { "0.00" } else { rest });
    DecidedGroup {
        id: "3f0c2a9b17de".to_owned(),
        day: nov(20),
        link: BankLink {
            payouts: payouts.iter().map(|name| named(name)).collect(),
            month: None,
            entries: entries.iter().map(entry).collect(),
            rest: (!rest.is_empty()).then(|| Rest {
                account: "658000".to_owned(),
                amount,
            }),
        },
    }
}

/// An entry that names nothing and nobody.
fn silent(id: &str, amount: &str) -> BankEntry {
    BankEntry {
        account: "FR761".to_owned(),
        counterparty: "X".to_owned(),
        ..entry(id, amount, 16)
    }
}

#[test]
fn a_link_brings_together_what_neither_text_nor_amount_does() {
    let payouts = [payout("T1", "60.00", 12), payout("T2", "40.00", 13)];
    let mut night = Night::new(payouts, [silent("E1", "70.00"), silent("E2", "30.00")]);
    night.links = vec![link(&["T1", "T2"], &["E1", "E2"], "")];
    assert_eq!(
        night.says(25),
        [
            "T1 matched by decision 60.00 of 60.00 [E1;E2]",
            "T2 matched by decision 40.00 of 40.00 [E1;E2]",
        ]
    );
}

#[test]
fn a_tie_ends_when_a_person_says_which_entry_it_is() {
    let payouts = [payout("T1", "100.00", 16)];
    let entries = [entry("E1", "100.00", 15), entry("E2", "100.00", 17)];
    let mut night = Night::new(payouts, entries);
    assert!(night.says(25)[1].starts_with("AMBIGUOUS_MATCH"));
    for it in &mut night.entries {
        it.account = "FR761".to_owned();
    }
    night.links = vec![link(&["T1"], &["E2"], "")];
    assert_eq!(
        night.says(25),
        [
            "T1 matched by decision 100.00 of 100.00 [E2]",
            "BANK_CREDIT_UNEXPLAINED FR761/E1 0.00 100.00 on 11-15",
        ]
    );
}

#[test]
fn a_rest_that_was_written_off_is_no_difference_and_another_one_is() {
    let linked = |gross: &str| {
        let mut night = Night::new([payout("T1", gross, 12)], [silent("E1", "90.00")]);
        night.links = vec![link(&["T1"], &["E1"], "-10.00")];
        night.says(25)
    };
    assert_eq!(
        linked("100.00"),
        ["T1 matched by decision 90.00 of 100.00 [E1]"]
    );
    // The payout was corrected since: what was written off is not what is missing now.
    assert_eq!(
        linked("105.00"),
        [
            "T1 mismatched by decision 90.00 of 105.00 [E1]",
            "PAYOUT_AMOUNT_MISMATCH oney/T1/EUR 105.00 90.00 on 11-16",
        ]
    );
}

#[test]
fn where_one_side_of_a_link_is_gone_the_other_is_left_to_the_other_rules() {
    let mut night = Night::new(
        [payout("T1", "100.00", 12)],
        [entry_saying("E2", "100.00", 13, "ONEY T1")],
    );
    night.links = vec![link(&["T1"], &["GONE"], ""), link(&["GONE"], &["E2"], "")];
    assert_eq!(
        night.says(25),
        ["T1 matched by amount 100.00 of 100.00 [E2]"]
    );
}

#[test]
fn of_two_links_that_name_the_same_thing_the_earlier_one_holds() {
    let payouts = [payout("T1", "100.00", 12), payout("T2", "100.00", 12)];
    let mut night = Night::new(payouts, [silent("E1", "100.00")]);
    night.links = vec![link(&["T1"], &["E1"], ""), link(&["T2"], &["E1"], "")];
    let says = night.says(25);
    assert_eq!(says[0], "T1 matched by decision 100.00 of 100.00 [E1]");
    assert_eq!(says[1], "T2 not_received 0.00 of 100.00");
}

#[test]
fn an_entry_that_is_something_else_raises_nothing_and_goes_to_its_account_on_that_day() {
    let mut own = entry("E1", "12.34", 13);
    own.account = "FR761".to_owned();
    let mut night = Night::new([], [own]);
    night.links = vec![link(&[], &["E1"], "12.34")];
    assert_eq!(night.says(25), Vec::<String>::new());
    let items = PayoutItems {
        payouts: &night.payouts,
        unassigned: &night.unassigned,
        monthly_fees: &night.monthly_fees,
        entries: &night.entries,
        links: &night.links,
    };
    let (_, bookings) = reconcile_bookings(&items, &night.rules, &Covered::everything(nov(25)));
    let elsewhere = Purpose::Elsewhere {
        provider: "oney".to_owned(),
        account: "658000".to_owned(),
        since: nov(20),
    };
    assert_eq!(bookings[0].purpose, elsewhere);
}

#[test]
fn a_months_commissions_may_be_debited_by_entries_that_a_person_names() {
    let month = |fee: &str| MonthlyFee {
        provider: "payone".to_owned(),
        currency: Currency::EUR,
        month_end: NaiveDate::from_ymd_opt(2026, 9, 30).unwrap(),
        fee: euros(fee),
    };
    let mut night = Night::new([], [silent("E1", "-20.00"), silent("E2", "-9.00")]);
    night.monthly_fees = vec![month("29.00")];
    let missing = "DEBIT_NOT_TAKEN payone/2026-09/EUR -29.00 0.00 on 11-14";
    assert_eq!(night.says(25), [missing]);
    let mut group = link(&[], &["E1", "E2"], "");
    group.link.month = Some(MonthName {
        provider: "payone".to_owned(),
        currency: Currency::EUR,
        month_end: NaiveDate::from_ymd_opt(2026, 9, 30).unwrap(),
    });
    night.links = vec![group];
    assert_eq!(night.says(25), Vec::<String>::new());
    // More commissions are reported for that month: it is no longer what was debited.
    night.monthly_fees = vec![month("30.00")];
    assert_eq!(night.says(25), [missing.replace("29.00", "30.00")]);
}
