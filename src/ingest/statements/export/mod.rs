//! CSV and XLSX exports of banks, through a profile.
//!
//! An export has no statement ids, so exports of one account may overlap. Where it has a balance
//! column, the balances before the first and after the last entry are taken from it; banks write
//! the newest entry first or last, and the balances tell which.
//!
//! What the defaults cannot know is refused with the words that decide it: whose account it is
//! ([`account`]), in which currency, which way the money went ([`direction`]).

mod account;
mod direction;
mod entry;
#[cfg(test)]
mod fixtures;
mod status;

use std::collections::BTreeMap;

use crate::domain::Amount;
use crate::domain::file::RejectedRow;
use crate::domain::statement::{Statement, StatementEntry, StatementKind, StatementSink};
use crate::ingest::counts::RowCounts;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Columns, Header, NextRow, Row, Table};
use crate::ingest::{CellError, Refusal, Rejected, RowError};
use entry::{EntryReader, Found};

/// How an export is to be read.
#[derive(Clone, Copy, Debug)]
pub struct ExportOptions<'a> {
    /// Names, marks, formats and fixed values.
    pub profile: &'a Profile,
    /// Share of rejected rows above which the file is refused.
    pub max_rejected_percent: u32,
}

const HEADER: &[&[&str]] = &[
    &["booking_date", "amount"],
    &["booking_date", "debit", "credit"],
];

pub(in crate::ingest) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let columns = Columns {
        currency_in_titles: true,
        ..Columns::of(profile, HEADER)
    };
    Table::open(opened, profile, &columns)
}

/// True when a file begins like an export of the profile.
pub fn has_known_header(opened: &OpenFile, profile: &Profile) -> bool {
    open(opened, profile).is_ok()
}

/// What should be said of an export although it is read.
pub fn warning_of(opened: &OpenFile, profile: &Profile) -> Option<String> {
    warning(&open(opened, profile).ok()?.header)
}

/// The same of its header: its entries have no text to be known by.
pub(in crate::ingest) fn warning(header: &Header) -> Option<String> {
    let has = |canonical: &str| header.column(canonical).is_some();
    if ["remittance", "reference", "counterparty"]
        .iter()
        .any(|name| has(name))
    {
        return None;
    }
    let unknown = header.unknown();
    let names: Vec<&str> = unknown
        .iter()
        .filter_map(|at| header.names().get(*at))
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
        .collect();
    let unused = if names.is_empty() {
        "it has no other columns".to_owned()
    } else {
        format!("the columns «{}» were not used", names.join("», «"))
    };
    Some(format!(
        "has no column of remittance, reference or counterparty, so payouts are found by their \
         amounts only; {unused}; name the one with the text in [profile.columns] of a [[profile]], \
         as remittance = [\"…\"]"
    ))
}

/// Reads an export: one statement for each account in it.
///
/// # Errors
/// The whole file is refused: unknown header, no account or an uncertain one, undecidable decimal
/// mark, too many bad rows.
pub fn read_export(
    opened: &OpenFile,
    options: ExportOptions<'_>,
    sink: &mut dyn StatementSink,
) -> Result<RowCounts, Refusal> {
    let mut table = Table::open_by(open, opened, options.profile)?;
    let mut reader = EntryReader::of(&table.header, options.profile)?;
    let mut taken = Taken::default();
    let mut row = Row::default();
    loop {
        let found = match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { line, raw, reason } => {
                taken.reject(RowError::new("", "", reason).at(line, &raw));
                continue;
            }
            NextRow::Row => reader.read(&row),
        };
        let taken_row = found.and_then(|found| taken.take(found, || table.raw(&row)));
        if let Err(error) = taken_row {
            let place = |refusal| Refusal::new(format!("line {}: {refusal}", row.line));
            let error = table.row_error(error).map_err(place)?;
            taken.reject(error.at(row.line, &table.raw(&row)));
        }
    }
    taken.counts.passed_over = taken.counts.passed_over.saturating_add(table.passed_over());
    let (own, accounts) = (reader.own_account(), taken.settle(&reader, options, sink)?);
    hand_over(own, accounts, sink);
    Ok(taken.counts)
}

/// An entry that was read, with what only the whole file decides.
struct ReadEntry {
    account: String,
    entry: StatementEntry,
    balance: Option<Amount>,
    /// What rejects the row unless the other rows show that its word says nothing of its status.
    doubt: Option<Box<Doubt>>,
}

struct Doubt {
    status: status::Unclear,
    rejected: RejectedRow,
}

/// Which row stands above.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Above {
    /// None, or one that was rejected.
    #[default]
    Nothing,
    /// The last of the entries.
    Entry,
    /// A row that counts for nothing.
    PassedOver,
}

/// The rows of a file so far.
#[derive(Default)]
struct Taken {
    entries: Vec<ReadEntry>,
    rejected: Rejected,
    counts: RowCounts,
    above: Above,
}

impl Taken {
    fn reject(&mut self, row: RejectedRow) {
        self.counts.reject();
        self.rejected.push(row);
        self.above = Above::Nothing;
    }

    fn take(&mut self, found: Found, raw: impl Fn() -> String) -> Result<(), CellError> {
        match found {
            Found::Pending => {
                self.counts.pass_over();
                self.above = Above::PassedOver;
            }
            Found::Entry {
                account,
                entry,
                balance,
                unclear,
            } => {
                let line = entry.line;
                self.entries.push(ReadEntry {
                    account,
                    entry: *entry,
                    balance,
                    doubt: unclear.map(|(status, error)| {
                        let rejected = error.at(line, &raw());
                        Box::new(Doubt { status, rejected })
                    }),
                });
                self.above = Above::Entry;
            }
            Found::Continuation(more) => match (self.above, self.entries.last_mut()) {
                (Above::PassedOver, _) => self.counts.pass_over(),
                (Above::Entry, Some(read)) => {
                    more.add_to(&mut read.entry);
                    self.counts.pass_over();
                }
                _ => return Err(more.without_an_entry.into()),
            },
        }
        Ok(())
    }

    /// The entries by account, once all rows are known; the others are rejected.
    fn settle(
        &mut self,
        reader: &EntryReader<'_>,
        options: ExportOptions<'_>,
        sink: &mut dyn StatementSink,
    ) -> Result<BTreeMap<String, Vec<ReadEntry>>, Refusal> {
        let mut accounts: BTreeMap<String, Vec<ReadEntry>> = BTreeMap::new();
        for mut read in std::mem::take(&mut self.entries) {
            match read.doubt.take() {
                Some(doubt) if reader.status.rejects(doubt.status) => {
                    self.counts.reject();
                    self.rejected.push(doubt.rejected);
                }
                _ => {
                    self.counts.accept();
                    accounts.entry(read.account.clone()).or_default().push(read);
                }
            }
        }
        let first = self.rejected.by_line().first().map(RejectedRow::told);
        self.counts
            .check(options.max_rejected_percent, first.as_deref())?;
        reader.direction.check()?;
        for row in std::mem::take(&mut self.rejected).into_rows() {
            sink.rejected(row);
        }
        Ok(accounts)
    }
}

/// Gives the statement of each account and its entries to the sink. The account that all rows have
/// has a statement even where there are no rows.
fn hand_over(
    own: Option<String>,
    mut accounts: BTreeMap<String, Vec<ReadEntry>>,
    sink: &mut dyn StatementSink,
) {
    if let Some(own) = own {
        accounts.entry(own).or_default();
    }
    for (account, entries) in accounts {
        let (opening, closing) = balances(&entries).unzip();
        let days = entries.iter().map(|read| read.entry.booked_on);
        let statement = Statement {
            account,
            id: String::new(),
            sequence: String::new(),
            from: days.clone().min(),
            to: days.max(),
            currency: entries.first().map(|read| read.entry.currency),
            opening,
            closing,
            kind: StatementKind::Export,
            covers_until: None,
        };
        for read in entries {
            sink.entry(read.entry);
        }
        sink.statement(statement);
    }
}

/// Opening and closing balance, where every row shows the balance after it.
fn balances(entries: &[ReadEntry]) -> Option<(Amount, Amount)> {
    let (first, last) = (entries.first()?, entries.last()?);
    let newest_first = first.entry.booked_on > last.entry.booked_on || {
        // On one day the chain of balances tells the direction.
        let second = entries.get(1);
        second.is_some_and(|second| {
            first
                .balance
                .zip(second.balance)
                .is_some_and(|(first_balance, second_balance)| {
                    first_balance - first.entry.amount == second_balance
                        && second_balance - second.entry.amount != first_balance
                })
        })
    };
    let (oldest, newest) = if newest_first {
        (last, first)
    } else {
        (first, last)
    };
    if entries
        .iter()
        .any(|read| read.entry.currency != first.entry.currency)
    {
        return None;
    }
    Some((oldest.balance? - oldest.entry.amount, newest.balance?))
}

#[cfg(test)]
mod tests;
