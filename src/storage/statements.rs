//! The tables `statements` and `entries`.

use super::db::{Db, StorageError};
use super::minor;
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::file::FileId;
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementKind, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency};

/// Separates the references of an entry in one column; no bank writes it.
const SEPARATOR: char = '\u{1f}';

/// Stores statements with their entries.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut Db,
    statements: &[StoredStatement],
    entries: &[StoredEntry],
) -> Result<(), StorageError> {
    let insert = "INSERT INTO statements (id, file_id, account, statement_id, sequence, from_day, \
                  to_day, currency, opening, closing, kind, entry_count, credits, debits, rejected, \
                  covers_until)";
    db.insert_all(
        "storing statements",
        (insert, 16),
        statements.iter(),
        |stored, args| {
            let statement = &stored.statement;
            args.int(stored.number.0)
                .int(stored.file.0)
                .text(&statement.account)
                .text(&statement.id)
                .text(&statement.sequence)
                .opt_int(statement.from.map(day_number))
                .opt_int(statement.to.map(day_number))
                .opt_text(statement.currency.as_ref().map(Currency::code))
                .opt_int(statement.opening.map(minor))
                .opt_int(statement.closing.map(minor))
                .text(statement.kind.word())
                .int(i64::try_from(stored.entries).unwrap_or(i64::MAX))
                .int(minor(stored.credits))
                .int(minor(stored.debits))
                .int(i64::try_from(stored.rejected).unwrap_or(i64::MAX))
                .opt_int(statement.covers_until.map(day_number));
        },
    )
    .await?;
    let insert = "INSERT INTO entries (id, statement_number, line, servicer_reference, booked_on, \
                  value_on, amount, currency, counterparty, reference_list, remittance)";
    db.insert_all(
        "storing entries",
        (insert, 11),
        entries.iter(),
        |stored, args| {
            let entry = &stored.entry;
            args.int(stored.number)
                .int(stored.statement.0)
                .int(i64::from(entry.line))
                .text(&entry.servicer_reference)
                .int(day_number(entry.booked_on))
                .opt_int(entry.value_on.map(day_number))
                .int(minor(entry.amount))
                .text(entry.currency.code())
                .text(&entry.counterparty)
                .text(&entry.references.join(&SEPARATOR.to_string()))
                .text(&entry.remittance);
        },
    )
    .await
}

fn decode(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("{what} is not what this program writes").into())
}

/// All statements, by number.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut Db) -> Result<Vec<StoredStatement>, StorageError> {
    let sql = "SELECT id, file_id, account, statement_id, sequence, from_day, to_day, currency, \
               opening, closing, kind, entry_count, credits, debits, rejected, covers_until \
               FROM statements \
               ORDER BY id";
    let args = db.args();
    db.all("reading statements", sql, args, |row| {
        let amount = |column| {
            row.opt_int(column)
                .map(|minor| minor.map(Amount::from_minor))
        };
        let day = |column| {
            row.opt_int(column)
                .map(|number| number.and_then(day_from_number))
        };
        Ok(StoredStatement {
            number: StatementId(row.int(0)?),
            file: FileId(row.int(1)?),
            statement: Statement {
                account: row.text(2)?.to_owned(),
                id: row.text(3)?.to_owned(),
                sequence: row.text(4)?.to_owned(),
                from: day(5)?,
                to: day(6)?,
                currency: row.opt_text(7)?.and_then(Currency::parse),
                opening: amount(8)?,
                closing: amount(9)?,
                kind: StatementKind::from_word(row.text(10)?),
                covers_until: day(15)?,
            },
            entries: u64::try_from(row.int(11)?).unwrap_or(0),
            credits: Amount::from_minor(row.int(12)?),
            debits: Amount::from_minor(row.int(13)?),
            rejected: u64::try_from(row.int(14)?).unwrap_or(0),
        })
    })
    .await
}

/// All entries, by number.
///
/// # Errors
/// When the database fails.
pub async fn entries(db: &mut Db) -> Result<Vec<StoredEntry>, StorageError> {
    let sql = "SELECT id, statement_number, line, servicer_reference, booked_on, value_on, \
               amount, currency, counterparty, reference_list, remittance FROM entries ORDER BY id";
    let args = db.args();
    db.all("reading entries", sql, args, |row| {
        let references = row
            .text(9)?
            .split(SEPARATOR)
            .filter(|text| !text.is_empty());
        Ok(StoredEntry {
            number: row.int(0)?,
            statement: StatementId(row.int(1)?),
            entry: StatementEntry {
                line: u32::try_from(row.int(2)?).unwrap_or(0),
                servicer_reference: row.text(3)?.to_owned(),
                booked_on: day_from_number(row.int(4)?)
                    .ok_or_else(|| decode("entries.booked_on"))?,
                value_on: row.opt_int(5)?.and_then(day_from_number),
                amount: Amount::from_minor(row.int(6)?),
                currency: Currency::parse(row.text(7)?)
                    .ok_or_else(|| decode("entries.currency"))?,
                counterparty: row.text(8)?.to_owned(),
                references: references.map(str::to_owned).collect(),
                remittance: row.text(10)?.to_owned(),
            },
        })
    })
    .await
}

/// The highest numbers of a statement and of an entry.
///
/// # Errors
/// When the database fails.
pub async fn last_ids(db: &mut Db) -> Result<(i64, i64), StorageError> {
    let args = db.args();
    let statement = db
        .number(
            "counting statements",
            "SELECT MAX(id) FROM statements",
            args,
        )
        .await?;
    let args = db.args();
    let entry = db
        .number("counting entries", "SELECT MAX(id) FROM entries", args)
        .await?;
    Ok((statement, entry))
}
