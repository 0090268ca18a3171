//! `discrepancies`: those of the latest recorded night.

use std::io::Write;

use super::args::DiscrepanciesArgs;
use super::{Exit, Failure, location, wait};
use crate::config::Settings;
use crate::pipeline::inquiry::list::{self, Filter};

/// Prints the discrepancies that are asked for.
pub(super) fn discrepancies(
    arguments: &DiscrepanciesArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let filter = Filter {
        state: arguments.state,
        code: arguments.code,
        severity: arguments.severity,
        assignee: arguments.assignee.clone(),
        provider: arguments.provider.clone(),
        min_age: arguments.min_age,
        resolution: arguments.resolution,
        proposed: arguments.proposed,
    };
    let listed = wait(list::discrepancies(settings, &location(settings), &filter))??;
    if arguments.json {
        writeln!(out, "{}", listed.json()?)?;
    } else {
        out.write_all(listed.text().as_bytes())?;
    }
    Ok(Exit::Done)
}
