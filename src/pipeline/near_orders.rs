//! The order that a report may have meant: a hint in the explanation of `ORDER_NOT_FOUND`.
//!
//! Nothing is matched by it. Near is an order whose reference is equal after dropping case,
//! separators and leading zeros, else one of the same amount and currency, ordered within two days
//! of the purchase. It is looked for on the night itself, for the first findings of the report and
//! among the latest orders, so that the work does not grow with the history.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::RunError;
use crate::domain::Amount;
use crate::domain::calendar::{days_between, plus_days};
use crate::domain::detail::{Detail, UnknownOrder};
use crate::domain::discrepancy::{Code, Discrepancy, State};
use crate::domain::file::InputContent;
use crate::domain::found::FoundList;
use crate::domain::order::Order;
use crate::domain::packed::unpack;
use crate::domain::reference::folded;
use crate::facts::PackedRows;
use crate::storage::Db;
use crate::storage::facts::blocks;
use crate::storage::files::{RowRange, StoredFile};

/// Findings of a report for which near orders are looked for.
const HINTS_MAX: usize = 200;

/// Order rows, those of the latest files, among which near orders are looked for.
const LATEST_ORDERS: u64 = 100_000;

/// Days between a purchase and an order that may be the same.
const NEAR_DAYS: i64 = 2;

/// Names the nearest order in each `ORDER_NOT_FOUND` that has one; `files` are all there are.
pub(super) async fn name(
    db: &mut Db,
    files: &[StoredFile],
    list: &mut FoundList,
) -> Result<(), RunError> {
    let asked: Vec<Discrepancy> = list
        .open_of_code(Code::OrderNotFound)
        .take(HINTS_MAX)
        .collect();
    let mut rows = PackedRows::default();
    if !asked.is_empty() {
        let question = Question::of(&asked);
        for of_file in latest(files) {
            blocks::of_file(db, of_file, |row| {
                if question.may_mean(&unpack(row.bytes)?) {
                    rows.append(row.bytes);
                }
                Ok(())
            })
            .await?;
        }
    }
    let near: Vec<Order<'_>> = rows.all()?;
    let mut left = HINTS_MAX;
    list.change(Code::OrderNotFound, |found, state| {
        let hint = if state != State::Resolved && left > 0 {
            left = left.saturating_sub(1);
            nearest(found, &near)
        } else {
            None
        };
        let Detail::UnknownOrder(order) = &mut found.detail else {
            return false;
        };
        let changed = order.nearest != hint;
        order.nearest = hint;
        changed
    });
    Ok(())
}

/// Where the latest orders are, by file.
fn latest(files: &[StoredFile]) -> Vec<RowRange> {
    let of_orders = files
        .iter()
        .filter(|stored| stored.file.kind.content() == InputContent::Orders);
    let mut left = LATEST_ORDERS;
    let mut latest = Vec::new();
    for rows in of_orders.rev().filter_map(|stored| stored.rows) {
        if left == 0 {
            break;
        }
        let count = rows.count().min(left);
        left = left.saturating_sub(count);
        latest.push(rows);
    }
    latest.reverse();
    latest
}

/// What near orders are looked for by.
#[derive(Debug, Default)]
struct Question {
    /// References without case, separators and leading zeros.
    folded: HashSet<String>,
    amounts: HashSet<Amount>,
    /// First and last day of an order with such an amount.
    days: Option<(NaiveDate, NaiveDate)>,
}

impl Question {
    fn of(asked: &[Discrepancy]) -> Self {
        let mut question = Self::default();
        for found in asked {
            question.folded.insert(folded(&found.order_reference));
            let Some(order) = unknown_order(found) else {
                continue;
            };
            question.amounts.extend(order.amount);
            if let Some(day) = order.bought_on {
                let (first, last) = question.days.unwrap_or((day, day));
                let (from, to) = (plus_days(day, -NEAR_DAYS), plus_days(day, NEAR_DAYS));
                question.days = Some((first.min(from), last.max(to)));
            }
        }
        question
    }

    /// True for an order that is to be looked at closely.
    fn may_mean(&self, order: &Order<'_>) -> bool {
        let in_days = |(from, to)| from <= order.ordered_on && order.ordered_on <= to;
        (self.days.is_some_and(in_days) && self.amounts.contains(&order.amount))
            || self.folded.contains(&folded(order.order_reference))
    }
}

fn unknown_order(found: &Discrepancy) -> Option<&UnknownOrder> {
    if let Detail::UnknownOrder(order) = &found.detail {
        Some(order)
    } else {
        None
    }
}

fn nearest(found: &Discrepancy, near: &[Order<'_>]) -> Option<String> {
    let wanted = folded(&found.order_reference);
    let candidates = || {
        near.iter().filter(|order| {
            order.provider == found.provider && order.order_reference != found.order_reference
        })
    };
    let same_folded = candidates()
        .filter(|order| !wanted.is_empty() && folded(order.order_reference) == wanted)
        .min_by_key(|order| order.order_reference);
    let by_amount = || {
        let order_asked = unknown_order(found)?;
        let day = order_asked.bought_on?;
        let distance = |order: &Order<'_>| days_between(day, order.ordered_on).abs();
        candidates()
            .filter(|order| {
                order_asked
                    .amount
                    .is_some_and(|amount| amount == order.amount)
                    && order.amount > Amount::ZERO
                    && found.currency == Some(order.currency)
                    && distance(order) <= NEAR_DAYS
            })
            .min_by_key(|order| (distance(order), order.order_reference))
    };
    same_folded
        .or_else(by_amount)
        .map(|order| order.order_reference.to_owned())
}
