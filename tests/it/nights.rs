//! Nights after nights: repeatable, independent of the order of things, and never forgetful.

use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::company::{CONFIG, Company};
use crate::report::{Report, Row, assert_same};
use crate::rows::{crp_name, csv, funding, order};
use crate::story::{self, NIGHTS};

#[test]
fn the_same_night_twice_gives_the_same_bytes() {
    let company = Company::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        story::deliver(&company, number);
        let first = company.night(day).is_sound().bytes();
        assert_same(&first, &company.night(day).bytes(), day);
    }
}

#[test]
fn a_file_under_another_name_is_a_duplicate_and_nothing_else() {
    for (file, copy) in [
        ("inbox/orders/orders_0.csv", "inbox/orders/again.csv"),
        ("inbox/bank/statement_1.xml", "inbox/bank/again.xml"),
    ] {
        let [plain, copied] = [Company::new(), Company::new()];
        for company in [&plain, &copied] {
            (0..3).for_each(|night| story::deliver(company, night));
        }
        copied.put(copy, std::fs::read(copied.path(file)).unwrap());
        let (plain, copied) = (plain.night(NIGHTS[2]), copied.night(NIGHTS[2]));
        let duplicate = copied.only("REPORT_DUPLICATE");
        assert!(copy.ends_with(&duplicate["file"]) || file.ends_with(&duplicate["file"]));
        for table in ["orders.csv", "payouts.csv", "balance.csv", "rejected.csv"] {
            assert_eq!(
                plain.bytes()[table],
                copied.bytes()[table],
                "{copy}: {table}"
            );
        }
        let mut others = copied.table("discrepancies");
        others.retain(|row| row["code"] != "REPORT_DUPLICATE");
        // Which of the two is the duplicate goes by name, so sources may name the copy.
        let told = |rows: &[Row]| rows.iter().map(without_sources).collect::<Vec<_>>();
        assert_eq!(told(&plain.table("discrepancies")), told(&others), "{copy}");
    }
}

#[test]
fn two_contracts_may_both_have_an_empty_report_of_one_name() {
    let second = "[[input]]\nkind = \"oney-crp\"\npath = \"inbox/oney-two\"\nprovider = \"oney-two\"\n\n[report]";
    let company = Company::with(&CONFIG.replacen("[report]", second, 1));
    std::fs::create_dir(company.path("inbox/oney-two")).unwrap();
    let name = crp_name("2026-11-19", 1);
    let header = csv(&[funding("WEB-1", "2026-11-19", "1.00")]);
    let header = format!("{}\n", header.lines().next().unwrap());
    company.put(&name, &header);
    company.put(&name.replace("/oney/", "/oney-two/"), &header);
    let report = company.night("2026-11-20");
    let mut told: Vec<String> = report
        .table("inputs")
        .iter()
        .map(|row| format!("{} {}", row["provider"], row["status"]))
        .collect();
    told.sort();
    assert_eq!(told, ["oney accepted", "oney-two accepted"]);
}

#[test]
fn a_file_that_says_again_what_it_once_said_says_it_now() {
    let company = Company::new();
    let orders = |amount| csv(&[order("WEB-1", "2026-11-18", amount)]);
    let report = csv(&[funding("WEB-1", "2026-11-18", "100.00")]);
    company.put(&crp_name("2026-11-18", 1), report);
    let mut differences = Vec::new();
    for (day, amount) in [
        ("2026-11-18", "100.00"),
        ("2026-11-19", "90.00"),
        ("2026-11-20", "100.00"),
    ] {
        company.put("inbox/orders/orders.csv", orders(amount));
        let report = company.night(day);
        let found = report.table("discrepancies");
        assert!(found.iter().all(|row| row["code"] != "REPORT_DUPLICATE"));
        let open = found.iter().filter(|row| row["code"] == "AMOUNT_MISMATCH");
        differences.extend(open.map(|row| format!("{day} {}", row["state"])));
    }
    assert_eq!(differences, ["2026-11-19 new", "2026-11-20 resolved"]);
}

fn without_sources(row: &Row) -> Row {
    let mut row = row.clone();
    row.retain(|column, _| !matches!(column.as_str(), "sources" | "explanation"));
    row
}

#[test]
fn neither_the_order_of_delivery_nor_the_times_of_files_matter() {
    let expected = story::play(&Company::new());
    let company = Company::new();
    let mut nights = Vec::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        for (age, (path, text)) in (0..).zip(story::delivery(number).into_iter().rev()) {
            company.put(&path, text);
            age_file(&company, &path, age);
        }
        nights.push(company.night(day).bytes());
    }
    story::assert_same_nights(&expected, &nights, "in another order");
}

/// Makes a file years old, or from tomorrow.
fn age_file(company: &Company, path: &str, age: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 365 * (20 + 40 * age));
    let file = File::options()
        .write(true)
        .open(company.path(path))
        .unwrap();
    file.set_modified(time).unwrap();
}

#[test]
fn a_file_that_is_only_touched_is_no_news() {
    let [still, touched] = [Company::new(), Company::new()];
    for (number, day) in NIGHTS.iter().enumerate() {
        for company in [&still, &touched] {
            story::deliver(company, number);
        }
        let expected = still.night(day).bytes();
        assert_same(&expected, &touched.night(day).bytes(), day);
        for (path, _) in story::delivery(number) {
            age_file(&touched, &path, 0);
        }
    }
}

#[test]
fn going_on_from_the_night_before_finds_what_a_full_recomputation_finds() {
    let company = Company::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        story::deliver(&company, number);
        let copy = company.copy();
        copy.run(day, &["--full"]).done();
        let full = copy.report(day).bytes();
        assert_same(&full, &company.night(day).bytes(), day);
        company.run(day, &["--full"]).done();
        assert_same(
            &full,
            &company.report(day).bytes(),
            &format!("{day} again, in full"),
        );
    }
}

#[test]
fn five_nights_at_once_leave_the_same_open_items_as_five_nights() {
    let [nightly, late] = [Company::new(), Company::new()];
    let last = story::play(&nightly).pop().unwrap();
    (0..NIGHTS.len()).for_each(|night| story::deliver(&late, night));
    let late = late.night(NIGHTS[4]);
    assert_eq!(last["balance.csv"], late.bytes()["balance.csv"]);
    // What files are said to have done is told by the night that stored them.
    let open = |report: &Report| {
        let mut rows = report.table("discrepancies");
        rows.retain(|row| {
            let of_files = ["REPORT_REPLACED", "REPORT_DUPLICATE"].contains(&row["code"].as_str());
            row["state"] != "resolved" && !of_files
        });
        rows.iter()
            .map(|row| (row["id"].clone(), row["actual"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(open(&nightly.report(NIGHTS[4])), open(&late));
}

const RANGE: [&str; 4] = ["--from", "2026-11-14", "--to", "2026-11-17"];

#[test]
fn a_look_at_a_range_is_the_night_filtered_by_event_date() {
    let company = Company::new();
    story::play(&company);
    let name = "2026-11-14_2026-11-17_asof-2026-11-20";
    company.run(NIGHTS[4], &RANGE).done();
    let look = company.report(name);
    let first = look.bytes();
    let mut expected = company.report(NIGHTS[4]).table("discrepancies");
    expected.retain(|row| {
        let in_range = ("2026-11-14"..="2026-11-17").contains(&row["event_date"].as_str());
        in_range && row["state"] != "resolved"
    });
    assert!(!expected.is_empty());
    assert_eq!(look.table("discrepancies"), expected);
    company.run(NIGHTS[4], &RANGE).done();
    assert_same(&first, &company.report(name).bytes(), "the look again");
}

#[test]
fn a_look_changes_no_state() {
    let [plain, looked] = [Company::new(), Company::new()];
    for (number, day) in NIGHTS.iter().enumerate() {
        story::deliver(&plain, number);
        story::deliver(&looked, number);
        looked.run(day, &RANGE).done();
        let expected = plain.night(day).bytes();
        assert_same(
            &expected,
            &looked.night(day).bytes(),
            &format!("{day} after a look"),
        );
        looked.run(day, &RANGE).done();
    }
}

#[test]
fn a_look_at_a_night_that_was_never_run_calls_everything_new() {
    let company = Company::new();
    story::deliver(&company, 0);
    company
        .run(
            "2026-11-20",
            &["--from", "2026-11-01", "--to", "2026-11-30"],
        )
        .done();
    let look = company.report("2026-11-01_2026-11-30_asof-2026-11-20");
    let rows = look.table("discrepancies");
    assert!(!rows.is_empty());
    let unknown = |row: &Row| row["state"] == "new" && row["first_seen"].is_empty();
    assert!(rows.iter().all(unknown), "{rows:#?}");
}

#[test]
fn a_range_may_go_over_the_end_of_a_year() {
    let company = Company::new();
    for (day, number) in [
        ("2026-12-29", 1),
        ("2026-12-31", 2),
        ("2027-01-01", 3),
        ("2027-01-03", 4),
    ] {
        let reference = format!("NONE-{number}");
        company.put(
            &crp_name(day, number),
            csv(&[funding(&reference, day, "10.00")]),
        );
    }
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2027-01-04", "1.00")]),
    );
    let range = ["--from", "2026-12-30", "--to", "2027-01-02"];
    company.run("2027-01-05", &range).done();
    let look = company.report("2026-12-30_2027-01-02_asof-2027-01-05");
    let found = look.found("ORDER_NOT_FOUND");
    let days: Vec<&str> = found.iter().map(|row| row["event_date"].as_str()).collect();
    assert_eq!(days, ["2026-12-31", "2027-01-01"]);
}

/// Orders and a report of each night; nothing arrives late.
fn plain_delivery(company: &Company, night: usize) {
    let day = NIGHTS[night];
    let number = u32::try_from(night).unwrap() + 1;
    let [known, unknown, short] = ["OK", "NONE", "SHORT"].map(|kind| format!("{kind}-{night}"));
    company.put(
        &format!("inbox/orders/of_{night}.csv"),
        csv(&[order(&known, day, "10.00"), order(&short, day, "30.00")]),
    );
    let rows = [
        funding(&known, day, "10.00").with("Transfer_Id", "TFR2001"),
        funding(&unknown, day, "20.00").with("Transfer_Id", "TFR2001"),
        funding(&short, day, "25.00"),
    ];
    company.put(&crp_name(day, number), csv(&rows));
}

#[test]
fn an_earlier_night_that_is_repeated_shows_what_it_showed() {
    let company = Company::new();
    // All but the manifest, which also names what came since and is of later days only.
    let tables = |report: &crate::report::Report| {
        let mut bytes = report.bytes();
        assert!(bytes.remove("manifest.json").is_some());
        bytes
    };
    let mut shown = Vec::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        plain_delivery(&company, number);
        shown.push(tables(company.night(day).is_sound()));
    }
    for number in [2, 0, 3, 4, 1] {
        let day = NIGHTS[number];
        let again = tables(&company.night(day));
        assert_same(&shown[number], &again, &format!("{day} again"));
    }
    assert_same(
        &shown[4],
        &tables(&company.night(NIGHTS[4])),
        "and the last one",
    );
}

#[test]
fn a_night_that_was_left_out_changes_nothing_for_the_next() {
    let [every, some] = [Company::new(), Company::new()];
    for (number, day) in NIGHTS.iter().enumerate() {
        plain_delivery(&every, number);
        plain_delivery(&some, number);
        every.night(day);
        if number % 2 == 0 {
            some.night(day);
        }
    }
    let open = |company: &Company| {
        let rows = company.report(NIGHTS[4]).table("discrepancies");
        rows.iter()
            .map(|row| (row["id"].clone(), row["actual"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(open(&every), open(&some));
}

/// A company with one order that was funded too low, and the discrepancy that says so.
fn with_a_discrepancy() -> (Company, String) {
    let company = Company::new();
    company.put(
        "inbox/orders/o.csv",
        csv(&[order("WEB-1", "2026-11-10", "100.00")]),
    );
    company.put(
        &crp_name("2026-11-15", 1),
        csv(&[funding("WEB-1", "2026-11-10", "90.00")]),
    );
    let found = company.night(NIGHTS[0]).only("AMOUNT_MISMATCH");
    assert_eq!(found["state"], "new");
    (company, found["id"].clone())
}

fn mismatch(company: &Company, night: usize) -> Row {
    company.night(NIGHTS[night]).only("AMOUNT_MISMATCH")
}

#[test]
fn what_was_accepted_stays_accepted_until_its_amount_changes() {
    let (company, id) = with_a_discrepancy();
    company
        .call(&[
            "accept",
            &id,
            "--reason",
            "agreed on the phone",
            "--user",
            "ana",
        ])
        .exits(0);
    assert_eq!(mismatch(&company, 1)["state"], "accepted");
    assert_eq!(mismatch(&company, 2)["state"], "accepted");
    let more = funding("WEB-1", "2026-11-18", "4.00").with("Transaction_number", "TX-2");
    company.put(&crp_name("2026-11-18", 2), csv(&[more]));
    let changed = mismatch(&company, 3);
    assert_eq!(
        (changed["state"].as_str(), changed["actual"].as_str()),
        ("changed", "94.00")
    );
    assert_eq!(changed["id"], id, "the amount is not in the id");
    assert_eq!(changed["first_seen"], NIGHTS[0]);
    assert_eq!(mismatch(&company, 4)["state"], "persisting");
}

#[test]
fn what_people_decide_is_in_the_next_report_and_can_be_taken_back() {
    let (company, id) = with_a_discrepancy();
    company
        .call(&["note", &id, "Oney looks into it", "--user", "ana"])
        .exits(0);
    company
        .call(&["assign", &id, "Bo", "--user", "ana"])
        .exits(0);
    let noted = mismatch(&company, 1);
    assert_eq!(noted["note"], "Oney looks into it");
    assert_eq!(noted["assignee"], "Bo");
    assert_eq!(noted["state"], "persisting", "a note settles nothing");
    company
        .call(&["accept", &id, "--reason", "small", "--user", "ana"])
        .exits(0);
    assert_eq!(mismatch(&company, 2)["state"], "accepted");
    company.call(&["reopen", &id, "--user", "bo"]).exits(0);
    let reopened = mismatch(&company, 3);
    assert_eq!(reopened["state"], "persisting");
    assert_eq!(reopened["assignee"], "Bo");
    company
        .call(&["accept", "000000000000", "--reason", "?", "--user", "ana"])
        .exits(1);
}

#[test]
fn what_went_away_is_resolved_once_and_new_when_it_comes_back() {
    let (company, id) = with_a_discrepancy();
    let rest = |day, number, cents| {
        let row = funding("WEB-1", day, cents).with("Transaction_number", &format!("TX-{number}"));
        company.put(&crp_name(day, number), csv(&[row]));
    };
    rest("2026-11-16", 2, "10.00");
    let gone = mismatch(&company, 1);
    assert_eq!(
        (gone["state"].as_str(), gone["actual"].as_str()),
        ("resolved", "90.00")
    );
    assert!(company.night(NIGHTS[2]).found("AMOUNT_MISMATCH").is_empty());
    rest("2026-11-18", 3, "7.00");
    let back = mismatch(&company, 3);
    assert_eq!(
        (back["id"].as_str(), back["state"].as_str()),
        (id.as_str(), "new")
    );
    assert_eq!(back["first_seen"], NIGHTS[3]);
}
