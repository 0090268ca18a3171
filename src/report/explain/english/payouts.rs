//! Sentences about payouts and the bank's entries.

use super::parts::{
    account, actual, capital, entry, expected, gap, on_due_day, payout, size, who, whom,
};
use crate::report::explain::Facts;

pub(super) fn payout_not_received(f: &Facts<'_>) -> String {
    format!(
        "{} reported {} of {}, and the bank has not booked it; it was due {}. Ask {} for the \
         transfer, or add the missing bank statement.",
        who(f),
        payout(f),
        expected(f),
        on_due_day(f),
        whom(f)
    )
}

pub(super) fn payout_amount_mismatch(f: &Facts<'_>) -> String {
    let what = match (f.found.detail.count, f.subject()) {
        (Some(count), Some(references)) if count > 1 => {
            format!("{count} payouts together ({references})")
        }
        (Some(count), None) if count > 1 => format!("{count} payouts together with {}", payout(f)),
        _ => payout(f),
    };
    let direction = match f.found.difference() {
        Some(difference) if difference.is_negative() => format!(", {} too little", gap(f)),
        Some(_) => format!(", {} too much", gap(f)),
        None => String::new(),
    };
    format!(
        "{} reported {} for {what}, the bank booked {}{direction}. Ask {} what the transfer is \
         made of.",
        who(f),
        expected(f),
        actual(f),
        whom(f)
    )
}

pub(super) fn payout_reference_missing(f: &Facts<'_>) -> String {
    let lines = match f.found.detail.count {
        Some(1) => "1 line".to_owned(),
        Some(count) => format!("{count} lines"),
        None => "lines".to_owned(),
    };
    format!(
        "{} reported {lines} of {} in all without a payout reference{}: no bank entry can be \
         matched to them. Ask {} in which transfer they are.",
        who(f),
        actual(f),
        f.file()
            .map_or_else(String::new, |file| format!(" in {file}")),
        whom(f)
    )
}

pub(super) fn debit_not_taken(f: &Facts<'_>) -> String {
    let what = f
        .subject()
        .map_or_else(|| payout(f), |month| format!("the commissions of {month}"));
    format!(
        "{} is to debit {} for {what}, and the bank has not booked it; it was due {}. Ask {} \
         when it will, and keep the money ready.",
        who(f),
        size(f, f.found.expected),
        on_due_day(f),
        whom(f)
    )
}

pub(super) fn carry_over(f: &Facts<'_>) -> String {
    format!(
        "{} adds up to {} so far: {} carries it over and sets it off against later reports. \
         Nothing to do.",
        capital(&payout(f)),
        expected(f),
        whom(f)
    )
}

pub(super) fn ambiguous_match(f: &Facts<'_>) -> String {
    let entries = f
        .subject()
        .or_else(|| f.bank_entry().map(str::to_owned))
        .map_or_else(String::new, |ids| format!(" ({ids})"));
    let count = f
        .found
        .detail
        .count
        .map_or_else(|| "Several".to_owned(), |count| count.to_string());
    format!(
        "{count} bank entries{entries} fit {} of {} equally well. Ask {} which one is its \
         transfer, then note it here and accept this.",
        payout(f),
        expected(f),
        whom(f)
    )
}

pub(super) fn bank_credit_unexplained(f: &Facts<'_>) -> String {
    let from = f
        .provider()
        .map_or_else(String::new, |name| format!(" from {name}"));
    format!(
        "{} received {}{from} on {}{}, and no reported payout explains it. Ask {} for the report \
         of this transfer.",
        capital(&account(f)),
        actual(f),
        f.found.event_date,
        entry(f),
        whom(f)
    )
}

pub(super) fn bank_debit_unexplained(f: &Facts<'_>) -> String {
    format!(
        "{} took {} from {} on {}{}, and no report explains it. Ask {} what it is for, or have \
         the bank return it.",
        who(f),
        size(f, f.found.actual),
        account(f),
        f.found.event_date,
        entry(f),
        whom(f)
    )
}
