//! Attachments of messages in a mailbox, over TLS.
//!
//! The structure of each message that fits is asked for, which the server has at hand, and of the
//! messages themselves only the attachments that are new. Reading marks nothing: the mailbox is
//! opened for reading only, until messages are moved or removed because their owner says so.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use async_imap::Session;
use async_imap::error::Error as ImapError;
use futures_util::TryStreamExt as _;
use imap_proto::{BodyContentCommon, BodyStructure, ContentEncoding, SectionPath};
use mail_parser::{MessageParser, MimeHeaders as _};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::names::Names;
use super::{Credentials, LISTED_MAX, Listing, Part, Patience, RemoteFile, SourceError, said};
use crate::domain::source::ImapsAddress;

/// Messages whose structure is asked for at once.
const MESSAGES_AT_ONCE: usize = 200;

/// How deep parts of a message may lie in each other.
const DEPTH_MAX: usize = 20;

type Imap = Session<TlsStream<TcpStream>>;

/// A mailbox.
pub struct Mailbox {
    session: Imap,
    address: ImapsAddress,
    names: Names,
    /// Numbers of messages mean the same as long as this does.
    validity: u32,
    patience: Patience,
}

/// An attachment, as the structure of its message tells.
struct Attachment {
    path: Vec<u32>,
    name: String,
    encoded_bytes: u32,
    encoding: String,
}

fn failed(doing: &str, error: &ImapError) -> SourceError {
    SourceError::of_all(if let ImapError::No(said_no) = error {
        format!("the server refuses {doing} ({})", said(said_no))
    } else {
        format!("{doing} failed ({})", said(error))
    })
}

impl Mailbox {
    pub(super) async fn open(
        address: &ImapsAddress,
        credentials: &Credentials,
        patience: Patience,
    ) -> Result<Self, SourceError> {
        let Some(password) = &credentials.password else {
            return Err(SourceError::of_all(
                "there is no `password_env` to log in with",
            ));
        };
        let stream = patience.wait("connecting", connected(address)).await??;
        let mut client = async_imap::Client::new(stream);
        let greeting = patience
            .wait("waiting for its greeting", client.read_response())
            .await?;
        if !matches!(greeting, Ok(Some(_))) {
            return Err(SourceError::of_all(format!(
                "{} does not speak IMAP",
                address.host
            )));
        }
        let login = client.login(&address.user, password.reveal());
        let mut session = match patience.wait("logging in", login).await? {
            Ok(session) => session,
            // What the server says to it may repeat the password.
            Err((ImapError::No(_), _)) => {
                return Err(SourceError::of_all(format!(
                    "{} does not let {} in; check the user of `url` and `password_env`",
                    address.host, address.user
                )));
            }
            Err(_) => return Err(SourceError::of_all("the login broke off")),
        };
        let folder = session.examine(&address.folder);
        let folder = patience.wait("opening the folder", folder).await?;
        let folder =
            folder.map_err(|error| failed(&format!("to open {}", address.folder), &error))?;
        Ok(Self {
            session,
            address: address.clone(),
            names: Names::new(&address.pattern),
            validity: folder.uid_validity.unwrap_or(0),
            patience,
        })
    }

    /// What is searched for. A text goes as a quoted one, in which nothing ends it.
    fn search(&self) -> String {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let (from, subject) = (&self.address.from, &self.address.subject);
        let mut query = "UNDELETED".to_owned();
        for (key, text) in [("FROM", from), ("SUBJECT", subject)] {
            if !text.is_empty() {
                // Writing to a text cannot fail.
                write!(query, " {key} \"{}\"", quoted(text)).unwrap_or_default();
            }
        }
        // Servers are told the character set only where it matters.
        if query.is_ascii() {
            query
        } else {
            format!("CHARSET UTF-8 {query}")
        }
    }

    pub(super) async fn list(&mut self) -> Result<Listing, SourceError> {
        let query = self.search();
        let found = self
            .patience
            .wait("searching", self.session.uid_search(query))
            .await?;
        let found: BTreeSet<u32> = found
            .map_err(|error| failed("to search", &error))?
            .into_iter()
            .collect();
        if found.len() > LISTED_MAX {
            let sentence =
                format!("more than {LISTED_MAX} messages fit; ask for a narrower `subject`");
            return Err(SourceError::of_all(sentence));
        }
        let numbers: Vec<u32> = found.into_iter().collect();
        let mut listing = Listing::default();
        for chunk in numbers.chunks(MESSAGES_AT_ONCE) {
            for (uid, attachments) in self.structures(chunk).await? {
                for attachment in attachments {
                    listing.add(RemoteFile {
                        key: self.key(uid, &attachment.path),
                        name: attachment.name,
                        size_bytes: None,
                        version: attachment.encoded_bytes.to_string(),
                    });
                }
            }
        }
        Ok(listing)
    }

    /// The attachments that fit of some messages.
    async fn structures(
        &mut self,
        uids: &[u32],
    ) -> Result<Vec<(u32, Vec<Attachment>)>, SourceError> {
        let set: Vec<String> = uids.iter().map(ToString::to_string).collect();
        let names = &self.names;
        let asked = async {
            let fetched = self
                .session
                .uid_fetch(set.join(","), "(UID BODYSTRUCTURE)")
                .await?;
            let found = fetched.try_filter_map(async |message| {
                let mut found = Vec::new();
                if let Some(structure) = message.bodystructure() {
                    attachments(structure, &mut Vec::new(), &mut found);
                }
                found.retain(|one| names.fit(&one.name));
                Ok(message.uid.map(|uid| (uid, found)))
            });
            found.try_collect::<Vec<_>>().await
        };
        let asked = self
            .patience
            .wait("reading what messages hold", asked)
            .await?;
        asked.map_err(|error| failed("to say what messages hold", &error))
    }

    fn key(&self, uid: u32, path: &[u32]) -> String {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        format!("{}/{uid}/{}", self.validity, path.join("."))
    }

    /// The message and the part of a key; `None` for one of a mailbox that was made anew since.
    fn place(&self, key: &str) -> Option<(u32, Vec<u32>)> {
        let mut parts = key.split('/');
        let validity: u32 = parts.next()?.parse().ok()?;
        let uid = parts.next()?.parse().ok()?;
        let path = parts
            .next()?
            .split('.')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        (validity == self.validity).then_some((uid, path))
    }

    pub(super) async fn download(
        &mut self,
        file: &RemoteFile,
        part: &mut Part,
    ) -> Result<(), SourceError> {
        let unread = |why: &str| {
            let sentence = format!(
                "{}: it could not be read whole ({why}); the next fetch tries again",
                file.name
            );
            SourceError::of_one(sentence)
        };
        let (uid, path) = self
            .place(&file.key)
            .ok_or_else(|| unread("the mailbox has changed"))?;
        let all = self.structures(&[uid]).await?;
        let all = all.into_iter().flat_map(|(_, all)| all);
        let attachment = all.into_iter().find(|one| one.path == path);
        let attachment = attachment.ok_or_else(|| unread("its message is gone"))?;
        // Four letters for three bytes, and the ends of lines.
        let decoded = u64::from(attachment.encoded_bytes)
            .saturating_mul(2)
            .checked_div(3);
        if decoded.unwrap_or(u64::MAX) > part.bytes_max() {
            return Err(part.too_large());
        }
        let numbers: Vec<String> = path.iter().map(ToString::to_string).collect();
        let query = format!("(UID BODY.PEEK[{}])", numbers.join("."));
        let asked = async {
            let fetched = self.session.uid_fetch(uid.to_string(), query).await?;
            fetched.try_collect::<Vec<_>>().await
        };
        let asked = self.patience.wait("reading an attachment", asked).await?;
        let asked = asked.map_err(|error| failed("to read an attachment", &error))?;
        let section = SectionPath::Part(path, None);
        let body = asked.iter().find_map(|message| message.section(&section));
        let body = body.ok_or_else(|| unread("the server sent no such part"))?;
        if body.len() != usize::try_from(attachment.encoded_bytes).unwrap_or(usize::MAX) {
            return Err(unread("the server sent another size than it said"));
        }
        let bytes = decoded_body(&attachment.encoding, body);
        part.write(&bytes.ok_or_else(|| unread("it is not encoded as it says"))?)
    }

    /// Moves or removes the message of an attachment, once all of its attachments are `due`.
    pub(super) async fn remove(
        &mut self,
        file: &RemoteFile,
        due: &BTreeSet<String>,
    ) -> Result<(), SourceError> {
        let Some((uid, _)) = self.place(&file.key) else {
            return Ok(());
        };
        let all = self.structures(&[uid]).await?;
        let mut keys = all
            .iter()
            .flat_map(|(uid, all)| all.iter().map(|one| self.key(*uid, &one.path)));
        if !keys.all(|key| due.contains(&key)) {
            return Err(SourceError::of_one(format!(
                "{}: its message stays until all of its attachments were read",
                file.name
            )));
        }
        drop(keys);
        if all.is_empty() {
            return Ok(());
        }
        let (folder, move_to) = (self.address.folder.clone(), self.address.move_to.clone());
        let session = &mut self.session;
        let done = async {
            session.select(folder).await?;
            if !move_to.is_empty() {
                return session.uid_mv(uid.to_string(), move_to).await;
            }
            let stored = session
                .uid_store(uid.to_string(), "+FLAGS.SILENT (\\Deleted)")
                .await?;
            stored.try_collect::<Vec<_>>().await?;
            let expunged = session.uid_expunge(uid.to_string()).await?;
            expunged.try_collect::<Vec<_>>().await.map(|_| ())
        };
        let done = self.patience.wait("moving a message", done).await?;
        done.map_err(|error| failed("to move or remove a message", &error))
    }

    pub(super) async fn close(mut self) {
        let patience = self.patience;
        if let Ok(Err(error)) = patience.wait("taking leave", self.session.logout()).await {
            tracing::debug!("the server did not take leave ({error})");
        }
    }
}

async fn connected(address: &ImapsAddress) -> Result<TlsStream<TcpStream>, SourceError> {
    let host = address.host.clone();
    let unreached = |error: std::io::Error| {
        SourceError::of_all(format!(
            "{} port {} cannot be reached over TLS ({}); check `url`, the network and `ca_file`",
            address.host,
            address.port,
            said(error)
        ))
    };
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| unreached(std::io::Error::other(error)))?
            .with_root_certificates(trusted(address.ca_file.as_deref())?)
            .with_no_client_auth();
    let name =
        ServerName::try_from(host).map_err(|error| unreached(std::io::Error::other(error)))?;
    let tcp = TcpStream::connect((address.host.as_str(), address.port))
        .await
        .map_err(unreached)?;
    TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await
        .map_err(unreached)
}

/// What is trusted: the certificates of a file, else those that the system trusts.
fn trusted(ca_file: Option<&Path>) -> Result<RootCertStore, SourceError> {
    let mut store = RootCertStore::empty();
    let Some(path) = ca_file else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(store);
    };
    let wrong = |why: String| {
        SourceError::of_all(format!("ca_file {} cannot be used ({why})", path.display()))
    };
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| wrong(said(error)))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| wrong(said(error)))?;
        store.add(certificate).map_err(|error| wrong(said(error)))?;
    }
    Ok(store)
}

/// Walks through the parts of a message. A message inside one is an attachment of its own, and what
/// it holds is not looked into.
fn attachments(structure: &BodyStructure<'_>, path: &mut Vec<u32>, found: &mut Vec<Attachment>) {
    match structure {
        BodyStructure::Multipart { bodies, .. } => {
            if path.len() >= DEPTH_MAX {
                return;
            }
            for (number, body) in (1..).zip(bodies) {
                path.push(number);
                attachments(body, path, found);
                path.pop();
            }
        }
        BodyStructure::Basic { common, other, .. }
        | BodyStructure::Text { common, other, .. }
        | BodyStructure::Message { common, other, .. } => {
            if let Some(name) = name_of(common) {
                // The only part of a message has the number 1.
                let path = if path.is_empty() {
                    vec![1]
                } else {
                    path.clone()
                };
                found.push(Attachment {
                    path,
                    name,
                    encoded_bytes: other.octets,
                    encoding: encoding(&other.transfer_encoding),
                });
            }
        }
    }
}

/// The name of a part. Its parameters are put together again as a header, because names are encoded
/// in three ways, and the reader of mail knows them all.
fn name_of(common: &BodyContentCommon<'_>) -> Option<String> {
    let disposition = common.disposition.as_ref();
    let named = disposition
        .and_then(|it| it.params.as_ref())
        .into_iter()
        .flatten();
    let typed = common.ty.params.iter().flatten();
    let mut header = "Content-Disposition: attachment".to_owned();
    let renamed = typed.filter_map(|(key, value)| {
        // What is called `filename` there is called `name` here, with the same endings.
        let key = key.to_ascii_lowercase();
        Some((
            format!("file{}", key.strip_prefix("name").map(|_| key.as_str())?),
            value,
        ))
    });
    let given = named.map(|(key, value)| (key.to_ascii_lowercase(), value));
    let given: Vec<_> = given
        .filter(|(key, _)| key.starts_with("filename"))
        .collect();
    let given = if given.is_empty() {
        renamed.collect()
    } else {
        given
    };
    for (key, value) in given {
        // An extended value stands without quotes.
        let mark = if key.ends_with('*') { "" } else { "\"" };
        let value = value.replace(['"', '\r', '\n'], "");
        write!(header, "; {key}={mark}{value}{mark}").unwrap_or_default();
    }
    header.push_str("\r\n\r\n");
    let message = MessageParser::default().parse(header.as_bytes())?;
    message.parts.first()?.attachment_name().map(str::to_owned)
}

fn encoding(encoding: &ContentEncoding<'_>) -> String {
    match encoding {
        ContentEncoding::SevenBit => "7bit",
        ContentEncoding::EightBit => "8bit",
        ContentEncoding::Binary => "binary",
        ContentEncoding::Base64 => "base64",
        ContentEncoding::QuotedPrintable => "quoted-printable",
        ContentEncoding::Other(other) => other,
    }
    .to_owned()
}

/// The bytes of a part; `None` where they are not what its encoding says.
fn decoded_body(encoding: &str, body: &[u8]) -> Option<Vec<u8>> {
    if ["7bit", "8bit", "binary"]
        .iter()
        .any(|plain| encoding.eq_ignore_ascii_case(plain))
    {
        return Some(body.to_vec());
    }
    let header = format!(
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    );
    let mut message = header.into_bytes();
    message.extend_from_slice(body);
    let message = MessageParser::default().parse(&message)?;
    let part = message.parts.first()?;
    (!part.is_encoding_problem).then(|| part.contents().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use imap_proto::{ContentDisposition, ContentType};

    fn named(
        disposition: &[(&'static str, &'static str)],
        typed: &[(&'static str, &'static str)],
    ) -> Option<String> {
        let params = |all: &[(&'static str, &'static str)]| {
            Some(
                all.iter()
                    .map(|(key, value)| ((*key).into(), (*value).into()))
                    .collect(),
            )
        };
        name_of(&BodyContentCommon {
            ty: ContentType {
                ty: "text".into(),
                subtype: "csv".into(),
                params: params(typed),
            },
            disposition: Some(ContentDisposition {
                ty: "attachment".into(),
                params: params(disposition),
            }),
            language: None,
            location: None,
        })
    }

    #[test]
    fn a_name_is_read_however_it_is_encoded() {
        for (disposition, typed, expected) in [
            (&[("filename", "a.csv")][..], &[][..], Some("a.csv")),
            (&[], &[("NAME", "b.csv")], Some("b.csv")),
            (
                &[("filename", "=?UTF-8?B?UmVsZXbDqS5jc3Y=?=")],
                &[],
                Some("Relevé.csv"),
            ),
            (
                &[("filename*", "UTF-8''Relev%C3%A9.csv")],
                &[],
                Some("Relevé.csv"),
            ),
            (
                &[("filename*0", "long"), ("filename*1", "er.csv")],
                &[],
                Some("longer.csv"),
            ),
            (&[("filename", "../x")], &[], Some("../x")),
            (&[], &[("charset", "utf-8")], None),
        ] {
            assert_eq!(
                named(disposition, typed).as_deref(),
                expected,
                "{disposition:?} {typed:?}"
            );
        }
    }

    #[test]
    fn a_part_is_decoded_as_it_says() {
        assert_eq!(decoded_body("base64", b"YSxiCg==\r\n").unwrap(), b"a,b\n");
        assert_eq!(
            decoded_body("QUOTED-PRINTABLE", b"a=3Bb\r\n").unwrap(),
            b"a;b\r\n"
        );
        assert_eq!(decoded_body("8bit", b"a;\xe9").unwrap(), b"a;\xe9");
    }
}
