//! Payouts over time: what was expected beside what the bank booked, a chart a currency. Drawn
//! in whole units.

use std::collections::BTreeMap;
use std::io;

use askama::Template;
use chrono::{Datelike as _, Days, NaiveDate};

use super::balance::{minor, scaled};
use crate::domain::payout::{PayoutOutcome, PayoutState};
use crate::domain::{Amount, Currency};
use crate::report::language::{Texts, Value};
use crate::report::words::Words;

/// Charts that the page shows at most, for the currencies with the most payouts.
const CHARTS_MAX: usize = 3;
/// Groups of bars that fit beside each other.
const GROUPS_MAX: u64 = 14;
/// The space for bars, from its upper to its lower edge, and its width.
const TOP: u64 = 20;
const HEIGHT: u64 = 150;
const WIDTH: u64 = 360;

#[derive(Template)]
#[template(path = "timeline.html")]
struct Chart<'a> {
    t: &'a Texts,
    title: String,
    highest: String,
    /// Where nothing is: bars of positive sums stand on it, those of negative ones hang from it.
    zero: u64,
    groups: Vec<Group>,
    first: String,
    last: String,
}

struct Group {
    title: String,
    from: String,
    expected: String,
    booked: String,
    x: u64,
    booked_x: u64,
    width: u64,
    expected_y: u64,
    expected_height: u64,
    booked_y: u64,
    booked_height: u64,
}

/// How long a time a group of bars stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    Day,
    Week,
    Month,
    Year,
}

impl Span {
    /// The first day of the span that a day is in.
    fn begin(self, day: NaiveDate) -> NaiveDate {
        let monday = || {
            let since = Days::new(day.weekday().num_days_from_monday().into());
            day.checked_sub_days(since)
        };
        let begin = match self {
            Self::Day => Some(day),
            Self::Week => monday(),
            Self::Month => day.with_day(1),
            Self::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        };
        begin.unwrap_or(day)
    }

    /// The first day of the span after the one that begins on a day.
    fn next(self, begin: NaiveDate) -> Option<NaiveDate> {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 32,
            Self::Year => 367,
        };
        let later = begin.checked_add_days(Days::new(days))?;
        Some(self.begin(later)).filter(|next| *next > begin)
    }

    /// The first days of all spans from one day to another, of the shortest span of which there
    /// are few enough; of years the last ones.
    fn all(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        for span in [Self::Day, Self::Week, Self::Month] {
            let begins = span.between(first, last);
            let count = u64::try_from(begins.len()).unwrap_or(u64::MAX);
            if count <= GROUPS_MAX {
                return begins;
            }
        }
        let mut years = Self::Year.between(first, last);
        let keep = usize::try_from(GROUPS_MAX).unwrap_or(1);
        years.drain(..years.len().saturating_sub(keep));
        years
    }

    fn between(self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let days = std::iter::successors(Some(self.begin(first)), |day| self.next(*day));
        // Of days, one more than fit is enough to know that they do not.
        let enough = if self == Self::Year { 10_000 } else { 15 };
        days.take_while(|day| *day <= last).take(enough).collect()
    }
}

#[derive(Clone, Copy, Default)]
struct Sums {
    expected: Amount,
    booked: Amount,
}

/// Draws a chart for each of the most frequent currencies; nothing where there are no payouts.
pub(super) fn charts(words: Words<'_>, payouts: &[PayoutOutcome]) -> io::Result<String> {
    let mut by_currency: BTreeMap<Currency, Vec<&PayoutOutcome>> = BTreeMap::new();
    for outcome in payouts {
        let currency = outcome.payout.currency;
        by_currency.entry(currency).or_default().push(outcome);
    }
    let mut currencies: Vec<_> = by_currency.into_iter().collect();
    currencies.sort_by_key(|(_, of)| std::cmp::Reverse(of.len()));
    let charts = currencies.into_iter().take(CHARTS_MAX);
    let mut charts = charts.map(|(currency, of)| chart(words, currency, &of));
    let first = charts.next().transpose()?.unwrap_or_default();
    let others: String = charts.collect::<io::Result<_>>()?;
    if others.is_empty() {
        return Ok(first);
    }
    let title = words.text("html-timeline-others");
    Ok(format!(
        "{first}<details class=\"others\"><summary>{title}</summary>{others}</details>"
    ))
}

fn chart(words: Words<'_>, currency: Currency, payouts: &[&PayoutOutcome]) -> io::Result<String> {
    let days = || payouts.iter().map(|outcome| outcome.payout.last);
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Ok(String::new());
    };
    let mut sums: BTreeMap<NaiveDate, Sums> = Span::all(first, last)
        .into_iter()
        .map(|begin| (begin, Sums::default()))
        .collect();
    let earliest = sums.keys().next().copied().unwrap_or(first);
    for outcome in payouts {
        // What is before the first year shown counts to it.
        let day = outcome.payout.last.max(earliest);
        if let Some((_, sums)) = sums.range_mut(..=day).next_back() {
            sums.expected += outcome.expected;
            if outcome.state != PayoutState::Pending {
                sums.booked += outcome.booked.unwrap_or_default();
            }
        }
    }
    let all = || sums.values().flat_map(|sums| [sums.expected, sums.booked]);
    let highest = all().max().unwrap_or_default().max(Amount::ZERO);
    let lowest = all().min().unwrap_or_default().min(Amount::ZERO);
    let above = scaled(minor(highest), minor(highest - lowest), HEIGHT);
    let scale = Scale {
        range: minor(highest - lowest),
        zero: TOP.saturating_add(above),
    };
    let step = WIDTH.checked_div(u64::try_from(sums.len()).unwrap_or(1));
    let step = step.unwrap_or(WIDTH);
    let groups = sums.iter().enumerate().map(|(at, (begin, sums))| {
        let x = step.saturating_mul(u64::try_from(at).unwrap_or(0));
        group(words, currency, (*begin, *sums), &scale, (x, step))
    });
    let code = currency.to_string();
    let chart = Chart {
        t: words.texts,
        title: words
            .texts
            .with("html-timeline", &[("currency", Value::Text(&code))]),
        highest: words.texts.money(highest, currency),
        zero: scale.zero,
        groups: groups.collect(),
        first: words.day(earliest),
        last: words.day(sums.keys().next_back().copied().unwrap_or(last)),
    };
    chart.render().map_err(io::Error::other)
}

/// How amounts become lengths.
struct Scale {
    /// What the whole height stands for, in minor units.
    range: u64,
    zero: u64,
}

impl Scale {
    /// Upper edge and height of a bar.
    fn bar(&self, amount: Amount) -> (u64, u64) {
        let height = scaled(minor(amount), self.range, HEIGHT);
        if amount.is_negative() {
            (self.zero, height)
        } else {
            (self.zero.saturating_sub(height), height)
        }
    }
}

fn group(
    words: Words<'_>,
    currency: Currency,
    (begin, sums): (NaiveDate, Sums),
    scale: &Scale,
    (x, step): (u64, u64),
) -> Group {
    // Two bars with a gap of a third of a bar's width on either side; not wider than a finger.
    let width = step
        .saturating_mul(3)
        .checked_div(8)
        .unwrap_or(1)
        .clamp(1, 26);
    let (expected_y, expected_height) = scale.bar(sums.expected);
    let (booked_y, booked_height) = scale.bar(sums.booked);
    let [expected, booked] =
        [sums.expected, sums.booked].map(|amount| words.texts.money(amount, currency));
    let from = words.day(begin);
    let label = |key| words.text(key);
    Group {
        title: format!(
            "{from}: {} {expected}, {} {booked}",
            label("html-timeline-expected"),
            label("html-timeline-booked")
        ),
        from,
        expected,
        booked,
        x,
        booked_x: x.saturating_add(width).saturating_add(1),
        width,
        expected_y,
        expected_height,
        booked_y,
        booked_height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::day;

    #[test]
    fn the_shortest_span_is_taken_that_leaves_few_enough_groups() {
        let begins = |first: &str, last: &str| {
            let all = Span::all(day(first), day(last));
            (all[0].to_string(), all.len())
        };
        assert_eq!(
            begins("2026-11-05", "2026-11-18"),
            ("2026-11-05".into(), 14)
        );
        // One day more: weeks, from the Monday before.
        assert_eq!(begins("2026-11-05", "2026-11-19"), ("2026-11-02".into(), 3));
        assert_eq!(
            begins("2026-01-31", "2026-11-20"),
            ("2026-01-01".into(), 11)
        );
        assert_eq!(begins("2024-12-31", "2026-11-20"), ("2024-01-01".into(), 3));
        assert_eq!(
            begins("1990-12-31", "2026-11-20"),
            ("2013-01-01".into(), 14)
        );
    }

    #[test]
    fn the_end_of_the_calendar_is_no_end_of_the_program() {
        let all = Span::all(NaiveDate::MIN, NaiveDate::MAX);
        assert!(all.len() <= 14);
    }
}
