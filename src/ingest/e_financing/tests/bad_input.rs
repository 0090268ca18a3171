//! What cannot be read of a list, and what is missing from it.

use super::*;

const PERSONAL: [&str; 2] = ["Müller", "example.com"];

/// One rejected subscription beside a good one: field, value, and words of the reason.
#[track_caller]
fn assert_rejected(changes: &[(&str, &str)], field: &str, value: &str, says: &str) {
    let content = page(2, &[subscription(1, &[]), subscription(2, changes)]);
    let (counts, notes) = subscriptions(&content).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (2, 1, 1));
    let rejected = &notes.rejected[0];
    assert_eq!(
        (
            rejected.line,
            rejected.column.as_str(),
            rejected.value.as_str()
        ),
        (2, field, value)
    );
    let reason = &rejected.reason;
    assert!(reason.contains(says), "«{says}» in «{reason}»");
    assert_kept_out(&notes.rejected, &PERSONAL);
}

/// The reason for which a file is refused.
#[track_caller]
fn refusal(content: &str) -> String {
    let reason = subscriptions(content).unwrap_err().reason;
    for word in PERSONAL {
        assert!(!reason.contains(word), "{reason}");
    }
    reason
}

#[test]
fn a_missing_mandatory_field_rejects_the_subscription() {
    for field in [
        "creditSubscriptionId",
        "lastUpdateTimestamp",
        "solutionCode",
        "merchantGlobalOrderId",
        "buyerFinancedAmount",
        "consolidatedStatus",
    ] {
        assert_rejected(&[(field, "")], field, "", "is missing");
        assert_rejected(&[(field, "null")], field, "null", "is missing");
        assert_rejected(
            &[(field, r#"{"name":"Müller"}"#)],
            field,
            "(an object)",
            "is missing",
        );
    }
}

#[test]
fn bad_values_reject_the_subscription_and_say_what_was_expected() {
    for (field, json, value, says) in [
        (
            "lastUpdateTimestamp",
            "\"09/11/2026\"",
            "09/11/2026",
            "is not a time like",
        ),
        (
            "buyerFinancedAmount",
            "19.995",
            "19.995",
            "more decimals than EUR has",
        ),
        (
            "buyerFinancedAmount",
            "\"12,5O\"",
            "12,5O",
            "is not an amount",
        ),
        ("buyerFinancedAmount", "1e+99", "1e+99", "is not an amount"),
        (
            "buyerFinancedAmount",
            "10000000000000.01",
            "10000000000000.01",
            "beyond",
        ),
        ("buyerFinancedAmount", "-1", "-1", "is negative"),
        (
            "merchantGlobalOrderId",
            "\"CMDE| \"",
            "CMDE| ",
            "no order reference",
        ),
    ] {
        assert_rejected(&[(field, json)], field, value, says);
    }
    let odd = [
        ("solutionCode", "\"SCFRLT-TXTS\""),
        ("isDelivered", "\"maybe\""),
    ];
    assert_rejected(&odd, "isDelivered", "maybe", "neither true nor false");
}

#[test]
fn what_is_no_subscription_in_a_list_is_a_rejected_row_of_its_own() {
    let odd = [
        "null",
        "true",
        "\"Müller\"",
        "[1,[2]]",
        "17.5",
        "5",
        "-5",
        "{}",
    ];
    for item in odd {
        let content = page(2, &[subscription(1, &[]), item.to_owned()]);
        let (counts, notes) = subscriptions(&content).unwrap();
        assert_eq!((counts.accepted, counts.rejected), (1, 1), "{item}");
        assert_eq!(notes.rejected[0].column, "creditSubscriptionId", "{item}");
        assert_kept_out(&notes.rejected, &PERSONAL);
    }
}

#[test]
fn a_missing_page_is_a_refused_file() {
    let all: Vec<String> = (1..=3).map(|number| subscription(number, &[])).collect();
    let one = page(41, &all);
    let reason = refusal(&one);
    assert!(reason.contains("3 of the 41 subscriptions"), "{reason}");
    assert!(reason.contains("38 are missing"), "{reason}");
    assert!(
        reason.contains("all pages of the list in one file"),
        "{reason}"
    );
    let pages = format!("[{},{}]", page(5, &all[..2]), page(5, &all[2..]));
    assert!(refusal(&pages).contains("2 are missing"));
    let twice = format!("[{0},{0}]", page(6, &all));
    assert!(refusal(&twice).contains("3 are missing"));
}

#[test]
fn a_list_without_its_total_is_refused() {
    let list = page(1, &[subscription(1, &[])]).replace("totalItemCount", "total");
    assert!(refusal(&list).contains("without totalItemCount"));
}

#[test]
fn a_cut_or_damaged_file_is_refused_as_a_whole() {
    let whole = page(1, &[subscription(1, &[])]);
    let length = whole.chars().count();
    for at in [1, 30, length >> 1, length - 1] {
        let cut: String = whole.chars().take(at).collect();
        assert!(refusal(&cut).contains("is cut off"), "{cut}");
    }
    assert!(refusal(&whole.replacen(':', " ", 1)).contains("is no valid JSON"));
    assert!(refusal(&format!("{whole} Müller")).contains("is no valid JSON"));
}

#[test]
fn other_documents_are_refused_and_told_what_they_are() {
    let error = r#"{"timestamp":"2026-11-20T10:00:00Z","httpStatusCode":404,"errorCode":"ENTITY_NOT_FOUND","errorMessage":"Müller"}"#;
    assert!(refusal(error).contains("is an error answer (404)"));
    assert!(refusal("{\"name\":\"Müller\"}").contains("document 1 has no «subscriptions»"));
    assert!(refusal("[]").contains("empty array"));
    for odd in ["\"Müller\"", "null", "5", "-5", "[[]]", "[true]"] {
        assert!(
            refusal(odd).contains("something else than an object"),
            "{odd}"
        );
    }
    for odd in ["null", "{}", "\"Müller\"", "true", "5", "-5", "1.5"] {
        let list = format!("{{\"totalItemCount\":1,\"subscriptions\":{odd}}}");
        let reason = refusal(&list);
        assert!(reason.contains("that are no list"), "{odd}: {reason}");
    }
}

#[test]
fn something_endless_is_refused_instead_of_held() {
    let endless = "x".repeat(2 * 1024 * 1024);
    let list = page(
        1,
        &[subscription(
            1,
            &[("solutionCode", &format!("\"{endless}\""))],
        )],
    );
    assert!(refusal(&list).contains("more than 1048576 bytes"));
    let deep = "[".repeat(100_000);
    assert!(refusal(&deep).contains("something else"));
    let list = page(1, &[subscription(1, &[("solutionCode", &deep)])]);
    assert!(refusal(&list).contains("recursion limit"));
}

#[test]
fn too_many_bad_subscriptions_refuse_the_file() {
    let mut all: Vec<String> = (1..=17).map(|number| subscription(number, &[])).collect();
    all.extend((18..=20).map(|number| subscription(number, &[("consolidatedStatus", "")])));
    let reason = refusal(&page(20, &all));
    assert!(reason.contains("3 of 20 rows"), "{reason}");
    assert!(reason.contains("line 18: consolidatedStatus"), "{reason}");
}
