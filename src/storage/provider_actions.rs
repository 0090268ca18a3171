//! The table `provider_actions`: what people let the program do at providers, in order.
//!
//! A row is written before anything is sent and completed when its outcome is known. That is the
//! one fact that changes: what is left `intended` by a crash must be told from what was completed.

use super::db::{Db, RowRef, StorageError};
use super::journal::{self, ActionOutcome, Event};
use super::minor;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind, ProviderActionOutcome};
use crate::domain::{Amount, Currency};

const COLUMNS: &str = "number, requested_at, requested_by, provider, order_reference, \
     transaction_id, action, amount, currency, reason, request_id, state_before, amount_before, \
     outcome, completed_at, detail";

/// The number that the next action gets.
///
/// # Errors
/// When the database fails.
pub async fn next_number(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    let sql = "SELECT MAX(number) FROM provider_actions";
    let last = db
        .number("counting actions at providers", sql, args)
        .await?;
    Ok(last.saturating_add(1))
}

/// Stores an action under its number, and writes it into the journal.
///
/// # Errors
/// When the database fails, or the number is taken.
pub async fn insert(db: &mut Db, action: &ProviderAction) -> Result<(), StorageError> {
    db.begin().await?;
    let done = insert_row(db, action).await;
    db.end(done).await
}

async fn insert_row(db: &mut Db, action: &ProviderAction) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(action.number)
        .text(&action.requested_at)
        .text(&action.requested_by)
        .text(&action.provider)
        .text(&action.order_reference)
        .text(&action.transaction_id)
        .text(action.kind.word())
        .opt_int(action.amount.map(minor))
        .text(action.currency.code())
        .text(&action.reason)
        .text(&action.request_id)
        .text(&action.state_before)
        .opt_int(action.amount_before.map(minor))
        .text(action.outcome.word())
        .text(&action.completed_at)
        .text(&action.detail);
    let sql = format!(
        "INSERT INTO provider_actions ({COLUMNS}) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    db.execute("writing down what is to be sent", &sql, args)
        .await?;
    journal::append(db, &[Event::Action(action)]).await
}

/// What became of an action.
#[derive(Clone, Copy, Debug)]
pub struct Completion<'c> {
    /// What.
    pub outcome: ProviderActionOutcome,
    /// When that was known, RFC 3339 in UTC.
    pub at: &'c str,
    /// How it went.
    pub detail: &'c str,
}

/// Completes an action, and writes its outcome into the journal.
///
/// # Errors
/// When the database fails, or there is no such action.
pub async fn complete(
    db: &mut Db,
    number: i64,
    completion: Completion<'_>,
) -> Result<(), StorageError> {
    db.begin().await?;
    let done = complete_row(db, number, completion).await;
    db.end(done).await
}

async fn complete_row(
    db: &mut Db,
    number: i64,
    completion: Completion<'_>,
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(completion.outcome.word())
        .text(completion.at)
        .text(completion.detail)
        .int(number);
    let sql = "UPDATE provider_actions SET outcome = ?, completed_at = ?, detail = ? \
               WHERE number = ?";
    let doing = "writing down what became of an action";
    match db.execute(doing, sql, args).await? {
        1 => {
            let outcome = ActionOutcome {
                action: number,
                outcome: completion.outcome,
                at: completion.at,
                detail: completion.detail,
            };
            journal::append(db, &[Event::ActionOutcome(outcome)]).await
        }
        count => Err(StorageError::unexpected(
            "the number of completed actions",
            count.to_string(),
        )),
    }
}

/// All actions, the oldest first.
///
/// # Errors
/// When the database fails.
pub(super) async fn all(db: &mut Db) -> Result<Vec<ProviderAction>, StorageError> {
    let args = db.args();
    let sql = format!("SELECT {COLUMNS} FROM provider_actions ORDER BY number");
    db.all("reading the actions at providers", &sql, args, read)
        .await
}

/// The actions for an order, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_order(
    db: &mut Db,
    order_reference: &str,
) -> Result<Vec<ProviderAction>, StorageError> {
    let mut args = db.args();
    args.text(order_reference);
    let sql =
        format!("SELECT {COLUMNS} FROM provider_actions WHERE order_reference = ? ORDER BY number");
    db.all("reading the actions at providers", &sql, args, read)
        .await
}

fn read(row: RowRef<'_>) -> Result<ProviderAction, sqlx::Error> {
    let decode = |what: &'static str| sqlx::Error::Decode(what.into());
    let text = |column| row.text(column).map(str::to_owned);
    let amount = |column| {
        row.opt_int(column)
            .map(|minor| minor.map(Amount::from_minor))
    };
    Ok(ProviderAction {
        number: row.int(0)?,
        requested_at: text(1)?,
        requested_by: text(2)?,
        provider: text(3)?,
        order_reference: text(4)?,
        transaction_id: text(5)?,
        kind: ProviderActionKind::from_word(row.text(6)?)
            .ok_or_else(|| decode("provider_actions.action"))?,
        amount: amount(7)?,
        currency: Currency::parse(row.text(8)?)
            .ok_or_else(|| decode("provider_actions.currency"))?,
        reason: text(9)?,
        request_id: text(10)?,
        state_before: text(11)?,
        amount_before: amount(12)?,
        outcome: ProviderActionOutcome::from_word(row.text(13)?)
            .ok_or_else(|| decode("provider_actions.outcome"))?,
        completed_at: text(14)?,
        detail: text(15)?,
    })
}
