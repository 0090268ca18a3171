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
//!
//! A page that says nothing that a complete list has not said is a repeat: a page fetched twice, an
//! empty one behind the last, or the same list saved again. A list that is saved again may go on
//! differently, because meanwhile a subscription was added or the order changed. Then its pages so
//! far are the beginning of what follows ([`Listings::continued`]), and it must be complete by
//! itself.

use std::collections::HashSet;

use crate::ingest::Refusal;

/// The lists of a file, in the file's order.
#[derive(Debug, Default)]
pub(super) struct Listings {
    open: Option<Listing>,
    /// The first list that another one followed too early.
    cut: Option<Listing>,
    /// The last complete list that took several pages.
    complete: Option<Listing>,
    /// The last complete list that took one.
    single: Option<Listing>,
    /// The pages of `complete` that came again behind it.
    repeated: Listing,
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
        let unidentified = count(ids.iter().filter(|id| id.is_none()));
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

    fn has(&self, id: Option<u128>) -> bool {
        id.is_some_and(|id| self.ids.contains(&id))
    }

    /// True for a page that says nothing that this list did not.
    fn has_all_of(&self, total: u64, ids: &[Option<u128>]) -> bool {
        total <= self.total && ids.iter().all(|id| self.has(*id))
    }

    /// True for a page of this list as it is some time later: it shares a subscription with it, or
    /// holds exactly those by which it grew. Of another list neither is true.
    fn grew_to(&self, total: u64, ids: &[Option<u128>]) -> bool {
        let unknown = count(ids.iter().filter(|id| !self.has(**id)));
        let shares = ids.iter().any(|id| self.has(*id));
        shares || total.checked_sub(self.total) == Some(unknown)
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    u64::try_from(items.count()).unwrap_or(u64::MAX)
}

impl Listings {
    /// One more page: its `totalItemCount`, and the ids of its subscriptions as numbers.
    pub(super) fn page(&mut self, total: u64, ids: &[Option<u128>]) {
        let mut alone = Listing::default();
        alone.add(total, ids);
        if alone.is_complete() {
            self.single = Some(alone);
            return;
        }
        if self.open.is_none() && self.is_repeat(total, ids) {
            return;
        }
        let other = self.open.take_if(|open| total < open.total);
        self.cut = self.cut.take().or(other);
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.continued(total, ids),
        };
        open.add(total, ids);
        if open.is_complete() {
            self.complete = Some(open);
            self.repeated = Listing::default();
        } else {
            self.open = Some(open);
        }
    }

    /// Notes a page that says nothing new.
    fn is_repeat(&mut self, total: u64, ids: &[Option<u128>]) -> bool {
        let of = |list: &Option<Listing>| list.as_ref().is_some_and(|it| it.has_all_of(total, ids));
        if of(&self.complete) {
            self.repeated.add(total, ids);
            return true;
        }
        of(&self.single)
    }

    /// The list that a page begins, or, where the complete one is being saved again, goes on with.
    fn continued(&mut self, total: u64, ids: &[Option<u128>]) -> Listing {
        let repeated = std::mem::take(&mut self.repeated);
        let goes_on = total >= repeated.total
            && self
                .complete
                .as_ref()
                .is_some_and(|before| before.grew_to(total, ids));
        if goes_on {
            repeated
        } else {
            Listing::default()
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
        // One page that is the whole list, and then a part of it, or nothing, again.
        assert_eq!(missing(&[(3, 1, 3), (3, 2, 3), (3, NONE.0, NONE.1)]), None);
        assert_eq!(missing(&[(3, 1, 3), (3, 3, 4)]).as_deref(), Some("1"));
        assert_eq!(missing(&[(3, 1, 3), (4, 2, 3)]).as_deref(), Some("2"));
    }

    #[test]
    fn a_list_that_is_saved_again_may_have_grown_between_its_pages() {
        let first = [(25, 1, 20), (25, 21, 25)];
        let again = |pages: &[(u64, u128, u128)]| missing(&[&first, pages].concat());
        assert_eq!(again(&[(25, 1, 20), (25, 21, 25)]), None);
        assert_eq!(again(&[(25, 1, 20), (26, 21, 26)]), None, "one at its end");
        let behind_a_full_page = [
            (20, 1, 10),
            (20, 11, 20),
            (20, 1, 10),
            (20, 11, 20),
            (21, 21, 21),
        ];
        assert_eq!(missing(&behind_a_full_page), None);
        assert_eq!(
            again(&[(25, 1, 20), (25, 22, 26)]),
            None,
            "one went and one came"
        );
        // What came at the beginning is on no page that was saved.
        assert_eq!(again(&[(25, 1, 20), (26, 20, 25)]).as_deref(), Some("1"));
        let read_on = [(25, 1, 20), (26, 20, 25), (26, 26, 26)];
        assert_eq!(again(&read_on), None);
        // Another list hides nothing behind pages that came again.
        assert_eq!(again(&[(25, 1, 20), (30, 101, 120)]).as_deref(), Some("10"));
        assert_eq!(again(&[(25, 1, 20), (40, 101, 120)]).as_deref(), Some("20"));
    }
}
