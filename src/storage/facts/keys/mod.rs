//! The tables `key_segments` and `key_blocks`: which rows have an order reference or a transaction.
//!
//! A key is a hash of the text, so finding costs the same whatever order references look like. A
//! segment holds the sorted pairs of key and row that one file brought, in blobs of 256; its fences
//! say with which key each blob begins. A look-up goes through its sorted keys once and reads each
//! blob at most once. Where more than a few segments exist, the smallest are merged into one.
//! Hashes collide: who looks a row up compares its text.
//!
//! All of this can be made anew from the rows ([`rebuild`]), so damage here loses nothing.

mod merge;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::blocks::{self, Wanted};
use super::{FactRow, FactTable};
use crate::domain::packed::{Damage, pack, seal, take, unseal};
use crate::storage::db::{Blob, Db, StorageError, value_list};
use crate::storage::files::RowRange;
use merge::merge;
pub use merge::{each, tidy};

/// What rows are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeySpace {
    /// The order reference of any row.
    References,
    /// The transaction of an order or a provider event.
    Transactions,
}

impl KeySpace {
    /// Both of them, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::References, Self::Transactions];

    fn number(self) -> u8 {
        match self {
            Self::References => 0,
            Self::Transactions => 1,
        }
    }
}

/// Bits of a hash that a key has: fewer than 64 make its difference to the next one a byte or two
/// shorter in the database.
const KEY_BITS: u32 = 48;

/// The key of a reference or a transaction.
pub fn key(text: &str) -> u64 {
    xxh3_64(text.as_bytes()) >> (u64::BITS - KEY_BITS)
}

/// A key, and a row that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Pair {
    /// The key.
    pub key: u64,
    /// The row's number and, in the two lowest bits, its kind.
    place: u64,
    /// For a transaction: the key of the row's order reference, else 0.
    pub reference: u64,
}

/// Bits of a place that say what a row is.
const TABLE_BITS: u32 = 2;

impl Pair {
    /// The pairs of a row: that of its reference, and that of its transaction where it has one.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn of(row: &FactRow<'_>) -> Result<(Self, Option<Self>), Damage> {
        let number = u64::try_from(row.number).unwrap_or(0);
        let place = number << TABLE_BITS | u64::from(row.table.number());
        let reference = key(row.reference()?);
        let transaction = row.table.transaction(row.bytes)?;
        let by_transaction = (!transaction.is_empty()).then(|| Self {
            key: key(transaction),
            place,
            reference,
        });
        let by_reference = Self {
            key: reference,
            place,
            reference: 0,
        };
        Ok((by_reference, by_transaction))
    }

    /// The row's number.
    pub fn row(self) -> i64 {
        i64::try_from(self.place >> TABLE_BITS).unwrap_or(i64::MAX)
    }

    /// What the row is.
    pub fn table(self) -> FactTable {
        let number = u8::try_from(self.place & ((1 << TABLE_BITS) - 1));
        // Two bits have four values, and there are four kinds.
        number
            .ok()
            .and_then(FactTable::from_number)
            .unwrap_or(FactTable::Lines)
    }
}

/// Pairs of a blob.
const PAIRS_PER_BLOCK: usize = 256;

/// Segments of one space beyond which the smallest are merged.
const SEGMENTS_MAX: usize = 8;

/// Blobs that are stored, or asked for, in one statement.
const BLOCKS_PER_STATEMENT: usize = 500;

/// Pairs that are sorted in memory at once.
pub const PAIRS_IN_MEMORY: usize = 1 << 19;

/// Blocks of rows whose pairs are sorted at once when keys are made anew: half a million rows.
const BLOCKS_REBUILT: i64 = 1_024;

/// What a segment says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fences {
    segment: i64,
    space: u8,
    first_block: i64,
    pairs: u64,
    /// The first key of each blob.
    keys: Vec<u64>,
}

fn damaged(damage: Damage) -> StorageError {
    StorageError::DamagedKeys { damage }
}

/// The segments of a space, in the order of their numbers.
async fn segments(db: &mut Db, space: KeySpace) -> Result<Vec<Fences>, StorageError> {
    let args = db.args();
    let sql = "SELECT id, fences FROM key_segments ORDER BY id";
    let stored = db.all("reading keys", sql, args, |row| {
        Ok((row.int(0)?, row.bytes(1)?.to_vec()))
    });
    let mut found = Vec::new();
    for (id, sealed) in stored.await? {
        let fences: Fences = unseal(&sealed)
            .and_then(|mut bytes| take(&mut bytes))
            .map_err(damaged)?;
        if fences.segment != id {
            return Err(damaged(Damage::Elsewhere));
        }
        if fences.space == space.number() {
            found.push(fences);
        }
    }
    Ok(found)
}

/// How many pairs a space has.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn count(db: &mut Db, space: KeySpace) -> Result<u64, StorageError> {
    let segments = segments(db, space).await?;
    Ok(segments.iter().map(|segment| segment.pairs).sum())
}

/// The pairs of a blob.
fn open(block: i64, sealed: &[u8], space: KeySpace) -> Result<Vec<Pair>, Damage> {
    let mut rest = unseal(sealed)?;
    let (said, count): (i64, usize) = take(&mut rest)?;
    if said != block {
        return Err(Damage::Elsewhere);
    }
    let mut pairs = Vec::with_capacity(count);
    let mut key = 0_u64;
    for _ in 0..count {
        let (more, place): (u64, u64) = take(&mut rest)?;
        key = key.saturating_add(more);
        let reference = match space {
            KeySpace::References => 0,
            KeySpace::Transactions => take(&mut rest)?,
        };
        pairs.push(Pair {
            key,
            place,
            reference,
        });
    }
    Ok(pairs)
}

fn close(block: i64, pairs: &[Pair], space: KeySpace) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pairs.len().saturating_mul(16));
    pack(&(block, pairs.len()), &mut bytes);
    let mut before = 0_u64;
    for pair in pairs {
        pack(&(pair.key.saturating_sub(before), pair.place), &mut bytes);
        if space == KeySpace::Transactions {
            pack(&pair.reference, &mut bytes);
        }
        before = pair.key;
    }
    seal(&mut bytes);
    bytes
}

/// Hands over blobs with some numbers, which rise and are all there.
async fn each_block(
    db: &mut Db,
    numbers: &[i64],
    space: KeySpace,
    mut take: impl FnMut(&[Pair]),
) -> Result<(), StorageError> {
    for chunk in numbers.chunks(BLOCKS_PER_STATEMENT) {
        let mut args = db.args();
        for number in chunk {
            args.int(*number);
        }
        let list = value_list(chunk.len());
        let sql = format!("SELECT id, pairs FROM key_blocks WHERE id IN ({list}) ORDER BY id");
        let (mut found, mut damage) = (0_usize, None);
        let done = db
            .each("reading keys", &sql, args, |row| {
                found = found.saturating_add(1);
                match open(row.int(0)?, row.bytes(1)?, space) {
                    Ok(pairs) => take(&pairs),
                    Err(error) => damage = Some(error),
                }
                Ok(())
            })
            .await;
        done?;
        if found != chunk.len() {
            return Err(damaged(Damage::Missing));
        }
        if let Some(damage) = damage {
            return Err(damaged(damage));
        }
    }
    Ok(())
}

impl Fences {
    /// The numbers of the blobs that may hold one of some sorted keys.
    fn blocks_with(&self, keys: &[u64]) -> Vec<i64> {
        let mut found = Vec::new();
        let mut left = keys;
        for (at, first) in self.keys.iter().enumerate() {
            // Equal keys may lie over several blobs: a blob also has the keys equal to the next one's first.
            let behind = self.keys.get(at.saturating_add(1)).copied();
            let end = left.partition_point(|key| behind.is_none_or(|behind| *key <= behind));
            let inside = left.get(..end).unwrap_or_default();
            if inside.last().is_some_and(|last| last >= first) {
                let at = i64::try_from(at).unwrap_or(i64::MAX);
                found.push(self.first_block.saturating_add(at));
            }
            let done = left.partition_point(|key| behind.is_some_and(|behind| *key < behind));
            left = left.get(done..).unwrap_or_default();
            if left.is_empty() {
                break;
            }
        }
        found
    }

    fn all_blocks(&self) -> Vec<i64> {
        let count = i64::try_from(self.keys.len()).unwrap_or(i64::MAX);
        (self.first_block..self.first_block.saturating_add(count)).collect()
    }
}

/// Hands over the pairs with some keys, which are sorted.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn look_up(
    db: &mut Db,
    space: KeySpace,
    keys: &[u64],
    mut take: impl FnMut(Pair),
) -> Result<(), StorageError> {
    for segment in segments(db, space).await? {
        let blocks = segment.blocks_with(keys);
        each_block(db, &blocks, space, |pairs| {
            let from = pairs.first().map_or(0, |pair| pair.key);
            let mut left = keys
                .get(keys.partition_point(|key| *key < from)..)
                .unwrap_or_default();
            for pair in pairs {
                while let Some((first, rest)) = left.split_first()
                    && *first < pair.key
                {
                    left = rest;
                }
                if left.first() == Some(&pair.key) {
                    take(*pair);
                }
            }
        })
        .await?;
    }
    Ok(())
}

/// Stores one segment, pair by pair in their order.
struct SegmentWriter {
    fences: Fences,
    space: KeySpace,
    pairs: Vec<Pair>,
    ready: Vec<Blob<1>>,
}

impl SegmentWriter {
    async fn begin(db: &mut Db, space: KeySpace) -> Result<Self, StorageError> {
        let doing = "counting keys";
        let args = db.args();
        let segment = db
            .number(doing, "SELECT MAX(id) FROM key_segments", args)
            .await?;
        let args = db.args();
        let block = db
            .number(doing, "SELECT MAX(id) FROM key_blocks", args)
            .await?;
        let fences = Fences {
            segment: segment.saturating_add(1),
            space: space.number(),
            first_block: block.saturating_add(1),
            pairs: 0,
            keys: Vec::new(),
        };
        Ok(Self {
            fences,
            space,
            pairs: Vec::with_capacity(PAIRS_PER_BLOCK),
            ready: Vec::new(),
        })
    }

    async fn push(&mut self, db: &mut Db, pair: Pair) -> Result<(), StorageError> {
        self.pairs.push(pair);
        self.fences.pairs = self.fences.pairs.saturating_add(1);
        if self.pairs.len() >= PAIRS_PER_BLOCK {
            self.close_block();
            if self.ready.len() >= BLOCKS_PER_STATEMENT {
                self.store(db).await?;
            }
        }
        Ok(())
    }

    fn close_block(&mut self) {
        let Some(first) = self.pairs.first() else {
            return;
        };
        let at = i64::try_from(self.fences.keys.len()).unwrap_or(i64::MAX);
        let block = self.fences.first_block.saturating_add(at);
        self.fences.keys.push(first.key);
        self.ready.push(Blob {
            numbers: [block],
            bytes: close(block, &self.pairs, self.space),
        });
        self.pairs.clear();
    }

    async fn store(&mut self, db: &mut Db) -> Result<(), StorageError> {
        let ready = std::mem::take(&mut self.ready).into_iter();
        let into = ("key_blocks", "id, pairs");
        db.insert_blobs("storing keys", into, BLOCKS_PER_STATEMENT, ready)
            .await
    }

    async fn finish(mut self, db: &mut Db) -> Result<(), StorageError> {
        if self.fences.pairs == 0 {
            return Ok(());
        }
        self.close_block();
        self.store(db).await?;
        let mut bytes = Vec::new();
        pack(&self.fences, &mut bytes);
        seal(&mut bytes);
        let segment = Blob {
            numbers: [self.fences.segment],
            bytes,
        };
        let into = ("key_segments", "id, fences");
        db.insert_blobs("storing keys", into, 1, std::iter::once(segment))
            .await
    }
}

/// Stores pairs as a segment.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut Db,
    space: KeySpace,
    mut pairs: Vec<Pair>,
) -> Result<(), StorageError> {
    if pairs.is_empty() {
        return Ok(());
    }
    pairs.sort_unstable();
    let mut writer = SegmentWriter::begin(db, space).await?;
    for pair in pairs {
        writer.push(db, pair).await?;
    }
    writer.finish(db).await
}

/// Removes the pairs of some rows.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn forget(db: &mut Db, rows: RowRange) -> Result<(), StorageError> {
    for space in KeySpace::ALL {
        let all = segments(db, space).await?;
        merge(db, space, &all, |pair| {
            pair.row() < rows.first || pair.row() > rows.last
        })
        .await?;
    }
    Ok(())
}

/// Makes all keys anew from the rows.
///
/// # Errors
/// When the database fails, or the rows are damaged.
pub async fn rebuild(db: &mut Db) -> Result<(), StorageError> {
    for sql in ["DELETE FROM key_segments", "DELETE FROM key_blocks"] {
        let args = db.args();
        db.execute("making the keys anew", sql, args).await?;
    }
    let last = blocks::next_block(db).await?;
    let mut first = 1;
    while first < last {
        let behind = first.saturating_add(BLOCKS_REBUILT);
        let rows = RowRange {
            first: blocks::first_row_of(first),
            last: blocks::first_row_of(behind).saturating_sub(1),
        };
        let mut pairs = Pairs::default();
        blocks::each(db, Wanted::Rows(rows), |row| pairs.add(&row)).await?;
        pairs.insert(db).await?;
        first = behind;
    }
    tidy(db).await
}

/// The pairs of rows that are being stored.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    by_reference: Vec<Pair>,
    by_transaction: Vec<Pair>,
}

impl Pairs {
    /// Adds those of a row.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn add(&mut self, row: &FactRow<'_>) -> Result<(), Damage> {
        let (by_reference, by_transaction) = Pair::of(row)?;
        self.by_reference.push(by_reference);
        self.by_transaction.extend(by_transaction);
        Ok(())
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.by_reference.len()
    }

    /// How many rows there are from a number on.
    pub fn rows_from(&self, row: i64) -> usize {
        let before = self.by_reference.partition_point(|pair| pair.row() < row);
        self.by_reference.len().saturating_sub(before)
    }

    /// Splits off those of the rows from a number on.
    #[must_use]
    pub fn split_off(&mut self, row: i64) -> Self {
        // Rows come in the order of their numbers.
        let at = |pairs: &Vec<Pair>| pairs.partition_point(|pair| pair.row() < row);
        let (reference, transaction) = (at(&self.by_reference), at(&self.by_transaction));
        Self {
            by_reference: self.by_reference.split_off(reference),
            by_transaction: self.by_transaction.split_off(transaction),
        }
    }

    /// Stores them as a segment of each space.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(&mut self, db: &mut Db) -> Result<(), StorageError> {
        let Self {
            by_reference,
            by_transaction,
        } = std::mem::take(self);
        insert(db, KeySpace::References, by_reference).await?;
        insert(db, KeySpace::Transactions, by_transaction).await
    }
}
