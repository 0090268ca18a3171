//! Notifications, written line by line, and what becomes of each.

mod bad_input;
mod shapes;

use super::{is_notifications, read};
use crate::ingest::profile::{PAYONE_STATUS, Profile, ProfileDefinition};
use crate::ingest::provider_events::tests::{
    Outcome, assert_kept_out, lines_of, read_under, read_with,
};
use crate::ingest::provider_events::{EventOptions, NotificationMode};

fn notifications(content: &str) -> Outcome {
    read_with(read, "payone", content.as_bytes())
}

/// Reads under a profile that extends the built-in one, and a mode.
fn under(definition: ProfileDefinition, mode: NotificationMode, content: &str) -> Outcome {
    let definition = ProfileDefinition {
        name: "ours".to_owned(),
        extends: Some(PAYONE_STATUS.to_owned()),
        ..definition
    };
    let profile = Profile::resolve("ours", &[definition])?;
    let options = EventOptions {
        provider: "payone",
        profile: &profile,
        timezone: chrono_tz::Europe::Paris,
        mode,
        max_rejected_percent: 10,
    };
    read_under(read, options, content.as_bytes())
}

/// A notification of ORDER-1, process 200123456, at 2026-11-21 07:30:00 UTC.
fn line(action: &str, sequence: &str, receivable: &str, balance: &str) -> String {
    format!(
        "key=5ebe2294ecd0e0f08eab7690d2a6ee69&txaction={action}&portalid=2012345&aid=12345&\
         clearingtype=fnc&notify_version=7.6&txtime=1795246200&currency=EUR&userid=55555555&\
         mode=live&price=200.00&txid=200123456&reference=ORDER-1&sequencenumber={sequence}&\
         receivable={receivable}&balance={balance}&lastname=M%FCller&street=Hauptstr.+1&\
         iban=DE89370400440532013000\n"
    )
}

/// What must never be kept of [`line`].
const PERSONAL: [&str; 6] = ["5ebe22", "Müller", "M%FC", "Hauptstr", "DE8937", "55555555"];

#[test]
fn the_documented_sequence_of_a_wallet_gives_two_events() {
    // PAYONE's sample table: authorization of 1.11, pending, then completed, then paid.
    let wallet = "txaction=appointed&transaction_status=pending&reasoncode=903&mode=live&\
                  txid=300&reference=W-1&sequencenumber=0&txtime=1795246200&currency=EUR&\
                  price=1.11&balance=0.00&receivable=0.00\n\
                  txaction=appointed&transaction_status=completed&mode=live&\
                  txid=300&reference=W-1&sequencenumber=0&txtime=1795246210&currency=EUR&\
                  price=1.11&balance=1.11&receivable=1.11\n\
                  txaction=paid&transaction_status=completed&mode=live&\
                  txid=300&reference=W-1&sequencenumber=0&txtime=1795246560&currency=EUR&\
                  price=1.11&balance=0&receivable=1.11\n";
    let (counts, notes) = notifications(wallet).unwrap();
    assert_eq!((counts.rows, counts.accepted), (3, 3));
    assert_eq!(
        notes.lines,
        [
            "2: payone/W-1 #300 1.11 EUR, appointed 0 balance 1.11, 2026-11-21 07:30:10",
            "3: payone/W-1 #300 1.11 EUR, paid 0 balance 0.00, 2026-11-21 07:36:00",
        ]
    );
    assert_eq!(notes.set_aside.len(), 1);
    assert!(notes.set_aside[0].1.contains("pending"));
}

#[test]
fn a_secured_installment_is_read_to_its_partial_refund() {
    let log = [
        line("appointed", "", "0.00", "0.00"),
        line("capture", "1", "200.00", "200.00"),
        line("paid", "1", "200.00", "0.00"),
        line("debit", "2", "150.00", "-50.00"),
    ];
    let at = "2026-11-21 07:30:00";
    assert_eq!(
        lines_of(notifications(&log.concat())),
        [
            format!("1: payone/ORDER-1 #200123456 0.00 EUR, appointed 0 balance 0.00, {at}"),
            format!("2: payone/ORDER-1 #200123456 200.00 EUR, capture 1 balance 200.00, {at}"),
            format!("3: payone/ORDER-1 #200123456 200.00 EUR, paid 1 balance 0.00, {at}"),
            format!("4: payone/ORDER-1 #200123456 150.00 EUR, debit 2 balance -50.00, {at}"),
        ]
    );
}

#[test]
fn a_repeat_is_handed_over_again_and_differs_in_its_line_only() {
    let log = format!("{0}{0}", line("paid", "1", "200.00", "0.00"));
    let lines = lines_of(notifications(&log));
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].strip_prefix('1'), lines[1].strip_prefix('2'));
}

#[test]
fn the_time_of_arrival_goes_before_txtime() {
    let paid = line("paid", "1", "200.00", "0.00");
    let log = format!(
        "2026-11-22T00:30:00+01:00\t{paid}2026-11-22 09:00:00,125\t{paid}1795246260\t{paid}{paid}"
    );
    let times: Vec<String> = lines_of(notifications(&log))
        .iter()
        .map(|line| line.rsplit_once(", ").unwrap().1.to_owned())
        .collect();
    assert_eq!(
        times,
        [
            "2026-11-21 23:30:00",
            "2026-11-22 08:00:00",
            "2026-11-21 07:31:00",
            "2026-11-21 07:30:00"
        ]
    );
}

#[test]
fn the_test_mode_counts_only_where_the_input_says_so() {
    let paid = line("paid", "1", "200.00", "0.00");
    let log = format!("{paid}{}", paid.replace("mode=live", "mode=test"));
    let (counts, notes) = notifications(&log).unwrap();
    assert_eq!((counts.rows, counts.accepted), (2, 2));
    assert_eq!((notes.lines.len(), notes.set_aside.len()), (1, 1));
    assert!(notes.set_aside[0].1.contains("mode = \"test\""));
    let both = under(ProfileDefinition::default(), NotificationMode::Test, &log);
    assert_eq!(lines_of(both).len(), 2);
}

#[test]
fn reminders_keep_their_level_and_chargebacks_their_balance() {
    let reminder = line("reminder", "1", "200.00", "200.00");
    let log = format!(
        "{}{}",
        reminder.replace("txaction=", "reminderlevel=2&txaction="),
        line("cancelation", "1", "200.00", "200.00")
    );
    let lines = lines_of(notifications(&log));
    assert!(lines[0].contains("reminder 1 balance 200.00 level 2"));
    assert!(lines[1].contains("cancelation 1 balance 200.00,"));
}

#[test]
fn umlauts_of_either_encoding_are_read_in_references() {
    let paid = line("paid", "1", "200.00", "0.00");
    let log = ["K%F6ln-1", "K%C3%B6ln-1", "CMDE%7CK%F6ln-1"]
        .map(|reference| paid.replace("=ORDER-1", &format!("={reference}")));
    let lines = lines_of(notifications(&log.concat()));
    assert!(lines.iter().all(|line| line.contains("payone/Köln-1 #")));
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_hundred_thousand_lines_stream_through() {
    let paid = line("paid", "1", "200.00", "0.00");
    let content = paid.repeat(100_000);
    let lines = lines_of(notifications(&content));
    assert_eq!(lines.len(), 100_000);
    assert!(lines.last().unwrap().starts_with("100000: payone/ORDER-1 "));
}
