//! Saved lists, and what becomes of each subscription.

mod bad_input;

use super::{is_subscriptions, read};
use crate::ingest::open_file::OpenFile;
use crate::ingest::provider_events::tests::{Outcome, assert_kept_out, lines_of, read_with};

fn subscriptions(content: &str) -> Outcome {
    read_with(read, "e-financing", content.as_bytes())
}

/// The two orders of the format's description: a split payment partly cancelled, and long-term
/// credit whose delivery is not confirmed.
const EXAMPLE: &str = r#"{"totalItemCount":2,"subscriptions":[
 {"creditSubscriptionId":"7b0a1c52-1111-4222-8333-944455556666","registrationTimestamp":"2026-11-02T10:42:43.685Z",
  "lastUpdateTimestamp":"2026-11-09T08:00:00.000Z","solutionCode":"SCFRSP-3XTS","marketTypeCode":"FR","implementationCode":"3X",
  "merchantBasketId":"B-1","merchantGlobalOrderId":"ORDER-2001","buyerFinancedAmount":250.00,"consolidatedStatus":"ACCEPTED",
  "cancellationStatus":"PARTIAL_CANCELLATION_ACCEPTED","cancellationAlreadyMade":true,"isReturned":false,"isDelivered":false},
 {"creditSubscriptionId":"7b0a1c52-1111-4222-8333-944455557777","registrationTimestamp":"2026-11-03T09:00:00.000Z",
  "lastUpdateTimestamp":"2026-11-05T16:30:00.000Z","solutionCode":"SCFRLT-TXTS","marketTypeCode":"FR","implementationCode":"24",
  "merchantBasketId":"B-2","merchantGlobalOrderId":"ORDER-2002","buyerFinancedAmount":1199.99,"consolidatedStatus":"ACCEPTED",
  "cancellationAlreadyMade":false,"isReturned":false,"isDelivered":false}]}"#;

/// A subscription with a number, and some fields that replace or add to the usual ones.
fn subscription(number: u32, changes: &[(&str, &str)]) -> String {
    let id = format!("\"id-{number}\"");
    let reference = format!("\"ORDER-{number}\"");
    let mut fields: Vec<(&str, &str)> = vec![
        ("creditSubscriptionId", &id),
        ("lastUpdateTimestamp", "\"2026-11-09T08:00:00.000Z\""),
        ("solutionCode", "\"SCFRSP-3XTS\""),
        ("merchantGlobalOrderId", &reference),
        ("buyerFinancedAmount", "250.00"),
        ("consolidatedStatus", "\"ACCEPTED\""),
        ("buyer", r#"{"lastName":"Müller","email":"m@example.com"}"#),
    ];
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

fn page(total: usize, subscriptions: &[String]) -> String {
    let list = subscriptions.join(",");
    format!("{{\"totalItemCount\":{total},\"subscriptions\":[{list}]}}")
}

/// What a subscription with changed fields says: its status and sub-status.
#[track_caller]
fn status(changes: &[(&str, &str)]) -> String {
    let lines = lines_of(subscriptions(&page(1, &[subscription(1, changes)])));
    let (_, said) = lines[0].split_once("EUR, ").unwrap();
    said.rsplit_once(", ").unwrap().0.to_owned()
}

#[test]
fn the_described_example_gives_a_funded_and_a_favorable_order() {
    assert_eq!(
        lines_of(subscriptions(EXAMPLE)),
        [
            "1: e-financing/ORDER-2001 #7b0a1c52-1111-4222-8333-944455556666 250.00 EUR, \
             FUNDED (ACCEPTED/PARTIAL_CANCELLATION_ACCEPTED), 2026-11-09 08:00:00",
            "2: e-financing/ORDER-2002 #7b0a1c52-1111-4222-8333-944455557777 1199.99 EUR, \
             FAVORABLE (ACCEPTED/), 2026-11-05 16:30:00",
        ]
    );
}

#[test]
fn every_status_has_its_canonical_one() {
    let word = |word| status(&[("consolidatedStatus", word)]);
    assert_eq!(word("\"INITIALIZED\""), "PENDING (INITIALIZED/INITIALIZED)");
    assert_eq!(word("\"REQUESTED\""), "PENDING (REQUESTED/REQUESTED)");
    assert_eq!(
        word("\"PRE_ACCEPTED\""),
        "PENDING (PRE_ACCEPTED/PRE_ACCEPTED)"
    );
    assert_eq!(word("\"ACCEPTED\""), "FUNDED (ACCEPTED/)");
    assert_eq!(word("\"CANCELLED\""), "CANCELLED (CANCELLED/)");
    assert_eq!(word("\"REJECTED\""), "REFUSED (REJECTED/)");
    assert_eq!(word("\"ABORTED\""), "ABORTED (ABORTED/)");
    assert_eq!(word("\"PAUSED\""), "unknown (PAUSED/)");
}

#[test]
fn long_term_credit_is_funded_once_its_delivery_is_confirmed() {
    let long = |delivered| {
        status(&[
            ("solutionCode", "\"SCDELT-DXTS\""),
            ("isDelivered", delivered),
            (
                "consolidatedSubstatus",
                "\"WAITING FOR THE DELIVERY CONFIRMATION\"",
            ),
        ])
    };
    let waiting = "(ACCEPTED/WAITING FOR THE DELIVERY CONFIRMATION)";
    assert_eq!(long("true"), format!("FUNDED {waiting}"));
    assert_eq!(long("\"true\""), format!("FUNDED {waiting}"));
    for not_yet in ["false", "null", ""] {
        assert_eq!(long(not_yet), format!("FAVORABLE {waiting}"), "{not_yet}");
    }
    assert_eq!(
        status(&[("solutionCode", "\"LTLTSP\""), ("isDelivered", "false")]),
        "FUNDED (ACCEPTED/)",
        "only characters 5 and 6 tell the family"
    );
}

#[test]
fn a_total_cancellation_counts_and_one_that_is_asked_or_rejected_does_not() {
    let cancellation = |word: &str| status(&[("cancellationStatus", word)]);
    assert_eq!(
        cancellation("\"CANCELLATION_ACCEPTED\""),
        "CANCELLED (ACCEPTED/CANCELLATION_ACCEPTED)"
    );
    for word in [
        "REQUEST_FOR_CANCELLATION",
        "CANCELLATION_REJECTED",
        "PARTIAL_CANCELLATION_ACCEPTED",
        "PARTIAL_CANCELLATION_REJECTED",
        "SOMETHING_NEW",
    ] {
        let said = cancellation(&format!("\"{word}\""));
        assert_eq!(said, format!("FUNDED (ACCEPTED/{word})"));
    }
}

#[test]
fn amounts_are_read_from_their_digits() {
    let amount = |digits| {
        let page = page(1, &[subscription(1, &[("buyerFinancedAmount", digits)])]);
        let lines = lines_of(subscriptions(&page));
        let (_, amount) = lines[0].split_once("#id-1 ").unwrap();
        amount.split_once(" EUR").unwrap().0.to_owned()
    };
    assert_eq!(amount("1199.99"), "1199.99");
    assert_eq!(amount("899.0"), "899.00");
    assert_eq!(amount("1E+3"), "1000.00");
    assert_eq!(amount("0.290000000000000"), "0.29");
    assert_eq!(amount("\"12.50\""), "12.50");
    assert_eq!(amount("90071992547.41"), "90071992547.41");
}

#[test]
fn a_single_subscription_has_another_name_for_its_amount() {
    let single = subscription(
        7,
        &[("buyerFinancedAmount", ""), ("financedAmount", "99.90")],
    );
    let expected = "1: e-financing/ORDER-7 #id-7 99.90 EUR, FUNDED (ACCEPTED/), \
                    2026-11-09 08:00:00";
    assert_eq!(lines_of(subscriptions(&single)), [expected]);
    assert_eq!(lines_of(subscriptions(&format!("[{single}]"))), [expected]);
}

#[test]
fn pages_are_an_array_or_follow_each_other() {
    let all: Vec<String> = (1..=3).map(|number| subscription(number, &[])).collect();
    let (first, second) = (page(3, &all[..2]), page(3, &all[2..]));
    let whole = lines_of(subscriptions(&page(3, &all)));
    assert_eq!(whole.len(), 3);
    assert_eq!(
        lines_of(subscriptions(&format!("[{first},{second}]"))),
        whole
    );
    assert_eq!(
        lines_of(subscriptions(&format!("{first}\n{second}\n"))),
        whole
    );
}

#[test]
fn an_order_that_is_not_in_the_list_is_an_empty_answer() {
    let (counts, notes) = subscriptions(&page(0, &[])).unwrap();
    assert_eq!((counts.rows, notes.lines.len()), (0, 0));
}

/// A question about ORDER-9 as `verify` keeps it.
fn question(http_status: u16, answer: &str) -> String {
    format!(
        "{{\"asked_at\":\"2026-11-20T02:10:11Z\",\"provider\":\"e-financing\",\
         \"order_reference\":\"ORDER-9\",\"http_status\":{http_status},{answer}}}"
    )
}

#[test]
fn a_question_that_told_no_subscription_is_an_event_among_them() {
    let quota = r#""answer":{"httpStatusCode":"429","errorCode":"QUOTA","errorMessage":"wait"}"#;
    let none = r#""answer":{"totalItemCount":0,"subscriptions":[]}"#;
    let html = r#""answer_text":"<html>busy""#;
    let list = page(1, &[subscription(1, &[])]);
    let questions = [
        question(429, quota),
        question(200, none),
        question(502, html),
        question(503, r#""answer":null"#),
        question(200, r#""answer":{"surprise":1}"#),
    ];
    let lines = lines_of(subscriptions(&format!("[{list},{}]", questions.join(","))));
    let said: Vec<&str> = lines
        .iter()
        .skip(1)
        .map(|line| line.split_once("EUR, ").unwrap().1)
        .collect();
    assert!(lines[1].starts_with("2: e-financing/ORDER-9 # - EUR"));
    assert_eq!(
        said,
        [
            "not verified (HTTP 429: QUOTA, wait), 2026-11-20 02:10:11",
            "not known (HTTP 200: ), 2026-11-20 02:10:11",
            "not verified (HTTP 502: <html>busy), 2026-11-20 02:10:11",
            "not verified (HTTP 503: ), 2026-11-20 02:10:11",
            "not verified (HTTP 200: ), 2026-11-20 02:10:11",
        ]
    );
}

#[test]
fn a_question_that_cannot_be_read_is_a_rejected_row() {
    let good = question(503, r#""answer":null"#);
    let held = format!(r#""answer":{}"#, page(1, &[subscription(1, &[])]));
    for (bad, column) in [
        (good.replace("02:10:11Z", "25:10:11Z"), "asked_at"),
        (good.replace("order_reference", "nr"), "order_reference"),
        (good.replace("503", "\"OK\""), "http_status"),
        (question(200, &held), "answer"),
    ] {
        let (counts, notes) = subscriptions(&format!("[{good},{bad}]")).unwrap();
        assert_eq!((counts.accepted, counts.rejected), (1, 1), "{bad}");
        assert_eq!(notes.rejected[0].column, column);
        assert_kept_out(&notes.rejected, &["Müller"]);
    }
}

#[test]
fn a_hundred_thousand_subscriptions_stream_through() {
    let all: Vec<String> = (0..100_000)
        .map(|number| subscription(number, &[]))
        .collect();
    let lines = lines_of(subscriptions(&page(100_000, &all)));
    assert_eq!(lines.len(), 100_000);
}

#[test]
fn lists_are_recognised_by_their_beginning() {
    let recognised = |content: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        is_subscriptions(&OpenFile::open(&path, u64::MAX).unwrap())
    };
    assert!(recognised(EXAMPLE));
    assert!(recognised(&format!("\u{feff}[ {EXAMPLE} ]")));
    assert!(recognised("{\"totalItemCount\":0,\"subscriptions\":[]}"));
    assert!(recognised(&format!(
        "[{}]",
        question(503, r#""answer":null"#)
    )));
    assert!(!recognised("{\"asked_at\":\"2026-11-20T10:00:00Z\"}"));
    assert!(!recognised("about \"subscriptions\""));
    assert!(!recognised(""));
}
