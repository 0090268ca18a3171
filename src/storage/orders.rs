//! The tables `orders` and `order_events`.

use chrono::NaiveDate;

use super::db::{Args, Db, Dialect, ROWS_PER_INSERT, RowRef, StorageError, value_list, value_rows};
use super::files::RowRange;
use super::lines::minor;
use crate::domain::calendar::{day_from_number, day_number, moment_from_number, moment_number};
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
use crate::domain::{Amount, Currency};

const ORDER_COLUMNS: usize = 17;

/// Orders that are written with one statement (see [`super::lines::LineBatch`]).
pub struct OrderBatch {
    dialect: Dialect,
    args: Args,
    ids: Vec<i64>,
}

impl OrderBatch {
    /// An empty batch.
    pub fn new(dialect: Dialect) -> Self {
        let mut args = Args::new(dialect);
        args.reserve(ROWS_PER_INSERT.saturating_mul(ORDER_COLUMNS));
        Self {
            dialect,
            args,
            ids: Vec::with_capacity(ROWS_PER_INSERT),
        }
    }

    /// The numbers of its orders.
    pub fn ids(&self) -> impl Iterator<Item = i64> {
        self.ids.iter().copied()
    }

    /// Adds an order under its number.
    pub fn push(&mut self, id: i64, order: &Order<'_>) {
        self.args
            .int(id)
            .int(order.file.0)
            .int(i64::from(order.line))
            .word(order.provider)
            .text(order.order_reference)
            .word(order.merchant)
            .int(minor(order.amount))
            .opt_int(order.confirmed_amount.map(minor))
            .word(order.currency.code())
            .word(order.status.word())
            .int(day_number(order.ordered_on))
            .opt_int(order.confirmed_on.map(day_number))
            .opt_int(order.cancelled_amount.map(minor))
            .opt_int(order.cancelled_on.map(day_number))
            .opt_int(order.updated_at.map(moment_number))
            .text(order.transaction_id)
            .text(order.product);
        self.ids.push(id);
    }

    /// True when it should be stored.
    pub fn is_full(&self) -> bool {
        self.ids.len() >= ROWS_PER_INSERT
    }

    /// The batch, and an empty one in its place.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.dialect))
    }

    /// Stores the orders.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store(self, db: &mut Db) -> Result<(), StorageError> {
        if self.ids.is_empty() {
            return Ok(());
        }
        let values = value_rows(self.ids.len(), ORDER_COLUMNS);
        let sql = format!("INSERT INTO orders ({COLUMNS}) VALUES {values}");
        db.execute("storing orders", &sql, self.args)
            .await
            .map(|_| ())
    }
}

const COLUMNS: &str = "id, file_id, line, provider, order_reference, merchant, amount, \
     confirmed_amount, currency, status, ordered_on, confirmed_on, cancelled_amount, \
     cancelled_on, updated_at, transaction_id, product";

fn decode(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("{what} is not what this program writes").into())
}

fn order(row: RowRef<'_>) -> Result<Order<'_>, sqlx::Error> {
    let amount = |column| {
        row.opt_int(column)
            .map(|minor| minor.map(Amount::from_minor))
    };
    let day = |column| {
        row.opt_int(column)
            .map(|number| number.and_then(day_from_number))
    };
    Ok(Order {
        file: FileId(row.int(1)?),
        line: u32::try_from(row.int(2)?).unwrap_or(0),
        provider: row.text(3)?,
        order_reference: row.text(4)?,
        merchant: row.text(5)?,
        amount: Amount::from_minor(row.int(6)?),
        confirmed_amount: amount(7)?,
        currency: Currency::parse(row.text(8)?).ok_or_else(|| decode("orders.currency"))?,
        status: OrderStatus::from_word(row.text(9)?).ok_or_else(|| decode("orders.status"))?,
        ordered_on: day(10)?.ok_or_else(|| decode("orders.ordered_on"))?,
        confirmed_on: day(11)?,
        cancelled_amount: amount(12)?,
        cancelled_on: day(13)?,
        updated_at: row.opt_int(14)?.and_then(moment_from_number),
        transaction_id: row.text(15)?,
        product: row.text(16)?,
    })
}

/// Hands over all versions of some orders that were stored before `before`.
///
/// # Errors
/// When the database fails.
pub async fn of_references(
    db: &mut Db,
    references: &[&str],
    before: i64,
    mut take: impl FnMut(&Order<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    for reference in references {
        args.text(reference);
    }
    args.int(before);
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE order_reference IN ({}) AND id < ? ORDER BY id",
        value_list(references.len())
    );
    db.each("reading orders", &sql, args, |row| {
        take(&order(row)?);
        Ok(())
    })
    .await
}

/// Hands over all versions of the orders of a transaction.
///
/// # Errors
/// When the database fails.
pub async fn of_transaction(
    db: &mut Db,
    transaction_id: &str,
    mut take: impl FnMut(&Order<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(transaction_id);
    let sql = format!("SELECT {COLUMNS} FROM orders WHERE transaction_id = ? ORDER BY id");
    db.each("reading orders", &sql, args, |row| {
        take(&order(row)?);
        Ok(())
    })
    .await
}

/// Hands over the orders of one file.
///
/// # Errors
/// When the database fails.
pub async fn of_rows(
    db: &mut Db,
    rows: RowRange,
    mut take: impl FnMut(&Order<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(rows.first).int(rows.last);
    let sql = format!("SELECT {COLUMNS} FROM orders WHERE id BETWEEN ? AND ? ORDER BY id");
    db.each("reading orders", &sql, args, |row| {
        take(&order(row)?);
        Ok(())
    })
    .await
}

/// Hands over the orders behind a reference, in its order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn after(
    db: &mut Db,
    reference: Option<&str>,
    limit: i64,
    mut take: impl FnMut(&Order<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    let condition = match reference {
        Some(reference) => {
            args.text(reference);
            "WHERE order_reference > ?"
        }
        None => "",
    };
    args.int(limit);
    let sql = format!("SELECT {COLUMNS} FROM orders {condition} ORDER BY order_reference LIMIT ?");
    db.each("reading orders", &sql, args, |row| {
        take(&order(row)?);
        Ok(())
    })
    .await
}

/// The highest number of an order row.
///
/// # Errors
/// When the database fails.
pub async fn last_id(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    db.number("counting orders", "SELECT MAX(id) FROM orders", args)
        .await
}

const EVENT_COLUMNS: &str =
    "id, file_id, line, provider, order_reference, kind, amount, currency, occurred_on, event_id";

const EVENT_COLUMN_COUNT: usize = 10;

/// Events that are written with one statement (see [`super::lines::LineBatch`]).
pub struct EventBatch {
    dialect: Dialect,
    args: Args,
    rows: usize,
}

impl EventBatch {
    /// An empty batch.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            args: Args::new(dialect),
            rows: 0,
        }
    }

    /// Adds an event under its number.
    pub fn push(&mut self, id: i64, event: &OrderEvent<'_>) {
        self.args
            .int(id)
            .int(event.file.0)
            .int(i64::from(event.line))
            .word(event.provider)
            .text(event.order_reference)
            .word(event.kind.word())
            .int(minor(event.amount))
            .word(event.currency.code())
            .int(day_number(event.occurred_on))
            .text(event.event_id);
        self.rows = self.rows.saturating_add(1);
    }

    /// True when it should be stored.
    pub fn is_full(&self) -> bool {
        self.rows >= ROWS_PER_INSERT
    }

    /// The batch, and an empty one in its place.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.dialect))
    }

    /// Stores the events.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store(self, db: &mut Db) -> Result<(), StorageError> {
        if self.rows == 0 {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO order_events ({EVENT_COLUMNS}) VALUES {}",
            value_rows(self.rows, EVENT_COLUMN_COUNT)
        );
        db.execute("storing order events", &sql, self.args)
            .await
            .map(|_| ())
    }
}

fn event(row: RowRef<'_>) -> Result<OrderEvent<'_>, sqlx::Error> {
    Ok(OrderEvent {
        file: FileId(row.int(1)?),
        line: u32::try_from(row.int(2)?).unwrap_or(0),
        provider: row.text(3)?,
        order_reference: row.text(4)?,
        kind: OrderEventKind::from_word(row.text(5)?).ok_or_else(|| decode("order_events.kind"))?,
        amount: Amount::from_minor(row.int(6)?),
        currency: Currency::parse(row.text(7)?).ok_or_else(|| decode("order_events.currency"))?,
        occurred_on: day_from_number(row.int(8)?)
            .ok_or_else(|| decode("order_events.occurred_on"))?,
        event_id: row.text(9)?,
    })
}

/// Hands over the events of some orders that were stored before `before`.
///
/// # Errors
/// When the database fails.
pub async fn events_of_references(
    db: &mut Db,
    references: &[&str],
    before: i64,
    mut take: impl FnMut(&OrderEvent<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    for reference in references {
        args.text(reference);
    }
    args.int(before);
    let sql = format!(
        "SELECT {EVENT_COLUMNS} FROM order_events WHERE order_reference IN ({}) AND id < ? \
         ORDER BY id",
        value_list(references.len())
    );
    db.each("reading order events", &sql, args, |row| {
        take(&event(row)?);
        Ok(())
    })
    .await
}

/// Hands over the events of one file.
///
/// # Errors
/// When the database fails.
pub async fn events_of_rows(
    db: &mut Db,
    rows: RowRange,
    mut take: impl FnMut(&OrderEvent<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(rows.first).int(rows.last);
    let sql =
        format!("SELECT {EVENT_COLUMNS} FROM order_events WHERE id BETWEEN ? AND ? ORDER BY id");
    db.each("reading order events", &sql, args, |row| {
        take(&event(row)?);
        Ok(())
    })
    .await
}

/// Hands over the events behind a reference, in its order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn events_after(
    db: &mut Db,
    reference: Option<&str>,
    limit: i64,
    mut take: impl FnMut(&OrderEvent<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    let condition = match reference {
        Some(reference) => {
            args.text(reference);
            "WHERE order_reference > ?"
        }
        None => "",
    };
    args.int(limit);
    let sql = format!(
        "SELECT {EVENT_COLUMNS} FROM order_events {condition} ORDER BY order_reference LIMIT ?"
    );
    db.each("reading order events", &sql, args, |row| {
        take(&event(row)?);
        Ok(())
    })
    .await
}

/// The highest number of an event.
///
/// # Errors
/// When the database fails.
pub async fn last_event_id(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    db.number(
        "counting order events",
        "SELECT MAX(id) FROM order_events",
        args,
    )
    .await
}

/// The providers that orders or events name.
///
/// # Errors
/// When the database fails.
pub async fn providers(db: &mut Db) -> Result<Vec<String>, StorageError> {
    let sql =
        "SELECT DISTINCT provider FROM orders UNION SELECT DISTINCT provider FROM order_events";
    let args = db.args();
    db.all("reading the providers of orders", sql, args, |row| {
        row.text(0).map(str::to_owned)
    })
    .await
}

/// A stored order as far as another reference may have meant it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearOrder {
    /// Who finances it.
    pub provider: String,
    /// Its reference.
    pub order_reference: String,
    /// The financed amount.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// When it was ordered.
    pub ordered_on: NaiveDate,
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

/// Orders that other references may have meant, among the latest rows; more than asked for, to be
/// looked through.
///
/// # Errors
/// When the database fails.
pub async fn near(db: &mut Db, question: &NearQuestion) -> Result<Vec<NearOrder>, StorageError> {
    let after = last_id(db).await?.saturating_sub(NEAR_ROWS_MAX);
    let (from, to) = question
        .days
        .map_or((0, 0), |(from, to)| (day_number(from), day_number(to)));
    let mut args = db.args();
    args.int(after).int(from).int(to);
    for amount in &question.amounts {
        args.int(minor(*amount));
    }
    for folded in &question.folded {
        args.text(folded);
    }
    // The same folding as `domain::reference`, as far as SQL can say it.
    let folded = "LTRIM(LOWER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(order_reference, '-', ''), \
                  '_', ''), ' ', ''), '/', ''), '.', '')), '0')";
    let sql = format!(
        "SELECT provider, order_reference, amount, currency, ordered_on FROM orders \
         WHERE id > ? AND ((ordered_on BETWEEN ? AND ? AND amount IN ({})) OR {folded} IN ({})) \
         ORDER BY id",
        if question.amounts.is_empty() {
            "NULL".to_owned()
        } else {
            value_list(question.amounts.len())
        },
        value_list(question.folded.len())
    );
    db.all("looking for near orders", &sql, args, |row| {
        Ok(NearOrder {
            provider: row.text(0)?.to_owned(),
            order_reference: row.text(1)?.to_owned(),
            amount: Amount::from_minor(row.int(2)?),
            currency: Currency::parse(row.text(3)?).ok_or_else(|| decode("orders.currency"))?,
            ordered_on: day_from_number(row.int(4)?).ok_or_else(|| decode("orders.ordered_on"))?,
        })
    })
    .await
}
