//! The storing side: what the reading thread sends becomes durable, each file in one transaction.

use std::collections::{BTreeSet, HashMap};

use tokio::sync::mpsc;

use super::Intake;
use super::jobs::is_taken;
use crate::domain::file::{FileStatus, InputFile};
use crate::domain::order::Order;
use crate::domain::packed::unpack;
use crate::ingest::inbox::{self, Entry};
use crate::matching;
use crate::pipeline::facts::{Facts, FactsMark};
use crate::pipeline::packed::PackedRows;
use crate::pipeline::plan::InputPlan;
use crate::pipeline::reading::{Batch, FileRead, Message, NextIds};
use crate::pipeline::{Progress, RunError};
use crate::storage::facts::{self, FactTable};
use crate::storage::files::KnownPath;
use crate::storage::{Db, chargebacks, files, slices, statements};

/// Rows of a night are kept in memory up to this size; beyond it they are read back.
const FACTS_BYTES_MAX: usize = 192 * 1024 * 1024;

/// The storing side.
pub(super) struct Storing<'d> {
    pub(super) db: &'d mut Db,
    pub(super) plans: &'d [InputPlan],
    pub(super) intake: Intake,
    /// True inside the transaction of a file.
    open: bool,
    /// Where the facts of the file at hand begin.
    mark: FactsMark,
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
        if let Ok((_, name)) = unpack::<(&str, &str)>(row)
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
    pub(super) fn new(db: &'d mut Db, plans: &'d [InputPlan], first: NextIds) -> Self {
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
            unread: Vec::new(),
            imported: None,
        };
        Self {
            db,
            plans,
            intake,
            open: false,
            mark,
            providers: NamedProviders::default(),
        }
    }

    pub(super) async fn run(
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

    pub(super) async fn begin(&mut self) -> Result<(), RunError> {
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
            let counting = matching::orders::latest(&versions);
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
                if let Ok(order) = unpack::<Order<'_>>(row) {
                    known.entry(order_key(&order)).or_default().push(&order);
                }
            })
            .await?;
        }
        Ok(known)
    }

    /// Ends a file: everything of it becomes durable, or only its identity and the reason.
    pub(super) async fn file(&mut self, read: FileRead) -> Result<(), RunError> {
        let accepted = read.stored.file.status == FileStatus::Accepted;
        if !accepted && self.open {
            self.db.rollback().await?;
            self.open = false;
            self.providers.forget();
        }
        if read.stored.file.status == FileStatus::Unread {
            self.account_for(read, accepted);
            return Ok(());
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
        log_file(file);
        if file.status == FileStatus::Unread {
            return self.intake.unread.push(read.stored.file);
        }
        let stays = !is_taken(file.status);
        let archive = self
            .plans
            .get(read.input)
            .and_then(|plan| plan.archive.clone());
        if let Some(archive) = archive.filter(|_| !stays)
            && let Some(path_key) = read.archived_as
            && let Entry::File(candidate) = inbox::examine(&read.path, true)
        {
            self.intake.to_archive.push((candidate, path_key, archive));
        }
        self.intake.files.push(read.stored);
    }
}

fn order_key(order: &Order<'_>) -> String {
    format!("{}\u{1f}{}", order.provider, order.order_reference)
}

pub(super) fn log_file(file: &InputFile) {
    match file.status {
        FileStatus::Refused => tracing::warn!(
            file.name = %file.name, kind = file.kind.word(), "refused: {} {}", file.name, file.reason
        ),
        FileStatus::Unread => tracing::warn!(
            file.name = %file.name, kind = file.kind.word(), "unread: {} {}", file.name, file.reason
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
