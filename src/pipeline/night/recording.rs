//! The end of a run: its report appears, its night is recorded, its files are archived, its mail
//! leaves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Looked, RunMode, RunOptions, RunResult};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::{Action, Decision, Terms};
use crate::domain::discrepancy::State;
use crate::domain::file::Reported;
use crate::domain::outcome::ReportData;
use crate::files::Scratch;
use crate::ingest::inbox;
use crate::pipeline::intake::ToArchive;
use crate::pipeline::{RunError, mailing, notify};
use crate::report::Published;
use crate::storage::journal::{self, Event, RecordedRun};
use crate::storage::runs::{self, RunRecord};
use crate::storage::{Db, decisions, files, findings, open_orders};

/// The exit code of a run whose mail was not delivered (`spec: cli, exit codes`).
const MAIL_WAITS: u8 = 5;

/// Writes the report, records the night, ends its transaction and sends its mail.
pub(super) async fn finish(
    db: &mut Db,
    settings: &Settings,
    options: &RunOptions,
    clock: RunClock,
    looked: Looked,
) -> Result<RunResult, RunError> {
    let Looked {
        writer,
        data,
        lapsed,
        recorded,
        open_orders,
        mut to_archive,
        imported,
        files,
        lines,
    } = looked;
    let data = Arc::new(data);
    let shown = Arc::clone(&data);
    // The report appears before the night is recorded: a night that is recorded has its report.
    let report = tokio::task::spawn_blocking(move || writer.finish(&shown));
    let run = runs::next_id(db).await?;
    if let Some(day) = recorded {
        findings::record_night(db, day, &data.discrepancies).await?;
        if let Some(open) = open_orders {
            open_orders::record_night(db, day, open.before, open.now.into_iter()).await?;
        }
        let as_of = clock.as_of;
        files::mark_reported(db, Reported { run, as_of }).await?;
        decisions::insert(db, &lapses(&lapsed, clock)).await?;
        decisions::mark_reported(db, run).await?;
    }
    let lives = data.discrepancies.lives();
    let states: Vec<State> = lives.map(|life| life.state).collect();
    let done = (files, lines, data.exit);
    let mut record = record_of(run, (settings, options, clock), &states, done);
    if let Some(day) = recorded {
        record.open_orders = Some(open_orders::count(db, day.day).await?);
    }
    let Published { folder, manifest } = report
        .await
        .map_err(|_ended| RunError::Input("the report ended before its time".to_owned()))??;
    record.manifest = recorded.map(|_| manifest);
    let newest = record_run(db, &record, options, &data).await?;
    let told = Told {
        data: data.as_ref(),
        folder: folder.as_path(),
        journal: newest.as_ref(),
    };
    compose(db, options, told, clock).await?;
    notify::compose(db, options, &data, clock).await?;
    db.commit().await?;
    tracing::debug!("the night is reported and recorded");
    if recorded.is_none() {
        to_archive.retain(|(candidate, _, _)| goes_with(imported.as_ref(), &candidate.path));
    }
    archive(db, to_archive, settings).await;
    drop(imported);
    Ok(RunResult {
        run,
        mail_waits: send(db, options, clock, run).await,
        posts_waiting: match options.mode {
            RunMode::Night => notify::deliver(db, &options.notify, clock).await,
            RunMode::Look => 0,
        },
        sources: Vec::new(),
        data: Arc::unwrap_or_clone(data),
        folder,
        journal: newest,
        files,
        lines,
    })
}

/// Stores the run; a recorded one is in the journal too, whose newest row is given.
async fn record_run(
    db: &mut Db,
    record: &RunRecord,
    options: &RunOptions,
    data: &ReportData,
) -> Result<Option<journal::Entry>, RunError> {
    runs::insert(db, record).await?;
    if record.recorded {
        let run = RecordedRun {
            record,
            providers: &options.providers,
            report: data.scope.folder(),
            previous_manifest: data.basis.previous.as_deref(),
        };
        journal::append(db, &[Event::Run(run)]).await?;
    }
    Ok(journal::newest(db).await?)
}

/// What the mail of a night tells besides the night itself.
#[derive(Clone, Copy)]
struct Told<'t> {
    data: &'t ReportData,
    folder: &'t Path,
    journal: Option<&'t journal::Entry>,
}

/// True for what a query gave: it goes with the run, so that a look archives it too, while files
/// wait for a night.
fn goes_with(imported: Option<&Scratch>, path: &Path) -> bool {
    imported.is_some_and(|folder| path.starts_with(folder.path()))
}

/// Writes the mail of this run down, to leave after its transaction.
async fn compose(
    db: &mut Db,
    options: &RunOptions,
    told: Told<'_>,
    clock: RunClock,
) -> Result<(), RunError> {
    let night = mailing::Night {
        data: told.data,
        providers: &options.providers,
        folder: told.folder,
        journal: told.journal,
        recorded: options.mode == RunMode::Night,
        clock,
    };
    mailing::compose(db, &options.mail, night).await
}

/// Sends what waits; true when somebody should have got a mail and has not. A look changes nothing.
///
/// The night is recorded and its report stands: whatever fails from here on is told and fails no run.
async fn send(db: &mut Db, options: &RunOptions, clock: RunClock, run: i64) -> bool {
    let mail_waits = match options.mode {
        RunMode::Night => mailing::deliver(db, &options.mail, clock).await,
        RunMode::Look => false,
    };
    if mail_waits && let Err(error) = runs::ended_with(db, run, MAIL_WAITS).await {
        tracing::warn!(
            "the night is recorded, and `runs` does not show that its mail waits: {error}"
        );
    }
    mail_waits
}

/// The entry of a run in the list of runs.
fn record_of(
    id: i64,
    (settings, options, clock): (&Settings, &RunOptions, RunClock),
    states: &[State],
    (files, lines, exit): (usize, u64, u8),
) -> RunRecord {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let count = |wanted: &dyn Fn(State) -> bool| {
        number(states.iter().filter(|state| wanted(**state)).count())
    };
    RunRecord {
        id,
        as_of: clock.as_of,
        range: options.range,
        recorded: options.mode == RunMode::Night,
        started_at: clock.started_text(),
        duration_ms: clock.elapsed_ms(),
        rules: settings.rules_fingerprint.clone(),
        files: number(files),
        lines: i64::try_from(lines).unwrap_or(i64::MAX),
        open: count(&|state| state != State::Resolved),
        open_orders: None,
        new: count(&|state| state == State::New),
        exit: i64::from(exit),
        manifest: None,
    }
}

/// The audit trail says when an acceptance ended by itself.
fn lapses(ids: &[String], clock: RunClock) -> Vec<Decision> {
    let lapse = |id: &String| Decision {
        id: id.clone(),
        action: Action::Lapse,
        at: clock.started_text(),
        by: "crp-recon".to_owned(),
        content: "the amounts changed, or it is no longer found".to_owned(),
        expected: None,
        actual: None,
        source: None,
        day: Some(clock.as_of),
        terms: Terms::None,
        is_proposed: false,
    };
    ids.iter().map(lapse).collect()
}

/// Moves stored files into their archives. A file that cannot be moved stays where it is, and is
/// known there: nothing is lost, so this fails no run.
async fn archive(db: &mut Db, to_archive: Vec<ToArchive>, settings: &Settings) {
    let folders: BTreeSet<&PathBuf> = to_archive.iter().map(|(_, _, folder)| folder).collect();
    for folder in folders {
        if let Err(error) = inbox::put_away_unfinished(folder) {
            tracing::warn!("{} is not tidied up ({error})", folder.display());
        }
    }
    for (candidate, path_key, folder) in to_archive {
        match inbox::archive(&candidate, &folder) {
            Ok(target) => {
                let target = target
                    .strip_prefix(&settings.base)
                    .unwrap_or(&target)
                    .to_path_buf();
                if let Err(error) = files::move_path(db, &path_key, &target.to_string_lossy()).await
                {
                    tracing::warn!(
                        "the new place of {} is not remembered: {error}",
                        candidate.name
                    );
                }
            }
            Err(error) => {
                tracing::warn!("{} cannot be archived ({error}); it stays", candidate.name);
            }
        }
    }
}
