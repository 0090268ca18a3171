//! What the database gives back as it was given: texts without NUL, which PostgreSQL cannot hold, and
//! numbers of 64 bits. A hostile file may bring others, and its seal must fit all the same.

use crate::domain::Amount;
use crate::domain::statement::StoredEntry;
use crate::pipeline::reading::FileRead;

fn text(text: &mut String) {
    if text.contains('\0') {
        *text = text.replace('\0', "\u{fffd}");
    }
}

fn amount(amount: &mut Amount) {
    if amount.to_minor().is_none() {
        let most = if amount.is_negative() {
            i64::MIN
        } else {
            i64::MAX
        };
        *amount = Amount::from_minor(most);
    }
}

/// Brings an entry into the form in which it comes back.
pub(super) fn entry(stored: &mut StoredEntry) {
    let entry = &mut stored.entry;
    text(&mut entry.servicer_reference);
    text(&mut entry.counterparty);
    text(&mut entry.remittance);
    entry.references.iter_mut().for_each(text);
    entry.references.retain(|reference| !reference.is_empty());
    amount(&mut entry.amount);
}

/// Brings what is known at the end of a file into that form.
pub(super) fn file(read: &mut FileRead) {
    let file = &mut read.stored.file;
    text(&mut file.name);
    text(&mut file.reason);
    let most = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
    file.sequence = file.sequence.map(|number| number.min(most));
    for slice in &mut read.slices {
        text(&mut slice.merchant);
        text(&mut slice.payout_reference);
        amount(&mut slice.gross);
        amount(&mut slice.fee);
    }
    for total in &mut read.totals {
        amount(&mut total.gross);
        amount(&mut total.fee);
    }
    for stored in &mut read.statements {
        let statement = &mut stored.statement;
        text(&mut statement.account);
        text(&mut statement.id);
        text(&mut statement.sequence);
        statement.opening.iter_mut().for_each(amount);
        statement.closing.iter_mut().for_each(amount);
        amount(&mut stored.credits);
        amount(&mut stored.debits);
    }
    for row in &mut read.rejected {
        text(&mut row.column);
        text(&mut row.value);
        text(&mut row.reason);
        text(&mut row.raw);
    }
}
