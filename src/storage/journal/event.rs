//! What the journal tells: the facts of an event, by name.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::super::db::{Db, StorageError};
use super::super::runs::RunRecord;
use super::super::{decisions, minor, provider_actions, runs};
use crate::domain::Amount;
use crate::domain::decision::Decision;
use crate::domain::hex::hex;
use crate::domain::provider_action::{ProviderAction, ProviderActionOutcome};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event<'e> {
    /// The journal begins in a database that is older.
    Beginning(Before),
    /// A night was recorded.
    Run(RecordedRun<'e>),
    /// Somebody, or a night, decided.
    Decision(i64, &'e Decision),
    /// An action at a provider is written down, before anything is sent.
    Action(&'e ProviderAction),
    /// What became of one.
    ActionOutcome(ActionOutcome<'e>),
    /// A mail server took a mail.
    Mail(HandedMail<'e>),
}

/// A recorded night, with what of it is in no other table.
#[derive(Clone, Debug)]
pub struct RecordedRun<'e> {
    /// The row in the list of runs.
    pub record: &'e RunRecord,
    /// The providers that it was limited to.
    pub providers: &'e [String],
    /// The name of the report's folder.
    pub report: String,
    /// The manifest of the recorded night before.
    pub previous_manifest: Option<&'e str>,
}

/// What became of an action at a provider.
#[derive(Clone, Copy, Debug)]
pub struct ActionOutcome<'e> {
    /// The action.
    pub action: i64,
    /// What.
    pub outcome: ProviderActionOutcome,
    /// When that was known, RFC 3339.
    pub at: &'e str,
    /// How it went.
    pub detail: &'e str,
}

/// A mail that was handed over.
#[derive(Clone, Debug, Serialize)]
pub struct HandedMail<'e> {
    /// Its number.
    pub mail: i64,
    /// Its `Message-ID`.
    pub message_id: &'e str,
    /// SHA-256 of what it says.
    pub content: &'e str,
    /// Who has it.
    pub to: Vec<&'e str>,
    /// When the server took it, RFC 3339.
    pub at: &'e str,
}

/// What a database held when its journal began.
#[derive(Clone, Debug, Serialize)]
pub struct Before {
    decisions: Tally,
    actions: Tally,
    runs: Tally,
}

/// Rows up to a number, and the SHA-256 of all of them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tally {
    pub(super) last: i64,
    pub(super) sha256: String,
}

impl Before {
    pub(super) fn of(recorded: &Recorded) -> Self {
        Self {
            decisions: recorded.tally(Table::Decisions, i64::MAX),
            actions: recorded.tally(Table::Actions, i64::MAX),
            runs: recorded.tally(Table::Runs, i64::MAX),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        [&self.decisions, &self.actions, &self.runs]
            .iter()
            .all(|tally| tally.last == 0)
    }
}

impl Event<'_> {
    /// Its facts, with the word of its kind.
    pub(super) fn value(&self) -> Result<Value, StorageError> {
        let (kind, facts) = match self {
            Self::Beginning(before) => ("beginning", object_of(before)?),
            Self::Run(run) => ("run", run.facts()),
            Self::Decision(number, decision) => ("decision", of_decision(*number, decision)),
            Self::Action(action) => {
                let mut facts = of_request(action);
                facts.extend(of_outcome(
                    action.outcome,
                    &action.completed_at,
                    &action.detail,
                ));
                facts.insert("at".to_owned(), action.requested_at.as_str().into());
                ("provider-action", facts)
            }
            Self::ActionOutcome(it) => {
                let mut facts = of_outcome(it.outcome, it.at, it.detail);
                facts.insert("action".to_owned(), it.action.into());
                facts.insert("at".to_owned(), it.at.into());
                ("provider-action-outcome", facts)
            }
            Self::Mail(mail) => ("mail", object_of(mail)?),
        };
        let mut all = Map::new();
        all.insert("kind".to_owned(), kind.into());
        all.extend(facts);
        Ok(Value::Object(all))
    }
}

fn object_of(facts: &impl Serialize) -> Result<Map<String, Value>, StorageError> {
    match serde_json::to_value(facts) {
        Ok(Value::Object(facts)) => Ok(facts),
        other => Err(StorageError::unexpected(
            "a row of the journal",
            format!("{other:?}"),
        )),
    }
}

impl RecordedRun<'_> {
    fn facts(&self) -> Map<String, Value> {
        let mut facts = of_run(self.record);
        let version = env!("CARGO_PKG_VERSION");
        facts.extend(named([
            ("at", self.record.started_at.as_str().into()),
            ("exit", self.record.exit.into()),
            ("previous_manifest", self.previous_manifest.into()),
            ("providers", self.providers.into()),
            ("report", self.report.as_str().into()),
            ("version", version.into()),
        ]));
        facts
    }
}

fn named<const N: usize>(facts: [(&str, Value); N]) -> Map<String, Value> {
    facts
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn minor_units(amount: Option<Amount>) -> Value {
    amount.map(minor).into()
}

fn day(day: NaiveDate) -> Value {
    day.to_string().into()
}

/// What the table of runs says of one.
fn of_run(run: &RunRecord) -> Map<String, Value> {
    named([
        ("run", run.id.into()),
        ("as_of", day(run.as_of)),
        ("from", run.range.map(|(from, _)| from.to_string()).into()),
        ("to", run.range.map(|(_, to)| to.to_string()).into()),
        ("rules", run.rules.as_str().into()),
        ("files", run.files.into()),
        ("lines", run.lines.into()),
        ("open", run.open.into()),
        ("open_orders", run.open_orders.into()),
        ("new", run.new.into()),
        ("manifest", run.manifest.as_deref().into()),
    ])
}

fn of_decision(number: i64, decision: &Decision) -> Map<String, Value> {
    let source = decision.source.as_ref();
    named([
        ("decision", number.into()),
        ("discrepancy", decision.id.as_str().into()),
        ("action", decision.action.word().into()),
        ("at", decision.at.as_str().into()),
        ("by", decision.by.as_str().into()),
        ("content", decision.content.as_str().into()),
        ("expected", minor_units(decision.expected)),
        ("actual", minor_units(decision.actual)),
        ("day", decision.day.map(|day| day.to_string()).into()),
        ("terms", decisions::written(&decision.terms).into()),
        ("proposed", decision.is_proposed.into()),
        ("file", source.map(|source| source.file.as_str()).into()),
        ("line", source.map(|source| source.line).into()),
    ])
}

fn of_request(action: &ProviderAction) -> Map<String, Value> {
    named([
        ("action", action.number.into()),
        ("requested_at", action.requested_at.as_str().into()),
        ("by", action.requested_by.as_str().into()),
        ("provider", action.provider.as_str().into()),
        ("order", action.order_reference.as_str().into()),
        ("transaction", action.transaction_id.as_str().into()),
        ("what", action.kind.word().into()),
        ("amount", minor_units(action.amount)),
        ("currency", action.currency.code().into()),
        ("reason", action.reason.as_str().into()),
        ("request_id", action.request_id.as_str().into()),
        ("state_before", action.state_before.as_str().into()),
        ("amount_before", minor_units(action.amount_before)),
    ])
}

fn of_outcome(outcome: ProviderActionOutcome, at: &str, detail: &str) -> Map<String, Value> {
    named([
        ("outcome", outcome.word().into()),
        ("completed_at", at.into()),
        ("detail", detail.into()),
    ])
}

/// A table that the journal is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Decisions,
    Actions,
    Runs,
}

impl Table {
    pub(super) const ALL: [Self; 3] = [Self::Decisions, Self::Actions, Self::Runs];

    /// Its name in a database, and in the journal's first row.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Decisions => "decisions",
            Self::Actions => "actions",
            Self::Runs => "runs",
        }
    }

    /// What one of its rows is called, in sentences and as the key of its number.
    pub(super) fn row(self) -> &'static str {
        match self {
            Self::Decisions => "decision",
            Self::Actions => "action",
            Self::Runs => "run",
        }
    }
}

/// What a row of a table says, in the journal's words.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) facts: Map<String, Value>,
    /// What may still change after it was written down.
    pub(super) later: Map<String, Value>,
}

/// The tables as they are, each row by its number.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) rows: BTreeMap<Table, BTreeMap<i64, Told>>,
}

impl Recorded {
    pub(super) async fn read(db: &mut Db) -> Result<Self, StorageError> {
        let mut all = Self::default();
        for (number, decision) in decisions::numbered(db).await? {
            let facts = of_decision(number, &decision);
            all.add(Table::Decisions, number, facts, Map::new());
        }
        for action in provider_actions::all(db).await? {
            let later = of_outcome(action.outcome, &action.completed_at, &action.detail);
            all.add(Table::Actions, action.number, of_request(&action), later);
        }
        for run in runs::all(db).await?.iter().filter(|run| run.recorded) {
            // Only mail that waits changes the exit code afterwards.
            let later = named([("exit", run.exit.into())]);
            all.add(Table::Runs, run.id, of_run(run), later);
        }
        Ok(all)
    }

    fn add(
        &mut self,
        table: Table,
        number: i64,
        facts: Map<String, Value>,
        later: Map<String, Value>,
    ) {
        let rows = self.rows.entry(table).or_default();
        rows.insert(number, Told { facts, later });
    }

    /// The rows of a table up to a number.
    pub(super) fn tally(&self, table: Table, last: i64) -> Tally {
        let rows = self.rows.get(&table);
        let rows = rows
            .into_iter()
            .flatten()
            .filter(|(number, _)| **number <= last);
        let mut hash = Sha256::new();
        let mut reached = 0;
        for (number, told) in rows {
            let mut facts = Value::Object(told.facts.clone());
            facts.sort_all_objects();
            hash.update(facts.to_string());
            hash.update("\n");
            reached = *number;
        }
        Tally {
            last: reached,
            sha256: hex(&hash.finalize()),
        }
    }
}
