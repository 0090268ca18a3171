//! `run`: the job.

use std::io::Write;

use super::args::{Cli, RunArgs};
use super::progress::Bar;
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::{ReportFormat, Settings};
use crate::pipeline::{
    self, MailPlan, NotifyPlan, RunError, RunMode, RunOptions, RunResult, SourcePlan,
};
use crate::report::language::Texts;
use crate::report::{Format, ReportOptions, summary_text, write_summary};

/// The formats of the configuration that this version writes.
pub(super) fn formats(wanted: &[ReportFormat]) -> Vec<Format> {
    let later: Vec<&str> = wanted
        .iter()
        .filter(|format| Format::from_word(format.word()).is_none())
        .map(|format| format.word())
        .collect();
    if !later.is_empty() {
        tracing::info!("this version writes no {}", later.join(" and no "));
    }
    wanted
        .iter()
        .filter_map(|format| Format::from_word(format.word()))
        .collect()
}

/// Runs the job and prints what a person wants to know.
pub(super) fn run(
    arguments: &RunArgs,
    settings: &Settings,
    (cli, environment): (&Cli, Environment<'_>),
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let clock = RunClock::start(arguments.as_of, settings.timezone);
    if clock.is_ahead() && !arguments.future {
        let unheard = format!(
            "--as-of {} has not come yet; add --future if the run is to look from there",
            clock.as_of
        );
        return Err(RunError::Setting(unheard).into());
    }
    let options = options(arguments, settings, environment)?;
    let watch = (options.mode == RunMode::Night).then(|| options.notify.begin());
    let bar = Bar::new(cli.quiet);
    let location = location(settings);
    let done = wait(pipeline::run(settings, &location, &options, clock, &bar));
    let done: Result<RunResult, Failure> = match done {
        Ok(done) => done.map_err(Failure::from),
        Err(error) => Err(error.into()),
    };
    let exit = match &done {
        Ok(result) => Exit::of_outcome(result.data.exit, result.mail_waits),
        Err(failure) => failure.exit,
    };
    if let Some(watch) = watch {
        let failure = done
            .as_ref()
            .err()
            .map(|failure| format!("{:#}", failure.error));
        let ended = done
            .as_ref()
            .map_err(|_failure| failure.as_deref().unwrap_or_default());
        watch.end(&options.notify, clock, exit.code(), ended);
    }
    print(&done?, arguments.json, settings, out)?;
    Ok(exit)
}

fn options(
    arguments: &RunArgs,
    settings: &Settings,
    environment: Environment<'_>,
) -> Result<RunOptions, Failure> {
    let directory = arguments
        .report_dir
        .clone()
        .unwrap_or(settings.report.directory.clone());
    Ok(RunOptions {
        range: arguments.range.days(),
        providers: arguments.providers.clone(),
        full: arguments.full,
        mode: if arguments.records() {
            RunMode::Night
        } else {
            RunMode::Look
        },
        sources: if arguments.no_fetch {
            Vec::new()
        } else {
            SourcePlan::of(settings, &[], environment)?
        },
        ingest: true,
        strict: arguments.strict,
        report: ReportOptions {
            directory,
            formats: formats(&settings.report.formats),
            wording: settings.wording,
        },
        mail: MailPlan::of(settings, arguments.mail_wish(), environment)?
            .tonight(arguments.as_of.is_none()),
        notify: NotifyPlan::of(settings, environment, arguments.as_of.is_none()),
    })
}

fn print(
    result: &RunResult,
    as_json: bool,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut text = Vec::new();
    if as_json {
        write_summary(&mut text, &result.data)?;
    } else {
        let texts = Texts::of(settings.wording);
        let summary = summary_text(&result.data, texts, Some(&result.folder));
        text.extend_from_slice(summary.as_bytes());
    }
    // The night is recorded and its report written: a terminal that takes no text undoes neither.
    if let Err(error) = out.write_all(&text)
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        tracing::warn!("the summary could not be printed ({error})");
    }
    Ok(())
}
