//! `[report]`: where reports go, and in which formats.

use super::document::{Field, Section};
use super::error::ConfigError;
use super::settings::{ReportFormat, ReportSettings};

pub(super) const KEYS: [&str; 3] = ["company", "directory", "formats"];

const DEFAULT_DIRECTORY: &str = "reports";

pub(super) fn read(root: &Section<'_>) -> Result<ReportSettings, ConfigError> {
    let (mut directory, mut formats) = (None, None);
    if let Some(section) = root.table("report", &KEYS)? {
        directory = section.read("directory", Field::path)?;
        formats = section.read("formats", |field| field.list(format))?;
    }
    let wanted = formats.unwrap_or_else(|| ReportFormat::ALL.to_vec());
    Ok(ReportSettings {
        directory: directory.unwrap_or_else(|| root.document().resolve(DEFAULT_DIRECTORY)),
        formats: ReportFormat::ALL
            .into_iter()
            .filter(|format| wanted.contains(format))
            .collect(),
    })
}

/// What the company is called on what people read; empty where that is not said.
pub(super) fn company(root: &Section<'_>) -> Result<String, ConfigError> {
    let section = root.table("report", &KEYS)?;
    let name = section.map(|section| section.read("company", Field::name));
    Ok(name.transpose()?.flatten().unwrap_or_default())
}

/// The format that a word names.
pub(super) fn format(field: &Field<'_>) -> Result<ReportFormat, ConfigError> {
    field.word(&ReportFormat::ALL.map(|format| (format.word(), format)))
}
