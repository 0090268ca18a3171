//! How many of each code are in each state, and how much each severity amounts to: the figures of
//! `summary.json`.

use std::collections::BTreeMap;

use super::balance::scaled;
use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::{Amount, Currency};
use crate::report::figures::Figures;
use crate::report::words::Words;

/// A row of a code.
pub(super) struct CodeRow {
    pub(super) word: &'static str,
    pub(super) title: String,
    pub(super) severity: &'static str,
    pub(super) severity_text: String,
    /// Thousandths of the most frequent code.
    pub(super) bar: u64,
    pub(super) counts: Vec<Count>,
    pub(super) sums: Vec<String>,
}

pub(super) struct Count {
    pub(super) state: &'static str,
    pub(super) plain: u64,
    pub(super) text: String,
}

/// A row of a severity, below those of its codes.
pub(super) struct SeverityRow {
    pub(super) severity: &'static str,
    pub(super) title: String,
    pub(super) counts: Vec<String>,
    pub(super) sums: Vec<Sum>,
}

pub(super) struct Sum {
    pub(super) currency: String,
    /// With the digits of `summary.json`.
    pub(super) plain: String,
    pub(super) text: String,
}

/// What codes amount to.
pub(super) type SumsByCode = BTreeMap<Code, BTreeMap<Currency, Amount>>;

/// Rows by severity and then by how many there are.
pub(super) fn rows(words: Words<'_>, figures: &Figures, sums: &SumsByCode) -> Vec<CodeRow> {
    let total = |code: Code| figures.counts.get(&code).map_or(0, |of| of.values().sum());
    let mut codes: Vec<(Code, u64)> = figures.counts.keys().map(|c| (*c, total(*c))).collect();
    codes.sort_by_key(|(code, count)| (code.severity(), u64::MAX - count, *code));
    let most = codes.iter().map(|(_, count)| *count).max().unwrap_or(0);
    codes
        .into_iter()
        .map(|(code, count)| CodeRow {
            word: code.word(),
            title: words.code(code),
            severity: code.severity().word(),
            severity_text: words.severity(code.severity()),
            bar: scaled(count, most, 1_000),
            counts: counts(words, figures, code),
            sums: sums.get(&code).map_or_else(Vec::new, |of| texts(words, of)),
        })
        .collect()
}

fn texts(words: Words<'_>, sums: &BTreeMap<Currency, Amount>) -> Vec<String> {
    let text = |(currency, sum): (&Currency, &Amount)| words.texts.money(*sum, *currency);
    sums.iter().map(text).collect()
}

fn counts(words: Words<'_>, figures: &Figures, code: Code) -> Vec<Count> {
    let of = |state| {
        figures
            .counts
            .get(&code)
            .and_then(|states| states.get(&state))
    };
    let count = |state: State| {
        let count = of(state).copied().unwrap_or(0);
        Count {
            state: state.word(),
            plain: count,
            text: dash_for_none(words, count),
        }
    };
    State::ALL.map(count).into()
}

/// The rows below: one a severity.
pub(super) fn severities(words: Words<'_>, figures: &Figures) -> Vec<SeverityRow> {
    let none = BTreeMap::new();
    let row = |severity: Severity| {
        let of_severity = figures
            .counts
            .iter()
            .filter(|(c, _)| c.severity() == severity);
        let states: Vec<_> = of_severity.map(|(_, states)| states).collect();
        let count = |state: State| {
            let counts = states.iter().filter_map(|of| of.get(&state));
            dash_for_none(words, counts.sum())
        };
        let sums = figures.amounts.get(&severity).unwrap_or(&none).iter();
        SeverityRow {
            severity: severity.word(),
            title: words.severity(severity),
            counts: State::ALL.map(count).into(),
            sums: sums
                .map(|(currency, sum)| Sum {
                    currency: currency.to_string(),
                    plain: sum.display(*currency).to_string(),
                    text: words.texts.money(*sum, *currency),
                })
                .collect(),
        }
    };
    Severity::ALL.into_iter().map(row).collect()
}

fn dash_for_none(words: Words<'_>, count: u64) -> String {
    match count {
        0 => "–".to_owned(),
        count => words.texts.number(count),
    }
}
