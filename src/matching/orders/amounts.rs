//! The comparison of one order's amounts: funded, cancelled, and what is not due yet.
//!
//! The letters are those of the contract: A is what should be funded, F and C what was, X what
//! the shop cancelled (Xa so far, Xd of it due), t the tolerance.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::findings::{
    cancelled_in_other_currencies, currencies, last_day, merchant, of_order, with_lines,
};
use super::{CountingLine, Look, OrderFacts};
use crate::domain::calendar::plus_days;
use crate::domain::detail::{Detail, UnknownOrder};
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::outcome::{OrderRow, OrderState};
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

/// Compares a case on a day: findings go to `found`, the report's row is returned.
pub(super) fn compare<'a>(
    look: &Look<'_, 'a>,
    facts: Option<&OrderFacts<'a>>,
    lines: &[CountingLine<'_, 'a>],
    day: NaiveDate,
    found: &mut Vec<Discrepancy>,
) -> Option<OrderRow<'a>> {
    let sums = Sums::of(lines);
    let before = found.len();
    let state = match facts {
        None => not_found(look, &sums, found)?,
        Some(facts) => known(look, facts, &sums, day, found),
    };
    debug_assert!(state != OrderState::Open || found.len() > before);
    Some(row(look, facts, &sums, day, state))
}

/// `ORDER_NOT_FOUND`: lines of an order that the shop does not have.
fn not_found(
    look: &Look<'_, '_>,
    sums: &Sums<'_, '_, '_>,
    found: &mut Vec<Discrepancy>,
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
    found.push(Discrepancy {
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
    });
    Some(OrderState::Open)
}

/// An order that the shop has.
fn known(
    look: &Look<'_, '_>,
    facts: &OrderFacts<'_>,
    sums: &Sums<'_, '_, '_>,
    day: NaiveDate,
    found: &mut Vec<Discrepancy>,
) -> OrderState {
    let currency = facts.order.currency;
    merchant(look, &sums.both, found);
    let question = Question::new(look, facts, sums, day);
    let before = found.len();
    // A deadline asks for no amount that was reported.
    question.deadline(found);
    let warned = found.len();
    let expected = facts.expected - question.cancelled;
    currencies(look, (currency, expected), &sums.both, found);
    let are_lines_foreign = found.len() > warned;
    cancelled_in_other_currencies(look, facts, (expected, day), &sums.both, found);
    if are_lines_foreign {
        return OrderState::Open;
    }
    let is_said = found.len() > before;
    let state = question.amounts(found);
    if is_said { OrderState::Open } else { state }
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

/// One comparison on one day.
struct Question<'q, 'x, 'l, 'a> {
    look: &'q Look<'q, 'a>,
    facts: &'q OrderFacts<'a>,
    sums: &'q Sums<'x, 'l, 'a>,
    day: NaiveDate,
    tolerance: Amount,
    /// Xa.
    cancelled: Amount,
    /// Xd.
    cancelled_due: Amount,
    due_on: NaiveDate,
    is_due: bool,
    /// The first day on which a cancellation that is due fell due.
    first_due: Option<NaiveDate>,
}

impl<'q, 'x, 'l, 'a> Question<'q, 'x, 'l, 'a> {
    fn new(
        look: &'q Look<'q, 'a>,
        facts: &'q OrderFacts<'a>,
        sums: &'q Sums<'x, 'l, 'a>,
        day: NaiveDate,
    ) -> Self {
        let delay = i64::from(look.provider.cancellation_delay_days);
        let due = || {
            facts
                .cancellations
                .iter()
                .filter(|(on, _)| plus_days(*on, delay) <= day)
        };
        let due_on = facts.due_on(look.provider);
        Self {
            look,
            facts,
            sums,
            day,
            tolerance: look.rules.amount_tolerance.amount(facts.order.currency),
            cancelled: facts.cancelled_by(day),
            cancelled_due: due().map(|(_, amount)| *amount).sum(),
            due_on,
            is_due: due_on <= day,
            first_due: due().map(|(on, _)| plus_days(*on, delay)).min(),
        }
    }

    /// A − Xa − t ≤ F − C ≤ A − Xd + t.
    fn is_balanced(&self) -> bool {
        let (a, net) = (self.facts.expected, self.sums.net());
        a - self.cancelled - self.tolerance <= net && net <= a - self.cancelled_due + self.tolerance
    }

    fn push(
        &self,
        found: &mut Vec<Discrepancy>,
        code: Code,
        day: NaiveDate,
        Difference { expected, actual }: Difference,
    ) {
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
        found.push(Discrepancy {
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
        });
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
    fn amounts(&self, found: &mut Vec<Discrepancy>) -> OrderState {
        let before = found.len();
        if self.facts.order.status.is_financed() {
            if self.is_balanced() {
                return OrderState::Balanced;
            }
            self.funding(found);
            self.cancellation(found);
            if !self.look.provider.reports_settlement && self.sums.both.is_empty() {
                // Nobody reports this provider's money: there is nothing to wait for.
                return OrderState::Balanced;
            }
        } else {
            if self.sums.net().abs() <= self.tolerance {
                return OrderState::Balanced;
            }
            self.status(found);
        }
        if found.len() > before {
            OrderState::Open
        } else {
            OrderState::Pending
        }
    }

    /// An accepted order that is not confirmed, near its deadline.
    fn deadline(&self, found: &mut Vec<Discrepancy>) {
        if let Some((deadline, warned_on)) = self.facts.deadline(self.look.rules)
            && warned_on <= self.day
        {
            let amounts = difference(self.facts.expected, Amount::ZERO);
            self.push(found, Code::DeadlineAtRisk, deadline, amounts);
        }
    }

    /// Money for an order that must not have any.
    fn status(&self, found: &mut Vec<Discrepancy>) {
        if let Some(day) = last_day(&self.sums.both) {
            let amounts = difference(Amount::ZERO, self.sums.net());
            self.push(found, Code::StatusMismatch, day, amounts);
        }
    }

    fn funding(&self, found: &mut Vec<Discrepancy>) {
        let (a, f, t) = (self.facts.expected, self.sums.funded, self.tolerance);
        let last = last_day(&self.sums.funding);
        if f > a + t {
            let whole = self.rows_that_fund(a) >= 2;
            let code = if whole {
                Code::DuplicateFunding
            } else {
                Code::AmountMismatch
            };
            self.push(found, code, last.unwrap_or(self.due_on), difference(a, f));
        } else if f < a - t && self.is_due {
            if !f.is_zero() {
                let last = last.unwrap_or(self.due_on);
                self.push(found, Code::AmountMismatch, last, difference(a, f));
            } else if self.look.provider.reports_settlement {
                let early = (self.cancelled - self.sums.cancelled).max(Amount::ZERO);
                let amounts = difference(a - early, Amount::ZERO);
                self.push(found, Code::FundingNotReported, self.due_on, amounts);
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

    fn cancellation(&self, found: &mut Vec<Discrepancy>) {
        let (a, c, t) = (self.facts.expected, self.sums.cancelled, self.tolerance);
        let (xa, xd) = (self.cancelled, self.cancelled_due);
        let last = last_day(&self.sums.cancellation).unwrap_or(self.due_on);
        if c > xa + t {
            let (code, expected) = if c > a + t {
                (Code::OverCancelled, -xa)
            } else if xa.is_zero() {
                (Code::CancellationUnexpected, Amount::ZERO)
            } else {
                (Code::CancellationAmountMismatch, -xa)
            };
            self.push(found, code, last, difference(expected, -c));
        } else if self.sums.funded > Amount::ZERO && c < xd - t {
            if c.is_zero() {
                let day = self.first_due.unwrap_or(last);
                let amounts = difference(-xd, Amount::ZERO);
                self.push(found, Code::CancellationNotReported, day, amounts);
            } else {
                let amounts = difference(-xd, -c);
                self.push(found, Code::CancellationAmountMismatch, last, amounts);
            }
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
