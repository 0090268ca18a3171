//! The only reader of time.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;

/// When a command began, and the business day it looks from.
#[derive(Clone, Copy, Debug)]
pub struct RunClock {
    /// When it began.
    pub started_at: DateTime<Utc>,
    started: Instant,
    /// The business day.
    pub as_of: NaiveDate,
    /// The day it is.
    today: NaiveDate,
}

/// Now, for what is remembered of the outside world: when a query was asked.
pub fn now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    Utc::now()
}

impl RunClock {
    /// Begins now, looking from `as_of`, else from today in the time zone.
    pub fn start(as_of: Option<NaiveDate>, zone: Tz) -> Self {
        let started_at = now();
        let today = started_at.with_timezone(&zone).date_naive();
        Self {
            started_at,
            started: Instant::now(),
            as_of: as_of.unwrap_or(today),
            today,
        }
    }

    /// True when it looks from a day that has not come yet.
    pub fn is_ahead(&self) -> bool {
        self.as_of > self.today
    }

    /// When it began, RFC 3339 in UTC.
    pub fn started_text(&self) -> String {
        self.started_at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Now, RFC 3339 in UTC: the beginning and what has passed since.
    pub fn now_text(&self) -> String {
        let passed = chrono::TimeDelta::milliseconds(self.elapsed_ms());
        let now = self.started_at.checked_add_signed(passed);
        now.unwrap_or(self.started_at)
            .to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Milliseconds since it began.
    pub fn elapsed_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}
