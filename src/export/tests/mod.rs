//! What is booked, worked out by hand, and how each format writes it.

mod booking;
mod formats;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::compose::{Party, Reported};
use super::model::{Entry, Journal, Source};
use crate::domain::payout::BankEntry;
use crate::domain::rules::SettlementMode;
use crate::domain::settlement::LineKind;
use crate::domain::{Amount, Currency};

const ONEY: Party<'static> = Party {
    provider: "oney",
    name: "Oney",
};

fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn euros(text: &str) -> Amount {
    Amount::parse(text, Currency::EUR).unwrap()
}

/// Lines of Oney reported on the 18th in net mode, with 20 % VAT in their commission.
fn reported(kind: LineKind, gross: &str, fee: &str) -> Reported<'static> {
    let fee = euros(fee);
    Reported {
        party: ONEY,
        mode: SettlementMode::Net,
        kind,
        date: nov(18),
        currency: Currency::EUR,
        reference: "TFR1".to_owned(),
        payout: "TFR1".to_owned(),
        source: Source {
            file: "crp_fr_v3_261118_001.csv".to_owned(),
            lines: vec![(2, 9), (11, 11)],
        },
        gross: euros(gross),
        fee,
        fee_by_vat: BTreeMap::from([(Decimal::from(20), fee)]),
    }
}

fn bank_entry(id: &str, amount: &str, day: u32) -> BankEntry {
    BankEntry {
        entry_id: id.to_owned(),
        account: "FR76".to_owned(),
        booked_on: nov(day),
        amount: euros(amount),
        currency: Currency::EUR,
        counterparty: "ONEY BANK".to_owned(),
        references: Vec::new(),
        remittance: String::new(),
        file: "bank.xml".to_owned(),
        line: 3,
    }
}

/// `receivable 97.10`, a line of the entry each.
fn shown(entry: &Entry) -> Vec<String> {
    let line = |line: &super::model::Line| {
        let amount = line.amount.display(entry.currency);
        format!("{} {amount}", line.account.role.word())
    };
    entry.lines().iter().map(line).collect()
}

fn of_november(entries: impl IntoIterator<Item = Entry>) -> Journal {
    Journal::of_days(entries.into_iter().collect(), (nov(1), nov(30)), nov(30))
}
