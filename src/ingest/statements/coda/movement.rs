//! One movement: its record `21`, what `22` and `23` continue, and the information after it.

use chrono::NaiveDate;

use super::Version;
use super::communication::{self, Communication};
use crate::domain::money::AmountError;
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;
use crate::ingest::statements::fixed_width::values::{
    add_line, add_reference, day_ddmmyy, implied_decimals, optional_day, words,
};
use crate::ingest::statements::fixed_width::{Record, columns};

/// Decimals of all amounts, whatever the currency.
const DECIMALS: usize = 3;

/// Digits of an amount; a shorter one is cut off.
const AMOUNT_CHARS: usize = 15;

/// Number of the movement itself among its details.
pub(super) const BOOKED: &str = "0000";

/// What the records of a movement say.
#[derive(Debug)]
pub(super) struct Movement {
    pub(super) line: u32,
    /// Number of the booked movement, which its details repeat.
    pub(super) sequence: String,
    /// 0000 for the booked movement itself.
    pub(super) detail: String,
    /// The bank's reference.
    pub(super) reference: String,
    pub(super) amount: Amount,
    pub(super) booked_on: NaiveDate,
    pub(super) value_on: Option<NaiveDate>,
    /// Type of the transaction: 1 and 2 are totals, 3 has charges, 5 to 9 are details.
    pub(super) kind: char,
    /// Level of globalisation that begins or ends here; 0 for none.
    pub(super) level: char,
    is_structured: bool,
    communication: String,
    customer_reference: String,
    counterparty: String,
    information: Vec<Information>,
}

/// One text of records `31`, `32` and `33`.
#[derive(Debug)]
struct Information {
    is_structured: bool,
    raw: String,
}

/// What a movement says, ready for an entry.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) counterparty: String,
    pub(super) references: Vec<String>,
    pub(super) remittance: String,
}

/// An amount with its sign: 0 is credit, 1 is debit.
///
/// # Errors
/// When it is none, or not exact in its currency.
pub(super) fn amount(sign: &str, digits: &str, currency: Currency) -> Result<Amount, AmountError> {
    if digits.len() != AMOUNT_CHARS {
        return Err(AmountError::NotANumber);
    }
    let amount = implied_decimals(digits, DECIMALS, currency)?;
    match sign {
        "0" => Ok(amount),
        "1" => Ok(-amount),
        _ => Err(AmountError::NotANumber),
    }
}

impl Movement {
    /// The movement of a record `21`.
    ///
    /// # Errors
    /// When its amount or one of its days cannot be read.
    pub(super) fn new(record: &Record, currency: Currency) -> Result<Self, RowError> {
        let (sign, digits) = (record.columns(32, 32), record.columns(33, 47));
        let amount = amount(sign, digits, currency).map_err(|error| {
            let reason = format!(
                "{error}; expected 0 (credit) or 1 (debit) and 15 digits, of which 3 are decimals"
            );
            RowError::new("amount (32-47)", record.columns(32, 47), reason)
        })?;
        let day = |first, last, column| {
            optional_day(record.field(first, last), day_ddmmyy, column, "DDMMYY")
        };
        let value_on = day(48, 53, "value date (48-53)")?;
        let booked_on = day(116, 121, "entry date (116-121)")?.or(value_on);
        let booked_on = booked_on.ok_or_else(|| {
            let reason = "is missing, and so is the value date (48-53); expected DDMMYY";
            RowError::new("entry date (116-121)", record.field(116, 121), reason)
        })?;
        Ok(Self {
            line: record.line,
            sequence: record.columns(3, 6).to_owned(),
            detail: record.columns(7, 10).to_owned(),
            reference: words(record.field(11, 31)),
            amount,
            booked_on,
            value_on,
            kind: first_char(record.columns(54, 54)),
            level: first_char(record.columns(125, 125)),
            is_structured: record.columns(62, 62) == "1",
            communication: record.padded(63, 115),
            customer_reference: String::new(),
            counterparty: String::new(),
            information: Vec::new(),
        })
    }

    /// Takes a record `22`.
    pub(super) fn second(&mut self, record: &Record) {
        self.communication.push_str(&record.padded(11, 63));
        record
            .field(64, 98)
            .clone_into(&mut self.customer_reference);
    }

    /// Takes a record `23`. Version 1 has an address where version 2 goes on with the
    /// communication.
    pub(super) fn third(&mut self, record: &Record, version: Version) {
        let name = match version {
            Version::One => record.field(48, 73),
            Version::Two => record.field(48, 82),
        };
        self.counterparty = words(name);
        if version == Version::Two {
            self.communication.push_str(&record.padded(83, 125));
        }
    }

    /// Takes a record `31`, `32` or `33`.
    pub(super) fn inform(&mut self, record: &Record) {
        let (is_structured, raw) = match record.columns(2, 2) {
            "1" => (record.columns(40, 40) == "1", record.padded(41, 113)),
            "2" => return self.go_on(&record.padded(11, 115)),
            _ => return self.go_on(&record.padded(11, 100)),
        };
        match self.information.last_mut() {
            // A long text spreads over several of them.
            Some(last) if !last.is_structured && !is_structured => last.raw.push_str(&raw),
            _ => self.information.push(Information { is_structured, raw }),
        }
    }

    fn go_on(&mut self, raw: &str) {
        if let Some(last) = self.information.last_mut() {
            last.raw.push_str(raw);
        }
    }

    /// What its records say.
    pub(super) fn texts(&self) -> Texts {
        let Communication { text, references } =
            communication::read(&self.communication, self.is_structured);
        let mut found = Texts {
            counterparty: self.counterparty.clone(),
            references: Vec::new(),
            remittance: text,
        };
        add_reference(&mut found.references, &self.customer_reference);
        for reference in &references {
            add_reference(&mut found.references, reference);
        }
        add_reference(&mut found.references, &self.reference);
        for information in &self.information {
            information.tell(&mut found);
        }
        found
    }
}

/// Characters of a party's name in structured information.
const NAME_CHARS: usize = 70;

impl Information {
    fn tell(&self, texts: &mut Texts) {
        let (kind, content) = (columns(&self.raw, 1, 3), columns(&self.raw, 4, usize::MAX));
        let text = match (self.is_structured, kind) {
            (false, _) => words(&self.raw),
            // The other party: its address is not needed.
            (true, "001") => {
                let name = words(columns(content, 1, NAME_CHARS));
                if texts.counterparty.is_empty() {
                    texts.counterparty = name;
                    return;
                }
                if texts.counterparty.contains(&name) {
                    return;
                }
                name
            }
            // Whom the other party acts for.
            (true, "008" | "009") => words(columns(content, 1, NAME_CHARS)),
            (true, _) => words(content),
        };
        if !texts.remittance.contains(&text) {
            add_line(&mut texts.remittance, &text);
        }
    }
}

fn first_char(text: &str) -> char {
    text.chars().next().unwrap_or('0')
}
