//! What is stored, seen from the latest recorded night.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::config::Settings;
use crate::domain::cause::Causes;
use crate::domain::coverage::Book;
use crate::domain::discrepancy::{Discrepancy, ReportedDiscrepancy, State};
use crate::domain::file::{FileId, FileStatus, InputFile};
use crate::domain::found::FoundList;
use crate::domain::link::{DecidedLink, Link, Links};
use crate::domain::payout::{AwaitedStatement, BankEntry, PayoutOutcome};
use crate::domain::settlement::{LineKind, SettlementLine, Slice};
use crate::matching::coverage::Covered;
use crate::matching::payouts;
use crate::pipeline::RunError;
use crate::pipeline::coverage::covered;
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::night::{self, standings};
use crate::report::sort_discrepancies;
use crate::report::table::Cell;
use crate::storage::Db;
use crate::storage::runs::{self, RecordedNight};

use super::dossier::{place, text};
use super::explained;

/// Everything but the rows of orders and settlement lines, which are looked up.
pub(super) struct Books<'b> {
    pub(super) settings: &'b Settings,
    pub(super) knowledge: Knowledge,
    night: Option<RecordedNight>,
    /// The discrepancies of that night, those that it resolved among them, by id.
    pub(super) reported: FoundList,
    /// Which of them explains which.
    pub(super) causes: Causes,
    /// The files that count.
    counting: BTreeSet<FileId>,
    /// The version that counts instead of a superseded one.
    pub(super) superseded_by: BTreeMap<FileId, FileId>,
    /// How far the books reach.
    pub(super) covered: Covered,
    /// All payouts.
    pub(super) payouts: Vec<PayoutOutcome>,
    /// All entries that count.
    pub(super) entries: Vec<BankEntry>,
    /// What people linked.
    pub(super) links: Links,
}

pub(super) const LINK_COLUMNS: &[&str] = &["decided_about", "holds_from", "links_to"];

/// The discrepancies of a recorded night, those that it resolved among them.
pub(super) async fn reported_on(db: &mut Db, day: NaiveDate) -> Result<FoundList, RunError> {
    let standings = standings(db, day).await?;
    night::reported_on(db, day, &standings).await
}

impl<'b> Books<'b> {
    pub(super) async fn open(db: &mut Db, settings: &'b Settings) -> Result<Self, RunError> {
        let night = runs::latest(db).await?;
        let reported = match &night {
            Some(night) => reported_on(db, night.as_of).await?,
            None => FoundList::default(),
        };
        let day = night.as_ref().map_or(NaiveDate::MAX, |night| night.as_of);
        let knowledge = Knowledge::read(db).await?;
        let causes = match &night {
            Some(night) => explained::causes(db, settings, &knowledge, (night, &reported)).await?,
            None => Causes::default(),
        };
        let viewpoint = Viewpoint { day, run: None };
        let files = knowledge.counting(viewpoint);
        let facts = knowledge.payout_facts(viewpoint, &files);
        let covered = covered(&knowledge, &settings.rules, day, false);
        // Where nothing was ever matched there is no day to judge payouts by.
        let outcomes = match &night {
            Some(_) => payouts::reconcile(&facts.items(), &settings.rules, &covered).payouts,
            None => Vec::new(),
        };
        let numbers = files.series.iter().flat_map(|series| &series.numbers);
        let superseded_by = numbers
            .flat_map(|number| {
                let pair = |loser: &&InputFile| (loser.id, number.winner.id);
                number.losers.iter().map(pair)
            })
            .collect();
        let counting = files.counting;
        let (payouts, entries) = (outcomes, facts.entries);
        let links = knowledge.links(viewpoint);
        Ok(Self {
            settings,
            knowledge,
            night,
            reported,
            causes,
            counting,
            superseded_by,
            covered,
            payouts,
            entries,
            links,
        })
    }

    /// The links that concern something, as a list of a dossier.
    pub(super) fn linked(&self, concerns: impl Fn(&Link) -> bool) -> Vec<Vec<Cell<'static>>> {
        let all = self.links.all().iter().filter(|it| concerns(&it.link));
        let row = |it: &DecidedLink| {
            vec![
                text(it.id.as_str()),
                Cell::Date(it.day),
                text(it.link.to_string()),
            ]
        };
        all.map(row).collect()
    }

    /// The day of the latest recorded night.
    pub(super) fn as_of(&self) -> Option<NaiveDate> {
        self.night.as_ref().map(|night| night.as_of)
    }

    pub(super) fn counts(&self, file: FileId) -> bool {
        self.counting.contains(&file)
    }

    pub(super) fn file(&self, id: FileId) -> Option<&InputFile> {
        let files = &self.knowledge.files;
        let at = files.binary_search_by_key(&id, |file| file.id).ok()?;
        files.get(at)
    }

    pub(super) fn file_name(&self, id: FileId) -> &str {
        self.file(id).map_or("", |file| file.name.as_str())
    }

    /// What waits for a book waits for, in words.
    pub(super) fn awaited(&self, book: &Book) -> String {
        let (name, ends_on) = match book {
            Book::Bank(_) => ("the statement of its account".to_owned(), None),
            Book::Reports(provider) => (
                format!(
                    "the reports of {}",
                    self.settings.wording.provider(provider)
                ),
                self.covered.reports(provider).day(),
            ),
            Book::Orders(provider) => (
                "the orders of the shop".to_owned(),
                self.covered.horizon(provider).orders.day(),
            ),
        };
        ending(&name, "which end on", ends_on)
    }

    /// Whether a file counts, in words.
    pub(super) fn standing_of(&self, file: FileId) -> String {
        if self.counts(file) {
            return "yes".to_owned();
        }
        let status = self.file(file).map(|file| file.status);
        if let Some(status) = status.filter(|status| *status != FileStatus::Accepted) {
            return format!("no, {}", status.word());
        }
        match self.superseded_by.get(&file) {
            Some(winner) => format!("no, superseded by {}", self.file_name(*winner)),
            None => "not yet".to_owned(),
        }
    }

    /// Whether the lines of a slice count, in words.
    pub(super) fn standing_of_slice(&self, slice: &Slice) -> String {
        let later = self.as_of().is_some_and(|day| day < slice.report_date);
        if !self.counts(slice.file) {
            self.standing_of(slice.file)
        } else if slice.kind == LineKind::Memo {
            "no, memo".to_owned()
        } else if later {
            "not yet".to_owned()
        } else {
            "yes".to_owned()
        }
    }

    /// The recorded discrepancies that concern something, in the order of reports.
    pub(super) fn concerning(
        &self,
        concerns: impl Fn(&Discrepancy) -> bool,
    ) -> Vec<ReportedDiscrepancy> {
        let found = self.reported.iter();
        found
            .filter(|reported| concerns(&reported.discrepancy))
            .collect()
    }

    /// Discrepancies that a look finds now, with their state on the recorded night; and those
    /// that this night resolved.
    pub(super) fn with_states(
        &self,
        now: Vec<Discrepancy>,
        concerns: impl Fn(&Discrepancy) -> bool,
    ) -> Vec<ReportedDiscrepancy> {
        let known = |found: Discrepancy| {
            let id = found.id();
            let stored = self.reported.find(found.identity());
            let Some(stored) = stored.filter(|stored| stored.state != State::Resolved) else {
                return ReportedDiscrepancy {
                    discrepancy: found,
                    id,
                    state: State::New,
                    first_seen: None,
                    assignee: String::new(),
                    note: String::new(),
                };
            };
            // The night knows more of it than a look at one order: the nearest order, for one.
            let amounts = |it: &Discrepancy| (it.expected, it.actual);
            let same = amounts(&stored.discrepancy) == amounts(&found);
            let mut known = stored;
            if !same {
                known.discrepancy = found;
            }
            known
        };
        let mut all: Vec<ReportedDiscrepancy> = now.into_iter().map(known).collect();
        let resolved = self.concerning(concerns);
        all.extend(
            resolved
                .into_iter()
                .filter(|found| found.state == State::Resolved),
        );
        sort_discrepancies(&mut all);
        all
    }
}

/// `the statement of account FR76, which ends on 2026-11-09`.
pub(super) fn awaited_statement(awaited: &AwaitedStatement) -> String {
    let name = match &awaited.account {
        Some(account) => format!("the statement of account {account}"),
        None => "the first statement of an account".to_owned(),
    };
    ending(&name, "which ends on", awaited.ends_on)
}

fn ending(name: &str, ends: &str, day: Option<NaiveDate>) -> String {
    match day {
        Some(day) => format!("{name}, {ends} {day}"),
        None => format!("{name}, of which nothing has come"),
    }
}

/// Columns of settlement lines.
pub(super) const LINE_COLUMNS: &[&str] = &[
    "source",
    "counts",
    "kind",
    "part",
    "report_date",
    "event_time",
    "order_reference",
    "transaction_id",
    "currency",
    "gross",
    "fee",
    "net",
    "payout_reference",
    "product",
    "instalments",
    "merchant",
];

/// The row of a settlement line.
pub(super) fn line_row(
    books: &Books<'_>,
    line: &SettlementLine<'_>,
    slice: &Slice,
) -> Vec<Cell<'static>> {
    let money = |amount| Cell::Amount(amount, slice.currency);
    let at = line
        .event_time
        .map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
    vec![
        text(place(books.file_name(slice.file), line.line)),
        text(books.standing_of_slice(slice)),
        text(slice.kind.word()),
        text(slice.part.word()),
        Cell::Date(slice.report_date),
        at.map_or(Cell::Empty, text),
        text(line.order_reference),
        text(line.transaction_id),
        text(slice.currency.code()),
        money(line.gross),
        money(line.fee),
        money(line.net()),
        text(slice.payout_reference.as_str()),
        text(line.product),
        line.instalments.map_or(Cell::Empty, Cell::integer),
        text(slice.merchant.as_str()),
    ]
}

/// Columns of payouts.
pub(super) const PAYOUT_COLUMNS: &[&str] = &[
    "provider",
    "payout_reference",
    "currency",
    "first_report",
    "last_report",
    "expected",
    "booked",
    "state",
    "matched_by",
    "bank_entries",
];

/// The row of a payout.
pub(super) fn payout_row(outcome: &PayoutOutcome) -> Vec<Cell<'static>> {
    let payout = &outcome.payout;
    vec![
        text(payout.provider.as_str()),
        text(payout.reference.as_str()),
        text(payout.currency.code()),
        Cell::Date(payout.first),
        Cell::Date(payout.last),
        Cell::Amount(outcome.expected, payout.currency),
        Cell::amount(outcome.booked, payout.currency),
        text(outcome.state.word()),
        text(outcome.matched_by.map_or("", |by| by.word())),
        text(outcome.bank_entries.join("; ")),
    ]
}

/// Columns of bank entries.
pub(super) const ENTRY_COLUMNS: &[&str] = &[
    "entry_id",
    "booked_on",
    "amount",
    "currency",
    "account",
    "counterparty",
    "remittance",
    "source",
];

/// The row of a bank entry.
pub(super) fn entry_row(entry: &BankEntry) -> Vec<Cell<'static>> {
    vec![
        text(entry.entry_id.as_str()),
        Cell::Date(entry.booked_on),
        Cell::Amount(entry.amount, entry.currency),
        text(entry.currency.code()),
        text(entry.account.as_str()),
        text(entry.counterparty.as_str()),
        text(entry.remittance.as_str()),
        text(place(&entry.file, entry.line)),
    ]
}
