//! `--from-file`: a table for one of the four commands, all of it or nothing.

use std::fmt::Write as _;

use super::{by_order, fund_more, nothing_is_recorded, trail, with_mismatches};
use crate::story::NIGHTS;

const BY_ANA: [&str; 2] = ["--user", "ana"];

fn call(company: &crate::company::Company, words: &[&str]) -> crate::company::Answer {
    company.call(&[words, &BY_ANA].concat())
}

#[test]
fn a_table_accepts_many_and_the_trail_names_its_rows() {
    let (company, ids) = with_mismatches(3);
    let table = format!(
        "reason;id;assignee\nagreed;{};\n\"written off; approved\";{};Léa\n",
        ids["WEB-1"], ids["WEB-3"]
    );
    company.put("decisions.csv", table);
    let answer = call(&company, &["accept", "--from-file", "decisions.csv"]).exits(0);
    assert!(
        answer
            .stdout
            .ends_with("decisions.csv: 3 decisions recorded\n"),
        "{answer}"
    );
    let expected = [
        ["ana", "accept", "written off; approved", "decisions.csv:3"],
        ["ana", "assign", "Léa", "decisions.csv:3"],
    ];
    assert_eq!(trail(&company, &ids["WEB-3"]), expected);
    let shown = company.call(&["show", &ids["WEB-3"]]).exits(0);
    assert!(shown.stdout.contains("decisions.csv:3"), "{shown}");
    let night = by_order(&company, 1);
    let states = ["WEB-1", "WEB-2", "WEB-3"].map(|order| night[order]["state"].as_str());
    assert_eq!(states, ["accepted", "persisting", "accepted"]);
    assert_eq!(night["WEB-3"]["assignee"], "Léa");
    assert_eq!(night["WEB-3"]["note"], "written off; approved");
}

#[test]
fn note_assign_and_reopen_take_tables_too() {
    let (company, ids) = with_mismatches(1);
    let id = &ids["WEB-1"];
    company.put("note.csv", format!("id,note\n{id},asked Oney\n"));
    company.put("assign.csv", format!("id,assignee\n{id},Bo\n"));
    company.put("accept.csv", format!("id\n{id}\n"));
    company.put("reopen.csv", format!("id\n{id}\n"));
    call(&company, &["note", "--from-file", "note.csv"]).exits(0);
    call(&company, &["assign", "--from-file", "assign.csv"]).exits(0);
    let words = ["accept", "--from-file", "accept.csv", "--reason", "small"];
    call(&company, &words).exits(0);
    call(&company, &["reopen", "--from-file", "reopen.csv"]).exits(0);
    let actions: Vec<String> = trail(&company, id)
        .into_iter()
        .map(|entry| entry[1..].join(" "))
        .collect();
    assert_eq!(
        actions,
        [
            "note asked Oney note.csv:2",
            "assign Bo assign.csv:2",
            "accept small accept.csv:2",
            "reopen  reopen.csv:2"
        ]
    );
}

#[test]
fn one_bad_row_refuses_the_whole_table_with_its_place_and_a_sentence() {
    let (company, ids) = with_mismatches(2);
    let (good, id) = (&ids["WEB-1"], &ids["WEB-2"]);
    for (row, sentence) in [
        (
            "000000000000,?,accept,".to_owned(),
            "decisions.csv:3: there never was a discrepancy 000000000000",
        ),
        (
            format!("{id},,accept,"),
            "decisions.csv:3, column reason: to accept needs a reason",
        ),
        (
            format!("{id},?,reopen,"),
            "decisions.csv:3, column decision: «reopen» is another decision than the command's",
        ),
        (format!("{id},?,accept,91.00"), "91.00 actual"),
        (format!("{id},?"), "decisions.csv:3: the row has 2 fields"),
        (
            format!("{good},another reason,accept,"),
            "decisions.csv:2 already says accept about the same discrepancy («agreed»)",
        ),
    ] {
        let table = format!("id,reason,decision,actual\n{good},agreed,accept,90\n{row}\n");
        company.put("decisions.csv", table);
        let answer = call(&company, &["accept", "--from-file", "decisions.csv"]);
        let answer = answer.refuses(sentence);
        assert_eq!(answer.stdout, "", "{answer}");
        assert!(
            answer
                .stderr
                .contains("nothing of decisions.csv is recorded")
        );
        nothing_is_recorded(&company, &ids);
    }
}

#[test]
fn what_is_no_table_is_refused_and_what_is_not_there_is_a_failure() {
    let (company, _) = with_mismatches(1);
    company.put("letter.txt", "Dear all,\nplease accept everything.\n");
    call(&company, &["accept", "--from-file", "letter.txt"])
        .refuses("letter.txt has no table with the columns id");
    call(&company, &["accept", "--from-file", "nowhere.csv"])
        .exits(1)
        .says("there is no file nowhere.csv");
    for words in [
        &["accept", "--from-file", "a.csv", "3f0c2a9b17de"][..],
        &["accept", "--reason", "x"],
        &["note", "3f0c2a9b17de"],
        &["reopen"],
    ] {
        company.call(words).exits(2);
    }
}

#[test]
fn only_what_is_accepted_can_be_reopened_and_twice_is_once() {
    let (company, ids) = with_mismatches(2);
    let (one, two) = (&ids["WEB-1"], &ids["WEB-2"]);
    company.put("decisions.csv", format!("id,reason\n{one},\n{two},\n"));
    let reopen = ["reopen", "--from-file", "decisions.csv"];
    company
        .call(&["accept", one, "--reason", "small", "--user", "ana"])
        .exits(0);
    call(&company, &reopen).refuses(&format!("{two} is not accepted"));
    assert_eq!(trail(&company, one).len(), 1);
    company.put("decisions.csv", format!("id,reason\n{one},\n"));
    call(&company, &reopen).exits(0);
    call(&company, &reopen).exits(0);
    assert_eq!(trail(&company, one).len(), 2);
}

#[test]
fn a_dry_run_says_what_would_be_and_records_nothing() {
    let (company, ids) = with_mismatches(1);
    let id = &ids["WEB-1"];
    company.put("decisions.csv", format!("id,reason\n{id},agreed\n"));
    let words = ["accept", "--from-file", "decisions.csv", "--dry-run"];
    let answer = call(&company, &words).exits(0);
    let expected = format!(
        "would be accepted: {id} AMOUNT_MISMATCH (decisions.csv:2)\n\
         decisions.csv: 1 decision would be recorded\n"
    );
    assert_eq!(answer.stdout, expected);
    nothing_is_recorded(&company, &ids);
}

#[test]
fn one_document_tells_a_program_what_became_of_each_row() {
    let (company, ids) = with_mismatches(2);
    let (one, two) = (&ids["WEB-1"], &ids["WEB-2"]);
    company.put("decisions.csv", format!("id,reason\n{one},a\n{two},\n"));
    let words = ["accept", "--from-file", "decisions.csv", "--json"];
    let answer = call(&company, &words).exits(3);
    let told: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(told["recorded"], false);
    assert_eq!(told["decisions"][0]["id"], one.as_str());
    assert_eq!(told["decisions"][0]["line"], 2);
    assert_eq!(told["refused"][0]["id"], two.as_str());
    assert_eq!(told["refused"][0]["line"], 3);
    assert_eq!(told["refused"][0]["column"], "reason");
}

#[test]
fn ten_thousand_decisions_are_one_transaction() {
    let (company, ids) = with_mismatches(10_000);
    let mut table = "id,reason\n".to_owned();
    for id in ids.values() {
        writeln!(table, "{id},agreed").unwrap();
    }
    company.put("decisions.csv", table);
    let answer = call(&company, &["accept", "--from-file", "decisions.csv"]).exits(0);
    assert!(
        answer
            .stdout
            .ends_with("decisions.csv: 10000 decisions recorded\n"),
        "the end of what it says"
    );
    let again = call(&company, &["accept", "--from-file", "decisions.csv"]).exits(0);
    let none = "decisions.csv: 0 decisions recorded, 10000 recorded before\n";
    assert!(again.stdout.ends_with(none));
}

/// Not what the file shows, but what is stored: the acceptance is for the amounts of now.
#[test]
fn an_acceptance_by_table_ends_when_the_amount_changes() {
    let (company, ids) = with_mismatches(1);
    company.put("d.csv", format!("id,reason\n{},agreed\n", ids["WEB-1"]));
    call(&company, &["accept", "--from-file", "d.csv"]).exits(0);
    assert_eq!(by_order(&company, 1)["WEB-1"]["state"], "accepted");
    fund_more(&company, "WEB-1", 2);
    assert_eq!(by_order(&company, 2)["WEB-1"]["state"], "changed");
    assert_eq!(
        company.report(NIGHTS[2]).only("AMOUNT_MISMATCH")["actual"],
        "94.00"
    );
}
