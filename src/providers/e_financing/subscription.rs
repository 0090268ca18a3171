//! A subscription as the list shows it.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use crate::answers::{one_line, text_of};
use crate::domain::order::OrderStatus;
use crate::domain::{Amount, Currency};

/// Parts of a subscription that are about people or their baskets; they are stored nowhere.
const PEOPLE: [&str; 4] = ["buyer", "buyers", "merchantBuyerId", "basketDetails"];

/// Where a cancellation stands (`cancellationStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancellation {
    /// None was asked for, or the word is absent.
    None,
    /// Asked for, not decided.
    Asked,
    /// Accepted, in part or in full.
    Accepted,
    /// Refused.
    Rejected,
    /// A word that is not known.
    Unknown,
}

/// What e-Financing says of one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// The shop's reference.
    pub order_reference: String,
    /// `consolidatedStatus` as it is written.
    pub word: String,
    /// `cancellationStatus` as it is written, may be empty.
    pub cancellation_word: String,
    /// True where a cancellation was accepted before.
    pub was_cancelled_before: bool,
    /// Whether delivery was confirmed, where it is said.
    pub is_delivered: Option<bool>,
    /// The product.
    pub solution: String,
    /// What is financed now, in euro.
    pub amount: Option<Amount>,
    /// The day it was opened.
    pub registered_on: Option<NaiveDate>,
}

impl Subscription {
    /// Reads an item of the list; `None` where it has no id.
    pub fn read(item: &Value) -> Option<Self> {
        let text = |key: &str| text_of(item.get(key), 100);
        let id = text("creditSubscriptionId");
        let amount = item
            .get("buyerFinancedAmount")
            .or(item.get("financedAmount"));
        let amount = match amount {
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::String(text)) => Some(one_line(text, 40)),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => None,
        };
        let registered = text("registrationTimestamp");
        (!id.is_empty()).then(|| Self {
            id,
            order_reference: text("merchantGlobalOrderId"),
            word: text("consolidatedStatus"),
            cancellation_word: text("cancellationStatus"),
            was_cancelled_before: item.get("cancellationAlreadyMade") == Some(&Value::Bool(true)),
            is_delivered: item.get("isDelivered").and_then(Value::as_bool),
            solution: text("solutionCode"),
            amount: amount.and_then(|text| Amount::parse(&text, Currency::EUR).ok()),
            registered_on: DateTime::parse_from_rfc3339(&registered)
                .ok()
                .map(|at| at.naive_utc().date()),
        })
    }

    /// True for long-term credit, which is funded after its delivery was confirmed.
    pub fn is_long_term(&self) -> bool {
        self.solution.get(4..6) == Some("LT")
    }

    /// Where its cancellation stands.
    pub fn cancellation(&self) -> Cancellation {
        match self.cancellation_word.as_str() {
            "" => Cancellation::None,
            "REQUEST_FOR_CANCELLATION" | "REQUEST_FOR_PARTIAL_CANCELLATION" => Cancellation::Asked,
            "CANCELLATION_ACCEPTED" | "PARTIAL_CANCELLATION_ACCEPTED" => Cancellation::Accepted,
            "CANCELLATION_REJECTED" | "PARTIAL_CANCELLATION_REJECTED" => Cancellation::Rejected,
            _ => Cancellation::Unknown,
        }
    }

    /// The canonical status (`spec: inputs, provider status events`); `None` for an unknown word.
    pub fn status(&self) -> Option<OrderStatus> {
        if self.cancellation_word == "CANCELLATION_ACCEPTED" {
            return Some(OrderStatus::Cancelled);
        }
        match self.word.as_str() {
            "ACCEPTED" if self.is_long_term() && self.is_delivered != Some(true) => {
                Some(OrderStatus::Favorable)
            }
            word => OrderStatus::from_word(word),
        }
    }
}

impl std::fmt::Display for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.word)?;
        if !self.cancellation_word.is_empty() {
            write!(f, ", {}", self.cancellation_word)?;
        }
        if self.is_long_term() {
            let delivered = self.is_delivered == Some(true);
            f.write_str(if delivered {
                ", delivered"
            } else {
                ", not delivered"
            })?;
        }
        match self.amount {
            Some(amount) => write!(f, ", {}", amount.display(Currency::EUR)),
            None => Ok(()),
        }
    }
}

/// An item of the list without what it says about people.
#[must_use]
pub fn without_people(mut item: Value) -> Value {
    if let Value::Object(fields) = &mut item {
        fields.retain(|key, _| !PEOPLE.contains(&key.as_str()));
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: &str = r#"{"creditSubscriptionId":"7b0a1c52-1111-4222-8333-944455556666",
        "registrationTimestamp":"2026-11-02T10:42:43.685Z","lastUpdateTimestamp":"2026-11-09T08:00:00.000Z",
        "solutionCode":"SCFRSP-3XTS","merchantGlobalOrderId":"ORDER-2001","buyerFinancedAmount":250.00,
        "consolidatedStatus":"ACCEPTED","cancellationStatus":"PARTIAL_CANCELLATION_ACCEPTED",
        "cancellationAlreadyMade":true,"isReturned":false,"isDelivered":false,"buyer":{"name":"X"}}"#;

    fn read(text: &str) -> Option<Subscription> {
        Subscription::read(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_split_payment_is_funded_without_delivery_and_a_long_term_one_is_not() {
        let split = read(SPLIT).unwrap();
        assert_eq!(split.status(), Some(OrderStatus::Funded));
        assert_eq!(split.amount, Some(Amount::from_minor(25_000)));
        assert_eq!(split.registered_on, NaiveDate::from_ymd_opt(2026, 11, 2));
        assert_eq!(split.cancellation(), Cancellation::Accepted);
        let long = read(&SPLIT.replace("FRSP-3XTS", "FRLT-TXTS")).unwrap();
        assert_eq!(long.status(), Some(OrderStatus::Favorable));
        let delivered = SPLIT
            .replace("FRSP-3XTS", "FRLT-TXTS")
            .replace(r#""isDelivered":false"#, r#""isDelivered":true"#);
        assert_eq!(
            read(&delivered).unwrap().status(),
            Some(OrderStatus::Funded)
        );
    }

    #[test]
    fn what_is_about_people_is_dropped() {
        let item = without_people(serde_json::from_str(SPLIT).unwrap());
        assert_eq!(item.get("buyer"), None);
        assert_eq!(item["buyerFinancedAmount"].to_string(), "250.00");
    }

    #[test]
    fn odd_items_are_read_as_far_as_they_go() {
        assert_eq!(read("7"), None);
        assert_eq!(read(r#"{"creditSubscriptionId":null}"#), None);
        let bare =
            read(r#"{"creditSubscriptionId":"x","consolidatedStatus":"NEW","solutionCode":"äöü"}"#);
        assert_eq!(bare.unwrap().status(), None);
    }
}
