//! Every exit code, and which one wins.

use std::fs::File;
use std::process::Command;

use crate::company::{AS_OF, Answer, CONFIG, Company};
use crate::rows::{crp_name, csv, funding, order};

/// A company whose only order is paid in full; the report without transfer is too young to miss it.
fn balanced() -> Company {
    let company = Company::new();
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-18", "10.00")]),
    );
    company.put(
        &crp_name("2026-11-19", 1),
        csv(&[funding("WEB-1", "2026-11-18", "10.00")]),
    );
    company
}

/// One with an open error: Oney paid less than the order.
fn with_an_error() -> Company {
    let company = balanced();
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-10", "12.00")]),
    );
    company
}

#[test]
fn a_night_that_is_done_exits_with_0_whatever_it_found() {
    balanced().run(AS_OF, &[]).exits(0);
    with_an_error().run(AS_OF, &[]).exits(0);
    Company::new().run(AS_OF, &[]).exits(0);
}

#[test]
fn a_report_that_cannot_be_written_is_a_failure_that_records_nothing() {
    let company = with_an_error();
    company.put("a-file", "");
    let failed = company
        .run(AS_OF, &["--report-dir", "a-file/reports"])
        .exits(1);
    assert!(failed.stderr.contains("a-file"), "{failed}");
    assert!(
        !failed.stderr.contains("Error {"),
        "a sentence, not a structure: {failed}"
    );
    let next = company.night("2026-11-21");
    assert_eq!(
        next.only("AMOUNT_MISMATCH")["state"],
        "new",
        "the failed night left no trace"
    );
}

/// Runs a night of a company whose process may write no file beyond some 512-byte blocks, which
/// is how a full disk looks to it.
fn run_with_little_disk(company: &Company, blocks: u32) -> Answer {
    let night = company.command(&["run", "--as-of", AS_OF]);
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""),
        "sh",
    ]);
    shell.arg(night.get_program()).args(night.get_args());
    shell.current_dir(night.get_current_dir().unwrap());
    for (name, value) in night.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Answer::new(shell.output())
}

#[test]
fn a_full_disk_is_a_failure_and_the_next_run_does_the_night() {
    let expected = with_an_error().night(AS_OF).bytes();
    for blocks in [0, 8, 64, 160, 300] {
        let company = with_an_error();
        let answer = run_with_little_disk(&company, blocks);
        assert!(matches!(answer.code, 0 | 1), "{blocks} blocks: {answer}");
        if blocks < 64 {
            assert_eq!(answer.code, 1, "{blocks} blocks: {answer}");
        }
        crate::report::assert_same(&expected, &company.night(AS_OF).bytes(), "the next run");
    }
}

#[test]
fn a_full_disk_under_the_reports_is_a_failure() {
    let company = with_an_error();
    let small = company.path("small");
    std::fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=8k,nr_inodes=64", "tmpfs"])
        .arg(&small)
        .output();
    if !mounted.is_ok_and(|mounted| mounted.status.success()) {
        crate::skipped("this user may mount no file system, so no small disk can be filled");
        return;
    }
    std::fs::write(small.join("ballast"), vec![0; 4096]).unwrap();
    let failed = company.run(AS_OF, &["--report-dir", "small"]);
    let left: Vec<_> = std::fs::read_dir(&small)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    let unmounted = Command::new("umount").arg(&small).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    let failed = failed.exits(1);
    assert!(failed.stderr.contains("small"), "{failed}");
    assert_eq!(left, ["ballast"], "nothing half-written stays");
}

#[test]
fn a_wrong_use_exits_with_2_and_a_sentence() {
    let company = balanced();
    company
        .call(&["run", "--as-off", AS_OF])
        .exits(2)
        .says("--as-of");
    company
        .call(&["run", "--as-of", "20/11/2026"])
        .exits(2)
        .says("2026-11-20");
    company
        .call(&["run", "--from", "2026-11-01"])
        .exits(2)
        .says("--to");
    company
        .call(&["run", "--from", "2026-11-30", "--to", "2026-11-01"])
        .exits(2)
        .says("before it begins");
    company
        .call(&["run", "--as-of", "9000-01-01"])
        .exits(2)
        .says("add --future");
    company
        .call(&["run", "--as-of", "9000-01-01", "--future"])
        .exits(0);
    company.call(&["conquer"]).exits(2);
    company.call(&[]).exits(2);
}

#[test]
fn a_wrong_configuration_exits_with_2_and_names_the_nearest_key() {
    let wrong = |from: &str, to: &str| {
        assert!(CONFIG.contains(from));
        Company::with(&CONFIG.replace(from, to))
            .run(AS_OF, &[])
            .exits(2)
    };
    wrong("timezone", "timezon").says("did you mean `timezone`");
    wrong("formats", "format").says("did you mean `formats`");
    wrong("kind = \"orders\"", "kind = \"ordres\"").says("ordres");
    wrong("Europe/Paris", "Europe/Pari").says("Europe/Pari");
    wrong("[database]", "[database").says("recon.toml");
    let company = Company::new();
    std::fs::rename(company.path("recon.toml"), company.path("other.toml")).unwrap();
    company.run(AS_OF, &[]).exits(2).says("recon.toml");
}

#[test]
fn a_refused_input_or_a_rejected_row_exits_with_3() {
    let company = balanced();
    company.put(&crp_name("2026-11-20", 2), "<html>");
    company.run(AS_OF, &[]).exits(3);
    let company = balanced();
    let rows = [
        funding("WEB-1", "2026-11-18", "1.00"),
        funding("WEB-2", "2026-11-18", "x"),
    ];
    company.put(&crp_name("2026-11-20", 2), csv(&rows));
    company.run(AS_OF, &[]).exits(3);
    company.run(AS_OF, &[]).exits(3);
    company.run("2026-11-21", &[]).exits(0);
}

#[test]
fn strictness_exits_with_4_while_an_error_is_accepted_by_nobody() {
    balanced().run(AS_OF, &["--strict"]).exits(0);
    let company = with_an_error();
    company.run(AS_OF, &["--strict"]).exits(4);
    let id = company.report(AS_OF).only("AMOUNT_MISMATCH")["id"].clone();
    company
        .call(&["accept", &id, "--reason", "agreed", "--user", "ana"])
        .exits(0);
    company.run(AS_OF, &["--strict"]).exits(0);
    company.call(&["reopen", &id, "--user", "ana"]).exits(0);
    company.run(AS_OF, &["--strict"]).exits(4);
}

#[test]
fn a_refused_input_wins_over_strictness() {
    let company = with_an_error();
    company.put(&crp_name("2026-11-20", 2), "<html>");
    company.run(AS_OF, &["--strict"]).exits(3);
}

#[test]
fn a_second_run_exits_with_75_and_changes_nothing() {
    let company = with_an_error();
    let lock = File::create(company.path("var/recon.db.lock")).unwrap();
    lock.lock().unwrap();
    company.run(AS_OF, &[]).exits(75).says("another run");
    assert!(!company.path("reports").exists());
    // A wrong use is seen before the lock is asked for.
    company.call(&["run", "--nonsense"]).exits(2);
    lock.unlock().unwrap();
    assert_eq!(company.night(AS_OF).only("AMOUNT_MISMATCH")["state"], "new");
}

#[test]
fn a_lock_that_is_given_back_in_a_moment_is_waited_for() {
    let company = with_an_error();
    let lock = File::create(company.path("var/recon.db.lock")).unwrap();
    lock.lock().unwrap();
    let run = company.command(&["run", "--as-of", AS_OF, "--no-mail"]);
    // Less than the run waits, and more than it takes to begin.
    let ending = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(400));
        lock.unlock().unwrap();
    });
    Answer::new(assert_cmd::Command::from_std(run).output()).exits(0);
    ending.join().unwrap();
}

#[test]
fn a_provider_that_nobody_knows_is_not_all_balanced() {
    let company = Company::new();
    let answer = company.run("2026-11-20", &["--provider", "onei"]).exits(2);
    assert!(answer.stderr.contains("--provider onei"), "{answer}");
    assert!(answer.stderr.contains("oney"), "{answer}");
    company.run("2026-11-20", &["--provider", "oney"]).exits(0);
}
