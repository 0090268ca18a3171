//! `audit verify`: whether what was recorded is what it was.
//!
//! The journal is recomputed row by row and compared with the tables that it tells of. With reports,
//! each folder is compared with its manifest, and the manifest with what the journal says was
//! recorded. Whoever changes a row and everything behind it consistently is found only by a copy of a
//! SHA-256 that lies elsewhere: in a mail, at a ping's watcher, on paper.

use std::collections::BTreeSet;
use std::path::Path;

use super::check::{Checked, said_of};
use super::open;
use crate::pipeline::RunError;
use crate::report::write::manifest;
use crate::storage::DatabaseLocation;
use crate::storage::journal::{self, Proof};

/// Names of folders that a sentence lists.
const NAMED_MAX: usize = 5;

/// What is to be proved.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// The folder of the reports.
    pub reports: Option<&'q Path>,
    /// The SHA-256 of a row, as somebody kept it elsewhere.
    pub has: Option<&'q str>,
}

/// Proves what can be proved; a line for each part.
///
/// # Errors
/// When the database or the folder of the reports cannot be read.
pub async fn verify(
    location: &DatabaseLocation,
    question: Question<'_>,
) -> Result<Vec<Checked>, RunError> {
    let mut db = open(location).await?;
    let proof = journal::prove(&mut db).await;
    db.close().await?;
    let mut all = Vec::new();
    let proof = match proof {
        Err(damaged) => {
            all.push(Checked::new("database", Err(said_of(&damaged.into()))));
            Proof::default()
        }
        Ok(Ok(proof)) => {
            all.push(Checked::new("journal", Ok(told(&proof))));
            proof
        }
        Ok(Err(misfit)) => {
            let row = misfit
                .row
                .map_or(String::new(), |row| format!("row {row}: "));
            all.push(Checked::new(
                "journal",
                Err(format!("{row}{}", misfit.what)),
            ));
            Proof::default()
        }
    };
    if let Some(has) = question.has {
        let found = proof.hashes.iter().position(|hash| hash == has);
        let outcome = match found {
            Some(at) => Ok(format!("row {} has it", at.saturating_add(1))),
            None => {
                Err("no row has it, so the journal is not the one it was taken from".to_owned())
            }
        };
        all.push(Checked::new(has, outcome));
    }
    if let Some(reports) = question.reports {
        all.extend(of_reports(reports, &proof)?);
    }
    Ok(all)
}

fn told(proof: &Proof) -> String {
    let Some(newest) = proof.hashes.last() else {
        return "it has no row yet".to_owned();
    };
    let kinds: Vec<String> = (proof.kinds.iter())
        .map(|(kind, count)| format!("{count} {kind}"))
        .collect();
    format!(
        "{} rows follow each other ({}); the newest is {newest}",
        proof.hashes.len(),
        kinds.join(", ")
    )
}

/// The reports of recorded nights, and whatever else lies beside them.
fn of_reports(folder: &Path, proof: &Proof) -> Result<Vec<Checked>, RunError> {
    let unread = |error: std::io::Error| RunError::Input(format!("{}: {error}", folder.display()));
    let mut there: BTreeSet<String> = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_report = name
            .get(..10)
            .is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok());
        if is_report && entry.path().is_dir() {
            there.insert(name);
        }
    }
    let (mut all, mut fitting, mut looks) = (Vec::new(), 0_usize, 0_usize);
    for name in &there {
        let outcome = manifest::verify(&folder.join(name));
        match (outcome, proof.manifests.get(name)) {
            (Err(why), _) => all.push(Checked::new(format!("report {name}"), Err(why))),
            (Ok(found), Some(recorded)) if found.manifest != *recorded => {
                all.push(Checked::new(
                    format!("report {name}"),
                    Err(format!(
                        "its manifest has the SHA-256 {}, and {recorded} was recorded: it was written \
                         again later from other data, or changed",
                        found.manifest
                    )),
                ));
            }
            (Ok(_), Some(_)) => fitting = fitting.saturating_add(1),
            (Ok(_), None) => looks = looks.saturating_add(1),
        }
    }
    let missing: Vec<&str> = (proof.manifests.keys())
        .filter(|name| !there.contains(*name))
        .map(String::as_str)
        .collect();
    let mut said = vec![format!("{fitting} are what was recorded")];
    if looks > 0 {
        said.push(format!(
            "{looks} are what their manifests say, and of no recorded night"
        ));
    }
    if !missing.is_empty() {
        let named: Vec<&str> = missing.iter().take(NAMED_MAX).copied().collect();
        let more = if missing.len() > NAMED_MAX {
            ", …"
        } else {
            ""
        };
        said.push(format!(
            "{} recorded ones are not there ({}{more})",
            missing.len(),
            named.join(", ")
        ));
    }
    all.push(Checked::new("reports", Ok(said.join("; "))));
    Ok(all)
}
