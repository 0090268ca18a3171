//! `[provider.NAME.api]`: the providers' servers, for `verify` and `provider` only.
//!
//! What a command needs and the table lacks is said when the command is used, not before: a night
//! does not fail because of an API that it never asks.

use std::collections::BTreeMap;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::secret::SecretSource;
use crate::domain::family::Family;
use crate::domain::rules::Rules;

/// `[provider.NAME.api]`.
#[derive(Clone, Debug)]
pub struct ApiSettings {
    /// The provider.
    pub provider: String,
    /// The server.
    pub base_url: String,
    /// How long one answer may take, in seconds.
    pub timeout_seconds: u32,
    /// How long one command may ask this provider in all, in seconds.
    pub time_budget_seconds: u32,
    /// Whether `provider` may send anything that moves money.
    pub allow_actions: bool,
    /// Who we are there.
    pub access: ApiAccess,
}

/// Who we are at a provider. What is not given is empty or `None`.
#[derive(Clone, Debug)]
pub enum ApiAccess {
    /// Oney's payment API.
    Oney {
        /// The PSP.
        psp_guid: String,
        /// The merchant of orders that name none.
        merchant_guid: String,
        /// The country header.
        country: String,
        /// The key of merchants that have none of their own.
        authorization: Option<SecretSource>,
        /// Merchants by GUID, with keys of their own.
        merchants: BTreeMap<String, Option<SecretSource>>,
        /// What stands before a reference and a `|`; `None`: `CMDE`.
        reference_type: Option<String>,
        /// The path of a purchase with `{psp}`, `{merchant}` and `{reference}`.
        path: Option<String>,
        /// Of labels in answers.
        language_code: String,
    },
    /// Scalexpert by Société Générale.
    EFinancing {
        /// The client's id.
        client_id: Option<SecretSource>,
        /// The client's secret.
        client_secret: Option<SecretSource>,
    },
    /// PAYONE's server API.
    Payone {
        /// The merchant account.
        mid: String,
        /// The sub account.
        aid: String,
        /// The portal.
        portal_id: String,
        /// The portal's key.
        key: Option<SecretSource>,
        /// True for `mode = "test"`.
        is_test: bool,
    },
}

/// What the API of a family may be told.
struct Api {
    family: Family,
    default_url: &'static str,
    keys: &'static [&'static str],
}

const APIS: [Api; 3] = [
    Api {
        family: Family::Oney,
        default_url: "https://api.oney.io/",
        keys: &[
            "base_url",
            "timeout_seconds",
            "time_budget_seconds",
            "allow_actions",
            "psp_guid",
            "merchant_guid",
            "merchants",
            "country",
            "reference_type",
            "path",
            "language_code",
            "authorization",
            "authorization_env",
            "authorization_file",
        ],
    },
    Api {
        family: Family::EFinancing,
        default_url: "https://api.scalexpert.societegenerale.com/baas/prod/",
        keys: &[
            "base_url",
            "timeout_seconds",
            "time_budget_seconds",
            "allow_actions",
            "client_id",
            "client_id_env",
            "client_id_file",
            "client_secret",
            "client_secret_env",
            "client_secret_file",
        ],
    },
    Api {
        family: Family::Payone,
        default_url: "https://api.pay1.de/post-gateway/",
        keys: &[
            "base_url",
            "timeout_seconds",
            "time_budget_seconds",
            "allow_actions",
            "mid",
            "aid",
            "portalid",
            "mode",
            "key",
            "key_env",
            "key_file",
        ],
    },
];

const MERCHANT_KEYS: [&str; 3] = ["authorization", "authorization_env", "authorization_file"];

/// The wait for an answer, in seconds, that Oney itself has.
const DEFAULT_TIMEOUT_SECONDS: u32 = 10;

/// The longest wait for an answer, in seconds: ten minutes.
const TIMEOUT_SECONDS_MAX: u32 = 600;

/// What a command may spend on one provider, in seconds: ten minutes.
const DEFAULT_TIME_BUDGET_SECONDS: u32 = 600;

/// The most that it may be allowed: six hours, a night.
const TIME_BUDGET_SECONDS_MAX: u32 = 21_600;

/// The APIs of all providers that have one, by provider.
pub(super) fn read(root: &Section<'_>, rules: &Rules) -> Result<Vec<ApiSettings>, ConfigError> {
    let mut apis = Vec::new();
    for (provider, section) in super::providers::sections_of(root)? {
        let Some(field) = section.get("api") else {
            continue;
        };
        let family = rules.family(&provider);
        let Some(api) = APIS.iter().find(|api| Some(api.family) == family) else {
            let known = APIS.map(|api| api.family.word()).join(", ");
            return Err(field.error(&format!(
                "is for a provider without one; write family = \"…\" in [provider.{provider}] if it \
                 is one of {known}"
            )));
        };
        apis.push(read_one(provider, &field.table(api.keys)?, api)?);
    }
    Ok(apis)
}

fn read_one(
    provider: String,
    section: &Section<'_>,
    api: &Api,
) -> Result<ApiSettings, ConfigError> {
    let timeout = section.read("timeout_seconds", |field| {
        field.whole(1..=TIMEOUT_SECONDS_MAX)
    })?;
    let budget = section.read("time_budget_seconds", |field| {
        field.whole(1..=TIME_BUDGET_SECONDS_MAX)
    })?;
    let access = match api.family {
        Family::Oney => oney(section)?,
        Family::EFinancing => ApiAccess::EFinancing {
            client_id: SecretSource::of(section, "client_id")?,
            client_secret: SecretSource::of(section, "client_secret")?,
        },
        Family::Payone => ApiAccess::Payone {
            mid: number(section, "mid")?,
            aid: number(section, "aid")?,
            portal_id: number(section, "portalid")?,
            key: SecretSource::of(section, "key")?,
            is_test: section
                .read("mode", |field| {
                    field.word(&[("live", false), ("test", true)])
                })?
                .unwrap_or(false),
        },
    };
    let base_url = section.read("base_url", server)?;
    Ok(ApiSettings {
        provider,
        base_url: base_url.unwrap_or_else(|| api.default_url.to_owned()),
        timeout_seconds: timeout.unwrap_or(DEFAULT_TIMEOUT_SECONDS),
        time_budget_seconds: budget.unwrap_or(DEFAULT_TIME_BUDGET_SECONDS),
        allow_actions: section.read("allow_actions", Field::flag)?.unwrap_or(false),
        access,
    })
}

fn oney(section: &Section<'_>) -> Result<ApiAccess, ConfigError> {
    let mut merchants = BTreeMap::new();
    if let Some(table) = section.read("merchants", Field::free_table)? {
        for field in table.fields() {
            let key = SecretSource::of(&field.table(&MERCHANT_KEYS)?, "authorization")?;
            merchants.insert(field.key().to_owned(), key);
        }
    }
    let language = section.read("language_code", Field::name)?;
    Ok(ApiAccess::Oney {
        psp_guid: number(section, "psp_guid")?,
        merchant_guid: number(section, "merchant_guid")?,
        country: number(section, "country")?,
        authorization: SecretSource::of(section, "authorization")?,
        merchants,
        reference_type: section.read("reference_type", Field::any_text)?,
        path: section.read("path", purchase_path)?,
        language_code: language.unwrap_or_else(|| "EN".to_owned()),
    })
}

/// A name or a number; empty where it is not given.
fn number(section: &Section<'_>, key: &str) -> Result<String, ConfigError> {
    let text = section.read(key, Field::text_or_number)?;
    Ok(text.unwrap_or_default())
}

/// The path of a purchase: without these two places every order would have the same.
fn purchase_path(field: &Field<'_>) -> Result<String, ConfigError> {
    let path = field.text()?;
    let whole = ["{merchant}", "{reference}"]
        .iter()
        .all(|place| path.contains(place));
    let plain = !path.contains(['?', '#', ' ']) && !path.chars().any(char::is_control);
    if whole && plain {
        return Ok(path.to_owned());
    }
    Err(field.wrong("a path with {merchant} and {reference}, and {psp} where there is one"))
}

pub(super) fn server(field: &Field<'_>) -> Result<String, ConfigError> {
    let url = field.text()?;
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let good =
        |rest: &str| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(['@', ' ', '\n']);
    if !rest.is_some_and(good) {
        let wrong = "an address without user or password, such as \"https://api.example.com/\"";
        return Err(field.error(&format!("cannot be used; expected {wrong}")));
    }
    Ok(url.to_owned())
}
