//! Why a query gave no orders, said so that a person can act on it.

use sqlx::Error;
use sqlx::mysql::MySqlDatabaseError;

use crate::domain::waits::Waits;

/// Bytes of a database's own message that are repeated.
const MESSAGE_BYTES_MAX: usize = 400;

/// Why an import failed: the end of a sentence that begins with the name of the import.
#[derive(Debug, thiserror::Error)]
#[error("cannot be imported from {shop}: {problem}")]
pub struct ShopError {
    /// The database, without secrets.
    pub shop: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The address is none.
    #[error("its address cannot be understood ({reason}); correct `url`")]
    Address {
        /// Why.
        reason: String,
    },
    /// Nobody answers.
    #[error(
        "it cannot be reached ({reason}); check `url` and that the server is up, the next run asks \
         again"
    )]
    NotReached {
        /// Why.
        reason: String,
    },
    /// It did not let us in.
    #[error("it refuses the connection ({reason}); check user, password and database in `url`")]
    Denied {
        /// What it said.
        reason: String,
    },
    /// Somebody accepts, and says nothing.
    #[error(
        "it gave no connection within {seconds} seconds; check that the server is up, or raise \
         connect_timeout_seconds; the next run asks again"
    )]
    NoConnection {
        /// How long was waited.
        seconds: u32,
    },
    /// The answer takes too long.
    #[error(
        "it gave no answer for {seconds} seconds; check what it waits for, or raise \
         statement_timeout_seconds; the next run asks again"
    )]
    NoAnswer {
        /// How long was waited.
        seconds: u64,
    },
    /// Another session has locked what the query reads.
    #[error(
        "another session held a lock for {seconds} seconds on what the query reads; end what holds \
         it, or raise lock_timeout_seconds; the next run asks again"
    )]
    LockHeld {
        /// How long was waited.
        seconds: u32,
    },
    /// It did not take the query.
    #[error("it does not take the query ({reason}); correct `query`")]
    Query {
        /// What it said.
        reason: String,
    },
    /// The connection was lost.
    #[error(
        "the connection broke after {rows} rows ({reason}); nothing of them is stored, the next \
         run asks again"
    )]
    Broken {
        /// Rows that had come.
        rows: u64,
        /// Why.
        reason: String,
    },
    /// A parameter that nobody gives a value.
    #[error("the query has the parameter :{name}, and only :since is known; correct `query`")]
    Parameter {
        /// Its name.
        name: String,
    },
    /// More than one statement.
    #[error("`query` holds more than one statement; keep the SELECT alone")]
    Statements,
    /// The statement gives no rows.
    #[error("`query` gives no columns; write a SELECT")]
    NoColumns,
    /// Two columns of one name.
    #[error("the query gives the column {name} twice; name each one once, with AS")]
    ColumnTwice {
        /// The name.
        name: String,
    },
    /// A column of approximations.
    #[error(
        "the column {name} is of the type {type_name}, which cannot hold an amount exactly; write \
         CAST({name} AS DECIMAL(15, 2)) AS {name} in `query`, or leave it out"
    )]
    Float {
        /// The column.
        name: String,
        /// Its type.
        type_name: String,
    },
    /// A column that cannot be written as text.
    #[error(
        "the column {name} is of the type {type_name}, which is not read; turn it into text in \
         `query`, or leave it out"
    )]
    UnknownType {
        /// The column.
        name: String,
        /// Its type.
        type_name: String,
    },
    /// The columns are not those of orders.
    #[error("its query {0}")]
    Columns(String),
    /// Too much.
    #[error(
        "its query gives more than {mib} MiB; let it ask only for orders changed after :since, or \
         raise max_file_mib"
    )]
    TooLarge {
        /// The limit.
        mib: u64,
    },
    /// The rows cannot be written down.
    #[error("its rows cannot be written to a temporary file ({0}); check the disk")]
    Spool(#[from] std::io::Error),
}

impl Problem {
    /// What went wrong while connecting.
    pub(super) fn of_connecting(error: &Error) -> Self {
        let reason = said(error);
        if error.as_database_error().is_some() {
            // A database that is starting or full says so in the same way as a wrong password.
            Self::Denied { reason }
        } else if matches!(error, Error::Configuration(_)) {
            Self::Address { reason }
        } else {
            Self::NotReached { reason }
        }
    }

    /// Nothing came.
    pub(super) fn no_answer(waits: Waits) -> Self {
        Self::NoAnswer {
            seconds: waits.for_answer().as_secs(),
        }
    }

    /// What went wrong while asking.
    pub(super) fn of_query(error: &Error, rows: u64, waits: Waits) -> Self {
        match ended_wait(error) {
            Some(Wait::Lock) => {
                return Self::LockHeld {
                    seconds: waits.lock,
                };
            }
            Some(Wait::Statement) => {
                return Self::NoAnswer {
                    seconds: waits.statement.into(),
                };
            }
            None => {}
        }
        let reason = said(error);
        let lost = matches!(error, Error::Io(_) | Error::Tls(_) | Error::WorkerCrashed)
            || error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code)
                .is_some_and(|code| is_shutdown(&code));
        if lost {
            Self::Broken { rows, reason }
        } else {
            Self::Query { reason }
        }
    }
}

/// A wait that the server has ended.
enum Wait {
    Lock,
    Statement,
}

/// Which wait an error ended: PostgreSQL's 55P03 and 57014; MySQL's 1205, which has no SQLSTATE of
/// its own, and 3024; MariaDB's 1969.
fn ended_wait(error: &Error) -> Option<Wait> {
    let error = error.as_database_error()?;
    if let Some(mysql) = error.try_downcast_ref::<MySqlDatabaseError>() {
        return match mysql.number() {
            1205 => Some(Wait::Lock),
            1969 | 3024 => Some(Wait::Statement),
            _ => None,
        };
    }
    match error.code()?.as_ref() {
        "55P03" => Some(Wait::Lock),
        "57014" => Some(Wait::Statement),
        _ => None,
    }
}

/// True for what servers say when somebody ends the session or the server: PostgreSQL's class 57P,
/// MySQL's 1053, 1317 and 1927 under their SQLSTATE.
fn is_shutdown(code: &str) -> bool {
    code.starts_with("57P") || matches!(code, "08S01" | "70100")
}

/// What a database or the system says, on one line. The URL is in none of these messages.
fn said(error: &Error) -> String {
    let text = if let Some(database) = error.as_database_error() {
        database.message().to_owned()
    } else if let Error::Io(error) = error {
        error.to_string()
    } else if matches!(error, Error::Configuration(_)) {
        "it is no URL of this kind".to_owned()
    } else {
        error.to_string()
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(line)
}

fn bounded(mut line: String) -> String {
    if line.len() > MESSAGE_BYTES_MAX {
        let end = (0..=MESSAGE_BYTES_MAX)
            .rev()
            .find(|end| line.is_char_boundary(*end))
            .unwrap_or(0);
        line.truncate(end);
        line.push('…');
    }
    line
}
