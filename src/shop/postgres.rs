//! PostgreSQL: a read-only transaction, and its binary values as text.
//!
//! Amounts and times are read from the bytes of the wire: `numeric` has more digits than any
//! decimal type of this program, and `infinity` is a time that no calendar has.

use chrono::{DateTime, NaiveDate, TimeDelta};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgRow, PgTypeInfo, PgTypeKind, PgValueFormat};
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

/// Seconds from 1970 to 2000, where PostgreSQL's times begin.
const EPOCH_SECONDS: i64 = 946_684_800;

/// Asks a question; without a spool only whether it could be asked.
pub(super) async fn ask(
    question: &Question<'_>,
    url: &str,
    spool: Option<&mut Spool<'_>>,
) -> Result<usize, Problem> {
    let statement = statement(question.query, Dialect::Postgres)?;
    let options: PgConnectOptions = url
        .parse()
        .map_err(|error: sqlx::Error| Problem::of_connecting(&error))?;
    let options = options
        .application_name("crp-recon")
        .disable_statement_logging();
    let mut db = connected(options.connect(), question.waits).await?;
    let zone = format!("SET LOCAL TIME ZONE '{}'", question.zone.name());
    let waits = question.waits;
    let patience = format!(
        "SET LOCAL statement_timeout = '{}s'; SET LOCAL lock_timeout = '{}s'",
        waits.statement, waits.lock
    );
    for begin in ["BEGIN TRANSACTION READ ONLY", &zone, &patience] {
        prepared(sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut db), waits).await?;
    }
    let sql = || AssertSqlSafe(statement.sql.as_str()).into_sql_str();
    let looked_at = prepared(db.prepare(sql()), question.waits).await?;
    let columns: Vec<Column> = looked_at.columns().iter().map(column).collect();
    let names = check_columns(question, &columns, exactness)?;
    if let Some(spool) = spool {
        spool.columns(&names)?;
        let values: PgArguments = since_values(question, statement.values)?;
        let rows = sqlx::query_with(sql(), values).fetch(&mut db);
        write_rows(rows, value, spool, question.waits).await?;
    }
    close(db, question.waits).await;
    Ok(names.len())
}

fn column(column: &sqlx::postgres::PgColumn) -> Column {
    let type_info = column.type_info();
    // An enum is written as its word, whatever its type is called.
    let is_enum = matches!(type_info.kind(), PgTypeKind::Enum(_));
    let type_name = if is_enum { "TEXT" } else { type_info.name() };
    Column {
        name: column.name().to_owned(),
        type_name: type_name.to_owned(),
    }
}

fn exactness(type_name: &str) -> Exactness {
    match type_name {
        "FLOAT4" | "FLOAT8" => Exactness::Float,
        "BOOL" | "INT2" | "INT4" | "INT8" | "NUMERIC" | "TEXT" | "VARCHAR" | "CHAR" | "NAME"
        | "UNKNOWN" | "citext" | "UUID" | "DATE" | "TIMESTAMP" | "TIMESTAMPTZ" => Exactness::Exact,
        _ => Exactness::Unknown,
    }
}

/// The value in a column.
fn value(row: &PgRow, column: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(column)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let decode = |error| sqlx::Error::ColumnDecode {
        index: row.column(column).name().to_owned(),
        source: error,
    };
    let type_info = raw.type_info().into_owned();
    let is_binary = raw.format() == PgValueFormat::Binary;
    let bytes = raw.as_bytes().map_err(decode)?;
    let value = if is_binary {
        of_binary(&type_info, bytes)
    } else {
        std::str::from_utf8(bytes)
            .ok()
            .map(|text| Value::Text(text.to_owned()))
    };
    value.ok_or_else(|| decode("the server sent a value that does not fit its type".into()))
}

fn of_binary(type_info: &PgTypeInfo, bytes: &[u8]) -> Option<Value> {
    Some(match type_info.name() {
        "BOOL" => Value::Truth(bytes.first()? != &0),
        "INT2" => Value::Number(i16::from_be_bytes(bytes.try_into().ok()?).to_string()),
        "INT4" => Value::Number(i32::from_be_bytes(bytes.try_into().ok()?).to_string()),
        "INT8" => Value::Number(i64::from_be_bytes(bytes.try_into().ok()?).to_string()),
        "NUMERIC" => Value::Number(numeric(bytes)?),
        "UUID" => Value::Text(uuid(bytes)?),
        "DATE" => Value::Text(date(i32::from_be_bytes(bytes.try_into().ok()?))),
        "TIMESTAMP" => Value::Text(time(i64::from_be_bytes(bytes.try_into().ok()?), "")),
        "TIMESTAMPTZ" => Value::Text(time(i64::from_be_bytes(bytes.try_into().ok()?), "Z")),
        _ => Value::Text(std::str::from_utf8(bytes).ok()?.to_owned()),
    })
}

/// `numeric`: groups of four digits, the first one worth 10000^weight, and how many decimals show.
fn numeric(bytes: &[u8]) -> Option<String> {
    let mut words = bytes
        .chunks(2)
        .map(|word| word.try_into().ok().map(u16::from_be_bytes));
    let mut word = || words.next().flatten();
    let (count, weight, sign, scale) = (word()?, word()?.cast_signed(), word()?, word()?);
    let negative = match sign {
        0x0000 => false,
        0x4000 => true,
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => return None,
    };
    let groups: Vec<u16> = (0..count).map(|_| word()).collect::<Option<_>>()?;
    // The group that is worth 10000^power.
    let group = |power: i32| {
        let at = usize::try_from(i32::from(weight).checked_sub(power)?).ok()?;
        groups.get(at).copied()
    };
    let four = |power: i32| format!("{:04}", group(power).unwrap_or(0));
    let whole: String = (0..=i32::from(weight).max(0)).rev().map(four).collect();
    let whole = whole.trim_start_matches('0');
    let scale = usize::from(scale);
    let decimals: String = (1..=scale.div_ceil(4))
        .map(|place| four(i32::try_from(place).unwrap_or(i32::MAX).saturating_neg()))
        .collect();
    let decimals = decimals.get(..scale)?;
    let sign = if negative { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if scale == 0 { "" } else { "." };
    Some(format!("{sign}{whole}{dot}{decimals}"))
}

fn uuid(bytes: &[u8]) -> Option<String> {
    let bytes: [u8; 16] = bytes.try_into().ok()?;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16)?);
        }
    }
    Some(text)
}

/// Days since 2000.
fn date(days: i32) -> String {
    let first = NaiveDate::from_ymd_opt(2000, 1, 1);
    let day =
        first.and_then(|first| first.checked_add_signed(TimeDelta::try_days(i64::from(days))?));
    day.map_or_else(|| infinite(days < 0), |day| day.to_string())
}

/// Microseconds since 2000.
fn time(micros: i64, zone: &str) -> String {
    let seconds = micros.div_euclid(1_000_000).checked_add(EPOCH_SECONDS);
    let nanos = u32::try_from(micros.rem_euclid(1_000_000))
        .ok()
        .and_then(|micros| micros.checked_mul(1_000));
    let time = seconds
        .zip(nanos)
        .and_then(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos));
    match time {
        Some(time) => format!("{}{zone}", time.format("%Y-%m-%dT%H:%M:%S%.f")),
        None => infinite(micros < 0),
    }
}

fn infinite(past: bool) -> String {
    let sign = if past { "-" } else { "" };
    format!("{sign}infinity")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The wire form, as `numeric_send` of PostgreSQL writes it.
    fn sent(weight: i16, sign: u16, scale: u16, groups: &[u16]) -> String {
        let count = u16::try_from(groups.len()).unwrap();
        let mut bytes = Vec::new();
        for word in [count, weight.cast_unsigned(), sign, scale] {
            bytes.extend(word.to_be_bytes());
        }
        for group in groups {
            bytes.extend(group.to_be_bytes());
        }
        numeric(&bytes).unwrap()
    }

    #[test]
    fn a_numeric_keeps_all_its_digits() {
        for (found, expected) in [
            (sent(0, 0, 2, &[12, 5000]), "12.50"),
            (sent(1, 0, 2, &[1, 2345, 6700]), "12345.67"),
            (sent(-1, 0x4000, 4, &[1]), "-0.0001"),
            (sent(-2, 0, 6, &[100]), "0.000001"),
            (sent(1, 0, 0, &[1]), "10000"),
            (sent(0, 0, 2, &[]), "0.00"),
            (sent(0, 0, 0, &[]), "0"),
            (
                sent(3, 0, 1, &[9999, 9999, 9999, 9999, 9000]),
                "9999999999999999.9",
            ),
            (sent(0, 0xC000, 0, &[]), "NaN"),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_broken_numeric_is_no_number() {
        for bytes in [
            &b""[..],
            &[0, 1],
            &[0, 1, 0, 0, 0, 0, 0, 0],
            &[0, 0, 0, 0, 1, 1, 0, 0],
        ] {
            assert_eq!(numeric(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn days_and_times_begin_in_2000() {
        assert_eq!(date(0), "2000-01-01");
        assert_eq!(date(9_820), "2026-11-20");
        assert_eq!(time(0, "Z"), "2000-01-01T00:00:00Z");
        assert_eq!(time(-500_000, ""), "1999-12-31T23:59:59.500");
        assert_eq!(
            (date(i32::MAX), date(i32::MIN)),
            ("infinity".into(), "-infinity".into())
        );
        assert_eq!(time(i64::MAX, "Z"), "infinity");
        assert_eq!(time(i64::MIN, ""), "-infinity");
    }

    #[test]
    fn a_uuid_is_written_in_groups() {
        let bytes: Vec<u8> = (0..16).map(|n| n * 17).collect();
        assert_eq!(
            uuid(&bytes).as_deref(),
            Some("00112233-4455-6677-8899-aabbccddeeff")
        );
        assert_eq!(uuid(b"short"), None);
    }
}
