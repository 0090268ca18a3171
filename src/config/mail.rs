//! `[mail]`: who gets the digest, and how.

use std::collections::BTreeMap;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::report::format;
use super::secret::SecretSource;
use super::settings::{MailSettings, MailTransport, MailWhen, ReportFormat};

pub(super) const KEYS: [&str; 14] = [
    "when",
    "from",
    "to",
    "attach",
    "transport",
    "url",
    "url_env",
    "url_file",
    "password",
    "password_env",
    "password_file",
    "directory",
    "ca_file",
    "assignees",
];

pub(super) const WHEN: [(&str, MailWhen); 3] = [
    ("always", MailWhen::Always),
    ("discrepancies", MailWhen::Discrepancies),
    ("new", MailWhen::New),
];

const DEFAULT_DIRECTORY: &str = "outbox";

/// The digest; `None` without `[mail]`.
pub(super) fn read(root: &Section<'_>) -> Result<Option<MailSettings>, ConfigError> {
    let Some(section) = root.table("mail", &KEYS)? else {
        return Ok(None);
    };
    let to = section
        .read("to", |field| field.list(address))?
        .unwrap_or_default();
    let assignees = assignees(&section)?;
    let from = section.read("from", address)?;
    let transport = transport(&section)?;
    if !to.is_empty() || !assignees.is_empty() {
        let missing = |key: &str| {
            section.error(
                &format!("there is no `{key}`"),
                "; mail to `to` and `assignees` cannot be sent without",
            )
        };
        if from.is_none() {
            return Err(missing("from"));
        }
        if matches!(transport, MailTransport::Smtp { url: None, .. }) {
            return Err(missing("url"));
        }
    }
    Ok(Some(MailSettings {
        when: section
            .read("when", |field| field.word(&WHEN))?
            .unwrap_or(MailWhen::Always),
        from,
        to,
        assignees,
        attach: section
            .read("attach", |field| field.list(format))?
            .unwrap_or_else(|| vec![ReportFormat::Xlsx]),
        transport,
    }))
}

/// `[mail.assignees]`: who looks after discrepancies, as `assign` names them, with an address.
fn assignees(section: &Section<'_>) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut assignees = BTreeMap::new();
    if let Some(table) = section.read("assignees", Field::free_table)? {
        for field in table.fields() {
            assignees.insert(field.key().to_owned(), address(&field)?);
        }
    }
    Ok(assignees)
}

fn transport(section: &Section<'_>) -> Result<MailTransport, ConfigError> {
    let url = SecretSource::of(section, "url")?;
    if let (Some(SecretSource::Here(address)), Some(field)) = (&url, section.get("url"))
        && !["smtp://", "smtps://"]
            .iter()
            .any(|scheme| address.reveal().starts_with(scheme))
    {
        return Err(field
            .hidden()
            .wrong("smtps://user@host:465, or smtp://user@host:587"));
    }
    let password = SecretSource::of(section, "password")?;
    let directory = match section.read("directory", Field::path)? {
        Some(directory) => directory,
        None => section.document().resolve(DEFAULT_DIRECTORY),
    };
    let ca_file = section.read("ca_file", Field::path)?;
    let smtp = MailTransport::Smtp {
        url,
        password,
        ca_file,
    };
    let words = [
        ("smtp", smtp.clone()),
        ("directory", MailTransport::Directory(directory)),
    ];
    Ok(section
        .read("transport", |field| field.word(&words))?
        .unwrap_or(smtp))
}

/// An address, alone or as `Name <address>`. It becomes a header: line ends are refused.
fn address(field: &Field<'_>) -> Result<String, ConfigError> {
    let text = field.text()?;
    let address = match text.rsplit_once('<') {
        Some((_, address)) => address.strip_suffix('>'),
        None => Some(text),
    };
    let good = |address: &str| {
        let (local, domain) = address.rsplit_once('@').unwrap_or_default();
        !local.is_empty()
            && !domain.is_empty()
            && !address.contains(|c: char| c.is_whitespace() || "<>,;".contains(c))
    };
    if text.chars().any(char::is_control) || !address.is_some_and(good) {
        return Err(field.wrong("an address such as \"finance@example.com\" or \"Name <address>\""));
    }
    Ok(text.to_owned())
}
