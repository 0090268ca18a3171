//! The table of orders: a first night has as many as the shop has orders, so the page shows those
//! that are open and counts the others. Their rows are taken while they are matched.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::data::{About, Data};
use super::tables::{Form, Row, Section, TableView, column, plain};
use crate::domain::Amount;
use crate::report::language::{Kind, Value};
use crate::report::table::Cell;
use crate::report::views;
use crate::report::words::{Words, key};

const ORDERS: TableView = TableView {
    table: views::orders::TABLE,
    id: "orders",
    title: "table-orders",
    intro: None,
    none: "html-orders-none",
    rows_max: 2_000,
    columns: &[
        column("order_reference", "l", Form::Find),
        plain("provider", "w"),
        plain("merchant", "w"),
        plain("status", "w"),
        plain("amount", "n w"),
        plain("cancelled", "n w"),
        plain("reported_funded", "n w"),
        plain("reported_cancelled", "n w"),
        plain("difference", "n"),
        plain("currency", "w"),
        column("state", "", Form::Chip),
    ],
    facets: &["provider", "status", "currency"],
    words: &[("state", Kind::OrderState)],
};

/// The orders that are open, taken while they are matched; of the others only their number.
#[derive(Default)]
pub(super) struct Orders {
    rows: Vec<Row>,
    /// How many are in each state.
    states: BTreeMap<String, u64>,
}

impl Orders {
    pub(super) fn take(&mut self, words: Words<'_>, cells: &[Cell<'_>]) {
        let state = ORDERS.at("state").and_then(|at| cells.get(at));
        let state = state.map_or(String::new(), key);
        let open = state == "open";
        match self.states.get_mut(&state) {
            Some(count) => *count += 1,
            None => _ = self.states.insert(state, 1),
        }
        if open && self.rows.len() < ORDERS.rows_max {
            let derived = [("difference", difference(cells))];
            self.rows.push(ORDERS.row(words, cells, &derived));
        }
    }

    /// How many are in a state.
    pub(super) fn count(&self, state: &str) -> u64 {
        self.states.get(state).copied().unwrap_or(0)
    }

    pub(super) fn write(
        &self,
        out: &mut impl Write,
        data: &mut Data,
        words: Words<'_>,
    ) -> io::Result<()> {
        let open = usize::try_from(self.count("open")).unwrap_or(usize::MAX);
        let mut heading = ORDERS.heading(words, open);
        let values = [
            ("pending", Value::Count(self.count("pending"))),
            ("balanced", Value::Count(self.count("balanced"))),
        ];
        heading.intro = words.texts.with("html-orders-intro", &values);
        let mut section = Section::begin(out, data, &heading, &About::default())?;
        for row in &self.rows {
            section.row(row)?;
        }
        section.end()
    }
}

/// What was reported less what should have been; an order that the shop does not have should not.
fn difference<'a>(cells: &[Cell<'a>]) -> Cell<'a> {
    let amount = |name: &str| match ORDERS.at(name).and_then(|at| cells.get(at)) {
        Some(Cell::Amount(amount, currency)) => Some((*amount, *currency)),
        _ => None,
    };
    let sum = |name: &str| amount(name).map_or(Amount::ZERO, |(amount, _)| amount);
    let reported = sum("reported_funded") - sum("reported_cancelled");
    match amount("reported_funded") {
        Some((_, currency)) => {
            Cell::Amount(reported - (sum("amount") - sum("cancelled")), currency)
        }
        None => Cell::Empty,
    }
}
