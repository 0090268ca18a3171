//! `check`: whether everything that a run needs is there and works.

use std::io::Write;

use super::terminal::one_line;
use super::{Environment, Exit, Failure, location, wait};
use crate::config::Settings;
use crate::pipeline::inquiry::check;

/// Prints a line for each thing that was looked at; fails when one of them does not work, or with
/// `deep` when something that is stored is damaged.
pub(super) fn check(
    settings: &Settings,
    deep: bool,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let all = wait(check::check(
        settings,
        &location(settings),
        environment,
        deep,
    ))?;
    tell(&all, out)
}

/// Prints a line for each thing that was looked at, and says whether all of them are right.
pub(super) fn tell(all: &[check::Checked], out: &mut dyn Write) -> Result<Exit, Failure> {
    for checked in all {
        match &checked.outcome {
            Ok(said) => writeln!(
                out,
                "ok      {}: {}",
                one_line(&checked.what),
                one_line(said)
            )?,
            Err(said) => writeln!(
                out,
                "FAILED  {}: {}",
                one_line(&checked.what),
                one_line(said)
            )?,
        }
    }
    let works = all.iter().all(|checked| checked.outcome.is_ok());
    Ok(if works { Exit::Done } else { Exit::Failed })
}
