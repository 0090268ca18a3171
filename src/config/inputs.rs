//! `[[input]]`: which files are read, or what is asked of the shop, and how carefully.

use std::collections::BTreeMap;

use glob::Pattern;

use super::database::WAIT_KEYS;
use super::document::{Field, Section};
use super::error::ConfigError;
use super::settings::{InputLocation, InputSettings};
use super::shop;
use super::unknown_keys::nearest;
use crate::domain::file::InputKind;
use crate::domain::rules::{FeedInput, ProviderRules};
use crate::ingest::profile::{Profile, ProfileDefinition, built_in_for};

pub(super) const KEYS: [&str; 19] = [
    "kind",
    "path",
    "provider",
    "profile",
    "max_rejected_percent",
    "max_file_mib",
    "archive",
    "max_silence_business_days",
    "mode",
    "url",
    "url_env",
    "url_file",
    "query",
    "shop",
    "payment_methods",
    "table_prefix",
    WAIT_KEYS[0],
    WAIT_KEYS[1],
    WAIT_KEYS[2],
];

const DEFAULT_REJECTED_PERCENT_MAX: u32 = 10;
const DEFAULT_FILE_MIB_MAX: u64 = 2_048;

/// The largest size limit that may be set, in MiB: a tebibyte.
const FILE_MIB_MAX: u64 = 1_048_576;

/// The longest silence that may be allowed, in business days: some ten years.
const SILENCE_BUSINESS_DAYS_MAX: u32 = 2_600;

/// Reads one variable of the environment.
type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// All inputs, in the file's order.
pub(super) fn read(
    root: &Section<'_>,
    profiles: &[ProfileDefinition],
    environment: Environment<'_>,
) -> Result<Vec<InputSettings>, ConfigError> {
    let mut inputs: Vec<InputSettings> = Vec::new();
    for section in root.tables("input", &KEYS)? {
        let is_query = |input: &&InputSettings| matches!(input.location, InputLocation::Query(_));
        let queries = inputs.iter().filter(is_query).count();
        let input = read_one(&section, profiles, (queries, environment))?;
        let same =
            |other: &InputSettings| other.kind == input.kind && other.location == input.location;
        if inputs.iter().any(same) {
            return Err(section.error(
                &match input.location {
                    InputLocation::Query(_) => format!("the query on {:?}", input.written),
                    InputLocation::Path(_) | InputLocation::Glob(_) => {
                        format!("the path {:?}", input.written)
                    }
                },
                &format!(
                    " is already an input of the kind {}; remove one of the two",
                    input.kind.word()
                ),
            ));
        }
        inputs.push(input);
    }
    Ok(inputs)
}

fn read_one(
    section: &Section<'_>,
    profiles: &[ProfileDefinition],
    (queries, environment): (usize, Environment<'_>),
) -> Result<InputSettings, ConfigError> {
    let kind = section.read("kind", kind)?.ok_or_else(|| {
        section.error(
            "there is no `kind`",
            &format!("; expected one of {}", kinds_read()),
        )
    })?;
    let query = shop::read(section, kind, queries, environment)?;
    let (written, location) = match query {
        Some(query) => (query.shown.clone(), InputLocation::Query(query)),
        None => place(section)?,
    };
    let archive = section.get("archive");
    let archived = archive.as_ref().map(Field::path).transpose()?;
    if let (Some(archive), InputLocation::Path(from), Some(to)) = (&archive, &location, &archived)
        && from == to
    {
        return Err(archive.error("is the input's own path; name another folder"));
    }
    let profile = section.read("profile", |field| profile(field, kind, profiles))?;
    let provider = section.read("provider", super::providers::provider_name)?;
    let provider = provider.or_else(|| kind.family().map(|family| family.word().to_owned()));
    if provider.is_none() && kind.reports_settlement() {
        return Err(section.error(
            "there is no `provider`",
            "; name who reports in these files, as the orders name it",
        ));
    }
    let test_notifications = section.read("mode", |field| mode(field, kind))?;
    Ok(InputSettings {
        kind,
        written,
        location,
        provider,
        test_notifications: test_notifications.unwrap_or(false),
        profile,
        max_rejected_percent: section
            .read("max_rejected_percent", |field| field.whole(0..=100))?
            .unwrap_or(DEFAULT_REJECTED_PERCENT_MAX),
        max_file_mib: section
            .read("max_file_mib", |field| field.whole(1..=FILE_MIB_MAX))?
            .unwrap_or(DEFAULT_FILE_MIB_MAX),
        archive: archived,
        max_silence_business_days: section.read("max_silence_business_days", |field| {
            field.whole(0..=SILENCE_BUSINESS_DAYS_MAX)
        })?,
    })
}

/// The inputs as coverage knows them, each with its limit.
pub(super) fn feeds(
    inputs: &[InputSettings],
    providers: &BTreeMap<String, ProviderRules>,
) -> Vec<FeedInput> {
    let feed = |input: &InputSettings| FeedInput {
        kind: input.kind,
        path: input.written.clone(),
        provider: input.provider.clone(),
        max_silence_business_days: input
            .max_silence_business_days
            .unwrap_or_else(|| usual_silence(input, providers)),
    };
    inputs.iter().map(feed).collect()
}

/// Business days that an input of a kind may be silent where nothing is set. Reports whose days are
/// known are asked for by day, and need no limit.
fn usual_silence(input: &InputSettings, providers: &BTreeMap<String, ProviderRules>) -> u32 {
    let provider = input.provider.as_ref().and_then(|name| providers.get(name));
    let has_report_days = provider.is_some_and(|rules| rules.report_days.are_known());
    match input.kind {
        InputKind::BankStatement | InputKind::Orders => 3,
        InputKind::PayoneSettlement | InputKind::Settlement if !has_report_days => 6,
        InputKind::PayoneSettlement
        | InputKind::Settlement
        | InputKind::OneyCrp
        | InputKind::PayoneStatus
        | InputKind::EFinancing
        | InputKind::OneyStatus
        | InputKind::OrderEvents
        | InputKind::Decisions => 0,
    }
}

/// `path`: as it is written, and where it is.
fn place(section: &Section<'_>) -> Result<(String, InputLocation), ConfigError> {
    let path = section.get("path").ok_or_else(|| {
        section.error(
            "there is no `path`",
            "; give a file, a directory or a glob pattern",
        )
    })?;
    Ok((path.text()?.to_owned(), location(&path)?))
}

fn kinds_read() -> String {
    InputKind::ALL.map(InputKind::word).join(", ")
}

fn kind(field: &Field<'_>) -> Result<InputKind, ConfigError> {
    let word = field.text()?;
    if let Some(kind) = InputKind::from_word(word) {
        return Ok(kind);
    }
    let near = nearest(word, InputKind::ALL.map(InputKind::word)).unwrap_or_default();
    Err(field.wrong(format!("one of {}; did you mean {near:?}?", kinds_read())))
}

/// True for `mode = "test"`.
fn mode(field: &Field<'_>, kind: InputKind) -> Result<bool, ConfigError> {
    if kind != InputKind::PayoneStatus {
        return Err(field.error("is for inputs of the kind payone-status; remove it"));
    }
    match field.text()? {
        "live" => Ok(false),
        "test" => Ok(true),
        _ => Err(field.wrong("\"live\" or \"test\"".to_owned())),
    }
}

/// A path with a wildcard is a pattern. Wildcards in the name of the folder of the
/// configuration stand for themselves.
fn location(field: &Field<'_>) -> Result<InputLocation, ConfigError> {
    let written = field.text()?;
    if !written.contains(['*', '?', '[']) {
        return Ok(InputLocation::Path(field.path()?));
    }
    let document = field.document();
    let written = written.strip_prefix("./").unwrap_or(written);
    let pattern = if written.starts_with('/') {
        written.to_owned()
    } else {
        let base = Pattern::escape(&document.base.to_string_lossy());
        format!("{}/{written}", base.trim_end_matches('/'))
    };
    match Pattern::new(&pattern) {
        Ok(_) => Ok(InputLocation::Glob(pattern)),
        Err(error) => Err(field.wrong(format!(
            "a file, a directory or a glob pattern such as \"inbox/*.csv\" ({})",
            error.msg
        ))),
    }
}

fn profile(
    field: &Field<'_>,
    kind: InputKind,
    profiles: &[ProfileDefinition],
) -> Result<String, ConfigError> {
    let name = field.name()?;
    let fitting = built_in_for(Some(kind));
    let Ok(profile) = Profile::resolve(&name, profiles) else {
        let own = profiles.iter().map(|profile| profile.name.as_str());
        let near = nearest(&name, own.chain(built_in_for(None))).unwrap_or_default();
        return Err(field.wrong(format!(
            "the name of a [[profile]] or of a built-in one; did you mean {near:?}?"
        )));
    };
    // A profile without a root stands for itself.
    if profile.root.is_empty() || fitting.contains(&profile.root.as_str()) {
        return Ok(name);
    }
    Err(field.wrong(format!(
        "a profile for {}: {}, or a [[profile]] that extends it",
        kind.word(),
        fitting.join(" or ")
    )))
}
