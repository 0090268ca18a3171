//! `profile infer`: proposes a profile for a table.

use std::io::Write;

use super::args::InferArgs;
use super::{Exit, Failure};
use crate::config::Settings;
use crate::pipeline;

/// Prints a `[[profile]]` for a table; writes no file.
pub(super) fn infer(
    arguments: &InferArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = pipeline::infer(
        &arguments.file,
        arguments.kind,
        arguments.name.as_deref(),
        settings.timezone,
    )?;
    out.write_all(text.as_bytes())?;
    Ok(Exit::Done)
}
