//! The errors of e-Financing: of the service (`errorCode`, `errorMessage`), or of the gateway in
//! front of it (`error`, `message`).

use serde_json::Value;

use super::{ListedError, text_of};

/// Characters of a code; the longest documented one has 24.
const CODE_CHARS_MAX: usize = 100;

/// Characters of a message.
const LABEL_CHARS_MAX: usize = 1_000;

/// The complaint of a body; none where it has another form.
pub fn errors(body: &Value) -> Vec<ListedError> {
    let first = |keys: [&str; 2], chars_max| {
        let texts = keys.map(|key| text_of(body.get(key), chars_max));
        let found = texts.into_iter().find(|text| !text.is_empty());
        found.unwrap_or_default()
    };
    let error = ListedError {
        field: String::new(),
        code: first(["errorCode", "error"], CODE_CHARS_MAX),
        label: first(["errorMessage", "message"], LABEL_CHARS_MAX),
    };
    let is_one = error != ListedError::default();
    is_one.then_some(error).into_iter().collect()
}

/// True for a list that is there and empty: the order that was asked for is not known.
pub fn is_empty_list(body: &Value) -> bool {
    let is_none = |value: Option<&Value>| value.and_then(Value::as_u64) == Some(0);
    let items = body.get("subscriptions").and_then(Value::as_array);
    is_none(body.get("totalItemCount")) && items.is_some_and(Vec::is_empty)
}
