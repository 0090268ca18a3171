//! The reference that a person may have meant.

use super::books::Books;
use crate::pipeline::RunError;
use crate::storage::Db;
use crate::storage::facts::FactTable;
use crate::storage::facts::blocks::{self, Wanted};

/// Keystrokes by which a reference may differ and still be what was meant.
const KEYSTROKES_MAX: usize = 2;

/// The known reference that is nearest to one that is not known.
pub(super) async fn to(
    db: &mut Db,
    books: &Books<'_>,
    reference: &str,
) -> Result<Option<String>, RunError> {
    let mut search = Search::new(reference);
    blocks::each(db, Wanted::All, |row| {
        search.offer(row.reference()?);
        if row.table == FactTable::Orders {
            search.offer(row.table.transaction(row.bytes)?);
        }
        Ok(())
    })
    .await?;
    books
        .payouts
        .iter()
        .for_each(|it| search.offer(&it.payout.reference));
    books
        .entries
        .iter()
        .for_each(|entry| search.offer(&entry.entry_id));
    books
        .knowledge
        .files
        .iter()
        .for_each(|file| search.offer(&file.name));
    let ids = books.reported.lives().map(|life| life.id);
    ids.for_each(|id| search.offer(&id.to_string()));
    Ok(search.best.map(|(_, name)| name))
}

struct Search {
    folded: String,
    /// Distance and name of the best so far; of equally near ones the first by name.
    best: Option<(usize, String)>,
}

impl Search {
    fn new(reference: &str) -> Self {
        Self {
            folded: folded(reference),
            best: None,
        }
    }

    fn offer(&mut self, known: &str) {
        let other = folded(known);
        let length = self.folded.chars().count();
        if other.is_empty() || other.chars().count().abs_diff(length) > KEYSTROKES_MAX {
            return;
        }
        let distance = strsim::damerau_levenshtein(&self.folded, &other);
        // Of a short reference two keystrokes are half of it.
        let allowed = KEYSTROKES_MAX.min(length.saturating_sub(2));
        let is_better = self
            .best
            .as_ref()
            .is_none_or(|(best, name)| (distance, known) < (*best, name.as_str()));
        if distance <= allowed && is_better {
            self.best = Some((distance, known.to_owned()));
        }
    }
}

/// A reference without case, separators and leading zeros of its numbers.
fn folded(reference: &str) -> String {
    let mut text = String::with_capacity(reference.len());
    let mut in_number = false;
    for letter in reference.chars().filter(|letter| letter.is_alphanumeric()) {
        if letter == '0' && !in_number {
            continue;
        }
        in_number = letter.is_ascii_digit();
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(reference: &str, known: &[&str]) -> Option<String> {
        let mut search = Search::new(reference);
        for name in known {
            search.offer(name);
        }
        search.best.map(|(_, name)| name)
    }

    #[test]
    fn case_separators_and_leading_zeros_are_what_people_get_wrong_first() {
        let known = ["WEB-1017", "WEB-1071", "web-0001017x"];
        assert_eq!(nearest("web 001017", &known).as_deref(), Some("WEB-1017"));
        assert_eq!(nearest("WEB-1107", &known).as_deref(), Some("WEB-1017"));
    }

    #[test]
    fn what_is_far_from_everything_has_no_nearest() {
        assert_eq!(nearest("INVOICE-77", &["WEB-1017"]), None);
        assert_eq!(nearest("A1", &["B2", ""]), None);
        assert_eq!(nearest("", &["B2"]), None);
    }
}
