//! `scripts/check_report.py`, which shares no code with the program, on what the program wrote.

use crate::company::AS_OF;
use crate::oracle::python;
use crate::samples;

const NEXT_NIGHT: &str = "2026-11-21";

#[test]
fn each_rule_of_the_checker_fires_on_an_altered_copy_and_on_no_report_that_is_sound() {
    let company = samples::company_with(str::to_owned);
    company.run(AS_OF, &[]).exits(3);
    company.run(NEXT_NIGHT, &[]).exits(0);
    let reports = company.path("reports");
    let of = |day| reports.join(day).to_str().unwrap().to_owned();
    let words = ["tests/checker/altered.py", &of(AS_OF), &of(NEXT_NIGHT)];
    if let Some((agrees, said)) = python(&words) {
        assert!(agrees, "{said}");
    }
}
