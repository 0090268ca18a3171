//! Every reference that lines, orders and events name, for a person who mistyped one.

use super::db::{Db, StorageError};

/// Hands over all order references and transaction ids, each once.
///
/// # Errors
/// When the database fails.
pub async fn each(db: &mut Db, mut take: impl FnMut(&str)) -> Result<(), StorageError> {
    let sql = "SELECT order_reference FROM orders UNION SELECT order_reference FROM lines \
               UNION SELECT order_reference FROM order_events \
               UNION SELECT transaction_id FROM orders WHERE transaction_id IS NOT NULL";
    let args = db.args();
    db.each("reading references", sql, args, |row| {
        take(row.text(0)?);
        Ok(())
    })
    .await
}
