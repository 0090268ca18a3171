//! The facts of legs 1 and 2 as they are stored: lines, orders, order events, provider events.
//!
//! Rows of one file lie one behind the other in [`blocks`]; [`keys`] find them by order reference and
//! by transaction. All rows have numbers of one sequence, and the number tells the block. [`upgrade`]
//! moves what version 0.1.0 stored. The room `facts` is what others read through.

pub mod blocks;
pub mod keys;
mod table;
mod upgrade;

pub use table::{FactRow, FactTable};
pub(super) use upgrade::{is_due, upgrade};

use super::db::{Db, StorageError};

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
