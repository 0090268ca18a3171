//! Requests a minute: the providers' limits, less what the live shop needs.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What limits are counted over.
const MINUTE: Duration = Duration::from_secs(60);

/// Lets at most so many requests through in any 60 seconds.
#[derive(Clone, Debug)]
pub(super) struct Pacer {
    per_minute: usize,
    sent: VecDeque<Instant>,
}

impl Pacer {
    pub(super) fn new(per_minute: usize) -> Self {
        Self {
            per_minute: per_minute.max(1),
            sent: VecDeque::new(),
        }
    }

    /// How long the next request has to wait.
    pub(super) fn wait(&mut self, now: Instant) -> Duration {
        while let Some(first) = self.sent.front()
            && now.saturating_duration_since(*first) >= MINUTE
        {
            self.sent.pop_front();
        }
        match self.sent.front() {
            Some(first) if self.sent.len() >= self.per_minute => {
                MINUTE.saturating_sub(now.saturating_duration_since(*first))
            }
            _ => Duration::ZERO,
        }
    }

    /// A request is sent.
    pub(super) fn sent(&mut self, now: Instant) {
        self.sent.push_back(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_sees_more_requests_than_allowed() {
        let start = Instant::now();
        let mut pacer = Pacer::new(3);
        let mut sent: Vec<Duration> = Vec::new();
        let mut now = start;
        for _ in 0..10 {
            now += pacer.wait(now);
            pacer.sent(now);
            sent.push(now - start);
            now += Duration::from_secs(7);
        }
        for (at, first) in sent.iter().enumerate() {
            let within = sent.iter().skip(at).filter(|it| **it < *first + MINUTE);
            assert!(within.count() <= 3, "{sent:?}");
        }
        // 0, 7, 14, then 60, 67, 74, …: the fourth waits for the first to be a minute old.
        assert_eq!(sent[3], MINUTE);
    }
}
