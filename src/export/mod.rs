//! Journals for accounting programs: balanced entries, and a writer for each format.
//!
//! [`compose`] turns settlement lines, bank entries and payouts into entries on roles of accounts
//! ([`model`]); it decides what is booked where. A writer (`fec`, `datev`, `hledger`, `beancount`)
//! only draws: it finds accounts in the chart of its format ([`mod@naming`]), writes amounts as
//! the format wants them and takes away what the format forbids (`text`). FEC and DATEV are kept in
//! one currency (`ledger`). Nothing here opens a file, and the same journal gives the same bytes.

mod beancount;
pub mod compose;
mod datev;
mod fec;
mod hledger;
mod ledger;
pub mod model;
mod naming;
#[cfg(test)]
mod tests;
mod text;

use crate::domain::accounts::{AccountSettings, ExportFormat};
use model::Journal;

/// Why a journal cannot be written in a format: a setting is missing or does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExportError(String);

/// The journal in a format, as the bytes of its file.
///
/// # Errors
/// When a currency has no rate, an account has no usable name, an amount is too large, or the
/// entries are of two financial years and the format knows one.
pub fn render(
    format: ExportFormat,
    journal: &Journal,
    settings: &AccountSettings,
) -> Result<Vec<u8>, ExportError> {
    match format {
        ExportFormat::Fec => fec::render(journal, settings),
        ExportFormat::Datev => datev::render(journal, settings),
        ExportFormat::Hledger => Ok(hledger::render(journal, settings).into_bytes()),
        ExportFormat::Beancount => Ok(beancount::render(journal, settings).into_bytes()),
    }
}

/// The name that a format has for the file, where it has one.
///
/// # Errors
/// When a setting for the name is missing.
pub fn file_name(
    format: ExportFormat,
    journal: &Journal,
    settings: &AccountSettings,
) -> Result<String, ExportError> {
    let (from, to) = (journal.from, journal.to);
    let year_end = settings.financial_year.end_of(to).format("%Y%m%d");
    match format {
        ExportFormat::Fec => match &settings.fec.siren {
            Some(siren) => Ok(format!("{siren}FEC{year_end}.txt")),
            None => Err(ExportError(
                "a FEC is named after the company's SIREN, which is not set; set `siren` in \
                 [accounts.fec], or give --out the name of a file"
                    .to_owned(),
            )),
        },
        ExportFormat::Datev => Ok(format!("EXTF_Buchungsstapel_{from}_{to}.csv")),
        ExportFormat::Hledger => Ok(format!("{from}_{to}.journal")),
        ExportFormat::Beancount => Ok(format!("{from}_{to}.beancount")),
    }
}
