//! What a notification that cannot be read gets, and what is kept of it.

use super::*;

/// One rejected notification beside a good one: column, value, and words of the reason.
#[track_caller]
fn assert_rejected(bad: &str, column: &str, value: &str, says: &str) {
    let log = format!("{bad}{}", line("paid", "1", "200.00", "0.00"));
    let (counts, notes) = notifications(&log).unwrap();
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (2, 1, 1));
    let rejected = &notes.rejected[0];
    assert_eq!(
        (
            rejected.line,
            rejected.column.as_str(),
            rejected.value.as_str()
        ),
        (1, column, value)
    );
    let reason = &rejected.reason;
    assert!(reason.contains(says), "«{says}» in «{reason}»");
    assert_kept_out(&notes.rejected, &PERSONAL);
}

#[test]
fn a_missing_mandatory_parameter_rejects_the_notification() {
    let good = line("paid", "1", "200.00", "0.00");
    for name in [
        "txaction",
        "txid",
        "reference",
        "sequencenumber",
        "currency",
        "receivable",
        "balance",
        "txtime",
    ] {
        let marker = format!("&{name}=");
        let renamed = good.replace(&marker, "&unknown=");
        assert_ne!(renamed, good);
        assert_rejected(&renamed, name, "", "is missing");
    }
}

/// What is changed in a good notification; then the column, the value and words of the reason.
const BAD_VALUES: [(&str, &str, &str, &str, &str); 15] = [
    (
        "txaction=paid",
        "txaction=payed",
        "txaction",
        "payed",
        "is no known event",
    ),
    (
        "txid=200123456",
        "txid=2001+234",
        "txid",
        "2001 234",
        "9 to 12 digits",
    ),
    (
        "number=1",
        "number=128",
        "sequencenumber",
        "128",
        "0 to 127",
    ),
    ("number=1", "number=-1", "sequencenumber", "-1", "0 to 127"),
    (
        "number=1",
        "number=%2B1",
        "sequencenumber",
        "+1",
        "0 to 127",
    ),
    (
        "currency=EUR",
        "currency=EURO",
        "currency",
        "EURO",
        "three letters",
    ),
    (
        "able=200.00",
        "able=2OO.00",
        "receivable",
        "2OO.00",
        "is not an amount",
    ),
    (
        "able=200.00",
        "able=200.005",
        "receivable",
        "200.005",
        "more decimals than EUR",
    ),
    (
        "able=200.00",
        "able=1e3",
        "receivable",
        "1e3",
        "is not an amount",
    ),
    (
        "balance=0.00",
        "balance=10000000000000.01",
        "balance",
        "10000000000000.01",
        "beyond",
    ),
    (
        "mode=live",
        "mode=prod",
        "mode",
        "prod",
        "neither live nor test",
    ),
    (
        "mode=live",
        "mode=live&transaction_status=?",
        "transaction_status",
        "?",
        "neither",
    ),
    (
        "txtime=1795246200",
        "txtime=179524",
        "txtime",
        "179524",
        "Unix time",
    ),
    (
        "reference=ORDER-1",
        "reference=CMDE%7C",
        "reference",
        "CMDE|",
        "order reference",
    ),
    (
        "txid=200123456",
        "txid=200123456&txid=7",
        "txid",
        "7",
        "stands twice",
    ),
];

#[test]
fn bad_values_reject_the_notification_and_say_what_was_expected() {
    let good = line("paid", "1", "200.00", "0.00");
    for (from, to, column, value, says) in BAD_VALUES {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from}");
        assert_rejected(&bad, column, value, says);
    }
}

#[test]
fn a_bad_time_before_the_notification_rejects_it() {
    let good = line("paid", "1", "200.00", "0.00");
    let bad = format!("2026-13-45T10:00:00Z\t{good}");
    assert_rejected(&bad, "received_at", "2026-13-45T10:00:00Z", "is not a time");
    assert_rejected(
        &format!("Müller\t{good}"),
        "received_at",
        "",
        "is not a time",
    );
}

#[test]
fn a_line_that_is_cut_or_torn_gives_nothing_personal_away() {
    let good = line("paid", "1", "200.00", "0.00");
    let (torn, rest) = good.split_at(good.find("&sequencenumber").unwrap());
    // The tail is a line of its own then, and its piece of the street is no parameter.
    let log = format!("{torn}\n{rest}{}", good.repeat(30));
    let (counts, notes) = notifications(&log).unwrap();
    assert_eq!((counts.rows, counts.rejected), (32, 2));
    assert_eq!(notes.rejected[0].column, "sequencenumber");
    assert_eq!(notes.rejected[1].column, "txaction");
    assert!(notes.rejected[0].raw.contains("txid=200123456"));
    assert_kept_out(&notes.rejected, &PERSONAL);
    // A separator is lost: the parameter before it swallows what follows.
    let swallowed = good.replace("&lastname=", "lastname=");
    assert_rejected(&swallowed, "balance", "0.00…", "is not an amount");
    let garbage = "lastname M\u{fc}ller 5ebe22 DE8937\n";
    let log = format!("{garbage}{}", good.repeat(30));
    let (_, notes) = notifications(&log).unwrap();
    assert!(notes.rejected[0].raw.starts_with("(not kept"));
    assert_kept_out(&notes.rejected, &PERSONAL);
}

#[test]
fn rows_and_objects_that_cannot_be_taken_apart_are_not_quoted() {
    let header = "txaction,txid,reference,sequencenumber,currency,receivable,balance,txtime,name";
    let table = format!("{header}\npaid,1,A,1,EUR,1,0,1795246200,Müller,DE8937\n");
    let (counts, notes) = notifications(&table).unwrap();
    assert_eq!((counts.rows, counts.rejected), (1, 1));
    assert!(
        notes.rejected[0]
            .reason
            .contains("has 10 fields, the header has 9")
    );
    assert_kept_out(&notes.rejected, &PERSONAL);
    let object = r#"{"txaction":"paid","txid":1,"reference":"A","sequencenumber":1,"currency":"EUR","receivable":1,"balance":0,"txtime":1795246200}"#;
    let objects = format!("{object}\n\"Müller\"\n{{\"lastname\":\"Müller\",\n");
    let (counts, notes) = notifications(&objects).unwrap();
    assert_eq!((counts.rows, counts.rejected), (3, 2));
    assert_kept_out(&notes.rejected, &PERSONAL);
}

#[test]
fn a_file_of_something_else_is_refused_without_quoting_it() {
    let refusal = notifications("lastname=Müller&iban=DE8937\n").unwrap_err();
    assert!(refusal.reason.contains("no PAYONE notifications"));
    assert!(refusal.reason.contains("txaction, txid, reference"));
    for word in PERSONAL {
        assert!(!refusal.reason.contains(word), "{}", refusal.reason);
    }
}

#[test]
fn too_many_bad_notifications_refuse_the_file() {
    let good = line("paid", "1", "200.00", "0.00");
    let log = format!("{}{}", good.repeat(17), "txid=1\n".repeat(3));
    let refusal = notifications(&log).unwrap_err();
    assert!(refusal.reason.contains("3 of 20 rows"));
    assert!(refusal.reason.contains("line 18: txaction is missing"));
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let good = line("paid", "1", "200.00", "0.00");
    let mut state = 7_u32;
    for _ in 0..300 {
        let mut bytes = good.repeat(2).into_bytes();
        for _ in 0..8 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = usize::try_from(state >> 8).unwrap() % bytes.len();
            bytes[at] = u8::try_from(state & 0xff).unwrap();
        }
        if let Ok((counts, _)) = read_with(read, "payone", &bytes) {
            assert_eq!(counts.rows, counts.accepted + counts.rejected);
        }
    }
}
