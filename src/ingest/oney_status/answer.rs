//! What Oney's payment API answers, read leniently: pure functions from bytes to meaning.
//!
//! Documented are a purchase with its status, and an `error_list` of objects with an inner
//! `error`. Seen besides: the whole wrapped in `Payments_Error_Response`, the key `error_list `
//! with a blank at its end, entries without the inner object, the gateway's own errors, and bodies
//! that are empty or HTML. The same code means different things in different services, so nothing
//! is concluded from a code here.

use serde_json::{Map, Value};

use crate::domain::file::bounded;
use crate::ingest::provider_events::json;

/// How deep one wrapper may lie in another.
const WRAPPERS_MAX: usize = 3;

/// Errors of one answer that are kept.
const ERRORS_MAX: usize = 100;

/// Bytes of a field's name; 100 characters are documented.
const FIELD_BYTES_MAX: usize = 200;

/// Bytes of a code; 10 characters are documented.
const CODE_BYTES_MAX: usize = 40;

/// Bytes of a label; 1,000 characters are documented.
const LABEL_BYTES_MAX: usize = 4_000;

/// Bytes of a body that nobody can read.
const EXCERPT_BYTES_MAX: usize = 200;

/// What an answer's body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A purchase with its status.
    Purchase(Purchase),
    /// Errors, at least one.
    Errors(Vec<AnswerError>),
    /// Nothing that is known: its first characters, may be empty.
    Unreadable(String),
}

/// A purchase as the status service tells it. Texts are trimmed, amounts not yet read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purchase {
    /// Oney's word for the status.
    pub status_code: String,
    /// Oney's word for the step within it, may be empty.
    pub sub_status_code: String,
    /// The digits of the amount as a plain decimal in major units, where it is told.
    pub payment_amount: Option<String>,
}

/// One error of an answer, of whichever shape; each part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerError {
    /// The field at fault.
    pub field: String,
    /// The code, for example `ERR_09`; with the gateway an HTTP code.
    pub code: String,
    /// What is wrong, in Oney's words.
    pub label: String,
}

impl std::fmt::Display for AnswerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [&self.code, &self.field, &self.label];
        let mut said = parts.into_iter().filter(|part| !part.is_empty());
        if let Some(first) = said.next() {
            f.write_str(first)?;
        }
        said.try_for_each(|part| write!(f, ": {part}"))
    }
}

/// Reads a body.
pub fn read(body: &[u8]) -> Answer {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => from_json(&value),
        Err(_unquoted) => unreadable(&String::from_utf8_lossy(body)),
    }
}

/// Reads a body that is JSON already; a text that holds JSON is taken as that.
pub fn from_json(value: &Value) -> Answer {
    let unwrapped = unwrapped(value);
    if let Value::String(text) = unwrapped {
        return match serde_json::from_str::<Value>(text) {
            Ok(inner @ Value::Object(_)) => from_json(&inner),
            _ => unreadable(text),
        };
    }
    if let Some(purchase) = purchase(unwrapped) {
        return Answer::Purchase(purchase);
    }
    match errors(unwrapped) {
        errors if errors.is_empty() => unreadable(&described(unwrapped)),
        errors => Answer::Errors(errors),
    }
}

fn unreadable(text: &str) -> Answer {
    let one_line: Vec<&str> = text.split_whitespace().take(EXCERPT_BYTES_MAX).collect();
    Answer::Unreadable(bounded(&one_line.join(" "), EXCERPT_BYTES_MAX))
}

/// The names in an object of no known shape: its values may be a customer's.
fn described(value: &Value) -> String {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let names: Vec<&str> = fields.keys().map(String::as_str).take(20).collect();
            format!("an object with {}", names.join(", "))
        }
        Value::Null => String::new(),
        Value::Object(_) => "an object without anything".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            json::scalar(value)
        }
    }
}

/// The value of a key, whatever its case and the blanks around it.
fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    object
        .iter()
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn text_of(object: &Map<String, Value>, names: &[&str], bytes_max: usize) -> String {
    let found = names
        .iter()
        .find_map(|name| json::text(member(object, name)));
    bounded(&found.unwrap_or_default(), bytes_max)
}

fn unwrapped(value: &Value) -> &Value {
    let mut value = value;
    for _ in 0..WRAPPERS_MAX {
        let inner = value
            .as_object()
            .and_then(|object| member(object, "Payments_Error_Response"));
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    value
}

fn purchase(value: &Value) -> Option<Purchase> {
    let purchase = member(value.as_object()?, "purchase")?.as_object()?;
    let status_code = text_of(purchase, &["status_code"], CODE_BYTES_MAX);
    if status_code.is_empty() {
        return None;
    }
    let payment = member(purchase, "payment").and_then(Value::as_object);
    let amount = payment.and_then(|payment| json::text(member(payment, "payment_amount")));
    Some(Purchase {
        status_code,
        sub_status_code: text_of(purchase, &["sub_status_code"], CODE_BYTES_MAX),
        payment_amount: amount.map(|digits| json::plain_decimal(&digits)),
    })
}

/// The errors of an answer in the order in which it lists them.
pub fn errors(value: &Value) -> Vec<AnswerError> {
    let Some(object) = unwrapped(value).as_object() else {
        return Vec::new();
    };
    let listed: Vec<&Value> = match member(object, "error_list") {
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(entry @ Value::Object(_)) => vec![entry],
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
            Vec::new()
        }
    };
    let known: Vec<AnswerError> = listed
        .into_iter()
        .filter_map(entry)
        .take(ERRORS_MAX)
        .collect();
    if known.is_empty() {
        entry(unwrapped(value)).into_iter().collect()
    } else {
        known
    }
}

/// One error, with or without an inner `error`, Oney's own or the gateway's.
fn entry(value: &Value) -> Option<AnswerError> {
    let object = value.as_object()?;
    let inner = member(object, "error").and_then(Value::as_object);
    let object = inner.unwrap_or(object);
    let code = ["error_code", "errorCode", "code", "statusCode"];
    let label = ["error_label", "errorMessage", "message", "label"];
    let error = AnswerError {
        field: text_of(object, &["field"], FIELD_BYTES_MAX),
        code: text_of(object, &code, CODE_BYTES_MAX),
        label: text_of(object, &label, LABEL_BYTES_MAX),
    };
    let says_something = !error.code.is_empty() || !error.label.is_empty();
    says_something.then_some(error)
}
