//! One movement: its record `04`, and what the complements `05` add to it.

use super::COMPLEMENTS_MAX;
use super::amount::{DECIMALS, Written, decimals};
use crate::domain::Currency;
use crate::domain::money::AmountError;
use crate::domain::statement::StatementEntry;
use crate::ingest::statements::fixed_width::values::{
    add_line, add_reference, day_ddmmyy, implied_decimals, optional_day, words,
};
use crate::ingest::statements::fixed_width::{Record, columns};
use crate::ingest::{Refusal, RowError};

/// An entry that further complements may add to.
#[derive(Debug)]
pub(super) struct Movement {
    entry: StatementEntry,
    names: Names,
    texts: Texts,
    complements: usize,
}

/// What the remittance text is put together from. A text goes on in the next complement of its
/// kind, whatever complements of other kinds stand between them.
#[derive(Debug, Default)]
struct Texts {
    /// The label and what `LIB` adds to it.
    label: String,
    /// What the payer wrote.
    remittance: String,
    /// All others.
    others: String,
}

/// The parties that complements name.
#[derive(Debug, Default)]
struct Names {
    payer: String,
    beneficiary: String,
    ultimate_payer: String,
    ultimate_beneficiary: String,
}

/// What a movement takes from its statement when it does not say it itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults {
    pub(super) currency: Option<Currency>,
    pub(super) decimals: Option<usize>,
}

/// The currency of a record; `None` where it is blank.
///
/// # Errors
/// When something else than three letters is written.
pub(super) fn currency(record: &Record) -> Result<Option<Currency>, RowError> {
    let text = record.field(17, 19);
    if text.is_empty() {
        return Ok(None);
    }
    let currency = Currency::parse(text);
    currency.map(Some).ok_or_else(|| {
        let reason = "is not a currency; expected three letters, as EUR";
        RowError::new("currency (17-19)", text, reason)
    })
}

impl Movement {
    /// The movement of a record `04`.
    ///
    /// # Errors
    /// When its amount or one of its days cannot be read.
    pub(super) fn new(record: &Record, defaults: Defaults) -> Result<Self, RowError> {
        let currency = currency(record)?
            .or(defaults.currency)
            .unwrap_or(Currency::EUR);
        let written = Written {
            text: record.columns(91, 104).to_owned(),
            decimals: decimals(record.field(20, 20)).or(defaults.decimals),
        };
        let amount = written.read(currency).map_err(|error| {
            let reason = match error {
                AmountError::NotANumber => {
                    "is not an amount; expected 13 digits and a last one with the sign ({ABCDEFGHI \
                     credit, }JKLMNOPQR debit)"
                        .to_owned()
                }
                AmountError::NotExact { .. } | AmountError::TooLarge => error.to_string(),
            };
            RowError::new("amount (91-104)", &written.text, reason)
        })?;
        let booked = record.field(35, 40);
        let booked_on = day_ddmmyy(booked).ok_or_else(|| {
            let reason = "is not a day; expected DDMMYY";
            RowError::new("booking date (35-40)", booked, reason)
        })?;
        let value = record.field(43, 48);
        let value_on = optional_day(value, day_ddmmyy, "value date (43-48)", "DDMMYY")?;
        let mut references = Vec::new();
        add_reference(&mut references, record.field(82, 88));
        add_reference(&mut references, record.field(105, 120));
        Ok(Self {
            entry: StatementEntry {
                line: record.line,
                servicer_reference: String::new(),
                booked_on,
                value_on,
                amount,
                currency,
                counterparty: String::new(),
                references,
                remittance: String::new(),
            },
            names: Names::default(),
            texts: Texts {
                label: words(record.field(49, 79)),
                ..Texts::default()
            },
            complements: 0,
        })
    }

    /// The currency of its amount.
    pub(super) fn currency(&self) -> Currency {
        self.entry.currency
    }

    /// Takes a record `05`.
    ///
    /// # Errors
    /// When there are more complements than any bank writes.
    pub(super) fn complement(&mut self, record: &Record) -> Result<(), Refusal> {
        self.complements = self.complements.saturating_add(1);
        if self.complements > COMPLEMENTS_MAX {
            return Err(record.refusal(&format!(
                "a movement has more than {COMPLEMENTS_MAX} complements (record 05), the limit"
            )));
        }
        let text = record.field(49, 118);
        let [first, second] = [record.field(49, 83), record.field(84, 118)];
        let (entry, texts) = (&mut self.entry, &mut self.texts);
        match record.field(46, 48) {
            "NPY" => add_line(&mut self.names.payer, text),
            "NBE" => add_line(&mut self.names.beneficiary, text),
            "NPO" => add_line(&mut self.names.ultimate_payer, text),
            "NBU" => add_line(&mut self.names.ultimate_beneficiary, text),
            "REF" => {
                add_reference(&mut entry.references, first);
                if entry.servicer_reference.is_empty() && entry.references.contains(&words(first)) {
                    entry.servicer_reference = words(first);
                }
                add_reference(&mut entry.references, second);
            }
            "RCN" => {
                add_reference(&mut entry.references, first);
                add_line(&mut texts.others, second);
            }
            "RUM" => add_reference(&mut entry.references, first),
            "LCS" => {
                add_reference(&mut entry.references, first);
                add_line(&mut texts.others, text);
            }
            "MMO" => self.original_amount(text),
            // Identifiers and accounts of the parties, charges, country: nothing to match with.
            "IPY" | "IBE" | "IPO" | "IBU" | "CPY" | "CBE" | "FEE" | "PDO" => {}
            "LCC" | "LC2" => add_line(&mut texts.remittance, text),
            "LIB" | "" => add_line(&mut texts.label, text),
            _ => add_line(&mut texts.others, record.field(46, 118)),
        }
        Ok(())
    }

    /// Tells the amount before its conversion, when there was one.
    fn original_amount(&mut self, text: &str) {
        let digits = columns(text, 5, 18);
        let Some(currency) = Currency::parse(columns(text, 1, 3)) else {
            return;
        };
        let decimals = decimals(columns(text, 4, 4)).unwrap_or(DECIMALS);
        if currency == self.entry.currency {
            return;
        }
        if let Ok(amount) = implied_decimals(digits, decimals, currency) {
            let line = format!("{currency} {}", amount.display(currency));
            add_line(&mut self.texts.others, &line);
        }
    }

    /// The entry, with the other party: who pays a credit, who receives a debit.
    pub(super) fn into_entry(self) -> StatementEntry {
        let Self {
            mut entry,
            names,
            texts,
            ..
        } = self;
        for text in [&texts.label, &texts.remittance, &texts.others] {
            add_line(&mut entry.remittance, text);
        }
        let [party, ultimate] = if entry.amount.is_negative() {
            [names.beneficiary, names.ultimate_beneficiary]
        } else {
            [names.payer, names.ultimate_payer]
        };
        if party.is_empty() {
            entry.counterparty = ultimate;
        } else {
            // A payment institution may stand before the one it pays for.
            entry.counterparty = party;
            add_line(&mut entry.remittance, &ultimate);
        }
        entry
    }
}
