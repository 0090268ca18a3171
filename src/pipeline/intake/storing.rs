//! The storing side: what the reading thread sends becomes durable, each file in one transaction.

use std::collections::{BTreeSet, HashMap, HashSet};

use tokio::sync::mpsc;

use super::jobs::is_taken;
use super::storable;
use super::{Intake, Request};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::file::{FileId, FileStatus, InputFile};
use crate::domain::order::Order;
use crate::domain::packed::{Damage, unpack};
use crate::facts::{FactBatch, FactBuffer, FactWriter, Mark, PackedRows, lookup};
use crate::ingest::inbox::{self, Entry};
use crate::matching;
use crate::pipeline::plan::InputPlan;
use crate::pipeline::reading::{FileRead, Message};
use crate::pipeline::{Progress, RunError};
use crate::storage::facts::keys::key;
use crate::storage::facts::{self, FactTable};
use crate::storage::files::{KnownPath, RowRange};
use crate::storage::seals::{self, FileContent, Seal};
use crate::storage::{
    Db, StorageError, chargebacks, decisions, files, order_feeds, slices, statements,
};

/// Rows of a night are kept in memory up to this size; beyond it they are read back.
const FACTS_BYTES_MAX: usize = 192 * 1024 * 1024;

/// Orders that are compared with what is stored of them in one look-up.
const ORDERS_COMPARED: usize = 32_768;

/// Which transactions files are stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transactions {
    /// One a file.
    OneAFile,
    /// One for the first load of all.
    FirstLoad,
    /// That of somebody else, who reads damaged files again.
    Outer,
}

/// Where an order was rejected, by provider and reference.
type RejectedOrders = HashMap<(String, String), (FileId, u32)>;

/// The storing side.
pub(super) struct Storing<'d> {
    pub(super) db: &'d mut Db,
    pub(super) plans: &'d [InputPlan],
    /// With which decisions in files are judged.
    pub(super) judged_by: Option<(&'d Settings, RunClock)>,
    pub(super) intake: Intake,
    /// True inside the transaction of a file.
    open: bool,
    transactions: Transactions,
    writer: FactWriter,
    /// Seals the entries of the file at hand.
    entries: Seal,
    /// Where the facts of the file at hand begin in memory.
    mark: Mark,
    /// Orders of the file at hand that are not compared yet.
    orders: Option<FactBatch>,
    /// The references of its orders that are.
    compared: HashSet<u64>,
    /// The last rejected row of each order, by provider and reference; read when it is needed.
    rejected_orders: Option<RejectedOrders>,
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
    fn note(&mut self, row: &[u8]) -> Result<(), Damage> {
        let (_, name): (&str, &str) = unpack(row)?;
        if !self.kept.contains(name) && !self.fresh.contains(name) {
            self.fresh.insert(name.to_owned());
        }
        Ok(())
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
    pub(super) async fn new(
        db: &'d mut Db,
        request: &'d Request<'d>,
        is_again: bool,
    ) -> Result<Self, StorageError> {
        let buffer = FactBuffer::default();
        let mark = buffer.mark();
        let writer = FactWriter::begin(db).await?;
        let transactions = match (is_again, writer.is_first_load()) {
            (true, _) => Transactions::Outer,
            (false, true) => Transactions::FirstLoad,
            (false, false) => Transactions::OneAFile,
        };
        let intake = Intake {
            facts: Some(buffer),
            in_memory: BTreeSet::new(),
            from_nothing: writer.is_first_load(),
            first_row: writer.next_row(),
            files: Vec::new(),
            lines: 0,
            to_archive: Vec::new(),
            unread: Vec::new(),
            imported: None,
            unfetched: Vec::new(),
        };
        Ok(Self {
            db,
            plans: &request.plans,
            judged_by: request.judged_by,
            intake,
            open: false,
            transactions,
            writer,
            entries: Seal::default(),
            mark,
            orders: None,
            compared: HashSet::new(),
            rejected_orders: None,
            providers: NamedProviders::default(),
        })
    }

    /// Stores what comes until nothing more does. A first load is one transaction.
    pub(super) async fn run(
        mut self,
        mut from: mpsc::Receiver<Message>,
        progress: &dyn Progress,
    ) -> Result<Intake, RunError> {
        match self.transactions {
            Transactions::OneAFile => self.db.wait_for_disk(false).await?,
            Transactions::FirstLoad => self.db.begin_first_load().await?,
            Transactions::Outer => {}
        }
        while let Some(message) = from.recv().await {
            self.take(message, progress).await?;
        }
        match self.transactions {
            Transactions::OneAFile => {
                self.db.begin().await?;
                self.writer.finish(self.db).await?;
                self.db.commit().await?;
                self.db.wait_for_disk(true).await?;
            }
            Transactions::FirstLoad => {
                self.writer.finish(self.db).await?;
                self.db.commit_first_load().await?;
            }
            Transactions::Outer => self.writer.finish(self.db).await?,
        }
        Ok(self.intake)
    }

    async fn take(&mut self, message: Message, progress: &dyn Progress) -> Result<(), RunError> {
        match message {
            Message::Facts(batch) => {
                self.begin().await?;
                let is_compared = self.transactions == Transactions::OneAFile;
                if batch.table == FactTable::Orders && is_compared {
                    return self.compare(batch).await;
                }
                self.keep(batch).await?;
            }
            Message::Entries(mut entries) => {
                self.begin().await?;
                for entry in &mut entries {
                    storable::entry(entry);
                    self.entries.add("entry", entry);
                }
                statements::insert(self.db, &[], &entries).await?;
            }
            Message::Unchanged {
                path_key,
                known,
                heard_on,
                archive,
            } => {
                files::remember_path(self.db, &path_key, &known).await?;
                if let Some(day) = heard_on {
                    order_feeds::came_again(self.db, known.file, day).await?;
                }
                let to_archive = archive.map(|(candidate, to)| (candidate, path_key, to));
                self.intake.to_archive.extend(to_archive);
            }
            Message::File(read) => {
                let name = read.stored.file.name.clone();
                self.file(*read).await?;
                progress.file(&name);
            }
        }
        Ok(())
    }

    /// Begins what a file is stored in: a transaction, or a part of one.
    async fn begin(&mut self) -> Result<(), RunError> {
        if !self.open {
            match self.transactions {
                Transactions::OneAFile => self.db.begin().await?,
                Transactions::FirstLoad | Transactions::Outer => self.db.begin_part().await?,
            }
            self.open = true;
        }
        Ok(())
    }

    async fn end(&mut self, keep: bool) -> Result<(), RunError> {
        match (self.transactions, keep) {
            (Transactions::OneAFile, true) => self.db.commit().await?,
            (Transactions::OneAFile, false) => self.db.rollback().await?,
            (Transactions::FirstLoad | Transactions::Outer, true) => {
                self.db.keep_part().await?;
            }
            (Transactions::FirstLoad | Transactions::Outer, false) => {
                self.db.forget_part().await?;
            }
        }
        self.open = false;
        Ok(())
    }

    /// Stores rows, and keeps them for matching.
    async fn keep(&mut self, batch: FactBatch) -> Result<(), StorageError> {
        for row in batch.rows.bytes() {
            if let Some(facts) = &mut self.intake.facts {
                facts.append(batch.table, &batch.file_provider, row)?;
            }
            if batch.table != FactTable::Lines {
                self.providers.note(row)?;
            }
        }
        self.writer.add(self.db, batch).await
    }

    /// Takes orders that are to be compared with what is stored of them, many at a time.
    async fn compare(&mut self, batch: FactBatch) -> Result<(), RunError> {
        let waiting = match self.orders.take() {
            None => batch,
            Some(mut waiting) => {
                waiting.rows.extend(&batch.rows);
                waiting
            }
        };
        if waiting.rows.len() < ORDERS_COMPARED {
            self.orders = Some(waiting);
            return Ok(());
        }
        self.keep_changed(waiting).await
    }

    /// Shops export the same orders night after night: a row that says what the stored one says is
    /// not stored again. Behind another row of its order in the same file, each one is: A, B, A says
    /// A at last. So is the first one behind a rejected row of its order, which it settles.
    async fn keep_changed(&mut self, batch: FactBatch) -> Result<(), RunError> {
        let orders: Vec<Order<'_>> = batch.rows.all().map_err(StorageError::from)?;
        let references: BTreeSet<&str> = orders.iter().map(|order| order.order_reference).collect();
        let known = lookup::orders(self.db, &references).await?;
        self.note_rejected(None).await?;
        let rejected = self.rejected_orders.as_ref();
        let mut changed = PackedRows::default();
        for (order, row) in orders.iter().zip(batch.rows.bytes()) {
            let is_again = !self.compared.insert(key(order.order_reference));
            let of_order = (order.provider.to_owned(), order.order_reference.to_owned());
            let stored = known.get(&of_order).map(PackedRows::all).transpose();
            let stored: Vec<Order<'_>> = stored.map_err(StorageError::from)?.unwrap_or_default();
            let counting = matching::orders::latest(&stored);
            let rejected_at = rejected.and_then(|all| all.get(&of_order)).copied();
            let accepted_at = stored.iter().map(|it| (it.file, it.line)).max();
            let settles = rejected_at > accepted_at && rejected_at < Some((order.file, order.line));
            if is_again
                || settles
                || counting.is_none_or(|counting| !counting.says_the_same_as(order))
            {
                changed.append(row);
            }
        }
        let changed = FactBatch {
            rows: changed,
            ..batch
        };
        Ok(self.keep(changed).await?)
    }

    /// Knows which orders have rejected rows: those that are stored, and those of a file at hand.
    async fn note_rejected(&mut self, read: Option<&FileRead>) -> Result<(), StorageError> {
        let mut all = match self.rejected_orders.take() {
            Some(known) => known,
            None => files::rejected_orders(self.db).await?.into_iter().collect(),
        };
        let read = read.into_iter();
        let rows = read.flat_map(|read| read.rejected.iter().map(move |row| (read, row)));
        for (read, row) in rows {
            let order = (
                row.names.provider.clone(),
                row.names.order_reference.clone(),
            );
            all.insert(order, (read.stored.file.id, row.line));
        }
        self.rejected_orders = Some(all);
        Ok(())
    }

    /// Ends a file: everything of it becomes durable, or only its identity and the reason.
    pub(super) async fn file(&mut self, mut read: FileRead) -> Result<(), RunError> {
        let decided = self.judge(&mut read).await?;
        storable::file(&mut read);
        let accepted = read.stored.file.status == FileStatus::Accepted;
        if !accepted && self.open {
            self.end(false).await?;
            self.providers.forget();
            self.writer.forget_file();
            self.orders = None;
            self.compared.clear();
            self.entries = Seal::default();
        }
        if read.stored.file.status == FileStatus::Unread {
            self.account_for(read, accepted);
            return Ok(());
        }
        self.begin().await?;
        if let Some(orders) = self.orders.take() {
            self.note_rejected(Some(&read)).await?;
            self.keep_changed(orders).await?;
        }
        self.compared.clear();
        let rows = self.writer.finish_file(self.db).await?;
        read.stored.rows = rows.or(read.stored.rows);
        self.store_end(&read, rows).await?;
        decisions::insert(self.db, &decided).await?;
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
        self.end(true).await?;
        self.providers.keep();
        self.account_for(read, accepted);
        Ok(())
    }

    /// Stores what is known only at the end of a file, and seals it.
    async fn store_end(
        &mut self,
        read: &FileRead,
        rows: Option<RowRange>,
    ) -> Result<(), StorageError> {
        files::insert(self.db, &read.stored).await?;
        if read.stored.file.status == FileStatus::Accepted {
            files::insert_rejected(self.db, read.stored.file.id, &read.rejected).await?;
            slices::insert(self.db, &read.slices).await?;
            slices::insert_totals(self.db, &read.totals).await?;
            let returned = read.returned.iter().map(String::as_str);
            let first = rows.map_or(0, |rows| rows.first);
            let lines = read.chargebacks.iter().map(|at| first.saturating_add(*at));
            chargebacks::insert(self.db, lines, returned).await?;
            facts::remember_providers(self.db, &self.providers.fresh()).await?;
            statements::insert(self.db, &read.statements, &[]).await?;
            if !read.orders_of.is_empty() {
                order_feeds::insert(self.db, read.stored.file.id, &read.orders_of).await?;
            }
        }
        let content = FileContent {
            stored: &read.stored,
            slices: &read.slices,
            totals: &read.totals,
            statements: &read.statements,
            chargebacks: &read.chargebacks,
            rejected: &read.rejected,
        };
        seals::seal(self.db, content, std::mem::take(&mut self.entries)).await
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
            // What took its place since it was read waits for the next run.
            && (path_key != read.path_key || candidate.stamp == read.stamp)
        {
            self.intake.to_archive.push((candidate, path_key, archive));
        }
        self.intake.files.push(read.stored);
    }
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
