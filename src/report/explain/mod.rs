//! What a discrepancy means, in one or two sentences that a finance person understands: what the
//! two sides say, with the numbers, and what to do next.
//!
//! `Facts` takes from a discrepancy what a sentence may name, in the form in which it is shown;
//! `english` holds the sentences, all of them, and nothing else does. Another language is
//! another folder like it.
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
//! | `CURRENCY_MISMATCH` | `amount`, `currency`: what the order expects (A − Xa) |
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

mod english;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::bounded;
use crate::domain::{Amount, Currency};

/// Explains a discrepancy as seen on `as_of`: what was found, and what to do.
///
/// One line of plain text: control characters that a file may hold become blanks.
pub fn explain(found: &Discrepancy, as_of: NaiveDate) -> String {
    let mut text = english::sentence(&Facts { found, as_of });
    if text.contains(char::is_control) {
        text = text.replace(char::is_control, " ");
    }
    text
}

/// A provider's name as it writes itself; a name that is not known stays as it is.
pub fn provider_name(provider: &str) -> &str {
    match provider {
        "oney" => "Oney",
        "payone" => "PAYONE",
        "e-financing" => "e-Financing",
        other => other,
    }
}

/// Bytes of a foreign text (a reason, a remittance) that a sentence quotes.
const QUOTED_BYTES_MAX: usize = 240;

/// What a sentence may name, in the form in which it is shown: the same in every language.
struct Facts<'a> {
    found: &'a Discrepancy,
    as_of: NaiveDate,
}

impl<'a> Facts<'a> {
    /// The provider's name; `None` where none is concerned.
    fn provider(&self) -> Option<&'a str> {
        filled(&self.found.provider).map(provider_name)
    }

    fn order(&self) -> Option<&'a str> {
        filled(&self.found.order_reference)
    }

    fn transaction(&self) -> Option<&'a str> {
        filled(&self.found.transaction_id)
    }

    fn payout(&self) -> Option<&'a str> {
        filled(&self.found.payout_reference)
    }

    fn account(&self) -> Option<&'a str> {
        filled(&self.found.account)
    }

    fn bank_entry(&self) -> Option<&'a str> {
        filled(&self.found.bank_entry)
    }

    fn file(&self) -> Option<&'a str> {
        filled(&self.found.file)
    }

    /// The bank's name of the statement: the second part of the key of a statement's findings.
    fn statement(&self) -> Option<&'a str> {
        self.found.key.get(1).and_then(|id| filled(id))
    }

    fn subject(&self) -> Option<String> {
        quoted(&self.found.detail.subject)
    }

    /// What was found, without the full stop of a sentence it may have been.
    fn words(&self) -> Option<String> {
        quoted(self.found.detail.found.trim_end_matches('.'))
    }

    /// An amount of the discrepancy with its currency.
    fn money(&self, amount: Amount) -> String {
        money(amount, self.found.currency)
    }

    /// The amount that the detail names, with its own currency or the discrepancy's.
    fn detail_money(&self) -> Option<String> {
        let detail = &self.found.detail;
        let currency = detail.currency.or(self.found.currency);
        detail.amount.map(|amount| money(amount, currency))
    }

    /// Whole days since the event; negative for a day still to come.
    fn age_days(&self) -> i64 {
        self.found.age_days(self.as_of)
    }
}

/// `1204.50 EUR`: the digits as they stand in the columns, so that they can be searched for. An
/// amount of an account whose currency is not known has two decimals and no code.
fn money(amount: Amount, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{} {currency}", amount.display(currency)),
        None => amount.display(Currency::EUR).to_string(),
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn quoted(text: &str) -> Option<String> {
    let text = filled(text)?;
    if text.len() <= QUOTED_BYTES_MAX {
        return Some(text.to_owned());
    }
    Some(bounded(text, QUOTED_BYTES_MAX) + "…")
}
