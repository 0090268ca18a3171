//! How long a source is waited for.

use std::time::{Duration, Instant};

use super::SourceError;
use crate::domain::source::FetchLimits;

/// The time of one fetch of one source, and of each of its steps.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    until: Instant,
    budget_seconds: u32,
    step: Duration,
}

impl Patience {
    /// From now on.
    pub fn begin(limits: FetchLimits) -> Self {
        let now = Instant::now();
        let budget = Duration::from_secs(limits.time_budget_seconds.into());
        Self {
            until: now.checked_add(budget).unwrap_or(now),
            budget_seconds: limits.time_budget_seconds,
            step: Duration::from_secs(limits.timeout_seconds.into()),
        }
    }

    /// What is left of the whole.
    pub fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// How long one step may take now.
    pub fn step(&self) -> Duration {
        self.step.min(self.left())
    }

    /// Ends with an error when the time of the whole is used up.
    ///
    /// # Errors
    /// When it is.
    pub fn check(&self) -> Result<(), SourceError> {
        if !self.left().is_zero() {
            return Ok(());
        }
        Err(SourceError::of_all(format!(
            "the {} seconds of time_budget_seconds are used up; the next fetch goes on",
            self.budget_seconds
        )))
    }

    /// Waits for one step. `doing` is what it is, for the error.
    ///
    /// # Errors
    /// When it takes too long.
    pub async fn wait<T>(
        &self,
        doing: &str,
        step: impl Future<Output = T>,
    ) -> Result<T, SourceError> {
        self.check()?;
        let within = self.step();
        tokio::time::timeout(within, step)
            .await
            .map_err(|_elapsed| {
                let seconds = within.as_secs();
                SourceError::of_all(format!("there was no answer for {seconds} s while {doing}"))
            })
    }

    /// Pauses, unless that would take all that is left.
    ///
    /// # Errors
    /// When there is not so much left.
    pub async fn pause(&self, seconds: u32) -> Result<(), SourceError> {
        let pause = Duration::from_secs(seconds.into());
        tokio::time::sleep(pause.min(self.left())).await;
        self.check()
    }
}
