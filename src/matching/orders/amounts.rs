//! The comparison of one order's amounts: funded, cancelled, and what is not due yet.
//!
//! The letters are those of the contract: A is what should be funded, F and C what was, X what
//! the shop cancelled (Xa so far, Xd of it due), t the tolerance.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::findings::{
    cancelled_in_other_currencies, currencies, last_day, merchant, of_order, with_lines,
};
use super::{CountingLine, Look, Mark, OrderFacts, Raised, provider, waiting};
use crate::domain::calendar::plus_days;
use crate::domain::coverage::{Book, Horizon, Reach};
use crate::domain::detail::{Detail, UnknownOrder};
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::outcome::{OrderRow, OrderState};
use crate::domain::rules::ProviderRules;
use crate::domain::settlement::LineKind;
use crate::domain::{Amount, Currency};

/// The lines of a case by what they do, and their sums.
struct Sums<'x, 'l, 'a> {
    both: Vec<&'x CountingLine<'l, 'a>>,
    funding: Vec<&'x CountingLine<'l, 'a>>,
    cancellation: Vec<&'x CountingLine<'l, 'a>>,
    funded: Amount,
    cancelled: Amount,
}

impl<'x, 'l, 'a> Sums<'x, 'l, 'a> {
    fn of(lines: &'x [CountingLine<'l, 'a>]) -> Self {
        let of_kind = |kind: LineKind| -> Vec<&'x CountingLine<'l, 'a>> {
            lines
                .iter()
                .filter(|line| line.slice.kind == kind)
                .collect()
        };
        let (funding, cancellation) = (of_kind(LineKind::Funding), of_kind(LineKind::Cancellation));
        let sum = |lines: &[&CountingLine<'_, '_>]| -> Amount {
            lines.iter().map(|line| line.order_amount().0).sum()
        };
        let (funded, cancelled) = (sum(&funding), -sum(&cancellation));
        let both = funding.iter().chain(&cancellation).copied().collect();
        Self {
            both,
            funding,
            cancellation,
            funded,
            cancelled,
        }
    }

    fn net(&self) -> Amount {
        self.funded - self.cancelled
    }
}

/// Compares a case: findings go to `raised`, the report's row is returned.
pub(super) fn compare<'a>(
    look: &Look<'_, 'a>,
    facts: Option<&OrderFacts<'a>>,
    lines: &[CountingLine<'_, 'a>],
    raised: &mut Raised,
) -> Option<OrderRow<'a>> {
    let sums = Sums::of(lines);
    let state = match facts {
        None => not_found(look, &sums, raised)?,
        Some(facts) => known(look, facts, &sums, raised),
    };
    Some(row(look, facts, &sums, raised.horizon.as_of, state))
}

/// `ORDER_NOT_FOUND`: lines of an order that the shop does not have. Certain once the shop's orders
/// reach the day of its first line, or the day on which the provider said that it took it.
fn not_found(
    look: &Look<'_, '_>,
    sums: &Sums<'_, '_, '_>,
    raised: &mut Raised,
) -> Option<OrderState> {
    let day = last_day(&sums.both)?;
    let currency = sums.both.first()?.order_amount().1;
    let of_currency = sums
        .both
        .iter()
        .filter(|line| line.order_amount().1 == currency);
    let finding = with_lines(
        look,
        of_order(look, Code::OrderNotFound, day),
        sums.both.iter().copied(),
    );
    let first = sums.funding.first();
    let bought_on = first
        .and_then(|line| line.line.event_time)
        .map(|time| time.date());
    let reported = sums.both.iter().map(|line| line.first_reported());
    let heard_of = reported.chain(provider::accepted_on(look, raised.horizon.as_of));
    let finding = Discrepancy {
        // What the nearest order is looked for by.
        detail: Detail::UnknownOrder(UnknownOrder {
            amount: first.map(|_| sums.funded),
            bought_on,
            ..UnknownOrder::default()
        }),
        currency: Some(currency),
        expected: Some(Amount::ZERO),
        actual: Some(of_currency.map(|line| line.order_amount().0).sum()),
        ..finding
    };
    let bought = sums.both.iter().map(|line| line.last_happened());
    let finding = finding.unless_before(look.provider.books_open, bought.max()?);
    let before = raised.mark();
    raised.push_by_orders(heard_of.min()?, finding);
    raised.state_since(before)
}

/// An order that the shop has.
fn known(
    look: &Look<'_, '_>,
    facts: &OrderFacts<'_>,
    sums: &Sums<'_, '_, '_>,
    raised: &mut Raised,
) -> OrderState {
    let (currency, day) = (facts.order.currency, raised.horizon.as_of);
    merchant(look, &sums.both, &mut raised.found);
    let question = Question::new(look, facts, sums, &raised.horizon);
    let before = raised.mark();
    // A deadline asks for no amount that was reported.
    question.deadline(raised);
    let warned = raised.found.len();
    let expected = facts.expected - question.cancelled;
    currencies(look, (currency, expected), &sums.both, &mut raised.found);
    let are_lines_foreign = raised.found.len() > warned;
    cancelled_in_other_currencies(look, facts, (expected, day), &sums.both, &mut raised.found);
    let state = if are_lines_foreign {
        OrderState::Open
    } else {
        question.amounts(raised)
    };
    raised.state_since(before).unwrap_or(state)
}

/// What should be, and what is.
#[derive(Clone, Copy)]
struct Difference {
    expected: Amount,
    actual: Amount,
}

/// Names the two sides of a difference in their order.
fn difference(expected: Amount, actual: Amount) -> Difference {
    Difference { expected, actual }
}

/// What the provider must have reported by a day.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Due {
    /// Xd.
    cancelled: Amount,
    /// The first day on which a cancellation that is due fell due.
    first_cancellation: Option<NaiveDate>,
    funding: bool,
}

impl Due {
    /// What was due by a day; without a day, nothing was.
    fn by(day: Option<NaiveDate>, facts: &OrderFacts<'_>, provider: &ProviderRules) -> Self {
        let delay = i64::from(provider.cancellation_delay_days);
        let is_due = |due_on: NaiveDate| day.is_some_and(|day| due_on <= day);
        let due = || {
            let dated = facts.cancellations.iter();
            dated
                .map(|(on, amount)| (plus_days(*on, delay), *amount))
                .filter(|(due_on, _)| is_due(*due_on))
        };
        Self {
            cancelled: due().map(|(_, amount)| amount).sum(),
            first_cancellation: due().map(|(due_on, _)| due_on).min(),
            funding: is_due(facts.due_on(provider)),
        }
    }
}

/// One comparison from one horizon.
#[derive(Clone, Copy)]
struct Question<'q, 'x, 'l, 'a> {
    look: &'q Look<'q, 'a>,
    facts: &'q OrderFacts<'a>,
    sums: &'q Sums<'x, 'l, 'a>,
    tolerance: Amount,
    /// Xa.
    cancelled: Amount,
    /// What was due by the day until which the provider's reports are known.
    due: Due,
    due_on: NaiveDate,
}

impl<'q, 'x, 'l, 'a> Question<'q, 'x, 'l, 'a> {
    fn new(
        look: &'q Look<'q, 'a>,
        facts: &'q OrderFacts<'a>,
        sums: &'q Sums<'x, 'l, 'a>,
        horizon: &Horizon,
    ) -> Self {
        Self {
            look,
            facts,
            sums,
            tolerance: look.rules.amount_tolerance.amount(facts.order.currency),
            cancelled: facts.cancelled_by(horizon.as_of),
            due: Due::by(horizon.reported_until(), facts, look.provider),
            due_on: facts.due_on(look.provider),
        }
    }

    /// A − Xa − t ≤ F − C ≤ A − Xd + t.
    fn is_balanced(&self) -> bool {
        let (a, net) = (self.facts.expected, self.sums.net());
        a - self.cancelled - self.tolerance <= net && net <= a - self.due.cancelled + self.tolerance
    }

    fn finding(
        &self,
        code: Code,
        day: NaiveDate,
        Difference { expected, actual }: Difference,
    ) -> Discrepancy {
        let lines = if matches!(code, Code::AmountMismatch | Code::DuplicateFunding) {
            &self.sums.funding
        } else if matches!(
            code,
            Code::CancellationUnexpected | Code::CancellationAmountMismatch | Code::OverCancelled
        ) {
            &self.sums.cancellation
        } else {
            &self.sums.both
        };
        let finding = of_order(self.look, code, day);
        let finding = with_lines(self.look, finding, lines.iter().copied());
        let merchant = self.facts.order.merchant;
        let transaction = self.facts.order.transaction_id;
        Discrepancy {
            merchant: if merchant.is_empty() {
                finding.merchant
            } else {
                merchant.to_owned()
            },
            transaction_id: if finding.transaction_id.is_empty() {
                transaction.to_owned()
            } else {
                finding.transaction_id
            },
            currency: Some(self.facts.order.currency),
            expected: Some(expected),
            actual: Some(actual),
            detail: self.detail(code),
            ..finding
        }
    }

    /// A finding that may be there only because the time before the books open is not known.
    fn since_the_books_open(&self, found: Discrepancy) -> Discrepancy {
        let opens = self.look.provider.books_open;
        found.unless_before(opens, self.facts.order.ordered_on)
    }

    /// What the sentence about a finding names besides.
    fn detail(&self, code: Code) -> Detail {
        let a = self.facts.expected;
        if code == Code::OverCancelled {
            Detail::OrderAmount(a)
        } else if code == Code::StatusMismatch {
            Detail::OrderStatus(self.facts.order.status)
        } else if code == Code::DuplicateFunding {
            Detail::Times(u64::try_from(self.rows_that_fund(a)).unwrap_or(u64::MAX))
        } else {
            Detail::Columns
        }
    }

    /// The comparison itself.
    fn amounts(&self, raised: &mut Raised) -> OrderState {
        let before = raised.mark();
        if !self.facts.order.status.is_financed() {
            if self.sums.net().abs() <= self.tolerance {
                return OrderState::Balanced;
            }
            self.status(raised);
        } else if self.look.provider.reports_settlement || !self.sums.both.is_empty() {
            self.compare(raised);
            self.wait_for_reports(raised, before);
            if self.is_balanced() {
                return raised.state_since(before).unwrap_or(OrderState::Balanced);
            }
        } else {
            // Nobody reports this provider's money: there is nothing to wait for.
            return OrderState::Balanced;
        }
        raised.state_since(before).unwrap_or(OrderState::Pending)
    }

    /// Funding and cancellation, by what is due.
    fn compare(&self, raised: &mut Raised) {
        if !self.is_balanced() {
            self.funding(raised);
            self.cancellation(raised);
        }
    }

    /// What would be raised if the provider's reports reached the day.
    fn wait_for_reports(&self, raised: &mut Raised, before: Mark) {
        let horizon = raised.horizon;
        let due = Due::by(Some(horizon.as_of), self.facts, self.look.provider);
        if due == self.due || horizon.reports == Reach::NoFeed {
            return;
        }
        let mut would_be = Raised::from(horizon);
        Self { due, ..*self }.compare(&mut would_be);
        let said = raised.found.get(before.found..).unwrap_or_default();
        let codes: Vec<Code> = said.iter().map(|found| found.code).collect();
        let unsaid = would_be.found.iter().filter(|it| !codes.contains(&it.code));
        let book = || Book::Reports(self.look.case.provider.to_owned());
        raised
            .waiting
            .extend(unsaid.map(|found| waiting(book(), found)));
    }

    /// An accepted order that is not confirmed, near its deadline.
    fn deadline(&self, raised: &mut Raised) {
        if let Some((deadline, warned_on)) = self.facts.deadline(self.look.rules)
            && warned_on <= raised.horizon.as_of
        {
            let amounts = difference(self.facts.expected, Amount::ZERO);
            let finding = self.finding(Code::DeadlineAtRisk, deadline, amounts);
            raised.push(self.since_the_books_open(finding));
        }
    }

    /// Money for an order that must not have any.
    fn status(&self, raised: &mut Raised) {
        if let Some(day) = last_day(&self.sums.both) {
            let amounts = difference(Amount::ZERO, self.sums.net());
            raised.push_by_orders(day, self.finding(Code::StatusMismatch, day, amounts));
        }
    }

    fn funding(&self, raised: &mut Raised) {
        let (a, f, t) = (self.facts.expected, self.sums.funded, self.tolerance);
        let last = last_day(&self.sums.funding).unwrap_or(self.due_on);
        if f > a + t {
            let whole = self.rows_that_fund(a) >= 2;
            let code = if whole {
                Code::DuplicateFunding
            } else {
                Code::AmountMismatch
            };
            raised.push(self.finding(code, last, difference(a, f)));
        } else if f < a - t && self.due.funding {
            if !f.is_zero() {
                raised.push(self.finding(Code::AmountMismatch, last, difference(a, f)));
            } else if self.look.provider.reports_settlement {
                let early = (self.cancelled - self.sums.cancelled).max(Amount::ZERO);
                let amounts = difference(a - early, Amount::ZERO);
                let finding = self.finding(Code::FundingNotReported, self.due_on, amounts);
                raised.push(self.since_the_books_open(finding));
            }
        }
    }

    /// Source rows that fund the whole of A; a version 2 row may do so with two parts.
    fn rows_that_fund(&self, a: Amount) -> usize {
        let mut rows: BTreeMap<_, Amount> = BTreeMap::new();
        for line in &self.sums.funding {
            *rows.entry((line.slice.file, line.line.line)).or_default() += line.order_amount().0;
        }
        rows.values()
            .filter(|funded| (**funded - a).abs() <= self.tolerance)
            .count()
    }

    fn cancellation(&self, raised: &mut Raised) {
        let (a, c, t) = (self.facts.expected, self.sums.cancelled, self.tolerance);
        let (xa, xd) = (self.cancelled, self.due.cancelled);
        let last = last_day(&self.sums.cancellation).unwrap_or(self.due_on);
        if c > xa + t {
            let (code, expected) = if c > a + t {
                (Code::OverCancelled, -xa)
            } else if xa.is_zero() {
                (Code::CancellationUnexpected, Amount::ZERO)
            } else {
                (Code::CancellationAmountMismatch, -xa)
            };
            let finding = self.finding(code, last, difference(expected, -c));
            raised.push_by_orders(last, finding);
        } else if self.sums.funded > Amount::ZERO && c < xd - t {
            let amounts = difference(-xd, -c);
            raised.push(if c.is_zero() {
                let day = self.due.first_cancellation.unwrap_or(last);
                let finding = self.finding(Code::CancellationNotReported, day, amounts);
                self.since_the_books_open(finding)
            } else {
                self.finding(Code::CancellationAmountMismatch, last, amounts)
            });
        }
    }
}

fn row<'a>(
    look: &Look<'_, 'a>,
    facts: Option<&OrderFacts<'a>>,
    sums: &Sums<'_, '_, 'a>,
    day: NaiveDate,
    state: OrderState,
) -> OrderRow<'a> {
    let currency = match (facts, sums.both.first()) {
        (Some(facts), _) => facts.order.currency,
        (None, Some(line)) => line.order_amount().1,
        (None, None) => Currency::EUR,
    };
    let of_currency = |lines: &[&CountingLine<'_, '_>]| -> Amount {
        let same = lines
            .iter()
            .filter(|line| line.order_amount().1 == currency);
        same.map(|line| line.order_amount().0).sum()
    };
    // A commission is in the currency of the settlement: of an order that is settled in another one
    // nobody knows what it is in the order's.
    let is_in_currency = sums.both.iter().all(|line| line.slice.currency == currency);
    let settled = |amount: fn(&CountingLine<'_, '_>) -> Amount| {
        is_in_currency.then(|| sums.both.iter().map(|line| amount(line)).sum())
    };
    let merchant = facts
        .map(|facts| facts.order.merchant)
        .filter(|merchant| !merchant.is_empty());
    // The first by file and row, so that the order in which lines were found says nothing.
    let seen = look.case.lines.iter();
    let reported = seen
        .filter(|(_, slice)| slice.report_date <= day)
        .min_by_key(|(line, slice)| (slice.file, line.line))
        .map(|(_, slice)| slice.merchant.as_str());
    OrderRow {
        provider: look.case.provider,
        order_reference: look.case.order_reference,
        merchant: merchant.or(reported).unwrap_or_default(),
        status: facts.map(|facts| facts.order.status),
        currency,
        amount: facts.map(|facts| facts.expected),
        cancelled: facts.map(|facts| facts.cancelled_by(day)),
        reported_funded: of_currency(&sums.funding),
        reported_cancelled: -of_currency(&sums.cancellation),
        fee: settled(|line| line.line.fee),
        net: settled(|line| line.line.gross - line.line.fee),
        state,
    }
}
