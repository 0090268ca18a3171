//! The counter of a provider: it shows the state of one order and takes one kind of paper.

use serde_json::Value;

use super::KnownOrder;
use super::state::State;
use super::transaction::KnownTransaction;
use crate::domain::order::OrderStatus;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind, ProviderActionOutcome};
use crate::domain::{Amount, Currency};
use crate::pipeline::apis::{Api, OneyApi, PayoneApi};
use crate::providers::e_financing::{self, Session};
use crate::providers::{
    Answer, Asked, NoAnswer, Patience, Problem, Request, Server, Verdict, Waits, ask, oney, payone,
};

/// A provider's server with one order.
pub(in crate::pipeline) enum Desk {
    /// Oney's.
    Oney(Box<OneyApi>, KnownOrder),
    /// e-Financing's.
    EFinancing(Box<Session>, KnownOrder),
    /// PAYONE's, with what its notifications say.
    Payone(Box<PayoneApi>, KnownOrder, KnownTransaction),
}

/// What an answer to an action says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// What to do about it.
    pub(super) verdict: Verdict,
    /// Its HTTP status code.
    pub(super) status: u16,
    /// The wait it asks for.
    pub(super) retry_after: Option<u64>,
    /// What became of the action, where the verdict is to take it.
    pub(super) outcome: ProviderActionOutcome,
    /// In words.
    pub(super) words: String,
}

impl Desk {
    /// The counter for an order.
    ///
    /// # Errors
    /// When PAYONE's notifications say nothing of it.
    pub(super) fn new(
        api: Api,
        order: KnownOrder,
        transaction: Option<KnownTransaction>,
    ) -> Result<Self, String> {
        Ok(match api {
            Api::Oney(api) => Self::Oney(Box::new(api), order),
            Api::EFinancing(session) => Self::EFinancing(Box::new(session), order),
            Api::Payone(api) => {
                let transaction = transaction.ok_or_else(|| no_notification(&order))?;
                Self::Payone(Box::new(api), order, transaction)
            }
        })
    }

    fn server(&self) -> &Server {
        match self {
            Self::Oney(api, _) => &api.server,
            Self::EFinancing(session, _) => &session.server,
            Self::Payone(api, ..) => &api.server,
        }
    }

    /// A text without secrets, also those that a server repeats in another spelling.
    pub(super) fn clean(&self, text: &str) -> String {
        self.server().clean(text)
    }

    /// How long to wait before repeats.
    pub(super) fn waits(&self) -> Waits {
        self.server().waits
    }

    /// The time that is left.
    pub(super) fn patience(&self) -> Patience {
        self.server().patience
    }

    /// What the provider shows now; of PAYONE, what its notifications said.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn state(&mut self) -> Result<State, Problem> {
        match self {
            Self::Oney(api, order) => {
                let file = api.file(&order.merchant, &order.order_reference);
                let request = api.access.status(file.map_err(Problem::new)?);
                let judge = |answer: &_| oney::judge(oney::Service::Status, answer);
                match ask(&mut api.server, &request, judge) {
                    Asked::Answered(answer, Verdict::Take) => oney::file_status(&answer)
                        .map(State::File)
                        .ok_or_else(|| oney::problem(&answer)),
                    Asked::Answered(answer, _) => Err(oney::problem(&answer)),
                    Asked::Silence(silence) => Err(Problem::silence(&silence)),
                }
            }
            Self::EFinancing(session, order) => {
                let listing = session.subscriptions(&order.order_reference);
                let listing = listing.map_err(|failed| failed.problem)?;
                let mut found = listing.subscriptions();
                match (found.next(), found.next()) {
                    (Some(only), None) => Ok(State::Subscription(only)),
                    (None, _) => Err(Problem::new(
                        "e-Financing has no subscription of this order",
                    )),
                    (Some(_), Some(_)) => Err(Problem::new(
                        "e-Financing has several subscriptions of this order; use its own pages",
                    )),
                }
            }
            Self::Payone(_, _, transaction) => Ok(State::Transaction(transaction.clone())),
        }
    }

    /// What names the next action at the provider.
    pub(super) fn request_id(&self, number: i64, millis: i64) -> String {
        match self {
            Self::Oney(..) => format!("recon-{millis}-{number}"),
            Self::EFinancing(..) => String::new(),
            Self::Payone(_, _, transaction) => {
                transaction.last_sequence().saturating_add(1).to_string()
            }
        }
    }

    /// The provider's number of the order's transaction.
    pub(super) fn transaction_id(&self, state: &State) -> String {
        match (self, state) {
            (_, State::Subscription(subscription)) => subscription.id.clone(),
            (_, State::Transaction(transaction)) => transaction.transaction_id.clone(),
            (Self::Oney(_, order) | Self::EFinancing(_, order) | Self::Payone(_, order, _), _) => {
                order.transaction_id.clone()
            }
        }
    }

    /// Sends an action, once.
    ///
    /// # Errors
    /// When no whole answer came; [`NoAnswer::is_unsent`] says whether it may have arrived.
    pub(super) fn send(&mut self, action: &ProviderAction) -> Result<Reply, NoAnswer> {
        let cannot = NoAnswer::Unsendable("the amount or the order is not one that can be sent");
        let none = std::time::Duration::ZERO;
        match self {
            Self::Oney(api, order) => {
                let amount = action.amount.and_then(|it| number(it, action.currency));
                let amount = amount.ok_or_else(|| cannot.clone())?;
                let file = api.file(&order.merchant, &order.order_reference);
                let file = file.map_err(|_why| cannot)?;
                let (request, service) = match action.kind {
                    ProviderActionKind::Confirm => (
                        api.access.confirm(file, amount, &action.request_id),
                        oney::Service::Confirm,
                    ),
                    ProviderActionKind::Cancel
                    | ProviderActionKind::Capture
                    | ProviderActionKind::Refund
                    | ProviderActionKind::Deliver => {
                        let funded = action.state_before.starts_with("FUNDED");
                        let id = &action.request_id;
                        let request = api.access.cancel(file, amount, funded, id);
                        (request, oney::Service::Cancel)
                    }
                };
                let answer = api.server.send(&request, none)?;
                Ok(oney_reply(service, action, &answer))
            }
            Self::EFinancing(session, _) => {
                let request = match action.amount.and_then(|it| number(it, action.currency)) {
                    Some(amount) => e_financing::cancel(&action.transaction_id, &amount),
                    None => e_financing::confirm_delivery(&action.transaction_id),
                };
                send_signed(session, &request, action)
            }
            Self::Payone(api, ..) => {
                let request = payone_request(api, action).ok_or(cannot)?;
                let answer = api.server.send(&request, none)?;
                Ok(payone_reply(&answer))
            }
        }
    }
}

/// Why nothing can be done at PAYONE.
pub(super) fn no_notification(order: &KnownOrder) -> String {
    format!(
        "no notification of PAYONE says anything of order {}, so neither its transaction nor its \
         next sequence number is known; let the shop's log be read first (payone-status)",
        order.order_reference
    )
}

/// An amount in major units, as the digits of a JSON number.
fn number(amount: Amount, currency: Currency) -> Option<Value> {
    serde_json::from_str(&amount.display(currency).to_string()).ok()
}

fn oney_reply(service: oney::Service, action: &ProviderAction, answer: &Answer) -> Reply {
    let mut verdict = oney::judge(service, answer);
    let mut words = String::new();
    if verdict == Verdict::Take {
        let status = oney::file_status(answer);
        let good = status
            .as_ref()
            .and_then(|it| it.status)
            .is_some_and(|status| {
                match (action.kind, status) {
                    (ProviderActionKind::Confirm, OrderStatus::Funded)
                    | (ProviderActionKind::Cancel, OrderStatus::Cancelled) => true,
                    // A part of it leaves the status as it was, where the country allows parts.
                    (_, status) => {
                        let part = action.amount != action.amount_before;
                        part && action.state_before.starts_with(status.word())
                    }
                }
            });
        match status {
            Some(status) if good => words = format!("Oney answers {status}"),
            // Something else than was asked for: what Oney has now decides.
            _ => verdict = Verdict::CheckThenReport,
        }
    }
    if words.is_empty() {
        words = oney::problem(answer).to_string();
    }
    Reply {
        verdict,
        status: answer.status,
        retry_after: answer.retry_after,
        outcome: ProviderActionOutcome::Done,
        words,
    }
}

/// Sends with a token. One that is not accepted is forgotten: whether anything happened is read
/// with a new one, before the action is repeated.
fn send_signed(
    session: &mut Session,
    request: &Request,
    action: &ProviderAction,
) -> Result<Reply, NoAnswer> {
    let signed = session.signed(request);
    let signed = signed.map_err(|failed| NoAnswer::NotConnected(failed.problem.to_string()))?;
    let answer = session.server.send(&signed, std::time::Duration::ZERO)?;
    if answer.status == 401 {
        session.forget_token();
    }
    let mut verdict = e_financing::judge_action(&answer);
    let word = answer.json();
    let word = word.as_ref().and_then(|body| body.get("status")?.as_str());
    let (outcome, words) = match (action.kind, word) {
        (_, Some(word)) if word.ends_with("_REJECTED") || word == "REJECTED" => (
            ProviderActionOutcome::Refused,
            format!("e-Financing answers {word}"),
        ),
        (ProviderActionKind::Cancel, Some("REQUESTED")) => (
            ProviderActionOutcome::Pending,
            "e-Financing answers REQUESTED and decides later".to_owned(),
        ),
        (
            ProviderActionKind::Cancel,
            Some(word @ ("CANCELLED" | "CANCEL_FULL_ACCEPTED" | "CANCEL_PART_ACCEPTED")),
        ) => (
            ProviderActionOutcome::Done,
            format!("e-Financing answers {word}"),
        ),
        // Its documented answer has no body; one that has may come from something on the way.
        (ProviderActionKind::Deliver, _) if answer.status == 204 => (
            ProviderActionOutcome::Done,
            "e-Financing takes the confirmation".to_owned(),
        ),
        _ => {
            // ACCEPTED alone does not say whether anything changed: what is financed now does.
            if verdict == Verdict::Take {
                verdict = Verdict::CheckThenReport;
            }
            let words = e_financing::problem(&answer).to_string();
            (ProviderActionOutcome::Unknown, words)
        }
    };
    Ok(Reply {
        verdict,
        status: answer.status,
        retry_after: answer.retry_after,
        outcome,
        words,
    })
}

fn payone_request(api: &PayoneApi, action: &ProviderAction) -> Option<Request> {
    let refunds = action.kind == ProviderActionKind::Refund;
    let minor = action.amount?.to_minor()?;
    let booking = payone::Booking {
        txid: &action.transaction_id,
        sequence: action.request_id.parse().ok()?,
        minor: if refunds { minor.checked_neg()? } else { minor },
        currency: action.currency.code(),
    };
    if refunds {
        return Some(api.access.refund(booking));
    }
    // An amount of 0 gives the reservation back; PAYONE wants a reason of its own list for that.
    let given = payone::CANCELLATION_REASONS
        .into_iter()
        .find(|reason| action.reason.trim().eq_ignore_ascii_case(reason));
    let reason = (minor == 0).then(|| given.unwrap_or("CONSUMER_REQUEST"));
    Some(api.access.capture(booking, reason))
}

fn payone_reply(answer: &Answer) -> Reply {
    let (outcome, words) = match payone::said(answer) {
        payone::Said::Approved { word } if word == "PENDING" => (
            ProviderActionOutcome::Pending,
            "PAYONE answers PENDING; its notification says what becomes of it".to_owned(),
        ),
        payone::Said::Approved { word } => (
            ProviderActionOutcome::Done,
            format!("PAYONE answers {word}"),
        ),
        payone::Said::Error(_) | payone::Said::Unreadable => (
            ProviderActionOutcome::Refused,
            payone::problem(answer).to_string(),
        ),
    };
    Reply {
        verdict: payone::judge(answer),
        status: answer.status,
        retry_after: answer.retry_after,
        outcome,
        words,
    }
}
