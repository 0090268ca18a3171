//! Packed rows in little memory: what a night read, or looked up, kept until it is matched.
//!
//! A million lines and a million orders pass through a first night; reading them back from the
//! database would take longer than matching them. So rows lie one behind the other (about 55 bytes
//! each) with a small index that is sorted by provider and order reference.

use serde::{Deserialize, Serialize};

use crate::domain::arena::{Arena, ArenaMark};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::packed::{Damage, pack, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::SettlementLine;
use crate::storage::facts::{FactRow, FactTable};

/// All rows of one order reference of one provider.
#[derive(Debug, Default)]
pub struct Case<'a> {
    /// Who finances the order.
    pub provider: &'a str,
    /// The reference; empty for the case of all rows without one.
    pub reference: &'a str,
    /// Settlement lines, in the order in which they came.
    pub lines: Vec<SettlementLine<'a>>,
    /// Every row of the order, likewise.
    pub orders: Vec<Order<'a>>,
    /// Every event of it.
    pub events: Vec<OrderEvent<'a>>,
    /// What providers say of it.
    pub provider_events: Vec<ProviderEvent<'a>>,
}

impl<'a> Case<'a> {
    fn begin(&mut self, provider: &'a str, reference: &'a str) {
        (self.provider, self.reference) = (provider, reference);
        self.lines.clear();
        self.orders.clear();
        self.events.clear();
        self.provider_events.clear();
    }

    fn add(&mut self, table: FactTable, row: &'a [u8]) -> Result<(), Damage> {
        match table {
            FactTable::Lines => self.lines.push(unpack(row)?),
            FactTable::Orders => self.orders.push(unpack(row)?),
            FactTable::OrderEvents => self.events.push(unpack(row)?),
            FactTable::ProviderEvents => self.provider_events.push(unpack(row)?),
        }
        Ok(())
    }
}

/// Names of providers, by number.
#[derive(Clone, Debug, Default)]
struct Providers {
    names: Vec<String>,
}

impl Providers {
    fn number(&mut self, name: &str) -> u16 {
        let known = self.names.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len().saturating_sub(1)
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    fn name(&self, number: u16) -> &str {
        self.names
            .get(usize::from(number))
            .map_or("", String::as_str)
    }

    /// For each number its place in the order of names.
    fn ranks(&self) -> Vec<usize> {
        let before = |name: &String| self.names.iter().filter(|other| *other < name).count();
        self.names.iter().map(before).collect()
    }
}

/// Rows of all kinds. The first field of each is its order reference.
#[derive(Debug, Default)]
pub struct FactBuffer {
    providers: Providers,
    arena: Arena,
    index: Vec<Place>,
    sorted: bool,
}

/// Where a row is, with enough of its reference to sort most rows without looking at them. There are
/// millions: 24 bytes each.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The first bytes of the reference, in its order.
    prefix: [u64; 2],
    at: u32,
    provider: u16,
    table: FactTable,
    /// Bytes of the reference, at most one more than the prefix has: equal prefixes of equal lengths
    /// that are not longer are equal references.
    length: u8,
}

/// Rows of which half are worth a thread.
const ROWS_FOR_TWO_THREADS: usize = 50_000;

/// Bytes of a reference that are in its key.
const PREFIX_BYTES: usize = 16;

/// A point in a buffer to go back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    arena: ArenaMark,
    rows: usize,
}

/// A row in a buffer.
#[derive(Clone, Copy, Debug)]
pub struct BufferRow<'b> {
    /// What it is.
    pub table: FactTable,
    /// Whose it is.
    pub provider: &'b str,
    /// The row, packed; other rows may lie behind it.
    pub bytes: &'b [u8],
}

impl<'b> BufferRow<'b> {
    /// Its order reference.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn reference(&self) -> Result<&'b str, Damage> {
        unpack(self.bytes)
    }
}

impl Place {
    /// Sets what is known of the reference.
    fn refer_to(&mut self, reference: &str) {
        let mut bytes = [0_u8; PREFIX_BYTES];
        bytes
            .iter_mut()
            .zip(reference.bytes())
            .for_each(|(to, from)| *to = from);
        let number = u128::from_be_bytes(bytes);
        let low = number & u128::from(u64::MAX);
        self.prefix = [number >> 64, low].map(|half| u64::try_from(half).unwrap_or(u64::MAX));
        let length = reference.len().min(PREFIX_BYTES.saturating_add(1));
        self.length = u8::try_from(length).unwrap_or(u8::MAX);
    }

    fn key(&self) -> ([u64; 2], u8) {
        (self.prefix, self.length)
    }

    /// True when the reference may go on behind the prefix.
    fn is_cut(&self) -> bool {
        usize::from(self.length) > PREFIX_BYTES
    }
}

impl FactBuffer {
    /// Adds a packed row. Only its first fields are looked at.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn append(
        &mut self,
        table: FactTable,
        file_provider: &str,
        row: &[u8],
    ) -> Result<(), Damage> {
        let reference: &str = unpack(row)?;
        let provider = table.provider(row)?.unwrap_or(file_provider);
        let mut place = Place {
            prefix: [0; 2],
            at: self.arena.push(row),
            provider: self.providers.number(provider),
            table,
            length: 0,
        };
        place.refer_to(reference);
        self.index.push(place);
        self.sorted = false;
        Ok(())
    }

    /// Adds a stored row.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn append_stored(&mut self, row: &FactRow<'_>) -> Result<(), Damage> {
        self.append(row.table, row.file_provider, row.bytes)
    }

    /// Gives rows the references of the orders that they belong to. `moved` writes a row as it is
    /// then, and gives its new reference; `None`: it stays as it is.
    ///
    /// # Errors
    /// Those of `moved`.
    pub fn change_references(
        &mut self,
        moved: impl Fn(BufferRow<'_>, &mut Vec<u8>) -> Result<Option<String>, Damage>,
    ) -> Result<(), Damage> {
        let mut bytes = Vec::new();
        for at in 0..self.index.len() {
            let Some(place) = self.index.get(at).copied() else {
                continue;
            };
            let Some(reference) = moved(self.row(place), &mut bytes)? else {
                continue;
            };
            let at_end = self.arena.push(&bytes);
            if let Some(place) = self.index.get_mut(at) {
                place.at = at_end;
                place.refer_to(&reference);
            }
            self.sorted = false;
        }
        Ok(())
    }

    /// Bytes that the rows take.
    pub fn size_bytes(&self) -> usize {
        let index = self.index.len().saturating_mul(size_of::<Place>());
        self.arena.size_bytes().saturating_add(index)
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The point behind the last row.
    pub fn mark(&self) -> Mark {
        Mark {
            arena: self.arena.mark(),
            rows: self.index.len(),
        }
    }

    /// Forgets all rows behind a mark. Rows must not have been sorted since.
    pub fn forget_behind(&mut self, mark: Mark) {
        self.arena.forget_behind(mark.arena);
        self.index.truncate(mark.rows);
    }

    fn row(&self, place: Place) -> BufferRow<'_> {
        BufferRow {
            table: place.table,
            provider: self.providers.name(place.provider),
            bytes: self.arena.from(place.at),
        }
    }

    /// All rows, in the order of the index.
    pub fn rows(&self) -> impl Iterator<Item = BufferRow<'_>> {
        self.index.iter().map(|place| self.row(*place))
    }

    /// Sorts the rows by the provider's name and by reference; rows of one order keep their order.
    pub fn sort(&mut self) {
        if self.sorted {
            return;
        }
        let mut index = std::mem::take(&mut self.index);
        let ranks = self.providers.ranks();
        let rank = |place: &Place| ranks.get(usize::from(place.provider)).copied();
        let before = |a: &Place, b: &Place| {
            let first = (rank(a), a.key()).cmp(&(rank(b), b.key()));
            if first.is_ne() || !a.is_cut() {
                return first;
            }
            // A reference was unpacked when its row was added; only long ones are compared here.
            let whole = |place: &Place| self.row(*place).reference().ok();
            whole(a).cmp(&whole(b))
        };
        // Two halves, each by a thread of its own: sorting them together then joins them only.
        let half = index.len() >> 1;
        if half > ROWS_FOR_TWO_THREADS {
            let (left, right) = index.split_at_mut(half);
            std::thread::scope(|scope| {
                scope.spawn(|| left.sort_by(before));
                right.sort_by(before);
            });
        }
        index.sort_by(before);
        self.index = index;
        self.sorted = true;
    }

    /// Hands over case after case of the sorted rows: providers by name, references in their order.
    ///
    /// # Errors
    /// That of `take`, or for bytes that are no row.
    pub fn each_case<'f, E: From<Damage>>(
        &'f self,
        mut take: impl FnMut(&Case<'f>) -> Result<(), E>,
    ) -> Result<(), E> {
        debug_assert!(self.sorted || self.index.is_empty());
        let mut case = Case::default();
        let mut rest = self.index.as_slice();
        while let Some(first) = rest.first() {
            let reference = self.row(*first).reference()?;
            case.begin(self.providers.name(first.provider), reference);
            let mut rows = 0_usize;
            for place in rest {
                let same = (place.provider, place.key()) == (first.provider, first.key())
                    && (!first.is_cut() || self.row(*place).reference()? == reference);
                if !same {
                    break;
                }
                case.add(place.table, self.arena.from(place.at))?;
                rows = rows.saturating_add(1);
            }
            take(&case)?;
            rest = rest.get(rows..).unwrap_or_default();
        }
        Ok(())
    }
}

/// Packed rows one behind the other, on their way from one place to another.
#[derive(Clone, Debug, Default)]
pub struct PackedRows {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl PackedRows {
    /// Adds a row.
    pub fn push<T: Serialize>(&mut self, row: &T) {
        self.starts.push(self.bytes.len());
        pack(row, &mut self.bytes);
    }

    /// Adds a row that is packed already.
    pub fn append(&mut self, row: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(row);
    }

    /// Adds all rows of another list.
    pub fn extend(&mut self, other: &Self) {
        other.bytes().for_each(|row| self.append(row));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The rows from one position to another.
    pub fn part(&self, from: usize, to: usize) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        let starts = self.starts.get(from..to.min(self.starts.len()));
        let ends = from.saturating_add(1);
        starts
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(move |(at, start)| {
                let end = self.starts.get(ends.saturating_add(at));
                let end = end.copied().unwrap_or(self.bytes.len());
                self.bytes.get(*start..end).unwrap_or_default()
            })
    }

    /// The packed rows one after the other.
    pub fn bytes(&self) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        self.part(0, self.starts.len())
    }

    /// All rows.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn all<'a, T: Deserialize<'a>>(&'a self) -> Result<Vec<T>, Damage> {
        self.bytes().map(unpack).collect()
    }
}
