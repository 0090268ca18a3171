//! What a provider shows of an order, and whether it shows that something was carried out.

use crate::domain::order::OrderStatus;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind};
use crate::domain::{Amount, Currency};
use crate::providers::e_financing::{Cancellation, Subscription};
use crate::providers::oney::FileStatus;

use super::transaction::KnownTransaction;

/// What a provider shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pipeline) enum State {
    /// Oney's file.
    File(FileStatus),
    /// e-Financing's subscription.
    Subscription(Subscription),
    /// PAYONE's notifications so far.
    Transaction(KnownTransaction),
}

impl State {
    /// The amount that is financed or claimed now.
    pub(super) fn amount(&self, currency: Currency) -> Option<Amount> {
        match self {
            Self::File(file) => file.amount(currency),
            Self::Subscription(subscription) => subscription.amount,
            Self::Transaction(transaction) => Some(transaction.receivable),
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(file) => file.fmt(f),
            Self::Subscription(subscription) => subscription.fmt(f),
            Self::Transaction(transaction) => transaction.fmt(f),
        }
    }
}

/// Whether an action is seen to have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It was.
    Done,
    /// The provider has it and decides later.
    Pending,
    /// It was not, and the provider itself would not carry it out twice.
    NotDone,
    /// The order went another way: it was not, and will not be.
    Elsewhere,
    /// The state does not tell. Sending it again could move the amount twice.
    CannotTell,
}

/// Whether the state shows that an action was carried out. `one_confirm`: a file is confirmed once
/// (France), so what is FAVORABLE was not.
pub(super) fn seen(action: &ProviderAction, state: &State, one_confirm: bool) -> Seen {
    match state {
        State::File(file) => seen_in_file(action, file, one_confirm),
        State::Subscription(subscription) => seen_in_subscription(action, subscription),
        State::Transaction(transaction) => {
            if transaction.has_booked(action) {
                Seen::Done
            } else {
                // Notifications may be two days late.
                Seen::CannotTell
            }
        }
    }
}

/// True when the amount has fallen by exactly what was to be cancelled.
fn has_fallen(action: &ProviderAction, now: Option<Amount>) -> bool {
    match (action.amount_before, action.amount, now) {
        (Some(before), Some(amount), Some(now)) => !amount.is_zero() && before - amount == now,
        _ => false,
    }
}

fn seen_in_file(action: &ProviderAction, file: &FileStatus, one_confirm: bool) -> Seen {
    let unchanged = file.to_string() == action.state_before;
    // Of a part, the status does not tell: it stays as it is, and whether the amount falls is not
    // documented. The whole can be moved once only.
    let whole = action.amount.is_some() && action.amount == action.amount_before;
    match (action.kind, file.status) {
        (ProviderActionKind::Confirm, Some(OrderStatus::Funded))
        | (ProviderActionKind::Cancel, Some(OrderStatus::Cancelled)) => Seen::Done,
        (ProviderActionKind::Confirm, Some(OrderStatus::Favorable))
            if unchanged && (whole || one_confirm) =>
        {
            Seen::NotDone
        }
        (
            ProviderActionKind::Confirm,
            Some(OrderStatus::Cancelled | OrderStatus::Refused | OrderStatus::Aborted),
        )
        | (ProviderActionKind::Cancel, Some(OrderStatus::Refused | OrderStatus::Aborted)) => {
            Seen::Elsewhere
        }
        (ProviderActionKind::Cancel, Some(_))
            if has_fallen(action, file.amount(action.currency)) =>
        {
            Seen::Done
        }
        (ProviderActionKind::Cancel, Some(_)) if unchanged && whole => Seen::NotDone,
        _ => Seen::CannotTell,
    }
}

fn seen_in_subscription(action: &ProviderAction, subscription: &Subscription) -> Seen {
    let unchanged = subscription.to_string() == action.state_before;
    let is_new = |word: &str| !action.state_before.contains(word);
    match action.kind {
        ProviderActionKind::Cancel => match subscription.cancellation() {
            _ if subscription.status() == Some(OrderStatus::Cancelled)
                || has_fallen(action, subscription.amount) =>
            {
                Seen::Done
            }
            Cancellation::Asked if is_new("REQUEST_FOR") => Seen::Pending,
            Cancellation::Rejected if is_new("REJECTED") => Seen::Elsewhere,
            // A second partial cancellation would be refused: one is allowed.
            _ if unchanged => Seen::NotDone,
            Cancellation::None
            | Cancellation::Asked
            | Cancellation::Accepted
            | Cancellation::Rejected
            | Cancellation::Unknown => Seen::CannotTell,
        },
        ProviderActionKind::Deliver if subscription.is_delivered == Some(true) => Seen::Done,
        ProviderActionKind::Deliver if unchanged => Seen::NotDone,
        ProviderActionKind::Confirm
        | ProviderActionKind::Capture
        | ProviderActionKind::Refund
        | ProviderActionKind::Deliver => Seen::CannotTell,
    }
}
