//! `accept`, `note`, `assign`, `reopen`, `decisions import`: what people decide.

use std::io::Write;

use super::args::{AcceptArgs, Actor, AssignArgs, FromFile, ImportArgs, NoteArgs, ReopenArgs};
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::Action;
use crate::pipeline::{self, Deciding, DecisionFile, Imported, Taken};

/// Refused rows that are named one by one.
const REFUSED_MAX: usize = 50;

/// One of the four, as it was typed.
#[derive(Debug)]
pub(super) struct Wish<'w> {
    ids: &'w [String],
    action: Action,
    content: &'w str,
    table: &'w FromFile,
    actor: &'w Actor,
}

impl<'w> From<&'w AcceptArgs> for Wish<'w> {
    fn from(args: &'w AcceptArgs) -> Self {
        Self {
            ids: &args.on.ids,
            action: Action::Accept,
            content: args.reason.as_deref().unwrap_or_default(),
            table: &args.table,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w NoteArgs> for Wish<'w> {
    fn from(args: &'w NoteArgs) -> Self {
        Self {
            ids: args.on.id.as_slice(),
            action: Action::Note,
            content: args.text.as_deref().unwrap_or_default(),
            table: &args.table,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w AssignArgs> for Wish<'w> {
    fn from(args: &'w AssignArgs) -> Self {
        Self {
            ids: args.on.id.as_slice(),
            action: Action::Assign,
            content: args.name.as_deref().unwrap_or_default(),
            table: &args.table,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w ReopenArgs> for Wish<'w> {
    fn from(args: &'w ReopenArgs) -> Self {
        Self {
            ids: &args.on.ids,
            action: Action::Reopen,
            content: "",
            table: &args.table,
            actor: &args.actor,
        }
    }
}

/// Does it, and says what was done.
pub(super) fn decide(
    wish: &Wish<'_>,
    settings: &Settings,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let user = user_of(wish.actor, environment);
    if let Some(path) = &wish.table.from_file {
        let file = DecisionFile {
            path,
            implied: Some((wish.action, wish.content)),
            user: &user,
            wording: settings.wording,
            partial: false,
            dry_run: wish.table.dry_run,
        };
        return take_file(&file, wish.table.json, settings, out);
    }
    let deciding = Deciding {
        ids: wish.ids,
        action: wish.action,
        content: wish.content,
        user: &user,
    };
    let clock = RunClock::start(None, settings.timezone);
    let decided = wait(pipeline::decide(&location(settings), &deciding, clock))??;
    let done = done(wish.action.word());
    for finding in decided {
        writeln!(out, "{done}: {} {}", finding.id, finding.discrepancy.code)?;
    }
    Ok(Exit::Done)
}

/// `decisions import`.
pub(super) fn import(
    arguments: &ImportArgs,
    settings: &Settings,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let user = user_of(&arguments.actor, environment);
    let file = DecisionFile {
        path: &arguments.file,
        implied: None,
        user: &user,
        wording: settings.wording,
        partial: arguments.partial,
        dry_run: arguments.dry_run,
    };
    take_file(&file, arguments.json, settings, out)
}

/// Takes a file of decisions, and says what became of its rows.
fn take_file(
    file: &DecisionFile<'_>,
    json: bool,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let clock = RunClock::start(None, settings.timezone);
    let imported = wait(pipeline::import(&location(settings), file, clock))??;
    if json {
        serde_json::to_writer_pretty(&mut *out, &imported)?;
        writeln!(out)?;
    } else {
        print(&imported, file, out)?;
    }
    complain(&imported, file);
    Ok(if imported.refused.is_empty() {
        Exit::Done
    } else {
        Exit::Rejected
    })
}

fn print(imported: &Imported, file: &DecisionFile<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    // One refused row refuses the file; then there is nothing to tell but why.
    if !imported.refused.is_empty() && !file.partial {
        return Ok(());
    }
    let would_be = if file.dry_run { "would be " } else { "" };
    let line = |out: &mut dyn Write, taken: &Taken, more: &str| {
        let Taken {
            file,
            line,
            id,
            code,
            ..
        } = taken;
        let done = done(taken.action);
        writeln!(out, "{done}: {id} {code} ({file}:{line}{more})")
    };
    for taken in &imported.decisions {
        write!(out, "{would_be}")?;
        line(out, taken, "")?;
    }
    for taken in &imported.known {
        let before = taken.recorded_before.as_deref().unwrap_or_default();
        write!(out, "already ")?;
        line(out, taken, &format!("; recorded {before}"))?;
    }
    let (new, known) = (imported.decisions.len(), imported.known.len());
    let noun = if new == 1 { "decision" } else { "decisions" };
    let before = match known {
        0 => String::new(),
        known => format!(", {known} recorded before"),
    };
    writeln!(
        out,
        "{}: {new} {noun} {would_be}recorded{before}",
        imported.file
    )
}

/// Says on stderr which rows are refused, and what that means for the others.
fn complain(imported: &Imported, file: &DecisionFile<'_>) {
    let refused = &imported.refused;
    if refused.is_empty() {
        return;
    }
    for row in refused.iter().take(REFUSED_MAX) {
        tracing::error!("{}", row.sentence());
    }
    let left = refused.len().saturating_sub(REFUSED_MAX);
    if left > 0 {
        tracing::error!("… and {left} more refused rows; --json has them all");
    }
    let others = imported.decisions.len();
    if file.partial || others == 0 {
        return;
    }
    let way_out = if file.implied.is_none() {
        format!(", or take the other {others} decisions alone with --partial")
    } else {
        String::new()
    };
    let name = &imported.file;
    tracing::error!("nothing of {name} is recorded; correct what is refused{way_out}");
}

/// What was done, in a word.
fn done(action: &str) -> &'static str {
    match Action::from_word(action) {
        Some(Action::Accept) => "accepted",
        Some(Action::Note) => "noted",
        Some(Action::Assign) => "assigned",
        Some(Action::Reopen | Action::Lapse) | None => "reopened",
    }
}

/// Who acts: the name given, else the login name.
pub(super) fn user_of(actor: &Actor, environment: Environment<'_>) -> String {
    let user = actor.user.clone().or_else(|| login_name(environment));
    user.unwrap_or_else(|| "unknown".to_owned())
}

/// The name under which the person is logged in.
fn login_name(environment: Environment<'_>) -> Option<String> {
    let named = |name: &str| environment(name).filter(|name| !name.trim().is_empty());
    whoami::username()
        .ok()
        .or_else(|| named("USER"))
        .or_else(|| named("LOGNAME"))
}
