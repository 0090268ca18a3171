//! When something was observed.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use chrono_tz::Tz;

use crate::ingest::cells::InstantReader;

/// A moment in UTC, to the second, and the local day that it falls on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Moment {
    pub(in crate::ingest) at: NaiveDateTime,
    pub(in crate::ingest) on: NaiveDate,
}

/// Years that something can be observed in.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

/// Digits of a Unix time in seconds: 10 since September 2001, and PAYONE documents 11 at most. A
/// shorter one was cut.
const UNIX_DIGITS: std::ops::RangeInclusive<usize> = 10..=11;

impl Moment {
    /// The moment of an ISO 8601 text; one without a zone is local.
    pub(in crate::ingest) fn from_iso(text: &str, zone: Tz) -> Option<Self> {
        let reader = InstantReader::new(zone);
        let on = reader.local_day(text)?;
        let at = reader.utc(text)?.with_nanosecond(0)?;
        Some(Self { at, on })
    }

    /// The moment of a number of seconds since 1970.
    pub(in crate::ingest) fn from_unix(text: &str, zone: Tz) -> Option<Self> {
        let is_number =
            UNIX_DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return None;
        }
        let utc = DateTime::from_timestamp(text.parse().ok()?, 0)?;
        let at = utc.naive_utc();
        YEARS.contains(&at.year()).then(|| Self {
            at,
            on: utc.with_timezone(&zone).date_naive(),
        })
    }

    /// The moment that a log wrote before a line: ISO 8601, also in brackets or with a comma
    /// before the fraction of the second, or Unix time.
    pub(in crate::ingest) fn from_log(text: &str, zone: Tz) -> Option<Self> {
        let text = text.trim().trim_start_matches('[').trim_end_matches(']');
        let with_dot = text.replace(',', ".");
        Self::from_iso(&with_dot, zone).or_else(|| Self::from_unix(text, zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARIS: Tz = chrono_tz::Europe::Paris;

    fn words(moment: Option<Moment>) -> Option<String> {
        moment.map(|moment| format!("{} {}", moment.at, moment.on))
    }

    #[test]
    fn a_moment_is_utc_and_its_day_is_local() {
        let late = Moment::from_iso("2026-11-20T23:30:00Z", PARIS);
        assert_eq!(
            words(late).as_deref(),
            Some("2026-11-20 23:30:00 2026-11-21")
        );
        let local = Moment::from_log("[2026-07-20 00:10:00,250]", PARIS);
        assert_eq!(
            words(local).as_deref(),
            Some("2026-07-19 22:10:00 2026-07-20")
        );
    }

    #[test]
    fn unix_times_are_seconds() {
        // From 1767225600, the beginning of 2026: 324 days and 7.5 hours.
        let found = Moment::from_unix("1795246200", PARIS);
        assert_eq!(
            words(found).as_deref(),
            Some("2026-11-21 07:30:00 2026-11-21")
        );
        for bad in [
            "",
            "-1",
            "179524620",
            "1795246200000",
            "99999999999",
            "17952462OO",
        ] {
            assert_eq!(Moment::from_unix(bad, PARIS), None, "{bad}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for bad in [
            "",
            "yesterday",
            "20/11/2026",
            "2026-13-01",
            "0026-11-20T10:00:00Z",
        ] {
            assert_eq!(Moment::from_log(bad, PARIS), None, "{bad}");
        }
    }
}
