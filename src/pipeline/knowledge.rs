//! What is known on a night: the files that count, and what they add up to.
//!
//! The same questions are asked twice: of tonight, and of the recorded night that this one goes on
//! from, with what was known then. What differs between the two is what has to be looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use super::RunError;
use super::file_index::FileIndex;
use super::links::{LinkHistory, LinkedLines};
use crate::domain::calendar::plus_days;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::{FileId, FileStatus, InputContent, InputFile};
use crate::domain::link::{DecidedGroup, Links};
use crate::domain::outcome::ReportScope;
use crate::domain::payout::{BankEntry, MonthlyFee, Payout, UnassignedLines};
use crate::domain::settlement::{LineKind, Slice, SliceId};
use crate::domain::statement::{StoredEntry, StoredStatement};
use crate::domain::{Amount, Currency};
use crate::matching::balance::ReportedTotal;
use crate::matching::files::{CountingFiles, counting};
use crate::matching::orders::FileNames;
use crate::matching::payouts::PayoutItems;
use crate::matching::statements::{FileRank, counting_entries, statement_discrepancies};
use crate::storage::files::StoredFile;
use crate::storage::order_feeds::{self, OrderFeed};
use crate::storage::runs::{self, RecordedNight};
use crate::storage::seals::Stored;
use crate::storage::slices::FileTotal;
use crate::storage::{Db, StorageError};

/// Everything but the rows of leg 1.
pub(super) struct Knowledge {
    /// All files, by number.
    pub(super) files: Vec<InputFile>,
    /// The same with the places of their rows.
    pub(super) stored: Vec<StoredFile>,
    /// Their names.
    pub(super) index: FileIndex,
    /// All slices.
    pub(super) slices: HashMap<SliceId, Slice>,
    totals: Vec<FileTotal>,
    /// All statements.
    pub(super) statements: Vec<StoredStatement>,
    /// All entries.
    pub(super) entries: Vec<StoredEntry>,
    /// What files of orders tell of their feeds.
    pub(super) order_feeds: BTreeMap<FileId, OrderFeed>,
    /// The as-of date of the first recorded run.
    pub(super) first_recorded: Option<NaiveDate>,
    /// What people linked.
    links: LinkHistory,
}

/// A day to look from, and what is known then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewpoint {
    /// The as-of date.
    pub(super) day: NaiveDate,
    /// The last run whose files were known; `None`: all files are.
    pub(super) run: Option<i64>,
}

impl Viewpoint {
    /// A day, with all that is known by now.
    pub(super) fn today(day: NaiveDate) -> Self {
        Self { day, run: None }
    }

    /// A recorded night, as it was.
    pub(super) fn of(night: &RecordedNight) -> Self {
        Self {
            day: night.as_of,
            run: Some(night.run),
        }
    }

    fn knows(self, file: &InputFile) -> bool {
        let Some(run) = self.run else { return true };
        file.reported.is_some_and(|reported| reported.run <= run)
    }
}

/// What leg 3 compares.
#[derive(Debug, Default)]
pub(super) struct PayoutFacts {
    pub(super) payouts: Vec<Payout>,
    pub(super) unassigned: Vec<UnassignedLines>,
    pub(super) monthly_fees: Vec<MonthlyFee>,
    pub(super) entries: Vec<BankEntry>,
    pub(super) links: Vec<DecidedGroup>,
}

impl PayoutFacts {
    /// The same, as the matching room takes it.
    pub(super) fn items(&self) -> PayoutItems<'_> {
        PayoutItems {
            payouts: &self.payouts,
            unassigned: &self.unassigned,
            monthly_fees: &self.monthly_fees,
            entries: &self.entries,
            links: &self.links,
        }
    }
}

impl Knowledge {
    /// Reads everything but the rows of leg 1.
    pub(super) async fn read(db: &mut Db) -> Result<Self, RunError> {
        let known = Stored::read(db).await?;
        let files: Vec<InputFile> = known.files.iter().map(|it| it.file.clone()).collect();
        let by_number = known.slices.into_iter().map(|slice| (slice.id, slice));
        Ok(Self {
            index: FileIndex::of(&files),
            files,
            stored: known.files,
            slices: by_number.collect(),
            totals: known.totals,
            statements: known.statements,
            entries: known.entries,
            order_feeds: order_feeds::all(db).await?,
            first_recorded: runs::recorded(db).await?.first().map(|first| first.as_of),
            links: LinkHistory::read(db).await?,
        })
    }

    /// What people linked, seen from a viewpoint.
    pub(super) fn links(&self, from: Viewpoint) -> Links {
        self.links.seen_from(from)
    }

    /// Which order lines are of, by links.
    pub(super) fn linked_lines<'l>(&'l self, links: &'l Links) -> LinkedLines<'l> {
        LinkedLines {
            links,
            slices: &self.slices,
        }
    }

    /// The slice of a line.
    ///
    /// # Errors
    /// When it is not there: what is stored of a file is damaged.
    pub(super) fn slice(&self, id: SliceId) -> Result<&Slice, RunError> {
        self.slices.get(&id).ok_or_else(|| {
            RunError::Storage(StorageError::unexpected(
                "the slice of a line",
                id.0.to_string(),
            ))
        })
    }

    /// The files that count from a viewpoint.
    pub(super) fn counting(&self, from: Viewpoint) -> CountingFiles<'_> {
        counting(&self.files, from.day, &|file| from.knows(file))
    }

    /// The slices that count from a viewpoint, memo lines not among them, by number.
    pub(super) fn counting_slices(
        &self,
        from: Viewpoint,
        files: &CountingFiles<'_>,
    ) -> Vec<&Slice> {
        let counts = |slice: &&Slice| {
            files.counting.contains(&slice.file)
                && slice.report_date <= from.day
                && slice.kind != LineKind::Memo
        };
        self.slices_by_number().filter(counts).collect()
    }

    /// All slices, by number: nothing may depend on the order of hashing.
    pub(super) fn slices_by_number(&self) -> impl Iterator<Item = &Slice> {
        let mut ids: Vec<SliceId> = self.slices.keys().copied().collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|id| self.slices.get(&id))
    }

    /// What leg 3 compares from a viewpoint.
    pub(super) fn payout_facts(&self, from: Viewpoint, files: &CountingFiles<'_>) -> PayoutFacts {
        let links = self.links(from);
        PayoutFacts {
            entries: self.bank_entries(from),
            links: links.groups().to_vec(),
            ..self.sums_of(self.counting_slices(from, files), &links)
        }
    }

    /// What the lines that are reported within a range add up to, by payout.
    pub(super) fn payout_sums_within(
        &self,
        scope: ReportScope,
        files: &CountingFiles<'_>,
    ) -> PayoutFacts {
        let viewpoint = Viewpoint {
            day: scope.as_of,
            run: None,
        };
        let mut slices = self.counting_slices(viewpoint, files);
        slices.retain(|slice| scope.covers(slice.report_date));
        self.sums_of(slices, &self.links(viewpoint))
    }

    /// The payout of a slice's lines: what they name, else what a person linked their file to.
    pub(super) fn payout_of<'s>(&'s self, slice: &'s Slice, links: &'s Links) -> &'s str {
        if !slice.payout_reference.is_empty() {
            return &slice.payout_reference;
        }
        let linked = links.payout_of(&slice.provider, self.index.name(slice.file));
        linked.unwrap_or_default()
    }

    fn sums_of(&self, slices: Vec<&Slice>, links: &Links) -> PayoutFacts {
        let mut payouts: BTreeMap<(&str, &str, Currency), PayoutSum<'_>> = BTreeMap::new();
        let mut unassigned: BTreeMap<(&str, FileId, Currency), PayoutSum<'_>> = BTreeMap::new();
        let mut fees: BTreeMap<(&str, Currency, NaiveDate), Amount> = BTreeMap::new();
        for slice in slices {
            let (provider, reference) = (slice.provider.as_str(), self.payout_of(slice, links));
            let sum = if reference.is_empty() {
                unassigned
                    .entry((provider, slice.file, slice.currency))
                    .or_insert_with(|| PayoutSum::new(slice))
            } else {
                payouts
                    .entry((provider, reference, slice.currency))
                    .or_insert_with(|| PayoutSum::new(slice))
            };
            sum.add(slice);
            let month = month_end(slice.report_date);
            *fees.entry((provider, slice.currency, month)).or_default() += slice.fee;
        }
        let payout = |((provider, reference, currency), sum): (_, PayoutSum<'_>)| {
            self.payout(provider, reference, currency, &sum)
        };
        let unnamed =
            |((provider, file, currency), sum): ((&str, FileId, Currency), PayoutSum<'_>)| {
                UnassignedLines {
                    provider: provider.to_owned(),
                    file: self.index.name(file).to_owned(),
                    currency,
                    first: sum.first,
                    last: sum.last,
                    lines: sum.lines,
                    gross: sum.gross,
                    fee: sum.fee,
                }
            };
        let fee =
            |((provider, currency, month_end), fee): ((&str, Currency, NaiveDate), Amount)| {
                MonthlyFee {
                    provider: provider.to_owned(),
                    currency,
                    month_end,
                    fee,
                }
            };
        PayoutFacts {
            payouts: payouts.into_iter().map(payout).collect(),
            unassigned: unassigned.into_iter().map(unnamed).collect(),
            monthly_fees: fees.into_iter().map(fee).collect(),
            ..PayoutFacts::default()
        }
    }

    fn payout(
        &self,
        provider: &str,
        reference: &str,
        currency: Currency,
        sum: &PayoutSum<'_>,
    ) -> Payout {
        let mut merchants = sum.merchants.iter();
        let merchant = match (merchants.next(), merchants.next()) {
            (Some(only), None) => (*only).to_owned(),
            _ => String::new(),
        };
        let mut names: Vec<String> = sum
            .files
            .iter()
            .map(|file| self.index.name(*file).to_owned())
            .collect();
        names.sort_unstable();
        names.dedup();
        Payout {
            provider: provider.to_owned(),
            reference: reference.to_owned(),
            currency,
            first: sum.first,
            last: sum.last,
            lines: sum.lines,
            gross: sum.gross,
            refunds: sum.refunds,
            fee: sum.fee,
            merchant,
            files: names,
        }
    }

    /// The statements that are known from a viewpoint.
    fn known_statements(&self, from: Viewpoint) -> Vec<StoredStatement> {
        let known: BTreeSet<FileId> = self
            .files
            .iter()
            .filter(|file| from.knows(file))
            .map(|file| file.id)
            .collect();
        let statements = self
            .statements
            .iter()
            .filter(|stored| known.contains(&stored.file));
        statements.cloned().collect()
    }

    fn bank_entries(&self, from: Viewpoint) -> Vec<BankEntry> {
        let statements = self.known_statements(from);
        let known: BTreeSet<_> = statements.iter().map(|stored| stored.number).collect();
        let entries: Vec<StoredEntry> = self
            .entries
            .iter()
            .filter(|stored| known.contains(&stored.statement))
            .cloned()
            .collect();
        let mut counting = counting_entries(&statements, &entries, &|file| self.file_rank(file));
        counting.retain(|entry| entry.booked_on <= from.day);
        counting
    }

    /// `STATEMENT_GAP` and `STATEMENT_UNBALANCED`.
    pub(super) fn statement_discrepancies(
        &self,
        books_open: Option<NaiveDate>,
        as_of: NaiveDate,
    ) -> Vec<Discrepancy> {
        let rank = |file| self.file_rank(file);
        statement_discrepancies(&self.statements, &rank, books_open, as_of)
    }

    pub(super) fn file_rank(&self, file: FileId) -> FileRank<'_> {
        let at = self
            .files
            .binary_search_by_key(&file, |known| known.id)
            .ok();
        let nowhere = FileRank {
            file,
            received: NaiveDate::MIN,
            name: "",
        };
        at.and_then(|at| self.files.get(at))
            .map_or(nowhere, FileRank::from)
    }

    /// What the files that count report in a scope, for the balance.
    pub(super) fn totals(
        &self,
        scope: ReportScope,
        files: &CountingFiles<'_>,
    ) -> Vec<ReportedTotal> {
        let counts = |total: &&FileTotal| {
            let day = total.report_date;
            files.counting.contains(&total.file) && day <= scope.as_of && scope.covers(day)
        };
        let total = |total: &FileTotal| ReportedTotal {
            provider: total.provider.clone(),
            currency: total.currency,
            kind: total.kind,
            lines: total.lines,
            gross: total.gross,
            fee: total.fee,
        };
        self.totals.iter().filter(counts).map(total).collect()
    }

    /// The files whose rows of leg 1 have to be looked at when a night goes on from another:
    /// settlement files that began or ceased to count, and orders and events that are new.
    pub(super) fn changed_files(
        &self,
        before: Viewpoint,
        counting_before: &CountingFiles<'_>,
        counting_now: &CountingFiles<'_>,
    ) -> Vec<&StoredFile> {
        let changed = |stored: &&StoredFile| {
            let file = &stored.file;
            if file.status != FileStatus::Accepted {
                return false;
            }
            match file.kind.content() {
                InputContent::Lines => {
                    counting_before.counting.contains(&file.id)
                        != counting_now.counting.contains(&file.id)
                }
                InputContent::Orders | InputContent::OrderEvents | InputContent::ProviderEvents => {
                    !before.knows(file)
                }
                InputContent::Statements | InputContent::Decisions => false,
            }
        };
        self.stored.iter().filter(changed).collect()
    }
}

/// The last day of a day's month.
fn month_end(day: NaiveDate) -> NaiveDate {
    let next = if day.month() == 12 {
        NaiveDate::from_ymd_opt(day.year().saturating_add(1), 1, 1)
    } else {
        NaiveDate::from_ymd_opt(day.year(), day.month().saturating_add(1), 1)
    };
    next.map_or(day, |first| plus_days(first, -1))
}

/// A sum that grows slice by slice.
struct PayoutSum<'s> {
    first: NaiveDate,
    last: NaiveDate,
    lines: u64,
    gross: Amount,
    refunds: Amount,
    fee: Amount,
    merchants: BTreeSet<&'s str>,
    files: BTreeSet<FileId>,
}

impl<'s> PayoutSum<'s> {
    fn new(slice: &Slice) -> Self {
        Self {
            first: slice.report_date,
            last: slice.report_date,
            lines: 0,
            gross: Amount::ZERO,
            refunds: Amount::ZERO,
            fee: Amount::ZERO,
            merchants: BTreeSet::new(),
            files: BTreeSet::new(),
        }
    }

    fn add(&mut self, slice: &'s Slice) {
        self.first = self.first.min(slice.report_date);
        self.last = self.last.max(slice.report_date);
        self.lines = self.lines.saturating_add(slice.lines);
        self.gross += slice.gross;
        if slice.kind == LineKind::Cancellation {
            self.refunds += slice.gross;
        }
        self.fee += slice.fee;
        self.merchants.insert(&slice.merchant);
        self.files.insert(slice.file);
    }
}
