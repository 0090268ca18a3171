//! The tables `lines`, `orders`, `order_events` and `provider_events`: the facts of legs 1 and 2,
//! packed (`domain::packed`).
//!
//! Besides its packed form a row has only what it is looked up by. Its number is given by who
//! stores it; a file's rows follow each other.

use chrono::NaiveDate;

use super::db::{Args, Db, Dialect, RowRef, StorageError, value_list};
use super::files::RowRange;
use super::minor;
use crate::domain::Amount;
use crate::domain::calendar::day_number;
use crate::domain::order::Order;
use crate::domain::packed::unpack;

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

    fn insert(self) -> (&'static str, usize) {
        match self {
            Self::Lines => ("INSERT INTO lines (id, order_reference, fact)", 3),
            Self::Orders => (
                "INSERT INTO orders (id, order_reference, fact, amount, ordered_on, \
                 transaction_id)",
                6,
            ),
            Self::OrderEvents => ("INSERT INTO order_events (id, order_reference, fact)", 3),
            Self::ProviderEvents => (
                "INSERT INTO provider_events (id, order_reference, fact, transaction_id)",
                4,
            ),
        }
    }

    fn fill(self, (id, fact): (i64, &[u8]), args: &mut Args) {
        let reference = unpack::<&str>(fact).unwrap_or_default();
        args.int(id).text(reference).bytes(fact);
        match self {
            Self::Lines | Self::OrderEvents => {}
            Self::Orders => {
                let order = unpack::<Order<'_>>(fact);
                let named = order.filter(|order| order.provider != ASKED_BY_REFERENCE);
                args.int(order.map_or(0, |order| minor(order.amount)))
                    .int(order.map_or(0, |order| day_number(order.ordered_on)))
                    .opt_text(named.and_then(|order| some_text(order.transaction_id)));
            }
            Self::ProviderEvents => {
                let (_, _, transaction): (&str, &str, &str) = unpack(fact).unwrap_or_default();
                args.opt_text(some_text(transaction));
            }
        }
    }
}

fn some_text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Stores facts under their numbers.
///
/// # Errors
/// When the database fails.
pub async fn insert<'r>(
    db: &mut Db,
    table: FactTable,
    rows: impl Iterator<Item = (i64, &'r [u8])>,
) -> Result<(), StorageError> {
    db.insert_all(table.storing(), table.insert(), rows, |row, args| {
        table.fill(row, args);
    })
    .await
}

/// Hands over the fact in the first column of each row.
async fn each(
    db: &mut Db,
    table: FactTable,
    (condition, args): (&str, Args),
    mut take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let sql = format!("SELECT fact FROM {} WHERE {condition}", table.name());
    db.each(table.reading(), &sql, args, |row: RowRef<'_>| {
        take(row.bytes(0)?);
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
    let condition = format!("order_reference IN ({list}) AND id < ?");
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
    each(db, table, ("id BETWEEN ? AND ? ORDER BY id", args), take).await
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
            "order_reference > ?"
        }
        None => "1 = 1",
    };
    args.int(limit);
    let condition = format!("{condition} ORDER BY order_reference LIMIT ?");
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
    take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.bytes(text.as_bytes());
    let condition = match db.dialect() {
        Dialect::Sqlite => "instr(fact, ?) > 0 ORDER BY id",
        Dialect::Postgres => "position(? in fact) > 0 ORDER BY id",
    };
    each(db, table, (condition, args), take).await
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
    let pairs = "SELECT e.fact, o.fact FROM provider_events e JOIN orders o ON \
                 o.transaction_id = e.transaction_id WHERE e.transaction_id IS NOT NULL \
                 AND o.transaction_id IS NOT NULL AND o.order_reference <> e.order_reference";
    let mut args = db.args();
    let sql = match references {
        None => pairs.to_owned(),
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

/// The highest number of a row.
///
/// # Errors
/// When the database fails.
pub async fn last_id(db: &mut Db, table: FactTable) -> Result<i64, StorageError> {
    let sql = format!("SELECT MAX(id) FROM {}", table.name());
    let args = db.args();
    db.number(table.reading(), &sql, args).await
}

/// Order rows, the latest ones, among which near orders are looked for.
const NEAR_ROWS_MAX: i64 = 200_000;

/// What near orders are looked for by.
#[derive(Clone, Debug, Default)]
pub struct NearQuestion {
    /// References without case, separators and leading zeros.
    pub folded: Vec<String>,
    /// Amounts.
    pub amounts: Vec<Amount>,
    /// First and last day of an order with such an amount.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

/// Hands over orders that other references may have meant, among the latest rows; more than asked
/// for, to be looked through.
///
/// # Errors
/// When the database fails.
pub async fn near(
    db: &mut Db,
    question: &NearQuestion,
    take: impl FnMut(&[u8]),
) -> Result<(), StorageError> {
    let last = last_id(db, FactTable::Orders).await?;
    let (from, to) = question
        .days
        .map_or((0, 0), |(from, to)| (day_number(from), day_number(to)));
    let mut args = db.args();
    args.int(last.saturating_sub(NEAR_ROWS_MAX))
        .int(from)
        .int(to);
    for amount in &question.amounts {
        args.int(minor(*amount));
    }
    for folded in &question.folded {
        args.text(folded);
    }
    // The same folding as `domain::reference`, as far as SQL can say it.
    let folded = "LTRIM(LOWER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(order_reference, '-', ''), \
                  '_', ''), ' ', ''), '/', ''), '.', '')), '0')";
    let amounts = if question.amounts.is_empty() {
        "NULL".to_owned()
    } else {
        value_list(question.amounts.len())
    };
    let condition = format!(
        "id > ? AND ((ordered_on BETWEEN ? AND ? AND amount IN ({amounts})) OR {folded} IN ({})) \
         ORDER BY id",
        value_list(question.folded.len())
    );
    each(db, FactTable::Orders, (&condition, args), take).await
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
