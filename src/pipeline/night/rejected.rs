//! Rejected rows that still stand on a night: nothing that came later has settled them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::file::{FileId, InputContent, InputFile, RejectedRow};
use crate::domain::order::Order;
use crate::facts::lookup;
use crate::matching::files::{CountingFiles, asked_again, delivered_again};
use crate::pipeline::RunError;
use crate::pipeline::knowledge::Knowledge;
use crate::storage::{Db, StorageError, files};

/// The rejected rows of the files that count on a day, but for those of a file that came again,
/// and of orders of which a later row was accepted.
pub(super) async fn standing(
    db: &mut Db,
    knowledge: &Knowledge,
    counting: &CountingFiles<'_>,
    as_of: NaiveDate,
) -> Result<Vec<(FileId, RejectedRow)>, RunError> {
    let mut settled = asked_again(&knowledge.files, as_of);
    settled.append(&mut delivered_again(&knowledge.files, as_of));
    let stands = |file: &&InputFile| {
        file.rejected > 0
            && !settled.contains(&file.id)
            && file.report_date.is_none_or(|day| day <= as_of)
            && counting.counting.contains(&file.id)
    };
    let ids: Vec<FileId> = knowledge
        .files
        .iter()
        .filter(stands)
        .map(|it| it.id)
        .collect();
    let mut rejected = files::rejected_of(db, &ids).await?;
    let accepted = accepted_since(db, knowledge, as_of, &rejected).await?;
    rejected.retain(|(file, row)| !accepted.contains(&(*file, row.line)));
    Ok(rejected)
}

/// A rejected row that names an order, and where it is.
struct Named<'r> {
    provider: &'r str,
    at: (FileId, u32),
}

/// The places of rejected rows of orders whose order was accepted later: by a later file, or
/// further down in the same one.
async fn accepted_since(
    db: &mut Db,
    knowledge: &Knowledge,
    as_of: NaiveDate,
    rejected: &[(FileId, RejectedRow)],
) -> Result<BTreeSet<(FileId, u32)>, RunError> {
    let seen = knowledge.files.iter();
    let seen = seen.filter(|it| it.kind.content() == InputContent::Orders && it.received <= as_of);
    let seen: BTreeSet<FileId> = seen.map(|file| file.id).collect();
    let mut places: BTreeMap<&str, Vec<Named<'_>>> = BTreeMap::new();
    for (file, row) in rejected.iter().filter(|(file, _)| seen.contains(file)) {
        let names = &row.names;
        if !names.order_reference.is_empty() {
            let of_reference = places.entry(&names.order_reference).or_default();
            of_reference.push(Named {
                provider: &names.provider,
                at: (*file, row.line),
            });
        }
    }
    let mut accepted = BTreeSet::new();
    if places.is_empty() {
        return Ok(accepted);
    }
    let stored = lookup::orders(db, &places.keys().copied().collect()).await?;
    for ((provider, reference), rows) in &stored {
        let orders: Vec<Order<'_>> = rows.all().map_err(StorageError::from)?;
        let last = orders.iter().map(|order| (order.file, order.line));
        let last = last.filter(|(file, _)| seen.contains(file)).max();
        let rejected = places.get(reference.as_str()).into_iter().flatten();
        let settled = rejected.filter(|it| it.provider == provider && last > Some(it.at));
        accepted.extend(settled.map(|it| it.at));
    }
    Ok(accepted)
}
