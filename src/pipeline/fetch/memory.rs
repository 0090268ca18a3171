//! What is remembered of a source: which files it brought.

use std::collections::{BTreeMap, BTreeSet};

use super::SourcePlan;
use crate::pipeline::RunError;
use crate::sources::{RemoteFile, landing};
use crate::storage::Db;
use crate::storage::fetched::{self, FetchedFile, FetchedState, Reading};

/// The files that a source brought, by what it calls them.
#[derive(Debug, Default)]
pub(super) struct Memory {
    by_key: BTreeMap<String, Vec<FetchedFile>>,
    /// Name and SHA-256 of each: a mailbox that is made anew calls everything by other keys.
    bytes: BTreeSet<(String, String)>,
}

impl Memory {
    /// What is remembered. A file that was landing when a fetch was killed has landed if it is
    /// there, or if a night has read it; else it is forgotten, and comes again.
    pub(super) async fn of(db: &mut Db, plan: &SourcePlan) -> Result<Self, RunError> {
        let mut memory = Self::default();
        for mut file in fetched::of_source(db, &plan.name).await? {
            if file.state == FetchedState::Landing {
                let there = landing::sha256_of(&plan.into.join(&file.name));
                let read = fetched::reading_of(db, &file.name, &file.sha256).await?;
                if there.as_ref() != Some(&file.sha256) && read == Reading::Unread {
                    continue;
                }
                file.state = FetchedState::Landed;
            }
            memory.add(file);
        }
        Ok(memory)
    }

    pub(super) fn add(&mut self, file: FetchedFile) {
        self.bytes.insert((file.name.clone(), file.sha256.clone()));
        let of_key = self.by_key.entry(file.key.clone()).or_default();
        of_key.retain(|known| known.sha256 != file.sha256);
        of_key.push(file);
    }

    fn of_key(&self, key: &str) -> impl Iterator<Item = &FetchedFile> {
        self.by_key.get(key).into_iter().flatten()
    }

    /// True for a file that was brought and has not changed since.
    pub(super) fn knows(&self, file: &RemoteFile) -> bool {
        self.of_key(&file.key).any(|known| {
            let size = file.size_bytes.is_none_or(|size| size == known.size_bytes);
            size && known.version == file.version
        })
    }

    /// True when these bytes were brought under the same name.
    pub(super) fn knows_bytes(&self, name: &str, sha256: &str) -> bool {
        self.bytes.contains(&(name.to_owned(), sha256.to_owned()))
    }
}
