//! Which way an amount went, where a bank writes it without a sign and a word beside it: `D`/`C`,
//! `S`/`H`, `Af`/`Bij`.
//!
//! A debit that is taken for a credit is money that never came. So a word that is not known
//! rejects its row, and a file whose words stand in a column that nobody named is refused.

use crate::domain::Amount;
use crate::ingest::profile::Profile;
use crate::ingest::settlement::{Side, Sides};
use crate::ingest::table::{Header, Row};
use crate::ingest::{Refusal, RowError};

/// The canonical name of the column.
const COLUMN: &str = "direction";

/// Words that banks use. Spanish banks also write `A` and `C` for *abono* and *cargo*, but `C` is
/// a credit everywhere else: a profile must say so.
const SIDES: [(Side, &[&str]); 2] = [
    (
        Side::Credit,
        &[
            "c", "cr", "crdt", "credit", "crédit", "crédito", "credito", "kredit", "h", "haben",
            "haber", "abono", "avere", "bij", "+",
        ],
    ),
    (
        Side::Debit,
        &[
            "d", "dr", "dbit", "debit", "débit", "débito", "debito", "debet", "s", "soll", "debe",
            "adeudo", "dare", "af", "-", "\u{2212}",
        ],
    ),
];

/// Gives the amounts of an export their sign.
pub(super) struct Direction {
    sides: Sides,
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
    pub(super) fn of(header: &Header, profile: &Profile) -> Self {
        let column = header.column(COLUMN).filter(|_| !header.is_loose);
        let suspect = |column: usize| Suspect {
            column,
            name: header.names().get(column).cloned().unwrap_or_default(),
            is_needed: false,
            says_words: false,
            has_both: [false; 2],
        };
        let unknown = if column.is_none() && header.column("amount").is_some() {
            header.unknown()
        } else {
            Vec::new()
        };
        Self {
            sides: Sides::of(profile, &SIDES),
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
        let problem = match self.sides.side(word) {
            Some(Side::Debit) => return Ok(-amount.abs()),
            Some(Side::Credit) if !amount.is_negative() => return Ok(amount),
            Some(Side::Credit) => "says credit, but the amount beside it is negative",
            None if word.is_empty() => "is empty and must say debit or credit",
            None => {
                "is neither debit nor credit; say what it means in [profile.values.direction], or"
            }
        };
        let reason = if problem.ends_with("or") {
            format!("{problem} export the file again")
        } else {
            format!("{problem}; check the profile, or export the file again")
        };
        Err(RowError::new(&self.name, word, reason))
    }

    fn watch(&mut self, row: &Row, amount: Amount) {
        let sides = &self.sides;
        self.suspects.retain_mut(|suspect| {
            let word = row.text(Some(suspect.column));
            let Some(side) = sides.side(word) else {
                return false;
            };
            let [credit, debit] = &mut suspect.has_both;
            match side {
                Side::Credit => *credit = true,
                Side::Debit => *debit = true,
            }
            suspect.says_words |= word.chars().count() > 1;
            suspect.is_needed |= side == Side::Debit && !amount.is_negative() && !amount.is_zero();
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
