//! Legs 1 and 2: settlement lines and orders, provider status and orders.
//!
//! Everything is decided order by order: [`evaluate`] takes all that is known of one order
//! reference (the rows of the order, its events, the lines that count, what the provider says of
//! it) and tells what is wrong on a day, where the order stands, and on which later day time alone
//! may change that. Lines without a reference are one case for each provider. Only chargebacks are
//! told by transaction ([`chargebacks`](super::chargebacks)).

mod amounts;
mod fees;
mod findings;
mod lines;
mod provider;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::Amount;
use crate::domain::calendar::plus_days;
use crate::domain::coverage::{Book, Horizon, Reach, Waiting};
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileId;
use crate::domain::order::{Order, OrderEvent, OrderEventKind, OrderStatus};
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::provider_event::ProviderEvent;
use crate::domain::rules::{ProviderRules, Rules};
use crate::domain::settlement::{SettlementLine, Slice};
use crate::matching::provider_status::Transactions;

pub(super) use findings::agreed;
pub use lines::{CountingLine, line_identity};

/// What the outside knows of files. Which of two was received later is told by their numbers.
pub trait FileNames {
    /// The name of a file without folders.
    fn name(&self, file: FileId) -> &str;
}

/// All that is known of one order reference of one provider: rows that live as long as `'a`, in
/// lists that live as long as `'c`.
#[derive(Clone, Debug)]
pub struct OrderCase<'c, 'a> {
    /// Who finances it.
    pub provider: &'a str,
    /// The reference; empty for the case of all lines without one.
    pub order_reference: &'a str,
    /// Every row that was stored of the order.
    pub versions: &'c [Order<'a>],
    /// Every event that was stored of it.
    pub events: &'c [OrderEvent<'a>],
    /// The lines of files that count.
    pub lines: &'c [(SettlementLine<'a>, &'a Slice)],
    /// What the provider says of it: events of its reference, or of the transaction that its row
    /// names.
    pub provider_events: &'c [ProviderEvent<'a>],
}

/// What legs 1 and 2 say of a case.
#[derive(Clone, Debug)]
pub struct OrderOutcome<'a> {
    /// What is wrong.
    pub discrepancies: Vec<Discrepancy>,
    /// What would be wrong if the books reached the day.
    pub waiting: Vec<Waiting>,
    /// The row of the report; absent for what has no reference and for orders not yet seen.
    pub row: Option<OrderRow<'a>>,
    /// The next day on which time alone may change the outcome; while something waits for a book, one
    /// that has been, the same every night: the book may come any day.
    pub check_on: Option<NaiveDate>,
}

impl OrderOutcome<'_> {
    /// True when a later night can leave it alone until something new is read.
    pub fn is_settled(&self) -> bool {
        let balanced = self.row.is_none_or(|row| row.state == OrderState::Balanced);
        balanced && self.check_on.is_none()
    }
}

/// What an order's rows and events add up to, whatever the day.
#[derive(Clone, Debug)]
pub(crate) struct OrderFacts<'a> {
    order: Order<'a>,
    /// A: what should be funded.
    expected: Amount,
    /// The day its confirmation, else its order, fell on.
    confirmed_on: NaiveDate,
    /// What its events confirmed, by day; it says more of A and of that day than the row does.
    confirmations: Vec<(NaiveDate, Amount)>,
    /// What the shop cancelled, by day.
    cancellations: Vec<(NaiveDate, Amount)>,
    /// Cancellations and refunds in another currency than the order's: they are no part of any sum.
    in_other_currencies: Vec<OrderEvent<'a>>,
    /// The days of its events.
    event_days: Vec<NaiveDate>,
}

impl<'a> OrderFacts<'a> {
    /// The latest row of an order with its events; `None` when the shop does not have it.
    ///
    /// Cancellations and refunds of events take the place of the row's own columns. An event in
    /// another currency cancels and confirms nothing: what it is worth in the order's is not known.
    fn of(case: &OrderCase<'_, 'a>) -> Option<Self> {
        let order = latest(case.versions)?;
        let events = distinct_events(case.events);
        let expected = order.expected_amount();
        let (confirming, given_back): (Vec<&OrderEvent<'a>>, Vec<&OrderEvent<'a>>) = events
            .iter()
            .partition(|event| event.kind == OrderEventKind::Confirm);
        let confirming = confirming.into_iter();
        let confirmations: Vec<(NaiveDate, Amount)> = confirming
            .filter(|event| event.currency == order.currency)
            .map(|event| (event.occurred_on, event.amount))
            .collect();
        let (own, in_other_currencies): (Vec<OrderEvent<'a>>, Vec<OrderEvent<'a>>) = given_back
            .into_iter()
            .partition(|event| event.currency == order.currency);
        let mut cancellations: Vec<(NaiveDate, Amount)> = own
            .iter()
            .map(|event| (event.occurred_on, event.amount))
            .collect();
        if cancellations.is_empty() {
            let whole = confirmed_for_less(&order, &confirmations).unwrap_or(expected);
            cancellations.extend(cancelled_by_row(&order, whole));
        }
        cancellations.sort_unstable();
        Some(Self {
            order,
            expected,
            confirmed_on: order.confirmed_on.unwrap_or(order.ordered_on),
            confirmations,
            cancellations,
            in_other_currencies,
            event_days: events.iter().map(|event| event.occurred_on).collect(),
        })
    }

    /// These facts with what the events up to a day say of the confirmation.
    fn confirmed_by(&self, day: NaiveDate) -> Cow<'_, Self> {
        let seen = self.confirmations.iter().filter(|(on, _)| *on <= day);
        let seen: Vec<(NaiveDate, Amount)> = seen.copied().collect();
        let Some(confirmed_on) = seen.iter().map(|(on, _)| *on).max() else {
            return Cow::Borrowed(self);
        };
        Cow::Owned(Self {
            expected: confirmed_for_less(&self.order, &seen).unwrap_or(self.expected),
            confirmed_on,
            ..self.clone()
        })
    }

    /// Σ of what was cancelled up to a day.
    fn cancelled_by(&self, day: NaiveDate) -> Amount {
        self.cancellations
            .iter()
            .filter(|(on, _)| *on <= day)
            .map(|(_, amount)| *amount)
            .sum()
    }

    /// Σ of what was cancelled so long ago that it must have been reported by a day.
    fn cancelled_due_by(&self, day: NaiveDate, rules: &ProviderRules) -> Amount {
        self.cancelled_by(plus_days(day, -i64::from(rules.cancellation_delay_days)))
    }

    /// The days on which the shop did something to it.
    fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        let order = &self.order;
        let of_row = [
            Some(order.ordered_on),
            order.confirmed_on,
            order.cancelled_on,
        ];
        let of_row = of_row.into_iter().flatten();
        of_row.chain(self.event_days.iter().copied())
    }

    /// The latest of these.
    fn last_changed_on(&self) -> NaiveDate {
        self.dates().max().unwrap_or(self.order.ordered_on)
    }

    /// The day its funding must be reported by.
    fn due_on(&self, rules: &ProviderRules) -> NaiveDate {
        plus_days(self.confirmed_on, i64::from(rules.funding_delay_days))
    }

    /// The last day for a confirmation, and the day from which it is at risk; `None` for an order
    /// that waits for none.
    fn deadline(&self, rules: &Rules) -> Option<(NaiveDate, NaiveDate)> {
        let days = rules.confirm_deadline_days(self.order.provider)?;
        let warning = rules.provider(self.order.provider).deadline_warning_days;
        let waits = self.order.status == OrderStatus::Favorable;
        let deadline = plus_days(self.order.ordered_on, i64::from(days));
        waits.then(|| (deadline, plus_days(deadline, -i64::from(warning))))
    }

    /// The days on which time alone may change what leg 1 says.
    fn days(&self, rules: &Rules) -> Vec<NaiveDate> {
        let provider = rules.provider(self.order.provider);
        let delay = i64::from(provider.cancellation_delay_days);
        let of_cancellation = |(on, _): &(NaiveDate, Amount)| [*on, plus_days(*on, delay)];
        let mut days: Vec<NaiveDate> = self
            .cancellations
            .iter()
            .flat_map(of_cancellation)
            .collect();
        days.extend([self.order.ordered_on, self.due_on(provider)]);
        let delay = i64::from(provider.funding_delay_days);
        let of_confirmation = |(on, _): &(NaiveDate, Amount)| [*on, plus_days(*on, delay)];
        days.extend(self.confirmations.iter().flat_map(of_confirmation));
        days.extend(self.in_other_currencies.iter().map(|it| it.occurred_on));
        days.extend(self.deadline(rules).map(|(_, warned_on)| warned_on));
        days
    }

    /// The day from which it is old enough to be compared with what the provider says.
    fn compared_from(&self, rules: &ProviderRules) -> NaiveDate {
        plus_days(self.last_changed_on(), i64::from(rules.status_delay_days))
    }
}

/// The row that counts: files are applied in the order of receipt, and a row replaces the one
/// before unless both say when they were updated and the one before was later.
pub fn latest<'a>(versions: &[Order<'a>]) -> Option<Order<'a>> {
    if let [only] = versions {
        return Some(*only);
    }
    let mut ordered: Vec<&Order<'a>> = versions.iter().collect();
    ordered.sort_by_key(|order| (order.file, order.line));
    ordered.into_iter().copied().reduce(|before, after| {
        let both = before.updated_at.zip(after.updated_at);
        if both.is_some_and(|(before, after)| before > after) {
            before
        } else {
            after
        }
    })
}

/// Events with a number count once, as the file received last has them.
fn distinct_events<'a>(events: &[OrderEvent<'a>]) -> Vec<OrderEvent<'a>> {
    let mut ordered: Vec<OrderEvent<'a>> = events.to_vec();
    ordered.sort_by_key(|event| (event.file, event.line));
    let mut distinct: Vec<OrderEvent<'a>> = Vec::with_capacity(ordered.len());
    for event in ordered {
        let same = |known: &&mut OrderEvent<'a>| {
            !event.event_id.is_empty() && known.event_id == event.event_id
        };
        match distinct.iter_mut().find(same) {
            Some(known) => *known = event,
            None => distinct.push(event),
        }
    }
    distinct
}

/// Σ of some confirmations where it is less than ordered; `None` where it is not or there are none.
fn confirmed_for_less(order: &Order<'_>, confirmations: &[(NaiveDate, Amount)]) -> Option<Amount> {
    let confirmed: Amount = confirmations.iter().map(|(_, amount)| *amount).sum();
    (!confirmations.is_empty() && confirmed < order.amount).then_some(confirmed)
}

/// What the order row itself says of a cancellation.
fn cancelled_by_row(order: &Order<'_>, expected: Amount) -> Option<(NaiveDate, Amount)> {
    let whole = (order.status == OrderStatus::Cancelled).then_some(expected);
    let amount = order
        .cancelled_amount
        .or(whole)
        .filter(|amount| !amount.is_zero())?;
    Some((order.cancelled_on.unwrap_or(order.ordered_on), amount))
}

/// Decides one case from a horizon.
pub fn evaluate<'a>(
    case: &OrderCase<'_, 'a>,
    rules: &Rules,
    files: &dyn FileNames,
    horizon: &Horizon,
) -> OrderOutcome<'a> {
    let as_of = horizon.as_of;
    let provider = rules.provider(case.provider);
    let facts = OrderFacts::of(case);
    let transactions = Transactions::of(case.provider_events);
    let look = Look {
        case,
        rules,
        provider,
        files,
        facts: facts.as_ref(),
        transactions: transactions.as_ref(),
    };
    let seen = look.from(*horizon);
    let check_on = if !seen.waiting.is_empty() {
        look.first_day().or(Some(as_of))
    } else if look.is_steady(seen.row.as_ref(), as_of) {
        None
    } else {
        // What is not certain on a day to come waits from that day on: the books are complete.
        look.days_to_come(as_of).into_iter().find(|day| {
            let later = look.from(horizon.completed(*day));
            later.found != seen.found || later.row != seen.row
        })
    };
    OrderOutcome {
        discrepancies: seen.found,
        waiting: seen.waiting,
        row: seen.row,
        check_on,
    }
}

/// What is said of a case from one horizon.
struct Seen<'a> {
    found: Vec<Discrepancy>,
    waiting: Vec<Waiting>,
    row: Option<OrderRow<'a>>,
}

/// Takes what is raised, and sets aside what is not certain before a book reaches it.
struct Raised {
    horizon: Horizon,
    found: Vec<Discrepancy>,
    waiting: Vec<Waiting>,
}

impl Raised {
    fn from(horizon: Horizon) -> Self {
        Self {
            horizon,
            found: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Raises what is certain.
    fn push(&mut self, found: Discrepancy) {
        self.found.push(found);
    }

    /// Raises what the shop may know better until its orders reach a day.
    fn push_by_orders(&mut self, day: NaiveDate, found: Discrepancy) {
        if self.horizon.orders.covers(day) {
            self.found.push(found);
        } else if self.horizon.orders != Reach::NoFeed {
            let book = Book::Orders(found.provider.clone());
            self.waiting.push(waiting(book, &found));
        }
    }

    fn mark(&self) -> Mark {
        Mark {
            found: self.found.len(),
            waiting: self.waiting.len(),
        }
    }

    /// Where an order stands by what was raised since a mark; `None` where nothing was.
    fn state_since(&self, mark: Mark) -> Option<OrderState> {
        if self.found.len() > mark.found {
            Some(OrderState::Open)
        } else if self.waiting.len() > mark.waiting {
            Some(OrderState::Pending)
        } else {
            None
        }
    }
}

/// How much was raised at some time.
#[derive(Clone, Copy)]
struct Mark {
    found: usize,
    waiting: usize,
}

/// What waits for a book.
fn waiting(book: Book, found: &Discrepancy) -> Waiting {
    Waiting {
        book,
        currency: found.currency,
        amount: found.difference().unwrap_or_default().abs(),
    }
}

/// True when no day to come can change what leg 1 says: it is balanced and nothing is still to fall
/// due.
fn is_steady(
    facts: &OrderFacts<'_>,
    rules: &Rules,
    row: Option<&OrderRow<'_>>,
    as_of: NaiveDate,
) -> bool {
    let delay = i64::from(rules.provider(facts.order.provider).cancellation_delay_days);
    row.is_some_and(|row| row.state == OrderState::Balanced)
        && facts
            .deadline(rules)
            .is_none_or(|(_, warned_on)| warned_on <= as_of)
        && facts
            .cancellations
            .iter()
            .all(|(on, _)| plus_days(*on, delay) <= as_of)
        && facts.confirmations.iter().all(|(on, _)| *on <= as_of)
        && facts
            .in_other_currencies
            .iter()
            .all(|event| event.occurred_on <= as_of)
}

/// One case with all that is needed to look at it from any day.
#[derive(Clone, Copy)]
pub(crate) struct Look<'l, 'a> {
    case: &'l OrderCase<'l, 'a>,
    rules: &'l Rules,
    provider: &'l ProviderRules,
    files: &'l dyn FileNames,
    facts: Option<&'l OrderFacts<'a>>,
    transactions: Option<&'l Transactions<'l, 'a>>,
}

impl<'a> Look<'_, 'a> {
    /// True when no day to come can change the case.
    fn is_steady(&self, row: Option<&OrderRow<'_>>, as_of: NaiveDate) -> bool {
        let of_leg_one = self
            .facts
            .is_none_or(|facts| is_steady(facts, self.rules, row, as_of));
        let reported = |(_, slice): &(SettlementLine<'_>, &Slice)| slice.report_date <= as_of;
        of_leg_one
            && self.status_days().all(|day| day <= as_of)
            && self.case.lines.iter().all(reported)
    }

    /// The first day of which something is known of the case.
    fn first_day(&self) -> Option<NaiveDate> {
        let ordered = self.facts.map(|facts| facts.order.ordered_on);
        let reported = self.case.lines.iter().map(|(_, slice)| slice.report_date);
        let said = self.case.provider_events.iter().map(|it| it.observed_on);
        ordered.into_iter().chain(reported).chain(said).min()
    }

    /// The days behind `as_of` on which time alone may change something, sorted.
    fn days_to_come(&self, as_of: NaiveDate) -> Vec<NaiveDate> {
        let mut days = self
            .facts
            .map_or_else(Vec::new, |facts| facts.days(self.rules));
        days.extend(self.status_days());
        // One file may report many days.
        days.extend(self.case.lines.iter().map(|(_, slice)| slice.report_date));
        days.retain(|day| *day > as_of);
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The days on which time alone may change what leg 2 says; none without provider events.
    fn status_days(&self) -> impl Iterator<Item = NaiveDate> {
        let delay = self.provider.status_delay_days;
        let of_events = self
            .transactions
            .into_iter()
            .flat_map(move |transactions| transactions.days(delay));
        let order = self.transactions.and(self.facts);
        let of_order = order
            .into_iter()
            .map(|facts| facts.compared_from(self.provider));
        of_events.chain(of_order)
    }

    /// What is said from a horizon.
    fn from(&self, horizon: Horizon) -> Seen<'a> {
        let day = horizon.as_of;
        let counting = CountingLine::distinct(self.case.lines, day);
        let mut raised = Raised::from(horizon);
        if counting.iter().any(|line| line.copies.len() > 1) {
            findings::duplicates(self, &counting, &mut raised.found);
        }
        fees::check(self, &counting, &mut raised.found);
        let facts = self.facts.filter(|facts| facts.order.ordered_on <= day);
        let facts = facts.map(|facts| facts.confirmed_by(day));
        let facts = facts.as_deref();
        let row = if self.case.order_reference.is_empty() {
            findings::without_reference(self, &counting, &mut raised.found);
            provider::compare(self, None, None, &mut raised);
            None
        } else {
            let row = amounts::compare(self, facts, &counting, &mut raised);
            provider::compare(self, facts, row, &mut raised)
        };
        if let Some(transactions) = self.transactions {
            transactions.tell_failed_answer(day, self.files, &mut raised.found);
        }
        Seen {
            found: raised.found,
            waiting: raised.waiting,
            row,
        }
    }
}
