//! Who is told that a night ran: pings, metrics and webhooks, while those who are told are well, slow,
//! down, or elsewhere.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::company::{AS_OF, Answer, CONFIG, Company};
use crate::providers::server::{Play, Received, TestServer};
use crate::rows::{crp_name, csv, funding, order};
use crate::schema;
use crate::sources::NEXT;

const SECRET: &str = "k3y-of-the-webhook";

/// A company whose order was paid for another amount.
fn company(notify: &str) -> Company {
    let company = Company::with(&format!("{CONFIG}{notify}"));
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-10", "12.00")]),
    );
    let line = funding("WEB-1", "2026-11-18", "10.00");
    company.put(&crp_name("2026-11-19", 1), csv(&[line]));
    company
}

fn night(company: &Company, day: &str, url: &str) -> Answer {
    let mut command = company.command(&["run", "--as-of", day, "--no-mail"]);
    command
        .env("HOOK_URL", format!("{url}secret-path"))
        .env("HOOK_SECRET", SECRET);
    let answer = Answer::new(assert_cmd::Command::from_std(command).output());
    assert!(
        !answer.to_string().contains("secret-path"),
        "an address came out: {answer}"
    );
    assert!(
        !answer.to_string().contains(SECRET),
        "a secret came out: {answer}"
    );
    answer
}

fn saying(status: u16) -> TestServer {
    TestServer::start(move |_, _| Play::Say(status, String::new()))
}

/// An answer that sends whoever asks to another server.
fn pointing_at(other: &TestServer) -> Play {
    let answer = format!(
        "HTTP/1.1 307 Played\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        other.url
    );
    Play::Raw(answer.into_bytes())
}

const PING: &str = "\n[notify]\nping_url_env = \"HOOK_URL\"\ntimeout_seconds = 2\n";
const HOOK: &str = "\n[notify]\ntimeout_seconds = 2\n[[notify.webhook]]\nurl_env = \"HOOK_URL\"\n";

fn paths(received: &[Received]) -> Vec<String> {
    received.iter().map(|one| one.path.clone()).collect()
}

#[test]
fn a_night_pings_when_it_begins_and_when_it_ends_with_its_exit_code() {
    let server = saying(200);
    let company = company(PING);
    night(&company, AS_OF, &server.url).exits(0);
    company.put("inbox/oney/crp_fr_v3_261120_2.csv", "this is no report\n");
    night(&company, NEXT, &server.url).exits(3);
    let pings = server.received();
    let start = "/secret-path/start";
    assert_eq!(
        paths(&pings),
        [start, "/secret-path/0", start, "/secret-path/3"]
    );
    assert!(
        pings[1]
            .body
            .contains("exit code 0: 2026-11-20: 1 new, 1 open, 2.00 EUR at stake"),
        "{pings:?}"
    );
    assert!(!pings[1].body.contains("WEB-1"));
    // A look is no night.
    company
        .run(NEXT, &["--from", "2026-11-01", "--to", "2026-11-20"])
        .done();
    assert_eq!(server.received().len(), 4);
}

#[test]
fn a_night_that_fails_pings_with_its_exit_code_and_why() {
    let server = saying(200);
    let company = company(PING);
    company.put("reports", "a file where a folder belongs");
    night(&company, AS_OF, &server.url).exits(1);
    let pings = server.received();
    assert_eq!(pings[1].path, "/secret-path/1");
    assert!(pings[1].body.contains("reports"), "{pings:?}");
}

#[test]
fn a_watcher_that_is_down_slow_or_elsewhere_changes_nothing() {
    let company = company(PING);
    night(&company, AS_OF, "http://127.0.0.1:9/")
        .exits(0)
        .says("was not taken");
    for play in [Play::Hang(60_000), Play::Hangup, Play::Drip, Play::Flood] {
        let server = TestServer::start(move |_, _| play.clone());
        night(&company, AS_OF, &server.url).exits(0);
    }
    let elsewhere = saying(200);
    let play = pointing_at(&elsewhere);
    let server = TestServer::start(move |_, _| play.clone());
    night(&company, AS_OF, &server.url)
        .exits(0)
        .says("points elsewhere");
    assert_eq!(elsewhere.received().len(), 0, "redirects are not followed");
}

/// The metrics as Prometheus' own client reads them, where it is there: name, labels and value.
fn parsed(company: &Company) -> Vec<(String, Value, String)> {
    let script = "import sys,json\nfrom prometheus_client.parser import text_string_to_metric_families as f\n\
                  print(json.dumps([[s.name,s.labels,repr(s.value)] for m in f(open(sys.argv[1]).read()) for s in m.samples]))";
    let path = company.path("var/crp_recon.prom");
    #[expect(
        clippy::disallowed_methods,
        reason = "the interpreter is named by the environment of the tests"
    )]
    let python = std::env::var("CRP_RECON_MOTO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args(["-c", script])
        .arg(path)
        .output()
        .unwrap();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("No module named"), "{said}");
        crate::skipped("no library has read the metrics: install prometheus_client with pip");
        return Vec::new();
    }
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn metrics_are_written_as_a_whole_and_outlive_a_failed_night() {
    let company = company("\n[notify]\nmetrics_file = \"var/crp_recon.prom\"\n");
    night(&company, AS_OF, "http://127.0.0.1:9/").exits(0);
    let text = fs::read_to_string(company.path("var/crp_recon.prom")).unwrap();
    for line in [
        "crp_recon_last_run_exit_code 0",
        "crp_recon_discrepancies{code=\"AMOUNT_MISMATCH\",severity=\"error\",state=\"new\"} 1",
        "crp_recon_difference{severity=\"error\",currency=\"EUR\"} 2.00",
        "crp_recon_balance_residual{provider=\"oney\",currency=\"EUR\"} 0.00",
        "crp_recon_rows{result=\"accepted\"} 2",
    ] {
        assert!(text.lines().any(|known| known == line), "{line} in {text}");
    }
    let samples = parsed(&company);
    assert!(
        samples.is_empty()
            || samples.len() == text.lines().filter(|line| !line.starts_with('#')).count()
    );
    fs::rename(company.path("reports"), company.path("moved-reports")).unwrap();
    company.put("reports", "a file where a folder belongs");
    night(&company, NEXT, "http://127.0.0.1:9/").exits(1);
    let failed = fs::read_to_string(company.path("var/crp_recon.prom")).unwrap();
    assert!(
        failed.contains("crp_recon_last_run_exit_code 1"),
        "{failed}"
    );
    let success = |text: &str| {
        let mut lines = text.lines();
        lines
            .find(|line| line.starts_with("crp_recon_last_success"))
            .map(str::to_owned)
    };
    assert_eq!(success(&failed), success(&text));
    assert!(failed.contains("crp_recon_discrepancies{code=\"AMOUNT_MISMATCH\""));
}

/// HMAC-SHA256 as OpenSSL computes it.
fn signed(body: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), body).unwrap();
    let output = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", SECRET, "-r"])
        .arg(file.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    format!("sha256={}", said.split(' ').next().unwrap())
}

#[test]
fn a_webhook_gets_a_night_once_signed_and_with_nothing_of_a_customer() {
    let server = saying(204);
    let company = company(&format!("{HOOK}secret_env = \"HOOK_SECRET\"\n"));
    for _ in 0..3 {
        night(&company, AS_OF, &server.url).exits(0);
    }
    let [post] = server.received().try_into().unwrap();
    assert_eq!(post.header("x-crp-recon-signature"), signed(&post.body));
    let body: Value = serde_json::from_str(&post.body).unwrap();
    assert_eq!(body["as_of"], AS_OF);
    assert_eq!(body["counts"]["AMOUNT_MISMATCH"]["new"], 1);
    assert_eq!(body["at_stake"]["EUR"], "2.00");
    assert!(!post.body.contains("WEB-1"), "{}", post.body);
    schema::is_valid("webhook.schema.json", &post.body);
}

#[test]
fn details_go_along_only_when_told_and_forms_are_those_of_slack_and_teams() {
    let server = saying(200);
    let company = company(&format!(
        "{HOOK}details = true\n[[notify.webhook]]\nurl = \"{0}slack\"\nformat = \"slack\"\n\
         [[notify.webhook]]\nurl = \"{0}teams\"\nformat = \"teams\"\nwhen = \"new\"\n",
        server.url
    ));
    night(&company, AS_OF, &server.url).exits(0);
    let posts = server.received();
    assert_eq!(paths(&posts), ["/secret-path", "/slack", "/teams"]);
    assert!(posts[0].body.contains("WEB-1"));
    schema::is_valid("webhook.schema.json", &posts[0].body);
    let slack: Value = serde_json::from_str(&posts[1].body).unwrap();
    assert!(
        slack["text"]
            .as_str()
            .unwrap()
            .contains("AMOUNT_MISMATCH: 1 open, 1 new")
    );
    let teams: Value = serde_json::from_str(&posts[2].body).unwrap();
    assert_eq!(teams["attachments"][0]["content"]["type"], "AdaptiveCard");
    // Nothing is new on the next day, so Teams is not told.
    night(&company, NEXT, &server.url).exits(0);
    assert_eq!(paths(&server.received()[3..]), ["/secret-path", "/slack"]);
}

#[test]
fn what_a_webhook_does_not_take_is_kept_and_posted_by_the_next_run() {
    let company = company(HOOK);
    let elsewhere = saying(200);
    let plays = [
        Play::Say(500, String::new()),
        Play::Hang(60_000),
        pointing_at(&elsewhere),
        Play::Hangup,
    ];
    let server = TestServer::start(move |_, number| {
        plays
            .get(number)
            .cloned()
            .unwrap_or(Play::Say(200, String::new()))
    });
    for _ in 0..4 {
        night(&company, AS_OF, &server.url)
            .exits(0)
            .says("kept for the next run");
    }
    night(&company, AS_OF, &server.url).exits(0);
    night(&company, AS_OF, &server.url).exits(0);
    let posts = server.received();
    assert_eq!(
        posts.len(),
        5,
        "four tries, one that was taken, and none after it"
    );
    let deliveries: std::collections::BTreeSet<_> = posts
        .iter()
        .map(|post| post.header("x-crp-recon-delivery").to_owned())
        .collect();
    assert_eq!(deliveries.len(), 1, "a repeated post can be recognised");
    assert_eq!(elsewhere.received().len(), 0, "redirects are not followed");
}

#[test]
fn a_webhook_whose_address_is_not_there_is_said_and_stops_nothing() {
    let company = company(HOOK);
    let answer = company.run(AS_OF, &[]).exits(0);
    assert!(answer.stderr.contains("HOOK_URL is not set"), "{answer}");
}
