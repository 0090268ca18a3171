//! The table `fact_blocks`: rows of one file one behind the other, compressed, with a checksum.
//!
//! A block holds up to 512 rows. Row `n` lies in block `n / 512`, so the first row of a file begins
//! a block and the rows of a file follow each other without gaps. Each block says which it is, so that
//! one that stands in another's place is seen too.

use serde::{Deserialize, Serialize};

use super::{FactRow, FactTable};
use crate::domain::file::FileId;
use crate::domain::packed::{Damage, pack, seal, take, unseal};
use crate::storage::Args;
use crate::storage::db::{Blob, Db, RowRef, StorageError, value_list};
use crate::storage::files::RowRange;

/// Rows of a block: many enough to make its cost small, few enough to read one of them quickly.
pub const ROWS_PER_BLOCK: i64 = 1 << ROW_BITS;

/// Bits of a row's number that say where in its block it is.
const ROW_BITS: u32 = 9;

/// Blocks that are asked for in one statement.
const BLOCKS_PER_LOOKUP: usize = 128;

/// Blocks that are stored in one statement: some megabytes.
const BLOCKS_PER_INSERT: usize = 64;

/// The block that a row is in.
pub fn block_of(row: i64) -> i64 {
    row >> ROW_BITS
}

/// The first row of a block.
pub fn first_row_of(block: i64) -> i64 {
    block << ROW_BITS
}

/// What a block says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading<'h> {
    /// Its number.
    pub block: i64,
    /// The number of the kind of facts.
    pub table: u8,
    /// The file that its rows came in.
    pub file: FileId,
    /// The provider of that file; empty where each row names its own.
    pub provider: &'h str,
}

/// A block that is to be stored.
#[derive(Clone, Debug)]
pub struct NewBlock {
    block: i64,
    table: FactTable,
    file: FileId,
    bytes: Vec<u8>,
}

impl NewBlock {
    /// Packs rows: at most [`ROWS_PER_BLOCK`].
    pub fn of<'r>(
        heading: &Heading<'_>,
        rows: impl ExactSizeIterator<Item = &'r [u8]> + Clone,
    ) -> Self {
        let table = FactTable::from_number(heading.table).unwrap_or(FactTable::Lines);
        let mut bytes = Vec::new();
        pack(heading, &mut bytes);
        pack(&rows.len(), &mut bytes);
        for row in rows.clone() {
            pack(&row.len(), &mut bytes);
        }
        bytes.reserve(
            rows.clone()
                .map(<[u8]>::len)
                .sum::<usize>()
                .saturating_add(8),
        );
        rows.for_each(|row| bytes.extend_from_slice(row));
        // Rows of one file look alike: half of the bytes need not be written, and read every night.
        let mut bytes = lz4_flex::compress_prepend_size(&bytes);
        seal(&mut bytes);
        Self {
            block: heading.block,
            table,
            file: heading.file,
            bytes,
        }
    }
}

/// Stores blocks.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut Db, blocks: Vec<NewBlock>) -> Result<(), StorageError> {
    let rows = blocks.into_iter().map(|block| Blob {
        numbers: [block.block, i64::from(block.table.number()), block.file.0],
        bytes: block.bytes,
    });
    let into = ("fact_blocks", "id, fact_table, file_id, facts");
    db.insert_blobs("storing facts", into, BLOCKS_PER_INSERT, rows)
        .await
}

/// Which blocks are read.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// All of them.
    All,
    /// Those of one kind.
    Of(FactTable),
    /// Those of a file.
    Rows(RowRange),
}

impl Wanted {
    fn condition(self, args: &mut Args) -> String {
        match self {
            Self::All => "1 = 1".to_owned(),
            Self::Of(table) => {
                args.int(i64::from(table.number()));
                "fact_table = ?".to_owned()
            }
            Self::Rows(rows) => {
                args.int(block_of(rows.first)).int(block_of(rows.last));
                "id BETWEEN ? AND ?".to_owned()
            }
        }
    }
}

/// A block, unpacked as far as its rows.
struct Block<'b> {
    heading: Heading<'b>,
    table: FactTable,
    ends: Vec<usize>,
    rows: &'b [u8],
}

impl<'b> Block<'b> {
    /// Opens what [`uncompressed`] gave for a block that stands in some columns.
    fn open(columns: (i64, i64, i64), bytes: &'b [u8]) -> Result<Self, Damage> {
        let mut rest = bytes;
        let heading: Heading<'b> = take(&mut rest)?;
        let said = (heading.block, i64::from(heading.table), heading.file.0);
        let table = FactTable::from_number(heading.table).ok_or(Damage::NoRow)?;
        if said != columns {
            return Err(Damage::Elsewhere);
        }
        let count: usize = take(&mut rest)?;
        let mut ends = Vec::with_capacity(count);
        let mut end = 0_usize;
        for _ in 0..count {
            end = end.saturating_add(take(&mut rest)?);
            ends.push(end);
        }
        Ok(Self {
            heading,
            table,
            ends,
            rows: rest,
        })
    }

    fn row(&self, at: usize) -> Result<FactRow<'b>, Damage> {
        let end = self.ends.get(at).copied().ok_or(Damage::NoRow)?;
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().unwrap_or(0);
        let place = i64::try_from(at).unwrap_or(i64::MAX);
        Ok(FactRow {
            table: self.table,
            number: first_row_of(self.heading.block).saturating_add(place),
            file: self.heading.file,
            file_provider: self.heading.provider,
            bytes: self.rows.get(start..end).ok_or(Damage::NoRow)?,
        })
    }
}

/// The bytes of a stored block, once its checksum fits.
fn uncompressed(sealed: &[u8]) -> Result<Vec<u8>, Damage> {
    lz4_flex::decompress_size_prepended(unseal(sealed)?).or(Err(Damage::NoRow))
}

const COLUMNS: &str = "SELECT id, fact_table, file_id, facts FROM fact_blocks";

/// Hands over blocks as they come, and says which file's are damaged.
async fn open_each(
    db: &mut Db,
    (condition, args): (&str, Args),
    mut take: impl FnMut(&Block<'_>) -> Result<(), Damage>,
) -> Result<(), StorageError> {
    let sql = format!("{COLUMNS} WHERE {condition} ORDER BY id");
    let mut damaged = None;
    let done = db
        .each("reading facts", &sql, args, |row: RowRef<'_>| {
            let columns = (row.int(0)?, row.int(1)?, row.int(2)?);
            let bytes = uncompressed(row.bytes(3)?);
            let opened = bytes.and_then(|bytes| take(&Block::open(columns, &bytes)?));
            opened.map_err(|damage| {
                damaged = Some((columns.0, damage));
                sqlx::Error::Decode(damage.into())
            })
        })
        .await;
    match damaged {
        None => done,
        Some((block, damage)) => Err(damaged_file(db, first_row_of(block), damage).await),
    }
}

/// Says which file's rows are damaged, by the number of one.
pub async fn damaged_file(db: &mut Db, row: i64, damage: Damage) -> StorageError {
    let mut args = db.args();
    args.int(row).int(row);
    let sql = "SELECT name FROM files WHERE first_row <= ? AND last_row >= ? \
               AND kind <> 'bank-statement'";
    let found = db.all("reading the files", sql, args, |row| {
        row.text(0).map(str::to_owned)
    });
    match found.await {
        Err(error) => error,
        Ok(names) => StorageError::DamagedFile {
            file: names
                .into_iter()
                .next()
                .unwrap_or_else(|| "no file".to_owned()),
            what: match damage {
                Damage::Count { .. } => "its rows".to_owned(),
                Damage::NoRow
                | Damage::Checksum
                | Damage::Elsewhere
                | Damage::Missing
                | Damage::Sum => format!("block {}", block_of(row)),
            },
            damage,
        },
    }
}

/// Hands over each row of some blocks, in the order of their numbers.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn each(
    db: &mut Db,
    wanted: Wanted,
    mut take: impl FnMut(FactRow<'_>) -> Result<(), Damage>,
) -> Result<(), StorageError> {
    let mut args = db.args();
    let condition = wanted.condition(&mut args);
    open_each(db, (&condition, args), |block| {
        (0..block.ends.len()).try_for_each(|at| take(block.row(at)?))
    })
    .await
}

/// Hands over each row of a file: as many as were stored, or an error.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn of_file(
    db: &mut Db,
    rows: RowRange,
    mut take: impl FnMut(FactRow<'_>) -> Result<(), Damage>,
) -> Result<(), StorageError> {
    let mut found = 0_u64;
    each(db, Wanted::Rows(rows), |row| {
        found = found.saturating_add(1);
        take(row)
    })
    .await?;
    let expected = rows.count();
    if found == expected {
        return Ok(());
    }
    Err(damaged_file(db, rows.first, Damage::Count { expected, found }).await)
}

/// Hands over the rows with some numbers, which rise.
///
/// # Errors
/// When the database fails, one of the rows is not there, or what it holds is damaged.
pub async fn rows(
    db: &mut Db,
    numbers: &[i64],
    mut take: impl FnMut(FactRow<'_>) -> Result<(), Damage>,
) -> Result<(), StorageError> {
    let by_block: Vec<&[i64]> = numbers
        .chunk_by(|a, b| block_of(*a) == block_of(*b))
        .collect();
    for chunk in by_block.chunks(BLOCKS_PER_LOOKUP) {
        let mut args = db.args();
        for of_block in chunk {
            args.int(of_block.first().copied().map_or(0, block_of));
        }
        let condition = format!("id IN ({})", value_list(chunk.len()));
        let (mut left, mut missing) = (chunk.iter(), None);
        let done = open_each(db, (&condition, args), |block| {
            let wanted = left.next().copied().unwrap_or_default();
            let first = first_row_of(block.heading.block);
            missing = wanted
                .first()
                .copied()
                .filter(|row| block_of(*row) != block.heading.block);
            if missing.is_some() {
                return Err(Damage::Missing);
            }
            wanted.iter().try_for_each(|row| {
                let at = row.saturating_sub(first);
                take(block.row(usize::try_from(at).unwrap_or(usize::MAX))?)
            })
        })
        .await;
        if missing.is_none() {
            done?;
            missing = left.next().and_then(|rows| rows.first()).copied();
        }
        if let Some(row) = missing {
            return Err(damaged_file(db, row, Damage::Missing).await);
        }
    }
    Ok(())
}

/// How many rows there are, whosever they are.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn count_rows(db: &mut Db) -> Result<u64, StorageError> {
    let mut count = 0_u64;
    each(db, Wanted::All, |_| {
        count = count.saturating_add(1);
        Ok(())
    })
    .await?;
    Ok(count)
}

/// True when there is any row of a kind.
///
/// # Errors
/// When the database fails.
pub async fn has(db: &mut Db, table: FactTable) -> Result<bool, StorageError> {
    let mut args = db.args();
    args.int(i64::from(table.number()));
    let sql = "SELECT id FROM fact_blocks WHERE fact_table = ? LIMIT 1";
    Ok(db.number("counting facts", sql, args).await? > 0)
}

/// The number of the next free block.
///
/// # Errors
/// When the database fails.
pub async fn next_block(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    let sql = "SELECT MAX(id) FROM fact_blocks";
    let last = db.number("counting facts", sql, args).await?;
    Ok(last.saturating_add(1))
}

/// Removes the blocks of a file, which is about to be read again.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut Db, file: FileId) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(file.0);
    let sql = "DELETE FROM fact_blocks WHERE file_id = ?";
    db.execute("removing facts", sql, args).await.map(drop)
}
