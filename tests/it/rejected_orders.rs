//! How long a rejected row of an order is told: until a later row of the order is accepted.

use crate::company::Company;
use crate::rows::{crp_name, csv, funding, order};

const NIGHTS: [&str; 4] = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"];

/// The states of rejected rows on a night, by file and line.
fn rejected(company: &Company, night: usize) -> Vec<(String, String)> {
    let found = company.night(NIGHTS[night]).found("LINE_REJECTED");
    let of_row = found.into_iter();
    of_row
        .map(|row| (row["file"].clone(), row["state"].clone()))
        .collect()
}

#[test]
fn a_later_accepted_row_of_the_order_settles_it_also_where_it_says_nothing_new() {
    let company = Company::new();
    company.knows_all_reports();
    let good = |name: &str| order(name, "2026-11-12", "100.00");
    let bad = |name: &str| good(name).with("amount", "1OO.00");
    company.put("inbox/orders/a.csv", csv(&[good("WEB-1"), good("WEB-2")]));
    assert_eq!(rejected(&company, 0), []);
    company.put("inbox/orders/b.csv", csv(&[bad("WEB-1"), bad("WEB-2")]));
    let both = |state: &str| ["b.csv:2", "b.csv:3"].map(|file| (file.to_owned(), state.to_owned()));
    assert_eq!(rejected(&company, 1), both("new"));
    // What the shop says of WEB-1 is what is stored already; WEB-2 was settled by nobody.
    company.put("inbox/orders/c.csv", csv(&[good("WEB-1")]));
    let [first, second] = [both("resolved"), both("persisting")];
    assert_eq!(rejected(&company, 2), [first[0].clone(), second[1].clone()]);
    company.run(NIGHTS[2], &["--full"]).done();
    assert_eq!(rejected(&company, 3), [second[1].clone()]);
}

#[test]
fn a_row_of_another_provider_or_further_up_in_the_same_file_settles_nothing() {
    let company = Company::new();
    company.knows_all_reports();
    let good = order("WEB-1", "2026-11-12", "100.00");
    let bad = good.clone().with("amount", "1OO.00");
    company.put("inbox/orders/a.csv", csv(&[good.clone(), bad]));
    assert_eq!(rejected(&company, 0).len(), 1);
    let other = good.with("provider", "payone");
    company.put("inbox/orders/b.csv", csv(&[other]));
    let stands = [("a.csv:3".to_owned(), "persisting".to_owned())];
    assert_eq!(rejected(&company, 1), stands);
}

/// Where a row has a field too many, its references can be read all the same.
#[test]
fn a_row_of_another_width_explains_what_is_found_of_the_order_that_it_names() {
    let company = Company::new();
    company.knows_all_reports();
    let good = order("WEB-1", "2026-11-12", "100.00");
    company.put("inbox/orders/a.csv", csv(&[good]));
    let line = csv(&[funding("WEB-1", "2026-11-12", "100.00")]);
    company.put(
        &crp_name("2026-11-12", 1),
        format!("{},more\n", line.trim_end()),
    );
    let report = company.night(NIGHTS[3]);
    let rejected = report.found("LINE_REJECTED");
    let missing = report.found("FUNDING_NOT_REPORTED");
    assert_eq!(
        (rejected.len(), missing.len()),
        (1, 1),
        "{rejected:?} {missing:?}"
    );
    assert_eq!(missing[0]["cause"], rejected[0]["id"]);
}
