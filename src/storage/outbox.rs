//! The tables `mails` and `mail_recipients`: what is to leave, and what has left.
//!
//! A mail is written down in the transaction of its night, before anything is sent, and each
//! recipient is marked once the server has taken it. A run that is killed in between sends again
//! what it had not marked, with the same `Message-ID`. The message itself goes from the database
//! once nobody waits for it, so what stays of a night is two short rows.

use std::collections::BTreeMap;

use super::db::{Db, StorageError};
use super::journal::{self, Event, HandedMail};
use crate::domain::outgoing_mail::{MailTopic, OutgoingMail, RecipientState};

const WAITING: RecipientState = RecipientState::Waiting;

/// A mail of a topic that was composed earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// Its number.
    pub number: i64,
    /// SHA-256 of what it says.
    pub content: String,
    /// With its angle brackets.
    pub message_id: String,
}

/// What became of a mail with one recipient.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'h> {
    /// The recipient.
    pub address: &'h str,
    /// Where it stands now.
    pub state: RecipientState,
    /// When that was known, RFC 3339 in UTC.
    pub at: &'h str,
    /// What the server said, or why it is not sent.
    pub detail: &'h str,
}

/// The mails of a topic, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_topic(db: &mut Db, topic: &MailTopic) -> Result<Vec<Composed>, StorageError> {
    let mut args = db.args();
    args.text(&topic.scope).text(&topic.audience);
    let sql = "SELECT number, content, message_id FROM mails \
               WHERE scope = ? AND audience = ? ORDER BY number";
    db.all("reading the mails of a day", sql, args, |row| {
        Ok(Composed {
            number: row.int(0)?,
            content: row.text(1)?.to_owned(),
            message_id: row.text(2)?.to_owned(),
        })
    })
    .await
}

/// The number that the next mail gets.
///
/// # Errors
/// When the database fails.
pub async fn next_number(db: &mut Db) -> Result<i64, StorageError> {
    let args = db.args();
    let sql = "SELECT MAX(number) FROM mails";
    let last = db.number("counting mails", sql, args).await?;
    Ok(last.saturating_add(1))
}

/// Writes a mail down, with those who wait for it.
///
/// # Errors
/// When the database fails, or the number is taken.
pub async fn insert(db: &mut Db, mail: &OutgoingMail) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(mail.number)
        .text(&mail.topic.scope)
        .text(&mail.topic.audience)
        .text(&mail.content)
        .text(&mail.message_id)
        .text(&mail.subject)
        .text(&mail.sender)
        .text(&mail.composed_at)
        .bytes(&mail.message);
    let sql = "INSERT INTO mails (number, scope, audience, content, message_id, subject, sender, \
               composed_at, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    db.execute("keeping a mail", sql, args).await?;
    for address in &mail.waiting {
        add_recipient(db, mail.number, address, &mail.composed_at).await?;
    }
    Ok(())
}

async fn add_recipient(
    db: &mut Db,
    number: i64,
    address: &str,
    at: &str,
) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(number)
        .text(address)
        .text(WAITING.word())
        .text(at)
        .text("");
    // Whoever has it already, or is named twice, gets it once; whoever was refused waits again.
    let sql = "INSERT INTO mail_recipients (mail_number, address, state, changed_at, detail) \
               VALUES (?, ?, ?, ?, ?) ON CONFLICT (mail_number, address) DO UPDATE \
               SET state = excluded.state, changed_at = excluded.changed_at, detail = '' \
               WHERE mail_recipients.state <> 'accepted'";
    db.execute("noting who gets a mail", sql, args)
        .await
        .map(|_| ())
}

/// Sends a mail that was composed earlier also to those who have not got it: `mail` is the same
/// content once more, with the number that it had.
///
/// # Errors
/// When the database fails.
pub async fn send_also(db: &mut Db, mail: &OutgoingMail) -> Result<(), StorageError> {
    for address in &mail.waiting {
        add_recipient(db, mail.number, address, &mail.composed_at).await?;
    }
    let mut args = db.args();
    args.bytes(&mail.message)
        .text(&mail.sender)
        .int(mail.number)
        .int(mail.number)
        .text(WAITING.word());
    let sql = "UPDATE mails SET message = ?, sender = ? WHERE number = ? AND EXISTS \
               (SELECT 1 FROM mail_recipients WHERE mail_number = ? AND state = ?)";
    db.execute("keeping a mail once more", sql, args)
        .await
        .map(|_| ())
}

/// Takes back what still waits of a topic, because it is no longer so.
///
/// # Errors
/// When the database fails.
pub async fn replace(db: &mut Db, topic: &MailTopic, at: &str) -> Result<(), StorageError> {
    for mail in of_topic(db, topic).await? {
        let mut args = db.args();
        args.text(RecipientState::Replaced.word())
            .text(at)
            .int(mail.number)
            .text(WAITING.word());
        let sql = "UPDATE mail_recipients SET state = ?, changed_at = ? \
                   WHERE mail_number = ? AND state = ?";
        if db.execute("taking a mail back", sql, args).await? > 0 {
            forget_message(db, mail.number).await?;
        }
    }
    Ok(())
}

/// The numbers of the mails that somebody waits for, in the order in which they leave.
///
/// # Errors
/// When the database fails.
pub async fn waiting(db: &mut Db) -> Result<Vec<i64>, StorageError> {
    let args = db.args();
    let sql = "SELECT DISTINCT mail_number FROM mail_recipients WHERE state = 'waiting' \
               ORDER BY mail_number";
    db.all("looking for mail that waits", sql, args, |row| row.int(0))
        .await
}

/// A mail with those who still wait for it; `None` where there is none of this number.
///
/// # Errors
/// When the database fails.
pub async fn take(db: &mut Db, number: i64) -> Result<Option<OutgoingMail>, StorageError> {
    let mut args = db.args();
    args.int(number).text(WAITING.word());
    let sql = "SELECT address FROM mail_recipients WHERE mail_number = ? AND state = ? \
               ORDER BY address";
    let waiting = db
        .all("reading who waits for a mail", sql, args, |row| {
            row.text(0).map(str::to_owned)
        })
        .await?;
    let mut args = db.args();
    args.int(number);
    let sql = "SELECT scope, audience, content, message_id, subject, sender, composed_at, message \
               FROM mails WHERE number = ?";
    let found = db
        .all("reading a mail", sql, args, |row| {
            let text = |column| row.text(column).map(str::to_owned);
            Ok(OutgoingMail {
                number,
                topic: MailTopic {
                    scope: text(0)?,
                    audience: text(1)?,
                },
                content: text(2)?,
                message_id: text(3)?,
                subject: text(4)?,
                sender: text(5)?,
                composed_at: text(6)?,
                message: row.bytes(7)?.to_vec(),
                waiting: waiting.clone(),
            })
        })
        .await?;
    Ok(found.into_iter().next())
}

/// Notes what became of a mail with some of its recipients; the journal says who has it now.
///
/// # Errors
/// When the database fails; then nothing is noted.
pub async fn note(db: &mut Db, number: i64, handed: &[Handed<'_>]) -> Result<(), StorageError> {
    db.begin().await?;
    for one in handed {
        let mut args = db.args();
        args.text(one.state.word())
            .text(one.at)
            .text(one.detail)
            .int(number)
            .text(one.address);
        let sql = "UPDATE mail_recipients SET state = ?, changed_at = ?, detail = ? \
                   WHERE mail_number = ? AND address = ?";
        db.execute("noting what became of a mail", sql, args)
            .await?;
    }
    forget_message(db, number).await?;
    let accepted = |one: &&Handed<'_>| one.state == RecipientState::Accepted;
    if let Some(first) = handed.iter().find(accepted) {
        let to = handed.iter().filter(accepted).map(|one| one.address);
        let (message_id, content) = named(db, number).await?;
        let mail = HandedMail {
            mail: number,
            message_id: &message_id,
            content: &content,
            to: to.collect(),
            at: first.at,
        };
        journal::append(db, &[Event::Mail(mail)]).await?;
    }
    db.commit().await
}

/// The `Message-ID` of a mail, and the SHA-256 of what it says.
async fn named(db: &mut Db, number: i64) -> Result<(String, String), StorageError> {
    let mut args = db.args();
    args.int(number);
    let sql = "SELECT message_id, content FROM mails WHERE number = ?";
    let found = db
        .all("reading a mail", sql, args, |row| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))
        })
        .await?;
    let missing = || StorageError::unexpected("a mail that was handed over", number.to_string());
    found.into_iter().next().ok_or_else(missing)
}

/// What each mail says that was handed over, by its number and who has it.
///
/// # Errors
/// When the database fails.
pub(super) async fn accepted(db: &mut Db) -> Result<BTreeMap<(i64, String), String>, StorageError> {
    let mut args = db.args();
    args.text(RecipientState::Accepted.word());
    let sql = "SELECT mail_number, address, content FROM mail_recipients \
               JOIN mails ON mails.number = mail_recipients.mail_number WHERE state = ?";
    let found = db.all("reading who has a mail", sql, args, |row| {
        let key = (row.int(0)?, row.text(1)?.to_owned());
        Ok((key, row.text(2)?.to_owned()))
    });
    Ok(found.await?.into_iter().collect())
}

/// Lets go of a message that nobody waits for any more.
async fn forget_message(db: &mut Db, number: i64) -> Result<(), StorageError> {
    let mut args = db.args();
    args.bytes(&[]).int(number).int(number).text(WAITING.word());
    let sql = "UPDATE mails SET message = ? WHERE number = ? AND NOT EXISTS \
               (SELECT 1 FROM mail_recipients WHERE mail_number = ? AND state = ?)";
    db.execute("letting go of a mail that has left", sql, args)
        .await
        .map(|_| ())
}
