//! From the configuration to the providers' servers: who we are there, with the secrets that the
//! environment or files hold. What is missing is said by the name of its setting.

use std::collections::BTreeMap;
use std::time::Duration;

use super::RunError;
use crate::config::{ApiAccess, ApiSettings, SecretSource, Settings};
use crate::providers::e_financing::{self, Credentials, Session};
use crate::providers::oney::{self, File, OneyAccess};
use crate::providers::payone::{self, PayoneAccess};
use crate::providers::{Key, Patience, Server, ServerSettings, Waits};

/// Reads one variable of the environment.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// A provider that can be spoken to.
pub(super) enum Api {
    /// Oney.
    Oney(OneyApi),
    /// e-Financing.
    EFinancing(Session),
    /// PAYONE.
    Payone(PayoneApi),
}

/// Oney's server with the merchants' keys.
pub(super) struct OneyApi {
    /// The provider that the configuration calls so.
    provider: String,
    pub(super) server: Server,
    pub(super) access: OneyAccess,
    /// The merchant of orders that name none; empty where there is no such.
    default_merchant: String,
    /// Keys by merchant.
    keys: BTreeMap<String, Key>,
}

/// PAYONE's server.
pub(super) struct PayoneApi {
    pub(super) server: Server,
    pub(super) access: PayoneAccess,
}

/// The settings of a provider's API.
pub(super) fn settings_of<'s>(settings: &'s Settings, provider: &str) -> Option<&'s ApiSettings> {
    settings.apis.iter().find(|api| api.provider == provider)
}

impl Api {
    /// A provider's server, not spoken to yet.
    ///
    /// # Errors
    /// When a setting that it needs, or a secret, is missing.
    pub(super) fn open(api: &ApiSettings, environment: Environment<'_>) -> Result<Self, RunError> {
        if api.base_url.starts_with("http://") && !is_on_this_machine(&api.base_url) {
            tracing::warn!(
                "[provider.{}.api] base_url begins with http://: the key travels unprotected",
                api.provider
            );
        }
        let per_minute = match &api.access {
            ApiAccess::Oney { .. } => oney::PER_MINUTE,
            ApiAccess::EFinancing { .. } => e_financing::PER_MINUTE,
            ApiAccess::Payone { .. } => payone::PER_MINUTE,
        };
        let server = ServerSettings {
            base_url: api.base_url.clone(),
            timeout: Duration::from_secs(u64::from(api.timeout_seconds)),
            per_minute,
            waits: Waits::default(),
            is_exact: matches!(api.access, ApiAccess::Payone { .. }),
        };
        let budget = Duration::from_secs(u64::from(api.time_budget_seconds));
        let server = Server::new(&server, Patience::new(budget));
        let secrets = Secrets { api, environment };
        match &api.access {
            ApiAccess::Oney { .. } => OneyApi::open(server, secrets).map(Self::Oney),
            ApiAccess::EFinancing {
                client_id,
                client_secret,
            } => {
                let credentials = Credentials {
                    id: secrets.needed("client_id", client_id.as_ref())?,
                    secret: secrets.needed("client_secret", client_secret.as_ref())?,
                };
                Ok(Self::EFinancing(Session::new(server, credentials)))
            }
            ApiAccess::Payone { .. } => PayoneApi::open(server, secrets).map(Self::Payone),
        }
    }
}

/// The reference of no order: asking for it tells whether the key is taken.
const NO_ORDER: &str = "crp-recon-check";

/// Whether a provider's API can be reached and takes our keys; one request, which changes nothing.
pub(super) fn check(api: &ApiSettings, environment: Environment<'_>) -> Result<String, String> {
    let mut api = Api::open(api, environment).map_err(|error| error.to_string())?;
    let said = match &mut api {
        Api::Oney(api) => api.check(),
        Api::EFinancing(session) => session
            .token()
            .map(|_token| "gives a token for client_id and client_secret".to_owned())
            .map_err(|failed| failed.problem.to_string()),
        Api::Payone(_) => Ok("is configured; it has no question that changes nothing".to_owned()),
    };
    let server = match &api {
        Api::Oney(api) => &api.server,
        Api::EFinancing(session) => &session.server,
        Api::Payone(api) => &api.server,
    };
    said.map_err(|why| server.clean(&why))
}

fn is_on_this_machine(url: &str) -> bool {
    ["127.", "localhost", "[::1]"].iter().any(|host| {
        url.strip_prefix("http://")
            .is_some_and(|rest| rest.starts_with(host))
    })
}

/// Fetches secrets, and says which setting is missing.
#[derive(Clone, Copy)]
struct Secrets<'s> {
    api: &'s ApiSettings,
    environment: Environment<'s>,
}

impl Secrets<'_> {
    fn missing(&self, key: &str, what: &str) -> RunError {
        RunError::Setting(format!(
            "there is no `{key}` in [provider.{}.api]; {what}",
            self.api.provider
        ))
    }

    fn needed(&self, key: &str, source: Option<&SecretSource>) -> Result<Key, RunError> {
        let Some(source) = source else {
            let what = format!("give {key}, {key}_env or {key}_file");
            return Err(self.missing(key, &what));
        };
        let secret = source.fetch(self.environment).map_err(|error| {
            RunError::Setting(format!(
                "`{key}` of [provider.{}.api]: {error}",
                self.api.provider
            ))
        })?;
        Ok(Key::new(secret.reveal().trim()))
    }

    fn text(&self, key: &str, value: &str) -> Result<String, RunError> {
        if value.is_empty() {
            return Err(self.missing(key, "the provider gave it to you with the key"));
        }
        Ok(value.to_owned())
    }
}

impl OneyApi {
    fn open(mut server: Server, secrets: Secrets<'_>) -> Result<Self, RunError> {
        let ApiAccess::Oney {
            psp_guid,
            merchant_guid,
            country,
            authorization,
            merchants,
            reference_type,
            path,
            language_code,
        } = &secrets.api.access
        else {
            return Err(secrets.missing("merchant_guid", "it is of another provider"));
        };
        let mut keys = BTreeMap::new();
        if !merchant_guid.is_empty() && !merchants.contains_key(merchant_guid) {
            let key = secrets.needed("authorization", authorization.as_ref())?;
            keys.insert(merchant_guid.clone(), key);
        }
        for (guid, own) in merchants {
            let key = secrets.needed("authorization", own.as_ref().or(authorization.as_ref()))?;
            keys.insert(guid.clone(), key);
        }
        if keys.is_empty() {
            let what = "give it, or merchants = { \"guid\" = { authorization_env = \"…\" } }";
            return Err(secrets.missing("merchant_guid", what));
        }
        for key in keys.values() {
            server.hide(key);
        }
        let default_path = if psp_guid.is_empty() {
            oney::DEFAULT_PATH_WITHOUT_PSP
        } else {
            oney::DEFAULT_PATH
        };
        let only = (keys.len() == 1)
            .then(|| keys.keys().next().cloned())
            .flatten();
        let default_merchant = if merchant_guid.is_empty() {
            only.unwrap_or_default()
        } else {
            merchant_guid.clone()
        };
        Ok(Self {
            provider: secrets.api.provider.clone(),
            server,
            access: OneyAccess {
                psp_guid: psp_guid.clone(),
                country: secrets.text("country", country)?,
                reference_type: reference_type.clone().unwrap_or_else(|| "CMDE".to_owned()),
                path: path.clone().unwrap_or_else(|| default_path.to_owned()),
                language_code: language_code.clone(),
            },
            default_merchant,
            keys,
        })
    }

    /// Asks for an order that does not exist.
    fn check(&mut self) -> Result<String, String> {
        let Some((merchant, authorization)) = self.keys.iter().next() else {
            return Err("there is no merchant to ask for".to_owned());
        };
        let request = self.access.status(File {
            merchant,
            authorization,
            order_reference: NO_ORDER,
        });
        let none = Duration::ZERO;
        let answer = self
            .server
            .send(&request, none)
            .map_err(|silence| silence.to_string())?;
        let knows_us = oney::is_unknown_file(&answer) || oney::file_status(&answer).is_some();
        if knows_us {
            Ok("answers, and takes the key".to_owned())
        } else {
            Err(oney::problem(&answer).to_string())
        }
    }

    /// Whose file an order is: the merchant that it names, else the one of the configuration.
    pub(super) fn file<'f>(
        &'f self,
        merchant: &'f str,
        order_reference: &'f str,
    ) -> Result<File<'f>, String> {
        let known = self.keys.get_key_value(merchant);
        let found = known.or_else(|| self.keys.get_key_value(&self.default_merchant));
        let Some((merchant, authorization)) = found else {
            return Err(format!(
                "the order names no merchant of [provider.{}.api] (it names {merchant:?}); set \
                 merchant_guid, or add it to merchants",
                self.provider
            ));
        };
        Ok(File {
            merchant,
            authorization,
            order_reference,
        })
    }
}

impl PayoneApi {
    fn open(mut server: Server, secrets: Secrets<'_>) -> Result<Self, RunError> {
        let ApiAccess::Payone {
            mid,
            aid,
            portal_id,
            key,
            is_test,
        } = &secrets.api.access
        else {
            return Err(secrets.missing("mid", "it is of another provider"));
        };
        let key = secrets.needed("key", key.as_ref())?;
        server.hide(&key);
        server.hide(&payone::hashed(&key));
        Ok(Self {
            server,
            access: PayoneAccess {
                mid: secrets.text("mid", mid)?,
                aid: secrets.text("aid", aid)?,
                portal_id: secrets.text("portalid", portal_id)?,
                key,
                mode: if *is_test { "test" } else { "live" }.to_owned(),
            },
        })
    }
}
