//! A folder as a source: what is brought, once, and when it goes.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{
    LATER, NEXT, REPORT, company, failure, fetch, fetch_with, landed, night, report, statuses,
};
use crate::company::{AS_OF, Company};

const SOURCE: &str = "\n[[source]]\nname = \"oney\"\nurl = \"file:delivery/crp_*.csv\"\n\
                      into = \"inbox/oney\"\nsettle_seconds = 0\n";

fn delivering(more: &str) -> Company {
    let company = company(&format!("{SOURCE}{more}"));
    fs::create_dir(company.path("delivery")).unwrap();
    company
}

fn deliver(company: &Company, name: &str, content: &str) {
    company.put(&format!("delivery/{name}"), content);
}

#[test]
fn a_night_reads_what_it_fetched_and_fetches_nothing_twice() {
    let company = delivering("");
    deliver(&company, REPORT, &report("WEB-1"));
    deliver(&company, "notes.txt", "not asked for");
    night(&company, AS_OF).exits(0);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT]);
    let read = [(REPORT.to_owned(), "accepted".to_owned())];
    assert_eq!(statuses(&company, AS_OF), read);
    let again = fetch(&company, 0);
    assert_eq!(again["files"], serde_json::json!([]));
    // A night that has read it may archive it: it is known all the same.
    let here = company.path("inbox/oney").join(REPORT);
    fs::rename(here, company.path("moved.csv")).unwrap();
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
    assert!(company.path("delivery").join(REPORT).is_file());
}

#[test]
fn a_look_at_what_is_new_changes_nothing() {
    let company = delivering("");
    deliver(&company, REPORT, &report("WEB-1"));
    let looked = fetch_with(&company, &["--dry-run"], 0);
    assert_eq!(looked["files"][0]["file"], REPORT);
    assert_eq!(looked["files"][0]["status"], "new");
    assert_eq!(landed(&company, "inbox/oney"), [""; 0]);
    assert!(!company.path("var/recon.db").exists());
}

#[test]
fn a_file_that_only_got_another_time_is_not_brought_again() {
    let company = delivering("");
    deliver(&company, REPORT, &report("WEB-1"));
    fetch(&company, 0);
    let here = company.path("inbox/oney").join(REPORT);
    fs::rename(here, company.path("moved.csv")).unwrap();
    let file = fs::File::open(company.path("delivery").join(REPORT)).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(fetch(&company, 0)["files"][0]["status"], "same");
    assert_eq!(landed(&company, "inbox/oney"), [""; 0]);
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
}

#[test]
fn a_replaced_file_comes_once_the_first_one_was_read_and_replaces_its_lines() {
    let company = delivering("");
    deliver(&company, REPORT, &report("WEB-1"));
    fetch(&company, 0);
    deliver(&company, REPORT, &report("WEB-2"));
    // Nobody has read the first one: both have to be.
    assert_eq!(fetch(&company, 0)["files"][0]["status"], "waiting");
    night(&company, AS_OF).exits(0);
    assert_eq!(fetch(&company, 0)["files"][0]["status"], "fetched");
    let first = company.path("inbox/oney/.fetching/replaced").join(REPORT);
    assert_eq!(fs::read_to_string(first).unwrap(), report("WEB-1"));
    night(&company, NEXT).exits(0);
    let next = company.report(NEXT);
    assert_eq!(next.found("REPORT_REPLACED").len(), 1);
    let known = company.call(&["show", "WEB-1"]).exits(0);
    assert!(known.stdout.contains("WEB-1"), "{known}");
}

#[test]
fn a_file_is_removed_only_when_told_and_after_the_night_that_read_it() {
    let company = delivering("remove_after = true\n");
    deliver(&company, REPORT, &report("WEB-1"));
    let there = || company.path("delivery").join(REPORT).exists();
    fetch(&company, 0);
    assert!(there(), "no night has read it");
    company
        .run(AS_OF, &["--from", "2026-11-01", "--to", "2026-11-20"])
        .done();
    assert!(there(), "a look records nothing");
    night(&company, AS_OF).exits(0);
    assert!(!there());
    // A refused one stays for whoever looks at it.
    deliver(&company, LATER, "this is no report\n");
    night(&company, NEXT).exits(3);
    assert!(company.path("delivery").join(LATER).exists());
}

#[test]
fn a_source_that_fails_is_said_everywhere_and_stops_nothing() {
    let company = company(SOURCE);
    company.put(&format!("inbox/oney/{REPORT}"), report("WEB-1"));
    let answer = night(&company, AS_OF)
        .exits(3)
        .says("source oney: the folder");
    assert!(answer.stdout.contains("Not fetched"), "{answer}");
    assert!(answer.stdout.contains("oney: the folder"), "{answer}");
    assert_eq!(statuses(&company, AS_OF).len(), 1);
    company.run(AS_OF, &["--no-fetch"]).exits(0);
    assert!(failure(&fetch(&company, 3)).contains("cannot be listed"));
}

#[test]
fn links_count_as_what_they_lead_to_and_pipes_are_never_opened() {
    let company = delivering("");
    company.put("elsewhere.csv", report("WEB-1"));
    let at = |name: &str| company.path("delivery").join(name);
    std::os::unix::fs::symlink(company.path("elsewhere.csv"), at(REPORT)).unwrap();
    std::os::unix::fs::symlink("nowhere", at("crp_fr_v3_261119_8.csv")).unwrap();
    let fifo = Command::new("mkfifo")
        .arg(at("crp_fr_v3_261119_9.csv"))
        .status();
    assert!(fifo.unwrap().success());
    fs::create_dir(at("crp_fr_v3_261119_7.csv")).unwrap();
    fetch(&company, 0);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT]);
    assert!(!company.path("inbox/oney").join(REPORT).is_symlink());
}

#[test]
fn more_files_than_may_be_come_fetch_by_fetch() {
    let company = delivering("max_files = 2\n");
    for number in 1..=5 {
        let name = format!("crp_fr_v3_26111{number}_{number}.csv");
        deliver(&company, &name, &report(&format!("WEB-{number}")));
    }
    assert!(failure(&fetch(&company, 3)).contains("3 more files are new than max_files = 2"));
    fetch(&company, 3);
    fetch(&company, 0);
    assert_eq!(landed(&company, "inbox/oney").len(), 5);
}

#[test]
fn a_file_that_is_too_large_is_not_taken_and_the_others_are() {
    let company = delivering("max_file_mib = 1\n");
    deliver(&company, REPORT, &report("WEB-1"));
    deliver(&company, LATER, &"x".repeat(1024 * 1024 + 1));
    assert!(failure(&fetch(&company, 3)).contains("raise max_file_mib"));
    assert_eq!(landed(&company, "inbox/oney"), [REPORT]);
}

/// Kills a fetch of many files at many moments: after that, everything is there once, and whole.
#[test]
fn a_fetch_that_is_killed_anywhere_goes_on_with_nothing_half_and_nothing_twice() {
    let company = delivering("");
    let names: Vec<String> = (1..=60)
        .map(|number| format!("crp_fr_v3_261119_{number}.csv"))
        .collect();
    for name in &names {
        deliver(&company, name, &report(name).repeat(200));
    }
    for delay in (0..20).map(|step| 10 + step * 7) {
        let mut running = company
            .command(&["fetch"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        running.kill().unwrap();
        running.wait().unwrap();
        for name in landed(&company, "inbox/oney") {
            let (here, there) = (company.path("inbox/oney"), company.path("delivery"));
            assert_eq!(
                fs::read(here.join(&name)).unwrap(),
                fs::read(there.join(&name)).unwrap()
            );
        }
    }
    fetch(&company, 0);
    assert_eq!(landed(&company, "inbox/oney").len(), names.len());
    let left: Vec<_> = fs::read_dir(company.path("inbox/oney/.fetching"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 0, "{left:?}");
    assert_eq!(fetch(&company, 0)["files"], serde_json::json!([]));
}

#[test]
fn two_fetches_at_once_are_one_and_one_that_waits_for_its_turn() {
    let company = delivering("");
    let slow = company
        .command(&["fetch"])
        .env("SLOW", "1")
        .stdout(Stdio::null())
        .spawn();
    let answer = company.call(&["fetch"]);
    assert!(matches!(answer.code, 0 | 75), "{answer}");
    assert!(
        slow.unwrap()
            .wait()
            .unwrap()
            .code()
            .is_some_and(|code| code == 0 || code == 75)
    );
}

#[test]
fn check_lists_a_source_and_says_where_nobody_would_read() {
    let company =
        delivering("\n[[source]]\nname = \"lost\"\nurl = \"file:delivery/\"\ninto = \"nobody\"\n");
    deliver(&company, REPORT, &report("WEB-1"));
    let said = company.call(&["check"]).exits(1).stdout;
    assert!(said.contains("ok      source oney: 1 file fits"), "{said}");
    assert!(
        said.contains("FAILED  folder") && said.contains("no [[input]] reads it"),
        "{said}"
    );
}
