//! Who looks after a discrepancy and what was noted, in every report; hostile names and notes
//! among them.

use super::with_mismatches;
use crate::company::{CONFIG, Company};
use crate::rows::{crp_name, csv, funding, order};
use crate::story::NIGHTS;

const NOTES: [(&str, &str); 5] = [
    ("=HYPERLINK(\"http://example.com\")", "+Bo"),
    ("<script>alert(1)</script> & ]]>", "<b>Léa</b>"),
    ("Μαρία عبد \u{202e}gnp", "Μαρία"),
    ("first line\n2026-11-17  forged line\r\n\tthird", "عبد الله"),
    ("\u{1b}[2Jcleared \u{7}", "@SUM(A1)"),
];

fn noted() -> (Company, Vec<String>) {
    let config = CONFIG.replace(
        "formats = [\"csv\", \"json\"]",
        "formats = [\"csv\", \"json\", \"html\", \"xlsx\"]",
    );
    let company = Company::with(&config);
    let name = |number: usize| format!("WEB-{number}");
    let all: Vec<_> = (0..NOTES.len())
        .map(|number| order(&name(number), "2026-11-10", "100.00"))
        .collect();
    company.put("inbox/orders/o.csv", csv(&all));
    let all: Vec<_> = (0..NOTES.len())
        .map(|number| {
            let row = funding(&name(number), "2026-11-10", "90.00");
            row.with("Transaction_number", &format!("TX-{number}"))
        })
        .collect();
    company.put(&crp_name("2026-11-15", 1), csv(&all));
    let mut found = company.night(NIGHTS[0]).found("AMOUNT_MISMATCH");
    found.sort_by_key(|row| row["order_reference"].clone());
    let ids: Vec<String> = found.iter().map(|row| row["id"].clone()).collect();
    for (id, (note, assignee)) in ids.iter().zip(NOTES) {
        let by = ["--user", "ana"];
        company
            .call(&[&["note", id, note], &by[..]].concat())
            .exits(0);
        company
            .call(&[&["assign", id, assignee], &by[..]].concat())
            .exits(0);
    }
    company.run(NIGHTS[1], &[]).done();
    (company, ids)
}

#[test]
fn notes_and_names_stand_in_the_tables_and_no_cell_is_a_formula() {
    let (company, ids) = noted();
    let found = company.report(NIGHTS[1]).found("AMOUNT_MISMATCH");
    for (id, (note, assignee)) in ids.iter().zip(NOTES) {
        let row = found.iter().find(|row| row["id"] == *id).unwrap();
        let quote = |text: &str| {
            let is_formula = text.starts_with(['=', '+', '-', '@']);
            format!("{}{text}", if is_formula { "'" } else { "" })
        };
        assert_eq!(
            (&row["note"], &row["assignee"]),
            (&quote(note.trim()), &quote(assignee))
        );
    }
}

#[test]
fn notes_and_names_stand_on_the_page_and_none_becomes_markup() {
    let (company, _) = noted();
    let path = company.path("reports").join(NIGHTS[1]).join("report.html");
    let page = std::fs::read_to_string(path).unwrap();
    assert!(!page.contains("<script>alert") && !page.contains("<b>Léa"));
    for text in [
        "Μαρία عبد",
        "Léa",
        "عبد الله",
        "alert(1)",
        "forged line",
        "SUM(A1)",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn notes_and_names_stand_on_the_terminal_and_none_steers_it() {
    let (company, ids) = noted();
    let list = company.call(&["discrepancies"]).exits(0).stdout;
    for text in ["Μαρία", "Léa", "forged line", "alert(1)"] {
        assert!(list.contains(text), "{text}: {list}");
    }
    let mut all = list;
    for id in &ids {
        all.push_str(&company.call(&["show", id]).exits(0).stdout);
    }
    let steers = |letter: char| letter.is_control() && letter != '\n';
    assert!(!all.contains(steers), "{all:?}");
    let forged = all
        .lines()
        .any(|line| line.trim_start().starts_with("2026-11-17  forged"));
    assert!(!forged, "{all}");
}

#[test]
fn a_list_says_who_looks_after_what_and_a_program_reads_it() {
    let (company, ids) = with_mismatches(1);
    let id = &ids["WEB-1"];
    company
        .call(&["assign", id, "Léa", "--user", "ana"])
        .exits(0);
    company
        .call(&["note", id, "asked", "--user", "ana"])
        .exits(0);
    let list = company.call(&["discrepancies", "--json"]).exits(0);
    let list: serde_json::Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(
        (&list[0]["assignee"], &list[0]["note"]),
        (&"Léa".into(), &"asked".into())
    );
}
