//! Leaves each booked movement once, whatever the number of files that report it.
//!
//! - *The same statement again*, in another format or under another name: the one received last
//!   counts and supersedes the others.
//! - *Intraday reports and notifications* that a statement, an export or another of them repeats:
//!   an entry with the same account, servicer reference, amount and booking date counts once, as
//!   the statement has it. Where only one of them has its details, they count and the total of the
//!   others does not (`batches`).
//! - *Exports without statement ids* that overlap: of equal entries as many count as the file with
//!   the most of them has.
//! - *Exports beside booked statements*: formats write texts differently, so of the entries of one
//!   account, day and amount as many count as the one that has more of them says.
//!
//! Within one statement nothing is ever left out: equal entries there are that many movements.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::batches::drop_repeated_batches;
use crate::domain::file::{FileId, InputFile};
use crate::domain::payout::BankEntry;
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementKind, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency};

/// Where a file stands among others; the greater one was received later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileRank<'f> {
    /// Its number, which rises with every run, and within one with name and SHA-256.
    pub file: FileId,
    /// The day it was received.
    pub received: NaiveDate,
    /// Its name without folders.
    pub name: &'f str,
}

impl<'f> From<&'f InputFile> for FileRank<'f> {
    fn from(file: &'f InputFile) -> Self {
        Self {
            file: file.id,
            received: file.received,
            name: &file.name,
        }
    }
}

/// Tells where a stored file stands.
pub type Files<'f> = dyn Fn(FileId) -> FileRank<'f> + 'f;

/// The statements that no later received version of the same statement supersedes, by number.
pub fn counting_statements<'s>(
    statements: &'s [StoredStatement],
    files: &Files<'_>,
) -> Vec<&'s StoredStatement> {
    let mut versions: HashMap<_, Vec<&StoredStatement>> = HashMap::new();
    let family = |it: &'s StoredStatement| {
        let Statement {
            account, kind, to, ..
        } = &it.statement;
        (account, *kind == StatementKind::Intraday, *to)
    };
    for it in statements {
        versions.entry(family(it)).or_default().push(it);
    }
    let rank = |it: &StoredStatement| (files(it.file), it.file);
    let is_superseded = |it: &'s StoredStatement| {
        let mut versions = versions.get(&family(it)).into_iter().flatten();
        versions.any(|other| it.file != other.file && is_same(it, other) && rank(it) < rank(other))
    };
    let mut counting: Vec<_> = statements.iter().filter(|it| !is_superseded(it)).collect();
    counting.sort_by_key(|it| it.number);
    counting
}

/// True when two statements of one account and last day are one: the same id or number, and the
/// same days.
///
/// Formats differ in the first day: MT940 has that of the opening balance, camt that of the
/// period. So where it differs, equal balances prove the same. Not every format has an id or a
/// number, and a number that is always 0 says nothing; then the [books](same_books) must prove it,
/// and so they must between a statement and an export. Pages of one statement in several files
/// have its id and days as well, but one begins with the balance that the other ends with.
fn is_same(one: &StoredStatement, other: &StoredStatement) -> bool {
    let same_books = same_books(one, other);
    let (one, other) = (&one.statement, &other.statement);
    let currencies = [one.currency, other.currency];
    if let [Some(currency), Some(other)] = currencies
        && currency != other
    {
        return false;
    }
    let same_balances = same_balances(one, other);
    let follows = |page: &Statement, before: &Statement| {
        page.opening.is_some() && page.opening == before.closing
    };
    if !same_balances && (follows(one, other) || follows(other, one)) {
        return false;
    }
    let same_days = one.from == other.from
        || (one.to.is_some() && (one.from.is_none() || other.from.is_none() || same_balances));
    let says_a_day = one.to.is_some() || one.from.is_some();
    let same_id = alike(&one.id, &other.id);
    let same_number = alike(plain_number(&one.sequence), plain_number(&other.sequence));
    let is_proven = match (same_id, same_number) {
        _ if one.kind != other.kind => same_books && says_a_day,
        (Some(true), _) => true,
        (_, Some(true)) => says_a_day,
        (Some(false), _) | (_, Some(false)) => false,
        (None, None) => same_books && says_a_day,
    };
    same_days && is_proven
}

/// Whether two names are one; `None` where a bank gives none.
fn alike(one: &str, other: &str) -> Option<bool> {
    (!one.is_empty() && !other.is_empty()).then_some(one == other)
}

/// True when both begin and end with the same balance.
fn same_balances(one: &Statement, other: &Statement) -> bool {
    one.opening.is_some()
        && one.closing.is_some()
        && (one.opening, one.closing) == (other.opening, other.closing)
}

/// True when the same balances come of the same sum of entries. Formats split batches differently,
/// so credits and debits may differ; but where the balance did not move, they alone tell one
/// statement from another.
fn same_books(one: &StoredStatement, other: &StoredStatement) -> bool {
    let movements = |it: &StoredStatement| (it.credits, it.debits);
    let sum = |it: &StoredStatement| it.credits - it.debits;
    let moved = one.statement.opening != one.statement.closing;
    same_balances(&one.statement, &other.statement)
        && (movements(one) == movements(other) || (moved && sum(one) == sum(other)))
}

/// A statement's number without leading zeros; empty for 0.
fn plain_number(sequence: &str) -> &str {
    sequence.trim().trim_start_matches('0')
}

/// An entry of a statement that counts.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'s> {
    pub(super) stored: &'s StoredEntry,
    pub(super) statement: &'s StoredStatement,
    pub(super) rank: FileRank<'s>,
}

/// What makes two entries of one account equal: days, amount and everything the bank wrote.
type Content<'s> = (
    (&'s str, NaiveDate, Option<NaiveDate>),
    (Amount, Currency),
    (&'s str, &'s str, &'s [String], &'s str),
);

impl<'s> Candidate<'s> {
    pub(super) fn account(&self) -> &'s str {
        &self.statement.statement.account
    }

    pub(super) fn entry(&self) -> &'s StatementEntry {
        &self.stored.entry
    }

    fn content(&self) -> Content<'s> {
        let entry = self.entry();
        (
            (self.account(), entry.booked_on, entry.value_on),
            (entry.amount, entry.currency),
            (
                &entry.servicer_reference,
                &entry.counterparty,
                &entry.references,
                &entry.remittance,
            ),
        )
    }

    /// What an intraday report and a booked statement say alike; `None` where the bank gives the
    /// entry no reference.
    fn movement(&self) -> Option<(&'s str, &'s str, NaiveDate, Amount, Currency)> {
        let entry = self.entry();
        let reference = entry.servicer_reference.as_str();
        (!reference.is_empty()).then_some((
            self.account(),
            reference,
            entry.booked_on,
            entry.amount,
            entry.currency,
        ))
    }

    /// True for an entry of an export without ids, which may repeat what other files have.
    fn may_overlap(&self) -> bool {
        let Statement { id, sequence, .. } = &self.statement.statement;
        self.is_of(StatementKind::Export) && id.is_empty() && sequence.is_empty()
    }

    pub(super) fn is_of(&self, kind: StatementKind) -> bool {
        self.statement.statement.kind == kind
    }
}

/// The entries that count, sorted by account, booking date and entry id.
///
/// The entry id is the servicer's reference. Where the bank gives several entries of an account
/// the same one (the details of a batch), the first of them by booking date keeps it and the others
/// have `#` and the hash of their content added. An entry without a reference has that hash alone: 16
/// hex digits of SHA-256 over account, dates, amount, texts and its rank among equals.
///
/// An entry whose statement is not among `statements` belongs to no account and does not count.
pub fn counting_entries(
    statements: &[StoredStatement],
    entries: &[StoredEntry],
    files: &Files<'_>,
) -> Vec<BankEntry> {
    let counting: HashMap<StatementId, (&StoredStatement, FileRank<'_>)> =
        counting_statements(statements, files)
            .into_iter()
            .map(|it| (it.number, (it, files(it.file))))
            .collect();
    let mut candidates: Vec<Candidate<'_>> = entries
        .iter()
        .filter_map(|stored| {
            let (statement, rank) = *counting.get(&stored.statement)?;
            Some(Candidate {
                stored,
                statement,
                rank,
            })
        })
        .collect();
    candidates.sort_by(|a, b| {
        let place = |it: &Candidate<'_>| (it.stored.entry.line, it.stored.number);
        (a.content(), a.rank, place(a)).cmp(&(b.content(), b.rank, place(b)))
    });
    let totals = drop_repeated_batches(&mut candidates);
    drop_repeated_intraday(&mut candidates);
    drop_overlapping_exports(&mut candidates);
    // Exports may repeat a total, so it goes last.
    drop_exported_again(&mut candidates);
    candidates.retain(|it| !totals.contains(&it.stored.number));
    let mut named = with_ids(&candidates);
    named.sort_by(|a, b| {
        let key = |it: &BankEntry| it.booked_on;
        (&a.account, key(a), &a.entry_id).cmp(&(&b.account, key(b), &b.entry_id))
    });
    named
}

fn drop_repeated_intraday(candidates: &mut Vec<Candidate<'_>>) {
    let booked: HashSet<_> = candidates
        .iter()
        .filter(|it| !it.is_of(StatementKind::Intraday))
        .filter_map(Candidate::movement)
        .collect();
    candidates.retain(|it| {
        let is_booked = it.movement().is_some_and(|it| booked.contains(&it));
        !(it.is_of(StatementKind::Intraday) && is_booked)
    });
    keep_fullest(
        candidates,
        |it| it.is_of(StatementKind::Intraday).then(|| it.movement())?,
        |it| (it.rank, it.statement.number.0),
    );
}

fn drop_overlapping_exports(candidates: &mut Vec<Candidate<'_>>) {
    keep_fullest(
        candidates,
        |it| it.may_overlap().then(|| it.content()),
        |it| (it.rank, it.statement.file.0),
    );
}

/// Leaves out what an export without ids repeats of booked statements. A booked statement is
/// complete for its days, so an entry of the same account, day and amount is the same movement,
/// whatever each format makes of its text. What the export has beyond that stays, and of equal
/// amounts rather the one whose reference no statement has.
fn drop_exported_again<'s>(candidates: &mut Vec<Candidate<'s>>) {
    let key = |it: &Candidate<'s>| {
        let entry = it.entry();
        (it.account(), entry.booked_on, entry.amount, entry.currency)
    };
    let mut booked: HashMap<_, usize> = HashMap::new();
    let mut references = HashSet::new();
    for it in candidates.iter() {
        if it.is_of(StatementKind::Booked) {
            let count = booked.entry(key(it)).or_default();
            *count = count.saturating_add(1);
            references.extend(it.entry().references.iter().map(|one| (key(it), one)));
        }
    }
    if booked.is_empty() {
        return;
    }
    let is_named = |it: &Candidate<'s>| {
        let mut own = it.entry().references.iter();
        own.any(|one| references.contains(&(key(it), one)))
    };
    let mut repeated = HashSet::new();
    for takes_named in [true, false] {
        for it in candidates.iter().filter(|it| it.may_overlap()) {
            if is_named(it) != takes_named {
                continue;
            }
            if let Some(left) = booked.get_mut(&key(it)).filter(|left| **left > 0) {
                *left = left.saturating_sub(1);
                repeated.insert(it.stored.number);
            }
        }
    }
    candidates.retain(|it| !repeated.contains(&it.stored.number));
}

/// Of candidates with the same key, keeps those of the source that has the most of them; of the
/// earliest such source. Candidates without a key stay.
fn keep_fullest<'s, K: Hash + Eq + Copy>(
    candidates: &mut Vec<Candidate<'s>>,
    key: impl Fn(&Candidate<'s>) -> Option<K>,
    source: impl Fn(&Candidate<'s>) -> (FileRank<'s>, i64),
) {
    let keyed = || {
        let keys = candidates.iter().map(|it| (key(it), source(it)));
        keys.filter_map(|(key, source)| Some((key?, source)))
    };
    let mut counts: HashMap<_, usize> = HashMap::new();
    for at in keyed() {
        let count = counts.entry(at).or_default();
        *count = count.saturating_add(1);
    }
    let mut fullest: HashMap<K, (usize, Reverse<_>)> = HashMap::new();
    for (key, source) in keyed() {
        let count = counts.get(&(key, source)).copied().unwrap_or_default();
        let found = (count, Reverse(source));
        let best = fullest.entry(key).or_insert(found);
        *best = found.max(*best);
    }
    candidates.retain(|it| {
        let Some(best) = key(it).and_then(|key| fullest.get(&key)) else {
            return true;
        };
        best.1.0 == source(it)
    });
}

/// Entries with their ids, in the order of `candidates`: by content, then by place.
fn with_ids(candidates: &[Candidate<'_>]) -> Vec<BankEntry> {
    let mut references = HashSet::new();
    let mut before: Option<Content<'_>> = None;
    let mut rank: u64 = 0;
    let named = candidates.iter().map(|it| {
        let content = it.content();
        rank = if before == Some(content) {
            rank.saturating_add(1)
        } else {
            0
        };
        before = Some(content);
        let entry = it.entry();
        let reference = entry.servicer_reference.as_str();
        let entry_id = if reference.is_empty() {
            fingerprint(&content, rank)
        } else if references.insert((it.account(), reference)) {
            reference.to_owned()
        } else {
            format!("{reference}#{}", fingerprint(&content, rank))
        };
        BankEntry {
            entry_id,
            account: it.account().to_owned(),
            booked_on: entry.booked_on,
            amount: entry.amount,
            currency: entry.currency,
            counterparty: entry.counterparty.clone(),
            references: entry.references.clone(),
            remittance: entry.remittance.clone(),
            file: it.rank.name.to_owned(),
            line: entry.line,
        }
    });
    named.collect()
}

/// The first 16 hex digits of SHA-256 over what an entry says and its rank among equals.
fn fingerprint(content: &Content<'_>, rank: u64) -> String {
    let ((account, booked_on, value_on), (amount, currency), texts) = content;
    let (reference, counterparty, references, remittance) = texts;
    let value_on = value_on.map(|day| day.to_string()).unwrap_or_default();
    let fields = [
        *account,
        &booked_on.to_string(),
        &value_on,
        &amount.display(*currency).to_string(),
        currency.code(),
        *reference,
        *counterparty,
        &references.join("\u{1e}"),
        *remittance,
        &rank.to_string(),
    ];
    let digest = Sha256::digest(fields.join("\u{1f}"));
    let head = digest.first_chunk::<8>().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(head))
}
