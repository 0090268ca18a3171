//! A walk through list responses that holds one subscription at a time.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_128;

use super::listing::Listings;
use super::question;
use super::subscription::{Field, Subscription, SubscriptionReader};
use crate::answers::json;
use crate::ingest::provider_events::Tally;
use crate::ingest::provider_events::saved::SavedAnswer;
use crate::ingest::{Refusal, RowCounts};

/// Bytes of one subscription with all that stands around it; a real one has about 1,000.
const SUBSCRIPTION_BYTES_MAX: u64 = 1024 * 1024;

const NO_LIST: &str = "has «subscriptions» that are no list";

/// What is known so far of a file.
pub(super) struct Walk<'w> {
    reader: SubscriptionReader<'w>,
    tally: Tally<'w>,
    listings: Listings,
    /// Documents of all kinds.
    documents: u32,
    /// Subscriptions and questions: what becomes an event.
    items: u32,
    budget: Rc<Cell<u64>>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(reader: SubscriptionReader<'w>, tally: Tally<'w>) -> Self {
        Self {
            reader,
            tally,
            listings: Listings::default(),
            documents: 0,
            items: 0,
            budget: Rc::new(Cell::new(SUBSCRIPTION_BYTES_MAX)),
        }
    }

    /// Reads all documents of an input.
    pub(super) fn through(&mut self, input: impl Read) -> Result<(), Refusal> {
        let metered = Metered {
            input,
            left: Rc::clone(&self.budget),
        };
        let mut json = serde_json::Deserializer::from_reader(metered);
        loop {
            let document = Document {
                walk: self,
                may_be_array: true,
            };
            document.deserialize(&mut json).map_err(|e| refusal(&e))?;
            if json.end().is_ok() {
                break;
            }
        }
        if self.documents == 0 {
            return Err(Refusal::new(
                "holds an empty array and no list response; save the answer again",
            ));
        }
        Ok(())
    }

    pub(super) fn finish(self, max_rejected_percent: u32) -> Result<RowCounts, Refusal> {
        self.listings.finish()?;
        self.tally.finish(max_rejected_percent)
    }

    /// One subscription; its id as a number, where it has one.
    fn take(&mut self, subscription: &Subscription) -> Option<u128> {
        self.budget.set(SUBSCRIPTION_BYTES_MAX);
        self.items = self.items.saturating_add(1);
        match self.reader.event(subscription, self.items) {
            Ok(event) => self.tally.event(&event.as_event()),
            Err(error) => {
                let row = error.at(self.items, &subscription.shown());
                self.tally.reject(row.naming(subscription.names()));
            }
        }
        let id = subscription.text(Field::Id)?;
        Some(xxh3_128(id.to_ascii_lowercase().as_bytes()))
    }
}

impl Walk<'_> {
    /// One question that told no subscription.
    fn take_question(&mut self, saved: &SavedAnswer) {
        self.items = self.items.saturating_add(1);
        match self.reader.unanswered(saved, self.items) {
            Ok(event) => self.tally.event(&event.as_event()),
            Err(error) => {
                let row = error.at(self.items, &question::shown(saved));
                self.tally.reject(row.naming(saved.names(None)));
            }
        }
    }
}

/// What serde says, without quoting the file: it may hold personal data.
fn refusal(error: &serde_json::Error) -> Refusal {
    let place = format!("line {}, column {}", error.line(), error.column());
    Refusal::new(if error.is_data() {
        format!("{error}; save the answer of the subscriptions list again")
    } else if error.is_io() {
        format!("cannot be read at {place} ({error})")
    } else if error.is_eof() {
        format!("is cut off: the JSON is not at its end on {place}; save the answer again")
    } else {
        format!("is no valid JSON ({error}); save the answer again")
    })
}

/// Ends a file that holds something endless where a subscription is expected.
struct Metered<R> {
    input: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let left = u64::try_from(count)
            .ok()
            .and_then(|count| self.left.get().checked_sub(count));
        let Some(left) = left else {
            return Err(io::Error::other(format!(
                "one subscription has more than {SUBSCRIPTION_BYTES_MAX} bytes: it is no list of \
                 subscriptions"
            )));
        };
        self.left.set(left);
        Ok(count)
    }
}

/// A list response, a subscription, or, at the top, an array of them.
struct Document<'d, 'w> {
    walk: &'d mut Walk<'w>,
    may_be_array: bool,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl Document<'_, '_> {
    fn no_document<E: Error>(&self) -> E {
        E::custom(format!(
            "holds something else than an object where list response {} is expected",
            self.walk.documents.saturating_add(1)
        ))
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list response")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Err(self.no_document())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Err(self.no_document())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Err(self.no_document())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Err(self.no_document())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(self.no_document())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pages: A) -> Result<(), A::Error> {
        if !self.may_be_array {
            return Err(self.no_document());
        }
        loop {
            let page = Document {
                walk: &mut *self.walk,
                may_be_array: false,
            };
            if pages.next_element_seed(page)?.is_none() {
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut document: A) -> Result<(), A::Error> {
        let walk = self.walk;
        walk.documents = walk.documents.saturating_add(1);
        walk.budget.set(SUBSCRIPTION_BYTES_MAX);
        let (mut total, mut error_code) = (None, None);
        let mut ids: Option<Vec<Option<u128>>> = None;
        let mut subscription = Subscription::default();
        let mut asked = Map::new();
        while let Some(key) = document.next_key::<String>()? {
            match key.as_str() {
                name if question::NAMES.contains(&name) => {
                    asked.insert(key, document.next_value()?);
                }
                "subscriptions" => {
                    let items = Subscriptions {
                        walk: &mut *walk,
                        ids: ids.get_or_insert_default(),
                    };
                    document.next_value_seed(items)?;
                }
                "totalItemCount" => total = json::text(Some(&document.next_value()?)),
                "errorCode" | "httpStatusCode" => {
                    let code = json::scalar(&document.next_value()?);
                    error_code.get_or_insert(code);
                }
                key => subscription.take(key, &mut document)?,
            }
        }
        let number = walk.documents;
        match ids {
            Some(ids) => {
                let total = total.and_then(|text| text.parse().ok()).ok_or_else(|| {
                    A::Error::custom(format!(
                        "holds a list response (number {number}) without totalItemCount: nobody \
                         can tell whether pages are missing"
                    ))
                })?;
                walk.listings.page(total, &ids);
            }
            None if subscription.has_id() => {
                walk.take(&subscription);
            }
            None if asked.contains_key(question::ASKED_AT) => {
                walk.take_question(&SavedAnswer::from_object(asked));
            }
            None => {
                let found = error_code.map_or_else(
                    || "has no «subscriptions»".to_owned(),
                    |code| format!("is an error answer ({code})"),
                );
                let reason = format!("is no saved list: document {number} {found}");
                return Err(A::Error::custom(reason));
            }
        }
        Ok(())
    }
}

/// The `subscriptions` of a page.
struct Subscriptions<'d, 'w> {
    walk: &'d mut Walk<'w>,
    ids: &'d mut Vec<Option<u128>>,
}

impl<'de> DeserializeSeed<'de> for Subscriptions<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Subscriptions<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of subscriptions")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Err(E::custom(NO_LIST))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Err(E::custom(NO_LIST))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Err(E::custom(NO_LIST))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Err(E::custom(NO_LIST))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Err(E::custom(NO_LIST))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(NO_LIST))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(subscription) = items.next_element::<Subscription>()? {
            let id = self.walk.take(&subscription);
            self.ids.push(id);
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Subscription {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneSubscription)
    }
}

/// What is no object becomes a subscription without values, which is rejected by itself.
struct OneSubscription;

impl<'de> Visitor<'de> for OneSubscription {
    type Value = Subscription;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a subscription")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Subscription, E> {
        Ok(Subscription::default())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Subscription, E> {
        Ok(Subscription::default())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Subscription, E> {
        Ok(Subscription::default())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Subscription, E> {
        Ok(Subscription::default())
    }

    fn visit_unit<E: Error>(self) -> Result<Subscription, E> {
        Ok(Subscription::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Subscription, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Subscription::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Subscription, A::Error> {
        let mut subscription = Subscription::default();
        while let Some(key) = fields.next_key::<String>()? {
            subscription.take(&key, &mut fields)?;
        }
        Ok(subscription)
    }
}

impl Subscription {
    /// Keeps the value of a field that is read, and passes over any other.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, fields: &mut A) -> Result<(), A::Error> {
        match Field::from_name(key) {
            Some(field) => self.set(field, fields.next_value::<Value>()?),
            None => {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
