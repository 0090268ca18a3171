//! `verify`: every code is played, and what is learnt becomes an input file.

use serde_json::Value;

use super::server::{Play, Received, TestServer};
use super::{SECRET, asking, call};
use crate::company::Company;

const FUNDED: &str = r#"{"language_code":"FR","purchase":{"status_code":"FUNDED","payment":{"payment_amount":20.0}}}"#;
const NO_FILE: &str = r#"{"language_code":"EN","error_list":[{"error":{"field":"reference","error_code":"ERR_09","error_label":"no file"}}]}"#;

fn kept(company: &Company, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(company.path("inbox").join(folder));
    let mut paths: Vec<_> = entries
        .into_iter()
        .flatten()
        .map(|it| it.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

fn lines(company: &Company) -> Vec<Value> {
    let text = kept(company, "oney-status").concat();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn is_about(request: &Received, reference: &str) -> bool {
    request
        .path
        .contains(&format!("/reference/CMDE%7C{reference}?"))
}

#[test]
fn every_answer_is_told_and_kept_with_the_time_it_was_asked() {
    let server = TestServer::start(|request, number| {
        if is_about(request, "WEB-1") {
            Play::json(200, FUNDED)
        } else if is_about(request, "WEB-2") {
            Play::json(404, NO_FILE)
        } else if is_about(request, "WEB-3") {
            Play::json(
                400,
                r#"{"error_list":[{"error":{"field":"f","error_code":"ERR_06","error_label":"no guid"}}]}"#,
            )
        } else if is_about(request, "WEB-4") {
            Play::json(200, "<html>maintenance")
        } else if is_about(request, "WEB-5") && number < 6 {
            Play::json(503, "")
        } else {
            Play::json(200, &FUNDED.replace("FUNDED", "FAVORABLE"))
        }
    });
    let orders = ["WEB-1", "WEB-2", "WEB-3", "WEB-4", "WEB-5"].map(|it| (it, "oney", "20.00"));
    let Some(company) = asking(&server, "", &orders) else {
        return;
    };
    let told = call(&company, &["verify"]).exits(0);
    for part in [
        "oney WEB-1 [FUNDING_NOT_REPORTED]: FUNDED, 20.0",
        "oney WEB-2 [FUNDING_NOT_REPORTED]: not known at oney",
        "oney WEB-3 [FUNDING_NOT_REPORTED]: not verified: Oney cannot use the request (HTTP 400); ERR_06, f, no guid",
        "oney WEB-4 [FUNDING_NOT_REPORTED]: not verified: the answer holds no status",
        "oney WEB-5 [FUNDING_NOT_REPORTED]: FAVORABLE, 20.0",
    ] {
        assert!(told.stdout.contains(part), "{part}: {told}");
    }
    let request = &server.received()[0];
    assert_eq!(request.header("x-oney-authorization"), SECRET);
    assert_eq!(request.header("x-oney-partner-country-code"), "FR");
    let lines = lines(&company);
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["order_reference"], "WEB-1");
    assert_eq!(lines[0]["merchant"], "merchant-1");
    assert_eq!(lines[0]["http_status"], 200);
    assert_eq!(lines[0]["answer"]["purchase"]["status_code"], "FUNDED");
    assert!(lines[0]["asked_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(lines[3]["answer_text"], "<html>maintenance");
    call(&company, &["verify", "--all"]).exits(0);
    assert_eq!(
        kept(&company, "oney-status").len(),
        2,
        "nothing is written over"
    );
}

#[test]
fn a_refused_key_stops_the_asking_and_says_what_to_fix() {
    for (code, part) in [
        (401, "check authorization"),
        (403, "day's requests"),
        (404, "base_url"),
    ] {
        let server = TestServer::start(move |_, _| Play::json(code, ""));
        let orders = [("WEB-1", "oney", "20.00"), ("WEB-2", "oney", "20.00")];
        let Some(company) = asking(&server, "", &orders) else {
            return;
        };
        let told = call(&company, &["verify"]).exits(1).says(part);
        assert!(
            told.stdout
                .contains("WEB-2 [FUNDING_NOT_REPORTED]: not verified: not asked"),
            "{told}"
        );
        assert_eq!(server.received().len(), 1);
    }
}

#[test]
fn what_is_missing_is_said_before_anybody_is_asked() {
    let server = TestServer::start(|_, _| Play::json(200, FUNDED));
    let Some(company) = asking(&server, "", &[("WEB-1", "oney", "20.00")]) else {
        return;
    };
    company
        .call(&["verify"])
        .exits(2)
        .says("ONEY_AUTHORIZATION is not set");
    call(&company, &["verify", "000000000000"])
        .exits(1)
        .says("000000000000");
    assert!(server.received().is_empty());
}

#[test]
fn a_server_that_repeats_the_key_does_not_get_it_into_a_file() {
    let json = serde_json::json!({"purchase": {"status_code": SECRET}}).to_string();
    let server = TestServer::start(move |_, _| Play::json(200, &json.replace('/', "\\/")));
    let Some(company) = asking(&server, "", &[("WEB-1", "oney", "20.00")]) else {
        return;
    };
    call(&company, &["verify"]).exits(0);
    let text = kept(&company, "oney-status").concat();
    assert!(!text.contains("k3y") && text.contains("***"), "{text}");
}

#[test]
fn one_order_that_hangs_does_not_keep_the_others_from_being_asked() {
    let server = TestServer::start(|request, _| {
        if is_about(request, "WEB-1") {
            Play::Hang(3_000)
        } else {
            Play::json(200, FUNDED)
        }
    });
    let orders = [("WEB-1", "oney", "20.00"), ("WEB-2", "oney", "20.00")];
    let Some(company) = asking(&server, "", &orders) else {
        return;
    };
    let told = call(&company, &["verify"]).exits(0);
    assert!(
        told.stdout
            .contains("WEB-1 [FUNDING_NOT_REPORTED]: not verified: no whole answer"),
        "{told}"
    );
    assert!(
        told.stdout.contains("WEB-2 [FUNDING_NOT_REPORTED]: FUNDED"),
        "{told}"
    );
    assert_eq!(server.received().len(), 5);
}

#[test]
fn a_run_ends_when_its_time_is_used_up() {
    let server = TestServer::start(|_, _| Play::Hang(3_000));
    let orders = [("WEB-1", "oney", "20.00"), ("WEB-2", "oney", "20.00")];
    let Some(company) = asking(&server, "time_budget_seconds = 2", &orders) else {
        return;
    };
    let start = std::time::Instant::now();
    call(&company, &["verify"]).exits(1);
    assert!(start.elapsed() < std::time::Duration::from_secs(8));
}

#[test]
fn the_next_run_reads_what_was_kept() {
    let server = TestServer::start(|request, _| {
        if is_about(request, "WEB-1") {
            Play::json(200, &FUNDED.replace("FUNDED", "FAVORABLE"))
        } else if is_about(request, "WEB-2") {
            Play::json(404, NO_FILE)
        } else {
            Play::json(400, "<html>")
        }
    });
    let orders = ["WEB-1", "WEB-2", "WEB-3"].map(|it| (it, "oney", "20.00"));
    let Some(company) = asking(&server, "", &orders) else {
        return;
    };
    call(&company, &["verify"]).exits(0);
    let next = company.run("2099-01-04", &[]).done();
    assert!(!next.stderr.contains("refused"), "{next}");
    let shown = call(&company, &["show", "WEB-1"]).exits(0);
    assert!(shown.stdout.contains("FAVORABLE"), "{shown}");
}

#[test]
fn one_document_says_what_was_asked_answered_set_aside_and_failed() {
    let server = TestServer::start(|request, _| {
        if is_about(request, "WEB-1") {
            Play::json(200, FUNDED)
        } else if is_about(request, "WEB-2") {
            Play::json(404, NO_FILE)
        } else if is_about(request, "WEB-3") {
            Play::json(400, &NO_FILE.replace("ERR_09", "ERR_05"))
        } else if is_about(request, "WEB-4") {
            Play::Hang(3_000)
        } else {
            Play::json(401, "")
        }
    });
    let orders =
        ["WEB-1", "WEB-2", "WEB-3", "WEB-4", "WEB-5", "WEB-6"].map(|it| (it, "oney", "20.00"));
    let Some(company) = asking(&server, "", &orders) else {
        return;
    };
    let told = call(&company, &["verify", "--json"]).exits(1);
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    let count = |name: &str| document[name].as_u64().unwrap();
    let counts =
        ["asked", "answered", "set_aside", "failed", "not_asked"].map(|name| (name, count(name)));
    assert_eq!(
        counts,
        [
            ("asked", 5),
            ("answered", 2),
            ("set_aside", 2),
            ("failed", 1),
            ("not_asked", 1)
        ]
    );
    let orders = document["orders"].as_array().unwrap();
    let outcomes: Vec<&str> = orders
        .iter()
        .map(|order| order["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(
        outcomes,
        [
            "status",
            "not_known",
            "set_aside",
            "failed",
            "set_aside",
            "not_asked"
        ]
    );
    assert_eq!(orders[0]["status"], "FUNDED, 20.0");
    assert_eq!(orders[2]["http_status"], 400);
    assert_eq!(orders[2]["errors"][0]["code"], "ERR_05");
    assert_eq!(orders[2]["errors"][0]["field"], "reference");
    assert_eq!(orders[2]["errors"][0]["label"], "no file");
    assert_eq!(orders[3]["http_status"], Value::Null);
    assert_eq!(orders[3]["sentence"], "no whole answer came within 1 s");
    assert_eq!(document["stopped"][0]["provider"], "oney");
    assert_eq!(document["stopped"][0]["http_status"], 401);
    assert_eq!(document["files"].as_array().unwrap().len(), 1);
    let id = company.report(crate::company::AS_OF).table("discrepancies")[0]["id"].clone();
    let one = call(&company, &["verify", "--json", &id]).exits(0);
    assert_eq!(one.stdout.matches("\"outcome\"").count(), 1, "{one}");
}
