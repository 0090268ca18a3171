//! Questions: asked again after failures that pass, within the time of the run.

use std::time::Duration;

use super::verdict::REPEATS_MAX;
use super::{Answer, NoAnswer, Request, Server, Verdict};

/// What is added to the time-out after 499: the server saw its client leave before it answered.
const MORE_TIME: Duration = Duration::from_secs(5);

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The last answer, and what it means. [`Verdict::Retry`] stands for "still failing".
    Answered(Answer, Verdict),
    /// No answer to the last attempt.
    Silence(NoAnswer),
}

/// Asks, and asks again at most three times while `judge` says [`Verdict::Retry`] or nothing comes.
pub fn ask(server: &mut Server, request: &Request, judge: impl Fn(&Answer) -> Verdict) -> Asked {
    let mut more_time = Duration::ZERO;
    for repeat in 0..=REPEATS_MAX {
        let outcome = match server.send(request, more_time) {
            Ok(answer) => {
                let verdict = judge(&answer);
                Asked::Answered(answer, verdict)
            }
            Err(silence) => Asked::Silence(silence),
        };
        let (status, asked) = match &outcome {
            Asked::Answered(answer, Verdict::Retry) => (Some(answer.status), answer.retry_after),
            Asked::Silence(
                NoAnswer::NotConnected(_) | NoAnswer::TimedOut(_) | NoAnswer::Cut(_),
            ) => (None, None),
            Asked::Answered(..) | Asked::Silence(_) => return outcome,
        };
        if status == Some(499) {
            more_time = MORE_TIME;
        }
        if repeat == REPEATS_MAX {
            return outcome;
        }
        let Some(wait) = server.waits.before(repeat, status, asked) else {
            return asked.map_or(outcome, |seconds| {
                Asked::Silence(NoAnswer::WaitTooLong(seconds))
            });
        };
        if !server.patience.wait(wait) {
            return outcome;
        }
    }
    Asked::Silence(NoAnswer::OutOfTime)
}
