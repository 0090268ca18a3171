//! The table of orders: a first night has as many as the shop has orders, so the page shows those
//! that are open and counts the others. Their rows are taken while they are matched.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::tables::{Facets, Section, TableView, column};
use crate::report::language::{Kind, Value};
use crate::report::table::Cell;
use crate::report::views;
use crate::report::words::{Words, key};

const ORDERS: TableView = TableView {
    table: views::orders::TABLE,
    rows_max: 2_000,
    intro: None,
    none: "html-orders-none",
    columns: &[
        column("order_reference", "l"),
        column("provider", "w"),
        column("merchant", "w"),
        column("status", "w"),
        column("amount", "n"),
        column("cancelled", "n w"),
        column("reported_funded", "n"),
        column("reported_cancelled", "n w"),
        column("net", "n w"),
        column("currency", "w"),
        column("state", ""),
    ],
    facets: &["provider", "status", "currency"],
    words: &[("state", Kind::OrderState)],
};

/// The orders that are open, taken while they are matched; of the others only their number.
#[derive(Default)]
pub(super) struct Orders {
    rows: Vec<String>,
    facets: Option<Facets>,
    /// How many are in each state.
    states: BTreeMap<String, u64>,
}

impl Orders {
    pub(super) fn take(&mut self, words: Words<'_>, cells: &[Cell<'_>]) -> io::Result<()> {
        let state = ORDERS.at("state").and_then(|at| cells.get(at));
        let state = state.map_or(String::new(), key);
        let open = state == "open";
        match self.states.get_mut(&state) {
            Some(count) => *count += 1,
            None => _ = self.states.insert(state, 1),
        }
        if open && self.rows.len() < ORDERS.rows_max {
            let facets = self.facets.get_or_insert_with(|| ORDERS.facets(words));
            facets.count(cells);
            self.rows.push(ORDERS.row(words, cells)?);
        }
        Ok(())
    }

    /// How many are in a state.
    pub(super) fn count(&self, state: &str) -> u64 {
        self.states.get(state).copied().unwrap_or(0)
    }

    pub(super) fn write(&self, out: &mut impl Write, words: Words<'_>) -> io::Result<()> {
        let mut facets = ORDERS.facets(words);
        if let Some(counted) = &self.facets {
            facets.counts.clone_from(&counted.counts);
        }
        let mut heading = ORDERS.heading(words, self.count("open"), facets);
        let values = [
            ("pending", Value::Count(self.count("pending"))),
            ("balanced", Value::Count(self.count("balanced"))),
        ];
        heading.intro = words.texts.with("html-orders-intro", &values);
        let mut section = Section::begin(out, &heading)?;
        for row in &self.rows {
            section.row(row)?;
        }
        section.end()
    }
}
