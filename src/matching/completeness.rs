//! Leg 4: reports that did not come.

use chrono::{Datelike, NaiveDate, Weekday};

use super::files::{Numbered, Series};
use crate::domain::calendar::plus_days;
use crate::domain::discrepancy::{Code, Detail, Discrepancy, Source};
use crate::domain::rules::Rules;

/// A gap of more numbers than this is one finding: more likely a mistyped name than lost files.
const NUMBERS_LISTED_MAX: u64 = 31;

/// Days that are looked at behind the last report; a series that ended years ago does not fill
/// the report with every day since.
const DAYS_LISTED_MAX: i64 = 400;

/// `REPORT_MISSING` for every report that is missing within a series or due behind the newest one.
pub fn missing_reports(series: &[Series<'_>], rules: &Rules, as_of: NaiveDate) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    for (at, one) in series.iter().enumerate() {
        let report_days = rules.provider(one.provider).report_days.of(one.country);
        for pair in one.numbers.windows(2) {
            if let [before, after] = pair {
                found.extend(between(one, before, after, report_days));
            }
        }
        let newest = series
            .get(at.saturating_add(1))
            .is_none_or(|next| next.provider != one.provider || next.country != one.country);
        if newest {
            found.extend(after_the_last(one, report_days, as_of));
        }
    }
    found
}

/// The numbers between two neighbours, with their dates where the calendar tells them.
fn between(
    series: &Series<'_>,
    before: &Numbered<'_>,
    after: &Numbered<'_>,
    report_days: Option<&[Weekday]>,
) -> Vec<Discrepancy> {
    let missing = after
        .sequence
        .saturating_sub(before.sequence)
        .saturating_sub(1);
    let Some(day_after) = after.winner.report_date else {
        return Vec::new();
    };
    let first = before.sequence.saturating_add(1);
    if missing > NUMBERS_LISTED_MAX {
        let finding = by_number(series, first, day_after, after);
        return vec![Discrepancy {
            detail: Detail {
                count: Some(missing),
                ..finding.detail
            },
            ..finding
        }];
    }
    let dates = before
        .winner
        .report_date
        .zip(report_days)
        .map(|(day_before, report_days)| {
            let mut day = plus_days(day_before, 1);
            let mut dates = Vec::new();
            while day < day_after && dates.len() <= 64 {
                if report_days.contains(&day.weekday()) {
                    dates.push(day);
                }
                day = plus_days(day, 1);
            }
            dates
        });
    let known = dates.filter(|dates| u64::try_from(dates.len()).ok() == Some(missing));
    match known {
        Some(dates) => dates
            .into_iter()
            .map(|day| by_date(series, day, Some(after)))
            .collect(),
        None => (first..after.sequence)
            .map(|number| by_number(series, number, day_after, after))
            .collect(),
    }
}

/// Every report day behind the latest report whose report is due.
fn after_the_last(
    series: &Series<'_>,
    report_days: Option<&[Weekday]>,
    as_of: NaiveDate,
) -> Vec<Discrepancy> {
    let last = series
        .numbers
        .iter()
        .filter_map(|number| number.winner.report_date)
        .max();
    let Some((last, report_days)) = last.zip(report_days) else {
        return Vec::new();
    };
    let mut day = plus_days(last, 1).max(plus_days(as_of, -DAYS_LISTED_MAX));
    let mut found = Vec::new();
    while day < as_of {
        if report_days.contains(&day.weekday()) && due_on(series, day) <= as_of {
            found.push(by_date(series, day, None));
        }
        day = plus_days(day, 1);
    }
    found
}

/// A report is due the day after its report day; Oney France's Friday report on Monday.
fn due_on(series: &Series<'_>, report_day: NaiveDate) -> NaiveDate {
    let friday_in_france =
        series.provider == "oney" && series.country == "fr" && report_day.weekday() == Weekday::Fri;
    plus_days(report_day, if friday_in_france { 3 } else { 1 })
}

fn by_date(series: &Series<'_>, day: NaiveDate, after: Option<&Numbered<'_>>) -> Discrepancy {
    let place = [series.provider, series.country].map(str::to_owned);
    let key = place.into_iter().chain([day.to_string()]).collect();
    Discrepancy {
        provider: series.provider.to_owned(),
        file: format!("{} {day}", series.country),
        sources: source_after(after),
        detail: Detail {
            day: Some(day),
            ..Detail::default()
        },
        ..Discrepancy::new(Code::ReportMissing, key, day)
    }
}

fn by_number(
    series: &Series<'_>,
    number: u64,
    day_after: NaiveDate,
    after: &Numbered<'_>,
) -> Discrepancy {
    let place = [series.provider, series.country].map(str::to_owned);
    let key = place.into_iter().chain([number.to_string()]).collect();
    Discrepancy {
        provider: series.provider.to_owned(),
        file: format!("{} #{number}", series.country),
        sources: source_after(Some(after)),
        detail: Detail {
            subject: number.to_string(),
            ..Detail::default()
        },
        ..Discrepancy::new(Code::ReportMissing, key, day_after)
    }
}

/// The file behind a gap shows that something is missing before it.
fn source_after(after: Option<&Numbered<'_>>) -> Vec<Source> {
    after
        .map(|after| Source {
            file: after.winner.name.clone(),
            line: 0,
        })
        .into_iter()
        .collect()
}
