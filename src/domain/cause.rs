//! Which discrepancy explains which.

use std::collections::HashMap;

use super::discrepancy::DiscrepancyId;

/// The cause of each discrepancy that has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Causes(HashMap<DiscrepancyId, DiscrepancyId>);

/// More links than a chain of causes can have: each rule has a kind of cause of its own.
const CHAIN_LINKS_MAX: usize = 8;

impl Causes {
    /// Says that `cause` explains `effect`. What is explained already keeps its cause, and nothing
    /// explains what explains it.
    pub fn explain(&mut self, effect: DiscrepancyId, cause: DiscrepancyId) {
        if !self.chain(cause).any(|link| link == effect) {
            self.0.entry(effect).or_insert(cause);
        }
    }

    /// What explains a discrepancy.
    pub fn cause_of(&self, id: DiscrepancyId) -> Option<DiscrepancyId> {
        self.0.get(&id).copied()
    }

    /// What explains something, once for each that it explains, in no order.
    pub fn all(&self) -> impl Iterator<Item = DiscrepancyId> {
        self.0.values().copied()
    }

    /// The last of the chain that explains a discrepancy; itself where nothing does.
    pub fn root_of(&self, id: DiscrepancyId) -> DiscrepancyId {
        self.chain(id).last().unwrap_or(id)
    }

    /// A discrepancy, its cause, the cause of that.
    fn chain(&self, from: DiscrepancyId) -> impl Iterator<Item = DiscrepancyId> {
        std::iter::successors(Some(from), |id| self.cause_of(*id)).take(CHAIN_LINKS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_ends_in_its_root_and_never_in_a_circle() {
        let [a, b, c, d] =
            ["a", "b", "c", "d"].map(|end| DiscrepancyId::parse(&format!("{end:0>12}")).unwrap());
        let mut causes = Causes::default();
        for (effect, cause) in [(a, b), (b, c), (c, a), (a, d)] {
            causes.explain(effect, cause);
        }
        assert_eq!(causes.cause_of(a), Some(b));
        assert_eq!(causes.cause_of(c), None);
        assert_eq!([a, b, c, d].map(|id| causes.root_of(id)), [c, c, c, d]);
    }
}
