//! What the sentences are put together from.

use crate::domain::Amount;
use crate::report::explain::Facts;

const UNKNOWN_AMOUNT: &str = "an unknown amount";

/// The provider at the beginning of a sentence.
pub(super) fn who<'a>(f: &Facts<'a>) -> &'a str {
    f.provider().unwrap_or("The provider")
}

/// The provider within a sentence.
pub(super) fn whom<'a>(f: &Facts<'a>) -> &'a str {
    f.provider().unwrap_or("the provider")
}

/// Who can send a file again.
pub(super) fn sender<'a>(f: &Facts<'a>) -> &'a str {
    f.provider().unwrap_or("its sender")
}

pub(super) fn order(f: &Facts<'_>) -> String {
    match (f.order(), f.transaction()) {
        (Some(reference), _) => format!("order {reference}"),
        (None, Some(id)) => format!("transaction {id}"),
        (None, None) => "an order".to_owned(),
    }
}

pub(super) fn payout(f: &Facts<'_>) -> String {
    f.payout().map_or_else(
        || "a payout".to_owned(),
        |reference| format!("payout {reference}"),
    )
}

pub(super) fn account(f: &Facts<'_>) -> String {
    f.account().map_or_else(
        || "the account".to_owned(),
        |number| format!("account {number}"),
    )
}

pub(super) fn file(f: &Facts<'_>) -> String {
    f.file()
        .map_or_else(|| "a file".to_owned(), |name| format!("file {name}"))
}

pub(super) fn statement(f: &Facts<'_>) -> String {
    let id = f
        .statement()
        .map_or_else(String::new, |id| format!(" {id}"));
    format!("statement{id} of {}", account(f))
}

/// Entry id and remittance text, in brackets.
pub(super) fn entry(f: &Facts<'_>) -> String {
    match (f.bank_entry(), f.words()) {
        (Some(id), Some(text)) => format!(" (entry {id}, “{text}”)"),
        (Some(id), None) => format!(" (entry {id})"),
        (None, Some(text)) => format!(" (“{text}”)"),
        (None, None) => String::new(),
    }
}

/// Transaction and first source, in brackets, for lines that no order names.
pub(super) fn place(f: &Facts<'_>) -> String {
    let transaction = f.transaction().map(|id| format!("transaction {id}"));
    let source = f.found.sources.first().map(|source| match source.line {
        0 => source.file.clone(),
        line => format!("{}, line {line}", source.file),
    });
    let parts: Vec<String> = transaction.into_iter().chain(source).collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(" ({})", parts.join("; "))
}

/// `reported 5.00 EUR`, or `took back 5.00 EUR` where it is negative.
pub(super) fn reported(f: &Facts<'_>) -> String {
    match f.found.actual {
        Some(amount) if amount.is_negative() => format!("took back {}", f.money(amount.abs())),
        amount => format!("reported {}", money(f, amount)),
    }
}

pub(super) fn expected(f: &Facts<'_>) -> String {
    money(f, f.found.expected)
}

pub(super) fn actual(f: &Facts<'_>) -> String {
    money(f, f.found.actual)
}

/// An amount without its sign, where the verb says the direction.
pub(super) fn size(f: &Facts<'_>, amount: Option<Amount>) -> String {
    money(f, amount.map(Amount::abs))
}

pub(super) fn negated(f: &Facts<'_>, amount: Option<Amount>) -> String {
    money(f, amount.map(|amount| -amount))
}

/// The difference without its sign.
pub(super) fn gap(f: &Facts<'_>) -> String {
    size(f, f.found.difference())
}

pub(super) fn money(f: &Facts<'_>, amount: Option<Amount>) -> String {
    amount.map_or_else(|| UNKNOWN_AMOUNT.to_owned(), |amount| f.money(amount))
}

pub(super) fn times(count: Option<u64>, unknown: &str) -> String {
    match count {
        Some(2) => "twice".to_owned(),
        Some(count) if count > 2 => format!("{count} times"),
        _ => unknown.to_owned(),
    }
}

/// `on 2026-11-01 (19 days ago)`: the day of the event, which is the day it fell due.
pub(super) fn on_due_day(f: &Facts<'_>) -> String {
    let day = f.found.event_date;
    match f.age_days() {
        ..=0 => format!("on {day}"),
        1 => format!("on {day} (1 day ago)"),
        days => format!("on {day} ({days} days ago)"),
    }
}

/// With a capital letter, as a sentence begins.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
