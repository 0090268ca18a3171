//! Recognises a camt message from the first bytes of a file.

use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::schema::message_kind;
use super::source::Source;
use crate::domain::file::bounded;

/// How much of a file [`identify`] wants to see: an envelope may put a signature first.
pub const HEAD_BYTES: usize = 32 * 1024;

/// Bytes of a foreign name that are kept.
const NAME_BYTES_MAX: usize = 80;

/// What the beginning of a file looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlKind {
    /// A camt.052, camt.053 or camt.054 message, in an envelope or not.
    Camt,
    /// XML of another kind: the name of its ISO 20022 message (`pain.001.001.09`), else the
    /// local name of its root (`OFX`), else empty.
    OtherXml(String),
    /// Anything else.
    NotXml,
}

/// Tells what a file that begins with `head` is, from the namespaces and names of its elements;
/// a schema location or a comment that names a message says nothing.
pub fn identify(head: &[u8]) -> XmlKind {
    let mut rest = head;
    let Ok(source) = Source::peek(&mut rest) else {
        return XmlKind::NotXml;
    };
    let mut xml = NsReader::from_reader(source);
    let mut buffer = Vec::new();
    let mut is_xml = false;
    let mut root = None;
    let mut other = None;
    loop {
        buffer.clear();
        match xml.read_resolved_event_into(&mut buffer) {
            Ok((namespace, Event::Start(tag) | Event::Empty(tag))) => {
                is_xml = true;
                let name = tag.local_name().into_inner();
                let message = iso_message(&namespace);
                if message_kind(name).is_some() || message.is_some_and(is_statement) {
                    return XmlKind::Camt;
                }
                other = other.or_else(|| {
                    let message = message.filter(|message| !message.starts_with("head."));
                    message.map(|message| bounded(message, NAME_BYTES_MAX))
                });
                root = root.or_else(|| Some(bounded(name, NAME_BYTES_MAX)));
            }
            Ok((_, Event::Text(text))) if root.is_none() && !text.trim().is_empty() => {
                return XmlKind::NotXml;
            }
            Ok((_, Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_))) => {
                is_xml = true;
            }
            Ok((_, Event::Eof)) | Err(_) => break,
            Ok(_) => {}
        }
    }
    match other.or(root) {
        Some(name) => XmlKind::OtherXml(name),
        None if names_itself_a_statement(head) => XmlKind::Camt,
        None if is_xml => XmlKind::OtherXml(String::new()),
        None => XmlKind::NotXml,
    }
}

/// True for the head of a statement that is damaged so early that no element of it can be read: its
/// reader says how.
fn names_itself_a_statement(head: &[u8]) -> bool {
    let has = |text: &[u8]| memchr::memmem::find(head, text).is_some();
    has(b"<") && has(b":xsd:camt.05")
}

/// The message of an ISO 20022 namespace: `camt.053.001.02`.
fn iso_message<'a>(namespace: &ResolveResult<'a>) -> Option<&'a str> {
    match namespace {
        ResolveResult::Bound(Namespace(uri)) => {
            let (scheme, message) = uri.trim().rsplit_once(':')?;
            scheme.contains("iso:20022").then_some(message)
        }
        ResolveResult::Unbound | ResolveResult::Unknown(_) => None,
    }
}

fn is_statement(message: &str) -> bool {
    ["camt.052.", "camt.053.", "camt.054."]
        .iter()
        .any(|prefix| message.starts_with(prefix))
}
