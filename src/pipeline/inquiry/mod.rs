//! Questions: what is known of a reference, which runs there were, what is open, whether
//! everything works. They take no lock and change nothing, so they may be asked while a run is at
//! work.
//!
//! [`show`] looks for everything that a reference may name (`orders`, `transactions`, `payouts`,
//! `entries`, `files`, `discrepancies`) in the `books`: what is stored, seen from the latest
//! recorded night. Each finds the parts of a [`Dossier`], which [`mod@text`] draws for a person and
//! which writes itself as JSON for a program. `originals` finds the rows of files again,
//! `explained` what explains what, `nearest` the reference that was meant where nothing is found.

mod actions;
pub mod audit;
mod books;
pub mod check;
mod deep;
pub mod describe;
mod discrepancies;
pub mod dossier;
mod entries;
mod explained;
mod files;
pub mod list;
mod nearest;
mod orders;
mod originals;
mod payout_story;
mod payouts;
mod provider_events;
mod resolution;
pub(super) mod standing;
mod suggestions;
pub mod text;
mod transactions;

pub use dossier::Dossier;

use super::RunError;
use crate::config::Settings;
use crate::storage::version::{self, Version};
use crate::storage::{DatabaseLocation, Db};
use books::Books;

/// Opens the database for a question.
///
/// # Errors
/// When no run has made it yet, another version wrote it, or it cannot be opened.
pub(super) async fn open(location: &DatabaseLocation) -> Result<Db, RunError> {
    if let DatabaseLocation::Sqlite(path) = location
        && !path.exists()
    {
        return Err(no_night());
    }
    let mut db = Db::connect(location, false).await?;
    match version::of(&mut db, location).await? {
        Version::Current => Ok(db),
        Version::Unused => Err(no_night()),
        Version::Older => Err(RunError::NotFound(format!(
            "the database {} was written by an older version of crp-recon; \
             the next run brings it up to date",
            location.name()
        ))),
    }
}

pub(super) fn no_night() -> RunError {
    RunError::NotFound("no night is recorded yet; run `crp-recon run` first".to_owned())
}

/// Everything known of a reference.
///
/// # Errors
/// When nothing is known of it: the sentence names the nearest reference.
pub async fn show(
    settings: &Settings,
    location: &DatabaseLocation,
    reference: &str,
) -> Result<Dossier, RunError> {
    let mut db = open(location).await?;
    let reference = reference.trim();
    let books = Books::open(&mut db, settings).await?;
    let mut parts = Vec::new();
    parts.extend(discrepancies::named(&mut db, &books, reference).await?);
    parts.extend(orders::named(&mut db, &books, reference).await?);
    parts.extend(payouts::named(&mut db, &books, reference).await?);
    parts.extend(transactions::named(&mut db, &books, reference).await?);
    parts.extend(entries::named(&books, reference));
    parts.extend(files::named(&mut db, &books, reference).await?);
    if parts.is_empty() {
        let nearest = nearest::to(&mut db, &books, reference).await?;
        let hint = nearest.map_or(String::new(), |near| format!("; did you mean {near}?"));
        return Err(RunError::NotFound(format!(
            "nothing is known of {reference}: no order, payout, transaction, bank entry, file or \
             discrepancy has this name{hint}"
        )));
    }
    db.close().await?;
    Ok(Dossier {
        reference: reference.to_owned(),
        as_of: books.as_of(),
        wording: settings.wording,
        causes: books.causes,
        parts,
    })
}
