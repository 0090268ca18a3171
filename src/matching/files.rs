//! Which files count: series of numbers, supersession, and what is said of files themselves.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::calendar::days_between;
use crate::domain::detail::{Detail, RejectedCell};
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::file::{FileId, FileStatus, InputFile, RejectedRow};
use crate::domain::{Amount, Currency, Money};

/// A number that falls below one this many days older begins a new series.
const SERIES_RESTART_DAYS: i64 = 20;

/// One number of a series: the file that counts, and those it supersedes.
#[derive(Clone, Debug)]
pub struct Numbered<'f> {
    /// Its number.
    pub sequence: u64,
    /// The version that counts.
    pub winner: &'f InputFile,
    /// The others, the highest ranked first.
    pub losers: Vec<&'f InputFile>,
}

/// The numbers of one provider and country that go on from each other.
#[derive(Clone, Debug)]
pub struct Series<'f> {
    /// Who reports.
    pub provider: &'f str,
    /// Country in lower case.
    pub country: &'f str,
    /// By number, rising.
    pub numbers: Vec<Numbered<'f>>,
}

impl<'f> Series<'f> {
    /// Provider and country.
    pub(super) fn place(&self) -> (&'f str, &'f str) {
        (self.provider, self.country)
    }
}

/// The files that are seen on a day.
#[derive(Clone, Debug)]
pub struct CountingFiles<'f> {
    /// Ids of the files that count.
    pub counting: BTreeSet<FileId>,
    /// Ids of accepted files that another supersedes.
    pub superseded: BTreeSet<FileId>,
    /// All series, by provider and country, the oldest series first.
    pub series: Vec<Series<'f>>,
}

/// Later report date, then later received: the version that counts.
fn version_rank(file: &InputFile) -> (Option<NaiveDate>, FileId) {
    (file.report_date, file.id)
}

/// Tells which of the accepted files count on a day. `known` restricts what is known: a past
/// night did not know the files of later runs.
pub fn counting<'f>(
    files: &'f [InputFile],
    as_of: NaiveDate,
    known: &dyn Fn(&InputFile) -> bool,
) -> CountingFiles<'f> {
    // A file without number may report many days: its lines are seen one by one.
    let seen = |file: &&InputFile| {
        let day = file.sequence.and(file.report_date);
        file.status == FileStatus::Accepted && day.is_none_or(|day| day <= as_of) && known(file)
    };
    let mut counting = BTreeSet::new();
    let mut numbered: BTreeMap<(&str, &str), Vec<&InputFile>> = BTreeMap::new();
    for file in files.iter().filter(seen) {
        if file.sequence.is_some() {
            numbered
                .entry((&file.provider, &file.country))
                .or_default()
                .push(file);
        } else {
            counting.insert(file.id);
        }
    }
    let mut superseded = BTreeSet::new();
    let mut series = Vec::new();
    for ((provider, country), files) in numbered {
        for files in split_into_series(files) {
            let numbers = versions(files);
            for number in &numbers {
                counting.insert(number.winner.id);
                superseded.extend(number.losers.iter().map(|file| file.id));
            }
            series.push(Series {
                provider,
                country,
                numbers,
            });
        }
    }
    CountingFiles {
        counting,
        superseded,
        series,
    }
}

/// A file whose number is lower than that of a file of its series dated more than 20 days before
/// it begins a new series, to which the later dated files belong.
fn split_into_series(mut files: Vec<&InputFile>) -> Vec<Vec<&InputFile>> {
    files.sort_by_key(|file| (file.report_date, file.sequence, file.id));
    let mut all: Vec<Vec<&InputFile>> = Vec::new();
    let mut current: Vec<&InputFile> = Vec::new();
    let mut begun: Vec<&InputFile> = Vec::new();
    for same_day in files.chunk_by(|a, b| a.report_date == b.report_date) {
        let restarts = |file: &&&InputFile| {
            current.iter().any(|old| {
                let age = old.report_date.zip(file.report_date);
                age.is_some_and(|(old, new)| days_between(old, new) > SERIES_RESTART_DAYS)
                    && old.sequence > file.sequence
            })
        };
        let (new, old): (Vec<&&InputFile>, Vec<&&InputFile>) =
            same_day.iter().partition(|file| restarts(file));
        begun.extend(new.into_iter().copied());
        current.extend(old.into_iter().copied());
        if !begun.is_empty() {
            all.push(std::mem::replace(&mut current, std::mem::take(&mut begun)));
        }
    }
    all.push(current);
    all
}

fn versions(files: Vec<&InputFile>) -> Vec<Numbered<'_>> {
    let mut by_number: BTreeMap<u64, Vec<&InputFile>> = BTreeMap::new();
    for file in files {
        if let Some(sequence) = file.sequence {
            by_number.entry(sequence).or_default().push(file);
        }
    }
    let mut numbers = Vec::with_capacity(by_number.len());
    for (sequence, mut files) in by_number {
        files.sort_by_key(|file| std::cmp::Reverse(version_rank(file)));
        let mut files = files.into_iter();
        if let Some(winner) = files.next() {
            numbers.push(Numbered {
                sequence,
                winner,
                losers: files.collect(),
            });
        }
    }
    numbers
}

/// The imports from the shop's database that a later one of the same query repeats. As long as a
/// row is rejected it is asked for again, so what the last import says of it is what holds.
pub fn asked_again(files: &[InputFile], as_of: NaiveDate) -> BTreeSet<FileId> {
    let mut last: BTreeMap<&str, FileId> = BTreeMap::new();
    let mut repeated = BTreeSet::new();
    let taken = files.iter().filter(|file| {
        file.is_import() && file.status == FileStatus::Accepted && file.received <= as_of
    });
    // Files come in the order in which they were stored.
    for file in taken {
        repeated.extend(last.insert(&file.name, file.id));
    }
    repeated
}

/// The files of rows that a later file of the same name and input says again: what was rejected
/// of them is settled. A file with a number is superseded instead.
pub fn delivered_again(files: &[InputFile], as_of: NaiveDate) -> BTreeSet<FileId> {
    let mut last: BTreeMap<(&str, &str, &str), FileId> = BTreeMap::new();
    let mut settled = BTreeSet::new();
    let taken = files.iter().filter(|file| {
        file.status == FileStatus::Accepted
            && file.sequence.is_none()
            && !file.place.is_empty()
            && file.received <= as_of
    });
    for file in taken {
        let key = (file.kind.word(), file.place.as_str(), file.name.as_str());
        settled.extend(last.insert(key, file.id));
    }
    settled
}

/// What a run says of the files themselves.
pub struct FileQuestions<'q> {
    /// All files.
    pub files: &'q [InputFile],
    /// Those that count now.
    pub counting: &'q CountingFiles<'q>,
    /// Tells the files that are found on this day: those for which it is the first recorded day
    /// after they were stored that is not before their own.
    pub is_new: &'q dyn Fn(&InputFile) -> bool,
    /// Rejected rows of files that count.
    pub rejected: &'q [(FileId, RejectedRow)],
    /// The day.
    pub as_of: NaiveDate,
}

impl FileQuestions<'_> {
    /// `REPORT_REPLACED`, `REPORT_DUPLICATE`, `REPORT_REJECTED` and `LINE_REJECTED`.
    pub fn discrepancies(&self) -> Vec<Discrepancy> {
        let mut found = self.replaced();
        found.extend(self.duplicates());
        found.extend(self.refused());
        found.extend(self.rejected_rows());
        found
    }

    fn replaced(&self) -> Vec<Discrepancy> {
        let before = counting(self.files, self.as_of, &|file| !(self.is_new)(file));
        let mut found = Vec::new();
        for series in &self.counting.series {
            for number in &series.numbers {
                let versions = || std::iter::once(&number.winner).chain(&number.losers);
                let Some(highest) = number.losers.first() else {
                    continue;
                };
                if !versions().any(|file| (self.is_new)(file)) {
                    continue;
                }
                let counted = number
                    .losers
                    .iter()
                    .find(|file| before.counting.contains(&file.id));
                found.push(self.replacement(series, number, counted.unwrap_or(highest)));
            }
        }
        found
    }

    fn replacement(
        &self,
        series: &Series<'_>,
        number: &Numbered<'_>,
        superseded: &InputFile,
    ) -> Discrepancy {
        let file = number.winner;
        let key = vec![
            series.provider.to_owned(),
            series.country.to_owned(),
            number.sequence.to_string(),
        ];
        let one = one_currency(&superseded.gross, &file.gross);
        let day = file.report_date.unwrap_or(self.as_of);
        let sources = [superseded, file].map(whole_file).to_vec();
        Discrepancy {
            provider: series.provider.to_owned(),
            file: file.name.clone(),
            currency: one.map(|(currency, _, _)| currency),
            expected: one.map(|(_, old, _)| old),
            actual: one.map(|(_, _, new)| new),
            detail: Detail::OtherFile(superseded.name.clone()),
            sources: sorted(sources),
            ..Discrepancy::new(Code::ReportReplaced, key, day)
        }
    }

    fn duplicates(&self) -> Vec<Discrepancy> {
        let duplicates = self.files.iter().filter(|file| {
            file.status == FileStatus::Duplicate
                && (self.is_new)(file)
                && file.report_date.is_none_or(|day| day <= self.as_of)
        });
        let finding = |file: &InputFile| Discrepancy {
            provider: file.provider.clone(),
            file: file.name.clone(),
            sources: vec![whole_file(file)],
            detail: Detail::OtherFile(file.reason.clone()),
            ..Discrepancy::new(
                Code::ReportDuplicate,
                vec![file.name.clone(), file.sha256.clone()],
                file.report_date.unwrap_or(self.as_of),
            )
        };
        duplicates.map(finding).collect()
    }

    /// A refused file stands until one of its name, or of its country and sequence, is accepted
    /// in the same run or later.
    fn refused(&self) -> Vec<Discrepancy> {
        let mut latest: BTreeMap<(String, String), (FileId, i64)> = BTreeMap::new();
        for file in self
            .files
            .iter()
            .filter(|file| file.status == FileStatus::Accepted)
        {
            // Files come in the order in which they were stored.
            for key in identities(file) {
                latest.insert(key, (file.id, file.intake));
            }
        }
        let settled = |file: &InputFile| {
            identities(file).iter().any(|key| {
                latest
                    .get(key)
                    .is_some_and(|(id, intake)| *id > file.id || *intake == file.intake)
            })
        };
        let mut found: BTreeMap<String, Discrepancy> = BTreeMap::new();
        for file in self
            .files
            .iter()
            .filter(|file| file.status == FileStatus::Refused)
        {
            let day = file.report_date.unwrap_or(file.received);
            if day > self.as_of || settled(file) {
                continue;
            }
            let finding = Discrepancy {
                provider: file.provider.clone(),
                file: file.name.clone(),
                sources: vec![whole_file(file)],
                detail: Detail::Refusal(file.reason.clone()),
                ..Discrepancy::new(
                    Code::ReportRejected,
                    vec![file.name.clone(), file.sha256.clone()],
                    day,
                )
            };
            found.insert(finding.id(), finding);
        }
        found.into_values().collect()
    }

    fn rejected_rows(&self) -> Vec<Discrepancy> {
        let by_id: BTreeMap<FileId, &InputFile> =
            self.files.iter().map(|file| (file.id, file)).collect();
        let mut found = Vec::new();
        for (id, row) in self.rejected {
            let Some(file) = by_id.get(id) else { continue };
            let day = file.report_date.unwrap_or(file.received);
            if day > self.as_of {
                continue;
            }
            let line = row.line.to_string();
            found.push(Discrepancy {
                provider: file.provider.clone(),
                file: format!("{}:{line}", file.name),
                sources: vec![Source {
                    file: file.name.clone(),
                    line: row.line,
                }],
                detail: Detail::RejectedCell(RejectedCell {
                    column: row.column.clone(),
                    value: row.value.clone(),
                    reason: row.reason.clone(),
                }),
                ..Discrepancy::new(Code::LineRejected, vec![file.sha256.clone(), line], day)
            });
        }
        found
    }
}

/// What makes two files the same delivery: the name, and the number of a series.
fn identities(file: &InputFile) -> Vec<(String, String)> {
    let mut keys = vec![(file.kind.word().to_owned(), file.name.clone())];
    if let Some(sequence) = file.sequence {
        keys.push((
            format!("{}/{}", file.provider, file.country),
            sequence.to_string(),
        ));
    }
    keys
}

fn whole_file(file: &InputFile) -> Source {
    Source {
        file: file.name.clone(),
        line: 0,
    }
}

fn sorted(mut sources: Vec<Source>) -> Vec<Source> {
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// The sums of two files where both have at most the same one currency.
fn one_currency(old: &[Money], new: &[Money]) -> Option<(Currency, Amount, Amount)> {
    let mut currencies: Vec<Currency> = old.iter().chain(new).map(|money| money.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let sum = |sums: &[Money]| sums.iter().map(|money| money.amount).sum();
    match currencies.as_slice() {
        [currency] => Some((*currency, sum(old), sum(new))),
        [] => Some((Currency::EUR, Amount::ZERO, Amount::ZERO)),
        _ => None,
    }
}
