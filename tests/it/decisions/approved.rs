//! Four eyes, write-offs, what is put aside: what holds at once and what waits for another person.

use std::fmt::Write as _;

use super::{trail, with_mismatches};
use crate::company::{Answer, CONFIG, Company};
use crate::report::Row;
use crate::rows::{crp_name, csv, funding, order};
use crate::story::NIGHTS;

/// A company where one order is short of 20.00 and another one of 900.00, and the ids.
fn with_two(limit: &str) -> (Company, [String; 2]) {
    let company = Company::with(&format!(
        "{CONFIG}\n[decisions]\napproval_above = \"{limit}\"\n"
    ));
    let orders = [
        order("WEB-1", "2026-11-10", "100.00"),
        order("WEB-2", "2026-11-10", "1000.00"),
    ];
    company.put("inbox/orders/o.csv", csv(&orders));
    let lines = [
        funding("WEB-1", "2026-11-10", "80.00"),
        funding("WEB-2", "2026-11-10", "100.00"),
    ];
    company.put(&crp_name("2026-11-15", 1), csv(&lines));
    let found = company.night(NIGHTS[0]).found("AMOUNT_MISMATCH");
    let of = |order: &str| {
        found
            .iter()
            .find(|row| row["order_reference"] == order)
            .unwrap()["id"]
            .clone()
    };
    let ids = [of("WEB-1"), of("WEB-2")];
    (company, ids)
}

fn row(company: &Company, night: usize, id: &str) -> Row {
    let found = company.night(NIGHTS[night]).found("AMOUNT_MISMATCH");
    found.into_iter().find(|row| row["id"] == id).unwrap()
}

fn by(company: &Company, user: &str, words: &[&str]) -> Answer {
    company.call(&[words, &["--user", user]].concat())
}

#[test]
fn an_acceptance_of_much_holds_only_once_another_person_has_approved_it() {
    let (company, [small, large]) = with_two("500.00");
    let accept = |id: &str| {
        by(&company, "lea", &["accept", id, "--reason", "agreed"])
            .exits(0)
            .stdout
    };
    assert!(accept(&small).starts_with("accepted:"));
    assert!(accept(&large).starts_with("proposed, not accepted yet:"));
    assert_eq!(row(&company, 1, &small)["state"], "accepted");
    let waits = row(&company, 1, &large);
    assert_eq!(
        (&*waits["state"], &*waits["note"]),
        ("persisting", "proposed accept (lea): agreed")
    );
    let proposed = company
        .call(&["discrepancies", "--proposed"])
        .exits(0)
        .stdout;
    assert!(
        proposed.contains(&large) && !proposed.contains(&small),
        "{proposed}"
    );
    by(&company, " LEA", &["approve", &large])
        .exits(2)
        .says("nobody approves a decision of their own");
    by(&company, "lea", &["accept", &large, "--reason", "again"])
        .exits(2)
        .says("already waits");
    by(&company, "ana", &["approve", &small])
        .exits(2)
        .says("nothing is proposed");
    by(&company, "ana", &["approve", &large]).exits(0);
    by(&company, "ana", &["approve", &large])
        .exits(2)
        .says("nothing is proposed");
    let accepted = row(&company, 2, &large);
    assert_eq!(
        (&*accepted["state"], &*accepted["note"]),
        ("accepted", "agreed")
    );
    let told: Vec<String> = trail(&company, &large)
        .into_iter()
        .map(|it| it[..2].join(" "))
        .collect();
    assert_eq!(told, ["lea accept (proposed)", "ana approve"]);
}

#[test]
fn what_is_rejected_never_holds_and_what_changed_cannot_be_approved() {
    let (company, [_, large]) = with_two("500.00");
    by(&company, "lea", &["accept", &large, "--reason", "agreed"]).exits(0);
    by(
        &company,
        "ana",
        &["reject", &large, "--reason", "ask Oney first"],
    )
    .exits(0);
    by(&company, "ana", &["approve", &large])
        .exits(2)
        .says("nothing is proposed");
    assert_eq!(row(&company, 1, &large)["state"], "persisting");
    let words = [
        "write-off",
        &large,
        "--account",
        "658000",
        "--reason",
        "lost",
    ];
    by(&company, "lea", &words).exits(0);
    let more = funding("WEB-2", "2026-11-16", "4.00").with("Transaction_number", "TX-MORE");
    company.put(&crp_name("2026-11-16", 2), csv(&[more]));
    assert_eq!(row(&company, 2, &large)["state"], "changed");
    by(&company, "ana", &["approve", &large])
        .exits(2)
        .says("other amounts than when lea proposed");
    // Note, assignee and snooze need nobody else.
    by(&company, "lea", &["assign", &large, "ana"]).exits(0);
    by(
        &company,
        "lea",
        &[
            "snooze",
            &large,
            "--until",
            "2026-12-24",
            "--reason",
            "asked",
        ],
    )
    .exits(0);
    assert_eq!(row(&company, 3, &large)["assignee"], "ana");
}

#[test]
fn a_link_about_much_is_proposed_too() {
    let company = Company::with(&format!(
        "{CONFIG}\n[decisions]\napproval_above = \"99.99\"\n"
    ));
    super::linked::mistyped(&company);
    let id = company.night(NIGHTS[0]).only("ORDER_NOT_FOUND")["id"].clone();
    let link = ["link", &id, "--order", "WEB-1", "--reason", "typo"];
    let said = by(&company, "lea", &link).exits(0).stdout;
    assert!(said.starts_with("proposed, not linked yet"), "{said}");
    assert_eq!(
        company.night(NIGHTS[1]).only("ORDER_NOT_FOUND")["state"],
        "persisting"
    );
    by(&company, "lea", &["approve", &id]).exits(2);
    by(&company, "ana", &["approve", &id]).exits(0);
    assert_eq!(
        company.night(NIGHTS[2]).only("ORDER_NOT_FOUND")["state"],
        "resolved"
    );
}

#[test]
fn what_is_written_off_is_accepted_and_booked_and_goes_back_when_it_is_reopened() {
    let (company, ids) = with_mismatches(2);
    let (one, other) = (&ids["WEB-1"], &ids["WEB-2"]);
    let words = [
        "write-off",
        one,
        "--account",
        "658 000",
        "--reason",
        "small",
    ];
    company
        .call(&words)
        .exits(2)
        .says("«658 000» is no account");
    company
        .call(&["write-off", one, "--account", "658000", "--reason", "small"])
        .exits(0);
    company
        .call(&[
            "write-off",
            other,
            "--account",
            "658000",
            "--reason",
            "small",
        ])
        .exits(0);
    let second = company.night(NIGHTS[1]);
    let found = second.found("AMOUNT_MISMATCH");
    assert!(
        found.iter().all(|row| row["state"] == "accepted"),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .all(|row| row["note"] == "write-off 658000: small"),
        "{found:?}"
    );
    let journal = |from: &str, to: &str| {
        let words = ["export", "beancount", "--from", from, "--to", to];
        company.call(&words).exits(0).stdout
    };
    let booked = journal(NIGHTS[0], NIGHTS[0]);
    assert_eq!(booked.matches("Write-off WEB-").count(), 2, "{booked}");
    assert!(booked.contains("Expenses:658000"), "{booked}");
    assert!(
        booked
            .lines()
            .any(|line| line.contains("Expenses:658000 ") && line.contains(" 10.00 EUR"))
    );
    // Taken back on another day: what was posted stays, and goes back then.
    company.call(&["reopen", other]).exits(0);
    company.night(NIGHTS[2]);
    assert_eq!(
        journal(NIGHTS[0], NIGHTS[0])
            .matches("Write-off WEB-")
            .count(),
        2
    );
    let back = journal(NIGHTS[1], NIGHTS[1]);
    assert_eq!(back.matches("Write-off WEB-2").count(), 1, "{back}");
    assert!(
        back.lines()
            .any(|line| line.contains("Expenses:658000 ") && line.contains("-10.00 EUR"))
    );
    // So does what ends because its amounts change.
    let more = funding("WEB-1", "2026-11-18", "4.00").with("Transaction_number", "TX-MORE");
    company.put(&crp_name("2026-11-18", 2), csv(&[more]));
    company.night(NIGHTS[3]);
    let back = journal(NIGHTS[3], NIGHTS[3]);
    assert_eq!(back.matches("Write-off WEB-1").count(), 1, "{back}");
}

#[test]
fn what_is_put_aside_fails_no_strict_night_until_its_day_or_its_amounts_change() {
    let (company, [small, large]) = with_two("500.00");
    // What else is wrong is accepted first.
    let strict = |night: usize| {
        for row in company.night(NIGHTS[night]).table("discrepancies") {
            let is_open = !["accepted", "resolved"].contains(&&*row["state"]);
            if is_open && row["severity"] == "error" && row["code"] != "AMOUNT_MISMATCH" {
                let words = ["accept", &row["id"], "--reason", "no matter"];
                company.call(&words).exits(0);
            }
        }
        company.run(NIGHTS[night], &["--strict"]).code
    };
    for id in [&small, &large] {
        let early = ["snooze", id, "--until", NIGHTS[0], "--reason", "asked"];
        company.call(&early).exits(2).says("say a later day");
        company
            .call(&["snooze", id, "--until", NIGHTS[3], "--reason", "asked"])
            .exits(0);
    }
    assert_eq!(strict(1), 0);
    assert_eq!(row(&company, 1, &large)["note"], "snooze 2026-11-19: asked");
    assert_eq!((strict(2), strict(3)), (0, 4));
    for id in [&small, &large] {
        company
            .call(&["snooze", id, "--until", "2026-12-24", "--reason", "asked"])
            .exits(0);
    }
    let more = funding("WEB-2", "2026-11-19", "4.00").with("Transaction_number", "TX-MORE");
    company.put(&crp_name("2026-11-19", 2), csv(&[more]));
    assert_eq!(strict(4), 4);
}

#[test]
fn reasons_that_look_like_formulas_or_markup_stay_texts() {
    let (company, ids) = with_mismatches(1);
    let id = &ids["WEB-1"];
    let reason = "=HYPERLINK(\"http://x\")<script>alert(1)</script>";
    company.call(&["accept", id, "--reason", reason]).exits(0);
    let note = company.night(NIGHTS[1]).only("AMOUNT_MISMATCH")["note"].clone();
    assert_eq!(note, format!("'{reason}"));
}

#[test]
fn five_thousand_rows_of_every_kind_are_one_transaction() {
    let (company, ids) = with_mismatches(5000);
    let mut table = String::from("id,decision,reason,account,until,user\n");
    for (number, id) in ids.values().enumerate() {
        let (decision, account, until) = match number % 3 {
            0 => ("accept", "", ""),
            1 => ("write-off", "658000", ""),
            _ => ("snooze", "", "2026-12-24"),
        };
        writeln!(table, "{id},{decision},bulk,{account},{until},ana").unwrap();
    }
    company.put("bulk.csv", &table);
    let dry = company
        .call(&["decisions", "import", "bulk.csv", "--dry-run"])
        .exits(0)
        .stdout;
    assert!(
        dry.contains("5000 decisions would be recorded"),
        "{}",
        dry.len()
    );
    assert_eq!(trail(&company, &ids["WEB-1"]), Vec::<Vec<String>>::new());
    company.put(
        "bad.csv",
        format!("{table}{},write-off,bulk,,,ana\n", "0".repeat(12)),
    );
    company.call(&["decisions", "import", "bad.csv"]).exits(3);
    assert_eq!(trail(&company, &ids["WEB-1"]), Vec::<Vec<String>>::new());
    company.call(&["decisions", "import", "bulk.csv"]).exits(0);
    let again = company
        .call(&["decisions", "import", "bulk.csv"])
        .exits(0)
        .stdout;
    assert!(
        again.contains("0 decisions recorded, 5000 recorded before"),
        "{}",
        again.len()
    );
    let first = trail(&company, &ids["WEB-1"]);
    assert_eq!((first.len(), first[0][0].as_str()), (1, "ana"));
}
