//! Which sign reversals have: as it is written, unless the statement tells otherwise.
//!
//! `RvslInd` does not turn a sign by ISO 20022, and does in what some programs write. No fixed rule
//! is right for both, so the balances decide: where the statement does not add up as it is written,
//! and adds up with the signs of all its reversals turned, they are turned.

use crate::domain::Amount;
use crate::domain::Currency;
use crate::domain::statement::{Statement, StatementEntry};

use super::entry::Reversal;

/// The reversals of a statement, and what its other entries add up to.
#[derive(Default)]
pub(super) struct Reversals {
    held: Vec<Reversal>,
    others: Vec<(Currency, Amount)>,
    /// An entry could not be read, so no sum tells anything.
    is_incomplete: bool,
}

impl Reversals {
    /// Counts an entry that takes nothing back.
    pub(super) fn pass(&mut self, entry: &StatementEntry) {
        let known = self.others.iter_mut().find(|(it, _)| *it == entry.currency);
        match known {
            Some((_, sum)) => *sum += entry.amount,
            None => self.others.push((entry.currency, entry.amount)),
        }
    }

    /// Keeps a reversal until the statement ends.
    pub(super) fn hold(&mut self, reversal: Reversal) {
        self.held.push(reversal);
    }

    /// An entry was rejected.
    pub(super) fn lose(&mut self) {
        self.is_incomplete = true;
    }

    /// The entries of the reversals, with the sign that the statement's balances show.
    pub(super) fn settle(&mut self, statement: &Statement) -> Vec<StatementEntry> {
        let is_turned = self.adds_up_turned(statement);
        let held = std::mem::take(&mut self.held).into_iter();
        held.flat_map(|it| if is_turned { it.turned } else { it.written })
            .collect()
    }

    fn adds_up_turned(&self, statement: &Statement) -> bool {
        let (Some(currency), Some(opening), Some(closing)) =
            (statement.currency, statement.opening, statement.closing)
        else {
            return false;
        };
        let others = self.others.iter().find(|(it, _)| *it == currency);
        let others = others.map_or(Amount::ZERO, |(_, sum)| *sum);
        let reversed = self.held.iter().flat_map(|it| &it.written);
        let reversed: Amount = reversed
            .filter(|entry| entry.currency == currency)
            .map(|entry| entry.amount)
            .sum();
        let between = closing - opening - others;
        !self.is_incomplete && between != reversed && between == -reversed
    }
}
