//! SQLite: a file opened for reading only, and its values as text.
//!
//! SQLite has no decimals: 19.99 in a NUMERIC column is kept as a binary approximation. Like every
//! tool of SQLite, this one takes the digits as SQLite writes them (15 significant ones, more than
//! any amount that is taken has), so it is the number that was typed.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteRow};
use sqlx::{
    AssertSqlSafe, Column as _, ConnectOptions, Executor, Row, SqlSafeStr, Statement as _,
    TypeInfo, ValueRef,
};

use super::spool::{Spool, Value};
use super::statement::{Dialect, statement};
use super::{
    Column, Exactness, Problem, Question, check_columns, close, connected, prepared, since_values,
    write_rows,
};

/// How long a shop that is writing may keep us waiting.
const BUSY: Duration = Duration::from_secs(30);

/// Asks a question; without a spool only whether it could be asked.
pub(super) async fn ask(
    question: &Question<'_>,
    path: &Path,
    spool: Option<&mut Spool<'_>>,
) -> Result<usize, Problem> {
    let statement = statement(question.query, Dialect::Sqlite)?;
    if !path.is_file() {
        return Err(Problem::NotReached {
            reason: "there is no such file".to_owned(),
        });
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .pragma("query_only", "1")
        .disable_statement_logging();
    let mut db = connected(options.connect(), question.waits).await?;
    let sql = || AssertSqlSafe(statement.sql.as_str()).into_sql_str();
    let looked_at = prepared((&mut db).prepare(sql()), question.waits).await?;
    let name = |column: &sqlx::sqlite::SqliteColumn| Column {
        name: column.name().to_owned(),
        type_name: column.type_info().name().to_owned(),
    };
    let columns: Vec<Column> = looked_at.columns().iter().map(name).collect();
    // Types are of values here, not of columns.
    let names = check_columns(question, &columns, |_| Exactness::Exact)?;
    if let Some(spool) = spool {
        spool.columns(&names)?;
        let values: SqliteArguments = since_values(question, statement.values)?;
        let rows = sqlx::query_with(sql(), values).fetch(&mut db);
        write_rows(rows, value, spool, question.waits).await?;
    }
    close(db, question.waits).await;
    Ok(names.len())
}

/// The value in a column.
fn value(row: &SqliteRow, column: usize) -> Result<Value, sqlx::Error> {
    let type_name = {
        let raw = row.try_get_raw(column)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        raw.type_info().name().to_owned()
    };
    // SQLite says every value but a BLOB as text.
    let text = || row.try_get_unchecked::<String, _>(column);
    Ok(match type_name.as_str() {
        "INTEGER" => Value::Number(row.try_get_unchecked::<i64, _>(column)?.to_string()),
        "REAL" => Value::Number(text()?),
        "BLOB" => Value::Text("a BLOB, which is no text".to_owned()),
        _ => Value::Text(text()?),
    })
}
