//! What `:86:` tells of an entry: who, which references, what for.
//!
//! The standard gives six lines of 65 characters and leaves their content to the bank. Three
//! ways are common: sub-fields with numbers ([`german`]), keys between slashes ([`dutch`]), and
//! free text. SEPA keywords (`EREF+`) occur in the first and in the last.

use std::ops::Range;

use super::pieces::Pieces;
use super::{dutch, german, is_reference};

/// Characters from which a line of free text counts as full: it has 65, less what is trimmed.
pub(super) const LINE_CHARS_FULL: usize = 60;

/// Who, which references, what for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Information {
    pub(super) counterparty: String,
    /// In the file's order.
    pub(super) references: Vec<String>,
    pub(super) remittance: String,
    /// What the bank calls the booking, and what it adds: the end of the remittance text.
    pub(super) additions: Vec<String>,
}

impl Information {
    /// Reads one `:86:`, line by line as it stands.
    pub(super) fn of(lines: &[String]) -> Self {
        if let Some(fields) = german::fields(&lines.concat()) {
            return german::information(&fields);
        }
        let pieces = Pieces::of(lines, LINE_CHARS_FULL);
        let keys = dutch::keys(pieces.text());
        if dutch::begins_with_key(pieces.text(), &keys) {
            return dutch::information(&pieces, &keys);
        }
        let found = keywords(&pieces);
        let mut information = Self {
            remittance: pieces.spaced(pieces.all()),
            ..Self::default()
        };
        information.add_keywords(&pieces, &found);
        information
    }

    /// Adds what a further field says.
    pub(super) fn add(&mut self, further: Self) {
        if self.counterparty.is_empty() {
            self.counterparty = further.counterparty;
        }
        self.references.extend(further.references);
        self.additions.extend(further.additions);
        append_new(&mut self.remittance, &further.remittance);
    }

    /// Adds a reference unless it says that there is none.
    pub(super) fn refer(&mut self, reference: &str) {
        let reference = super::pieces::tidy(reference);
        if is_reference(&reference) {
            self.references.push(reference);
        }
    }

    /// Takes references and the ultimate party from keywords.
    pub(super) fn add_keywords(&mut self, pieces: &Pieces, found: &[Keyword]) {
        for keyword in found {
            let end = pieces.end_of_value(&keyword.value);
            let value = pieces.text().get(keyword.value.start..end);
            let value = value.unwrap_or_default();
            match keyword.word {
                "EREF" | "KREF" | "MREF" | "RREF" => self.refer(value),
                "ABWA" | "ABWE" if self.counterparty.is_empty() => {
                    self.counterparty = super::pieces::tidy(value);
                }
                _ => {}
            }
        }
    }

    /// The remittance text with all that is added and not said in it yet.
    pub(super) fn whole_remittance(&self) -> String {
        let mut text = self.remittance.clone();
        for addition in &self.additions {
            append_new(&mut text, addition);
        }
        text
    }
}

/// Adds a text after a space, unless it is there already.
pub(super) fn append_new(text: &mut String, addition: &str) {
    let addition = super::pieces::tidy(addition);
    if addition.is_empty() || text.contains(&addition) {
        return;
    }
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(&addition);
}

/// SEPA keywords of the German banks (DFÜ-Abkommen, Anlage 3).
const KEYWORDS: [&str; 14] = [
    "EREF", "KREF", "MREF", "CRED", "DEBT", "COAM", "OAMT", "SVWZ", "ABWA", "ABWE", "IBAN", "BIC",
    "PURP", "RREF",
];

/// Those that some banks write with a colon. The others are ordinary text (`IBAN: …`) unless one of
/// these stands before them.
const WITH_COLON: [&str; 5] = ["EREF", "KREF", "MREF", "CRED", "SVWZ"];

/// A keyword and where its value is: up to the next keyword.
#[derive(Clone, Debug)]
pub(super) struct Keyword {
    pub(super) word: &'static str,
    /// Where the keyword itself begins.
    pub(super) start: usize,
    pub(super) value: Range<usize>,
}

/// The keywords of a text. With `+` they are found anywhere, since sub-fields are cut anywhere;
/// with a colon only where a word begins.
pub(super) fn keywords(pieces: &Pieces) -> Vec<Keyword> {
    let text = pieces.text();
    let mut found: Vec<Keyword> = Vec::new();
    let mut with_colons = false;
    for (at, mark) in text.match_indices(['+', ':']) {
        let before = text.get(..at).unwrap_or_default();
        let Some(word) = KEYWORDS.into_iter().find(|word| before.ends_with(word)) else {
            continue;
        };
        let start = at.saturating_sub(word.len());
        if mark == ":" {
            let prefix = before.get(..start).unwrap_or_default();
            let begins_word = prefix.ends_with(' ') || pieces.begins_piece(start);
            if !begins_word || !(with_colons || WITH_COLON.contains(&word)) {
                continue;
            }
            with_colons = true;
        }
        if let Some(last) = found.last_mut() {
            last.value.end = start.max(last.value.start);
        }
        let value = at.saturating_add(1)..text.len();
        found.push(Keyword { word, start, value });
    }
    found
}
