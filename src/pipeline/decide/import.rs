//! A file of decisions: read, judged row by row, and stored in one transaction or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::desk::Desk;
use super::judge::{From, Judge, Known, Verdict};
use super::{no_night, store, trails};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::{Decision, Request};
use crate::domain::discrepancy::Source;
use crate::domain::language::Wording;
use crate::ingest::decisions::{self as table, AskedRow, BadRow, Decisions};
use crate::pipeline::{RunError, inquiry};
use crate::storage::{DatabaseLocation, Db, RunLock, findings, runs};

/// A file of decisions, and what is to be done with it.
#[derive(Clone, Debug)]
pub struct DecisionFile<'f> {
    /// The file.
    pub path: &'f Path,
    /// What its rows do where it has no column that says so, with what the command line says of
    /// those that have nothing of their own. A table that has that column may ask for nothing else.
    pub implied: Option<&'f Request>,
    /// By whom, where a row does not say it.
    pub user: &'f str,
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
    /// By whom.
    pub user: String,
    /// True where it holds only once a second person has approved it.
    pub proposed: bool,
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
    settings: &Settings,
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
    let read = match table::read(file.path, file.implied) {
        Ok(read) => read,
        Err(refusal) => return Ok(refused_whole(name, refusal.reason)),
    };
    let (mut db, _lock) = open(location, file.dry_run).await?;
    let asking = Asking {
        name: &name,
        read: &read,
        user: file.user,
    };
    let Judged {
        mut imported,
        decisions,
    } = judged(&mut db, (settings, clock), asking).await?;
    let goes = imported.refused.is_empty() || file.partial;
    imported.recorded = goes && !file.dry_run;
    if imported.recorded && !decisions.is_empty() {
        store(&mut db, &decisions).await?;
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
    let mut first_made = BTreeMap::new();
    for run in runs::all(db).await? {
        first_made.entry(run.as_of).or_insert(run.started_at);
    }
    Ok(Known {
        wording,
        night,
        last,
        trail: trails(db, &ids).await?,
        first_made,
    })
}

/// The rows of a file, and who decides where a row does not say it.
#[derive(Clone, Copy)]
pub(in crate::pipeline) struct Asking<'a> {
    pub(in crate::pipeline) name: &'a str,
    pub(in crate::pipeline) read: &'a Decisions,
    pub(in crate::pipeline) user: &'a str,
}

/// What becomes of the rows, and what is to be recorded.
pub(in crate::pipeline) struct Judged {
    pub(in crate::pipeline) imported: Imported,
    pub(in crate::pipeline) decisions: Vec<Decision>,
}

/// Judges the rows of a file one after the other.
pub(in crate::pipeline) async fn judged(
    db: &mut Db,
    (settings, clock): (&Settings, RunClock),
    asking: Asking<'_>,
) -> Result<Judged, RunError> {
    let Asking { name, read, user } = asking;
    let known = known(db, read, settings.wording).await?;
    let requests = read.rows.iter().flat_map(|row| &row.requests);
    let proposed = known.proposed();
    let around = (settings, known.night, clock);
    let desk = Desk::open(db, around, requests, proposed.iter()).await?;
    let mut judge = Judge::new(&known, desk);
    let mut judged = Judged {
        imported: Imported {
            file: name.to_owned(),
            ..Imported::default()
        },
        decisions: Vec::new(),
    };
    let bad = read.bad.iter();
    judged.imported.refused = bad
        .map(|bad| not_understood(bad, place(name, &bad.sheet)))
        .collect();
    for row in &read.rows {
        let place = Source {
            file: place(name, &row.sheet),
            line: row.line,
        };
        let user = if row.user.is_empty() { user } else { &row.user };
        let from = From {
            user,
            place: &place,
        };
        match judge.judge(row, from) {
            Ok(verdicts) => {
                let code = known.last.get(&row.id);
                let code = code.map_or("", |last| last.discrepancy.code.word());
                judged.take(row, (from, code), verdicts);
            }
            Err(reason) => judged.imported.refused.push(Refused {
                file: place.file,
                line: Some(row.line),
                id: row.id.clone(),
                column: String::new(),
                reason,
            }),
        }
    }
    judged.imported.refused.sort_by_key(|refused| {
        let place = refused.file.clone();
        (place, refused.line)
    });
    Ok(judged)
}

/// A file, with the sheet where several have decisions.
fn place(name: &str, sheet: &str) -> String {
    if sheet.is_empty() {
        name.to_owned()
    } else {
        format!("{name} [{sheet}]")
    }
}

impl Judged {
    fn take(
        &mut self,
        row: &AskedRow,
        (from, code): (From<'_>, &'static str),
        verdicts: Vec<Verdict>,
    ) {
        for (request, verdict) in row.requests.iter().zip(verdicts) {
            let mut taken = Taken {
                file: from.place.file.clone(),
                line: row.line,
                id: row.id.clone(),
                code,
                action: request.action.word(),
                content: request.content.clone(),
                user: from.user.to_owned(),
                proposed: false,
                recorded_before: None,
            };
            match verdict {
                Verdict::New(decision) => {
                    taken.proposed = decision.is_proposed;
                    self.decisions.push(*decision);
                    self.imported.decisions.push(taken);
                }
                Verdict::Known(when) => {
                    taken.recorded_before = Some(when);
                    self.imported.known.push(taken);
                }
            }
        }
    }
}

fn not_understood(bad: &BadRow, file: String) -> Refused {
    Refused {
        file,
        line: Some(bad.line),
        id: bad.id.clone(),
        column: bad.error.column.clone(),
        reason: bad.error.reason.clone(),
    }
}
