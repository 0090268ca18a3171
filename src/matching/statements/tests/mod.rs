//! Statements and entries in several files, formats and kinds.

mod balances;
mod counting;
mod superseded;

use chrono::NaiveDate;

use super::*;
use crate::domain::file::FileId;
use crate::domain::payout::BankEntry;
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementKind, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency};
use StatementKind::{Booked, Export, Intraday};

fn nov(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// File 1 is `a.xml`, file 2 `b.xml` and so on, all received in one night.
fn files(file: FileId) -> FileRank<'static> {
    let names = ["?", "a.xml", "b.xml", "c.xml", "d.xml", "e.xml"];
    FileRank {
        file,
        received: nov(20),
        name: names[usize::try_from(file.0).unwrap()],
    }
}

/// Statements with their entries; a statement's number is its place, from 1.
#[derive(Default)]
struct Archive {
    statements: Vec<StoredStatement>,
    entries: Vec<StoredEntry>,
}

impl Archive {
    /// A statement of one day.
    fn add(&mut self, file: i64, kind: StatementKind, id: &str, day: u32) -> &mut Statement {
        let number = i64::try_from(self.statements.len() + 1).unwrap();
        self.statements.push(StoredStatement {
            number: StatementId(number),
            file: FileId(file),
            statement: Statement {
                account: "FR76".to_owned(),
                id: id.to_owned(),
                sequence: String::new(),
                from: Some(nov(day)),
                to: Some(nov(day)),
                currency: Some(Currency::EUR),
                opening: None,
                closing: None,
                kind,
                covers_until: None,
            },
            entries: 0,
            credits: Amount::ZERO,
            debits: Amount::ZERO,
            rejected: 0,
        });
        &mut self.statements.last_mut().unwrap().statement
    }

    /// A booked statement with balances, as in `100 → 150`, that adds up.
    fn add_booked(
        &mut self,
        file: i64,
        id: &str,
        day: u32,
        balances: (i64, i64),
    ) -> &mut Statement {
        self.add(file, StatementKind::Booked, id, day);
        let stored = self.statements.last_mut().unwrap();
        stored.credits = Amount::from_minor(balances.1 - balances.0);
        stored.statement.opening = Some(Amount::from_minor(balances.0));
        stored.statement.closing = Some(Amount::from_minor(balances.1));
        &mut stored.statement
    }

    /// An entry of the last statement, on its day.
    fn entry(&mut self, reference: &str, minor: i64) -> &mut StatementEntry {
        let number = i64::try_from(self.entries.len() + 1).unwrap();
        let statement = self.statements.last().unwrap();
        self.entries.push(StoredEntry {
            number,
            statement: statement.number,
            entry: StatementEntry {
                line: u32::try_from(number).unwrap(),
                servicer_reference: reference.to_owned(),
                booked_on: statement.statement.to.unwrap(),
                value_on: None,
                amount: Amount::from_minor(minor),
                currency: Currency::EUR,
                counterparty: "ONEY".to_owned(),
                references: Vec::new(),
                remittance: "payout".to_owned(),
            },
        });
        &mut self.entries.last_mut().unwrap().entry
    }

    fn counting(&self) -> Vec<BankEntry> {
        counting_entries(&self.statements, &self.entries, &files)
    }

    /// `file:line id` of what counts; a hash is written as `#`.
    fn says(&self) -> Vec<String> {
        let counting = self.counting();
        let line = |it: &BankEntry| {
            let is_hash = it.entry_id.len() == 16;
            let id = if is_hash { "#" } else { &it.entry_id };
            format!("{}:{} {id}", it.file, it.line)
        };
        counting.iter().map(line).collect()
    }

    fn finds(&self, as_of: u32) -> Vec<String> {
        let found = statement_discrepancies(&self.statements, &files, None, nov(as_of));
        let amount = |it: Option<Amount>| it.unwrap().to_minor().unwrap();
        let lines = found.iter().map(|it| {
            let key = it.key.join("/");
            let day = it.event_date.format("%d");
            let (expected, actual) = (amount(it.expected), amount(it.actual));
            format!(
                "{} {key} {expected} {actual} on {day} in {}",
                it.code, it.file
            )
        });
        lines.collect()
    }
}
