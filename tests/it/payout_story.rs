//! `show` of a payout begins with what became of it, in words.

use crate::company::{AS_OF, Company};
use crate::rows::{Entry, camt, crp_name, csv, funding, order};

/// Three payouts of 17 November, one more of the as-of date, and what the bank booked of them.
fn company() -> Company {
    let company = Company::new();
    let old = [
        ("WEB-1", "TFR1001"),
        ("WEB-2", "TFR1002"),
        ("WEB-3", "TFR1003"),
    ];
    let day = "2026-11-17";
    let line = |(web, transfer): &(&str, &str), day| {
        funding(web, day, "80.00").with("Transfer_Id", transfer)
    };
    let lines: Vec<_> = old.iter().map(|one| line(one, day)).collect();
    company.put(&crp_name(day, 1), csv(&lines));
    let back = crate::rows::cancellation("WEB-1", "2026-11-19", "30.00");
    let late = [
        line(&("WEB-4", "TFR1004"), "2026-11-19"),
        back.with("Transfer_Id", "TFR1005"),
    ];
    company.put(&crp_name("2026-11-19", 2), csv(&late));
    let orders = ["WEB-1", "WEB-2", "WEB-3", "WEB-4"].map(|web| order(web, day, "80.00"));
    company.put("inbox/orders/orders.csv", csv(&orders));
    let entry = |id, cents, text| Entry {
        id,
        day: "2026-11-18",
        cents,
        text,
    };
    let entries = [
        entry("B-1", 8_000, "ONEY TFR1001"),
        entry("B-2", 7_000, "ONEY TFR1002"),
    ];
    let days = ["2026-11-18", AS_OF];
    company.put("inbox/bank/a.xml", camt("S-1", days, 0, &entries));
    company.night(AS_OF);
    company
}

#[test]
fn show_says_what_became_of_a_payout_before_its_figures() {
    let company = company();
    for (reference, story) in [
        (
            "TFR1001",
            "Oney reported 80.00 EUR in 1 line of 1 file, on 2026-11-17. The bank booked 80.00 EUR \
             on 2026-11-18 in one entry, with this reference. Nothing is missing.",
        ),
        (
            "TFR1002",
            "Oney reported 80.00 EUR in 1 line of 1 file, on 2026-11-17. The bank booked 70.00 EUR \
             on 2026-11-18 in one entry, with this reference. That is 10.00 EUR too little, since \
             2026-11-18 (2 days). Ask Oney what the transfer is made of.",
        ),
        (
            "TFR1003",
            "Oney reported 80.00 EUR in 1 line of 1 file, on 2026-11-17. The bank has not booked \
             it: 80.00 EUR are missing, since 2026-11-20 (0 days). Ask Oney for the transfer, or \
             add the missing bank statement.",
        ),
        (
            "TFR1004",
            "Oney reported 80.00 EUR in 1 line of 1 file, on 2026-11-19. The bank has not booked \
             it yet, and has until 2026-11-24. Nothing to do.",
        ),
        (
            "TFR1005",
            "Oney reported -30.00 EUR in 1 line of 1 file, on 2026-11-19. Oney carries that over \
             and sets it off against what later files report under this reference; until then the \
             bank books nothing. Nothing to do.",
        ),
    ] {
        let shown = company.call(&["show", reference]).exits(0).stdout;
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert!(words.join(" ").contains(story), "{shown}");
        let json = company.call(&["show", reference, "--json"]).exits(0).stdout;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["found"][0]["story"], story, "{json}");
    }
}
