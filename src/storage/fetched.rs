//! The tables `fetched_files` and `source_fetches`: what sources brought, and when they last did.
//!
//! A row is written before a file gets its name in an input folder, and marked after it. So a fetch
//! that is killed in between leaves a row that says which file may have landed, and the next one
//! looks whether it has.

use super::db::{Db, RowRef, StorageError};

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchedState {
    /// It is about to get its name.
    Landing,
    /// It has landed.
    Landed,
    /// It has landed, and was removed at the source.
    Removed,
}

impl FetchedState {
    fn word(self) -> &'static str {
        match self {
            Self::Landing => "landing",
            Self::Landed => "landed",
            Self::Removed => "removed",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Landing, Self::Landed, Self::Removed]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A file that a source brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// What the source calls it.
    pub key: String,
    /// Its bytes.
    pub sha256: String,
    /// What it is called here.
    pub name: String,
    /// What the source said of its time.
    pub version: String,
    /// Its size.
    pub size_bytes: u64,
    /// Where it stands.
    pub state: FetchedState,
}

fn read(row: RowRef<'_>) -> Result<FetchedFile, sqlx::Error> {
    let text = |column| row.text(column).map(str::to_owned);
    let damaged =
        || sqlx::Error::Decode("fetched_files.state is not what this program writes".into());
    Ok(FetchedFile {
        key: text(0)?,
        sha256: text(1)?,
        name: text(2)?,
        version: text(3)?,
        size_bytes: u64::try_from(row.int(4)?).unwrap_or(0),
        state: FetchedState::from_word(row.text(5)?).ok_or_else(damaged)?,
    })
}

const COLUMNS: &str = "key, sha256, name, version, size_bytes, state";

/// All that a source ever brought.
///
/// # Errors
/// When the database fails.
pub async fn of_source(db: &mut Db, source: &str) -> Result<Vec<FetchedFile>, StorageError> {
    let mut args = db.args();
    args.text(source);
    let sql = format!("SELECT {COLUMNS} FROM fetched_files WHERE source = ? ORDER BY key, sha256");
    db.all("reading what a source brought", &sql, args, read)
        .await
}

/// What may be removed at a source: it landed, and a recorded night read it.
///
/// # Errors
/// When the database fails.
pub async fn recorded(db: &mut Db, source: &str) -> Result<Vec<FetchedFile>, StorageError> {
    let mut args = db.args();
    args.text(source).text(FetchedState::Landed.word());
    let sql = format!(
        "SELECT {COLUMNS} FROM fetched_files WHERE source = ? AND state = ? AND EXISTS \
         (SELECT 1 FROM files WHERE files.sha256 = fetched_files.sha256 \
         AND files.name = fetched_files.name AND files.status IN ('accepted', 'duplicate') AND files.reported_run IS NOT NULL) \
         ORDER BY key, sha256"
    );
    db.all("reading what a source may forget", &sql, args, read)
        .await
}

/// Whether a file of this name with these bytes was read, and whether a recorded night reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Never.
    Unread,
    /// It was read, and no night is recorded since.
    Read,
    /// A recorded night reported it.
    Recorded,
}

/// How far the reading of a file is. Two empty reports have the same bytes, so the name counts too.
///
/// # Errors
/// When the database fails.
pub async fn reading_of(db: &mut Db, name: &str, sha256: &str) -> Result<Reading, StorageError> {
    let mut args = db.args();
    args.text(name).text(sha256);
    let sql = "SELECT COUNT(reported_run), COUNT(*) FROM files WHERE name = ? AND sha256 = ?";
    let counts = db
        .all("looking how far a file was read", sql, args, |row| {
            Ok((row.int(0)?, row.int(1)?))
        })
        .await?;
    Ok(match counts.first() {
        Some((1.., _)) => Reading::Recorded,
        Some((_, 1..)) => Reading::Read,
        Some(_) | None => Reading::Unread,
    })
}

/// Writes a file down, or what is new about one that has the same bytes.
///
/// # Errors
/// When the database fails.
pub async fn remember(
    db: &mut Db,
    source: &str,
    file: &FetchedFile,
    at: &str,
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(source)
        .text(&file.key)
        .text(&file.sha256)
        .text(&file.name)
        .text(&file.version)
        .int(i64::try_from(file.size_bytes).unwrap_or(i64::MAX))
        .text(at)
        .text(file.state.word());
    let sql = "INSERT INTO fetched_files (source, key, sha256, name, version, size_bytes, \
               fetched_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
               ON CONFLICT (source, key, sha256) DO UPDATE SET name = excluded.name, \
               version = excluded.version, size_bytes = excluded.size_bytes, \
               state = excluded.state";
    db.execute("remembering what a source brought", sql, args)
        .await
        .map(|_| ())
}

/// Forgets a file that did not land after all.
///
/// # Errors
/// When the database fails.
pub async fn forget(db: &mut Db, source: &str, file: &FetchedFile) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(source).text(&file.key).text(&file.sha256);
    let sql = "DELETE FROM fetched_files WHERE source = ? AND key = ? AND sha256 = ?";
    db.execute("forgetting what did not land", sql, args)
        .await
        .map(|_| ())
}

/// Notes that a source was fetched as a whole.
///
/// # Errors
/// When the database fails.
pub async fn succeeded(db: &mut Db, source: &str, at: &str) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(source).text(at);
    let sql = "INSERT INTO source_fetches (source, succeeded_at) VALUES (?, ?) \
               ON CONFLICT (source) DO UPDATE SET succeeded_at = excluded.succeeded_at";
    db.execute("noting a fetch", sql, args).await.map(|_| ())
}

/// When each source was last fetched as a whole, RFC 3339 in UTC, by name.
///
/// # Errors
/// When the database fails.
pub async fn last_successes(db: &mut Db) -> Result<Vec<(String, String)>, StorageError> {
    let args = db.args();
    let sql = "SELECT source, succeeded_at FROM source_fetches ORDER BY source";
    db.all("reading when sources were fetched", sql, args, |row| {
        Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
    })
    .await
}
