//! One subscription, and the event that it is.

use std::borrow::Cow;

use chrono_tz::Tz;
use serde_json::Value;

use crate::answers::json;
use crate::domain::file::{FileId, RowNames};
use crate::domain::order::{OrderStatus, normal_reference};
use crate::domain::provider_event::{ProviderEvent, Said};
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;
use crate::ingest::provider_events::{EventOptions, Moment};

/// The fields that are read. Everything else, the buyer above all, is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    LastUpdate,
    SolutionCode,
    Reference,
    ListAmount,
    /// The amount's name where a single subscription was asked for.
    SingleAmount,
    Status,
    Substatus,
    CancellationStatus,
    IsDelivered,
}

impl Field {
    const ALL: [Self; 10] = [
        Self::Id,
        Self::LastUpdate,
        Self::SolutionCode,
        Self::Reference,
        Self::ListAmount,
        Self::SingleAmount,
        Self::Status,
        Self::Substatus,
        Self::CancellationStatus,
        Self::IsDelivered,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Id => "creditSubscriptionId",
            Self::LastUpdate => "lastUpdateTimestamp",
            Self::SolutionCode => "solutionCode",
            Self::Reference => "merchantGlobalOrderId",
            Self::ListAmount => "buyerFinancedAmount",
            Self::SingleAmount => "financedAmount",
            Self::Status => "consolidatedStatus",
            Self::Substatus => "consolidatedSubstatus",
            Self::CancellationStatus => "cancellationStatus",
            Self::IsDelivered => "isDelivered",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// The values of one subscription that are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Subscription {
    values: Vec<(Field, Value)>,
}

impl Subscription {
    /// Keeps a value; of a name that stands twice the first counts.
    pub(super) fn set(&mut self, field: Field, value: Value) {
        if self.value(field).is_none() {
            self.values.push((field, value));
        }
    }

    fn value(&self, field: Field) -> Option<&Value> {
        self.values
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, value)| value)
    }

    /// True where the document is a subscription at all.
    pub(super) fn has_id(&self) -> bool {
        self.value(Field::Id).is_some()
    }

    /// The trimmed text of a scalar that says something.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        json::text(self.value(field))
    }

    fn mandatory(&self, field: Field) -> Result<String, RowError> {
        self.text(field).ok_or_else(|| {
            let found = self.value(field).map(json::scalar).unwrap_or_default();
            let reason = "is missing and must not be; save the list again";
            RowError::new(field.name(), &found, reason)
        })
    }

    fn error(&self, field: Field, reason: impl Into<String>) -> RowError {
        let found = self.value(field).map(json::scalar).unwrap_or_default();
        RowError::new(field.name(), &found, reason)
    }

    /// What a rejected row names.
    pub(super) fn names(&self) -> RowNames {
        let reference = self.text(Field::Reference).unwrap_or_default();
        RowNames {
            order_reference: normal_reference(&reference).to_owned(),
            transaction_id: self.text(Field::Id).unwrap_or_default(),
            ..RowNames::default()
        }
    }

    /// What a rejected row shows of it.
    pub(super) fn shown(&self) -> String {
        json::shown(Field::ALL.map(|field| (field.name(), self.value(field))))
    }
}

/// An event whose texts are its own.
#[derive(Clone, Debug)]
pub(super) struct OwnedEvent<'o> {
    provider: &'o str,
    order_reference: String,
    transaction_id: String,
    line: u32,
    observed: Moment,
    amount: Amount,
    status: Option<OrderStatus>,
    word: String,
    sub_status: String,
}

impl OwnedEvent<'_> {
    pub(super) fn as_event(&self) -> ProviderEvent<'_> {
        ProviderEvent {
            order_reference: &self.order_reference,
            provider: self.provider,
            transaction_id: &self.transaction_id,
            file: FileId(0),
            line: self.line,
            observed_at: self.observed.at,
            observed_on: self.observed.on,
            // The API names no currency; its markets are France and Germany.
            currency: Currency::EUR,
            amount: Some(self.amount),
            said: Said::Status {
                status: self.status,
                word: &self.word,
                sub_status: &self.sub_status,
            },
        }
    }
}

/// Makes events of subscriptions.
pub(super) struct SubscriptionReader<'o> {
    pub(super) provider: &'o str,
    pub(super) zone: Tz,
}

impl<'o> SubscriptionReader<'o> {
    pub(super) fn new(options: EventOptions<'o>) -> Self {
        Self {
            provider: options.provider,
            zone: options.timezone,
        }
    }

    pub(super) fn event(
        &self,
        found: &Subscription,
        number: u32,
    ) -> Result<OwnedEvent<'o>, RowError> {
        let transaction_id = found.mandatory(Field::Id)?;
        let reference = found.mandatory(Field::Reference)?;
        let order_reference = normal_reference(&reference);
        if order_reference.is_empty() {
            let reason = "is no order reference; correct it at the provider";
            return Err(found.error(Field::Reference, reason));
        }
        let at = found.mandatory(Field::LastUpdate)?;
        let observed = Moment::from_iso(&at, self.zone).ok_or_else(|| {
            let reason = "is not a time like 2026-11-09T08:00:00.000Z; save the list again";
            found.error(Field::LastUpdate, reason)
        })?;
        let amount = amount(found)?;
        let word = found.mandatory(Field::Status)?;
        let status = status(found, &word)?;
        Ok(OwnedEvent {
            provider: self.provider,
            order_reference: order_reference.to_owned(),
            transaction_id,
            line: number,
            observed,
            amount,
            status,
            sub_status: sub_status(found, &word, status).into_owned(),
            word,
        })
    }
}

/// What is financed now: it falls with an accepted partial cancellation.
fn amount(found: &Subscription) -> Result<Amount, RowError> {
    let field = if found.text(Field::ListAmount).is_some() {
        Field::ListAmount
    } else if found.text(Field::SingleAmount).is_some() {
        Field::SingleAmount
    } else {
        Field::ListAmount
    };
    let text = json::plain_decimal(&found.mandatory(field)?);
    let amount = Amount::parse(&text, Currency::EUR)
        .map_err(|problem| found.error(field, format!("{problem}; save the list again")))?;
    if amount.is_negative() {
        let reason = "is negative, and nothing is financed below 0; save the list again";
        return Err(found.error(field, reason));
    }
    Ok(amount)
}

/// Where the merchant stands (`spec: inputs, provider status events`).
///
/// `ACCEPTED` is one word for four states. Split payments are paid without a delivery; long-term
/// credit (characters 5 and 6 of the solution are `LT`) only once the delivery is confirmed.
fn status(found: &Subscription, word: &str) -> Result<Option<OrderStatus>, RowError> {
    let cancellation = found.text(Field::CancellationStatus);
    if cancellation.as_deref() == Some("CANCELLATION_ACCEPTED") {
        return Ok(Some(OrderStatus::Cancelled));
    }
    Ok(Some(match word {
        "INITIALIZED" | "REQUESTED" | "PRE_ACCEPTED" => OrderStatus::Pending,
        "ACCEPTED" => {
            let solution = found.mandatory(Field::SolutionCode)?;
            let is_long_term = solution.chars().skip(4).take(2).eq("LT".chars());
            if is_long_term && !is_delivered(found)? {
                OrderStatus::Favorable
            } else {
                OrderStatus::Funded
            }
        }
        "CANCELLED" => OrderStatus::Cancelled,
        "REJECTED" => OrderStatus::Refused,
        "ABORTED" => OrderStatus::Aborted,
        _ => return Ok(None),
    }))
}

/// An absent mark means that no delivery was confirmed.
fn is_delivered(found: &Subscription) -> Result<bool, RowError> {
    match found.value(Field::IsDelivered) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(yes)) => Ok(*yes),
        Some(Value::String(text)) if text == "true" => Ok(true),
        Some(Value::String(text)) if text == "false" || text.is_empty() => Ok(false),
        Some(_) => Err(found.error(
            Field::IsDelivered,
            "is neither true nor false; save the list again",
        )),
    }
}

/// The step within the status: as the provider says it, else the word that several share, else
/// what became of a cancellation.
fn sub_status<'f>(
    found: &Subscription,
    word: &'f str,
    status: Option<OrderStatus>,
) -> Cow<'f, str> {
    match found.text(Field::Substatus) {
        Some(text) => Cow::Owned(text),
        None if status == Some(OrderStatus::Pending) => Cow::Borrowed(word),
        None => found
            .text(Field::CancellationStatus)
            .map_or(Cow::Borrowed(""), Cow::Owned),
    }
}
