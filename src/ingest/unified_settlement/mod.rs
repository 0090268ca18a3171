//! The Unified Settlement Report: settlement files of several processors in one layout.
//!
//! Records of 31 fields without a header, which say by their first field that they are
//! `sett_dtl`. What is documented of the format and what is our assumption is in
//! `docs/inputs.md`.

mod fields;
mod types;

use chrono::{NaiveDate, NaiveTime};

use fields::{
    BATCH_ID, COMMISSION, FIELDS, Field, GROSS, MERCHANT_ID, MERCHANT_REFERENCE, NET, ORDER_ID,
    PAYMENT_BRAND, PAYMENT_DATE, PAYMENT_METHOD, Places, RECORD_TYPE, SETTLEMENT_CURRENCY,
    SETTLEMENT_DATE, SOURCE_FILE_ID, TRANSACTION_AMOUNT, TRANSACTION_CURRENCY, TRANSACTION_DATE,
    TRANSACTION_ID, TYPE, VAT,
};
use types::{Sign, effect};

use super::cells::Cell;
use super::cells::amount_error;
use super::cells::{DayReader, amount};
use super::open_file::OpenFile;
use super::profile::Profile;
use super::settlement::{
    LineReader, SettlementFile, SettlementOptions, SettlementSink, SliceKey, read_rows, turned_with,
};
use super::table::{Columns, Positions, Row, Table};
use super::words::Words;
use super::{CellError, Refusal, RowError};
use crate::domain::file::{RejectedRow, RowNames};
use crate::domain::order::normal_reference;
use crate::domain::settlement::{Contradiction, LineKind, LinePart, SettlementLine, SliceId};
use crate::domain::{Amount, Currency, Money};

/// What the first field of every record says.
const RECORD: &str = "sett_dtl";

const HEADER: &[&[&str]] = &[&[
    "record_type",
    "merchant_id",
    "source_file_id",
    "type",
    "settlement_date",
    "settlement_currency",
    "settlement_gross_amount",
]];

pub(super) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let positions = Positions {
        columns: &FIELDS,
        first: RECORD,
    };
    Table::open_without_header(opened, profile, positions).or_else(|refusal| {
        let columns = Columns::of(profile, HEADER);
        // What the report should look like says more than which titles nobody gave it.
        Table::open(opened, profile, &columns).map_err(|_no_header| refusal)
    })
}

/// Reads a report.
///
/// # Errors
/// The whole file is refused: no report, undecidable decimal mark, too many bad rows.
pub fn read(
    opened: &OpenFile,
    options: SettlementOptions<'_>,
    sink: &mut dyn SettlementSink,
) -> Result<SettlementFile, Refusal> {
    let file = File {
        opened,
        profile: options.profile,
    };
    let mut table = file.open()?;
    let mut reader = RowReader::new(file, &table, FileDate::NotAsked);
    let percent = options.max_rejected_percent;
    let counts = read_rows(&mut table, percent, sink, &mut reader)?;
    Ok(SettlementFile {
        counts,
        report_date: reader.latest,
    })
}

/// A report that can be opened again.
#[derive(Clone, Copy)]
struct File<'a> {
    opened: &'a OpenFile,
    profile: &'a Profile,
}

impl File<'_> {
    fn open(&self) -> Result<Table, Refusal> {
        open(self.opened, self.profile)
    }

    /// The latest settlement date of the lines that can be read.
    fn latest_settlement(self) -> Result<Option<NaiveDate>, Refusal> {
        let mut table = self.open()?;
        let mut reader = RowReader::new(self, &table, FileDate::Sought);
        read_rows(&mut table, 100, &mut Nowhere, &mut reader)?;
        Ok(reader.latest)
    }
}

/// Takes lines that are read only for their date.
struct Nowhere;

impl SettlementSink for Nowhere {
    fn slice(&mut self, _key: &SliceKey<'_>) -> SliceId {
        SliceId(0)
    }

    fn line(&mut self, _line: &SettlementLine<'_>) {}

    fn rejected(&mut self, _row: RejectedRow) {}
}

/// The latest settlement date of the whole file, for records that have none of their own (a
/// rejected debit is settled never): the file is read a second time when the first one comes.
#[derive(Clone, Copy)]
enum FileDate {
    NotAsked,
    /// This is the second time.
    Sought,
    Known(Option<NaiveDate>),
}

struct RowReader<'a> {
    file: File<'a>,
    places: Places,
    /// What the profile says of types; others are those of the documentation.
    types: Words<String>,
    currencies: [Words<Currency>; 2],
    days: DayReader,
    file_date: FileDate,
    /// The latest day of the lines so far.
    latest: Option<NaiveDate>,
}

/// The amounts of a record, with their signs.
#[derive(Clone, Copy)]
struct Amounts {
    gross: Amount,
    net: Amount,
    contradiction: Option<Contradiction>,
}

impl LineReader for RowReader<'_> {
    fn take(
        &mut self,
        table: &Table,
        row: &Row,
        sink: &mut dyn SettlementSink,
    ) -> Result<(), CellError> {
        self.read(table, row, sink)
    }

    fn names(&self, row: &Row) -> RowNames {
        let places = &self.places;
        let payout = places.either(row, BATCH_ID, SOURCE_FILE_ID).to_owned();
        RowNames {
            provider: String::new(),
            order_reference: normal_reference(places.either(row, MERCHANT_REFERENCE, ORDER_ID))
                .to_owned(),
            transaction_id: places.text(row, TRANSACTION_ID).to_owned(),
            payouts: Some(payout)
                .filter(|name| !name.is_empty())
                .into_iter()
                .collect(),
        }
    }
}

impl<'a> RowReader<'a> {
    fn new(file: File<'a>, table: &Table, file_date: FileDate) -> Self {
        Self {
            file,
            places: Places::of(&table.header),
            types: Words::of(file.profile, "type", |word| Some(word.to_owned())),
            currencies: ["settlement_currency", "transaction_currency"]
                .map(|column| Words::currencies(file.profile, column)),
            days: DayReader::new(file.profile.dates.clone()),
            file_date,
            latest: None,
        }
    }

    fn read(
        &mut self,
        table: &Table,
        row: &Row,
        sink: &mut dyn SettlementSink,
    ) -> Result<(), CellError> {
        if table.has_stray_quote() {
            let reason = "a quote is opened and not closed; ask for the file again";
            return Err(RowError::new("", "", reason).into());
        }
        if !self
            .places
            .text(row, RECORD_TYPE)
            .eq_ignore_ascii_case(RECORD)
        {
            let error = self.places.error(row, RECORD_TYPE, "is not sett_dtl");
            return Err(error.into());
        }
        self.places.required(row, MERCHANT_ID)?;
        self.places.required(row, SOURCE_FILE_ID)?;
        let word = self.places.required(row, TYPE)?;
        let effect = effect(self.types.find(word).map_or(word, String::as_str));
        let currency = self.currency(row, effect.kind)?;
        let amounts = self.amounts(row, effect.kind, effect.sign, currency)?;
        let order_amount = self.order_amount(row, currency, amounts.gross)?;
        let event_day = self.day(row, TRANSACTION_DATE)?;
        let Some(report_date) = self.report_date(row, effect.kind, event_day)? else {
            return Ok(());
        };
        let places = &self.places;
        let key = SliceKey {
            merchant: places.text(row, MERCHANT_ID),
            currency,
            payout_reference: places.either(row, BATCH_ID, SOURCE_FILE_ID),
            report_date,
            kind: effect.kind,
            part: LinePart::Whole,
        };
        let line = SettlementLine {
            order_reference: normal_reference(places.either(row, MERCHANT_REFERENCE, ORDER_ID)),
            slice: SliceId(0),
            line: row.line,
            transaction_id: places.text(row, TRANSACTION_ID),
            event_time: event_day.map(|day| day.and_time(NaiveTime::MIN)),
            gross: amounts.gross,
            fee: amounts.gross - amounts.net,
            product: places.either(row, PAYMENT_BRAND, PAYMENT_METHOD),
            instalments: None,
            order_amount,
            contradiction: amounts.contradiction,
        };
        sink.emit(&key, &line);
        self.latest = self.latest.max(Some(report_date));
        Ok(())
    }

    /// The settlement currency. A record that settles nothing may have none; it then has that of
    /// its transaction, and without one `XXX`, which ISO 4217 keeps for no currency.
    fn currency(&self, row: &Row, kind: LineKind) -> Result<Currency, RowError> {
        let field = match (kind, self.places.text(row, SETTLEMENT_CURRENCY)) {
            (LineKind::Memo, "") => TRANSACTION_CURRENCY,
            _ => SETTLEMENT_CURRENCY,
        };
        if kind == LineKind::Memo && self.places.text(row, field).is_empty() {
            return Currency::parse("XXX").ok_or_else(|| self.places.missing(field));
        }
        self.places.required(row, field)?;
        self.currency_of(row, field)
    }

    fn currency_of(&self, row: &Row, field: Field) -> Result<Currency, RowError> {
        let word = self.places.text(row, field);
        let problem = "is not a currency of three letters";
        let [settled, ordered] = &self.currencies;
        let words = if field == SETTLEMENT_CURRENCY {
            settled
        } else {
            ordered
        };
        words
            .currency(word)
            .ok_or_else(|| self.places.error(row, field, problem))
    }

    /// An amount as written; `None` where the field is empty.
    fn amount(
        &self,
        row: &Row,
        field: Field,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let cell = self.places.cell(row, field);
        if cell.text.trim().is_empty() {
            return Ok(None);
        }
        amount(cell, self.file.profile.decimal_mark, currency)
            .map(Some)
            .map_err(|problem| amount_error(problem, self.places.name(field), cell.text.trim()))
    }

    /// Commission and VAT carry their signs. The acquirer, scheme and interchange fees are what
    /// the commission consists of and are never added to it.
    fn amounts(
        &self,
        row: &Row,
        kind: LineKind,
        sign: Sign,
        currency: Currency,
    ) -> Result<Amounts, CellError> {
        let written = match self.amount(row, GROSS, currency)? {
            Some(written) => written,
            None if kind == LineKind::Memo => Amount::ZERO,
            None => return Err(self.places.missing(GROSS).into()),
        };
        let gross = sign.of(written);
        let commission = self.amount(row, COMMISSION, currency)?;
        let vat = self.amount(row, VAT, currency)?;
        let summed = gross + commission.unwrap_or(Amount::ZERO) + vat.unwrap_or(Amount::ZERO);
        let net = self.amount(row, NET, currency)?;
        let net = net.map(|net| turned_with(net, written, gross));
        let stated = net.filter(|net| *net != summed && commission.is_some() && vat.is_some());
        Ok(Amounts {
            gross,
            net: net.unwrap_or(summed),
            contradiction: stated.map(|net| Contradiction {
                expected: summed,
                actual: net,
            }),
        })
    }

    /// The amount that the order was placed for, where its currency is not that of the payout.
    fn order_amount(
        &self,
        row: &Row,
        settled: Currency,
        gross: Amount,
    ) -> Result<Option<Money>, CellError> {
        if self.places.text(row, TRANSACTION_CURRENCY).is_empty() {
            return Ok(None);
        }
        let currency = self.currency_of(row, TRANSACTION_CURRENCY)?;
        if currency == settled {
            return Ok(None);
        }
        let written = self.amount(row, TRANSACTION_AMOUNT, currency)?;
        Ok(written.map(|written| Money {
            amount: written.with_sign_of(gross),
            currency,
        }))
    }

    /// A day; `None` where the field is empty.
    fn day(&mut self, row: &Row, field: Field) -> Result<Option<NaiveDate>, RowError> {
        let cell = self.places.cell(row, field);
        let text = cell.text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let is_number = cell.typed && text.bytes().all(|byte| byte.is_ascii_digit());
        let day = if is_number {
            // A workbook that made a number of the text lost its leading zero.
            let text = &format!("{text:0>8}");
            self.days.day(Cell { text, typed: false })
        } else {
            self.days.day(cell)
        };
        day.map(Some).ok_or_else(|| {
            let problem = format!("is not a day {}", self.days.expected());
            self.places.error(row, field, &problem)
        })
    }

    /// The settlement date. A record that settles nothing may have none: it is reported with its
    /// file, and `None` while the file's date is only sought.
    fn report_date(
        &mut self,
        row: &Row,
        kind: LineKind,
        event_day: Option<NaiveDate>,
    ) -> Result<Option<NaiveDate>, CellError> {
        let paid = self.day(row, PAYMENT_DATE)?;
        if let Some(day) = self.day(row, SETTLEMENT_DATE)? {
            return Ok(Some(day));
        }
        if kind != LineKind::Memo {
            return Err(self.places.missing(SETTLEMENT_DATE).into());
        }
        let of_file = match self.file_date {
            FileDate::Sought => return Ok(None),
            FileDate::Known(day) => day,
            FileDate::NotAsked => self.file.latest_settlement()?,
        };
        self.file_date = FileDate::Known(of_file);
        let day = of_file.or(paid).or(event_day);
        day.map(Some)
            .ok_or_else(|| self.places.missing(SETTLEMENT_DATE).into())
    }
}

#[cfg(test)]
mod tests;
