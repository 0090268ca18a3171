//! `discrepancies` and `show` against the report of the same night, and reports of one provider.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::company::{AS_OF, Company};
use crate::report::Row;
use crate::samples;

/// The samples after their night, which has causes of several rules.
fn company() -> Company {
    let company = samples::company_with(str::to_owned);
    company.run(AS_OF, &[]).exits(3);
    company
}

fn rows(json: &Value) -> Vec<BTreeMap<String, String>> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    let row = |row: &Value| {
        let cells = row.as_object().unwrap().iter();
        cells
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    };
    json.as_array().unwrap().iter().map(row).collect()
}

/// What `discrepancies --json` lists.
fn listed(company: &Company, more: &[&str]) -> Vec<BTreeMap<String, String>> {
    let answer = company
        .call(&[&["discrepancies", "--json"], more].concat())
        .exits(0);
    rows(&serde_json::from_str(&answer.stdout).unwrap())
}

#[test]
fn the_list_has_the_values_of_the_report_of_its_night_cause_and_exposure_among_them() {
    let company = company();
    let report = company.report(AS_OF);
    let table = report.table("discrepancies");
    let explained = table.iter().filter(|row| !row["cause"].is_empty());
    assert!(explained.count() > 3, "the samples have causes");
    let of_list: BTreeMap<String, _> = listed(&company, &[])
        .into_iter()
        .map(|row| (row["id"].clone(), row))
        .collect();
    assert_eq!(of_list.len(), table.len());
    for row in &table {
        let listed = &of_list[&row["id"]];
        for (column, value) in row {
            // A CSV marks what would be a formula.
            let value = value.strip_prefix('\'').unwrap_or(value);
            assert_eq!(listed[column], value, "{column} of {row:?}");
        }
    }
}

#[test]
fn show_says_what_explains_a_discrepancy_and_what_it_explains() {
    let company = company();
    let table = company.report(AS_OF).table("discrepancies");
    let effect = table.iter().find(|row| !row["cause"].is_empty()).unwrap();
    let cause = effect["cause"].as_str();
    let show = |id: &str| -> Value {
        let answer = company.call(&["show", id, "--json"]).exits(0);
        let shown: Value = serde_json::from_str(&answer.stdout).unwrap();
        shown["found"][0].clone()
    };
    let shown = show(&effect["id"]);
    assert_eq!(shown["cause"], cause);
    assert_eq!(shown["discrepancies"][0]["cause"], cause);
    let explained = rows(&show(cause)["explains"]);
    assert!(explained.iter().any(|row| row["id"] == effect["id"]));
    let drawn = company.call(&["show", &effect["id"]]).exits(0);
    assert!(
        drawn.stdout.contains(&format!("cause       {cause}\n")),
        "{drawn}"
    );
    let listed = company.call(&["discrepancies"]).exits(0);
    let explained = format!("Explained by {cause}.\n");
    assert!(listed.stdout.contains(&explained), "{listed}");
}

#[test]
fn the_list_is_narrowed_by_open_by_severity_and_by_whoever_looks_after_it() {
    let company = company();
    let all = listed(&company, &[]);
    let id = all[0]["id"].as_str();
    company
        .call(&["assign", id, "Léa", "--user", "ana"])
        .exits(0);
    let other = all[1]["id"].as_str();
    company
        .call(&["accept", other, "--reason", "agreed", "--user", "ana"])
        .exits(0);
    let ids = |more: &[&str]| -> Vec<String> {
        let rows = listed(&company, more);
        rows.into_iter().map(|row| row["id"].clone()).collect()
    };
    assert_eq!(ids(&["--assignee", "léa"]), [id]);
    assert_eq!(ids(&["--assignee", "bo"]), Vec::<String>::new());
    let open = ids(&["--state", "open"]);
    assert!(!open.contains(&other.to_owned()) && open.len() + 1 == all.len());
    assert_eq!(ids(&["--state", "accepted"]), [other]);
    let by_severity = ["error", "warning", "info"].map(|it| ids(&["--severity", it]).len());
    assert_eq!(by_severity.iter().sum::<usize>(), all.len());
    assert!(by_severity.iter().all(|count| *count > 0));
}

#[test]
fn a_report_of_one_provider_has_orders_payouts_and_a_balance_of_that_provider_alone() {
    let company = company();
    let whole = company.report(AS_OF);
    let only = ["--provider", "payone", "--report-dir", "of-payone"];
    company.run(AS_OF, &only).done();
    let folder = company.path("of-payone").join(AS_OF);
    let part = crate::report::Report::at(&folder);
    let payone = |row: &Row| row["provider"] == "payone";
    for table in ["orders", "payouts", "balance"] {
        let mine: Vec<Row> = whole.table(table).into_iter().filter(payone).collect();
        assert!(
            mine.len() < whole.table(table).len() && !mine.is_empty(),
            "{table}"
        );
        let shown = part.table(table);
        assert!(shown.iter().all(payone), "{table}");
        assert_eq!(shown.len(), mine.len(), "{table}");
    }
}
