//! The tables `chargeback_lines` and `returned_transactions`: where chargebacks are, among millions
//! of rows that are none.

use super::db::{Db, StorageError};

/// Remembers lines and transactions of a file that tell of chargebacks.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut Db,
    lines: &[i64],
    transactions: impl Iterator<Item = &str>,
) -> Result<(), StorageError> {
    let doing = "storing chargebacks";
    let insert = ("INSERT INTO chargeback_lines (line_id)", 1);
    db.insert_all(doing, insert, lines.iter(), |line, args| {
        args.int(*line);
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

/// Hands over all chargeback lines, packed, in the order of their numbers.
///
/// # Errors
/// When the database fails.
pub async fn lines(db: &mut Db, mut take: impl FnMut(&[u8])) -> Result<(), StorageError> {
    let sql =
        "SELECT l.fact FROM chargeback_lines c JOIN lines l ON l.id = c.line_id ORDER BY l.id";
    let args = db.args();
    db.each("reading chargebacks", sql, args, |row| {
        take(row.bytes(0)?);
        Ok(())
    })
    .await
}

/// Hands over the provider events of all transactions from which money was taken back, packed, in
/// the order of their numbers.
///
/// # Errors
/// When the database fails.
pub async fn events(db: &mut Db, mut take: impl FnMut(&[u8])) -> Result<(), StorageError> {
    let sql = "SELECT e.fact FROM returned_transactions r JOIN provider_events e ON \
               e.transaction_id = r.transaction_id ORDER BY e.id";
    let args = db.args();
    db.each("reading chargebacks", sql, args, |row| {
        take(row.bytes(0)?);
        Ok(())
    })
    .await
}
