//! The table `decisions`: what people decided about discrepancies, in order.

use super::db::{Db, StorageError};
use super::minor;
use crate::domain::Amount;
use crate::domain::decision::{Action, Decision};

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
    let insert = "INSERT INTO decisions (number, id, action, decided_at, decided_by, content, \
                  expected, actual)";
    db.insert_all(
        "storing decisions",
        (insert, 8),
        numbered.iter(),
        |(number, decision), args| {
            args.int(*number)
                .text(&decision.id)
                .text(decision.action.word())
                .text(&decision.at)
                .text(&decision.by)
                .text(&decision.content)
                .opt_int(decision.expected.map(minor))
                .opt_int(decision.actual.map(minor));
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
    let sql = format!(
        "SELECT id, action, decided_at, decided_by, content, expected, actual FROM decisions \
         {condition} ORDER BY number"
    );
    db.all("reading decisions", &sql, args, |row| {
        let amount = |column| {
            row.opt_int(column)
                .map(|minor| minor.map(Amount::from_minor))
        };
        let action = Action::from_word(row.text(1)?);
        Ok(Decision {
            id: row.text(0)?.to_owned(),
            action: action.ok_or_else(|| sqlx::Error::Decode("decisions.action".into()))?,
            at: row.text(2)?.to_owned(),
            by: row.text(3)?.to_owned(),
            content: row.text(4)?.to_owned(),
            expected: amount(5)?,
            actual: amount(6)?,
        })
    })
    .await
}
