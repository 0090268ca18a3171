//! Many discrepancies in little memory.
//!
//! A first night may find hundreds of thousands, and each has a dozen texts. They are packed one
//! behind the other (about 200 bytes each) and unpacked one at a time, in the order of the reports.

use serde::{Deserialize, Serialize};

use super::arena::Arena;
use super::calendar::{day_from_number, day_number};
use super::discrepancy::{Code, Detail, Discrepancy, ReportedDiscrepancy, Source, State};
use super::money::{Amount, Currency};

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

/// The texts that a discrepancy consists of, in one shape for packing and unpacking.
#[derive(Serialize, Deserialize)]
struct Texts<'a> {
    id: &'a str,
    merchant: &'a str,
    order_reference: &'a str,
    transaction_id: &'a str,
    payout_reference: &'a str,
    account: &'a str,
    bank_entry: &'a str,
    file: &'a str,
    assignee: &'a str,
    note: &'a str,
    status: &'a str,
    nearest: &'a str,
    subject: &'a str,
    found: &'a str,
}

/// What else it consists of.
#[derive(Serialize, Deserialize)]
struct Numbers {
    currency: Option<Currency>,
    expected: Option<Amount>,
    actual: Option<Amount>,
    event_date: i64,
    first_seen: i64,
    detail_amount: Option<Amount>,
    detail_currency: Option<Currency>,
    detail_count: Option<u64>,
    detail_day: i64,
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
        let texts = Texts {
            id: &found.id,
            merchant: &d.merchant,
            order_reference: &d.order_reference,
            transaction_id: &d.transaction_id,
            payout_reference: &d.payout_reference,
            account: &d.account,
            bank_entry: &d.bank_entry,
            file: &d.file,
            assignee: &found.assignee,
            note: &found.note,
            status: &d.detail.status,
            nearest: &d.detail.nearest,
            subject: &d.detail.subject,
            found: &d.detail.found,
        };
        let numbers = Numbers {
            currency: d.currency,
            expected: d.expected,
            actual: d.actual,
            event_date: day_number(d.event_date),
            first_seen: found.first_seen.map_or(0, day_number),
            detail_amount: d.detail.amount,
            detail_currency: d.detail.currency,
            detail_count: d.detail.count,
            detail_day: d.detail.day.map_or(0, day_number),
        };
        // Writing into memory cannot fail; the signature is for all writers.
        self.scratch.clear();
        let row = (sort_key.as_str(), texts, numbers, &d.sources);
        let written = postcard::to_io(&row, &mut self.scratch);
        debug_assert!(written.is_ok());
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
        postcard::take_from_bytes::<&str>(self.packed.from(place.at)).map_or("", |(key, _)| key)
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
        let bytes = self.packed.from(place.at);
        let ((sort_key, texts, numbers, sources), _) =
            postcard::take_from_bytes::<(&str, Texts<'_>, Numbers, Vec<Source>)>(bytes).ok()?;
        let mut parts = sort_key.split(SEPARATOR).map(str::to_owned);
        let provider = parts.next().unwrap_or_default();
        Some(ReportedDiscrepancy {
            id: texts.id.to_owned(),
            state: place.state,
            first_seen: day_from_number(numbers.first_seen),
            assignee: texts.assignee.to_owned(),
            note: texts.note.to_owned(),
            discrepancy: Discrepancy {
                code: place.code,
                key: parts.collect(),
                provider,
                merchant: texts.merchant.to_owned(),
                order_reference: texts.order_reference.to_owned(),
                transaction_id: texts.transaction_id.to_owned(),
                payout_reference: texts.payout_reference.to_owned(),
                account: texts.account.to_owned(),
                bank_entry: texts.bank_entry.to_owned(),
                file: texts.file.to_owned(),
                currency: numbers.currency,
                expected: numbers.expected,
                actual: numbers.actual,
                event_date: day_from_number(numbers.event_date)?,
                sources,
                detail: Detail {
                    status: texts.status.to_owned(),
                    nearest: texts.nearest.to_owned(),
                    subject: texts.subject.to_owned(),
                    found: texts.found.to_owned(),
                    amount: numbers.detail_amount,
                    currency: numbers.detail_currency,
                    count: numbers.detail_count,
                    day: day_from_number(numbers.detail_day),
                },
            },
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
