//! e-Financing: tokens that end, pages, cancellations, confirmations of delivery.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use super::server::{Play, TestServer, is_token};
use super::{asking, call, company};
use crate::company::Company;
use crate::rows::{csv, order};

fn item(order: &str, id: usize, solution: &str, more: &str) -> String {
    format!(
        r#"{{"creditSubscriptionId":"id-{id}","registrationTimestamp":"2026-11-02T10:42:43.685Z",
        "lastUpdateTimestamp":"2026-11-09T08:00:00.000Z","solutionCode":"{solution}",
        "marketTypeCode":"FR","merchantBasketId":"B-1","merchantGlobalOrderId":"{order}",
        "consolidatedStatus":"ACCEPTED","isDelivered":false,"buyer":{{"lastName":"Doe"}}{more}}}"#
    )
}

fn page(total: usize, items: &[String]) -> Play {
    let items = items.join(",");
    Play::json(
        200,
        &format!(r#"{{"totalItemCount":{total},"subscriptions":[{items}]}}"#),
    )
}

fn token(number: usize) -> Play {
    let body =
        format!(r#"{{"access_token":"t0ken-{number}","token_type":"Bearer","expires_in":900}}"#);
    Play::json(200, &body)
}

const SPLIT: &str = "SCFRSP-3XTS";
const LONG: &str = "SCFRLT-TXTS";

const ORDERS: &[(&str, &str, &str)] = &[("ORDER-1", "e-financing", "250.00")];

fn asks(server: &TestServer) -> Option<Company> {
    asking(server, "", ORDERS)
}

fn one(server: &TestServer) -> Company {
    company(server, "", ORDERS)
}

#[test]
fn a_token_that_ends_in_the_middle_is_replaced_once() {
    let server = TestServer::start(|request, number| {
        let bearer = request.header("authorization").to_owned();
        match number {
            _ if is_token(request) => token(number),
            1 => Play::json(401, ""),
            _ if bearer == "Bearer t0ken-2" => page(
                1,
                &[item(
                    "ORDER-1",
                    1,
                    SPLIT,
                    r#","buyerFinancedAmount":250.00"#,
                )],
            ),
            _ => Play::json(401, ""),
        }
    });
    let Some(company) = asks(&server) else { return };
    let told = call(&company, &["verify"]).exits(0);
    assert!(
        told.stdout
            .contains("ORDER-1 [FUNDING_NOT_REPORTED]: ACCEPTED, 250.00"),
        "{told}"
    );
    let folder = company.path("inbox/e-financing");
    let path = std::fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("\"buyerFinancedAmount\": 250.00"), "{text}");
    assert!(!text.contains("Doe") && !text.contains("t0ken"), "{text}");
}

#[test]
fn a_token_server_that_fails_is_told_and_nothing_else_is_asked() {
    for (code, body, part) in [
        (401, "{}", "check both"),
        (200, "<html>", "holds none"),
        (200, "{}", "holds none"),
        (302, "", "no token server"),
    ] {
        let server = TestServer::start(move |_, _| Play::json(code, body));
        let Some(company) = asks(&server) else { return };
        call(&company, &["verify"]).exits(1).says(part);
        assert!(server.received().iter().all(is_token));
    }
    let never_good = TestServer::start(|request, number| {
        if is_token(request) {
            token(number)
        } else {
            Play::json(401, "")
        }
    });
    let Some(company) = asks(&never_good) else {
        return;
    };
    call(&company, &["verify"]).exits(1).says("client_id");
    assert_eq!(never_good.received().len(), 4, "two tokens, two questions");
}

#[test]
fn pages_are_read_until_all_are_there_and_a_short_list_is_not_believed() {
    let server = TestServer::start(|request, number| {
        if is_token(request) {
            return token(number);
        }
        let item = |id| item("ORDER-1", id, SPLIT, r#","buyerFinancedAmount":250.00"#);
        if request.path.contains("page=1&") {
            page(2, &[item(1)])
        } else {
            page(2, &[item(1), item(2)])
        }
    });
    let Some(company) = asks(&server) else { return };
    let told = call(&company, &["verify"]).exits(0);
    assert_eq!(told.stdout.matches("ACCEPTED, 250.00").count(), 2, "{told}");
    for endless in [true, false] {
        let server = TestServer::start(move |request, number| {
            let many = |number| item("OTHER", number, SPLIT, "");
            match (is_token(request), endless) {
                (true, _) => token(number),
                (false, true) => page(1_000_000, &[many(number)]),
                (false, false) => page(3, &[many(1)]),
            }
        });
        let Some(company) = asks(&server) else { return };
        let told = call(&company, &["verify"]).exits(1);
        assert!(told.stdout.contains("not verified"), "{told}");
        assert!(server.received().len() < 60);
    }
}

#[test]
fn what_the_list_complains_of_is_kept_without_people_and_told_by_the_next_run() {
    let server = TestServer::start(|request, number| {
        if is_token(request) {
            return token(number);
        }
        if request.path.contains("ORDER-1&") {
            let known = item("ORDER-1", 1, SPLIT, r#","buyerFinancedAmount":250.00"#);
            return page(1, &[known]);
        }
        if request.path.contains("ORDER-2&") {
            return Play::json(
                400,
                r#"{"errorCode":"REQUEST_VALIDATION_ERROR","errorMessage":"no such order","buyer":{"lastName":"Doe"}}"#,
            );
        }
        if request.path.contains("ORDER-3&") {
            return page(0, &[]);
        }
        Play::json(502, "<html>Bad Gateway")
    });
    let orders =
        ["ORDER-1", "ORDER-2", "ORDER-3", "ORDER-4"].map(|it| (it, "e-financing", "250.00"));
    let Some(company) = asking(&server, "", &orders) else {
        return;
    };
    call(&company, &["verify"]).exits(0);
    let folder = company.path("inbox/e-financing");
    let kept = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(kept.path()).unwrap();
    assert!(!text.contains("Doe") && !text.contains("t0ken"), "{text}");
    // The shop is heard of again after the answers: until then they wait for its word.
    let other = order("ORDER-9", "2026-11-02", "1.00").with("status", "REFUSED");
    company.put("inbox/orders/later.csv", csv(&[other]));
    let night = company.night("2099-01-05");
    let name = kept.file_name().into_string().unwrap();
    assert_eq!(night.input(&name)["accepted"], "4");
    let missing = night.found("FUNDING_NOT_REPORTED");
    let told: Vec<&str> = missing
        .iter()
        .map(|row| {
            row["explanation"]
                .rsplit_once('(')
                .map_or("", |(_, last)| last)
        })
        .collect();
    assert!(!told[0].contains("HTTP"), "{missing:#?}");
    assert_eq!(
        told[1..],
        [
            "HTTP 400: REQUEST_VALIDATION_ERROR, no such order).",
            "HTTP 200).",
            "HTTP 502: <html>Bad Gateway)."
        ]
    );
    let not_known = night.only("PROVIDER_STATUS_MISMATCH");
    assert_eq!(not_known["order_reference"], "ORDER-3");
}

/// A subscription that can be cancelled or delivered, and what its server plays about that.
fn acting(
    solution: &'static str,
    answer: impl Fn(usize) -> (bool, Play) + Send + Sync + 'static,
) -> TestServer {
    let (moved, orders) = (AtomicBool::new(false), AtomicUsize::new(0));
    TestServer::start(move |request, number| {
        if is_token(request) {
            return token(number);
        }
        if request.method == "POST" {
            let (does, play) = answer(orders.fetch_add(1, SeqCst));
            moved.fetch_or(does, SeqCst);
            return play;
        }
        let more = match (moved.load(SeqCst), solution == LONG) {
            (false, _) => r#","buyerFinancedAmount":250.00"#,
            (true, true) => r#","buyerFinancedAmount":250.00,"isDelivered":true"#,
            (true, false) => {
                r#","buyerFinancedAmount":200.00,"cancellationStatus":"PARTIAL_CANCELLATION_ACCEPTED","cancellationAlreadyMade":true"#
            }
        };
        let item = item("ORDER-1", 1, solution, more);
        let item = if more.contains("isDelivered") {
            item.replace(r#""isDelivered":false,"#, "")
        } else {
            item
        };
        page(1, &[item])
    })
}

const PART: [&str; 8] = [
    "provider", "cancel", "ORDER-1", "--amount", "50", "--reason", "returned", "--yes",
];
const DELIVER: [&str; 6] = [
    "provider", "deliver", "ORDER-1", "--reason", "sent", "--yes",
];

#[test]
fn a_part_is_cancelled_once_whatever_is_answered() {
    for play in [
        Play::json(
            200,
            r#"{"financedAmount":200.00,"status":"CANCEL_PART_ACCEPTED"}"#,
        ),
        Play::json(200, r#"{"financedAmount":200.00,"status":"ACCEPTED"}"#),
        Play::json(200, "<html>"),
        Play::json(500, ""),
        Play::Hang(3_000),
        Play::Hangup,
    ] {
        let shown = format!("{play:?}");
        let server = acting(SPLIT, move |_| (true, play.clone()));
        let company = one(&server);
        let done = call(&company, &PART);
        assert_eq!(done.code, 0, "{shown}: {done}");
        assert_eq!(server.orders().len(), 1, "{shown}");
        assert_eq!(server.orders()[0].body, r#"{"cancelledAmount":50.00}"#);
        // One partial cancellation is all that e-Financing allows, and this one is done.
        call(&company, &PART).exits(1);
        assert_eq!(server.orders().len(), 1, "{shown}");
    }
}

#[test]
fn after_a_token_that_ended_the_state_is_read_before_anything_is_repeated() {
    for done in [true, false] {
        let server = acting(SPLIT, move |number| match number {
            0 => (done, Play::json(401, "")),
            _ => (
                true,
                Play::json(200, r#"{"status":"CANCEL_PART_ACCEPTED"}"#),
            ),
        });
        let company = one(&server);
        call(&company, &PART).exits(0);
        assert_eq!(server.orders().len(), if done { 1 } else { 2 });
        let asked: Vec<String> = server
            .received()
            .iter()
            .map(|it| {
                if is_token(it) {
                    "token".to_owned()
                } else {
                    it.method.clone()
                }
            })
            .collect();
        let until_then = ["token", "GET", "POST", "token", "GET"];
        assert_eq!(asked[..5], until_then, "{asked:?}");
    }
    // A delivery, and an answer that is no answer of e-Financing's.
    for play in [
        Play::json(401, ""),
        Play::json(200, "<html>"),
        Play::json(404, "<html>"),
    ] {
        let shown = format!("{play:?}");
        let server = acting(LONG, move |_| (true, play.clone()));
        let company = one(&server);
        call(&company, &DELIVER).exits(0);
        call(&company, &DELIVER).exits(1);
        assert_eq!(server.orders().len(), 1, "{shown}");
    }
}

#[test]
fn what_did_not_happen_is_sent_again_and_a_decision_is_waited_for() {
    let server = acting(SPLIT, |number| match number {
        0 => (false, Play::json(503, "")),
        _ => (
            true,
            Play::json(200, r#"{"status":"CANCEL_PART_ACCEPTED"}"#),
        ),
    });
    let company = one(&server);
    call(&company, &PART).exits(0);
    assert_eq!(server.orders().len(), 2);
    let asked = acting(SPLIT, |_| {
        (false, Play::json(200, r#"{"status":"REQUESTED"}"#))
    });
    let company = one(&asked);
    let told = call(&company, &PART).exits(0);
    assert!(told.stdout.contains("pending"), "{told}");
    let refused = acting(SPLIT, |_| {
        (
            false,
            Play::json(200, r#"{"status":"CANCEL_PART_REJECTED"}"#),
        )
    });
    let company = one(&refused);
    call(&company, &PART).exits(1);
    assert_eq!(refused.orders().len(), 1);
}

#[test]
fn a_delivery_is_confirmed_of_long_term_credit_only() {
    let server = acting(LONG, |_| (true, Play::json(204, "")));
    let company = one(&server);
    call(&company, &DELIVER).exits(0);
    assert_eq!(server.orders()[0].body, r#"{"isDelivered":true}"#);
    assert!(
        server.orders()[0]
            .path
            .ends_with("/subscriptions/id-1/_confirmDelivery")
    );
    let again = call(&company, &DELIVER).exits(1);
    assert!(again.stdout.contains("--repeat 1"), "{again}");
    let lender = call(&company, &PART).exits(1);
    assert!(lender.stdout.contains("through the lender"), "{lender}");
    let split = acting(SPLIT, |_| (true, Play::json(204, "")));
    let company = one(&split);
    let refused = call(&company, &DELIVER).exits(1);
    assert!(refused.stdout.contains("split payment"), "{refused}");
    assert!(split.orders().is_empty());
}
