//! Rows that have some order references or transactions, out of the database.

use std::collections::{BTreeMap, BTreeSet};

use super::buffer::PackedRows;
use crate::domain::order::Order;
use crate::domain::packed::{Damage, unpack};
use crate::domain::provider_event::{BookingAction, ProviderEvent, Said};
use crate::storage::facts::keys::{self, KeySpace, Pair};
use crate::storage::facts::{FactRow, FactTable, blocks};
use crate::storage::files::{RowRange, StoredFile};
use crate::storage::{Db, StorageError, chargebacks};

/// The rows with some texts in a space, by number; those that only share a key are among them.
async fn numbers(
    db: &mut Db,
    space: KeySpace,
    texts: impl Iterator<Item = &str>,
    wanted: impl Fn(&Pair) -> bool,
) -> Result<Vec<i64>, StorageError> {
    let mut asked: Vec<u64> = texts.map(keys::key).collect();
    asked.sort_unstable();
    asked.dedup();
    let mut rows = Vec::new();
    keys::look_up(db, space, &asked, |pair| {
        if wanted(&pair) {
            rows.push(pair.row());
        }
    })
    .await?;
    rows.sort_unstable();
    Ok(rows)
}

/// Hands over the rows of some order references, in the order of their numbers: those that
/// `wanted` takes by kind and number.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn of_references(
    db: &mut Db,
    references: &BTreeSet<&str>,
    wanted: impl Fn(FactTable, i64) -> bool,
    mut take: impl FnMut(FactRow<'_>) -> Result<(), Damage>,
) -> Result<(), StorageError> {
    let texts = references.iter().copied();
    let wanted = |pair: &Pair| wanted(pair.table(), pair.row());
    let rows = numbers(db, KeySpace::References, texts, wanted).await?;
    blocks::rows(db, &rows, |row| {
        if references.contains(row.reference()?) {
            take(row)?;
        }
        Ok(())
    })
    .await
}

/// Hands over the orders and provider events of some transactions, likewise.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn of_transactions(
    db: &mut Db,
    transactions: &BTreeSet<&str>,
    wanted: impl Fn(FactTable) -> bool,
    mut take: impl FnMut(FactRow<'_>) -> Result<(), Damage>,
) -> Result<(), StorageError> {
    let texts = transactions.iter().copied();
    let wanted = |pair: &Pair| wanted(pair.table());
    let rows = numbers(db, KeySpace::Transactions, texts, wanted).await?;
    blocks::rows(db, &rows, |row| {
        if transactions.contains(row.table.transaction(row.bytes)?) {
            take(row)?;
        }
        Ok(())
    })
    .await
}

/// All stored rows of some orders, by provider and reference.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn orders(
    db: &mut Db,
    references: &BTreeSet<&str>,
) -> Result<BTreeMap<(String, String), PackedRows>, StorageError> {
    let mut known: BTreeMap<(String, String), PackedRows> = BTreeMap::new();
    let orders = |table, _| table == FactTable::Orders;
    of_references(db, references, orders, |row| {
        let order: Order<'_> = unpack(row.bytes)?;
        let key = (order.provider.to_owned(), order.order_reference.to_owned());
        known.entry(key).or_default().append(row.bytes);
        Ok(())
    })
    .await?;
    Ok(known)
}

/// What providers said of some orders, by the reference that they named.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn provider_events(
    db: &mut Db,
    references: &BTreeSet<&str>,
) -> Result<PackedRows, StorageError> {
    let mut events = PackedRows::default();
    let said = |table, _| table == FactTable::ProviderEvents;
    of_references(db, references, said, |row| {
        events.append(row.bytes);
        Ok(())
    })
    .await?;
    Ok(events)
}

/// All lines that are chargebacks, in the order of their numbers.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn chargeback_lines(db: &mut Db) -> Result<PackedRows, StorageError> {
    let numbers = chargebacks::lines(db).await?;
    let mut lines = PackedRows::default();
    blocks::rows(db, &numbers, |row| {
        lines.append(row.bytes);
        Ok(())
    })
    .await?;
    Ok(lines)
}

/// The provider events of all transactions from which money was taken back, in the order of their
/// numbers. Each of these has an event that says so.
///
/// # Errors
/// When the database fails, or what it holds is damaged.
pub async fn returned_events(db: &mut Db) -> Result<PackedRows, StorageError> {
    let transactions = chargebacks::transactions(db).await?;
    let transactions: BTreeSet<&str> = transactions.iter().map(String::as_str).collect();
    let (mut events, mut returned) = (PackedRows::default(), BTreeSet::new());
    let said = |table| table == FactTable::ProviderEvents;
    of_transactions(db, &transactions, said, |row| {
        let event: ProviderEvent<'_> = unpack(row.bytes)?;
        if let Said::Booking(booking) = event.said
            && booking.action == BookingAction::Cancelation
        {
            returned.insert(event.transaction_id.to_owned());
        }
        events.append(row.bytes);
        Ok(())
    })
    .await?;
    if transactions.iter().all(|it| returned.contains(*it)) {
        return Ok(events);
    }
    let damage = Damage::Missing;
    Err(StorageError::DamagedFiles { damage })
}

/// Compares how many rows can be found with how many files brought.
///
/// # Errors
/// When the database fails, or the keys are damaged.
pub async fn check_keys(db: &mut Db, files: &[StoredFile]) -> Result<(), StorageError> {
    let of_facts = |stored: &&StoredFile| FactTable::of(stored.file.kind.content()).is_some();
    let ranges = files
        .iter()
        .filter(of_facts)
        .filter_map(|stored| stored.rows);
    let expected = ranges.map(RowRange::count).sum();
    let found = keys::count(db, KeySpace::References).await?;
    if found == expected {
        return Ok(());
    }
    let damage = Damage::Count { expected, found };
    Err(StorageError::DamagedKeys { damage })
}
