//! e-Financing's list of subscriptions, as saved from its API.
//!
//! A file is one list response, an array of them (the pages of one list, or the answers to several
//! questions), several one after the other, or a single subscription. Each subscription becomes an
//! event with the status that it has now; which one is the newest of an id, only who knows all
//! files can tell.
//!
//! A document may also be a question about one order that told no subscription, as `verify` keeps
//! it ([`SavedAnswer`](super::provider_events::saved::SavedAnswer)): an empty list says that the
//! order is not known, an error that it could not be verified.
//!
//! [`pages`] walks through the JSON without ever holding more than one subscription, [`listing`]
//! notices pages that are missing, [`subscription`] makes an event of a subscription, [`question`]
//! of a question.
//!
//! The API is compatible within its version 1, so unknown fields are passed over, and a status
//! that is not known is kept as a word. A file is refused as a whole when its JSON is damaged or
//! cut off, and when pages are missing: a silent gap would look like orders without an answer.
//!
//! Sources: the e-Financing API 1.4.0 to 1.7.1 and its status life cycle.

mod listing;
mod pages;
mod question;
mod subscription;

use std::io::BufReader;

use super::open_file::OpenFile;
use super::provider_events::{EventOptions, ProviderEventSink, Tally};
use super::{Refusal, RowCounts};
use pages::Walk;
use subscription::SubscriptionReader;

/// True when a file begins like saved answers of e-Financing.
pub fn is_subscriptions(opened: &OpenFile) -> bool {
    let head = opened.survey().head_text();
    let begins = head.trim_start().starts_with(['{', '[']);
    let has = |name: &str| head.contains(name);
    let lists = has("\"subscriptions\"") || has("\"creditSubscriptionId\"");
    begins && (lists || (has("\"asked_at\"") && has("\"e-financing\"")))
}

/// Reads saved list responses; the line of a subscription is its number in the file, among all
/// subscriptions and questions.
///
/// # Errors
/// The whole file is refused: damaged JSON, another document, missing pages, too many bad rows.
pub fn read(
    opened: &OpenFile,
    options: EventOptions<'_>,
    sink: &mut dyn ProviderEventSink,
) -> Result<RowCounts, Refusal> {
    let input = BufReader::new(opened.text(None));
    let reader = SubscriptionReader::new(options);
    let mut walk = Walk::new(reader, Tally::new(sink));
    walk.through(input)?;
    walk.finish(options.max_rejected_percent)
}

#[cfg(test)]
mod tests;
