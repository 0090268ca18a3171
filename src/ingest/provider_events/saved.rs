//! A question and what came back: the form in which `verify` keeps answers of any provider.
//!
//! ```json
//! {"asked_at":"2026-11-20T02:10:11Z","order_reference":"WEB-1","http_status":404,"answer":{…}}
//! ```
//!
//! What the answer means is the matter of its provider's reader; the names around it are read here,
//! leniently, for whoever logs answers by other means.

use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::Moment;
use crate::answers::json;
use crate::domain::Currency;
use crate::domain::file::{FileId, RowNames};
use crate::domain::order::normal_reference;
use crate::domain::provider_event::{NoStatus, ProviderEvent, Said};
use crate::ingest::RowError;

/// Names of what a document says besides the answer; the first one is ours.
pub(in crate::ingest) const ASKED_AT: [&str; 5] =
    ["asked_at", "observed_at", "timestamp", "asked", "time"];
const REFERENCE: [&str; 4] = [
    "order_reference",
    "reference",
    "external_reference",
    "order",
];
pub(in crate::ingest) const HTTP_STATUS: [&str; 4] =
    ["http_status", "http_code", "status", "status_code"];
pub(in crate::ingest) const ANSWER: [&str; 4] = ["answer", "answer_text", "body", "response"];

/// Errors that are told of one answer.
pub(in crate::ingest) const ERRORS_TOLD_MAX: usize = 5;

/// One saved answer.
#[derive(Clone, Debug)]
pub(in crate::ingest) struct SavedAnswer {
    /// All that it says.
    pub(in crate::ingest) object: Map<String, Value>,
    /// A time before the object, as some logs write it.
    before: String,
}

impl SavedAnswer {
    /// Takes a line apart; `None` where it holds no object.
    pub(in crate::ingest) fn from_line(line: &str) -> Option<Self> {
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

    /// One that is an object of a larger document.
    pub(in crate::ingest) fn from_object(object: Map<String, Value>) -> Self {
        let before = String::new();
        Self { object, before }
    }

    pub(in crate::ingest) fn value(&self, names: &[&str]) -> Option<&Value> {
        names
            .iter()
            .find_map(|name| self.object.get(*name))
            .filter(|value| !value.is_null())
    }

    pub(in crate::ingest) fn text(&self, names: &[&str]) -> Option<String> {
        json::text(self.value(names))
    }

    /// What came back, under a name of its own.
    pub(in crate::ingest) fn body(&self) -> Option<&Value> {
        self.value(&ANSWER)
    }

    /// The values that a rejected row shows of what stands around the answer.
    pub(in crate::ingest) fn shown(&self) -> [(&'static str, Option<&Value>); 3] {
        [
            (ASKED_AT[0], self.value(&ASKED_AT)),
            (REFERENCE[0], self.value(&REFERENCE)),
            (HTTP_STATUS[0], self.value(&HTTP_STATUS)),
        ]
    }

    /// When was asked.
    ///
    /// # Errors
    /// Where that is missing or no time.
    pub(in crate::ingest) fn observed(&self, zone: Tz) -> Result<Moment, RowError> {
        let text = self.text(&ASKED_AT);
        let text = text.or_else(|| Some(self.before.clone()).filter(|text| !text.is_empty()));
        let Some(text) = text else {
            let reason = "is missing and must not be; write down when the status was asked";
            return Err(RowError::new(ASKED_AT[0], "", reason));
        };
        Moment::from_log(&text, zone).ok_or_else(|| {
            let reason = "is not a time like 2026-11-20T02:10:11Z";
            RowError::new(ASKED_AT[0], &text, reason)
        })
    }

    /// The order that was asked for; `inside` is what the answer itself says of it.
    ///
    /// # Errors
    /// Where neither names one.
    pub(in crate::ingest) fn reference(&self, inside: Option<String>) -> Result<String, RowError> {
        let text = self.text(&REFERENCE).or(inside).unwrap_or_default();
        match normal_reference(&text) {
            "" => Err(RowError::new(
                REFERENCE[0],
                &text,
                "is missing and must not be; write down which order was asked for",
            )),
            reference => Ok(reference.to_owned()),
        }
    }

    /// What a rejected row names; `inside` is what the answer itself says of it.
    pub(in crate::ingest) fn names(&self, inside: Option<String>) -> RowNames {
        RowNames {
            order_reference: self.reference(inside).unwrap_or_default(),
            ..RowNames::default()
        }
    }

    /// The code of HTTP; `None` where there is none, or 0 for a question without an answer.
    ///
    /// # Errors
    /// Where something else stands there.
    pub(in crate::ingest) fn http_status(&self) -> Result<Option<u16>, RowError> {
        let Some(text) = self.text(&HTTP_STATUS) else {
            return Ok(None);
        };
        match text.parse::<u16>().ok() {
            Some(0) => Ok(None),
            Some(code) if (100..=599).contains(&code) => Ok(Some(code)),
            Some(_) | None => Err(RowError::new(
                HTTP_STATUS[0],
                &text,
                "is no HTTP status; expected one like 200",
            )),
        }
    }

    /// True where it says that something, or nothing, came back.
    pub(in crate::ingest) fn tells_an_outcome(&self) -> bool {
        HTTP_STATUS
            .iter()
            .chain(&ANSWER)
            .any(|name| self.object.contains_key(*name))
    }
}

/// The event that a question told no status; its texts are its own.
#[derive(Clone, Debug)]
pub(in crate::ingest) struct Unanswered<'o> {
    pub(in crate::ingest) provider: &'o str,
    pub(in crate::ingest) order_reference: String,
    pub(in crate::ingest) line: u32,
    pub(in crate::ingest) observed: Moment,
    /// The provider does not know the order; else nothing was learnt of it.
    pub(in crate::ingest) is_not_known: bool,
    pub(in crate::ingest) http_status: Option<u16>,
    pub(in crate::ingest) words: String,
}

impl Unanswered<'_> {
    pub(in crate::ingest) fn as_event(&self) -> ProviderEvent<'_> {
        let told = NoStatus {
            http_status: self.http_status,
            words: &self.words,
        };
        ProviderEvent {
            order_reference: &self.order_reference,
            provider: self.provider,
            // Questions are about an order: what has no status has no transaction either.
            transaction_id: "",
            file: FileId(0),
            line: self.line,
            observed_at: self.observed.at,
            observed_on: self.observed.on,
            currency: Currency::EUR,
            amount: None,
            said: if self.is_not_known {
                Said::NotKnown(told)
            } else {
                Said::NotVerified(told)
            },
        }
    }
}
