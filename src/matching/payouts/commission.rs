//! Rule 4, commission debit: a provider that pays gross debits a month's commissions at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::certainty::Certainty;
use super::leftovers::Said;
use super::open_items::{EntriesByAmount, OpenEntry, Parties};
use crate::domain::calendar::plus_days;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::payout::MonthlyFee;
use crate::domain::rules::SettlementMode;
use crate::domain::{Amount, Currency};

/// Days after a month's end within which its commissions are debited.
const COMMISSION_DEBIT_DAYS: i64 = 45;

/// What rule 4 found.
pub(super) struct Commissions<'a> {
    /// The entries that debit a month's commissions, by number, and whose commissions they are.
    pub(super) debits: BTreeMap<usize, &'a str>,
    /// Months whose commissions should have been debited.
    pub(super) not_taken: Vec<Said>,
}

/// Finds the debit of each month. An earlier month chooses first and takes the earliest debit of
/// its amount: what a later month may take, it may take later too.
pub(super) fn commissions<'a>(
    months: &[&MonthlyFee],
    parties: &Parties<'a>,
    entries: &[&OpenEntry<'a>],
    certainty: &Certainty<'_, '_>,
) -> Commissions<'a> {
    let entries = EntriesByAmount::new(entries);
    let mut charged: Vec<(&str, &MonthlyFee)> = months
        .iter()
        .copied()
        .filter(|month| Amount::ZERO < month.fee)
        .filter_map(|month| Some((parties.get(&month.provider)?, month)))
        .filter(|(party, _)| party.mode() == SettlementMode::Gross)
        .map(|(party, month)| (party.name, month))
        .collect();
    charged.sort_by_key(|(party, month)| (*party, month.currency, month.month_end));

    let mut found = Commissions {
        debits: BTreeMap::new(),
        not_taken: Vec::new(),
    };
    for (party, month) in charged {
        let key = (party, month.currency, -month.fee);
        let due = plus_days(month.month_end, COMMISSION_DEBIT_DAYS);
        let window = (plus_days(month.month_end, 1), due);
        let mut debits = entries.between(key, window).iter();
        if let Some(debit) = debits.find(|it| !found.debits.contains_key(&it.number)) {
            found.debits.insert(debit.number, party);
        } else {
            let verdict = certainty.by_bank(party, due);
            found
                .not_taken
                .push(Said::by(&verdict, || not_taken(month, due)));
        }
    }
    found
}

fn not_taken(month: &MonthlyFee, due: NaiveDate) -> Discrepancy {
    let name = month.month_end.format("%Y-%m").to_string();
    let currency: Currency = month.currency;
    let key = vec![
        month.provider.clone(),
        name.clone(),
        currency.code().to_owned(),
    ];
    Discrepancy {
        provider: month.provider.clone(),
        payout_reference: name,
        currency: Some(currency),
        expected: Some(-month.fee),
        actual: Some(Amount::ZERO),
        // Tells a month's commissions from a payout of that name.
        detail: Detail::Commissions(month.month_end),
        ..Discrepancy::new(Code::DebitNotTaken, key, due)
    }
}
