//! Booked movements with their details become entries.
//!
//! A *globalisation* is one booked amount for many transactions, which follow as its details; a
//! detail may be the total of further details. Where those that are not totals add up to the
//! booked amount, each of them is an entry; else the booked movement is one, with the texts of
//! them all.

use super::movement::{Movement, Texts};
use crate::domain::statement::{StatementEntry, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::statements::fixed_width::values::{add_line, add_reference};

/// A booked movement with its details so far.
#[derive(Debug)]
pub(super) struct Booking {
    booked: Movement,
    details: Vec<Movement>,
    /// False when a detail could not be read: then nobody knows what they add up to.
    are_all_known: bool,
}

impl Booking {
    pub(super) fn new(booked: Movement) -> Self {
        Self {
            booked,
            details: Vec::new(),
            are_all_known: true,
        }
    }

    /// Its sequence number, which its details repeat.
    pub(super) fn sequence(&self) -> &str {
        &self.booked.sequence
    }

    /// Number of the last detail; 0000 before the first.
    pub(super) fn last_detail(&self) -> &str {
        &self.latest().detail
    }

    pub(super) fn add(&mut self, detail: Movement) {
        self.details.push(detail);
    }

    /// One of its details cannot be read.
    pub(super) fn add_unknown(&mut self) {
        self.are_all_known = false;
    }

    fn latest(&self) -> &Movement {
        self.details.last().unwrap_or(&self.booked)
    }

    /// The movement that further records continue or explain.
    pub(super) fn latest_mut(&mut self) -> &mut Movement {
        self.details.last_mut().unwrap_or(&mut self.booked)
    }

    /// Hands over the entries.
    pub(super) fn hand_over(&self, currency: Currency, sink: &mut dyn StatementSink) {
        match self.split() {
            Some(parts) => {
                let own = self.booked.texts();
                for part in parts {
                    sink.entry(entry_of_detail(part, &self.booked, &own, currency));
                }
            }
            None => sink.entry(self.entry(currency)),
        }
    }

    /// The details that are the booked movement, when there are several.
    fn split(&self) -> Option<Vec<&Movement>> {
        if !self.are_all_known {
            return None;
        }
        let adds_up = |parts: &Vec<&Movement>| {
            let sum: Amount = parts.iter().map(|part| part.amount).sum();
            parts.len() > 1 && sum == self.booked.amount
        };
        // Banks mark totals by level, by type, or not at all.
        let all = || self.details.iter().collect();
        // Banks mark totals by level, by type, or not at all.
        Some(self.without_levels())
            .filter(adds_up)
            .or_else(|| Some(self.without_types()).filter(adds_up))
            .or_else(|| Some(all()).filter(adds_up))
    }

    /// Details that do not begin a level of their own. A level begins where its number stands
    /// first, and ends where it stands again.
    fn without_levels(&self) -> Vec<&Movement> {
        let mut open = vec![self.booked.level];
        let mut leaves = Vec::with_capacity(self.details.len());
        for detail in &self.details {
            let level = detail.level;
            if !level.is_ascii_digit() || level == '0' {
                leaves.push(detail);
            } else if let Some(place) = open.iter().rposition(|known| *known == level) {
                open.truncate(place);
                leaves.push(detail);
            } else {
                open.push(level);
            }
        }
        leaves
    }

    /// Details without those of type 7 that details of type 9 explain.
    fn without_types(&self) -> Vec<&Movement> {
        let next = self.details.iter().skip(1).map(|next| next.kind);
        let next = next.chain(std::iter::once(' '));
        let all = self.details.iter().zip(next);
        all.filter(|(detail, next)| !(detail.kind == '7' && *next == '9'))
            .map(|(detail, _)| detail)
            .collect()
    }

    /// The booked movement as one entry, with what its details say.
    fn entry(&self, currency: Currency) -> StatementEntry {
        let mut texts = self.booked.texts();
        for detail in &self.details {
            texts.add(&detail.texts());
        }
        entry(&self.booked, texts, currency)
    }
}

/// A detail as an entry, with what the booked movement says for all of them.
fn entry_of_detail(
    detail: &Movement,
    booked: &Movement,
    common: &Texts,
    currency: Currency,
) -> StatementEntry {
    let mut texts = detail.texts();
    texts.add(common);
    let mut entry = entry(detail, texts, currency);
    if entry.servicer_reference.is_empty() {
        entry.servicer_reference.clone_from(&booked.reference);
    }
    entry
}

fn entry(movement: &Movement, texts: Texts, currency: Currency) -> StatementEntry {
    StatementEntry {
        line: movement.line,
        servicer_reference: movement.reference.clone(),
        booked_on: movement.booked_on,
        value_on: movement.value_on,
        amount: movement.amount,
        currency,
        counterparty: texts.counterparty,
        references: texts.references,
        remittance: texts.remittance,
    }
}

impl Texts {
    /// Adds what another movement says and this one does not.
    fn add(&mut self, other: &Self) {
        if self.counterparty.is_empty() {
            self.counterparty.clone_from(&other.counterparty);
        }
        for reference in &other.references {
            add_reference(&mut self.references, reference);
        }
        if !self.remittance.contains(&other.remittance) {
            add_line(&mut self.remittance, &other.remittance);
        }
    }
}
