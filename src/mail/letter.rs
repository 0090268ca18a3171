//! A sheet as a message (RFC 5322): headers, text, HTML, attachments.
//!
//! A message is made once and kept until it has left, so every attempt to send it sends the same
//! bytes. What a mail says gives its content's digest, and that, with what it is about, its
//! `Message-ID`; neither the date nor the place of the report is in it, and attachments are not
//! either: a workbook that holds more rows than before is no news where the mail has none.

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use sha2::{Digest as _, Sha256};

use super::digest::{Digest, Subject};
use super::sheet::{Closing, Sheet};
use super::{address, page, plain};
use crate::domain::hex::hex;
use crate::report::language::Texts;

/// Bytes of text and HTML as they are sent: Gmail clips a message at 102 KB.
pub const BODY_BYTES_MAX: usize = 96 * 1024;

/// Bytes of all attachments together, as files: encoded, with all else, a message stays below
/// 10 240 000 bytes, from which on Postfix refuses it unless told otherwise.
pub const ATTACHMENTS_BYTES_MAX: u64 = 7_000_000;

/// How often the number of discrepancies is halved for a mail that is too long.
const HALVINGS_MAX: u32 = 4;

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A mail in words that is ready to be made a message of.
#[derive(Debug)]
pub struct Letter {
    sheet: Sheet,
    about: Subject,
    /// SHA-256 of what it says, 64 hex digits.
    pub content: String,
}

/// What a message has besides what it says.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'e> {
    /// The sender.
    pub from: &'e Mailbox,
    /// The recipients.
    pub to: &'e [Mailbox],
    /// When it is composed.
    pub date: DateTime<Utc>,
    /// With its angle brackets.
    pub message_id: &'e str,
}

/// That a message cannot be made, which says that this program is wrong.
#[derive(Debug, thiserror::Error)]
#[error("the mail cannot be put together ({reason}); please send this line to the developers")]
pub struct LetterError {
    reason: String,
}

impl Letter {
    /// Puts a digest into words, as many as a mail has room for.
    pub fn of(digest: &Digest, texts: &Texts) -> Self {
        let sized = |halvings: u32| {
            let sheet = Sheet::of(digest, texts, halvings);
            let empty = Closing::default();
            let bytes = body(&sheet, &empty, "x").map_or(0, |body| body.formatted().len());
            (sheet, bytes)
        };
        let mut halvings = 0;
        let sheet = loop {
            let (sheet, bytes) = sized(halvings);
            if bytes <= BODY_BYTES_MAX || halvings == HALVINGS_MAX {
                break sheet;
            }
            halvings = halvings.saturating_add(1);
        };
        let said = format!("{}\n{}", sheet.subject(), plain::body(&sheet));
        Self {
            about: digest.subject().clone(),
            content: hex(&Sha256::digest(said)),
            sheet,
        }
    }

    /// The subject, one line.
    pub fn subject(&self) -> &str {
        self.sheet.subject()
    }

    /// Its `Message-ID`: from what it is about and what it says; for an assignee also from the
    /// address, and from how often the very same has been sent for this day before and was
    /// overtaken by something else.
    pub fn message_id(&self, from: &Mailbox, to: &[Mailbox], repetition: usize) -> String {
        let about = &self.about;
        let folder = about.scope.folder();
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update(part);
            hash.update([0x1f]);
        };
        add(&folder);
        about.providers.iter().for_each(|name| add(name));
        add(&self.content);
        if !about.audience.is_empty() {
            add(&about.audience);
            for one in to {
                add(one.email.as_ref());
            }
        }
        if repetition > 0 {
            add(&repetition.to_string());
        }
        let digits: String = hex(&hash.finalize()).chars().take(24).collect();
        let domain = address::domain(from);
        format!("<recon-{}-{digits}@{domain}>", about.scope.as_of)
    }

    /// The whole message, as it is sent.
    ///
    /// # Errors
    /// When the program is wrong.
    pub fn message(
        &self,
        envelope: Envelope<'_>,
        closing: &Closing,
        attachments: Vec<Attachment>,
    ) -> Result<Vec<u8>, LetterError> {
        let wrong = |reason: String| LetterError { reason };
        let mut builder = Message::builder()
            .from(envelope.from.clone())
            .date(envelope.date.into())
            .message_id(Some(envelope.message_id.to_owned()))
            .subject(self.subject());
        for to in envelope.to {
            builder = builder.to(to.clone());
        }
        // No answer by a machine: out-of-office notes would go to a mailbox that nobody reads.
        for (name, value) in [
            ("Auto-Submitted", "auto-generated"),
            ("X-Auto-Response-Suppress", "All"),
            ("Content-Language", self.sheet.tag),
        ] {
            let name = HeaderName::new_from_ascii_str(name);
            builder = builder.raw_header(HeaderValue::new(name, value.to_owned()));
        }
        let mark: String = self.content.chars().take(32).collect();
        let body = body(&self.sheet, closing, &mark)
            .ok_or_else(|| wrong("its template fails".to_owned()))?;
        let made = if attachments.is_empty() {
            builder.multipart(body)
        } else {
            let mut mixed = MultiPart::mixed()
                .boundary(format!("=_recon_mixed_{mark}"))
                .multipart(body);
            for attachment in attachments {
                mixed = mixed.singlepart(attached(attachment));
            }
            builder.multipart(mixed)
        };
        let message = made.map_err(|error| wrong(error.to_string()))?;
        Ok(message.formatted())
    }
}

/// Both forms. A boundary holds `=_`, which encoded text never does.
fn body(sheet: &Sheet, closing: &Closing, mark: &str) -> Option<MultiPart> {
    let text = plain::text(sheet, closing);
    let html = page::html(sheet, closing)?;
    let body = MultiPart::alternative()
        .boundary(format!("=_recon_body_{mark}"))
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html));
    Some(body)
}

fn attached(attachment: Attachment) -> SinglePart {
    let media = match attachment.name.rsplit_once('.') {
        Some((_, "xlsx")) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "csv")) => "text/csv; charset=utf-8",
        Some((_, "json")) => "application/json",
        _ => "application/octet-stream",
    };
    let media = ContentType::parse(media).unwrap_or(ContentType::TEXT_PLAIN);
    SinglePart::builder()
        .header(ContentDisposition::attachment(attachment.name))
        .header(media)
        // The bytes as they are: no line end of a CSV file is touched.
        .header(ContentTransferEncoding::Base64)
        .body(attachment.bytes)
}
