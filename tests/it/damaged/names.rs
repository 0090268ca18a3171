//! Names and places that are odd: files are read under them, other things are no files.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use super::{Effect, at, check, sound};
use crate::company::{AS_OF, Company};
use crate::rows::{csv, order};

#[test]
fn a_report_whose_name_does_not_fit_is_refused() {
    let good = csv(&[sound("WEB-2")]);
    let named = |name: &str| {
        at(
            &format!("inbox/oney/{name}"),
            &good,
            Effect::Refused(&["name"]),
        )
    };
    check(vec![
        ("no number", named("crp_fr_v3_20261119.csv")),
        (
            "a day that does not exist",
            named("crp_fr_v3_20261131_2.csv"),
        ),
        ("no country", named("crp_v3_20261119_2.csv")),
        ("a copy", named("crp_fr_v3_20261119_2 (1).csv")),
        (
            "a number beyond all numbers",
            named("crp_fr_v3_20261119_99999999999999999999999.csv"),
        ),
        ("a table of another name", named("november.csv")),
        (
            "any case fits",
            at(
                "inbox/oney/CRP_FR_V3_20261119_2.CSV",
                &good,
                Effect::Taken(1),
            ),
        ),
        (
            "a hidden file is not delivered",
            at(
                "inbox/oney/.crp_fr_v3_20261119_2.csv",
                &good,
                Effect::Ignored,
            ),
        ),
        (
            "nor one that is still written",
            at(
                "inbox/oney/crp_fr_v3_20261119_2.csv.part",
                &good,
                Effect::Ignored,
            ),
        ),
    ]);
}

#[test]
fn files_are_read_under_whatever_name_they_have() {
    let good = csv(&[order("WEB-2", "2026-11-18", "30.00")]);
    let names = [
        "two words.csv",
        "it's \"quoted\", too.csv",
        "first\nsecond.csv",
        "🧾 é.csv",
        "-rf.csv",
    ];
    let cases = names.map(|name| {
        (
            name,
            at(&format!("inbox/orders/{name}"), &good, Effect::Taken(1)),
        )
    });
    check(cases.into());
}

#[test]
fn a_name_that_a_spreadsheet_would_run_is_made_harmless() {
    let company = Company::new();
    company.put(
        "inbox/orders/=1+1.csv",
        csv(&[order("WEB-2", "2026-11-18", "30.00")]),
    );
    let report = company.night(AS_OF);
    assert_eq!(report.input("'=1+1.csv")["status"], "accepted");
}

#[test]
fn names_that_are_no_text_are_told_apart() {
    let company = Company::new();
    for (number, name) in [b"\xfe.csv", b"\xff.csv"].into_iter().enumerate() {
        let path = company.path("inbox/orders").join(OsStr::from_bytes(name));
        fs::write(
            path,
            csv(&[order(&format!("WEB-{number}"), "2026-11-18", "30.00")]),
        )
        .unwrap();
    }
    let report = company.night(AS_OF);
    let inputs = report.table("inputs");
    assert_eq!(inputs.len(), 2, "{inputs:#?}");
    assert!(
        inputs.iter().all(|row| row["status"] == "accepted"),
        "{inputs:#?}"
    );
    let first = report.bytes();
    crate::report::assert_same(&first, &company.night(AS_OF).bytes(), "the night again");
}

#[test]
fn what_is_no_file_is_told() {
    let company = Company::new();
    super::deliver_neighbours(&company);
    fs::create_dir(company.path("inbox/oney/crp_fr_v3_20261119_2.csv")).unwrap();
    symlink(
        "/nowhere/at/all.csv",
        company.path("inbox/orders/broken.csv"),
    )
    .unwrap();
    symlink("loop.csv", company.path("inbox/orders/loop.csv")).unwrap();
    let pipe = Command::new("mkfifo")
        .arg(company.path("inbox/bank/pipe.csv"))
        .status();
    let is_made = pipe.is_ok_and(|status| status.success());
    if !is_made {
        crate::skipped("no mkfifo here, so no pipe among the files");
    }
    company.run(AS_OF, &[]).exits(3);
    let report = company.report(AS_OF);
    for link in ["broken.csv", "loop.csv"] {
        assert_eq!(report.input(link)["status"], "unread");
    }
    if is_made {
        assert_eq!(report.input("pipe.csv")["status"], "ignored");
    }
    assert_eq!(report.table("inputs").len(), 5 + usize::from(is_made));
}

#[test]
fn a_link_to_a_file_is_read_like_the_file() {
    let company = Company::new();
    company.put(
        "elsewhere.csv",
        csv(&[order("WEB-2", "2026-11-18", "30.00")]),
    );
    symlink("../../elsewhere.csv", company.path("inbox/orders/link.csv")).unwrap();
    assert_eq!(company.night(AS_OF).input("link.csv")["status"], "accepted");
}

#[test]
fn a_file_that_may_not_be_read_is_refused() {
    let company = Company::new();
    super::deliver_neighbours(&company);
    let path = super::damaged_crp();
    company.put(&path, csv(&[sound("WEB-2")]));
    fs::set_permissions(company.path(&path), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(company.path(&path)).is_ok() {
        crate::skipped("this user may read everything, so no file can be unreadable");
        return;
    }
    company.run(AS_OF, &[]).exits(3);
    let report = company.report(AS_OF);
    assert_eq!(
        report.input("crp_fr_v3_20261119_2.csv")["status"],
        "refused"
    );
    assert_eq!(
        report.only("REPORT_REJECTED")["file"],
        "crp_fr_v3_20261119_2.csv"
    );
    fs::set_permissions(company.path(&path), fs::Permissions::from_mode(0o644)).unwrap();
    let healed = company.night("2026-11-21");
    assert_eq!(healed.only("REPORT_REJECTED")["state"], "resolved");
}
