//! Looks into a company's SQLite database from outside.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

/// Runs a future.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

async fn open(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    options.connect().await.unwrap()
}

/// Changes a database.
pub(crate) fn execute(path: &Path, sql: &str) {
    wait(async {
        let mut db = open(path).await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await;
        done.unwrap();
        db.close().await.unwrap();
    });
}

/// Changes the bytes of one blob, which has the row number `row`.
pub(crate) fn change_bytes(
    path: &Path,
    (table, column, row): (&str, &str, &str),
    change: impl FnOnce(&mut Vec<u8>),
) {
    wait(async {
        let mut db = open(path).await;
        let read = format!("SELECT {column} FROM {table} WHERE rowid = {row}");
        let blob = sqlx::query(AssertSqlSafe(read)).fetch_one(&mut db).await;
        let mut bytes: Vec<u8> = blob.unwrap().get(0);
        change(&mut bytes);
        let write = format!("UPDATE {table} SET {column} = ? WHERE rowid = {row}");
        let done = sqlx::query(AssertSqlSafe(write))
            .bind(bytes)
            .execute(&mut db)
            .await;
        done.unwrap();
        db.close().await.unwrap();
    });
}

/// The first column of a query, as text.
pub(crate) fn ask(path: &Path, sql: &str) -> Vec<String> {
    wait(async {
        let mut db = open(path).await;
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut db).await;
        let text = |row: &sqlx::sqlite::SqliteRow| row.get::<String, _>(0);
        let answer = rows.unwrap().iter().map(text).collect();
        db.close().await.unwrap();
        answer
    })
}

/// Asserts that a database is whole.
pub(crate) fn is_whole(path: &Path) {
    assert_eq!(
        ask(path, "PRAGMA integrity_check"),
        ["ok"],
        "{}",
        path.display()
    );
}
