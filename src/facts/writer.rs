//! Stores the rows of files: in blocks as they come, with their keys at the end of each file.

use crate::domain::file::FileId;
use crate::domain::packed::Damage;
use crate::storage::facts::blocks::{self, Heading, NewBlock, ROWS_PER_BLOCK};
use crate::storage::facts::keys::{self, PAIRS_IN_MEMORY, Pairs};
use crate::storage::facts::{FactRow, FactTable};
use crate::storage::files::RowRange;
use crate::storage::{Db, StorageError};

use super::buffer::PackedRows;

/// Rows of one file, as they come from its reader.
#[derive(Clone, Debug)]
pub struct FactBatch {
    /// What they are.
    pub table: FactTable,
    /// The file.
    pub file: FileId,
    /// Its provider; empty where each row names its own.
    pub file_provider: String,
    /// The rows.
    pub rows: PackedRows,
}

/// Stores facts, file after file.
#[derive(Debug)]
pub struct FactWriter {
    /// The first block of the file at hand, and the next free one.
    first_block: i64,
    next_block: i64,
    /// Rows of the file that do not fill a block yet.
    waiting: Option<FactBatch>,
    /// Rows of the file that are stored.
    stored: i64,
    pairs: Pairs,
    /// True while nobody looks anything up: the keys of several files then share a segment.
    is_first_load: bool,
}

fn block_rows() -> usize {
    usize::try_from(ROWS_PER_BLOCK).unwrap_or(usize::MAX)
}

impl FactWriter {
    /// Stores behind what is there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(db: &mut Db) -> Result<Self, StorageError> {
        let next_block = blocks::next_block(db).await?;
        Ok(Self {
            first_block: next_block,
            next_block,
            waiting: None,
            stored: 0,
            pairs: Pairs::default(),
            is_first_load: next_block == 1,
        })
    }

    /// True when no fact was ever stored before.
    pub fn is_first_load(&self) -> bool {
        self.is_first_load
    }

    /// The number that the next file's first row will have.
    pub fn next_row(&self) -> i64 {
        blocks::first_row_of(self.first_block)
    }

    /// Adds rows of the file at hand.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add(&mut self, db: &mut Db, batch: FactBatch) -> Result<(), StorageError> {
        match &mut self.waiting {
            Some(waiting) => waiting.rows.extend(&batch.rows),
            None => self.waiting = Some(batch),
        }
        self.store(db, false).await?;
        let first = self.next_row();
        if self.pairs.rows_from(first) > PAIRS_IN_MEMORY {
            // Those of earlier files stay, should this one be refused.
            self.pairs.split_off(first).insert(db).await?;
        }
        Ok(())
    }

    /// Stores the waiting rows that fill blocks, or at the end all of them.
    async fn store(&mut self, db: &mut Db, all: bool) -> Result<(), StorageError> {
        let Some(batch) = self.waiting.take() else {
            return Ok(());
        };
        let size = block_rows();
        let whole = batch.rows.len().saturating_sub(batch.rows.len() % size);
        let end = if all { batch.rows.len() } else { whole };
        let mut new = Vec::new();
        for from in (0..end).step_by(size) {
            let rows = batch.rows.part(from, from.saturating_add(size).min(end));
            new.push(self.block(&batch, rows)?);
        }
        blocks::insert(db, new).await?;
        if end < batch.rows.len() {
            let mut rest = PackedRows::default();
            batch
                .rows
                .part(end, batch.rows.len())
                .for_each(|row| rest.append(row));
            self.waiting = Some(FactBatch {
                rows: rest,
                ..batch
            });
        }
        Ok(())
    }

    fn block<'r>(
        &mut self,
        batch: &FactBatch,
        rows: impl ExactSizeIterator<Item = &'r [u8]> + Clone,
    ) -> Result<NewBlock, Damage> {
        let heading = Heading {
            block: self.next_block,
            table: batch.table.number(),
            file: batch.file,
            provider: &batch.file_provider,
        };
        let first = blocks::first_row_of(self.next_block);
        for (number, bytes) in (first..).zip(rows.clone()) {
            self.pairs.add(&FactRow {
                table: batch.table,
                number,
                file: batch.file,
                file_provider: &batch.file_provider,
                bytes,
            })?;
        }
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        self.stored = self.stored.saturating_add(count);
        self.next_block = self.next_block.saturating_add(1);
        Ok(NewBlock::of(&heading, rows))
    }

    /// Ends a file that is accepted. Where its rows are, if it has any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_file(&mut self, db: &mut Db) -> Result<Option<RowRange>, StorageError> {
        self.store(db, true).await?;
        let first = self.next_row();
        let rows = (self.stored > 0).then(|| RowRange {
            first,
            last: first.saturating_add(self.stored).saturating_sub(1),
        });
        if !self.is_first_load || self.pairs.rows() > PAIRS_IN_MEMORY {
            self.pairs.insert(db).await?;
        }
        (self.first_block, self.stored) = (self.next_block, 0);
        Ok(rows)
    }

    /// Forgets a file whose transaction was rolled back.
    pub fn forget_file(&mut self) {
        let own = self.pairs.split_off(self.next_row());
        drop(own);
        self.waiting = None;
        (self.next_block, self.stored) = (self.first_block, 0);
    }

    /// Ends the last file: what waited for others is stored, and many small segments become few.
    ///
    /// # Errors
    /// When the database fails, or the keys are damaged.
    pub async fn finish(mut self, db: &mut Db) -> Result<(), StorageError> {
        self.pairs.insert(db).await?;
        keys::tidy(db).await
    }
}
