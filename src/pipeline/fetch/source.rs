//! One source, from the connection to the last file that landed.

use std::collections::BTreeSet;
use std::path::Path;

use super::memory::Memory;
use super::{Fate, FileReport, SourcePlan, SourceReport, open};
use crate::clock::RunClock;
use crate::domain::source::{CommandAddress, SourceAddress};
use crate::ingest::inbox::{self, Entry};
use crate::pipeline::{Progress, RunError};
use crate::sources::landing::{self, HIDDEN_FOLDER, Taken};
use crate::sources::{
    Connection, Landing, Patience, RemoteFile, SourceError, Whole, command, file_bytes_max,
};
use crate::storage::fetched::{self, FetchedFile, FetchedState, Reading};
use crate::storage::{Db, files};

/// Where a file is moved that a recorded night has read, when another of its name comes.
const REPLACED_FOLDER: &str = "replaced";

/// A fetch of one source.
pub(super) struct Fetch<'f> {
    pub(super) plan: &'f SourcePlan,
    pub(super) db: &'f mut Db,
    pub(super) memory: Memory,
    /// The folder of the configuration, which remembered paths are relative to.
    pub(super) base: &'f Path,
    pub(super) clock: RunClock,
    pub(super) progress: &'f dyn Progress,
}

/// What of one file is known after it was received.
struct Received<'r> {
    remote: &'r RemoteFile,
    whole: Whole,
}

impl Received<'_> {
    fn file(&self, state: FetchedState) -> FetchedFile {
        FetchedFile {
            key: self.remote.key.clone(),
            sha256: self.whole.sha256.clone(),
            name: self.remote.name.clone(),
            version: self.remote.version.clone(),
            size_bytes: self.whole.bytes,
            state,
        }
    }
}

impl Fetch<'_> {
    /// Brings what is new. Only the database's errors end it; all others are in the report.
    pub(super) async fn run(mut self) -> Result<SourceReport, RunError> {
        let mut report = SourceReport::new(&self.plan.name);
        let landing = match Landing::open(&self.plan.into) {
            Ok(landing) => landing,
            Err(error) => return Ok(SourceReport::failed(&self.plan.name, error.sentence)),
        };
        if let SourceAddress::Command(command) = &self.plan.address {
            self.by_program(command, &landing, &mut report).await?;
            return Ok(report);
        }
        match open(self.plan).await {
            Ok(connection) => {
                self.by_connection(connection, &landing, &mut report)
                    .await?;
            }
            Err(why) => report.failures.push(why),
        }
        Ok(report)
    }

    async fn by_connection(
        &mut self,
        mut connection: Connection,
        landing: &Landing,
        report: &mut SourceReport,
    ) -> Result<(), RunError> {
        match self.new_files(&mut connection, report).await {
            Ok(new) => self.receive(&mut connection, landing, &new, report).await?,
            Err(error) => report.failures.push(error.sentence),
        }
        connection.close().await;
        Ok(())
    }

    /// Lets a program fill a folder, and takes what is in it. What is not taken is kept: a bank may
    /// give a file once only.
    async fn by_program(
        &mut self,
        address: &CommandAddress,
        landing: &Landing,
        report: &mut SourceReport,
    ) -> Result<(), RunError> {
        let folder = match self.filled(address, landing).await {
            Ok(folder) => folder,
            Err(error) => {
                report.failures.push(error.sentence);
                return Ok(());
            }
        };
        let mut connection = Connection::filled(folder.clone());
        match connection.list().await {
            Ok(listing) => {
                report.failures.extend(listing.unusable);
                self.receive(&mut connection, landing, &listing.files, report)
                    .await?;
                self.clear(&mut connection, &listing.files, report).await;
            }
            Err(error) => report.failures.push(error.sentence),
        }
        self.keep_rest(&folder, landing, report);
        Ok(())
    }

    /// Lets go of what was taken of a folder that a program filled.
    async fn clear(
        &self,
        connection: &mut Connection,
        listed: &[RemoteFile],
        report: &mut SourceReport,
    ) {
        let taken = |file: &&RemoteFile| {
            let mut told = report.files.iter().filter(|told| told.name == file.name);
            told.any(|told| matches!(told.fate, Fate::Fetched | Fate::Same))
        };
        let taken: Vec<RemoteFile> = listed.iter().filter(taken).cloned().collect();
        for file in taken {
            if let Err(error) = connection.remove(&file, &BTreeSet::new()).await {
                report.failures.push(error.sentence);
            }
        }
    }

    fn keep_rest(&self, folder: &Path, landing: &Landing, report: &mut SourceReport) {
        match landing.keep(&self.plan.name, folder) {
            Ok(None) => {}
            Ok(Some(kept)) => report.failures.push(format!(
                "what its program left and was not taken is in {}; look at it, and move what is \
                 right into the input folder",
                kept.display()
            )),
            Err(error) => report.failures.push(error.sentence),
        }
    }

    /// Runs the program; what a failed one left is kept aside.
    async fn filled(
        &self,
        address: &CommandAddress,
        landing: &Landing,
    ) -> Result<std::path::PathBuf, SourceError> {
        let credentials = self.plan.credentials.clone().map_err(SourceError::of_all)?;
        let folder = landing.folder_to_fill(&self.plan.name)?;
        let folder = folder.canonicalize().unwrap_or(folder);
        let patience = Patience::begin(self.plan.limits);
        let (address, into) = (address.clone(), folder.clone());
        let ran = tokio::task::spawn_blocking(move || {
            command::run(&address, &credentials, &into, &patience)
        });
        let ran = ran.await.unwrap_or_else(|_ended| {
            Err(SourceError::of_all(
                "the program's thread ended before its time",
            ))
        });
        match ran {
            Ok(()) => Ok(folder),
            Err(error) => {
                let kept = landing.keep(&self.plan.name, &folder)?;
                let where_to = kept.map_or_else(String::new, |kept| {
                    format!("; what it left is in {}, and is not read", kept.display())
                });
                Err(SourceError::of_all(format!("{error}{where_to}")))
            }
        }
    }

    /// What a source has and did not bring yet, if it holds still.
    async fn new_files(
        &self,
        connection: &mut Connection,
        report: &mut SourceReport,
    ) -> Result<Vec<RemoteFile>, SourceError> {
        let listing = connection.list().await?;
        report.failures.extend(listing.unusable);
        let new: Vec<RemoteFile> = listing
            .files
            .into_iter()
            .filter(|file| !self.memory.knows(file))
            .collect();
        if new.is_empty() || !connection.may_grow() {
            return Ok(new);
        }
        let patience = Patience::begin(self.plan.limits);
        patience.pause(self.plan.limits.settle_seconds).await?;
        let again = connection.list().await?.files;
        let (still, moving): (Vec<_>, Vec<_>) = new.into_iter().partition(|file| {
            again
                .binary_search_by(|other| (&other.name, &other.key).cmp(&(&file.name, &file.key)))
                .is_ok_and(|at| again.get(at) == Some(file))
        });
        for file in moving {
            tracing::warn!(
                "source {}: {} is still being written; the next fetch takes it",
                self.plan.name,
                file.name
            );
            report.files.push(told(&file, None, Fate::Growing));
        }
        Ok(still)
    }

    async fn receive(
        &mut self,
        connection: &mut Connection,
        landing: &Landing,
        new: &[RemoteFile],
        report: &mut SourceReport,
    ) -> Result<(), RunError> {
        let most = usize::try_from(self.plan.limits.max_files).unwrap_or(usize::MAX);
        for (number, file) in new.iter().take(most).enumerate() {
            self.progress
                .fetching(&self.plan.name, (number, new.len()), &file.name);
            match self.receive_one(connection, landing, file).await? {
                Ok(told) => report.files.push(told),
                Err(error) => {
                    report.failures.push(error.sentence);
                    report.files.push(told(file, None, Fate::Failed));
                    if error.of_all {
                        return Ok(());
                    }
                }
            }
        }
        if let Some(more) = new.len().checked_sub(most).filter(|more| *more > 0) {
            report.failures.push(format!(
                "{more} more files are new than max_files = {most}; the next fetch takes them"
            ));
        }
        Ok(())
    }

    /// Receives one file and lands it. The inner error is the source's, the outer one the database's.
    async fn receive_one(
        &mut self,
        connection: &mut Connection,
        landing: &Landing,
        remote: &RemoteFile,
    ) -> Result<Result<FileReport, SourceError>, RunError> {
        let received = async {
            let mut part = landing.begin(file_bytes_max(self.plan.limits))?;
            connection.download(remote, &mut part).await?;
            part.finish()
        };
        let whole = match received.await {
            Ok(whole) => whole,
            Err(error) => return Ok(Err(error)),
        };
        let received = Received { remote, whole };
        let sha256 = received.whole.sha256.clone();
        if self.memory.knows_bytes(&remote.name, &sha256) {
            self.remember(&received.file(FetchedState::Landed)).await?;
            return Ok(Ok(told(remote, Some(sha256), Fate::Same)));
        }
        let fate = self.land(landing, received).await?;
        Ok(fate.map(|fate| told(remote, Some(sha256), fate)))
    }

    async fn remember(&mut self, file: &FetchedFile) -> Result<(), RunError> {
        fetched::remember(self.db, &self.plan.name, file, &self.clock.now_text()).await?;
        self.memory.add(file.clone());
        Ok(())
    }

    /// Gives a file its name: written down before and after, so that it is known whatever happens
    /// in between.
    async fn land(
        &mut self,
        landing: &Landing,
        received: Received<'_>,
    ) -> Result<Result<Fate, SourceError>, RunError> {
        let target = landing.target(&received.remote.name);
        if target.exists() {
            let there = landing::sha256_of(&target);
            if there.as_ref() == Some(&received.whole.sha256) {
                self.remember(&received.file(FetchedState::Landed)).await?;
                return Ok(Ok(Fate::Same));
            }
            match self.make_way(&target, there).await? {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(Fate::Waiting)),
                Err(error) => return Ok(Err(error)),
            }
        }
        let landing_now = received.file(FetchedState::Landing);
        fetched::remember(
            self.db,
            &self.plan.name,
            &landing_now,
            &self.clock.now_text(),
        )
        .await?;
        let landed = FetchedFile {
            state: FetchedState::Landed,
            ..landing_now
        };
        match received.whole.land(&target) {
            Ok(()) => {
                self.remember(&landed).await?;
                Ok(Ok(Fate::Fetched))
            }
            Err(taken) => {
                fetched::forget(self.db, &self.plan.name, &landed).await?;
                Ok(Err(match taken {
                    Taken::Failed(error) => error,
                    Taken::ByAnother(_) => SourceError::of_one(format!(
                        "{}: somebody else put a file of this name there just now; the next fetch \
                         looks again",
                        landed.name
                    )),
                }))
            }
        }
    }

    /// Another file has the name. One that a recorded night has read is moved aside, and is known
    /// there; one that no night has read yet has to be read first: then the newcomer waits.
    async fn make_way(
        &mut self,
        target: &Path,
        there: Option<String>,
    ) -> Result<Result<bool, SourceError>, RunError> {
        let name = target.file_name().unwrap_or_default();
        let name = inbox::written(name);
        let reading = match &there {
            Some(sha256) => fetched::reading_of(self.db, &name, sha256).await?,
            None => Reading::Unread,
        };
        if reading != Reading::Recorded {
            tracing::warn!(
                "source {}: another {name} came, and no recorded night has read the one that is \
                 there; the fetch after the next night takes it",
                self.plan.name
            );
            return Ok(Ok(false));
        }
        let aside = self.plan.into.join(HIDDEN_FOLDER).join(REPLACED_FOLDER);
        let moved = match inbox::examine(target, true) {
            Entry::File(candidate) => inbox::archive(&candidate, &aside),
            Entry::Folder | Entry::Unexamined(_) => Err(std::io::Error::other("it is no file now")),
        };
        match moved {
            Ok(moved) => {
                let key = |path: &Path| {
                    inbox::written(path.strip_prefix(self.base).unwrap_or(path).as_os_str())
                };
                files::move_path(self.db, &key(target), &key(&moved)).await?;
                Ok(Ok(true))
            }
            Err(error) => Ok(Err(SourceError::of_one(format!(
                "{name}: the one that is there cannot be moved aside ({error})"
            )))),
        }
    }
}

fn told(file: &RemoteFile, sha256: Option<String>, fate: Fate) -> FileReport {
    FileReport {
        name: file.name.clone(),
        size_bytes: file.size_bytes,
        sha256,
        fate,
    }
}
