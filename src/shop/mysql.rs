//! MySQL and MariaDB: a read-only session, and their binary values as text.
//!
//! Days and times are read from the bytes of the wire, because shops write `0000-00-00` where they
//! mean none, which no calendar has.

use std::fmt::Write as _;

use chrono::{Offset, TimeZone, Utc};
use chrono_tz::Tz;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlRow};
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

/// A session in which nothing can be written, not even by a statement that ends transactions.
const READ_ONLY: [&str; 2] = [
    "SET SESSION TRANSACTION READ ONLY",
    "START TRANSACTION READ ONLY",
];

/// Asks a question; without a spool only whether it could be asked.
pub(super) async fn ask(
    question: &Question<'_>,
    url: &str,
    spool: Option<&mut Spool<'_>>,
) -> Result<usize, Problem> {
    let statement = statement(question.query, Dialect::Mysql)?;
    let options: MySqlConnectOptions = url
        .parse()
        .map_err(|error: sqlx::Error| Problem::of_connecting(&error))?;
    let offset = offset(question);
    // The query means what it means in the shop's own tools: no mode of ours.
    let options = options
        .timezone(offset.clone())
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .disable_statement_logging();
    let mut db = connected(options.connect(), question.waits).await?;
    let waits = question.waits;
    let patience = format!(
        "SET SESSION lock_wait_timeout = {0}, SESSION innodb_lock_wait_timeout = {0}",
        waits.lock
    );
    for begin in READ_ONLY.into_iter().chain([patience.as_str()]) {
        prepared(sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut db), waits).await?;
    }
    let sql = || AssertSqlSafe(statement.sql.as_str()).into_sql_str();
    let looked_at = prepared(db.prepare(sql()), question.waits).await?;
    let columns: Vec<Column> = looked_at.columns().iter().map(column).collect();
    let names = check_columns(question, &columns, exactness)?;
    if let Some(spool) = spool {
        spool.columns(&names)?;
        let values: MySqlArguments = since_values(question, statement.values)?;
        let rows = sqlx::query_with(sql(), values).fetch(&mut db);
        let value = |row: &MySqlRow, column| value(row, column, &offset);
        write_rows(rows, value, spool, waits).await?;
    }
    close(db, question.waits).await;
    Ok(names.len())
}

/// The session's zone as an offset, because servers seldom know the zones by name.
///
/// It is that of the time from which is asked, where there is one: `:since` is compared in it.
fn offset(question: &Question<'_>) -> String {
    offset_at(question.since.text(), question.zone)
}

fn offset_at(time: &str, zone: Tz) -> String {
    let time = chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S");
    let at = time.unwrap_or_else(|_| Utc.timestamp_nanos(0).naive_utc());
    let seconds = zone.offset_from_utc_datetime(&at).fix().local_minus_utc();
    let minutes = seconds.div_euclid(60);
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!(
        "{sign}{:02}:{:02}",
        minutes.div_euclid(60),
        minutes.rem_euclid(60)
    )
}

fn column(column: &sqlx::mysql::MySqlColumn) -> Column {
    Column {
        name: column.name().to_owned(),
        type_name: column.type_info().name().to_owned(),
    }
}

fn exactness(type_name: &str) -> Exactness {
    match type_name {
        "FLOAT" | "DOUBLE" => Exactness::Float,
        "TIME" | "BIT" | "GEOMETRY" => Exactness::Unknown,
        _ => Exactness::Exact,
    }
}

/// The value in a column.
fn value(row: &MySqlRow, column: usize, offset: &str) -> Result<Value, sqlx::Error> {
    let type_name = {
        let raw = row.try_get_raw(column)?;
        if raw.is_null() {
            return Ok(Value::Null);
        }
        raw.type_info().name().to_owned()
    };
    let bytes = || row.try_get_unchecked::<&[u8], _>(column);
    Ok(match type_name.as_str() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            Value::Number(row.try_get_unchecked::<i64, _>(column)?.to_string())
        }
        "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "MEDIUMINT UNSIGNED" | "INT UNSIGNED"
        | "BIGINT UNSIGNED" | "YEAR" => {
            Value::Number(row.try_get_unchecked::<u64, _>(column)?.to_string())
        }
        "DECIMAL" => Value::Number(text(bytes()?)),
        "DATE" | "DATETIME" => time(bytes()?).map_or(Value::Null, Value::Text),
        // An instant, in the session's zone.
        "TIMESTAMP" => time(bytes()?).map_or(Value::Null, |time| Value::Text(time + offset)),
        _ => Value::Text(text(bytes()?)),
    })
}

/// A text; bytes that are none are counted only.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(
        |_| format!("{} bytes that are no text", bytes.len()),
        str::to_owned,
    )
}

/// A day, or a day and a time, from its length, year (two bytes), month, day, hour, minute, second
/// and microseconds (four bytes), of which zeros at the end are left out; `None` for `0000-00-00`.
fn time(bytes: &[u8]) -> Option<String> {
    let (_length, parts) = bytes.split_first()?;
    let [y1, y2, month, day, clock @ ..] = parts else {
        return None;
    };
    let year = u16::from_le_bytes([*y1, *y2]);
    if (year, *month, *day) == (0, 0, 0) {
        return None;
    }
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if let [hour, minute, second, fraction @ ..] = clock {
        // Writing into a text cannot fail.
        write!(text, "T{hour:02}:{minute:02}:{second:02}").ok()?;
        if let Ok(micros) = <[u8; 4]>::try_from(fraction) {
            write!(text, ".{:06}", u32::from_le_bytes(micros)).ok()?;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_has_the_offset_of_the_time_from_which_is_asked() {
        for (time, zone, expected) in [
            ("2026-07-01 00:00:00", "Europe/Paris", "+02:00"),
            ("2026-11-20 00:00:00", "Europe/Paris", "+01:00"),
            ("2026-11-20 00:00:00", "America/New_York", "-05:00"),
            ("2026-11-20 00:00:00", "America/St_Johns", "-03:30"),
            ("1970-01-01 00:00:00", "Africa/Monrovia", "-00:45"),
        ] {
            assert_eq!(offset_at(time, zone.parse().unwrap()), expected, "{zone}");
        }
    }

    #[test]
    fn days_and_times_are_iso_and_the_day_zero_is_none() {
        let wire = |bytes: &[u8]| time(bytes);
        assert_eq!(
            wire(&[4, 0xEA, 0x07, 11, 20]).as_deref(),
            Some("2026-11-20")
        );
        assert_eq!(
            wire(&[7, 0xEA, 0x07, 11, 20, 18, 3, 9]).as_deref(),
            Some("2026-11-20T18:03:09")
        );
        assert_eq!(
            wire(&[11, 0xEA, 0x07, 11, 20, 18, 3, 9, 0x20, 0xA1, 0x07, 0]).as_deref(),
            Some("2026-11-20T18:03:09.500000")
        );
        for none in [
            &[0][..],
            &[],
            &[4, 0, 0, 0, 0],
            &[7, 0, 0, 0, 0, 1, 2, 3],
            &[2, 1],
        ] {
            assert_eq!(wire(none), None, "{none:?}");
        }
    }
}
