//! An hledger journal: transactions by date, with what `hledger check --strict` wants declared.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::{Entry, Journal};
use super::naming::{Chart, used};
use super::text::{Tongue, ascii, plain, postings, word};
use crate::domain::accounts::AccountSettings;
use crate::domain::{Amount, Currency};

/// What ends a description, or separates payee and note in it.
const FORBIDDEN: [char; 2] = [';', '|'];

pub(super) fn render(journal: &Journal, settings: &AccountSettings) -> String {
    let chart = Chart::new(&settings.hledger, journal, |name| ascii(name, "-_.", '-'));
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
    let entries = journal.entries.iter();
    let currencies: BTreeSet<Currency> = entries.clone().map(|entry| entry.currency).collect();
    for currency in currencies {
        let sample = Amount::from_minor(10_i64.saturating_pow(currency.digits().saturating_add(3)));
        // Without a decimal mark the three zeros could be read as decimals.
        let dot = if currency.digits() == 0 { "." } else { "" };
        put!(
            text,
            "commodity {}{dot} {currency}",
            sample.display(currency)
        );
    }
    for payee in entries.map(payee).collect::<BTreeSet<_>>() {
        put!(text, "payee {payee}");
    }
    for account in used(journal, chart).keys() {
        put!(text, "account {account}");
    }
}

fn payee(entry: &Entry) -> String {
    plain(&entry.party, &FORBIDDEN)
}

fn transaction(entry: &Entry, chart: &Chart<'_>, text: &mut String) {
    let note = format!("{} {}", word(entry.kind, Tongue::English), entry.reference);
    put!(
        text,
        "{} * {} | {}",
        entry.date,
        payee(entry),
        plain(&note, &FORBIDDEN)
    );
    // A tag ends at a comma.
    let tag = |value: &str| plain(value, &[',']);
    for source in &entry.sources {
        put!(text, "    ; source: {}", tag(&source.to_string()));
    }
    put!(text, "    ; entry: {}", entry.number);
    postings(entry, chart, "    ", text);
}
