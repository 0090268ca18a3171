//! `export`: journal entries for accounting programs.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::args::ExportArgs;
use super::{Exit, Failure, location, wait};
use crate::config::Settings;
use crate::files::{IfThere, WholeFile};
use crate::pipeline;

/// Writes the journal to stdout, or to a file that appears whole.
pub(super) fn export(
    arguments: &ExportArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let wish = pipeline::ExportWish {
        format: arguments.format,
        days: (arguments.from, arguments.to),
        providers: &arguments.providers,
        company: arguments.company.as_deref(),
    };
    let exported = wait(pipeline::export(settings, &location(settings), wish))??;
    if exported.as_of() < arguments.to {
        tracing::info!(
            "the latest recorded night is {}: nothing after it is known yet",
            exported.as_of()
        );
    }
    tracing::info!("{} entries", exported.entries());
    match &arguments.out {
        None => out.write_all(&exported.bytes)?,
        Some(path) if path.is_dir() => {
            let path = path.join(exported.file_name(settings)?);
            write_whole(&path, &exported.bytes)?;
            writeln!(out, "{}", path.display())?;
        }
        Some(path) => write_whole(path, &exported.bytes)?,
    }
    Ok(Exit::Done)
}

/// The file appears whole, by rename, or stays as it was.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    WholeFile::new(path, ".crp-recon-export-", IfThere::Replace)
        .write(bytes)
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(())
}
