//! What a recorded night has read is removed at the source, where its owner wants that.

use std::collections::BTreeSet;

use super::{SourcePlan, open};
use crate::clock::RunClock;
use crate::pipeline::RunError;
use crate::sources::RemoteFile;
use crate::storage::Db;
use crate::storage::fetched::{self, FetchedFile, FetchedState};

/// Removes at the sources what recorded nights have read. What cannot be removed is said, and the
/// next night tries again: it stops nothing.
///
/// # Errors
/// When the database fails.
pub(super) async fn remove_recorded(
    db: &mut Db,
    plans: &[SourcePlan],
    clock: RunClock,
) -> Result<(), RunError> {
    for plan in plans.iter().filter(|plan| plan.removes) {
        let due = fetched::recorded(db, &plan.name).await?;
        if due.is_empty() {
            continue;
        }
        let mut connection = match open(plan).await {
            Ok(connection) => connection,
            Err(why) => {
                tracing::warn!("source {}: nothing is removed there: {why}", plan.name);
                continue;
            }
        };
        let keys: BTreeSet<String> = due.iter().map(|file| file.key.clone()).collect();
        for file in due {
            match connection.remove(&remote(&file), &keys).await {
                Ok(()) => {
                    let removed = FetchedFile {
                        state: FetchedState::Removed,
                        ..file
                    };
                    fetched::remember(db, &plan.name, &removed, &clock.now_text()).await?;
                }
                Err(error) => {
                    tracing::warn!("source {}: {error}", plan.name);
                    if error.of_all {
                        break;
                    }
                }
            }
        }
        connection.close().await;
    }
    Ok(())
}

fn remote(file: &FetchedFile) -> RemoteFile {
    RemoteFile {
        key: file.key.clone(),
        name: file.name.clone(),
        size_bytes: Some(file.size_bytes),
        version: file.version.clone(),
    }
}
