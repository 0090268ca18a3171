//! What the reading thread is given, and what it tells the storing side.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::domain::file::{FileId, FileStatus, RejectedRow};
use crate::domain::settlement::Slice;
use crate::domain::statement::{StoredEntry, StoredStatement};
use crate::facts::FactBatch;
use crate::ingest::Refusal;
use crate::ingest::decisions::Decisions;
use crate::ingest::inbox::Candidate;
use crate::storage::files::{KnownPath, StoredFile};
use crate::storage::slices::FileTotal;

/// A file that is to be looked at, with the inputs that want it.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Job {
    /// The file.
    pub(in crate::pipeline) candidate: Candidate,
    /// How its path is remembered.
    pub(in crate::pipeline) path_key: String,
    /// The inputs whose place it is in, by position.
    pub(in crate::pipeline) inputs: Vec<usize>,
    /// SHA-256 of its bytes, where its place among others of its name was told by it.
    pub(in crate::pipeline) sha256: Option<String>,
    /// What was stored from this path before, when that still holds for the same bytes.
    pub(in crate::pipeline) before: Option<Before>,
    /// For what a query on the shop's database gave.
    pub(in crate::pipeline) import: Option<Import>,
}

/// A query that was asked; its rows are the file.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Import {
    /// Why it gave nothing.
    pub(in crate::pipeline) refusal: Option<Refusal>,
    /// Rows of the file.
    pub(in crate::pipeline) rows: u64,
    /// When it began: remembered when all its rows are taken.
    pub(in crate::pipeline) began: String,
    /// What was remembered before, and is when they are not.
    pub(in crate::pipeline) before: String,
}

impl Import {
    /// Sets what is remembered of the import behind a file that was read.
    pub(super) fn settle(&self, read: &mut FileRead) {
        let file = &read.stored.file;
        let all_taken = file.status == FileStatus::Accepted && file.rejected == 0;
        let stamp = if all_taken { &self.began } else { &self.before };
        read.stamp.clone_from(stamp);
        // The path of the import stays what it is; what is archived has one of its own.
        read.archived_as = (self.rows > 0).then(|| format!("{}:kept", read.path_key));
    }
}

/// A file that was read from a path before.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Before {
    /// Its number.
    pub(in crate::pipeline) file: FileId,
    /// SHA-256 of its bytes.
    pub(in crate::pipeline) sha256: String,
    /// True where its bytes are stored.
    pub(in crate::pipeline) is_taken: bool,
}

/// What the reading thread tells the storing one.
pub(in crate::pipeline) enum Message {
    /// Rows of legs 1 and 2: to be stored, and to be kept for matching.
    Facts(FactBatch),
    /// Entries of statements whose own row follows with the file.
    Entries(Vec<StoredEntry>),
    /// The end of a file.
    File(Box<FileRead>),
    /// A file that was touched but holds the bytes it held: only its times are new.
    Unchanged {
        /// How its path is remembered.
        path_key: String,
        /// What is known of it now.
        known: KnownPath,
        /// The day of an import that gave the same rows again: the shop was heard of.
        heard_on: Option<NaiveDate>,
        /// For a stored file whose place is the archive: a killed run may have left it half-way.
        archive: Option<(Candidate, PathBuf)>,
    },
}

/// A file with all that is known at its end.
#[derive(Debug)]
pub(in crate::pipeline) struct FileRead {
    /// The file as it is remembered.
    pub(in crate::pipeline) stored: StoredFile,
    /// How its path is remembered.
    pub(in crate::pipeline) path_key: String,
    /// Its size and times.
    pub(in crate::pipeline) stamp: String,
    /// Fingerprint of the settings it was read with.
    pub(in crate::pipeline) settings: String,
    /// Where it is.
    pub(in crate::pipeline) path: PathBuf,
    /// Under which path it is archived, where it can be.
    pub(in crate::pipeline) archived_as: Option<String>,
    /// Position of the input that read it.
    pub(in crate::pipeline) input: usize,
    /// Its slices.
    pub(in crate::pipeline) slices: Vec<Slice>,
    /// Its totals.
    pub(in crate::pipeline) totals: Vec<FileTotal>,
    /// Its statements.
    pub(in crate::pipeline) statements: Vec<StoredStatement>,
    /// Its rejected rows.
    pub(in crate::pipeline) rejected: Vec<RejectedRow>,
    /// Which of its lines are chargebacks, counted from 0.
    pub(in crate::pipeline) chargebacks: Vec<i64>,
    /// Transactions from which, as it says, money was taken back.
    pub(in crate::pipeline) returned: BTreeSet<String>,
    /// The providers of its rows of orders.
    pub(in crate::pipeline) orders_of: BTreeSet<String>,
    /// What it asks to be decided.
    pub(in crate::pipeline) decisions: Option<Decisions>,
}

/// The next free numbers of what the reading thread numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::pipeline) struct NextIds {
    pub(in crate::pipeline) file: i64,
    pub(in crate::pipeline) slice: i64,
    pub(in crate::pipeline) statement: i64,
    pub(in crate::pipeline) entry: i64,
}
