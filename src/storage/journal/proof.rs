//! Whether the journal is whole, and whether the tables still say what it says.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::event::{Recorded, Table};
use super::{Entry, object, sha256};
use crate::storage::{Db, StorageError};

/// The exit code that a run gets afterwards, when its mail was not delivered.
const MAIL_WAITS: i64 = 5;

/// The first place that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The row of the journal, where it is one.
    pub row: Option<i64>,
    /// What is wrong, as a sentence.
    pub what: String,
}

/// What a journal that is whole proves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Rows by kind.
    pub kinds: BTreeMap<String, usize>,
    /// SHA-256 of each row, in their order.
    pub hashes: Vec<String>,
    /// The manifests of recorded nights, by the name of the report's folder, as they were recorded
    /// last.
    pub manifests: BTreeMap<String, String>,
    /// By which rules and which version nights were recorded, one for each change.
    pub procedures: Vec<Procedure>,
}

/// The rules and the version of a row of recorded nights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Fingerprint of the rules.
    pub rules: String,
    /// The version of this program.
    pub version: String,
    /// The as-of date of the first of these nights.
    pub as_of: String,
    /// When that night ran, RFC 3339.
    pub at: String,
}

impl Proof {
    fn night(&mut self, facts: &Map<String, Value>) {
        let field = |name| text(facts, name).unwrap_or_default().to_owned();
        self.manifests.insert(field("report"), field("manifest"));
        let (rules, version) = (field("rules"), field("version"));
        let last = self.procedures.last();
        if last.is_none_or(|last| last.rules != rules || last.version != version) {
            self.procedures.push(Procedure {
                rules,
                version,
                as_of: field("as_of"),
                at: field("at"),
            });
        }
    }
}

/// The facts of rows by what they are about.
#[derive(Debug, Default)]
struct Journaled {
    rows: BTreeMap<(Table, i64), (i64, Map<String, Value>)>,
    before: BTreeMap<Table, (i64, String)>,
    mails: Vec<(i64, Map<String, Value>)>,
}

/// Recomputes the chain and compares it with the tables.
///
/// # Errors
/// When the database fails.
pub async fn prove(db: &mut Db) -> Result<Result<Proof, Misfit>, StorageError> {
    let entries = super::all(db).await?;
    let recorded = Recorded::read(db).await?;
    let accepted = super::super::outbox::accepted(db).await?;
    Ok(chain(&entries, &recorded).and_then(|(proof, journaled)| {
        journaled.fits(&recorded)?;
        journaled.fits_mails(&accepted)?;
        Ok(proof)
    }))
}

fn at(row: i64, what: impl Into<String>) -> Misfit {
    Misfit {
        row: Some(row),
        what: what.into(),
    }
}

/// The manifest of each recorded day as it was recorded last, as far as the journal is read; of a
/// night that is older than the journal there is none.
type Nights = BTreeMap<String, Option<String>>;

/// Each row with the one before it.
fn chain(entries: &[Entry], recorded: &Recorded) -> Result<(Proof, Journaled), Misfit> {
    let (mut proof, mut journaled) = (Proof::default(), Journaled::default());
    let mut nights = Nights::new();
    for (expected, entry) in (1_i64..).zip(entries) {
        if entry.number != expected {
            return Err(at(
                expected,
                format!("it is missing; the next row is {}", entry.number),
            ));
        }
        let found = sha256(&entry.content);
        if found != entry.sha256 {
            let stored = &entry.sha256;
            let what = format!("its content has the SHA-256 {found}, and {stored} is stored");
            return Err(at(expected, what));
        }
        let facts = object(&entry.content);
        let facts = facts.ok_or_else(|| at(expected, "its content is no JSON object"))?;
        let (before, named) = (
            proof.hashes.last().map(String::as_str),
            text(&facts, "previous"),
        );
        let is_next = number(&facts, "number") == Some(expected);
        if before != named || entry.previous.as_deref() != named || !is_next {
            return Err(at(expected, "it does not follow the row before it"));
        }
        let kind = text(&facts, "kind").unwrap_or_default().to_owned();
        if kind == "run" {
            follows(&facts, &mut nights).map_err(|what| at(expected, what))?;
            proof.night(&facts);
        }
        let count = proof.kinds.entry(kind.clone()).or_default();
        *count = count.saturating_add(1);
        proof.hashes.push(found);
        journaled.add(expected, &kind, facts)?;
        if kind == "beginning" {
            nights = journaled.nights_before(recorded);
        }
    }
    Ok((proof, journaled))
}

/// A recorded night names the manifest of the one before it, as that was known then.
fn follows(facts: &Map<String, Value>, nights: &mut Nights) -> Result<(), &'static str> {
    let as_of = text(facts, "as_of").unwrap_or_default().to_owned();
    let before = nights.range(..as_of.clone()).next_back();
    let before = before.and_then(|(_, manifest)| manifest.as_deref());
    if before != text(facts, "previous_manifest") {
        return Err("its manifest does not name that of the recorded night before");
    }
    nights.insert(as_of, text(facts, "manifest").map(str::to_owned));
    Ok(())
}

fn number(facts: &Map<String, Value>, name: &str) -> Option<i64> {
    facts.get(name).and_then(Value::as_i64)
}

fn text<'f>(facts: &'f Map<String, Value>, name: &str) -> Option<&'f str> {
    facts.get(name).and_then(Value::as_str)
}

impl Journaled {
    /// The recorded nights that are older than the journal.
    fn nights_before(&self, recorded: &Recorded) -> Nights {
        let last = self.before.get(&Table::Runs).map_or(0, |(last, _)| *last);
        let runs = recorded.rows.get(&Table::Runs).into_iter().flatten();
        let old = runs.filter(|(number, _)| **number <= last);
        old.filter_map(|(_, told)| Some((text(&told.facts, "as_of")?.to_owned(), None)))
            .collect()
    }

    fn add(&mut self, row: i64, kind: &str, facts: Map<String, Value>) -> Result<(), Misfit> {
        let table = match kind {
            "decision" => Table::Decisions,
            "provider-action" => Table::Actions,
            "run" => Table::Runs,
            "provider-action-outcome" => {
                let key = (Table::Actions, number(&facts, "action").unwrap_or_default());
                let request = self.rows.get_mut(&key);
                // An action that is older than the journal has its row in the table only.
                if let Some((_, request)) = request {
                    request.extend(facts.into_iter().filter(|(name, _)| name != "at"));
                } else {
                    self.rows.insert(key, (row, facts));
                }
                return Ok(());
            }
            "mail" => {
                self.mails.push((row, facts));
                return Ok(());
            }
            "beginning" if row == 1 => {
                for table in Table::ALL {
                    let tally = facts.get(table.name()).and_then(Value::as_object);
                    let last = tally.and_then(|tally| number(tally, "last"));
                    let sha256 = tally
                        .and_then(|tally| tally.get("sha256"))
                        .and_then(Value::as_str);
                    let (last, sha256) = (last.unwrap_or_default(), sha256.unwrap_or_default());
                    self.before.insert(table, (last, sha256.to_owned()));
                }
                return Ok(());
            }
            kind => {
                return Err(at(
                    row,
                    format!("«{kind}» is nothing that this version knows"),
                ));
            }
        };
        let key = (table, number(&facts, table.row()).unwrap_or_default());
        match self.rows.insert(key, (row, facts)) {
            None => Ok(()),
            Some((first, _)) => {
                let what = format!("it tells of the same {} as row {first}", table.row());
                Err(at(row, what))
            }
        }
    }

    /// Each row of the tables is in the journal as it is, and nothing is in the journal alone.
    fn fits(&self, recorded: &Recorded) -> Result<(), Misfit> {
        for table in Table::ALL {
            let rows = recorded.rows.get(&table);
            let before = self.is_as_before(table, recorded)?;
            for ((_, own), (row, facts)) in self.rows.range((table, i64::MIN)..=(table, i64::MAX)) {
                let what = format!("{} {own}", table.row());
                let told = rows.and_then(|rows| rows.get(own));
                let told = told.ok_or_else(|| at(*row, format!("{what} is no longer stored")))?;
                let known = (*own > before).then_some(&told.facts).into_iter().flatten();
                for (name, found) in known.chain(&told.later) {
                    let waits = name == "exit" && found.as_i64() == Some(MAIL_WAITS);
                    let expected = facts.get(name).unwrap_or(&Value::Null);
                    if expected != found && !waits {
                        return Err(at(
                            *row,
                            format!(
                                "{what} has {name} {found} in the database, and {expected} here"
                            ),
                        ));
                    }
                }
            }
            let new = rows.into_iter().flatten().map(|(number, _)| *number);
            let mut new = new.filter(|number| *number > before);
            if let Some(own) = new.find(|number| !self.rows.contains_key(&(table, *number))) {
                return Err(Misfit {
                    row: None,
                    what: format!(
                        "{} {own} is stored, and the journal knows nothing of it",
                        table.row()
                    ),
                });
            }
        }
        Ok(())
    }

    /// The last row of a table that is older than the journal; all up to it are what they were.
    fn is_as_before(&self, table: Table, recorded: &Recorded) -> Result<i64, Misfit> {
        let Some((last, sha256)) = self.before.get(&table) else {
            return Ok(0);
        };
        if recorded.tally(table, *last).sha256 == *sha256 {
            return Ok(*last);
        }
        let what = "that are older than the journal are not what they were when it began";
        Err(at(1, format!("the {} {what}", table.name())))
    }

    /// Mail that was handed over is still known to have been.
    fn fits_mails(&self, accepted: &BTreeMap<(i64, String), String>) -> Result<(), Misfit> {
        for (row, facts) in &self.mails {
            let mail = number(facts, "mail").unwrap_or_default();
            let to = facts.get("to").and_then(Value::as_array);
            for address in to.into_iter().flatten().filter_map(Value::as_str) {
                let content = accepted.get(&(mail, address.to_owned()));
                if content.map(String::as_str) != facts.get("content").and_then(Value::as_str) {
                    return Err(at(
                        *row,
                        format!(
                            "that mail {mail} was handed over to {address} is no longer in the \
                                 database, or it says something else there"
                        ),
                    ));
                }
            }
        }
        Ok(())
    }
}
