//! The figures of a report: how many, how much, how old. Taken from the same rows as the tables,
//! so that what the page says above them is what they add up to.

use std::collections::BTreeMap;

pub use super::roots::Exposure;
use super::roots::Roots;
use crate::domain::calendar::days_between;
use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};

/// How long something has been open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeBucket {
    /// At most a week; deadlines that have not come yet are among them.
    Week,
    /// Up to 30 days.
    Month,
    /// Up to 60 days.
    TwoMonths,
    /// Up to 90 days.
    ThreeMonths,
    /// Longer.
    Longer,
}

impl AgeBucket {
    /// All buckets, the youngest first.
    pub const ALL: [Self; 5] = [
        Self::Week,
        Self::Month,
        Self::TwoMonths,
        Self::ThreeMonths,
        Self::Longer,
    ];

    /// The bucket of an age in days; a negative one is a date still to come.
    pub fn of(age_days: i64) -> Self {
        match age_days {
            ..=7 => Self::Week,
            8..=30 => Self::Month,
            31..=60 => Self::TwoMonths,
            61..=90 => Self::ThreeMonths,
            91.. => Self::Longer,
        }
    }

    /// The words in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Week => "0-7",
            Self::Month => "8-30",
            Self::TwoMonths => "31-60",
            Self::ThreeMonths => "61-90",
            Self::Longer => "over 90",
        }
    }
}

/// The figures of all discrepancies of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many of each code are in each state; resolved ones too. No zeros.
    pub counts: BTreeMap<Code, BTreeMap<State, u64>>,
    /// Σ |difference| of the open ones (all but the resolved), by severity and currency.
    ///
    /// What has no difference (`CURRENCY_MISMATCH` has nothing to compare with) or no currency
    /// adds nothing.
    pub amounts: BTreeMap<Severity, BTreeMap<Currency, Amount>>,
    /// How many open ones are how old.
    pub ageing: BTreeMap<AgeBucket, u64>,
    /// What money it is all about.
    pub exposure: BTreeMap<Currency, Exposure>,
}

/// What the report is about, and what waits for a book.
fn exposure(data: &ReportData) -> BTreeMap<Currency, Exposure> {
    let mut sums = Roots::of(data, |_| true).exposure();
    for (currency, waited) in data.coverage.iter().flat_map(|feed| &feed.waiting) {
        if let Some(currency) = currency {
            sums.entry(*currency).or_default().waiting += waited.amount;
        }
    }
    sums
}

impl Figures {
    /// Adds up the rows of `discrepancies.csv`.
    pub fn of(data: &ReportData) -> Self {
        let mut figures = Self {
            ageing: AgeBucket::ALL.map(|bucket| (bucket, 0)).into(),
            ..Self::default()
        };
        for found in data.discrepancies.glances() {
            let states = figures.counts.entry(found.code).or_default();
            *states.entry(found.state).or_default() += 1;
            if found.state == State::Resolved {
                continue;
            }
            let bucket = AgeBucket::of(days_between(found.event_date, data.scope.as_of));
            *figures.ageing.entry(bucket).or_default() += 1;
            let sums = figures.amounts.entry(found.severity).or_default();
            add_difference(sums, found.currency, found.difference());
        }
        // Where nothing has an amount, there is no line that says 0.
        figures.amounts.retain(|_, sums| !sums.is_empty());
        figures.exposure = exposure(data);
        figures
    }
}

/// Adds what a discrepancy puts at stake: its difference without the sign.
pub fn add_difference(
    sums: &mut BTreeMap<Currency, Amount>,
    currency: Option<Currency>,
    difference: Option<Amount>,
) {
    if let (Some(currency), Some(difference)) = (currency, difference) {
        *sums.entry(currency).or_default() += difference.abs();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::report::sample;

    #[test]
    fn amounts_and_ages_are_of_what_is_open_and_counts_of_all() {
        let mut data = sample::empty_report_data();
        let states = [State::New, State::Accepted, State::Resolved].map(|state| {
            let mut one = sample::reported(sample::discrepancy(Code::AmountMismatch));
            one.state = state;
            one
        });
        let without_difference = sample::discrepancy(Code::PayoutReferenceMissing);
        let all = states
            .into_iter()
            .chain([sample::reported(without_difference)]);
        data.discrepancies = all.collect();
        let figures = Figures::of(&data);
        assert_eq!(figures.counts[&Code::AmountMismatch].len(), 3);
        let at_stake = BTreeMap::from([(Currency::EUR, Amount::from_minor(4_000))]);
        assert_eq!(
            figures.amounts,
            BTreeMap::from([(Severity::Error, at_stake)])
        );
        assert_eq!(figures.ageing[&AgeBucket::Month], 3);
        assert_eq!(figures.ageing.len(), AgeBucket::ALL.len());
    }

    #[test]
    fn ages_fall_into_the_buckets_of_the_catalogue() {
        let word = |age| AgeBucket::of(age).word();
        let borders = [-5, 0, 7, 8, 30, 31, 60, 61, 90, 91, 4_000].map(word);
        assert_eq!(
            borders,
            [
                "0-7", "0-7", "0-7", "8-30", "8-30", "31-60", "31-60", "61-90", "61-90", "over 90",
                "over 90"
            ]
        );
    }
}
