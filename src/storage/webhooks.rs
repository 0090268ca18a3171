//! The table `webhook_posts`: what is to be posted, and what was taken.
//!
//! As with mail, a post is written down in its night's transaction and marked once it was taken; the
//! body goes once nobody waits for it.

use super::db::{Db, RowRef, StorageError};

/// What is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its number.
    pub number: i64,
    /// The report that it is about.
    pub scope: String,
    /// Fingerprint of the address.
    pub target: String,
    /// SHA-256 of the body.
    pub content: String,
    /// RFC 3339 in UTC.
    pub composed_at: String,
    /// The body.
    pub body: String,
}

/// What became of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostState {
    /// It was taken.
    Accepted,
    /// Its address is no longer in the configuration.
    Dropped,
    /// Nobody took it for too long.
    Expired,
}

impl PostState {
    fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Dropped => "dropped",
            Self::Expired => "expired",
        }
    }
}

/// Writes a post down, in the place of what still waits about the same report. The same content
/// twice is one post.
///
/// # Errors
/// When the database fails.
pub async fn put(db: &mut Db, post: &Post) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(&post.scope).text(&post.target);
    let sql = "SELECT content FROM webhook_posts WHERE scope = ? AND target = ? ORDER BY number";
    let told = db
        .all("reading the posts of a day", sql, args, |row| {
            row.text(0).map(str::to_owned)
        })
        .await?;
    if told.last() == Some(&post.content) {
        return Ok(());
    }
    let mut args = db.args();
    args.text(&post.composed_at)
        .text(&post.scope)
        .text(&post.target);
    let sql = "UPDATE webhook_posts SET state = 'replaced', changed_at = ?, body = '' \
               WHERE scope = ? AND target = ? AND state = 'waiting'";
    db.execute("replacing a post", sql, args).await?;
    let args = db.args();
    let last = db
        .number(
            "counting posts",
            "SELECT MAX(number) FROM webhook_posts",
            args,
        )
        .await?;
    let mut args = db.args();
    args.int(last.saturating_add(1))
        .text(&post.scope)
        .text(&post.target)
        .text(&post.content)
        .text(&post.composed_at)
        .text(&post.composed_at)
        .text(&post.body);
    let sql = "INSERT INTO webhook_posts (number, scope, target, content, composed_at, changed_at, \
               body, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')";
    db.execute("keeping a post", sql, args).await.map(|_| ())
}

/// What waits, in the order in which it leaves.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &mut Db) -> Result<Vec<Post>, StorageError> {
    let args = db.args();
    let sql = "SELECT number, scope, target, content, composed_at, body FROM webhook_posts \
               WHERE state = 'waiting' ORDER BY number";
    let read = |row: RowRef<'_>| {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Post {
            number: row.int(0)?,
            scope: text(1)?,
            target: text(2)?,
            content: text(3)?,
            composed_at: text(4)?,
            body: text(5)?,
        })
    };
    db.all("looking for posts that wait", sql, args, read).await
}

/// Notes what became of a post.
///
/// # Errors
/// When the database fails.
pub async fn note(
    db: &mut Db,
    number: i64,
    state: PostState,
    at: &str,
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.text(state.word()).text(at).int(number);
    let sql = "UPDATE webhook_posts SET state = ?, changed_at = ?, body = '' WHERE number = ?";
    db.execute("noting what became of a post", sql, args)
        .await
        .map(|_| ())
}
