//! The journal of what was reconciled, for accounting programs.
//!
//! It is seen from the latest recorded night: which files count and what each bank entry pays is
//! what that night said. All entries since the first one are composed and numbered, and those of the
//! days asked for are kept; so the exports of consecutive days are the export of all of them in
//! pieces, with the same numbers. Lines are read from the database only for the days asked for; what
//! came before is added up from slices.
//!
//! Before anything is written, the receivable of each provider must have exactly the balance
//! table's open items: not received, pending, carried over and unassigned, and what is missing of
//! mismatched payouts; what was written off of it by decision stands beside that.

#[cfg(test)]
mod tests;
mod wish;
mod write_offs;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::config::Settings;
use crate::domain::accounts::{AccountRole, Detail, ExportFormat};
use crate::domain::language::Wording;
use crate::domain::link::Links;
use crate::domain::outcome::BalanceRow;
use crate::domain::outcome::ReportScope;
use crate::domain::packed::unpack;
use crate::domain::payout::{PayoutOutcome, PayoutState};
use crate::domain::rules::Rules;
use crate::domain::settlement::{SettlementLine, Slice, SliceId};
use crate::domain::{Amount, Currency};
use crate::export::compose::{self, Party, Reported, Settled};
use crate::export::model::{Entry, EntryKind, Journal, Source};
use crate::export::{file_name, render};
use crate::matching::balance::{PlacedSum, balance};
use crate::matching::orders::FileNames;
use crate::matching::payouts::{Booking, Purpose, reconcile_bookings};
use crate::pipeline::RunError;
use crate::pipeline::coverage::covered;
use crate::pipeline::inquiry::{no_night, open};
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::links::order_of;
use crate::storage::facts::blocks;
use crate::storage::{DatabaseLocation, Db, runs};

pub use wish::ExportWish;

/// A journal in a format.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    journal: Journal,
    format: ExportFormat,
}

impl Exported {
    /// How many entries it has.
    pub fn entries(&self) -> usize {
        self.journal.entries.len()
    }

    /// The night that it is seen from.
    pub fn as_of(&self) -> NaiveDate {
        self.journal.as_of
    }

    /// The name that its format has for the file.
    ///
    /// # Errors
    /// When a setting for the name is missing.
    pub fn file_name(&self, settings: &Settings) -> Result<String, RunError> {
        file_name(self.format, &self.journal, &settings.accounts)
            .map_err(|error| RunError::Setting(error.to_string()))
    }
}

/// The entries from `from` to `to`, both included, in a format.
///
/// # Errors
/// When no night is recorded, the database fails, the journal contradicts the balance, or the
/// format cannot take it.
pub async fn export(
    settings: &Settings,
    location: &DatabaseLocation,
    wish: ExportWish<'_>,
) -> Result<Exported, RunError> {
    let journal = journal(settings, location, wish).await?;
    let bytes = render(wish.format, &journal, &settings.accounts)
        .map_err(|error| RunError::Setting(error.to_string()))?;
    Ok(Exported {
        bytes,
        journal,
        format: wish.format,
    })
}

async fn journal(
    settings: &Settings,
    location: &DatabaseLocation,
    wish: ExportWish<'_>,
) -> Result<Journal, RunError> {
    let days = wish.days;
    let mut db = open(location).await?;
    let night = runs::latest(&mut db).await?.ok_or_else(no_night)?;
    let day = night.as_of;
    let rules = &settings.rules;
    let knowledge = Knowledge::read(&mut db).await?;
    let viewpoint = Viewpoint { day, run: None };
    let files = knowledge.counting(viewpoint);
    let facts = knowledge.payout_facts(viewpoint, &files);
    let covered = covered(&knowledge, rules, day, false);
    let (outcome, bookings) = reconcile_bookings(&facts.items(), rules, &covered);
    let scope = ReportScope {
        as_of: day,
        range: None,
    };
    let totals = knowledge.totals(scope, &files);
    let balance = balance(
        &totals,
        outcome.payouts.iter().map(PlacedSum::from),
        &facts.unassigned,
        rules,
    );

    let reader = LineReader {
        settings,
        knowledge: &knowledge,
        slices: knowledge.counting_slices(viewpoint, &files),
        links: knowledge.links(viewpoint),
        days,
    };
    let reported = reader.read(&mut db).await?;
    let written_off = write_offs::read(&mut db, day, settings.wording).await?;
    db.close().await?;
    let mut entries = entries(reported.values(), &bookings, settings.wording);
    entries.extend(written_off);
    check(&entries, &balance, &outcome.payouts)?;
    wish.choose(&mut entries, &settings.accounts.companies)?;
    Ok(Journal::of_days(entries, days, day))
}

fn party(provider: &str, wording: Wording) -> Party<'_> {
    Party {
        provider,
        name: wording.provider(provider),
    }
}

/// All entries there are.
fn entries<'r>(
    reported: impl Iterator<Item = &'r Reported<'r>>,
    bookings: &[Booking],
    wording: Wording,
) -> Vec<Entry> {
    let lines = reported.flat_map(compose::reported);
    let booked = bookings.iter().flat_map(|one| booked(one, wording));
    lines.chain(booked).collect()
}

/// The entries of bank entries that belong together.
fn booked(booking: &Booking, wording: Wording) -> Vec<Entry> {
    let party = |provider| party(provider, wording);
    let entries = &booking.entries;
    let (party, settling) = match &booking.purpose {
        Purpose::Payouts {
            payouts,
            since,
            rest,
        } => {
            let first = payouts.first().map_or("", |it| it.payout.provider.as_str());
            let (party, since) = (party(first), *since);
            let rest = rest.as_deref();
            let settled = Settled {
                payouts,
                since,
                rest,
            };
            (party, compose::settled(party, settled, entries))
        }
        Purpose::Commission {
            provider,
            rest,
            since,
        } => {
            let party = party(provider);
            let decided = (rest.as_ref(), *since);
            (party, compose::commission_debited(party, decided, entries))
        }
        Purpose::Elsewhere {
            provider,
            account,
            since,
        } => {
            let party = party(provider);
            let to = (account.as_str(), *since);
            (party, compose::elsewhere(party, to, entries))
        }
        Purpose::Unexplained { provider } => (party(provider), None),
    };
    let banked = entries
        .iter()
        .filter_map(|entry| compose::booked(party, entry, entries));
    banked.chain(settling).collect()
}

/// What an entry of the journal stands for: a slice, or one line of it.
type Key = (SliceId, Option<u32>);

/// Brings slices together with their lines.
struct LineReader<'r> {
    settings: &'r Settings,
    knowledge: &'r Knowledge,
    /// Those that count, by number.
    slices: Vec<&'r Slice>,
    /// What people linked.
    links: Links,
    days: (NaiveDate, NaiveDate),
}

impl<'r> LineReader<'r> {
    async fn read(&self, db: &mut Db) -> Result<BTreeMap<Key, Reported<'r>>, RunError> {
        let by_line = self.settings.accounts.detail == Detail::Line;
        let mut reported: BTreeMap<Key, Reported<'r>> = BTreeMap::new();
        let mut wanted: BTreeMap<SliceId, &'r Slice> = BTreeMap::new();
        for slice in &self.slices {
            if by_line || self.is_asked_for(slice) {
                wanted.insert(slice.id, slice);
            } else {
                let mut whole = self.empty(slice);
                (whole.gross, whole.fee) = (slice.gross, slice.fee);
                reported.insert((slice.id, None), whole);
            }
        }
        let files: BTreeSet<_> = wanted.values().map(|slice| slice.file).collect();
        let stored = self.knowledge.stored.iter();
        for stored in stored.filter(|stored| files.contains(&stored.file.id)) {
            let Some(rows) = stored.rows else { continue };
            blocks::of_file(db, rows, |row| {
                let line: SettlementLine<'_> = unpack(row.bytes)?;
                if let Some(slice) = wanted.get(&line.slice) {
                    let key = (slice.id, by_line.then_some(line.line));
                    let sum = reported.entry(key).or_insert_with(|| self.empty(slice));
                    self.add(sum, &line, slice);
                }
                Ok(())
            })
            .await?;
        }
        Ok(reported)
    }

    fn is_asked_for(&self, slice: &Slice) -> bool {
        (self.days.0..=self.days.1).contains(&slice.report_date)
    }

    fn empty(&self, slice: &'r Slice) -> Reported<'r> {
        let file = self.knowledge.index.name(slice.file);
        Reported {
            party: party(&slice.provider, self.settings.wording),
            mode: self.settings.rules.provider(&slice.provider).mode,
            kind: slice.kind,
            date: slice.report_date,
            currency: slice.currency,
            reference: self.knowledge.payout_of(slice, &self.links).to_owned(),
            payout: self.knowledge.payout_of(slice, &self.links).to_owned(),
            source: Source {
                file: file.to_owned(),
                lines: Vec::new(),
            },
            gross: Amount::ZERO,
            fee: Amount::ZERO,
            fee_by_vat: BTreeMap::new(),
        }
    }

    fn add(&self, sum: &mut Reported<'_>, line: &SettlementLine<'_>, slice: &Slice) {
        let settings = &self.settings.accounts;
        let order = order_of(&self.links, line, slice).unwrap_or(line.order_reference);
        if settings.detail == Detail::Line && !order.is_empty() {
            order.clone_into(&mut sum.reference);
        }
        sum.source.add(line.line);
        sum.gross += line.gross;
        sum.fee += line.fee;
        if !line.fee.is_zero() {
            let percent = vat_percent(&self.settings.rules, line, slice);
            let percent = percent.unwrap_or(settings.fee_vat_percent).normalize();
            *sum.fee_by_vat.entry(percent).or_default() += line.fee;
        }
    }
}

/// The VAT of the `[[fee]]` rule that fits a line, none being 0; `None` where no rule fits.
fn vat_percent(rules: &Rules, line: &SettlementLine<'_>, slice: &Slice) -> Option<Decimal> {
    let day = line
        .event_time
        .map_or(slice.report_date, |time| time.date());
    let instalments = line
        .instalments
        .map(|count| count.to_string())
        .unwrap_or_default();
    let rule = rules.fee(&slice.provider, day, &[line.product, instalments.as_str()])?;
    Some(rule.vat_percent.unwrap_or_default())
}

/// The receivables in the journal against the open items of the balance table.
fn check(
    entries: &[Entry],
    balance: &[BalanceRow],
    payouts: &[PayoutOutcome],
) -> Result<(), RunError> {
    let mut open: BTreeMap<(&str, Currency), Amount> = BTreeMap::new();
    for row in balance {
        let items = row.not_received + row.pending + row.carried_over + row.unassigned;
        *open.entry((&row.provider, row.currency)).or_default() += items;
    }
    for it in payouts
        .iter()
        .filter(|it| it.state == PayoutState::Mismatched)
    {
        let key = (it.payout.provider.as_str(), it.payout.currency);
        *open.entry(key).or_default() += it.expected - it.booked.unwrap_or_default();
    }
    let mut booked: BTreeMap<(&str, Currency), Amount> = BTreeMap::new();
    let known = |entry: &&Entry| entry.kind != EntryKind::WriteOff;
    for entry in entries.iter().filter(known) {
        let lines = entry.lines().iter();
        for line in lines.filter(|line| line.account.role == AccountRole::Receivable) {
            let key = (line.account.provider.as_str(), entry.currency);
            *booked.entry(key).or_default() += line.amount;
        }
    }
    for key in open.keys().chain(booked.keys()) {
        let of = |sums: &BTreeMap<_, Amount>| sums.get(key).copied().unwrap_or_default();
        let (provider, currency) = *key;
        if of(&open) != of(&booked) {
            return Err(RunError::Journal {
                provider: provider.to_owned(),
                currency: currency.to_string(),
                booked: of(&booked).display(currency).to_string(),
                open: of(&open).display(currency).to_string(),
            });
        }
    }
    Ok(())
}
