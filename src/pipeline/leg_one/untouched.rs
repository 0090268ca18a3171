//! Open orders that a night leaves alone: nothing of them changed, and their day has not come. Their
//! rows of the report are those of the night before.

use std::collections::BTreeMap;
use std::iter::Peekable;

use crate::domain::open_order::{OpenBefore, OpenOrders};

/// Untouched orders one after the other, by provider and reference.
pub(super) struct Untouched<'o> {
    orders: Peekable<Box<dyn Iterator<Item = OpenBefore<'o>> + 'o>>,
}

impl<'o> Untouched<'o> {
    /// Those of the night before, sorted, that are not looked at.
    pub(super) fn of(before: &'o OpenOrders, is_looked_at: impl Fn(&str) -> bool + 'o) -> Self {
        let untouched = move |open: &OpenBefore<'_>| !is_looked_at(open.order_reference);
        let orders: Box<dyn Iterator<Item = OpenBefore<'o>> + 'o> =
            Box::new(before.iter().filter(untouched));
        Self {
            orders: orders.peekable(),
        }
    }

    /// The next one, unless it comes behind the order `end`.
    pub(super) fn next_before(&mut self, end: Option<(&str, &str)>) -> Option<OpenBefore<'o>> {
        self.orders
            .next_if(|open| end.is_none_or(|end| (open.provider, open.order_reference) < end))
    }
}

/// Orders of the night before, by provider and reference.
pub(super) type Before<'o> = BTreeMap<(&'o str, &'o str), OpenBefore<'o>>;

/// The orders of the night before that are looked at.
pub(super) fn looked_at(before: &OpenOrders, is_looked_at: impl Fn(&str) -> bool) -> Before<'_> {
    let orders = before.iter();
    let looked_at = orders.filter(|open| is_looked_at(open.order_reference));
    looked_at
        .map(|open| ((open.provider, open.order_reference), open))
        .collect()
}
