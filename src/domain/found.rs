//! Many discrepancies in little memory.
//!
//! A first night may find hundreds of thousands, and each has a dozen texts. They are packed one
//! behind the other (about 200 bytes each) and unpacked one at a time, in the order of the reports.

use super::arena::Arena;
use super::discrepancy::{Code, ReportedDiscrepancy, State};
use super::packed::{pack, unpack};

/// Discrepancies with their life over the nights, sorted by severity, code, provider and key.
#[derive(Clone, Debug, Default)]
pub struct FoundList {
    packed: Arena,
    scratch: Vec<u8>,
    places: Vec<Place>,
}

/// Where one is, and what it is sorted by first.
#[derive(Clone, Copy, Debug)]
struct Place {
    code: Code,
    state: State,
    /// Where its packed form begins: the sort key, then the rest.
    at: u32,
}

/// Separates the parts of the sort key: provider, then the key.
const SEPARATOR: char = '\u{1f}';

impl FoundList {
    /// Adds one.
    pub fn push(&mut self, found: &ReportedDiscrepancy) {
        let d = &found.discrepancy;
        let mut sort_key = d.provider.clone();
        for part in &d.key {
            sort_key.push(SEPARATOR);
            sort_key.push_str(part);
        }
        self.scratch.clear();
        pack(&(sort_key, found), &mut self.scratch);
        let at = self.packed.push(&self.scratch);
        self.places.push(Place {
            code: d.code,
            state: found.state,
            at,
        });
    }

    /// Sorts by severity, code, provider and key: the order of the reports.
    pub fn sort(&mut self) {
        let mut places = std::mem::take(&mut self.places);
        places.sort_by(|a, b| {
            let rank = |place: &Place| (place.code.severity(), place.code, place.state);
            let (severity_a, code_a, _) = rank(a);
            let (severity_b, code_b, _) = rank(b);
            (severity_a, code_a)
                .cmp(&(severity_b, code_b))
                .then_with(|| self.sort_key(*a).cmp(self.sort_key(*b)))
                .then_with(|| a.state.cmp(&b.state))
        });
        self.places = places;
    }

    fn sort_key(&self, place: Place) -> &str {
        unpack(self.packed.from(place.at)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Codes and states in the order of the list, without unpacking anything.
    pub fn states(&self) -> impl Iterator<Item = (Code, State)> {
        self.places.iter().map(|place| (place.code, place.state))
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = ReportedDiscrepancy> {
        self.places.iter().filter_map(|place| self.unpack(*place))
    }

    /// Those of a code, one after the other.
    pub fn of_code(&self, code: Code) -> impl Iterator<Item = ReportedDiscrepancy> {
        let places = self.places.iter().filter(move |place| place.code == code);
        places.filter_map(|place| self.unpack(*place))
    }

    /// Changes those of a code, which keep their place in the order.
    pub fn change(&mut self, code: Code, mut change: impl FnMut(&mut ReportedDiscrepancy) -> bool) {
        let places: Vec<usize> = (0..self.places.len()).collect();
        for at in places {
            let Some(place) = self
                .places
                .get(at)
                .copied()
                .filter(|place| place.code == code)
            else {
                continue;
            };
            let Some(mut found) = self.unpack(place) else {
                continue;
            };
            if change(&mut found) {
                self.push(&found);
                self.places.swap_remove(at);
            }
        }
    }

    fn unpack(&self, place: Place) -> Option<ReportedDiscrepancy> {
        let (_, found) = unpack::<(&str, ReportedDiscrepancy)>(self.packed.from(place.at))?;
        Some(found)
    }
}

impl FromIterator<ReportedDiscrepancy> for FoundList {
    /// A sorted list.
    fn from_iter<I: IntoIterator<Item = ReportedDiscrepancy>>(all: I) -> Self {
        let mut list = Self::default();
        all.into_iter().for_each(|found| list.push(&found));
        list.sort();
        list
    }
}
