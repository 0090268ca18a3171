//! A token, and the questions asked with it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Subscription, judge_question, list, problem, without_people};
use crate::providers::request::form;
use crate::providers::{
    Answer, Asked, Body, Key, NoAnswer, Problem, Request, Server, Verdict, ask,
};

/// Where tokens are given, below the configured address.
const TOKEN_PATH: &str = "auth-server/api/v1/oauth2/token";

/// How long a token holds whose answer does not say it.
const TOKEN_LIFE: Duration = Duration::from_secs(300);

/// A token is not used in its last seconds.
const TOKEN_RESERVE: Duration = Duration::from_secs(30);

/// Pages of one listing. An order has one subscription, so more than these is another answer than
/// was asked for.
const PAGES_MAX: usize = 50;

/// The key pair.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `client_id`.
    pub id: Key,
    /// `client_secret`.
    pub secret: Key,
}

/// The subscriptions of one order.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// As they came, without what they say about people.
    pub items: Vec<Value>,
}

impl Listing {
    /// As they are understood.
    pub fn subscriptions(&self) -> impl Iterator<Item = Subscription> {
        self.items.iter().filter_map(Subscription::read)
    }
}

/// Why a question of a session has no answer.
#[derive(Clone, Debug)]
pub struct Failed {
    /// What happened.
    pub problem: Problem,
    /// True when there is no use in asking for the other orders.
    pub stop: bool,
    /// The answer of the list that could not be used, where one came.
    pub answer: Option<Answer>,
}

impl Failed {
    fn of(asked: Asked) -> Self {
        match asked {
            Asked::Answered(answer, verdict) => Self {
                problem: problem(&answer),
                stop: verdict == Verdict::StopProvider,
                answer: Some(answer),
            },
            Asked::Silence(silence) => Self {
                stop: silence.is_of_no_use(),
                ..Self::without_answer(Problem::silence(&silence))
            },
        }
    }

    fn without_answer(problem: Problem) -> Self {
        Self {
            problem,
            stop: false,
            answer: None,
        }
    }
}

struct Token {
    bearer: Key,
    until: Instant,
}

/// The server with the token of the moment.
pub struct Session {
    /// The server.
    pub server: Server,
    credentials: Credentials,
    token: Option<Token>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({:?})", self.server)
    }
}

impl Session {
    /// A session that has no token yet.
    pub fn new(mut server: Server, credentials: Credentials) -> Self {
        server.hide(&credentials.id);
        server.hide(&credentials.secret);
        server.hide(&basic(&credentials));
        Self {
            server,
            credentials,
            token: None,
        }
    }

    /// The token, a new one where there is none or it ends soon.
    ///
    /// # Errors
    /// When the server gives none: then there is no use in going on.
    pub fn token(&mut self) -> Result<Key, Failed> {
        if let Some(token) = &self.token
            && Instant::now() < token.until
        {
            return Ok(token.bearer.clone());
        }
        let grant = form(&[
            ("grant_type", "client_credentials"),
            ("scope", "e-financing:rw"),
        ]);
        let basic = Key::new(format!("Basic {}", basic(&self.credentials).reveal()));
        let request = Request::post(TOKEN_PATH.to_owned(), Body::Form(grant))
            .with("Authorization", basic)
            .with("Accept", "application/json");
        let stop = |sentence: String| Failed {
            stop: true,
            ..Failed::without_answer(Problem::new(sentence))
        };
        // Asking twice for a token gives two tokens and harms nobody.
        let answer = match ask(&mut self.server, &request, judge_token) {
            Asked::Answered(answer, Verdict::Take) => answer,
            Asked::Answered(answer, _) => {
                return Err(Failed {
                    stop: true,
                    ..Failed::without_answer(token_problem(&answer))
                });
            }
            Asked::Silence(silence) => return Err(stop(format!("no token: {silence}"))),
        };
        let body = answer.json().unwrap_or_default();
        let bearer = body.get("access_token").and_then(Value::as_str);
        let Some(bearer) = bearer.filter(|text| !text.is_empty()) else {
            // Not even its beginning is shown: it may be a token in another form.
            return Err(stop(
                "no token: the answer of the token server holds none".to_owned(),
            ));
        };
        let bearer = Key::new(bearer);
        self.server.hide(&bearer);
        let seconds = body.get("expires_in").and_then(seconds);
        let life = seconds.map_or(TOKEN_LIFE, Duration::from_secs);
        let used = life
            .saturating_sub(TOKEN_RESERVE)
            .max(life.checked_div(2).unwrap_or(life));
        let now = Instant::now();
        self.token = Some(Token {
            bearer: bearer.clone(),
            until: now.checked_add(used).unwrap_or(now),
        });
        Ok(bearer)
    }

    /// Forgets the token: the server does not accept it any more.
    pub fn forget_token(&mut self) {
        self.token = None;
    }

    /// A request with the token of the moment.
    ///
    /// # Errors
    /// When there is no token.
    pub fn signed(&mut self, request: &Request) -> Result<Request, Failed> {
        let bearer = Key::new(format!("Bearer {}", self.token()?.reveal()));
        let request = request.clone().with("Authorization", bearer);
        Ok(request.with("Accept", "application/json"))
    }

    fn ask(&mut self, request: &Request) -> Result<Answer, Failed> {
        for attempt in 0..2 {
            let signed = self.signed(request)?;
            match ask(&mut self.server, &signed, judge_question) {
                Asked::Answered(answer, Verdict::Take) => return Ok(answer),
                // A token may end in the middle of a run: a new one, once.
                Asked::Answered(answer, _) if answer.status == 401 && attempt == 0 => {
                    self.forget_token();
                }
                failed @ (Asked::Answered(..) | Asked::Silence(_)) => {
                    return Err(Failed::of(failed));
                }
            }
        }
        Err(Failed::of(Asked::Silence(NoAnswer::OutOfTime)))
    }

    /// All subscriptions of an order, page after page.
    ///
    /// # Errors
    /// When a page cannot be had, or the pages do not hold as many as they say.
    pub fn subscriptions(&mut self, order_reference: &str) -> Result<Listing, Failed> {
        let report = |sentence: &str| Failed::without_answer(Problem::new(sentence));
        let mut listing = Listing::default();
        let mut ids = BTreeSet::new();
        for page in 1..=PAGES_MAX {
            let answer = self.ask(&list(order_reference, page))?;
            let Some((total, items)) = page_of(&answer) else {
                return Err(Failed {
                    answer: Some(answer.clone()),
                    ..Failed::without_answer(problem(&answer))
                });
            };
            let before = ids.len();
            for item in items {
                let Some(subscription) = Subscription::read(&item) else {
                    return Err(report("a subscription of the list has no id"));
                };
                let is_asked_for = subscription.order_reference == order_reference;
                if ids.insert(subscription.id) && is_asked_for {
                    listing.items.push(without_people(item));
                }
            }
            if ids.len() >= total {
                return Ok(listing);
            }
            if ids.len() == before {
                return Err(report(
                    "the pages of the list hold fewer subscriptions than totalItemCount says; ask \
                     again later",
                ));
            }
        }
        Err(report(
            "the list does not end: the server seems to ignore merchantGlobalOrderId",
        ))
    }
}

fn basic(credentials: &Credentials) -> Key {
    let pair = format!(
        "{}:{}",
        credentials.id.reveal(),
        credentials.secret.reveal()
    );
    Key::new(STANDARD.encode(pair))
}

/// Seconds as a number or as its digits.
fn seconds(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

fn judge_token(answer: &Answer) -> Verdict {
    match answer.status {
        200 => Verdict::Take,
        408 | 429 | 499 | 500..=599 => Verdict::Retry,
        _ => Verdict::StopProvider,
    }
}

fn token_problem(answer: &Answer) -> Problem {
    let what = match answer.status {
        400 | 401 | 403 => {
            "the token server does not accept client_id and client_secret; check both, and that \
             they are of this environment"
        }
        404 | 300..=399 => "there is no token server at this address; check base_url",
        _ => "the token server failed",
    };
    Problem {
        sentence: format!("no token: {what}"),
        http_status: Some(answer.status),
        errors: super::errors_of(answer),
    }
}

/// `totalItemCount` and the subscriptions of a page.
fn page_of(answer: &Answer) -> Option<(usize, Vec<Value>)> {
    let Value::Object(mut body) = answer.json()? else {
        return None;
    };
    let total = usize::try_from(body.get("totalItemCount")?.as_u64()?).ok()?;
    match body.remove("subscriptions")? {
        Value::Array(items) => Some((total, items)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            None
        }
    }
}
