//! What a person asks first of a report: is all well, how much is at stake, what is new, what is
//! oldest, which file is missing.
//!
//! "To do" is what somebody should act on: errors and warnings that are not resolved and that
//! nobody accepted. What is merely good to know, accepted or resolved is counted beside it, so
//! that nothing is hidden. The terminal and the page say the same, because both take it from here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::figures::add_difference;
use super::language::{Kind, Texts, Value};
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy, Severity, State};
use crate::domain::found::Glance;
use crate::domain::outcome::{InputRow, ReportData};
use crate::domain::source::Unfetched;
use crate::domain::{Amount, Currency};

/// True for what somebody should act on.
pub fn is_to_do(severity: Severity, state: State) -> bool {
    is_undecided(state) && severity != Severity::Info
}

/// True while it is found and nobody took it as it is.
pub fn is_undecided(state: State) -> bool {
    match state {
        State::New | State::Changed | State::Persisting => true,
        State::Accepted | State::Resolved => false,
    }
}

/// How many, how many of them new, and how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Seen for the first time.
    pub new: u64,
    /// All of them, the new ones too.
    pub open: u64,
    /// Σ |difference| by currency.
    pub sums: BTreeMap<Currency, Amount>,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, found: &Glance<'_>) {
        self.open += 1;
        if found.state == State::New {
            self.new += 1;
        }
        add_difference(&mut self.sums, found.currency, found.difference());
    }
}

/// What is to be said of the discrepancies, added up in one walk through them.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// All that is to do.
    pub total: Tally,
    /// Of these, the new ones.
    pub new: Tally,
    /// Of these, how many have other amounts than on the night before.
    pub changed: u64,
    /// What is to do, by code, the most urgent first.
    pub by_code: BTreeMap<(Severity, Code), Tally>,
    /// The oldest to do; of equally old ones the first by the report's order.
    pub oldest: Option<Discrepancy>,
    /// Undecided, but no more than good to know.
    pub for_information: u64,
    /// Put aside until a day, and not resolved.
    pub snoozed: u64,
    /// Taken as it is.
    pub accepted: u64,
    /// No longer found.
    pub resolved: u64,
}

impl Overview {
    /// Walks through the discrepancies of a report.
    pub fn of(data: &ReportData) -> Self {
        let mut overview = Self::default();
        let mut oldest: Option<(NaiveDate, usize)> = None;
        for (at, found) in data.discrepancies.glances().enumerate() {
            overview.take(&found);
            let older = oldest.is_none_or(|(day, _)| found.event_date < day);
            if older && !found.is_snoozed && is_to_do(found.severity, found.state) {
                oldest = Some((found.event_date, at));
            }
        }
        let oldest = oldest.and_then(|(_, at)| data.discrepancies.get(at));
        overview.oldest = oldest.map(|reported| reported.discrepancy);
        overview
    }

    /// Counts one, but does not ask whether it is the oldest.
    pub fn take(&mut self, found: &Glance<'_>) {
        match found.state {
            State::Accepted => self.accepted += 1,
            State::Resolved => self.resolved += 1,
            State::New | State::Changed | State::Persisting if found.is_snoozed => {
                self.snoozed += 1;
            }
            State::New | State::Changed | State::Persisting if found.severity == Severity::Info => {
                self.for_information += 1;
            }
            State::New | State::Changed | State::Persisting => self.add(found),
        }
    }

    /// Counts one that is to do.
    fn add(&mut self, found: &Glance<'_>) {
        self.total.add(found);
        match found.state {
            State::New => self.new.add(found),
            State::Changed => self.changed += 1,
            State::Persisting | State::Accepted | State::Resolved => {}
        }
        let by_code = (found.severity, found.code);
        self.by_code.entry(by_code).or_default().add(found);
    }
}

/// What a person calls it: the order, payout, entry, file or account that is concerned.
pub fn name_of(found: &Discrepancy) -> &str {
    [
        &found.order_reference,
        &found.payout_reference,
        &found.transaction_id,
        &found.bank_entry,
        &found.file,
        &found.account,
    ]
    .into_iter()
    .find(|name| !name.is_empty())
    .map_or("", String::as_str)
}

/// Files that are refused or unread, each with its reason: those of this run, and those of earlier nights
/// that no good file has replaced since.
pub fn refused_files(data: &ReportData) -> BTreeSet<String> {
    let refused = |row: &&InputRow| row.file.status.is_amiss();
    let rows = || data.inputs.iter().filter(refused);
    let mut all: BTreeSet<String> = rows()
        .map(|row| format!("{}: {}", row.file.name, row.file.reason))
        .collect();
    let known: BTreeSet<&str> = rows().map(|row| row.file.name.as_str()).collect();
    for found in undecided(data, Code::ReportRejected) {
        if !known.contains(found.file.as_str()) {
            let mut line = found.file;
            if let Detail::Refusal(reason) = &found.detail {
                line.push_str(": ");
                line.push_str(reason.trim_end_matches('.'));
            }
            all.insert(line);
        }
    }
    all
}

/// Reports that did not come.
pub fn missing_reports(data: &ReportData, texts: Texts) -> BTreeSet<String> {
    undecided(data, Code::ReportMissing)
        .map(|found| report_name(&found, texts))
        .collect()
}

/// `report 429 of Oney FR`: a report that did not come, by its number or its day.
pub fn report_name(found: &Discrepancy, texts: Texts) -> String {
    let provider = texts.provider(&found.provider);
    let Detail::MissingReport(report) = &found.detail else {
        return format!("{provider} {}", found.file);
    };
    let name = format!("{provider} {}", report.country.to_uppercase());
    let number = report.number.map(|first| match report.count {
        ..=1 => first.to_string(),
        count => format!("{first}–{}", first.saturating_add(count).saturating_sub(1)),
    });
    let values = [
        ("name", Value::Text(name.trim_end())),
        ("day", Value::Day(found.event_date)),
        match &number {
            Some(number) => ("number", Value::Text(number)),
            None => ("number", Value::Count(0)),
        },
    ];
    texts.with("start-report", &values)
}

/// Statements that do not follow on the one before: the account of each, with the statement's
/// own name.
pub fn statement_gaps(data: &ReportData) -> BTreeSet<String> {
    undecided(data, Code::StatementGap)
        .map(|found| {
            let mut line = found.account;
            if let Detail::Statement(statement) = &found.detail {
                line.push(' ');
                line.push_str(&statement.name);
            }
            line
        })
        .collect()
}

/// Sources that could not be fetched, each with its reason.
pub fn unfetched_sources(data: &ReportData) -> BTreeSet<String> {
    let of_one = |one: &Unfetched| format!("{}: {}", one.source, one.reason);
    data.unfetched.iter().map(of_one).collect()
}

/// All files that are not there as they should be, each with what is wrong: sources that were not
/// fetched, reports that did not come, gaps between statements, refused files.
pub fn troubled_files(data: &ReportData, texts: Texts) -> Vec<String> {
    let statement = texts.title(Kind::InputKind, "bank-statement");
    let gaps = statement_gaps(data);
    let gaps = gaps.iter().map(|gap| format!("{statement} {gap}"));
    unfetched_sources(data)
        .into_iter()
        .chain(missing_reports(data, texts))
        .chain(gaps)
        .chain(refused_files(data))
        .collect()
}

fn undecided(data: &ReportData, code: Code) -> impl Iterator<Item = Discrepancy> {
    let found = data.discrepancies.of_code(code);
    found
        .filter(|one| is_undecided(one.state))
        .map(|one| one.discrepancy)
}
