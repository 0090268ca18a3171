//! `audit verify` and `describe`: what auditors ask for.

use std::io::Write;

use super::args::AuditArgs;
use super::{Exit, Failure, check, location, wait};
use crate::config::Settings;
use crate::pipeline::inquiry::{audit, describe};

/// Prints a line for each thing that was proved; fails when something does not fit.
pub(super) fn verify(
    arguments: &AuditArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let question = audit::Question {
        reports: arguments.reports.as_deref(),
        has: arguments.has.as_deref(),
    };
    let all = wait(audit::verify(&location(settings), question))??;
    check::tell(&all, out)
}

/// Prints the description of the procedure.
pub(super) fn describe(settings: &Settings, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = wait(describe::describe(settings, &location(settings)))??;
    out.write_all(text.as_bytes())?;
    Ok(Exit::Done)
}
