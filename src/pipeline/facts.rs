//! Facts of leg 1 in memory: lines, orders and events, by provider and order reference.

use super::packed::{Mark, Packed, PackedRows};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::settlement::SettlementLine;

/// Numbers for the names of providers, in the order of the names.
#[derive(Clone, Debug, Default)]
pub(super) struct Providers {
    names: Vec<String>,
}

impl Providers {
    /// The number of a name.
    pub(super) fn number(&mut self, name: &str) -> u16 {
        let at = self
            .names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len().saturating_sub(1)
            });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// The name of a number.
    pub(super) fn name(&self, number: u16) -> &str {
        self.names
            .get(usize::from(number))
            .map_or("", String::as_str)
    }

    /// All numbers in the order of their names.
    pub(super) fn by_name(&self) -> Vec<u16> {
        let mut numbers: Vec<u16> = (0..self.names.len())
            .filter_map(|at| u16::try_from(at).ok())
            .collect();
        numbers.sort_by(|a, b| self.name(*a).cmp(self.name(*b)));
        numbers
    }
}

/// Lines, orders and events that are to be matched.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) providers: Providers,
    pub(super) lines: Packed,
    pub(super) orders: Packed,
    pub(super) events: Packed,
}

/// A point to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct FactsMark {
    lines: Mark,
    orders: Mark,
    events: Mark,
}

impl Facts {
    /// Adds a line.
    pub(super) fn line(&mut self, provider: &str, line: &SettlementLine<'_>) {
        let provider = self.providers.number(provider);
        self.lines.push(provider, line.order_reference, line);
    }

    /// Adds an order.
    pub(super) fn order(&mut self, order: &Order<'_>) {
        let provider = self.providers.number(order.provider);
        self.orders.push(provider, order.order_reference, order);
    }

    /// Adds an event.
    pub(super) fn event(&mut self, event: &OrderEvent<'_>) {
        let provider = self.providers.number(event.provider);
        self.events.push(provider, event.order_reference, event);
    }

    /// Adds packed lines of one provider.
    pub(super) fn append_lines(&mut self, provider: &str, rows: &PackedRows) {
        let provider = self.providers.number(provider);
        self.lines.append(rows, |line: &SettlementLine<'_>| {
            (provider, line.order_reference)
        });
    }

    /// Adds packed orders.
    pub(super) fn append_orders(&mut self, rows: &PackedRows) {
        let providers = &mut self.providers;
        self.orders.append(rows, |order: &Order<'_>| {
            (providers.number(order.provider), order.order_reference)
        });
    }

    /// Adds packed events.
    pub(super) fn append_events(&mut self, rows: &PackedRows) {
        let providers = &mut self.providers;
        self.events.append(rows, |event: &OrderEvent<'_>| {
            (providers.number(event.provider), event.order_reference)
        });
    }

    /// Bytes that all rows take.
    pub(super) fn size_bytes(&self) -> usize {
        [&self.lines, &self.orders, &self.events]
            .iter()
            .map(|rows| rows.size_bytes())
            .sum()
    }

    /// Here.
    pub(super) fn mark(&self) -> FactsMark {
        FactsMark {
            lines: self.lines.mark(),
            orders: self.orders.mark(),
            events: self.events.mark(),
        }
    }

    /// Forgets all rows behind a mark.
    pub(super) fn forget_behind(&mut self, mark: FactsMark) {
        self.lines.forget_behind(mark.lines);
        self.orders.forget_behind(mark.orders);
        self.events.forget_behind(mark.events);
    }

    /// Hands over case after case: all rows of one provider and reference, providers by name and
    /// references in their order.
    pub(super) fn cases<E>(
        &mut self,
        mut take: impl FnMut(&str, &str, &Rows<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for rows in [&mut self.lines, &mut self.orders, &mut self.events] {
            rows.sort();
        }
        let this = &*self;
        for provider in this.providers.by_name() {
            let name = this.providers.name(provider);
            let mut lines = this.lines.cursor_at(provider);
            let mut orders = this.orders.cursor_at(provider);
            let mut events = this.events.cursor_at(provider);
            let mut rows = Rows::default();
            loop {
                let next = [lines.peek(), orders.peek(), events.peek()];
                let own = next
                    .into_iter()
                    .flatten()
                    .filter(|(number, _)| *number == provider);
                let Some((_, reference)) = own.min_by(|a, b| a.1.cmp(b.1)) else {
                    break;
                };
                rows.clear();
                let key = (provider, reference);
                lines.take(key, |line| rows.lines.push(line));
                orders.take(key, |order| rows.orders.push(order));
                events.take(key, |event| rows.events.push(event));
                take(name, reference, &rows)?;
            }
        }
        Ok(())
    }
}

/// The rows of one case.
#[derive(Debug, Default)]
pub(super) struct Rows<'a> {
    pub(super) lines: Vec<SettlementLine<'a>>,
    pub(super) orders: Vec<Order<'a>>,
    pub(super) events: Vec<OrderEvent<'a>>,
}

impl Rows<'_> {
    fn clear(&mut self) {
        self.lines.clear();
        self.orders.clear();
        self.events.clear();
    }
}
