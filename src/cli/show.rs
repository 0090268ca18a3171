//! `show`: everything known of a reference.

use std::io::Write;

use super::args::ShowArgs;
use super::{Exit, Failure, location, wait};
use crate::config::Settings;
use crate::pipeline::inquiry;

/// Prints what is known of a reference.
pub(super) fn show(
    arguments: &ShowArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let place = location(settings);
    let dossier = wait(inquiry::show(settings, &place, &arguments.reference))??;
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&dossier)?)?;
    } else {
        out.write_all(inquiry::text::dossier(&dossier).as_bytes())?;
    }
    Ok(Exit::Done)
}
