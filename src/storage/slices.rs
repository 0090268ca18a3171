//! The tables `slices` and `file_totals`.

use chrono::NaiveDate;
use serde::Serialize;

use super::db::{Db, RowRef, StorageError};
use super::minor;
use crate::domain::calendar::{day_from_number, day_number, packed_day};
use crate::domain::file::FileId;
use crate::domain::settlement::{LineKind, LinePart, Slice, SliceId};
use crate::domain::{Amount, Currency};

/// What a file reports on one day, of one kind, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileTotal {
    /// The file.
    pub file: FileId,
    /// Who reports.
    pub provider: String,
    /// Currency.
    pub currency: Currency,
    /// Report date.
    #[serde(with = "packed_day")]
    pub report_date: NaiveDate,
    /// What the lines do.
    pub kind: LineKind,
    /// How many.
    pub lines: u64,
    /// Σ gross.
    pub gross: Amount,
    /// Σ fee.
    pub fee: Amount,
}

fn decode(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("{what} is not what this program writes").into())
}

fn count(row: RowRef<'_>, column: usize) -> Result<u64, sqlx::Error> {
    row.int(column)
        .map(|number| u64::try_from(number).unwrap_or(0))
}

fn currency(row: RowRef<'_>, column: usize) -> Result<Currency, sqlx::Error> {
    Currency::parse(row.text(column)?).ok_or_else(|| decode("a currency"))
}

fn day(row: RowRef<'_>, column: usize) -> Result<NaiveDate, sqlx::Error> {
    day_from_number(row.int(column)?).ok_or_else(|| decode("a day"))
}

/// Stores the slices of a file.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut Db, slices: &[Slice]) -> Result<(), StorageError> {
    let insert = "INSERT INTO slices (id, file_id, provider, merchant, currency, \
                  payout_reference, report_date, kind, part, line_count, gross, fee)";
    db.insert_all(
        "storing slices",
        (insert, 12),
        slices.iter(),
        |slice, args| {
            args.int(slice.id.0)
                .int(slice.file.0)
                .text(&slice.provider)
                .text(&slice.merchant)
                .text(slice.currency.code())
                .text(&slice.payout_reference)
                .int(day_number(slice.report_date))
                .text(slice.kind.word())
                .text(slice.part.word())
                .int(i64::try_from(slice.lines).unwrap_or(i64::MAX))
                .int(minor(slice.gross))
                .int(minor(slice.fee));
        },
    )
    .await
}

/// All slices, by number.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut Db) -> Result<Vec<Slice>, StorageError> {
    let sql = "SELECT id, file_id, provider, merchant, currency, payout_reference, report_date, \
               kind, part, line_count, gross, fee FROM slices ORDER BY id";
    let args = db.args();
    db.all("reading slices", sql, args, |row| {
        Ok(Slice {
            id: SliceId(row.int(0)?),
            file: FileId(row.int(1)?),
            provider: row.text(2)?.to_owned(),
            merchant: row.text(3)?.to_owned(),
            currency: currency(row, 4)?,
            payout_reference: row.text(5)?.to_owned(),
            report_date: day(row, 6)?,
            kind: LineKind::from_word(row.text(7)?).ok_or_else(|| decode("slices.kind"))?,
            part: LinePart::from_word(row.text(8)?),
            lines: count(row, 9)?,
            gross: Amount::from_minor(row.int(10)?),
            fee: Amount::from_minor(row.int(11)?),
        })
    })
    .await
}

/// Stores the totals of a file.
///
/// # Errors
/// When the database fails.
pub async fn insert_totals(db: &mut Db, totals: &[FileTotal]) -> Result<(), StorageError> {
    let insert = "INSERT INTO file_totals (file_id, provider, currency, report_date, kind, \
                  line_count, gross, fee)";
    db.insert_all(
        "storing totals",
        (insert, 8),
        totals.iter(),
        |total, args| {
            args.int(total.file.0)
                .text(&total.provider)
                .text(total.currency.code())
                .int(day_number(total.report_date))
                .text(total.kind.word())
                .int(i64::try_from(total.lines).unwrap_or(i64::MAX))
                .int(minor(total.gross))
                .int(minor(total.fee));
        },
    )
    .await
}

/// All totals of files.
///
/// # Errors
/// When the database fails.
pub async fn totals(db: &mut Db) -> Result<Vec<FileTotal>, StorageError> {
    let sql = "SELECT file_id, provider, currency, report_date, kind, line_count, gross, fee \
               FROM file_totals";
    let args = db.args();
    db.all("reading totals", sql, args, |row| {
        Ok(FileTotal {
            file: FileId(row.int(0)?),
            provider: row.text(1)?.to_owned(),
            currency: currency(row, 2)?,
            report_date: day(row, 3)?,
            kind: LineKind::from_word(row.text(4)?).ok_or_else(|| decode("file_totals.kind"))?,
            lines: count(row, 5)?,
            gross: Amount::from_minor(row.int(6)?),
            fee: Amount::from_minor(row.int(7)?),
        })
    })
    .await
}
