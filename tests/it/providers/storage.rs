//! What `verify` and `provider` read and write in the database, on SQLite and on PostgreSQL.

use std::time::Duration;

use super::server::{Play, TestServer};
use super::{ANSWERS, call, config, play_night};
use crate::company::AS_OF;
use crate::databases::{Contract, on_both_with};

const ORDER: &[(&str, &str, &str)] = &[("WEB-1", "oney", "200.00")];

const ON: &str = "allow_actions = true";

fn status(word: &str) -> Play {
    let body = format!(
        r#"{{"purchase":{{"status_code":"{word}","payment":{{"payment_amount":200.0}}}}}}"#
    );
    Play::json(200, &body)
}

/// The audit trail: what was done, of how much, what became of it.
fn trail(contract: &Contract<'_>) -> Vec<String> {
    contract.ask(
        "SELECT action || ' ' || COALESCE(CAST(amount AS TEXT), '') || ' ' || outcome \
         FROM provider_actions ORDER BY number",
    )
}

const CONFIRM: [&str; 6] = [
    "provider", "confirm", "WEB-1", "--reason", "shipped", "--yes",
];
const CANCEL: [&str; 6] = [
    "provider", "cancel", "WEB-1", "--reason", "returned", "--yes",
];

#[test]
fn the_trail_is_kept_and_looked_at_on_every_database() {
    let server = TestServer::start(|request, _| match request.method.as_str() {
        "GET" => status("FAVORABLE"),
        _ => status("FUNDED"),
    });
    on_both_with(&config(&server, ON), |contract| {
        let company = &contract.company;
        play_night(company, ORDER);
        let before = server.orders().len();
        call(company, &CONFIRM).exits(0);
        assert_eq!(trail(contract), ["confirm 20000 done"]);
        call(company, &CONFIRM)
            .exits(1)
            .says("not cancelled and not confirmed");
        assert_eq!(server.orders().len(), before + 1, "nothing is sent twice");
        let shown = call(company, &["show", "WEB-1"]).exits(0);
        assert!(shown.stdout.contains("shipped"), "{shown}");
    });
}

#[test]
fn an_intent_that_a_crash_left_is_settled_on_every_database() {
    let server = TestServer::start(|_, _| status("CANCELLED"));
    on_both_with(&config(&server, ON), |contract| {
        play_night(&contract.company, ORDER);
        contract.execute(
            "INSERT INTO provider_actions VALUES (1, '2026-11-20T02:00:00Z', 'anna', 'oney', \
             'WEB-1', '', 'cancel', 20000, 'EUR', 'returned', 'id-1', 'FUNDED, 200', 20000, \
             'intended', '', '')",
        );
        let settled = call(&contract.company, &CANCEL).exits(0);
        assert!(
            settled.stdout.contains("carried out after all"),
            "{settled}"
        );
        assert_eq!(trail(contract), ["cancel 20000 done"]);
        assert!(server.orders().is_empty());
    });
}

#[test]
fn an_action_holds_the_lock_of_a_run_on_every_database() {
    let server = TestServer::start(|request, _| match request.method.as_str() {
        "GET" => status("FAVORABLE"),
        _ => Play::Hang(4_000),
    });
    let patient = config(&server, ON).replace("timeout_seconds = 1", "timeout_seconds = 5");
    on_both_with(&patient, |contract| {
        play_night(&contract.company, ORDER);
        let before = server.orders().len();
        let mut command = contract.company.command(&CONFIRM);
        command.env("ONEY_AUTHORIZATION", super::SECRET);
        let mut acting = command.spawn().unwrap();
        for _ in 0..200 {
            if server.orders().len() > before {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(server.orders().len(), before + 1);
        contract.company.run(AS_OF, &[]).exits(75);
        acting.kill().unwrap();
        acting.wait().unwrap();
        assert_eq!(trail(contract), ["confirm 20000 intended"]);
    });
}

#[test]
fn what_was_asked_is_read_back_on_every_database() {
    let server = TestServer::start(|_, _| {
        Play::json(
            400,
            r#"{"error_list":[{"error":{"field":"reference","error_code":"ERR_05","error_label":"missing"}}]}"#,
        )
    });
    let config = format!("{}{ANSWERS}", config(&server, ""));
    on_both_with(&config, |contract| {
        let company = &contract.company;
        play_night(company, ORDER);
        call(company, &["verify"]).exits(1);
        // The question was asked today, whenever that is.
        company.run("2099-01-05", &[]).done();
        let found = company.report("2099-01-05").only("FUNDING_NOT_REPORTED");
        let told = "(HTTP 400: ERR_05, reference, missing).";
        assert!(found["explanation"].ends_with(told), "{found:#?}");
        assert!(found["sources"].contains("oney-status_"), "{found:#?}");
    });
}
