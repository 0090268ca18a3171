//! Transactions whose notifications name one order and later another.

use crate::company::Company;
use crate::report::{Report, assert_same};

const CONFIG: &str = r#"
timezone = "Europe/Paris"

[database]
url = "sqlite://var/recon.db"

[[input]]
kind = "orders"
path = "inbox/orders"

[[input]]
kind = "payone-status"
path = "inbox/payone"

[report]
directory = "reports"
formats = ["csv", "json"]
"#;

const ORDERS: &str = "order_reference,provider,amount,currency,status,ordered_at\n\
                      A1,payone,100.00,EUR,FUNDED,2026-11-01\n\
                      A2,payone,100.00,EUR,FUNDED,2026-11-01\n";

/// A notification of transaction 900001: number and action, receivable, order.
fn notified(at: &str, [number, action, receivable, order]: [&str; 4]) -> String {
    format!(
        "{at}\ttxaction={action}&mode=live&txtime=1793606400&currency=EUR&txid=900001&\
         reference={order}&sequencenumber={number}&price=100.00&receivable={receivable}&\
         balance=0.00\n"
    )
}

/// `code order state` of what is told.
fn told(report: &Report) -> Vec<String> {
    let rows = report.table("discrepancies");
    let words = |row: &crate::report::Row| {
        format!(
            "{} {} {}",
            row["code"], row["order_reference"], row["state"]
        )
    };
    rows.iter().map(words).collect()
}

#[test]
fn a_transaction_belongs_to_the_order_of_its_latest_notification_in_every_way_of_looking() {
    let company = Company::with(CONFIG);
    std::fs::create_dir(company.path("inbox/payone")).unwrap();
    company.put("inbox/orders/orders.csv", ORDERS);
    let first = notified("2026-11-02T10:00:00", ["0", "appointed", "0.00", "A1"]);
    let second = notified("2026-11-03T10:00:00", ["1", "capture", "100.00", "A2"]);
    // This one is not seen before its day, and then no new file tells of it.
    let third = notified("2026-11-08T10:00:00", ["2", "debit", "0.00", "A1"]);
    let mismatch = |state: &str| vec![format!("PROVIDER_STATUS_MISMATCH A1 {state}")];
    for (day, log, expected) in [
        ("2026-11-04", Some(first), mismatch("new")),
        ("2026-11-05", Some(second), mismatch("resolved")),
        ("2026-11-06", Some(third), Vec::new()),
        ("2026-11-08", None, Vec::new()),
        ("2026-11-09", None, mismatch("new")),
    ] {
        if let Some(log) = log {
            company.put(&format!("inbox/payone/{day}.log"), log);
        }
        // The shop is heard of each day: otherwise what it says might be older than the event.
        let today = ORDERS
            .replace("A1", day)
            .replace("A2", "B2")
            .replace("FUNDED", "REFUSED");
        company.put(&format!("inbox/orders/{day}.csv"), today);
        let copy = company.copy();
        copy.run(day, &["--full"]).done();
        let full = copy.report(day);
        assert_eq!(told(&full), expected, "{day}");
        assert_same(&full.bytes(), &company.night(day).bytes(), day);
    }
    // All at once, as on a first night.
    let fresh = Company::with(CONFIG);
    std::fs::create_dir(fresh.path("inbox/payone")).unwrap();
    for file in [
        "orders/orders.csv",
        "payone/2026-11-04.log",
        "payone/2026-11-05.log",
    ] {
        let file = format!("inbox/{file}");
        fresh.put(&file, std::fs::read(company.path(&file)).unwrap());
    }
    assert_eq!(told(&fresh.night("2026-11-06")), Vec::<String>::new());
}
