//! Leg 4: reports that did not come.
//!
//! Reports with numbers say themselves what is missing between them; behind the last of them, and
//! for a provider whose reports have no numbers, the calendar does.

use chrono::{Datelike, NaiveDate, Weekday};

use super::files::{Numbered, Series};
use crate::domain::calendar::plus_days;
use crate::domain::detail::{Detail, MissingReport};
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::rules::{ProviderRules, Rules};

/// A gap of more numbers than this is one finding: more likely a mistyped name than lost files.
const NUMBERS_LISTED_MAX: u64 = 31;

/// Days that are looked at behind the last report; a series that ended years ago does not fill
/// the report with every day since.
const DAYS_LISTED_MAX: i64 = 400;

/// `REPORT_MISSING` for every report that is missing within a series or due behind the newest one.
pub fn missing_reports(series: &[Series<'_>], rules: &Rules, as_of: NaiveDate) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    for (at, one) in series.iter().enumerate() {
        let calendar = Calendar::of(rules.provider(one.provider), one.country);
        for pair in one.numbers.windows(2) {
            if let [before, after] = pair {
                found.extend(between(one, before, after, calendar));
            }
        }
        let newest = series
            .get(at.saturating_add(1))
            .is_none_or(|next| next.provider != one.provider || next.country != one.country);
        if newest {
            found.extend(after_the_last(one, calendar, as_of));
        }
    }
    since_the_books_open(found, rules)
}

/// A report of the time before the books open is missing for information only.
fn since_the_books_open(found: Vec<Discrepancy>, rules: &Rules) -> Vec<Discrepancy> {
    let dated = found.into_iter().map(|found| {
        let opens = rules.provider(&found.provider).books_open;
        let day = found.event_date;
        found.unless_before(opens, day)
    });
    dated.collect()
}

/// The days that one report without a number covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CoveredDays<'f> {
    /// Who reports.
    pub provider: &'f str,
    /// Country in lower case, may be empty.
    pub country: &'f str,
    /// The first day that its lines are reported for.
    pub first: NaiveDate,
    /// The last one. A report of several days covers those between them too: a day without
    /// movements leaves no line.
    pub last: NaiveDate,
    /// The file's name.
    pub file: &'f str,
}

/// `REPORT_MISSING` for each report day of a provider without numbers that no report covers: from
/// the first report on, as soon as it is due. Where nothing says on which days there are reports,
/// none is missing.
///
/// `reports` are those seen on `as_of`, with no day behind it, in any order.
pub fn missing_days(
    reports: &[CoveredDays<'_>],
    rules: &Rules,
    as_of: NaiveDate,
) -> Vec<Discrepancy> {
    let mut reports = reports.to_vec();
    reports.sort_unstable();
    let mut found = Vec::new();
    for series in reports.chunk_by(|a, b| (a.provider, a.country) == (b.provider, b.country)) {
        let Some(first) = series.first() else {
            continue;
        };
        let place = (first.provider, first.country);
        let Some(calendar) = Calendar::of(rules.provider(place.0), place.1) else {
            continue;
        };
        let mut day = plus_days(first.last, 1).max(plus_days(as_of, -DAYS_LISTED_MAX));
        for next in series {
            let before = day_before(next.first).min(as_of);
            let missing = calendar.days_due((day, before), as_of);
            found.extend(missing.map(|day| Discrepancy {
                sources: whole_file(next.file),
                ..by_date(place, day)
            }));
            day = day.max(plus_days(next.last, 1));
        }
        let behind = calendar.days_due((day, as_of), as_of);
        found.extend(behind.map(|day| by_date(place, day)));
    }
    since_the_books_open(found, rules)
}

fn day_before(day: NaiveDate) -> NaiveDate {
    plus_days(day, -1)
}

/// On which days a country has reports, and by whose rules they are due.
#[derive(Clone, Copy)]
struct Calendar<'c> {
    rules: &'c ProviderRules,
    country: &'c str,
    report_days: &'c [Weekday],
}

impl<'c> Calendar<'c> {
    /// `None` where nobody knows the report days.
    fn of(rules: &'c ProviderRules, country: &'c str) -> Option<Self> {
        let report_days = rules.report_days.of(country)?;
        Some(Self {
            rules,
            country,
            report_days,
        })
    }

    fn has(self, day: NaiveDate) -> bool {
        self.report_days.contains(&day.weekday())
    }

    /// The report days from one day to another whose reports are due.
    fn days_due(
        self,
        (from, to): (NaiveDate, NaiveDate),
        as_of: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> + 'c {
        let days = from.iter_days().take_while(move |day| *day <= to);
        days.filter(move |day| {
            self.has(*day) && self.rules.report_due_on(self.country, *day) <= as_of
        })
    }
}

/// The numbers between two neighbours, with their dates where the calendar tells them.
fn between(
    series: &Series<'_>,
    before: &Numbered<'_>,
    after: &Numbered<'_>,
    calendar: Option<Calendar<'_>>,
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
        return vec![Discrepancy {
            detail: Detail::MissingReport(MissingReport {
                country: series.country.to_owned(),
                number: Some(first),
                count: missing,
            }),
            ..by_number(series, first, day_after, after)
        }];
    }
    let dates = before
        .winner
        .report_date
        .zip(calendar)
        .map(|(day_before, calendar)| {
            let mut day = plus_days(day_before, 1);
            let mut dates = Vec::new();
            while day < day_after && dates.len() <= 64 {
                if calendar.has(day) {
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
            .map(|day| Discrepancy {
                sources: whole_file(&after.winner.name),
                ..by_date(series.place(), day)
            })
            .collect(),
        None => (first..after.sequence)
            .map(|number| by_number(series, number, day_after, after))
            .collect(),
    }
}

/// Every report day behind the latest report whose report is due.
fn after_the_last(
    series: &Series<'_>,
    calendar: Option<Calendar<'_>>,
    as_of: NaiveDate,
) -> Vec<Discrepancy> {
    let last = series
        .numbers
        .iter()
        .filter_map(|number| number.winner.report_date)
        .max();
    let Some((last, calendar)) = last.zip(calendar) else {
        return Vec::new();
    };
    let from = plus_days(last, 1).max(plus_days(as_of, -DAYS_LISTED_MAX));
    let place = series.place();
    calendar
        .days_due((from, as_of), as_of)
        .map(|day| by_date(place, day))
        .collect()
}

fn by_date((provider, country): (&str, &str), day: NaiveDate) -> Discrepancy {
    let key = vec![provider.to_owned(), country.to_owned(), day.to_string()];
    Discrepancy {
        provider: provider.to_owned(),
        file: format!("{country} {day}").trim_start().to_owned(),
        detail: Detail::MissingReport(MissingReport {
            country: country.to_owned(),
            number: None,
            count: 1,
        }),
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
        sources: whole_file(&after.winner.name),
        detail: Detail::MissingReport(MissingReport {
            country: series.country.to_owned(),
            number: Some(number),
            count: 1,
        }),
        ..Discrepancy::new(Code::ReportMissing, key, day_after)
    }
}

/// The file behind a gap shows that something is missing before it.
fn whole_file(name: &str) -> Vec<Source> {
    vec![Source {
        file: name.to_owned(),
        line: 0,
    }]
}
