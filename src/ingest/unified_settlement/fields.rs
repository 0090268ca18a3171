//! The 31 fields of a `sett_dtl` record, by place and by documented name.

use crate::ingest::RowError;
use crate::ingest::cells::Cell;
pub(super) use crate::ingest::profile::UNIFIED_SETTLEMENT_FIELDS as FIELDS;
use crate::ingest::table::{Header, Row};

/// A field that is read, by its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Field(usize);

pub(super) const RECORD_TYPE: Field = Field(0);
pub(super) const MERCHANT_ID: Field = Field(1);
pub(super) const SOURCE_FILE_ID: Field = Field(2);
pub(super) const PAYMENT_METHOD: Field = Field(3);
pub(super) const PAYMENT_BRAND: Field = Field(4);
pub(super) const ORDER_ID: Field = Field(5);
pub(super) const TRANSACTION_ID: Field = Field(6);
pub(super) const MERCHANT_REFERENCE: Field = Field(7);
pub(super) const TYPE: Field = Field(8);
pub(super) const TRANSACTION_DATE: Field = Field(9);
pub(super) const TRANSACTION_CURRENCY: Field = Field(10);
pub(super) const TRANSACTION_AMOUNT: Field = Field(11);
pub(super) const SETTLEMENT_DATE: Field = Field(12);
pub(super) const SETTLEMENT_CURRENCY: Field = Field(13);
pub(super) const GROSS: Field = Field(14);
pub(super) const NET: Field = Field(15);
pub(super) const COMMISSION: Field = Field(17);
pub(super) const VAT: Field = Field(21);
pub(super) const BATCH_ID: Field = Field(26);
pub(super) const PAYMENT_DATE: Field = Field(30);

/// Where a file has the fields: at their documented places, or where its header names them.
pub(super) struct Places {
    at: [(Option<usize>, String); 31],
}

impl Places {
    pub(super) fn of(header: &Header) -> Self {
        let place = |(canonical, _): (&'static str, &str)| {
            (header.column(canonical), header.name(canonical).to_owned())
        };
        Self {
            at: FIELDS.map(place),
        }
    }

    pub(super) fn cell<'r>(&self, row: &'r Row, field: Field) -> Cell<'r> {
        row.cell(self.at.get(field.0).and_then(|(at, _)| *at))
    }

    pub(super) fn text<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        self.cell(row, field).text.trim()
    }

    /// The first of two fields that is filled.
    pub(super) fn either<'r>(&self, row: &'r Row, first: Field, second: Field) -> &'r str {
        match self.text(row, first) {
            "" => self.text(row, second),
            text => text,
        }
    }

    pub(super) fn name(&self, field: Field) -> &str {
        self.at.get(field.0).map_or("", |(_, name)| name.as_str())
    }

    /// The text of a field that must be there.
    pub(super) fn required<'r>(&self, row: &'r Row, field: Field) -> Result<&'r str, RowError> {
        match self.text(row, field) {
            "" => Err(self.missing(field)),
            text => Ok(text),
        }
    }

    pub(super) fn missing(&self, field: Field) -> RowError {
        let reason = "is empty and must not be; ask for the file again";
        RowError::new(self.name(field), "", reason)
    }

    pub(super) fn error(&self, row: &Row, field: Field, problem: &str) -> RowError {
        let reason = format!("{problem}; ask for the file again");
        RowError::new(self.name(field), self.text(row, field), reason)
    }
}
