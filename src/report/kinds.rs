//! What is to do and how much it is about, by kind and provider.
//!
//! What a root explains is counted where the root stands: its net is either short or over, as in
//! the headline. So the sums of all kinds are the headline's.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::domain::discrepancy::{Code, DiscrepancyId, Severity, State};
use crate::domain::found::Glance;
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};
use crate::report::overview::{is_to_do, is_undecided};

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// How urgent.
    pub severity: Severity,
    /// What it is.
    pub code: Code,
    /// The provider; empty where none is concerned.
    pub provider: String,
}

/// How many of them are to do, and what money they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All of them.
    pub open: u64,
    /// Of these, seen for the first time.
    pub new: u64,
    /// By currency.
    pub money: BTreeMap<Currency, Nets>,
}

/// Nets of roots, without sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nets {
    /// What the merchant is short of.
    pub short: Amount,
    /// What it holds and may have to give back, or cannot place.
    pub over: Amount,
}

impl Sums {
    fn add(&mut self, currency: Currency, net: Amount) {
        let nets = self.money.entry(currency).or_default();
        if net.is_negative() {
            nets.short += net.abs();
        } else {
            nets.over += net;
        }
    }

    /// The largest of all its sums, whatever their currencies.
    fn size(&self) -> Amount {
        let sums = self.money.values().flat_map(|nets| [nets.short, nets.over]);
        sums.max().unwrap_or_default()
    }
}

/// All kinds of which something is to do.
#[derive(Debug, Default)]
pub struct Kinds {
    /// By severity, and of these the largest first.
    pub rows: Vec<(Kind, Sums)>,
    /// All together.
    pub total: Sums,
}

impl Kinds {
    /// Those of a report that `counts` chooses.
    pub fn of(data: &ReportData, counts: impl Fn(&Glance<'_>) -> bool) -> Self {
        let mut kinds: BTreeMap<Kind, Sums> = BTreeMap::new();
        let mut roots: HashMap<DiscrepancyId, Kind> = HashMap::new();
        let mut total = Sums::default();
        let undecided = || {
            let all = data.discrepancies.glances();
            all.filter(|found| is_undecided(found.state) && counts(found))
        };
        let is_asked = |it: &Glance<'_>| !it.is_snoozed && is_to_do(it.severity, it.state);
        for found in undecided().filter(is_asked) {
            let kind = kind_of(&found);
            for sums in [kinds.entry(kind.clone()).or_default(), &mut total] {
                sums.open += 1;
                sums.new += u64::from(found.state == State::New);
            }
            roots.insert(found.id, kind);
        }
        let mut nets: BTreeMap<(Kind, Currency, DiscrepancyId), Amount> = BTreeMap::new();
        for found in undecided() {
            let Some((currency, exposure)) = found.currency.zip(found.exposure()) else {
                continue;
            };
            let root = data.causes.root_of(found.id);
            // A root of another range or provider is not shown: then its effect stands for it.
            let kind = roots.get(&root).cloned().unwrap_or_else(|| kind_of(&found));
            *nets.entry((kind, currency, root)).or_default() += exposure;
        }
        for ((kind, currency, _), net) in nets {
            kinds.entry(kind).or_default().add(currency, net);
            total.add(currency, net);
        }
        let mut rows: Vec<(Kind, Sums)> = kinds.into_iter().collect();
        rows.sort_by_key(|(kind, sums)| (kind.severity, Reverse(sums.size())));
        Self { rows, total }
    }

    /// The same by provider; what is of none, under the empty name.
    pub fn by_provider(self) -> BTreeMap<String, Sums> {
        let mut providers: BTreeMap<String, Sums> = BTreeMap::new();
        for (kind, sums) in self.rows {
            let of_provider = providers.entry(kind.provider).or_default();
            of_provider.open += sums.open;
            of_provider.new += sums.new;
            for (currency, nets) in sums.money {
                let money = of_provider.money.entry(currency).or_default();
                money.short += nets.short;
                money.over += nets.over;
            }
        }
        providers
    }
}

fn kind_of(found: &Glance<'_>) -> Kind {
    Kind {
        severity: found.severity,
        code: found.code,
        provider: found.provider.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_a_root_explains_is_counted_where_the_root_stands() {
        let mut data = sample::empty_report_data();
        let all = [
            (Code::LineRejected, None),
            (Code::FundingNotReported, Some([5_000, 0])),
            (Code::BankCreditUnexplained, Some([0, 7_000])),
        ];
        let all = all.map(|(code, amounts)| {
            let mut found = sample::discrepancy(code);
            found.currency = Some(Currency::EUR);
            found.expected = amounts.map(|[expected, _]| Amount::from_minor(expected));
            found.actual = amounts.map(|[_, actual]| Amount::from_minor(actual));
            found
        });
        let [row, funding, credit] = [0, 1, 2].map(|at: usize| all[at].identity());
        data.discrepancies = all.into_iter().map(sample::reported).collect();
        let nets = |kinds: &Kinds, code| {
            let (_, sums) = kinds
                .rows
                .iter()
                .find(|(kind, _)| kind.code == code)
                .unwrap();
            let nets = sums.money.get(&Currency::EUR).copied().unwrap_or_default();
            [nets.short, nets.over]
        };
        let alone = Kinds::of(&data, |_| true);
        assert_eq!(
            nets(&alone, Code::FundingNotReported),
            [5_000, 0].map(Amount::from_minor)
        );
        assert_eq!(
            nets(&alone, Code::BankCreditUnexplained),
            [0, 7_000].map(Amount::from_minor)
        );
        data.causes.explain(funding, row);
        data.causes.explain(credit, row);
        let explained = Kinds::of(&data, |_| true);
        assert_eq!(
            nets(&explained, Code::LineRejected),
            [0, 2_000].map(Amount::from_minor)
        );
        assert_eq!(
            nets(&explained, Code::FundingNotReported),
            [Amount::ZERO; 2]
        );
        assert_eq!((explained.total.open, explained.total.money.len()), (3, 1));
    }
}
