//! Whether a file is for an input at all.
//!
//! A folder may hold other things: notes, half-delivered files, another input's files. Those are
//! ignored, and said to be. But a file that looks like data and cannot be read is refused, never
//! ignored: it may be money.

use std::path::Path;

use super::profile::{self, Profile, ProfileDefinition};
use super::statements::camt::{XmlKind, identify};
use super::text::Survey;
use super::{Refusal, oney_crp, orders, statements};
use crate::domain::file::InputKind;

/// Name endings of tables.
const TABLES: [&str; 4] = [".csv", ".tsv", ".xlsx", ".ods"];

/// Name endings of objects, one a line.
const OBJECTS: [&str; 3] = [".ndjson", ".jsonl", ".json"];

/// Name endings of files that somebody is still writing.
const UNFINISHED: [&str; 5] = [".part", ".partial", ".filepart", ".tmp", ".crdownload"];

/// Why a file is not looked at; `None` when it may be one of the input's.
pub fn ignored_by_name(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if name.starts_with('.') || name.starts_with("~$") {
        Some("a hidden file")
    } else if UNFINISHED.iter().any(|ending| lower.ends_with(ending)) {
        Some("by its name it is not delivered completely yet")
    } else {
        None
    }
}

/// The profiles under which a kind is read: the input's own, else the built-in ones.
///
/// # Errors
/// When the profile of the input does not exist.
pub fn profiles_of(
    kind: InputKind,
    named: Option<&str>,
    definitions: &[ProfileDefinition],
) -> Result<Vec<Profile>, Refusal> {
    let resolved: Vec<&str> = match (named, kind) {
        (Some(name), _) => vec![name],
        (None, InputKind::OneyCrp) => vec![profile::ONEY_CRP_V2, profile::ONEY_CRP_V3],
        (None, InputKind::Orders) => vec![profile::ORDERS],
        (None, InputKind::OrderEvents) => vec![profile::ORDER_EVENTS],
        (None, InputKind::BankStatement) => vec![profile::BANK_CSV],
    };
    resolved
        .into_iter()
        .map(|name| Profile::resolve(name, definitions))
        .collect()
}

/// The first profile whose header a file has.
pub fn fitting<'p>(
    kind: InputKind,
    path: &Path,
    survey: &Survey,
    profiles: &'p [Profile],
) -> Option<&'p Profile> {
    profiles.iter().find(|profile| match kind {
        InputKind::OneyCrp => oney_crp::has_known_header(path, survey, profile),
        InputKind::Orders => orders::has_known_header(path, survey, profile),
        InputKind::OrderEvents => orders::has_known_event_header(path, survey, profile),
        InputKind::BankStatement => statements::has_known_header(path, survey, profile),
    })
}

/// True when a file is to be read as a kind, whatever comes of it.
pub fn is_claimed(
    kind: InputKind,
    path: &Path,
    name: &str,
    survey: &Survey,
    profiles: &[Profile],
) -> bool {
    let lower = name.to_lowercase();
    let lower = lower.strip_suffix(".gz").unwrap_or(&lower);
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let looks_like_data = match kind {
        InputKind::OneyCrp => ends(&TABLES) || lower.starts_with("crp_"),
        InputKind::Orders | InputKind::OrderEvents => ends(&TABLES) || ends(&OBJECTS),
        InputKind::BankStatement => {
            ends(&TABLES)
                || identify(&survey.head) != XmlKind::NotXml
                || other_statement(survey).is_some()
        }
    };
    looks_like_data || survey.blank || fitting(kind, path, survey, profiles).is_some()
}

/// The name of a statement format that is recognised but not read by this version.
pub fn other_statement(survey: &Survey) -> Option<&'static str> {
    if survey.is_zip() {
        return Some("a ZIP archive");
    }
    let head = survey.head_text();
    let text = head.trim_start();
    let begins = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    if begins(&["{1:", "{4:", ":20:", ":25:"]) || head.lines().any(|l| l.starts_with(":20:")) {
        Some("an MT940 statement")
    } else if begins(&["OFXHEADER", "<OFX>"]) {
        Some("an OFX statement")
    } else if begins(&["00000"]) && text.get(14..16) == Some("05") {
        Some("a CODA statement")
    } else if is_fixed_width(text, "01", 120) {
        Some("a CFONB120 statement")
    } else if is_fixed_width(text, "11", 80) || is_fixed_width(text, "00", 80) {
        Some("a Norma 43 statement")
    } else {
        None
    }
}

/// A first record with a code, digits behind it, and about the width of its format.
fn is_fixed_width(text: &str, code: &str, width: usize) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let digits = line
        .get(2..7)
        .is_some_and(|five| five.bytes().all(|b| b.is_ascii_digit()));
    line.starts_with(code) && digits && line.len() + 40 >= width && !line.contains([',', ';'])
}
