//! What of the journal is asked for: some days, and of whom.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::accounts::ExportFormat;
use crate::export::model::Entry;
use crate::pipeline::RunError;

/// What an export is asked for.
#[derive(Clone, Copy, Debug)]
pub struct ExportWish<'w> {
    /// The format.
    pub format: ExportFormat,
    /// First and last accounting day.
    pub days: (NaiveDate, NaiveDate),
    /// Only these providers; empty: all.
    pub providers: &'w [String],
    /// Only the providers of this company.
    pub company: Option<&'w str>,
}

impl ExportWish<'_> {
    /// Keeps what is asked for of all entries there are, before they are numbered: the numbers of a
    /// company's journal have no gaps.
    ///
    /// # Errors
    /// When a provider or company is not known, or when the format is of one company's books and
    /// the entries are of several.
    pub(super) fn choose(
        self,
        entries: &mut Vec<Entry>,
        companies: &BTreeMap<String, String>,
    ) -> Result<(), RunError> {
        let known: BTreeSet<&str> = entries.iter().map(|it| it.provider.as_str()).collect();
        let mut unknown = self.providers.iter();
        if let Some(name) = unknown.find(|name| !known.contains(name.as_str())) {
            return Err(not_there("--provider", name, known));
        }
        if let Some(name) = self.company {
            let all: BTreeSet<&str> = companies.values().map(String::as_str).collect();
            if !all.contains(name) {
                return Err(not_there("--company", name, all));
            }
        }
        entries.retain(|entry| match self.company {
            Some(company) => companies
                .get(&entry.provider)
                .is_some_and(|it| it == company),
            None => self.providers.is_empty() || self.providers.contains(&entry.provider),
        });
        let is_of_one = match self.format {
            ExportFormat::Fec | ExportFormat::Datev => true,
            ExportFormat::Hledger | ExportFormat::Beancount => false,
        };
        let own: BTreeSet<Option<&String>> = (entries.iter())
            .map(|entry| companies.get(&entry.provider))
            .collect();
        if is_of_one && own.len() > 1 {
            let named = own.iter().map(|it| it.map_or("none", String::as_str));
            let named: Vec<&str> = named.collect();
            return Err(RunError::Setting(format!(
                "the journal is of several companies ({}), and this format is of one company's books; \
                 say which with --company or --provider",
                named.join(", ")
            )));
        }
        Ok(())
    }
}

fn not_there(option: &str, name: &str, known: BTreeSet<&str>) -> RunError {
    let known: Vec<&str> = known.into_iter().collect();
    RunError::Setting(format!(
        "{option} {name}: nothing is booked of it; known are {}",
        known.join(", ")
    ))
}
