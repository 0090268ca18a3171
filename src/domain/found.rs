//! Many discrepancies in little memory.
//!
//! There may be hundreds of thousands, and each has a dozen texts. Each is some 250 packed bytes
//! ([`finding`](super::finding)) and unpacked when somebody reads it. What the night before found
//! and is found again keeps the bytes that the database gave: nothing is packed, copied or written
//! anew of what did not change.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::arena::Arena;
use super::discrepancy::{Code, Discrepancy, DiscrepancyId, ReportedDiscrepancy, Severity, State};
use super::finding::{Front, StoredFinding, is_first_form, pack_finding, unpack_finding};
use super::money::{Amount, Currency};
use super::packed::Damage;

/// Where packed bytes lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    at: u32,
    length: u32,
}

/// Packed discrepancies one behind the other.
#[derive(Clone, Debug, Default)]
struct PackedFindings {
    arena: Arena,
    scratch: Vec<u8>,
}

impl PackedFindings {
    fn add(&mut self, bytes: &[u8]) -> Span {
        Span {
            at: self.arena.push(bytes),
            length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        }
    }

    fn get(&self, span: Span) -> &[u8] {
        let length = usize::try_from(span.length).unwrap_or(usize::MAX);
        self.arena.from(span.at).get(..length).unwrap_or_default()
    }

    /// Packs one; where it is what lies at `known` already, that is it.
    fn pack(
        &mut self,
        found: &Discrepancy,
        first_seen: Option<NaiveDate>,
        known: Option<Span>,
    ) -> Span {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        pack_finding(found, first_seen, &mut scratch);
        let same = known.filter(|known| self.get(*known) == scratch);
        let span = same.unwrap_or_else(|| self.add(&scratch));
        self.scratch = scratch;
        span
    }

    /// Bytes are checked when they come in, so there is always a front.
    fn front(&self, span: Span) -> Option<Front<'_>> {
        let front = Front::unpack(self.get(span)).ok();
        debug_assert!(front.is_some(), "bytes that nobody packed");
        front
    }
}

/// What a recorded night found, as the database gives it.
#[derive(Clone, Debug, Default)]
pub struct NightFindings {
    packed: PackedFindings,
    rows: Vec<RememberedRow>,
    by_id: FxHashMap<DiscrepancyId, usize>,
}

/// A finding of a recorded night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RememberedRow {
    /// Its id.
    pub id: DiscrepancyId,
    /// When it was first seen.
    pub first_seen: NaiveDate,
    /// The row of the database that holds it.
    row: i64,
    span: Span,
}

impl NightFindings {
    /// Adds one.
    ///
    /// # Errors
    /// When its bytes are damaged.
    pub fn add(&mut self, stored: StoredFinding<'_>) -> Result<(), Damage> {
        let found = stored.unpack()?;
        let span = if is_first_form(stored.bytes) {
            self.packed.pack(&found, Some(stored.first_seen), None)
        } else {
            self.packed.add(stored.bytes)
        };
        self.by_id.insert(stored.id, self.rows.len());
        self.rows.push(RememberedRow {
            id: stored.id,
            first_seen: stored.first_seen,
            row: stored.row,
            span,
        });
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when the night found nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Discrepancy> {
        let rows = self.rows.iter();
        rows.filter_map(|row| unpack_finding(self.packed.get(row.span)).ok())
    }

    /// Each with what is known of it without unpacking.
    pub fn fronts(&self) -> impl Iterator<Item = (DiscrepancyId, Front<'_>)> {
        let rows = self.rows.iter();
        rows.filter_map(|row| Some((row.id, self.packed.front(row.span)?)))
    }

    /// The list of a night that goes on from this one, and the rows that it may take over.
    pub fn go_on(
        self,
    ) -> (
        FoundList,
        Vec<RememberedRow>,
        FxHashMap<DiscrepancyId, usize>,
    ) {
        let list = FoundList {
            packed: self.packed,
            ..FoundList::default()
        };
        (list, self.rows, self.by_id)
    }
}

/// Discrepancies with their life over the nights, sorted by severity, code, provider and key.
#[derive(Clone, Debug, Default)]
pub struct FoundList {
    packed: PackedFindings,
    /// What the report shows.
    shown: Vec<Place>,
    /// What it does not show, because it is of another range or provider.
    hidden: Vec<Place>,
    /// What people said of some of them.
    said: Vec<Said>,
}

/// What people said of a discrepancy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Who looks after it.
    pub assignee: String,
    /// What a person noted, or the reason of what was decided.
    pub note: String,
    /// True while it is put aside.
    pub is_snoozed: bool,
}

/// The life of a discrepancy over the nights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Its id.
    pub id: DiscrepancyId,
    /// Its state.
    pub state: State,
    /// The as-of date on which it was first seen; absent on a look that found it first.
    pub first_seen: Option<NaiveDate>,
    /// What the night before knew of it.
    pub remembered: Option<RememberedRow>,
}

/// One of the list, and what it is sorted by first.
#[derive(Clone, Copy, Debug)]
struct Place {
    severity: Severity,
    code: Code,
    life: Life,
    span: Span,
    /// Where in the list stands what people said of it.
    said: Option<usize>,
}

/// What sums, counts and choices need of one, without unpacking the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance<'a> {
    /// Its id.
    pub id: DiscrepancyId,
    /// What it is.
    pub code: Code,
    /// How urgent.
    pub severity: Severity,
    /// Its state.
    pub state: State,
    /// The provider; empty where none is concerned.
    pub provider: &'a str,
    /// The order.
    pub order_reference: &'a str,
    /// What ageing goes by.
    pub event_date: NaiveDate,
    /// Currency of the amounts.
    pub currency: Option<Currency>,
    /// What should be.
    pub expected: Option<Amount>,
    /// What is.
    pub actual: Option<Amount>,
    /// Who looks after it.
    pub assignee: &'a str,
    /// True while a person has put it aside: out of mail and of `--strict`.
    pub is_snoozed: bool,
}

impl Glance<'_> {
    /// What money it is about ([`Discrepancy::exposure`]).
    pub fn exposure(&self) -> Option<Amount> {
        let is_before_the_books =
            self.severity == Severity::Info && self.code.severity() != Severity::Info;
        let counts = self.code.is_about_money() && !is_before_the_books;
        self.difference().filter(|_| counts)
    }

    /// actual − expected, where both are known.
    pub fn difference(&self) -> Option<Amount> {
        Some(self.actual? - self.expected?)
    }
}

/// One that a night records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenFinding<'a> {
    /// Its id.
    pub id: DiscrepancyId,
    /// The as-of date on which it was first seen; absent on a look that found it first.
    pub first_seen: Option<NaiveDate>,
    /// The row that holds exactly this already.
    pub row: Option<i64>,
    /// What was found, packed.
    pub bytes: &'a [u8],
}

impl FoundList {
    /// Adds one that is found, to what is shown or to what is hidden. Where it is what the night
    /// before remembers, nothing is packed anew.
    pub fn add(&mut self, found: &Discrepancy, life: Life, said: Said, is_shown: bool) {
        let known = life.remembered.map(|row| row.span);
        let place = Place {
            severity: found.severity,
            code: found.code,
            life,
            span: self.packed.pack(found, life.first_seen, known),
            said: self.keep(said),
        };
        self.place(place, is_shown);
    }

    /// Adds one of the night before, as it is remembered.
    pub fn take_over(&mut self, row: RememberedRow, life: Life, said: Said, is_shown: bool) {
        let said = self.keep(said);
        if let Some(front) = self.packed.front(row.span) {
            let place = Place {
                severity: front.severity,
                code: front.code,
                life,
                span: row.span,
                said,
            };
            self.place(place, is_shown);
        }
    }

    fn keep(&mut self, said: Said) -> Option<usize> {
        if said == Said::default() {
            return None;
        }
        self.said.push(said);
        self.said.len().checked_sub(1)
    }

    fn place(&mut self, place: Place, is_shown: bool) {
        if is_shown {
            self.shown.push(place);
        } else {
            self.hidden.push(place);
        }
    }

    /// What is known of a finding of the night before, without unpacking it.
    pub fn front(&self, row: RememberedRow) -> Option<Front<'_>> {
        self.packed.front(row.span)
    }

    /// Sorts by severity, code, provider and key: the order of the reports.
    pub fn sort(&mut self) {
        let packed = &self.packed;
        // What did not change comes in its order already, and what is sorted is soon seen to be.
        for places in [&mut self.shown, &mut self.hidden] {
            places.sort_by_key(|place| (place.severity, place.code));
            let same = |a: &Place, b: &Place| (a.severity, a.code) == (b.severity, b.code);
            for of_code in places.chunk_by_mut(same) {
                let key = |place: &Place| packed.front(place.span).map(|front| front.sort_key());
                of_code.sort_by(|a, b| (key(a), a.life.state).cmp(&(key(b), b.life.state)));
            }
        }
    }

    /// How many are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// True when none is shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The lives of all, shown or hidden.
    pub fn lives(&self) -> impl Iterator<Item = Life> {
        self.all().map(|place| place.life)
    }

    fn all(&self) -> impl Iterator<Item = &Place> {
        self.shown.iter().chain(&self.hidden)
    }

    /// What sums, counts and choices need of those that are shown, in their order.
    pub fn glances(&self) -> impl Iterator<Item = Glance<'_>> {
        self.shown.iter().filter_map(|place| self.glance(place))
    }

    /// The same of the one at a position of the list.
    pub fn glance_at(&self, at: usize) -> Option<Glance<'_>> {
        self.glance(self.shown.get(at)?)
    }

    fn glance(&self, place: &Place) -> Option<Glance<'_>> {
        let front = self.packed.front(place.span)?;
        let said = self.said_of(place);
        Some(Glance {
            id: place.life.id,
            code: place.code,
            severity: place.severity,
            state: place.life.state,
            provider: front.provider,
            order_reference: front.order_reference,
            event_date: front.event_date,
            currency: front.currency,
            expected: front.expected,
            actual: front.actual,
            assignee: said.map_or("", |said| said.assignee.as_str()),
            is_snoozed: said.is_some_and(|said| said.is_snoozed),
        })
    }

    fn said_of(&self, place: &Place) -> Option<&Said> {
        self.said.get(place.said?)
    }

    /// All that are open, shown or hidden, as a night records them.
    pub fn open(&self) -> impl Iterator<Item = OpenFinding<'_>> {
        let open = self
            .all()
            .filter(|place| place.life.state != State::Resolved);
        open.map(|place| {
            let bytes = self.packed.get(place.span);
            let same =
                |row: &RememberedRow| row.span == place.span || self.packed.get(row.span) == bytes;
            OpenFinding {
                id: place.life.id,
                first_seen: place.life.first_seen,
                row: place.life.remembered.filter(same).map(|row| row.row),
                bytes,
            }
        })
    }

    /// The rows of all that the night before found.
    pub fn rows_before(&self) -> Vec<i64> {
        let remembered = self.all().filter_map(|place| place.life.remembered);
        remembered.map(|row| row.row).collect()
    }

    /// The shown one at a position of the list.
    pub fn get(&self, at: usize) -> Option<ReportedDiscrepancy> {
        self.unpack(self.shown.get(at)?)
    }

    /// The shown one of an id.
    pub fn find(&self, id: DiscrepancyId) -> Option<ReportedDiscrepancy> {
        let place = self.shown.iter().find(|place| place.life.id == id);
        self.unpack(place?)
    }

    /// Those that are shown, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = ReportedDiscrepancy> {
        self.shown.iter().filter_map(|place| self.unpack(place))
    }

    /// Those of a code that are shown, one after the other.
    pub fn of_code(&self, code: Code) -> impl Iterator<Item = ReportedDiscrepancy> {
        let places = self.shown.iter().filter(move |place| place.code == code);
        places.filter_map(|place| self.unpack(place))
    }

    /// Those of a code that are open, shown or hidden, in the order in which they are changed.
    pub fn open_of_code(&self, code: Code) -> impl Iterator<Item = Discrepancy> {
        let open = move |place: &&Place| place.code == code && place.life.state != State::Resolved;
        let places = self.all().filter(open);
        places.filter_map(|place| Some(self.unpack(place)?.discrepancy))
    }

    /// Lets `change` look at all of a code, shown or hidden, in their order; those that it changes
    /// keep their place.
    pub fn change(&mut self, code: Code, mut change: impl FnMut(&mut Discrepancy, State) -> bool) {
        let packed = &mut self.packed;
        let places = self.shown.iter_mut().chain(&mut self.hidden);
        for place in places.filter(|place| place.code == code) {
            let Ok(mut found) = unpack_finding(packed.get(place.span)) else {
                continue;
            };
            if change(&mut found, place.life.state) {
                let known = place.life.remembered.map(|row| row.span);
                place.span = packed.pack(&found, place.life.first_seen, known);
            }
        }
    }

    /// Bytes are checked when they come in, so there is always a discrepancy.
    fn unpack(&self, place: &Place) -> Option<ReportedDiscrepancy> {
        let discrepancy = unpack_finding(self.packed.get(place.span)).ok();
        debug_assert!(discrepancy.is_some(), "bytes that nobody packed");
        let said = self.said_of(place).cloned().unwrap_or_default();
        Some(ReportedDiscrepancy {
            discrepancy: discrepancy?,
            id: place.life.id.to_string(),
            state: place.life.state,
            first_seen: place.life.first_seen,
            assignee: said.assignee,
            note: said.note,
        })
    }
}

impl FromIterator<ReportedDiscrepancy> for FoundList {
    /// A sorted list.
    fn from_iter<I: IntoIterator<Item = ReportedDiscrepancy>>(all: I) -> Self {
        let mut list = Self::default();
        for reported in all {
            let id = reported.discrepancy.identity();
            let life = Life {
                id,
                state: reported.state,
                first_seen: reported.first_seen,
                remembered: None,
            };
            let said = Said {
                assignee: reported.assignee,
                note: reported.note,
                is_snoozed: false,
            };
            list.add(&reported.discrepancy, life, said, true);
        }
        list.sort();
        list
    }
}
