//! Bank entries: what the bank wrote, whether it counts, and which payouts it pays.

use std::collections::BTreeSet;

use super::books::{Books, LINK_COLUMNS, PAYOUT_COLUMNS, payout_row};
use super::dossier::{Part, place, text};
use crate::domain::detail::Detail;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::payout::BankEntry;
use crate::domain::statement::{StoredEntry, StoredStatement};
use crate::report::table::Cell;

/// Letters that a text must have in common with a reference to name it.
const NAMED_CHARS_MIN: usize = 4;

/// The entries that a reference names: by their id or the bank's reference, by any other
/// reference, or in their text. Those that a payout of this name shows anyway are left out.
pub(super) fn named(books: &Books<'_>, reference: &str) -> Vec<Part> {
    let own = books
        .payouts
        .iter()
        .filter(|it| it.payout.reference == reference);
    let shown: BTreeSet<&String> = own.flat_map(|it| &it.bank_entries).collect();
    let by_id: Vec<&BankEntry> = books
        .entries
        .iter()
        .filter(|entry| entry.entry_id == reference)
        .collect();
    let mut parts = Vec::new();
    for stored in &books.knowledge.entries {
        let entry = &stored.entry;
        let may_be_it = entry.servicer_reference == reference
            || by_id
                .iter()
                .any(|it| (it.line, it.amount) == (entry.line, entry.amount));
        let is_named = entry.references.iter().any(|it| it == reference)
            || names(&entry.remittance, reference);
        if !may_be_it && !is_named {
            continue;
        }
        let Some(statement) = statement_of(books, stored) else {
            continue;
        };
        let counting = counting(books, stored, statement);
        let is_it = entry.servicer_reference == reference
            || counting.is_some_and(|it| it.entry_id == reference);
        let is_shown = counting.is_some_and(|it| shown.contains(&it.entry_id));
        if is_it || (is_named && !is_shown) {
            parts.push(part(books, stored, statement, counting));
        }
    }
    parts
}

/// True when a text has a reference in it, not inside a longer run of letters or digits.
fn names(text: &str, reference: &str) -> bool {
    let (text, reference) = (text.to_lowercase(), reference.to_lowercase());
    let is_free = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    let is_whole = |(at, found): (usize, &str)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(found).unwrap_or_default();
        is_free(before.chars().next_back()) && is_free(after.chars().next())
    };
    reference.chars().count() >= NAMED_CHARS_MIN && text.match_indices(&reference).any(is_whole)
}

pub(super) fn statement_of<'b>(
    books: &'b Books<'_>,
    stored: &StoredEntry,
) -> Option<&'b StoredStatement> {
    books
        .knowledge
        .statements
        .iter()
        .find(|it| it.number == stored.statement)
}

/// The same entry among those that count.
pub(super) fn counting<'b>(
    books: &'b Books<'_>,
    stored: &StoredEntry,
    statement: &StoredStatement,
) -> Option<&'b BankEntry> {
    let entry = &stored.entry;
    let file = books.file_name(statement.file);
    books.entries.iter().find(|it| {
        (it.file.as_str(), it.line, it.booked_on, it.amount)
            == (file, entry.line, entry.booked_on, entry.amount)
            && it.account == statement.statement.account
            && it.references == entry.references
    })
}

pub(super) fn part(
    books: &Books<'_>,
    stored: &StoredEntry,
    statement: &StoredStatement,
    counting: Option<&BankEntry>,
) -> Part {
    let (entry, of) = (&stored.entry, &statement.statement);
    let id = counting.map_or(entry.servicer_reference.as_str(), |it| it.entry_id.as_str());
    let mut part = Part::new("entry", format!("Bank entry {id} of {}", of.account));
    let later = books.as_of().is_some_and(|day| day < entry.booked_on);
    let standing = match counting {
        Some(_) => "yes",
        None if later => "not yet",
        None => "no, another file reports it too",
    };
    let days = [of.from, of.to].map(|day| day.map_or("…".to_owned(), |day| day.to_string()));
    part.facts = vec![
        ("entry_id", text(id)),
        ("counts", text(standing)),
        ("account", text(of.account.as_str())),
        ("booked_on", Cell::Date(entry.booked_on)),
        ("value_on", Cell::date(entry.value_on)),
        ("currency", text(entry.currency.code())),
        ("amount", Cell::Amount(entry.amount, entry.currency)),
        ("counterparty", text(entry.counterparty.as_str())),
        ("remittance", text(entry.remittance.as_str())),
        ("references", text(entry.references.join("; "))),
        (
            "servicer_reference",
            text(entry.servicer_reference.as_str()),
        ),
        ("statement", text(of.id.as_str())),
        ("statement_number", text(of.sequence.as_str())),
        ("statement_days", text(days.join(" to "))),
        (
            "source",
            text(place(books.file_name(statement.file), entry.line)),
        ),
    ];
    if let Some(counting) = counting {
        let id = counting.entry_id.as_str();
        let paid = books.payouts.iter().filter(|outcome| {
            outcome.payout.currency == entry.currency
                && outcome.bank_entries.iter().any(|one| one == id)
        });
        let linked = books.linked(|link| link.concerns_entry(&counting.account, id));
        part.list("links", LINK_COLUMNS, linked);
        part.list("payouts", PAYOUT_COLUMNS, paid.map(payout_row).collect());
        part.discrepancies = books.concerning(|found| concerns(found, id, &of.account));
    }
    part
}

fn concerns(found: &Discrepancy, id: &str, account: &str) -> bool {
    let is_candidate = matches!(&found.detail, Detail::Candidates(candidates)
        if candidates.entries.iter().any(|one| one == id));
    let is_named = found.bank_entry == id || found.bank_entry.split(';').any(|one| one == id);
    (found.account.is_empty() || found.account == account) && (is_named || is_candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_a_reference_only_as_a_whole_word() {
        assert!(names("ONEY FR VIREMENT TFR5271", "tfr5271"));
        assert!(names("réf. É/TFR5271.", "TFR5271"));
        assert!(!names("ONEY FR VIREMENT TFR52710", "TFR5271"));
        assert!(!names("XTFR5271", "TFR5271"));
        assert!(!names("a bc d", "bc"));
    }
}
