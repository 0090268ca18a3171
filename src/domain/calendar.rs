//! Days: business days of TARGET2, due dates, report days.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Weekday};

/// Business days: Monday to Friday without the TARGET2 holidays and without the company's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BusinessCalendar {
    holidays: BTreeSet<NaiveDate>,
}

impl BusinessCalendar {
    /// A calendar with `holidays` besides those of TARGET2.
    pub fn new(holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self {
            holidays: holidays.into_iter().collect(),
        }
    }

    /// True on a business day.
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
            && !is_target2_holiday(day)
            && !self.holidays.contains(&day)
    }

    /// The day on which `count` business days after `day` have passed; `day` itself for 0.
    pub fn add_business_days(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let mut date = day;
        let mut left = count;
        while left > 0 {
            let Some(next) = date.succ_opt() else {
                return date;
            };
            date = next;
            if self.is_business_day(date) {
                left = left.saturating_sub(1);
            }
        }
        date
    }
}

/// 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.
fn is_target2_holiday(day: NaiveDate) -> bool {
    match (day.month(), day.day()) {
        (1 | 5, 1) | (12, 25 | 26) => true,
        (3 | 4, _) => easter_sunday(day.year())
            .is_some_and(|easter| plus_days(easter, -2) == day || plus_days(easter, 1) == day),
        _ => false,
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus).
#[expect(clippy::integer_division, reason = "the algorithm counts whole cycles")]
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century + 8) / 25;
    let moon = (century - correction + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let shift = (golden + 11 * epact + 22 * weekday) / 451;
    let number = epact + weekday - 7 * shift + 114;
    let month = u32::try_from(number / 31).ok()?;
    let day = u32::try_from(number % 31 + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// `day` plus a number of calendar days, which may be negative; the end of time stays itself.
pub fn plus_days(day: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 {
        day.checked_sub_days(count)
    } else {
        day.checked_add_days(count)
    };
    moved.unwrap_or(day)
}

/// Whole calendar days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// A day as the number `yyyymmdd`: narrow, sortable and readable in a database.
pub fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// The day of a number `yyyymmdd`.
#[expect(clippy::integer_division, reason = "digits are taken apart")]
pub fn day_from_number(number: i64) -> Option<NaiveDate> {
    let year = i32::try_from(number / 10_000).ok()?;
    let month = u32::try_from(number / 100 % 100).ok()?;
    let day = u32::try_from(number % 100).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// A moment as the number `yyyymmddhhmmss`; fractions of a second are cut off.
pub fn moment_number(moment: NaiveDateTime) -> i64 {
    day_number(moment.date()) * 1_000_000
        + i64::from(moment.hour()) * 10_000
        + i64::from(moment.minute()) * 100
        + i64::from(moment.second())
}

/// The moment of a number `yyyymmddhhmmss`.
#[expect(clippy::integer_division, reason = "digits are taken apart")]
pub fn moment_from_number(number: i64) -> Option<NaiveDateTime> {
    let part = |divisor: i64| u32::try_from(number / divisor % 100).ok();
    day_from_number(number / 1_000_000)?.and_hms_opt(part(10_000)?, part(100)?, part(1)?)
}

/// Days as numbers in packed rows, where their text would be three times as long.
pub mod packed_day {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes a day.
    ///
    /// # Errors
    /// When the serializer fails.
    pub fn serialize<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        super::day_number(*day).serialize(to)
    }

    /// Reads a day.
    ///
    /// # Errors
    /// When it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        let number = i64::deserialize(from)?;
        super::day_from_number(number).ok_or_else(|| serde::de::Error::custom("not a day"))
    }
}

/// Days that may be absent, as numbers in packed rows.
pub mod packed_opt_day {
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes a day, or 0.
    ///
    /// # Errors
    /// When the serializer fails.
    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        day.map_or(0, super::day_number).serialize(to)
    }

    /// Reads a day, or nothing for 0.
    ///
    /// # Errors
    /// When the deserializer fails.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        Ok(super::day_from_number(i64::deserialize(from)?))
    }
}

/// Moments as numbers in packed rows.
pub mod packed_moment {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes a moment.
    ///
    /// # Errors
    /// When the serializer fails.
    pub fn serialize<S: Serializer>(at: &NaiveDateTime, to: S) -> Result<S::Ok, S::Error> {
        super::moment_number(*at).serialize(to)
    }

    /// Reads a moment.
    ///
    /// # Errors
    /// When it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDateTime, D::Error> {
        let number = i64::deserialize(from)?;
        super::moment_from_number(number).ok_or_else(|| serde::de::Error::custom("not a moment"))
    }
}

/// Moments that may be absent, as numbers in packed rows.
pub mod packed_opt_moment {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes a moment, or 0.
    ///
    /// # Errors
    /// When the serializer fails.
    pub fn serialize<S: Serializer>(at: &Option<NaiveDateTime>, to: S) -> Result<S::Ok, S::Error> {
        at.map_or(0, super::moment_number).serialize(to)
    }

    /// Reads a moment, or nothing for 0.
    ///
    /// # Errors
    /// When the deserializer fails.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<NaiveDateTime>, D::Error> {
        Ok(super::moment_from_number(i64::deserialize(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_where_the_church_says() {
        for (year, sunday) in [
            (2024, "2024-03-31"),
            (2025, "2025-04-20"),
            (2026, "2026-04-05"),
            (2027, "2027-03-28"),
            (2038, "2038-04-25"),
        ] {
            assert_eq!(easter_sunday(year), Some(day(sunday)));
        }
    }

    #[test]
    fn business_days_skip_weekends_target2_and_company_holidays() {
        let calendar = BusinessCalendar::new([day("2026-07-14")]);
        let add = |from, count| calendar.add_business_days(day(from), count).to_string();
        assert_eq!(add("2026-11-20", 3), "2026-11-25");
        assert_eq!(add("2026-04-02", 1), "2026-04-07");
        assert_eq!(add("2026-12-24", 3), "2026-12-30");
        assert_eq!(add("2026-07-13", 1), "2026-07-15");
        assert_eq!(add("2026-11-21", 0), "2026-11-21");
        assert_eq!(add("2026-12-31", 1), "2027-01-04");
    }

    #[test]
    fn days_survive_their_number() {
        for text in ["2026-11-21", "0001-01-01", "9999-12-31"] {
            assert_eq!(day_from_number(day_number(day(text))), Some(day(text)));
        }
        assert_eq!(day_from_number(20_260_231), None);
    }
}
