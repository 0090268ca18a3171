//! Which days the reports without numbers cover: leg 4 of providers whose files have no names that
//! say so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::knowledge::Knowledge;
use crate::domain::file::{FileId, InputFile};
use crate::matching::completeness::CoveredDays;
use crate::matching::files::CountingFiles;

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
