//! Stored files are moved into the archive when a night is recorded, whoever stored them.

use crate::company::{CONFIG, Company};
use crate::rows::{csv, funding, order};

const REPORT: &str = "crp_fr_v3_20261119_1.csv";

/// A company that archives its payment reports.
fn company() -> Company {
    let config = CONFIG.replace(
        "path = \"inbox/oney\"",
        "path = \"inbox/oney\"\narchive = \"archive/oney\"",
    );
    let company = Company::with(&config);
    let inbox = format!("inbox/oney/{REPORT}");
    company.put(&inbox, csv(&[funding("WEB-1", "2026-11-19", "20.00")]));
    let orders = csv(&[order("WEB-1", "2026-11-19", "20.00")]);
    company.put("inbox/orders/orders.csv", orders);
    company
}

fn is_archived(company: &Company) -> bool {
    let inbox = company.path("inbox/oney").join(REPORT);
    let archive = company.path("archive/oney").join(REPORT);
    assert!(inbox.exists() != archive.exists(), "it is in one place");
    archive.exists()
}

#[test]
fn a_night_archives_what_it_stored() {
    let company = company();
    company.night("2026-11-20");
    assert!(is_archived(&company));
    let shown = company.call(&["show", &format!("{REPORT}:2")]).exits(0);
    assert!(shown.stdout.contains("WEB-1"), "{shown}");
}

#[test]
fn what_a_command_stored_is_archived_by_the_next_night() {
    let company = company();
    company.call(&["ingest", "--as-of", "2026-11-20"]).exits(0);
    assert!(!is_archived(&company));
    company.night("2026-11-20");
    assert!(is_archived(&company));
}

#[test]
fn what_a_run_stored_that_failed_is_archived_by_the_next_one() {
    let company = company();
    company.put("reports", "a file in the way");
    company.run("2026-11-20", &[]).exits(1);
    assert!(!is_archived(&company));
    std::fs::rename(company.path("reports"), company.path("elsewhere")).unwrap();
    company.night("2026-11-20");
    assert!(is_archived(&company));
}

#[test]
fn a_look_moves_nothing_and_the_night_after_it_does() {
    let company = company();
    company
        .run(
            "2026-11-20",
            &["--from", "2026-11-01", "--to", "2026-11-19"],
        )
        .done();
    assert!(!is_archived(&company));
    company.night("2026-11-20");
    assert!(is_archived(&company));
}

/// A run that is killed between the two steps of archiving leaves the file in both places.
#[test]
fn what_a_killed_run_left_in_both_places_is_put_right_by_the_next_one() {
    let company = company();
    company.call(&["ingest", "--as-of", "2026-11-20"]).exits(0);
    let folder = company.path("archive/oney");
    std::fs::create_dir_all(&folder).unwrap();
    let inbox = company.path("inbox/oney").join(REPORT);
    std::fs::hard_link(inbox, folder.join(REPORT)).unwrap();
    let night = company.night("2026-11-21");
    assert!(night.found("REPORT_DUPLICATE").is_empty());
    assert!(is_archived(&company));
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
}
