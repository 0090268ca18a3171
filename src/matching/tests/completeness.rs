//! Reports that did not come: gaps between numbers, and days behind the last report.
//!
//! The 1st of November 2026 is a Sunday; Oney France reports from Sunday to Friday.

use std::collections::BTreeMap;

use chrono::Weekday;
use regex::Regex;
use rust_decimal::Decimal;

use super::{in_words, nov, report};
use crate::domain::calendar::BusinessCalendar;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::family::Family;
use crate::domain::file::InputFile;
use crate::domain::rules::{ProviderRules, ReportDays, Rules, SettlementMode, Tolerance};
use crate::matching::completeness::{CoveredDays, missing_days, missing_reports};
use crate::matching::files::counting;

const EVERY_DAY: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

pub(super) fn provider_rules(mode: SettlementMode, report_days: ReportDays) -> ProviderRules {
    ProviderRules {
        family: None,
        mode,
        bank_text: Regex::new("oney").unwrap(),
        accounts: Vec::new(),
        funding_delay_days: 5,
        cancellation_delay_days: 5,
        status_delay_days: 1,
        payout_grace_business_days: 3,
        entry_grace_business_days: 3,
        bank_window_before_days: 5,
        bank_window_after_days: 20,
        confirm_deadline_days: None,
        deadline_warning_days: 5,
        report_days,
        reports_settlement: true,
        books_open: None,
    }
}

/// Oney pays net and reports as the contract says; all others pay gross on unknown days.
pub(in crate::matching) fn rules() -> Rules {
    let sunday_to_friday = EVERY_DAY.into_iter().filter(|day| *day != Weekday::Sat);
    let oney = ReportDays {
        by_country: BTreeMap::from([("fr".to_owned(), sunday_to_friday.collect())]),
        default: Some(EVERY_DAY.to_vec()),
    };
    let unknown = ReportDays {
        by_country: BTreeMap::new(),
        default: None,
    };
    let oney = ProviderRules {
        family: Some(Family::Oney),
        ..provider_rules(SettlementMode::Net, oney)
    };
    Rules {
        calendar: BusinessCalendar::default(),
        providers: BTreeMap::from([("oney".to_owned(), oney)]),
        default_provider: provider_rules(SettlementMode::Gross, unknown),
        amount_tolerance: Tolerance(Decimal::ZERO),
        fee_tolerance: Tolerance(Decimal::ZERO),
        max_combined_payouts: 7,
        fees: Vec::new(),
        inputs: Vec::new(),
        closed_accounts: Vec::new(),
    }
}

fn missing(files: &[InputFile], day: i64) -> Vec<Discrepancy> {
    let counting = counting(files, nov(day), &|_| true);
    missing_reports(&counting.series, &rules(), nov(day))
}

/// What is missing, without the code, which is always the same.
fn said(files: &[InputFile], day: i64) -> Vec<String> {
    let found = missing(files, day);
    let words = |found: &Discrepancy| {
        in_words(found)
            .strip_prefix("REPORT_MISSING ")
            .unwrap()
            .to_owned()
    };
    found.iter().map(words).collect()
}

#[test]
fn a_gap_with_as_many_report_days_as_numbers_is_told_by_its_days() {
    // Monday 2nd is 17, Thursday 5th is 20: Tuesday and Wednesday are missing.
    let files = [report(1, 17, 2), report(2, 20, 5)];
    assert_eq!(
        said(&files, 5),
        ["fr 2026-11-03 11-03", "fr 2026-11-04 11-04"]
    );
    assert_eq!(missing(&files, 5)[0].key, ["oney", "fr", "2026-11-03"]);
    // Over a Saturday, which is no report day: Thursday 5th, Friday 6th is missing, Sunday 8th.
    let files = [report(1, 20, 5), report(2, 22, 8)];
    assert_eq!(said(&files, 8), ["fr 2026-11-06 11-06"]);
}

#[test]
fn a_gap_that_the_calendar_does_not_explain_is_told_by_its_numbers() {
    // One number is missing, two report days lie between.
    let files = [report(1, 17, 2), report(2, 19, 5)];
    assert_eq!(said(&files, 5), ["fr #18 11-05"]);
    let found = &missing(&files, 5)[0];
    assert_eq!(found.key, ["oney", "fr", "18"]);
    assert_eq!(found.sources[0].file, "crp_fr_v3_261105_19.csv");
}

#[test]
fn where_no_number_is_missing_nothing_is_whatever_the_calendar_says() {
    let files = [report(1, 17, 2), report(2, 18, 12)];
    assert_eq!(said(&files, 12), Vec::<String>::new());
}

#[test]
fn a_gap_of_more_than_31_numbers_is_one_finding_under_its_first() {
    let files = [report(1, 17, 2), report(2, 49, 3)];
    assert_eq!(said(&files, 3).len(), 31);
    let files = [report(1, 17, 2), report(2, 50, 3)];
    assert_eq!(said(&files, 3), ["fr #18 11-03"]);
    assert!(
        matches!(&missing(&files, 3)[0].detail, Detail::MissingReport(report)
        if report.count == 32 && report.number == Some(18))
    );
}

#[test]
fn a_report_is_due_the_day_after_its_day() {
    // Monday 2nd is the last; Tuesday's report is due on Wednesday.
    let files = [report(1, 17, 2)];
    assert_eq!(said(&files, 3), Vec::<String>::new());
    assert_eq!(said(&files, 4), ["fr 2026-11-03 11-03"]);
    assert_eq!(
        said(&files, 5),
        ["fr 2026-11-03 11-03", "fr 2026-11-04 11-04"]
    );
}

#[test]
fn the_french_friday_report_is_due_on_monday_and_there_is_none_on_saturday() {
    // Thursday 5th is the last; Sunday's report is due on Monday too.
    let files = [report(1, 20, 5)];
    for day in [6, 7, 8] {
        assert_eq!(said(&files, day), Vec::<String>::new(), "{day}");
    }
    assert_eq!(
        said(&files, 9),
        ["fr 2026-11-06 11-06", "fr 2026-11-08 11-08"]
    );
}

#[test]
fn elsewhere_every_day_is_a_report_day() {
    let spain = InputFile {
        country: "es".to_owned(),
        ..report(1, 20, 5)
    };
    assert_eq!(
        said(&[spain], 8),
        ["es 2026-11-06 11-06", "es 2026-11-07 11-07"]
    );
}

#[test]
fn nothing_is_asked_for_where_the_report_days_are_not_known() {
    let alma = |id, sequence, day| InputFile {
        provider: "alma".to_owned(),
        ..report(id, sequence, day)
    };
    assert_eq!(said(&[alma(1, 17, 2)], 30), Vec::<String>::new());
    // A gap shows all the same, by its number.
    assert_eq!(
        said(&[alma(1, 17, 2), alma(2, 19, 4)], 30),
        ["fr #18 11-04"]
    );
}

#[test]
fn only_the_newest_series_is_waited_for() {
    // Number 1 on the 28th of November begins a new series: nothing is missing behind 365.
    let files = [report(1, 365, 1), report(2, 1, 29)];
    assert_eq!(said(&files, 29), Vec::<String>::new());
    assert_eq!(said(&files, 31), ["fr 2026-11-30 11-30"]);
}

#[test]
fn a_superseded_version_fills_no_other_place() {
    // Number 18 was corrected: its day is the correction's.
    let files = [report(1, 17, 2), report(2, 18, 3), report(3, 18, 4)];
    assert_eq!(said(&files, 5), Vec::<String>::new());
}

fn every_day_of(provider: &str) -> Rules {
    let mut rules = rules();
    let report_days = ReportDays {
        by_country: BTreeMap::new(),
        default: Some(EVERY_DAY.to_vec()),
    };
    let known = provider_rules(SettlementMode::Net, report_days);
    rules.providers.insert(provider.to_owned(), known);
    rules
}

fn covered(first: i64, last: i64) -> CoveredDays<'static> {
    CoveredDays {
        provider: "payone",
        country: "",
        first: nov(first),
        last: nov(last),
        file: "usr.csv",
    }
}

/// What is missing without numbers, with the file behind it.
fn said_of_days(reports: &[CoveredDays<'_>], rules: &Rules, day: i64) -> Vec<String> {
    let found = missing_days(reports, rules, nov(day));
    let words = |found: &Discrepancy| {
        let source = found.sources.first();
        let source = source.map_or("", |source| source.file.as_str());
        format!("{} {} {source}", found.key.join("/"), found.file)
    };
    found.iter().map(words).collect()
}

#[test]
fn without_numbers_every_report_day_from_the_first_report_on_is_asked_for() {
    let rules = every_day_of("payone");
    // The 3rd is the first; the 4th is missing before the 5th, and the 6th is due on the 7th.
    let reports = [covered(5, 5), covered(3, 3)];
    let fourth = "payone//2026-11-04 2026-11-04 usr.csv";
    assert_eq!(said_of_days(&reports, &rules, 6), [fourth]);
    assert_eq!(
        said_of_days(&reports, &rules, 7),
        [fourth, "payone//2026-11-06 2026-11-06 "]
    );
    let found = missing_days(&reports, &rules, nov(7));
    assert_eq!(found[1].event_date, nov(6));
    // A day is asked for once it is due, whatever came behind it.
    assert_eq!(
        said_of_days(&[covered(3, 3), covered(5, 5)], &rules, 5),
        [fourth]
    );
}

#[test]
fn a_report_of_several_days_stands_for_each_of_them() {
    let rules = every_day_of("payone");
    // A long report and a short one within it, and one that overlaps.
    let reports = [covered(3, 6), covered(4, 4), covered(6, 8)];
    assert_eq!(said_of_days(&reports, &rules, 9), Vec::<String>::new());
    assert_eq!(
        said_of_days(&reports, &rules, 10),
        ["payone//2026-11-09 2026-11-09 "]
    );
}

#[test]
fn without_numbers_and_without_report_days_nothing_is_asked_for() {
    assert_eq!(
        said_of_days(&[covered(3, 3)], &rules(), 30),
        Vec::<String>::new()
    );
    assert_eq!(said_of_days(&[], &every_day_of("payone"), 30).len(), 0);
    let mut working = every_day_of("payone");
    let days = &mut working.providers.get_mut("payone").unwrap().report_days;
    days.default
        .as_mut()
        .unwrap()
        .retain(|day| *day != Weekday::Sun);
    // The 8th is a Sunday.
    assert_eq!(
        said_of_days(&[covered(7, 7)], &working, 9),
        Vec::<String>::new()
    );
}
