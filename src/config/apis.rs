//! `[provider.NAME.api]`: the providers' servers. This version calls none of them; it checks the
//! tables, so that the configuration of a later one is accepted, and its slips are found, today.

use super::document::{Field, Section};
use super::error::ConfigError;
use super::secret::SecretSource;
use super::settings::ApiSettings;

/// What the API of one provider may be told.
struct Api {
    provider: &'static str,
    default_url: &'static str,
    keys: &'static [&'static str],
    secrets: &'static [&'static str],
}

const APIS: [Api; 3] = [
    Api {
        provider: "oney",
        default_url: "https://api.oney.io/",
        keys: &[
            "base_url",
            "timeout_seconds",
            "allow_actions",
            "psp_guid",
            "merchant_guid",
            "merchants",
            "country",
            "authorization",
            "authorization_env",
            "authorization_file",
        ],
        secrets: &["authorization"],
    },
    Api {
        provider: "e-financing",
        default_url: "https://api.scalexpert.societegenerale.com/baas/prod/",
        keys: &[
            "base_url",
            "timeout_seconds",
            "allow_actions",
            "client_id",
            "client_id_env",
            "client_id_file",
            "client_secret",
            "client_secret_env",
            "client_secret_file",
        ],
        secrets: &["client_id", "client_secret"],
    },
    Api {
        provider: "payone",
        default_url: "https://api.pay1.de/post-gateway/",
        keys: &[
            "base_url",
            "timeout_seconds",
            "allow_actions",
            "mid",
            "aid",
            "portalid",
            "mode",
            "key",
            "key_env",
            "key_file",
        ],
        secrets: &["key"],
    },
];

const MERCHANT_KEYS: [&str; 3] = ["authorization", "authorization_env", "authorization_file"];

/// The longest wait for an answer, in seconds: ten minutes.
const TIMEOUT_SECONDS_MAX: u32 = 600;

/// The APIs of all providers that have one, by provider.
pub(super) fn read(root: &Section<'_>) -> Result<Vec<ApiSettings>, ConfigError> {
    let mut apis = Vec::new();
    for (provider, section) in super::providers::sections_of(root)? {
        let Some(field) = section.get("api") else {
            continue;
        };
        let Some(api) = APIS.iter().find(|api| api.provider == provider) else {
            let known = APIS.map(|api| api.provider).join(", ");
            return Err(field.error(&format!("is for a provider without one; known are {known}")));
        };
        apis.push(read_one(&field.table(api.keys)?, api)?);
    }
    Ok(apis)
}

fn read_one(section: &Section<'_>, api: &Api) -> Result<ApiSettings, ConfigError> {
    for secret in api.secrets {
        SecretSource::of(section, secret)?;
    }
    for key in [
        "psp_guid",
        "merchant_guid",
        "country",
        "mid",
        "aid",
        "portalid",
    ] {
        section.read(key, Field::text_or_number)?;
    }
    section.read("timeout_seconds", |field| {
        field.whole(1..=TIMEOUT_SECONDS_MAX)
    })?;
    section.read("allow_actions", Field::flag)?;
    section.read("mode", |field| field.word(&[("live", ()), ("test", ())]))?;
    if let Some(merchants) = section.read("merchants", Field::free_table)? {
        for field in merchants.fields() {
            SecretSource::of(&field.table(&MERCHANT_KEYS)?, "authorization")?;
        }
    }
    let base_url = section.read("base_url", server)?;
    Ok(ApiSettings {
        provider: api.provider.to_owned(),
        base_url: base_url.unwrap_or_else(|| api.default_url.to_owned()),
    })
}

fn server(field: &Field<'_>) -> Result<String, ConfigError> {
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
