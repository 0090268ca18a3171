//! `fetch`: new files from the sources.

use std::io::Write;

use serde_json::{Value, json};

use super::args::{Cli, FetchArgs};
use super::progress::Bar;
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::pipeline::{self, Fate, FileReport, SourcePlan, SourceReport};

/// Fetches, or looks what a fetch would bring, and prints what became of it.
pub(super) fn fetch(
    arguments: &FetchArgs,
    settings: &Settings,
    (cli, environment): (&Cli, Environment<'_>),
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let plans = SourcePlan::of(settings, &arguments.names, environment)?;
    let location = location(settings);
    let reports = if arguments.dry_run {
        wait(pipeline::look(&location, &plans))??
    } else {
        let clock = RunClock::start(None, settings.timezone);
        let bar = Bar::new(cli.quiet);
        wait(pipeline::fetch(
            &location,
            &plans,
            &settings.base,
            clock,
            &bar,
        ))??
    };
    if arguments.json {
        let sources: Vec<Value> = reports.iter().map(source_json).collect();
        serde_json::to_writer_pretty(&mut *out, &json!({ "sources": sources }))?;
        writeln!(out)?;
    } else {
        print(&reports, arguments.dry_run, out)?;
    }
    let failed = reports.iter().any(|report| !report.failures.is_empty());
    Ok(if failed { Exit::Rejected } else { Exit::Done })
}

fn source_json(report: &SourceReport) -> Value {
    let file = |file: &FileReport| {
        json!({
            "file": file.name,
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
            "status": file.fate.word(),
        })
    };
    json!({
        "name": report.source,
        "fetched": report.fetched(),
        "files": report.files.iter().map(file).collect::<Vec<_>>(),
        "failures": report.failures,
    })
}

fn print(reports: &[SourceReport], dry_run: bool, out: &mut dyn Write) -> std::io::Result<()> {
    if reports.is_empty() {
        writeln!(out, "There is no [[source]] in the configuration.")?;
    }
    for report in reports {
        let (count, what) = if dry_run {
            (report.files.len(), "new")
        } else {
            (report.fetched(), "fetched")
        };
        writeln!(out, "{}: {count} {what}", report.source)?;
        for file in &report.files {
            // A file that failed is in its sentence below.
            if file.fate != Fate::Failed {
                writeln!(out, "  {:<8} {}", file.fate.word(), file.name)?;
            }
        }
        for failure in &report.failures {
            writeln!(out, "  FAILED   {failure}")?;
        }
    }
    Ok(())
}
