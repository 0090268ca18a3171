//! Facts of leg 1 in memory: lines, orders and events, by provider and order reference.

use super::homes::Homes;
use super::packed::{Mark, Packed};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::packed::{pack, unpack};
use crate::domain::provider_event::ProviderEvent;
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
    pub(super) provider_events: Packed,
}

/// A point to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct FactsMark {
    lines: Mark,
    orders: Mark,
    events: Mark,
    provider_events: Mark,
}

impl Facts {
    /// Adds a packed line. Only its first field, the reference, is looked at.
    pub(super) fn append_line(&mut self, provider: &str, row: &[u8]) {
        if let Ok(reference) = unpack::<&str>(row) {
            let provider = self.providers.number(provider);
            self.lines.append(provider, reference, row);
        }
    }

    /// Adds a packed order. Only its first fields, reference and provider, are looked at.
    pub(super) fn append_order(&mut self, row: &[u8]) {
        if let Ok((reference, provider)) = unpack::<(&str, &str)>(row) {
            let provider = self.providers.number(provider);
            self.orders.append(provider, reference, row);
        }
    }

    /// Adds a packed event, likewise.
    pub(super) fn append_event(&mut self, row: &[u8]) {
        if let Ok((reference, provider)) = unpack::<(&str, &str)>(row) {
            let provider = self.providers.number(provider);
            self.events.append(provider, reference, row);
        }
    }

    /// Adds a packed provider event, likewise.
    pub(super) fn append_provider_event(&mut self, row: &[u8]) {
        if let Ok((reference, provider)) = unpack::<(&str, &str)>(row) {
            let provider = self.providers.number(provider);
            self.provider_events.append(provider, reference, row);
        }
    }

    /// Puts provider events to the orders that they belong to.
    pub(super) fn bring_home(&mut self, homes: &Homes) {
        let events = || self.provider_events.rows::<ProviderEvent<'_>>();
        if events().all(|(_, event)| homes.of(&event).is_none()) {
            return;
        }
        let mut at_home = Packed::default();
        let mut row = Vec::new();
        for (provider, event) in events() {
            let order_reference = homes.of(&event).unwrap_or(event.order_reference);
            let event = ProviderEvent {
                order_reference,
                ..event
            };
            row.clear();
            pack(&event, &mut row);
            at_home.append(provider, order_reference, &row);
        }
        self.provider_events = at_home;
    }

    /// All tables.
    pub(super) fn tables(&self) -> [&Packed; 4] {
        [
            &self.lines,
            &self.orders,
            &self.events,
            &self.provider_events,
        ]
    }

    /// Bytes that all rows take.
    pub(super) fn size_bytes(&self) -> usize {
        self.tables().iter().map(|rows| rows.size_bytes()).sum()
    }

    /// Here.
    pub(super) fn mark(&self) -> FactsMark {
        FactsMark {
            lines: self.lines.mark(),
            orders: self.orders.mark(),
            events: self.events.mark(),
            provider_events: self.provider_events.mark(),
        }
    }

    /// Forgets all rows behind a mark.
    pub(super) fn forget_behind(&mut self, mark: FactsMark) {
        self.lines.forget_behind(mark.lines);
        self.orders.forget_behind(mark.orders);
        self.events.forget_behind(mark.events);
        self.provider_events.forget_behind(mark.provider_events);
    }

    /// Sorts all rows, so that cases can be handed over.
    pub(super) fn sort(&mut self) {
        for rows in [
            &mut self.lines,
            &mut self.orders,
            &mut self.events,
            &mut self.provider_events,
        ] {
            rows.sort();
        }
    }

    /// Hands over case after case of the sorted rows: all of one provider and reference, providers
    /// by name and references in their order.
    pub(super) fn cases<'f, E>(
        &'f self,
        mut take: impl FnMut(&'f str, &'f str, &Rows<'f>) -> Result<(), E>,
    ) -> Result<(), E> {
        for provider in self.providers.by_name() {
            let name = self.providers.name(provider);
            let mut lines = self.lines.cursor_at(provider);
            let mut orders = self.orders.cursor_at(provider);
            let mut events = self.events.cursor_at(provider);
            let mut provider_events = self.provider_events.cursor_at(provider);
            let mut rows = Rows::default();
            loop {
                let next = [
                    lines.peek(),
                    orders.peek(),
                    events.peek(),
                    provider_events.peek(),
                ];
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
                provider_events.take(key, |event| rows.provider_events.push(event));
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
    pub(super) provider_events: Vec<ProviderEvent<'a>>,
}

impl Rows<'_> {
    fn clear(&mut self) {
        self.lines.clear();
        self.orders.clear();
        self.events.clear();
        self.provider_events.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use chrono::NaiveDate;
    use serde::Serialize;

    use super::*;
    use crate::domain::file::FileId;
    use crate::domain::order::{OrderEventKind, OrderStatus};
    use crate::domain::settlement::SliceId;
    use crate::domain::{Amount, Currency};

    fn packed<T: Serialize>(row: &T) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack(row, &mut bytes);
        bytes
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 5).unwrap()
    }

    fn line(order_reference: &str, row: u32) -> SettlementLine<'_> {
        SettlementLine {
            order_reference,
            slice: SliceId(1),
            line: row,
            transaction_id: "T-1",
            event_time: day().and_hms_opt(10, 11, 12),
            gross: Amount::from_minor(20_000),
            fee: Amount::from_minor(360),
            product: "3X",
            instalments: Some(3),
            order_amount: None,
            contradiction: None,
        }
    }

    fn order<'a>(provider: &'a str, order_reference: &'a str) -> Order<'a> {
        Order {
            order_reference,
            file: FileId(1),
            line: 2,
            provider,
            merchant: "shop",
            amount: Amount::from_minor(20_000),
            confirmed_amount: None,
            currency: Currency::EUR,
            status: OrderStatus::Funded,
            ordered_on: day(),
            confirmed_on: Some(day()),
            cancelled_amount: None,
            cancelled_on: None,
            updated_at: day().and_hms_opt(1, 2, 3),
            transaction_id: "",
            product: "",
        }
    }

    fn event<'a>(provider: &'a str, order_reference: &'a str) -> OrderEvent<'a> {
        OrderEvent {
            order_reference,
            file: FileId(2),
            line: 2,
            provider,
            kind: OrderEventKind::Cancel,
            amount: Amount::from_minor(500),
            currency: Currency::EUR,
            occurred_on: day(),
            event_id: "E-1",
        }
    }

    /// `provider/reference: rows of lines, orders, events` of each case.
    fn cases(facts: &mut Facts) -> Vec<String> {
        let mut found = Vec::new();
        facts.sort();
        facts
            .cases(|provider, reference, rows| {
                let lines: Vec<u32> = rows.lines.iter().map(|line| line.line).collect();
                let (orders, events) = (rows.orders.len(), rows.events.len());
                found.push(format!(
                    "{provider}/{reference}: {lines:?} {orders} {events}"
                ));
                Ok::<(), Infallible>(())
            })
            .unwrap();
        found
    }

    #[test]
    fn rows_of_one_order_come_together_by_provider_and_reference() {
        let mut facts = Facts::default();
        facts.append_line("payone", &packed(&line("B", 1)));
        facts.append_line("oney", &packed(&line("B", 2)));
        facts.append_event(&packed(&event("oney", "A")));
        facts.append_order(&packed(&order("oney", "C")));
        facts.append_line("oney", &packed(&line("B", 3)));
        facts.append_order(&packed(&order("oney", "B")));
        facts.append_order(&packed(&order("alma", "B")));
        facts.append_line("oney", &packed(&line("", 4)));
        assert_eq!(
            cases(&mut facts),
            [
                "alma/B: [] 1 0",
                "oney/: [4] 0 0",
                "oney/A: [] 0 1",
                "oney/B: [2, 3] 1 0",
                "oney/C: [] 1 0",
                "payone/B: [1] 0 0"
            ]
        );
    }

    #[test]
    fn references_that_begin_alike_are_told_apart_and_stand_in_their_order() {
        let long = "ORDER-2026-0000000000000000";
        let mut facts = Facts::default();
        for (row, reference) in [
            format!("{long}2"),
            format!("{long}1"),
            long.to_owned(),
            "ORDER".to_owned(),
        ]
        .iter()
        .enumerate()
        {
            facts.append_line(
                "oney",
                &packed(&line(reference, u32::try_from(row).unwrap())),
            );
            facts.append_order(&packed(&order("oney", reference)));
        }
        assert_eq!(
            cases(&mut facts),
            [
                "oney/ORDER: [3] 1 0".to_owned(),
                format!("oney/{long}: [2] 1 0"),
                format!("oney/{long}1: [1] 1 0"),
                format!("oney/{long}2: [0] 1 0"),
            ]
        );
    }

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut facts = Facts::default();
        let (line, order, event) = (line("A", 7), order("oney", "A"), event("oney", "A"));
        facts.append_line("oney", &packed(&line));
        facts.append_order(&packed(&order));
        facts.append_event(&packed(&event));
        facts.sort();
        facts
            .cases(|_, _, rows| {
                assert_eq!(rows.lines, [line]);
                assert_eq!(rows.orders, [order]);
                assert_eq!(rows.events, [event]);
                Ok::<(), Infallible>(())
            })
            .unwrap();
    }

    #[test]
    fn what_a_refused_file_brought_is_forgotten() {
        let mut facts = Facts::default();
        facts.append_line("oney", &packed(&line("A", 1)));
        let size = facts.size_bytes();
        let here = facts.mark();
        facts.append_line("oney", &packed(&line("A", 2)));
        facts.append_order(&packed(&order("alma", "A")));
        facts.append_event(&packed(&event("oney", "B")));
        assert!(facts.size_bytes() > size);
        facts.forget_behind(here);
        assert_eq!(facts.size_bytes(), size);
        assert_eq!(cases(&mut facts), ["oney/A: [1] 0 0"]);
    }

    #[test]
    fn an_error_ends_the_walk() {
        let mut facts = Facts::default();
        facts.append_line("oney", &packed(&line("A", 1)));
        facts.append_line("oney", &packed(&line("B", 2)));
        let mut seen = 0;
        facts.sort();
        let ended = facts.cases(|_, _, _| {
            seen += 1;
            Err("stop")
        });
        assert_eq!((ended, seen), (Err("stop"), 1));
    }
}
