//! `decisions import`: report.xlsx as openpyxl and `LibreOffice` save it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{by_order, fund_more, nothing_is_recorded, trail, with_mismatches, with_mismatches_in};
use crate::company::{Answer, Company};
use crate::skipped;
use crate::story::{self, NIGHTS};
use crate::xlsx::{has_openpyxl, soffice, with_workbook};

const EDIT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/decisions/edit.py");

/// Fills in the workbook of a night; `None`, said loudly, where there is no openpyxl.
fn filled(
    company: &Company,
    night: usize,
    decisions: &[[&str; 3]],
    options: &[&str],
) -> Option<PathBuf> {
    if !has_openpyxl("no workbook is filled in") {
        return None;
    }
    let report = company.path("reports").join(NIGHTS[night]);
    let out = company.path("filled.xlsx");
    let mut edit = Command::new("python3")
        .arg(EDIT)
        .arg(report.join("report.xlsx"))
        .arg(&out)
        .args(options)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let json = serde_json::to_vec(decisions).unwrap();
    edit.stdin.take().unwrap().write_all(&json).unwrap();
    let done = edit.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{errors}");
    Some(out)
}

/// Opens a workbook in `LibreOffice` and saves it in a format; gives the file.
fn saved(company: &Company, path: &Path, format: &str, suffix: &str) -> PathBuf {
    let folder = company.path("saved");
    let done = Command::new(soffice().unwrap())
        .arg(format!(
            "-env:UserInstallation=file://{}",
            company.path("profile").display()
        ))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .arg(&folder)
        .arg(path)
        .output()
        .unwrap();
    assert!(done.status.success());
    let entries = fs::read_dir(&folder).unwrap();
    let mut files = entries.map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|end| end == suffix));
    file.unwrap()
}

fn import(company: &Company, path: &Path, more: &[&str]) -> Answer {
    let path = path.to_str().unwrap();
    company.call(&[&["decisions", "import", path, "--user", "ana"], more].concat())
}

#[test]
fn rows_are_found_by_their_ids_wherever_they_were_moved_in_three_languages() {
    for (options, words) in [
        (&[][..], ["accept", "reopen", "assign: Léa"]),
        (
            &["--shuffle", "--language", "fr"],
            ["accepter", "rouvrir", "attribuer : Léa"],
        ),
        (
            &["--other-sheet", "--language", "de"],
            ["akzeptieren", "wieder öffnen", "zuweisen: Léa"],
        ),
    ] {
        let (company, ids) = with_mismatches(4);
        company
            .call(&["accept", &ids["WEB-2"], "--reason", "x", "--user", "bo"])
            .exits(0);
        by_order(&company, 1);
        let decisions = [
            [&ids["WEB-1"], words[0], "agreed\non Friday"],
            [&ids["WEB-2"], words[1], ""],
            [&ids["WEB-3"], words[2], "please ask"],
        ];
        let Some(workbook) = filled(&company, 1, &decisions, options) else {
            return;
        };
        import(&company, &workbook, &[]).exits(0);
        let said = |order: &str| {
            let trail = trail(&company, &ids[order]);
            let entry = |entry: &Vec<String>| format!("{} {}", entry[1], entry[2]);
            trail.iter().map(entry).collect::<Vec<_>>()
        };
        assert_eq!(said("WEB-1"), ["accept agreed\non Friday"], "{options:?}");
        assert_eq!(said("WEB-2"), ["accept x", "reopen "]);
        assert_eq!(said("WEB-3"), ["assign Léa", "note please ask"]);
        assert_eq!(said("WEB-4"), Vec::<String>::new());
        let source = &trail(&company, &ids["WEB-1"])[0][3];
        // Where only one sheet has decisions, its rows need no name of a sheet.
        let place = match options.first() {
            Some(&"--other-sheet") => "filled.xlsx [To do]:",
            _ => "filled.xlsx:",
        };
        assert!(source.starts_with(place), "{source}");
    }
}

#[test]
fn a_workbook_in_each_language_is_read_back_by_its_own_headers_and_words() {
    for (language, accept, assign) in [
        ("en", "accept", "assign"),
        ("fr", "accepter", "attribuer"),
        ("de", "akzeptieren", "zuweisen"),
    ] {
        let (company, ids) = with_mismatches_in(language, 3);
        let decisions = [
            [ids["WEB-1"].as_str(), accept, "agreed"],
            [ids["WEB-2"].as_str(), assign, "Léa"],
        ];
        let Some(workbook) = filled(&company, 0, &decisions, &[]) else {
            return;
        };
        import(&company, &workbook, &[]).exits(0);
        assert_eq!(
            trail(&company, &ids["WEB-1"])[0][1..3],
            ["accept", "agreed"]
        );
        assert_eq!(trail(&company, &ids["WEB-2"])[0][1..3], ["assign", "Léa"]);
        // The state that it shows is understood: WEB-1 was accepted meanwhile.
        let again = [[ids["WEB-1"].as_str(), accept, "another reason"]];
        let workbook = filled(&company, 0, &again, &[]).unwrap();
        import(&company, &workbook, &[]).refuses("the file shows not accepted");
        // So are its amounts.
        fund_more(&company, "WEB-3", 1);
        by_order(&company, 1);
        let stale = [[ids["WEB-3"].as_str(), accept, "agreed"]];
        let workbook = filled(&company, 0, &stale, &[]).unwrap();
        import(&company, &workbook, &[]).refuses("has changed: the file shows 100 expected");
    }
}

#[test]
fn the_same_workbook_twice_decides_once() {
    let (company, ids) = with_mismatches(2);
    let mut decisions = vec![[ids["WEB-1"].as_str(), "accept", "agreed"]];
    let Some(workbook) = filled(&company, 0, &decisions, &[]) else {
        return;
    };
    import(&company, &workbook, &[]).exits(0);
    let again = import(&company, &workbook, &[]).exits(0);
    let none = "filled.xlsx: 0 decisions recorded, 1 recorded before\n";
    assert!(again.stdout.ends_with(none), "{again}");
    // Days later one more row is filled in; the one that was decided has changed meanwhile.
    fund_more(&company, "WEB-1", 1);
    assert_eq!(by_order(&company, 1)["WEB-1"]["state"], "changed");
    decisions.push([ids["WEB-2"].as_str(), "note", "asked"]);
    let workbook = filled(&company, 0, &decisions, &[]).unwrap();
    let more = import(&company, &workbook, &[]).exits(0);
    let one = "filled.xlsx: 1 decision recorded, 1 recorded before\n";
    assert!(more.stdout.ends_with(one), "{more}");
    assert_eq!(by_order(&company, 2)["WEB-1"]["state"], "persisting");
}

#[test]
fn what_libreoffice_saves_is_read_as_a_workbook_a_spreadsheet_or_a_csv() {
    if soffice().is_none() {
        skipped("no workbook is saved by LibreOffice: install libreoffice-calc-nogui");
        return;
    }
    // Semicolons, Windows-1252, the second sheet.
    let csv = "csv:Text - txt - csv (StarCalc):59,34,1,1,,0,false,true,false,false,false,2";
    for (format, suffix) in [
        ("xlsx:Calc MS Excel 2007 XML", "xlsx"),
        ("ods", "ods"),
        (csv, "csv"),
    ] {
        let (company, ids) = with_mismatches(3);
        company
            .call(&["note", &ids["WEB-1"], "=1+1\nΜαρία «ça»", "--user", "bo"])
            .exits(0);
        by_order(&company, 1);
        let decisions = [
            [&ids["WEB-1"], "accept", "accordé, à revoir"],
            [&ids["WEB-2"], "assign", "Léa"],
        ];
        let Some(workbook) = filled(&company, 1, &decisions, &["--shuffle"]) else {
            return;
        };
        let file = saved(&company, &workbook, format, suffix);
        import(&company, &file, &[]).exits(0);
        let accepted = &trail(&company, &ids["WEB-1"])[1];
        assert_eq!(accepted[1..3], ["accept", "accordé, à revoir"], "{suffix}");
        assert_eq!(trail(&company, &ids["WEB-2"])[0][2], "Léa");
        assert_eq!(trail(&company, &ids["WEB-3"]).len(), 0);
        fund_more(&company, "WEB-3", 2);
        by_order(&company, 2);
        let decisions = [[ids["WEB-3"].as_str(), "accept", "agreed"]];
        fs::remove_dir_all(company.path("saved")).unwrap();
        let stale = filled(&company, 1, &decisions, &[]).unwrap();
        let stale = saved(&company, &stale, format, suffix);
        import(&company, &stale, &[]).refuses("has changed: the file shows 100");
    }
}

#[test]
fn a_row_that_is_no_longer_true_is_refused_with_what_it_showed_and_what_is() {
    let (company, ids) = with_mismatches(5);
    let decisions =
        ["WEB-1", "WEB-2", "WEB-3", "WEB-4"].map(|order| [ids[order].as_str(), "accept", "agreed"]);
    let Some(workbook) = filled(&company, 0, &decisions, &[]) else {
        return;
    };
    fund_more(&company, "WEB-1", 1);
    let rest =
        crate::rows::funding("WEB-2", "2026-11-16", "10.00").with("Transaction_number", "TX-REST");
    company.put(
        &crate::rows::crp_name("2026-11-16", 3),
        crate::rows::csv(&[rest]),
    );
    by_order(&company, 1);
    company
        .call(&["accept", &ids["WEB-3"], "--reason", "else", "--user", "bo"])
        .exits(0);
    let answer = import(&company, &workbook, &[])
        .refuses("has changed: the file shows 100 expected and 90 actual EUR, on 2026-11-17 it is 100.00 expected and 94.00 actual EUR; decide again on a fresh report")
        .says("the file shows it as new, but it is resolved: the night of 2026-11-17 no longer found it")
        .says("was decided about meanwhile: the file shows not accepted, no note, now it has accepted, the note «else» (bo accepted it at ")
        .says("take the other 1 decisions alone with --partial");
    assert_eq!(answer.stdout, "", "{answer}");
    assert_eq!(trail(&company, &ids["WEB-4"]).len(), 0);
    let answer = import(&company, &workbook, &["--partial"]).exits(3);
    assert!(
        answer
            .stdout
            .ends_with("filled.xlsx: 1 decision recorded\n"),
        "{answer}"
    );
    assert_eq!(trail(&company, &ids["WEB-4"]).len(), 1);
    assert_eq!(trail(&company, &ids["WEB-1"]).len(), 0);
    assert_eq!(trail(&company, &ids["WEB-3"]).len(), 1);
}

#[test]
fn a_reason_without_a_decision_and_a_word_that_is_none_are_refused() {
    let (company, ids) = with_mismatches(2);
    let decisions = [
        [ids["WEB-1"].as_str(), "", "agreed"],
        [ids["WEB-2"].as_str(), "perhaps", ""],
    ];
    let Some(workbook) = filled(&company, 0, &decisions, &[]) else {
        return;
    };
    import(&company, &workbook, &[])
        .refuses("column Reason: «agreed» stands beside no decision; choose accept, reopen, note or assign, or empty it")
        .says("column Decision: «perhaps» is no decision");
    nothing_is_recorded(&company, &ids);
    let untouched = company.path("reports").join(NIGHTS[0]).join("report.xlsx");
    let answer = import(&company, &untouched, &[]).exits(0);
    assert_eq!(answer.stdout, "report.xlsx: 0 decisions recorded\n");
}

/// The week of [`story`], decided in workbooks by one company and by commands in another.
#[test]
fn a_workbook_decides_what_the_commands_decide() {
    let config = with_workbook(crate::company::CONFIG);
    let (typed, written) = (Company::with(&config), Company::with(&config));
    let mut decided = 0;
    for (number, day) in NIGHTS.iter().enumerate() {
        for company in [&typed, &written] {
            story::deliver(company, number);
            company.night(day).is_sound();
        }
        let tables = [&typed, &written].map(|company| company.report(day).table("discrepancies"));
        assert_eq!(tables[0], tables[1], "{day}");
        let open = tables[0].iter().filter(|row| row["state"] != "resolved");
        let mut decisions: Vec<[&str; 3]> = Vec::new();
        for (place, row) in open.enumerate() {
            let decision = match (place + number) % 5 {
                0 if row["state"] == "accepted" => ["reopen", ""],
                0 | 1 => ["accept", "agreed"],
                2 => ["note", "asked\nOney"],
                3 => ["assign", "Léa"],
                _ => continue,
            };
            decisions.push([row["id"].as_str(), decision[0], decision[1]]);
        }
        decided += decisions.len();
        for [id, decision, text] in &decisions {
            let user = ["--user", "ana"];
            let words = match *decision {
                "accept" => vec!["accept", id, "--reason", text],
                "reopen" => vec!["reopen", id],
                other => vec![other, id, text],
            };
            typed.call(&[&words[..], &user].concat()).exits(0);
        }
        let Some(workbook) = filled(&written, number, &decisions, &["--shuffle"]) else {
            return;
        };
        import(&written, &workbook, &[]).exits(0);
    }
    assert!(decided > 20, "{decided}");
}
