//! Rules 3 and 4: an order that its provider sees otherwise, or under another name.

use std::collections::BTreeMap;

use super::{About, Found, Only, Reported, Rule, about};
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, DiscrepancyId};
use crate::domain::{Amount, Currency};

/// Rule 3: another status at the provider explains what leg 1 finds of the order.
pub(super) struct OtherStatus(BTreeMap<(String, String), Only>);

impl OtherStatus {
    pub(super) fn of(found: Found<'_>) -> Self {
        let mut statuses = BTreeMap::new();
        for it in found.of(Code::ProviderStatusMismatch) {
            let order = &it.discrepancy;
            let key = (order.provider.clone(), order.order_reference.clone());
            Only::add(&mut statuses, key, it.id);
        }
        Self(statuses)
    }
}

impl Rule for OtherStatus {
    fn explains(&self, code: Code) -> bool {
        let is_of_another_leg = matches!(
            code,
            Code::OrderNotFound | Code::ProviderAmountMismatch | Code::ProviderStatusMismatch
        );
        let is_of_leg_one = about(code) == Some(About::Order) && !is_of_another_leg;
        is_of_leg_one && !self.0.is_empty()
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        let found = &effect.discrepancy;
        let key = (found.provider.clone(), found.order_reference.clone());
        self.0.get(&key)?.id()
    }
}

/// By provider, order and amount.
type Key = (String, String, Currency, Amount);

/// Rule 4: an order that is reported under a name which the shop does not have, and that is as
/// large as the nearest one which nobody reports.
pub(super) struct Misnamed(BTreeMap<Key, Only>);

impl Misnamed {
    pub(super) fn of(found: Found<'_>) -> Self {
        let mut misnamed = BTreeMap::new();
        for it in found.of(Code::OrderNotFound) {
            let unknown = &it.discrepancy;
            let Detail::UnknownOrder(order) = &unknown.detail else {
                continue;
            };
            if let Some(nearest) = &order.nearest
                && let Some((currency, amount)) = unknown.currency.zip(unknown.actual)
            {
                let key = (unknown.provider.clone(), nearest.clone(), currency, amount);
                Only::add(&mut misnamed, key, it.id);
            }
        }
        Self(misnamed)
    }
}

impl Rule for Misnamed {
    fn explains(&self, code: Code) -> bool {
        code == Code::FundingNotReported && !self.0.is_empty()
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        let found = &effect.discrepancy;
        let key = (
            found.provider.clone(),
            found.order_reference.clone(),
            found.currency?,
            found.expected?,
        );
        self.0.get(&key)?.id()
    }
}
