//! What people linked, as it was known on some night, and which order a line is of.

use std::collections::{BTreeSet, HashMap};

use super::RunError;
use super::knowledge::Viewpoint;
use crate::domain::decision::{Decision, links_of};
use crate::domain::link::Links;
use crate::domain::settlement::{SettlementLine, Slice, SliceId};
use crate::facts::LineOrders;
use crate::matching::orders::line_identity;
use crate::storage::{Db, decisions};

/// All decisions that changed the links, the oldest first, each with the recorded run that was the
/// first to see it.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkHistory(Vec<(Decision, Option<i64>)>);

impl LinkHistory {
    pub(super) async fn read(db: &mut Db) -> Result<Self, RunError> {
        Ok(Self(decisions::about_links(db).await?))
    }

    /// The links in effect from a viewpoint. A decision is seen from its own day on.
    pub(super) fn seen_from(&self, from: Viewpoint) -> Links {
        let is_known = |run: Option<i64>| match from.run {
            None => true,
            Some(last) => run.is_some_and(|run| run <= last),
        };
        let seen = self.0.iter().filter(|(decision, run)| {
            decision.day.is_none_or(|day| day <= from.day) && is_known(*run)
        });
        links_of(seen.map(|(decision, _)| decision))
    }
}

/// The order that a person said a line is of.
pub(super) fn order_of<'l>(
    links: &'l Links,
    line: &SettlementLine<'_>,
    slice: &Slice,
) -> Option<&'l str> {
    if !line.order_reference.is_empty() {
        return links.order_of(&slice.provider, line.order_reference);
    }
    let identity = links.have_lines().then(|| line_identity(line, slice))?;
    links.order_of_line(identity, slice.currency)
}

/// The links of a night, for the lines that its slices belong to.
#[derive(Clone, Copy)]
pub(super) struct LinkedLines<'l> {
    pub(super) links: &'l Links,
    pub(super) slices: &'l HashMap<SliceId, Slice>,
}

impl LineOrders for LinkedLines<'_> {
    fn moves_nothing(&self) -> bool {
        self.links.moves_no_line()
    }

    fn of_reference(&self, provider: &str, written: &str) -> Option<&str> {
        self.links.order_of(provider, written)
    }

    fn of_unnamed(&self, line: &SettlementLine<'_>) -> Option<&str> {
        order_of(self.links, line, self.slices.get(&line.slice)?)
    }

    fn add_linked(&self, references: &mut BTreeSet<String>) {
        self.links.add_linked(references);
    }
}
