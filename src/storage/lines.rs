//! The tables `slices`, `file_totals`, `lines` and `line_extras`.

use chrono::{NaiveDate, NaiveDateTime};

use super::db::{Args, Db, Dialect, ROWS_PER_INSERT, RowRef, StorageError, value_list, value_rows};
use crate::domain::calendar::{day_from_number, day_number, moment_from_number, moment_number};
use crate::domain::file::FileId;
use crate::domain::settlement::{
    Contradiction, LineKind, LinePart, SettlementLine, Slice, SliceId,
};
use crate::domain::{Amount, Currency, Money};

use super::files::RowRange;

const LINE_COLUMNS: usize = 10;

/// Lines that are written with one statement, ready to be sent: a reader's thread fills it, the
/// connection's thread stores it.
pub struct LineBatch {
    dialect: Dialect,
    args: Args,
    rows: usize,
    extras: Vec<LineExtra>,
}

struct LineExtra {
    id: i64,
    order_amount: Option<Money>,
    contradiction: Option<Contradiction>,
}

/// Minor units for a column; sums and rows of this program always fit.
pub(super) fn minor(amount: Amount) -> i64 {
    amount.to_minor().unwrap_or(if amount.is_negative() {
        i64::MIN
    } else {
        i64::MAX
    })
}

impl LineBatch {
    /// An empty batch.
    pub fn new(dialect: Dialect) -> Self {
        let mut args = Args::new(dialect);
        args.reserve(ROWS_PER_INSERT.saturating_mul(LINE_COLUMNS));
        Self {
            dialect,
            args,
            rows: 0,
            extras: Vec::new(),
        }
    }

    /// Adds a line under its number.
    pub fn push(&mut self, id: i64, line: &SettlementLine<'_>) {
        self.args
            .int(id)
            .int(line.slice.0)
            .int(i64::from(line.line))
            .text(line.order_reference)
            .text(line.transaction_id)
            .opt_int(line.event_time.map(moment_number))
            .int(minor(line.gross))
            .int(minor(line.fee))
            .text(line.product)
            .opt_int(line.instalments.map(i64::from));
        self.rows = self.rows.saturating_add(1);
        if line.order_amount.is_some() || line.contradiction.is_some() {
            self.extras.push(LineExtra {
                id,
                order_amount: line.order_amount,
                contradiction: line.contradiction,
            });
        }
    }

    /// True when it should be stored.
    pub fn is_full(&self) -> bool {
        self.rows >= ROWS_PER_INSERT
    }

    /// The batch, and an empty one in its place.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.dialect))
    }

    /// Stores the lines.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store(self, db: &mut Db) -> Result<(), StorageError> {
        if self.rows == 0 {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO lines (id, slice_id, line, order_reference, transaction_id, event_time, \
             gross, fee, product, instalments) VALUES {}",
            value_rows(self.rows, LINE_COLUMNS)
        );
        db.execute("storing lines", &sql, self.args).await?;
        let insert =
            "INSERT INTO line_extras (line_id, order_amount, order_currency, expected, actual)";
        db.insert_all(
            "storing lines",
            (insert, 5),
            self.extras.iter(),
            |extra, args| {
                args.int(extra.id)
                    .opt_int(extra.order_amount.map(|money| minor(money.amount)))
                    .opt_text(
                        extra
                            .order_amount
                            .as_ref()
                            .map(|money| money.currency.code()),
                    )
                    .opt_int(extra.contradiction.map(|found| minor(found.expected)))
                    .opt_int(extra.contradiction.map(|found| minor(found.actual)));
            },
        )
        .await
    }
}

const LINE_SELECT: &str = "SELECT l.slice_id, l.line, l.order_reference, l.transaction_id, \
     l.event_time, l.gross, l.fee, l.product, l.instalments, x.order_amount, x.order_currency, \
     x.expected, x.actual FROM lines l LEFT JOIN line_extras x ON x.line_id = l.id";

fn line(row: RowRef<'_>) -> Result<SettlementLine<'_>, sqlx::Error> {
    let amount = |column| {
        row.opt_int(column)
            .map(|minor| minor.map(Amount::from_minor))
    };
    let currency = row.opt_text(10)?.and_then(Currency::parse);
    let event_time: Option<NaiveDateTime> = row.opt_int(4)?.and_then(moment_from_number);
    Ok(SettlementLine {
        slice: SliceId(row.int(0)?),
        line: u32::try_from(row.int(1)?).unwrap_or(0),
        order_reference: row.text(2)?,
        transaction_id: row.text(3)?,
        event_time,
        gross: Amount::from_minor(row.int(5)?),
        fee: Amount::from_minor(row.int(6)?),
        product: row.text(7)?,
        instalments: row
            .opt_int(8)?
            .and_then(|number| u16::try_from(number).ok()),
        order_amount: amount(9)?
            .zip(currency)
            .map(|(amount, currency)| Money { amount, currency }),
        contradiction: amount(11)?
            .zip(amount(12)?)
            .map(|(expected, actual)| Contradiction { expected, actual }),
    })
}

/// Hands over the lines of some order references that were stored before `before`, in the order
/// of reference and id.
///
/// # Errors
/// When the database fails.
pub async fn of_orders(
    db: &mut Db,
    references: &[&str],
    before: i64,
    mut take: impl FnMut(&SettlementLine<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    for reference in references {
        args.text(reference);
    }
    args.int(before);
    let sql = format!(
        "{LINE_SELECT} WHERE l.order_reference IN ({}) AND l.id < ?",
        value_list(references.len())
    );
    db.each("reading lines", &sql, args, |row| {
        take(&line(row)?);
        Ok(())
    })
    .await
}

/// Hands over the lines of one file.
///
/// # Errors
/// When the database fails.
pub async fn of_rows(
    db: &mut Db,
    rows: RowRange,
    mut take: impl FnMut(&SettlementLine<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(rows.first).int(rows.last);
    let sql = format!("{LINE_SELECT} WHERE l.id BETWEEN ? AND ? ORDER BY l.id");
    db.each("reading lines", &sql, args, |row| {
        take(&line(row)?);
        Ok(())
    })
    .await
}

/// Hands over the lines behind an order reference, in its order, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn after(
    db: &mut Db,
    reference: Option<&str>,
    limit: i64,
    mut take: impl FnMut(&SettlementLine<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    let condition = match reference {
        Some(reference) => {
            args.text(reference);
            "WHERE l.order_reference > ?"
        }
        None => "",
    };
    args.int(limit);
    let sql = format!("{LINE_SELECT} {condition} ORDER BY l.order_reference LIMIT ?");
    db.each("reading lines", &sql, args, |row| {
        take(&line(row)?);
        Ok(())
    })
    .await
}

/// Hands over the lines of a transaction.
///
/// # Errors
/// When the database fails.
pub async fn of_transaction(
    db: &mut Db,
    transaction_id: &str,
    mut take: impl FnMut(&SettlementLine<'_>),
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(transaction_id);
    let sql = format!("{LINE_SELECT} WHERE l.transaction_id = ? ORDER BY l.id");
    db.each("reading lines", &sql, args, |row| {
        take(&line(row)?);
        Ok(())
    })
    .await
}

/// The highest number of a line.
///
/// # Errors
/// When the database fails.
pub async fn last_id(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    db.number("counting lines", "SELECT MAX(id) FROM lines", args)
        .await
}

/// What a file reports on one day, of one kind, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTotal {
    /// The file.
    pub file: FileId,
    /// Who reports.
    pub provider: String,
    /// Currency.
    pub currency: Currency,
    /// Report date.
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
pub async fn insert_slices(db: &mut Db, slices: &[Slice]) -> Result<(), StorageError> {
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
pub async fn slices(db: &mut Db) -> Result<Vec<Slice>, StorageError> {
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
