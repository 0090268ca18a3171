//! Files by number: their names.

use std::collections::HashMap;

use crate::domain::file::{FileId, InputFile};
use crate::matching::orders::FileNames;

/// Names of files.
#[derive(Clone, Debug, Default)]
pub(super) struct FileIndex {
    names: HashMap<FileId, String>,
}

impl FileIndex {
    /// The names of some files.
    pub(super) fn of(files: &[InputFile]) -> Self {
        let names = files.iter().map(|file| (file.id, file.name.clone()));
        Self {
            names: names.collect(),
        }
    }
}

impl FileNames for FileIndex {
    fn name(&self, file: FileId) -> &str {
        self.names.get(&file).map_or("", String::as_str)
    }
}
