//! `:86:` with keys between slashes: the Netherlands, Belgium, France.
//!
//! `/TRTP/SEPA OVERBOEKING/IBAN/…/NAME/…/REMI/…/EREF/…`. Values contain slashes themselves, so
//! only a known key ends a value. Lines are cut at 65 characters, also inside keys.

use std::ops::Range;

use super::information::Information;
use super::pieces::{Pieces, tidy};

/// Keys that banks use.
const KEYS: [&str; 26] = [
    "TRTP", "IBAN", "BIC", "NAME", "REMI", "EREF", "MARF", "CSID", "ISDT", "CNTP", "ORDP", "BENM",
    "ADDR", "RTRN", "PREF", "KREF", "PURP", "ULTD", "ULTC", "ULTB", "UDTR", "UCRD", "TRCD", "OCMT",
    "CHGS", "EXCH",
];

/// A key and where its value is.
#[derive(Clone, Debug)]
pub(super) struct Key {
    word: &'static str,
    start: usize,
    value: Range<usize>,
}

/// The keys of a text.
pub(super) fn keys(text: &str) -> Vec<Key> {
    let mut found: Vec<Key> = Vec::new();
    let mut slash: Option<usize> = None;
    for (at, _) in text.match_indices('/') {
        if let Some(start) = slash {
            let word = text.get(start.saturating_add(1)..at).unwrap_or_default();
            if let Some(word) = KEYS.into_iter().find(|key| *key == word) {
                if let Some(last) = found.last_mut() {
                    last.value.end = start.max(last.value.start);
                }
                let value = at.saturating_add(1)..text.len();
                found.push(Key { word, start, value });
            }
        }
        slash = Some(at);
    }
    found
}

/// True when the text is one of keys: it begins with one.
pub(super) fn begins_with_key(text: &str, keys: &[Key]) -> bool {
    let before = keys.first().and_then(|key| text.get(..key.start));
    before.is_some_and(|before| before.trim().is_empty())
}

/// What the keys say.
pub(super) fn information(pieces: &Pieces, keys: &[Key]) -> Information {
    let mut information = Information::default();
    let mut name = String::new();
    let mut ultimate = String::new();
    for key in keys {
        let range = trimmed(pieces.text(), key.value.clone());
        let value = pieces.text().get(range.clone()).unwrap_or_default();
        match key.word {
            "EREF" | "MARF" | "PREF" | "KREF" => information.refer(value),
            "NAME" if name.is_empty() => name = pieces.joined(range),
            "CNTP" if name.is_empty() => name = third_part(pieces, key.value.clone()),
            "ULTD" | "ULTC" | "ULTB" | "UDTR" | "UCRD" if ultimate.is_empty() => {
                ultimate = pieces.joined(range);
            }
            "REMI" => remittance(pieces, range, &mut information),
            "RTRN" | "TRTP" | "OCMT" | "CHGS" | "EXCH" => {
                information.additions.push(pieces.spaced(range));
            }
            _ => {}
        }
    }
    information.counterparty = if name.is_empty() { ultimate } else { name };
    information
}

/// `USTD//text`, `STRD/CUR/reference`, or the text alone.
fn remittance(pieces: &Pieces, range: Range<usize>, information: &mut Information) {
    let value = pieces.text().get(range.clone()).unwrap_or_default();
    let from = |prefix: &str| range.start.saturating_add(prefix.len());
    let text = if value.starts_with("USTD/") {
        pieces.spaced(trimmed(pieces.text(), from("USTD/")..range.end))
    } else if value.starts_with("STRD/") {
        information.refer(value.rsplit('/').next().unwrap_or_default());
        pieces.spaced(trimmed(pieces.text(), from("STRD/")..range.end))
    } else {
        pieces.spaced(range)
    };
    super::information::append_new(&mut information.remittance, &text);
}

/// The name in `account/bic/name/city`.
fn third_part(pieces: &Pieces, range: Range<usize>) -> String {
    let value = pieces.text().get(range.clone()).unwrap_or_default();
    let mut slashes = value.match_indices('/').map(|(at, _)| at);
    let begins = slashes.nth(1).map(|at| at.saturating_add(1));
    let Some(begins) = begins else {
        return String::new();
    };
    let ends = slashes.next().unwrap_or(value.len());
    let at = |inside: usize| range.start.saturating_add(inside);
    tidy(&pieces.joined(at(begins)..at(ends)))
}

/// A range without slashes and blanks at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let value = text.get(range.clone()).unwrap_or_default();
    let is_edge = |c: char| c == '/' || c.is_whitespace();
    let start = value
        .len()
        .saturating_sub(value.trim_start_matches(is_edge).len());
    let end = value.trim_end_matches(is_edge).len();
    let start = range.start.saturating_add(start);
    start..range.start.saturating_add(end).max(start)
}
