//! Reading what is new: one thread reads, this one stores, each file in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use tokio::sync::mpsc;

use super::facts::{Facts, FactsMark};
use super::file_index::FileIndex;
use super::imports::{self, Imports};
use super::packed::PackedRows;
use super::plan::InputPlan;
use super::reading::{Batch, Before, FileRead, Job, Message, NextIds, Reading};
use super::{Progress, RunError};
use crate::domain::file::{FileId, FileStatus};
use crate::domain::order::Order;
use crate::domain::packed::unpack;
use crate::ingest::inbox::{self, Candidate};
use crate::matching;
use crate::storage::facts::{self, FactTable};
use crate::storage::files::{KnownPath, StoredFile};
use crate::storage::{Db, chargebacks, files, slices, statements};

/// Batches that may wait for the storing side: what is read while the database copies its log.
const BATCHES_WAITING: usize = 24;

/// Rows of a night are kept in memory up to this size; beyond it they are read back.
const FACTS_BYTES_MAX: usize = 192 * 1024 * 1024;

/// What reading brought.
#[derive(Debug)]
pub(super) struct Intake {
    /// The rows of tonight's files, as long as they fit into memory.
    pub(super) facts: Option<Facts>,
    /// The files whose rows `facts` holds.
    pub(super) in_memory: BTreeSet<FileId>,
    /// True when nothing had been stored before: then `facts`, where it is there, is everything.
    pub(super) from_nothing: bool,
    /// The numbers below which rows were stored by earlier runs.
    pub(super) first: NextIds,
    /// Files read.
    pub(super) files: Vec<StoredFile>,
    /// Settlement lines stored.
    pub(super) lines: u64,
    /// What is to be archived once the run is recorded.
    pub(super) to_archive: Vec<ToArchive>,
    /// Places of the configuration that do not exist.
    pub(super) missing_places: Vec<String>,
    /// Holds the files that queries gave until they are archived.
    pub(super) imported: Option<tempfile::TempDir>,
}

/// A path as it is remembered: relative to the configuration where it lies below it, so that a
/// folder can be moved as a whole.
fn path_key(path: &Path, base: &Path) -> String {
    inbox::written(path.strip_prefix(base).unwrap_or(path).as_os_str())
}

fn is_taken(status: FileStatus) -> bool {
    matches!(status, FileStatus::Accepted | FileStatus::Duplicate)
}

/// What is known of files and paths before anything is read.
struct Known {
    paths: BTreeMap<String, KnownPath>,
    files: HashMap<FileId, (FileStatus, String)>,
}

/// How a candidate stands to what is known of its path.
enum Standing {
    /// Its bytes are stored, or were not taken under the same settings: nothing to do.
    Unchanged,
    /// It was read before, but may hold other bytes now.
    Touched(Before),
    /// It has to be read.
    New,
}

impl Known {
    /// True for a path whose bytes are stored.
    fn is_taken(&self, path_key: &str) -> bool {
        let known = self.paths.get(path_key);
        let file = known.and_then(|known| self.files.get(&known.file));
        file.is_some_and(|(status, _)| is_taken(*status))
    }

    fn standing(&self, path_key: &str, stamp: &str, fingerprint: &str) -> Standing {
        let Some(known) = self.paths.get(path_key) else {
            return Standing::New;
        };
        let Some((status, sha256)) = self.files.get(&known.file) else {
            return Standing::New;
        };
        // What was not taken is looked at again when the settings have changed.
        if !is_taken(*status) && known.settings != fingerprint {
            Standing::New
        } else if known.stamp == stamp {
            Standing::Unchanged
        } else {
            Standing::Touched(Before {
                file: known.file,
                sha256: sha256.clone(),
            })
        }
    }
}

/// A file that is to be archived: where it is, how it is remembered, where to.
pub(super) type ToArchive = (Candidate, String, std::path::PathBuf);

/// What the inputs hold.
#[derive(Default)]
struct Found {
    /// What is new.
    jobs: Vec<Job>,
    /// Places of the configuration that do not exist.
    missing: Vec<String>,
    /// What an earlier run stored and could not archive, or was not to.
    to_archive: Vec<ToArchive>,
}

/// Lists what all inputs hold and is not known unchanged.
fn new_jobs(plans: &[InputPlan], base: &Path, known: &Known) -> Result<Found, RunError> {
    let mut jobs: BTreeMap<(String, String), Job> = BTreeMap::new();
    let mut stored: BTreeMap<String, ToArchive> = BTreeMap::new();
    let mut missing = Vec::new();
    for (input, plan) in plans.iter().enumerate() {
        if !inbox::exists(&plan.place) {
            missing.push(plan.written.clone());
            continue;
        }
        let found = inbox::list(&plan.place)
            .map_err(|refusal| RunError::Input(format!("{}: {refusal}", plan.written)))?;
        for candidate in found {
            let path_key = path_key(&candidate.path, base);
            let before = match known.standing(&path_key, &candidate.stamp, &plan.fingerprint) {
                Standing::Unchanged => {
                    let archive = plan.archive.clone().filter(|_| known.is_taken(&path_key));
                    stored.extend(archive.map(|to| (path_key.clone(), (candidate, path_key, to))));
                    continue;
                }
                Standing::Touched(before) => Some(before),
                Standing::New => None,
            };
            let key = (candidate.name.clone(), path_key.clone());
            let job = jobs.entry(key).or_insert_with(|| Job {
                candidate,
                path_key,
                inputs: Vec::new(),
                before,
                import: None,
            });
            job.inputs.push(input);
        }
    }
    Ok(Found {
        jobs: jobs.into_values().collect(),
        missing,
        to_archive: stored.into_values().collect(),
    })
}

/// The files that a person names, each with the input that its kind has.
fn named_jobs(
    paths: &[std::path::PathBuf],
    base: &Path,
    known: &Known,
) -> Result<Vec<Job>, RunError> {
    let mut jobs = Vec::new();
    for path in paths {
        let candidate = inbox::candidate(path, true)
            .ok_or_else(|| RunError::Input(format!("{}: there is no such file", path.display())))?;
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let path_key = path_key(&absolute, base);
        let before = match known.standing(&path_key, &candidate.stamp, "") {
            Standing::Unchanged => continue,
            Standing::Touched(before) => Some(before),
            Standing::New => None,
        };
        jobs.push(Job {
            candidate,
            path_key,
            inputs: vec![0],
            before,
            import: None,
        });
    }
    jobs.sort_by(|a, b| (&a.candidate.name, &a.path_key).cmp(&(&b.candidate.name, &b.path_key)));
    Ok(jobs)
}

/// What is to be read.
pub(super) struct Request<'r> {
    /// The inputs.
    pub(super) plans: Vec<InputPlan>,
    /// Files named by a person, for the only plan; else what the inputs hold is read.
    pub(super) named: Option<&'r [std::path::PathBuf]>,
    /// The folder of the configuration.
    pub(super) base: &'r Path,
    /// The day the run looks from.
    pub(super) as_of: NaiveDate,
}

/// Reads and stores what is new.
pub(super) async fn read_all(
    db: &mut Db,
    request: Request<'_>,
    progress: &dyn Progress,
) -> Result<Intake, RunError> {
    let known_files = files::all(db).await?;
    let of_file = |stored: &StoredFile| {
        (
            stored.file.id,
            (stored.file.status, stored.file.sha256.clone()),
        )
    };
    let known = Known {
        paths: files::paths(db).await?,
        files: known_files.iter().map(of_file).collect(),
    };
    let Found {
        mut jobs,
        missing,
        to_archive,
    } = match request.named {
        Some(paths) => Found {
            jobs: named_jobs(paths, request.base, &known)?,
            ..Found::default()
        },
        None => new_jobs(&request.plans, request.base, &known)?,
    };
    let imports = match request.named {
        Some(_) => Imports::default(),
        None => imports::ask_all(&request.plans, &known.paths, &known_files).await?,
    };
    jobs.extend(imports.jobs);
    jobs.sort_by(|a, b| (&a.candidate.name, &a.path_key).cmp(&(&b.candidate.name, &b.path_key)));
    let first = next_ids(db, &known_files).await?;
    let (to, from) = mpsc::channel(BATCHES_WAITING);
    let mut reading = Reading {
        plans: request.plans.clone(),
        as_of: request.as_of,
        ids: first,
        stored: HashMap::new(),
        to,
    };
    for stored in &known_files {
        reading.remember(&stored.file);
    }
    progress.begin(jobs.iter().map(|job| job.candidate.size_bytes).sum());
    let mut index = FileIndex::new(request.as_of);
    for stored in &known_files {
        index.add(&stored.file);
    }
    let reader = std::thread::Builder::new()
        .name("reading".to_owned())
        .spawn(move || reading.run(&jobs))
        .map_err(|error| RunError::Input(format!("no thread can be started ({error})")))?;
    let mut storing = Storing::new(db, &request.plans, first, index);
    storing.db.wait_for_disk(false).await?;
    let stored = storing.run(from, progress).await;
    if reader.join().is_err() {
        return Err(RunError::Input(
            "the reading thread ended before its time".to_owned(),
        ));
    }
    stored?;
    storing.db.wait_for_disk(true).await?;
    progress.end();
    let mut intake = storing.intake;
    intake.missing_places = missing;
    intake.to_archive.extend(to_archive);
    intake.imported = imports.folder;
    Ok(intake)
}

async fn next_ids(db: &mut Db, known: &[StoredFile]) -> Result<NextIds, RunError> {
    let (statement, entry) = statements::last_ids(db).await?;
    let last_file = known
        .iter()
        .map(|stored| stored.file.id.0)
        .max()
        .unwrap_or(0);
    let args = db.args();
    let last_slice = db
        .number("counting slices", "SELECT MAX(id) FROM slices", args)
        .await?;
    let last = NextIds {
        file: last_file,
        slice: last_slice,
        line: facts::last_id(db, FactTable::Lines).await?,
        order: facts::last_id(db, FactTable::Orders).await?,
        event: facts::last_id(db, FactTable::OrderEvents).await?,
        provider_event: facts::last_id(db, FactTable::ProviderEvents).await?,
        statement,
        entry,
    };
    let next = |id: i64| id.saturating_add(1);
    Ok(NextIds {
        file: next(last.file),
        slice: next(last.slice),
        line: next(last.line),
        order: next(last.order),
        event: next(last.event),
        provider_event: next(last.provider_event),
        statement: next(last.statement),
        entry: next(last.entry),
    })
}

/// The storing side.
struct Storing<'d> {
    db: &'d mut Db,
    plans: &'d [InputPlan],
    intake: Intake,
    /// True inside the transaction of a file.
    open: bool,
    /// Where the facts of the file at hand begin.
    mark: FactsMark,
    /// Which file was received when.
    index: FileIndex,
    /// The providers that orders and events name.
    providers: NamedProviders,
}

/// Names of providers whose orders or events are stored, those of the file at hand apart until it is accepted.
#[derive(Debug, Default)]
struct NamedProviders {
    kept: BTreeSet<String>,
    fresh: BTreeSet<String>,
}

impl NamedProviders {
    /// Notes the provider of a packed order or event: its second field.
    fn note(&mut self, row: &[u8]) {
        if let Some((_, name)) = unpack::<(&str, &str)>(row)
            && !self.kept.contains(name)
            && !self.fresh.contains(name)
        {
            self.fresh.insert(name.to_owned());
        }
    }

    fn fresh(&self) -> Vec<&str> {
        self.fresh.iter().map(String::as_str).collect()
    }

    fn keep(&mut self) {
        self.kept.append(&mut self.fresh);
    }

    fn forget(&mut self) {
        self.fresh.clear();
    }
}

impl<'d> Storing<'d> {
    fn new(db: &'d mut Db, plans: &'d [InputPlan], first: NextIds, index: FileIndex) -> Self {
        let facts = Facts::default();
        let mark = facts.mark();
        let intake = Intake {
            facts: Some(facts),
            in_memory: BTreeSet::new(),
            from_nothing: first.is_first(),
            first,
            files: Vec::new(),
            lines: 0,
            to_archive: Vec::new(),
            missing_places: Vec::new(),
            imported: None,
        };
        Self {
            db,
            plans,
            intake,
            open: false,
            mark,
            index,
            providers: NamedProviders::default(),
        }
    }

    async fn run(
        &mut self,
        mut from: mpsc::Receiver<Message>,
        progress: &dyn Progress,
    ) -> Result<(), RunError> {
        while let Some(message) = from.recv().await {
            match message {
                Message::Lines { input, batch } => {
                    self.begin().await?;
                    let provider = self.plans.get(input).map_or("", |plan| &plan.provider);
                    // Kept while the database stores those before.
                    let rows = batch.numbers().zip(batch.rows.bytes()).inspect(|(_, row)| {
                        if let Some(facts) = &mut self.intake.facts {
                            facts.append_line(provider, row);
                        }
                    });
                    facts::insert(self.db, FactTable::Lines, rows).await?;
                }
                Message::Orders(batch) => {
                    self.begin().await?;
                    self.orders(batch).await?;
                }
                Message::Events(batch) => {
                    self.begin().await?;
                    for row in batch.rows.bytes() {
                        if let Some(facts) = &mut self.intake.facts {
                            facts.append_event(row);
                        }
                        self.providers.note(row);
                    }
                    let rows = batch.numbers().zip(batch.rows.bytes());
                    facts::insert(self.db, FactTable::OrderEvents, rows).await?;
                }
                Message::ProviderEvents(batch) => {
                    self.begin().await?;
                    for row in batch.rows.bytes() {
                        if let Some(facts) = &mut self.intake.facts {
                            facts.append_provider_event(row);
                        }
                        self.providers.note(row);
                    }
                    let rows = batch.numbers().zip(batch.rows.bytes());
                    facts::insert(self.db, FactTable::ProviderEvents, rows).await?;
                }
                Message::Entries(entries) => {
                    self.begin().await?;
                    statements::insert(self.db, &[], &entries).await?;
                }
                Message::Unchanged { path_key, known } => {
                    files::remember_path(self.db, &path_key, &known).await?;
                }
                Message::File(read) => {
                    let name = read.stored.file.name.clone();
                    self.file(*read).await?;
                    progress.file(&name);
                }
            }
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), RunError> {
        if !self.open {
            self.db.begin().await?;
            self.open = true;
        }
        Ok(())
    }

    /// Stores orders. Shops export the same orders night after night: a row that says what the
    /// stored one says is not stored again.
    async fn orders(&mut self, batch: Batch) -> Result<(), RunError> {
        let kept = if self.intake.first.order == 1 {
            None
        } else {
            Some(self.changed_orders(&batch.rows).await?)
        };
        let numbered = batch.numbers().zip(batch.rows.bytes()).enumerate();
        let fresh = numbered.filter(|(at, _)| {
            kept.as_ref()
                .is_none_or(|kept| kept.get(*at).is_some_and(|kept| *kept))
        });
        let fresh = fresh.map(|(_, row)| row).inspect(|(_, row)| {
            if let Some(facts) = &mut self.intake.facts {
                facts.append_order(row);
            }
            self.providers.note(row);
        });
        Ok(facts::insert(self.db, FactTable::Orders, fresh).await?)
    }

    /// For each row: whether it says something else than what is stored.
    async fn changed_orders(&mut self, rows: &PackedRows) -> Result<Vec<bool>, RunError> {
        let known = self.known_orders(rows).await?;
        let changed = |order: Order<'_>| {
            let versions: Vec<Order<'_>> = known
                .get(&order_key(&order))
                .into_iter()
                .flat_map(PackedRows::iter)
                .collect();
            let counting = matching::orders::latest(&versions, &self.index);
            counting.is_none_or(|counting| !counting.says_the_same_as(&order))
        };
        Ok(rows.iter::<Order<'_>>().map(changed).collect())
    }

    /// All stored rows of some orders.
    async fn known_orders(
        &mut self,
        rows: &PackedRows,
    ) -> Result<HashMap<String, PackedRows>, RunError> {
        let references: Vec<&str> = rows
            .iter::<Order<'_>>()
            .map(|order| order.order_reference)
            .collect();
        let mut known: HashMap<String, PackedRows> = HashMap::new();
        for chunk in references.chunks(crate::storage::db::KEYS_PER_LOOKUP) {
            facts::of_references(self.db, FactTable::Orders, chunk, i64::MAX, |row| {
                if let Some(order) = unpack::<Order<'_>>(row) {
                    known.entry(order_key(&order)).or_default().push(&order);
                }
            })
            .await?;
        }
        Ok(known)
    }

    /// Ends a file: everything of it becomes durable, or only its identity and the reason.
    async fn file(&mut self, read: FileRead) -> Result<(), RunError> {
        let accepted = read.stored.file.status == FileStatus::Accepted;
        if !accepted && self.open {
            self.db.rollback().await?;
            self.open = false;
            self.providers.forget();
        }
        self.begin().await?;
        files::insert(self.db, &read.stored).await?;
        if accepted {
            files::insert_rejected(self.db, read.stored.file.id, &read.rejected).await?;
            slices::insert(self.db, &read.slices).await?;
            slices::insert_totals(self.db, &read.totals).await?;
            let returned = read.returned.iter().map(String::as_str);
            chargebacks::insert(self.db, &read.chargebacks, returned).await?;
            facts::remember_providers(self.db, &self.providers.fresh()).await?;
            statements::insert(self.db, &read.statements, &[]).await?;
        }
        let known = KnownPath {
            stamp: read.stamp.clone(),
            settings: read.settings.clone(),
            file: read.stored.file.id,
        };
        files::remember_path(self.db, &read.path_key, &known).await?;
        let is_archived = |plan: &InputPlan| plan.archive.is_some();
        if let Some(path) = read.archived_as.as_ref().filter(|_| accepted)
            && *path != read.path_key
            && self.plans.get(read.input).is_some_and(is_archived)
        {
            files::remember_path(self.db, path, &known).await?;
        }
        self.db.commit().await?;
        self.open = false;
        self.providers.keep();
        self.account_for(read, accepted);
        Ok(())
    }

    fn account_for(&mut self, read: FileRead, accepted: bool) {
        let file = &read.stored.file;
        if let Some(facts) = &mut self.intake.facts {
            if accepted {
                self.intake.in_memory.insert(file.id);
            } else {
                facts.forget_behind(self.mark);
            }
            self.mark = facts.mark();
        }
        if self
            .intake
            .facts
            .as_ref()
            .is_some_and(|facts| facts.size_bytes() > FACTS_BYTES_MAX)
        {
            self.intake.facts = None;
            self.intake.in_memory.clear();
        }
        if accepted && file.kind.reports_settlement() {
            let lines: u64 = read.slices.iter().map(|slice| slice.lines).sum();
            self.intake.lines = self.intake.lines.saturating_add(lines);
        }
        self.index.add(file);
        log_file(file);
        let stays = !is_taken(file.status);
        let archive = self
            .plans
            .get(read.input)
            .and_then(|plan| plan.archive.clone());
        if let Some(archive) = archive.filter(|_| !stays)
            && let Some(path_key) = read.archived_as
            && let Some(candidate) = inbox::candidate(&read.path, true)
        {
            self.intake.to_archive.push((candidate, path_key, archive));
        }
        self.intake.files.push(read.stored);
    }
}

fn order_key(order: &Order<'_>) -> String {
    format!("{}\u{1f}{}", order.provider, order.order_reference)
}

fn log_file(file: &crate::domain::file::InputFile) {
    match file.status {
        FileStatus::Refused => tracing::warn!(
            file.name = %file.name, kind = file.kind.word(), "refused: {} {}", file.name, file.reason
        ),
        FileStatus::Accepted if file.rejected > 0 => tracing::warn!(
            file.name = %file.name, accepted = file.accepted, rejected = file.rejected,
            "read {}, some rows rejected", file.name
        ),
        FileStatus::Accepted => tracing::debug!(
            file.name = %file.name, accepted = file.accepted, "read {}", file.name
        ),
        FileStatus::Duplicate => tracing::info!(
            file.name = %file.name, "{} has the same bytes as {}", file.name, file.reason
        ),
        FileStatus::Ignored => tracing::info!(
            file.name = %file.name, "ignored {}: {}", file.name, file.reason
        ),
    }
}
