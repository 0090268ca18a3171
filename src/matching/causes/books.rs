//! Rules 5 to 7: lines without a payout reference, statements and reports that are missing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Found, Only, Reported, Rule, Surroundings};
use crate::domain::calendar::plus_days;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy, DiscrepancyId};
use crate::domain::rules::Rules;
use crate::matching::coverage::account_name;

/// Bank entries that nothing explains, of both directions.
const UNEXPLAINED: [Code; 2] = [Code::BankCreditUnexplained, Code::BankDebitUnexplained];

/// Rule 5: lines without a payout reference explain the one entry of their sum.
pub(super) struct WithoutReference(BTreeMap<DiscrepancyId, Only>);

impl WithoutReference {
    pub(super) fn of(found: Found<'_>, around: &Surroundings) -> Self {
        let mut causes = BTreeMap::new();
        let sums = found.of(Code::PayoutReferenceMissing);
        if sums.is_empty() {
            return Self(causes);
        }
        let entries: Vec<Reported> = UNEXPLAINED
            .into_iter()
            .flat_map(|it| found.of(it))
            .collect();
        for sum in sums {
            let lines = &sum.discrepancy;
            let place = (lines.provider.clone(), lines.file.clone());
            let Some(window) = around.unassigned.get(&place) else {
                continue;
            };
            let fits = |entry: &&Reported| {
                let entry = &entry.discrepancy;
                entry.provider == lines.provider
                    && entry.currency == lines.currency
                    && entry.actual == lines.actual
                    && window.holds(entry.event_date)
            };
            let mut fitting = entries.iter().filter(fits);
            if let (Some(entry), None) = (fitting.next(), fitting.next()) {
                Only::add(&mut causes, entry.id, sum.id);
            }
        }
        Self(causes)
    }
}

impl Rule for WithoutReference {
    fn explains(&self, code: Code) -> bool {
        !self.0.is_empty() && UNEXPLAINED.contains(&code)
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        self.0.get(&effect.id)?.id()
    }
}

/// A gap between statements of an account, and the day on which the one after it begins.
struct Gap {
    begins_on: NaiveDate,
    account: String,
    id: DiscrepancyId,
}

/// Rule 6: a statement that is missing explains a payout that it may hold.
pub(super) struct StatementGaps<'a> {
    /// By the first day of the statement after the gap.
    gaps: Vec<Gap>,
    around: &'a Surroundings,
}

impl<'a> StatementGaps<'a> {
    pub(super) fn of(found: Found<'_>, around: &'a Surroundings) -> Self {
        let gap = |it: Reported| Gap {
            begins_on: it.discrepancy.event_date,
            account: account_name(&it.discrepancy.account),
            id: it.id,
        };
        let mut gaps: Vec<Gap> = found.of(Code::StatementGap).into_iter().map(gap).collect();
        gaps.sort_by_key(|gap| gap.begins_on);
        Self { gaps, around }
    }
}

impl Rule for StatementGaps<'_> {
    fn explains(&self, code: Code) -> bool {
        code == Code::PayoutNotReceived && !self.gaps.is_empty()
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        let found = &effect.discrepancy;
        let key = (
            found.provider.clone(),
            found.payout_reference.clone(),
            found.currency?,
        );
        let window = self.around.payouts.get(&key)?;
        let accounts = self.around.accounts.get(&found.provider)?;
        let mut gaps = self.gaps.iter();
        let gap = gaps.find(|gap| window.holds(gap.begins_on) && accounts.contains(&gap.account));
        gap.map(|gap| gap.id)
    }
}

/// A report that is not there: its day, and what says so.
struct Missing {
    day: NaiveDate,
    /// Rejected goes before missing, then by key.
    rank: (bool, Vec<String>),
    id: DiscrepancyId,
}

/// Rule 7: a report that is missing or was refused explains what it may hold.
pub(super) struct MissingReports<'a> {
    /// By provider; each list by day, then by rank.
    of_provider: BTreeMap<String, Vec<Missing>>,
    rules: &'a Rules,
}

impl<'a> MissingReports<'a> {
    pub(super) fn of(found: Found<'_>, around: &Surroundings, rules: &'a Rules) -> Self {
        let mut of_provider: BTreeMap<String, Vec<Missing>> = BTreeMap::new();
        for code in [Code::ReportRejected, Code::ReportMissing] {
            for it in found.of(code) {
                if let Some(day) = report_day(&it.discrepancy, around) {
                    let missing = of_provider.entry(it.discrepancy.provider).or_default();
                    missing.push(Missing {
                        day,
                        rank: (code == Code::ReportMissing, it.discrepancy.key),
                        id: it.id,
                    });
                }
            }
        }
        for missing in of_provider.values_mut() {
            missing.sort_by(|one, other| (one.day, &one.rank).cmp(&(other.day, &other.rank)));
        }
        Self { of_provider, rules }
    }

    /// The first day of the report that may hold an order or a cancellation: that of the shop's own
    /// word of it.
    fn told_on(&self, found: &Discrepancy) -> Option<NaiveDate> {
        let rules = self.rules.provider(&found.provider);
        let delay = if found.code == Code::FundingNotReported {
            rules.funding_delay_days
        } else if found.code == Code::CancellationNotReported {
            rules.cancellation_delay_days
        } else {
            return None;
        };
        Some(plus_days(found.event_date, -i64::from(delay)))
    }
}

/// The day of a report, where it is known.
fn report_day(found: &Discrepancy, around: &Surroundings) -> Option<NaiveDate> {
    if let Detail::MissingReport(report) = &found.detail {
        return report.number.is_none().then_some(found.event_date);
    }
    match found.key.as_slice() {
        [name, sha256] => around.refused.get(&(name.clone(), sha256.clone())).copied(),
        _ => None,
    }
}

impl Rule for MissingReports<'_> {
    fn explains(&self, code: Code) -> bool {
        let is_told = matches!(
            code,
            Code::FundingNotReported | Code::CancellationNotReported
        );
        (is_told || UNEXPLAINED.contains(&code)) && !self.of_provider.is_empty()
    }

    fn cause_of(&self, effect: &Reported) -> Option<DiscrepancyId> {
        let found = &effect.discrepancy;
        let reports = self.of_provider.get(&found.provider)?;
        let until = reports.partition_point(|report| report.day <= found.event_date);
        let before = reports.get(..until)?;
        if UNEXPLAINED.contains(&found.code) {
            // The latest day up to the booking; of that day, the first.
            let day = before.last()?.day;
            let after = self.rules.provider(&found.provider).bank_window_after_days;
            let is_in_time = found.event_date <= plus_days(day, i64::from(after));
            let first = before.partition_point(|report| report.day < day);
            return before
                .get(first)
                .filter(|_| is_in_time)
                .map(|report| report.id);
        }
        let told_on = self.told_on(found)?;
        let first = before.partition_point(|report| report.day < told_on);
        before.get(first).map(|report| report.id)
    }
}
