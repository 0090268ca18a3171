//! The client alone: whatever a server does, there is one whole answer or one reason, in time.

use std::time::{Duration, Instant};

use crp_recon::providers::{
    Answer, Asked, Key, NoAnswer, Patience, Request, Server, ServerSettings, Verdict, Waits, ask,
};

use super::server::{Play, TestServer};

fn server(url: &str, budget: Duration) -> Server {
    let settings = ServerSettings {
        base_url: url.to_owned(),
        timeout: Duration::from_millis(400),
        per_minute: 1_000,
        waits: Waits {
            first: Duration::from_millis(10),
            first_limited: Duration::from_millis(20),
            asked_max: Duration::from_secs(60),
        },
        is_exact: false,
    };
    Server::new(&settings, Patience::new(budget))
}

fn once(play: Play) -> Result<Answer, NoAnswer> {
    let played = TestServer::start(move |_, _| play.clone());
    let mut server = server(&played.url, Duration::from_secs(30));
    server.hide(&Key::new("s3cret"));
    let start = Instant::now();
    let got = server.send(&Request::get("a/b".to_owned()), Duration::ZERO);
    assert!(start.elapsed() < Duration::from_secs(3), "{got:?}");
    assert_eq!(played.received().len(), 1, "nothing is sent twice");
    got
}

#[test]
fn slow_endless_and_broken_answers_end_in_a_reason() {
    let raw = |text: &str| Play::Raw(text.as_bytes().to_vec());
    for (play, expected) in [
        (Play::Hang(5_000), "TimedOut"),
        (Play::Drip, "TimedOut"),
        (Play::Flood, "TooLarge"),
        (Play::Hangup, "Cut"),
        (
            raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"a\":"),
            "Cut",
        ),
        (
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\""),
            "Cut",
        ),
        (
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "Cut",
        ),
        (raw("SSH-2.0-OpenSSH_9.6\r\n"), "Cut"),
        (raw("HTTP/1.1 "), "Cut"),
    ] {
        let shown = format!("{play:?}");
        let silence = once(play).expect_err(&shown);
        assert!(
            format!("{silence:?}").starts_with(expected),
            "{shown}: {silence:?}"
        );
        assert!(!silence.is_unsent(), "{shown}: it may have arrived");
    }
    let headers = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(100_000));
    assert!(once(Play::Raw(headers.into_bytes())).is_err());
}

fn zipped(body: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut to, body).unwrap();
    to.finish().unwrap()
}

fn encoded(body: &[u8]) -> Play {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    Play::Raw([head.as_bytes(), body].concat())
}

#[test]
fn a_compressed_answer_is_read_whatever_type_it_says_it_has() {
    let body = r#"{"purchase":{"status_code":"FUNDED"}}"#;
    let answer = once(encoded(&zipped(body.as_bytes()))).unwrap();
    assert_eq!(answer.text, body);
    let nothing = once(encoded(&zipped(b""))).unwrap();
    assert_eq!(nothing.text, "");
}

#[test]
fn a_compressed_answer_that_is_too_large_cut_or_damaged_ends_in_a_reason() {
    let bomb = zipped(&vec![b' '; 4 * 1024 * 1024]);
    assert!(bomb.len() < 64 * 1024);
    assert_eq!(once(encoded(&bomb)), Err(NoAnswer::TooLarge));
    let whole = zipped(br#"{"purchase":{"status_code":"FUNDED"}}"#);
    let cut = once(encoded(&whole[..whole.len() - 9]));
    assert!(matches!(cut, Err(NoAnswer::Cut(_))), "{cut:?}");
    let damaged = once(encoded(b"no gzip at all"));
    assert!(matches!(damaged, Err(NoAnswer::Cut(_))), "{damaged:?}");
}

#[test]
fn an_answer_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let answer = |size: usize| once(Play::json(200, &" ".repeat(size)));
    assert_eq!(answer(1024 * 1024).unwrap().text.len(), 1024 * 1024);
    assert_eq!(answer(1024 * 1024 + 1), Err(NoAnswer::TooLarge));
    // One that only says that it is huge.
    let said = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}";
    let silence = once(Play::Raw(said.as_bytes().to_vec())).unwrap_err();
    assert!(!silence.is_unsent(), "{silence:?}");
}

#[test]
fn nothing_was_sent_where_nobody_listens() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", free.local_addr().unwrap());
    drop(free);
    let silence = server(&url, Duration::from_secs(5))
        .send(&Request::get(String::new()), Duration::ZERO)
        .unwrap_err();
    assert!(silence.is_unsent(), "{silence:?}");
}

#[test]
fn redirects_are_answers_and_are_not_followed() {
    let elsewhere = Play::With(302, "Location: /again\r\n", String::new());
    assert_eq!(once(elsewhere).unwrap().status, 302);
}

#[test]
fn a_key_that_no_header_can_hold_is_not_sent_and_not_shown() {
    let played = TestServer::start(|_, _| Play::json(200, "{}"));
    let request = Request::get(String::new()).with("X-Key", "s3cret\r\nHost: evil");
    let mut server = server(&played.url, Duration::from_secs(5));
    let silence = server.send(&request, Duration::ZERO).unwrap_err();
    assert!(silence.is_unsent());
    assert!(!format!("{silence} {silence:?}").contains("s3cret"));
    assert!(played.received().is_empty());
}

#[test]
fn what_a_server_repeats_of_the_key_is_taken_out() {
    let answer = once(Play::json(400, r#"{"you":"s3cret"}"#)).unwrap();
    assert_eq!(answer.text, r#"{"you":"***"}"#);
}

fn asked(
    budget: Duration,
    script: impl Fn(usize) -> Play + Send + Sync + 'static,
) -> (Asked, usize) {
    let played = TestServer::start(move |_, number| script(number));
    let mut server = server(&played.url, budget);
    let judge = |answer: &Answer| {
        if answer.status == 200 {
            Verdict::Take
        } else {
            Verdict::Retry
        }
    };
    let asked = ask(&mut server, &Request::get(String::new()), judge);
    (asked, played.received().len())
}

#[test]
fn a_question_is_asked_again_at_most_three_times() {
    let minute = Duration::from_secs(60);
    let (asked_once, count) = asked(minute, |number| match number {
        0 => Play::Hangup,
        1 => Play::json(503, ""),
        2 => Play::With(429, "Retry-After: 0\r\n", String::new()),
        _ => Play::json(200, "{}"),
    });
    assert_eq!(count, 4);
    assert!(matches!(asked_once, Asked::Answered(answer, Verdict::Take) if answer.status == 200));
    let (failing, count) = asked(minute, |_| Play::json(500, ""));
    assert_eq!(count, 4);
    assert!(matches!(failing, Asked::Answered(answer, Verdict::Retry) if answer.status == 500));
}

#[test]
fn a_wait_of_an_hour_is_not_waited_for() {
    let start = Instant::now();
    let (asked, count) = asked(Duration::from_secs(60), |_| {
        Play::With(503, "Retry-After: 3600\r\n", String::new())
    });
    assert_eq!(asked, Asked::Silence(NoAnswer::WaitTooLong(3_600)));
    assert_eq!(count, 1);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_wait_until_a_time_is_measured_by_the_servers_own_clock() {
    let headers = "Date: Thu, 01 Jan 1998 00:00:00 GMT\r\n\
                   Retry-After: Thu, 01 Jan 1998 01:00:00 GMT\r\n";
    let (an_hour, count) = asked(Duration::from_secs(60), move |_| {
        Play::With(503, headers, String::new())
    });
    assert_eq!(an_hour, Asked::Silence(NoAnswer::WaitTooLong(3_600)));
    assert_eq!(count, 1);
    let no_clock = "Retry-After: Thu, 01 Jan 2099 01:00:00 GMT\r\n";
    let (_, count) = asked(Duration::from_secs(60), move |_| {
        Play::With(503, no_clock, String::new())
    });
    assert_eq!(count, 4, "our own waits");
}

#[test]
fn the_time_of_a_run_ends_all_asking() {
    let start = Instant::now();
    let (_, count) = asked(Duration::from_millis(300), |_| Play::Hang(5_000));
    assert_eq!(count, 1);
    assert!(start.elapsed() < Duration::from_secs(2));
}
