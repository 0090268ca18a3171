//! One connection, SQLite or PostgreSQL, and what differs between them.
//!
//! SQL is written once: `BIGINT`-sized integers and texts only, and `?` for every value, which
//! becomes `$1`, `$2`, … for PostgreSQL. (SQLite would take `$1` too, but it looks named
//! parameters up one by one, which makes statements of thousands of values quadratic.)

use std::fmt::Write as _;
use std::path::Path;

use futures_util::TryStreamExt;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection};
use tokio::time::timeout;

pub use super::args::Args;
use super::args::Values;
pub use super::bulk::Blob;
pub use super::error::StorageError;
pub use super::row::RowRef;
use super::session::{self, Session};
use super::{DatabaseLocation, RunLock, facts, journal, version};
use crate::files;

/// Prepared statements that SQLite keeps. An insert of many rows takes half a megabyte, and the last
/// rows of every file make a statement of their own.
const STATEMENTS_KEPT: usize = 6;

/// Keys of one look-up.
pub const KEYS_PER_LOOKUP: usize = 500;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// An `INSERT INTO …` of many rows. Where one cannot be stored, its whole transaction is rolled
    /// back, so that SQLite need not remember how the statement began.
    pub(super) fn bulk(self, into: &str) -> String {
        match self {
            Self::Sqlite => into.replacen("INSERT INTO", "INSERT OR FAIL INTO", 1),
            Self::Postgres => into.to_owned(),
        }
    }

    /// `sql` with its `?` in the dialect's own form. No text of ours holds a literal `?`.
    fn own(self, sql: &str) -> String {
        if self == Self::Sqlite {
            return sql.to_owned();
        }
        let mut own = String::with_capacity(sql.len().saturating_add(64));
        for (number, part) in sql.split('?').enumerate() {
            if number > 0 && write!(own, "${number}").is_err() {
                break;
            }
            own.push_str(part);
        }
        own
    }
}

/// `(?, ?), (?, ?)` for `rows` rows of `columns` values.
pub fn value_rows(rows: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row.as_str(); rows].join(", ")
}

/// `?, ?, ?` for `count` values.
pub fn value_list(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// Makes the file of a database, and its folder, where they are not there: SQLite would make one
/// that everybody may read. Its other files get the rights of this one.
fn make_private(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        files::make_folder(folder)?;
    }
    files::open_private(path).map(drop)
}

/// An open database.
pub enum Db {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(Session),
}

impl DatabaseLocation {
    /// Its name without secrets.
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(server) => {
                let url = &server.url;
                let host = url.rsplit_once('@').map_or(url.as_str(), |(_, host)| host);
                let host = host
                    .trim_start_matches("postgres://")
                    .trim_start_matches("postgresql://");
                format!("postgres://{}", host.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl Db {
    /// Opens a database, takes the lock of a run and brings the database up to date.
    ///
    /// # Errors
    /// When it cannot be opened, another run holds the lock, or a newer version wrote it.
    pub async fn open(location: &DatabaseLocation) -> Result<(Self, RunLock), StorageError> {
        let mut db = Self::connect(location, true).await?;
        let lock = RunLock::take(location, &mut db).await?;
        db.migrate(location).await?;
        if facts::is_due(&mut db).await? {
            facts::upgrade(&mut db).await?;
        }
        journal::begin(&mut db).await?;
        Ok((db, lock))
    }

    /// Whether each transaction waits until it is on the disk. What a run reads need not: should the
    /// power fail, an SQLite database is as it was some files earlier, and these are read again,
    /// for they stay where they are until the run is recorded. A transaction that waits takes all
    /// before it along.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wait_for_disk(&mut self, wait: bool) -> Result<(), StorageError> {
        if self.dialect() == Dialect::Postgres {
            return Ok(());
        }
        let args = self.args();
        let sql = if wait {
            "PRAGMA synchronous = FULL"
        } else {
            "PRAGMA synchronous = NORMAL"
        };
        self.execute("choosing what to wait for", sql, args)
            .await
            .map(|_| ())
    }

    /// Begins the one transaction of a first load. While an SQLite database is empty, a rollback
    /// journal has nothing to keep, so each page is written once; in the write-ahead log it would be
    /// written twice. Should the load be killed, the database is empty again, and all files still lie
    /// where they lay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_first_load(&mut self) -> Result<(), StorageError> {
        self.keep_journal("PRAGMA journal_mode = DELETE").await;
        self.begin().await
    }

    /// Makes a first load durable.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commit_first_load(&mut self) -> Result<(), StorageError> {
        self.commit().await?;
        self.keep_journal("PRAGMA journal_mode = WAL").await;
        Ok(())
    }

    /// Where somebody else looks at the database, SQLite keeps the journal that it has, which is as
    /// safe; each opening asks for the write-ahead log again.
    async fn keep_journal(&mut self, sql: &str) {
        if self.dialect() == Dialect::Sqlite {
            let args = self.args();
            if let Err(error) = self.execute("choosing a journal", sql, args).await {
                tracing::debug!("the journal stays as it is: {error}");
            }
        }
    }

    /// Begins a part of a transaction that can be forgotten alone.
    ///
    /// # Errors
    /// When it fails.
    pub async fn begin_part(&mut self) -> Result<(), StorageError> {
        self.of_part("SAVEPOINT part").await
    }

    /// Ends such a part.
    ///
    /// # Errors
    /// When it fails.
    pub async fn keep_part(&mut self) -> Result<(), StorageError> {
        self.of_part("RELEASE SAVEPOINT part").await
    }

    /// Forgets such a part.
    ///
    /// # Errors
    /// When it fails.
    pub async fn forget_part(&mut self) -> Result<(), StorageError> {
        self.of_part("ROLLBACK TO SAVEPOINT part").await?;
        self.keep_part().await
    }

    async fn of_part(&mut self, sql: &str) -> Result<(), StorageError> {
        let args = self.args();
        self.execute("storing a file", sql, args).await.map(drop)
    }

    /// Opens a database as it is, without changing or creating anything.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn connect(location: &DatabaseLocation, create: bool) -> Result<Self, StorageError> {
        let not_opened = |source| StorageError::NotOpened {
            name: location.name(),
            source,
        };
        match location {
            DatabaseLocation::Sqlite(path) => {
                if create {
                    make_private(path).map_err(|source| StorageError::Io {
                        name: path.display().to_string(),
                        source,
                    })?;
                }
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(create)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(std::time::Duration::from_secs(30))
                    .statement_cache_capacity(STATEMENTS_KEPT)
                    .pragma("page_size", "8192")
                    .pragma("cache_size", "-12288")
                    .pragma("wal_autocheckpoint", "4000")
                    .pragma("temp_store", "MEMORY");
                SqliteConnection::connect_with(&options)
                    .await
                    .map(Self::Sqlite)
                    .map_err(not_opened)
            }
            DatabaseLocation::Postgres(server) => Session::connect(server, &location.name())
                .await
                .map(Self::Postgres),
        }
    }

    async fn migrate(&mut self, location: &DatabaseLocation) -> Result<(), StorageError> {
        let done = match self {
            Self::Sqlite(db) => version::SQLITE.run(db).await,
            Self::Postgres(db) => {
                match timeout(db.waits().for_answer(), version::POSTGRES.run(&mut **db)).await {
                    Ok(done) => done,
                    Err(_elapsed) => {
                        return Err(StorageError::NoAnswer {
                            doing: "bringing it up to date",
                            seconds: db.waits().for_answer().as_secs(),
                        });
                    }
                }
            }
        };
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all others mean the same to an operator"
        )]
        done.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => {
                StorageError::Newer {
                    name: location.name(),
                    version,
                }
            }
            other => StorageError::NotMigrated {
                name: location.name(),
                source: Box::new(other),
            },
        })
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// No values yet, for this database.
    pub fn args(&self) -> Args {
        Args::new(self.dialect())
    }

    /// Runs a statement; returns how many rows it touched.
    ///
    /// # Errors
    /// When it fails; `doing` says in words what it was for.
    pub async fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        args: Args,
    ) -> Result<u64, StorageError> {
        let sql = AssertSqlSafe(self.dialect().own(sql));
        let done = match (self, args.values) {
            (Self::Sqlite(db), Values::Sqlite(args)) => sqlx::query_with(sql, args)
                .execute(db)
                .await
                .map(|done| done.rows_affected()),
            (Self::Postgres(db), Values::Postgres(args)) => {
                let waits = db.waits();
                let done = sqlx::query_with(sql, args).execute(&mut **db);
                let done = session::answer(doing, waits, done).await?;
                return Ok(done.rows_affected());
            }
            _ => Err(sqlx::Error::Protocol(
                "values of another database".to_owned(),
            )),
        };
        done.map_err(|source| StorageError::Failed { doing, source })
    }

    /// Runs a query and hands over each row as it comes.
    ///
    /// # Errors
    /// When it fails or `take` does.
    pub async fn each<F>(
        &mut self,
        doing: &'static str,
        sql: &str,
        args: Args,
        mut take: F,
    ) -> Result<(), StorageError>
    where
        F: FnMut(RowRef<'_>) -> Result<(), sqlx::Error>,
    {
        let sql = AssertSqlSafe(self.dialect().own(sql));
        let failed = |source| StorageError::Failed { doing, source };
        match (self, args.values) {
            (Self::Sqlite(db), Values::Sqlite(args)) => {
                let mut rows = sqlx::query_with(sql, args).fetch(db);
                while let Some(row) = rows.try_next().await.map_err(failed)? {
                    take(RowRef::Sqlite(&row)).map_err(failed)?;
                }
                Ok(())
            }
            (Self::Postgres(db), Values::Postgres(args)) => {
                let waits = db.waits();
                let mut rows = sqlx::query_with(sql, args).fetch(&mut **db);
                while let Some(row) = session::answer(doing, waits, rows.try_next()).await? {
                    take(RowRef::Postgres(&row)).map_err(failed)?;
                }
                Ok(())
            }
            _ => Err(failed(sqlx::Error::Protocol(
                "values of another database".to_owned(),
            ))),
        }
    }

    /// Runs a query whose rows become values.
    ///
    /// # Errors
    /// When it fails or `map` does.
    pub async fn all<T, F>(
        &mut self,
        doing: &'static str,
        sql: &str,
        args: Args,
        mut map: F,
    ) -> Result<Vec<T>, StorageError>
    where
        F: FnMut(RowRef<'_>) -> Result<T, sqlx::Error>,
    {
        let mut found = Vec::new();
        self.each(doing, sql, args, |row| {
            found.push(map(row)?);
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// The integer of a query of one row; 0 where it is NULL or there is no row.
    ///
    /// # Errors
    /// When it fails.
    pub async fn number(
        &mut self,
        doing: &'static str,
        sql: &str,
        args: Args,
    ) -> Result<i64, StorageError> {
        let found = self.all(doing, sql, args, |row| row.opt_int(0)).await?;
        Ok(found.first().copied().flatten().unwrap_or(0))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When it fails.
    pub async fn begin(&mut self) -> Result<(), StorageError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        let args = self.args();
        self.execute("beginning a transaction", sql, args)
            .await
            .map(|_| ())
    }

    /// Makes a transaction durable.
    ///
    /// # Errors
    /// When it fails.
    pub async fn commit(&mut self) -> Result<(), StorageError> {
        let args = self.args();
        self.execute("committing a transaction", "COMMIT", args)
            .await
            .map(|_| ())
    }

    /// Forgets a transaction.
    ///
    /// # Errors
    /// When it fails.
    pub async fn rollback(&mut self) -> Result<(), StorageError> {
        let args = self.args();
        self.execute("rolling a transaction back", "ROLLBACK", args)
            .await
            .map(|_| ())
    }

    /// Ends a transaction as what was done in it ended.
    ///
    /// # Errors
    /// When that failed, or the transaction cannot be ended.
    pub async fn end<T>(&mut self, done: Result<T, StorageError>) -> Result<T, StorageError> {
        match done {
            Ok(value) => self.commit().await.map(|()| value),
            Err(error) => {
                self.rollback().await?;
                Err(error)
            }
        }
    }

    /// Closes the connection.
    ///
    /// # Errors
    /// When it fails.
    pub async fn close(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(db) => db.close().await.map_err(|source| StorageError::Failed {
                doing: "closing it",
                source,
            }),
            Self::Postgres(db) => db.close().await,
        }
    }
}
