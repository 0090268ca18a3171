//! What may be decided about a discrepancy, and the entry of the audit trail that comes of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::linking::LinkDesk;
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::decision::{
    Action, Decision, NOBODY, Request, Standing, Terms, Wish, is_same_person,
};
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::link::Link;
use crate::domain::order::normal_reference;
use crate::domain::{Amount, Currency};
use crate::pipeline::RunError;
use crate::storage::Db;
use crate::storage::findings::Finding;

/// Letters of an account of the books.
const ACCOUNT_CHARS_MAX: usize = 64;

/// Who decides, about what.
#[derive(Clone, Copy)]
pub(super) struct Case<'c> {
    /// What was found last.
    pub(super) last: &'c Finding,
    /// Where it stands.
    pub(super) standing: &'c Standing,
    /// Who decides.
    pub(super) user: &'c str,
    /// Where that was read.
    pub(super) source: Option<&'c Source>,
}

/// Turns requests into decisions.
pub(super) struct Desk<'d> {
    settings: &'d Settings,
    night: NaiveDate,
    clock: RunClock,
    /// Only where something is linked: it needs all payouts and entries.
    links: Option<LinkDesk>,
}

impl<'d> Desk<'d> {
    /// A desk for some requests; `proposed` are links that may be approved.
    pub(super) async fn open<'r>(
        db: &mut Db,
        (settings, night, clock): (&'d Settings, NaiveDate, RunClock),
        requests: impl Iterator<Item = &'r Request>,
        proposed: impl Iterator<Item = &'r Decision>,
    ) -> Result<Self, RunError> {
        let mut orders = BTreeSet::new();
        let mut is_linking = false;
        for request in requests.filter(|it| it.action == Action::Link) {
            is_linking = true;
            orders.insert(normal_reference(&request.wish.order));
        }
        for decision in proposed {
            if let Terms::Link(link) = &decision.terms {
                is_linking = true;
                if let Link::Reference { order, .. } | Link::Line { order, .. } = link {
                    orders.insert(order.as_str());
                }
            }
        }
        orders.remove("");
        let links = if is_linking {
            Some(LinkDesk::open(db, settings, night, &orders).await?)
        } else {
            None
        };
        Ok(Self {
            settings,
            night,
            clock,
            links,
        })
    }

    /// The decision that a request comes to.
    ///
    /// # Errors
    /// Why it may not be decided, and what to do, as a sentence that begins behind the id.
    pub(super) fn decide(&mut self, case: Case<'_>, request: &Request) -> Result<Decision, String> {
        let found = &case.last.discrepancy;
        let terms = self.terms(case, request)?;
        if let Terms::Link(link) = &terms
            && let Some(links) = &mut self.links
        {
            links.take(&case.last.id, link);
        }
        Ok(Decision {
            id: case.last.id.clone(),
            action: request.action,
            at: self.clock.started_text(),
            by: case.user.to_owned(),
            content: request.content.clone(),
            expected: found.expected,
            actual: found.actual,
            source: case.source.cloned(),
            day: Some(self.night),
            terms,
            is_proposed: request.action.needs_approval() && self.is_above(found),
        })
    }

    /// True for what is about so much that a second person has to approve it.
    fn is_above(&self, found: &Discrepancy) -> bool {
        let limit = self.settings.approval_above.as_ref();
        let currency = found.currency.unwrap_or(Currency::EUR);
        limit.is_some_and(|limit| limit.amount(currency) < at_stake(found))
    }

    fn terms(&self, case: Case<'_>, request: &Request) -> Result<Terms, String> {
        let (found, standing) = (&case.last.discrepancy, case.standing);
        if request.action.needs_approval()
            && let Some(waiting) = &standing.proposed
        {
            return Err(format!(
                "{} already waits for a second person: {} by {}; approve or reject that first",
                found.code,
                waiting.action.word(),
                waiting.by
            ));
        }
        match request.action {
            Action::WriteOff => written_off(found, &request.wish).map(Terms::Account),
            Action::Link => {
                if let Some(linked) = &standing.linked {
                    return Err(format!(
                        "{} is linked already, to {}; unlink it first",
                        found.code, linked.link
                    ));
                }
                checked_account(&request.wish.account)?;
                self.linked(found, &request.wish).map(Terms::Link)
            }
            Action::Unlink if standing.linked.is_none() => Err(format!(
                "{} is not linked, so there is no link to take back",
                found.code
            )),
            Action::Snooze => match request.wish.until {
                Some(until) if self.night < until => Ok(Terms::Until(until)),
                Some(until) => Err(format!(
                    "{} cannot be put aside until {until}: the latest night is that of {}; say a \
                     later day",
                    found.code, self.night
                )),
                None => Err(format!("until when is {} put aside? Say a day", found.code)),
            },
            Action::Approve => self.approved(case).map(|()| Terms::None),
            Action::Reject if standing.proposed.is_none() => Err(nothing_proposed(found)),
            Action::Accept
            | Action::Reopen
            | Action::Lapse
            | Action::Unlink
            | Action::Reject
            | Action::Note
            | Action::Assign => Ok(Terms::None),
        }
    }

    fn linked(&self, found: &Discrepancy, wish: &Wish) -> Result<Link, String> {
        let links = self.links.as_ref();
        let links = links.ok_or_else(|| "nothing can be linked here".to_owned())?;
        links.link(found, wish)
    }

    /// Whether a person may approve what is proposed: another one's proposal, about what is still
    /// true.
    fn approved(&self, case: Case<'_>) -> Result<(), String> {
        let found = &case.last.discrepancy;
        let Some(proposed) = &case.standing.proposed else {
            return Err(nothing_proposed(found));
        };
        if is_same_person(NOBODY, case.user) {
            return Err(format!(
                "{} waits for the word of a second person, and who says it is not told; name the \
                 person with --user, or in the column user",
                found.code
            ));
        }
        if is_same_person(&proposed.by, case.user) {
            return Err(format!(
                "{}: {} proposed to {} it, and nobody approves a decision of their own; another \
                 person has to",
                found.code,
                proposed.by,
                proposed.action.word()
            ));
        }
        if proposed.amounts() != (found.expected, found.actual) {
            return Err(format!(
                "{} has other amounts than when {} proposed to {} it; reject that and decide again",
                found.code,
                proposed.by,
                proposed.action.word()
            ));
        }
        let Terms::Link(link) = &proposed.terms else {
            return Ok(());
        };
        match self.linked(found, &wish_of(link, found.code)) {
            Ok(now) if now == *link => Ok(()),
            Ok(_) => Err(format!(
                "{}: what {} proposed to link has changed since; reject that and link again",
                found.code, proposed.by
            )),
            Err(problem) => Err(format!("{}: {problem}", found.code)),
        }
    }
}

fn nothing_proposed(found: &Discrepancy) -> String {
    format!(
        "nothing is proposed for {}, so there is nothing to say yes or no to",
        found.code
    )
}

/// The money that a decision is about, without sign.
fn at_stake(found: &Discrepancy) -> Amount {
    let one = |amount: Option<Amount>| amount.unwrap_or_default().abs();
    match found.difference() {
        Some(difference) => difference.abs(),
        None => one(found.expected).max(one(found.actual)),
    }
}

/// The wish that a link answers.
fn wish_of(link: &Link, code: Code) -> Wish {
    let mut wish = Wish::default();
    match link {
        Link::Reference { order, .. } | Link::Line { order, .. } => wish.order.clone_from(order),
        Link::File { payout, .. } => wish.payout.clone_from(payout),
        Link::Bank(link) => {
            let rest = link.rest.as_ref();
            wish.account = rest.map_or(String::new(), |rest| rest.account.clone());
            if matches!(
                code,
                Code::BankCreditUnexplained | Code::BankDebitUnexplained
            ) {
                let payout = link.payouts.first();
                wish.payout = payout.map_or(String::new(), |it| it.reference.clone());
            } else {
                wish.entries = link.entries.iter().map(ToString::to_string).collect();
            }
        }
    }
    wish
}

/// The account of a write-off of something that has a difference in money.
fn written_off(found: &Discrepancy, wish: &Wish) -> Result<String, String> {
    let difference = found.difference().unwrap_or_default();
    if !found.code.is_about_money() || difference.is_zero() {
        return Err(format!(
            "{} has no difference that could be booked; accept it",
            found.code
        ));
    }
    if wish.account.is_empty() {
        return Err(format!(
            "on which account is the difference of {} booked? Say the account",
            found.code
        ));
    }
    checked_account(&wish.account)?;
    Ok(wish.account.clone())
}

/// An account may stand in a journal of every format.
fn checked_account(account: &str) -> Result<(), String> {
    let is_good = |letter: char| letter.is_alphanumeric() || ":-_.".contains(letter);
    if account.chars().all(is_good) && account.chars().count() <= ACCOUNT_CHARS_MAX {
        return Ok(());
    }
    Err(format!(
        "«{account}» is no account: it has letters, digits and : - _ . alone, at most \
         {ACCOUNT_CHARS_MAX} of them"
    ))
}
