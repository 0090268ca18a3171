//! A question about one order that told no subscription, as `verify` keeps it.

use serde_json::Value;

use super::subscription::SubscriptionReader;
use crate::answers::{e_financing, json, listed, one_line};
use crate::ingest::RowError;
use crate::ingest::provider_events::saved::{ERRORS_TOLD_MAX, SavedAnswer, Unanswered};

/// Characters of an answer that nobody can read.
const EXCERPT_CHARS_MAX: usize = 200;

/// With this name a document is a saved question.
pub(super) const ASKED_AT: &str = "asked_at";

/// The names of a saved question that are read.
pub(super) const NAMES: [&str; 5] = [
    ASKED_AT,
    "order_reference",
    "http_status",
    "answer",
    "answer_text",
];

/// What a rejected row shows of it.
pub(super) fn shown(saved: &SavedAnswer) -> String {
    json::shown(saved.shown())
}

impl<'o> SubscriptionReader<'o> {
    /// The event of a question.
    pub(super) fn unanswered(
        &self,
        saved: &SavedAnswer,
        number: u32,
    ) -> Result<Unanswered<'o>, RowError> {
        let http_status = saved.http_status()?;
        let body = saved.body();
        let is_list = |body: &Value| body.get("subscriptions").is_some();
        if body.is_some_and(|body| is_list(body) && !e_financing::is_empty_list(body)) {
            let reason = "holds a list, which is read as a document of its own; save the answer \
                          of the list itself";
            return Err(RowError::new("answer", "(a list response)", reason));
        }
        let is_not_known =
            matches!(http_status, None | Some(200)) && body.is_some_and(e_financing::is_empty_list);
        Ok(Unanswered {
            provider: self.provider,
            order_reference: saved.reference(None)?,
            line: number,
            observed: saved.observed(self.zone)?,
            is_not_known,
            http_status,
            words: body.map(words).unwrap_or_default(),
        })
    }
}

/// What an answer says: its errors, or the beginning of a text.
fn words(body: &Value) -> String {
    body.as_str().map_or_else(
        || listed(&e_financing::errors(body), ERRORS_TOLD_MAX),
        |text| one_line(text, EXCERPT_CHARS_MAX),
    )
}
