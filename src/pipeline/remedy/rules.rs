//! What the life of a credit file allows (`facts: oney-crp, oney-api, e-financing, payone`).

use chrono::{NaiveDate, NaiveTime, Timelike};

use super::KnownOrder;
use super::state::State;
use super::transaction::KnownTransaction;
use crate::domain::calendar::days_between;
use crate::domain::order::OrderStatus;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind};
use crate::domain::{Amount, Currency};
use crate::providers::e_financing::{Cancellation, Subscription};
use crate::providers::oney::FileStatus;

/// Days that a reservation of PAYONE's is good for.
const RESERVATION_DAYS: i64 = 28;

/// The highest sequence number of a payment process.
const SEQUENCE_MAX: u8 = 127;

/// Hours of the night in which France takes no other amount than the ordered one.
const FRENCH_NIGHT_HOURS: u32 = 4;

/// What is to be done, before anybody was asked.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) order: KnownOrder,
    pub(super) kind: ProviderActionKind,
    /// How much; `None` where no amount is sent.
    pub(super) amount: Option<Amount>,
    /// The country of the file, lower case; empty where it is not known.
    pub(super) country: String,
    /// The local day and time.
    pub(super) today: NaiveDate,
    pub(super) time: NaiveTime,
}

impl Plan {
    /// True where a file can be confirmed once only, and what is left is cancelled.
    pub(super) fn has_one_confirm(&self) -> bool {
        self.country == "fr"
    }

    fn shown(&self, amount: Amount) -> String {
        shown(amount, self.order.currency)
    }
}

/// An amount with its currency.
pub(super) fn shown(amount: Amount, currency: Currency) -> String {
    format!("{} {currency}", amount.display(currency))
}

/// How much an action is about: what was asked for, else all that there is to it.
///
/// # Errors
/// When there is nothing left, or less than was asked for; the sentence says how much.
pub(super) fn amount_of(
    kind: ProviderActionKind,
    order: &KnownOrder,
    asked: Option<Amount>,
    (earlier, transaction): (&[ProviderAction], Option<&KnownTransaction>),
) -> Result<Option<Amount>, String> {
    let sent: Amount = earlier
        .iter()
        .filter(|action| action.provider == order.provider && action.kind == kind)
        .filter(|action| action.outcome.has_moved())
        .filter_map(|action| action.amount)
        .sum();
    let claimed = transaction.map_or(sent, KnownTransaction::claimed);
    let refundable = transaction.map_or(Amount::ZERO, KnownTransaction::refundable);
    let (left, what) = match kind {
        ProviderActionKind::Deliver if asked.is_some() => {
            return Err("a delivery is confirmed without an amount; leave --amount out".to_owned());
        }
        ProviderActionKind::Deliver => return Ok(None),
        ProviderActionKind::Confirm => (
            order.expected - order.cancelled - sent,
            "ordered, not cancelled and not confirmed",
        ),
        ProviderActionKind::Cancel => {
            // What was sent is reported some days later, so the greater of the two counts.
            let cancelled = sent.max(order.reported_cancelled);
            (order.expected - cancelled, "left to cancel")
        }
        ProviderActionKind::Capture => (order.expected - claimed, "left to claim"),
        ProviderActionKind::Refund => (refundable, "claimed and not given back"),
    };
    let amount = asked.unwrap_or(left);
    let is_release = kind == ProviderActionKind::Capture && asked == Some(Amount::ZERO);
    if is_release {
        return Ok(Some(amount));
    }
    if left <= Amount::ZERO {
        return Err(format!(
            "of order {} nothing is {what}",
            order.order_reference
        ));
    }
    if amount > left {
        return Err(format!(
            "{} is more than {}, which is {what} of order {}",
            shown(amount, order.currency),
            shown(left, order.currency),
            order.order_reference
        ));
    }
    if amount <= Amount::ZERO {
        return Err("the amount must be above 0".to_owned());
    }
    Ok(Some(amount))
}

/// Whether what the provider shows allows an action.
///
/// # Errors
/// When it does not: why, as the end of a sentence.
pub(super) fn allowed(plan: &Plan, state: &State) -> Result<(), String> {
    match state {
        State::File(file) => allowed_by_file(plan, file),
        State::Subscription(subscription) => allowed_by_subscription(plan, subscription),
        State::Transaction(transaction) => allowed_by_transaction(plan, transaction),
    }
}

fn allowed_by_file(plan: &Plan, file: &FileStatus) -> Result<(), String> {
    let confirms = plan.kind == ProviderActionKind::Confirm;
    match file.status {
        None => {
            return Err(format!(
                "Oney's word {:?} is not known; ask Oney what it means",
                file.word
            ));
        }
        Some(OrderStatus::Favorable) => {}
        Some(OrderStatus::Funded) if confirms => {
            return Err("Oney has it as FUNDED already: there is nothing to confirm".to_owned());
        }
        Some(OrderStatus::Pending | OrderStatus::Funded) if !confirms => {}
        Some(OrderStatus::Cancelled) if !confirms => {
            return Err("Oney has it as CANCELLED already: there is nothing to cancel".to_owned());
        }
        Some(_) if confirms => {
            return Err(format!(
                "Oney has it as {}; only FAVORABLE can be confirmed",
                file.word
            ));
        }
        Some(_) => {
            return Err(format!(
                "Oney has it as {}, which cannot be cancelled",
                file.word
            ));
        }
    }
    let (Some(amount), now) = (plan.amount, file.amount(plan.order.currency)) else {
        return Ok(());
    };
    if let Some(now) = now.filter(|now| amount > *now) {
        return Err(format!(
            "{} is more than the {} that Oney has for it",
            plan.shown(amount),
            plan.shown(now)
        ));
    }
    let is_night = plan.time.hour() < FRENCH_NIGHT_HOURS;
    if confirms && plan.has_one_confirm() && is_night && amount != now.unwrap_or(plan.order.ordered)
    {
        return Err(
            "between 00:00 and 04:00 Oney France confirms no other amount than the ordered one; \
             do it after 04:00"
                .to_owned(),
        );
    }
    Ok(())
}

fn allowed_by_subscription(plan: &Plan, subscription: &Subscription) -> Result<(), String> {
    let delivers = plan.kind == ProviderActionKind::Deliver;
    if subscription.word != "ACCEPTED" || subscription.status() == Some(OrderStatus::Cancelled) {
        return Err(format!(
            "e-Financing has it as {subscription}; only ACCEPTED allows it"
        ));
    }
    match (delivers, subscription.is_long_term()) {
        (true, false) => {
            return Err(
                "it is a split payment, which is paid without a confirmation of delivery"
                    .to_owned(),
            );
        }
        (true, true) if subscription.is_delivered == Some(true) => {
            return Err("its delivery is confirmed already".to_owned());
        }
        (false, true) => {
            return Err(
                "long-term credit is cancelled through the lender, not through the API".to_owned(),
            );
        }
        (true, true) | (false, false) => {}
    }
    if delivers {
        return Ok(());
    }
    if subscription.cancellation() == Cancellation::Asked {
        return Err("a cancellation was asked for and is not decided yet".to_owned());
    }
    let (Some(amount), Some(now)) = (plan.amount, subscription.amount) else {
        return Err("e-Financing does not say how much is financed".to_owned());
    };
    if amount > now {
        return Err(format!(
            "{} is more than the {} that is still financed",
            plan.shown(amount),
            plan.shown(now)
        ));
    }
    if amount < now && subscription.was_cancelled_before {
        return Err(
            "only one partial cancellation is allowed, and there was one; cancel all of it, or \
             ask the lender"
                .to_owned(),
        );
    }
    Ok(())
}

fn allowed_by_transaction(plan: &Plan, known: &KnownTransaction) -> Result<(), String> {
    if known.last_sequence() >= SEQUENCE_MAX {
        return Err("its sequence numbers are used up".to_owned());
    }
    if known.has_failed {
        return Err("PAYONE says that it failed".to_owned());
    }
    if known.is_released() {
        return Err("its reservation was given back".to_owned());
    }
    let amount = plan.amount.unwrap_or_default();
    if plan.kind == ProviderActionKind::Refund {
        return match known.balance {
            _ if known.refundable() <= Amount::ZERO => Err("nothing of it was claimed".to_owned()),
            _ if amount > known.refundable() => Err(format!(
                "{} is more than the {} that were claimed and not given back",
                plan.shown(amount),
                plan.shown(known.refundable())
            )),
            balance if balance > Amount::ZERO => Err(format!(
                "{} of it are not paid yet, and PAYONE refunds what is settled only",
                plan.shown(balance)
            )),
            _ => Ok(()),
        };
    }
    if amount.is_zero() && !known.claimed().is_zero() {
        return Err("something of it was claimed already: refund it instead".to_owned());
    }
    let Some(appointed) = known.appointed_on else {
        return Err("no notification says that it was reserved".to_owned());
    };
    let age = days_between(appointed, plan.today);
    if age > RESERVATION_DAYS && !amount.is_zero() {
        return Err(format!(
            "it was reserved {age} days ago, and a reservation is good for {RESERVATION_DAYS}"
        ));
    }
    Ok(())
}
