//! What money the discrepancies are about, added up by root: the net of a root and all that it
//! explains is either short or over, so that one mistake counts once.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::figures::AgeBucket;
use super::overview::is_undecided;
use crate::domain::calendar::days_between;
use crate::domain::discrepancy::DiscrepancyId;
use crate::domain::found::Glance;
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};

/// What money a report is about, without sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// What the merchant is short of.
    pub short: Amount,
    /// What it holds and may have to give back, or cannot place.
    pub over: Amount,
    /// What waits for a book.
    pub waiting: Amount,
}

impl Exposure {
    fn add(&mut self, net: Amount) {
        if net.is_negative() {
            self.short += net.abs();
        } else {
            self.over += net;
        }
    }
}

/// A root, and what hangs on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Root {
    /// How many undecided discrepancies it explains, directly or through others.
    pub explains: u64,
    /// The net of itself and of these.
    pub nets: BTreeMap<Currency, Amount>,
    /// Its day; of a root that the report does not show, the first day of what it explains.
    since: Option<NaiveDate>,
    is_shown: bool,
}

/// The roots that explain something (most discrepancies are explained by nothing and explain nothing),
/// and what all of them are about.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    by_id: HashMap<DiscrepancyId, Root>,
    ageing: BTreeMap<AgeBucket, BTreeMap<Currency, Exposure>>,
}

impl Roots {
    /// Adds up those that `counts` chooses. What is accepted or resolved is in no sum.
    pub fn of(data: &ReportData, counts: impl Fn(&Glance<'_>) -> bool) -> Self {
        let causes: HashSet<DiscrepancyId> = data.causes.all().collect();
        let mut by_id: HashMap<DiscrepancyId, Root> = HashMap::new();
        let mut ageing: BTreeMap<AgeBucket, BTreeMap<Currency, Exposure>> = BTreeMap::new();
        let mut add = |since, currency, net| {
            let bucket = AgeBucket::of(days_between(since, data.scope.as_of));
            let sums = ageing.entry(bucket).or_default();
            sums.entry(currency).or_default().add(net);
        };
        for found in data.discrepancies.glances() {
            if !is_undecided(found.state) || !counts(&found) {
                continue;
            }
            let root = data.causes.root_of(found.id);
            if root != found.id || causes.contains(&root) {
                by_id.entry(root).or_default().take(&found, root);
            } else if let Some((currency, net)) = found.currency.zip(found.exposure()) {
                add(found.event_date, currency, net);
            }
        }
        // Sums do not depend on the order of what they add up.
        let known = by_id
            .values()
            .filter_map(|root| root.since.zip(Some(&root.nets)));
        for (since, nets) in known {
            for (currency, net) in nets {
                add(since, *currency, *net);
            }
        }
        Self { by_id, ageing }
    }

    /// What is short and over, by how old the roots are.
    pub fn ageing(&self) -> &BTreeMap<AgeBucket, BTreeMap<Currency, Exposure>> {
        &self.ageing
    }

    /// What is short and over, without what waits.
    pub fn exposure(&self) -> BTreeMap<Currency, Exposure> {
        let mut all: BTreeMap<Currency, Exposure> = BTreeMap::new();
        for (currency, sums) in self.ageing.values().flatten() {
            let sum = all.entry(*currency).or_default();
            sum.short += sums.short;
            sum.over += sums.over;
        }
        all
    }

    /// What hangs on a root; `None` where it explains nothing.
    pub fn get(&self, id: DiscrepancyId) -> Option<&Root> {
        self.by_id.get(&id).filter(|root| root.explains > 0)
    }

    /// How much a discrepancy and all that it explains are about, without sign: what comes first.
    /// Of several currencies the largest number counts.
    pub fn size(&self, found: &Glance<'_>) -> Amount {
        match self.by_id.get(&found.id) {
            Some(root) => root.nets.values().map(|net| net.abs()).max(),
            None => found.exposure().map(Amount::abs),
        }
        .unwrap_or_default()
    }
}

impl Root {
    fn take(&mut self, found: &Glance<'_>, root: DiscrepancyId) {
        if root == found.id {
            self.is_shown = true;
            self.since = Some(found.event_date);
        } else {
            self.explains = self.explains.saturating_add(1);
            if !self.is_shown {
                let first = self
                    .since
                    .map_or(found.event_date, |day| day.min(found.event_date));
                self.since = Some(first);
            }
        }
        if let Some((currency, net)) = found.currency.zip(found.exposure()) {
            *self.nets.entry(currency).or_default() += net;
        }
    }
}
