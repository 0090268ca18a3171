//! `[notify]`: who is told that a night ran, and how.

use std::path::PathBuf;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::mail;
use super::secret::SecretSource;
use super::settings::MailWhen;

/// `[notify]`. Without it nobody is told.
#[derive(Clone, Debug)]
pub struct NotifySettings {
    /// What is asked for when a night begins and when it ends.
    pub ping_url: Option<SecretSource>,
    /// What Prometheus' node exporter reads.
    pub metrics_file: Option<PathBuf>,
    /// Who gets a message of each night.
    pub webhooks: Vec<WebhookSettings>,
    /// Seconds that one request may take.
    pub timeout_seconds: u32,
}

/// One `[[notify.webhook]]`.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where to; often a secret in itself.
    pub url: SecretSource,
    /// What the body looks like.
    pub format: WebhookFormat,
    /// What the body is signed with.
    pub secret: Option<SecretSource>,
    /// On which nights.
    pub when: MailWhen,
    /// True when the discrepancies themselves go along, with order references and amounts.
    pub details: bool,
}

/// What the body of a webhook looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookFormat {
    /// `docs/webhook.schema.json`.
    Json,
    /// A message of Slack, and of what takes the same (Mattermost, Rocket.Chat).
    Slack,
    /// A card of Microsoft Teams' workflows.
    Teams,
}

pub(super) const KEYS: [&str; 6] = [
    "ping_url",
    "ping_url_env",
    "ping_url_file",
    "metrics_file",
    "timeout_seconds",
    "webhook",
];

pub(super) const WEBHOOK_KEYS: [&str; 9] = [
    "url",
    "url_env",
    "url_file",
    "format",
    "secret",
    "secret_env",
    "secret_file",
    "when",
    "details",
];

const FORMATS: [(&str, WebhookFormat); 3] = [
    ("json", WebhookFormat::Json),
    ("slack", WebhookFormat::Slack),
    ("teams", WebhookFormat::Teams),
];

const DEFAULT_TIMEOUT_SECONDS: u32 = 10;

/// What is told, `None` without `[notify]`.
pub(super) fn read(root: &Section<'_>) -> Result<Option<NotifySettings>, ConfigError> {
    let Some(section) = root.table("notify", &KEYS)? else {
        return Ok(None);
    };
    let timeout = section.read("timeout_seconds", |field| field.whole(1..=300))?;
    let webhooks = section.tables("webhook", &WEBHOOK_KEYS)?;
    Ok(Some(NotifySettings {
        ping_url: address(&section, "ping_url")?,
        metrics_file: section.read("metrics_file", Field::path)?,
        webhooks: webhooks.iter().map(webhook).collect::<Result<_, _>>()?,
        timeout_seconds: timeout.unwrap_or(DEFAULT_TIMEOUT_SECONDS),
    }))
}

fn webhook(section: &Section<'_>) -> Result<WebhookSettings, ConfigError> {
    let url = address(section, "url")?.ok_or_else(|| {
        section.error(
            "there is no `url`",
            "; give `url_env`: whoever knows it may post there",
        )
    })?;
    let secret = SecretSource::of(section, "secret")?;
    let format = section.read("format", |field| field.word(&FORMATS))?;
    let format = format.unwrap_or(WebhookFormat::Json);
    if secret.is_some() && format != WebhookFormat::Json {
        return Err(section.error(
            "there is a `secret`",
            "; Slack and Teams look at no signature, so remove it",
        ));
    }
    Ok(WebhookSettings {
        url,
        format,
        secret,
        when: section
            .read("when", |field| field.word(&mail::WHEN))?
            .unwrap_or(MailWhen::Always),
        details: section.read("details", Field::flag)?.unwrap_or(false),
    })
}

/// An address that may be secret: what is wrong with it is not shown.
fn address(section: &Section<'_>, key: &str) -> Result<Option<SecretSource>, ConfigError> {
    if let Some(field) = section.get(key) {
        let field = field.hidden();
        let text = field.text()?;
        if !["https://", "http://"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            return Err(field.wrong("an address that begins with https://"));
        }
    }
    SecretSource::of(section, key)
}
