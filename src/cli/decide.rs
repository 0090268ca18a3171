//! `accept`, `write-off`, `link`, `snooze` and all else that people decide, typed or in a table.

use std::io::Write;

use super::args::{
    Actor, AssignArgs, Because, FromFile, ImportArgs, LinkArgs, NoteArgs, ReopenArgs, SnoozeArgs,
    WriteOffArgs,
};
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::{Action, NOBODY, Request, Wish};
use crate::pipeline::{self, Deciding, DecisionFile, Imported, Taken};

/// Refused rows that are named one by one.
const REFUSED_MAX: usize = 50;

/// A decision as it was typed.
#[derive(Debug)]
pub(super) struct Typed<'w> {
    ids: &'w [String],
    request: Request,
    table: &'w FromFile,
    actor: &'w Actor,
}

/// What was typed behind an option.
fn said(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn request(action: Action, content: Option<&String>) -> Request {
    Request {
        action,
        content: said(content),
        wish: Wish::default(),
    }
}

impl<'w> From<&'w NoteArgs> for Typed<'w> {
    fn from(args: &'w NoteArgs) -> Self {
        Self {
            ids: args.on.id.as_slice(),
            request: request(Action::Note, args.text.as_ref()),
            table: &args.table,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w AssignArgs> for Typed<'w> {
    fn from(args: &'w AssignArgs) -> Self {
        Self {
            ids: args.on.id.as_slice(),
            request: request(Action::Assign, args.name.as_ref()),
            table: &args.table,
            actor: &args.actor,
        }
    }
}

impl<'w> Typed<'w> {
    /// `reopen` or `approve`, which need no reason.
    pub(super) fn plain(action: Action, args: &'w ReopenArgs) -> Self {
        Self {
            ids: &args.on.ids,
            request: request(action, None),
            table: &args.table,
            actor: &args.actor,
        }
    }

    /// One that needs a reason, and nothing else.
    pub(super) fn because(action: Action, because: &'w Because) -> Self {
        Self {
            ids: &because.on.ids,
            request: request(action, because.reason.as_ref()),
            table: &because.table,
            actor: &because.actor,
        }
    }

    /// `link`.
    pub(super) fn link(args: &'w LinkArgs) -> Self {
        Self::because(Action::Link, &args.because).with(Wish {
            order: said(args.order.as_ref()),
            payout: said(args.payout.as_ref()),
            entries: args.entries.clone(),
            account: said(args.write_off.as_ref()),
            until: None,
        })
    }

    /// `write-off`.
    pub(super) fn write_off(args: &'w WriteOffArgs) -> Self {
        Self::because(Action::WriteOff, &args.because).with(Wish {
            account: said(args.account.as_ref()),
            ..Wish::default()
        })
    }

    /// `snooze`.
    pub(super) fn snooze(args: &'w SnoozeArgs) -> Self {
        Self::because(Action::Snooze, &args.because).with(Wish {
            until: args.until,
            ..Wish::default()
        })
    }

    fn with(mut self, wish: Wish) -> Self {
        self.request.wish = wish;
        self
    }
}

/// Does it, and says what was done.
pub(super) fn decide(
    typed: &Typed<'_>,
    settings: &Settings,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let user = user_of(typed.actor, environment);
    if let Some(path) = &typed.table.from_file {
        let file = DecisionFile {
            path,
            implied: Some(&typed.request),
            user: &user,
            partial: false,
            dry_run: typed.table.dry_run,
        };
        return take_file(&file, typed.table.json, settings, out);
    }
    let deciding = Deciding {
        ids: typed.ids,
        request: &typed.request,
        user: &user,
    };
    let clock = RunClock::start(None, settings.timezone);
    let location = location(settings);
    let decided = wait(pipeline::decide(settings, &location, &deciding, clock))??;
    let done = done(typed.request.action.word());
    for one in decided {
        let (id, code) = (&one.id, one.code);
        if one.is_proposed {
            writeln!(
                out,
                "proposed, not {done} yet: {id} {code}; another person says yes with \
                 `crp-recon approve {id}`"
            )?;
        } else {
            writeln!(out, "{done}: {id} {code}")?;
        }
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
    let location = location(settings);
    let imported = wait(pipeline::import(settings, &location, file, clock))??;
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
        let proposed = if taken.proposed { "proposed, not " } else { "" };
        let done = done(taken.action);
        writeln!(out, "{proposed}{done}: {id} {code} ({file}:{line}{more})")
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
        Some(Action::WriteOff) => "written off",
        Some(Action::Link) => "linked",
        Some(Action::Unlink) => "unlinked",
        Some(Action::Snooze) => "put aside",
        Some(Action::Approve) => "approved",
        Some(Action::Reject) => "rejected",
        Some(Action::Note) => "noted",
        Some(Action::Assign) => "assigned",
        Some(Action::Reopen | Action::Lapse) | None => "reopened",
    }
}

/// Who acts: the name given, else the login name.
pub(super) fn user_of(actor: &Actor, environment: Environment<'_>) -> String {
    let user = actor.user.clone().or_else(|| login_name(environment));
    user.unwrap_or_else(|| NOBODY.to_owned())
}

/// The name under which the person is logged in.
fn login_name(environment: Environment<'_>) -> Option<String> {
    let named = |name: &str| environment(name).filter(|name| !name.trim().is_empty());
    whoami::username()
        .ok()
        .or_else(|| named("USER"))
        .or_else(|| named("LOGNAME"))
}
