//! One movement: its record `22`, and the texts of its records `23`.

use super::TEXTS_MAX;
use crate::domain::Currency;
use crate::domain::money::AmountError;
use crate::domain::statement::StatementEntry;
use crate::ingest::statements::fixed_width::Record;
use crate::ingest::statements::fixed_width::values::{
    add_line, add_reference, day_yymmdd, implied_decimals, optional_day, words,
};
use crate::ingest::{Refusal, RowError};

/// Decimals of all amounts, whatever the currency.
pub(super) const DECIMALS: usize = 2;

/// Common concept of transfers.
const TRANSFER: &str = "04";

/// Mode of information that structures the texts of transfers.
const STRUCTURED: &str = "3";

/// An entry that further texts may add to.
#[derive(Debug)]
pub(super) struct Movement {
    entry: StatementEntry,
    is_transfer: bool,
    texts: Vec<Text>,
}

/// What a record `23` says, in case it is one of the five of a SEPA transfer.
#[derive(Debug)]
struct Text {
    code: String,
    /// Columns 5 to 70 of text 01: the other party.
    party: String,
    /// Columns 5 to 39 of text 02: its reference.
    reference: String,
}

impl Movement {
    /// The movement of a record `22`.
    ///
    /// # Errors
    /// When its amount, its direction or one of its days cannot be read.
    pub(super) fn new(record: &Record, currency: Currency, mode: &str) -> Result<Self, RowError> {
        let booked = record.field(11, 16);
        let booked_on = day_yymmdd(booked).ok_or_else(|| {
            let reason = "is not a day; expected YYMMDD";
            RowError::new("operation date (11-16)", booked, reason)
        })?;
        let value = record.field(17, 22);
        let value_on = optional_day(value, day_yymmdd, "value date (17-22)", "YYMMDD")?;
        let text = record.columns(29, 42);
        let unsigned = if text.len() == AMOUNT_CHARS {
            implied_decimals(text, DECIMALS, currency)
        } else {
            Err(AmountError::NotANumber)
        };
        let unsigned = unsigned.map_err(|error| {
            let reason = format!("{error}; expected 14 digits, of which 2 are decimals");
            RowError::new("amount (29-42)", text, reason)
        })?;
        let amount = match record.columns(28, 28) {
            "1" => -unsigned,
            "2" => unsigned,
            other => {
                let reason = "is no direction; expected 1 (debit) or 2 (credit)";
                return Err(RowError::new("sign (28)", other, reason));
            }
        };
        let mut references = Vec::new();
        for (first, last) in [(43, 52), (53, 64), (65, 80)] {
            add_reference(&mut references, record.field(first, last));
        }
        let is_full = !is_zeros(record.columns(53, 64)) && !record.columns(64, 65).contains(' ');
        if is_full {
            // Banks write one long reference over both fields.
            add_reference(&mut references, record.field(53, 80));
        }
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
            is_transfer: mode == STRUCTURED && record.columns(23, 24) == TRANSFER,
            texts: Vec::new(),
        })
    }

    /// Takes a record `23`.
    ///
    /// # Errors
    /// When there are more texts than any bank writes.
    pub(super) fn text(&mut self, record: &Record) -> Result<(), Refusal> {
        if self.texts.len() >= TEXTS_MAX {
            return Err(record.refusal(&format!(
                "a movement has more than {TEXTS_MAX} texts (record 23), the limit"
            )));
        }
        add_line(&mut self.entry.remittance, record.field(5, 80));
        self.texts.push(Text {
            code: record.columns(3, 4).to_owned(),
            party: words(record.field(5, 70)),
            reference: words(record.field(5, 39)),
        });
        Ok(())
    }

    /// The entry, with what its texts say where they are structured.
    pub(super) fn into_entry(self) -> StatementEntry {
        let mut entry = self.entry;
        let codes: Vec<&str> = self.texts.iter().map(|text| text.code.as_str()).collect();
        let is_structured = self.is_transfer && codes == ["01", "02", "03", "04", "05"];
        if let [party, reference, ..] = self.texts.as_slice()
            && is_structured
        {
            entry.counterparty.clone_from(&party.party);
            add_reference(&mut entry.references, &reference.reference);
        }
        entry
    }
}

fn is_zeros(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'0')
}

/// A shorter amount is cut off.
pub(super) const AMOUNT_CHARS: usize = 14;
