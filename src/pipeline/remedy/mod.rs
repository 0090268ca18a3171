//! `provider`: the remedy for a shop that confirmed, cancelled, shipped or refunded without the
//! provider knowing.
//!
//! [`remedy`] first says what it would do ([`Preview`]); only with a yes it does anything, and only
//! under the lock of a run. Then it reads the provider's state, asks the life of a credit file
//! ([`rules`]) and the audit trail whether it may, writes the intent down, sends it
//! ([`mod@carry_out`]) and writes down what became of it. An intent that nobody completed, and one
//! whose outcome is unknown, stand in the way of the next until the provider's state or a person
//! settles them.

mod carry_out;
mod desk;
mod rules;
mod state;
#[cfg(test)]
mod tests;
mod trail;
mod transaction;

use super::apis::{Api, Environment, settings_of};
use super::inquiry::standing::{self, KnownOrder};
use super::{RunError, inquiry};
use crate::clock::RunClock;
use crate::config::{ApiAccess, ApiSettings, Settings};
use crate::domain::Amount;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind, ProviderActionOutcome};
use crate::storage::{DatabaseLocation, Db, provider_actions};
use carry_out::carry_out;
use desk::Desk;
use rules::{Plan, shown};
use trail::{Now, Way, advice, complete, refuse, settle_earlier, told};
use transaction::KnownTransaction;

/// What a person wants done.
#[derive(Clone, Debug)]
pub struct RemedyWish<'w> {
    /// What.
    pub kind: ProviderActionKind,
    /// For which order.
    pub order_reference: &'w str,
    /// At which provider, where several have an order of this reference.
    pub provider: Option<&'w str>,
    /// How much, as it was typed; `None`: all there is to it.
    pub amount: Option<&'w str>,
    /// Why.
    pub reason: &'w str,
    /// By whom.
    pub user: &'w str,
    /// Whether to do it.
    pub yes: bool,
    /// The number of an earlier action that may be sent once more: the person knows that it did not
    /// arrive, or means it twice.
    pub repeat: Option<i64>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedied {
    /// What to tell, line by line.
    pub lines: Vec<String>,
    /// True when what was wanted is done, or was only looked at.
    pub is_good: bool,
}

/// Says what would be done, or does it.
///
/// # Errors
/// When the order is not known, a setting is missing or forbids it, or the database fails. What
/// the provider refuses is no error: it is told.
pub async fn remedy(
    settings: &Settings,
    location: &DatabaseLocation,
    wish: &RemedyWish<'_>,
    (environment, clock): (Environment<'_>, RunClock),
) -> Result<Remedied, RunError> {
    // A look first: it takes no lock, makes no database and finds most of what is wrong.
    let mut db = inquiry::open(location).await?;
    let case = Case::read(&mut db, settings, wish, clock).await?;
    db.close().await?;
    let mut lines = case.preview(wish);
    if !wish.yes {
        lines.push("Nothing was sent. Add --yes to do it.".to_owned());
        return Ok(Remedied {
            lines,
            is_good: true,
        });
    }
    let api = Api::open(case.api, environment)?;
    // Under the lock everything is read again: another call may have been quicker.
    let (mut db, _lock) = Db::open(location).await?;
    let case = Case::read(&mut db, settings, wish, clock).await?;
    let done = case.act(&mut db, api, wish, clock).await;
    let closed = db.close().await;
    let (said, is_good) = done?;
    closed?;
    lines.extend(said);
    Ok(Remedied { lines, is_good })
}

/// An order, and all that decides what may be done with it.
struct Case<'c> {
    api: &'c ApiSettings,
    plan: Plan,
    /// What was done for it so far, the oldest first.
    earlier: Vec<ProviderAction>,
    transaction: Option<KnownTransaction>,
}

impl<'c> Case<'c> {
    async fn read(
        db: &mut Db,
        settings: &'c Settings,
        wish: &RemedyWish<'_>,
        clock: RunClock,
    ) -> Result<Self, RunError> {
        let known = standing::orders_of(db, settings, wish.order_reference, clock.as_of).await?;
        let order = the_order(known, wish, settings)?;
        let api = allowed_api(settings, &order.provider)?;
        let earlier = provider_actions::of_order(db, &order.order_reference).await?;
        let mut transaction = match &api.access {
            ApiAccess::Payone { .. } => {
                transaction::known_transaction(db, &order, clock.as_of).await?
            }
            ApiAccess::Oney { .. } | ApiAccess::EFinancing { .. } => None,
        };
        if let Some(known) = &mut transaction {
            known.count_own(&earlier);
        }
        let asked = wish.amount.map(|text| {
            Amount::parse(text.trim(), order.currency).map_err(|error| {
                RunError::Setting(format!(
                    "the amount {text:?} {error}; write it like 120.50, in {}",
                    order.currency
                ))
            })
        });
        let sums = (earlier.as_slice(), transaction.as_ref());
        let amount = rules::amount_of(wish.kind, &order, asked.transpose()?, sums);
        let country = match &api.access {
            ApiAccess::Oney { country, .. } => country.to_ascii_lowercase(),
            ApiAccess::EFinancing { .. } | ApiAccess::Payone { .. } => String::new(),
        };
        let local = clock.started_at.with_timezone(&settings.timezone);
        Ok(Self {
            api,
            plan: Plan {
                kind: wish.kind,
                amount: amount.map_err(RunError::NotFound)?,
                order,
                country,
                today: local.date_naive(),
                time: local.time(),
            },
            earlier,
            transaction,
        })
    }

    /// What would be done, in words.
    fn preview(&self, wish: &RemedyWish<'_>) -> Vec<String> {
        let (plan, order) = (&self.plan, &self.plan.order);
        let what = wish.kind.word();
        let amount = plan.amount.map_or(String::new(), |amount| {
            format!(" {}", shown(amount, order.currency))
        });
        let mut lines = vec![format!(
            "{what}{amount} of order {} at {} ({})",
            order.order_reference, order.provider, self.api.base_url
        )];
        lines.push(format!(
            "  the shop: {} {}, cancelled {}; reported as cancelled {}",
            order.status.word(),
            shown(order.expected, order.currency),
            shown(order.cancelled, order.currency),
            shown(order.reported_cancelled, order.currency),
        ));
        lines.push(format!("  reason: {}", wish.reason));
        let rest = plan.amount.map(|amount| order.ordered - amount);
        let confirms = plan.kind == ProviderActionKind::Confirm;
        if let Some(rest) = rest.filter(|rest| *rest > Amount::ZERO && confirms)
            && plan.has_one_confirm()
        {
            lines.push(format!(
                "  in France this is the only confirmation: the rest, {}, is cancelled for good",
                shown(rest, order.currency)
            ));
        }
        lines.push(match &self.transaction {
            Some(transaction) => format!("  PAYONE's notifications: {transaction}"),
            None if matches!(self.api.access, ApiAccess::Payone { .. }) => {
                format!("  {}", desk::no_notification(order))
            }
            None => "  the provider's status is read first, and decides whether it may".to_owned(),
        });
        for action in self
            .earlier
            .iter()
            .filter(|it| it.provider == order.provider)
        {
            lines.push(format!("  before: {}", told(action)));
        }
        lines
    }

    /// Does it; what to tell, and whether it was done.
    async fn act(
        self,
        db: &mut Db,
        api: Api,
        wish: &RemedyWish<'_>,
        clock: RunClock,
    ) -> Result<(Vec<String>, bool), RunError> {
        let mut lines = Vec::new();
        let number = provider_actions::next_number(db).await?;
        let mut action = self.intent(number, wish, clock);
        let mut desk = match Desk::new(api, self.plan.order.clone(), self.transaction.clone()) {
            Ok(desk) => desk,
            Err(why) => return refuse(db, action, why, clock).await,
        };
        let state = match desk.state() {
            Ok(state) => state,
            Err(problem) => {
                let why = desk.clean(&format!("its status cannot be read: {problem}"));
                return refuse(db, action, why, clock).await;
            }
        };
        lines.push(desk.clean(&format!("{} has it as {state}", action.provider)));
        let now = Now {
            state: &state,
            shown: &desk.clean(&state.to_string()),
            one_confirm: self.plan.has_one_confirm(),
        };
        let verdict = settle_earlier(db, &self.earlier, &action, now, (wish, clock)).await?;
        lines.extend(verdict.lines);
        match verdict.way {
            Way::Free => {}
            Way::DoneBefore => return Ok((lines, true)),
            Way::Blocked(why) => {
                let (said, good) = refuse(db, action, why, clock).await?;
                lines.extend(said);
                return Ok((lines, good));
            }
        }
        if let Err(why) = rules::allowed(&self.plan, &state) {
            let why = desk.clean(&why);
            let (said, good) = refuse(db, action, why, clock).await?;
            lines.extend(said);
            return Ok((lines, good));
        }
        action.request_id = desk.request_id(action.number, clock.started_at.timestamp_millis());
        action.transaction_id = desk.transaction_id(&state);
        action.state_before = desk.clean(&state.to_string());
        action.amount_before = state
            .amount(action.currency)
            .or_else(|| self.untouched_amount());
        provider_actions::insert(db, &action).await?;
        let mut carried = carry_out(&mut desk, &action, self.plan.has_one_confirm());
        carried.words = desk.clean(&carried.words);
        complete(db, &mut action, &carried, clock).await?;
        lines.push(told(&action));
        lines.extend(advice(&action));
        let is_good = matches!(
            carried.outcome,
            ProviderActionOutcome::Done | ProviderActionOutcome::Pending
        );
        Ok((lines, is_good))
    }

    /// What is wanted, as the audit trail has it before the provider was asked.
    fn intent(&self, number: i64, wish: &RemedyWish<'_>, clock: RunClock) -> ProviderAction {
        let order = &self.plan.order;
        ProviderAction {
            number,
            requested_at: clock.started_text(),
            requested_by: wish.user.to_owned(),
            provider: order.provider.clone(),
            order_reference: order.order_reference.clone(),
            transaction_id: order.transaction_id.clone(),
            kind: self.plan.kind,
            amount: self.plan.amount,
            currency: order.currency,
            reason: wish.reason.to_owned(),
            request_id: String::new(),
            state_before: String::new(),
            amount_before: None,
            outcome: ProviderActionOutcome::Intended,
            completed_at: String::new(),
            detail: String::new(),
        }
    }

    /// The whole of a file whose amount the provider does not say: what the shop ordered, as long as
    /// nothing was moved yet.
    fn untouched_amount(&self) -> Option<Amount> {
        let order = &self.plan.order;
        let moved = |action: &ProviderAction| match action.outcome {
            ProviderActionOutcome::NotSent | ProviderActionOutcome::Refused => false,
            ProviderActionOutcome::Intended
            | ProviderActionOutcome::Done
            | ProviderActionOutcome::Pending
            | ProviderActionOutcome::Unknown => true,
        };
        let untouched = order.reported_cancelled.is_zero() && !self.earlier.iter().any(moved);
        untouched.then_some(order.ordered)
    }
}

/// The order that is meant.
fn the_order(
    known: Vec<KnownOrder>,
    wish: &RemedyWish<'_>,
    settings: &Settings,
) -> Result<KnownOrder, RunError> {
    let (kind, reference) = (wish.kind, wish.order_reference);
    let wanted = |order: &KnownOrder| wish.provider.is_none_or(|name| order.provider == name);
    let mut all: Vec<KnownOrder> = known.into_iter().filter(wanted).collect();
    if all.is_empty() {
        return Err(RunError::NotFound(format!(
            "no order {reference} is stored; `crp-recon show {reference}` says what is known of it"
        )));
    }
    let fits = |order: &KnownOrder| {
        let family = settings.rules.family(&order.provider);
        family.is_some_and(|family| kind.families().contains(&family))
    };
    let others: Vec<String> = all.iter().map(|order| order.provider.clone()).collect();
    all.retain(fits);
    let several = all.len() > 1;
    match all.into_iter().next() {
        Some(order) if !several => Ok(order),
        Some(_) => Err(RunError::Setting(format!(
            "several providers have an order {reference} ({}); say which with --provider",
            others.join(", ")
        ))),
        None => Err(RunError::Setting(format!(
            "order {reference} is financed by {}; {} is for {}",
            others.join(", "),
            kind.word(),
            kind.families()
                .iter()
                .map(|it| it.name())
                .collect::<Vec<_>>()
                .join(" and ")
        ))),
    }
}

/// The provider's API, where actions are allowed.
fn allowed_api<'s>(settings: &'s Settings, provider: &str) -> Result<&'s ApiSettings, RunError> {
    let Some(api) = settings_of(settings, provider) else {
        return Err(RunError::Setting(format!(
            "there is no [provider.{provider}.api]; its keys are needed for this"
        )));
    };
    if !api.allow_actions {
        return Err(RunError::Setting(format!(
            "actions at {provider} are off; to switch them on, set allow_actions = true in \
             [provider.{provider}.api]"
        )));
    }
    Ok(api)
}
