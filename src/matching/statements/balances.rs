//! Statements hold together: opening balance + entries = closing balance, and each statement
//! begins with the balance that the one before it ended with.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::counting::{FileRank, Files, counting_statements};
use crate::domain::Currency;
use crate::domain::detail::{Detail, NamedStatement, StatementBefore};
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::statement::{Statement, StatementKind, StoredStatement};

/// Statements that count and end up to `as_of`: those that do not add up, and those that do not
/// continue the one before. Sorted by code and key, no two with the same key.
pub fn statement_discrepancies(
    statements: &[StoredStatement],
    files: &Files<'_>,
    books_open: Option<NaiveDate>,
    as_of: NaiveDate,
) -> Vec<Discrepancy> {
    let mut chains: BTreeMap<(&str, Option<Currency>), Vec<Dated<'_>>> = BTreeMap::new();
    let mut found = Vec::new();
    for stored in counting_statements(statements, files) {
        let dated = Dated::new(stored, files(stored.file));
        if as_of < dated.to || !dated.has_books() {
            continue;
        }
        found.extend(dated.unbalanced());
        let statement = &stored.statement;
        let account = (statement.account.as_str(), statement.currency);
        chains.entry(account).or_default().push(dated);
    }
    let gaps = chains.into_values().flat_map(gaps);
    found.extend(gaps.map(|gap| {
        let begins_on = gap.event_date;
        gap.unless_before(books_open, begins_on)
    }));
    found.sort_by(|a, b| {
        let order = (a.code, &a.key, a.event_date, &a.sources);
        order.cmp(&(b.code, &b.key, b.event_date, &b.sources))
    });
    with_unique_keys(found)
}

/// A statement with its days; where it says none, the day its file was received.
#[derive(Clone, Copy)]
struct Dated<'s> {
    stored: &'s StoredStatement,
    file: FileRank<'s>,
    from: NaiveDate,
    to: NaiveDate,
}

impl<'s> Dated<'s> {
    fn new(stored: &'s StoredStatement, file: FileRank<'s>) -> Self {
        let Statement { from, to, .. } = stored.statement;
        Self {
            stored,
            file,
            from: from.or(to).unwrap_or(file.received),
            to: to.or(from).unwrap_or(file.received),
        }
    }

    fn statement(&self) -> &'s Statement {
        &self.stored.statement
    }

    /// True for what shows the account's books: statements, and exports with both balances.
    fn has_books(&self) -> bool {
        let statement = self.statement();
        match statement.kind {
            StatementKind::Booked => true,
            StatementKind::Export => statement.opening.is_some() && statement.closing.is_some(),
            StatementKind::Intraday => false,
        }
    }

    fn is_booked(&self) -> bool {
        self.statement().kind == StatementKind::Booked
    }

    /// Its id, else its number, else its first day. A number that is always 0 names nothing.
    fn name(&self) -> String {
        let Statement { id, sequence, .. } = self.statement();
        [id, sequence]
            .into_iter()
            .find(|name| !name.trim_matches('0').is_empty())
            .cloned()
            .unwrap_or_else(|| self.from.to_string())
    }

    fn discrepancy(
        &self,
        code: Code,
        event_date: NaiveDate,
        before: Option<StatementBefore>,
    ) -> Discrepancy {
        let name = self.name();
        let account = self.statement().account.clone();
        let key = vec![account.clone(), name.clone()];
        Discrepancy {
            account,
            file: self.file.name.to_owned(),
            currency: self.statement().currency,
            sources: vec![Source {
                file: self.file.name.to_owned(),
                line: 0,
            }],
            detail: Detail::Statement(NamedStatement { name, before }),
            ..Discrepancy::new(code, key, event_date)
        }
    }

    fn unbalanced(&self) -> Option<Discrepancy> {
        let closing = self.statement().closing?;
        let stored = self.stored;
        let sum = self.statement().opening? + stored.credits - stored.debits;
        (sum != closing).then(|| Discrepancy {
            expected: Some(sum),
            actual: Some(closing),
            ..self.discrepancy(Code::StatementUnbalanced, self.to, None)
        })
    }

    /// A gap between this statement and the one before it.
    fn gap_after(&self, before: &Self) -> Option<Discrepancy> {
        let closing = before.statement().closing?;
        let opening = self.statement().opening?;
        // Two reports of the same period (a day and its month) begin together.
        let begins_together =
            before.from == self.from && before.statement().opening == Some(opening);
        let name_of_before = StatementBefore {
            name: before.name(),
            ended_on: before.to,
        };
        (opening != closing && !begins_together).then(|| Discrepancy {
            expected: Some(closing),
            actual: Some(opening),
            ..self.discrepancy(Code::StatementGap, self.from, Some(name_of_before))
        })
    }

    /// True when this statement ended before `next` began.
    ///
    /// Booked statements may share a day: several of one day follow each other by number, and
    /// MT940 begins with the day of the balance before. Exports that share a day overlap.
    fn ended_before(&self, next: &Self) -> bool {
        self.to < next.from || (self.to == next.from && self.is_booked() && next.is_booked())
    }
}

/// The gaps in the statements of one account and currency. The statement before is the one that
/// ended last: periods that overlap (a month and its days) do not follow each other.
///
/// Where several ended on the very day on which a statement begins, it may continue any of them or
/// the last one of the days before.
fn gaps(mut chain: Vec<Dated<'_>>) -> Vec<Discrepancy> {
    chain.sort_by_cached_key(|it| {
        let Statement { sequence, id, .. } = it.statement();
        let place = (numbers(sequence), id.clone(), it.stored.number);
        (it.from, it.to, place)
    });
    let mut ended: BTreeMap<(NaiveDate, usize), Dated<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for (place, statement) in chain.into_iter().enumerate() {
        let before = ended_before(&statement, &ended);
        let gaps = before.into_iter().map(|before| statement.gap_after(before));
        // One that continues, or cannot be compared, leaves no gap.
        let gaps: Option<Vec<Discrepancy>> = gaps.collect();
        found.extend(gaps.unwrap_or_default().into_iter().next());
        ended.insert((statement.to, place), statement);
    }
    found
}

/// The statements that `statement` may continue, the likeliest first.
fn ended_before<'e, 's>(
    statement: &Dated<'s>,
    ended: &'e BTreeMap<(NaiveDate, usize), Dated<'s>>,
) -> Vec<&'e Dated<'s>> {
    let earlier = ended.range(..=(statement.from, usize::MAX)).rev();
    let mut found = Vec::new();
    for (_, before) in earlier.filter(|(_, before)| before.ended_before(statement)) {
        found.push(before);
        if before.to < statement.from {
            break;
        }
    }
    found
}

/// The numbers of a sequence such as `12/1`, so that 9 comes before 10.
fn numbers(sequence: &str) -> Vec<u64> {
    let parts = sequence.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// Where a bank repeats its ids and numbers, every year for example, the later statement's key has
/// its day added.
fn with_unique_keys(mut found: Vec<Discrepancy>) -> Vec<Discrepancy> {
    let mut known = HashSet::new();
    for it in &mut found {
        if known.insert((it.code, it.key.clone())) {
            continue;
        }
        it.key.push(it.event_date.to_string());
        let mut ordinal: u32 = 2;
        while !known.insert((it.code, it.key.clone())) {
            it.key.truncate(3);
            it.key.push(ordinal.to_string());
            ordinal = ordinal.saturating_add(1);
        }
    }
    found
}
