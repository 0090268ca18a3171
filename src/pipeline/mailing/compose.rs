//! The mail of a night, written down with it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::mail::Mailbox;

use super::plan::{MailPlan, MailSetup, MailWish};
use crate::clock::RunClock;
use crate::config::MailWhen;
use crate::domain::outcome::ReportData;
use crate::domain::outgoing_mail::{MailTopic, OutgoingMail};
use crate::mail::letter::{ATTACHMENTS_BYTES_MAX, Envelope};
use crate::mail::{Attachment, Closing, Digest, Letter, Place};
use crate::pipeline::RunError;
use crate::storage::outbox::{self, Composed};
use crate::storage::{Db, journal, runs};

/// The night that a mail is about.
#[derive(Clone, Copy)]
pub(in crate::pipeline) struct Night<'n> {
    pub(in crate::pipeline) data: &'n ReportData,
    /// The providers that it was limited to.
    pub(in crate::pipeline) providers: &'n [String],
    /// Where its report stands.
    pub(in crate::pipeline) folder: &'n Path,
    /// The newest row of the journal: a copy of its SHA-256 outside proves all before it.
    pub(in crate::pipeline) journal: Option<&'n journal::Entry>,
    /// False for a look, which changes nothing.
    pub(in crate::pipeline) recorded: bool,
    pub(in crate::pipeline) clock: RunClock,
}

impl Night<'_> {
    /// True for a night of its own: tonight's, or the latest, of everything.
    async fn has_mail(&self, db: &mut Db, tonight: bool) -> Result<bool, RunError> {
        if self.data.scope.range.is_some() || !self.providers.is_empty() || !self.recorded {
            return Ok(false);
        }
        let as_of = self.data.scope.as_of;
        let latest = runs::latest(db).await?.map(|night| night.as_of);
        match latest.filter(|latest| *latest > as_of && !tonight) {
            Some(later) => {
                tracing::warn!(
                    "no mail of {as_of}, because the night of {later} is recorded already; --mail \
                     sends one"
                );
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn topic(&self, audience: &str) -> MailTopic {
        let mut scope = self.data.scope.folder();
        for provider in self.providers {
            scope.push(' ');
            scope.push_str(provider);
        }
        MailTopic {
            scope,
            audience: audience.to_owned(),
        }
    }
}

/// Writes the mails of a night down, to leave after it. Without a transaction around it nothing
/// is safe.
///
/// # Errors
/// When the database fails.
pub(in crate::pipeline) async fn compose(
    db: &mut Db,
    plan: &MailPlan,
    night: Night<'_>,
) -> Result<(), RunError> {
    let Some(setup) = &plan.setup else {
        return Ok(());
    };
    let forced = plan.wish == MailWish::Forced;
    if !forced && !night.has_mail(db, plan.tonight).await? {
        return Ok(());
    }
    let names: Vec<String> = setup
        .assignees
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let digests = Digest::all(night.data, night.providers, &names, setup.texts);
    let assigned = setup
        .assignees
        .iter()
        .map(|(_, mailbox)| std::slice::from_ref(mailbox));
    let recipients = std::iter::once(setup.to.as_slice()).chain(assigned);
    for (digest, to) in digests.iter().zip(recipients) {
        let topic = night.topic(&digest.subject().audience);
        if is_due(setup.when, digest, forced) && !to.is_empty() {
            let letter = Letter::of(digest, &setup.texts);
            let post = Post {
                setup,
                night,
                topic,
                to,
                forced,
            };
            post.write_down(db, &letter).await?;
        } else {
            // What waits says something that is no longer so.
            outbox::replace(db, &topic, &night.clock.started_text()).await?;
        }
    }
    Ok(())
}

/// Whether there is a mail. Nobody gets one of their own where nothing of theirs is open.
fn is_due(when: MailWhen, digest: &Digest, forced: bool) -> bool {
    let mine = !digest.subject().audience.is_empty();
    match when {
        _ if mine && digest.open() == 0 => false,
        _ if forced => true,
        MailWhen::Always => true,
        MailWhen::Discrepancies => digest.open() > 0,
        MailWhen::New => digest.news() > 0,
    }
}

/// One mail to write down.
struct Post<'p> {
    setup: &'p MailSetup,
    night: Night<'p>,
    topic: MailTopic,
    to: &'p [Mailbox],
    forced: bool,
}

impl Post<'_> {
    async fn write_down(&self, db: &mut Db, letter: &Letter) -> Result<(), RunError> {
        let known = outbox::of_topic(db, &self.topic).await?;
        let same = |mail: &&Composed| mail.content == letter.content;
        match known.last().filter(same) {
            Some(last) if self.forced => {
                let id = last.message_id.clone();
                if let Some(mail) = self.mail(letter, (last.number, id)) {
                    outbox::send_also(db, &mail).await?;
                }
            }
            Some(_) => tracing::debug!("the mail of this day says what it said before"),
            None => {
                let repetition = known.iter().filter(same).count();
                let id = letter.message_id(&self.setup.from, self.to, repetition);
                let number = outbox::next_number(db).await?;
                if let Some(mail) = self.mail(letter, (number, id)) {
                    outbox::replace(db, &self.topic, &mail.composed_at).await?;
                    outbox::insert(db, &mail).await?;
                }
            }
        }
        Ok(())
    }

    /// The whole message; `None`, said in the log, where the program is wrong.
    fn mail(&self, letter: &Letter, (number, message_id): (i64, String)) -> Option<OutgoingMail> {
        let wanted = if self.topic.audience.is_empty() {
            self.setup.attach.as_slice()
        } else {
            // Its files hold what is not theirs.
            &[]
        };
        let Enclosed { files, too_large } = enclose(self.night.folder, wanted);
        let names: Vec<&str> = files.iter().map(|file| file.name).collect();
        let folder = self.night.data.scope.folder();
        let place = Place {
            folder: &folder,
            url: self.setup.report_url.as_deref(),
        };
        let mut closing = Closing::new(self.setup.texts, place, &names, &too_large);
        if let Some(newest) = self.night.journal {
            closing.journal(self.setup.texts, newest.number, &newest.sha256);
        }
        let envelope = Envelope {
            from: &self.setup.from,
            to: self.to,
            date: self.night.clock.started_at,
            message_id: &message_id,
        };
        let made = letter.message(envelope, &closing, files);
        let message = made.map_err(|error| tracing::error!("{error}")).ok()?;
        Some(OutgoingMail {
            number,
            topic: self.topic.clone(),
            content: letter.content.clone(),
            message_id,
            subject: letter.subject().to_owned(),
            sender: self.setup.from.email.to_string(),
            composed_at: self.night.clock.started_text(),
            message,
            waiting: self.to.iter().map(|one| one.email.to_string()).collect(),
        })
    }
}

/// Files that go with a mail, and the names of those that are too large for one.
#[derive(Debug, Default)]
struct Enclosed {
    files: Vec<Attachment>,
    too_large: Vec<&'static str>,
}

/// Reads the files of a report, as many as fit. One that the report does not have (its format is
/// not written) is no loss.
fn enclose(folder: &Path, wanted: &[&'static str]) -> Enclosed {
    let mut enclosed = Enclosed::default();
    let mut room = ATTACHMENTS_BYTES_MAX;
    for name in wanted.iter().copied() {
        let Ok(file) = File::open(folder.join(name)) else {
            tracing::debug!("there is no {name} to attach");
            continue;
        };
        let mut bytes = Vec::new();
        let limit = room.saturating_add(1);
        if let Err(error) = file.take(limit).read_to_end(&mut bytes) {
            tracing::warn!("{name} cannot be attached to the mail ({error})");
            continue;
        }
        match room.checked_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX)) {
            Some(left) => {
                room = left;
                enclosed.files.push(Attachment { name, bytes });
            }
            None => enclosed.too_large.push(name),
        }
    }
    enclosed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_attached_while_there_is_room_and_named_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: u64| {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_len(bytes).unwrap();
        };
        put("discrepancies.csv", ATTACHMENTS_BYTES_MAX + 1);
        put("orders.csv", ATTACHMENTS_BYTES_MAX - 10);
        put("payouts.csv", 11);
        put("balance.csv", 10);
        let wanted = [
            "discrepancies.csv",
            "orders.csv",
            "payouts.csv",
            "balance.csv",
            "inputs.csv",
        ];
        let enclosed = enclose(folder.path(), &wanted);
        let names: Vec<_> = enclosed.files.iter().map(|file| file.name).collect();
        assert_eq!(names, ["orders.csv", "balance.csv"]);
        assert_eq!(enclosed.too_large, ["discrepancies.csv", "payouts.csv"]);
    }
}
