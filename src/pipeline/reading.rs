//! The reading thread: from candidates to facts, file after file, while another thread stores.
//!
//! Everything of a file goes through one channel: batches of rows as they are read, then the file
//! itself with all that is known only at its end. A refused file is told by that end, and the
//! storing side forgets its batches.

use std::collections::{BTreeMap, HashMap};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use tokio::sync::mpsc::Sender;

use super::packed::PackedRows;
use super::plan::InputPlan;
use crate::domain::file::{FileId, FileStatus, InputFile, InputKind, RejectedRow, add_money};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::settlement::{LineKind, SettlementLine, Slice, SliceId};
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementSink, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency, Money};
use crate::ingest::inbox::Candidate;
use crate::ingest::oney_crp::{self, CrpOptions, ReportName, SettlementSink, SliceKey};
use crate::ingest::orders::{self, OrderEventSink, OrderOptions, OrderSink};
use crate::ingest::profile::Profile;
use crate::ingest::statements::camt::{self, XmlKind};
use crate::ingest::statements::{ExportOptions, read_export};
use crate::ingest::text::{self, Survey};
use crate::ingest::{Refusal, RowCounts, recognise};
use crate::storage::Dialect;
use crate::storage::files::{KnownPath, RowRange, StoredFile};
use crate::storage::lines::{FileTotal, LineBatch};
use crate::storage::orders::{EventBatch, OrderBatch};

/// Entries that are sent together.
const ENTRIES_PER_BATCH: usize = 200;

/// A file that is to be looked at, with the inputs that want it.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// The file.
    pub(super) candidate: Candidate,
    /// How its path is remembered.
    pub(super) path_key: String,
    /// The inputs whose place it is in, by position.
    pub(super) inputs: Vec<usize>,
    /// What was stored from this path before, when that still holds for the same bytes.
    pub(super) before: Option<Before>,
}

/// A file that was read from a path before.
#[derive(Clone, Debug)]
pub(super) struct Before {
    /// Its number.
    pub(super) file: FileId,
    /// SHA-256 of its bytes.
    pub(super) sha256: String,
}

/// What the reading thread tells the storing one.
pub(super) enum Message {
    /// Settlement lines: to be stored, and to be kept for matching.
    Lines {
        /// Position of the input that reads them.
        input: usize,
        /// For the database.
        batch: LineBatch,
        /// For matching.
        rows: PackedRows,
    },
    /// Orders, likewise.
    Orders(OrderBatch, PackedRows),
    /// Order events, likewise.
    Events(EventBatch, PackedRows),
    /// Entries of statements whose own row follows with the file.
    Entries(Vec<StoredEntry>),
    /// The end of a file.
    File(Box<FileRead>),
    /// A file that was touched but holds the bytes it held: only its times are new.
    Unchanged {
        /// How its path is remembered.
        path_key: String,
        /// What is known of it now.
        known: KnownPath,
    },
}

/// A file with all that is known at its end.
#[derive(Debug)]
pub(super) struct FileRead {
    /// The file as it is remembered.
    pub(super) stored: StoredFile,
    /// How its path is remembered.
    pub(super) path_key: String,
    /// Its size and times.
    pub(super) stamp: String,
    /// Fingerprint of the settings it was read with.
    pub(super) settings: String,
    /// Where it is.
    pub(super) path: PathBuf,
    /// Position of the input that read it.
    pub(super) input: usize,
    /// Its slices.
    pub(super) slices: Vec<Slice>,
    /// Its totals.
    pub(super) totals: Vec<FileTotal>,
    /// Its statements.
    pub(super) statements: Vec<StoredStatement>,
    /// Its rejected rows.
    pub(super) rejected: Vec<RejectedRow>,
}

/// The next free numbers of the tables.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NextIds {
    pub(super) file: i64,
    pub(super) slice: i64,
    pub(super) line: i64,
    pub(super) order: i64,
    pub(super) event: i64,
    pub(super) statement: i64,
    pub(super) entry: i64,
}

/// Takes the next number.
fn next(id: &mut i64) -> i64 {
    let taken = *id;
    *id = id.saturating_add(1);
    taken
}

/// What makes two files of the same bytes the same delivery.
type Identity = (InputKind, String, Option<NaiveDate>, Option<u64>);

fn identity(file: &InputFile) -> Identity {
    (
        file.kind,
        file.country.clone(),
        file.report_date,
        file.sequence,
    )
}

/// Reads jobs one after the other.
pub(super) struct Reading {
    pub(super) plans: Vec<InputPlan>,
    pub(super) dialect: Dialect,
    pub(super) as_of: NaiveDate,
    pub(super) ids: NextIds,
    /// Accepted files by SHA-256: what they are, and their names.
    pub(super) stored: HashMap<String, Vec<(Identity, String)>>,
    pub(super) to: Sender<Message>,
}

impl Reading {
    /// Remembers an accepted file, so that its bytes are recognised.
    pub(super) fn remember(&mut self, file: &InputFile) {
        if file.status == FileStatus::Accepted {
            let known = self.stored.entry(file.sha256.clone()).or_default();
            known.push((identity(file), file.name.clone()));
        }
    }

    /// Reads all jobs; ends early when nobody listens any more.
    pub(super) fn run(mut self, jobs: &[Job]) {
        for job in in_order(jobs) {
            let Some(message) = self.read(&job) else {
                continue;
            };
            if let Message::File(read) = &message {
                self.remember(&read.stored.file);
            }
            if self.to.blocking_send(message).is_err() {
                return;
            }
        }
    }

    /// Reads one file; `None` when it has gone since it was listed.
    fn read(&mut self, job: &Job) -> Option<Message> {
        let candidate = &job.candidate;
        let survey = match text::survey(&candidate.path) {
            Ok(survey) => survey,
            Err(error) => {
                let input = job.inputs.first().copied()?;
                let mut read = self.begin(job, input, "")?;
                refuse(&mut read, &Refusal::from(error));
                return Some(Message::File(Box::new(read)));
            }
        };
        let input = self.choose(job, &survey)?;
        if let Some(before) = job
            .before
            .as_ref()
            .filter(|old| old.sha256 == survey.sha256)
        {
            let settings = self.plans.get(input)?.fingerprint.clone();
            let stamp = job.candidate.stamp.clone();
            let known = KnownPath {
                stamp,
                settings,
                file: before.file,
            };
            return Some(Message::Unchanged {
                path_key: job.path_key.clone(),
                known,
            });
        }
        let mut read = self.begin(job, input, &survey.sha256)?;
        if let Err(refusal) = self.fill(&mut read, job, &survey) {
            refuse(&mut read, &refusal);
        }
        Some(Message::File(Box::new(read)))
    }

    /// The input that reads a file: where several look into one folder, the one whose header it
    /// has.
    fn choose(&self, job: &Job, survey: &Survey) -> Option<usize> {
        let mut inputs = job.inputs.iter().copied();
        let first = inputs.next()?;
        if job.inputs.len() == 1 {
            return Some(first);
        }
        let (path, name) = (&job.candidate.path, &job.candidate.name);
        let fits = |input: &usize| {
            self.plans.get(*input).is_some_and(|plan| match plan.kind {
                InputKind::OneyCrp => ReportName::parse(name).is_ok(),
                InputKind::BankStatement if camt::identify(&survey.head) == XmlKind::Camt => true,
                InputKind::Orders | InputKind::OrderEvents | InputKind::BankStatement => {
                    recognise::fitting(plan.kind, path, survey, &plan.profiles).is_some()
                }
            })
        };
        Some(job.inputs.iter().copied().find(fits).unwrap_or(first))
    }

    fn begin(&mut self, job: &Job, input: usize, sha256: &str) -> Option<FileRead> {
        let plan = self.plans.get(input)?;
        let file = InputFile {
            id: FileId(next(&mut self.ids.file)),
            kind: plan.kind,
            name: job.candidate.name.clone(),
            sha256: sha256.to_owned(),
            received: self.as_of,
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
        Some(FileRead {
            stored: StoredFile { file, rows: None },
            path_key: job.path_key.clone(),
            stamp: job.candidate.stamp.clone(),
            settings: plan.fingerprint.clone(),
            path: job.candidate.path.clone(),
            input,
            slices: Vec::new(),
            totals: Vec::new(),
            statements: Vec::new(),
            rejected: Vec::new(),
        })
    }

    /// Decides what a file is and reads it.
    fn fill(&mut self, read: &mut FileRead, job: &Job, survey: &Survey) -> Result<(), Refusal> {
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
            || recognise::is_claimed(
                plan.kind,
                &candidate.path,
                &candidate.name,
                survey,
                &plan.profiles,
            );
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
        check_whole(candidate, survey, plan.max_file_mib)?;
        if let Some(twin) = self.twin(&read.stored.file) {
            read.stored.file.status = FileStatus::Duplicate;
            read.stored.file.reason = twin;
            return Ok(());
        }
        match plan.kind {
            InputKind::OneyCrp => self.read_report(read, &plan, survey),
            InputKind::Orders => self.read_orders(read, &plan, survey),
            InputKind::OrderEvents => self.read_events(read, &plan, survey),
            InputKind::BankStatement => self.read_statements(read, &plan, survey),
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

    fn read_report(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        survey: &Survey,
    ) -> Result<(), Refusal> {
        let Some(report_date) = read.stored.file.report_date else {
            return Ok(());
        };
        let profile = fitting_or_last(plan, &read.path, survey)?;
        let first = self.ids.line;
        let mut sink = Lines::new(self, read);
        let options = CrpOptions {
            profile,
            max_rejected_percent: plan.max_rejected_percent,
        };
        let counts = oney_crp::read(&sink.path.clone(), survey, report_date, options, &mut sink)?;
        let (slices, totals, rejected) = sink.finish();
        let sum = |amount: fn(&Slice) -> Amount| -> Amount { slices.iter().map(amount).sum() };
        if sum(|slice| slice.gross.abs() + slice.fee.abs())
            .to_minor()
            .is_none()
        {
            return Err(Refusal::new(
                "adds up to more than any company sells; ask for it again",
            ));
        }
        let file = &mut read.stored.file;
        for slice in slices.iter().filter(|slice| slice.kind != LineKind::Memo) {
            add_money(&mut file.gross, slice.gross, slice.currency);
        }
        file.gross.sort_by_key(|money| money.currency);
        count(file, counts);
        read.stored.rows = range(first, self.ids.line);
        (read.slices, read.totals, read.rejected) = (slices, totals, rejected);
        Ok(())
    }

    fn read_orders(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        survey: &Survey,
    ) -> Result<(), Refusal> {
        let options = order_options(plan, &read.path, survey)?;
        let first = self.ids.order;
        let mut sink = Orders {
            file: read.stored.file.id,
            batch: OrderBatch::new(self.dialect),
            packed: PackedRows::default(),
            next: &mut self.ids.order,
            to: &self.to,
            rejected: Vec::new(),
        };
        let counts = orders::read(&read.path, survey, options, &mut sink)?;
        sink.send();
        read.rejected = sink.rejected;
        count(&mut read.stored.file, counts);
        read.stored.rows = range(first, self.ids.order);
        Ok(())
    }

    fn read_events(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        survey: &Survey,
    ) -> Result<(), Refusal> {
        let options = order_options(plan, &read.path, survey)?;
        let first = self.ids.event;
        let mut sink = Events {
            file: read.stored.file.id,
            batch: EventBatch::new(self.dialect),
            packed: PackedRows::default(),
            next: &mut self.ids.event,
            to: &self.to,
            rejected: Vec::new(),
        };
        let counts = orders::read_events(&read.path, survey, options, &mut sink)?;
        sink.send();
        read.rejected = sink.rejected;
        count(&mut read.stored.file, counts);
        read.stored.rows = range(first, self.ids.event);
        Ok(())
    }

    fn read_statements(
        &mut self,
        read: &mut FileRead,
        plan: &InputPlan,
        survey: &Survey,
    ) -> Result<(), Refusal> {
        let first = self.ids.entry;
        let file = read.stored.file.id;
        let mut sink = Statements::new(file, self);
        let counts = match camt::identify(&survey.head) {
            XmlKind::Camt => {
                let mut input = BufReader::new(text::open_bytes(&read.path, survey)?);
                camt::read(&mut input, &mut sink)?;
                sink.counts
            }
            XmlKind::OtherXml(what) => {
                return Err(Refusal::new(format!(
                    "is XML, but no camt.052, camt.053 or camt.054 ({what}); \
                     ask the bank for account statements"
                )));
            }
            XmlKind::NotXml => {
                let profile =
                    match recognise::fitting(plan.kind, &read.path, survey, &plan.profiles) {
                        Some(profile) => profile,
                        None => unread_format(plan, &read.path, survey)?,
                    };
                let options = ExportOptions {
                    profile,
                    max_rejected_percent: plan.max_rejected_percent,
                };
                read_export(&read.path, survey, options, &mut sink)?
            }
        };
        sink.send();
        let (statements, rejected) = (sink.complete, sink.rejected);
        let limit = plan.max_rejected_percent;
        let reason = rejected
            .first()
            .map(|row: &RejectedRow| row.reason.as_str());
        let counts = counts.check(limit, reason)?;
        count(&mut read.stored.file, counts);
        read.stored.rows = range(first, self.ids.entry);
        (read.statements, read.rejected) = (statements, rejected);
        Ok(())
    }
}

/// Jobs by name; files of one name by SHA-256, so that "later received" never depends on folders.
fn in_order(jobs: &[Job]) -> Vec<Job> {
    let mut ordered = Vec::with_capacity(jobs.len());
    for same_name in jobs.chunk_by(|a, b| a.candidate.name == b.candidate.name) {
        let mut same_name = same_name.to_vec();
        if same_name.len() > 1 {
            same_name.sort_by_cached_key(|job| {
                let survey = text::survey(&job.candidate.path);
                (
                    survey.map(|survey| survey.sha256).unwrap_or_default(),
                    job.path_key.clone(),
                )
            });
        }
        ordered.extend(same_name);
    }
    ordered
}

fn refuse(read: &mut FileRead, refusal: &Refusal) {
    read.stored.rows = None;
    read.slices.clear();
    read.totals.clear();
    read.statements.clear();
    read.rejected.clear();
    let file = &mut read.stored.file;
    file.status = FileStatus::Refused;
    file.reason.clone_from(&refusal.reason);
    (file.rows, file.accepted, file.rejected) = (0, 0, 0);
    file.gross.clear();
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
fn check_whole(candidate: &Candidate, survey: &Survey, max_mib: u64) -> Result<(), Refusal> {
    if candidate.size_bytes > max_mib.saturating_mul(1024 * 1024) {
        return Err(Refusal::new(format!(
            "is larger than {max_mib} MiB; raise max_file_mib of its input"
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
fn fitting_or_last<'p>(
    plan: &'p InputPlan,
    path: &Path,
    survey: &Survey,
) -> Result<&'p Profile, Refusal> {
    recognise::fitting(plan.kind, path, survey, &plan.profiles)
        .or(plan.profiles.last())
        .ok_or_else(|| Refusal::new("has no profile to be read with"))
}

fn order_options<'p>(
    plan: &'p InputPlan,
    path: &Path,
    survey: &Survey,
) -> Result<OrderOptions<'p>, Refusal> {
    Ok(OrderOptions {
        profile: fitting_or_last(plan, path, survey)?,
        timezone: plan.timezone,
        max_rejected_percent: plan.max_rejected_percent,
    })
}

/// A statement in a format that this version does not read is refused by its name.
fn unread_format<'p>(
    plan: &'p InputPlan,
    path: &Path,
    survey: &Survey,
) -> Result<&'p Profile, Refusal> {
    match recognise::other_statement(survey) {
        Some(format) if !survey.is_zip() || !is_workbook(path) => Err(Refusal::new(format!(
            "is {format}, which this version does not read; \
             ask the bank for camt.053, or export CSV and read it through a [[profile]]"
        ))),
        _ => fitting_or_last(plan, path, survey),
    }
}

fn is_workbook(path: &Path) -> bool {
    let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    ending.is_some_and(|ending| ending == "xlsx" || ending == "ods")
}

/// Collects the lines of one report.
struct Lines<'r> {
    provider: String,
    input: usize,
    file: FileId,
    path: PathBuf,
    batch: LineBatch,
    packed: PackedRows,
    ids: &'r mut NextIds,
    to: &'r Sender<Message>,
    slices: Vec<Slice>,
    numbers: HashMap<(String, String, Currency, LineKind, &'static str), usize>,
    last: usize,
    totals: BTreeMap<(Currency, NaiveDate, LineKind), (u64, Amount, Amount)>,
    rejected: Vec<RejectedRow>,
}

impl<'r> Lines<'r> {
    fn new(reading: &'r mut Reading, read: &FileRead) -> Self {
        Self {
            provider: read.stored.file.provider.clone(),
            input: read.input,
            file: read.stored.file.id,
            path: read.path.clone(),
            batch: LineBatch::new(reading.dialect),
            packed: PackedRows::default(),
            ids: &mut reading.ids,
            to: &reading.to,
            slices: Vec::new(),
            numbers: HashMap::new(),
            last: 0,
            totals: BTreeMap::new(),
            rejected: Vec::new(),
        }
    }

    fn send(&mut self) {
        // A listener that has gone has failed, and says why itself.
        drop(self.to.blocking_send(Message::Lines {
            input: self.input,
            batch: self.batch.take(),
            rows: std::mem::take(&mut self.packed),
        }));
    }

    fn finish(mut self) -> (Vec<Slice>, Vec<FileTotal>, Vec<RejectedRow>) {
        self.send();
        let total = |((currency, report_date, kind), (lines, gross, fee))| FileTotal {
            file: self.file,
            provider: self.provider.clone(),
            currency,
            report_date,
            kind,
            lines,
            gross,
            fee,
        };
        (
            self.slices,
            self.totals.into_iter().map(total).collect(),
            self.rejected,
        )
    }

    fn matches(slice: &Slice, key: &SliceKey<'_>) -> bool {
        slice.merchant == key.merchant
            && slice.payout_reference == key.payout_reference
            && slice.kind == key.kind
            && slice.part == key.part
            && slice.currency == key.currency
            && slice.report_date == key.report_date
    }
}

impl SettlementSink for Lines<'_> {
    fn slice(&mut self, key: &SliceKey<'_>) -> SliceId {
        if let Some(slice) = self
            .slices
            .get(self.last)
            .filter(|slice| Self::matches(slice, key))
        {
            return slice.id;
        }
        let name = (
            key.merchant.to_owned(),
            format!("{}\u{1f}{}", key.payout_reference, key.report_date),
            key.currency,
            key.kind,
            key.part.word(),
        );
        self.last = *self.numbers.entry(name).or_insert_with(|| {
            self.slices.push(Slice {
                id: SliceId(next(&mut self.ids.slice)),
                file: self.file,
                provider: self.provider.clone(),
                merchant: key.merchant.to_owned(),
                currency: key.currency,
                payout_reference: key.payout_reference.to_owned(),
                report_date: key.report_date,
                kind: key.kind,
                part: key.part,
                lines: 0,
                gross: Amount::ZERO,
                fee: Amount::ZERO,
            });
            self.slices.len().saturating_sub(1)
        });
        self.slices
            .get(self.last)
            .map_or(SliceId(0), |slice| slice.id)
    }

    fn line(&mut self, line: &SettlementLine<'_>) {
        let Some(slice) = self.slices.get_mut(self.last) else {
            return;
        };
        slice.lines = slice.lines.saturating_add(1);
        slice.gross += line.gross;
        slice.fee += line.fee;
        let key = (slice.currency, slice.report_date, slice.kind);
        let total = self.totals.entry(key).or_default();
        total.0 = total.0.saturating_add(1);
        total.1 += line.gross;
        total.2 += line.fee;
        self.batch.push(next(&mut self.ids.line), line);
        self.packed.push(line);
        if self.batch.is_full() {
            self.send();
        }
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Collects the orders of one file.
struct Orders<'r> {
    file: FileId,
    batch: OrderBatch,
    packed: PackedRows,
    next: &'r mut i64,
    to: &'r Sender<Message>,
    rejected: Vec<RejectedRow>,
}

impl Orders<'_> {
    fn send(&mut self) {
        drop(self.to.blocking_send(Message::Orders(
            self.batch.take(),
            std::mem::take(&mut self.packed),
        )));
    }
}

impl OrderSink for Orders<'_> {
    fn order(&mut self, order: &Order<'_>) {
        let order = Order {
            file: self.file,
            ..*order
        };
        self.batch.push(next(self.next), &order);
        self.packed.push(&order);
        if self.batch.is_full() {
            self.send();
        }
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Collects the events of one file.
struct Events<'r> {
    file: FileId,
    batch: EventBatch,
    packed: PackedRows,
    next: &'r mut i64,
    to: &'r Sender<Message>,
    rejected: Vec<RejectedRow>,
}

impl Events<'_> {
    fn send(&mut self) {
        drop(self.to.blocking_send(Message::Events(
            self.batch.take(),
            std::mem::take(&mut self.packed),
        )));
    }
}

impl OrderEventSink for Events<'_> {
    fn event(&mut self, event: &OrderEvent<'_>) {
        let event = OrderEvent {
            file: self.file,
            ..*event
        };
        self.batch.push(next(self.next), &event);
        self.packed.push(&event);
        if self.batch.is_full() {
            self.send();
        }
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Collects the statements of one file.
struct Statements<'r> {
    file: FileId,
    current: StatementId,
    ids: &'r mut NextIds,
    to: &'r Sender<Message>,
    sums: Vec<(Money, bool)>,
    entries: u64,
    rejected_here: u64,
    waiting: Vec<StoredEntry>,
    complete: Vec<StoredStatement>,
    rejected: Vec<RejectedRow>,
    counts: RowCounts,
}

impl<'r> Statements<'r> {
    fn new(file: FileId, reading: &'r mut Reading) -> Self {
        let current = StatementId(next(&mut reading.ids.statement));
        Self {
            file,
            current,
            ids: &mut reading.ids,
            to: &reading.to,
            sums: Vec::new(),
            entries: 0,
            rejected_here: 0,
            waiting: Vec::new(),
            complete: Vec::new(),
            rejected: Vec::new(),
            counts: RowCounts::default(),
        }
    }

    fn send(&mut self) {
        if !self.waiting.is_empty() {
            drop(
                self.to
                    .blocking_send(Message::Entries(std::mem::take(&mut self.waiting))),
            );
        }
    }

    fn add(&mut self, amount: Amount, currency: Currency) {
        let credit = !amount.is_negative();
        let same = |(sum, is_credit): &&mut (Money, bool)| {
            sum.currency == currency && *is_credit == credit
        };
        match self.sums.iter_mut().find(same) {
            Some((sum, _)) => sum.amount += amount,
            None => self.sums.push((Money { amount, currency }, credit)),
        }
    }
}

impl StatementSink for Statements<'_> {
    fn entry(&mut self, entry: StatementEntry) {
        self.counts.accept();
        self.entries = self.entries.saturating_add(1);
        self.add(entry.amount, entry.currency);
        let number = next(&mut self.ids.entry);
        self.waiting.push(StoredEntry {
            number,
            statement: self.current,
            entry,
        });
        if self.waiting.len() >= ENTRIES_PER_BATCH {
            self.send();
        }
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.counts.reject();
        self.rejected_here = self.rejected_here.saturating_add(1);
        self.rejected.push(row);
    }

    fn statement(&mut self, statement: Statement) {
        let sum = |credit: bool| -> Amount {
            let own = self.sums.iter().filter(|(sum, is_credit)| {
                *is_credit == credit && statement.currency.is_none_or(|own| own == sum.currency)
            });
            own.map(|(sum, _)| sum.amount).sum()
        };
        self.complete.push(StoredStatement {
            number: self.current,
            file: self.file,
            entries: self.entries,
            credits: sum(true),
            debits: -sum(false),
            rejected: self.rejected_here,
            statement,
        });
        self.current = StatementId(next(&mut self.ids.statement));
        self.sums.clear();
        (self.entries, self.rejected_here) = (0, 0);
    }
}
