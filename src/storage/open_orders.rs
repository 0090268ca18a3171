//! The table `open_orders`: orders that are not plainly balanced, and the recorded nights on which
//! they were not, each with its row of the report, so that nobody looks at it again before
//! something of it changes or its day comes.

use chrono::NaiveDate;

use super::db::{Args, Db, RowRef, StorageError};
use super::intervals::{Change, Holding, Interval, RecordedDay, each_covering, record};
use super::runs;
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::open_order::{OpenOrder, OpenOrders};
use crate::domain::outcome::OrderState;
use crate::domain::packed::Damage;

impl Interval for OpenOrder {
    const TABLE: &'static str = "open_orders";
    const COLUMNS: &'static str = "provider, order_reference, state, check_on, packed";
    const COLUMN_COUNT: usize = 5;

    fn fill(&self, args: &mut Args) {
        args.word(&self.provider)
            .text(&self.order_reference)
            .word(self.state.word())
            .opt_int(self.check_on.map(day_number))
            .bytes(&self.packed);
    }
}

/// The orders that were not plainly balanced on a recorded night.
///
/// # Errors
/// When the database fails, or holds something that nobody stored.
pub async fn of_night(db: &mut Db, night: NaiveDate) -> Result<OpenOrders, StorageError> {
    let mut all = OpenOrders::default();
    let mut wrong = None;
    let table = (OpenOrder::TABLE, OpenOrder::COLUMNS);
    each_covering(db, table, night, |row| {
        if let Err(error) = add(&mut all, row)? {
            wrong.get_or_insert(error);
        }
        Ok(())
    })
    .await?;
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    let found = u64::try_from(all.len()).unwrap_or(u64::MAX);
    match runs::open_on(db, night).await?.orders {
        Some(expected) if expected != found => Err(StorageError::DamagedNight {
            night,
            damage: Damage::Count { expected, found },
        }),
        Some(_) | None => Ok(all),
    }
}

fn add(all: &mut OpenOrders, row: RowRef<'_>) -> Result<Result<(), StorageError>, sqlx::Error> {
    let (provider, order_reference) = (row.text(1)?, row.text(2)?);
    let Some(state) = OrderState::from_word(row.text(3)?) else {
        let wrong = StorageError::unexpected("the state of an order", order_reference);
        return Ok(Err(wrong));
    };
    let order = OpenOrder {
        provider: provider.to_owned(),
        order_reference: order_reference.to_owned(),
        state,
        check_on: row.opt_int(4)?.and_then(day_from_number),
        // Version 0.1.0 stored none.
        packed: row.opt_bytes(5)?.unwrap_or_default().to_owned(),
    };
    let added = all.add(row.int(0)?, &order);
    Ok(added.map_err(|damage| StorageError::DamagedOpenOrder {
        order: format!("{provider} {order_reference}"),
        damage,
    }))
}

/// How many are open on a night.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &mut Db, night: NaiveDate) -> Result<i64, StorageError> {
    let mut args = db.args();
    let number = day_number(night);
    args.int(number).int(number).int(number);
    let sql = "SELECT (SELECT COUNT(*) FROM open_orders WHERE until_day IS NULL AND from_day <= ?) \
               + (SELECT COUNT(*) FROM open_orders WHERE until_day > ? AND from_day <= ?)";
    db.number("counting open orders", sql, args).await
}

/// Records the orders that are not plainly balanced; `before` are the rows that held on the night
/// before.
///
/// # Errors
/// When the database fails.
pub async fn record_night(
    db: &mut Db,
    day: RecordedDay,
    before: Vec<i64>,
    now: impl Iterator<Item = Holding<OpenOrder>>,
) -> Result<(), StorageError> {
    record(db, day, Change { before, now }).await
}
