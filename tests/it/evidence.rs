//! Manifests, the journal, and what `audit verify` finds.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::company::{Answer, CONFIG, Company};
use crate::databases::{on_both, on_both_with};
use crate::sqlite;
use crate::story::{self, NIGHTS};

const MAIL: &str = r#"
[mail]
from = "Reconciliation <recon@example.com>"
to = ["finance@example.com"]
transport = "directory"
directory = "outbox"
"#;

/// Three nights of the story.
fn nights(company: &Company) {
    for (night, day) in NIGHTS.iter().enumerate().take(3) {
        story::deliver(company, night);
        company.night(day);
    }
}

fn verify(company: &Company, more: &[&str]) -> Answer {
    company.call(&[&["audit", "verify"], more].concat())
}

fn manifest(company: &Company, report: &str) -> Value {
    let path = company.path("reports").join(report).join("manifest.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn sha256(company: &Company, report: &str) -> String {
    use sha2::Digest as _;
    let path = company.path("reports").join(report).join("manifest.json");
    let digest = sha2::Sha256::digest(fs::read(path).unwrap());
    crp_recon::domain::hex::hex(&digest)
}

#[test]
fn each_recorded_night_names_the_manifest_of_the_one_before() {
    on_both(|contract| {
        let company = &contract.company;
        nights(company);
        let first = manifest(company, NIGHTS[0]);
        assert_eq!(first["previous"], Value::Null);
        assert_eq!(first["from"], Value::Null);
        let second = manifest(company, NIGHTS[1]);
        assert_eq!(second["previous"], sha256(company, NIGHTS[0]));
        assert_eq!(second["rules"], first["rules"]);
        // The first version of the second report no longer counts.
        let counted = |manifest: &Value, kind: &str| {
            let inputs = manifest["inputs"].as_array().unwrap();
            inputs.iter().filter(|it| it["kind"] == kind).count()
        };
        assert_eq!(counted(&second, "oney-crp"), 2);
        assert_eq!(counted(&manifest(company, NIGHTS[2]), "oney-crp"), 3);
        let rows = contract.ask("SELECT content FROM journal ORDER BY number");
        assert_eq!(rows.len(), 3, "{rows:#?}");
        let last: Value = serde_json::from_str(&rows[2]).unwrap();
        assert_eq!(last["manifest"], sha256(company, NIGHTS[2]));
        verify(company, &["--reports", "reports"]).exits(0);
    });
}

#[test]
fn looks_and_repeated_nights_do_not_break_the_chain() {
    on_both(|contract| {
        let company = &contract.company;
        nights(company);
        let before = company.report(NIGHTS[2]).bytes();
        // The same night on the same data is the same report.
        company.night(NIGHTS[2]);
        crate::report::assert_same(&before, &company.report(NIGHTS[2]).bytes(), "repeated");
        company
            .run(NIGHTS[2], &["--from", "2026-11-01", "--to", "2026-11-30"])
            .done();
        let look = format!("2026-11-01_2026-11-30_asof-{}", NIGHTS[2]);
        assert_eq!(
            manifest(company, &look)["previous"],
            sha256(company, NIGHTS[1])
        );
        story::deliver(company, 3);
        // A day that is recorded again knows more than it did, and the next one is another one then.
        company.night(NIGHTS[0]);
        company.night(NIGHTS[3]);
        let answer = verify(company, &["--reports", "reports"]).exits(0);
        assert!(
            answer.stdout.contains("1 are what their manifests say"),
            "{answer}"
        );
    });
}

/// A company with nights, decisions and mail.
fn with_evidence(company: &Company) {
    nights(company);
    let found = company.report(NIGHTS[2]).table("discrepancies");
    let id = found[0]["id"].as_str();
    company
        .call(&["accept", id, "--reason", "agreed", "--user", "lea"])
        .exits(0);
    company
        .call(&["note", id, "asked", "--user", "lea"])
        .exits(0);
    company
        .call(&["run", "--as-of", NIGHTS[2], "--future", "--mail"])
        .done();
}

#[test]
fn decisions_and_mail_are_in_the_journal_whose_newest_row_leaves_with_the_mail() {
    on_both_with(&format!("{CONFIG}{MAIL}"), |contract| {
        let company = &contract.company;
        with_evidence(company);
        let rows = contract.ask("SELECT content FROM journal ORDER BY number");
        let kinds: Vec<String> = (rows.iter())
            .map(|row| {
                serde_json::from_str::<Value>(row).unwrap()["kind"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(
            kinds,
            ["run", "run", "run", "decision", "decision", "run", "mail"]
        );
        let mail = fs::read_dir(company.path("outbox"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let mail = fs::read_to_string(mail.path())
            .unwrap()
            .replace("=\r\n", "");
        let hash = contract.ask("SELECT sha256 FROM journal WHERE number = 6");
        assert!(
            mail.contains(&format!("Journal row 6: {}", hash[0])),
            "{mail}"
        );
        verify(company, &["--has", &hash[0]]).exits(0);
        let other = hash[0].replace('a', "b").replace('1', "2");
        verify(company, &["--has", &other]).exits(1);
    });
}

#[test]
fn a_changed_cell_of_what_was_recorded_is_found() {
    on_both_with(&format!("{CONFIG}{MAIL}"), |contract| {
        let company = &contract.company;
        with_evidence(company);
        verify(company, &["--reports", "reports"]).exits(0);
        for (change, back, said) in [
            (
                "UPDATE journal SET content = replace(content, 'agreed', 'agreeD')",
                "UPDATE journal SET content = replace(content, 'agreeD', 'agreed')",
                "row 4: its content has the SHA-256",
            ),
            (
                "UPDATE journal SET number = 40 WHERE number = 4",
                "UPDATE journal SET number = 4 WHERE number = 40",
                "row 4: it is missing",
            ),
            (
                "UPDATE journal SET previous = 'x' WHERE number = 2",
                "UPDATE journal SET previous = (SELECT sha256 FROM journal WHERE number = 1) \
                 WHERE number = 2",
                "row 2: it does not follow",
            ),
            (
                "UPDATE decisions SET content = 'agreeD' WHERE number = 1",
                "UPDATE decisions SET content = 'agreed' WHERE number = 1",
                "row 4: decision 1 has content \"agreeD\" in the database, and \"agreed\" here",
            ),
            (
                "UPDATE decisions SET decided_by = 'bob' WHERE number = 2",
                "UPDATE decisions SET decided_by = 'lea' WHERE number = 2",
                "row 5: decision 2 has by",
            ),
            (
                "UPDATE runs SET open_count = open_count + 1 WHERE id = 2",
                "UPDATE runs SET open_count = open_count - 1 WHERE id = 2",
                "run 2",
            ),
            (
                "UPDATE runs SET recorded = 0 WHERE id = 2",
                "UPDATE runs SET recorded = 1 WHERE id = 2",
                "run 2",
            ),
            (
                "UPDATE mail_recipients SET address = 'x@example.com'",
                "UPDATE mail_recipients SET address = 'finance@example.com'",
                "row 7: that mail 1 was handed over to finance@example.com",
            ),
        ] {
            contract.execute(change);
            let answer = verify(company, &[]).exits(1);
            assert!(answer.stdout.contains(said), "{change}: {answer}");
            contract.execute(back);
            verify(company, &[]).exits(0);
        }
        contract.execute("DELETE FROM journal WHERE number > 4");
        let answer = verify(company, &[]).exits(1);
        assert!(
            answer.stdout.contains("the journal knows nothing of it"),
            "{answer}"
        );
    });
}

#[test]
fn a_changed_byte_of_any_file_of_a_report_is_found() {
    let company = Company::new();
    nights(&company);
    let folder = company.path("reports").join(NIGHTS[1]);
    let files: Vec<PathBuf> = (fs::read_dir(&folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 9);
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let mut changed = bytes.clone();
        let at = changed.len() - 1;
        changed[at] ^= 1;
        fs::write(&file, changed).unwrap();
        let answer = verify(&company, &["--reports", "reports"]).exits(1);
        assert!(
            answer
                .stdout
                .contains(&format!("FAILED  report {}", NIGHTS[1])),
            "{answer}"
        );
        fs::write(&file, bytes).unwrap();
    }
    fs::remove_dir_all(&folder).unwrap();
    let answer = verify(&company, &["--reports", "reports"]).exits(0);
    assert!(
        answer
            .stdout
            .contains("1 recorded ones are not there (2026-11-17)"),
        "{answer}"
    );
}

#[test]
fn nothing_is_added_to_a_journal_whose_last_row_is_damaged() {
    let company = Company::new();
    nights(&company);
    sqlite::execute(
        &company.path("var/recon.db"),
        "UPDATE journal SET content = replace(content, 'run', 'ruN') WHERE number = 3",
    );
    company
        .run(NIGHTS[3], &[])
        .exits(1)
        .says("row 3 of the journal is damaged");
    assert!(
        !company
            .path("reports")
            .join(NIGHTS[3])
            .join("summary.json")
            .exists()
    );
}

#[test]
fn the_rules_are_described_with_since_when_they_are_in_force() {
    let company = Company::new();
    let before = company.call(&["describe"]).exits(0);
    assert!(
        before
            .stdout
            .contains("no night has been recorded by these rules yet"),
        "{before}"
    );
    nights(&company);
    let text = company.call(&["describe"]).exits(0).stdout;
    assert!(
        text.contains("in force since: the night of 2026-11-16"),
        "{text}"
    );
    assert!(text.contains("| oney-crp | inbox/oney |"), "{text}");
    let changed = format!("{CONFIG}\n[provider.oney]\nfunding_delay_days = 9\n");
    company.put("recon.toml", changed);
    let text = company.call(&["describe"]).exits(0).stdout;
    assert!(
        text.contains("a funding is missing after: 9 days"),
        "{text}"
    );
    assert!(
        text.contains("no night has been recorded by these rules yet"),
        "{text}"
    );
    company.night(NIGHTS[3]);
    let text = company.call(&["describe"]).exits(0).stdout;
    assert!(
        text.contains("in force since: the night of 2026-11-19"),
        "{text}"
    );
}
