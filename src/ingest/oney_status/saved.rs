//! One line of saved answers: when was asked, for which order, and what came back.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::answer::{self, Answer, AnswerError, Purchase};
use crate::domain::file::FileId;
use crate::domain::order::{OrderStatus, normal_reference};
use crate::domain::provider_event::{ProviderEvent, Said};
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;
use crate::ingest::provider_events::{EventOptions, Moment, json};

/// Names of what a line says besides the answer; the first one is ours.
const ASKED_AT: [&str; 5] = ["asked_at", "observed_at", "timestamp", "asked", "time"];
const REFERENCE: [&str; 4] = [
    "order_reference",
    "reference",
    "external_reference",
    "order",
];
const HTTP_STATUS: [&str; 4] = ["http_status", "http_code", "status", "status_code"];
const ANSWER: [&str; 4] = ["answer", "answer_text", "body", "response"];
const CURRENCY: [&str; 1] = ["currency"];

/// The code with which the status service says that it has no file for a reference.
const NOT_KNOWN: &str = "ERR_09";

/// Errors that the reason of a set-aside line repeats.
const ERRORS_TOLD_MAX: usize = 5;

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
    is_object && says_when && says_what
}

/// What a line holds.
#[derive(Clone, Debug)]
pub(super) struct SavedAnswer {
    object: Map<String, Value>,
    /// A time before the object, as some logs write it.
    before: String,
}

impl SavedAnswer {
    /// Takes a line apart; `None` where it holds no object.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        let at = line.find('{')?;
        let (before, object) = line.split_at_checked(at)?;
        let before = before.trim();
        let is_like_a_time = before.starts_with(|c: char| c.is_ascii_digit() || c == '[');
        Some(Self {
            object: serde_json::from_str(object).ok()?,
            // Anything else may be a piece of another line, which errors must not show.
            before: if is_like_a_time { before } else { "" }.to_owned(),
        })
    }

    fn value(&self, names: &[&str]) -> Option<&Value> {
        names
            .iter()
            .find_map(|name| self.object.get(*name))
            .filter(|value| !value.is_null())
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        json::text(self.value(names))
    }

    /// The body: under a name of its own, or the line itself.
    fn answer(&self) -> Option<Answer> {
        if let Some(body) = self.value(&ANSWER) {
            return Some(answer::from_json(body));
        }
        let itself = Value::Object(self.object.clone());
        match answer::from_json(&itself) {
            Answer::Unreadable(_) => None,
            known @ (Answer::Purchase(_) | Answer::Errors(_)) => Some(known),
        }
    }

    /// What a rejected row shows of it.
    pub(super) fn shown(&self) -> String {
        let code = self.value(&HTTP_STATUS);
        json::shown([
            (ASKED_AT[0], self.value(&ASKED_AT)),
            (REFERENCE[0], self.value(&REFERENCE)),
            (HTTP_STATUS[0], code),
            ("purchase.status_code", self.inner("/status_code")),
            (AMOUNT, self.inner("/payment/payment_amount")),
        ])
    }

    fn inner(&self, path: &str) -> Option<&Value> {
        let body = self.value(&ANSWER);
        body.and_then(|body| body.get("purchase"))
            .or_else(|| self.object.get("purchase"))?
            .pointer(path)
    }
}

const AMOUNT: &str = "purchase.payment.payment_amount";

/// An event whose texts are its own.
#[derive(Clone, Debug)]
pub(super) struct OwnedEvent<'o> {
    provider: &'o str,
    order_reference: String,
    line: u32,
    observed: Moment,
    currency: Currency,
    amount: Option<Amount>,
    purchase: Option<Purchase>,
}

impl OwnedEvent<'_> {
    pub(super) fn as_event(&self) -> ProviderEvent<'_> {
        let said = match &self.purchase {
            Some(purchase) => Said::Status {
                status: status(&purchase.status_code),
                word: &purchase.status_code,
                sub_status: &purchase.sub_status_code,
            },
            None => Said::NotKnown,
        };
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
            said,
        }
    }
}

/// What a line comes to.
pub(super) enum Meaning<'o> {
    Event(OwnedEvent<'o>),
    /// The order could not be verified, for this reason.
    Nothing(String),
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

    pub(super) fn read(&self, saved: &SavedAnswer, line: u32) -> Result<Meaning<'o>, RowError> {
        let observed = self.observed(saved)?;
        let order_reference = reference(saved)?;
        let http_status = http_status(saved)?;
        let event = |purchase: Option<Purchase>| OwnedEvent {
            provider: self.provider,
            order_reference,
            line,
            observed,
            currency: Currency::EUR,
            amount: None,
            purchase,
        };
        let Some(answer) = saved.answer() else {
            return nothing_came(saved, http_status);
        };
        Ok(match (http_status, answer) {
            (None | Some(200), Answer::Purchase(purchase)) => {
                let currency = currency(saved)?;
                let amount = amount(&purchase, currency)?;
                Meaning::Event(OwnedEvent {
                    currency,
                    amount,
                    ..event(Some(purchase))
                })
            }
            (None | Some(404), Answer::Errors(errors)) if has_no_file(&errors) => {
                Meaning::Event(event(None))
            }
            (http_status, answer) => Meaning::Nothing(not_verified(http_status, &answer)),
        })
    }

    fn observed(&self, saved: &SavedAnswer) -> Result<Moment, RowError> {
        let text = saved.text(&ASKED_AT);
        let text = text.or_else(|| Some(saved.before.clone()).filter(|text| !text.is_empty()));
        let Some(text) = text else {
            let reason = "is missing and must not be; write down when the status was asked";
            return Err(RowError::new(ASKED_AT[0], "", reason));
        };
        Moment::from_log(&text, self.zone).ok_or_else(|| {
            let reason = "is not a time like 2026-11-20T02:10:11Z";
            RowError::new(ASKED_AT[0], &text, reason)
        })
    }
}

fn reference(saved: &SavedAnswer) -> Result<String, RowError> {
    let text = saved
        .text(&REFERENCE)
        .or_else(|| json::text(saved.inner("/external_reference")))
        .unwrap_or_default();
    match normal_reference(&text) {
        "" => Err(RowError::new(
            REFERENCE[0],
            &text,
            "is missing and must not be; write down which order was asked for",
        )),
        reference => Ok(reference.to_owned()),
    }
}

/// The code of HTTP; `None` where the line has none, or 0 for a question without an answer.
fn http_status(saved: &SavedAnswer) -> Result<Option<u16>, RowError> {
    let Some(text) = saved.text(&HTTP_STATUS) else {
        return Ok(None);
    };
    let code = text.parse::<u16>().ok();
    match code.filter(|code| *code == 0 || (100..=599).contains(code)) {
        Some(code) => Ok(Some(code)),
        None => Err(RowError::new(
            HTTP_STATUS[0],
            &text,
            "is no HTTP status; expected one like 200",
        )),
    }
}

/// A line without an answer is right only where nothing came back.
fn nothing_came<'o>(
    saved: &SavedAnswer,
    http_status: Option<u16>,
) -> Result<Meaning<'o>, RowError> {
    let is_told = HTTP_STATUS
        .iter()
        .chain(&ANSWER)
        .any(|name| saved.object.contains_key(*name));
    match http_status {
        Some(200) => Err(missing_answer()),
        None if !is_told => Err(missing_answer()),
        None | Some(0) => Ok(Meaning::Nothing(
            "got no answer: the order is not verified".to_owned(),
        )),
        Some(code) => Ok(Meaning::Nothing(format!(
            "was answered with HTTP {code} and no body: the order is not verified"
        ))),
    }
}

fn missing_answer() -> RowError {
    let reason = "is missing and must not be; write down what Oney answered";
    RowError::new(ANSWER[0], "", reason)
}

fn has_no_file(errors: &[AnswerError]) -> bool {
    errors.iter().any(|error| error.code == NOT_KNOWN)
}

fn not_verified(http_status: Option<u16>, answer: &Answer) -> String {
    let with_code = match http_status {
        None | Some(0) => "was answered".to_owned(),
        Some(code) => format!("was answered with HTTP {code}"),
    };
    let what = match answer {
        Answer::Purchase(purchase) => format!(" and the status {}", purchase.status_code),
        Answer::Errors(errors) => {
            let told = errors.iter().take(ERRORS_TOLD_MAX).map(ToString::to_string);
            format!("; {}", told.collect::<Vec<_>>().join("; "))
        }
        Answer::Unreadable(text) if text.is_empty() => String::new(),
        Answer::Unreadable(text) => format!("; what came is no answer of its service: {text}"),
    };
    format!("{with_code}{what}: the order is not verified")
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
