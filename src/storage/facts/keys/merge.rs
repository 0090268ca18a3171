//! Segments side by side: all pairs in the order of keys, and several segments made into one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Fences, KeySpace, Pair, SEGMENTS_MAX, SegmentWriter, each_block, segments};
use crate::storage::db::{Db, StorageError};

/// Walks through the pairs of one segment.
struct SegmentReader {
    space: KeySpace,
    blocks: std::vec::IntoIter<i64>,
    pairs: std::vec::IntoIter<Pair>,
}

impl SegmentReader {
    fn of(segment: &Fences, space: KeySpace) -> Self {
        Self {
            space,
            blocks: segment.all_blocks().into_iter(),
            pairs: Vec::new().into_iter(),
        }
    }

    async fn next(&mut self, db: &mut Db) -> Result<Option<Pair>, StorageError> {
        loop {
            if let Some(pair) = self.pairs.next() {
                return Ok(Some(pair));
            }
            let some: Vec<i64> = self.blocks.by_ref().take(BLOCKS_AT_ONCE).collect();
            if some.is_empty() {
                return Ok(None);
            }
            let mut pairs = Vec::new();
            each_block(db, &some, self.space, |more| pairs.extend_from_slice(more)).await?;
            self.pairs = pairs.into_iter();
        }
    }
}

/// Blobs of a segment that are held while segments are walked through side by side.
const BLOCKS_AT_ONCE: usize = 8;

/// The pairs of several segments as one sequence in the order of keys.
struct Merge {
    readers: Vec<SegmentReader>,
    heads: BinaryHeap<Reverse<(Pair, usize)>>,
}

impl Merge {
    async fn of(db: &mut Db, segments: &[Fences], space: KeySpace) -> Result<Self, StorageError> {
        let mut merge = Self {
            readers: segments
                .iter()
                .map(|segment| SegmentReader::of(segment, space))
                .collect(),
            heads: BinaryHeap::new(),
        };
        for at in 0..segments.len() {
            merge.advance(db, at).await?;
        }
        Ok(merge)
    }

    async fn advance(&mut self, db: &mut Db, at: usize) -> Result<(), StorageError> {
        if let Some(reader) = self.readers.get_mut(at)
            && let Some(pair) = reader.next(db).await?
        {
            self.heads.push(Reverse((pair, at)));
        }
        Ok(())
    }

    async fn next(&mut self, db: &mut Db) -> Result<Option<Pair>, StorageError> {
        let Some(Reverse((pair, at))) = self.heads.pop() else {
            return Ok(None);
        };
        self.advance(db, at).await?;
        Ok(Some(pair))
    }
}

/// Hands over all pairs of a space in the order of keys.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn each(
    db: &mut Db,
    space: KeySpace,
    mut take: impl FnMut(Pair),
) -> Result<(), StorageError> {
    let segments = segments(db, space).await?;
    let mut merge = Merge::of(db, &segments, space).await?;
    while let Some(pair) = merge.next(db).await? {
        take(pair);
    }
    Ok(())
}

/// Replaces some segments by one that holds their pairs, but those that are not kept.
pub(super) async fn merge(
    db: &mut Db,
    space: KeySpace,
    segments: &[Fences],
    keep: impl Fn(&Pair) -> bool,
) -> Result<(), StorageError> {
    let mut all = Merge::of(db, segments, space).await?;
    let mut writer = SegmentWriter::begin(db, space).await?;
    while let Some(pair) = all.next(db).await? {
        if keep(&pair) {
            writer.push(db, pair).await?;
        }
    }
    writer.finish(db).await?;
    for segment in segments {
        let mut args = db.args();
        args.int(segment.segment);
        db.execute(
            "merging keys",
            "DELETE FROM key_segments WHERE id = ?",
            args,
        )
        .await?;
        let blocks = i64::try_from(segment.keys.len()).unwrap_or(i64::MAX);
        let mut args = db.args();
        args.int(segment.first_block)
            .int(segment.first_block.saturating_add(blocks));
        let sql = "DELETE FROM key_blocks WHERE id >= ? AND id < ?";
        db.execute("merging keys", sql, args).await?;
    }
    Ok(())
}

/// Merges the smallest segments of each space where there are more than a few. A segment goes along
/// while it is at most twice as large as all smaller ones, so each pair is written again a few times
/// only.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn tidy(db: &mut Db) -> Result<(), StorageError> {
    for space in KeySpace::ALL {
        let mut all = segments(db, space).await?;
        if all.len() <= SEGMENTS_MAX {
            continue;
        }
        all.sort_by_key(|segment| (segment.pairs, segment.segment));
        let fewest = all.len().saturating_sub(SEGMENTS_MAX).saturating_add(1);
        let (mut sum, mut count) = (0_u64, 0_usize);
        for segment in &all {
            if count >= fewest && segment.pairs > sum.saturating_mul(2) {
                break;
            }
            sum = sum.saturating_add(segment.pairs);
            count = count.saturating_add(1);
        }
        all.truncate(count);
        merge(db, space, &all, |_| true).await?;
    }
    Ok(())
}
