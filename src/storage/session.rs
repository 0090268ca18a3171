//! A session on a PostgreSQL server, every wait of which has an end.
//!
//! The server is told how long a statement and a lock may take, because it knows what it waits for.
//! This program waits a little longer than that: a server that is silent ends nothing itself.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::time::timeout;

use super::{PostgresServer, StorageError};
use crate::domain::waits::Waits;

/// What PostgreSQL says when a lock was not to be had in time (`lock_not_available`).
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// What it says when a statement took too long (`query_canceled`).
const QUERY_CANCELED: &str = "57014";

/// A connection with its longest waits.
#[derive(Debug)]
pub struct Session {
    connection: PgConnection,
    waits: Waits,
}

impl Deref for Session {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Session {
    /// Connects, and tells the server how long it may take.
    pub(super) async fn connect(server: &PostgresServer, name: &str) -> Result<Self, StorageError> {
        let waits = server.waits;
        let connecting = async {
            let mut connection = PgConnection::connect(&server.url).await?;
            let told = format!(
                "SET statement_timeout = '{}s'; SET lock_timeout = '{}s'",
                waits.statement, waits.lock
            );
            sqlx::raw_sql(AssertSqlSafe(told))
                .execute(&mut connection)
                .await?;
            Ok(connection)
        };
        match timeout(waits.for_connection(), connecting).await {
            Ok(Ok(connection)) => Ok(Self { connection, waits }),
            Ok(Err(source)) => Err(StorageError::NotOpened {
                name: name.to_owned(),
                source,
            }),
            Err(_elapsed) => Err(StorageError::NoConnection {
                name: name.to_owned(),
                seconds: waits.connect,
            }),
        }
    }

    /// The longest waits.
    pub(super) fn waits(&self) -> Waits {
        self.waits
    }

    /// Says goodbye.
    pub(super) async fn close(self) -> Result<(), StorageError> {
        let Self { connection, waits } = self;
        bounded(
            "closing it",
            waits,
            waits.for_connection(),
            connection.close(),
        )
        .await
    }
}

/// Waits for what the server does, no longer than it may take.
pub(super) async fn answer<T>(
    doing: &'static str,
    waits: Waits,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StorageError> {
    bounded(doing, waits, waits.for_answer(), work).await
}

async fn bounded<T>(
    doing: &'static str,
    waits: Waits,
    longest: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StorageError> {
    match timeout(longest, work).await {
        Ok(done) => done.map_err(|source| failed(doing, waits, source)),
        Err(_elapsed) => Err(StorageError::NoAnswer {
            doing,
            seconds: longest.as_secs(),
        }),
    }
}

/// What a failure means: a wait that ended is told with what was waited for.
fn failed(doing: &'static str, waits: Waits, source: sqlx::Error) -> StorageError {
    let code = source.as_database_error().and_then(DatabaseError::code);
    match code.as_deref() {
        Some(LOCK_NOT_AVAILABLE) => StorageError::LockHeld {
            doing,
            seconds: waits.lock,
        },
        Some(QUERY_CANCELED) => StorageError::TooSlow {
            doing,
            seconds: waits.statement,
        },
        _ => StorageError::Failed { doing, source },
    }
}
