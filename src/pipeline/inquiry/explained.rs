//! What explains what on the latest recorded night. It is not stored: it follows from what the night
//! found and from the files that it knew, so it is found again as the night found it.

use std::collections::BTreeSet;

use crate::config::Settings;
use crate::domain::cause::Causes;
use crate::domain::discrepancy::Code;
use crate::domain::file::{FileId, InputFile};
use crate::domain::found::FoundList;
use crate::matching::causes::{self, Surroundings};
use crate::matching::payouts;
use crate::pipeline::RunError;
use crate::pipeline::coverage::covered;
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::storage::runs::RecordedNight;
use crate::storage::{Db, files};

/// The causes of what a recorded night found.
pub(super) async fn causes(
    db: &mut Db,
    settings: &Settings,
    knowledge: &Knowledge,
    (night, found): (&RecordedNight, &FoundList),
) -> Result<Causes, RunError> {
    let rules = &settings.rules;
    let mut around = Surroundings::default();
    let rejected = files::rejected_of(db, &with_rejected(knowledge, found)).await?;
    around.note_files(&knowledge.files, &rejected);
    // The payouts are asked for by two rules only.
    let causes_of_payouts = [Code::StatementGap, Code::PayoutReferenceMissing];
    let mut asked = causes_of_payouts.into_iter();
    if asked.any(|code| found.open_of_code(code).next().is_some()) {
        let viewpoint = Viewpoint::of(night);
        let facts = knowledge.payout_facts(viewpoint, &knowledge.counting(viewpoint));
        let covered = covered(knowledge, rules, night.as_of, false);
        let payouts = payouts::reconcile(&facts.items(), rules, &covered);
        around.note_payouts(&facts.unassigned, &payouts, rules);
    }
    Ok(causes::find(found, &around, rules))
}

/// The files of which rejected rows are found.
fn with_rejected(knowledge: &Knowledge, found: &FoundList) -> Vec<FileId> {
    let named: BTreeSet<String> = found
        .open_of_code(Code::LineRejected)
        .filter_map(|rejected| rejected.key.into_iter().next())
        .collect();
    let is_named = |file: &&InputFile| file.rejected > 0 && named.contains(&file.sha256);
    let files = knowledge.files.iter().filter(is_named);
    files.map(|file| file.id).collect()
}
