//! Payouts: what the provider added up, file by file and line by line, and what the bank booked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::books::{
    Books, ENTRY_COLUMNS, LINE_COLUMNS, LINK_COLUMNS, PAYOUT_COLUMNS, awaited_statement, entry_row,
    line_row, payout_row,
};
use super::dossier::{Part, text};
use super::payout_story;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileId;
use crate::domain::packed::unpack;
use crate::domain::payout::PayoutOutcome;
use crate::domain::settlement::{SettlementLine, Slice, SliceId};
use crate::domain::{Amount, Currency};
use crate::pipeline::RunError;
use crate::report::table::Cell;
use crate::storage::Db;
use crate::storage::facts::blocks;

const FILE_COLUMNS: &[&str] = &[
    "file",
    "report_date",
    "counts",
    "currency",
    "lines",
    "gross",
    "fee",
    "net",
];

/// The payouts of a reference, one for each provider and currency.
pub(super) async fn named(
    db: &mut Db,
    books: &Books<'_>,
    reference: &str,
) -> Result<Vec<Part>, RunError> {
    let mut slices: BTreeMap<(&str, Currency), Vec<&Slice>> = BTreeMap::new();
    let mut ids: Vec<SliceId> = books.knowledge.slices.keys().copied().collect();
    ids.sort_unstable();
    let named = ids.iter().filter_map(|id| books.knowledge.slices.get(id));
    let is_of = |slice: &&Slice| books.knowledge.payout_of(slice, &books.links) == reference;
    for slice in named.filter(is_of) {
        let key = (slice.provider.as_str(), slice.currency);
        slices.entry(key).or_default().push(slice);
    }
    let mut parts = Vec::new();
    for ((provider, currency), slices) in slices {
        let mut part = Part::new(
            "payout",
            format!(
                "Payout {reference} in {currency}, {}",
                books.settings.wording.provider(provider)
            ),
        );
        part.facts.push(("provider", text(provider)));
        part.facts.push(("payout_reference", text(reference)));
        let is_it = |outcome: &&PayoutOutcome| {
            let payout = &outcome.payout;
            (
                payout.provider.as_str(),
                payout.reference.as_str(),
                payout.currency,
            ) == (provider, reference, currency)
        };
        let outcome = books.payouts.iter().find(is_it);
        if let Some(outcome) = outcome {
            outcome_facts(outcome, &mut part);
        }
        part.discrepancies = books.concerning(|found| concerns(found, provider, reference));
        if let Some(outcome) = outcome {
            let files: BTreeSet<FileId> = slices
                .iter()
                .filter(|slice| books.standing_of_slice(slice) == "yes")
                .map(|slice| slice.file)
                .collect();
            part.story = payout_story::told(books, outcome, &part.discrepancies, files.len());
        }
        let linked = books.linked(|link| link.concerns_payout(provider, reference));
        part.list("links", LINK_COLUMNS, linked);
        part.list("files", FILE_COLUMNS, by_file(books, &slices));
        if let Some(outcome) = outcome {
            bank(books, outcome, &mut part);
        }
        let lines = lines_of(db, books, &slices).await?;
        part.list("settlement_lines", LINE_COLUMNS, lines);
        parts.push(part);
    }
    Ok(parts)
}

/// A group's discrepancy stands under its first payout and names the others.
fn concerns(found: &Discrepancy, provider: &str, reference: &str) -> bool {
    let is_of_group = matches!(&found.detail, Detail::PaidTogether(payouts)
        if payouts.iter().any(|one| one == reference));
    found.provider == provider && (found.payout_reference == reference || is_of_group)
}

fn outcome_facts(outcome: &PayoutOutcome, part: &mut Part) {
    let payout = &outcome.payout;
    let money = |amount: Amount| Cell::Amount(amount, payout.currency);
    let difference = outcome.booked.map(|booked| booked - outcome.expected);
    part.facts.extend([
        ("currency", text(payout.currency.code())),
        ("state", text(outcome.state.word())),
        (
            "matched_by",
            text(outcome.matched_by.map_or("", |by| by.word())),
        ),
        ("first_report", Cell::Date(payout.first)),
        ("last_report", Cell::Date(payout.last)),
        ("lines", Cell::integer(payout.lines)),
        ("gross", money(payout.gross)),
        ("fee", money(payout.fee)),
        ("net", money(payout.gross - payout.fee)),
        ("expected", money(outcome.expected)),
        ("booked", Cell::amount(outcome.booked, payout.currency)),
        ("difference", Cell::amount(difference, payout.currency)),
        ("merchant", text(payout.merchant.as_str())),
    ]);
    if let Some(awaited) = &outcome.waits_for {
        let waits_for = text(awaited_statement(awaited));
        part.facts.push(("waits_for", waits_for));
    }
}

/// A row for each file, report date and standing.
fn by_file(books: &Books<'_>, slices: &[&Slice]) -> Vec<Vec<Cell<'static>>> {
    type Key<'s> = (NaiveDate, &'s str, FileId, String, Currency);
    let mut sums: BTreeMap<Key<'_>, (u64, Amount, Amount)> = BTreeMap::new();
    for slice in slices {
        let (name, standing) = (books.file_name(slice.file), books.standing_of_slice(slice));
        let key = (
            slice.report_date,
            name,
            slice.file,
            standing,
            slice.currency,
        );
        let (lines, gross, fee) = sums.entry(key).or_default();
        *lines = lines.saturating_add(slice.lines);
        *gross += slice.gross;
        *fee += slice.fee;
    }
    let mut rows = Vec::with_capacity(sums.len());
    for ((day, name, _, standing, currency), (lines, gross, fee)) in sums {
        rows.push(vec![
            text(name),
            Cell::Date(day),
            text(standing),
            text(currency.code()),
            Cell::integer(lines),
            Cell::Amount(gross, currency),
            Cell::Amount(fee, currency),
            Cell::Amount(gross - fee, currency),
        ]);
    }
    rows
}

/// The bank's side, and the payouts that it paid together with this one.
fn bank(books: &Books<'_>, outcome: &PayoutOutcome, part: &mut Part) {
    let entries = books.entries.iter().filter(|entry| {
        entry.currency == outcome.payout.currency && outcome.bank_entries.contains(&entry.entry_id)
    });
    part.list(
        "bank_entries",
        ENTRY_COLUMNS,
        entries.map(entry_row).collect(),
    );
    let together = books.payouts.iter().filter(|other| {
        other.payout != outcome.payout
            && other
                .bank_entries
                .iter()
                .any(|id| outcome.bank_entries.contains(id))
    });
    part.list(
        "paid_together_with",
        PAYOUT_COLUMNS,
        together.map(payout_row).collect(),
    );
}

async fn lines_of(
    db: &mut Db,
    books: &Books<'_>,
    slices: &[&Slice],
) -> Result<Vec<Vec<Cell<'static>>>, RunError> {
    let wanted: BTreeMap<SliceId, &Slice> = slices.iter().map(|slice| (slice.id, *slice)).collect();
    let files: BTreeSet<FileId> = slices.iter().map(|slice| slice.file).collect();
    let mut found = Vec::new();
    for stored in books
        .knowledge
        .stored
        .iter()
        .filter(|it| files.contains(&it.file.id))
    {
        let Some(rows) = stored.rows else { continue };
        blocks::of_file(db, rows, |row| {
            let line: SettlementLine<'_> = unpack(row.bytes)?;
            if let Some(slice) = wanted.get(&line.slice) {
                found.push(line_row(books, &line, slice));
            }
            Ok(())
        })
        .await?;
    }
    Ok(found)
}
