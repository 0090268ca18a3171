//! One case after another: the only way from stored rows to the orders that they speak of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::buffer::{BufferRow, FactBuffer};
use super::line_orders::{LineOrders, moved_line};
use super::lookup;
use super::owner::Owners;
use super::spill::Spill;
use crate::domain::file::FileId;
use crate::domain::packed::{Damage, pack, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::storage::facts::blocks::{self, Wanted};
use crate::storage::facts::{FactRow, FactTable};
use crate::storage::{Db, StorageError, files};

/// Rows that are in memory already, and need not be looked up.
#[derive(Debug)]
pub struct Known {
    /// The rows.
    pub rows: FactBuffer,
    /// The number of the first of them: those before it are looked up.
    pub first: i64,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            rows: FactBuffer::default(),
            first: i64::MAX,
        }
    }
}

/// Cases in the order of the reports: providers by name, then references. They come in pages of whole
/// cases, each of which [`FactBuffer::each_case`] walks through.
#[derive(Debug)]
pub struct Cases {
    spill: Spill,
    /// Which order an event belongs to.
    pub owners: Owners,
}

/// Which order the rows of a night belong to.
#[derive(Clone, Copy)]
struct Belonging<'b> {
    owners: &'b Owners,
    lines: &'b dyn LineOrders,
}

impl Belonging<'_> {
    fn moves_nothing(self) -> bool {
        self.owners.is_empty() && self.lines.moves_nothing()
    }

    /// Writes a row as it is under the reference of the order that it belongs to, and gives that;
    /// `None` where it names that itself.
    fn moved(self, row: BufferRow<'_>, into: &mut Vec<u8>) -> Result<Option<String>, Damage> {
        match row.table {
            FactTable::Lines => moved_line(self.lines, row.provider, row.bytes, into),
            FactTable::ProviderEvents => {
                let event: ProviderEvent<'_> = unpack(row.bytes)?;
                let owner = self.owners.of(&event);
                let written = owner.unwrap_or(event.order_reference);
                let linked = self.lines.of_reference(event.provider, written);
                let Some(order_reference) = linked.or(owner) else {
                    return Ok(None);
                };
                into.clear();
                let moved = ProviderEvent {
                    order_reference,
                    ..event
                };
                pack(&moved, into);
                Ok(Some(order_reference.to_owned()))
            }
            FactTable::Orders | FactTable::OrderEvents => Ok(None),
        }
    }
}

impl Cases {
    /// Those of some references, and of what is linked to them, which is added to the references.
    ///
    /// # Errors
    /// When the database fails, or what it holds is damaged.
    pub async fn of(
        db: &mut Db,
        references: &mut BTreeSet<String>,
        known: Known,
        (lines, as_of): (&dyn LineOrders, NaiveDate),
    ) -> Result<Self, StorageError> {
        // Links lead to further events, and these to further links.
        let owners = loop {
            lines.add_linked(references);
            let before = references.len();
            let owners = Owners::concerning(db, references, as_of).await?;
            lines.add_linked(references);
            if references.len() == before {
                break owners;
            }
        };
        let asked: BTreeSet<&str> = references.iter().map(String::as_str).collect();
        let Known { mut rows, first } = known;
        let before = |_, row| row < first;
        lookup::of_references(db, &asked, before, |row| rows.append_stored(&row)).await?;
        Self::of_buffer(rows, owners, lines)
    }

    /// Those of rows that are all there is.
    ///
    /// # Errors
    /// When the database fails, or what it holds is damaged.
    pub async fn in_memory(
        db: &mut Db,
        rows: FactBuffer,
        (lines, as_of): (&dyn LineOrders, NaiveDate),
    ) -> Result<Self, StorageError> {
        let owners = Owners::all(db, as_of).await?;
        Self::of_buffer(rows, owners, lines)
    }

    fn of_buffer(
        mut rows: FactBuffer,
        owners: Owners,
        lines: &dyn LineOrders,
    ) -> Result<Self, StorageError> {
        let belonging = Belonging {
            owners: &owners,
            lines,
        };
        if !belonging.moves_nothing() {
            rows.change_references(|row, into| belonging.moved(row, into))?;
        }
        Ok(Self {
            spill: Spill::of(rows),
            owners,
        })
    }

    /// Those of all rows in the database, which are read once.
    ///
    /// # Errors
    /// When the database fails, or what it holds is damaged.
    pub async fn all(
        db: &mut Db,
        (lines, as_of): (&dyn LineOrders, NaiveDate),
    ) -> Result<Self, StorageError> {
        let owners = Owners::all(db, as_of).await?;
        let belonging = Belonging {
            owners: &owners,
            lines,
        };
        let mut spill = Spill::default();
        let mut failed = None;
        let mut moved = Vec::new();
        let mut counts: BTreeMap<FileId, u64> = BTreeMap::new();
        let read = blocks::each(db, Wanted::All, |row| {
            let count = counts.entry(row.file).or_default();
            *count = count.saturating_add(1);
            append_owned(&mut spill, &row, belonging, &mut moved)?;
            if failed.is_none() {
                failed = spill.relieve().err();
            }
            Ok(())
        });
        read.await?;
        check_counts(db, &counts).await?;
        match failed {
            Some(error) => Err(error),
            None => Ok(Self { spill, owners }),
        }
    }

    /// The next page.
    ///
    /// # Errors
    /// When a temporary file fails.
    pub fn next_page(&mut self) -> Result<Option<FactBuffer>, StorageError> {
        self.spill.next_page()
    }
}

/// Adds a row under the reference of the order that it belongs to.
fn append_owned(
    spill: &mut Spill,
    row: &FactRow<'_>,
    belonging: Belonging<'_>,
    scratch: &mut Vec<u8>,
) -> Result<(), Damage> {
    let provider = row.provider()?;
    let of_buffer = BufferRow {
        table: row.table,
        provider,
        bytes: row.bytes,
    };
    if belonging.moves_nothing() || belonging.moved(of_buffer, scratch)?.is_none() {
        return spill.buffer().append_stored(row);
    }
    spill.buffer().append(row.table, row.file_provider, scratch)
}

/// Compares how many rows there are of each file with how many were stored.
async fn check_counts(db: &mut Db, counts: &BTreeMap<FileId, u64>) -> Result<(), StorageError> {
    for stored in files::all(db).await? {
        let of_facts = FactTable::of(stored.file.kind.content()).and(stored.rows);
        let Some(rows) = of_facts else { continue };
        let expected = rows.count();
        let found = counts.get(&stored.file.id).copied().unwrap_or(0);
        if found != expected {
            let damage = Damage::Count { expected, found };
            return Err(blocks::damaged_file(db, rows.first, damage).await);
        }
    }
    Ok(())
}
