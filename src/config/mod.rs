//! The configuration: `recon.toml` and the environment in, checked [`Settings`] out.
//!
//! A night that runs with a misspelt setting runs with another setting than its owner believes,
//! and money is looked at through it. So the file is read strictly, before anything else happens:
//!
//! 1. [`load`] reads the text, and `document` takes it apart into sections and fields that
//!    remember their line. A section refuses keys that it does not know (`unknown_keys`).
//! 2. One module for each part of the file turns fields into what the domain calls them:
//!    `inputs`, `profiles`, `notation`, `providers`, `matching`, `report`, `mail`, `accounts`, `apis`,
//!    `database`, `sources`, `notify`. A wrong
//!    value is an error that names line, key, table, value and what is allowed.
//! 3. `settings` holds the result: defaults filled in, paths absolute, patterns compiled, the
//!    [`Rules`](crate::domain::rules::Rules) complete, and a fingerprint of them.
//!
//! What later versions read (their input kinds) is checked as well, so
//! that one file serves all versions; an input of a kind that is not read yet is an error, because
//! its money would be missing.
//!
//! Secrets are [`Secret`]s from the first moment. They are never part of an error, and the
//! environment is read through the function that is handed in, nowhere else.

mod accounts;
mod apis;
mod database;
mod document;
mod error;
mod fingerprint;
mod iban;
mod inputs;
mod mail;
mod matching;
mod notation;
mod notify;
mod profiles;
mod providers;
mod report;
mod secret;
mod settings;
mod shop;
mod shops;
mod sources;
mod unknown_keys;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use chrono_tz::{TZ_VARIANTS, Tz};
use toml::de::DeTable;

use crate::domain::calendar::BusinessCalendar;
use crate::domain::language::{Language, Wording};
use crate::domain::rules::Rules;
use document::{Document, Field, Section};

pub use crate::domain::secret::Secret;
pub use apis::{ApiAccess, ApiSettings};
pub use database::DatabaseUrl;
pub use error::ConfigError;
pub use notify::{NotifySettings, WebhookFormat, WebhookSettings};
pub use secret::{SecretError, SecretSource};
pub use settings::{
    InputLocation, InputSettings, MailSettings, MailTransport, MailWhen, ReportFormat,
    ReportSettings, Settings,
};
pub use shop::{ShopAddress, ShopInput};
pub use sources::SourceSettings;

/// Keys of the top level.
const KEYS: [&str; 17] = [
    "accounts",
    "decisions",
    "timezone",
    "language",
    "holidays",
    "books_open",
    "closed_accounts",
    "database",
    "input",
    "provider",
    "source",
    "notify",
    "matching",
    "fee",
    "profile",
    "report",
    "mail",
];

const DEFAULT_TIMEZONE: Tz = Tz::Europe__Paris;

/// Reads a configuration file. `environment` gives the value of an environment variable.
///
/// # Errors
/// When the file cannot be read, is no TOML, or holds a key or a value that cannot be used.
pub fn load(
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| {
        if source.kind() == io::ErrorKind::NotFound {
            ConfigError::Missing {
                path: path.to_owned(),
            }
        } else {
            ConfigError::Unreadable {
                path: path.to_owned(),
                source,
            }
        }
    })?;
    parse(&text, path, environment)
}

/// Reads a configuration that is at hand as a text; `path` says where it would lie. The empty
/// text gives the defaults: no inputs, a database and reports beside `path`.
///
/// # Errors
/// When the text is no TOML, or holds a key or a value that cannot be used.
pub fn parse(
    text: &str,
    path: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file: PathBuf = std::path::absolute(path)
        .map_err(unreadable)?
        .components()
        .collect();
    let base = file.parent().unwrap_or(Path::new("/")).to_owned();
    let document = Document {
        file: path.display().to_string(),
        base: &base,
        text,
    };
    let table = DeTable::parse(text).map_err(|error| {
        // Its own display repeats the line, which may hold a password.
        let offset = error.span().map(|span| span.start);
        document.error(offset, format!("this is not TOML: {}", error.message()))
    })?;
    let root = Section::root(&document, table.get_ref(), &KEYS)?;
    settings(&root, file, environment)
}

fn settings(
    root: &Section<'_>,
    file: PathBuf,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, ConfigError> {
    let timezone = root.read("timezone", timezone)?.unwrap_or(DEFAULT_TIMEZONE);
    let language = root.read("language", |field| field.word(&Language::WORDS))?;
    let holidays = matching::holidays(root)?;
    let profiles = profiles::read(root)?;
    let inputs = inputs::read(root, &profiles, environment)?;
    let fees = matching::fees(root)?;
    let matching = matching::read(root)?;
    let providers = providers::read(root, &inputs, &fees)?;
    let rules = Rules {
        calendar: BusinessCalendar::new(holidays.iter().copied()),
        inputs: inputs::feeds(&inputs, &providers),
        closed_accounts: providers::closed_accounts(root)?,
        providers,
        default_provider: providers::unnamed(root)?,
        amount_tolerance: matching.amount_tolerance,
        fee_tolerance: matching.fee_tolerance,
        max_combined_payouts: matching.max_combined_payouts,
        fees,
    };
    Ok(Settings {
        base: root.document().base.to_owned(),
        file,
        timezone,
        wording: Wording::new(
            language.unwrap_or_default(),
            report::company(root)?,
            providers::names(root, "name")?,
        ),
        database: database::read(root, environment)?,
        database_waits: database::waits(root)?,
        inputs,
        approval_above: matching::approval_above(root)?,
        rules_fingerprint: fingerprint::of(&rules, &holidays, timezone),
        apis: apis::read(root, &rules)?,
        rules,
        profiles,
        report: report::read(root)?,
        mail: mail::read(root)?,
        sources: sources::read(root)?,
        notify: notify::read(root)?,
        accounts: accounts::read(root)?,
    })
}

fn timezone(field: &Field<'_>) -> Result<Tz, ConfigError> {
    let name = field.text()?;
    name.parse().map_err(|_not_a_zone| {
        let near = unknown_keys::nearest(name, TZ_VARIANTS.iter().map(|zone| zone.name()));
        let near = near.unwrap_or_default();
        field.wrong(format!("the name of a time zone; did you mean {near:?}?"))
    })
}
