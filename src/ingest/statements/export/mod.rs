//! CSV and XLSX exports of banks, through a profile.
//!
//! An export has no statement ids, so exports of one account may overlap. Where it has a balance
//! column, the balances before the first and after the last entry are taken from it; banks write
//! the newest entry first or last, and the balances tell which.

mod columns;
mod direction;
#[cfg(test)]
mod fixtures;

use std::collections::BTreeMap;

use crate::domain::statement::{Statement, StatementEntry, StatementKind, StatementSink};
use crate::domain::{Amount, Currency};
use crate::ingest::cells::{DayReader, amount};
use crate::ingest::counts::RowCounts;
use crate::ingest::oney_crp::amount_error;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Columns, NextRow, Row, Table};
use crate::ingest::{CellError, Refusal, RowError};

pub(in crate::ingest) use columns::COLUMNS;
use direction::Direction;

/// How an export is to be read.
#[derive(Clone, Copy, Debug)]
pub struct ExportOptions<'a> {
    /// Names, marks, formats and fixed values.
    pub profile: &'a Profile,
    /// Share of rejected rows above which the file is refused.
    pub max_rejected_percent: u32,
}

/// Banks write up to 15 lines about the account before the header.
const HEADER_LINES: usize = 25;

const HEADER: &[&[&str]] = &[
    &["booking_date", "amount"],
    &["booking_date", "debit", "credit"],
];

pub(in crate::ingest) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let columns = Columns {
        names: &profile.columns,
        recognised_by: HEADER,
        fixed: &profile.fixed,
        header_lines: HEADER_LINES,
    };
    Table::open(opened, profile, &columns)
}

/// True when a file begins like an export of the profile.
pub fn has_known_header(opened: &OpenFile, profile: &Profile) -> bool {
    open(opened, profile).is_ok()
}

/// Reads an export: one statement for each account in it.
///
/// # Errors
/// The whole file is refused: unknown header, no account, undecidable decimal mark, too many bad
/// rows.
pub fn read_export(
    opened: &OpenFile,
    options: ExportOptions<'_>,
    sink: &mut dyn StatementSink,
) -> Result<RowCounts, Refusal> {
    let mut table = Table::open_by(open, opened, options.profile)?;
    let mut reader = EntryReader {
        profile: options.profile,
        header: table.header.clone(),
        days: DayReader::new(options.profile.dates.clone()),
        direction: Direction::of(&table.header, options.profile),
    };
    if table.header.column("account").is_none() && reader.fixed("account").is_empty() {
        return Err(Refusal::new(
            "names no account; give it with account = \"IBAN\" in [profile.fixed] of a [[profile]]",
        ));
    }
    let mut accounts: BTreeMap<String, Vec<ReadEntry>> = BTreeMap::new();
    if !reader.fixed("account").is_empty() {
        accounts.insert(without_blanks(reader.fixed("account")), Vec::new());
    }
    let mut counts = RowCounts::default();
    let mut first_error = None;
    let mut row = Row::default();
    loop {
        let rejected = match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { line, raw, reason } => RowError::new("", "", reason).at(line, &raw),
            NextRow::Row => match reader.read(&row) {
                Ok((account, entry)) => {
                    counts.accept();
                    accounts.entry(account).or_default().push(entry);
                    continue;
                }
                Err(error) => {
                    let place = |refusal| Refusal::new(format!("line {}: {refusal}", row.line));
                    let error = error.of_row(&mut table).map_err(place)?;
                    error.at(row.line, &table.raw(&row))
                }
            },
        };
        counts.reject();
        first_error.get_or_insert_with(|| format!("line {}: {}", rejected.line, rejected.reason));
        sink.rejected(rejected);
    }
    let counts = counts.check(options.max_rejected_percent, first_error.as_deref())?;
    reader.direction.check()?;
    for (account, entries) in accounts {
        hand_over(account, entries, sink);
    }
    Ok(counts)
}

struct ReadEntry {
    entry: StatementEntry,
    balance: Option<Amount>,
}

/// Gives a statement and its entries to the sink.
fn hand_over(account: String, entries: Vec<ReadEntry>, sink: &mut dyn StatementSink) {
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
    };
    for read in entries {
        sink.entry(read.entry);
    }
    sink.statement(statement);
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

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

struct EntryReader<'a> {
    profile: &'a Profile,
    header: crate::ingest::table::Header,
    days: DayReader,
    direction: Direction,
}

impl EntryReader<'_> {
    fn fixed(&self, canonical: &str) -> &str {
        self.profile
            .fixed
            .get(canonical)
            .map_or("", |value| value.trim())
    }

    fn text<'r>(&'r self, row: &'r Row, canonical: &str) -> &'r str {
        match row.text(self.header.column(canonical)) {
            "" => self.fixed(canonical),
            text => text,
        }
    }

    /// The texts of all columns that a canonical name stands for, joined by a space.
    fn joined(&self, row: &Row, canonical: &str) -> String {
        let columns = self.header.columns(canonical).iter();
        let texts = columns
            .map(|column| row.text(Some(*column)))
            .filter(|text| !text.is_empty());
        let words = texts.flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ")
    }

    fn read(&mut self, row: &Row) -> Result<(String, ReadEntry), CellError> {
        let currency = match self.text(row, "currency") {
            "" => Currency::EUR,
            word => Currency::parse(word).ok_or_else(|| {
                self.error("currency", word, "is not a currency of three letters")
            })?,
        };
        let account = without_blanks(self.text(row, "account"));
        if account.is_empty() {
            return Err(self.error("account", "", "is empty and must not be").into());
        }
        let Some(booked_on) = self.day(row, "booking_date")? else {
            return Err(self
                .error("booking_date", "", "is empty and must not be")
                .into());
        };
        let entry = StatementEntry {
            line: row.line,
            servicer_reference: self.text(row, "entry_id").to_owned(),
            booked_on,
            value_on: self.day(row, "value_date")?,
            amount: self.signed_amount(row, currency)?,
            currency,
            counterparty: self.joined(row, "counterparty"),
            references: self.references(row),
            remittance: self.joined(row, "remittance"),
        };
        let balance = self.amount(row, "balance", currency)?;
        Ok((account, ReadEntry { entry, balance }))
    }

    fn references(&self, row: &Row) -> Vec<String> {
        let columns = self.header.columns("reference").iter();
        let texts = columns.map(|column| row.text(Some(*column)));
        let all = texts.chain(std::iter::once(self.text(row, "entry_id")));
        all.filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn error(&self, canonical: &str, value: &str, problem: &str) -> RowError {
        let reason = format!("{problem}; check the profile, or export the file again");
        RowError::new(self.header.name(canonical), value, reason)
    }

    fn day(&mut self, row: &Row, canonical: &str) -> Result<Option<chrono::NaiveDate>, RowError> {
        let text = row.text(self.header.column(canonical));
        if text.is_empty() {
            return Ok(None);
        }
        let day = self.days.day(row.cell(self.header.column(canonical)));
        day.map(Some).ok_or_else(|| {
            let problem = format!("is not a day {}", self.days.expected());
            self.error(canonical, text, &problem)
        })
    }

    fn amount(
        &self,
        row: &Row,
        canonical: &str,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let cell = row.cell(self.header.column(canonical));
        if cell.text.trim().is_empty() {
            return Ok(None);
        }
        let name = self.header.name(canonical);
        amount(cell, self.profile.decimal_mark, currency)
            .map(Some)
            .map_err(|problem| amount_error(problem, name, cell.text))
    }

    /// One column, signed or with a word beside it, or debit and credit, either of which may carry
    /// its sign.
    fn signed_amount(&mut self, row: &Row, currency: Currency) -> Result<Amount, CellError> {
        if self.header.column("amount").is_some() {
            let Some(amount) = self.amount(row, "amount", currency)? else {
                return Err(self.error("amount", "", "is empty and must not be").into());
            };
            return Ok(self.direction.signed(row, amount)?);
        }
        let debit = self
            .amount(row, "debit", currency)?
            .filter(|amount| !amount.is_zero());
        let credit = self
            .amount(row, "credit", currency)?
            .filter(|amount| !amount.is_zero());
        match (debit, credit) {
            (Some(debit), None) => Ok(-debit.abs()),
            (None, Some(credit)) => Ok(credit.abs()),
            (None, None) => Err(self
                .error("debit", "", "and the credit are both empty")
                .into()),
            (Some(_), Some(_)) => {
                let value = row.text(self.header.column("debit"));
                Err(self
                    .error("debit", value, "and the credit are both filled")
                    .into())
            }
        }
    }
}

#[cfg(test)]
mod tests;
