//! `report`: reports again, from what is stored.

use std::io::Write;

use super::args::ReportArgs;
use super::run::formats;
use super::{Exit, Failure, location, wait};
use crate::config::Settings;
use crate::pipeline::{self, MailPlan, NotifyPlan, RunMode, RunOptions};
use crate::report::ReportOptions;

/// Writes a report again and says where it is.
pub(super) fn report(
    arguments: &ReportArgs,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let wanted = match arguments.formats.as_slice() {
        [] => &settings.report.formats,
        named => named,
    };
    let directory = arguments
        .report_dir
        .clone()
        .unwrap_or(settings.report.directory.clone());
    let range = arguments.range.days();
    let options = RunOptions {
        range,
        providers: Vec::new(),
        full: false,
        mode: if range.is_some() {
            RunMode::Look
        } else {
            RunMode::Night
        },
        sources: Vec::new(),
        ingest: false,
        strict: false,
        report: ReportOptions {
            directory,
            formats: formats(wanted),
            wording: settings.wording,
        },
        mail: MailPlan::none(),
        notify: NotifyPlan::nobody(),
    };
    let result = wait(pipeline::report_again(
        settings,
        &location(settings),
        &options,
        arguments.run,
    ))??;
    writeln!(out, "{}", result.folder.display())?;
    Ok(Exit::Done)
}
