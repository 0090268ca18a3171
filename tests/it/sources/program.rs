//! A program as a source.

use std::fs;

use super::{REPORT, company, failure, fetch, landed, report};
use crate::company::Company;

/// A company whose files a shell script brings.
fn with_script(script: &str, more: &str) -> Company {
    let company = company(&format!(
        "\n[[source]]\nname = \"bank\"\ncommand = [\"./bring.sh\", \"{{into}}\"]\n\
         into = \"inbox/oney\"\n{more}"
    ));
    company.put("bring.sh", format!("#!/bin/sh\n{script}\n"));
    company.put("crp.csv", report("WEB-1"));
    let path = company.path("bring.sh");
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(path, executable).unwrap();
    company
}

#[test]
fn what_a_program_puts_into_the_folder_lands_once() {
    let script = format!("cp \"${{0%/*}}/crp.csv\" \"$1/{REPORT}\"; echo brought one");
    let company = with_script(&script, "");
    assert_eq!(fetch(&company, 0)["fetched"], 1);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT]);
    // It brings the same again, with a new time.
    assert_eq!(fetch(&company, 0)["files"][0]["status"], "same");
    assert_eq!(
        fs::read_dir(company.path("inbox/oney/.fetching"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn what_a_failing_program_left_is_not_read_and_not_lost() {
    let company = with_script(&format!("echo half > \"$1/{REPORT}\"; exit 9"), "");
    let failed = failure(&fetch(&company, 3));
    assert!(
        failed.contains("exit code 9") && failed.contains("and is not read"),
        "{failed}"
    );
    assert_eq!(landed(&company, "inbox/oney"), [""; 0]);
    let kept = company
        .path("inbox/oney/.fetching/kept/bank-1")
        .join(REPORT);
    assert_eq!(fs::read_to_string(kept).unwrap(), "half\n");
}

#[test]
fn a_program_that_hangs_is_ended_with_its_children() {
    let company = with_script("sleep 600 & sleep 600", "time_budget_seconds = 1\n");
    let failed = failure(&fetch(&company, 3));
    assert!(
        failed.contains("time_budget_seconds are used up"),
        "{failed}"
    );
}

#[test]
fn names_that_a_program_makes_are_no_paths() {
    let script = format!(
        "cp \"${{0%/*}}/crp.csv\" \"$1/{REPORT}\"; echo x > \"$1/.hidden\"; \
                          mkdir \"$1/sub\"; ln -s /etc/passwd \"$1/crp_link\"; mkfifo \"$1/pipe\""
    );
    let company = with_script(&script, "");
    let source = fetch(&company, 3);
    assert_eq!(landed(&company, "inbox/oney"), [REPORT, "crp_link"]);
    // What was not taken is kept for somebody to look at.
    assert!(failure(&source).contains("kept"), "{source}");
}

#[test]
fn a_programs_output_is_logged_without_secrets_and_its_arguments_hold_none() {
    let script = "echo \"the password is $CRP_RECON_PASSWORD and $BANK_PIN\" >&2; \
                  env > \"${0%/*}/env\"";
    let company = with_script(
        script,
        "password_env = \"SFTP_PASSWORD\"\nenvironment = [\"BANK_PIN\"]\n",
    );
    let mut command = company.command(&["-v", "fetch"]);
    command
        .env("SFTP_PASSWORD", "wonderful")
        .env("BANK_PIN", "123456")
        .env("OTHER", "not for it");
    let answer = crate::company::Answer::new(assert_cmd::Command::from_std(command).output());
    let answer = answer.exits(0).says("the password is *** and ***");
    assert!(!answer.stderr.contains("wonderful"), "{answer}");
    let seen = fs::read_to_string(company.path("env")).unwrap();
    assert!(seen.contains("CRP_RECON_PASSWORD=wonderful"), "{seen}");
    assert!(
        seen.contains("BANK_PIN=123456") && !seen.contains("OTHER"),
        "{seen}"
    );
}

#[test]
fn check_says_whether_there_is_the_program_and_runs_it_not() {
    let company = with_script("touch \"${0%/*}/ran\"", "");
    let said = company.call(&["check"]).stdout;
    assert!(said.contains("ok      source bank"), "{said}");
    assert!(!company.path("ran").exists());
    fs::rename(company.path("bring.sh"), company.path("gone.sh")).unwrap();
    let said = company.call(&["check"]).exits(1).stdout;
    assert!(
        said.contains("FAILED  source bank: there is no program"),
        "{said}"
    );
    assert!(failure(&fetch(&company, 3)).contains("cannot be started"));
}
