//! Sentences about orders and their settlement lines.

use super::parts::{
    actual, expected, gap, negated, on_due_day, order, place, reported, size, times, who, whom,
};
use crate::report::explain::{Facts, filled};

pub(super) fn amount_mismatch(f: &Facts<'_>) -> String {
    format!(
        "{} reported {} for {}, the shop has {}. Ask {}, or correct the order.",
        who(f),
        actual(f),
        order(f),
        expected(f),
        whom(f)
    )
}

pub(super) fn duplicate_funding(f: &Facts<'_>) -> String {
    format!(
        "{} funded {} {}: {} instead of {}. Ask {} which funding stands; expect {} to be taken \
         back.",
        who(f),
        order(f),
        times(f.found.detail.count, "more than once"),
        actual(f),
        expected(f),
        whom(f),
        gap(f)
    )
}

pub(super) fn funding_not_reported(f: &Facts<'_>) -> String {
    format!(
        "{} has not reported the funding of {} for {}, due {}. Check the order's status at {}, \
         or correct the order.",
        who(f),
        expected(f),
        order(f),
        on_due_day(f),
        whom(f)
    )
}

pub(super) fn cancellation_not_reported(f: &Facts<'_>) -> String {
    format!(
        "The shop cancelled {} of {}, and {} has not reported it, due {}. Send the cancellation \
         to {} again, or correct the order.",
        size(f, f.found.expected),
        order(f),
        whom(f),
        on_due_day(f),
        whom(f)
    )
}

pub(super) fn cancellation_unexpected(f: &Facts<'_>) -> String {
    format!(
        "{} took back {} for {}, which the shop has not cancelled. Ask {} why, or record the \
         cancellation in the shop.",
        who(f),
        size(f, f.found.actual),
        order(f),
        whom(f)
    )
}

pub(super) fn cancellation_amount_mismatch(f: &Facts<'_>) -> String {
    format!(
        "{} took back {} for {}, the shop cancelled {}. Ask {}, or correct the cancellation in \
         the shop.",
        who(f),
        size(f, f.found.actual),
        order(f),
        size(f, f.found.expected),
        whom(f)
    )
}

pub(super) fn over_cancelled(f: &Facts<'_>) -> String {
    let whole = f
        .detail_money()
        .map_or_else(String::new, |amount| format!(" of {amount}"));
    format!(
        "{} took back {} for {}, more than the whole order{whole}; the shop cancelled {}. Claim \
         {} from {}.",
        who(f),
        size(f, f.found.actual),
        order(f),
        size(f, f.found.expected),
        gap(f),
        whom(f)
    )
}

pub(super) fn order_not_found(f: &Facts<'_>) -> String {
    let accepted = filled(&f.found.detail.status);
    let what_next = match filled(&f.found.detail.nearest) {
        Some(nearest) => format!(
            "The nearest order is {nearest}: if that is the one, ask {} to correct the reference; \
             if not, import the missing order.",
            whom(f)
        ),
        None => format!(
            "Import the missing order, or ask {} what it is for.",
            whom(f)
        ),
    };
    if let Some(status) = accepted {
        // A reservation claims nothing yet.
        let claimed = f.found.actual.filter(|amount| !amount.is_zero());
        let over = claimed.map_or_else(String::new, |amount| format!(" over {}", f.money(amount)));
        return format!(
            "{} has {} as {status}{over} (seen on {}), and the shop does not have it. {what_next}",
            who(f),
            order(f),
            f.found.event_date
        );
    }
    format!(
        "{} {} for {}, which the shop does not have. {what_next}",
        who(f),
        reported(f),
        order(f)
    )
}

pub(super) fn currency_mismatch(f: &Facts<'_>) -> String {
    let expects = f.detail_money().map_or_else(
        || "has it in another currency".to_owned(),
        |amount| format!("expects {amount}"),
    );
    format!(
        "{} {} for {}, the shop {expects}. Ask {} for the amount in the order's currency, or \
         correct the order.",
        who(f),
        reported(f),
        order(f),
        whom(f)
    )
}

pub(super) fn merchant_mismatch(f: &Facts<'_>) -> String {
    let under = match (f.words(), f.subject()) {
        (Some(theirs), Some(ours)) => format!("merchant {theirs}, the shop has it under {ours}"),
        (Some(theirs), None) => format!("merchant {theirs}, the shop has it under another one"),
        (None, Some(ours)) => format!("another merchant than {ours}, which the shop has"),
        (None, None) => "another merchant than the shop".to_owned(),
    };
    format!(
        "{} reported {} under {under}. Correct the merchant of the order, or ask {} whose money \
         it is.",
        who(f),
        order(f),
        whom(f)
    )
}

pub(super) fn status_mismatch(f: &Facts<'_>) -> String {
    let status =
        filled(&f.found.detail.status).map_or_else(|| "not financed".to_owned(), str::to_owned);
    format!(
        "{} {} for {}, which is {status} in the shop: no money may be paid for it. Correct the \
         order's status, or ask {} to undo it.",
        who(f),
        reported(f),
        order(f),
        whom(f)
    )
}

pub(super) fn reference_missing(f: &Facts<'_>) -> String {
    format!(
        "{} {} without an order reference{}. Ask {} which order it is for.",
        who(f),
        reported(f),
        place(f),
        whom(f)
    )
}

pub(super) fn duplicate_line(f: &Facts<'_>) -> String {
    format!(
        "{} reported the same line {} for {}: {} in all instead of {}. The order counts it once; \
         ask {} whether it was paid more than once.",
        who(f),
        times(f.found.detail.count, "more than once"),
        order(f),
        actual(f),
        expected(f),
        whom(f)
    )
}

/// By rule the amounts are commissions with a minus; by columns they are what the row says.
pub(super) fn fee_mismatch(f: &Facts<'_>) -> String {
    match f.subject().as_deref() {
        Some("rule") => format!(
            "{} charged a commission of {} for {}, by the agreed rate it is {}. Ask {} to \
             correct it, or correct the fee rule.",
            who(f),
            negated(f, f.found.actual),
            order(f),
            negated(f, f.found.expected),
            whom(f)
        ),
        Some(column) => format!(
            "{} wrote {} in {column} for {}, but by the other amounts of that row it is {}. Ask \
             {} which one holds.",
            who(f),
            actual(f),
            order(f),
            expected(f),
            whom(f)
        ),
        None => format!(
            "{} reported amounts for {} that do not fit its commission: {} instead of {}. Ask {} \
             which one holds.",
            who(f),
            order(f),
            actual(f),
            expected(f),
            whom(f)
        ),
    }
}

pub(super) fn deadline_at_risk(f: &Facts<'_>) -> String {
    format!(
        "{} accepted {} over {}, and the shop has not confirmed it: {} is the last day. Confirm \
         it if the goods are ready, or cancel it.",
        who(f),
        order(f),
        expected(f),
        f.found.event_date
    )
}

pub(super) fn adjustment_unassigned(f: &Facts<'_>) -> String {
    let name = f
        .words()
        .map_or_else(String::new, |words| format!(" ({words})"));
    format!(
        "{} {} as an adjustment{name} that belongs to no order{}. Ask {} what it is for, and \
         book it.",
        who(f),
        reported(f),
        place(f),
        whom(f)
    )
}
