//! Telling that a night ran, and that it ended.
//!
//! | | when | if nobody takes it |
//! |---|---|---|
//! | ping | when a night begins and when it ends, however it ends | said in the log; its watcher misses it, which is its purpose |
//! | metrics | when it has ended | said in the log |
//! | webhook | written down in the night's transaction, posted after it | kept, and posted by the next run |
//!
//! None of it changes what a night did or its exit code, and none takes longer than its limit of time.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::apis::Environment;
use super::{RunError, RunMode, RunOptions, RunResult};
use crate::clock::RunClock;
use crate::config::{MailWhen, Secret, SecretSource, Settings, WebhookFormat, WebhookSettings};
use crate::domain::hex::hex;
use crate::domain::outcome::ReportData;
use crate::notify::http::{self, Request};
use crate::notify::metrics::{self, NightFacts, RunFacts};
use crate::notify::{Bulletin, webhook};
use crate::storage::webhooks::{self, Post, PostState};
use crate::storage::{Db, runs};

/// A post that nobody took for so long is given up: its news is old.
const KEPT_DAYS_MAX: i64 = 30;

/// Milliseconds of a run after which no further post is begun.
const DELIVERY_LIMIT_MS: i64 = 60_000;

/// Who is told, with their secrets.
#[derive(Clone, Debug)]
pub struct NotifyPlan {
    ping_url: Option<Secret>,
    metrics_file: Option<std::path::PathBuf>,
    webhooks: Vec<Webhook>,
    timeout: Duration,
    /// True for a run that was not told from which day to look.
    tonight: bool,
}

/// One webhook.
#[derive(Clone, Debug)]
struct Webhook {
    url: Secret,
    /// Fingerprint of the address: what is stored instead of it.
    target: String,
    format: WebhookFormat,
    secret: Option<Secret>,
    when: MailWhen,
    details: bool,
}

impl NotifyPlan {
    /// Who is told as the configuration says. What cannot be had of it (a variable that is not set)
    /// is said, and that one is not told.
    pub fn of(settings: &Settings, environment: Environment<'_>, tonight: bool) -> Self {
        let mut plan = Self {
            ping_url: None,
            metrics_file: None,
            webhooks: Vec::new(),
            timeout: Duration::from_secs(10),
            tonight,
        };
        let Some(notify) = &settings.notify else {
            return plan;
        };
        let fetch = |what: &str, source: &SecretSource| match source.fetch(environment) {
            Ok(secret) => Some(secret),
            Err(error) => {
                tracing::error!("[notify] {what}: {error}; nobody is told there");
                None
            }
        };
        plan.timeout = Duration::from_secs(notify.timeout_seconds.into());
        plan.metrics_file.clone_from(&notify.metrics_file);
        plan.ping_url = notify
            .ping_url
            .as_ref()
            .and_then(|url| fetch("ping_url", url));
        let one = |hook: &WebhookSettings| {
            let url = fetch("webhook url", &hook.url)?;
            let secret = match &hook.secret {
                // A post without its signature would be taken for somebody else's.
                Some(secret) => Some(fetch("webhook secret", secret)?),
                None => None,
            };
            let target = hex(&Sha256::digest(url.reveal().as_bytes()));
            Some(Webhook {
                target: target.chars().take(16).collect(),
                url,
                format: hook.format,
                secret,
                when: hook.when,
                details: hook.details,
            })
        };
        plan.webhooks = notify.webhooks.iter().filter_map(one).collect();
        plan
    }

    /// Nobody.
    pub fn nobody() -> Self {
        Self {
            ping_url: None,
            metrics_file: None,
            webhooks: Vec::new(),
            timeout: Duration::ZERO,
            tonight: false,
        }
    }

    fn ping(&self, end: &str, body: impl FnOnce() -> String) -> Option<JoinHandle<()>> {
        let url = self.ping_url.as_ref()?;
        let body = body();
        let url = Secret::new(format!("{}/{end}", url.reveal().trim_end_matches('/')));
        let timeout = self.timeout;
        Some(thread::spawn(move || {
            let request = if body.is_empty() {
                Request::Get
            } else {
                Request::Post {
                    body: &body,
                    media: "text/plain; charset=UTF-8",
                    headers: &[],
                }
            };
            if let Err(why) = http::send(url.reveal(), request, timeout) {
                tracing::warn!("the ping of this run was not taken: {why}");
            }
        }))
    }

    /// Says that a night begins. It goes on meanwhile.
    pub fn begin(&self) -> Watch {
        Watch {
            ping: self.ping("start", String::new),
        }
    }
}

/// A night that was said to have begun.
#[derive(Debug)]
pub struct Watch {
    ping: Option<JoinHandle<()>>,
}

impl Watch {
    /// Says how it ended: by its exit code, with its outcome or the sentence of its failure.
    pub fn end(
        self,
        plan: &NotifyPlan,
        clock: RunClock,
        exit: u8,
        ended: Result<&RunResult, &str>,
    ) {
        // The end must not overtake the beginning.
        wait(self.ping);
        let text = || match ended {
            Ok(result) => Bulletin::of(&result.data).headline(),
            Err(failure) => failure.to_owned(),
        };
        // What the watcher keeps of the journal is a copy outside: see `docs/audit.md`.
        let newest = ended.ok().and_then(|result| result.journal.as_ref());
        let journal = newest.map_or_else(String::new, |it| {
            format!("journal row {}: {}\n", it.number, it.sha256)
        });
        let ping = plan.ping(&exit.to_string(), || {
            format!("exit code {exit}: {}\n{journal}", text())
        });
        if let Some(path) = &plan.metrics_file
            && let Err(error) = metrics::write(path, &metrics_text(path, clock, exit, ended))
        {
            tracing::error!("{} cannot be written ({error})", path.display());
        }
        wait(ping);
    }
}

fn wait(ping: Option<JoinHandle<()>>) {
    if let Some(ping) = ping
        && ping.join().is_err()
    {
        tracing::error!("a ping ended before its time");
    }
}

fn metrics_text(
    path: &std::path::Path,
    clock: RunClock,
    exit: u8,
    ended: Result<&RunResult, &str>,
) -> String {
    let passed = TimeDelta::milliseconds(clock.elapsed_ms());
    let now = clock
        .started_at
        .checked_add_signed(passed)
        .unwrap_or(clock.started_at);
    let run = RunFacts {
        ended_at: now.timestamp(),
        duration_ms: u64::try_from(clock.elapsed_ms()).unwrap_or(0),
        exit,
    };
    match ended {
        Ok(result) => {
            let at = |text: &String| text.parse::<DateTime<Utc>>().ok().map(|at| at.timestamp());
            let sources = result.sources.iter();
            let sources = sources.filter_map(|(name, text)| Some((name.clone(), at(text)?)));
            let night = NightFacts {
                bulletin: Bulletin::of(&result.data),
                sources: sources.collect(),
                posts_waiting: result.posts_waiting,
            };
            metrics::of_night(run, &night)
        }
        // A file that is not there has nothing to go on with.
        Err(_) => metrics::of_failure(run, &std::fs::read_to_string(path).unwrap_or_default()),
    }
}

/// Writes the posts of a night down, in its transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn compose(
    db: &mut Db,
    options: &RunOptions,
    data: &ReportData,
    clock: RunClock,
) -> Result<(), RunError> {
    let plan = &options.notify;
    let whole = options.mode == RunMode::Night
        && data.scope.range.is_none()
        && options.providers.is_empty();
    if plan.webhooks.is_empty() || !whole || is_past(db, data, plan.tonight).await? {
        return Ok(());
    }
    let bulletin = Bulletin::of(data);
    for hook in plan
        .webhooks
        .iter()
        .filter(|hook| is_due(hook.when, &bulletin))
    {
        let body = match hook.format {
            WebhookFormat::Json => {
                webhook::json_body(&bulletin, Some(data).filter(|_| hook.details))
            }
            WebhookFormat::Slack => webhook::slack_body(&bulletin),
            WebhookFormat::Teams => webhook::teams_body(&bulletin),
        };
        let post = Post {
            number: 0,
            scope: data.scope.folder(),
            target: hook.target.clone(),
            content: hex(&Sha256::digest(body.as_bytes())),
            composed_at: clock.started_text(),
            body,
        };
        webhooks::put(db, &post).await?;
    }
    Ok(())
}

/// True for a night that somebody repeats by hand: whoever looks back surprises nobody.
async fn is_past(db: &mut Db, data: &ReportData, tonight: bool) -> Result<bool, RunError> {
    let latest = runs::latest(db).await?;
    Ok(!tonight && latest.is_some_and(|latest| latest.as_of > data.scope.as_of))
}

fn is_due(when: MailWhen, bulletin: &Bulletin) -> bool {
    match when {
        MailWhen::Always => true,
        MailWhen::Discrepancies => bulletin.open > 0,
        MailWhen::New => bulletin.new.saturating_add(bulletin.changed) > 0,
    }
}

/// Posts what waits; how many nobody took. The night is recorded, and stands whatever happens here.
pub(super) async fn deliver(db: &mut Db, plan: &NotifyPlan, clock: RunClock) -> u64 {
    post_waiting(db, plan, clock).await.unwrap_or_else(|error| {
        tracing::error!("the night is recorded, and posts to webhooks wait: {error}");
        1
    })
}

/// Posts what waits, in the order in which it was composed; how many nobody took.
async fn post_waiting(db: &mut Db, plan: &NotifyPlan, clock: RunClock) -> Result<u64, RunError> {
    let began = clock.elapsed_ms();
    let (mut kept, mut silent) = (0_u64, Vec::new());
    for post in webhooks::waiting(db).await? {
        let now = clock.now_text();
        let Some(hook) = plan.webhooks.iter().find(|hook| hook.target == post.target) else {
            tracing::warn!(
                "a webhook is no longer in the configuration: its post of {} is dropped",
                post.scope
            );
            webhooks::note(db, post.number, PostState::Dropped, &now).await?;
            continue;
        };
        let composed: Option<DateTime<Utc>> = post.composed_at.parse().ok();
        let age = composed.map(|then| clock.started_at.signed_duration_since(then));
        if age.is_some_and(|age| age > TimeDelta::days(KEPT_DAYS_MAX)) {
            tracing::warn!(
                "a webhook took nothing for {KEPT_DAYS_MAX} days: its post of {} is given up",
                post.scope
            );
            webhooks::note(db, post.number, PostState::Expired, &now).await?;
            continue;
        }
        let late = clock.elapsed_ms().saturating_sub(began) > DELIVERY_LIMIT_MS;
        if late || silent.contains(&post.target) {
            kept = kept.saturating_add(1);
            continue;
        }
        match sent(hook, &post, plan.timeout) {
            Ok(()) => webhooks::note(db, post.number, PostState::Accepted, &now).await?,
            Err(why) => {
                tracing::error!("a webhook did not take the post of {}: {why}", post.scope);
                silent.push(post.target);
                kept = kept.saturating_add(1);
            }
        }
    }
    if kept > 0 {
        tracing::error!("{kept} post(s) to webhooks kept for the next run");
    }
    Ok(kept)
}

fn sent(hook: &Webhook, post: &Post, timeout: Duration) -> Result<(), String> {
    let delivery: String = post.content.chars().take(32).collect();
    let mut headers = vec![(
        webhook::DELIVERY_HEADER,
        format!("{}-{delivery}", post.number),
    )];
    if let Some(secret) = &hook.secret {
        let signature = webhook::signature(secret.reveal(), &post.body);
        headers.push((
            webhook::SIGNATURE_HEADER,
            signature.ok_or("its secret is no key")?,
        ));
    }
    let media = "application/json; charset=UTF-8";
    http::send(
        hook.url.reveal(),
        Request::Post {
            body: &post.body,
            media,
            headers: &headers,
        },
        timeout,
    )
}
