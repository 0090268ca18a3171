//! Many decisions at once: tables for `accept`, `note`, `assign` and `reopen`, and the workbook
//! that finance fills in.

mod approved;
mod delivered;
mod linked;
mod shown;
mod tables;
mod workbook;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::company::{Answer, CONFIG, Company};
use crate::report::Row;
use crate::rows::{crp_name, csv, funding, order};
use crate::story::NIGHTS;
use crate::xlsx::with_workbook;

/// A company of some orders that were each funded ten euros too low, after its first night; and
/// the ids of the discrepancies, by order.
fn with_mismatches(orders: usize) -> (Company, BTreeMap<String, String>) {
    with_mismatches_in("en", orders)
}

/// The same, with reports in a language.
fn with_mismatches_in(language: &str, orders: usize) -> (Company, BTreeMap<String, String>) {
    let config = with_workbook(CONFIG);
    let company = Company::with(&format!("language = \"{language}\"\n{config}"));
    let name = |number: usize| format!("WEB-{number}");
    let all: Vec<_> = (1..=orders)
        .map(|number| order(&name(number), "2026-11-10", "100.00"))
        .collect();
    company.put("inbox/orders/o.csv", csv(&all));
    let all: Vec<_> = (1..=orders)
        .map(|number| {
            let row = funding(&name(number), "2026-11-10", "90.00");
            row.with("Transaction_number", &format!("TX-{number}"))
        })
        .collect();
    company.put(&crp_name("2026-11-15", 1), csv(&all));
    let found = company.night(NIGHTS[0]).found("AMOUNT_MISMATCH");
    assert_eq!(found.len(), orders);
    let ids = found
        .iter()
        .map(|row| (row["order_reference"].clone(), row["id"].clone()))
        .collect();
    (company, ids)
}

/// Changes the amount of an order's discrepancy: more of it is funded.
fn fund_more(company: &Company, order: &str, night: usize) {
    let more = funding(order, "2026-11-16", "4.00").with("Transaction_number", "TX-MORE");
    company.put(&crp_name(NIGHTS[night - 1], 2), csv(&[more]));
}

/// The discrepancies of a night, by order.
fn by_order(company: &Company, night: usize) -> BTreeMap<String, Row> {
    let found = company.night(NIGHTS[night]).found("AMOUNT_MISMATCH");
    found
        .into_iter()
        .map(|row| (row["order_reference"].clone(), row))
        .collect()
}

/// The audit trail of a discrepancy, without its times.
fn trail(company: &Company, id: &str) -> Vec<Vec<String>> {
    let shown = company.call(&["show", id, "--json"]).exits(0);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    let parts = shown["found"].as_array().unwrap();
    let part = parts.iter().find(|part| part["is"] == "discrepancy");
    let decisions = part.unwrap()["decisions"].as_array();
    let entry = |entry: &Value| {
        ["by", "action", "text", "source"]
            .map(|column| entry[column].as_str().unwrap_or_default().to_owned())
            .to_vec()
    };
    decisions.map_or(Vec::new(), |all| all.iter().map(entry).collect())
}

fn nothing_is_recorded(company: &Company, ids: &BTreeMap<String, String>) {
    for id in ids.values() {
        assert_eq!(trail(company, id), Vec::<Vec<String>>::new(), "{id}");
    }
}

impl Answer {
    /// Asserts that nothing was recorded for one reason.
    fn refuses(self, part: &str) -> Self {
        self.exits(3).says(part)
    }
}
