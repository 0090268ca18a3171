//! A file of decisions: read, judged row by row, and stored in one transaction or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::judge::{Judge, Known, Verdict};
use super::{no_night, store};
use crate::clock::RunClock;
use crate::domain::decision::{Action, Decision};
use crate::domain::discrepancy::Source;
use crate::domain::language::Wording;
use crate::ingest::decisions::{self as table, Decisions, Implied};
use crate::pipeline::{RunError, inquiry};
use crate::storage::{DatabaseLocation, Db, RunLock, decisions, findings, runs};

/// A file of decisions, and what is to be done with it.
#[derive(Clone, Debug)]
pub struct DecisionFile<'f> {
    /// The file.
    pub path: &'f Path,
    /// What its rows do where it has no column that says so, with the reason, note or name of
    /// those that have none of their own. A table that has that column may ask for nothing else.
    pub implied: Option<(Action, &'f str)>,
    /// By whom.
    pub user: &'f str,
    /// What the providers are called in the sentences of its rows.
    pub wording: Wording,
    /// Records the rows that can be recorded although others are refused.
    pub partial: bool,
    /// Records nothing.
    pub dry_run: bool,
}

/// A decision of the file that is recorded, or was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The file, with the sheet where several have decisions.
    pub file: String,
    /// One-based line, or row of the sheet.
    pub line: u32,
    /// The discrepancy.
    pub id: String,
    /// Its code.
    pub code: &'static str,
    /// What is done.
    pub action: &'static str,
    /// The reason, note or name.
    pub content: String,
    /// For one that was recorded before: when and by whom.
    pub recorded_before: Option<String>,
}

/// A row that is refused; without a line, the whole file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The file, with the sheet where several have decisions.
    pub file: String,
    /// One-based line, or row of the sheet.
    pub line: Option<u32>,
    /// The id, as far as there is one.
    pub id: String,
    /// The column at fault, as the header writes it; empty for the row as a whole.
    pub column: String,
    /// What was found, what was expected, what to do.
    pub reason: String,
}

impl Refused {
    /// The sentence that a person reads.
    pub fn sentence(&self) -> String {
        let Self {
            file,
            column,
            reason,
            ..
        } = self;
        let sentence = match self.line {
            None => format!("{file} {reason}"),
            Some(line) if column.is_empty() => format!("{file}:{line}: {reason}"),
            Some(line) => format!("{file}:{line}, column {column}: {reason}"),
        };
        // It quotes cells: none of them may steer a terminal or look like another line.
        sentence.replace(char::is_control, " ")
    }
}

/// What became of a file of decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The name of the file.
    pub file: String,
    /// True when the decisions that can be recorded are recorded.
    pub recorded: bool,
    /// Decisions that are new.
    pub decisions: Vec<Taken>,
    /// Decisions that were recorded before; they are not recorded again.
    pub known: Vec<Taken>,
    /// Rows that are refused.
    pub refused: Vec<Refused>,
}

/// Reads a file of decisions and records them: all of them, or with one refused row none, unless
/// the file is taken in parts.
///
/// # Errors
/// When the file is not there, no night is recorded yet, or the database fails. A file that is no
/// table of decisions is no error but refused.
pub async fn import(
    location: &DatabaseLocation,
    file: &DecisionFile<'_>,
    clock: RunClock,
) -> Result<Imported, RunError> {
    if !file.path.is_file() {
        let name = file.path.display();
        return Err(RunError::Input(format!("there is no file {name}")));
    }
    let name = file.path.file_name().unwrap_or(file.path.as_os_str());
    let name = name.to_string_lossy().replace(char::is_control, "?");
    let implied = file.implied.map(|(action, content)| Implied {
        action,
        content: content.to_owned(),
    });
    let read = match table::read(file.path, implied.as_ref()) {
        Ok(read) => read,
        Err(refusal) => return Ok(refused_whole(name, refusal.reason)),
    };
    let (mut db, _lock) = open(location, file.dry_run).await?;
    let known = known(&mut db, &read, file.wording).await?;
    let mut imported = judged(&name, &read, &known);
    let goes = imported.refused.is_empty() || file.partial;
    imported.recorded = goes && !file.dry_run;
    if imported.recorded && !imported.decisions.is_empty() {
        let decided = entries(&imported.decisions, &known, (file.user, clock));
        store(&mut db, &decided).await?;
    }
    db.close().await?;
    Ok(imported)
}

/// A dry run takes no lock and changes nothing, like every question.
async fn open(
    location: &DatabaseLocation,
    dry_run: bool,
) -> Result<(Db, Option<RunLock>), RunError> {
    if dry_run {
        return Ok((inquiry::open(location).await?, None));
    }
    let (db, lock) = Db::open(location).await?;
    Ok((db, Some(lock)))
}

fn refused_whole(file: String, reason: String) -> Imported {
    let refused = Refused {
        file: file.clone(),
        line: None,
        id: String::new(),
        column: String::new(),
        reason,
    };
    Imported {
        file,
        refused: vec![refused],
        ..Imported::default()
    }
}

/// What is known of everything that the rows name.
async fn known(db: &mut Db, read: &Decisions, wording: Wording) -> Result<Known, RunError> {
    let night = runs::latest(db).await?.ok_or_else(no_night)?.as_of;
    let ids: BTreeSet<&String> = read.rows.iter().map(|row| &row.id).collect();
    let ids: Vec<String> = ids.into_iter().cloned().collect();
    let last = findings::last(db, &ids).await?;
    let mut trail: BTreeMap<String, Vec<Decision>> = BTreeMap::new();
    for decision in decisions::about(db, &ids).await? {
        trail.entry(decision.id.clone()).or_default().push(decision);
    }
    let mut first_made = BTreeMap::new();
    for run in runs::all(db).await? {
        first_made.entry(run.as_of).or_insert(run.started_at);
    }
    Ok(Known {
        wording,
        night,
        last,
        trail,
        first_made,
    })
}

fn judged(name: &str, read: &Decisions, known: &Known) -> Imported {
    let mut imported = Imported {
        file: name.to_owned(),
        ..Imported::default()
    };
    let place = |sheet: &str| {
        if sheet.is_empty() {
            name.to_owned()
        } else {
            format!("{name} [{sheet}]")
        }
    };
    for bad in &read.bad {
        imported.refused.push(Refused {
            file: place(&bad.sheet),
            line: Some(bad.line),
            id: bad.id.clone(),
            column: bad.error.column.clone(),
            reason: bad.error.reason.clone(),
        });
    }
    let mut judge = Judge::new(known);
    for row in &read.rows {
        let from = Source {
            file: place(&row.sheet),
            line: row.line,
        };
        let verdicts = match judge.judge(row, &from) {
            Ok(verdicts) => verdicts,
            Err(reason) => {
                imported.refused.push(Refused {
                    file: from.file,
                    line: Some(row.line),
                    id: row.id.clone(),
                    column: String::new(),
                    reason,
                });
                continue;
            }
        };
        let code = known.last.get(&row.id);
        let code = code.map_or("", |last| last.discrepancy.code.word());
        for ((action, content), verdict) in row.actions.iter().zip(verdicts) {
            let list = match verdict {
                Verdict::New => &mut imported.decisions,
                Verdict::Known(_) => &mut imported.known,
            };
            list.push(Taken {
                file: from.file.clone(),
                line: row.line,
                id: row.id.clone(),
                code,
                action: action.word(),
                content: content.clone(),
                recorded_before: match verdict {
                    Verdict::New => None,
                    Verdict::Known(when) => Some(when),
                },
            });
        }
    }
    imported.refused.sort_by_key(|refused| {
        let place = refused.file.clone();
        (place, refused.line)
    });
    imported
}

/// The entries of the audit trail.
fn entries(taken: &[Taken], known: &Known, (user, clock): (&str, RunClock)) -> Vec<Decision> {
    let entry = |taken: &Taken| {
        let found = &known.last.get(&taken.id)?.discrepancy;
        Some(Decision {
            id: taken.id.clone(),
            action: Action::from_word(taken.action)?,
            at: clock.started_text(),
            by: user.to_owned(),
            content: taken.content.clone(),
            expected: found.expected,
            actual: found.actual,
            source: Some(Source {
                file: taken.file.clone(),
                line: taken.line,
            }),
        })
    };
    taken.iter().filter_map(entry).collect()
}
