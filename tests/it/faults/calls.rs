//! Calls of the system that fail: a shim before the C library makes every so many fail.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use super::{AS_OF, assert_told, company, told};
use crate::company::{Answer, Company};
use crate::report::assert_same;
use crate::rows::crp_name;
use crate::story::{self, NIGHTS};

/// Which calls fail, and how.
#[derive(Debug)]
pub(super) struct Faults {
    pub(super) under: &'static str,
    pub(super) call: &'static str,
    pub(super) every: u32,
    pub(super) error: i32,
}

/// The errors of a bad day: EIO, EMFILE, EACCES.
const ERRORS: [i32; 3] = [5, 24, 13];

/// The shim, built once; `None` where there is no compiler.
fn shim() -> Option<&'static PathBuf> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faults/shim.c");
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let target = target.join(format!("faults-{}.so", std::process::id()));
        let mut compiler = Command::new("cc");
        compiler
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&target);
        let status = compiler.arg(source).arg("-ldl").status().ok()?;
        assert!(status.success(), "the shim is not built");
        Some(target)
    });
    if built.is_none() {
        crate::skipped("no C compiler (cc): calls of the system do not fail");
    }
    built.as_ref()
}

/// A night in which calls fail; `None` where that cannot be done.
pub(super) fn disturbed(company: &Company, day: &str, faults: &Faults) -> Option<Answer> {
    let mut night = company.command(&["run", "--as-of", day, "--future", "--no-mail"]);
    night
        .env("LD_PRELOAD", shim()?)
        .env("FAULT_UNDER", faults.under)
        .env("FAULT_CALL", faults.call)
        .env("FAULT_EVERY", faults.every.to_string())
        .env("FAULT_ERRNO", faults.error.to_string());
    Some(Answer::new(
        assert_cmd::Command::from_std(night)
            .timeout(std::time::Duration::from_secs(120))
            .output(),
    ))
}

#[test]
fn an_error_of_the_system_refuses_no_file_for_good() {
    for call in ["open", "read", "stat"] {
        let company = company();
        let faults = Faults {
            under: "/inbox/oney/",
            call,
            every: 1,
            error: 5,
        };
        let Some(night) = disturbed(&company, AS_OF, &faults) else {
            return;
        };
        night.exits(3).says("unread: crp_fr");
        let report = company.report(AS_OF);
        let name = crp_name("2026-11-19", 1);
        let name = name.rsplit('/').next().unwrap();
        assert_told(&report, name, "unread", "Input/output error");
        assert!(report.found("REPORT_REJECTED").is_empty());
        company.run("2026-11-21", &[]).exits(0);
        assert_told(&company.report("2026-11-21"), name, "accepted", "");
    }
}

#[test]
fn a_stored_file_that_cannot_be_looked_at_again_stays_what_it_is() {
    let company = company();
    let orders = std::fs::read(company.path("inbox/orders/orders.csv")).unwrap();
    company.night(AS_OF);
    // Touched, so that it is looked at again.
    company.put("inbox/orders/orders.csv", orders);
    let faults = Faults {
        under: "/inbox/orders/",
        call: "open",
        every: 1,
        error: 24,
    };
    let Some(night) = disturbed(&company, "2026-11-21", &faults) else {
        return;
    };
    night.exits(3);
    let report = company.report("2026-11-21");
    assert_eq!(told(&report, "orders.csv").0, "unread");
    assert!(report.table("discrepancies").is_empty());
    company.run("2026-11-22", &[]).exits(0);
    let after = company.report("2026-11-22");
    assert!(after.table("discrepancies").is_empty());
    assert!(after.table("inputs").is_empty());
}

/// After nights in which calls failed, an undisturbed one says what it says in a world without
/// faults.
#[test]
fn after_faults_an_undisturbed_night_is_that_of_a_world_without_faults() {
    let calm = Company::new();
    (0..3).for_each(|night| story::deliver(&calm, night));
    let expected = calm.night(NIGHTS[2]).bytes();
    for (number, call) in ["open", "read", "stat", "list"].into_iter().enumerate() {
        for every in [1, 2, 3, 5] {
            let company = Company::new();
            (0..3).for_each(|night| story::deliver(&company, night));
            let faults = Faults {
                under: "/inbox/",
                call,
                every,
                error: ERRORS[(number + usize::try_from(every).unwrap()) % ERRORS.len()],
            };
            let Some(night) = disturbed(&company, NIGHTS[2], &faults) else {
                return;
            };
            night.exits(3);
            company.run(NIGHTS[2], &["--full"]).done();
            let bytes = company.report(NIGHTS[2]).bytes();
            assert_same(&expected, &bytes, &format!("{faults:?}"));
        }
    }
}
