//! What the rules ask besides the discrepancies themselves: what rejected rows name, which reports
//! were refused, and when the bank may book what it has not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::Currency;
use crate::domain::calendar::plus_days;
use crate::domain::file::{FileId, FileStatus, InputFile, RejectedRow, RowNames};
use crate::domain::payout::{PayoutOutcome, PayoutState, UnassignedLines};
use crate::domain::rules::Rules;
use crate::matching::payouts::PayoutsOutcome;

/// First and last day on which the bank may book something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub opens: NaiveDate,
    /// Last day.
    pub closes: NaiveDate,
}

impl Window {
    fn of(rules: &Rules, provider: &str, first: NaiveDate, last: NaiveDate) -> Self {
        let rules = rules.provider(provider);
        Self {
            opens: plus_days(first, -i64::from(rules.bank_window_before_days)),
            closes: plus_days(last, i64::from(rules.bank_window_after_days)),
        }
    }

    pub(super) fn holds(self, day: NaiveDate) -> bool {
        self.opens <= day && day <= self.closes
    }
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// What each rejected row names, by the SHA-256 of its file and its line; with the provider
    /// that the row or its file is of.
    pub rejected: BTreeMap<(String, u32), (String, RowNames)>,
    /// The days of refused reports, by file name and SHA-256.
    pub refused: BTreeMap<(String, String), NaiveDate>,
    /// When the bank may book each payout that it has not, by provider, reference and currency.
    pub payouts: BTreeMap<(String, String, Currency), Window>,
    /// When the bank may book the lines of a file that name no payout, by provider and file.
    pub unassigned: BTreeMap<(String, String), Window>,
    /// The accounts of each provider.
    pub accounts: BTreeMap<String, BTreeSet<String>>,
}

impl Surroundings {
    /// Notes what rejected rows name, and which reports were refused; `files` are all there are.
    pub fn note_files(&mut self, files: &[InputFile], rejected: &[(FileId, RejectedRow)]) {
        let by_id: BTreeMap<FileId, &InputFile> = files.iter().map(|it| (it.id, it)).collect();
        for (id, row) in rejected {
            let Some(file) = by_id.get(id) else { continue };
            let provider = if row.names.provider.is_empty() {
                &file.provider
            } else {
                &row.names.provider
            };
            let place = (file.sha256.clone(), row.line);
            let named = (provider.clone(), row.names.clone());
            self.rejected.insert(place, named);
        }
        let refused = files.iter().filter(|it| it.status == FileStatus::Refused);
        self.refused.extend(refused.filter_map(|file| {
            let key = (file.name.clone(), file.sha256.clone());
            Some((key, file.report_date?))
        }));
    }

    /// Notes when the bank may book what it has not, and where.
    pub fn note_payouts(
        &mut self,
        unassigned: &[UnassignedLines],
        found: &PayoutsOutcome,
        rules: &Rules,
    ) {
        let missing = |outcome: &&PayoutOutcome| outcome.state == PayoutState::NotReceived;
        for payout in found.payouts.iter().filter(missing).map(|it| &it.payout) {
            let window = Window::of(rules, &payout.provider, payout.first, payout.last);
            let (provider, reference) = (payout.provider.clone(), payout.reference.clone());
            let key = (provider, reference, payout.currency);
            self.payouts.insert(key, window);
        }
        for lines in unassigned {
            let own = Window::of(rules, &lines.provider, lines.first, lines.last);
            let key = (lines.provider.clone(), lines.file.clone());
            let known = self.unassigned.entry(key).or_insert(own);
            known.opens = known.opens.min(own.opens);
            known.closes = known.closes.max(own.closes);
        }
        self.accounts.clone_from(&found.accounts);
    }
}
