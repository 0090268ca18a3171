//! Every shape of body that providers and the gateways before them were seen to send.

use super::oney::{Answer, Purchase, errors, read};
use super::{ListedError, e_financing, listed, one_line};

fn error(field: &str, code: &str, label: &str) -> ListedError {
    ListedError {
        field: field.to_owned(),
        code: code.to_owned(),
        label: label.to_owned(),
    }
}

fn words(body: &str) -> Vec<String> {
    let body = serde_json::from_str(body).unwrap();
    errors(&body).iter().map(ToString::to_string).collect()
}

const DOCUMENTED: &str = r#"{"language_code":"EN","error_list":[{"error":{"field":"purchase.external_reference_type","error_code":"ERR_02","error_label":"too long"}}]}"#;

#[test]
fn error_lists_are_read_in_all_their_shapes() {
    let expected = Answer::Errors(vec![error(
        "purchase.external_reference_type",
        "ERR_02",
        "too long",
    )]);
    let flat = DOCUMENTED.replace("{\"error\":{", "{").replace("}}]", "}]");
    let (_, list) = flat.split_once("\"error_list\":").unwrap();
    for body in [
        DOCUMENTED.to_owned(),
        DOCUMENTED.replace("error_list", "error_list "),
        DOCUMENTED.replace("error_list", "errors"),
        flat.clone(),
        flat.replace(['[', ']'], ""),
        list.trim_end_matches('}').to_owned(),
        format!("{{\"Payments_Error_Response\":{DOCUMENTED}}}"),
        format!("{{\"Payments_Error_Response\":{flat}}}"),
        format!("\u{20}\r\n{DOCUMENTED}\n"),
        serde_json::to_string(DOCUMENTED).unwrap(),
    ] {
        assert_eq!(read(&body), expected, "{body}");
    }
}

#[test]
fn several_errors_keep_their_order() {
    let body = r#"{"error_list":[{"error":{"error_code":"ERR_03"}},"odd",{"error_code":"ERR_04","field":"x"},{},{"error":null},7]}"#;
    let expected = vec![error("", "ERR_03", ""), error("x", "ERR_04", "")];
    assert_eq!(listed(&expected, 5), "ERR_03; ERR_04, x");
    assert_eq!(listed(&expected, 1), "ERR_03; +1");
    assert_eq!(read(body), Answer::Errors(expected));
    assert_eq!(error("x", "ERR_04", "bad").to_string(), "ERR_04, x, bad");
    assert_eq!(error("", "", "bad").to_string(), "bad");
}

#[test]
fn the_gateway_has_errors_of_its_own() {
    let found = words(r#"{"statusCode":404,"message":"Resource not found"}"#);
    assert_eq!(found, ["404, Resource not found"]);
    let found = words(r#"{"errorCode":"E1","errorMessage":"no"}"#);
    assert_eq!(found, ["E1, no"]);
}

#[test]
fn other_bodies_complain_of_nothing() {
    for body in ["null", "7", "\"x\"", "{}", "[]", r#"{"error_list":7}"#] {
        assert_eq!(words(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn a_flood_of_complaints_is_cut() {
    let many = vec![r#"{"error_code":"ERR_01"}"#; 5_000].join(",");
    assert_eq!(words(&format!(r#"{{"error_list":[{many}]}}"#)).len(), 50);
    let long = format!(r#"[{{"error_label":"{}"}}]"#, "x".repeat(9_000));
    assert_eq!(words(&long)[0].chars().count(), 1_001);
}

#[test]
fn a_purchase_is_read_through_one_wrapper() {
    let body = r#"{"purchase":{"status_code":" FUNDED ","payment":{"payment_amount":2.5E+2}}}"#;
    let expected = Answer::Purchase(Purchase {
        status_code: "FUNDED".to_owned(),
        sub_status_code: String::new(),
        payment_amount: Some("250.0".to_owned()),
    });
    assert_eq!(read(body), expected);
    assert_eq!(
        read(&format!("{{\"Payments_Status_Response\":{body}}}")),
        expected
    );
}

#[test]
fn what_nobody_can_read_keeps_its_first_characters() {
    let unreadable = |text: &str| Answer::Unreadable(text.to_owned());
    assert_eq!(read(""), unreadable(""));
    assert_eq!(read("null"), unreadable(""));
    assert_eq!(
        read("<html>\n busy</html>"),
        unreadable("<html> busy</html>")
    );
    assert_eq!(
        read("{\"error_list\":[]}"),
        unreadable("an object with error_list")
    );
    assert_eq!(
        read("{\"purchase\":{\"status_label\":\"x\"}}"),
        unreadable("an object with purchase")
    );
    let Answer::Unreadable(long) = read(&"é".repeat(10_000)) else {
        panic!("it is unreadable");
    };
    assert_eq!(long.chars().count(), 201);
}

#[test]
fn a_wrapper_in_a_wrapper_in_a_wrapper_ends_somewhere() {
    let mut body = "{}".to_owned();
    for _ in 0..100 {
        body = format!("{{\"Payments_Error_Response\":{body}}}");
    }
    assert!(matches!(read(&body), Answer::Unreadable(_)));
}

#[test]
fn what_a_server_says_is_shown_on_one_safe_line() {
    assert_eq!(one_line(&"ä".repeat(300), 5), "äääää…");
    assert_eq!(one_line("a\u{202e}b\r\n\u{1b}c", 9), "a b c");
}

#[test]
fn both_forms_of_errors_of_e_financing_are_read() {
    let read = |body: &str| e_financing::errors(&serde_json::from_str(body).unwrap());
    let service = r#"{"timestamp":"t","httpStatusCode":"400","errorCode":"INVALID_UUID",
        "errorMessage":"no id"}"#;
    assert_eq!(read(service), [error("", "INVALID_UUID", "no id")]);
    let gateway = r#"{"path":"/x","status":422,"error":"Unprocessable","message":"body"}"#;
    assert_eq!(read(gateway), [error("", "Unprocessable", "body")]);
    assert_eq!(read("[]"), []);
    let is_empty = |body: &str| e_financing::is_empty_list(&serde_json::from_str(body).unwrap());
    assert!(is_empty(r#"{"totalItemCount":0,"subscriptions":[]}"#));
    assert!(!is_empty(r#"{"totalItemCount":3,"subscriptions":[]}"#));
    assert!(!is_empty(r#"{"errorCode":"X"}"#));
}
