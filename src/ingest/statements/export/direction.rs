//! Which way an amount went, where a bank writes it without a sign and a word beside it: `D`/`C`,
//! `S`/`H`, `Af`/`Bij`.
//!
//! A debit that is taken for a credit is money that never came. So a word that is not known
//! rejects its row, and a file whose words stand in a column that nobody named is refused.

use crate::domain::Amount;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Header, Row};
use crate::ingest::words::{Side, Words};
use crate::ingest::{Refusal, RowError};

/// The canonical name of the column.
const COLUMN: &str = "direction";

/// Gives the amounts of an export their sign.
pub(super) struct Direction {
    sides: Words<Side>,
    column: Option<usize>,
    name: String,
    suspects: Vec<Suspect>,
}

/// A column without a meaning in which every row so far had a word for a direction.
struct Suspect {
    column: usize,
    name: String,
    /// A debit was written without a minus.
    is_needed: bool,
    /// A whole word was seen: single letters stand for many things.
    says_words: bool,
    has_both: [bool; 2],
}

impl Direction {
    /// The column of the header, else those that may be it.
    pub(super) fn of(header: &Header, profile: &Profile, is_apart: bool) -> Self {
        let column = header.column(COLUMN).filter(|_| !header.is_loose);
        let suspect = |column: usize| Suspect {
            column,
            name: header.names().get(column).cloned().unwrap_or_default(),
            is_needed: false,
            says_words: false,
            has_both: [false; 2],
        };
        let unknown = if column.is_none() && !is_apart {
            header.unknown()
        } else {
            Vec::new()
        };
        Self {
            sides: Side::words(profile),
            column,
            name: header.name(COLUMN).to_owned(),
            suspects: unknown.into_iter().map(suspect).collect(),
        }
    }

    /// The amount with its sign.
    ///
    /// # Errors
    /// The word is missing or not known, or says credit of a negative amount.
    pub(super) fn signed(&mut self, row: &Row, amount: Amount) -> Result<Amount, RowError> {
        if self.column.is_none() {
            self.watch(row, amount);
            return Ok(amount);
        }
        let word = row.text(self.column);
        let Some(side) = self.sides.find(word) else {
            return Err(self.sides.unknown(&self.name, word));
        };
        match side {
            Side::Debit => Ok(-amount.abs()),
            Side::Credit if !amount.is_negative() => Ok(amount),
            Side::Credit => Err(RowError::new(
                &self.name,
                word,
                "says credit, but the amount beside it is negative; check the profile, or export \
                 the file again",
            )),
        }
    }

    fn watch(&mut self, row: &Row, amount: Amount) {
        let sides = &self.sides;
        self.suspects.retain_mut(|suspect| {
            let word = row.text(Some(suspect.column));
            let Some(side) = sides.find(word) else {
                return false;
            };
            let [credit, debit] = &mut suspect.has_both;
            match side {
                Side::Credit => *credit = true,
                Side::Debit => *debit = true,
            }
            suspect.says_words |= word.chars().count() > 1;
            suspect.is_needed |= *side == Side::Debit && !amount.is_negative() && !amount.is_zero();
            true
        });
    }

    /// Refuses a file that says *debit* of amounts without a minus in a column of no known name.
    ///
    /// # Errors
    /// When there is such a column.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let is_one = |it: &&Suspect| it.is_needed && (it.says_words || it.has_both == [true; 2]);
        match self.suspects.iter().find(is_one) {
            None => Ok(()),
            Some(Suspect { name, .. }) => Err(Refusal::new(format!(
                "says in its column «{name}» that amounts are debits, but the amounts have no \
                 minus; name the column in a [[profile]], with direction = [\"{name}\"] in \
                 [profile.columns]"
            ))),
        }
    }
}
