//! What is told of a night: counts and sums.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::discrepancy::Code;
use crate::domain::file::FileStatus;
use crate::domain::outcome::ReportData;
use crate::domain::source::Unfetched;
use crate::domain::{Amount, Currency};
use crate::report::figures::Figures;
use crate::report::overview::Overview;

/// What is told of a night.
#[derive(Clone, Debug)]
pub struct Bulletin {
    /// The day it looked from.
    pub as_of: NaiveDate,
    /// What its outcome says of the exit code: 0, 3 or 4.
    pub exit: u8,
    /// What is to do and new.
    pub new: u64,
    /// What is to do and has other amounts than the night before.
    pub changed: u64,
    /// All that is to do.
    pub open: u64,
    /// Σ |difference| of what is to do.
    pub at_stake: BTreeMap<Currency, Amount>,
    /// How many, and how much.
    pub figures: Figures,
    /// Files by what became of them.
    pub files: BTreeMap<&'static str, u64>,
    /// Rows that were accepted and rejected.
    pub rows: (u64, u64),
    /// What is in no place of the balance or in two, by provider and currency: 0, or the run fails.
    pub residuals: Vec<(String, Currency, Amount)>,
    /// Sources that were not fetched.
    pub unfetched: Vec<Unfetched>,
}

impl Bulletin {
    /// Gathers it from a report.
    pub fn of(data: &ReportData) -> Self {
        let overview = Overview::of(data);
        let mut files: BTreeMap<&'static str, u64> = BTreeMap::new();
        let (mut accepted, mut rejected) = (0_u64, 0_u64);
        for row in &data.inputs {
            let count = files.entry(row.file.status.word()).or_default();
            *count = count.saturating_add(1);
            if row.file.status == FileStatus::Accepted {
                accepted = accepted.saturating_add(row.file.accepted);
                rejected = rejected.saturating_add(row.file.rejected);
            }
        }
        let residual = |row: &crate::domain::outcome::BalanceRow| {
            (row.provider.clone(), row.currency, row.residual)
        };
        Self {
            as_of: data.scope.as_of,
            exit: data.exit,
            new: overview.total.new,
            changed: overview.changed,
            open: overview.total.open,
            at_stake: overview.total.sums,
            figures: Figures::of(data),
            files,
            rows: (accepted, rejected),
            residuals: data.balance.iter().map(residual).collect(),
            unfetched: data.unfetched.clone(),
        }
    }

    /// One sentence, without any reference: it may go to servers outside the company.
    pub fn headline(&self) -> String {
        let sums = self.at_stake.iter().filter(|(_, sum)| !sum.is_zero());
        let sums: Vec<String> = sums.map(|(currency, sum)| money(*sum, *currency)).collect();
        let at_stake = if sums.is_empty() {
            String::new()
        } else {
            format!(", {} at stake", sums.join(", "))
        };
        let mut parts = vec![match self.open {
            0 => format!("{}: nothing to do", self.as_of),
            open => format!("{}: {} new, {open} open{at_stake}", self.as_of, self.new),
        }];
        for (status, what) in [("refused", "file(s) refused"), ("unread", "file(s) unread")] {
            parts.extend(
                self.files
                    .get(status)
                    .map(|count| format!("{count} {what}")),
            );
        }
        if !self.unfetched.is_empty() {
            let names = self.unfetched.iter().map(|one| one.source.as_str());
            let names: Vec<&str> = names.collect();
            parts.push(format!("not fetched: {}", names.join(", ")));
        }
        parts.join("; ")
    }

    /// How many of a code are in a state, as the report counts them.
    pub fn counts(&self) -> impl Iterator<Item = (Code, &'static str, u64)> {
        let of_code = self.figures.counts.iter();
        of_code.flat_map(|(code, states)| {
            states
                .iter()
                .map(|(state, count)| (*code, state.word(), *count))
        })
    }
}

/// `1204.50 EUR`.
pub(super) fn money(amount: Amount, currency: Currency) -> String {
    format!("{} {currency}", amount.display(currency))
}
