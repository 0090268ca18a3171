//! Which files a night tells of: those that came since the recorded night before it.
//!
//! Nights are repeated and old days are looked at, so neither the number of a run nor its day says
//! by itself what was told already. Both are asked here, of the runs as they happened.

use chrono::NaiveDate;

use crate::domain::file::{InputFile, Reported};
use crate::pipeline::RunError;
use crate::storage::{Db, runs};

/// The recorded nights, seen from a day.
pub(super) struct Arrivals {
    day: NaiveDate,
    /// All recorded nights in the order in which they ran.
    nights: Vec<Reported>,
    /// The run that recorded the night before: of the latest day before this one that was recorded
    /// before this one was, the last run until then. 0 where there is none.
    before: i64,
    /// The first run that recorded this day; none did yet: later than all.
    own: i64,
    /// What the system did not give: told by the run that wanted it, and remembered by nobody.
    unread: Vec<InputFile>,
}

impl Arrivals {
    /// Reads what was recorded.
    pub(super) async fn read(
        db: &mut Db,
        day: NaiveDate,
        unread: Vec<InputFile>,
    ) -> Result<Self, RunError> {
        let nights = runs::recorded(db).await?;
        Ok(Self {
            unread,
            ..Self::of(nights, day)
        })
    }

    fn of(nights: Vec<Reported>, day: NaiveDate) -> Self {
        let own = nights.iter().find(|night| night.as_of == day);
        let own = own.map_or(i64::MAX, |night| night.run);
        let before = nights
            .iter()
            .filter(|night| night.run < own && night.as_of < day)
            .max_by_key(|night| (night.as_of, night.run));
        Self {
            day,
            before: before.map_or(0, |night| night.run),
            own,
            nights,
            unread: Vec::new(),
        }
    }

    /// What this run wanted to read and was not given.
    pub(super) fn unread(&self) -> &[InputFile] {
        &self.unread
    }

    /// True for a file of `inputs.csv`: stored since the recorded night before, by whatever run.
    /// What came after this day was recorded, with a later day, is told on that later day.
    pub(super) fn lists(&self, file: &InputFile) -> bool {
        file.reported.is_none_or(|first| {
            first.run > self.before && (first.run <= self.own || first.as_of <= self.day)
        })
    }

    /// True where this day is the one that finds what became of a file: the day of the first night
    /// recorded after it was stored that is not before the file's own day.
    pub(super) fn finds(&self, file: &InputFile) -> bool {
        let sees = |day: NaiveDate| file.report_date.is_none_or(|own| own <= day);
        let finder = file.reported.and_then(|first| {
            self.nights
                .iter()
                .find(|night| night.run >= first.run && sees(night.as_of))
        });
        sees(self.day) && finder.is_none_or(|night| night.as_of == self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file::FileStatus;

    fn nov(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    /// Nights by their days, as runs 1, 2, 3 and so on.
    fn nights(days: &[u32]) -> Vec<Reported> {
        let night = |(run, day): (i64, &u32)| Reported {
            run,
            as_of: nov(*day),
        };
        (1..).zip(days).map(night).collect()
    }

    /// A file of some day that was there when a run, by number, was recorded.
    fn file(days: &[u32], run: Option<usize>, own: Option<u32>) -> InputFile {
        let reported = run.map(|run| nights(days)[run - 1]);
        InputFile {
            report_date: own.map(nov),
            reported,
            ..crate::report::sample::input("a.csv", FileStatus::Accepted).file
        }
    }

    #[test]
    fn a_file_that_a_look_at_an_old_day_stored_is_listed_by_the_next_night() {
        let days = [19, 20, 18];
        let stored = file(&days, Some(3), None);
        for day in [18, 21] {
            assert!(
                Arrivals::of(nights(&days), nov(day)).lists(&stored),
                "{day}"
            );
        }
        // Its report is of the 20th, which the 18th does not see.
        let own = file(&days, Some(3), Some(20));
        assert!(!Arrivals::of(nights(&days), nov(18)).finds(&own));
        assert!(Arrivals::of(nights(&days), nov(21)).finds(&own));
    }

    #[test]
    fn a_night_that_is_repeated_tells_of_what_it_told_of() {
        let days = [19, 20, 21, 20, 21];
        for (run, told_on) in [(1, 19), (2, 20), (3, 21)] {
            let stored = file(&days, Some(run), None);
            for day in [19, 20, 21] {
                let arrivals = Arrivals::of(nights(&days), nov(day));
                assert_eq!(arrivals.lists(&stored), day == told_on, "run {run}, {day}");
                assert_eq!(arrivals.finds(&stored), day == told_on, "run {run}, {day}");
            }
        }
    }

    #[test]
    fn what_a_repeated_night_stored_is_told_by_it_and_not_by_the_next_one() {
        let days = [19, 20, 20];
        let stored = file(&days, Some(3), None);
        let listed = |day| Arrivals::of(nights(&days), nov(day)).lists(&stored);
        assert_eq!([19, 20, 21].map(listed), [false, true, false]);
    }

    #[test]
    fn what_a_file_says_is_found_by_one_night_and_by_no_later_one() {
        let days = [19, 20, 21];
        let stored = file(&days, Some(2), Some(19));
        let found = |day| Arrivals::of(nights(&days), nov(day)).finds(&stored);
        assert_eq!([19, 20, 21, 22].map(found), [false, true, false, false]);
        let fresh = file(&days, None, Some(22));
        let found = |day| Arrivals::of(nights(&days), nov(day)).finds(&fresh);
        assert_eq!([21, 22, 23].map(found), [false, true, true]);
    }
}
