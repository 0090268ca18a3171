//! Rules 1 and 2: single rows that could not be read, or that are wrong, and what is wrong because
//! of them.

use std::collections::BTreeMap;

use super::{About, Found, Only, Reported, Rule, Surroundings, about};
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy, DiscrepancyId};
use crate::domain::rules::{Rules, SettlementMode};
use crate::domain::{Amount, Currency};

/// Rule 1: a rejected row explains what is found of the order, transaction or payout that it names.
pub(super) struct RejectedRows(BTreeMap<(String, About, String), Only>);

impl RejectedRows {
    pub(super) fn of(found: Found<'_>, around: &Surroundings) -> Self {
        let mut causes = BTreeMap::new();
        for rejected in found.of(Code::LineRejected) {
            let [sha256, line] = rejected.discrepancy.key.as_slice() else {
                continue;
            };
            let Ok(line) = line.parse() else { continue };
            let Some((provider, names)) = around.rejected.get(&(sha256.clone(), line)) else {
                continue;
            };
            let payouts = names.payouts.iter().map(|it| (About::Payout, it));
            let all = [
                (About::Order, &names.order_reference),
                (About::Transaction, &names.transaction_id),
            ];
            for (kind, name) in all.into_iter().chain(payouts) {
                if !name.is_empty() {
                    let key = (provider.clone(), kind, name.clone());
                    Only::add(&mut causes, key, rejected.id);
                }
            }
        }
        Self(causes)
    }
}

impl Rule for RejectedRows {
    fn explains(&self, code: Code) -> bool {
        !self.0.is_empty() && about(code).is_some()
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        let found = &effect.discrepancy;
        let kind = about(found.code)?;
        // The month of a commission is no payout, and the identity of a line no transaction.
        let is_month = matches!(found.detail, Detail::Commissions(_));
        let is_of_line = found.code == Code::Chargeback && found.key.len() > 2;
        let is_reference = !is_month && !is_of_line;
        let name = found.key.get(1).filter(|_| is_reference)?;
        let key = (found.provider.clone(), kind, name.clone());
        self.0.get(&key)?.id()
    }
}

/// Of a payout's lines that are wrong: the first of them, and by how much they are in all.
#[derive(Clone, Debug)]
struct Wrong {
    first: DiscrepancyId,
    /// Its place among all of its code.
    rank: usize,
    sum: Amount,
}

/// By provider, payout and currency.
type WrongByPayout = BTreeMap<(String, String, Currency), Wrong>;

/// Rule 2: commissions that are wrong, or lines reported twice, explain that the bank booked
/// another amount, where theirs add up to the difference.
pub(super) struct WrongLines {
    fees: WrongByPayout,
    duplicates: WrongByPayout,
}

impl WrongLines {
    pub(super) fn of(found: Found<'_>, rules: &Rules) -> Self {
        let by_fee = |found: &Discrepancy| found.difference();
        let by_copies = |found: &Discrepancy| repeated(found, rules.provider(&found.provider).mode);
        Self {
            fees: wrong(found, Code::FeeMismatch, by_fee),
            duplicates: wrong(found, Code::DuplicateLine, by_copies),
        }
    }
}

fn wrong(
    found: Found<'_>,
    code: Code,
    amount: impl Fn(&Discrepancy) -> Option<Amount>,
) -> WrongByPayout {
    let mut wrong = WrongByPayout::new();
    for (rank, line) in found.of(code).into_iter().enumerate() {
        let found = &line.discrepancy;
        let Some((currency, amount)) = found.currency.zip(amount(found)) else {
            continue;
        };
        let key = (
            found.provider.clone(),
            found.payout_reference.clone(),
            currency,
        );
        let of_payout = wrong.entry(key).or_insert_with(|| Wrong {
            first: line.id,
            rank,
            sum: Amount::ZERO,
        });
        of_payout.sum += amount;
    }
    wrong
}

/// What the copies of a line add to a payout: their gross, in net mode without their fees.
fn repeated(found: &Discrepancy, mode: SettlementMode) -> Option<Amount> {
    let gross = found.difference()?;
    let Detail::Times(times) = found.detail else {
        return Some(gross);
    };
    match mode {
        SettlementMode::Gross => Some(gross),
        // The fee of one is part of the line's identity.
        SettlementMode::Net => {
            let fee = Amount::parse(found.key.get(7)?, found.currency?).ok()?;
            let fees: Amount = (1..times).map(|_| fee).sum();
            Some(gross - fees)
        }
    }
}

impl Rule for WrongLines {
    fn explains(&self, code: Code) -> bool {
        code == Code::PayoutAmountMismatch && !(self.fees.is_empty() && self.duplicates.is_empty())
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        let found = &effect.discrepancy;
        let difference = found.difference().filter(|it| !it.is_zero())?;
        let Detail::PaidTogether(payouts) = &found.detail else {
            return None;
        };
        let currency = found.currency?;
        let fitting = |wrong: &WrongByPayout| {
            let of_group = payouts.iter().filter_map(|payout| {
                wrong.get(&(found.provider.clone(), payout.clone(), currency))
            });
            let sum: Amount = of_group.clone().map(|it| it.sum).sum();
            let first = of_group.min_by_key(|it| it.rank)?;
            (sum.abs() == difference.abs()).then_some(first.first)
        };
        fitting(&self.fees).or_else(|| fitting(&self.duplicates))
    }
}
