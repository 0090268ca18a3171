use std::fs;
use std::path::Path;

use super::*;
use crate::domain::outcome::ReportData;
use crate::report::sample;

fn options(directory: &Path) -> ReportOptions {
    ReportOptions {
        directory: directory.to_owned(),
        // The formats whose whole content is a snapshot; the page has tests of its own.
        formats: vec![Format::Csv, Format::Json],
        wording: Wording::default(),
    }
}

fn write(directory: &Path, data: &ReportData) -> PathBuf {
    let mut writer = ReportWriter::create(&options(directory), &data.scope).unwrap();
    writer.order(&sample::order_row()).unwrap();
    writer.finish(data).unwrap().folder
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn contents(folder: &Path) -> String {
    let mut all = String::new();
    for name in names(folder) {
        let text = fs::read_to_string(folder.join(&name)).unwrap();
        all.extend(["== ", &name, "\n", &text]);
    }
    all
}

#[test]
fn a_report_has_every_table_and_the_summary() {
    let reports = tempfile::tempdir().unwrap();
    let folder = write(reports.path(), &sample::report_data());
    assert_eq!(folder, reports.path().join("2026-11-20"));
    insta::assert_snapshot!(contents(&folder));
}

#[test]
fn an_empty_night_still_has_every_file_with_its_header() {
    let reports = tempfile::tempdir().unwrap();
    let data = sample::empty_report_data();
    let writer = ReportWriter::create(&options(reports.path()), &data.scope).unwrap();
    let folder = writer.finish(&data).unwrap().folder;
    insta::assert_snapshot!(contents(&folder));
}

#[test]
fn a_range_has_a_folder_of_its_own() {
    let reports = tempfile::tempdir().unwrap();
    let mut data = sample::report_data();
    data.scope.range = Some((sample::day("2026-10-01"), sample::day("2026-10-31")));
    let folder = write(reports.path(), &data);
    assert!(folder.ends_with("2026-10-01_2026-10-31_asof-2026-11-20"));
    let summary = fs::read_to_string(folder.join("summary.json")).unwrap();
    assert!(summary.contains("\"from\": \"2026-10-01\",\n  \"to\": \"2026-10-31\""));
}

#[test]
fn the_same_report_again_is_the_same_bytes_and_replaces_the_earlier_one() {
    let reports = tempfile::tempdir().unwrap();
    let folder = write(reports.path(), &sample::report_data());
    let first = contents(&folder);
    fs::write(folder.join("stray.txt"), "of the earlier report").unwrap();
    assert_eq!(write(reports.path(), &sample::report_data()), folder);
    assert_eq!(contents(&folder), first);
    assert_eq!(names(reports.path()), ["2026-11-20"]);
}

#[test]
fn only_the_formats_asked_for_are_written_and_each_once() {
    let reports = tempfile::tempdir().unwrap();
    let data = sample::report_data();
    let options = ReportOptions {
        directory: reports.path().join("not/there/yet"),
        formats: vec![Format::Json, Format::Json],
        wording: Wording::default(),
    };
    let writer = ReportWriter::create(&options, &data.scope).unwrap();
    let folder = writer.finish(&data).unwrap().folder;
    assert_eq!(names(&folder), ["manifest.json", "summary.json"]);
}

#[test]
fn a_report_that_is_not_finished_leaves_the_earlier_one_and_no_trace() {
    let reports = tempfile::tempdir().unwrap();
    let data = sample::report_data();
    let folder = write(reports.path(), &data);
    let before = contents(&folder);
    let mut writer = ReportWriter::create(&options(reports.path()), &data.scope).unwrap();
    writer.order(&sample::order_row()).unwrap();
    assert_eq!(names(reports.path()).len(), 2);
    drop(writer);
    assert_eq!(names(reports.path()), ["2026-11-20"]);
    assert_eq!(contents(&folder), before);
}

#[test]
fn what_killed_runs_left_is_cleared_up() {
    let reports = tempfile::tempdir().unwrap();
    for left in [
        ".2026-11-19.tmp-Ab12cD",
        ".2026-11-20.tmp-Ab12cD",
        ".2026-11-20.old-x",
    ] {
        fs::create_dir(reports.path().join(left)).unwrap();
        fs::write(reports.path().join(left).join("orders.csv"), "half").unwrap();
    }
    fs::create_dir(reports.path().join("2026-11-20")).unwrap();
    for foreign in [".git", ".notes.tmp-1", ".2026-11-20.backup"] {
        fs::create_dir(reports.path().join(foreign)).unwrap();
    }
    write(reports.path(), &sample::report_data());
    assert_eq!(
        names(reports.path()),
        [".2026-11-20.backup", ".git", ".notes.tmp-1", "2026-11-20"]
    );
}

#[test]
fn a_run_killed_between_the_renames_loses_no_earlier_report() {
    let reports = tempfile::tempdir().unwrap();
    let home = reports.path().join("2026-11-19");
    fs::create_dir(reports.path().join(".2026-11-19.old-Ab12cD")).unwrap();
    fs::write(
        reports.path().join(".2026-11-19.old-Ab12cD/orders.csv"),
        "whole",
    )
    .unwrap();
    write(reports.path(), &sample::report_data());
    assert_eq!(names(reports.path()), ["2026-11-19", "2026-11-20"]);
    assert_eq!(
        fs::read_to_string(home.join("orders.csv")).unwrap(),
        "whole"
    );
}

#[test]
#[cfg(unix)]
fn a_report_that_another_process_writes_is_left_alone() {
    let reports = tempfile::tempdir().unwrap();
    let data = sample::report_data();
    let other = ReportWriter::create(&options(reports.path()), &data.scope).unwrap();
    let mut range = data.clone();
    range.scope.range = Some((sample::day("2026-10-01"), sample::day("2026-10-31")));
    write(reports.path(), &range);
    assert!(other.finish(&data).is_ok());
    assert_eq!(names(reports.path()).len(), 2);
}

#[test]
#[cfg(unix)]
fn the_group_may_read_a_report_and_others_may_not() {
    use std::os::unix::fs::PermissionsExt as _;
    let reports = tempfile::tempdir().unwrap();
    let folder = write(reports.path(), &sample::report_data());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder) & 0o027, 0);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o137, 0, "{}", path.display());
    }
    // What somebody made stricter stays so.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    let folder = write(reports.path(), &sample::report_data());
    assert_eq!(mode(&folder), 0o700);
}

#[test]
fn a_report_folder_that_is_a_file_is_an_error_that_says_so() {
    let reports = tempfile::tempdir().unwrap();
    let data = sample::report_data();
    let blocked = reports.path().join("reports");
    fs::write(&blocked, "a file").unwrap();
    let error = ReportWriter::create(&options(&blocked), &data.scope)
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot create {}: something that is not a folder is in the way; move it, or set \
             report.directory to another folder",
            blocked.display()
        )
    );
    let in_the_way = reports.path().join("2026-11-20");
    fs::write(&in_the_way, "a file").unwrap();
    let writer = ReportWriter::create(&options(reports.path()), &data.scope).unwrap();
    let error = writer.finish(&data).unwrap_err();
    assert!(error.to_string().contains("is in the way"), "{error}");
    assert_eq!(fs::read_to_string(&in_the_way).unwrap(), "a file");
}

#[test]
fn formats_are_known_by_their_words() {
    for format in Format::ALL {
        assert_eq!(Format::from_word(format.word()), Some(format));
    }
    assert_eq!(Format::from_word("pdf"), None);
}
