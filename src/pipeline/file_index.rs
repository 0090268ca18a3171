//! Files by number: their names, and when they were received.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::RunError;
use crate::domain::file::{FileId, InputFile};
use crate::matching::orders::{FileNames, ReceiptRank};
use crate::storage::{Db, files};

/// Names and ranks of files.
#[derive(Clone, Debug)]
pub(super) struct FileIndex {
    files: HashMap<FileId, (String, NaiveDate)>,
    /// When a file that is just being read is received.
    today: NaiveDate,
}

impl FileIndex {
    /// No files yet; one that is unknown is being read today.
    pub(super) fn new(today: NaiveDate) -> Self {
        Self {
            files: HashMap::new(),
            today,
        }
    }

    /// All stored files.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn read(db: &mut Db, today: NaiveDate) -> Result<Self, RunError> {
        let mut index = Self::new(today);
        for stored in files::all(db).await? {
            index.add(&stored.file);
        }
        Ok(index)
    }

    /// Adds a file.
    pub(super) fn add(&mut self, file: &InputFile) {
        self.files
            .insert(file.id, (file.name.clone(), file.received));
    }
}

impl FileNames for FileIndex {
    fn name(&self, file: FileId) -> &str {
        self.files.get(&file).map_or("", |(name, _)| name)
    }

    fn rank(&self, file: FileId) -> ReceiptRank {
        let received = self
            .files
            .get(&file)
            .map_or(self.today, |(_, received)| *received);
        ReceiptRank { received, file }
    }
}
