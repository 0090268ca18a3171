//! What a discrepancy means, in one or two sentences that a finance person understands: what the
//! two sides say, with the numbers, and what to do next.
//!
//! `facts` and `detail` take from a discrepancy what a sentence may name, in the notation of the
//! language, and `message` chooses the message. What it says stands in the `explain.ftl` of each language
//! ([`language`](crate::report::language)), and nowhere else.
//!
//! A sentence uses the columns of the discrepancy and its
//! [`Detail`](crate::domain::detail::Detail). It reads well without the latter, too.
//!
//! Behind the sentences of any of them stands what came back when the provider was asked for the
//! order and told no status (`answer`).

mod detail;
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
    let mut text = texts.tell(message::key(found), |name| facts.fact(name));
    if let Some(answer) = &found.answer {
        text.push(' ');
        let key = message::of_answer(found, answer);
        text.push_str(&texts.tell(key, |name| facts.fact(name)));
    }
    if found.is_before_the_books() {
        text.push(' ');
        text.push_str(&texts.text("explain-before-the-books"));
    }
    if text.contains(char::is_control) {
        text = text.replace(char::is_control, " ");
    }
    text
}

/// The names from files that an explanation may hold: in whatever script they are written.
pub fn names_in(found: &Discrepancy) -> Vec<&str> {
    let columns = [
        &found.order_reference,
        &found.merchant,
        &found.transaction_id,
        &found.payout_reference,
        &found.bank_entry,
        &found.file,
    ];
    let mut names = found.detail.names();
    names.extend(columns.map(String::as_str));
    names
}
