//! The tables `lines`, `orders`, `order_events` and `provider_events`: the facts of legs 1 and 2,
//! packed (`domain::packed`).
//!
//! Rows of one file lie one behind the other in blocks, which are stored as they are; beside them
//! each row has only what it is looked up by, and its place in its block. So a million rows cost
//! one narrow insert each. Rows get their numbers from who stores them.

use super::db::{Args, Db, Dialect, RowRef, StorageError, value_list};
use super::files::RowRange;
use crate::domain::order::{Order, OrderEvent};
use crate::domain::packed::{unpack, unpack_all};
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::SettlementLine;

/// Rows of one block: many enough to make its cost small, few enough to read one of them quickly.
const ROWS_PER_BLOCK: usize = 32;

/// A table of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactTable {
    /// Settlement lines.
    Lines,
    /// All versions of orders.
    Orders,
    /// Confirmations, cancellations and refunds.
    OrderEvents,
    /// What providers say of their credit files.
    ProviderEvents,
}

/// Who has no notifications of its own that could name an order by its transaction: Oney is asked
/// by order reference.
const ASKED_BY_REFERENCE: &str = "oney";

impl FactTable {
    fn name(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Orders => "orders",
            Self::OrderEvents => "order_events",
            Self::ProviderEvents => "provider_events",
        }
    }

    fn storing(self) -> &'static str {
        match self {
            Self::Lines => "storing lines",
            Self::Orders => "storing orders",
            Self::OrderEvents => "storing order events",
            Self::ProviderEvents => "storing provider events",
        }
    }

    fn reading(self) -> &'static str {
        match self {
            Self::Lines => "reading lines",
            Self::Orders => "reading orders",
            Self::OrderEvents => "reading order events",
            Self::ProviderEvents => "reading provider events",
        }
    }

    fn blocks(self) -> &'static str {
        match self {
            Self::Lines => "line_blocks",
            Self::Orders => "order_blocks",
            Self::OrderEvents => "order_event_blocks",
            Self::ProviderEvents => "provider_event_blocks",
        }
    }

    fn has_transactions(self) -> bool {
        matches!(self, Self::Orders | Self::ProviderEvents)
    }

    /// The transaction that a row is looked up by.
    fn transaction(self, fact: &[u8]) -> Option<&str> {
        let (_, provider) = unpack::<(&str, &str)>(fact).ok()?;
        let transaction = match self {
            Self::Lines | Self::OrderEvents => return None,
            Self::Orders if provider == ASKED_BY_REFERENCE => return None,
            Self::Orders => unpack::<Order<'_>>(fact).ok()?.transaction_id,
            Self::ProviderEvents => unpack::<(&str, &str, &str)>(fact).ok()?.2,
        };
        Some(transaction).filter(|text| !text.is_empty())
    }

    /// Each row of a block.
    fn rows(self, block: &[u8]) -> impl Iterator<Item = &[u8]> {
        let rows: Vec<&[u8]> = match self {
            Self::Lines => unpack_all::<SettlementLine<'_>>(block).flatten().collect(),
            Self::Orders => unpack_all::<Order<'_>>(block).flatten().collect(),
            Self::OrderEvents => unpack_all::<OrderEvent<'_>>(block).flatten().collect(),
            Self::ProviderEvents => unpack_all::<ProviderEvent<'_>>(block).flatten().collect(),
        };
        rows.into_iter()
    }
}

/// Rows of a block, ready to be stored.
struct Block {
    first: i64,
    last: i64,
    facts: Vec<u8>,
    rows: usize,
}

/// Where a row is.
struct Place<'r> {
    fact: &'r [u8],
    block: i64,
    start: usize,
}

/// Puts rows into blocks.
fn in_blocks<'r>(rows: impl Iterator<Item = (i64, &'r [u8])>) -> (Vec<Block>, Vec<Place<'r>>) {
    let (mut blocks, mut places): (Vec<Block>, Vec<Place<'r>>) = (Vec::new(), Vec::new());
    for (id, fact) in rows {
        if blocks
            .last()
            .is_none_or(|block| block.rows >= ROWS_PER_BLOCK)
        {
            blocks.push(Block {
                first: id,
                last: id,
                facts: Vec::with_capacity(fact.len().saturating_mul(ROWS_PER_BLOCK)),
                rows: 0,
            });
        }
        if let Some(block) = blocks.last_mut() {
            places.push(Place {
                fact,
                block: block.first,
                start: block.facts.len().saturating_add(1),
            });
            block.facts.extend_from_slice(fact);
            block.rows = block.rows.saturating_add(1);
            block.last = id;
        }
    }
    (blocks, places)
}

fn integer(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Stores facts of one file under their numbers, which rise.
///
/// # Errors
/// When the database fails.
pub async fn insert<'r>(
    db: &mut Db,
    table: FactTable,
    rows: impl Iterator<Item = (i64, &'r [u8])>,
) -> Result<(), StorageError> {
    let (blocks, places) = in_blocks(rows);
    let into = format!("INSERT INTO {} (id, last_id, facts)", table.blocks());
    db.insert_all(
        table.storing(),
        (&into, 3),
        blocks.into_iter(),
        |block, args| {
            args.int(block.first)
                .int(block.last)
                .owned_bytes(block.facts);
        },
    )
    .await?;
    let (more, columns) = if table.has_transactions() {
        (", transaction_id", 5)
    } else {
        ("", 4)
    };
    let into = format!(
        "INSERT INTO {} (order_reference, block, start, length{more})",
        table.name()
    );
    db.insert_all(
        table.storing(),
        (&into, columns),
        places.into_iter(),
        |place, args| {
            args.text(unpack(place.fact).unwrap_or_default())
                .int(place.block)
                .int(integer(place.start))
                .int(integer(place.fact.len()));
            if table.has_transactions() {
                args.opt_text(table.transaction(place.fact));
            }
        },
    )
    .await
}

/// The fact of a row in its block, by what the statement calls the two. PostgreSQL takes pieces of
/// bytes by INTEGER alone; to SQLite the cast is nothing.
pub(super) fn fact_of(block: &str, row: &str) -> String {
    format!("substr({block}.facts, CAST({row}.start AS INTEGER), CAST({row}.length AS INTEGER))")
}

/// Hands over the fact of each row; `r` is what the condition calls a row.
async fn each(
    db: &mut Db,
    table: FactTable,
    (condition, args): (&str, Args),
    mut take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT {} FROM {} r JOIN {} b ON b.id = r.block WHERE {condition}",
        fact_of("b", "r"),
        table.name(),
        table.blocks()
    );
    db.each(table.reading(), &sql, args, |row: RowRef<'_>| {
        take(row.bytes(0)?);
        Ok(())
    })
    .await
}

/// Hands over the facts of whole blocks, in their order.
async fn each_of_blocks(
    db: &mut Db,
    table: FactTable,
    (condition, args): (&str, Args),
    mut take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT facts FROM {} WHERE {condition} ORDER BY id",
        table.blocks()
    );
    db.each(table.reading(), &sql, args, |row: RowRef<'_>| {
        table.rows(row.bytes(0)?).for_each(&mut take);
        Ok(())
    })
    .await
}

/// Hands over the facts of some order references that were stored before the number `before`.
///
/// # Errors
/// When the database fails.
pub async fn of_references(
    db: &mut Db,
    table: FactTable,
    references: &[&str],
    before: i64,
    take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let mut args = db.args();
    for reference in references {
        args.text(reference);
    }
    args.int(before);
    let list = value_list(references.len());
    let condition = format!("r.order_reference IN ({list}) AND r.block < ?");
    each(db, table, (&condition, args), take).await
}

/// Hands over the facts of one file.
///
/// # Errors
/// When the database fails.
pub async fn of_rows(
    db: &mut Db,
    table: FactTable,
    rows: RowRange,
    take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(rows.first).int(rows.last);
    each_of_blocks(db, table, ("id BETWEEN ? AND ?", args), take).await
}

/// Hands over the facts behind an order reference (`None`: all), in the order of references, at
/// most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn behind(
    db: &mut Db,
    table: FactTable,
    (reference, limit): (Option<&str>, i64),
    take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let mut args = db.args();
    let condition = match reference {
        Some(reference) => {
            args.text(reference);
            "r.order_reference > ?"
        }
        None => "1 = 1",
    };
    args.int(limit);
    let order = "r.order_reference, r.block, r.start";
    let condition = format!("{condition} ORDER BY {order} LIMIT ?");
    each(db, table, (&condition, args), take).await
}

/// Hands over the facts that hold a text, in whatever field; looks through the whole table.
///
/// # Errors
/// When the database fails.
pub async fn holding(
    db: &mut Db,
    table: FactTable,
    text: &str,
    mut take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.bytes(text.as_bytes());
    let condition = match db.dialect() {
        Dialect::Sqlite => "instr(facts, ?) > 0",
        Dialect::Postgres => "position(? in facts) > 0",
    };
    let wanted = memchr::memmem::Finder::new(text);
    each_of_blocks(db, table, (condition, args), |row| {
        if wanted.find(row).is_some() {
            take(row);
        }
    })
    .await
}

/// Hands over the provider events of a transaction of which an order under another reference has
/// the transaction id, each with such an order. `references`: those of the events or the orders
/// asked for; `None`: all.
///
/// # Errors
/// When the database fails.
pub async fn linked_by_transaction(
    db: &mut Db,
    references: Option<&[&str]>,
    mut take: impl FnMut(&[u8], &[u8]),
) -> Result<(), StorageError> {
    let (event, order) = (fact_of("eb", "e"), fact_of("ob", "o"));
    let pairs = format!(
        "SELECT {event}, {order} \
         FROM provider_events e JOIN orders o ON o.transaction_id = e.transaction_id \
         JOIN provider_event_blocks eb ON eb.id = e.block \
         JOIN order_blocks ob ON ob.id = o.block WHERE e.transaction_id IS NOT NULL \
         AND o.transaction_id IS NOT NULL AND o.order_reference <> e.order_reference"
    );
    let mut args = db.args();
    let sql = match references {
        None => pairs,
        Some(references) => {
            for reference in references.iter().chain(references) {
                args.text(reference);
            }
            let list = value_list(references.len());
            format!(
                "{pairs} AND e.order_reference IN ({list}) \
                 UNION {pairs} AND o.order_reference IN ({list})"
            )
        }
    };
    db.each("reading provider events", &sql, args, |row| {
        take(row.bytes(0)?, row.bytes(1)?);
        Ok(())
    })
    .await
}

/// Hands over all provider events of the transactions whose events name several orders.
/// `references`: only those of which an event names one of them; `None`: all.
///
/// # Errors
/// When the database fails.
pub async fn under_several_references(
    db: &mut Db,
    references: Option<&[&str]>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let mut args = db.args();
    let transactions = match references {
        None => "SELECT transaction_id FROM provider_events WHERE transaction_id IS NOT NULL \
                 GROUP BY transaction_id HAVING MIN(order_reference) <> MAX(order_reference)"
            .to_owned(),
        Some(references) => {
            for reference in references {
                args.text(reference);
            }
            format!(
                "SELECT one.transaction_id FROM provider_events one JOIN provider_events other \
                 ON other.transaction_id = one.transaction_id \
                 WHERE one.transaction_id IS NOT NULL AND other.transaction_id IS NOT NULL \
                 AND other.order_reference <> one.order_reference \
                 AND one.order_reference IN ({})",
                value_list(references.len())
            )
        }
    };
    let sql = format!(
        "SELECT {} FROM provider_events e \
         JOIN provider_event_blocks b ON b.id = e.block WHERE e.transaction_id IS NOT NULL \
         AND e.transaction_id IN ({transactions})",
        fact_of("b", "e")
    );
    db.each("reading provider events", &sql, args, |row| {
        take(row.bytes(0)?);
        Ok(())
    })
    .await
}

/// The highest number of a row.
///
/// # Errors
/// When the database fails.
pub async fn last_id(db: &mut Db, table: FactTable) -> Result<i64, StorageError> {
    let blocks = table.blocks();
    let sql = format!("SELECT last_id FROM {blocks} ORDER BY id DESC LIMIT 1");
    let args = db.args();
    db.number(table.reading(), &sql, args).await
}

/// Hands over the latest order rows, some `rows` of them.
///
/// # Errors
/// When the database fails.
pub async fn latest_orders(
    db: &mut Db,
    rows: i64,
    take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let last = last_id(db, FactTable::Orders).await?;
    let mut args = db.args();
    args.int(last.saturating_sub(rows));
    each_of_blocks(db, FactTable::Orders, ("id > ?", args), take).await
}

/// Remembers that orders or events name some providers.
///
/// # Errors
/// When the database fails.
pub async fn remember_providers(db: &mut Db, names: &[&str]) -> Result<(), StorageError> {
    for name in names {
        let mut args = db.args();
        args.text(name);
        let sql = "INSERT INTO order_providers (name) VALUES (?) ON CONFLICT (name) DO NOTHING";
        db.execute("remembering the providers of orders", sql, args)
            .await?;
    }
    Ok(())
}

/// The providers that orders or events name.
///
/// # Errors
/// When the database fails.
pub async fn providers(db: &mut Db) -> Result<Vec<String>, StorageError> {
    let args = db.args();
    let sql = "SELECT name FROM order_providers ORDER BY name";
    db.all("reading the providers of orders", sql, args, |row| {
        row.text(0).map(str::to_owned)
    })
    .await
}
