//! Oney's complaints in all the forms that they were seen in (`facts: oney-api, error bodies`).

use serde_json::{Map, Value};

use crate::providers::ListedError;
use crate::providers::answer::text_of;

/// Characters of a field's name, documented.
const FIELD_CHARS_MAX: usize = 100;
/// Characters of a code, with some room: 10 are documented.
const CODE_CHARS_MAX: usize = 40;
/// Characters of a label, documented.
const LABEL_CHARS_MAX: usize = 1_000;
/// Complaints of one answer that are kept.
const ERRORS_MAX: usize = 50;

/// The complaints of a body; none where it has another form.
pub fn errors(body: &Value) -> Vec<ListedError> {
    if let Value::Array(items) = body {
        return items.iter().filter_map(one).take(ERRORS_MAX).collect();
    }
    let Value::Object(body) = body else {
        return Vec::new();
    };
    if let Some(list) = list(body) {
        return list.iter().filter_map(one).take(ERRORS_MAX).collect();
    }
    // The whole may be wrapped once: `Payments_Error_Response`.
    let wrapped = body.values().filter_map(Value::as_object).find_map(list);
    if let Some(list) = wrapped {
        return list.iter().filter_map(one).take(ERRORS_MAX).collect();
    }
    gateway(body).into_iter().collect()
}

/// The list, whose key was seen with a blank at its end.
fn list(body: &Map<String, Value>) -> Option<&Vec<Value>> {
    let is_list = |key: &str| {
        let key = key.trim().to_ascii_lowercase();
        key == "error_list" || key == "errors"
    };
    body.iter()
        .find(|(key, _)| is_list(key))
        .and_then(|(_, value)| value.as_array())
}

/// An entry of the list, with the inner `error` or without.
fn one(entry: &Value) -> Option<ListedError> {
    let entry = entry
        .get("error")
        .filter(|it| it.is_object())
        .unwrap_or(entry);
    let text = |key: &str, chars_max| text_of(entry.get(key), chars_max);
    let error = ListedError {
        field: text("field", FIELD_CHARS_MAX),
        code: text("error_code", CODE_CHARS_MAX),
        label: text("error_label", LABEL_CHARS_MAX),
    };
    (error != ListedError::default()).then_some(error)
}

/// What the gateway in front of the service says.
fn gateway(body: &Map<String, Value>) -> Option<ListedError> {
    let first = |keys: [&str; 3], chars_max| {
        let texts = keys.map(|key| text_of(body.get(key), chars_max));
        texts.into_iter().find(|text| !text.is_empty())
    };
    let code = first(["errorCode", "error_code", "statusCode"], CODE_CHARS_MAX);
    let label = first(["errorMessage", "error_label", "message"], LABEL_CHARS_MAX);
    if code.is_none() && label.is_none() {
        return None;
    }
    Some(ListedError {
        field: text_of(body.get("field"), FIELD_CHARS_MAX),
        code: code.unwrap_or_default(),
        label: label.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Vec<String> {
        let body = serde_json::from_str(body).unwrap();
        errors(&body).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_form_that_was_seen_is_read() {
        let documented = r#"{"language_code":"EN","error_list":[{"error":{
            "field":"purchase.external_reference_type","error_code":"ERR_02","error_label":"too long"}}]}"#;
        let expected = ["ERR_02, purchase.external_reference_type, too long"];
        assert_eq!(read(documented), expected);
        let trailing = documented.replace("error_list", "error_list ");
        assert_eq!(read(&trailing), expected);
        let wrapped = format!(r#"{{"Payments_Error_Response":{documented}}}"#);
        assert_eq!(read(&wrapped), expected);
        assert_eq!(
            read(
                r#"{"error_list":[{"error_code":"ERR_05","field":"reference"},
                {"error":{"error_code":"ERR_06"}},{"error":null},7]}"#
            ),
            ["ERR_05, reference", "ERR_06"]
        );
        assert_eq!(
            read(r#"{"statusCode":404,"message":"Resource not found"}"#),
            ["404, Resource not found"]
        );
        assert_eq!(
            read(r#"{"errorCode":"E1","errorMessage":"nope"}"#),
            ["E1, nope"]
        );
    }

    #[test]
    fn other_bodies_complain_of_nothing() {
        for body in ["null", "7", "\"x\"", "{}", "[]", r#"{"error_list":7}"#] {
            assert_eq!(read(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn a_flood_of_complaints_is_cut() {
        let many = vec![r#"{"error_code":"ERR_01"}"#; 5_000].join(",");
        assert_eq!(
            read(&format!(r#"{{"error_list":[{many}]}}"#)).len(),
            ERRORS_MAX
        );
        let long = format!(r#"[{{"error_label":"{}"}}]"#, "x".repeat(9_000));
        assert!(read(&long)[0].chars().count() <= LABEL_CHARS_MAX + 1);
    }
}
