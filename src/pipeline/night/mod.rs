//! The night, and the looks that are made like it.

mod chargebacks;
mod recording;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::Standing;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Severity, State};
use crate::domain::file::{FileId, FileStatus, InputFile};
use crate::domain::found::FoundList;
use crate::domain::outcome::{BalanceRow, InputRow, RejectedReportRow, ReportData, ReportScope};
use crate::domain::payout::PayoutOutcome;
use crate::matching::files::{CountingFiles, FileQuestions, asked_again};
use crate::matching::nights::{Compared, Comparison, Lens, NightBefore, Remembered};
use crate::matching::{balance, completeness, payouts};
use crate::pipeline::coverage::covered_days;
use crate::pipeline::intake::{self, Intake, Request, ToArchive};
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::leg_one::{Night, Way};
use crate::pipeline::mailing::MailPlan;
use crate::pipeline::near_orders;
use crate::pipeline::plan::InputPlan;
use crate::pipeline::{Progress, RunError};
use crate::report::{ReportOptions, ReportWriter};
use crate::storage::intervals::{self, Finding, OpenOrder, RecordedDay};
use crate::storage::runs::{self, RecordedNight};
use crate::storage::{DatabaseLocation, Db, decisions, facts, files};

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
    /// Read what is new first.
    pub ingest: bool,
    /// An open error that nobody accepted is exit code 4.
    pub strict: bool,
    /// Where the report goes.
    pub report: ReportOptions,
    /// Who gets mail of it.
    pub mail: MailPlan,
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
    /// Files read.
    pub files: usize,
    /// Settlement lines stored.
    pub lines: u64,
    /// True when somebody should have got a mail and has not.
    pub mail_waits: bool,
}

/// Does the job: reads what is new, matches, reports, records.
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
    let (mut db, _lock) = Db::open(location).await?;
    let intake = read_new(&mut db, settings, options, clock.as_of, progress).await?;
    let done = night(&mut db, settings, options, clock, intake).await;
    let closed = db.close().await;
    let result = done?;
    closed?;
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
    let recorded = match options.mode {
        RunMode::Night => Some(RecordedDay {
            day,
            next: runs::day_after(db, day).await?,
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
    as_of: NaiveDate,
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
        base: &settings.base,
        as_of,
    };
    let intake = intake::read_all(db, request, progress).await?;
    for place in &intake.missing_places {
        tracing::warn!("the input folder {place} does not exist: nothing is read from it");
    }
    Ok(intake)
}

/// What a run found, ready to be finished.
struct Looked {
    writer: ReportWriter,
    data: ReportData,
    /// What the report does not show.
    hidden: FoundList,
    lapsed: Vec<String>,
    /// The day that is recorded; `None` on a look.
    recorded: Option<RecordedDay>,
    /// Those that are not recorded yet.
    open_orders: Option<Vec<OpenOrder>>,
    to_archive: Vec<ToArchive>,
    /// Holds some of the files that are to be archived.
    imported: Option<tempfile::TempDir>,
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
    let knowledge = Knowledge::read(db, as_of).await?;
    check_providers(db, settings, options, &knowledge).await?;
    let counting = knowledge.counting(Viewpoint {
        day: as_of,
        run: None,
    });
    let context = Context {
        settings,
        options,
        as_of,
        recorded,
        knowledge: &knowledge,
        counting: &counting,
        base: base.as_ref(),
    };
    let standings = standings(db).await?;
    let shows = |found: &Discrepancy| context.shows(found, scope);
    let findings = match &base {
        Some(base) => intervals::findings(db, base.as_of).await?,
        None => Vec::new(),
    };
    let lens = context.lens(db, &findings, &standings).await?;
    let mut comparison = Comparison::new(lens, &standings, as_of, &shows);
    let mut writer = ReportWriter::create(&options.report, &scope)?;
    let sinks = (&mut writer, &mut comparison);
    let open_orders = match_orders(db, &context, findings, &mut intake, sinks).await?;
    tracing::debug!("leg 1 is matched");
    let chargebacks = context.chargebacks(db).await?;
    let (payouts, balance) = context.match_payouts(&mut comparison)?;
    let others = chargebacks.into_iter().chain(context.of_files(db).await?);
    others.for_each(|found| comparison.take(found));
    let Compared {
        mut shown,
        mut hidden,
        lapsed,
    } = comparison.finish();
    near_orders::name(db, [&mut shown, &mut hidden]).await?;
    let mut data = ReportData {
        scope,
        discrepancies: shown,
        payouts,
        balance,
        inputs: context.inputs(),
        rejected: context.rejected_rows(db).await?,
        exit: 0,
    };
    data.exit = exit_of(&data, options.strict);
    tracing::debug!("everything is matched");
    Ok(Looked {
        writer,
        data,
        hidden,
        lapsed,
        recorded,
        open_orders,
        to_archive: intake.to_archive,
        imported: intake.imported,
        files: intake.files.len(),
        lines: intake.lines,
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
    known.extend(["oney", "payone", "e-financing"].map(str::to_owned));
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

/// What the parts of a look share.
#[derive(Clone, Copy)]
struct Context<'c> {
    settings: &'c Settings,
    options: &'c RunOptions,
    as_of: NaiveDate,
    recorded: Option<RecordedDay>,
    knowledge: &'c Knowledge,
    counting: &'c CountingFiles<'c>,
    base: Option<&'c RecordedNight>,
}

/// Leg 1, in whichever of its three ways the night allows.
async fn match_orders(
    db: &mut Db,
    context: &Context<'_>,
    findings: Vec<Finding>,
    intake: &mut Intake,
    (report, comparison): (&mut ReportWriter, &mut Comparison<'_>),
) -> Result<Option<Vec<OpenOrder>>, RunError> {
    let (mut open_before, mut changed) = (Vec::new(), None);
    let counting_before = context
        .base
        .map(|base| context.knowledge.counting(Viewpoint::of(base)));
    if let Some((base, before)) = context.base.zip(counting_before.as_ref()) {
        open_before = intervals::open_orders(db, base.as_of).await?;
        let viewpoint = Viewpoint::of(base);
        changed = Some(
            context
                .knowledge
                .changed_files(viewpoint, before, context.counting),
        );
    }
    let same_rules = context
        .base
        .is_some_and(|base| base.rules == context.settings.rules_fingerprint);
    let way = match intake.facts.take() {
        _ if context.options.full => Way::Full,
        Some(facts) if intake.from_nothing => {
            changed = None;
            Way::InMemory(facts)
        }
        facts if same_rules => Way::GoingOn {
            findings: findings
                .into_iter()
                .map(|finding| finding.discrepancy)
                .collect(),
            tonight: facts.unwrap_or_default(),
            in_memory: &intake.in_memory,
        },
        _ => Way::Full,
    };
    let kept = matches!(way, Way::GoingOn { .. }) && !intake.in_memory.is_empty();
    let first = intake.first;
    let night = Night {
        rules: &context.settings.rules,
        as_of: context.as_of,
        knowledge: context.knowledge,
        counting: context.counting,
        changed,
        open_before,
        first_line: if kept { first.line } else { i64::MAX },
        first_order: if kept { first.order } else { i64::MAX },
        first_event: if kept { first.event } else { i64::MAX },
        first_provider_event: if kept { first.provider_event } else { i64::MAX },
        recorded: context.recorded,
        report,
        comparison,
    };
    night.run(db, way).await
}

fn check_residual(rows: &[BalanceRow]) -> Result<(), RunError> {
    match rows.iter().find(|row| !row.residual.is_zero()) {
        None => Ok(()),
        Some(row) => Err(RunError::Residual {
            provider: row.provider.clone(),
            currency: row.currency.to_string(),
            residual: row.residual.display(row.currency).to_string(),
        }),
    }
}

/// Exit code 3 where an input was refused or a row rejected, else 4 where strictness asks for it.
fn exit_of(data: &ReportData, strict: bool) -> u8 {
    let bad = |row: &InputRow| row.file.status == FileStatus::Refused || row.file.rejected > 0;
    let open_error = |(code, state): (Code, State)| {
        code.severity() == Severity::Error && !matches!(state, State::Accepted | State::Resolved)
    };
    if data.inputs.iter().any(bad) {
        3
    } else if strict && data.discrepancies.states().any(open_error) {
        4
    } else {
        0
    }
}

impl Context<'_> {
    /// Files that no recorded run of another day has reported.
    fn is_new(&self, file: &InputFile) -> bool {
        file.reported
            .is_none_or(|reported| reported.as_of == self.as_of)
    }

    /// What is said of the files themselves.
    async fn of_files(&self, db: &mut Db) -> Result<Vec<Discrepancy>, RunError> {
        let asked_again = asked_again(&self.knowledge.files, self.as_of);
        let with_rejected = |file: &&InputFile| {
            file.rejected > 0
                && !asked_again.contains(&file.id)
                && file.report_date.is_none_or(|day| day <= self.as_of)
                && self.counting.counting.contains(&file.id)
        };
        let ids: Vec<FileId> = self
            .knowledge
            .files
            .iter()
            .filter(with_rejected)
            .map(|file| file.id)
            .collect();
        let rejected = files::rejected_of(db, &ids).await?;
        let questions = FileQuestions {
            files: &self.knowledge.files,
            counting: self.counting,
            is_new: &|file| self.is_new(file),
            rejected: &rejected,
            as_of: self.as_of,
        };
        Ok(questions.discrepancies())
    }

    /// What the discrepancies of this run are compared with.
    async fn lens(
        &self,
        db: &mut Db,
        findings: &[Finding],
        standings: &BTreeMap<String, Standing>,
    ) -> Result<Lens, RunError> {
        if self.options.mode == RunMode::Night {
            return Ok(Lens::Night(remembered(findings)));
        }
        Ok(Lens::Look(match self.base {
            Some(base) => states_of(db, base.as_of, findings, standings).await?,
            None => BTreeMap::new(),
        }))
    }

    /// Legs 3 and 4: everything but orders and files. Returns the payouts of the report and the
    /// balance, which has no residual.
    fn match_payouts(
        &self,
        comparison: &mut Comparison<'_>,
    ) -> Result<(Vec<PayoutOutcome>, Vec<BalanceRow>), RunError> {
        let (rules, as_of) = (&self.settings.rules, self.as_of);
        let now = Viewpoint {
            day: as_of,
            run: None,
        };
        let facts = self.knowledge.payout_facts(now, self.counting);
        let found = payouts::reconcile(&facts.items(), rules, as_of);
        let totals = self.knowledge.totals(as_of, self.counting);
        let balance = balance::balance(&totals, &found.payouts, &facts.unassigned, rules);
        check_residual(&balance)?;
        let missing = completeness::missing_reports(&self.counting.series, rules, as_of);
        let covered = covered_days(self.knowledge, self.counting, as_of);
        let missing_days = completeness::missing_days(&covered, rules, as_of);
        let statements = self.knowledge.statement_discrepancies(as_of);
        [found.discrepancies, statements, missing, missing_days]
            .into_iter()
            .flatten()
            .for_each(|found| comparison.take(found));
        Ok((self.payouts_shown(found.payouts), balance))
    }

    fn shows(&self, found: &Discrepancy, scope: ReportScope) -> bool {
        let providers = &self.options.providers;
        let wanted = providers.is_empty()
            || found.provider.is_empty()
            || providers.contains(&found.provider);
        wanted && scope.covers(found.event_date)
    }

    /// Payouts that are open, or not as they were on the night before; for a range, those that
    /// were last reported in it.
    fn payouts_shown(&self, outcomes: Vec<PayoutOutcome>) -> Vec<PayoutOutcome> {
        let before: BTreeSet<(String, String, String, String)> = match self.base {
            Some(base) if self.options.range.is_none() => {
                let viewpoint = Viewpoint::of(base);
                let counting = self.knowledge.counting(viewpoint);
                let facts = self.knowledge.payout_facts(viewpoint, &counting);
                let then =
                    payouts::reconcile(&facts.items(), &self.settings.rules, base.as_of).payouts;
                then.iter().map(fingerprint).collect()
            }
            _ => BTreeSet::new(),
        };
        let shown = |outcome: &PayoutOutcome| match self.options.range {
            Some((from, to)) => from <= outcome.payout.last && outcome.payout.last <= to,
            None => outcome.state.is_open() || !before.contains(&fingerprint(outcome)),
        };
        let providers = &self.options.providers;
        outcomes
            .into_iter()
            .filter(|outcome| providers.is_empty() || providers.contains(&outcome.payout.provider))
            .filter(shown)
            .collect()
    }

    fn inputs(&self) -> Vec<InputRow> {
        let new = self.knowledge.files.iter().filter(|file| self.is_new(file));
        let mut rows: Vec<InputRow> = new
            .map(|file| InputRow {
                superseded: self.counting.superseded.contains(&file.id),
                file: file.clone(),
            })
            .collect();
        rows.sort_by(|a, b| {
            let key = |row: &InputRow| {
                let file = &row.file;
                (
                    file.kind.word(),
                    file.name.clone(),
                    file.sha256.clone(),
                    file.id,
                )
            };
            key(a).cmp(&key(b))
        });
        rows
    }

    async fn rejected_rows(&self, db: &mut Db) -> Result<Vec<RejectedReportRow>, RunError> {
        let shown: BTreeMap<FileId, &InputFile> = self
            .knowledge
            .files
            .iter()
            .filter(|file| self.is_new(file) && self.counting.counting.contains(&file.id))
            .map(|file| (file.id, file))
            .collect();
        let ids: Vec<FileId> = shown.keys().copied().collect();
        let mut rows: Vec<RejectedReportRow> = files::rejected_of(db, &ids)
            .await?
            .into_iter()
            .filter_map(|(id, row)| {
                let file = shown.get(&id)?.name.clone();
                Some(RejectedReportRow { file, row })
            })
            .collect();
        rows.sort_by(|a, b| (&a.file, a.row.line).cmp(&(&b.file, b.row.line)));
        Ok(rows)
    }
}

/// What of a payout must differ to call it changed.
fn fingerprint(outcome: &PayoutOutcome) -> (String, String, String, String) {
    let payout = &outcome.payout;
    (
        payout.provider.clone(),
        payout.reference.clone(),
        payout.currency.to_string(),
        format!(
            "{} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            payout.first,
            payout.last,
            payout.lines,
            payout.gross,
            payout.fee,
            outcome.expected,
            outcome.booked,
            outcome.state,
            outcome.matched_by,
            outcome.bank_entries
        ),
    )
}

/// Where every discrepancy stands after all decisions.
pub(in crate::pipeline) async fn standings(
    db: &mut Db,
) -> Result<BTreeMap<String, Standing>, RunError> {
    let mut standings: BTreeMap<String, Standing> = BTreeMap::new();
    for decision in decisions::all(db, None).await? {
        standings
            .entry(decision.id.clone())
            .or_default()
            .apply(&decision);
    }
    Ok(standings)
}

fn remembered(findings: &[Finding]) -> NightBefore {
    let remembered = |finding: &Finding| {
        let first_seen = finding.first_seen;
        let discrepancy = finding.discrepancy.clone();
        (
            finding.id.clone(),
            Remembered {
                first_seen,
                discrepancy,
            },
        )
    };
    findings.iter().map(remembered).collect()
}

/// The states of a recorded night, by id.
pub(in crate::pipeline) async fn states_of(
    db: &mut Db,
    day: NaiveDate,
    findings: &[Finding],
    standings: &BTreeMap<String, Standing>,
) -> Result<BTreeMap<String, ReportedDiscrepancy>, RunError> {
    let before = match runs::night_before(db, day, false).await? {
        Some(base) => remembered(&intervals::findings(db, base.as_of).await?),
        None => NightBefore::new(),
    };
    let mut comparison = Comparison::new(Lens::Night(before), standings, day, &|_| true);
    for finding in findings {
        comparison.take(finding.discrepancy.clone());
    }
    let shown = comparison.finish().shown;
    Ok(shown
        .iter()
        .map(|found| (found.id.clone(), found))
        .collect())
}

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
        as_of,
        &crate::pipeline::NoProgress,
    )
    .await?;
    let looked = look(&mut db, settings, &options, (as_of, None), intake).await?;
    let folder = looked.writer.finish(&looked.data)?;
    db.close().await?;
    Ok(RunResult {
        run: run.unwrap_or(0),
        data: looked.data,
        folder,
        files: 0,
        lines: 0,
        mail_waits: false,
    })
}
