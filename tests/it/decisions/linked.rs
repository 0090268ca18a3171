//! Links: what they bring together, from which day on, and how they are taken back.

use serde_json::Value;

use crate::company::Company;
use crate::databases;
use crate::report::{Report, Row, assert_same};
use crate::rows::{ACCOUNT, Entry, camt, crp_name, csv, funding, order};
use crate::story::NIGHTS;

/// What a company's bank booked, as a statement up to a day.
fn statement(company: &Company, number: usize, to: &str, entries: &[Entry<'_>]) {
    let text = camt(&format!("S-{number}"), ["2026-11-09", to], 0, entries);
    company.put(&format!("inbox/bank/s{number}.xml"), text);
}

/// Oney funds WEB-1 under a mistyped reference, and pays with an entry that names nothing.
pub(super) fn mistyped(company: &Company) {
    let orders = [
        order("WEB-1", "2026-11-02", "100.00"),
        order("WEB-2", "2026-11-02", "50.00"),
    ];
    company.put("inbox/orders/o.csv", csv(&orders));
    let line = |reference: &str, gross: &str| {
        funding(reference, "2026-11-09", gross).with("Transfer_Id", "TFR77")
    };
    let report = [line("WEB-1x", "100.00"), line("WEB-2", "50.00")];
    company.put(&crp_name("2026-11-09", 1), csv(&report));
    company.knows_all_reports();
    let entries = [
        Entry {
            id: "E-1",
            day: "2026-11-11",
            cents: 14_000,
            text: "VIREMENT RECU",
        },
        Entry {
            id: "E-2",
            day: "2026-11-11",
            cents: 1_000,
            text: "ONEY DIVERS",
        },
    ];
    statement(company, 1, "2026-11-15", &entries);
}

/// The id of the only discrepancy of a code.
fn only(report: &Report, code: &str) -> String {
    let found = report.found(code);
    let open: Vec<_> = found
        .iter()
        .filter(|row| row["state"] != "resolved")
        .collect();
    assert_eq!(open.len(), 1, "{code}: {found:?}");
    open[0]["id"].clone()
}

fn has(report: &Report, code: &str) -> Vec<String> {
    report
        .found(code)
        .iter()
        .map(|row| row["state"].clone())
        .collect()
}

fn entry(id: &str) -> String {
    format!("{ACCOUNT}/{id}")
}

/// The night, and the same in full: they must not differ.
fn night(company: &Company, day: &str) -> Report {
    let copy = company.copy();
    let report = company.night(day);
    if company.path("var/recon.db").exists() {
        copy.run(day, &["--full"]).done();
        assert_same(
            &report.bytes(),
            &copy.report(day).bytes(),
            &format!("{day} in full"),
        );
    }
    report
}

#[test]
fn lines_are_of_the_order_that_a_person_names_and_later_ones_with_that_reference_too() {
    let company = Company::new();
    mistyped(&company);
    let first = night(&company, NIGHTS[0]);
    let id = only(&first, "ORDER_NOT_FOUND");
    assert_eq!(has(&first, "FUNDING_NOT_REPORTED"), ["new"]);
    company
        .call(&["link", &id, "--order", "WEB-8", "--reason", "typo"])
        .exits(2)
        .says("the shop has no order WEB-8");
    company
        .call(&["link", &id, "--order", "WEB-1", "--reason", "typo"])
        .exits(0);
    let second = night(&company, NIGHTS[1]);
    assert_eq!(has(&second, "ORDER_NOT_FOUND"), ["resolved"]);
    assert_eq!(has(&second, "FUNDING_NOT_REPORTED"), ["resolved"]);
    let of_order = |report: &Report| {
        let rows = report.table("orders");
        rows.into_iter()
            .find(|row| row["order_reference"] == "WEB-1")
    };
    let row = of_order(&second).unwrap();
    assert_eq!(
        (&*row["reported_funded"], &*row["state"]),
        ("100.00", "balanced")
    );
    // A later line with the same written reference is of that order too.
    let more = funding("WEB-1x", "2026-11-16", "100.00").with("Transaction_number", "TX-AGAIN");
    company.put(&crp_name("2026-11-16", 3), csv(&[more]));
    let third = night(&company, NIGHTS[2]);
    assert_eq!(has(&third, "DUPLICATE_FUNDING"), ["new"]);
    assert_eq!(of_order(&third).unwrap()["reported_funded"], "200.00");
    // Taken back, everything is as it was.
    company
        .call(&["unlink", &id, "--reason", "it was another one"])
        .exits(0);
    let fourth = night(&company, NIGHTS[3]);
    assert_eq!(has(&fourth, "DUPLICATE_FUNDING"), ["resolved"]);
    assert_eq!(has(&fourth, "FUNDING_NOT_REPORTED"), ["new"]);
    assert_eq!(only(&fourth, "ORDER_NOT_FOUND"), id);
    assert!(
        night(&company, NIGHTS[4])
            .found("DUPLICATE_FUNDING")
            .is_empty()
    );
    let shown = company.call(&["show", &id]).exits(0).stdout;
    assert!(
        shown.contains("order WEB-1") && shown.contains("unlink"),
        "{shown}"
    );
}

#[test]
fn a_line_without_a_reference_is_linked_by_what_it_is() {
    let company = Company::new();
    let orders = [order("WEB-1", "2026-11-02", "100.00")];
    company.put("inbox/orders/o.csv", csv(&orders));
    let lines = [
        funding("", "2026-11-09", "100.00").with("Transaction_number", "A"),
        funding("", "2026-11-09", "70.00").with("Transaction_number", "B"),
    ];
    company.put(&crp_name("2026-11-09", 1), csv(&lines));
    company.knows_all_reports();
    let first = night(&company, NIGHTS[0]);
    let found = first.found("REFERENCE_MISSING");
    let of = |actual: &str| found.iter().find(|row| row["actual"] == actual).unwrap()["id"].clone();
    company
        .call(&[
            "link",
            &of("100.00"),
            "--order",
            "WEB-1",
            "--reason",
            "asked Oney",
        ])
        .exits(0);
    let second = night(&company, NIGHTS[1]);
    let states = has(&second, "REFERENCE_MISSING");
    assert_eq!(
        (states.len(), states.contains(&"resolved".to_owned())),
        (2, true),
        "{states:?}"
    );
    assert_eq!(only(&second, "REFERENCE_MISSING"), of("70.00"));
    assert_eq!(has(&second, "FUNDING_NOT_REPORTED"), ["resolved"]);
    company
        .call(&["unlink", &of("100.00"), "--reason", "wrong"])
        .exits(0);
    let third = night(&company, NIGHTS[2]);
    assert_eq!(third.found("REFERENCE_MISSING").len(), 2);
    assert_eq!(has(&third, "FUNDING_NOT_REPORTED"), ["new"]);
}

/// The row of the payout that [`mistyped`] has.
fn of_payout(report: &Report) -> Row {
    let rows = report.table("payouts").into_iter();
    let mut rows = rows.filter(|row| row["payout_reference"] == "TFR77");
    rows.next().unwrap()
}

#[test]
fn sums_that_differ_are_refused_with_both() {
    let company = Company::new();
    mistyped(&company);
    let id = only(&night(&company, NIGHTS[0]), "PAYOUT_NOT_RECEIVED");
    let (one, other, unknown) = (entry("E-1"), entry("E-2"), entry("E-9"));
    let link =
        |more: &[&str]| company.call(&[&["link", &id, "--reason", "see advice"], more].concat());
    for (more, said) in [
        (
            ["--entry", &one],
            "adds up to 150.00 EUR, what the bank booked to 140.00 EUR",
        ),
        (["--entry", "E-1"], "write its account and its id"),
        (["--entry", &unknown], "there is no entry E-9"),
        (
            ["--order", "WEB-1"],
            "takes no --order; it takes --entry and --write-off",
        ),
    ] {
        link(&more).exits(2).says(said);
    }
    link(&["--entry", &one, "--entry", &other]).exits(0);
    link(&["--entry", &one]).exits(2).says("is linked already");
    let second = night(&company, NIGHTS[1]);
    let row = of_payout(&second);
    let told = ["state", "matched_by", "booked", "bank_entries"].map(|column| &*row[column]);
    assert_eq!(told, ["matched", "decision", "150.00", "E-1;E-2"]);
    assert_eq!(has(&second, "BANK_CREDIT_UNEXPLAINED"), ["resolved"]);
}

/// What `show` says, as JSON: the part of a kind.
fn shown(company: &Company, reference: &str, kind: &str) -> Value {
    let answer = company.call(&["show", reference, "--json"]).exits(0);
    let shown: Value = serde_json::from_str(&answer.stdout).unwrap();
    let parts = shown["found"].as_array().unwrap();
    let part = parts.iter().find(|part| part["is"] == kind);
    part.unwrap_or_else(|| panic!("no {kind}: {shown}")).clone()
}

#[test]
fn what_may_belong_together_is_suggested_and_what_does_is_shown() {
    let company = Company::new();
    mistyped(&company);
    let first = night(&company, NIGHTS[0]);
    let order_id = only(&first, "ORDER_NOT_FOUND");
    let suggested = &shown(&company, &order_id, "discrepancy")["suggestions"];
    assert_eq!(suggested[0]["link_with"], "--order WEB-1");
    let why = suggested[0]["why"].as_str().unwrap();
    assert!(
        why.contains("the same amount") && why.contains("«WEB-1x» is near WEB-1"),
        "{why}"
    );
    let id = only(&first, "PAYOUT_NOT_RECEIVED");
    let suggested = &shown(&company, &id, "discrepancy")["suggestions"];
    assert_eq!(
        suggested[0]["link_with"],
        format!("--entry {}", entry("E-1"))
    );
    let why_not = suggested[0]["why_not"].as_str().unwrap();
    assert!(why_not.contains("-10.00 EUR differ"), "{why_not}");
    assert!(why_not.contains("does not name Oney"), "{why_not}");

    company
        .call(&["link", &order_id, "--order", "WEB-1", "--reason", "typo"])
        .exits(0);
    let words = [
        "link",
        &id,
        "--entry",
        &entry("E-1"),
        "--entry",
        &entry("E-2"),
        "--reason",
        "x",
    ];
    company.call(&words).exits(0);
    night(&company, NIGHTS[1]);
    for (reference, kind, by) in [
        ("WEB-1", "order", &order_id),
        ("WEB-1x", "order", &order_id),
        ("TFR77", "payout", &id),
        ("E-1", "entry", &id),
    ] {
        let links = &shown(&company, reference, kind)["links"];
        assert_eq!(
            links[0]["decided_about"],
            by.as_str(),
            "{reference}: {links}"
        );
    }
    for id in [&id, &order_id] {
        let part = shown(&company, id, "discrepancy");
        assert_eq!(part["resolution"], "link");
        assert_eq!(part["suggestions"], Value::Null);
    }
    let ended = company
        .call(&["discrepancies", "--resolution", "link"])
        .exits(0)
        .stdout;
    assert!(ended.contains(&id) && ended.contains(&order_id), "{ended}");
    let ended = company
        .call(&["discrepancies", "--resolution", "itself"])
        .exits(0)
        .stdout;
    assert!(
        !ended.contains(&id) && !ended.contains(&order_id),
        "{ended}"
    );
}

#[test]
fn where_the_rest_goes_is_said_by_the_link_and_booked() {
    let company = Company::new();
    mistyped(&company);
    let first = night(&company, NIGHTS[0]);
    let id = only(&first, "PAYOUT_NOT_RECEIVED");
    let credit = only(&first, "BANK_CREDIT_UNEXPLAINED");
    let link = |id: &str, more: &[&str]| {
        company.call(&[&["link", id, "--reason", "see advice"], more].concat())
    };
    link(&credit, &[]).exits(2).says("--write-off ACCOUNT");
    link(&credit, &["--write-off", "758000"]).exits(0);
    link(&id, &["--entry", &entry("E-1"), "--write-off", "658000"]).exits(0);
    let second = night(&company, NIGHTS[1]);
    assert_eq!(has(&second, "BANK_CREDIT_UNEXPLAINED"), ["resolved"]);
    let row = of_payout(&second);
    let told = ["matched_by", "difference"].map(|column| &*row[column]);
    assert_eq!(told, ["decision", "-10.00"]);
    let words = "export hledger --from 2026-11-01 --to 2026-11-30";
    let words: Vec<&str> = words.split(' ').collect();
    let journal = company.call(&words).exits(0).stdout;
    for part in [
        "expenses:658000",
        "expenses:758000",
        "2026-11-16 * Oney | Payout TFR77",
    ] {
        assert!(journal.contains(part), "{part}: {journal}");
    }
}

#[test]
fn a_link_is_seen_from_its_own_day_on_whatever_is_repeated() {
    let company = Company::new();
    mistyped(&company);
    let nights: Vec<_> = NIGHTS[..2]
        .iter()
        .map(|day| night(&company, day).bytes())
        .collect();
    let id = only(&company.report(NIGHTS[1]), "PAYOUT_NOT_RECEIVED");
    let words = [
        "link",
        &id,
        "--entry",
        &entry("E-1"),
        "--entry",
        &entry("E-2"),
        "--reason",
        "x",
    ];
    company.call(&words).exits(0);
    // The night before the link tells what it told; that of its day, and all later ones, know it.
    assert_same(
        &night(&company, NIGHTS[0]).bytes(),
        &nights[0],
        "the first night again",
    );
    assert_eq!(
        has(&night(&company, NIGHTS[1]), "PAYOUT_NOT_RECEIVED"),
        ["resolved"]
    );
    let third = night(&company, NIGHTS[2]);
    assert!(third.found("PAYOUT_NOT_RECEIVED").is_empty());
    company
        .run(NIGHTS[0], &["--from", "2026-11-01", "--to", NIGHTS[0]])
        .done();
    let look = company.report(&format!("2026-11-01_{}_asof-{}", NIGHTS[0], NIGHTS[0]));
    assert_eq!(look.found("PAYOUT_NOT_RECEIVED").len(), 1);
}

#[test]
fn a_corrected_report_is_linked_as_the_one_before_was() {
    let company = Company::new();
    mistyped(&company);
    let first = night(&company, NIGHTS[0]);
    let order_id = only(&first, "ORDER_NOT_FOUND");
    let id = only(&first, "PAYOUT_NOT_RECEIVED");
    let words = [
        "link",
        &id,
        "--entry",
        &entry("E-1"),
        "--entry",
        &entry("E-2"),
        "--reason",
        "x",
    ];
    company.call(&words).exits(0);
    company
        .call(&["link", &order_id, "--order", "WEB-1", "--reason", "typo"])
        .exits(0);
    night(&company, NIGHTS[1]);
    // The same report again, with one line more and the mistyped one mended.
    let line = |reference: &str, gross: &str| {
        funding(reference, "2026-11-09", gross).with("Transfer_Id", "TFR77")
    };
    let corrected = [
        line("WEB-1", "100.00"),
        line("WEB-2", "50.00"),
        line("WEB-3", "5.00"),
    ];
    company.put(&crp_name("2026-11-10", 1), csv(&corrected));
    let third = night(&company, NIGHTS[2]);
    let found = third.found("PAYOUT_AMOUNT_MISMATCH");
    let amounts: Vec<_> = found
        .iter()
        .map(|row| (&*row["expected"], &*row["actual"]))
        .collect();
    assert_eq!(amounts, [("155.00", "150.00")]);
    assert!(third.found("FUNDING_NOT_REPORTED").is_empty());
    // Neither unlinking what links nothing any more nor linking anew goes wrong.
    company
        .call(&["unlink", &order_id, "--reason", "mended"])
        .exits(0);
    company
        .call(&["unlink", &order_id, "--reason", "mended"])
        .exits(2)
        .says("is not linked");
    let fourth = night(&company, NIGHTS[3]);
    assert!(fourth.found("FUNDING_NOT_REPORTED").is_empty());
    assert_eq!(has(&fourth, "PAYOUT_AMOUNT_MISMATCH"), ["persisting"]);
}

#[test]
fn the_lines_of_a_file_without_a_payout_belong_to_the_one_that_a_person_names() {
    let company = Company::new();
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-02", "100.00")]),
    );
    company.put(
        &crp_name("2026-11-09", 1),
        csv(&[funding("WEB-1", "2026-11-09", "100.00")]),
    );
    let paid = Entry {
        id: "E-1",
        day: "2026-11-11",
        cents: 10_000,
        text: "ONEY TFR99",
    };
    statement(&company, 1, "2026-11-20", &[paid]);
    company.knows_all_reports();
    let id = only(&night(&company, NIGHTS[0]), "PAYOUT_REFERENCE_MISSING");
    company
        .call(&[
            "link",
            &id,
            "--payout",
            "TFR99",
            "--reason",
            "advice of Oney",
        ])
        .exits(0);
    let second = night(&company, NIGHTS[1]);
    assert_eq!(has(&second, "PAYOUT_REFERENCE_MISSING"), ["resolved"]);
    assert_eq!(has(&second, "BANK_CREDIT_UNEXPLAINED"), ["resolved"]);
    let payouts = second.table("payouts");
    assert_eq!(
        [&*payouts[0]["payout_reference"], &*payouts[0]["matched_by"]],
        ["TFR99", "reference"]
    );
    let balance = second.table("balance");
    assert_eq!(
        [&*balance[0]["matched"], &*balance[0]["unassigned"]],
        ["100.00", "0.00"]
    );
    company
        .call(&["unlink", &id, "--reason", "another one"])
        .exits(0);
    let third = night(&company, NIGHTS[2]);
    assert_eq!(has(&third, "PAYOUT_REFERENCE_MISSING"), ["new"]);
}

#[test]
fn links_are_the_same_on_both_databases() {
    let Some(database) = databases::PostgresDatabase::create() else {
        return;
    };
    let postgres = Company::new().on(&database.url);
    let nights = |company: &Company| {
        mistyped(company);
        let first = company.night(NIGHTS[0]);
        let order_id = only(&first, "ORDER_NOT_FOUND");
        let id = only(&first, "PAYOUT_NOT_RECEIVED");
        company
            .call(&["link", &order_id, "--order", "WEB-1", "--reason", "typo"])
            .exits(0);
        let one = entry("E-1");
        let words = [
            "link",
            &id,
            "--entry",
            &one,
            "--write-off",
            "658000",
            "--reason",
            "short",
        ];
        company.call(&words).exits(0);
        let second = company.night(NIGHTS[1]).bytes();
        company
            .call(&["unlink", &order_id, "--reason", "no"])
            .exits(0);
        [first.bytes(), second, company.night(NIGHTS[2]).bytes()]
    };
    let sqlite = nights(&Company::new());
    for (left, right) in sqlite.iter().zip(nights(&postgres)) {
        assert_same(left, &right, "on PostgreSQL");
    }
}
