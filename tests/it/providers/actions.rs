//! `provider` at Oney: no amount is sent twice, whatever the server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use super::server::{Play, Received, TestServer};
use super::{call, company};
use crate::company::{Answer, Company};
use crate::sqlite;

const ON: &str = "allow_actions = true";

/// A credit file at a server: what it is, and how often it was moved.
#[derive(Default)]
struct File {
    moved: AtomicBool,
    times: AtomicUsize,
}

fn status(word: &str, amount: &str) -> Play {
    Play::json(
        200,
        &format!(
            r#"{{"purchase":{{"status_code":"{word}","payment":{{"payment_amount":{amount}}}}}}}"#
        ),
    )
}

/// A server that has `before`, and `after` once it was moved; `answer` plays the answers to
/// orders and says whether the order is carried out.
fn server(
    before: (&'static str, &'static str),
    after: (&'static str, &'static str),
    answer: impl Fn(usize) -> (bool, Play) + Send + Sync + 'static,
) -> (TestServer, Arc<File>) {
    let file = Arc::new(File::default());
    let own = Arc::clone(&file);
    let orders = AtomicUsize::new(0);
    let played = TestServer::start(move |request: &Received, _| {
        if request.method == "GET" {
            let (word, amount) = if own.moved.load(SeqCst) {
                after
            } else {
                before
            };
            return status(word, amount);
        }
        let (does, play) = answer(orders.fetch_add(1, SeqCst));
        if does {
            own.moved.store(true, SeqCst);
            own.times.fetch_add(1, SeqCst);
        }
        play
    });
    (played, file)
}

fn oney(server: &TestServer, more: &str) -> Company {
    company(server, more, &[("WEB-1", "oney", "200.00")])
}

fn order(company: &Company, words: &str) -> Answer {
    let words: Vec<&str> = words.split(' ').collect();
    call(company, &words)
}

fn trail(company: &Company) -> Vec<String> {
    sqlite::ask(
        &company.path("var/recon.db"),
        "SELECT action || ' ' || COALESCE(amount, '') || ' ' || outcome FROM provider_actions \
         ORDER BY number",
    )
}

const CONFIRM: &str = "provider confirm WEB-1 --reason shipped --yes";
const CANCEL: &str = "provider cancel WEB-1 --reason returned --yes";

#[test]
fn nothing_is_sent_unless_it_is_allowed_and_wanted() {
    let (server, file) = server(("FAVORABLE", "200"), ("FUNDED", "200"), |_| {
        (true, status("FUNDED", "200"))
    });
    let off = oney(&server, "");
    order(&off, CONFIRM).exits(2).says("allow_actions = true");
    let on = oney(&server, ON);
    let preview = order(&on, "provider confirm WEB-1 --reason shipped").exits(0);
    assert!(
        preview.stdout.contains("confirm 200.00 EUR of order WEB-1"),
        "{preview}"
    );
    assert!(preview.stdout.contains("Nothing was sent"), "{preview}");
    assert!(server.received().is_empty(), "not even a question");
    order(&on, "provider confirm NOBODY --reason shipped --yes").exits(1);
    order(&on, "provider deliver WEB-1 --reason shipped --yes").exits(2);
    order(&on, "provider confirm WEB-1 --amount 1,5 --reason x --yes").exits(2);
    let done = order(&on, CONFIRM).exits(0);
    assert!(done.stdout.contains("done"), "{done}");
    assert_eq!(file.times.load(SeqCst), 1);
    assert_eq!(trail(&on), ["confirm 20000 done"]);
    let sent = &server.orders()[0];
    assert!(
        sent.path
            .ends_with("/reference/CMDE%7CWEB-1/action/confirm"),
        "{sent:?}"
    );
    assert!(sent.body.contains(r#""payment_amount":200.00"#), "{sent:?}");
}

#[test]
fn what_the_state_forbids_is_not_sent_and_stands_in_the_trail() {
    for (word, words) in [
        ("FUNDED", CONFIRM),
        ("PENDING", CONFIRM),
        ("REFUSED", CANCEL),
        ("ABORTED", CANCEL),
        ("CANCELLED", CANCEL),
        ("SOMETHING_NEW", CANCEL),
    ] {
        let (server, _) = server((word, "200"), (word, "200"), |_| {
            (false, status("FUNDED", "1"))
        });
        let company = oney(&server, ON);
        let refused = order(&company, words).exits(1);
        assert!(refused.stdout.contains("Nothing was sent"), "{refused}");
        assert!(server.orders().is_empty(), "{word}");
        assert!(
            trail(&company)[0].ends_with("not-sent"),
            "{:?}",
            trail(&company)
        );
    }
    let (server, _) = server(("FUNDED", "150"), ("FUNDED", "150"), |_| {
        (false, Play::Hangup)
    });
    let company = oney(&server, ON);
    let refused = order(
        &company,
        "provider cancel WEB-1 --amount 170 --reason x --yes",
    )
    .exits(1);
    assert!(
        refused.stdout.contains("150.00 EUR that Oney has"),
        "{refused}"
    );
    assert!(server.orders().is_empty());
}

/// Answers that leave open whether the order was carried out.
fn open_answers() -> Vec<Play> {
    vec![
        Play::json(500, r#"{"error_list":[{"error":{"error_code":"ERR_19"}}]}"#),
        Play::json(503, "<html>"),
        Play::json(400, "<html>"),
        Play::json(401, ""),
        Play::json(403, ""),
        Play::json(404, ""),
        Play::json(408, ""),
        Play::json(499, ""),
        Play::Hang(3_000),
        Play::Hangup,
        Play::Drip,
        Play::Flood,
        Play::json(200, "<html>all is well</html>"),
        Play::json(200, r#"{"error_list":[{"error":{"error_code":"ERR_07"}}]}"#),
        Play::json(200, ""),
        Play::json(204, ""),
        Play::With(302, "Location: /elsewhere\r\n", String::new()),
        Play::With(503, "Retry-After: 3600\r\n", String::new()),
        Play::Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{".to_vec()),
    ]
}

#[test]
fn what_was_carried_out_in_spite_of_its_answer_is_found_done_and_not_repeated() {
    for play in open_answers() {
        let shown = format!("{play:?}");
        let (server, file) = server(("FUNDED", "200"), ("CANCELLED", "0"), move |_| {
            (true, play.clone())
        });
        let company = oney(&server, ON);
        let done = order(&company, CANCEL);
        assert_eq!(done.code, 0, "{shown}: {done}");
        assert_eq!(file.times.load(SeqCst), 1, "{shown}");
        assert_eq!(trail(&company), ["cancel 20000 done"], "{shown}");
        order(&company, CANCEL).exits(1);
        assert_eq!(file.times.load(SeqCst), 1, "{shown}: again");
    }
}

#[test]
fn a_part_whose_fate_the_status_does_not_tell_is_never_repeated() {
    for play in open_answers() {
        let shown = format!("{play:?}");
        // Carried out, and neither status nor amount show it.
        let (server, file) = server(("FUNDED", "200"), ("FUNDED", "200"), move |_| {
            (true, play.clone())
        });
        let company = oney(&server, ON);
        let part = "provider cancel WEB-1 --amount 30 --reason returned --yes";
        let unknown = order(&company, part).exits(1);
        assert!(
            unknown.stdout.contains("may have been carried out"),
            "{unknown}"
        );
        assert_eq!(trail(&company), ["cancel 3000 unknown"], "{shown}");
        let blocked = order(&company, part).exits(1);
        assert!(blocked.stdout.contains("--repeat 1"), "{blocked}");
        order(
            &company,
            "provider cancel WEB-1 --amount 40 --reason more --yes",
        )
        .exits(1);
        assert_eq!(file.times.load(SeqCst), 1, "{shown}");
    }
}

#[test]
fn a_part_is_found_done_where_the_amount_has_fallen_by_it() {
    let (server, file) = server(("FUNDED", "200"), ("FUNDED", "170.0"), |_| {
        (true, Play::json(500, ""))
    });
    let company = oney(&server, ON);
    order(
        &company,
        "provider cancel WEB-1 --amount 30 --reason returned --yes",
    )
    .exits(0);
    assert_eq!(file.times.load(SeqCst), 1);
    let again = order(
        &company,
        "provider cancel WEB-1 --amount 30 --reason returned --yes",
    )
    .exits(1);
    assert!(again.stdout.contains("--repeat 1"), "{again}");
    assert_eq!(file.times.load(SeqCst), 1);
}

#[test]
fn what_did_not_happen_is_sent_again_until_it_does() {
    let (server, file) = server(
        ("FAVORABLE", "200"),
        ("FUNDED", "200"),
        |number| match number {
            0 => (false, Play::json(503, "")),
            1 => (false, Play::Hangup),
            _ => (true, status("FUNDED", "200")),
        },
    );
    let company = oney(&server, ON);
    order(&company, CONFIRM).exits(0);
    assert_eq!((server.orders().len(), file.times.load(SeqCst)), (3, 1));
    let methods: Vec<String> = server.received().into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["GET", "POST", "GET", "POST", "GET", "POST"]);
    let ids: std::collections::BTreeSet<String> = server
        .orders()
        .iter()
        .map(|sent| {
            let body: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
            body["merchant_request_id"].to_string()
        })
        .collect();
    assert_eq!(ids.len(), 1, "one order, one id: {ids:?}");
}

#[test]
fn a_status_without_amount_is_enough_for_the_whole_order_and_not_for_a_part() {
    let bare = |word: &str| {
        Play::json(
            200,
            &format!(r#"{{"purchase":{{"status_code":"{word}"}}}}"#),
        )
    };
    let server = move || {
        TestServer::start(
            move |request, number| match (request.method.as_str(), number) {
                ("GET", 0..4) => bare("FUNDED"),
                ("POST", 1) => Play::json(503, ""),
                _ => bare("CANCELLED"),
            },
        )
    };
    let whole = server();
    order(&oney(&whole, ON), CANCEL).exits(0);
    assert_eq!(whole.orders().len(), 2);
    let part = server();
    order(
        &oney(&part, ON),
        "provider cancel WEB-1 --amount 30 --reason x --yes",
    )
    .exits(1);
    assert_eq!(part.orders().len(), 1);
}

#[test]
fn a_server_that_never_does_it_is_given_up_after_three_repeats() {
    let (server, _) = server(("FUNDED", "200"), ("FUNDED", "200"), |_| {
        (false, Play::json(500, ""))
    });
    let company = oney(&server, ON);
    order(&company, CANCEL).exits(1);
    assert_eq!(server.orders().len(), 4);
    assert_eq!(trail(&company), ["cancel 20000 unknown"]);
}

#[test]
fn refusals_are_told_with_field_code_and_label_and_are_not_repeated() {
    for (code, body) in [
        (
            400,
            r#"{"error_list":[{"error":{"field":"payment","error_code":"ERR_23","error_label":"type"}}]}"#,
        ),
        (401, ""),
        (403, ""),
        (
            404,
            r#"{"error_list":[{"error_code":"ERR_09","error_label":"no file"}]}"#,
        ),
        (
            409,
            r#"{"Payments_Error_Response":{"error_list ":[{"error":{"error_code":"ERR_13"}}]}}"#,
        ),
    ] {
        let (server, _) = server(("FAVORABLE", "200"), ("FAVORABLE", "200"), move |_| {
            (false, Play::json(code, body))
        });
        let company = oney(&server, ON);
        let refused = order(&company, CONFIRM).exits(1);
        assert_eq!(server.orders().len(), 1, "{code}");
        assert_eq!(trail(&company), ["confirm 20000 refused"], "{refused}");
        if code == 400 {
            assert!(
                refused.stdout.contains("ERR_23, payment, type"),
                "{refused}"
            );
        }
    }
}

#[test]
fn an_intent_that_a_crash_left_is_settled_before_anything_is_sent() {
    let (server, file) = server(("CANCELLED", "200"), ("CANCELLED", "200"), |_| {
        (true, status("CANCELLED", "200"))
    });
    let company = oney(&server, ON);
    let left = |amount: &str, before: &str| {
        sqlite::execute(
            &company.path("var/recon.db"),
            &format!(
                "DELETE FROM provider_actions; INSERT INTO provider_actions VALUES (1, \
                 '2026-11-20T02:00:00Z', 'anna', 'oney', 'WEB-1', '', 'cancel', {amount}, 'EUR', \
                 'returned', 'id-1', '{before}', 20000, 'intended', '', '')"
            ),
        );
    };
    left("20000", "FUNDED, 200");
    let settled = order(&company, CANCEL).exits(0);
    assert!(
        settled.stdout.contains("carried out after all"),
        "{settled}"
    );
    assert_eq!(trail(&company), ["cancel 20000 done"]);
    assert_eq!(file.times.load(SeqCst), 0);
}

#[test]
fn no_secret_is_in_the_trail_or_the_output_when_the_server_repeats_it() {
    let echo = format!("you sent {} !", super::SECRET);
    let (server, _) = server(("FUNDED", "200"), ("FUNDED", "200"), move |_| {
        (false, Play::Say(400, echo.clone()))
    });
    let company = oney(&server, ON);
    let refused = order(&company, CANCEL).exits(1);
    assert!(refused.stdout.contains("you sent *** !"), "{refused}");
    let details = sqlite::ask(
        &company.path("var/recon.db"),
        "SELECT detail FROM provider_actions",
    );
    assert!(!details[0].contains("k3y"), "{details:?}");
}

#[test]
fn the_trail_is_shown_with_its_order() {
    let (server, _) = server(("FAVORABLE", "200"), ("FUNDED", "200"), |_| {
        (true, status("FUNDED", "200"))
    });
    let company = oney(&server, ON);
    order(&company, CONFIRM).exits(0);
    let shown = order(&company, "show WEB-1").exits(0);
    for part in ["confirm", "200.00", "done", "shipped"] {
        assert!(shown.stdout.contains(part), "{part}: {shown}");
    }
}

#[test]
fn check_says_whether_the_servers_take_the_keys() {
    let server = TestServer::start(|request, _| {
        if request.method == "GET" {
            Play::json(404, r#"{"error_list":[{"error_code":"ERR_09"}]}"#)
        } else {
            Play::json(401, "")
        }
    });
    let company = oney(&server, "");
    let checked = order(&company, "check").exits(1);
    assert!(
        checked
            .stdout
            .contains("ok      API of oney: answers, and takes the key"),
        "{checked}"
    );
    assert!(
        checked
            .stdout
            .contains("FAILED  API of e-financing: no token"),
        "{checked}"
    );
}

#[test]
fn a_person_who_knows_that_it_did_not_arrive_may_send_it_again() {
    let (server, file) = server(
        ("FUNDED", "200"),
        ("FUNDED", "170"),
        |number| match number {
            0 => (false, Play::Hangup),
            _ => (true, status("FUNDED", "170")),
        },
    );
    let company = oney(&server, ON);
    let part = "provider cancel WEB-1 --amount 30 --reason returned --yes";
    order(&company, part).exits(1);
    order(&company, part).exits(1);
    assert_eq!(server.orders().len(), 1);
    order(&company, &format!("{part} --repeat 1")).exits(0);
    assert_eq!((server.orders().len(), file.times.load(SeqCst)), (2, 1));
    let outcomes: Vec<String> = trail(&company);
    assert_eq!(outcomes.last().unwrap(), "cancel 3000 done", "{outcomes:?}");
    assert_eq!(outcomes[0], "cancel 3000 not-sent", "{outcomes:?}");
}
