//! The parts of a look, and what they share.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::arrivals::Arrivals;
use super::rejected;
use super::standings::states_of;
use super::{RunMode, RunOptions};
use crate::config::Settings;
use crate::domain::Currency;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::{FileId, InputFile};
use crate::domain::finding::Front;
use crate::domain::link::Links;
use crate::domain::open_order::OpenOrders;
use crate::domain::outcome::{
    BalanceRow, Basis, CountedInput, InputRow, RejectedReportRow, ReportScope,
};
use crate::domain::payout::{Payout, PayoutOutcome};
use crate::facts::Known;
use crate::matching::balance::{self, PlacedSum};
use crate::matching::causes::Surroundings;
use crate::matching::coverage::Covered;
use crate::matching::files::{CountingFiles, FileQuestions};
use crate::matching::nights::{KnownStates, Lens, Standings};
use crate::matching::{completeness, payouts};
use crate::pipeline::RunError;
use crate::pipeline::coverage::covered_days;
use crate::pipeline::intake::Intake;
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::leg_one::{Night, OpenNow, Sinks, Way};
use crate::storage::intervals::RecordedDay;
use crate::storage::journal;
use crate::storage::runs::{self, RecordedNight};
use crate::storage::{Db, files, open_orders};

/// What the parts of a look share.
#[derive(Clone, Copy)]
pub(super) struct Context<'c> {
    pub(super) settings: &'c Settings,
    pub(super) options: &'c RunOptions,
    pub(super) as_of: NaiveDate,
    pub(super) recorded: Option<RecordedDay>,
    pub(super) knowledge: &'c Knowledge,
    pub(super) counting: &'c CountingFiles<'c>,
    /// How far the books reach.
    pub(super) covered: &'c Covered,
    pub(super) base: Option<&'c RecordedNight>,
    pub(super) arrivals: &'c Arrivals,
    /// What people linked.
    pub(super) links: &'c Links,
}

/// Leg 1, in whichever of its three ways the night allows.
pub(super) async fn match_orders(
    db: &mut Db,
    context: &Context<'_>,
    intake: &mut Intake,
    sinks: Sinks<'_, '_>,
) -> Result<Option<OpenNow>, RunError> {
    let (mut open_before, mut changed) = (OpenOrders::default(), None);
    let mut linked = BTreeSet::new();
    let counting_before = context
        .base
        .map(|base| context.knowledge.counting(Viewpoint::of(base)));
    if let Some((base, before)) = context.base.zip(counting_before.as_ref()) {
        open_before = open_orders::of_night(db, base.as_of).await?;
        let viewpoint = Viewpoint::of(base);
        let links_before = context.knowledge.links(viewpoint);
        linked = context.links.orders_that_differ(&links_before);
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
        covered: context.covered,
        knowledge: context.knowledge,
        counting: context.counting,
        lines: context.knowledge.linked_lines(context.links),
        linked,
        changed,
        open_before,
        recorded: context.recorded,
        options: context.options,
        sinks,
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
    pub(super) async fn of_files(
        &self,
        db: &mut Db,
        around: &mut Surroundings,
    ) -> Result<Vec<Discrepancy>, RunError> {
        let (knowledge, counting) = (self.knowledge, self.counting);
        let rejected = rejected::standing(db, knowledge, counting, self.as_of).await?;
        around.note_files(&self.knowledge.files, &rejected);
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
    pub(super) async fn lens(&self, db: &mut Db, standings: &Standings) -> Result<Lens, RunError> {
        if self.options.mode == RunMode::Night {
            return Ok(Lens::Night);
        }
        Ok(Lens::Look(match self.base {
            Some(base) => states_of(db, base.as_of, standings).await?,
            None => KnownStates::new(),
        }))
    }

    /// Legs 3 and 4: everything but orders and files. Returns the payouts of the report and the
    /// balance, which has no residual.
    pub(super) fn match_payouts(
        &self,
        sinks: &mut Sinks<'_, '_>,
        around: &mut Surroundings,
    ) -> Result<(Vec<PayoutOutcome>, Vec<BalanceRow>), RunError> {
        let (rules, as_of) = (&self.settings.rules, self.as_of);
        let now = Viewpoint {
            day: as_of,
            run: None,
        };
        let facts = self.knowledge.payout_facts(now, self.counting);
        let found = payouts::reconcile(&facts.items(), rules, self.covered);
        around.note_payouts(&facts.unassigned, &found, rules);
        sinks.waiting.extend(found.waiting);
        let totals = self.knowledge.totals(self.all_up_to_now(), self.counting);
        let placed = found.payouts.iter().map(PlacedSum::from);
        let whole = balance::balance(&totals, placed, &facts.unassigned, rules);
        check_residual(&whole)?;
        let (payouts, mut balance) = match self.options.range {
            None => (self.payouts_changed(found.payouts), whole),
            Some(range) => self.payouts_of_range(range, found.payouts)?,
        };
        balance.retain(|row| self.options.asks_for(&row.provider));
        let missing = completeness::missing_reports(&self.counting.series, rules, as_of);
        let covered = covered_days(self.knowledge, self.counting, as_of);
        let missing_days = completeness::missing_days(&covered, rules, as_of);
        let books_open = rules.default_provider.books_open;
        let statements = self.knowledge.statement_discrepancies(books_open, as_of);
        let silent = self.covered.silent();
        [
            found.discrepancies,
            statements,
            missing,
            missing_days,
            silent,
        ]
        .into_iter()
        .flatten()
        .for_each(|found| sinks.comparison.take(&found));
        Ok((payouts, balance))
    }

    fn all_up_to_now(&self) -> ReportScope {
        ReportScope {
            as_of: self.as_of,
            range: None,
        }
    }

    /// The payouts of which something is reported within a range, each as it stands with all of its
    /// lines, and the balance of the lines of that range.
    fn payouts_of_range(
        &self,
        range: (NaiveDate, NaiveDate),
        mut outcomes: Vec<PayoutOutcome>,
    ) -> Result<(Vec<PayoutOutcome>, Vec<BalanceRow>), RunError> {
        let scope = ReportScope {
            as_of: self.as_of,
            range: Some(range),
        };
        let rules = &self.settings.rules;
        let within = self.knowledge.payout_sums_within(scope, self.counting);
        let parts: BTreeMap<(&str, &str, Currency), &Payout> = within
            .payouts
            .iter()
            .map(|part| (part.key(), part))
            .collect();
        outcomes.retain(|outcome| parts.contains_key(&outcome.payout.key()));
        let placed = outcomes.iter().filter_map(|outcome| {
            let part = parts.get(&outcome.payout.key())?;
            let mode = rules.provider(&part.provider).mode;
            Some(PlacedSum {
                sum: balance::by_mode(mode, part.gross, part.fee),
                ..PlacedSum::from(outcome)
            })
        });
        let totals = self.knowledge.totals(scope, self.counting);
        let balance = balance::balance(&totals, placed, &within.unassigned, rules);
        check_residual(&balance)?;
        outcomes.retain(|outcome| self.options.asks_for(&outcome.payout.provider));
        Ok((outcomes, balance))
    }

    pub(super) fn shows(&self, found: &Front<'_>, scope: ReportScope) -> bool {
        self.options.asks_for(found.provider) && scope.covers(found.event_date)
    }

    /// Payouts that are open, or not as they were on the night before.
    fn payouts_changed(&self, mut outcomes: Vec<PayoutOutcome>) -> Vec<PayoutOutcome> {
        let before: BTreeSet<(String, String, String, String)> = match self.base {
            Some(base) => {
                let viewpoint = Viewpoint::of(base);
                let counting = self.knowledge.counting(viewpoint);
                let facts = self.knowledge.payout_facts(viewpoint, &counting);
                // What changed is what was settled: how far the books reached does not matter.
                let then = Covered::everything(base.as_of);
                let then = payouts::reconcile(&facts.items(), &self.settings.rules, &then).payouts;
                then.iter().map(fingerprint).collect()
            }
            None => BTreeSet::new(),
        };
        outcomes.retain(|outcome| {
            self.options.asks_for(&outcome.payout.provider)
                && (outcome.state.is_open() || !before.contains(&fingerprint(outcome)))
        });
        outcomes
    }

    /// True for a file that the report lists: it is the first to tell of it or, for a range, the
    /// file is of a day of that range.
    fn lists(&self, file: &InputFile) -> bool {
        match self.options.range {
            None => self.arrivals.lists(file),
            Some((from, to)) => {
                let day = file.report_date.unwrap_or(file.received);
                from <= day && day <= to
            }
        }
    }

    /// True when a file that no recorded night has told of was refused or has rejected rows, or when
    /// the system did not give one.
    pub(super) fn has_bad_input(&self) -> bool {
        let files = self.knowledge.files.iter();
        let new = files.filter(|file| self.arrivals.lists(file));
        let mut new = new.chain(self.arrivals.unread());
        new.any(|file| file.status.is_amiss() || file.rejected > 0)
    }

    /// What the report rests on. The night before is always an earlier day, so that a look and a
    /// night of one day rest on the same.
    pub(super) async fn basis(&self, db: &mut Db) -> Result<Basis, RunError> {
        // Before a report appears: a night that cannot be written down has none.
        journal::sound_newest(db).await?;
        let night_before = runs::night_before(db, self.as_of, false).await?;
        let counting = &self.counting.counting;
        let files = self.knowledge.files.iter();
        let mut inputs: Vec<CountedInput> = files
            .filter(|file| counting.contains(&file.id))
            .map(|file| CountedInput {
                kind: file.kind.word(),
                file: file.name.clone(),
                sha256: file.sha256.clone(),
            })
            .collect();
        inputs.sort_unstable();
        Ok(Basis {
            rules: self.settings.rules_fingerprint.clone(),
            inputs,
            previous: night_before.and_then(|night| night.manifest),
        })
    }

    pub(super) fn inputs(&self) -> Vec<InputRow> {
        let new = self.knowledge.files.iter().filter(|file| self.lists(file));
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
            .filter(|file| self.lists(file) && self.counting.counting.contains(&file.id))
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
