//! The shop's own database: one query, asked read-only, its rows written down as NDJSON.
//!
//! What a query gives becomes a file of orders, one JSON object a row, and is read as if the shop
//! had dropped it: the readers know nothing of databases, and this room nothing of orders. Rows
//! pass one by one; neither side ever holds the result. Values keep the digits that the database
//! has: nothing passes through floating point, and a column of floating point is refused.
//!
//! | part | does |
//! |---|---|
//! | `statement` | puts `:since` into the words of each database |
//! | `since` | which time that is |
//! | `postgres`, `mysql`, `sqlite` | connect so that nothing can be written, and say values as text |
//! | `spool` | rows as NDJSON |

mod error;
mod mysql;
mod postgres;
mod since;
mod spool;
mod sqlite;
mod statement;

use std::fmt;
use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::pin::pin;

use chrono_tz::Tz;
use futures_util::{Stream, TryStreamExt};
use sqlx::{Arguments, Connection, Encode, Type};
use tokio::time::timeout;

use crate::domain::waits::Waits;

pub use error::{Problem, ShopError};
pub use since::Since;
use spool::{Spool, Value};

/// Where the shop's database is.
#[derive(Clone)]
pub enum Address {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server: a URL, which may hold a password.
    Postgres(String),
    /// A MySQL or MariaDB server: a URL, which may hold a password.
    Mysql(String),
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite(***)",
            Self::Postgres(_) => "Postgres(***)",
            Self::Mysql(_) => "Mysql(***)",
        })
    }
}

/// What is asked of a database.
#[derive(Clone, Copy)]
pub struct Question<'q> {
    /// The database.
    pub address: &'q Address,
    /// Its address without secrets, for errors.
    pub shown: &'q str,
    /// The query, with `:since` where its author wants it.
    pub query: &'q str,
    /// What `:since` is.
    pub since: &'q Since,
    /// The zone in which the session's times without zone are.
    pub zone: Tz,
    /// How long its server may keep a run waiting.
    pub waits: Waits,
    /// Says what is wrong with the names of the columns, before a row is asked for.
    pub accepts: &'q (dyn Fn(&[String]) -> Result<(), String> + 'q),
}

impl Question<'_> {
    fn failed(&self, problem: Problem) -> ShopError {
        ShopError {
            shop: self.shown.to_owned(),
            problem,
        }
    }
}

/// Writes the rows of a query as NDJSON, at most `bytes_max` of them; returns how many.
///
/// # Errors
/// When the database cannot be reached or does not take the query, when a column is of a type
/// that is not exact, or when there is more than `bytes_max`. What was written is worthless then.
pub async fn import(
    question: &Question<'_>,
    bytes_max: u64,
    to: &mut dyn Write,
) -> Result<u64, ShopError> {
    let mut spool = Spool::new(to, bytes_max);
    ask(question, Some(&mut spool))
        .await
        .and_then(|_columns| spool.finish())
        .map_err(|problem| question.failed(problem))
}

/// Lets the database look at a query without asking for its rows; returns how many columns it has.
///
/// # Errors
/// As for [`import`].
pub async fn check(question: &Question<'_>) -> Result<usize, ShopError> {
    ask(question, None)
        .await
        .map_err(|problem| question.failed(problem))
}

async fn ask(question: &Question<'_>, spool: Option<&mut Spool<'_>>) -> Result<usize, Problem> {
    match question.address {
        Address::Sqlite(path) => sqlite::ask(question, path, spool).await,
        Address::Postgres(url) => postgres::ask(question, url, spool).await,
        Address::Mysql(url) => mysql::ask(question, url, spool).await,
    }
}

/// A column of a result: its name and the database's word for its type.
struct Column {
    name: String,
    type_name: String,
}

/// Checks the columns of a result: all named, each once, none inexact.
fn check_columns(
    question: &Question<'_>,
    columns: &[Column],
    exactness: impl Fn(&str) -> Exactness,
) -> Result<Vec<String>, Problem> {
    if columns.is_empty() {
        return Err(Problem::NoColumns);
    }
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let (name, type_name) = (&column.name, &column.type_name);
        if names.contains(name) {
            return Err(Problem::ColumnTwice { name: name.clone() });
        }
        match exactness(type_name) {
            Exactness::Exact => names.push(name.clone()),
            Exactness::Float => {
                return Err(Problem::Float {
                    name: name.clone(),
                    type_name: type_name.clone(),
                });
            }
            Exactness::Unknown => {
                return Err(Problem::UnknownType {
                    name: name.clone(),
                    type_name: type_name.clone(),
                });
            }
        }
    }
    (question.accepts)(&names).map_err(Problem::Columns)?;
    Ok(names)
}

/// What becomes of the values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exactness {
    /// They are written digit by digit, letter by letter.
    Exact,
    /// They are approximations.
    Float,
    /// This program cannot write them as text.
    Unknown,
}

/// The time from which is asked, for each place of the statement that wants it.
fn since_values<A>(question: &Question<'_>, places: usize) -> Result<A, Problem>
where
    A: Arguments,
    for<'t> &'t str: Encode<'t, A::Database> + Type<A::Database>,
{
    let mut values = A::default();
    for _ in 0..places {
        values
            .add(question.since.text())
            .map_err(|error| Problem::of_query(&sqlx::Error::Encode(error), 0, question.waits))?;
    }
    Ok(values)
}

/// Says goodbye; what was read is read, however the database takes it.
async fn close(db: impl Connection, waits: Waits) {
    if let Err(error) = connected(db.close(), waits).await {
        tracing::debug!("the shop's database was left without a goodbye: {error}");
    }
}

/// Waits for a connection: name, network, TLS and login.
async fn connected<C>(
    connecting: impl Future<Output = Result<C, sqlx::Error>>,
    waits: Waits,
) -> Result<C, Problem> {
    match timeout(waits.for_connection(), connecting).await {
        Ok(done) => done.map_err(|error| Problem::of_connecting(&error)),
        Err(_elapsed) => Err(Problem::NoConnection {
            seconds: waits.connect,
        }),
    }
}

/// Waits for what a database does before it sends rows.
async fn prepared<T>(
    doing: impl Future<Output = Result<T, sqlx::Error>>,
    waits: Waits,
) -> Result<T, Problem> {
    match timeout(waits.for_answer(), doing).await {
        Ok(done) => done.map_err(|error| Problem::of_query(&error, 0, waits)),
        Err(_elapsed) => Err(Problem::no_answer(waits)),
    }
}

/// Writes rows as they come.
async fn write_rows<R>(
    rows: impl Stream<Item = Result<R, sqlx::Error>>,
    value: impl Fn(&R, usize) -> Result<Value, sqlx::Error>,
    spool: &mut Spool<'_>,
    waits: Waits,
) -> Result<(), Problem> {
    let mut rows = pin!(rows);
    loop {
        let row = match timeout(waits.for_answer(), rows.try_next()).await {
            Ok(Ok(Some(row))) => row,
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(error)) => return Err(Problem::of_query(&error, spool.rows(), waits)),
            Err(_elapsed) => return Err(Problem::no_answer(waits)),
        };
        let rows = spool.rows();
        let failed = |error| Problem::of_query(&error, rows, waits);
        spool.row(|column| value(&row, column).map_err(failed))?;
    }
}

#[cfg(test)]
mod tests;
