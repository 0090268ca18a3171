//! The audit trail: what stands in it before something is sent, and what is written into it.

use super::RemedyWish;
use super::carry_out::Carried;
use super::rules::shown;
use super::state::{Seen, State, seen};
use crate::clock::RunClock;
use crate::domain::provider_action::{ProviderAction, ProviderActionOutcome};
use crate::pipeline::RunError;
use crate::storage::Db;
use crate::storage::provider_actions::{self, Completion};

/// What earlier actions mean for the next one.
pub(super) struct Earlier {
    /// What to tell of them.
    pub(super) lines: Vec<String>,
    /// Whether the next one may be sent.
    pub(super) way: Way,
}

/// Whether the next action may be sent.
pub(super) enum Way {
    /// It may.
    Free,
    /// It was carried out before.
    DoneBefore,
    /// It may not, for this reason.
    Blocked(String),
}

/// What the provider shows now, and whether a file is confirmed once only.
#[derive(Clone, Copy)]
pub(super) struct Now<'n> {
    pub(super) state: &'n State,
    /// The state in words that hold no secret.
    pub(super) shown: &'n str,
    pub(super) one_confirm: bool,
}

/// Looks at what was done before, the oldest first: what is open is settled by the state where it
/// can be, or by the person who names it.
pub(super) async fn settle_earlier(
    db: &mut Db,
    all: &[ProviderAction],
    wanted: &ProviderAction,
    now: Now<'_>,
    (wish, clock): (&RemedyWish<'_>, RunClock),
) -> Result<Earlier, RunError> {
    let mut lines = Vec::new();
    for earlier in all.iter().filter(|it| it.provider == wanted.provider) {
        let mut earlier = earlier.clone();
        let named = wish.repeat == Some(earlier.number);
        if earlier.outcome.is_open() {
            let Some(carried) = settled(&earlier, now, named.then_some(wish.user)) else {
                let way = Way::Blocked(blocked(&earlier));
                return Ok(Earlier { lines, way });
            };
            complete(db, &mut earlier, &carried, clock).await?;
            lines.push(format!("settled: {}", told(&earlier)));
            if earlier.outcome.has_moved() && earlier.repeats(wanted) {
                lines.push("So it was carried out after all, and nothing was sent now.".to_owned());
                let way = Way::DoneBefore;
                return Ok(Earlier { lines, way });
            }
        } else if earlier.outcome.has_moved() && !named && earlier.repeats(wanted) {
            let way = Way::Blocked(format!(
                "the same was sent before: {}; if it is meant a second time, add --repeat {}",
                told(&earlier),
                earlier.number
            ));
            return Ok(Earlier { lines, way });
        }
    }
    let way = Way::Free;
    Ok(Earlier { lines, way })
}

/// What became of an open action, as the state shows or a person says; `None`: nobody knows.
fn settled(earlier: &ProviderAction, now: Now<'_>, person: Option<&str>) -> Option<Carried> {
    let (outcome, how) = match (seen(earlier, now.state, now.one_confirm), person) {
        (Seen::Done, _) => (ProviderActionOutcome::Done, "seen later".to_owned()),
        (Seen::Pending, _) => (ProviderActionOutcome::Pending, "seen later".to_owned()),
        (Seen::NotDone | Seen::Elsewhere, _) => {
            (ProviderActionOutcome::Refused, "seen later".to_owned())
        }
        (Seen::CannotTell, Some(person)) => (
            ProviderActionOutcome::NotSent,
            format!("{person} says that it did not arrive"),
        ),
        (Seen::CannotTell, None) => return None,
    };
    let words = format!("{}; {how}: {}", earlier.detail, now.shown);
    Some(Carried {
        outcome,
        words: words.trim_start_matches("; ").to_owned(),
    })
}

fn blocked(earlier: &ProviderAction) -> String {
    format!(
        "nobody knows what became of this: {}. What the provider shows does not tell, and sending \
         more could move the amount twice. Look for it in the provider's own pages or its next \
         report; if it did not arrive, add --repeat {}",
        told(earlier),
        earlier.number
    )
}

/// One entry of the audit trail as a line.
pub(super) fn told(action: &ProviderAction) -> String {
    let amount = action.amount.map_or(String::new(), |amount| {
        format!(" {}", shown(amount, action.currency))
    });
    let detail = if action.detail.is_empty() {
        String::new()
    } else {
        format!(" ({})", action.detail)
    };
    format!(
        "action {}: {}{amount} by {} at {}: {}{detail}",
        action.number,
        action.kind.word(),
        action.requested_by,
        action.requested_at,
        action.outcome.word()
    )
}

/// What to do about an outcome.
pub(super) fn advice(action: &ProviderAction) -> Option<String> {
    match action.outcome {
        ProviderActionOutcome::Unknown | ProviderActionOutcome::Intended => Some(
            "It may have been carried out. Run the same command again later: it reads the status \
             first, and sends nothing twice."
                .to_owned(),
        ),
        ProviderActionOutcome::Pending => Some("The provider decides later.".to_owned()),
        ProviderActionOutcome::NotSent => Some("Nothing was sent.".to_owned()),
        ProviderActionOutcome::Done | ProviderActionOutcome::Refused => None,
    }
}

/// Writes down that an action was not allowed; nothing was sent.
pub(super) async fn refuse(
    db: &mut Db,
    action: ProviderAction,
    why: String,
    clock: RunClock,
) -> Result<(Vec<String>, bool), RunError> {
    let action = ProviderAction {
        outcome: ProviderActionOutcome::NotSent,
        completed_at: clock.now_text(),
        detail: why,
        ..action
    };
    provider_actions::insert(db, &action).await?;
    let line = format!("Nothing was sent: {}", action.detail);
    Ok((vec![line], false))
}

pub(super) async fn complete(
    db: &mut Db,
    action: &mut ProviderAction,
    carried: &Carried,
    clock: RunClock,
) -> Result<(), RunError> {
    let at = clock.now_text();
    let completion = Completion {
        outcome: carried.outcome,
        at: &at,
        detail: &carried.words,
    };
    provider_actions::complete(db, action.number, completion).await?;
    action.outcome = carried.outcome;
    action.detail.clone_from(&carried.words);
    action.completed_at = at;
    Ok(())
}
