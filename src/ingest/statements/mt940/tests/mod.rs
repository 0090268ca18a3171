use super::read;
use crate::domain::statement::{Statement, StatementEntry};
use crate::ingest::Refusal;
use crate::ingest::statements::testing::Found;

mod details;
mod entries;
mod fixtures;
mod headings;
mod refusals;

fn found(text: &str) -> Result<Found, Refusal> {
    let mut found = Found::default();
    read(&mut text.as_bytes(), &mut found).map(|()| found)
}

/// A statement of 17 November 2026 with these fields between its balances.
fn statement(fields: &str) -> String {
    format!(
        ":20:STARTUMS\n:25:FR7630006000011234567890189\n:28C:00231/001\n\
         :60F:C261116EUR100,00\n{fields}\n:62F:C261117EUR120,50\n-\n"
    )
}

fn entries_of(fields: &str) -> Vec<StatementEntry> {
    let found = found(&statement(fields)).unwrap();
    assert_eq!(found.rejected, []);
    found.entries().into_iter().cloned().collect()
}

fn only_entry(fields: &str) -> StatementEntry {
    let mut entries = entries_of(fields);
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn only_statement(text: &str) -> Statement {
    let mut found = found(text).unwrap();
    assert_eq!(found.rejected, []);
    assert_eq!(found.statements.len(), 1);
    found.statements.remove(0).0
}

fn minor(amount: Option<crate::domain::Amount>) -> Option<i64> {
    amount.and_then(crate::domain::Amount::to_minor)
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}
