//! The independent reference in `tests/oracle`, run against the binary.

use std::path::Path;
use std::process::Command;

/// Runs Python in the root of the repository; `None` where there is no Python.
pub(crate) fn python(words: &[&str]) -> Option<(bool, String)> {
    let mut command = Command::new("python3");
    command
        .args(words)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
    let Ok(output) = command.output() else {
        crate::skipped("no python3 here, so the oracle was not asked");
        return None;
    };
    let [said, complained] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Some((output.status.success(), said + &complained))
}

#[test]
fn the_oracle_agrees_with_cases_done_by_hand() {
    if let Some((agrees, said)) = python(&["-m", "unittest", "discover", "tests/oracle"]) {
        assert!(agrees, "{said}");
    }
}

#[test]
fn the_program_agrees_with_the_oracle_in_random_worlds() {
    let binary = assert_cmd::cargo::cargo_bin!("crp-recon");
    let binary = binary.to_str().unwrap();
    let words = [
        "tests/oracle/run.py",
        "--binary",
        binary,
        "--seeds",
        "1-12",
        "--jobs",
        "2",
    ];
    if let Some((agrees, said)) = python(&words) {
        assert!(agrees, "{said}");
    }
}
