//! What a discrepancy means, in one or two sentences that a finance person understands: what the
//! two sides say, with the numbers, and what to do next.
//!
//! `facts` takes from a discrepancy what a sentence may name, in the notation of the language, and
//! `message` chooses the message. What it says stands in the `explain.ftl` of each language
//! ([`language`](crate::report::language)), and nowhere else.
//!
//! A sentence uses the columns of the discrepancy and, where it has them, these of its
//! [`Detail`](crate::domain::discrepancy::Detail). It reads well without them, too.
//!
//! | code | `Detail` |
//! |---|---|
//! | `ADJUSTMENT_UNASSIGNED` | `found`: what the provider calls the correction |
//! | `AMBIGUOUS_MATCH` | `count`: entries that fit; `subject`: their ids |
//! | `BANK_CREDIT_UNEXPLAINED`, `BANK_DEBIT_UNEXPLAINED` | `found`: the remittance text |
//! | `CHARGEBACK` | `found`: the notification that tells it, where no line does |
//! | `CURRENCY_MISMATCH` | `amount`, `currency`: what the order expects (A − Xa); `subject`: `cancellation` where only the shop's own events are in that currency |
//! | `DEBIT_NOT_TAKEN` | `subject`: the month (`2026-10`) when commissions are to be debited |
//! | `DUPLICATE_FUNDING` | `count`: how often the order was funded |
//! | `DUPLICATE_LINE` | `count`: how often the line was reported |
//! | `EVENT_MISSING` | `subject`: the missing numbers, `count` of them; `found`: the next one |
//! | `FEE_MISMATCH` | `subject`: the column that contradicts its row, or `rule` |
//! | `LINE_REJECTED` | `subject`: the column; `found`: the value and what is wrong with it |
//! | `MERCHANT_MISMATCH` | `subject`: the order's merchant; `found`: the line's |
//! | `ORDER_NOT_FOUND` | `nearest`: the nearest order's reference; `status`: the provider's, where no line tells it |
//! | `OVER_CANCELLED` | `amount`: what the order amounts to (A) |
//! | `PAYOUT_AMOUNT_MISMATCH` | `count`: payouts of the group; `subject`: their references |
//! | `PAYOUT_REFERENCE_MISSING` | `count`: lines |
//! | `PROVIDER_STATUS_MISMATCH` | `status`: the order's; `subject`: the provider's, empty when it does not know the order; `found`: its own words |
//! | `REPORT_DUPLICATE` | `subject`: the stored file with the same bytes |
//! | `REPORT_MISSING` | `day`: its date, or `subject`: its number; `count`: how many in a row |
//! | `REPORT_REJECTED` | `found`: the reason |
//! | `REPORT_REPLACED` | `subject`: the file that no longer counts |
//! | `STATEMENT_GAP` | `subject`: the statement before; `day`: its last day |
//! | `STATUS_MISMATCH` | `status`: the order's |
//! | all others | – |
//!
//! Behind the sentences of any of them stands what came back when the provider was asked for the
//! order and told no status (`answer`).

mod facts;
mod message;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::domain::discrepancy::Discrepancy;
use crate::report::language::Texts;
use facts::Facts;
#[cfg(test)]
pub(super) use facts::NAMES;

/// Explains a discrepancy as seen on `as_of`: what was found, and what to do.
///
/// One line of plain text: the line ends of the message and control characters that a file may
/// hold become blanks.
pub fn explain(found: &Discrepancy, as_of: NaiveDate, texts: Texts) -> String {
    let facts = Facts::of(found, as_of, texts);
    let mut text = texts.tell(message::key(&facts), |name| facts.fact(name));
    if let Some(answer) = &found.detail.answer {
        text.push(' ');
        let key = message::of_answer(&facts, answer);
        text.push_str(&texts.tell(key, |name| facts.fact(name)));
    }
    if text.contains(char::is_control) {
        text = text.replace(char::is_control, " ");
    }
    text
}

/// The names from files that an explanation may hold: in whatever script they are written.
pub fn names_in(found: &Discrepancy) -> [&str; 9] {
    [
        &found.order_reference,
        &found.merchant,
        &found.transaction_id,
        &found.payout_reference,
        &found.bank_entry,
        &found.file,
        &found.detail.nearest,
        &found.detail.subject,
        &found.detail.found,
    ]
    .map(String::as_str)
}
