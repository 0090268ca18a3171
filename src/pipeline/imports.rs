//! Queries on the shop's database: what each gives becomes a file of orders, and is read as one.
//!
//! The file lies in a temporary folder as long as the run lasts; `archive` keeps it. What makes an
//! import differ from a file that somebody dropped:
//!
//! - `:since` is the beginning of the last import whose rows were all taken. So the time is looked
//!   at before the query is asked, and a rejected row is asked for again until it is right;
//! - an import counts although its rows were seen before: the shop says again what it once said,
//!   and means it. Only the same as the time before is nothing new;
//! - it may have no rows, as a night without a change has none.

use std::collections::BTreeMap;
use std::io::BufWriter;
use std::path::Path;

use super::RunError;
use super::plan::InputPlan;
use super::reading::{Before, Import, Job};
use crate::clock;
use crate::config::{ShopAddress, ShopInput};
use crate::domain::file::{FileStatus, IMPORT_ENDING};
use crate::files::{self, Scratch};
use crate::ingest::inbox::Candidate;
use crate::ingest::profile::Profile;
use crate::ingest::{Refusal, orders};
use crate::shop::{self, Address, Question, Since};
use crate::storage::files::{KnownPath, StoredFile};

/// Bytes of a mebibyte.
const MIB: u64 = 1024 * 1024;

/// What the queries gave.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// A file to read for each.
    pub(super) jobs: Vec<Job>,
    /// Where the files are, as long as this lives.
    pub(super) folder: Option<Scratch>,
}

/// How an import is remembered among the paths of files.
fn path_key(name: &str) -> String {
    format!("sql:{name}")
}

/// What is remembered of an input's last import.
struct Last<'k> {
    /// When the last import began whose rows were all taken, under the same settings.
    stamp: &'k str,
    /// The last file, where it was taken.
    taken: Option<&'k StoredFile>,
}

impl<'k> Last<'k> {
    fn of(
        plan: &InputPlan,
        name: &str,
        paths: &'k BTreeMap<String, KnownPath>,
        files: &'k [StoredFile],
    ) -> Self {
        let Some(known) = paths.get(&path_key(name)) else {
            return Self {
                stamp: "",
                taken: None,
            };
        };
        // Another query, database or profile begins from the beginning.
        let same = known.settings == plan.fingerprint;
        let file = files
            .iter()
            .rev()
            .find(|stored| stored.file.id == known.file);
        Self {
            stamp: if same { &known.stamp } else { "" },
            taken: file.filter(|stored| stored.file.status == FileStatus::Accepted),
        }
    }

    fn before(&self) -> Option<Before> {
        self.taken.map(|stored| Before {
            file: stored.file.id,
            sha256: stored.file.sha256.clone(),
            // What the query gave the time before is archived already.
            is_taken: false,
        })
    }

    fn has_rejected(&self) -> bool {
        self.taken.is_some_and(|stored| stored.file.rejected > 0)
    }
}

/// Asks all queries of the inputs, one after the other. One that fails is a refused file.
pub(super) async fn ask_all(
    plans: &[InputPlan],
    paths: &BTreeMap<String, KnownPath>,
    files: &[StoredFile],
) -> Result<Imports, RunError> {
    let mut imports = Imports::default();
    for (input, plan) in plans.iter().enumerate() {
        let Some(query) = &plan.query else { continue };
        let folder = match imports.folder.take() {
            Some(folder) => folder,
            None => Scratch::new().map_err(|error| {
                RunError::Input(format!("no temporary folder can be made ({error})"))
            })?,
        };
        let last = Last::of(plan, &query.name, paths, files);
        imports
            .jobs
            .push(ask(plan, input, &last, folder.path()).await);
        imports.folder = Some(folder);
    }
    Ok(imports)
}

async fn ask(plan: &InputPlan, input: usize, last: &Last<'_>, folder: &Path) -> Job {
    let query = plan.query.as_ref();
    let name = query.map_or(String::new(), |query| query.name.clone());
    // Before the query: what changes while it is answered belongs to the next import.
    let began = clock::now();
    let since = Since::began(last.stamp).map_or_else(Since::beginning, |last| {
        Since::after(last, began, plan.timezone)
    });
    let stem = name.strip_suffix(IMPORT_ENDING).unwrap_or(&name);
    let path = folder.join(format!("{stem}.{}.ndjson", began.format("%Y%m%dT%H%M%SZ")));
    let given = match query {
        Some(query) => write(plan, query, &since, &path).await,
        None => Ok(0),
    };
    let (rows, refusal) = match given {
        Ok(rows) => (rows, None),
        Err(refusal) => (0, Some(refusal)),
    };
    let began = Since::stamp(began);
    let before = last.stamp.to_owned();
    Job {
        path_key: path_key(&name),
        candidate: Candidate {
            size_bytes: std::fs::metadata(&path).map_or(0, |metadata| metadata.len()),
            path,
            name,
            // What is remembered where the rows are the same as the time before.
            stamp: if last.has_rejected() {
                before.clone()
            } else {
                began.clone()
            },
            named: true,
            never_opened: None,
        },
        sha256: None,
        inputs: vec![input],
        before: last.before(),
        import: Some(Import {
            refusal,
            rows,
            began,
            before,
        }),
    }
}

/// Writes what a query gives into a file; returns how many rows.
async fn write(
    plan: &InputPlan,
    query: &ShopInput,
    since: &Since,
    path: &Path,
) -> Result<u64, Refusal> {
    let address = address(query)?;
    let accepts = |names: &[String]| accepts(names, &plan.profiles);
    let question = question(plan, query, (&address, since), &accepts);
    let file = files::create_new(path).map_err(|error| {
        Refusal::new(format!(
            "cannot be imported: {} cannot be written ({error}); check the disk",
            path.display()
        ))
    })?;
    let bytes_max = plan.max_file_mib.saturating_mul(MIB);
    let rows = shop::import(&question, bytes_max, &mut BufWriter::new(file)).await;
    rows.map_err(|error| Refusal::new(error.to_string()))
}

/// Whether a query could be asked, and what is to be said of it.
pub(super) async fn check(plan: &InputPlan, query: &ShopInput) -> Result<String, String> {
    let address = address(query).map_err(|refusal| refusal.reason)?;
    let accepts = |names: &[String]| accepts(names, &plan.profiles);
    let since = Since::beginning();
    let question = question(plan, query, (&address, &since), &accepts);
    let columns = shop::check(&question)
        .await
        .map_err(|error| error.to_string())?;
    Ok(format!("can be asked, {columns} columns"))
}

fn question<'q>(
    plan: &InputPlan,
    query: &'q ShopInput,
    (address, since): (&'q Address, &'q Since),
    accepts: &'q dyn Fn(&[String]) -> Result<(), String>,
) -> Question<'q> {
    Question {
        address,
        shown: &query.shown,
        query: &query.query,
        since,
        zone: plan.timezone,
        waits: query.waits,
        accepts,
    }
}

fn address(query: &ShopInput) -> Result<Address, Refusal> {
    match &query.address {
        Ok(ShopAddress::Sqlite(path)) => Ok(Address::Sqlite(path.clone())),
        Ok(ShopAddress::Postgres(url)) => Ok(Address::Postgres(url.reveal().to_owned())),
        Ok(ShopAddress::Mysql(url)) => Ok(Address::Mysql(url.reveal().to_owned())),
        Err(reason) => Err(Refusal::new(format!("cannot be imported: {reason}"))),
    }
}

/// Whether one of the profiles knows the columns.
fn accepts(names: &[String], profiles: &[Profile]) -> Result<(), String> {
    let mut outcome = Ok(());
    for profile in profiles {
        outcome = orders::check_columns(names, profile).map_err(|refusal| refusal.reason);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}
