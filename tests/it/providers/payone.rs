//! `provider` at PAYONE: what its notifications say decides, and everything is sent once.

use super::call;
use super::server::{Play, TestServer};
use crate::company::{AS_OF, CONFIG, Company};
use crate::rows::{csv, order};

/// A company with one order of 200.00 and these notifications of its payment process.
fn company(server: &TestServer, notifications: &[&str]) -> Company {
    let company = Company::with(&format!(
        "{CONFIG}
[[input]]
kind = \"payone-status\"
path = \"inbox/payone-status\"
[provider.payone.api]
base_url = \"{}post-gateway/\"
mid = 10001
aid = 20002
portalid = 3000003
key_env = \"PAYONE_KEY\"
mode = \"test\"
timeout_seconds = 1
allow_actions = true
",
        server.url
    ));
    let reserved = order("PO-1", "2026-11-18", "200.00").with("provider", "payone");
    company.put("inbox/orders/o.csv", csv(&[reserved]));
    std::fs::create_dir_all(company.path("inbox/payone-status")).unwrap();
    let lines: Vec<String> = notifications
        .iter()
        .map(|more| {
            format!(
                "2026-11-18T12:00:00Z\ttxid=123456789&reference=PO-1&mode=live&portalid=3000003&\
                 aid=20002&clearingtype=fnc&currency=EUR&price=200.00&txtime=1795003200&{more}\n"
            )
        })
        .collect();
    company.put("inbox/payone-status/log.txt", lines.concat());
    let night = company.run(AS_OF, &[]);
    assert_eq!(night.code, 0, "{night}");
    company
}

const APPOINTED: &str = "txaction=appointed&sequencenumber=0&receivable=0.00&balance=0.00";
const CAPTURED: &str = "txaction=capture&sequencenumber=1&receivable=200.00&balance=200.00";
const PAID: &str = "txaction=paid&sequencenumber=1&receivable=200.00&balance=0.00";

fn approved() -> Play {
    Play::Say(200, "status=APPROVED\ntxid=123456789\n".to_owned())
}

fn act(company: &Company, words: &str) -> crate::company::Answer {
    let words: Vec<&str> = words.split_whitespace().collect();
    call(company, &[&["provider"][..], &words].concat())
}

#[test]
fn a_reserved_amount_is_claimed_or_given_back_in_cents_with_the_next_sequence_number() {
    let server = TestServer::start(|_, _| approved());
    let reserved = company(&server, &[APPOINTED]);
    act(
        &reserved,
        "capture PO-1 --amount 50.50 --reason shipped --yes",
    )
    .exits(0);
    let sent = server.orders()[0].clone();
    assert_eq!(sent.path, "/post-gateway/");
    for part in [
        "request=capture&txid=123456789&sequencenumber=1&amount=5050&currency=EUR",
        "capturemode=notcompleted",
        "mode=test",
        // The MD5 of the key, not the key.
        "key=",
    ] {
        assert!(sent.body.contains(part), "{part}: {sent:?}");
    }
    let again = act(
        &reserved,
        "capture PO-1 --amount 50.50 --reason shipped --yes",
    )
    .exits(1);
    assert!(again.stdout.contains("--repeat 1"), "{again}");
    let release = company(&server, &[APPOINTED]);
    act(&release, "capture PO-1 --amount 0 --reason expired --yes").exits(0);
    let sent = &server.orders()[1];
    assert!(sent.body.contains("&amount=0&"), "{sent:?}");
    assert!(
        sent.body
            .contains("cancellation_reason%5D=CONSUMER_REQUEST"),
        "{sent:?}"
    );
    assert_eq!(server.orders().len(), 2);
}

#[test]
fn only_what_is_settled_is_refunded() {
    let server = TestServer::start(|_, _| approved());
    let open = company(&server, &[APPOINTED, CAPTURED]);
    let refused = act(&open, "refund PO-1 --amount 50 --reason returned --yes").exits(1);
    assert!(
        refused.stdout.contains("refunds what is settled only"),
        "{refused}"
    );
    assert!(server.orders().is_empty());
    let settled = company(&server, &[APPOINTED, CAPTURED, PAID]);
    act(&settled, "refund PO-1 --amount 50 --reason returned --yes").exits(0);
    let sent = &server.orders()[0];
    let part = "request=refund&txid=123456789&sequencenumber=2&amount=-5000&";
    assert!(sent.body.contains(part), "{sent:?}");
}

#[test]
fn what_has_no_answer_is_not_sent_again_until_a_notification_or_a_person_speaks() {
    let server = TestServer::start(|_, number| match number {
        0 => Play::json(500, ""),
        _ => approved(),
    });
    let company = company(&server, &[APPOINTED]);
    let capture = "capture PO-1 --reason shipped --yes";
    act(&company, capture).exits(1);
    act(&company, capture).exits(1);
    act(&company, "capture PO-1 --amount 10 --reason shipped --yes").exits(1);
    assert_eq!(server.orders().len(), 1);
    let more = format!(
        "2026-11-18T13:00:00Z\ttxid=123456789&reference=PO-1&mode=live&portalid=3000003&aid=20002&\
         clearingtype=fnc&currency=EUR&price=200.00&txtime=1795003200&{CAPTURED}\n"
    );
    company.put("inbox/payone-status/more.txt", more);
    company.run("2026-11-21", &[]).exits(0);
    let told = act(&company, "refund PO-1 --amount 50 --reason returned --yes").exits(1);
    assert!(told.stdout.contains("settled: action 1"), "{told}");
    assert_eq!(server.orders().len(), 1);
}

#[test]
fn an_order_without_notifications_is_left_alone() {
    let server = TestServer::start(|_, _| approved());
    let silent = company(&server, &[&APPOINTED.replace("PO-1", "PO-2")]);
    let other = csv(&[order("PO-3", "2026-11-18", "5.00").with("provider", "payone")]);
    silent.put("inbox/orders/p.csv", other);
    silent.run(AS_OF, &[]).done();
    let told = act(&silent, "capture PO-3 --reason shipped --yes").exits(1);
    assert!(told.stdout.contains("no notification of PAYONE"), "{told}");
    assert!(server.received().is_empty());
}

#[test]
fn what_was_done_here_and_is_not_notified_yet_counts() {
    let server = TestServer::start(|_, _| approved());
    let settled = company(&server, &[APPOINTED, CAPTURED, PAID]);
    let refund = |words: &str| {
        act(
            &settled,
            &format!("refund PO-1 {words} --reason back --yes"),
        )
    };
    refund("--amount 120").exits(0);
    for more in ["--amount 100", "--amount 80.01"] {
        let refused = refund(more).exits(1);
        let said = format!("{}{}", refused.stdout, refused.stderr);
        assert!(said.contains("80.00 EUR"), "{refused}");
    }
    refund("--amount 30").exits(0);
    // All that is left.
    refund("").exits(0);
    refund("").exits(1);
    let numbers: Vec<String> = server
        .orders()
        .iter()
        .map(|sent| {
            let value = |name: &str| sent.body.split(name).nth(1).unwrap().split('&').next();
            format!(
                "{} {}",
                value("&sequencenumber=").unwrap(),
                value("&amount=").unwrap()
            )
        })
        .collect();
    assert_eq!(numbers, ["2 -12000", "3 -3000", "4 -5000"]);

    let reserved = company(&server, &[APPOINTED]);
    act(&reserved, "capture PO-1 --amount 50 --reason first --yes").exits(0);
    act(&reserved, "capture PO-1 --amount 60 --reason second --yes").exits(0);
    act(&reserved, "capture PO-1 --amount 100 --reason third --yes").exits(1);
    act(&reserved, "capture PO-1 --amount 0 --reason over --yes").exits(1);
    let sent = server.orders();
    let of = |at: usize| sent[at].body.clone();
    assert!(of(3).contains("sequencenumber=1&amount=5000&"), "{}", of(3));
    assert!(of(4).contains("sequencenumber=2&amount=6000&"), "{}", of(4));
    assert_eq!(sent.len(), 5);
}

#[test]
fn an_answer_that_proves_nothing_stops_all_that_follows() {
    let answers = [
        Play::Hangup,
        Play::Hang(3_000),
        Play::json(403, ""),
        Play::json(404, "<html>"),
        Play::With(302, "Location: /x\r\n", String::new()),
        Play::json(200, "<html>maintenance"),
        Play::json(500, "status=ERROR\nerrorcode=91\n"),
    ];
    for play in answers {
        let shown = format!("{play:?}");
        let server = TestServer::start(move |_, number| match number {
            0 => play.clone(),
            _ => approved(),
        });
        let company = company(&server, &[APPOINTED, CAPTURED, PAID]);
        let unknown = act(&company, "refund PO-1 --amount 150 --reason back --yes").exits(1);
        assert!(
            unknown.stdout.contains("may have been carried out"),
            "{shown}: {unknown}"
        );
        act(&company, "refund PO-1 --amount 100 --reason back --yes").exits(1);
        act(&company, "refund PO-1 --amount 150 --reason back --yes").exits(1);
        assert_eq!(server.orders().len(), 1, "{shown}");
        act(
            &company,
            "refund PO-1 --amount 150 --reason back --yes --repeat 1",
        )
        .exits(0);
        assert!(
            server.orders()[1].body.contains("&sequencenumber=2&"),
            "{shown}"
        );
        act(&company, "refund PO-1 --amount 50 --reason back --yes").exits(0);
        assert!(
            server.orders()[2].body.contains("&sequencenumber=3&"),
            "{shown}"
        );
    }
}
