//! Moments in the formats of a profile, as local time of the company.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::ingest::cells::Cell;
use crate::ingest::cells::InstantReader;

/// Years that a business date can be in.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

/// How many different texts are remembered: rows of a file share few days.
const RECENT: usize = 16;

/// Reads days and times in the formats of a profile, and ISO 8601 instants.
#[derive(Clone, Debug)]
pub(super) struct MomentReader {
    formats: Vec<String>,
    /// The zone of times without an offset.
    written: Tz,
    /// The zone whose days count.
    local: Tz,
    recent: Vec<(String, NaiveDateTime)>,
    next: usize,
}

impl MomentReader {
    pub(super) fn new(formats: Vec<String>, written: Tz, local: Tz) -> Self {
        Self {
            formats,
            written,
            local,
            recent: Vec::new(),
            next: 0,
        }
    }

    /// The formats as a person writes them, for errors.
    pub(super) fn expected(&self) -> String {
        let words = [
            ("%d", "DD"),
            ("%m", "MM"),
            ("%Y", "YYYY"),
            ("%y", "YY"),
            ("%H", "hh"),
            ("%M", "mm"),
            ("%S", "ss"),
        ];
        let readable = |format: &String| {
            words.iter().fold(format.clone(), |text, (code, word)| {
                text.replace(code, word)
            })
        };
        let formats: Vec<String> = self.formats.iter().map(readable).collect();
        formats.join(" or ")
    }

    /// The local moment of a value, midnight for a day; `None` when it is none.
    pub(super) fn moment(&mut self, cell: Cell<'_>) -> Option<NaiveDateTime> {
        let text = cell.text.trim();
        if let Some((_, moment)) = self.recent.iter().find(|(known, _)| known == text) {
            return Some(*moment);
        }
        let read = if cell.typed {
            typed(text)
                .and_then(plausible)
                .map(|moment| self.zoned(moment))
        } else {
            self.parse(text)
        };
        let moment = read?;
        let entry = (text.to_owned(), moment);
        match self.recent.get_mut(self.next) {
            Some(slot) => *slot = entry,
            None => self.recent.push(entry),
        }
        self.next = self.next.saturating_add(1) % RECENT;
        Some(moment)
    }

    fn parse(&self, text: &str) -> Option<NaiveDateTime> {
        let by_format = |format: &String| self.by_format(text, format);
        self.formats
            .iter()
            .find_map(by_format)
            .or_else(|| self.iso_instant(text))
    }

    /// A year far outside is no moment: chrono cannot show it in a zone with an offset.
    fn by_format(&self, text: &str, format: &str) -> Option<NaiveDateTime> {
        if let Ok(instant) = DateTime::parse_from_str(text, format) {
            return self.shown(plausible(instant.naive_utc())?);
        }
        if let Ok(moment) = NaiveDateTime::parse_from_str(text, format) {
            return plausible(moment).map(|moment| self.zoned(moment));
        }
        // A day has no zone: it is the day that the provider means.
        let day = NaiveDate::parse_from_str(text, format).ok()?;
        plausible(day.and_time(NaiveTime::MIN))
    }

    fn iso_instant(&self, text: &str) -> Option<NaiveDateTime> {
        let has_time = text.len() > "2026-11-20".len() && text.as_bytes().get(4) == Some(&b'-');
        let utc = InstantReader::new(self.written).utc(has_time.then_some(text)?)?;
        self.shown(plausible(utc)?)
    }

    /// A moment of UTC in the company's zone.
    fn shown(&self, utc: NaiveDateTime) -> Option<NaiveDateTime> {
        plausible(self.local.from_utc_datetime(&utc).naive_local())
    }

    /// A time without an offset in the company's zone.
    fn zoned(&self, moment: NaiveDateTime) -> NaiveDateTime {
        if self.written == self.local || moment.time() == NaiveTime::MIN {
            return moment;
        }
        let instant = moment.and_local_timezone(self.written).earliest();
        instant.map_or(moment, |instant| {
            instant.with_timezone(&self.local).naive_local()
        })
    }
}

/// Year 26 is a two-digit year that was read as four digits.
fn plausible(moment: NaiveDateTime) -> Option<NaiveDateTime> {
    YEARS.contains(&moment.year()).then_some(moment)
}

/// What a workbook stores as a date: ISO 8601 without an offset.
fn typed(text: &str) -> Option<NaiveDateTime> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(day.and_time(NaiveTime::MIN));
    }
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Paris;
    use chrono_tz::UTC;

    fn read(formats: &[&str], written: Tz, text: &str) -> Option<String> {
        let formats = formats.iter().map(|format| (*format).to_owned()).collect();
        let mut reader = MomentReader::new(formats, written, Paris);
        let cell = Cell { text, typed: false };
        let first = reader.moment(cell);
        assert_eq!(first, reader.moment(cell), "what is remembered is the same");
        first.map(|moment| moment.to_string())
    }

    #[test]
    fn times_are_moved_to_the_company_s_zone_and_days_are_not() {
        let at = |written, text| read(&["%d.%m.%Y %H:%M", "%d.%m.%Y"], written, text);
        assert_eq!(
            at(UTC, "05.11.2026 23:30").as_deref(),
            Some("2026-11-06 00:30:00")
        );
        assert_eq!(
            at(Paris, "05.11.2026 23:30").as_deref(),
            Some("2026-11-05 23:30:00")
        );
        assert_eq!(
            at(UTC, "05.11.2026").as_deref(),
            Some("2026-11-05 00:00:00")
        );
        assert_eq!(
            at(UTC, "2026-11-05T23:30:00Z").as_deref(),
            Some("2026-11-06 00:30:00")
        );
        assert_eq!(
            at(UTC, "2026-07-05 22:30:00").as_deref(),
            Some("2026-07-06 00:30:00")
        );
        assert_eq!(at(UTC, "31.02.2026"), None);
        assert_eq!(at(UTC, "05.11.26"), None);
        assert_eq!(at(UTC, ""), None);
        assert_eq!(at(UTC, "31.12.+262142 23:59"), None);
        assert_eq!(at(UTC, "2026-11-05T99:00:00Z"), None);
    }

    #[test]
    fn an_offset_in_the_format_counts() {
        let at = |text| read(&["%d/%m/%Y %H:%M:%S %z"], UTC, text);
        assert_eq!(
            at("05/11/2026 18:30:00 -0800").as_deref(),
            Some("2026-11-06 03:30:00")
        );
        assert_eq!(at("31/12/+262142 23:59:59 -0800"), None);
    }

    #[test]
    fn a_workbook_s_own_dates_need_no_format() {
        let mut reader = MomentReader::new(Vec::new(), Paris, Paris);
        let mut read = |text| {
            let moment = reader.moment(Cell { text, typed: true });
            moment.map(|moment| moment.to_string())
        };
        assert_eq!(read("2026-11-05").as_deref(), Some("2026-11-05 00:00:00"));
        assert_eq!(
            read("2026-11-05T10:11:12").as_deref(),
            Some("2026-11-05 10:11:12")
        );
        assert_eq!(read("1234"), None);
    }
}
