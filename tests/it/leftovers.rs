//! What killed runs and full disks leave, who may read it, and what names of files can do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::company::{AS_OF, Answer, CONFIG, Company};
use crate::rows::{crp_name, csv, funding, order};
use crate::sqlite;

const MAIL: &str = "
[mail]
from = \"recon@example.com\"
to = [\"finance@example.com\"]
transport = \"directory\"
directory = \"outbox\"
";

/// A company whose night finds something and mails it.
fn mailing() -> Company {
    let company = Company::with(&format!("{CONFIG}{MAIL}"));
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-10", "10.00")]),
    );
    company.put(
        &crp_name("2026-11-19", 1),
        csv(&[funding("WEB-1", "2026-11-18", "12.00")]),
    );
    company
}

fn night(company: &Company) -> Answer {
    company.call(&["run", "--as-of", AS_OF, "--mail"])
}

/// Every file and folder below a folder.
fn below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(below(&path));
        }
        all.push(path);
    }
    all
}

#[test]
fn half_written_mail_of_a_killed_run_goes_with_the_next() {
    let company = mailing();
    fs::create_dir(company.path("outbox")).unwrap();
    company.put("outbox/.mail-x7Kp2a", "Subject: half");
    company.put("outbox/of-somebody-else", "x");
    night(&company).exits(0);
    let mut names: Vec<String> = fs::read_dir(company.path("outbox"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(names[0], "of-somebody-else");
}

#[test]
fn a_night_that_is_recorded_is_no_failure_whatever_its_mail_meets() {
    // As a disk that is full after the night was recorded.
    let full = |company: &Company, event: &str| {
        company.run("2026-11-19", &[]).done();
        let sql = format!(
            "CREATE TRIGGER full {event} ON mail_recipients \
             BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        );
        sqlite::execute(&company.path("var/recon.db"), &sql);
    };
    let company = mailing();
    full(&company, "BEFORE UPDATE");
    night(&company)
        .exits(0)
        .says("was handed over, and this could not be noted");
    let mails = || fs::read_dir(company.path("outbox")).unwrap().count();
    assert_eq!(mails(), 1);
    assert!(
        company
            .path("reports")
            .join(AS_OF)
            .join("summary.json")
            .exists()
    );
    sqlite::execute(&company.path("var/recon.db"), "DROP TRIGGER full");
    // The same message again is the same file.
    night(&company).exits(0);
    assert_eq!(mails(), 1);
}

#[test]
fn others_may_read_nothing_that_holds_data() {
    let company = mailing();
    fs::remove_dir(company.path("var")).unwrap();
    let night = |words: &[&str]| {
        let command = company.command(words);
        let mut shell = Command::new("sh");
        shell.args(["-c", "umask 022; exec \"$@\"", "sh"]);
        shell.arg(command.get_program()).args(command.get_args());
        shell.current_dir(company.path(".")).env("NO_COLOR", "1");
        Answer::new(shell.output())
    };
    night(&["run", "--as-of", AS_OF, "--mail"]).exits(0);
    for folder in ["var", "reports", "outbox"] {
        let folder = company.path(folder);
        for path in below(&folder).iter().chain([&folder]) {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o027, 0, "{}: {mode:o}", path.display());
            let is_private = path.starts_with(company.path("var")) && path.is_file();
            assert!(
                !is_private || mode.trailing_zeros() >= 6,
                "{}: {mode:o}",
                path.display()
            );
        }
    }
    // What somebody made stricter, or laxer, is theirs to choose.
    let database = company.path("var/recon.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    night(&["run", "--as-of", AS_OF, "--mail"]).exits(0);
    let mode = fs::metadata(&database).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn the_name_of_a_file_cannot_steer_the_terminal() {
    let company = mailing();
    let evil = "crp_fr_\u{1b}[2J\u{9b}31m\u{202e}\r_v3_261119_7.csv";
    company.put(&format!("inbox/oney/{evil}"), "no report");
    company.put(&format!("inbox/bank/{evil}"), "no statement");
    let path = company.path("inbox/oney").join(evil);
    let path = path.to_str().unwrap();
    let no_such = format!("--{evil}");
    for words in [
        &["run", "--as-of", AS_OF, "-v", "--mail"][..],
        &[
            "run",
            "--as-of",
            AS_OF,
            "-v",
            "--log-format",
            "json",
            "--json",
            "--mail",
        ],
        &["ingest", "--dry-run", "-v", path],
        &["ingest", "--dry-run", "--json", path],
        &["show", evil],
        &["check"],
        &["runs"],
        &["discrepancies"],
        &[no_such.as_str()],
    ] {
        let said = company.call(words);
        for text in [&said.stdout, &said.stderr] {
            let raw = |letter: char| letter.is_control() && letter != '\n';
            assert!(!text.contains(raw), "{words:?}: {text:?}");
            assert!(!text.contains('\u{202e}'), "{words:?}: {text:?}");
        }
    }
    for mail in fs::read_dir(company.path("outbox")).unwrap() {
        let text = fs::read_to_string(mail.unwrap().path()).unwrap();
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{9b}'),
            "{text}"
        );
    }
}

#[test]
fn output_that_finds_no_room_is_a_failure_of_all_but_a_night() {
    let company = mailing();
    night(&company).exits(0);
    let full = |words: &[&str]| {
        let file = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        Answer::new(
            company
                .command(words)
                .stdout(file)
                .stderr(Stdio::piped())
                .output(),
        )
    };
    let range = ["--from", "2026-11-01", "--to", AS_OF];
    for words in [&["export", "hledger"][..], &["discrepancies"], &["runs"]] {
        let range = if words[0] == "export" {
            &range[..]
        } else {
            &[]
        };
        full(&[words, range].concat()).exits(1);
    }
    full(&["run", "--as-of", AS_OF, "--future"]).exits(0);
}
