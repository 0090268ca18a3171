//! A row of a result, whichever database gave it.

use sqlx::Row;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// A row of a result.
#[derive(Clone, Copy)]
pub enum RowRef<'r> {
    /// Of SQLite.
    Sqlite(&'r SqliteRow),
    /// Of PostgreSQL.
    Postgres(&'r PgRow),
}

impl<'r> RowRef<'r> {
    /// An integer column.
    ///
    /// # Errors
    /// When it is none.
    pub fn int(self, column: usize) -> Result<i64, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get_unchecked(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// An integer column that may be NULL.
    ///
    /// # Errors
    /// When it is another type.
    pub fn opt_int(self, column: usize) -> Result<Option<i64>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get_unchecked(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A text column.
    ///
    /// # Errors
    /// When it is none.
    pub fn text(self, column: usize) -> Result<&'r str, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get_unchecked(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A column of bytes.
    ///
    /// # Errors
    /// When it is none.
    pub fn bytes(self, column: usize) -> Result<&'r [u8], sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get_unchecked(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A text column that may be NULL.
    ///
    /// # Errors
    /// When it is another type.
    pub fn opt_bytes(self, column: usize) -> Result<Option<&'r [u8]>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get_unchecked(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A text, or NULL.
    ///
    /// # Errors
    /// When it is another type.
    pub fn opt_text(self, column: usize) -> Result<Option<&'r str>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get_unchecked(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}
