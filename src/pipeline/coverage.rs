//! What the books cover, put together from what is stored: how far each feed reaches, and which
//! days the reports without numbers cover (leg 4 of providers whose files have no names that say
//! so).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::knowledge::Knowledge;
use crate::domain::file::{FileId, FileStatus, InputContent, InputFile};
use crate::domain::rules::Rules;
use crate::matching::completeness::CoveredDays;
use crate::matching::coverage::{CoverageItems, Covered, Delivery};
use crate::matching::files::CountingFiles;
use crate::matching::statements::counting_statements;

/// How far the books reach, seen from a day. A run that will be recorded may be the first one.
pub(super) fn covered(
    knowledge: &Knowledge,
    rules: &Rules,
    as_of: NaiveDate,
    is_recorded: bool,
) -> Covered {
    let came = knowledge.files.iter().filter(|file| match file.status {
        FileStatus::Accepted | FileStatus::Duplicate => true,
        FileStatus::Refused | FileStatus::Ignored | FileStatus::Unread => false,
    });
    let deliveries: Vec<Delivery<'_>> = came.map(|file| delivery(knowledge, file)).collect();
    let statements = counting_statements(&knowledge.statements, &|file| knowledge.file_rank(file));
    let input_of = knowledge.files.iter();
    let input_of: BTreeMap<FileId, &str> = input_of
        .map(|file| (file.id, file.place.as_str()))
        .collect();
    let items = CoverageItems {
        deliveries: &deliveries,
        statements: &statements,
        entries: &knowledge.entries,
        input_of: &input_of,
        first_recorded: knowledge.first_recorded.or(is_recorded.then_some(as_of)),
    };
    Covered::new(&items, rules, as_of)
}

fn delivery<'k>(knowledge: &'k Knowledge, file: &'k InputFile) -> Delivery<'k> {
    let feed = knowledge.order_feeds.get(&file.id);
    let has_lines =
        file.status == FileStatus::Accepted && file.kind.content() == InputContent::Lines;
    Delivery {
        kind: file.kind,
        input: &file.place,
        provider: &file.provider,
        orders_of: feed.map_or(&[], |feed| feed.providers.as_slice()),
        received: feed
            .and_then(|feed| feed.again_on)
            .map_or(file.received, |again| again.max(file.received)),
        report_date: file.report_date.filter(|_| has_lines),
    }
}

/// The days that reports without numbers cover as seen on a day, those of memo lines too. A
/// provider that numbers its reports is not asked for others.
pub(super) fn covered_days<'k>(
    knowledge: &'k Knowledge,
    files: &CountingFiles<'k>,
    as_of: NaiveDate,
) -> Vec<CoveredDays<'k>> {
    let numbered: BTreeSet<&str> = files.series.iter().map(|it| it.provider).collect();
    let unnumbered: BTreeMap<FileId, &'k InputFile> = knowledge
        .files
        .iter()
        .filter(|file| file.sequence.is_none() && files.counting.contains(&file.id))
        .map(|file| (file.id, file))
        .collect();
    let mut covered: BTreeMap<(FileId, &str), CoveredDays<'k>> = BTreeMap::new();
    for slice in knowledge.slices_by_number() {
        let (provider, day) = (slice.provider.as_str(), slice.report_date);
        let Some(file) = unnumbered.get(&slice.file) else {
            continue;
        };
        if numbered.contains(provider) || as_of < day {
            continue;
        }
        let days = covered
            .entry((slice.file, provider))
            .or_insert(CoveredDays {
                provider,
                country: &file.country,
                first: day,
                last: day,
                file: &file.name,
            });
        days.first = days.first.min(day);
        days.last = days.last.max(day);
    }
    covered.into_values().collect()
}
