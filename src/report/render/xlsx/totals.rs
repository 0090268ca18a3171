//! What the columns of a sheet add up to, exactly, while its rows pass by.
//!
//! The Summary sheet shows these sums as formulas over the rows with the results computed here,
//! so that a reader sees where they come from and a program that computes nothing sees them too.

use std::collections::BTreeMap;

use super::layout::Layout;
use crate::domain::{Amount, Currency};
use crate::report::table::{Cell, TableSpec};

/// Sums of a sheet.
pub(super) struct Totals {
    /// Where the currency of a row is said; its amounts are of it.
    currency: Option<usize>,
    /// The columns that are added up.
    columns: Vec<usize>,
    /// Of amounts, in the order of the layout's `totals`.
    pub(super) by_currency: BTreeMap<Currency, CurrencyTotals>,
    /// Of numbers, in the same order.
    pub(super) integers: Vec<i128>,
}

/// Sums of one currency.
pub(super) struct CurrencyTotals {
    /// Rows of this currency.
    pub(super) rows: u64,
    pub(super) sums: Vec<Amount>,
}

impl Totals {
    pub(super) fn new(spec: &TableSpec, layout: &Layout) -> Self {
        let place = |name: &str| spec.columns.iter().position(|column| *column == name);
        let columns: Vec<usize> = layout
            .totals
            .iter()
            .filter_map(|name| place(name))
            .collect();
        Self {
            currency: place("currency"),
            integers: vec![0; columns.len()],
            columns,
            by_currency: BTreeMap::new(),
        }
    }

    /// Adds a row.
    pub(super) fn take(&mut self, cells: &[Cell<'_>]) {
        if self.columns.is_empty() {
            return;
        }
        let currency = self.currency.and_then(|at| match cells.get(at) {
            Some(Cell::Text(code)) => Currency::parse(code),
            _ => None,
        });
        let mut of_currency = currency.map(|currency| {
            self.by_currency
                .entry(currency)
                .or_insert_with(|| CurrencyTotals {
                    rows: 0,
                    sums: vec![Amount::ZERO; self.columns.len()],
                })
        });
        if let Some(totals) = &mut of_currency {
            totals.rows = totals.rows.saturating_add(1);
        }
        for (sum, at) in self.columns.iter().enumerate() {
            match (cells.get(*at), &mut of_currency) {
                (Some(Cell::Amount(amount, _)), Some(totals)) => {
                    if let Some(sum) = totals.sums.get_mut(sum) {
                        *sum += *amount;
                    }
                }
                (Some(Cell::Integer(number)), _) => {
                    if let Some(sum) = self.integers.get_mut(sum) {
                        *sum = sum.saturating_add(*number);
                    }
                }
                _ => {}
            }
        }
    }
}
