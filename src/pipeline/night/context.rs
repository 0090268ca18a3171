//! The parts of a look, and what they share.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::arrivals::Arrivals;
use super::standings::{remembered, states_of};
use super::{RunMode, RunOptions};
use crate::config::Settings;
use crate::domain::decision::Standing;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::{FileId, InputFile};
use crate::domain::outcome::{BalanceRow, InputRow, RejectedReportRow, ReportScope};
use crate::domain::payout::PayoutOutcome;
use crate::facts::Known;
use crate::matching::files::{CountingFiles, FileQuestions, asked_again, delivered_again};
use crate::matching::nights::{Comparison, Lens};
use crate::matching::{balance, completeness, payouts};
use crate::pipeline::RunError;
use crate::pipeline::coverage::covered_days;
use crate::pipeline::intake::Intake;
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::leg_one::{Night, Way};
use crate::report::ReportWriter;
use crate::storage::intervals::{self, Finding, OpenOrder, RecordedDay};
use crate::storage::runs::RecordedNight;
use crate::storage::{Db, files};

/// What the parts of a look share.
#[derive(Clone, Copy)]
pub(super) struct Context<'c> {
    pub(super) settings: &'c Settings,
    pub(super) options: &'c RunOptions,
    pub(super) as_of: NaiveDate,
    pub(super) recorded: Option<RecordedDay>,
    pub(super) knowledge: &'c Knowledge,
    pub(super) counting: &'c CountingFiles<'c>,
    pub(super) base: Option<&'c RecordedNight>,
    pub(super) arrivals: &'c Arrivals,
}

/// Leg 1, in whichever of its three ways the night allows.
pub(super) async fn match_orders(
    db: &mut Db,
    context: &Context<'_>,
    findings: Vec<Finding>,
    intake: &mut Intake,
    (report, comparison): (&mut ReportWriter, &mut Comparison<'_>),
) -> Result<Option<Vec<OpenOrder>>, RunError> {
    let (mut open_before, mut changed) = (Vec::new(), None);
    let counting_before = context
        .base
        .map(|base| context.knowledge.counting(Viewpoint::of(base)));
    if let Some((base, before)) = context.base.zip(counting_before.as_ref()) {
        open_before = intervals::open_orders(db, base.as_of).await?;
        let viewpoint = Viewpoint::of(base);
        changed = Some(
            context
                .knowledge
                .changed_files(viewpoint, before, context.counting),
        );
    }
    let same_rules = context
        .base
        .is_some_and(|base| base.rules == context.settings.rules_fingerprint);
    let way = match intake.facts.take() {
        _ if context.options.full => Way::Full,
        Some(facts) if intake.from_nothing => {
            changed = None;
            Way::InMemory(facts)
        }
        facts if same_rules => Way::Incremental {
            findings: findings
                .into_iter()
                .map(|finding| finding.discrepancy)
                .collect(),
            tonight: facts.map_or_else(Known::default, |rows| Known {
                rows,
                first: intake.first_row,
            }),
            in_memory: &intake.in_memory,
        },
        _ => Way::Full,
    };
    let night = Night {
        rules: &context.settings.rules,
        as_of: context.as_of,
        knowledge: context.knowledge,
        counting: context.counting,
        changed,
        open_before,
        recorded: context.recorded,
        report,
        comparison,
    };
    night.run(db, way).await
}

fn check_residual(rows: &[BalanceRow]) -> Result<(), RunError> {
    match rows.iter().find(|row| !row.residual.is_zero()) {
        None => Ok(()),
        Some(row) => Err(RunError::Residual {
            provider: row.provider.clone(),
            currency: row.currency.to_string(),
            residual: row.residual.display(row.currency).to_string(),
        }),
    }
}

impl Context<'_> {
    /// What is said of the files themselves.
    pub(super) async fn of_files(&self, db: &mut Db) -> Result<Vec<Discrepancy>, RunError> {
        let mut settled = asked_again(&self.knowledge.files, self.as_of);
        settled.append(&mut delivered_again(&self.knowledge.files, self.as_of));
        let with_rejected = |file: &&InputFile| {
            file.rejected > 0
                && !settled.contains(&file.id)
                && file.report_date.is_none_or(|day| day <= self.as_of)
                && self.counting.counting.contains(&file.id)
        };
        let ids: Vec<FileId> = self
            .knowledge
            .files
            .iter()
            .filter(with_rejected)
            .map(|file| file.id)
            .collect();
        let rejected = files::rejected_of(db, &ids).await?;
        let questions = FileQuestions {
            files: &self.knowledge.files,
            counting: self.counting,
            is_new: &|file| self.arrivals.finds(file),
            rejected: &rejected,
            as_of: self.as_of,
        };
        Ok(questions.discrepancies())
    }

    /// What the discrepancies of this run are compared with.
    pub(super) async fn lens(
        &self,
        db: &mut Db,
        findings: &[Finding],
        standings: &BTreeMap<String, Standing>,
    ) -> Result<Lens, RunError> {
        if self.options.mode == RunMode::Night {
            return Ok(Lens::Night(remembered(findings)));
        }
        Ok(Lens::Look(match self.base {
            Some(base) => states_of(db, base.as_of, findings, standings).await?,
            None => BTreeMap::new(),
        }))
    }

    /// Legs 3 and 4: everything but orders and files. Returns the payouts of the report and the
    /// balance, which has no residual.
    pub(super) fn match_payouts(
        &self,
        comparison: &mut Comparison<'_>,
    ) -> Result<(Vec<PayoutOutcome>, Vec<BalanceRow>), RunError> {
        let (rules, as_of) = (&self.settings.rules, self.as_of);
        let now = Viewpoint {
            day: as_of,
            run: None,
        };
        let facts = self.knowledge.payout_facts(now, self.counting);
        let found = payouts::reconcile(&facts.items(), rules, as_of);
        let totals = self.knowledge.totals(as_of, self.counting);
        let balance = balance::balance(&totals, &found.payouts, &facts.unassigned, rules);
        check_residual(&balance)?;
        let missing = completeness::missing_reports(&self.counting.series, rules, as_of);
        let covered = covered_days(self.knowledge, self.counting, as_of);
        let missing_days = completeness::missing_days(&covered, rules, as_of);
        let statements = self.knowledge.statement_discrepancies(as_of);
        [found.discrepancies, statements, missing, missing_days]
            .into_iter()
            .flatten()
            .for_each(|found| comparison.take(found));
        Ok((self.payouts_shown(found.payouts), balance))
    }

    pub(super) fn shows(&self, found: &Discrepancy, scope: ReportScope) -> bool {
        let providers = &self.options.providers;
        let wanted = providers.is_empty()
            || found.provider.is_empty()
            || providers.contains(&found.provider);
        wanted && scope.covers(found.event_date)
    }

    /// Payouts that are open, or not as they were on the night before; for a range, those that
    /// were last reported in it.
    fn payouts_shown(&self, outcomes: Vec<PayoutOutcome>) -> Vec<PayoutOutcome> {
        let before: BTreeSet<(String, String, String, String)> = match self.base {
            Some(base) if self.options.range.is_none() => {
                let viewpoint = Viewpoint::of(base);
                let counting = self.knowledge.counting(viewpoint);
                let facts = self.knowledge.payout_facts(viewpoint, &counting);
                let then =
                    payouts::reconcile(&facts.items(), &self.settings.rules, base.as_of).payouts;
                then.iter().map(fingerprint).collect()
            }
            _ => BTreeSet::new(),
        };
        let shown = |outcome: &PayoutOutcome| match self.options.range {
            Some((from, to)) => from <= outcome.payout.last && outcome.payout.last <= to,
            None => outcome.state.is_open() || !before.contains(&fingerprint(outcome)),
        };
        let providers = &self.options.providers;
        outcomes
            .into_iter()
            .filter(|outcome| providers.is_empty() || providers.contains(&outcome.payout.provider))
            .filter(shown)
            .collect()
    }

    pub(super) fn inputs(&self) -> Vec<InputRow> {
        let new = self
            .knowledge
            .files
            .iter()
            .filter(|file| self.arrivals.lists(file));
        let mut rows: Vec<InputRow> = new
            .chain(self.arrivals.unread())
            .map(|file| InputRow {
                superseded: self.counting.superseded.contains(&file.id),
                file: file.clone(),
            })
            .collect();
        rows.sort_by(|a, b| {
            let key = |row: &InputRow| {
                let file = &row.file;
                (
                    file.kind.word(),
                    file.name.clone(),
                    file.sha256.clone(),
                    file.id,
                )
            };
            key(a).cmp(&key(b))
        });
        rows
    }

    pub(super) async fn rejected_rows(
        &self,
        db: &mut Db,
    ) -> Result<Vec<RejectedReportRow>, RunError> {
        let shown: BTreeMap<FileId, &InputFile> = self
            .knowledge
            .files
            .iter()
            .filter(|file| self.arrivals.lists(file) && self.counting.counting.contains(&file.id))
            .map(|file| (file.id, file))
            .collect();
        let ids: Vec<FileId> = shown.keys().copied().collect();
        let mut rows: Vec<RejectedReportRow> = files::rejected_of(db, &ids)
            .await?
            .into_iter()
            .filter_map(|(id, row)| {
                let file = shown.get(&id)?.name.clone();
                Some(RejectedReportRow { file, row })
            })
            .collect();
        rows.sort_by(|a, b| (&a.file, a.row.line).cmp(&(&b.file, b.row.line)));
        Ok(rows)
    }
}

/// What of a payout must differ to call it changed.
fn fingerprint(outcome: &PayoutOutcome) -> (String, String, String, String) {
    let payout = &outcome.payout;
    (
        payout.provider.clone(),
        payout.reference.clone(),
        payout.currency.to_string(),
        format!(
            "{} {} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            payout.first,
            payout.last,
            payout.lines,
            payout.gross,
            payout.fee,
            outcome.expected,
            outcome.booked,
            outcome.state,
            outcome.matched_by,
            outcome.bank_entries
        ),
    )
}
