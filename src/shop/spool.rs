//! Rows as NDJSON, in the order and with the names that the query gives them.
//!
//! The same rows are the same bytes, so a night without a change is a file that is known already.

use std::io::Write;

use super::Problem;

/// Bytes of a mebibyte.
const MIB: u64 = 1024 * 1024;

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// None.
    Null,
    /// A text, also of what has no type of its own in JSON.
    Text(String),
    /// The digits of a number; what is no plain decimal is written as text.
    Number(String),
    /// A truth value.
    Truth(bool),
}

/// Where rows are written.
pub(super) struct Spool<'w> {
    to: &'w mut dyn Write,
    /// The names as JSON, each with the colon behind it.
    keys: Vec<Vec<u8>>,
    line: Vec<u8>,
    rows: u64,
    bytes: u64,
    bytes_max: u64,
}

impl<'w> Spool<'w> {
    pub(super) fn new(to: &'w mut dyn Write, bytes_max: u64) -> Self {
        Self {
            to,
            keys: Vec::new(),
            line: Vec::new(),
            rows: 0,
            bytes: 0,
            bytes_max,
        }
    }

    /// Takes the names of the columns, before the first row.
    pub(super) fn columns(&mut self, names: &[String]) -> Result<(), Problem> {
        for name in names {
            let mut key = Vec::new();
            write_text(name, &mut key)?;
            key.push(b':');
            self.keys.push(key);
        }
        Ok(())
    }

    /// Rows written.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes a row; `value` tells what stands in a column.
    pub(super) fn row(
        &mut self,
        value: impl Fn(usize) -> Result<Value, Problem>,
    ) -> Result<(), Problem> {
        self.line.clear();
        for (column, key) in self.keys.iter().enumerate() {
            self.line.push(if column == 0 { b'{' } else { b',' });
            self.line.extend_from_slice(key);
            write_value(&value(column)?, &mut self.line)?;
        }
        self.line.extend_from_slice(b"}\n");
        let size = u64::try_from(self.line.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(size);
        if self.bytes > self.bytes_max {
            return Err(Problem::TooLarge {
                mib: self.bytes_max.div_ceil(MIB),
            });
        }
        self.rows = self.rows.saturating_add(1);
        Ok(self.to.write_all(&self.line)?)
    }

    /// Ends the file; returns how many rows it has.
    pub(super) fn finish(self) -> Result<u64, Problem> {
        self.to.flush()?;
        Ok(self.rows)
    }
}

fn write_value(value: &Value, to: &mut Vec<u8>) -> Result<(), Problem> {
    match value {
        Value::Null => to.extend_from_slice(b"null"),
        Value::Truth(true) => to.extend_from_slice(b"true"),
        Value::Truth(false) => to.extend_from_slice(b"false"),
        Value::Number(digits) if is_plain_decimal(digits) => {
            to.extend_from_slice(digits.as_bytes());
        }
        Value::Number(text) | Value::Text(text) => write_text(text, to)?,
    }
    Ok(())
}

fn write_text(text: &str, to: &mut Vec<u8>) -> Result<(), Problem> {
    serde_json::to_writer(to, text).map_err(|error| Problem::Spool(error.into()))
}

/// True for what JSON and every reader call a number: no exponent, no infinity, no leading zero.
fn is_plain_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = match digits.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && decimals.is_none_or(all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_objects_whose_numbers_keep_their_digits() {
        let mut written = Vec::new();
        let mut spool = Spool::new(&mut written, 1_000);
        let names = ["a", "say \"b\"", "c", "d"].map(str::to_owned);
        spool.columns(&names).unwrap();
        let values = [
            Value::Number("12345678901234567.1000".to_owned()),
            Value::Text("x\ny\u{1}é".to_owned()),
            Value::Null,
            Value::Truth(true),
        ];
        spool.row(|column| Ok(values[column].clone())).unwrap();
        assert_eq!(spool.finish().unwrap(), 1);
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "{\"a\":12345678901234567.1000,\"say \\\"b\\\"\":\"x\\ny\\u0001é\",\"c\":null,\
             \"d\":true}\n"
        );
    }

    #[test]
    fn what_is_no_plain_decimal_is_written_as_text() {
        for plain in ["0", "-1", "0.50", "100.00"] {
            assert!(is_plain_decimal(plain), "{plain}");
        }
        for other in [
            "", "-", ".5", "5.", "1e3", "NaN", "Infinity", "007", "1 000",
        ] {
            assert!(!is_plain_decimal(other), "{other}");
        }
    }

    #[test]
    fn a_result_over_the_limit_is_not_written_to_its_end() {
        let mut written = Vec::new();
        let mut spool = Spool::new(&mut written, 20);
        spool.columns(&["a".to_owned()]).unwrap();
        let row = |spool: &mut Spool<'_>| spool.row(|_| Ok(Value::Number("1".to_owned())));
        assert!(row(&mut spool).is_ok() && row(&mut spool).is_ok());
        let error = row(&mut spool).unwrap_err();
        assert!(error.to_string().contains("more than 1 MiB"), "{error}");
        assert_eq!(written, b"{\"a\":1}\n{\"a\":1}\n");
    }
}
