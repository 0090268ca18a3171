//! Which pages belong to one list, and whether any is missing.
//!
//! Every page says how many subscriptions the list has over all its pages (`totalItemCount`), and
//! not which page it is. So a list is complete once that many different ids were seen. A page
//! that holds its whole list stands for itself; any other page belongs to the list that is not
//! complete yet.
//!
//! The total may grow while pages are fetched; then the largest one counts, as whoever fetches
//! has to go on until then as well. It does not fall, as subscriptions stay: a page with a smaller
//! one begins another list.

use std::collections::HashSet;

use crate::ingest::Refusal;

/// The lists of a file, in the file's order.
#[derive(Debug, Default)]
pub(super) struct Listings {
    open: Option<Listing>,
    /// The first list that another one followed too early.
    cut: Option<Listing>,
    /// The last list that took several pages: one of its pages may come again, or an empty one
    /// behind its last.
    complete: Option<Listing>,
}

#[derive(Debug, Default)]
struct Listing {
    total: u64,
    ids: HashSet<u128>,
    /// Subscriptions whose id could not be read: each is one of its own.
    unidentified: u64,
}

impl Listing {
    fn add(&mut self, total: u64, ids: &[Option<u128>]) {
        self.total = self.total.max(total);
        self.ids.extend(ids.iter().flatten());
        let unidentified = ids.iter().filter(|id| id.is_none()).count();
        let unidentified = u64::try_from(unidentified).unwrap_or(u64::MAX);
        self.unidentified = self.unidentified.saturating_add(unidentified);
    }

    fn seen(&self) -> u64 {
        u64::try_from(self.ids.len())
            .unwrap_or(u64::MAX)
            .saturating_add(self.unidentified)
    }

    fn is_complete(&self) -> bool {
        self.seen() >= self.total
    }

    /// True for a page that says nothing that this list did not.
    fn has_all_of(&self, total: u64, ids: &[Option<u128>]) -> bool {
        total <= self.total
            && ids
                .iter()
                .all(|id| id.is_some_and(|id| self.ids.contains(&id)))
    }
}

impl Listings {
    /// One more page: its `totalItemCount`, and the ids of its subscriptions as numbers.
    pub(super) fn page(&mut self, total: u64, ids: &[Option<u128>]) {
        let mut alone = Listing::default();
        alone.add(total, ids);
        if alone.is_complete() {
            return;
        }
        let seen_before = self
            .complete
            .as_ref()
            .is_some_and(|list| list.has_all_of(total, ids));
        if self.open.is_none() && seen_before {
            return;
        }
        let other = self.open.take_if(|open| total < open.total);
        self.cut = self.cut.take().or(other);
        let open = self.open.get_or_insert_default();
        open.add(total, ids);
        if open.is_complete() {
            self.complete = self.open.take();
        }
    }

    /// The end of the file.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        let Some(open) = self.cut.or(self.open) else {
            return Ok(());
        };
        let (seen, total) = (open.seen(), open.total);
        Err(Refusal::new(format!(
            "holds {seen} of the {total} subscriptions that its list has (totalItemCount): {} are \
             missing; save all pages of the list in one file, as an array [page 1, page 2, …]",
            total.saturating_sub(seen)
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages as (total, first id, last id).
    fn missing(pages: &[(u64, u128, u128)]) -> Option<String> {
        let mut listings = Listings::default();
        for (total, first, last) in pages {
            let ids: Vec<Option<u128>> = (*first..=*last).map(Some).collect();
            listings.page(*total, &ids);
        }
        let refusal = listings.finish().err()?;
        let (number, _) = refusal.reason.split_once(" are missing")?;
        number.rsplit_once(": ").map(|(_, n)| n.to_owned())
    }

    const NONE: (u128, u128) = (1, 0);

    #[test]
    fn a_list_is_complete_when_its_number_of_ids_was_seen() {
        assert_eq!(missing(&[(20, 1, 20)]), None);
        assert_eq!(missing(&[(41, 1, 20), (41, 21, 40), (41, 41, 41)]), None);
        assert_eq!(missing(&[(0, NONE.0, NONE.1)]), None);
        assert_eq!(missing(&[(41, 1, 20)]).as_deref(), Some("21"));
        assert_eq!(
            missing(&[(41, 1, 20), (41, 41, 41)]).as_deref(),
            Some("20"),
            "the page in the middle"
        );
    }

    #[test]
    fn a_page_that_repeats_ids_replaces_no_other() {
        assert_eq!(missing(&[(40, 1, 20), (40, 1, 20)]).as_deref(), Some("20"));
        // A new subscription moved one id from page 1 to page 2.
        let moved = [(40, 1, 20), (41, 20, 39)];
        assert_eq!(missing(&moved).as_deref(), Some("2"));
        let read_on = [(40, 1, 20), (41, 20, 39), (41, 40, 41)];
        assert_eq!(missing(&read_on), None);
    }

    #[test]
    fn answers_to_several_questions_stand_for_themselves() {
        assert_eq!(missing(&[(1, 1, 1), (0, NONE.0, NONE.1), (1, 2, 2)]), None);
        let hidden: Vec<(u64, u128, u128)> = std::iter::once((40, 1, 20))
            .chain((101..=120).map(|id| (1, id, id)))
            .collect();
        assert_eq!(missing(&hidden).as_deref(), Some("20"));
        let two = [(40, 1, 20), (40, 21, 40), (25, 101, 120), (25, 121, 125)];
        assert_eq!(missing(&two), None);
        let first_cut = [(40, 1, 10), (30, 101, 120), (30, 121, 130)];
        assert_eq!(missing(&first_cut).as_deref(), Some("30"));
    }

    #[test]
    fn an_empty_page_behind_the_last_and_a_repeated_page_are_no_gap() {
        let pages = [
            (41, 1, 20),
            (41, 21, 40),
            (41, 41, 41),
            (41, NONE.0, NONE.1),
        ];
        assert_eq!(missing(&pages), None);
        let pages = [(25, 1, 20), (25, 21, 25), (25, 21, 25)];
        assert_eq!(missing(&pages), None);
        assert_eq!(missing(&[(41, NONE.0, NONE.1)]).as_deref(), Some("41"));
    }
}
