//! From the record of one `Ntry` to booked entries, or to a rejected row.
//!
//! An entry is booked as a whole: its amount, sign and dates are its own. Its details say what
//! it is made of. When all of them carry an amount in the entry's currency and add up to it
//! exactly, the entry becomes one a detail; otherwise it stays one, with the references and the
//! remittance of them all.

use std::collections::HashSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::record::{Part, Record};
use super::schema::{Field, Party};
use super::statement::{Heading, day, unsigned};
use crate::domain::statement::{StatementEntry, StatementKind};
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;

/// What banks write where there is no reference.
const NO_REFERENCE: [&str; 2] = ["NOTPROVIDED", "NONREF"];

/// An entry as the bank booked it, before its details.
#[derive(Clone, Copy, Debug)]
struct Booking {
    /// Number of the `Ntry` in the file, from 1; details that became entries share it.
    number: u32,
    amount: Amount,
    is_debit: bool,
    currency: Currency,
    booked_on: NaiveDate,
    value_on: Option<NaiveDate>,
}

/// What an entry's record holds.
pub(super) enum Booked {
    /// Nothing that is booked.
    Nothing,
    /// Entries with their signs as they are written.
    Entries(Vec<StatementEntry>),
    /// The entries of a reversal, with both signs that banks may mean.
    Reversal(Reversal),
}

/// Entries that take others back. By ISO 20022 `CdtDbtInd` is their sign; programs that convert
/// MT940 leave there the sign of what is taken back.
pub(super) struct Reversal {
    pub(super) written: Vec<StatementEntry>,
    pub(super) turned: Vec<StatementEntry>,
}

/// What an entry's record holds.
///
/// # Errors
/// The row is rejected.
pub(super) fn booked(record: &Record, number: u32, heading: &Heading) -> Result<Booked, RowError> {
    let own = record.own();
    let Some(booking) = booking(own, number, heading)? else {
        return Ok(Booked::Nothing);
    };
    let written = entries(record, booking, |amount| amount);
    Ok(match own.first(Field::Reversal) {
        Some("true" | "1") => Booked::Reversal(Reversal {
            written,
            turned: entries(record, booking, |amount| -amount),
        }),
        _ => Booked::Entries(written),
    })
}

/// The entry, or one for each of its details, with the sign that `sign` gives their amounts.
fn entries(
    record: &Record,
    booking: Booking,
    sign: impl Fn(Amount) -> Amount,
) -> Vec<StatementEntry> {
    let with = |amount: Amount| Booking {
        amount: sign(amount),
        ..booking
    };
    match split(record, booking) {
        Some(amounts) => amounts
            .into_iter()
            .enumerate()
            .map(|(at, amount)| entry(record, at..at.saturating_add(1), with(amount)))
            .collect(),
        None => vec![entry(record, 0..record.details(), with(booking.amount))],
    }
}

/// The entry's own amount and dates; `None` when it is not booked.
fn booking(own: Part<'_>, number: u32, heading: &Heading) -> Result<Option<Booking>, RowError> {
    if !is_booked(own.first(Field::Status), heading.kind())? {
        return Ok(None);
    }
    let (text, code) = own.amount(Field::Amount).unwrap_or_default();
    let currency = match code {
        "" => heading.currency(),
        code => Currency::parse(code),
    };
    let currency = currency.ok_or_else(|| {
        let reason = "is not a currency; expected three letters, as EUR";
        RowError::new("Ntry/Amt/@Ccy", code, reason)
    })?;
    let amount =
        unsigned(text, currency).map_err(|problem| RowError::new("Ntry/Amt", text, problem))?;
    let is_debit = match own.first(Field::Sign) {
        Some("CRDT") => false,
        Some("DBIT") => true,
        other => {
            let reason = "is no direction; expected CRDT or DBIT";
            return Err(RowError::new(
                "Ntry/CdtDbtInd",
                other.unwrap_or_default(),
                reason,
            ));
        }
    };
    let value_on = date(own, Field::ValueOn, "Ntry/ValDt")?;
    let booked_on = date(own, Field::BookedOn, "Ntry/BookgDt")?;
    let booked_on = booked_on.or(value_on).or_else(|| heading.last_day());
    let booked_on = booked_on.ok_or_else(|| {
        let reason = "is missing, and so are the value date, the date of the closing balance and \
                      the end of the statement's period; expected one of them";
        RowError::new("Ntry/BookgDt", "", reason)
    })?;
    Ok(Some(Booking {
        number,
        amount: signed(amount, is_debit),
        is_debit,
        currency,
        booked_on,
        value_on,
    }))
}

/// A status is mandatory; banks that leave it out of end-of-day statements mean booked.
fn is_booked(status: Option<&str>, kind: StatementKind) -> Result<bool, RowError> {
    let reason = match (status, kind) {
        (Some("BOOK"), _) | (None, StatementKind::Booked) => return Ok(true),
        (Some("PDNG" | "FUTR" | "INFO"), _) => return Ok(false),
        (Some(_), _) => "is no known status; expected BOOK, PDNG, FUTR or INFO",
        (None, StatementKind::Intraday | StatementKind::Export) => {
            "is missing, and before the end of the day only BOOK makes an entry booked"
        }
    };
    Err(RowError::new(
        "Ntry/Sts",
        status.unwrap_or_default(),
        reason,
    ))
}

fn date(own: Part<'_>, field: Field, element: &str) -> Result<Option<NaiveDate>, RowError> {
    let Some(text) = own.first(field) else {
        return Ok(None);
    };
    match day(text) {
        Some(day) => Ok(Some(day)),
        None => Err(RowError::new(
            element,
            text,
            "is not a date; expected YYYY-MM-DD",
        )),
    }
}

fn signed(amount: Amount, is_debit: bool) -> Amount {
    if is_debit { -amount } else { amount }
}

/// The amounts of the details, when there are several and they are the entry.
fn split(record: &Record, booking: Booking) -> Option<Vec<Amount>> {
    let count = record.details();
    if count < 2 {
        return None;
    }
    let amounts: Option<Vec<Amount>> = (0..count)
        .map(|at| detail_amount(record.detail(at), booking))
        .collect();
    amounts.filter(|amounts| amounts.iter().copied().sum::<Amount>() == booking.amount)
}

/// The amount of a detail in the entry's currency: as booked, as settled, or as ordered.
fn detail_amount(detail: Part<'_>, booking: Booking) -> Option<Amount> {
    let fields = [
        Field::Amount,
        Field::TransactionAmount,
        Field::InstructedAmount,
    ];
    let text = fields.into_iter().find_map(|field| {
        let (text, code) = detail.amount(field)?;
        let is_same = code.is_empty() || Currency::parse(code) == Some(booking.currency);
        is_same.then_some(text)
    })?;
    let amount = unsigned(text, booking.currency).ok()?;
    match detail.first(Field::Sign) {
        None => Some(signed(amount, booking.is_debit)),
        Some("CRDT") => Some(amount),
        Some("DBIT") => Some(-amount),
        Some(_) => None,
    }
}

/// The entry that the given details make.
fn entry(record: &Record, details: Range<usize>, booking: Booking) -> StatementEntry {
    let own = record.own();
    let only = (details.len() == 1).then(|| record.detail(details.start));
    let servicer_reference = only
        .and_then(|detail| reference(detail, Field::ServicerReference))
        .or_else(|| reference(own, Field::ServicerReference))
        .or_else(|| reference(own, Field::EntryReference));
    let details = || details.clone().map(|at| record.detail(at));
    let counterparty = details().find_map(|detail| counterparty(detail, booking.amount));
    StatementEntry {
        line: booking.number,
        servicer_reference: servicer_reference.unwrap_or_default().to_owned(),
        booked_on: booking.booked_on,
        value_on: booking.value_on,
        amount: booking.amount,
        currency: booking.currency,
        counterparty: counterparty.unwrap_or_default().to_owned(),
        references: references(own, details()),
        remittance: remittance(own, details()),
    }
}

fn reference(part: Part<'_>, field: Field) -> Option<&str> {
    part.first(field).filter(|text| is_reference(text))
}

fn is_reference(text: &str) -> bool {
    !NO_REFERENCE
        .iter()
        .any(|none| none.eq_ignore_ascii_case(text))
}

/// The debtor of a credit, the creditor of a debit.
fn counterparty(detail: Part<'_>, amount: Amount) -> Option<&str> {
    let [party, ultimate] = if amount.is_negative() {
        [Party::Creditor, Party::UltimateCreditor]
    } else {
        [Party::Debtor, Party::UltimateDebtor]
    };
    detail
        .first(Field::Name(party))
        .or_else(|| detail.first(Field::Name(ultimate)))
}

/// All references, each once, the entry's own first.
fn references<'a>(own: Part<'a>, details: impl Iterator<Item = Part<'a>>) -> Vec<String> {
    let mut seen = HashSet::new();
    std::iter::once(own)
        .chain(details)
        .flat_map(Part::values)
        .filter(|(field, _)| {
            matches!(
                field,
                Field::EntryReference
                    | Field::ServicerReference
                    | Field::Reference
                    | Field::CreditorReference
            )
        })
        .filter(|(_, text)| is_reference(text) && seen.insert(*text))
        .map(|(_, text)| text.to_owned())
        .collect()
}

/// The text of the details in the file's order, then what the bank adds and they do not say.
fn remittance<'a>(own: Part<'a>, details: impl Iterator<Item = Part<'a>>) -> String {
    let mut text = String::new();
    for detail in details {
        let start = text.len();
        let kinds: [fn(Field) -> bool; 3] = [
            |field| field == Field::Unstructured,
            |field| {
                matches!(
                    field,
                    Field::CreditorReference | Field::AdditionalRemittance
                )
            },
            |field| field == Field::ReturnReason,
        ];
        for kind in kinds {
            let of_kind = detail.values().filter(|(field, _)| kind(*field));
            of_kind.for_each(|(_, piece)| append(&mut text, piece));
        }
        if let Some(piece) = detail.first(Field::AdditionalDetail) {
            append_new(&mut text, start, piece);
        }
    }
    if let Some(piece) = own.first(Field::AdditionalEntry) {
        append_new(&mut text, 0, piece);
    }
    text
}

fn append_new(text: &mut String, from: usize, piece: &str) {
    let said = text.get(from..).unwrap_or_default();
    if !said.contains(piece) {
        append(text, piece);
    }
}

fn append(text: &mut String, piece: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(piece);
}
