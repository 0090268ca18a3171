//! What providers say beside their reports of money: events alone, questions that failed, nights
//! that are repeated.

use std::fs;

use crate::company::{CONFIG, Company};
use crate::report::{Report, assert_same};
use crate::rows::{csv, order};

const INPUTS: &str = r#"
[[input]]
kind = "payone-status"
path = "inbox/payone-status"

[[input]]
kind = "e-financing"
path = "inbox/e-financing"

[[input]]
kind = "oney-status"
path = "inbox/oney-status"
"#;

const FORMATS: &str = "formats = [\"csv\", \"json\"]";

fn company() -> Company {
    let config = CONFIG.replace(FORMATS, "formats = [\"csv\", \"json\", \"html\", \"xlsx\"]");
    let company = Company::with(&format!("{config}{INPUTS}"));
    for inbox in ["payone-status", "e-financing", "oney-status"] {
        fs::create_dir(company.path("inbox").join(inbox)).unwrap();
    }
    company
}

/// A reservation that was captured on 10 November.
const CAPTURED: &str = "\
2026-11-09T09:00:00+01:00\tmode=live&txaction=appointed&txid=700000001&reference=P-1&sequencenumber=0\
&currency=EUR&price=80.00&receivable=0.00&balance=0.00&txtime=1794297600
2026-11-10T09:00:00+01:00\tmode=live&txaction=capture&txid=700000001&reference=P-1&sequencenumber=1\
&currency=EUR&price=80.00&receivable=80.00&balance=80.00&txtime=1794297600
";

const SUBSCRIBED: &str = r#"{"totalItemCount":1,"subscriptions":[{
  "creditSubscriptionId":"7b0a1c52-1111-4222-8333-944455556666",
  "registrationTimestamp":"2026-11-09T10:00:00Z","lastUpdateTimestamp":"2026-11-10T10:00:00Z",
  "solutionCode":"SCFRSP-3XTS","marketTypeCode":"FR","merchantBasketId":"B-1",
  "merchantGlobalOrderId":"S-1","buyerFinancedAmount":250.00,"consolidatedStatus":"ACCEPTED"}]}"#;

fn orders_not_found(report: &Report) -> Vec<[String; 3]> {
    let rows = report.found("ORDER_NOT_FOUND");
    let told = |row: &crate::report::Row| {
        ["provider", "order_reference", "state"].map(|column| row[column].clone())
    };
    rows.iter().map(told).collect()
}

#[test]
fn a_provider_that_only_events_tell_of_is_found_again_however_the_night_is_looked_at() {
    let company = company();
    company.put("inbox/payone-status/log.txt", CAPTURED);
    company.put("inbox/e-financing/list.json", SUBSCRIBED);
    let refused = order("WEB-1", "2026-11-02", "20.00").with("status", "REFUSED");
    company.put("inbox/orders/o.csv", csv(&[refused]));
    let expected = |state: &str| {
        [["e-financing", "S-1", state], ["payone", "P-1", state]].map(|row| row.map(str::to_owned))
    };
    let first = company.night("2026-11-18");
    assert_eq!(orders_not_found(&first), expected("new"));
    let again = company.night("2026-11-18");
    assert_same(&first.bytes(), &again.bytes(), "the night again");
    company.run("2026-11-18", &["--full"]).done();
    let in_full = company.report("2026-11-18");
    assert_same(&first.bytes(), &in_full.bytes(), "the night again, in full");
    let copy = company.copy();
    let next = company.night("2026-11-19");
    assert_eq!(orders_not_found(&next), expected("persisting"));
    copy.run("2026-11-19", &["--full"]).done();
    let in_full = copy.report("2026-11-19");
    assert_same(&next.bytes(), &in_full.bytes(), "the next night in full");
}

/// A saved answer about WEB-1 of a day.
fn answer(day: u32, http_status: u16, body: &str) -> String {
    format!(
        "{{\"asked_at\":\"2026-11-{day}T02:10:11Z\",\"order_reference\":\"WEB-1\",\
         \"merchant\":\"m\",\"currency\":\"EUR\",\"http_status\":{http_status},\"answer\":{body}}}\n"
    )
}

const NO_REFERENCE: &str = r#"{"error_list":[{"error":{"field":"reference","error_code":"ERR_05","error_label":"missing in the URL"}}]}"#;

const TOLD: &str = "Asked on 2026-11-18, Oney told no status of this order, so it is not verified \
                    (HTTP 400: ERR_05, reference, missing in the URL).";

#[test]
fn what_a_provider_complained_of_is_told_with_what_was_asked_about() {
    let company = company();
    // Due on the 7th, and no report of Oney tells of it.
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-02", "20.00")]),
    );
    company.knows_all_reports();
    let before = company.night("2026-11-18").only("FUNDING_NOT_REPORTED");
    company.put(
        "inbox/oney-status/one.ndjson",
        answer(18, 400, NO_REFERENCE),
    );
    let copy = company.copy();
    let night = company.night("2026-11-19");
    let found = night.only("FUNDING_NOT_REPORTED");
    assert_eq!(found["id"], before["id"]);
    assert_eq!(found["state"], "persisting");
    assert!(!before["explanation"].contains("Asked"));
    assert!(found["explanation"].ends_with(TOLD), "{found:#?}");
    assert_eq!(found["sources"], "o.csv:2;one.ndjson:1");
    assert_eq!(night.table("discrepancies").len(), 1, "it is no finding");
    assert_eq!(night.input("one.ndjson")["accepted"], "1");
    let page = String::from_utf8(night.bytes()["report.html"].clone()).unwrap();
    assert!(page.contains("ERR_05, reference, missing in the URL"));
    let shown = company.call(&["show", &found["id"]]).exits(0).stdout;
    let in_words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(in_words.contains(TOLD), "{shown}");
    let order = company.call(&["show", "WEB-1"]).exits(0).stdout;
    assert!(order.contains("asked, not verified"), "{order}");
    copy.run("2026-11-19", &["--full"]).done();
    let in_full = copy.report("2026-11-19");
    assert_same(&night.bytes(), &in_full.bytes(), "in full");
}

#[test]
fn an_answer_belongs_to_the_nights_from_its_own_on() {
    let company = company();
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-02", "20.00")]),
    );
    company.knows_all_reports();
    company.put(
        "inbox/oney-status/one.ndjson",
        answer(18, 400, NO_REFERENCE),
    );
    let early = company.night("2026-11-17").only("FUNDING_NOT_REPORTED");
    assert!(!early["explanation"].contains("Asked"), "{early:#?}");
    let night = company.night("2026-11-18");
    let told = |report: &Report| report.only("FUNDING_NOT_REPORTED")["explanation"].clone();
    assert!(told(&night).ends_with(TOLD));
    let words = ["report", "--format", "csv", "--report-dir", "again"];
    company.call(&words).exits(0);
    let again = Report::at(&company.path("again").join("2026-11-18"));
    assert!(told(&again).ends_with(TOLD), "written again");
    let funded = r#"{"purchase":{"status_code":"FUNDED","payment":{"payment_amount":20.0}}}"#;
    company.put("inbox/oney-status/two.ndjson", answer(19, 200, funded));
    assert!(!told(&company.night("2026-11-19")).contains("Asked"));
    // Nothing but the answer of that day is told again when its night is repeated.
    assert!(told(&company.night("2026-11-18")).ends_with(TOLD));
}

#[test]
fn an_order_that_e_financing_does_not_know_is_a_finding_with_its_answer() {
    let company = company();
    let bought = order("S-2", "2026-11-02", "20.00").with("provider", "e-financing");
    company.put("inbox/orders/o.csv", csv(&[bought]));
    let question = r#"[{"asked_at":"2026-11-18T02:10:11Z","provider":"e-financing","order_reference":"S-2","http_status":200,"answer":{"totalItemCount":0,"subscriptions":[]}}]"#;
    company.put("inbox/e-financing/asked.json", question);
    let found = company.night("2026-11-19").only("PROVIDER_STATUS_MISMATCH");
    assert!(
        found["explanation"].contains("e-Financing does not know order S-2"),
        "{found:#?}"
    );
    assert!(
        found["explanation"].ends_with("e-Financing answered with HTTP 200."),
        "{found:#?}"
    );
}

#[test]
fn a_chargeback_is_told_with_what_its_provider_complained_of_too() {
    let input =
        "\n[[input]]\nkind = \"payone-settlement\"\nprovider = \"oney\"\npath = \"inbox/usr\"\n";
    let company = Company::with(&format!("{CONFIG}{INPUTS}{input}"));
    for inbox in ["payone-status", "e-financing", "oney-status", "usr"] {
        fs::create_dir(company.path("inbox").join(inbox)).unwrap();
    }
    let fields =
        "sett_dtl,m,src,card,visa,o,T-1,WEB-1,chargeback,02112026,EUR,-20.00,16112026,EUR,-20.00";
    company.put(
        "inbox/usr/report.csv",
        format!("{fields}{}\n", ",".repeat(16)),
    );
    company.put(
        "inbox/oney-status/one.ndjson",
        answer(18, 400, NO_REFERENCE),
    );
    let found = company.night("2026-11-19").only("CHARGEBACK");
    assert!(found["explanation"].ends_with(TOLD), "{found:#?}");
    assert_eq!(found["sources"], "one.ndjson:1;report.csv:1");
}
