//! Many rows in few statements: INSERT of some hundred rows, or PostgreSQL's COPY for blobs.

use sqlx::postgres::PgConnection;

use super::args::Args;
use super::db::{Db, value_rows};
use super::error::StorageError;
use super::session;

/// Rows of one bulk insert: enough to make the cost of a statement small.
const ROWS_PER_INSERT: usize = 1_000;

/// A row of numbers and, last, bytes.
#[derive(Clone, Debug)]
pub struct Blob<const N: usize> {
    /// The numbers, in the order of their columns.
    pub numbers: [i64; N],
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl<const N: usize> Blob<N> {
    /// The row in the binary form of PostgreSQL's COPY: each value behind its length.
    fn copy(&self, into: &mut Vec<u8>) {
        let fields = i16::try_from(N).unwrap_or(i16::MAX).saturating_add(1);
        into.extend_from_slice(&fields.to_be_bytes());
        for number in self.numbers {
            into.extend_from_slice(&8_i32.to_be_bytes());
            into.extend_from_slice(&number.to_be_bytes());
        }
        let length = i32::try_from(self.bytes.len()).unwrap_or(i32::MAX);
        into.extend_from_slice(&length.to_be_bytes());
        into.extend_from_slice(&self.bytes);
    }
}

/// How PostgreSQL's binary COPY begins: its signature, no flags, no extension.
const COPY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// How it ends: a row of −1 fields.
const COPY_TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// Bytes that are sent together.
const COPY_BYTES: usize = 1 << 20;

impl Db {
    /// Inserts many rows of `columns` values each; `fill` adds the values of one row. While the
    /// database stores some rows, the next ones are made ready.
    ///
    /// # Errors
    /// When it fails.
    pub async fn insert_all<T>(
        &mut self,
        doing: &'static str,
        insert: (&str, usize),
        rows: impl Iterator<Item = T>,
        fill: impl Fn(T, &mut Args),
    ) -> Result<(), StorageError> {
        let (into, columns) = insert;
        let dialect = self.dialect();
        let into = dialect.bulk(into);
        let rows_of = |count: usize| format!("{into} VALUES {}", value_rows(count, columns));
        let usual = rows_of(ROWS_PER_INSERT);
        let mut rows = rows.peekable();
        let mut ready = || {
            rows.peek()?;
            let mut args = Args::new(dialect);
            args.reserve(ROWS_PER_INSERT.saturating_mul(columns));
            let mut count = 0_usize;
            for row in rows.by_ref().take(ROWS_PER_INSERT) {
                fill(row, &mut args);
                count = count.saturating_add(1);
            }
            let sql = if count == ROWS_PER_INSERT {
                usual.clone()
            } else {
                rows_of(count)
            };
            Some((sql, args))
        };
        let mut next = ready();
        while let Some((sql, args)) = next {
            let stored = self.execute(doing, &sql, args);
            let (stored, prepared) = futures_util::future::join(stored, async { ready() }).await;
            stored?;
            next = prepared;
        }
        Ok(())
    }

    /// Inserts rows that are mostly bytes, some of them in a statement: by COPY into PostgreSQL.
    ///
    /// # Errors
    /// When it fails.
    pub async fn insert_blobs<const N: usize>(
        &mut self,
        doing: &'static str,
        (table, columns): (&str, &str),
        rows_per_insert: usize,
        rows: impl Iterator<Item = Blob<N>>,
    ) -> Result<(), StorageError> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        if let Self::Postgres(db) = self {
            let sql = format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)");
            let waits = db.waits();
            return session::answer(doing, waits, copy_in(db, &sql, rows)).await;
        }
        while rows.peek().is_some() {
            let mut args = self.args();
            let mut count = 0_usize;
            for row in rows.by_ref().take(rows_per_insert) {
                for number in row.numbers {
                    args.int(number);
                }
                args.owned_bytes(row.bytes);
                count = count.saturating_add(1);
            }
            let values = value_rows(count, N.saturating_add(1));
            let sql = format!("INSERT OR FAIL INTO {table} ({columns}) VALUES {values}");
            self.execute(doing, &sql, args).await?;
        }
        Ok(())
    }
}

/// Copies rows into a table of PostgreSQL.
async fn copy_in<const N: usize>(
    db: &mut PgConnection,
    sql: &str,
    rows: impl Iterator<Item = Blob<N>>,
) -> Result<(), sqlx::Error> {
    let mut copy = db.copy_in_raw(sql).await?;
    let mut bytes = COPY_HEADER.to_vec();
    for row in rows {
        row.copy(&mut bytes);
        if bytes.len() >= COPY_BYTES {
            copy.send(std::mem::take(&mut bytes)).await?;
        }
    }
    bytes.extend_from_slice(&COPY_TRAILER);
    copy.send(bytes).await?;
    copy.finish().await.map(drop)
}
