//! The night, and the looks that are made like it.

mod again;
mod arrivals;
mod chargebacks;
mod context;
mod recording;
mod rejected;
mod standings;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::coverage::WaitingList;
use crate::domain::discrepancy::{Severity, State};
use crate::domain::family::Family;
use crate::domain::finding::Front;
use crate::domain::found::{Glance, NightFindings};
use crate::domain::outcome::{BalanceRow, ReportData, ReportScope};
use crate::domain::payout::PayoutOutcome;
use crate::facts::lookup;
use crate::files::Scratch;
use crate::matching::causes::{self, Surroundings};
use crate::matching::nights::{Compared, Comparison};
use crate::pipeline::coverage::covered;
use crate::pipeline::intake::{self, Intake, Request, ToArchive};
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::leg_one::{OpenNow, Sinks};
use crate::pipeline::mailing::MailPlan;
use crate::pipeline::near_orders;
use crate::pipeline::plan::InputPlan;
use crate::pipeline::{NotifyPlan, Progress, RunError, SourcePlan, fetch};
use crate::report::{ReportOptions, ReportWriter};
use crate::storage::facts::keys;
use crate::storage::intervals::RecordedDay;
use crate::storage::journal;
use crate::storage::runs;
use crate::storage::{DatabaseLocation, Db, StorageError, facts, findings};
pub use again::report_again;
use arrivals::Arrivals;
use context::{Context, match_orders};
pub(in crate::pipeline) use standings::{reported_on, standings};

/// Whether a run is a night of its own or a look at what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    /// Compares with the recorded night before, and is recorded itself.
    Night,
    /// Changes no state; discrepancies have their stored state.
    Look,
}

/// What a run is asked for.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// First and last event day.
    pub range: Option<(NaiveDate, NaiveDate)>,
    /// Only these providers are reported; empty: all.
    pub providers: Vec<String>,
    /// Recompute everything instead of going on from the night before.
    pub full: bool,
    /// Night or look.
    pub mode: RunMode,
    /// What is fetched first.
    pub sources: Vec<SourcePlan>,
    /// Read what is new first.
    pub ingest: bool,
    /// An open error that nobody accepted is exit code 4.
    pub strict: bool,
    /// Where the report goes.
    pub report: ReportOptions,
    /// Who gets mail of it.
    pub mail: MailPlan,
    /// Who else is told.
    pub notify: NotifyPlan,
}

impl RunOptions {
    /// True for what is nobody's or of a provider that is asked for.
    pub(in crate::pipeline) fn asks_for(&self, provider: &str) -> bool {
        let providers = &self.providers;
        providers.is_empty() || provider.is_empty() || providers.iter().any(|name| name == provider)
    }
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// Its number.
    pub run: i64,
    /// Everything the report shows.
    pub data: ReportData,
    /// Where the report is.
    pub folder: PathBuf,
    /// The newest row of the journal.
    pub journal: Option<journal::Entry>,
    /// Files read.
    pub files: usize,
    /// Settlement lines stored.
    pub lines: u64,
    /// True when somebody should have got a mail and has not.
    pub mail_waits: bool,
    /// Posts to webhooks that nobody took.
    pub posts_waiting: u64,
    /// When each source was last fetched as a whole, RFC 3339 in UTC.
    pub sources: Vec<(String, String)>,
}

/// Does the job: reads what is new, matches, reports, records. Where the keys that facts are found by
/// are damaged, they are made anew from the facts, and the job is done once more.
///
/// # Errors
/// When it failed; then nothing of it is recorded but the files that were stored whole.
pub async fn run(
    settings: &Settings,
    location: &DatabaseLocation,
    options: &RunOptions,
    clock: RunClock,
    progress: &dyn Progress,
) -> Result<RunResult, RunError> {
    match run_once(settings, location, options, clock, progress).await {
        Err(RunError::Storage(StorageError::DamagedKeys { damage })) => {
            tracing::warn!("the keys of the facts are damaged ({damage}); they are made anew");
            let (mut db, _lock) = Db::open(location).await?;
            db.begin().await?;
            keys::rebuild(&mut db).await?;
            db.commit().await?;
            db.close().await?;
        }
        done => return done,
    }
    run_once(settings, location, options, clock, progress).await
}

async fn run_once(
    settings: &Settings,
    location: &DatabaseLocation,
    options: &RunOptions,
    clock: RunClock,
    progress: &dyn Progress,
) -> Result<RunResult, RunError> {
    let (mut db, _lock) = Db::open(location).await?;
    let sources = &options.sources;
    let unfetched = fetch::before_night(&mut db, sources, &settings.base, clock, progress).await?;
    let mut intake = read_new(&mut db, settings, options, clock, progress).await?;
    intake.unfetched = unfetched;
    let mut done = night(&mut db, settings, options, clock, intake).await;
    if let Ok(done) = &mut done {
        done.sources = fetch::after_night(&mut db, sources, clock).await;
    }
    let closed = db.close().await;
    let result = done?;
    if let Err(error) = closed {
        tracing::warn!("the run is recorded, and the database was not closed in order: {error}");
    }
    Ok(result)
}

/// Looks and records, in one transaction: a night is recorded whole, or not at all.
async fn night(
    db: &mut Db,
    settings: &Settings,
    options: &RunOptions,
    clock: RunClock,
    intake: Intake,
) -> Result<RunResult, RunError> {
    let day = clock.as_of;
    let next = runs::day_after(db, day).await?;
    let latest = runs::night_before(db, day, true).await?;
    let recorded_before = latest.is_some_and(|night| night.as_of == day);
    let recorded = match options.mode {
        RunMode::Night => Some(RecordedDay {
            day,
            next,
            is_last: next.is_none() && !recorded_before,
        }),
        RunMode::Look => None,
    };
    db.begin().await?;
    let looked = look(db, settings, options, (day, recorded), intake).await?;
    recording::finish(db, settings, options, clock, looked).await
}

async fn read_new(
    db: &mut Db,
    settings: &Settings,
    options: &RunOptions,
    clock: RunClock,
    progress: &dyn Progress,
) -> Result<Intake, RunError> {
    let plans = if options.ingest {
        InputPlan::all(settings).map_err(|refusal| RunError::Input(refusal.reason))?
    } else {
        Vec::new()
    };
    let request = Request {
        plans,
        named: None,
        again: None,
        base: &settings.base,
        as_of: clock.as_of,
        judged_by: Some((settings, clock)),
    };
    intake::read_all(db, request, progress).await
}

/// What a run found, ready to be finished.
struct Looked {
    writer: ReportWriter,
    data: ReportData,
    lapsed: Vec<String>,
    /// The day that is recorded; `None` on a look.
    recorded: Option<RecordedDay>,
    /// Those that are not recorded yet.
    open_orders: Option<OpenNow>,
    to_archive: Vec<ToArchive>,
    /// Holds some of the files that are to be archived.
    imported: Option<Scratch>,
    files: usize,
    lines: u64,
}

/// Matches everything, and writes the rows of orders on the way.
async fn look(
    db: &mut Db,
    settings: &Settings,
    options: &RunOptions,
    (as_of, recorded): (NaiveDate, Option<RecordedDay>),
    mut intake: Intake,
) -> Result<Looked, RunError> {
    let scope = ReportScope {
        as_of,
        range: options.range,
    };
    let base = runs::night_before(db, as_of, options.mode == RunMode::Look).await?;
    let arrivals = Arrivals::read(db, as_of, std::mem::take(&mut intake.unread)).await?;
    let knowledge = Knowledge::read(db).await?;
    lookup::check_keys(db, &knowledge.stored).await?;
    check_providers(db, settings, options, &knowledge).await?;
    let now = Viewpoint::today(as_of);
    let counting = knowledge.counting(now);
    let links = knowledge.links(now);
    let covered = covered(&knowledge, &settings.rules, as_of, recorded.is_some());
    let context = Context {
        settings,
        options,
        as_of,
        recorded,
        knowledge: &knowledge,
        counting: &counting,
        covered: &covered,
        base: base.as_ref(),
        arrivals: &arrivals,
        links: &links,
    };
    let standings = standings(db, as_of).await?;
    let shows = |found: &Front<'_>| context.shows(found, scope);
    let lens = context.lens(db, &standings).await?;
    let before = match &base {
        Some(base) => findings::of_night(db, base.as_of).await?,
        None => NightFindings::default(),
    };
    let mut comparison = Comparison::new(lens, before, &standings, as_of, &shows);
    let mut writer = ReportWriter::create(&options.report, &scope)?;
    let mut waiting = WaitingList::default();
    let sinks = Sinks {
        report: &mut writer,
        comparison: &mut comparison,
        waiting: &mut waiting,
    };
    let matched = match_all(db, &context, &mut intake, sinks).await?;
    let Compared { mut found, lapsed } = comparison.finish();
    near_orders::name(db, &knowledge.stored, &mut found).await?;
    let mut data = ReportData {
        scope,
        causes: causes::find(&found, &matched.around, &settings.rules),
        discrepancies: found,
        payouts: matched.payouts,
        balance: matched.balance,
        inputs: context.inputs(),
        rejected: context.rejected_rows(db).await?,
        coverage: covered.feeds(&waiting),
        unfetched: std::mem::take(&mut intake.unfetched),
        exit: 0,
        basis: context.basis(db).await?,
    };
    data.exit = exit_of(&context, &data);
    Ok(Looked {
        writer,
        data,
        lapsed,
        recorded,
        open_orders: matched.open_orders,
        to_archive: intake.to_archive,
        imported: intake.imported,
        files: intake.files.len(),
        lines: intake.lines,
    })
}

/// What the legs give besides what they hand to the sinks.
struct Matched {
    open_orders: Option<OpenNow>,
    payouts: Vec<PayoutOutcome>,
    balance: Vec<BalanceRow>,
    /// What the causes of discrepancies are looked for with.
    around: Surroundings,
}

/// All legs, and what is said of files.
async fn match_all(
    db: &mut Db,
    context: &Context<'_>,
    intake: &mut Intake,
    mut sinks: Sinks<'_, '_>,
) -> Result<Matched, RunError> {
    let open_orders = match_orders(db, context, intake, sinks.again()).await?;
    tracing::debug!("leg 1 is matched");
    let chargebacks = context.chargebacks(db).await?;
    let mut around = Surroundings::default();
    let (payouts, balance) = context.match_payouts(&mut sinks, &mut around)?;
    let of_files = context.of_files(db, &mut around).await?;
    let others = chargebacks.into_iter().chain(of_files);
    others.for_each(|found| sinks.comparison.take(&found));
    Ok(Matched {
        open_orders,
        payouts,
        balance,
        around,
    })
}

/// A provider that nobody knows would be reported to be all balanced.
async fn check_providers(
    db: &mut Db,
    settings: &Settings,
    options: &RunOptions,
    knowledge: &Knowledge,
) -> Result<(), RunError> {
    if options.providers.is_empty() {
        return Ok(());
    }
    let mut known: BTreeSet<String> = facts::providers(db).await?.into_iter().collect();
    known.extend(Family::ALL.map(|family| family.word().to_owned()));
    known.extend(
        settings
            .inputs
            .iter()
            .filter_map(|input| input.provider.clone()),
    );
    known.extend(settings.rules.providers.keys().cloned());
    known.extend(knowledge.slices.values().map(|one| one.provider.clone()));
    known.remove("");
    match options.providers.iter().find(|name| !known.contains(*name)) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<String> = known.into_iter().collect();
            Err(RunError::Setting(format!(
                "--provider {name}: no input, order or settlement is of that provider; known are {}",
                known.join(", ")
            )))
        }
    }
}

/// Exit code 3 where an input was refused, a row rejected or a source not fetched, else 4 where
/// strictness asks for it.
fn exit_of(context: &Context<'_>, data: &ReportData) -> u8 {
    let open_error = |found: Glance<'_>| {
        let is_decided = matches!(found.state, State::Accepted | State::Resolved);
        found.severity == Severity::Error && !is_decided && !found.is_snoozed
    };
    if context.has_bad_input() || !data.unfetched.is_empty() {
        3
    } else if context.options.strict && data.discrepancies.glances().any(open_error) {
        4
    } else {
        0
    }
}
