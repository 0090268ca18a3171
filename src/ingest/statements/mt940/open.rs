//! A statement and an entry while their fields come in, and what becomes of them.

use chrono::NaiveDate;

use super::account::account;
use super::balance::Balance;
use super::information::Information;
use super::pieces::tidy;
use super::reader::Fault;
use super::transaction::Transaction;
use crate::domain::Currency;
use crate::domain::statement::{Statement, StatementEntry, StatementKind};

/// The statement that is being read.
#[derive(Default)]
pub(super) struct Open {
    /// The line on which it begins.
    pub(super) line: u32,
    pub(super) account: String,
    /// The statement's number and, behind a slash, that of the page.
    pub(super) number: String,
    pub(super) opening: Option<Balance>,
    pub(super) closing: Option<Balance>,
    /// One of several pages: a balance of it is an intermediate one.
    pub(super) is_page: bool,
    pub(super) is_intraday: bool,
    /// An intraday report that was seen to its end.
    pub(super) is_complete: bool,
    /// Of an intraday report.
    pub(super) currency: Option<Currency>,
    /// First and last booking date of the entries.
    pub(super) days: Option<(NaiveDate, NaiveDate)>,
    pub(super) entry: Option<Waiting>,
}

/// An entry whose `:86:` may still come.
pub(super) struct Waiting {
    pub(super) line: u32,
    pub(super) transaction: Transaction,
    pub(super) currency: Currency,
    pub(super) information: Information,
    pub(super) bytes: usize,
}

impl Open {
    pub(super) fn currency(&self) -> Option<Currency> {
        let opening = self.opening.map(|balance| balance.currency);
        opening.or(self.currency)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closing.is_some() || (self.is_intraday && self.is_complete)
    }
}

/// What a statement that has not ended means; `line` is where that was noticed.
pub(super) fn unfinished(open: &Open, line: u32) -> Fault {
    let expected = if open.is_intraday {
        ":90C:, :90D:, the end mark - or the end of its last line"
    } else {
        "the closing balance :62F:"
    };
    Fault::new(
        line,
        format!(
            "is cut off: the statement that begins on line {} ends without {expected}",
            open.line
        ),
    )
}

/// The statement of what was read to its end.
pub(super) fn statement(open: &Open) -> Result<Statement, Fault> {
    let currency = open.currency();
    let account = account(&open.account, currency);
    if account.is_empty() {
        return Err(Fault::new(
            open.line,
            "has a statement that names no account; expected :25:",
        ));
    }
    let (opening, closing) = (open.opening, open.closing);
    if opening.is_none() && !open.is_intraday {
        return Err(Fault::new(
            open.line,
            "has a statement without an opening balance; expected :60F:",
        ));
    }
    let days = open.days.unzip();
    let day = |balance: Option<Balance>| balance.and_then(|balance| balance.day);
    let to = day(closing).or(days.1);
    Ok(Statement {
        account,
        // `:20:` repeats from day to day and names nothing.
        id: String::new(),
        sequence: sequence(open),
        from: day(opening).or(days.0),
        to,
        currency,
        opening: opening.map(|balance| balance.amount),
        closing: closing.map(|balance| balance.amount),
        kind: if open.is_intraday {
            StatementKind::Intraday
        } else {
            StatementKind::Booked
        },
        covers_until: to.filter(|_| !open.is_intraday),
    })
}

/// The number of a statement, with that of the page where it is only a part: the pages of one
/// statement, and the reports of one day, are not the same again.
///
/// Without a number it is 0, as banks write it that do not count: the days and both balances tell
/// then whether two are the same.
fn sequence(open: &Open) -> String {
    let plain = |number: &str| {
        let digits = number.trim().trim_start_matches('0');
        if digits.is_empty() {
            "0".to_owned()
        } else {
            digits.to_owned()
        }
    };
    match open.number.split_once('/') {
        Some((number, page)) if open.is_page || open.is_intraday => {
            format!("{}/{}", plain(number), plain(page))
        }
        Some((number, _)) => plain(number),
        None => plain(&open.number),
    }
}

/// The entry of a statement line with its text.
pub(super) fn entry(waiting: Waiting) -> StatementEntry {
    let Waiting {
        line,
        transaction,
        currency,
        mut information,
        ..
    } = waiting;
    // The lines after the first stand before `:86:`, but say the least.
    information.additions.extend(transaction.details);
    let own = [
        transaction.customer_reference,
        transaction.bank_reference.clone(),
    ];
    let mut references: Vec<String> = Vec::new();
    for reference in own.into_iter().chain(information.references.drain(..)) {
        let reference = tidy(&reference);
        if !reference.is_empty() && !references.contains(&reference) {
            references.push(reference);
        }
    }
    StatementEntry {
        line,
        servicer_reference: transaction.bank_reference,
        booked_on: transaction.booked_on,
        value_on: Some(transaction.value_on),
        amount: transaction.amount,
        currency,
        remittance: information.whole_remittance(),
        counterparty: information.counterparty,
        references,
    }
}
