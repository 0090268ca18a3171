//! The three databases, as far as a test without a server reaches.

use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::*;
use crate::domain::waits::Waits;

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// A shop's database in a file.
struct Shop {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Shop {
    fn with(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        wait(async {
            let options = SqliteConnectOptions::new().filename(&path);
            let mut db = options.create_if_missing(true).connect().await.unwrap();
            let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await;
            done.unwrap();
            db.close().await.unwrap();
        });
        Self {
            _folder: folder,
            path,
        }
    }

    fn give(&self, query: &str) -> Result<String, String> {
        give(&Address::Sqlite(self.path.clone()), query)
    }
}

fn give(address: &Address, query: &str) -> Result<String, String> {
    let since = Since::beginning();
    let question = Question {
        address,
        shown: "the shop",
        query,
        since: &since,
        zone: chrono_tz::Europe::Paris,
        waits: Waits::default(),
        accepts: &|_| Ok(()),
    };
    let mut written = Vec::new();
    match wait(import(&question, 1024 * 1024, &mut written)) {
        Ok(_rows) => Ok(String::from_utf8(written).unwrap()),
        Err(error) => Err(error.to_string()),
    }
}

#[track_caller]
fn assert_refused(given: Result<String, String>, says: &str) {
    let error = given.unwrap_err();
    assert!(error.contains(says), "«{says}» in «{error}»");
}

#[test]
fn values_of_sqlite_keep_the_digits_that_were_typed() {
    let shop = Shop::with(
        "CREATE TABLE o (a DECIMAL(10,2), b TEXT, c INTEGER, d BLOB);
         INSERT INTO o VALUES ('19.99', '12.50', -7, x'FF'), (9999999999999.99, NULL, 1, NULL),
         (100, '', 9223372036854775807, NULL)",
    );
    assert_eq!(
        shop.give("SELECT * FROM o").unwrap(),
        "{\"a\":19.99,\"b\":\"12.50\",\"c\":-7,\"d\":\"a BLOB, which is no text\"}\n\
         {\"a\":9999999999999.99,\"b\":null,\"c\":1,\"d\":null}\n\
         {\"a\":100,\"b\":\"\",\"c\":9223372036854775807,\"d\":null}\n"
    );
}

#[test]
fn since_is_bound_wherever_it_stands() {
    let shop = Shop::with(
        "CREATE TABLE o (a, at); INSERT INTO o VALUES (1, '1969-12-31 23:59:59'), \
         (2, '2026-11-20 01:00:00')",
    );
    let query = "SELECT a, ':since' AS b FROM o WHERE at > :since AND at >= :since";
    assert_eq!(shop.give(query).unwrap(), "{\"a\":2,\"b\":\":since\"}\n");
}

#[test]
fn a_query_that_writes_fails_and_changes_nothing() {
    let shop = Shop::with("CREATE TABLE o (a); INSERT INTO o VALUES (1)");
    assert_refused(shop.give("DELETE FROM o RETURNING a"), "readonly database");
    assert_refused(shop.give("DELETE FROM o"), "gives no columns");
    assert_refused(
        shop.give("SELECT 1 AS a; DELETE FROM o"),
        "more than one statement",
    );
    assert_eq!(shop.give("SELECT a FROM o").unwrap(), "{\"a\":1}\n");
}

#[test]
fn what_is_wrong_with_a_query_is_said_with_what_to_do() {
    let shop = Shop::with("CREATE TABLE o (a)");
    assert_refused(
        shop.give("SELECT a FROM p"),
        "cannot be imported from the shop: it does not take the query (no such table: p); correct \
         `query`",
    );
    assert_refused(shop.give("SELECT a, a FROM o"), "the column a twice");
    assert_refused(shop.give("SELECT :until AS a"), "parameter :until");
    let question = |address: &Address| give(address, "SELECT 1 AS a");
    let absent = Address::Sqlite(shop.path.with_file_name("none.db"));
    assert_refused(
        question(&absent),
        "cannot be reached (there is no such file)",
    );
}

#[test]
fn a_server_that_is_not_there_is_said_without_the_password() {
    for address in [
        Address::Postgres("postgres://shop:s3cret@127.0.0.1:1/shop".to_owned()),
        Address::Mysql("mysql://shop:s3cret@127.0.0.1:1/shop".to_owned()),
        Address::Postgres("postgres://shop:s3cret@127.0.0.1:port/shop".to_owned()),
        Address::Mysql("mysql://shop:s3cret@".to_owned()),
    ] {
        let error = give(&address, "SELECT 1 AS a").unwrap_err();
        assert!(!error.contains("s3cret"), "{error}");
        assert!(error.contains("; c"), "it says what to do: {error}");
        assert!(!format!("{address:?}").contains("s3cret"));
    }
}

#[test]
fn columns_that_nobody_expects_are_refused_before_a_row_is_asked_for() {
    let shop = Shop::with("CREATE TABLE o (a)");
    let address = Address::Sqlite(shop.path.clone());
    let since = Since::beginning();
    let question = Question {
        address: &address,
        shown: "the shop",
        query: "SELECT a AS b FROM o",
        since: &since,
        zone: chrono_tz::Europe::Paris,
        waits: Waits::default(),
        accepts: &|names| Err(format!("gives {}", names.join(", "))),
    };
    let error = wait(check(&question)).unwrap_err().to_string();
    assert_eq!(error, "cannot be imported from the shop: its query gives b");
}
