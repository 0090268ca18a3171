//! Files of decisions that are delivered like any other input.

use std::fs;

use super::trail;
use crate::company::{CONFIG, Company};
use crate::databases::on_both_with;
use crate::rows::{crp_name, csv, funding, order};
use crate::story::NIGHTS;

/// A configuration with a folder for decisions, and a limit for what one person may decide.
fn config() -> String {
    format!(
        "{CONFIG}\n[[input]]\nkind = \"decisions\"\npath = \"inbox/decisions\"\n\
         [decisions]\napproval_above = \"500.00\"\n"
    )
}

/// One order is short of 20.00, one of 900.00 and one of 30.00; their ids in this order.
fn with_three(company: &Company) -> Vec<String> {
    fs::create_dir_all(company.path("inbox/decisions")).unwrap();
    let name = |number: usize| format!("WEB-{number}");
    let orders: Vec<_> = (1..=3)
        .map(|number| order(&name(number), "2026-11-10", "1000.00"))
        .collect();
    company.put("inbox/orders/o.csv", csv(&orders));
    let lines: Vec<_> = ["980.00", "100.00", "970.00"]
        .iter()
        .zip(1..)
        .map(|(gross, number)| funding(&name(number), "2026-11-10", gross))
        .collect();
    company.put(&crp_name("2026-11-15", 1), csv(&lines));
    let found = company.night(NIGHTS[0]).found("AMOUNT_MISMATCH");
    let id = |number: usize| {
        let of = |row: &&crate::report::Row| row["order_reference"] == name(number);
        found.iter().find(of).unwrap()["id"].clone()
    };
    (1..=3).map(id).collect()
}

#[test]
fn what_is_true_is_taken_before_matching_and_what_is_not_is_rejected_with_its_reason() {
    on_both_with(&config(), |contract| {
        let company = &contract.company;
        let ids = with_three(company);
        let table = format!(
            "id,decision,reason,user,expected,actual\n\
             {},accept,agreed,lea,1000.00,980.00\n\
             {},accept,agreed,lea,1000.00,100.00\n\
             {},accept,agreed,lea,1000.00,977.00\n",
            ids[0], ids[1], ids[2]
        );
        company.put("inbox/decisions/decisions-2026-11-16.csv", &table);
        company.run(NIGHTS[1], &[]).exits(3);
        let report = company.report(NIGHTS[1]);
        let found = report.found("AMOUNT_MISMATCH");
        let state =
            |id: &String| found.iter().find(|row| row["id"] == *id).unwrap()["state"].clone();
        let states: Vec<String> = ids.iter().map(state).collect();
        assert_eq!(states, ["accepted", "persisting", "persisting"]);
        let input = report.input("decisions-2026-11-16.csv");
        let told = ["kind", "status", "rows", "accepted", "rejected"].map(|it| &*input[it]);
        assert_eq!(told, ["decisions", "accepted", "3", "2", "1"]);
        let rejected = report.table("rejected");
        assert_eq!((rejected.len(), &*rejected[0]["line"]), (1, "4"));
        assert!(
            rejected[0]["reason"].contains("has changed: the file shows 1000.00 expected and 977"),
            "{rejected:?}"
        );
        // The same bytes under another name decide nothing again; another person approves.
        company.call(&["reopen", &ids[0], "--user", "ana"]).exits(0);
        company.put("inbox/decisions/copy.csv", &table);
        let yes = format!("id,decision,reason,user\n{},approve,,ana\n", ids[1]);
        company.put("inbox/decisions/yes.csv", &yes);
        let nobody = format!("id,decision,reason\n{},reject,no\n", ids[2]);
        company.put("inbox/decisions/nobody.csv", &nobody);
        company.run(NIGHTS[2], &[]).exits(3);
        let report = company.report(NIGHTS[2]);
        assert_eq!(report.input("copy.csv")["status"], "duplicate");
        let found = report.found("AMOUNT_MISMATCH");
        let state =
            |id: &String| found.iter().find(|row| row["id"] == *id).unwrap()["state"].clone();
        let states: Vec<String> = ids.iter().map(state).collect();
        assert_eq!(states, ["persisting", "accepted", "persisting"]);
        let told = trail(company, &ids[1]);
        let last = told.last().unwrap();
        assert_eq!(
            (&*last[0], &*last[1], &*last[3]),
            ("ana", "approve", "yes.csv:2")
        );
    });
}

#[test]
fn before_there_is_a_night_to_decide_about_a_file_waits_for_one() {
    let company = Company::with(&config());
    fs::create_dir_all(company.path("inbox/decisions")).unwrap();
    company.put(
        "inbox/decisions/d.csv",
        "id,decision,reason\n000000000000,accept,early\n",
    );
    company.run(NIGHTS[0], &[]).exits(3);
    assert_eq!(company.report(NIGHTS[0]).input("d.csv")["status"], "unread");
    company.run(NIGHTS[1], &[]).exits(3);
    let report = company.report(NIGHTS[1]);
    assert_eq!(report.input("d.csv")["status"], "accepted");
    assert!(report.table("rejected")[0]["reason"].contains("there never was a discrepancy"));
    company.put("inbox/decisions/other.csv", "order,amount\nWEB-1,2\n");
    company.run(NIGHTS[2], &[]).exits(3);
    assert_eq!(
        company.report(NIGHTS[2]).input("other.csv")["status"],
        "refused"
    );
}
