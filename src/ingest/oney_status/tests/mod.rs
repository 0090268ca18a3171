//! Saved answers, and what becomes of each.

use super::{is_saved_answers, read};
use crate::ingest::open_file::OpenFile;
use crate::ingest::provider_events::tests::{Outcome, assert_kept_out, lines_of, read_with};

fn answers(content: &str) -> Outcome {
    read_with(read, "oney", content.as_bytes())
}

/// The documented answer of the status service, with a status and an amount put in.
fn purchase(status: &str, more: &str) -> String {
    format!(
        r#"{{"language_code":"FR","purchase":{{"status_code":"{status}","status_label":"…"{more}}}}}"#
    )
}

/// A saved answer about WEB-1.
fn saved(http_status: &str, answer: &str) -> String {
    format!(
        "{{\"asked_at\":\"2026-11-20T02:10:11Z\",\"order_reference\":\"CMDE|WEB-1\",\
         \"merchant\":\"guid\",\"http_status\":{http_status},\"answer\":{answer}}}\n"
    )
}

const NOT_KNOWN: &str = r#"{"language_code":"EN","error_list":[{"error":{"field":"reference","error_code":"ERR_09","error_label":"No file"}}]}"#;

/// What one saved answer says, behind its place.
#[track_caller]
fn said(line: &str) -> String {
    let lines = lines_of(answers(line));
    assert_eq!(lines.len(), 1, "one event");
    let said = lines[0].strip_prefix("1: oney/WEB-1 # ").unwrap();
    said.strip_suffix(", 2026-11-20 02:10:11")
        .unwrap()
        .to_owned()
}

#[test]
fn the_documented_answer_is_a_status_with_its_amount() {
    let waiting = r#","sub_status_code":"WAITING_ONEY","payment":{"payment_amount":899.0}"#;
    assert_eq!(
        said(&saved("200", &purchase("PENDING", waiting))),
        "899.00 EUR, PENDING (PENDING/WAITING_ONEY)"
    );
}

#[test]
fn every_status_is_canonical_and_other_words_are_kept() {
    for (word, expected) in [
        ("PENDING", "PENDING"),
        ("FAVORABLE", "FAVORABLE"),
        ("TO_BE_FUNDED", "FAVORABLE"),
        ("FUNDED", "FUNDED"),
        ("CANCELLED", "CANCELLED"),
        ("REFUSED", "REFUSED"),
        ("ABORTED", "ABORTED"),
        ("ACCEPTED", "unknown"),
        ("ARCHIVED", "unknown"),
    ] {
        let expected = format!("- EUR, {expected} ({word}/)");
        assert_eq!(said(&saved("200", &purchase(word, ""))), expected);
    }
}

#[test]
fn an_order_that_oney_does_not_know_is_a_finding() {
    let expected = "- EUR, not known (HTTP 404: ERR_09, reference, No file)";
    assert_eq!(said(&saved("404", NOT_KNOWN)), expected);
    let wrapped = format!("{{\"Payments_Error_Response\":{NOT_KNOWN}}}");
    assert_eq!(said(&saved("404", &wrapped)), expected);
}

#[test]
fn a_question_that_failed_is_kept_with_what_oney_complains_of() {
    let other = NOT_KNOWN.replace("ERR_09", "ERR_07");
    let many = format!(
        r#"{{"error_list":[{}]}}"#,
        [r#"{"error_code":"ERR_01"}"#; 7].join(",")
    );
    for (http_status, answer, expected) in [
        (
            "404",
            r#"{"statusCode":404,"message":"Resource not found"}"#,
            "HTTP 404: 404, Resource not found",
        ),
        ("500", &other, "HTTP 500: ERR_07, reference, No file"),
        ("500", NOT_KNOWN, "HTTP 500: ERR_09, reference, No file"),
        ("200", NOT_KNOWN, "HTTP 200: ERR_09, reference, No file"),
        (
            "400",
            &many,
            "HTTP 400: ERR_01; ERR_01; ERR_01; ERR_01; ERR_01; +2",
        ),
        (
            "200",
            r#"{"encrypted_message":"AAAA"}"#,
            "HTTP 200: an object with encrypted_message",
        ),
        (
            "200",
            r#""<html>busy</html>""#,
            "HTTP 200: <html>busy</html>",
        ),
        ("201", &purchase("FUNDED", ""), "HTTP 201: FUNDED"),
        ("503", "null", "HTTP 503: "),
        ("0", "null", "no answer: "),
        ("null", "null", "no answer: "),
        (
            "403",
            r#"{"errorCode":"QUOTA","errorMessage":"used up"}"#,
            "HTTP 403: QUOTA, used up",
        ),
    ] {
        let expected = format!("- EUR, not verified ({expected})");
        assert_eq!(said(&saved(http_status, answer)), expected);
    }
    let text = saved("502", "\"\"").replace("\"answer\"", "\"answer_text\"");
    assert_eq!(said(&text), "- EUR, not verified (HTTP 502: )");
}

#[test]
fn answers_that_others_logged_are_read_as_well() {
    let body = purchase("FUNDED", r#","payment":{"payment_amount":"450"}"#);
    let expected = "450.00 EUR, FUNDED (FUNDED/)";
    let text = serde_json::to_string(&body).unwrap();
    assert_eq!(said(&saved("200", &text)), expected, "JSON in a text");
    let named = format!(
        r#"{{"timestamp":"2026-11-20T03:10:11+01:00","reference":"WEB-1","status":"200","response":{body}}}"#
    );
    assert_eq!(said(&named), expected);
    let inner = body.trim_start_matches('{');
    let itself = format!(r#"{{"asked_at":"2026-11-20 03:10:11","order_reference":"WEB-1",{inner}"#);
    assert_eq!(said(&itself), expected, "the answer is the line");
    let before = format!("2026-11-20T02:10:11Z\t{{\"order_reference\":\"WEB-1\",{inner}");
    assert_eq!(said(&before), expected, "the time stands before the object");
    let currency =
        saved("200", &body).replace("\"http_status\"", "\"currency\":\"RON\",\"http_status\"");
    assert_eq!(said(&currency), "450.00 RON, FUNDED (FUNDED/)");
}

/// One rejected line beside a good one: column, value, and words of the reason.
#[track_caller]
fn assert_rejected(bad: &str, column: &str, value: &str, says: &str) {
    let good = saved("200", &purchase("FUNDED", ""));
    let (counts, notes) = answers(&format!("{good}\n{}\n", bad.trim())).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (2, 1, 1));
    let rejected = &notes.rejected[0];
    assert_eq!(
        (
            rejected.line,
            rejected.column.as_str(),
            rejected.value.as_str()
        ),
        (3, column, value)
    );
    let reason = &rejected.reason;
    assert!(reason.contains(says), "«{says}» in «{reason}»");
    assert_kept_out(&notes.rejected, &["Müller"]);
}

#[test]
fn a_line_that_cannot_be_read_is_rejected_with_what_was_expected() {
    let customer = r#","customer":{"name":"Müller"}"#;
    let good = saved("200", &purchase("FUNDED", customer));
    let amount = |digits: &str| {
        let payment = format!(",\"payment\":{{\"payment_amount\":{digits}}}{customer}");
        saved("200", &purchase("FUNDED", &payment))
    };
    let at = "purchase.payment.payment_amount";
    for (bad, column, value, says) in [
        ("Müller".to_owned(), "", "", "no JSON object"),
        ("\"Müller\"".to_owned(), "", "", "no JSON object"),
        (good.chars().take(90).collect(), "", "", "no JSON object"),
        (good.replace("asked_at", "at"), "asked_at", "", "is missing"),
        (
            format!("Müller {}", good.replace("asked_at", "at")),
            "asked_at",
            "",
            "is missing",
        ),
        (
            good.replace("02:10:11Z", "25:10:11Z"),
            "asked_at",
            "2026-11-20T25:10:11Z",
            "is not a time",
        ),
        (
            good.replace("order_reference", "nr"),
            "order_reference",
            "",
            "is missing",
        ),
        (
            good.replace("CMDE|WEB-1", "CMDE|"),
            "order_reference",
            "CMDE|",
            "is missing",
        ),
        (
            good.replace(":200,", ":\"OK\","),
            "http_status",
            "OK",
            "is no HTTP status",
        ),
        (
            good.replace(":200,", ":99,"),
            "http_status",
            "99",
            "is no HTTP status",
        ),
        (
            good.replace("\"answer\"", "\"reply\""),
            "answer",
            "",
            "is missing",
        ),
        (amount("19.995"), at, "19.995", "more decimals than EUR has"),
        (amount("\"12,5O\""), at, "12,5O", "is not an amount"),
        (amount("-5"), at, "-5", "is negative"),
    ] {
        assert_rejected(&bad, column, value, says);
    }
}

#[test]
fn a_file_without_any_answer_is_refused() {
    for content in ["notes\n", "{\"subscriptions\":[]}\n", "a,b\n1,2\n"] {
        let refusal = answers(content).unwrap_err();
        assert!(refusal.reason.contains("no saved answers"), "{content}");
    }
}

#[test]
fn too_many_bad_lines_refuse_the_file() {
    let good = saved("200", &purchase("FUNDED", "")).repeat(17);
    let refusal = answers(&format!("{good}{}", "{\n".repeat(3))).unwrap_err();
    assert!(
        refusal.reason.contains("3 of 20 rows"),
        "{}",
        refusal.reason
    );
}

#[test]
fn a_hundred_thousand_answers_stream_through() {
    let content = saved("200", &purchase("FUNDED", "")).repeat(100_000);
    assert_eq!(lines_of(answers(&content)).len(), 100_000);
}

#[test]
fn saved_answers_are_recognised_by_their_beginning() {
    let recognised = |content: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        is_saved_answers(&OpenFile::open(&path, u64::MAX).unwrap())
    };
    assert!(recognised(&saved("200", &purchase("FUNDED", ""))));
    assert!(recognised(&format!("cut\n{}", saved("404", NOT_KNOWN))));
    assert!(!recognised("{\"totalItemCount\":0,\"subscriptions\":[]}"));
    assert!(!recognised("txaction=paid&txid=1\n"));
    assert!(!recognised(
        r#"{"order_reference":"A","provider":"oney","status":"FUNDED"}"#
    ));
}
