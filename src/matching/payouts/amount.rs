//! Rule 2, by amount: a payout takes the entry of exactly its amount that is booked nearest to its
//! last report.
//!
//! Payouts bid for entries. The nearest bid wins, then the earlier payout reference; a payout
//! whose entry went to another bids for the nearest of those still free. A payout with two
//! equally near entries does not bid: it waits until other payouts have taken all but one of
//! them, and is ambiguous when they do not.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use super::Match;
use super::open_items::{EntriesByAmount, OpenEntry, OpenPayout};
use crate::domain::calendar::days_between;
use crate::domain::payout::MatchedBy;
use crate::domain::{Amount, Currency};

/// What rule 2 found.
pub(super) struct ByAmount<'s, 'a> {
    pub(super) matches: Vec<Match<'s, 'a>>,
    /// Payouts with two or more equally near entries; those with the same candidates together.
    pub(super) ties: Vec<Match<'s, 'a>>,
}

/// Matches payouts with single entries of their amount.
pub(super) fn by_amount<'s, 'a>(
    payouts: &[&'s OpenPayout<'a>],
    entries: &[&'s OpenEntry<'a>],
) -> ByAmount<'s, 'a> {
    let mut auction = Auction {
        entries: EntriesByAmount::new(entries),
        bids: BinaryHeap::new(),
        waiting: HashMap::new(),
        taken: HashSet::new(),
    };
    let wanting = payouts.iter().copied().filter(|it| !it.expected.is_zero());
    let wanting: Vec<_> = wanting.collect();
    for payout in &wanting {
        auction.bid_for(payout);
    }
    let matches = auction.run();
    let paid: HashSet<usize> = matches
        .iter()
        .flat_map(|it| it.payouts.iter().map(|payout| payout.number))
        .collect();
    let mut unpaid: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for payout in wanting {
        if !paid.contains(&payout.number) {
            let same_candidates = (Auction::key(payout), payout.payout.last, payout.window());
            unpaid.entry(same_candidates).or_default().push(payout);
        }
    }
    let ties = unpaid
        .into_values()
        .map(|payouts| auction.tie_of(payouts))
        .filter(|tie| tie.entries.len() > 1)
        .collect();
    ByAmount { matches, ties }
}

/// The order in which bids win: days between booking and last report, then payout reference,
/// provider and currency.
type Rank<'a> = (u64, &'a str, &'a str, Currency);

/// A payout's wish for the one entry that is nearest to it. Ordered by its rank alone, which no two
/// payouts share.
struct Bid<'s, 'a> {
    rank: Rank<'a>,
    payout: &'s OpenPayout<'a>,
    entry: &'s OpenEntry<'a>,
}

impl PartialEq for Bid<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}

impl Eq for Bid<'_, '_> {}

impl PartialOrd for Bid<'_, '_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bid<'_, '_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank.cmp(&other.rank)
    }
}

struct Auction<'s, 'a> {
    entries: EntriesByAmount<'s, 'a>,
    bids: BinaryHeap<Reverse<Bid<'s, 'a>>>,
    /// Payouts that wait for an entry, by its number, to be taken by another.
    waiting: HashMap<usize, Vec<&'s OpenPayout<'a>>>,
    /// Numbers of the entries that are no longer free.
    taken: HashSet<usize>,
}

impl<'s, 'a> Auction<'s, 'a> {
    /// A free entry stays the only nearest one of its bidder whatever is taken meanwhile, so a bid
    /// is looked at again only when its entry is gone.
    fn run(&mut self) -> Vec<Match<'s, 'a>> {
        let mut matches = Vec::new();
        let mut paid = HashSet::new();
        while let Some(Reverse(bid)) = self.bids.pop() {
            if paid.contains(&bid.payout.number) {
                continue;
            }
            if !self.taken.insert(bid.entry.number) {
                self.bid_for(bid.payout);
                continue;
            }
            paid.insert(bid.payout.number);
            matches.push(Match {
                payouts: vec![bid.payout],
                entries: vec![bid.entry],
                ..Match::new(MatchedBy::Amount)
            });
            for payout in self.waiting.remove(&bid.entry.number).unwrap_or_default() {
                if !paid.contains(&payout.number) {
                    self.bid_for(payout);
                }
            }
        }
        matches
    }

    /// Lets a payout bid for its nearest free entry, or wait while there are several.
    fn bid_for(&mut self, payout: &'s OpenPayout<'a>) {
        match self.nearest(payout, 2).as_slice() {
            [entry] => self.bids.push(Reverse(Bid {
                rank: (
                    distance(payout, entry),
                    &payout.payout.reference,
                    payout.party.name,
                    payout.payout.currency,
                ),
                payout,
                entry,
            })),
            // A tie of these two lasts at least until one of them is taken.
            several => {
                for entry in several {
                    let waiting = self.waiting.entry(entry.number).or_default();
                    waiting.push(payout);
                }
            }
        }
    }

    fn key(payout: &OpenPayout<'a>) -> (&'a str, Currency, Amount) {
        (payout.party.name, payout.payout.currency, payout.expected)
    }

    /// Payouts with the same candidates, and those of the candidates that are equally near.
    fn tie_of(&self, payouts: Vec<&'s OpenPayout<'a>>) -> Match<'s, 'a> {
        let nearest = payouts.first().map(|it| self.nearest(it, usize::MAX));
        Match {
            payouts,
            entries: nearest.unwrap_or_default(),
            ..Match::new(MatchedBy::Amount)
        }
    }

    /// The free entries of the payout's amount that are nearest to its last report, at most
    /// `limit` of them, by booking date.
    fn nearest(&self, payout: &OpenPayout<'a>, limit: usize) -> Vec<&'s OpenEntry<'a>> {
        let candidates = self.entries.between(Self::key(payout), payout.window());
        let last = payout.payout.last;
        let (earlier, later) =
            candidates.split_at(candidates.partition_point(|it| it.entry.booked_on < last));
        let earlier = || self.free(earlier.iter().rev().copied());
        let later = || self.free(later.iter().copied());
        let days = |it: &&OpenEntry<'_>| distance(payout, it);
        let nearest = [earlier().next(), later().next()];
        let Some(fewest) = nearest.iter().flatten().map(days).min() else {
            return Vec::new();
        };
        let mut found: Vec<_> = earlier()
            .take_while(|it| days(it) == fewest)
            .chain(later().take_while(|it| days(it) == fewest))
            .take(limit)
            .collect();
        found.sort_by_key(|it| it.number);
        found
    }

    fn free(
        &self,
        entries: impl Iterator<Item = &'s OpenEntry<'a>>,
    ) -> impl Iterator<Item = &'s OpenEntry<'a>> {
        entries.filter(|it| !self.taken.contains(&it.number))
    }
}

fn distance(payout: &OpenPayout<'_>, entry: &OpenEntry<'_>) -> u64 {
    days_between(payout.payout.last, entry.entry.booked_on).unsigned_abs()
}
