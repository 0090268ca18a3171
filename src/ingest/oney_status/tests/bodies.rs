//! Every shape of body that Oney and the gateway before it were seen to send.

use crate::ingest::oney_status::answer::{Answer, AnswerError, read};

fn error(field: &str, code: &str, label: &str) -> AnswerError {
    AnswerError {
        field: field.to_owned(),
        code: code.to_owned(),
        label: label.to_owned(),
    }
}

#[test]
fn error_lists_are_read_in_all_their_shapes() {
    let documented = r#"{"language_code":"EN","error_list":[{"error":{"field":"purchase.external_reference_type","error_code":"ERR_02","error_label":"too long"}}]}"#;
    let expected = Answer::Errors(vec![error(
        "purchase.external_reference_type",
        "ERR_02",
        "too long",
    )]);
    let flat = documented.replace("{\"error\":{", "{").replace("}}]", "}]");
    for body in [
        documented.to_owned(),
        documented.replace("error_list", "error_list "),
        flat.clone(),
        flat.replace(['[', ']'], ""),
        format!("{{\"Payments_Error_Response\":{documented}}}"),
        format!("{{\"Payments_Error_Response\":{flat}}}"),
        format!("\u{20}\r\n{documented}\n"),
    ] {
        assert_eq!(read(body.as_bytes()), expected, "{body}");
    }
}

#[test]
fn several_errors_keep_their_order() {
    let body = r#"{"error_list":[{"error":{"error_code":"ERR_03"}},"odd",{"error_code":"ERR_04","field":"x"},{}]}"#;
    let expected = Answer::Errors(vec![error("", "ERR_03", ""), error("x", "ERR_04", "")]);
    assert_eq!(read(body.as_bytes()), expected);
    assert_eq!(error("x", "ERR_04", "bad").to_string(), "ERR_04: x: bad");
    assert_eq!(error("", "", "bad").to_string(), "bad");
}

#[test]
fn the_gateway_has_errors_of_its_own() {
    let found = read(br#"{"statusCode":404,"message":"Resource not found"}"#);
    let expected = Answer::Errors(vec![error("", "404", "Resource not found")]);
    assert_eq!(found, expected);
    let found = read(br#"{"errorCode":"E1","errorMessage":"no"}"#);
    assert_eq!(found, Answer::Errors(vec![error("", "E1", "no")]));
}

#[test]
fn what_nobody_can_read_keeps_its_first_bytes() {
    let unreadable = |text: &str| Answer::Unreadable(text.to_owned());
    assert_eq!(read(b""), unreadable(""));
    assert_eq!(read(b"null"), unreadable(""));
    assert_eq!(
        read(b"<html>\n busy</html>"),
        unreadable("<html> busy</html>")
    );
    assert_eq!(read(b"\xff\xfe"), unreadable("\u{fffd}\u{fffd}"));
    assert_eq!(
        read(b"{\"error_list\":[]}"),
        unreadable("an object with error_list")
    );
    assert_eq!(
        read(b"{\"purchase\":{\"status_label\":\"x\"}}"),
        unreadable("an object with purchase")
    );
    let Answer::Unreadable(long) = read("é".repeat(10_000).as_bytes()) else {
        panic!("it is unreadable");
    };
    assert_eq!(long.len(), 200);
}

#[test]
fn a_wrapper_in_a_wrapper_in_a_wrapper_ends_somewhere() {
    let mut body = "{}".to_owned();
    for _ in 0..100 {
        body = format!("{{\"Payments_Error_Response\":{body}}}");
    }
    assert!(matches!(read(body.as_bytes()), Answer::Unreadable(_)));
}
