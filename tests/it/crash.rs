//! A run that is killed anywhere leaves nothing half-done: the next one does the night as if
//! nothing had happened.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::company::Company;
use crate::report::assert_same;
use crate::rows::{Entry, camt, crp_name, csv, euros, funding, order};
use crate::sqlite;
use crate::story::Bytes;

/// Rows of each of the reports that arrive before the night that is killed.
const ROWS: usize = 4_000;

/// How often a night is killed.
const KILLS: u32 = 25;

const FIRST: &str = "2026-11-17";
const KILLED: &str = "2026-11-18";

/// A company with one recorded night, and 20 000 lines waiting.
pub(crate) fn before_the_night(company: &Company) {
    let reference = |day: usize, row: usize| format!("WEB-{day}-{row}");
    let cents = |row: usize| 1_000 + i64::try_from(row * 37 % 9_000).unwrap();
    for day in 0..5 {
        if day == 1 {
            company.night(FIRST);
        }
        let orders: Vec<_> = (0..ROWS)
            .filter(|row| row % 97 != 0)
            .map(|row| order(&reference(day, row), "2026-11-12", &euros(cents(row))))
            .collect();
        company.put(&format!("inbox/orders/of_{day}.csv"), csv(&orders));
        let lines: Vec<_> = (0..ROWS)
            .filter(|row| row % 89 != 0)
            .map(|row| {
                let payout = format!("TFR3{day}0{}", row % 5);
                funding(&reference(day, row), "2026-11-12", &euros(cents(row)))
                    .with("Transfer_Id", &payout)
            })
            .collect();
        let number = u32::try_from(day).unwrap() + 1;
        company.put(
            &crp_name(&format!("2026-11-1{}", 3 + day), number),
            csv(&lines),
        );
    }
    let entry = Entry {
        id: "B-1",
        day: "2026-11-17",
        cents: 1_234,
        text: "ONEY",
    };
    company.put(
        "inbox/bank/s.xml",
        camt("S-1", ["2026-11-17", "2026-11-17"], 0, &[entry]),
    );
}

/// Starts the night and kills it after a while; false when it had ended by itself.
pub(crate) fn kill_after(company: &Company, delay: Duration) -> bool {
    let mut night = company.command(&["run", "--as-of", KILLED]);
    let mut running = night
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(delay);
    running.kill().unwrap();
    running.wait().unwrap().code().is_none()
}

/// Asserts that the next run makes up for the killed one.
pub(crate) fn the_next_run_does_the_night(company: &Company, expected: &Bytes, what: &str) {
    company.run(KILLED, &[]).done();
    assert_same(expected, &company.report(KILLED).bytes(), what);
    let left: Vec<_> = fs::read_dir(company.path("reports"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{what}: {left:?} is left over");
}

/// The report of the night when nobody kills it, and how long it takes.
pub(crate) fn undisturbed(company: &Company) -> (Bytes, Duration) {
    let started = Instant::now();
    company.run(KILLED, &[]).done();
    (company.report(KILLED).is_sound().bytes(), started.elapsed())
}

/// Delays spread over a whole run, none of them a multiple of another.
pub(crate) fn delays(run: Duration, kills: u32) -> impl Iterator<Item = Duration> {
    (0..kills).map(move |kill| run * (kill * 7 % kills) / kills + Duration::from_micros(1_300))
}

#[test]
fn a_run_that_is_killed_anywhere_leaves_no_trace_in_the_next_report() {
    let company = Company::new();
    before_the_night(&company);
    let (expected, run) = undisturbed(&company.copy());
    let mut killed = 0_u32;
    for delay in delays(run, KILLS) {
        let again = company.copy();
        killed += u32::from(kill_after(&again, delay));
        let what = format!("killed after {delay:?}");
        the_next_run_does_the_night(&again, &expected, &what);
        sqlite::is_whole(&again.path("var/recon.db"));
    }
    assert!(
        killed * 2 > KILLS,
        "only {killed} of {KILLS} were killed at work"
    );
}

#[test]
fn a_run_that_is_killed_again_and_again_gets_there() {
    let company = Company::new();
    before_the_night(&company);
    let (expected, run) = undisturbed(&company.copy());
    for delay in delays(run, 8) {
        kill_after(&company, delay);
    }
    the_next_run_does_the_night(&company, &expected, "killed eight times");
    sqlite::is_whole(&company.path("var/recon.db"));
    company.run(KILLED, &["--full"]).done();
    assert_same(&expected, &company.report(KILLED).bytes(), "in full");
}
