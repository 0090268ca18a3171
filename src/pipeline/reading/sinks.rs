//! The sinks of the readers: rows become batches on their way to the storing side.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasher;

use chrono::NaiveDate;
use serde::Serialize;
use tokio::sync::mpsc::Sender;

use super::{ENTRIES_PER_BATCH, FileRead, Message, NextIds, ROWS_PER_BATCH, Reading, count, next};
use crate::domain::file::{FileId, RejectedRow};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::provider_event::{BookingAction, ProviderEvent, Said};
use crate::domain::settlement::{LineKind, SettlementLine, Slice, SliceId};
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementSink, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency, Money};
use crate::facts::{FactBatch, PackedRows};
use crate::ingest::Rejected;
use crate::ingest::RowCounts;
use crate::ingest::orders::{OrderEventSink, OrderSink};
use crate::ingest::provider_events::ProviderEventSink;
use crate::ingest::settlement::{SettlementSink, SliceKey};
use crate::storage::facts::FactTable;
use crate::storage::slices::FileTotal;

/// Slices that are compared before their hash is asked.
const SLICES_TRIED: usize = 8;

/// Packed rows of one file on their way to the storing side.
pub(super) struct Outgoing<'r> {
    batch: FactBatch,
    to: &'r Sender<Message>,
}

impl<'r> Outgoing<'r> {
    fn of(read: &FileRead, table: FactTable, to: &'r Sender<Message>) -> Self {
        let file = &read.stored.file;
        let file_provider = match table {
            FactTable::Lines => file.provider.clone(),
            FactTable::Orders | FactTable::OrderEvents | FactTable::ProviderEvents => String::new(),
        };
        let batch = FactBatch {
            table,
            file: file.id,
            file_provider,
            rows: PackedRows::default(),
        };
        Self { batch, to }
    }

    fn push<T: Serialize>(&mut self, row: &T) {
        self.batch.rows.push(row);
        if self.batch.rows.len() >= ROWS_PER_BATCH {
            self.send();
        }
    }

    fn send(&mut self) {
        let full = FactBatch {
            rows: std::mem::take(&mut self.batch.rows),
            ..self.batch.clone()
        };
        // A listener that has gone has failed, and says why itself.
        drop(self.to.blocking_send(Message::Facts(full)));
    }
}

/// Collects the lines of one report.
pub(super) struct Lines<'r> {
    pub(super) provider: String,
    pub(super) file: FileId,
    pub(super) outgoing: Outgoing<'r>,
    pub(super) seen: i64,
    pub(super) ids: &'r mut NextIds,
    pub(super) slices: Vec<Slice>,
    /// Where slices are, by the hash of their key.
    pub(super) places: HashMap<u64, Vec<usize>>,
    pub(super) last: usize,
    pub(super) totals: BTreeMap<(Currency, NaiveDate, LineKind), (u64, Amount, Amount)>,
    pub(super) rejected: Rejected,
    /// Which of the lines are chargebacks, counted from 0.
    pub(super) chargebacks: Vec<i64>,
}

impl<'r> Lines<'r> {
    pub(super) fn new(reading: &'r mut Reading, read: &FileRead) -> Self {
        Self {
            provider: read.stored.file.provider.clone(),
            file: read.stored.file.id,
            outgoing: Outgoing::of(read, FactTable::Lines, &reading.to),
            seen: 0,
            ids: &mut reading.ids,
            slices: Vec::new(),
            places: HashMap::new(),
            last: 0,
            totals: BTreeMap::new(),
            rejected: Rejected::default(),
            chargebacks: Vec::new(),
        }
    }

    /// Sends the last lines and hands over what is known at the end, into the file.
    pub(super) fn finish(mut self, read: &mut FileRead) {
        self.outgoing.send();
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
        read.totals = self.totals.into_iter().map(total).collect();
        read.slices = self.slices;
        read.rejected = self.rejected.into_rows();
        read.chargebacks = self.chargebacks;
    }

    fn matches(slice: &Slice, key: &SliceKey<'_>) -> bool {
        slice.kind == key.kind
            && slice.part == key.part
            && slice.currency == key.currency
            && slice.report_date == key.report_date
            && slice.merchant == key.merchant
            && slice.payout_reference == key.payout_reference
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
        // Most reports have a few slices, of which the next line's is soon found.
        if let Some(at) = self
            .slices
            .iter()
            .take(SLICES_TRIED)
            .position(|slice| Self::matches(slice, key))
        {
            self.last = at;
            return self.slices.get(at).map_or(SliceId(0), |slice| slice.id);
        }
        let hash = self.places.hasher().hash_one(key);
        let places = self.places.entry(hash).or_default();
        let known = places.iter().copied().find(|at| {
            let slice = self.slices.get(*at);
            slice.is_some_and(|slice| Self::matches(slice, key))
        });
        self.last = known.unwrap_or_else(|| {
            places.push(self.slices.len());
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
        if slice.kind == LineKind::Chargeback {
            self.chargebacks.push(self.seen);
        }
        self.seen = self.seen.saturating_add(1);
        self.outgoing.push(line);
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Collects the rows of one file that are one fact each: orders, order events, provider events.
pub(super) struct Rows<'r> {
    pub(super) file: FileId,
    pub(super) outgoing: Outgoing<'r>,
    pub(super) rejected: Rejected,
    /// Transactions from which money was taken back.
    pub(super) returned: BTreeSet<String>,
    /// The providers of orders.
    pub(super) orders_of: BTreeSet<String>,
}

impl<'r> Rows<'r> {
    pub(super) fn new(read: &FileRead, table: FactTable, to: &'r Sender<Message>) -> Self {
        Self {
            file: read.stored.file.id,
            outgoing: Outgoing::of(read, table, to),
            rejected: Rejected::default(),
            returned: BTreeSet::new(),
            orders_of: BTreeSet::new(),
        }
    }

    /// Sends the last rows and hands over what is known at the end, into the file.
    pub(super) fn finish(mut self, read: &mut FileRead, counts: RowCounts) {
        self.outgoing.send();
        read.rejected = self.rejected.into_rows();
        read.returned = self.returned;
        read.orders_of = self.orders_of;
        count(&mut read.stored.file, counts);
    }
}

impl OrderSink for Rows<'_> {
    fn order(&mut self, order: &Order<'_>) {
        let file = self.file;
        if !self.orders_of.contains(order.provider) {
            self.orders_of.insert(order.provider.to_owned());
        }
        self.outgoing.push(&Order { file, ..*order });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

impl OrderEventSink for Rows<'_> {
    fn event(&mut self, event: &OrderEvent<'_>) {
        let file = self.file;
        self.outgoing.push(&OrderEvent { file, ..*event });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

impl ProviderEventSink for Rows<'_> {
    fn event(&mut self, event: &ProviderEvent<'_>) {
        let file = self.file;
        if let Said::Booking(booking) = event.said
            && booking.action == BookingAction::Cancelation
        {
            self.returned.insert(event.transaction_id.to_owned());
        }
        self.outgoing.push(&ProviderEvent { file, ..*event });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Collects the statements of one file.
pub(super) struct Statements<'r> {
    pub(super) file: FileId,
    pub(super) current: StatementId,
    pub(super) ids: &'r mut NextIds,
    pub(super) to: &'r Sender<Message>,
    pub(super) sums: Vec<(Money, bool)>,
    pub(super) entries: u64,
    pub(super) rejected_here: u64,
    pub(super) waiting: Vec<StoredEntry>,
    pub(super) complete: Vec<StoredStatement>,
    pub(super) rejected: Rejected,
    pub(super) counts: RowCounts,
}

impl<'r> Statements<'r> {
    pub(super) fn new(file: FileId, reading: &'r mut Reading) -> Self {
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
            rejected: Rejected::default(),
            counts: RowCounts::default(),
        }
    }

    pub(super) fn send(&mut self) {
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
