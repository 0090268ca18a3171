//! Leg 2: where the provider says an order stands, against what the shop says.
//!
//! Both must have had `status_delay_days` to hear of each other: the event since it was observed,
//! the order since the latest of its dates. Attempts that ended beside another one that was
//! accepted are abandoned checkouts and compared with nothing; where the order names one of the
//! transactions, only that one is compared.

use chrono::NaiveDate;

use super::findings::{of_order, order_source};
use super::{Look, OrderFacts, Raised};
use crate::domain::Amount;
use crate::domain::calendar::plus_days;
use crate::domain::detail::{Detail, MissingEvents, ProviderStatus, UnknownOrder};
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::order::OrderStatus;
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::provider_event::{ProviderEvent, Said};
use crate::matching::provider_status::{Gap, ProviderView, Standing};

/// Compares a case with what its provider says. Findings go to `raised`; the row that leg 1 made of
/// the case is returned, open where leg 2 finds a difference, and pending where it will.
pub(super) fn compare<'a>(
    look: &Look<'_, 'a>,
    facts: Option<&OrderFacts<'a>>,
    row: Option<OrderRow<'a>>,
    raised: &mut Raised,
) -> Option<OrderRow<'a>> {
    let Some(transactions) = look.transactions else {
        return row;
    };
    let day = raised.horizon.as_of;
    for gap in transactions.gaps(day) {
        raised.push(event_missing(look, &gap));
    }
    let view = transactions.on(day);
    match (facts, row) {
        (Some(facts), row) => {
            let before = raised.mark();
            let comparison = Comparison { look, facts, day };
            comparison.run(&view, raised);
            let state = raised.state_since(before);
            row.map(|row| OrderRow {
                state: more_open(row.state, state),
                ..row
            })
        }
        // Leg 1 has said it, with the amounts of its lines.
        (None, Some(row)) => Some(row),
        (None, None) => not_found(look, &view, raised),
    }
}

/// Where an order stands that stood somewhere before something more was raised.
fn more_open(before: OrderState, raised: Option<OrderState>) -> OrderState {
    match (before, raised) {
        (OrderState::Open, _) | (_, Some(OrderState::Open)) => OrderState::Open,
        (OrderState::Pending, _) | (_, Some(OrderState::Pending)) => OrderState::Pending,
        (OrderState::Balanced, Some(OrderState::Balanced) | None) => OrderState::Balanced,
    }
}

/// The day of the event by which the provider took an order, as far as is known on a day.
pub(super) fn accepted_on(look: &Look<'_, '_>, day: NaiveDate) -> Option<NaiveDate> {
    let view = look.transactions?.on(day);
    accepted(&view).map(|(standing, _)| standing.event.observed_on)
}

/// The transaction by which the provider took an order.
fn accepted<'v, 'e, 'a>(
    view: &'v ProviderView<'e, 'a>,
) -> Option<(&'v Standing<'e, 'a>, OrderStatus)> {
    let ProviderView::Known(standings) = view else {
        return None;
    };
    standings.iter().find_map(|standing| match standing.status {
        Some(status @ (OrderStatus::Favorable | OrderStatus::Funded)) => Some((standing, status)),
        Some(
            OrderStatus::Pending
            | OrderStatus::Cancelled
            | OrderStatus::Refused
            | OrderStatus::Aborted,
        )
        | None => None,
    })
}

/// `EVENT_MISSING`: a number between two that were seen.
fn event_missing(look: &Look<'_, '_>, gap: &Gap<'_, '_>) -> Discrepancy {
    let event = gap.after;
    let key = vec![
        look.case.provider.to_owned(),
        event.transaction_id.to_owned(),
        gap.first.to_string(),
    ];
    Discrepancy {
        key,
        transaction_id: event.transaction_id.to_owned(),
        sources: vec![source(look, event)],
        detail: Detail::MissingEvents(MissingEvents {
            first: gap.first.into(),
            last: gap.last.into(),
            next: gap.next.into(),
        }),
        ..of_order(look, Code::EventMissing, event.observed_on)
    }
}

/// `ORDER_NOT_FOUND` by events alone: the provider accepted an order that the shop does not have.
fn not_found<'a>(
    look: &Look<'_, 'a>,
    view: &ProviderView<'_, 'a>,
    raised: &mut Raised,
) -> Option<OrderRow<'a>> {
    let (standing, status) = accepted(view)?;
    let before = raised.mark();
    let event = standing.event;
    let finding = Discrepancy {
        transaction_id: event.transaction_id.to_owned(),
        currency: Some(event.currency),
        expected: Some(Amount::ZERO),
        actual: event.amount,
        sources: vec![source(look, event)],
        // Amount and day are what the nearest order is looked for by.
        detail: Detail::UnknownOrder(UnknownOrder {
            status: Some(status),
            amount: event.amount,
            bought_on: Some(standing.since),
            nearest: None,
        }),
        ..of_order(look, Code::OrderNotFound, event.observed_on)
    };
    let finding = finding.unless_before(look.provider.books_open, event.observed_on);
    raised.push_by_orders(event.observed_on, finding);
    Some(OrderRow {
        provider: look.case.provider,
        order_reference: look.case.order_reference,
        merchant: "",
        status: None,
        currency: event.currency,
        amount: None,
        cancelled: None,
        reported_funded: Amount::ZERO,
        reported_cancelled: Amount::ZERO,
        fee: Some(Amount::ZERO),
        net: Some(Amount::ZERO),
        state: raised.state_since(before)?,
    })
}

/// Where an event stands.
fn source(look: &Look<'_, '_>, event: &ProviderEvent<'_>) -> Source {
    Source {
        file: look.files.name(event.file).to_owned(),
        line: event.line,
    }
}

/// An order that the shop has, against what its provider says on one day.
struct Comparison<'q, 'a> {
    look: &'q Look<'q, 'a>,
    facts: &'q OrderFacts<'a>,
    day: NaiveDate,
}

impl Comparison<'_, '_> {
    /// One finding of each kind at most: of several transactions, that of the one heard of last.
    fn run(&self, view: &ProviderView<'_, '_>, raised: &mut Raised) {
        // Of an order that the shop changes later, its word of today says nothing of this day.
        if !self.is_old(self.facts.last_changed_on()) {
            return;
        }
        let standings = match view {
            ProviderView::Known(standings) => standings,
            ProviderView::NotKnown(event) => {
                if self.is_expected_to_be_known() && self.is_old(event.observed_on) {
                    raised.push_by_orders(event.observed_on, self.status_mismatch(event, None));
                }
                return;
            }
        };
        let compared: Vec<&Standing<'_, '_>> = compared(standings, self.facts.order.transaction_id)
            .filter(|standing| self.is_old(standing.event.observed_on))
            .collect();
        let differs = |status: &OrderStatus| *status != self.facts.order.status;
        let other_status = compared
            .iter()
            .find_map(|standing| Some((standing.event, standing.status.filter(differs)?)));
        if let Some((event, status)) = other_status {
            let mismatch = self.status_mismatch(event, Some(status));
            raised.push_by_orders(event.observed_on, mismatch);
        }
        let other_amount = compared
            .iter()
            .find_map(|standing| Some((standing.event, self.other_amount(standing)?)));
        if let Some((event, amount)) = other_amount {
            raised.push(self.amount_mismatch(event, amount));
        }
    }

    /// True from the day on which both sides have had the time to hear of something of `day`.
    fn is_old(&self, day: NaiveDate) -> bool {
        plus_days(day, i64::from(self.look.provider.status_delay_days)) <= self.day
    }

    /// True where the shop relies on the provider's knowing the order.
    fn is_expected_to_be_known(&self) -> bool {
        match self.facts.order.status {
            OrderStatus::Favorable | OrderStatus::Funded | OrderStatus::Cancelled => true,
            OrderStatus::Pending | OrderStatus::Refused | OrderStatus::Aborted => false,
        }
    }

    /// What the provider finances, where both say FUNDED and it is outside
    /// [A − Xa − t, A − Xd + t]. An amount in another currency cannot be compared.
    ///
    /// Oney is asked by reference and tells no transaction. Nobody documents whether its amount
    /// falls with a partial cancellation, so there all of A is right as well.
    fn other_amount(&self, standing: &Standing<'_, '_>) -> Option<Amount> {
        let order = &self.facts.order;
        let both_funded =
            standing.status == Some(OrderStatus::Funded) && order.status == OrderStatus::Funded;
        if !both_funded || standing.event.currency != order.currency {
            return None;
        }
        let amount = standing.amount()?;
        let tolerance = self.look.rules.amount_tolerance.amount(order.currency);
        let least = self.facts.expected - self.facts.cancelled_by(self.day) - tolerance;
        let due = if standing.transaction_id.is_empty() {
            Amount::ZERO
        } else {
            self.facts.cancelled_due_by(self.day, self.look.provider)
        };
        let most = self.facts.expected - due + tolerance;
        (amount < least || most < amount).then_some(amount)
    }

    /// `PROVIDER_STATUS_MISMATCH`; `status` is absent where the provider does not know the order.
    fn status_mismatch(
        &self,
        event: &ProviderEvent<'_>,
        status: Option<OrderStatus>,
    ) -> Discrepancy {
        let canonical = status.map_or("", OrderStatus::word);
        let word = own_words(event);
        Discrepancy {
            detail: Detail::ProviderStatus(ProviderStatus {
                theirs: status,
                own_words: if word == canonical {
                    String::new()
                } else {
                    word
                },
                ours: self.facts.order.status,
            }),
            ..self.of_event(Code::ProviderStatusMismatch, event)
        }
    }

    /// `PROVIDER_AMOUNT_MISMATCH`.
    fn amount_mismatch(&self, event: &ProviderEvent<'_>, amount: Amount) -> Discrepancy {
        let expected = self.facts.expected - self.facts.cancelled_by(self.day);
        Discrepancy {
            currency: Some(self.facts.order.currency),
            expected: Some(expected),
            actual: Some(amount),
            ..self.of_event(Code::ProviderAmountMismatch, event)
        }
    }

    /// A finding about the order and one event.
    fn of_event(&self, code: Code, event: &ProviderEvent<'_>) -> Discrepancy {
        let order = &self.facts.order;
        let transaction = match event.transaction_id {
            "" => order.transaction_id,
            named => named,
        };
        let mut sources = vec![source(self.look, event)];
        sources.extend(order_source(self.look));
        sources.sort_unstable();
        sources.dedup();
        Discrepancy {
            merchant: order.merchant.to_owned(),
            transaction_id: transaction.to_owned(),
            sources,
            ..of_order(self.look, code, event.observed_on)
        }
    }
}

/// The transactions that the order is compared with, in the order of `standings`.
fn compared<'s, 'e, 'a>(
    standings: &'s [Standing<'e, 'a>],
    named: &'s str,
) -> impl Iterator<Item = &'s Standing<'e, 'a>> {
    let is_named =
        move |standing: &Standing<'_, '_>| !named.is_empty() && standing.transaction_id == named;
    let only_the_named = standings.iter().any(is_named);
    let one_was_accepted = standings
        .iter()
        .any(|standing| standing.status.is_some_and(was_accepted));
    standings.iter().filter(move |standing| {
        if only_the_named {
            is_named(standing)
        } else {
            // Others are attempts that the customer gave up for the one that was accepted.
            !one_was_accepted || standing.status.is_some_and(was_accepted)
        }
    })
}

/// True where the provider took the order at some time.
fn was_accepted(status: OrderStatus) -> bool {
    match status {
        OrderStatus::Favorable | OrderStatus::Funded | OrderStatus::Cancelled => true,
        OrderStatus::Pending | OrderStatus::Refused | OrderStatus::Aborted => false,
    }
}

/// The provider's own words for where the order stands, without the canonical one.
fn own_words(event: &ProviderEvent<'_>) -> String {
    match event.said {
        Said::Status {
            word, sub_status, ..
        } => {
            let words = [word, sub_status]
                .into_iter()
                .filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join(", ")
        }
        Said::Booking(booking) => booking.action.word().to_owned(),
        Said::NotKnown(_) | Said::NotVerified(_) => String::new(),
    }
}
