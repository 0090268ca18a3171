//! Asking for one order after the other.

use serde_json::json;

use super::answers::Kept;
use super::{Learnt, Question, Said, Verified};
use crate::clock::RunClock;
use crate::domain::family::Family;
use crate::pipeline::apis::{Api, OneyApi};
use crate::providers::e_financing::Session;
use crate::providers::{Answer, Asked, Problem, Server, Verdict, ask, oney};

/// What one question came to.
struct Outcome {
    said: Said,
    /// Why there is no use in asking for the other orders.
    stop: Option<Problem>,
}

impl Outcome {
    fn of(said: Said) -> Self {
        Self { said, stop: None }
    }

    /// The same without secrets, also those that a server repeats in another spelling.
    fn cleaned(self, server: &Server) -> Self {
        let clean = |text: &str| server.clean(text);
        let said = match self.said {
            Said::Status(status) => Said::Status(clean(&status)),
            Said::NotVerified(problem) => Said::NotVerified(problem.cleaned(clean)),
            said @ (Said::NotKnown | Said::NotAsked) => said,
        };
        Self {
            said,
            stop: self.stop.map(|problem| problem.cleaned(clean)),
        }
    }

    fn failed(problem: Problem, stop: bool) -> Self {
        Self {
            stop: stop.then(|| problem.clone()),
            said: Said::NotVerified(problem),
        }
    }
}

/// Asks a provider about all orders, until it is of no use.
pub(super) fn ask_all(
    mut api: Api,
    questions: &[Question],
    clock: RunClock,
    (kept, verified): (&mut Kept, &mut Verified),
) {
    let provider = kept.provider().to_owned();
    let mut stopped = false;
    for question in questions {
        let outcome = if stopped {
            Outcome::of(Said::NotAsked)
        } else {
            match &mut api {
                Api::Oney(api) => ask_oney(api, question, clock, kept).cleaned(&api.server),
                Api::EFinancing(session) => {
                    ask_e_financing(session, question, clock, kept).cleaned(&session.server)
                }
                // PAYONE answers no questions: nobody asks it.
                Api::Payone(_) => Outcome::of(Said::NotAsked),
            }
        };
        if let Some(problem) = outcome.stop {
            stopped = true;
            verified.stopped.push((provider.clone(), problem));
        }
        verified.learnt.push(Learnt {
            provider: provider.clone(),
            order_reference: question.order_reference.clone(),
            codes: question.codes.clone(),
            said: outcome.said,
        });
    }
}

fn ask_oney(api: &mut OneyApi, question: &Question, clock: RunClock, kept: &mut Kept) -> Outcome {
    let (request, merchant) = match api.file(&question.merchant, &question.order_reference) {
        Ok(file) => (api.access.status(file), file.merchant.to_owned()),
        Err(why) => return Outcome::failed(Problem::new(why), false),
    };
    let judge = |answer: &_| oney::judge(oney::Service::Status, answer);
    let (answer, verdict) = match ask(&mut api.server, &request, judge) {
        Asked::Answered(answer, verdict) => (answer, verdict),
        Asked::Silence(silence) => {
            return Outcome::failed(Problem::silence(&silence), silence.is_of_no_use());
        }
    };
    let about = json!({
        "asked_at": clock.now_text(),
        "order_reference": question.order_reference,
        "merchant": merchant,
        // Oney's amounts name none.
        "currency": question.currency.map(|currency| currency.code().to_owned()),
        "http_status": answer.status,
    });
    kept.document(about, &answer, |text| api.server.clean(text));
    if oney::is_unknown_file(&answer) {
        return Outcome::of(Said::NotKnown);
    }
    match oney::file_status(&answer).filter(|_| verdict == Verdict::Take) {
        Some(status) => Outcome::of(Said::Status(status.to_string())),
        None => Outcome::failed(oney::problem(&answer), verdict == Verdict::StopProvider),
    }
}

fn ask_e_financing(
    session: &mut Session,
    question: &Question,
    clock: RunClock,
    kept: &mut Kept,
) -> Outcome {
    let asked = session.subscriptions(&question.order_reference);
    let mut keep = |answer: &Answer| {
        let about = json!({
            "asked_at": clock.now_text(),
            // The list does not name it, and the file may lie beside those of others.
            "provider": Family::EFinancing.word(),
            "order_reference": question.order_reference,
            "http_status": answer.status,
        });
        kept.document(about, answer, |text| session.server.clean(text));
    };
    match asked {
        Err(failed) => {
            failed.answer.iter().for_each(keep);
            Outcome::failed(failed.problem, failed.stop)
        }
        Ok(listing) if listing.items.is_empty() => {
            // What the list holds besides is about other orders.
            keep(&Answer {
                status: 200,
                retry_after: None,
                text: json!({"totalItemCount": 0, "subscriptions": []}).to_string(),
            });
            Outcome::of(Said::NotKnown)
        }
        Ok(listing) => {
            let said: Vec<String> = listing.subscriptions().map(|it| it.to_string()).collect();
            kept.list(listing.items);
            Outcome::of(Said::Status(said.join("; ")))
        }
    }
}
