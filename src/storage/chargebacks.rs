//! The tables `chargeback_lines` and `returned_transactions`: where chargebacks are, among millions
//! of rows that are none.

use super::db::{Db, StorageError};
use super::files::RowRange;

/// Remembers lines and transactions of a file that tell of chargebacks.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut Db,
    lines: impl Iterator<Item = i64>,
    transactions: impl Iterator<Item = &str>,
) -> Result<(), StorageError> {
    let doing = "storing chargebacks";
    let insert = ("INSERT INTO chargeback_lines (line_id)", 1);
    db.insert_all(doing, insert, lines, |line, args| {
        args.int(line);
    })
    .await?;
    for transaction in transactions {
        let mut args = db.args();
        args.text(transaction);
        let sql = "INSERT INTO returned_transactions (transaction_id) VALUES (?) \
                   ON CONFLICT (transaction_id) DO NOTHING";
        db.execute(doing, sql, args).await?;
    }
    Ok(())
}

/// The numbers of all chargeback lines, rising.
///
/// # Errors
/// When the database fails.
pub async fn lines(db: &mut Db) -> Result<Vec<i64>, StorageError> {
    let sql = "SELECT line_id FROM chargeback_lines ORDER BY line_id";
    let args = db.args();
    db.all("reading chargebacks", sql, args, |row| row.int(0))
        .await
}

/// All transactions from which money was taken back.
///
/// # Errors
/// When the database fails.
pub async fn transactions(db: &mut Db) -> Result<Vec<String>, StorageError> {
    let sql = "SELECT transaction_id FROM returned_transactions ORDER BY transaction_id";
    let args = db.args();
    db.all("reading chargebacks", sql, args, |row| {
        row.text(0).map(str::to_owned)
    })
    .await
}

/// Forgets the chargeback lines of a file, which is about to be read again.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut Db, rows: RowRange) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(rows.first).int(rows.last);
    let sql = "DELETE FROM chargeback_lines WHERE line_id BETWEEN ? AND ?";
    db.execute("removing chargebacks", sql, args)
        .await
        .map(drop)
}
