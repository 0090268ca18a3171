//! What is remembered over the nights, in SQLite or PostgreSQL.
//!
//! One text of SQL serves both ([`db`] hides the little that differs), every table has a module
//! with its statements and rows, and both migration folders hold the same steps. Facts are only
//! ever added; [`intervals`] keeps what was found on which recorded night. No rule of matching is
//! here: the store answers in the words of the domain and leaves the judging to others.

mod args;
mod bulk;
pub mod chargebacks;
pub mod db;
pub mod decisions;
mod error;
pub mod facts;
pub mod fetched;
pub mod files;
pub mod findings;
pub mod intervals;
pub mod journal;
mod lock;
pub mod open_orders;
pub mod order_feeds;
pub mod outbox;
pub mod provider_actions;
mod row;
pub mod runs;
pub mod seals;
mod session;
pub mod slices;
pub mod statements;
pub mod version;
pub mod webhooks;

use std::path::PathBuf;

use crate::domain::waits::Waits;

pub use db::{Args, Db, Dialect, StorageError};
pub use lock::RunLock;

/// Where the database is.
#[derive(Clone, Debug)]
pub enum DatabaseLocation {
    /// A file.
    Sqlite(PathBuf),
    /// A server.
    Postgres(PostgresServer),
}

/// Where a PostgreSQL server is, and how long it may keep a run waiting.
#[derive(Clone)]
pub struct PostgresServer {
    /// A `postgres://` URL, which may hold a password and is never shown.
    pub url: String,
    /// The longest waits.
    pub waits: Waits,
}

impl std::fmt::Debug for PostgresServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgresServer(***, {:?})", self.waits)
    }
}

/// Minor units for a column; sums and rows of this program always fit.
fn minor(amount: crate::domain::Amount) -> i64 {
    amount.to_minor().unwrap_or(if amount.is_negative() {
        i64::MIN
    } else {
        i64::MAX
    })
}

/// Text in the database for a list of amounts by currency: `EUR 12345;USD -5`, minor units.
pub(crate) fn money_list(sums: &[crate::domain::Money]) -> String {
    let one = |money: &crate::domain::Money| {
        format!(
            "{} {}",
            money.currency,
            money.amount.to_minor().unwrap_or_default()
        )
    };
    sums.iter().map(one).collect::<Vec<_>>().join(";")
}

/// The list of [`money_list`]'s text.
pub(crate) fn parse_money_list(text: &str) -> Vec<crate::domain::Money> {
    let one = |part: &str| {
        let (currency, minor) = part.split_once(' ')?;
        Some(crate::domain::Money {
            amount: crate::domain::Amount::from_minor(minor.parse().ok()?),
            currency: crate::domain::Currency::parse(currency)?,
        })
    };
    text.split(';').filter_map(one).collect()
}

#[cfg(test)]
mod tests;
