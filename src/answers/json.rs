//! Values of JSON documents as the readers need them.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::domain::file::bounded;

/// Bytes of one value that a rejected row shows.
const SHOWN_BYTES_MAX: usize = 200;

/// The text of a scalar, trimmed; `None` for what is absent, null, empty or no scalar.
pub fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A number's digits as a plain decimal.
///
/// JSON allows `2.5E+2`, and some writers of exact decimals use it. Digits that 28 places cannot
/// hold stay as they are: they are no amount.
pub fn plain_decimal(digits: &str) -> String {
    without_exponent(digits).unwrap_or_else(|| digits.to_owned())
}

fn without_exponent(digits: &str) -> Option<String> {
    let (mantissa, exponent) = digits.split_once(['e', 'E'])?;
    let mantissa = Decimal::from_str_exact(mantissa).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let zeros = u32::try_from(exponent.max(0)).ok()?;
    let places = u32::try_from(exponent.min(0).checked_neg()?).ok()?;
    let raised = 10_i128
        .checked_pow(zeros)
        .and_then(|factor| mantissa.mantissa().checked_mul(factor))?;
    let scale = mantissa.scale().checked_add(places)?;
    let shifted = Decimal::try_from_i128_with_scale(raised, scale).ok()?;
    Some(shifted.to_string())
}

/// Some values of a row that was rejected, as JSON; what is not named stays out.
pub fn shown<'v>(values: impl IntoIterator<Item = (&'static str, Option<&'v Value>)>) -> String {
    let kept: Map<String, Value> = values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::String(scalar(value?)))))
        .collect();
    Value::Object(kept).to_string()
}

/// A value for an error: bounded, and without what is inside a list or an object.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => bounded(text, SHOWN_BYTES_MAX),
        Value::Array(_) => "(a list)".to_owned(),
        Value::Object(_) => "(an object)".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            bounded(&value.to_string(), SHOWN_BYTES_MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_written_out_exactly() {
        for (json, plain) in [
            ("899.0", "899.0"),
            ("2.5E+2", "250.0"),
            ("2.505e2", "250.500"),
            ("25000E-2", "250.00"),
            ("-1E3", "-1000"),
            ("1E999999999999", "1E999999999999"),
            ("1E-2147483648", "1E-2147483648"),
            (
                "1.00000000000000000000000000001E0",
                "1.00000000000000000000000000001E0",
            ),
        ] {
            assert_eq!(plain_decimal(json), plain);
        }
    }

    #[test]
    fn an_error_shows_no_inside_of_objects() {
        let value: Value = serde_json::from_str(r#"{"a":{"name":"Max"},"b":["Max"],"c":1.50}"#)
            .expect("it is JSON");
        let all = ["a", "b", "c", "d"].map(|name| (name, value.get(name)));
        assert_eq!(
            shown(all),
            r#"{"a":"(an object)","b":"(a list)","c":"1.50"}"#
        );
    }
}
