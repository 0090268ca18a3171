//! The tables `chargeback_lines` and `returned_transactions`: where chargebacks are, among millions
//! of rows that are none.

use super::db::{Db, StorageError};
use super::facts::fact_of;
use crate::domain::packed::unpack_all;
use crate::domain::settlement::SettlementLine;

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
    let sql = "SELECT c.line_id, b.id, b.facts FROM chargeback_lines c JOIN line_blocks b ON \
               b.id = (SELECT MAX(id) FROM line_blocks WHERE id <= c.line_id) ORDER BY c.line_id";
    let args = db.args();
    db.each("reading chargebacks", sql, args, |row| {
        // Lines of a block have numbers without gaps.
        let at = row.int(0)?.saturating_sub(row.int(1)?);
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        if let Some(Ok(line)) = unpack_all::<SettlementLine<'_>>(row.bytes(2)?).nth(at) {
            take(line);
        }
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
    let sql = format!(
        "SELECT {} FROM returned_transactions r \
         JOIN provider_events e ON e.transaction_id = r.transaction_id \
         JOIN provider_event_blocks b ON b.id = e.block ORDER BY e.block, e.start",
        fact_of("b", "e")
    );
    let args = db.args();
    db.each("reading chargebacks", &sql, args, |row| {
        take(row.bytes(0)?);
        Ok(())
    })
    .await
}
