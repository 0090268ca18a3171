//! Sentences about what a provider says of an order between its settlement lines.

use super::parts::{actual, expected, order, size, who, whom};
use crate::domain::order::OrderStatus;
use crate::report::explain::{Facts, filled};

pub(super) fn provider_status_mismatch(f: &Facts<'_>) -> String {
    let seen_on = f.found.event_date;
    let (theirs, ours) = (f.subject(), filled(&f.found.detail.status));
    let shop = ours.map_or_else(
        || "in another status".to_owned(),
        |status| format!("as {status}"),
    );
    let Some(theirs) = theirs else {
        if ours.is_none() {
            return format!(
                "{} has {} in another status than the shop (seen on {seen_on}). Ask {}, or \
                 correct the order's status.",
                who(f),
                order(f),
                whom(f)
            );
        }
        return format!(
            "{} does not know {} (asked on {seen_on}), the shop has it {shop}. Check which \
             reference {} was given, or correct the order.",
            who(f),
            order(f),
            whom(f)
        );
    };
    let words = f
        .words()
        .map_or_else(String::new, |words| format!("{words}, "));
    format!(
        "{} has {} as {theirs} ({words}seen on {seen_on}), the shop has it {shop}. {}",
        who(f),
        order(f),
        remedy(f, &theirs, ours)
    )
}

/// What to do about two statuses, by the life of a credit file.
fn remedy(f: &Facts<'_>, theirs: &str, ours: Option<&str>) -> String {
    use OrderStatus::{Aborted, Cancelled, Favorable, Funded, Pending, Refused};
    let provider = whom(f);
    let theirs = OrderStatus::from_word(theirs);
    let ours = ours.and_then(OrderStatus::from_word);
    match (theirs, ours) {
        (Some(Favorable), Some(Funded)) => format!(
            "Nothing is paid before it is confirmed: confirm it at {provider}, or correct the \
             order."
        ),
        (Some(Pending | Favorable | Funded), Some(Cancelled)) => {
            format!("Cancel it at {provider} too, or correct the order.")
        }
        (Some(Funded), _) => {
            format!("Correct the order's status, or cancel it at {provider}.")
        }
        (Some(Cancelled), _) => format!(
            "Nothing will be paid for it: cancel the order in the shop too, or ask {provider} who \
             cancelled it."
        ),
        (Some(Refused | Aborted), Some(Favorable | Funded)) => format!(
            "Nothing will be paid for it: do not ship, or have the customer pay in another way, \
             and ask {provider} why."
        ),
        _ => format!("Correct the order's status, or ask {provider}."),
    }
}

pub(super) fn provider_amount_mismatch(f: &Facts<'_>) -> String {
    format!(
        "{} finances {} for {} (seen on {}), the shop expects {}. Ask {}, or correct the order or \
         its cancellations.",
        who(f),
        actual(f),
        order(f),
        f.found.event_date,
        expected(f),
        whom(f)
    )
}

pub(super) fn event_missing(f: &Facts<'_>) -> String {
    let of_order = match (f.transaction(), f.order()) {
        (Some(id), Some(reference)) => format!("transaction {id} (order {reference})"),
        (Some(_), None) | (None, _) => order(f),
    };
    let numbers = f.subject();
    let missing = match (numbers, f.found.detail.count) {
        (Some(numbers), Some(2..)) => format!("Notifications {numbers} of {of_order} are missing"),
        (Some(number), _) => format!("Notification {number} of {of_order} is missing"),
        (None, _) => format!("A notification of {of_order} is missing"),
    };
    let next = f
        .words()
        .map_or_else(|| "a later one".to_owned(), |next| format!("number {next}"));
    format!(
        "{missing}: {next} came on {}. Search the shop's log of notifications, and look at {} \
         what was booked.",
        f.found.event_date,
        whom(f)
    )
}

pub(super) fn chargeback(f: &Facts<'_>) -> String {
    let advice = format!(
        "Contest it at {}, or book the loss and accept this.",
        whom(f)
    );
    match f.words() {
        Some(word) => format!(
            "{} took back {} for {} ({word} of {}) after it was paid, and no payment has followed. \
             {advice}",
            who(f),
            size(f, f.found.actual),
            order(f),
            f.found.event_date
        ),
        None => format!(
            "{} charged back {} for {}: the customer or the customer's bank contests the payment. \
             {advice}",
            who(f),
            size(f, f.found.actual),
            order(f)
        ),
    }
}
