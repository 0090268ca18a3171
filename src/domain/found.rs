//! Many discrepancies in little memory.
//!
//! A first night may find hundreds of thousands, and each has a dozen texts. They are packed one
//! behind the other (about 200 bytes each) and unpacked one at a time, in the order of the reports.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize, Serializer};

use super::arena::Arena;
use super::calendar::{packed_day, packed_opt_day};
use super::discrepancy::{Code, ReportedDiscrepancy, Severity, State};
use super::finding::{pack_finding, unpack_finding};
use super::money::{Amount, Currency};
use super::packed::{pack, unpack};

/// Discrepancies with their life over the nights, sorted by severity, code, provider and key.
#[derive(Clone, Debug, Default)]
pub struct FoundList {
    packed: Arena,
    scratch: [Vec<u8>; 2],
    places: Vec<Place>,
}

/// Where one is, and what it is sorted by first.
#[derive(Clone, Copy, Debug)]
struct Place {
    severity: Severity,
    code: Code,
    state: State,
    at: u32,
}

/// What sums and counts need of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// What it is.
    pub code: Code,
    /// How urgent.
    pub severity: Severity,
    /// Its state.
    pub state: State,
    /// What ageing goes by.
    pub event_date: NaiveDate,
    /// Currency of the difference.
    pub currency: Option<Currency>,
    /// actual − expected, where both are known.
    pub difference: Option<Amount>,
}

/// What a mail chooses by, without unpacking the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// What sums and counts need.
    pub glance: Glance,
    /// The provider; empty where none is concerned.
    pub provider: &'a str,
    /// Who looks after it.
    pub assignee: &'a str,
}

/// One in the form in which nights remember it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedFound<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its state.
    pub state: State,
    /// The as-of date on which it was first seen; absent on a look that found it first.
    pub first_seen: Option<NaiveDate>,
    /// The discrepancy (`domain::packed`).
    pub found: &'a [u8],
}

/// What stands at a place. The cheap parts come first, so that they are unpacked alone.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    /// Provider, then the parts of the key.
    sort_key: &'a str,
    numbers: Numbers,
    id: &'a str,
    #[serde(with = "packed_opt_day")]
    first_seen: Option<NaiveDate>,
    #[serde(serialize_with = "as_bytes")]
    found: &'a [u8],
    assignee: &'a str,
    note: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Numbers {
    #[serde(with = "packed_day")]
    event_date: NaiveDate,
    currency: Option<Currency>,
    difference: Option<Amount>,
}

fn as_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Separates the parts of the sort key: provider, then the key.
const SEPARATOR: char = '\u{1f}';

impl FoundList {
    /// Adds one.
    pub fn push(&mut self, reported: &ReportedDiscrepancy) {
        let d = &reported.discrepancy;
        let mut sort_key = d.provider.clone();
        for part in &d.key {
            sort_key.push(SEPARATOR);
            sort_key.push_str(part);
        }
        let [found, entry] = &mut self.scratch;
        found.clear();
        pack_finding(d, found);
        entry.clear();
        let numbers = Numbers {
            event_date: d.event_date,
            currency: d.currency,
            difference: d.difference(),
        };
        let packed = Entry {
            sort_key: &sort_key,
            numbers,
            id: &reported.id,
            first_seen: reported.first_seen,
            found,
            assignee: &reported.assignee,
            note: &reported.note,
        };
        pack(&packed, entry);
        let at = self.packed.push(entry);
        self.places.push(Place {
            severity: d.severity,
            code: d.code,
            state: reported.state,
            at,
        });
    }

    /// Sorts by severity, code, provider and key: the order of the reports.
    pub fn sort(&mut self) {
        let mut places = std::mem::take(&mut self.places);
        // Code by code: orders come sorted already, and what is sorted is soon seen to be.
        places.sort_by_key(|place| (place.severity, place.code));
        for of_code in places.chunk_by_mut(|a, b| (a.severity, a.code) == (b.severity, b.code)) {
            of_code.sort_by(|a, b| {
                let keys = self.sort_key(*a).cmp(self.sort_key(*b));
                keys.then_with(|| a.state.cmp(&b.state))
            });
        }
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

    /// Severities and states in the order of the list, without unpacking anything.
    pub fn states(&self) -> impl Iterator<Item = (Severity, State)> {
        self.places
            .iter()
            .map(|place| (place.severity, place.state))
    }

    /// What sums and counts need, in the order of the list.
    pub fn glances(&self) -> impl Iterator<Item = Glance> {
        self.places.iter().filter_map(|place| {
            let (_, numbers) = unpack::<(&str, Numbers)>(self.packed.from(place.at)).ok()?;
            Some(Glance {
                code: place.code,
                severity: place.severity,
                state: place.state,
                event_date: numbers.event_date,
                currency: numbers.currency,
                difference: numbers.difference,
            })
        })
    }

    /// As nights remember them, in the order of the list.
    pub fn packed(&self) -> impl Iterator<Item = PackedFound<'_>> {
        self.places.iter().filter_map(|place| {
            let entry: Entry<'_> = unpack(self.packed.from(place.at)).ok()?;
            Some(PackedFound {
                id: entry.id,
                state: place.state,
                first_seen: entry.first_seen,
                found: entry.found,
            })
        })
    }

    /// What a mail chooses by, in the order of the list.
    pub fn heads(&self) -> impl Iterator<Item = Head<'_>> {
        self.places.iter().filter_map(|place| {
            let entry: Entry<'_> = unpack(self.packed.from(place.at)).ok()?;
            let numbers = entry.numbers;
            Some(Head {
                glance: Glance {
                    code: place.code,
                    severity: place.severity,
                    state: place.state,
                    event_date: numbers.event_date,
                    currency: numbers.currency,
                    difference: numbers.difference,
                },
                provider: entry.sort_key.split(SEPARATOR).next().unwrap_or_default(),
                assignee: entry.assignee,
            })
        })
    }

    /// The one at a position of the list.
    pub fn get(&self, at: usize) -> Option<ReportedDiscrepancy> {
        self.unpack(*self.places.get(at)?)
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
        let entry: Entry<'_> = unpack(self.packed.from(place.at)).ok()?;
        Some(ReportedDiscrepancy {
            discrepancy: unpack_finding(entry.found).ok()?,
            id: entry.id.to_owned(),
            state: place.state,
            first_seen: entry.first_seen,
            assignee: entry.assignee.to_owned(),
            note: entry.note.to_owned(),
        })
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
