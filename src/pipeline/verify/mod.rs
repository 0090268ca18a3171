//! `verify`: asks the providers for the truth behind open discrepancies.
//!
//! The orders are those of discrepancies of the latest recorded night. Every answer is kept as an
//! input file ([`answers`]), as if a person had dropped it there: the next run reads it, and what
//! was known that night can be read again without the network. An order whose status could not be
//! read is not verified, and no finding.

mod answers;
mod document;
mod questions;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::apis::{Api, Environment, settings_of};
use super::{RunError, inquiry};
use crate::clock::RunClock;
use crate::config::{ApiAccess, ApiSettings, Settings};
use crate::domain::Currency;
use crate::domain::discrepancy::Code;
use crate::domain::order::Order;
use crate::facts::lookup;
use crate::providers::Problem;
use crate::storage::{DatabaseLocation, findings, runs};
use answers::Kept;

/// One order that is to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// Its reference.
    pub(super) order_reference: String,
    /// The merchant that the shop names, may be empty.
    pub(super) merchant: String,
    /// The currency of its amounts, where the shop has it.
    pub(super) currency: Option<Currency>,
    /// What was found about it.
    pub(super) codes: Vec<Code>,
}

/// What was learnt of one order.
#[derive(Clone, Debug)]
pub struct Learnt {
    /// Who was asked.
    pub provider: String,
    /// For which order.
    pub order_reference: String,
    /// What was found about it.
    pub codes: Vec<Code>,
    /// What they say.
    pub said: Said,
}

/// What a provider says of an order.
#[derive(Clone, Debug)]
pub enum Said {
    /// Where it stands, in the provider's words.
    Status(String),
    /// The provider does not know it: a finding.
    NotKnown,
    /// No status was learnt.
    NotVerified(Problem),
    /// It was not asked for: the provider was given up before.
    NotAsked,
}

/// What `verify` did.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Order by order, provider by provider.
    pub learnt: Vec<Learnt>,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Providers that were given up, and why.
    pub stopped: Vec<(String, Problem)>,
    /// Discrepancies that nobody can be asked about.
    pub passed_over: Vec<PassedOver>,
}

/// A discrepancy that nobody can be asked about.
#[derive(Clone, Debug)]
pub struct PassedOver {
    /// Its id.
    pub id: String,
    /// What it is.
    pub code: Code,
    /// Why nobody can be asked.
    pub why: String,
}

impl Verified {
    /// True when somebody has to look at the settings or the network: a provider was given up, or
    /// nobody answered although somebody was asked.
    pub fn has_failed(&self) -> bool {
        let answered = |learnt: &Learnt| match learnt.said {
            Said::Status(_) | Said::NotKnown => true,
            Said::NotVerified(_) | Said::NotAsked => false,
        };
        let silent = !self.learnt.is_empty() && !self.learnt.iter().any(answered);
        !self.stopped.is_empty() || silent
    }
}

/// Asks about the discrepancies with these ids, or about all of the latest recorded night.
///
/// # Errors
/// When there is no such discrepancy, a setting is missing, or an answer cannot be kept.
pub async fn verify(
    settings: &Settings,
    location: &DatabaseLocation,
    ids: &[String],
    (environment, clock): (Environment<'_>, RunClock),
) -> Result<Verified, RunError> {
    let can_be_asked = |api: &ApiSettings| !matches!(api.access, ApiAccess::Payone { .. });
    if !settings.apis.iter().any(can_be_asked) {
        return Err(RunError::Setting(
            "there is nobody to ask: the configuration has no [provider.NAME.api] of Oney or \
             e-Financing"
                .to_owned(),
        ));
    }
    let mut verified = Verified::default();
    let asked = questions_of(settings, location, ids, &mut verified.passed_over).await?;
    // Everything that may be missing is looked for before anybody is asked.
    let mut ready = Vec::new();
    for (provider, questions) in asked {
        let Some(api) = settings_of(settings, &provider) else {
            continue;
        };
        let folder = answers::folder(settings, api)?;
        ready.push((provider, questions, folder, Api::open(api, environment)?));
    }
    for (provider, questions, place, api) in ready {
        let mut kept = Kept::new(&provider, &place);
        questions::ask_all(api, &questions, clock, (&mut kept, &mut verified));
        verified.files.extend(kept.write(&place, clock)?);
    }
    Ok(verified)
}

/// The orders behind discrepancies, by provider.
async fn questions_of(
    settings: &Settings,
    location: &DatabaseLocation,
    ids: &[String],
    passed_over: &mut Vec<PassedOver>,
) -> Result<BTreeMap<String, Vec<Question>>, RunError> {
    let mut db = inquiry::open(location).await?;
    let night = runs::latest(&mut db).await?;
    let night = night.ok_or_else(inquiry::no_night)?;
    let open = findings::of_night(&mut db, night.as_of).await?;
    for id in ids {
        if !open.fronts().any(|(open, _)| open.to_string() == *id) {
            return Err(RunError::NotFound(format!(
                "no discrepancy {id} is open on {}; `crp-recon discrepancies` lists them",
                night.as_of
            )));
        }
    }
    let named = |id: &String| ids.is_empty() || ids.contains(id);
    let mut codes: BTreeMap<(String, String), Vec<Code>> = BTreeMap::new();
    for (id, found) in open.fronts() {
        let id = id.to_string();
        if !named(&id) {
            continue;
        }
        match why_not(settings, found.provider, found.order_reference) {
            None => {
                let key = (found.provider.to_owned(), found.order_reference.to_owned());
                let codes = codes.entry(key).or_default();
                if !codes.contains(&found.code) {
                    codes.push(found.code);
                }
            }
            // Of all that are open, most are about payouts and files: only who names one is told.
            Some(why) if !ids.is_empty() => passed_over.push(PassedOver {
                id,
                code: found.code,
                why,
            }),
            Some(_) => {}
        }
    }
    let mut by_provider: BTreeMap<String, Vec<Question>> = BTreeMap::new();
    for ((provider, order_reference), mut codes) in codes {
        codes.sort();
        let (mut merchant, mut currency) = (String::new(), None);
        let asked = BTreeSet::from([order_reference.as_str()]);
        let known = lookup::orders(&mut db, &asked).await?;
        let of_order = (provider.clone(), order_reference.clone());
        if let Some(rows) = known.get(&of_order) {
            for order in rows.all::<Order<'_>>()? {
                currency = Some(order.currency);
                order.merchant.clone_into(&mut merchant);
            }
        }
        by_provider.entry(provider).or_default().push(Question {
            order_reference,
            merchant,
            currency,
            codes,
        });
    }
    db.close().await?;
    Ok(by_provider)
}

/// Why nobody can be asked about a discrepancy; `None`: somebody can.
fn why_not(settings: &Settings, provider: &str, order_reference: &str) -> Option<String> {
    if order_reference.is_empty() {
        return Some("it is about no order".to_owned());
    }
    match settings_of(settings, provider).map(|api| &api.access) {
        None => Some(format!(
            "there is no [provider.{provider}.api] to ask {order_reference} for"
        )),
        Some(ApiAccess::Payone { .. }) => Some(
            "PAYONE answers no questions; its notifications say what it knows (payone-status)"
                .to_owned(),
        ),
        Some(ApiAccess::Oney { .. } | ApiAccess::EFinancing { .. }) => None,
    }
}
