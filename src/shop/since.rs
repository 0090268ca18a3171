//! Which time `:since` is.

use chrono::{DateTime, NaiveDateTime, Offset, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// What `:since` is before anything was imported.
const BEGINNING: &str = "1970-01-01 00:00:00";

/// Databases keep times by the second, rounded or cut: an order changed in the second in which the
/// import began may look like one of the second before.
const OVERLAP: TimeDelta = TimeDelta::seconds(1);

/// The value of `:since`: a time without zone, `YYYY-MM-DD HH:MM:SS`.
///
/// A column without zone holds local time in one shop and UTC in another, and nothing tells which.
/// So `:since` is the earlier of the two wall clocks at the beginning of the last import: at most
/// some hours too early, which gives rows again that are known already and change nothing, and
/// never too late, which would lose an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since(String);

impl Since {
    /// Everything.
    pub fn beginning() -> Self {
        Self(BEGINNING.to_owned())
    }

    /// After an import that began at `last`, seen from `now`: between them the clocks of the zone
    /// may have been changed.
    pub fn after(last: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> Self {
        let offset = |at: DateTime<Utc>| {
            let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
            TimeDelta::seconds(i64::from(offset.local_minus_utc()))
        };
        let earliest = offset(last).min(offset(now)).min(TimeDelta::zero());
        let whole = last
            .naive_utc()
            .checked_sub_signed(OVERLAP)
            .and_then(|time| time.checked_add_signed(earliest));
        whole.map_or_else(Self::beginning, |time: NaiveDateTime| {
            Self(time.format("%Y-%m-%d %H:%M:%S").to_string())
        })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// How the beginning of an import is remembered.
    pub fn stamp(began: DateTime<Utc>) -> String {
        began.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// The beginning that a stamp tells of; `None` for a text that is none.
    pub fn began(stamp: &str) -> Option<DateTime<Utc>> {
        let began = DateTime::parse_from_rfc3339(stamp).ok()?;
        Some(began.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(last: &str, now: &str, zone: &str) -> String {
        let at = |text: &str| Since::began(text).unwrap();
        Since::after(at(last), at(now), zone.parse().unwrap())
            .text()
            .to_owned()
    }

    #[test]
    fn east_of_greenwich_utc_is_the_earlier_clock() {
        let night = ("2026-11-20T01:30:00.900Z", "2026-11-21T01:30:00Z");
        assert_eq!(
            after(night.0, night.1, "Europe/Paris"),
            "2026-11-20 01:29:59"
        );
    }

    #[test]
    fn west_of_greenwich_the_local_clock_is() {
        let night = ("2026-11-20T06:30:00Z", "2026-11-21T06:30:00Z");
        assert_eq!(
            after(night.0, night.1, "America/New_York"),
            "2026-11-20 01:29:59"
        );
    }

    #[test]
    fn an_hour_that_comes_twice_is_asked_for_twice() {
        // 2026-11-01: at 06:00 UTC New York goes back from 02:00 EDT to 01:00 EST.
        let night = ("2026-11-01T05:30:00Z", "2026-11-02T05:30:00Z");
        assert_eq!(
            after(night.0, night.1, "America/New_York"),
            "2026-11-01 00:29:59"
        );
    }

    #[test]
    fn a_stamp_gives_back_the_moment() {
        let began = Since::began("2026-11-20T01:30:00.123Z").unwrap();
        assert_eq!(Since::began(&Since::stamp(began)), Some(began));
        assert_eq!(Since::began("120:17.5"), None);
        assert_eq!(Since::began(""), None);
    }
}
