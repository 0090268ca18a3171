//! Facts that version 0.1.0 stored: blocks of 32 rows without a checksum, a narrow row for each fact.
//!
//! They are moved into blocks and keys in one transaction when the database is opened, file by file;
//! then the old tables go. A run that is killed meanwhile leaves the database as it was.

use super::blocks::{self, Heading, NewBlock, ROWS_PER_BLOCK};
use super::keys::{self, PAIRS_IN_MEMORY, Pairs};
use super::{FactRow, FactTable};
use crate::domain::file::FileId;
use crate::storage::db::{Db, Dialect, StorageError};
use crate::storage::files::{self, RowRange, StoredFile};
use crate::storage::seals;

const DOING: &str = "bringing the facts up to date";

/// The old tables.
const OLD_TABLES: [&str; 8] = [
    "lines",
    "line_blocks",
    "orders",
    "order_blocks",
    "order_events",
    "order_event_blocks",
    "provider_events",
    "provider_event_blocks",
];

fn old_blocks(table: FactTable) -> &'static str {
    match table {
        FactTable::Lines => "line_blocks",
        FactTable::Orders => "order_blocks",
        FactTable::OrderEvents => "order_event_blocks",
        FactTable::ProviderEvents => "provider_event_blocks",
    }
}

/// True for a database that still has the old tables.
///
/// # Errors
/// When the database fails.
pub(in crate::storage) async fn is_due(db: &mut Db) -> Result<bool, StorageError> {
    let sql = match db.dialect() {
        Dialect::Sqlite => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'line_blocks'"
        }
        Dialect::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables \
             WHERE table_name = 'line_blocks' AND table_schema = current_schema()"
        }
    };
    let args = db.args();
    Ok(db.number(DOING, sql, args).await? > 0)
}

/// Moves everything into the new tables.
///
/// # Errors
/// When the database fails, or what it holds is damaged; then it is as it was.
pub(in crate::storage) async fn upgrade(db: &mut Db) -> Result<(), StorageError> {
    db.begin().await?;
    match move_all(db).await {
        Ok(()) => db.commit().await,
        Err(error) => {
            db.rollback().await?;
            Err(error)
        }
    }
}

async fn move_all(db: &mut Db) -> Result<(), StorageError> {
    let mut pairs = Pairs::default();
    let mut next = blocks::next_block(db).await?;
    for stored in files::all(db).await? {
        let table = FactTable::of(stored.file.kind.content());
        let Some((table, old)) = table.zip(stored.rows) else {
            continue;
        };
        let rows = old_rows(db, &stored, table, old).await?;
        let new = store(db, &stored, (table, next), &rows, &mut pairs).await?;
        if table == FactTable::Lines {
            move_chargebacks(db, old, new).await?;
        }
        set_rows(db, stored.file.id, new).await?;
        next = new.map_or(next, |rows| blocks::block_of(rows.last).saturating_add(1));
        if pairs.rows() > PAIRS_IN_MEMORY {
            pairs.insert(db).await?;
        }
    }
    pairs.insert(db).await?;
    keys::tidy(db).await?;
    let args = db.args();
    let sql = "UPDATE chargeback_lines SET line_id = -line_id WHERE line_id < 0";
    db.execute(DOING, sql, args).await?;
    seals::seal_all(db).await?;
    for table in OLD_TABLES {
        let args = db.args();
        db.execute(DOING, &format!("DROP TABLE {table}"), args)
            .await?;
    }
    Ok(())
}

/// The rows of a file in the old tables.
async fn old_rows(
    db: &mut Db,
    stored: &StoredFile,
    table: FactTable,
    old: RowRange,
) -> Result<Vec<Vec<u8>>, StorageError> {
    let mut args = db.args();
    args.int(old.first).int(old.last);
    let name = old_blocks(table);
    let sql = format!("SELECT id, facts FROM {name} WHERE id BETWEEN ? AND ? ORDER BY id");
    let blocks = db.all(DOING, &sql, args, |row| {
        Ok((row.int(0)?, row.bytes(1)?.to_vec()))
    });
    let mut rows = Vec::new();
    for (id, block) in blocks.await? {
        let mut rest = block.as_slice();
        while !rest.is_empty() {
            let row = table
                .split(&mut rest)
                .map_err(|damage| StorageError::DamagedFile {
                    file: stored.file.name.clone(),
                    what: format!("block {id} of {name}"),
                    damage,
                })?;
            rows.push(row.to_vec());
        }
    }
    Ok(rows)
}

/// Stores the rows of a file in blocks from a number on; where they are now.
async fn store(
    db: &mut Db,
    stored: &StoredFile,
    (table, first_block): (FactTable, i64),
    rows: &[Vec<u8>],
    pairs: &mut Pairs,
) -> Result<Option<RowRange>, StorageError> {
    let file = &stored.file;
    let file_provider = if table == FactTable::Lines {
        file.provider.as_str()
    } else {
        ""
    };
    let size = usize::try_from(ROWS_PER_BLOCK).unwrap_or(usize::MAX);
    let mut new = Vec::new();
    for (block, of_block) in (first_block..).zip(rows.chunks(size)) {
        let heading = Heading {
            block,
            table: table.number(),
            file: file.id,
            provider: file_provider,
        };
        new.push(NewBlock::of(&heading, of_block.iter().map(Vec::as_slice)));
    }
    blocks::insert(db, new).await?;
    let first = blocks::first_row_of(first_block);
    for (number, bytes) in (first..).zip(rows) {
        let row = FactRow {
            table,
            number,
            file: file.id,
            file_provider,
            bytes,
        };
        pairs
            .add(&row)
            .map_err(|damage| StorageError::DamagedFile {
                file: file.name.clone(),
                what: "a row".to_owned(),
                damage,
            })?;
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let last = first.saturating_add(count).saturating_sub(1);
    Ok((count > 0).then_some(RowRange { first, last }))
}

/// Gives chargeback lines their new numbers. Negative ones first: no number may be there twice.
async fn move_chargebacks(
    db: &mut Db,
    old: RowRange,
    new: Option<RowRange>,
) -> Result<(), StorageError> {
    let Some(new) = new else { return Ok(()) };
    let mut args = db.args();
    args.int(old.first.saturating_sub(new.first))
        .int(old.first)
        .int(old.last);
    let sql = "UPDATE chargeback_lines SET line_id = ? - line_id WHERE line_id BETWEEN ? AND ?";
    db.execute(DOING, sql, args).await.map(drop)
}

async fn set_rows(db: &mut Db, file: FileId, rows: Option<RowRange>) -> Result<(), StorageError> {
    let mut args = db.args();
    args.opt_int(rows.map(|rows| rows.first))
        .opt_int(rows.map(|rows| rows.last))
        .int(file.0);
    let sql = "UPDATE files SET first_row = ?, last_row = ? WHERE id = ?";
    db.execute(DOING, sql, args).await.map(drop)
}
