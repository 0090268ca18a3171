//! One line of saved answers: when was asked, for which order, and what came back.

use chrono_tz::Tz;
use serde_json::Value;

use crate::answers::oney::{self, Answer, Purchase};
use crate::answers::{json, listed};
use crate::domain::file::{FileId, RowNames};
use crate::domain::order::OrderStatus;
use crate::domain::provider_event::{ProviderEvent, Said};
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;
use crate::ingest::provider_events::saved::{
    ANSWER, ASKED_AT, ERRORS_TOLD_MAX, SavedAnswer, Unanswered,
};
use crate::ingest::provider_events::{EventOptions, Moment};

const CURRENCY: [&str; 1] = ["currency"];

/// A cheap look at a line of which only the beginning may be there.
pub(super) fn looks_like_saved_answer(line: &str) -> bool {
    let has_any = |names: &[&str]| {
        names
            .iter()
            .any(|name| line.contains(&format!("\"{name}\"")))
    };
    let is_object = line.contains('{') && line.contains(':');
    let says_when = has_any(&ASKED_AT) || !line.trim_start().starts_with('{');
    let says_what = has_any(&ANSWER)
        || has_any(&["http_status", "http_code", "error_list"])
        || (has_any(&["purchase"]) && has_any(&["status_code"]));
    is_object && says_when && says_what && !has_any(&["e-financing"])
}

/// The body: under a name of its own, or the line itself.
fn answer_of(saved: &SavedAnswer) -> Option<Answer> {
    if let Some(body) = saved.body() {
        return Some(oney::from_json(body));
    }
    let itself = Value::Object(saved.object.clone());
    match oney::from_json(&itself) {
        Answer::Unreadable(_) => None,
        known @ (Answer::Purchase(_) | Answer::Errors(_)) => Some(known),
    }
}

/// What a rejected row shows of a line.
pub(super) fn shown(saved: &SavedAnswer) -> String {
    let of_purchase = [
        ("purchase.status_code", inner(saved, "/status_code")),
        (AMOUNT, inner(saved, "/payment/payment_amount")),
    ];
    json::shown(saved.shown().into_iter().chain(of_purchase))
}

fn inner<'s>(saved: &'s SavedAnswer, path: &str) -> Option<&'s Value> {
    let body = saved.body();
    body.and_then(|body| body.get("purchase"))
        .or_else(|| saved.object.get("purchase"))?
        .pointer(path)
}

const AMOUNT: &str = "purchase.payment.payment_amount";

/// A status with texts of its own.
#[derive(Clone, Debug)]
pub(super) struct OwnedStatus<'o> {
    provider: &'o str,
    order_reference: String,
    line: u32,
    observed: Moment,
    currency: Currency,
    amount: Option<Amount>,
    purchase: Purchase,
}

/// What a line comes to.
#[derive(Clone, Debug)]
pub(super) enum OwnedEvent<'o> {
    Status(OwnedStatus<'o>),
    Unanswered(Unanswered<'o>),
}

impl OwnedEvent<'_> {
    pub(super) fn as_event(&self) -> ProviderEvent<'_> {
        match self {
            Self::Status(status) => status.as_event(),
            Self::Unanswered(unanswered) => unanswered.as_event(),
        }
    }
}

impl OwnedStatus<'_> {
    fn as_event(&self) -> ProviderEvent<'_> {
        ProviderEvent {
            order_reference: &self.order_reference,
            provider: self.provider,
            // The service is asked by reference and tells no number of its own.
            transaction_id: "",
            file: FileId(0),
            line: self.line,
            observed_at: self.observed.at,
            observed_on: self.observed.on,
            currency: self.currency,
            amount: self.amount,
            said: Said::Status {
                status: status(&self.purchase.status_code),
                word: &self.purchase.status_code,
                sub_status: &self.purchase.sub_status_code,
            },
        }
    }
}

/// The order that an answer itself is about.
fn inside(saved: &SavedAnswer) -> Option<String> {
    json::text(inner(saved, "/external_reference"))
}

/// What a rejected line names.
pub(super) fn names(saved: &SavedAnswer) -> RowNames {
    saved.names(inside(saved))
}

/// Makes events of saved answers.
pub(super) struct AnswerReader<'o> {
    provider: &'o str,
    zone: Tz,
}

impl<'o> AnswerReader<'o> {
    pub(super) fn new(options: EventOptions<'o>) -> Self {
        Self {
            provider: options.provider,
            zone: options.timezone,
        }
    }

    pub(super) fn read(&self, saved: &SavedAnswer, line: u32) -> Result<OwnedEvent<'o>, RowError> {
        let observed = saved.observed(self.zone)?;
        let order_reference = saved.reference(inside(saved))?;
        let http_status = saved.http_status()?;
        let without_status = |is_not_known, words| {
            OwnedEvent::Unanswered(Unanswered {
                provider: self.provider,
                order_reference: order_reference.clone(),
                line,
                observed,
                is_not_known,
                http_status,
                words,
            })
        };
        let Some(answer) = answer_of(saved) else {
            // A line without an answer is right only where nothing came back.
            if http_status == Some(200) || !saved.tells_an_outcome() {
                let reason = "is missing and must not be; write down what Oney answered";
                return Err(RowError::new(ANSWER[0], "", reason));
            }
            return Ok(without_status(false, String::new()));
        };
        Ok(match answer {
            Answer::Purchase(purchase) if matches!(http_status, None | Some(200)) => {
                let currency = currency(saved)?;
                OwnedEvent::Status(OwnedStatus {
                    provider: self.provider,
                    order_reference,
                    line,
                    observed,
                    currency,
                    amount: amount(&purchase, currency)?,
                    purchase,
                })
            }
            Answer::Purchase(purchase) => without_status(false, purchase.status_code),
            Answer::Errors(errors) => {
                let is_not_known =
                    matches!(http_status, None | Some(404)) && oney::has_no_file(&errors);
                without_status(is_not_known, listed(&errors, ERRORS_TOLD_MAX))
            }
            Answer::Unreadable(text) => without_status(false, text),
        })
    }
}

fn currency(saved: &SavedAnswer) -> Result<Currency, RowError> {
    // The service names no currency; who asks for another country's orders adds it.
    let Some(text) = saved.text(&CURRENCY) else {
        return Ok(Currency::EUR);
    };
    Currency::parse(&text)
        .ok_or_else(|| RowError::new(CURRENCY[0], &text, "is not a currency of three letters"))
}

fn amount(purchase: &Purchase, currency: Currency) -> Result<Option<Amount>, RowError> {
    let Some(digits) = &purchase.payment_amount else {
        return Ok(None);
    };
    let bad = |reason: String| RowError::new(AMOUNT, digits, reason);
    let amount = Amount::parse(digits, currency).map_err(|problem| bad(problem.to_string()))?;
    if amount.is_negative() {
        return Err(bad(
            "is negative, and nothing is financed below 0".to_owned()
        ));
    }
    Ok(Some(amount))
}

/// Oney's words are the canonical ones; other words are kept and mean nothing.
fn status(word: &str) -> Option<OrderStatus> {
    Some(match word {
        "PENDING" => OrderStatus::Pending,
        "FAVORABLE" | "TO_BE_FUNDED" => OrderStatus::Favorable,
        "FUNDED" => OrderStatus::Funded,
        "CANCELLED" => OrderStatus::Cancelled,
        "REFUSED" => OrderStatus::Refused,
        "ABORTED" => OrderStatus::Aborted,
        _ => return None,
    })
}
