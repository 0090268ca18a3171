//! A beancount ledger: accounts opened on the day of their first entry, transactions by date.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::NaiveDate;

use super::model::{Entry, Journal};
use super::naming::Chart;
use super::text::{Tongue, ascii, plain, postings, word};
use crate::domain::Amount;
use crate::domain::accounts::AccountSettings;

pub(super) fn render(journal: &Journal, settings: &AccountSettings) -> String {
    let chart = Chart::new(&settings.beancount, journal, component);
    let mut text = String::new();
    head(journal, &chart, &mut text);
    for entry in &journal.entries {
        text.push('\n');
        transaction(entry, &chart, &mut text);
    }
    text
}

/// Writing to a text cannot fail.
macro_rules! put {
    ($text:expr, $($what:tt)*) => {
        writeln!($text, $($what)*).unwrap_or_default()
    };
}

/// A part of an account's name begins with a capital letter or a digit.
fn component(name: &str) -> String {
    let plain = ascii(name, "", '-');
    let plain = plain.trim_matches('-');
    let mut letters = plain.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Unnamed".to_owned(),
    }
}

fn head(journal: &Journal, chart: &Chart<'_>, text: &mut String) {
    put!(
        text,
        "; crp-recon: {} to {}, seen from {}",
        journal.from,
        journal.to,
        journal.as_of
    );
    for ((account, currency), balance) in &journal.balances {
        let show = |amount: Amount| amount.display(*currency);
        put!(
            text,
            "; {}: {} {currency} before, {} {currency} after",
            chart.name(account),
            show(balance.opening),
            show(balance.closing)
        );
    }
    let mut opened: BTreeMap<String, (NaiveDate, BTreeSet<&str>)> = BTreeMap::new();
    for entry in &journal.entries {
        for line in entry.lines() {
            let first = || (entry.date, BTreeSet::new());
            let (_, currencies) = opened
                .entry(chart.name(&line.account))
                .or_insert_with(first);
            currencies.insert(entry.currency.code());
        }
    }
    for (account, (day, currencies)) in opened {
        let currencies: Vec<&str> = currencies.into_iter().collect();
        put!(text, "{day} open {account} {}", currencies.join(","));
    }
}

fn transaction(entry: &Entry, chart: &Chart<'_>, text: &mut String) {
    let note = format!("{} {}", word(entry.kind, Tongue::English), entry.reference);
    let mut links = String::new();
    for reference in entry.reference.split(", ").filter(|it| !it.is_empty()) {
        write!(links, " ^{}", ascii(reference, "-_/.", '-')).unwrap_or_default();
    }
    put!(
        text,
        "{} * {} {}{links}",
        entry.date,
        quoted(&entry.party),
        quoted(note.trim_end())
    );
    put!(text, "  source: {}", quoted(&entry.sources_text()));
    put!(text, "  entry: {}", entry.number);
    postings(entry, chart, "  ", text);
}

fn quoted(text: &str) -> String {
    let escaped = plain(text, &[]).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
