//! `[report]`: where reports go, and in which formats.

use super::document::{Field, Section};
use super::error::ConfigError;
use super::settings::{ReportFormat, ReportSettings};

pub(super) const KEYS: [&str; 4] = ["company", "url", "directory", "formats"];

const DEFAULT_DIRECTORY: &str = "reports";

pub(super) fn read(root: &Section<'_>) -> Result<ReportSettings, ConfigError> {
    let (mut url, mut directory, mut formats) = (None, None, None);
    if let Some(section) = root.table("report", &KEYS)? {
        url = section.read("url", address)?;
        directory = section.read("directory", Field::path)?;
        formats = section.read("formats", |field| field.list(format))?;
    }
    let wanted = formats.unwrap_or_else(|| ReportFormat::ALL.to_vec());
    Ok(ReportSettings {
        url,
        directory: directory.unwrap_or_else(|| root.document().resolve(DEFAULT_DIRECTORY)),
        formats: ReportFormat::ALL
            .into_iter()
            .filter(|format| wanted.contains(format))
            .collect(),
    })
}

/// An address that a mail may lead to: nothing in it may be a script, or end the address early.
fn address(field: &Field<'_>) -> Result<String, ConfigError> {
    let url = field.text()?;
    let is_web = ["https://", "http://"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    let is_plain = url.replace("{as_of}", "").bytes().all(|byte| {
        byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'{' | b'}' | b'\\')
    });
    if is_web && is_plain {
        return Ok(url.to_owned());
    }
    Err(field.wrong(
        "an address that begins with https://, with {as_of} where the day stands, such as \
         \"https://files.example.com/recon/{as_of}/report.html\"",
    ))
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
