//! Mail leaves: what waits, in the order in which it was composed.

use chrono::{DateTime, TimeDelta, Utc};

use super::plan::{MailPlan, MailSetup};
use crate::clock::RunClock;
use crate::domain::outgoing_mail::{OutgoingMail, RecipientState};
use crate::mail::{Failure, Parcel, Transport, Verdict};
use crate::storage::outbox::{self, Handed};
use crate::storage::{Db, StorageError};

/// A mail that nobody took for so long is given up: its news is old, and each one takes room.
const KEPT_DAYS_MAX: i64 = 30;

/// Milliseconds of a run after which no further mail is begun, so that a slow server takes some
/// minutes of a night and not all of it.
const DELIVERY_LIMIT_MS: i64 = 300_000;

/// Hands over all mail that waits; true when somebody should have got one and has not.
///
/// It comes after the night, which is recorded whatever happens here. A mail that was handed over
/// and could not be noted is no failure either: the next run sends it once more, with the same
/// `Message-ID`.
pub(in crate::pipeline) async fn deliver(db: &mut Db, plan: &MailPlan, clock: RunClock) -> bool {
    let Some(setup) = &plan.setup else {
        return false;
    };
    if let Ok(transport) = &setup.transport {
        transport.clear_up();
    }
    match deliver_waiting(db, setup, clock).await {
        Ok(waits) => waits,
        Err(error) => {
            tracing::error!(
                "the night is recorded; its mail is kept for the next run, because {error}"
            );
            true
        }
    }
}

async fn deliver_waiting(
    db: &mut Db,
    setup: &MailSetup,
    clock: RunClock,
) -> Result<bool, StorageError> {
    let began = clock.elapsed_ms();
    let numbers = outbox::waiting(db).await?;
    let mut round = Round {
        setup,
        clock,
        undelivered: false,
    };
    let mut broken = setup.transport.as_ref().err().cloned();
    let mut kept = 0_u64;
    for number in numbers {
        let late = clock.elapsed_ms().saturating_sub(began) > DELIVERY_LIMIT_MS;
        let Some(mail) = outbox::take(db, number).await? else {
            continue;
        };
        let Some(mail) = round.still_wanted(db, mail).await? else {
            continue;
        };
        match (&setup.transport, &broken) {
            (Ok(transport), None) if !late => {
                if let Err(failure) = round.hand_over(db, transport, &mail).await {
                    kept = kept.saturating_add(1);
                    if failure.of_all {
                        broken = Some(failure.sentence);
                    } else {
                        tracing::error!("{failure}");
                    }
                }
            }
            _ => kept = kept.saturating_add(1),
        }
    }
    if kept > 0 {
        let why = broken.map_or_else(String::new, |why| format!("{why}; "));
        tracing::error!("{why}{kept} mail(s) kept for the next run");
    }
    Ok(round.undelivered || kept > 0)
}

/// One walk through what waits.
struct Round<'r> {
    setup: &'r MailSetup,
    clock: RunClock,
    undelivered: bool,
}

impl Round<'_> {
    /// A mail with those that are still to get it; `None` where there are none left.
    async fn still_wanted(
        &mut self,
        db: &mut Db,
        mail: OutgoingMail,
    ) -> Result<Option<OutgoingMail>, StorageError> {
        let (state, gone, stay): (_, Vec<String>, Vec<String>) = if self.is_too_old(&mail) {
            (RecipientState::Expired, mail.waiting.clone(), Vec::new())
        } else {
            let waiting = mail.waiting.iter().cloned();
            let (stay, gone) = waiting.partition(|address| self.setup.knows(address));
            (RecipientState::Dropped, gone, stay)
        };
        if !gone.is_empty() {
            let why = match state {
                RecipientState::Expired => format!("it has waited for {KEPT_DAYS_MAX} days"),
                RecipientState::Dropped
                | RecipientState::Waiting
                | RecipientState::Accepted
                | RecipientState::Refused
                | RecipientState::Replaced => {
                    "the address is no longer in the configuration".to_owned()
                }
            };
            let subject = &mail.subject;
            tracing::warn!("«{subject}» is not sent to {}: {why}", gone.join(", "));
            let all: Vec<(&String, RecipientState, &str)> =
                gone.iter().map(|to| (to, state, why.as_str())).collect();
            self.note(db, mail.number, &all).await?;
        }
        Ok((!stay.is_empty()).then_some(OutgoingMail {
            waiting: stay,
            ..mail
        }))
    }

    fn is_too_old(&self, mail: &OutgoingMail) -> bool {
        let composed: Option<DateTime<Utc>> = mail.composed_at.parse().ok();
        let age = composed.map(|then| self.clock.started_at.signed_duration_since(then));
        age.is_some_and(|age| age > TimeDelta::days(KEPT_DAYS_MAX))
    }

    /// Hands one mail over, and notes what became of it.
    ///
    /// # Errors
    /// When nobody knows what became of it.
    async fn hand_over(
        &mut self,
        db: &mut Db,
        transport: &Transport,
        mail: &OutgoingMail,
    ) -> Result<(), Failure> {
        let parcel = Parcel {
            sender: &mail.sender,
            recipients: &mail.waiting,
            message_id: &mail.message_id,
            message: &mail.message,
        };
        let verdicts = transport.hand_over(&parcel).await?;
        let mut noted = Vec::new();
        for (address, verdict) in mail.waiting.iter().zip(&verdicts) {
            let subject = &mail.subject;
            match verdict {
                Verdict::Accepted => noted.push((address, RecipientState::Accepted, "")),
                Verdict::Later(said) => {
                    self.undelivered = true;
                    tracing::error!(
                        "the mail server does not take «{subject}» for {address} now ({said}); the \
                         next run tries again"
                    );
                }
                Verdict::Never(said) => {
                    self.undelivered = true;
                    tracing::error!(
                        "the mail server refuses «{subject}» for {address} ({said}); correct the \
                         address in [mail], then `run --mail` sends it to whoever has not got it"
                    );
                    noted.push((address, RecipientState::Refused, said.as_str()));
                }
            }
        }
        let accepted = verdicts.iter().filter(|one| **one == Verdict::Accepted);
        tracing::info!(recipients = accepted.count(), "sent «{}»", mail.subject);
        if let Err(error) = self.note(db, mail.number, &noted).await {
            tracing::error!(
                "«{}» was handed over, and this could not be noted ({error}); the next run sends \
                 it once more, with the same Message-ID",
                mail.subject
            );
        }
        Ok(())
    }

    async fn note(
        &self,
        db: &mut Db,
        number: i64,
        noted: &[(&String, RecipientState, &str)],
    ) -> Result<(), StorageError> {
        let at = self.clock.now_text();
        let handed: Vec<Handed<'_>> = noted
            .iter()
            .map(|(address, state, detail)| Handed {
                address,
                state: *state,
                at: &at,
                detail,
            })
            .collect();
        outbox::note(db, number, &handed).await
    }
}
