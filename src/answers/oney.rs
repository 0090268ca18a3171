//! Oney's purchase status, and its errors in all the forms that they were seen in.
//!
//! Documented are a purchase with its status, and an `error_list` of objects with an inner
//! `error`. Seen besides: the whole wrapped in `Payments_Error_Response`, the key `error_list `
//! with a blank at its end, entries without the inner object, the gateway's own errors, and bodies
//! that are empty or HTML.
//!
//! Sources: Oney, "Get status" and "Error Handling"; public clients.

use serde_json::{Map, Value};

use super::{ListedError, json, one_line, text_of};

/// How deep one wrapper may lie in another.
const WRAPPERS_MAX: usize = 3;

/// The name under which errors were seen once more wrapped.
const ERRORS_WRAPPER: &str = "Payments_Error_Response";

/// Errors of one answer that are kept.
const ERRORS_MAX: usize = 50;

/// Characters of a field's name, documented.
const FIELD_CHARS_MAX: usize = 100;

/// Characters of a code, with some room: 10 are documented.
const CODE_CHARS_MAX: usize = 40;

/// Characters of a label, documented.
const LABEL_CHARS_MAX: usize = 1_000;

/// Characters of a status.
const STATUS_CHARS_MAX: usize = 60;

/// Characters of a body that nobody can read.
const EXCERPT_CHARS_MAX: usize = 200;

/// The code with which the status service says that it has no file for a reference.
pub const NO_FILE: &str = "ERR_09";

/// What an answer's body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A purchase with its status.
    Purchase(Purchase),
    /// Errors, at least one.
    Errors(Vec<ListedError>),
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

/// Reads a body.
pub fn read(body: &str) -> Answer {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => from_json(&value),
        Err(_unquoted) => unreadable(body),
    }
}

/// Reads a body that is JSON already; a text that holds JSON is taken as that.
pub fn from_json(value: &Value) -> Answer {
    if let Value::String(text) = value {
        return match serde_json::from_str::<Value>(text) {
            Ok(inner @ Value::Object(_)) => from_json(&inner),
            _ => unreadable(text),
        };
    }
    if let Some(purchase) = purchase(value) {
        return Answer::Purchase(purchase);
    }
    match errors(value) {
        errors if errors.is_empty() => unreadable(&described(value)),
        errors => Answer::Errors(errors),
    }
}

fn unreadable(text: &str) -> Answer {
    Answer::Unreadable(one_line(text, EXCERPT_CHARS_MAX))
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

/// The first of some keys that says something.
fn text_under(object: &Map<String, Value>, names: &[&str], chars_max: usize) -> String {
    let texts = names
        .iter()
        .map(|name| text_of(member(object, name), chars_max));
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// An object and what lies in its wrappers: an object of one name, whichever, or Oney's own.
fn layers(value: &Value) -> Vec<&Map<String, Value>> {
    let mut layers: Vec<&Map<String, Value>> = value.as_object().into_iter().collect();
    let mut at = 0;
    while let Some(layer) = layers.get(at).copied() {
        at = at.saturating_add(1);
        let is_wrapper = |name: &str| layer.len() == 1 || name.trim() == ERRORS_WRAPPER;
        let inner = layer.iter().filter(|(name, _)| is_wrapper(name));
        if at <= WRAPPERS_MAX {
            layers.extend(inner.filter_map(|(_, value)| value.as_object()));
        }
    }
    layers
}

fn purchase(value: &Value) -> Option<Purchase> {
    let purchase = layers(value)
        .into_iter()
        .find_map(|layer| member(layer, "purchase")?.as_object())?;
    let status_code = text_under(purchase, &["status_code"], STATUS_CHARS_MAX);
    if status_code.is_empty() {
        return None;
    }
    let payment = member(purchase, "payment").and_then(Value::as_object);
    let amount = payment.and_then(|payment| json::text(member(payment, "payment_amount")));
    Some(Purchase {
        status_code,
        sub_status_code: text_under(purchase, &["sub_status_code"], STATUS_CHARS_MAX),
        payment_amount: amount.map(|digits| json::plain_decimal(&digits)),
    })
}

/// The errors of an answer in the order in which it lists them; none where it has another form.
pub fn errors(value: &Value) -> Vec<ListedError> {
    if let Value::Array(entries) = value {
        return entries.iter().filter_map(entry).take(ERRORS_MAX).collect();
    }
    let layers = layers(value);
    let list = layers
        .iter()
        .find_map(|layer| member(layer, "error_list").or_else(|| member(layer, "errors")));
    let listed: Vec<&Value> = match list {
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(entry @ Value::Object(_)) => vec![entry],
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
            Vec::new()
        }
    };
    let known: Vec<ListedError> = listed
        .into_iter()
        .filter_map(entry)
        .take(ERRORS_MAX)
        .collect();
    if !known.is_empty() {
        return known;
    }
    // The gateway in front of the service lists nothing: the whole is its error.
    let of_gateway = layers.into_iter().find_map(|layer| {
        let error = error_in(layer)?;
        (!error.code.is_empty() || !error.label.is_empty()).then_some(error)
    });
    of_gateway.into_iter().collect()
}

/// An entry of the list, with the inner `error` or without.
fn entry(value: &Value) -> Option<ListedError> {
    let object = value.as_object()?;
    let inner = member(object, "error").and_then(Value::as_object);
    error_in(inner.unwrap_or(object))
}

fn error_in(object: &Map<String, Value>) -> Option<ListedError> {
    let code = ["error_code", "errorCode", "code", "statusCode"];
    let label = ["error_label", "errorMessage", "message", "label"];
    let error = ListedError {
        field: text_under(object, &["field"], FIELD_CHARS_MAX),
        code: text_under(object, &code, CODE_CHARS_MAX),
        label: text_under(object, &label, LABEL_CHARS_MAX),
    };
    (error != ListedError::default()).then_some(error)
}

/// True where one of the errors says that there is no file for the reference.
pub fn has_no_file(errors: &[ListedError]) -> bool {
    errors.iter().any(|error| error.code == NO_FILE)
}
