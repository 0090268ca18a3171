//! Rows in little memory: what a night read, kept until it is matched.
//!
//! A million lines and a million orders pass through a first night; reading them back from the
//! database would take longer than matching them. So rows are packed one behind the other (about
//! 55 bytes each, written by postcard) with a small index that is sorted by provider and order
//! reference.

use serde::{Deserialize, Serialize};

use crate::domain::arena::{Arena, ArenaMark};
use crate::domain::packed::{pack, unpack};

/// Rows of one kind. The first field of a packed row must be its order reference.
#[derive(Debug, Default)]
pub(super) struct Packed {
    arena: Arena,
    index: Vec<Place>,
    sorted: bool,
}

/// Where a row is, with enough of its reference to sort most rows without looking at them.
#[derive(Clone, Copy, Debug)]
struct Place {
    provider: u16,
    at: u32,
    prefix: [u64; 2],
}

/// A point in the rows to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    arena: ArenaMark,
    rows: usize,
}

/// The first 16 bytes of a text, in its order.
fn prefix(text: &str) -> [u64; 2] {
    let mut bytes = [0_u8; 16];
    bytes
        .iter_mut()
        .zip(text.bytes())
        .for_each(|(to, from)| *to = from);
    let number = u128::from_be_bytes(bytes);
    let low = number & u128::from(u64::MAX);
    [number >> 64, low].map(|half| u64::try_from(half).unwrap_or(u64::MAX))
}

impl Packed {
    /// Adds a row that is packed already.
    pub(super) fn append(&mut self, provider: u16, reference: &str, row: &[u8]) {
        let at = self.arena.push(row);
        self.note(provider, reference, at);
    }

    fn note(&mut self, provider: u16, reference: &str, at: u32) {
        self.index.push(Place {
            provider,
            at,
            prefix: prefix(reference),
        });
        self.sorted = false;
    }

    /// Bytes that the rows take.
    pub(super) fn size_bytes(&self) -> usize {
        let index = self.index.len().saturating_mul(size_of::<Place>());
        self.arena.size_bytes().saturating_add(index)
    }

    /// Here.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            arena: self.arena.mark(),
            rows: self.index.len(),
        }
    }

    /// Forgets all rows behind a mark.
    pub(super) fn forget_behind(&mut self, mark: Mark) {
        self.arena.forget_behind(mark.arena);
        self.index.truncate(mark.rows);
    }

    fn row<'a, T: Deserialize<'a>>(&'a self, place: Place) -> Option<T> {
        unpack(self.arena.from(place.at)).ok()
    }

    fn reference(&self, place: Place) -> &str {
        self.row(place).unwrap_or_default()
    }

    /// Sorts the rows by provider and reference; rows of one reference keep their order.
    pub(super) fn sort(&mut self) {
        if self.sorted {
            return;
        }
        let mut index = std::mem::take(&mut self.index);
        index.sort_by(|a, b| {
            (a.provider, a.prefix)
                .cmp(&(b.provider, b.prefix))
                .then_with(|| self.reference(*a).cmp(self.reference(*b)))
        });
        self.index = index;
        self.sorted = true;
    }

    /// Walks through the sorted rows, from the first one of a provider.
    pub(super) fn cursor_at(&self, provider: u16) -> Cursor<'_> {
        debug_assert!(self.sorted || self.index.is_empty());
        let next = self
            .index
            .partition_point(|place| place.provider < provider);
        Cursor { rows: self, next }
    }

    /// All rows with their provider, in the order of the index.
    pub(super) fn rows<'a, T: Deserialize<'a> + 'a>(&'a self) -> impl Iterator<Item = (u16, T)> {
        self.index
            .iter()
            .filter_map(|place| Some((place.provider, self.row(*place)?)))
    }

    /// All references with their provider, in the order of the index.
    pub(super) fn references(&self) -> impl Iterator<Item = (u16, &str)> {
        self.index
            .iter()
            .map(|place| (place.provider, self.reference(*place)))
    }
}

/// A walk through sorted rows, reference by reference.
pub(super) struct Cursor<'a> {
    rows: &'a Packed,
    next: usize,
}

impl<'a> Cursor<'a> {
    /// Provider and reference of the next row.
    pub(super) fn peek(&self) -> Option<(u16, &'a str)> {
        let place = self.rows.index.get(self.next)?;
        Some((place.provider, self.rows.reference(*place)))
    }

    /// Takes all rows of a reference, if they are next.
    pub(super) fn take<T: Deserialize<'a>>(&mut self, key: (u16, &str), mut row: impl FnMut(T)) {
        let wanted = prefix(key.1);
        while let Some(place) = self.rows.index.get(self.next) {
            let same = place.provider == key.0
                && place.prefix == wanted
                && self.rows.reference(*place) == key.1;
            if !same {
                return;
            }
            if let Some(unpacked) = self.rows.row(*place) {
                row(unpacked);
            }
            self.next = self.next.saturating_add(1);
        }
    }
}

/// Some packed rows on their way from the reading thread.
#[derive(Debug, Default)]
pub(super) struct PackedRows {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl PackedRows {
    /// Adds a row.
    pub(super) fn push<T: Serialize>(&mut self, row: &T) {
        self.starts.push(self.bytes.len());
        pack(row, &mut self.bytes);
    }

    /// Adds a row that is packed already.
    pub(super) fn append(&mut self, row: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(row);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The packed rows one after the other.
    pub(super) fn bytes(&self) -> impl Iterator<Item = &[u8]> + Clone {
        let ends = self
            .starts
            .iter()
            .skip(1)
            .copied()
            .chain([self.bytes.len()]);
        let spans = self.starts.iter().copied().zip(ends);
        spans.map(|(start, end)| self.bytes.get(start..end).unwrap_or_default())
    }

    /// The rows one after the other.
    pub(super) fn iter<'a, T: Deserialize<'a> + 'a>(&'a self) -> impl Iterator<Item = T> + 'a {
        self.bytes().filter_map(|row| unpack(row).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(rows: &mut Packed, provider: u16, reference: &str, value: u32) {
        let mut bytes = Vec::new();
        pack(&(reference, value), &mut bytes);
        rows.append(provider, reference, &bytes);
    }

    #[test]
    fn rows_come_back_by_provider_and_reference_in_the_order_of_arrival() {
        let mut rows = Packed::default();
        let long = "ORDER-2026-0000000000000000";
        for (provider, reference, value) in [
            (1, "B", 1_u32),
            (0, "B2", 2),
            (0, &format!("{long}2"), 3),
            (0, &format!("{long}1"), 4),
            (0, "B", 5),
            (0, "B", 6),
        ] {
            add(&mut rows, provider, reference, value);
        }
        rows.sort();
        let mut cursor = rows.cursor_at(0);
        let mut found = Vec::new();
        while let Some(key) = cursor.peek() {
            cursor.take(key, |(reference, value): (&str, u32)| {
                found.push(format!("{}/{reference}={value}", key.0));
            });
        }
        assert_eq!(
            found,
            [
                "0/B=5",
                "0/B=6",
                "0/B2=2",
                &format!("0/{long}1=4"),
                &format!("0/{long}2=3"),
                "1/B=1"
            ]
        );
    }

    #[test]
    fn a_refused_file_is_forgotten() {
        let mut rows = Packed::default();
        add(&mut rows, 0, "A", 1);
        let mark = rows.mark();
        add(&mut rows, 0, "B", 2);
        rows.forget_behind(mark);
        assert_eq!(rows.references().collect::<Vec<_>>(), [(0, "A")]);
    }
}
