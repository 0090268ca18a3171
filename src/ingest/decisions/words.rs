//! The words of a table of decisions: names of columns, decisions and ids, as people and
//! spreadsheets write them.

use std::collections::BTreeMap;

use crate::domain::decision::Action;
use crate::domain::discrepancy::State;
use crate::ingest::words::comparable;

/// A decision as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What is done.
    pub action: Action,
    /// What stands behind a colon: `assign: lea`.
    pub text: String,
}

/// What may be chosen, for errors.
pub(super) const CHOICE: &str =
    "accept, write-off, link, unlink, snooze, approve, reject, reopen, note or assign";

/// Canonical names of columns, and those of reports in French and German, of mail and of habit.
const COLUMNS: [(&str, &[&str]); 19] = [
    (
        "id",
        &["Identifiant", "Kennung", "discrepancy", "discrepancy_id"],
    ),
    ("decision", &["Décision", "Entscheidung", "Entscheid"]),
    ("reason", &["Motif", "Raison", "Grund", "Begründung"]),
    ("code", &[]),
    ("state", &["État", "Stand"]),
    ("currency", &["Devise", "Währung"]),
    ("expected", &["Attendu", "Soll"]),
    ("actual", &["Constaté", "Ist"]),
    ("event_date", &["Date", "Datum"]),
    (
        "age_days",
        &["Age (days)", "Ancienneté (jours)", "Alter (Tage)"],
    ),
    ("assignee", &["Assigned to", "Attribué à", "Zuständig"]),
    ("note", &["Notiz"]),
    ("user", &["decided_by", "Utilisateur", "Benutzer"]),
    ("order", &["Commande", "Bestellung"]),
    ("payout", &["Versement", "Auszahlung"]),
    ("entry", &["entries", "Mouvement", "Buchung"]),
    ("account", &["Compte", "Konto"]),
    ("write_off", &["Solder", "Ausbuchen"]),
    ("until", &["Jusqu’au", "Bis"]),
];

/// The sentence, which is compared and never acted upon.
const EXPLANATION: (&str, &[&str]) = ("explanation", &["Explication", "Erläuterung"]);

/// The names by which columns are known.
pub(super) fn columns() -> BTreeMap<String, Vec<String>> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    COLUMNS
        .iter()
        .chain([&EXPLANATION])
        .map(|(canonical, names)| ((*canonical).to_owned(), owned(names)))
        .collect()
}

/// All names of a column, comparable: those of reports must be among them.
pub fn column_names(canonical: &str) -> Vec<String> {
    let of = COLUMNS.iter().chain([&EXPLANATION]);
    of.filter(|(name, _)| *name == canonical)
        .flat_map(|(name, others)| std::iter::once(name).chain(*others))
        .map(|name| comparable(name))
        .collect()
}

/// What reports in French and German call the states.
const STATES: [(State, [&str; 2]); 5] = [
    (State::New, ["nouveau", "neu"]),
    (State::Changed, ["modifié", "geändert"]),
    (State::Persisting, ["persistant", "weiterhin offen"]),
    (State::Accepted, ["accepté", "akzeptiert"]),
    (State::Resolved, ["résolu", "erledigt"]),
];

/// The state that a cell shows.
pub fn state(cell: &str) -> Option<State> {
    let word = comparable(cell);
    let is = |known: &str| comparable(known) == word;
    let titled = STATES
        .iter()
        .find(|(_, titles)| titles.iter().any(|title| is(title)));
    let named = || State::ALL.into_iter().find(|state| is(state.word()));
    titled.map(|(state, _)| *state).or_else(named)
}

/// Imperatives, infinitives and participles, without accents, blanks and hyphens.
const WORDS: [(Action, &[&str]); 10] = [
    (
        Action::Accept,
        &[
            "accept",
            "accepted",
            "accepter",
            "accepte",
            "acceptee",
            "akzeptieren",
            "akzeptiert",
            "annehmen",
        ],
    ),
    (
        Action::WriteOff,
        &[
            "writeoff",
            "writtenoff",
            "solder",
            "solde",
            "soldee",
            "ausbuchen",
            "ausgebucht",
        ],
    ),
    (
        Action::Link,
        &[
            "link",
            "linked",
            "lier",
            "lie",
            "liee",
            "verknupfen",
            "verknupft",
        ],
    ),
    (
        Action::Unlink,
        &["unlink", "unlinked", "delier", "trennen", "getrennt"],
    ),
    (
        Action::Snooze,
        &[
            "snooze",
            "snoozed",
            "reporter",
            "reporte",
            "zuruckstellen",
            "zuruckgestellt",
        ],
    ),
    (
        Action::Approve,
        &[
            "approve",
            "approved",
            "approuver",
            "approuve",
            "genehmigen",
            "genehmigt",
        ],
    ),
    (
        Action::Reject,
        &[
            "reject",
            "rejected",
            "rejeter",
            "rejete",
            "ablehnen",
            "abgelehnt",
        ],
    ),
    (
        Action::Reopen,
        &[
            "reopen",
            "reopened",
            "rouvrir",
            "reouvrir",
            "rouvert",
            "wiedereroffnen",
            "wiederoffnen",
            "wiedereroffnet",
        ],
    ),
    (
        Action::Note,
        &[
            "note",
            "noted",
            "noter",
            "notee",
            "notieren",
            "notiz",
            "notiert",
            "vermerken",
        ],
    ),
    (
        Action::Assign,
        &[
            "assign",
            "assigned",
            "assignto",
            "assigner",
            "attribuer",
            "attribue",
            "attribuera",
            "affecter",
            "affectera",
            "zuweisen",
            "zuordnen",
            "zugewiesen",
        ],
    ),
];

/// The decision that a cell asks for, with the text behind a colon.
pub fn asked(cell: &str) -> Option<Asked> {
    let (word, text) = cell.split_once(':').unwrap_or((cell, ""));
    let word = comparable(word);
    let (action, _) = WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|known| comparable(known) == word))?;
    Some(Asked {
        action: *action,
        text: text.trim().to_owned(),
    })
}

/// The id of a cell. A spreadsheet that took an id of decimal digits for a number has dropped its
/// leading zeros.
pub(super) fn id(cell: &str, digits: usize) -> Option<String> {
    let text = cell.strip_prefix('\'').unwrap_or(cell).trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && text.len() <= digits {
        return Some(format!("{text:0>digits$}"));
    }
    let is_id = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| text.to_ascii_lowercase())
}

/// What a workbook means by `_x000D_`: a character that its XML cannot hold (ECMA-376, 22.9.2.19).
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("_x") {
        plain.push_str(before);
        let escaped = behind
            .split_at_checked(5)
            .and_then(|(code, after)| Some((code.strip_suffix('_')?, after)))
            .filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|(code, after)| {
                let number = u32::from_str_radix(code, 16).ok()?;
                Some((char::from_u32(number)?, after))
            });
        rest = if let Some((letter, after)) = escaped {
            plain.push(letter);
            after
        } else {
            plain.push_str("_x");
            behind
        };
    }
    plain.push_str(rest);
    plain
}
