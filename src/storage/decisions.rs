//! The table `decisions`: what people decided about discrepancies, in order.

use super::db::{Db, KEYS_PER_LOOKUP, RowRef, StorageError, value_list};
use super::minor;
use crate::domain::Amount;
use crate::domain::decision::{Action, Decision};
use crate::domain::discrepancy::Source;

const COLUMNS: &str =
    "id, action, decided_at, decided_by, content, expected, actual, source_file, source_line";

/// Stores decisions behind all others.
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
        (&insert, 10),
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
                .int(decision.source.as_ref().map_or(0, |from| from.line.into()));
        },
    )
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
    })
}
