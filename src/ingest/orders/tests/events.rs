//! Single confirmations, cancellations and refunds.

use super::{events, lines_of};

const HEADER: &str = "order_reference,provider,type,amount,currency,occurred_at,event_id";

fn rows(rows: &str) -> String {
    format!("{HEADER}\n{rows}")
}

#[test]
fn every_value_of_an_event_comes_from_its_column() {
    let content = rows(
        "CMDE|WEB-1,Oney,confirm,200.00,EUR,2026-11-01,E-1\n\
         WEB-1,oney,CANCEL,30.00,eur,2026-11-02T23:30:00Z,\n\
         WEB-1,oney,refund,20,EUR,2026-11-04,E-3\n",
    );
    assert_eq!(
        lines_of(events(&content)),
        [
            "2: oney/WEB-1 confirm 200.00 EUR 2026-11-01 «E-1»",
            "3: oney/WEB-1 cancel 30.00 EUR 2026-11-03 «»",
            "4: oney/WEB-1 refund 20.00 EUR 2026-11-04 «E-3»"
        ]
    );
}

#[test]
fn an_event_needs_no_number() {
    let content = rows("").replace(",event_id", "") + "WEB-1,oney,cancel,30.00,EUR,2026-11-02\n";
    assert_eq!(lines_of(events(&content)).len(), 1);
}

#[test]
fn equal_events_are_that_many_events() {
    let one = "WEB-1,oney,cancel,30.00,EUR,2026-11-02,\n";
    assert_eq!(lines_of(events(&rows(&one.repeat(3)))).len(), 3);
}

#[test]
fn a_bad_event_is_rejected_with_its_column_and_what_was_expected() {
    for (row, column, value, says) in [
        (
            "WEB-1,oney,return,30,EUR,2026-11-02,",
            "type",
            "return",
            "is not one of confirm, cancel, refund",
        ),
        (
            "WEB-1,oney,cancel,-30,EUR,2026-11-02,",
            "amount",
            "-30",
            "is negative",
        ),
        (
            "WEB-1,oney,cancel,0.00,EUR,2026-11-02,",
            "amount",
            "0.00",
            "is not more than 0",
        ),
        (
            "WEB-1,oney,cancel,,EUR,2026-11-02,",
            "amount",
            "",
            "is empty",
        ),
        ("WEB-1,oney,cancel,30,EUR,,", "occurred_at", "", "is empty"),
        (
            ",oney,cancel,30,EUR,2026-11-02,",
            "order_reference",
            "",
            "is empty",
        ),
    ] {
        let (counts, notes) = events(&rows(&format!("{row}\n"))).unwrap();
        assert_eq!((counts.rows, counts.rejected), (1, 1), "{row}");
        let rejected = &notes.rejected[0];
        assert_eq!(
            (rejected.column.as_str(), rejected.value.as_str()),
            (column, value)
        );
        assert!(rejected.reason.contains(says), "{}", rejected.reason);
    }
}
