//! `runs`: the runs so far.

use std::io::Write;

use super::args::RunsArgs;
use super::{Exit, Failure, location, wait};
use crate::config::Settings;
use crate::pipeline::inquiry::list;

/// Prints the runs so far, the oldest first.
pub(super) fn runs(
    arguments: &RunsArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let all = wait(list::runs(&location(settings)))??;
    if arguments.json {
        writeln!(out, "{}", list::runs_json(&all)?)?;
    } else {
        out.write_all(list::runs_text(&all).as_bytes())?;
    }
    Ok(Exit::Done)
}
