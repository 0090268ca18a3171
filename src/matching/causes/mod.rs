//! What explains what: one mistake shows in several places, and is told as one.
//!
//! Seven rules, each with its own kind of cause and of effect; of each effect the first that fits
//! holds. A rule fits where there is exactly one candidate, unless it says which of several. Money
//! is never changed by it. Everything is looked up by what it is about, so that one report that is
//! missing may explain a hundred thousand orders.

mod books;
mod lines;
mod orders;
mod surroundings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::domain::cause::Causes;
use crate::domain::discrepancy::{Code, Discrepancy, DiscrepancyId};
use crate::domain::found::FoundList;
use crate::domain::rules::Rules;

pub use surroundings::{Surroundings, Window};

/// Something that may explain others, or be explained.
struct Reported {
    id: DiscrepancyId,
    discrepancy: Discrepancy,
}

/// What is found, shown or hidden, without what is resolved.
#[derive(Clone, Copy)]
struct Found<'f>(&'f FoundList);

impl<'f> Found<'f> {
    /// Those of a code, in no order that matters.
    fn each(self, code: Code) -> impl Iterator<Item = Reported> + use<'f> {
        let open = self.0.open_of_code(code);
        open.map(|discrepancy| Reported {
            id: discrepancy.identity(),
            discrepancy,
        })
    }

    /// Those of a code, by severity, provider and key.
    fn of(self, code: Code) -> Vec<Reported> {
        let mut all: Vec<Reported> = self.each(code).collect();
        all.sort_by(|one, other| {
            let (one, other) = (&one.discrepancy, &other.discrepancy);
            let place = |it: &'_ Discrepancy| (it.severity, it.provider.clone());
            place(one)
                .cmp(&place(other))
                .then_with(|| one.key.cmp(&other.key))
        });
        all
    }
}

/// A rule: the id of what explains a discrepancy, where it knows.
trait Rule {
    /// True where it may explain something of a code on this night.
    fn explains(&self, code: Code) -> bool;

    /// The cause.
    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId>;
}

/// Finds the cause of everything that has one.
pub fn find(list: &FoundList, around: &Surroundings, rules: &Rules) -> Causes {
    let found = Found(list);
    let all: [Box<dyn Rule>; 7] = [
        Box::new(lines::RejectedRows::of(found, around)),
        Box::new(lines::WrongLines::of(found, rules)),
        Box::new(orders::OtherStatus::of(found)),
        Box::new(orders::Misnamed::of(found)),
        Box::new(books::WithoutReference::of(found, around)),
        Box::new(books::StatementGaps::of(found, around)),
        Box::new(books::MissingReports::of(found, around, rules)),
    ];
    let mut causes = Causes::default();
    for code in Code::ALL.iter().copied() {
        let fitting = |rule: &&dyn Rule| rule.explains(code);
        let rules: Vec<&dyn Rule> = all.iter().map(AsRef::as_ref).filter(fitting).collect();
        if rules.is_empty() {
            continue;
        }
        for effect in found.each(code) {
            if let Some(cause) = rules.iter().find_map(|rule| rule.cause_of(&effect)) {
                causes.explain(effect.id, cause);
            }
        }
    }
    causes
}

/// What the second part of a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Order,
    Transaction,
    Payout,
}

/// What a discrepancy of a code is about, where a reference is its key.
fn about(code: Code) -> Option<About> {
    match code {
        Code::AmountMismatch
        | Code::CancellationAmountMismatch
        | Code::CancellationNotReported
        | Code::CancellationUnexpected
        | Code::CurrencyMismatch
        | Code::DeadlineAtRisk
        | Code::DuplicateFunding
        | Code::FundingNotReported
        | Code::MerchantMismatch
        | Code::OrderNotFound
        | Code::OverCancelled
        | Code::ProviderAmountMismatch
        | Code::ProviderStatusMismatch
        | Code::StatusMismatch => Some(About::Order),
        Code::Chargeback | Code::EventMissing => Some(About::Transaction),
        Code::AmbiguousMatch
        | Code::CarryOver
        | Code::DebitNotTaken
        | Code::PayoutAmountMismatch
        | Code::PayoutNotReceived => Some(About::Payout),
        Code::AdjustmentUnassigned
        | Code::BankCreditUnexplained
        | Code::BankDebitUnexplained
        | Code::DuplicateLine
        | Code::FeeMismatch
        | Code::FeedSilent
        | Code::LineRejected
        | Code::PayoutReferenceMissing
        | Code::ReferenceMissing
        | Code::ReportDuplicate
        | Code::ReportMissing
        | Code::ReportRejected
        | Code::ReportReplaced
        | Code::StatementGap
        | Code::StatementUnbalanced => None,
    }
}

/// One of several candidates, or that there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    One(DiscrepancyId),
    Several,
}

impl Only {
    /// Counts one more candidate.
    fn add<K: Ord>(candidates: &mut BTreeMap<K, Self>, key: K, id: DiscrepancyId) {
        candidates
            .entry(key)
            .and_modify(|known| {
                if *known != Self::One(id) {
                    *known = Self::Several;
                }
            })
            .or_insert(Self::One(id));
    }

    fn id(self) -> Option<DiscrepancyId> {
        match self {
            Self::One(id) => Some(id),
            Self::Several => None,
        }
    }
}
