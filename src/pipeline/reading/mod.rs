//! The reading thread: from candidates to facts, file after file, while another thread stores.
//!
//! Everything of a file goes through one channel: batches of rows as they are read, then the file
//! itself with all that is known only at its end. A refused file is told by that end, and the
//! storing side forgets its batches.

mod message;
mod opening;
mod sinks;

use std::collections::{BTreeSet, HashMap};
use std::sync::mpsc::sync_channel;

use chrono::NaiveDate;
use tokio::sync::mpsc::Sender;

use crate::domain::Amount;
use crate::domain::file::{FileId, FileStatus, InputFile, InputKind, add_money};
use crate::domain::settlement::{LineKind, Slice};
use crate::ingest::decisions;
use crate::ingest::oney_crp::{self, CrpOptions, ReportName};
use crate::ingest::open_file::OpenFile;
use crate::ingest::orders::{self, OrderOptions};
use crate::ingest::profile::Profile;
use crate::ingest::provider_events::EventOptions;
use crate::ingest::settlement::{self, SettlementOptions};
use crate::ingest::statements::{self, ExportOptions, StatementFormat, read_export};
use crate::ingest::text::Survey;
use crate::ingest::unforeseen::guarded;
use crate::ingest::{
    Refusal, RowCounts, Unread, e_financing, oney_status, payone_status, recognise,
};
use crate::pipeline::plan::InputPlan;
use crate::storage::facts::FactTable;
use crate::storage::files::{KnownPath, RowRange, StoredFile};
pub(in crate::pipeline) use message::{Before, FileRead, Import, Job, Message, NextIds};
use opening::{NotOpened, in_order, open};
use sinks::{Lines, Rows, Statements};

/// Rows that are sent together: some statements' worth, so that the database always has the next
/// one at hand.
const ROWS_PER_BATCH: usize = 4_000;

/// Entries that are sent together.
const ENTRIES_PER_BATCH: usize = 200;

/// Takes the next number.
fn next(id: &mut i64) -> i64 {
    let taken = *id;
    *id = id.saturating_add(1);
    taken
}

/// What makes two files of the same bytes the same delivery.
type Identity = (InputKind, String, String, Option<NaiveDate>, Option<u64>);

fn identity(file: &InputFile) -> Identity {
    // The day is part of it where the name tells it; elsewhere it is known only after reading.
    let named_day = file.sequence.and(file.report_date);
    // So is the provider there: two contracts may both have had a night without movements.
    let provider = file.sequence.map(|_| file.provider.clone());
    (
        file.kind,
        provider.unwrap_or_default(),
        file.country.clone(),
        named_day,
        file.sequence,
    )
}

/// Files that are opened while another one is read.
const FILES_AHEAD: usize = 1;

/// Reads jobs one after the other.
pub(in crate::pipeline) struct Reading {
    pub(in crate::pipeline) plans: Vec<InputPlan>,
    /// The run, as the files that it stores remember it.
    pub(in crate::pipeline) intake: i64,
    /// The day on which they are received.
    pub(in crate::pipeline) received: NaiveDate,
    pub(in crate::pipeline) ids: NextIds,
    /// Accepted files by SHA-256: what they are, and their names.
    pub(in crate::pipeline) stored: HashMap<String, Vec<(Identity, String)>>,
    /// The stored file that is read again.
    pub(in crate::pipeline) again: Option<InputFile>,
    pub(in crate::pipeline) to: Sender<Message>,
}

impl Reading {
    /// Remembers an accepted file, so that its bytes are recognised.
    pub(in crate::pipeline) fn remember(&mut self, file: &InputFile) {
        if file.status == FileStatus::Accepted {
            let known = self.stored.entry(file.sha256.clone()).or_default();
            known.push((identity(file), file.name.clone()));
        }
    }

    /// Reads all jobs; ends early when nobody listens any more. Another thread opens the next file
    /// meanwhile: its SHA-256 and its encoding take a fifth of the time.
    pub(in crate::pipeline) fn run(mut self, jobs: &[Job]) {
        let jobs = in_order(jobs);
        let plans = self.plans.clone();
        std::thread::scope(|scope| {
            let (ahead, opened) = sync_channel(FILES_AHEAD);
            let openings = jobs.iter().map(|job| open(&plans, job));
            scope.spawn(move || {
                openings
                    .map(|file| ahead.send(file))
                    .all(|sent| sent.is_ok())
            });
            for (job, opened) in jobs.iter().zip(opened) {
                let Some(mut message) = self.read(job, opened) else {
                    continue;
                };
                if let (Message::File(read), Some(import)) = (&mut message, &job.import) {
                    import.settle(read);
                }
                if let Message::File(read) = &message {
                    self.remember(&read.stored.file);
                }
                if self.to.blocking_send(message).is_err() {
                    return;
                }
            }
        });
    }

    /// Reads one file; `None` for one that no input wants.
    fn read(&mut self, job: &Job, opened: Result<OpenFile, NotOpened>) -> Option<Message> {
        let why = match opened {
            Ok(opened) => return self.read_opened(job, &opened),
            Err(why) => why,
        };
        let first = job.inputs.first().copied()?;
        let mut read = self.begin(job, first, "")?;
        match why {
            NotOpened::Unread(unread) => leave(&mut read, &unread),
            NotOpened::Refused(refusal) => refuse(&mut read, &refusal),
            NotOpened::Never(reason) => ignore(&mut read, reason),
        }
        Some(Message::File(Box::new(read)))
    }

    fn read_opened(&mut self, job: &Job, opened: &OpenFile) -> Option<Message> {
        // Where it cannot even be told, the first input refuses it.
        let chosen = guarded(|| Ok(self.choose(job, opened)));
        let input = chosen.unwrap_or_else(|_| job.inputs.first().copied())?;
        let survey = opened.survey();
        let before = job.before.as_ref();
        if let Some(before) = before.filter(|old| old.sha256 == survey.sha256) {
            return self.unchanged(job, before, (input, opened));
        }
        let mut read = self.begin(job, input, &survey.sha256)?;
        opened.stamp().clone_into(&mut read.stamp);
        match guarded(|| self.fill(&mut read, job, opened)) {
            Ok(()) => opened.check(),
            Err(refusal) => {
                refuse(&mut read, &refusal);
                opened.trouble()
            }
        }
        .unwrap_or_else(|unread| leave(&mut read, &unread));
        Some(Message::File(Box::new(read)))
    }

    /// What is told of a file that was touched and holds the bytes it held.
    fn unchanged(
        &self,
        job: &Job,
        before: &Before,
        (input, opened): (usize, &OpenFile),
    ) -> Option<Message> {
        let plan = self.plans.get(input)?;
        let mut candidate = job.candidate.clone();
        // An import's stamp is the time at which it was asked for: the next one asks since then.
        if job.import.is_none() {
            opened.stamp().clone_into(&mut candidate.stamp);
        }
        let archive = plan.archive.clone().filter(|_| before.is_taken);
        Some(Message::Unchanged {
            path_key: job.path_key.clone(),
            known: KnownPath {
                stamp: candidate.stamp.clone(),
                settings: plan.fingerprint.clone(),
                file: before.file,
            },
            heard_on: job.import.as_ref().map(|_| self.received),
            archive: archive.map(|folder| (candidate, folder)),
        })
    }

    /// The input that reads a file: where several look into one folder, the one whose header it
    /// has.
    fn choose(&self, job: &Job, opened: &OpenFile) -> Option<usize> {
        let mut inputs = job.inputs.iter().copied();
        let first = inputs.next()?;
        if job.inputs.len() == 1 {
            return Some(first);
        }
        let name = &job.candidate.name;
        let fits = |input: &usize| {
            self.plans.get(*input).is_some_and(|plan| match plan.kind {
                InputKind::OneyCrp => ReportName::parse(name).is_ok(),
                InputKind::BankStatement if is_statement(opened) => true,
                InputKind::PayoneSettlement
                | InputKind::Settlement
                | InputKind::PayoneStatus
                | InputKind::EFinancing
                | InputKind::OneyStatus
                | InputKind::Orders
                | InputKind::OrderEvents
                | InputKind::BankStatement
                | InputKind::Decisions => {
                    recognise::fitting(plan.kind, opened, &plan.profiles).is_some()
                }
            })
        };
        Some(job.inputs.iter().copied().find(fits).unwrap_or(first))
    }

    fn begin(&mut self, job: &Job, input: usize, sha256: &str) -> Option<FileRead> {
        let plan = self.plans.get(input)?;
        let mut file = InputFile {
            id: FileId(next(&mut self.ids.file)),
            kind: plan.kind,
            name: job.candidate.name.clone(),
            sha256: sha256.to_owned(),
            intake: self.intake,
            place: plan.written.clone(),
            received: self.received,
            status: FileStatus::Accepted,
            provider: plan.provider.clone(),
            country: String::new(),
            report_date: None,
            sequence: None,
            rows: 0,
            accepted: 0,
            rejected: 0,
            gross: Vec::new(),
            reason: String::new(),
            reported: None,
        };
        if let Some(known) = &self.again {
            file.id = known.id;
            file.intake = known.intake;
            file.place.clone_from(&known.place);
            file.received = known.received;
            file.reported = known.reported;
        }
        Some(FileRead {
            stored: StoredFile { file, rows: None },
            path_key: job.path_key.clone(),
            stamp: job.candidate.stamp.clone(),
            settings: plan.fingerprint.clone(),
            path: job.candidate.path.clone(),
            archived_as: Some(job.path_key.clone()),
            input,
            slices: Vec::new(),
            totals: Vec::new(),
            statements: Vec::new(),
            rejected: Vec::new(),
            chargebacks: Vec::new(),
            returned: BTreeSet::new(),
            orders_of: BTreeSet::new(),
            decisions: None,
        })
    }

    /// Decides what a file is and reads it.
    fn fill(&mut self, read: &mut FileRead, job: &Job, opened: &OpenFile) -> Result<(), Refusal> {
        let Some(plan) = self.plans.get(read.input).cloned() else {
            return Ok(());
        };
        let candidate = &job.candidate;
        let ignored = recognise::ignored_by_name(&candidate.name).filter(|_| !candidate.named);
        if let Some(reason) = ignored {
            ignore(read, reason);
            return Ok(());
        }
        let is_claimed = candidate.named
            || recognise::is_claimed(plan.kind, &candidate.name, opened, &plan.profiles);
        if !is_claimed {
            ignore(read, &format!("not recognised as {}", plan.kind.word()));
            return Ok(());
        }
        if plan.kind == InputKind::OneyCrp {
            let name = ReportName::parse(&candidate.name)?;
            let file = &mut read.stored.file;
            file.country = name.country;
            file.report_date = Some(name.report_date);
            file.sequence = Some(name.sequence);
        }
        if job.import.as_ref().is_some_and(|import| import.rows == 0) {
            return Ok(());
        }
        check_whole(opened.survey(), &plan)?;
        if job.import.is_none()
            && let Some(twin) = self.twin(&read.stored.file)
            && !is_said_again(job, &twin)
        {
            read.stored.file.status = FileStatus::Duplicate;
            read.stored.file.reason = twin;
            return Ok(());
        }
        match plan.kind {
            InputKind::OneyCrp | InputKind::PayoneSettlement | InputKind::Settlement => {
                self.read_lines(read, &plan, opened)
            }
            InputKind::PayoneStatus | InputKind::EFinancing | InputKind::OneyStatus => {
                self.read_provider_events(read, &plan, opened)
            }
            InputKind::Orders => self.read_orders(read, &plan, opened),
            InputKind::OrderEvents => self.read_events(read, &plan, opened),
            InputKind::BankStatement => self.read_statements(read, &plan, opened),
            InputKind::Decisions => {
                read.decisions = Some(decisions::read_opened(opened, None)?);
                Ok(())
            }
        }
    }

    /// The name of a stored file of the same bytes. Where the name carries country, date and
    /// number, these must be the same too: two empty reports have the same bytes.
    fn twin(&self, file: &InputFile) -> Option<String> {
        let known = self.stored.get(&file.sha256)?;
        let own = identity(file);
        known
            .iter()
            .find(|(identity, _)| *identity == own)
            .map(|(_, name)| name.clone())
    }

    fn read_lines(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        opened: &OpenFile,
    ) -> Result<(), Refusal> {
        let profile = fitting_or_last(plan, opened)?;
        let max_rejected_percent = plan.max_rejected_percent;
        let mut sink = Lines::new(self, read);
        let counts = if let Some(report_date) = read.stored.file.report_date {
            let options = CrpOptions {
                profile,
                max_rejected_percent,
            };
            oney_crp::read(opened, report_date, options, &mut sink)?
        } else {
            let options = SettlementOptions {
                profile,
                timezone: plan.timezone,
                max_rejected_percent,
            };
            let file = settlement::read(opened, options, &mut sink)?;
            read.stored.file.report_date = file.report_date;
            file.counts
        };
        sink.finish(read);
        let sum = |amount: fn(&Slice) -> Amount| -> Amount { read.slices.iter().map(amount).sum() };
        if sum(|slice| slice.gross.abs() + slice.fee.abs())
            .to_minor()
            .is_none()
        {
            return Err(Refusal::new(
                "adds up to more than any company sells; ask for it again",
            ));
        }
        let file = &mut read.stored.file;
        let counting = read
            .slices
            .iter()
            .filter(|slice| slice.kind != LineKind::Memo);
        for slice in counting {
            add_money(&mut file.gross, slice.gross, slice.currency);
        }
        file.gross.sort_by_key(|money| money.currency);
        count(file, counts);
        Ok(())
    }

    fn read_orders(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        opened: &OpenFile,
    ) -> Result<(), Refusal> {
        let options = order_options(plan, opened)?;
        let mut sink = Rows::new(read, FactTable::Orders, &self.to);
        let counts = orders::read(opened, options, &mut sink)?;
        sink.finish(read, counts);
        Ok(())
    }

    fn read_events(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        opened: &OpenFile,
    ) -> Result<(), Refusal> {
        let options = order_options(plan, opened)?;
        let mut sink = Rows::new(read, FactTable::OrderEvents, &self.to);
        let counts = orders::read_events(opened, options, &mut sink)?;
        sink.finish(read, counts);
        Ok(())
    }

    fn read_provider_events(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        opened: &OpenFile,
    ) -> Result<(), Refusal> {
        let options = EventOptions {
            provider: &plan.provider,
            profile: fitting_or_last(plan, opened)?,
            timezone: plan.timezone,
            mode: plan.mode,
            max_rejected_percent: plan.max_rejected_percent,
        };
        let mut sink = Rows::new(read, FactTable::ProviderEvents, &self.to);
        let counts = match plan.kind {
            InputKind::EFinancing => e_financing::read(opened, options, &mut sink)?,
            InputKind::OneyStatus => oney_status::read(opened, options, &mut sink)?,
            InputKind::PayoneStatus
            | InputKind::OneyCrp
            | InputKind::PayoneSettlement
            | InputKind::Settlement
            | InputKind::Orders
            | InputKind::OrderEvents
            | InputKind::BankStatement
            | InputKind::Decisions => payone_status::read(opened, options, &mut sink)?,
        };
        sink.finish(read, counts);
        Ok(())
    }

    fn read_statements(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        opened: &OpenFile,
    ) -> Result<(), Refusal> {
        let first = self.ids.entry;
        let file = read.stored.file.id;
        let mut sink = Statements::new(file, self);
        let counts = if let Some(format) = statements::recognise(opened) {
            statements::read(&format, opened, &mut sink)?;
            sink.counts
        } else {
            let options = ExportOptions {
                profile: fitting_or_last(plan, opened)?,
                max_rejected_percent: plan.max_rejected_percent,
            };
            let counts = read_export(opened, options, &mut sink)?;
            if let Some(warning) = statements::export_warning(opened, options.profile) {
                tracing::warn!("{} {warning}", read.stored.file.name);
            }
            counts
        };
        sink.send();
        let (statements, rejected) = (sink.complete, sink.rejected);
        let reason = rejected.first().map(|row| row.reason.as_str());
        let counts = counts.check(plan.max_rejected_percent, reason)?;
        count(&mut read.stored.file, counts);
        read.stored.rows = range(first, self.ids.entry);
        (read.statements, read.rejected) = (statements, rejected.into_rows());
        Ok(())
    }
}

/// True for a file that said something else since it said this: A, B, A under one path. The last A
/// is what it says now, and no copy of the first.
fn is_said_again(job: &Job, twin: &str) -> bool {
    job.before.is_some() && job.candidate.name == twin
}

fn refuse(read: &mut FileRead, refusal: &Refusal) {
    read.stored.rows = None;
    read.slices.clear();
    read.totals.clear();
    read.statements.clear();
    read.rejected.clear();
    read.chargebacks.clear();
    read.returned.clear();
    let file = &mut read.stored.file;
    file.status = FileStatus::Refused;
    file.reason.clone_from(&refusal.reason);
    (file.rows, file.accepted, file.rejected) = (0, 0, 0);
    file.gross.clear();
}

/// Leaves a file that the system did not give: nothing is said of its content.
fn leave(read: &mut FileRead, unread: &Unread) {
    refuse(read, &Refusal::new(unread.reason.clone()));
    let file = &mut read.stored.file;
    file.status = FileStatus::Unread;
    file.sha256.clear();
}

fn ignore(read: &mut FileRead, reason: &str) {
    read.stored.file.status = FileStatus::Ignored;
    reason.clone_into(&mut read.stored.file.reason);
}

fn count(file: &mut InputFile, counts: RowCounts) {
    (file.rows, file.accepted, file.rejected) = (counts.rows, counts.accepted, counts.rejected);
}

fn range(first: i64, next: i64) -> Option<RowRange> {
    (next > first).then_some(RowRange {
        first,
        last: next.saturating_sub(1),
    })
}

/// What refuses a file whatever its format.
fn check_whole(survey: &Survey, plan: &InputPlan) -> Result<(), Refusal> {
    if survey.size_bytes > plan.size_bytes_max() {
        return Err(Refusal::new(format!(
            "is larger than {} MiB; raise max_file_mib of its input",
            plan.max_file_mib
        )));
    }
    // Before the content: what cannot be unpacked looks blank.
    if let Some(damage) = &survey.damage {
        return Err(Refusal::new(damage.clone()));
    }
    if survey.blank {
        return Err(Refusal::new(
            "is empty or only white space, as a delivery that broke looks; ask for it again",
        ));
    }
    Ok(())
}

/// The profile whose header the file has; the last one tells what is wrong with it.
fn fitting_or_last<'p>(plan: &'p InputPlan, opened: &OpenFile) -> Result<&'p Profile, Refusal> {
    recognise::fitting(plan.kind, opened, &plan.profiles)
        .or(plan.profiles.last())
        .ok_or_else(|| Refusal::new("has no profile to be read with"))
}

fn order_options<'p>(plan: &'p InputPlan, opened: &OpenFile) -> Result<OrderOptions<'p>, Refusal> {
    Ok(OrderOptions {
        profile: fitting_or_last(plan, opened)?,
        timezone: plan.timezone,
        max_rejected_percent: plan.max_rejected_percent,
    })
}

/// True for a statement in a format of its own, which needs no profile.
fn is_statement(opened: &OpenFile) -> bool {
    let format = statements::recognise(opened);
    format.is_some_and(|format| !matches!(format, StatementFormat::OtherXml(_)))
}
