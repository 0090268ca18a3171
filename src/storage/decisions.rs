//! The table `decisions`: what people decided about discrepancies, in order.
//!
//! Its rows are never changed, but for one column: which recorded run was the first to see them, so
//! that a later night knows what the one before knew.

use super::db::{Db, KEYS_PER_LOOKUP, RowRef, StorageError, value_list};
use super::journal::{self, Event};
use super::minor;
use crate::domain::Amount;
use crate::domain::calendar::{day_from_number, day_number};
use crate::domain::decision::{Action, Decision, Terms};
use crate::domain::discrepancy::Source;

const COLUMNS: &str = "id, action, decided_at, decided_by, content, expected, actual, source_file, \
     source_line, day, terms, proposed";

/// Stores decisions behind all others, and writes them into the journal.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut Db, decisions: &[Decision]) -> Result<(), StorageError> {
    let args = db.args();
    let last = db
        .number(
            "counting decisions",
            "SELECT MAX(number) FROM decisions",
            args,
        )
        .await?;
    let numbered: Vec<_> = (last.saturating_add(1)..).zip(decisions).collect();
    let insert = format!("INSERT INTO decisions (number, {COLUMNS})");
    db.insert_all(
        "storing decisions",
        (&insert, 13),
        numbered.iter(),
        |(number, decision), args| {
            args.int(*number)
                .text(&decision.id)
                .text(decision.action.word())
                .text(&decision.at)
                .text(&decision.by)
                .text(&decision.content)
                .opt_int(decision.expected.map(minor))
                .opt_int(decision.actual.map(minor))
                .word(decision.source.as_ref().map_or("", |from| &from.file))
                .int(decision.source.as_ref().map_or(0, |from| from.line.into()))
                .opt_int(decision.day.map(day_number))
                .text(&written(&decision.terms))
                .int(i64::from(decision.is_proposed));
        },
    )
    .await?;
    let events = numbered.iter();
    let events: Vec<_> = events
        .map(|(number, it)| Event::Decision(*number, it))
        .collect();
    journal::append(db, &events).await
}

/// All decisions with their numbers, the oldest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn numbered(db: &mut Db) -> Result<Vec<(i64, Decision)>, StorageError> {
    let args = db.args();
    let sql = format!("SELECT {COLUMNS}, number FROM decisions ORDER BY number");
    db.all("reading decisions", &sql, args, |row| {
        Ok((row.int(12)?, decision(row)?))
    })
    .await
}

/// All decisions, the oldest first; with an id, those about it.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut Db, id: Option<&str>) -> Result<Vec<Decision>, StorageError> {
    let mut args = db.args();
    let condition = match id {
        Some(id) => {
            args.text(id);
            "WHERE id = ?"
        }
        None => "",
    };
    let sql = format!("SELECT {COLUMNS} FROM decisions {condition} ORDER BY number");
    db.all("reading decisions", &sql, args, decision).await
}

/// The decisions about some discrepancies, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn about(db: &mut Db, ids: &[String]) -> Result<Vec<Decision>, StorageError> {
    let mut found = Vec::new();
    for chunk in ids.chunks(KEYS_PER_LOOKUP) {
        let mut args = db.args();
        for id in chunk {
            args.text(id);
        }
        let list = value_list(chunk.len());
        let sql = format!("SELECT {COLUMNS} FROM decisions WHERE id IN ({list}) ORDER BY number");
        found.extend(db.all("reading decisions", &sql, args, decision).await?);
    }
    Ok(found)
}

/// What changes the links: decisions about them, and what second persons said. Each with the first
/// recorded run that saw it; `None`: none did yet.
///
/// # Errors
/// When the database fails.
pub async fn about_links(db: &mut Db) -> Result<Vec<(Decision, Option<i64>)>, StorageError> {
    let words = [
        Action::Link,
        Action::Unlink,
        Action::Approve,
        Action::Reject,
    ];
    let mut args = db.args();
    for action in words {
        args.text(action.word());
    }
    let list = value_list(words.len());
    let sql = format!(
        "SELECT {COLUMNS}, reported_run FROM decisions WHERE action IN ({list}) ORDER BY number"
    );
    db.all("reading links", &sql, args, |row| {
        Ok((decision(row)?, row.opt_int(12)?))
    })
    .await
}

/// All decisions about the discrepancies that were ever written off, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn about_write_offs(db: &mut Db) -> Result<Vec<Decision>, StorageError> {
    let mut args = db.args();
    args.text(Action::WriteOff.word());
    let sql = format!(
        "SELECT {COLUMNS} FROM decisions WHERE id IN (SELECT id FROM decisions WHERE action = ?) \
         ORDER BY number"
    );
    db.all("reading write-offs", &sql, args, decision).await
}

/// Notes that a recorded run saw all decisions there are.
///
/// # Errors
/// When the database fails.
pub async fn mark_reported(db: &mut Db, run: i64) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(run);
    let sql = "UPDATE decisions SET reported_run = ? WHERE reported_run IS NULL";
    let marked = db.execute("marking the decisions as seen", sql, args);
    marked.await.map(|_| ())
}

/// Terms as JSON; empty where there are none.
pub(super) fn written(terms: &Terms) -> String {
    match terms {
        Terms::None => String::new(),
        Terms::Account(_) | Terms::Until(_) | Terms::Link(_) => {
            // Texts, days and whole numbers always have a JSON form.
            serde_json::to_string(terms).unwrap_or_default()
        }
    }
}

fn terms(text: &str) -> Result<Terms, sqlx::Error> {
    if text.is_empty() {
        return Ok(Terms::None);
    }
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn decision(row: RowRef<'_>) -> Result<Decision, sqlx::Error> {
    let amount = |column| {
        row.opt_int(column)
            .map(|minor| minor.map(Amount::from_minor))
    };
    let action = Action::from_word(row.text(1)?);
    let file = row.text(7)?.to_owned();
    let line = u32::try_from(row.int(8)?).unwrap_or(0);
    Ok(Decision {
        id: row.text(0)?.to_owned(),
        action: action.ok_or_else(|| sqlx::Error::Decode("decisions.action".into()))?,
        at: row.text(2)?.to_owned(),
        by: row.text(3)?.to_owned(),
        content: row.text(4)?.to_owned(),
        expected: amount(5)?,
        actual: amount(6)?,
        source: (!file.is_empty()).then_some(Source { file, line }),
        day: row.opt_int(9)?.and_then(day_from_number),
        terms: terms(row.text(10)?)?,
        is_proposed: row.int(11)? != 0,
    })
}
