//! Values of a row by field, with what the profile fixes, and errors that name the file's column.

use std::cell::RefCell;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::domain::family::Family;
use crate::domain::file::RowNames;
use crate::domain::order::normal_reference;
use crate::domain::{Amount, Currency};
use crate::ingest::cells::Cell;
use crate::ingest::cells::amount_error;
use crate::ingest::cells::{self, DayReader, InstantReader};
use crate::ingest::profile::Profile;
use crate::ingest::table::{Row, Table};
use crate::ingest::words::Words;
use crate::ingest::{CellError, RowError};

/// Where a field stands: a column of the file, or a value that the profile fixes.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The file's own name of it.
    pub(super) name: String,
    column: Option<usize>,
    fixed: String,
}

impl Field {
    pub(super) fn find(table: &Table, profile: &Profile, canonical: &str) -> Self {
        Self {
            name: table.header.name(canonical).to_owned(),
            column: table.header.column(canonical),
            fixed: profile.fixed.get(canonical).cloned().unwrap_or_default(),
        }
    }

    pub(super) fn cell<'r>(&'r self, row: &'r Row) -> Cell<'r> {
        let cell = row.cell(self.column);
        if cell.text.trim().is_empty() {
            Cell {
                text: &self.fixed,
                typed: false,
            }
        } else {
            cell
        }
    }

    pub(super) fn text<'r>(&'r self, row: &'r Row) -> &'r str {
        self.cell(row).text.trim()
    }

    pub(super) fn missing(&self) -> RowError {
        RowError::new(&self.name, "", "is empty and must not be; export it")
    }

    pub(super) fn error(&self, row: &Row, reason: &str) -> RowError {
        RowError::new(&self.name, self.text(row), reason)
    }

    pub(super) fn reference<'r>(&'r self, row: &'r Row) -> Result<&'r str, RowError> {
        match normal_reference(self.cell(row).text) {
            "" => Err(self.missing()),
            reference => Ok(reference),
        }
    }
}

/// Reads the values of rows under one profile.
pub(super) struct RowFields<'a> {
    profile: &'a Profile,
    providers: Words<String>,
    currencies: Words<Currency>,
    days: RefCell<DayReader>,
    instants: InstantReader,
}

impl<'a> RowFields<'a> {
    pub(super) fn new(profile: &'a Profile, timezone: Tz) -> Self {
        Self {
            profile,
            providers: Words::of(profile, "provider", |name| Some(name.to_owned())),
            currencies: Words::currencies(profile, "currency"),
            days: RefCell::new(DayReader::new(profile.dates.clone())),
            instants: InstantReader::new(timezone),
        }
    }

    /// What the profile says of a provider's name, else the known ones in lower case, however a
    /// file writes them, and others as written.
    /// What a row names, as far as it can be read.
    pub(super) fn names(&self, row: &Row, provider: &Field, reference: &Field) -> RowNames {
        let provider = self.provider(row, provider).unwrap_or_default();
        RowNames {
            provider: provider.to_owned(),
            order_reference: reference.reference(row).unwrap_or_default().to_owned(),
            ..RowNames::default()
        }
    }

    pub(super) fn provider<'r>(
        &'r self,
        row: &'r Row,
        field: &'r Field,
    ) -> Result<&'r str, RowError> {
        let word = field.text(row);
        if let Some(name) = self.providers.find(word) {
            return Ok(name);
        }
        if word.is_empty() {
            return Err(field.missing());
        }
        let mut known = Family::ALL.into_iter().map(Family::word);
        let known = known.find(|it| it.eq_ignore_ascii_case(word));
        Ok(known.unwrap_or(word))
    }

    pub(super) fn currency(&self, row: &Row, field: &Field) -> Result<Currency, RowError> {
        match field.text(row) {
            "" => Err(field.missing()),
            word => self
                .currencies
                .currency(word)
                .ok_or_else(|| field.error(row, "is not a currency of three letters")),
        }
    }

    pub(super) fn amount(
        &self,
        row: &Row,
        field: &Field,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let cell = field.cell(row);
        if cell.text.trim().is_empty() {
            return Ok(None);
        }
        match cells::amount(cell, self.profile.decimal_mark, currency) {
            Ok(amount) => Ok(Some(amount)),
            Err(problem) => Err(amount_error(problem, &field.name, cell.text)),
        }
    }

    pub(super) fn positive_amount(
        &self,
        row: &Row,
        field: &Field,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        match self.amount(row, field, currency)? {
            Some(amount) if amount.is_negative() => Err(field
                .error(row, "is negative; write what was cancelled without a sign")
                .into()),
            amount => Ok(amount),
        }
    }

    /// The local day of a field; `None` where it is empty.
    pub(super) fn day(&self, row: &Row, field: &Field) -> Result<Option<NaiveDate>, RowError> {
        let text = field.text(row);
        if text.is_empty() {
            return Ok(None);
        }
        // Days of a profile's own format first: it is remembered, an instant has to be converted.
        let is_instant = text.len() > 10 && text.as_bytes().get(4) == Some(&b'-');
        let day = if is_instant {
            self.instants.local_day(text)
        } else {
            self.days.borrow_mut().day(field.cell(row))
        };
        let expected = || "is not a date like 2026-11-20 or 2026-11-20T18:03:00+01:00";
        day.map(Some).ok_or_else(|| field.error(row, expected()))
    }

    pub(super) fn instant(
        &self,
        row: &Row,
        field: &Field,
    ) -> Result<Option<NaiveDateTime>, RowError> {
        let text = field.text(row);
        if text.is_empty() {
            return Ok(None);
        }
        let expected = "is not a time like 2026-11-20T18:03:00+01:00";
        self.instants
            .utc(text)
            .map(Some)
            .ok_or_else(|| field.error(row, expected))
    }
}
