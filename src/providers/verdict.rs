//! What to do about an answer.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use super::http::NoAnswer;
use crate::answers::ListedError;

/// How often a question, or an order that was seen not to have arrived, is repeated.
pub(crate) const REPEATS_MAX: usize = 3;

/// What to do about an answer; each provider's table says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It says what was asked, or that the order was carried out.
    Take,
    /// Wait and ask again.
    Retry,
    /// Ask this provider nothing more in this run: its settings are wrong or its limit is used up.
    StopProvider,
    /// This request has failed for good; others may do.
    Report,
    /// It may have been carried out: read the state, and repeat it only when nothing has changed.
    CheckThenRepeat,
    /// It may have been carried out: read the state, and never repeat it.
    CheckThenReport,
}

/// Why there is no good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened and what to do: a sentence without its full stop.
    pub sentence: String,
    /// The HTTP status code, where there was an answer.
    pub http_status: Option<u16>,
    /// What the provider complains of.
    pub errors: Vec<ListedError>,
}

impl Problem {
    /// A problem without an answer.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            http_status: None,
            errors: Vec::new(),
        }
    }

    /// The same without what `clean` takes out of its texts.
    #[must_use]
    pub fn cleaned(mut self, clean: impl Fn(&str) -> String) -> Self {
        self.sentence = clean(&self.sentence);
        for error in &mut self.errors {
            for text in [&mut error.field, &mut error.code, &mut error.label] {
                *text = clean(text);
            }
        }
        self
    }

    /// No answer came.
    pub fn silence(silence: &NoAnswer) -> Self {
        Self::new(silence.to_string())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence)?;
        if let Some(status) = self.http_status {
            write!(f, " (HTTP {status})")?;
        }
        for error in &self.errors {
            write!(f, "; {error}")?;
        }
        Ok(())
    }
}

/// How long to wait before a request is repeated.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// Before the first repeat; it doubles, and up to as much again is added by chance.
    pub first: Duration,
    /// The same after 429 without `Retry-After`: the three together take about as long as the next
    /// minute, in which requests are counted anew, is away.
    pub first_limited: Duration,
    /// The longest wait that a server may ask for; what is longer ends the asking.
    pub asked_max: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            first_limited: Duration::from_secs(4),
            asked_max: Duration::from_secs(60),
        }
    }
}

impl Waits {
    /// The wait before repeat number `repeat` (from 0); `None`: do not repeat.
    pub fn before(
        &self,
        repeat: usize,
        status: Option<u16>,
        asked: Option<u64>,
    ) -> Option<Duration> {
        let first = if status == Some(429) {
            self.first_limited
        } else {
            self.first
        };
        let own = ExponentialBuilder::new()
            .with_min_delay(first)
            .with_max_times(REPEATS_MAX)
            .with_jitter()
            .build()
            .nth(repeat)?;
        match asked.map(Duration::from_secs) {
            Some(asked) if asked > self.asked_max => None,
            // What the server asks for is the least; the chance part keeps clients apart.
            Some(asked) if status == Some(429) => Some(asked.max(self.first)),
            Some(asked) => Some(asked.max(own)),
            None => Some(own),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end_after_three_repeats() {
        let waits = Waits::default();
        let of = |status| (0..5).map(move |repeat| waits.before(repeat, status, None));
        let all: Vec<_> = of(Some(503)).collect();
        let within = |wait: Option<Duration>, least: u64| {
            let least = Duration::from_millis(least);
            wait.is_some_and(|wait| wait >= least && wait <= 2 * least)
        };
        assert!(within(all[0], 500) && within(all[1], 1_000) && within(all[2], 2_000));
        assert_eq!(all[3], None);
        let limited: Duration = of(Some(429)).flatten().sum();
        let about = Duration::from_secs(28)..=Duration::from_secs(56);
        assert!(about.contains(&limited), "{limited:?}");
    }

    #[test]
    fn what_the_server_asks_for_is_waited_for_unless_it_is_too_long() {
        let waits = Waits::default();
        assert_eq!(
            waits.before(0, Some(429), Some(7)),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            waits.before(0, Some(429), Some(0)),
            Some(Duration::from_millis(500))
        );
        assert_eq!(waits.before(0, Some(503), Some(3_600)), None);
        assert!(waits.before(0, Some(503), Some(0)) >= Some(Duration::from_millis(500)));
    }
}
