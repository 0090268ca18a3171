//! Sending one action so that it moves its amount once at most.
//!
//! After anything that leaves open whether it arrived, the state is read first. Only where the
//! state shows that nothing happened, and the provider itself would not do it twice, it is sent
//! again. Whatever cannot be told is left as `unknown`: the next call reads the state again.

use crate::domain::provider_action::{ProviderAction, ProviderActionOutcome};
use crate::providers::{NoAnswer, Problem, REPEATS_MAX, Verdict};

use super::desk::{Desk, Reply};
use super::state::{Seen, State, seen};

/// What became of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) outcome: ProviderActionOutcome,
    /// How it went, in words.
    pub(super) words: String,
}

/// What one attempt leaves open.
struct Open {
    /// What came back, in words.
    words: String,
    /// False where it was not sent at all.
    may_have_arrived: bool,
    /// Whether it may be repeated, where the state shows that nothing happened.
    may_repeat: bool,
    /// The HTTP status code, where there was an answer.
    status: Option<u16>,
    /// The wait that the server asks for.
    retry_after: Option<u64>,
}

impl Open {
    /// True for an answer that refuses the request for good.
    fn is_refusal(&self) -> bool {
        !self.may_repeat && self.status.is_some_and(|code| (400..=498).contains(&code))
    }
}

/// Sends it.
pub(super) fn carry_out(desk: &mut Desk, action: &ProviderAction, one_confirm: bool) -> Carried {
    let mut was_sent = false;
    let mut last = String::new();
    for repeat in 0..=REPEATS_MAX {
        let open = match desk.send(action) {
            Ok(reply) => match settled(reply, was_sent) {
                Ok(carried) => return carried,
                Err(open) => open,
            },
            Err(silence) => left_open(&silence),
        };
        was_sent |= open.may_have_arrived;
        let wait = desk.waits().before(repeat, open.status, open.retry_after);
        let waited = wait.is_some_and(|wait| desk.patience().wait(wait));
        // An attempt that did not arrive may follow one that did and is carried out meanwhile.
        if was_sent {
            match check(desk, action, one_confirm, &open) {
                Checked::Settled(mut carried) => {
                    carried.words = format!("{}; {}", open.words, carried.words);
                    return carried;
                }
                Checked::Unchanged if open.may_repeat => {}
                Checked::Unchanged => {
                    return unknown(&format!("{}; so far nothing has changed there", open.words));
                }
            }
        }
        last = open.words;
        if !waited || !open.may_repeat {
            break;
        }
    }
    if was_sent {
        return unknown(&format!("{last}; so far nothing has changed there"));
    }
    Carried {
        outcome: ProviderActionOutcome::NotSent,
        words: last,
    }
}

fn unknown(words: &str) -> Carried {
    Carried {
        outcome: ProviderActionOutcome::Unknown,
        words: words.to_owned(),
    }
}

/// What an answer settles, or leaves open.
fn settled(reply: Reply, was_sent: bool) -> Result<Carried, Open> {
    let maybe = |may_repeat| Open {
        words: reply.words.clone(),
        may_have_arrived: true,
        may_repeat,
        status: Some(reply.status),
        retry_after: reply.retry_after,
    };
    match reply.verdict {
        Verdict::Take => Ok(Carried {
            outcome: reply.outcome,
            words: reply.words,
        }),
        // What is refused now may have been done by an attempt before.
        Verdict::Report | Verdict::StopProvider if !was_sent => Ok(Carried {
            outcome: ProviderActionOutcome::Refused,
            words: reply.words,
        }),
        Verdict::Report | Verdict::StopProvider | Verdict::CheckThenReport => Err(maybe(false)),
        Verdict::Retry | Verdict::CheckThenRepeat => Err(maybe(true)),
    }
}

fn left_open(silence: &NoAnswer) -> Open {
    let may_repeat = match silence {
        NoAnswer::TimedOut(_) | NoAnswer::Cut(_) | NoAnswer::NotConnected(_) => true,
        NoAnswer::TooLarge
        | NoAnswer::WaitTooLong(_)
        | NoAnswer::Unsendable(_)
        | NoAnswer::OutOfTime => false,
    };
    Open {
        words: silence.to_string(),
        may_have_arrived: !silence.is_unsent(),
        may_repeat,
        status: None,
        retry_after: None,
    }
}

enum Checked {
    /// It is known what became of it, or known that it cannot be known.
    Settled(Carried),
    /// Nothing has happened.
    Unchanged,
}

/// Reads the state after an attempt that may have arrived.
fn check(desk: &mut Desk, action: &ProviderAction, one_confirm: bool, open: &Open) -> Checked {
    let status = open.status;
    let state = match desk.state() {
        Ok(state) => state,
        Err(problem) => return Checked::Settled(unread(&problem)),
    };
    let carried = |outcome, words: &str| {
        Checked::Settled(Carried {
            outcome,
            words: format!("{words}: {state}"),
        })
    };
    match seen(action, &state, one_confirm) {
        Seen::Done => carried(ProviderActionOutcome::Done, "but it was carried out"),
        Seen::Pending => carried(ProviderActionOutcome::Pending, "it is to be decided"),
        Seen::Elsewhere => carried(ProviderActionOutcome::Refused, "it was not carried out"),
        // The provider's own word that the state or the amount forbids it.
        Seen::NotDone | Seen::CannotTell if status == Some(409) && is_same(action, &state) => {
            carried(ProviderActionOutcome::Refused, "nothing has changed")
        }
        Seen::NotDone if open.is_refusal() && is_same(action, &state) => {
            carried(ProviderActionOutcome::Refused, "nothing has changed")
        }
        Seen::NotDone => Checked::Unchanged,
        // What is over the limit of requests is turned away before anybody looks at it.
        Seen::CannotTell if status == Some(429) && is_same(action, &state) => Checked::Unchanged,
        Seen::CannotTell => carried(
            ProviderActionOutcome::Unknown,
            "and what the provider shows does not tell whether it was carried out",
        ),
    }
}

fn is_same(action: &ProviderAction, state: &State) -> bool {
    let asks = !matches!(state, State::Transaction(_));
    asks && state.to_string() == action.state_before
}

fn unread(problem: &Problem) -> Carried {
    unknown(&format!("and its state cannot be read: {problem}"))
}
