//! The table `journal`: what happened, in order and for good.
//!
//! A row's content is canonical JSON (keys sorted, no blanks), which holds the row's number and the
//! SHA-256 of the row before. So the SHA-256 of the last row speaks for all of them: whoever kept one
//! from a mail or a ping can tell whether anything before it was changed. Whatever stores a decision,
//! an action, a recorded night or a mail that was handed over appends to the journal in the same
//! transaction, so that neither is there without the other.

mod event;
mod proof;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::db::{Db, StorageError};
use crate::domain::hex::hex;
pub use event::{ActionOutcome, Event, HandedMail, RecordedRun};
pub use proof::{Misfit, Procedure, Proof, prove};

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1 on, without gaps.
    pub number: i64,
    /// Canonical JSON.
    pub content: String,
    /// SHA-256 of the content, 64 lower-case hex digits.
    pub sha256: String,
    /// That of the row before; `None` for the first.
    pub previous: Option<String>,
}

impl Entry {
    /// The row of an event behind another.
    fn behind(last: Option<&Self>, event: &Event<'_>) -> Result<Self, StorageError> {
        let number = last.map_or(1, |last| last.number.saturating_add(1));
        let previous = last.map(|last| last.sha256.clone());
        let mut value = event.value()?;
        if let Some(facts) = value.as_object_mut() {
            facts.insert("number".to_owned(), number.into());
            facts.insert("previous".to_owned(), previous.clone().into());
        }
        value.sort_all_objects();
        let content = value.to_string();
        Ok(Self {
            number,
            sha256: sha256(&content),
            content,
            previous,
        })
    }
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// Writes events down behind all others.
///
/// # Errors
/// When the database fails.
pub async fn append(db: &mut Db, events: &[Event<'_>]) -> Result<(), StorageError> {
    let mut entries: Vec<Entry> = Vec::with_capacity(events.len());
    let newest = sound_newest(db).await?;
    for event in events {
        let entry = Entry::behind(entries.last().or(newest.as_ref()), event)?;
        entries.push(entry);
    }
    db.insert_all(
        "writing the journal",
        ("INSERT INTO journal (number, content, sha256, previous)", 4),
        entries.iter(),
        |entry, args| {
            args.int(entry.number)
                .text(&entry.content)
                .text(&entry.sha256)
                .opt_text(entry.previous.as_deref());
        },
    )
    .await
}

/// The last row.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &mut Db) -> Result<Option<Entry>, StorageError> {
    let found = read(db, "ORDER BY number DESC LIMIT 1").await?;
    Ok(found.into_iter().next())
}

/// The last row, where it is what it was: nothing is done on top of a damaged one.
///
/// # Errors
/// When it is damaged, or the database fails.
pub async fn sound_newest(db: &mut Db) -> Result<Option<Entry>, StorageError> {
    let newest = newest(db).await?;
    match newest
        .as_ref()
        .filter(|last| sha256(&last.content) != last.sha256)
    {
        Some(damaged) => Err(StorageError::DamagedJournal {
            row: damaged.number,
        }),
        None => Ok(newest),
    }
}

/// All rows, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &mut Db) -> Result<Vec<Entry>, StorageError> {
    read(db, "ORDER BY number").await
}

async fn read(db: &mut Db, which: &str) -> Result<Vec<Entry>, StorageError> {
    let args = db.args();
    let sql = format!("SELECT number, content, sha256, previous FROM journal {which}");
    db.all("reading the journal", &sql, args, |row| {
        Ok(Entry {
            number: row.int(0)?,
            content: row.text(1)?.to_owned(),
            sha256: row.text(2)?.to_owned(),
            previous: row.opt_text(3)?.map(str::to_owned),
        })
    })
    .await
}

/// Begins the journal of a database that has had none: its first row says what was there before, so
/// that this cannot be changed later either.
///
/// # Errors
/// When the database fails.
pub(super) async fn begin(db: &mut Db) -> Result<(), StorageError> {
    if newest(db).await?.is_some() {
        return Ok(());
    }
    let before = event::Before::of(&event::Recorded::read(db).await?);
    if before.is_empty() {
        return Ok(());
    }
    append(db, &[Event::Beginning(before)]).await
}

/// An object of canonical JSON.
fn object(content: &str) -> Option<serde_json::Map<String, Value>> {
    let value: Value = serde_json::from_str(content).ok()?;
    value.as_object().cloned()
}
