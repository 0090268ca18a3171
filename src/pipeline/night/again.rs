//! Reports of what is stored, written again.

use super::{RunMode, RunOptions, RunResult, look, read_new};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::pipeline::RunError;
use crate::storage::runs;
use crate::storage::{DatabaseLocation, Db};

/// Writes a report again from what is stored: that of a run, of a range, or of the last night.
///
/// # Errors
/// When it failed, or there is no such run.
pub async fn report_again(
    settings: &Settings,
    location: &DatabaseLocation,
    options: &RunOptions,
    run: Option<i64>,
) -> Result<RunResult, RunError> {
    let (mut db, _lock) = Db::open(location).await?;
    let mut options = options.clone();
    let as_of = match run {
        Some(number) => {
            let runs = runs::all(&mut db).await?;
            let record = runs
                .into_iter()
                .find(|run| run.id == number)
                .ok_or_else(|| {
                    RunError::NotFound(format!(
                        "there is no run {number}; `crp-recon runs` lists them"
                    ))
                })?;
            options.range = record.range;
            options.mode = if record.recorded {
                RunMode::Night
            } else {
                RunMode::Look
            };
            record.as_of
        }
        None => runs::latest(&mut db)
            .await?
            .map(|night| night.as_of)
            .ok_or_else(|| {
                RunError::NotFound("no night is recorded yet; run `crp-recon run` first".to_owned())
            })?,
    };
    let intake = read_new(
        &mut db,
        settings,
        &options,
        RunClock::start(Some(as_of), settings.timezone),
        &crate::pipeline::NoProgress,
    )
    .await?;
    let looked = look(&mut db, settings, &options, (as_of, None), intake).await?;
    let folder = looked.writer.finish(&looked.data)?.folder;
    db.close().await?;
    Ok(RunResult {
        run: run.unwrap_or(0),
        data: looked.data,
        folder,
        journal: None,
        files: 0,
        lines: 0,
        mail_waits: false,
        posts_waiting: 0,
        sources: Vec::new(),
    })
}
