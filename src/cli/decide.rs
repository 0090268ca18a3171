//! `accept`, `note`, `assign`, `reopen`: what people decide.

use std::io::Write;

use super::args::{AcceptArgs, Actor, AssignArgs, NoteArgs, ReopenArgs};
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::Action;
use crate::pipeline::{self, Deciding};

/// One of the four, as it was typed.
#[derive(Debug)]
pub(super) struct Wish<'w> {
    ids: &'w [String],
    action: Action,
    content: &'w str,
    actor: &'w Actor,
}

impl<'w> From<&'w AcceptArgs> for Wish<'w> {
    fn from(args: &'w AcceptArgs) -> Self {
        let (ids, content) = (args.ids.as_slice(), args.reason.as_str());
        Self {
            ids,
            action: Action::Accept,
            content,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w NoteArgs> for Wish<'w> {
    fn from(args: &'w NoteArgs) -> Self {
        let (ids, content) = (std::slice::from_ref(&args.id), args.text.as_str());
        Self {
            ids,
            action: Action::Note,
            content,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w AssignArgs> for Wish<'w> {
    fn from(args: &'w AssignArgs) -> Self {
        let (ids, content) = (std::slice::from_ref(&args.id), args.name.as_str());
        Self {
            ids,
            action: Action::Assign,
            content,
            actor: &args.actor,
        }
    }
}

impl<'w> From<&'w ReopenArgs> for Wish<'w> {
    fn from(args: &'w ReopenArgs) -> Self {
        let ids = std::slice::from_ref(&args.id);
        Self {
            ids,
            action: Action::Reopen,
            content: "",
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
    let deciding = Deciding {
        ids: wish.ids,
        action: wish.action,
        content: wish.content,
        user: &user,
    };
    let clock = RunClock::start(None, settings.timezone);
    let decided = wait(pipeline::decide(&location(settings), &deciding, clock))??;
    let done = match wish.action {
        Action::Accept => "accepted",
        Action::Note => "noted",
        Action::Assign => "assigned",
        Action::Reopen | Action::Lapse => "reopened",
    };
    for finding in decided {
        writeln!(out, "{done}: {} {}", finding.id, finding.discrepancy.code)?;
    }
    Ok(Exit::Done)
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
