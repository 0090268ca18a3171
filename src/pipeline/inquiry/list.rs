//! Lists: the runs so far, and the discrepancies of the latest recorded night.

use chrono::NaiveDate;
use serde::Serialize;

use super::books::reported_on;
use super::{explained, no_night, open, resolution, text};
use crate::config::Settings;
use crate::domain::cause::Causes;
use crate::domain::decision::{Resolution, is_same_person};
use crate::domain::discrepancy::{Code, ReportedDiscrepancy, Severity, State};
use crate::domain::language::Wording;
use crate::pipeline::RunError;
use crate::pipeline::knowledge::{Knowledge, Viewpoint};
use crate::pipeline::night::standings;
use crate::report::language::Texts;
use crate::report::overview::is_undecided;
use crate::report::render::json::rows;
use crate::report::views;
use crate::storage::DatabaseLocation;
use crate::storage::runs::{self, RunRecord};

/// All runs, the oldest first.
///
/// # Errors
/// When there is no database yet, or it fails.
pub async fn runs(location: &DatabaseLocation) -> Result<Vec<RunRecord>, RunError> {
    let mut db = open(location).await?;
    let all = runs::all(&mut db).await?;
    db.close().await?;
    Ok(all)
}

const RUN_COLUMNS: [&str; 13] = [
    "run", "as of", "from", "to", "recorded", "started", "seconds", "files", "lines", "open",
    "new", "exit", "",
];

/// Runs as a table.
pub fn runs_text(all: &[RunRecord]) -> String {
    if all.is_empty() {
        return "No run yet; `crp-recon run` is one.\n".to_owned();
    }
    let row = |run: &RunRecord| {
        let (from, to) = run.range.unzip();
        let day = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
        vec![
            run.id.to_string(),
            run.as_of.to_string(),
            day(from),
            day(to),
            if run.recorded { "yes" } else { "no" }.to_owned(),
            run.started_at.clone(),
            seconds(run.duration_ms),
            run.files.to_string(),
            run.lines.to_string(),
            run.open.to_string(),
            run.new.to_string(),
            run.exit.to_string(),
            meaning(run.exit).to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let mut text = text::align(&RUN_COLUMNS, &rows, &[0, 6, 7, 8, 9, 10, 11], 0).join("\n");
    text.push('\n');
    text
}

/// What an exit code of a run that was done says of its outcome.
fn meaning(exit: i64) -> &'static str {
    match exit {
        3 => "input refused or row rejected",
        4 => "open error (--strict)",
        _ => "",
    }
}

/// Milliseconds as seconds with three decimals.
fn seconds(milliseconds: i64) -> String {
    let (whole, rest) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    format!("{whole}.{rest:03}")
}

#[derive(Serialize)]
struct RunJson<'r> {
    run: i64,
    as_of: NaiveDate,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    recorded: bool,
    started_at: &'r str,
    duration_ms: i64,
    files: i64,
    lines: i64,
    open: i64,
    new: i64,
    exit: i64,
}

/// Runs as a JSON list.
///
/// # Errors
/// Never in fact: numbers, texts and days have a JSON form.
pub fn runs_json(all: &[RunRecord]) -> serde_json::Result<String> {
    let one = |run: &RunRecord| serde_json::to_value(of_run(run));
    let list = all.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    serde_json::to_string_pretty(&list)
}

fn of_run(run: &RunRecord) -> RunJson<'_> {
    let (from, to) = run.range.unzip();
    RunJson {
        run: run.id,
        as_of: run.as_of,
        from,
        to,
        recorded: run.recorded,
        started_at: &run.started_at,
        duration_ms: run.duration_ms,
        files: run.files,
        lines: run.lines,
        open: run.open,
        new: run.new,
        exit: run.exit,
    }
}

/// States that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedState {
    /// Found, and nobody took it as it is: new, changed or persisting.
    Open,
    /// This one.
    Is(State),
}

impl AskedState {
    /// The word for all that is open.
    pub const OPEN: &'static str = "open";

    /// That of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        if word == Self::OPEN {
            return Some(Self::Open);
        }
        State::from_word(word).map(Self::Is)
    }

    fn takes(self, state: State) -> bool {
        match self {
            Self::Open => is_undecided(state),
            Self::Is(asked) => asked == state,
        }
    }
}

/// Which discrepancies are asked for; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Their state; without it all but the resolved ones.
    pub state: Option<AskedState>,
    /// Their code.
    pub code: Option<Code>,
    /// How urgent they are.
    pub severity: Option<Severity>,
    /// Who looks after them, as people write names: `Lea` is `lea`.
    pub assignee: Option<String>,
    /// Their provider.
    pub provider: Option<String>,
    /// Their age in days, at least.
    pub min_age: Option<i64>,
    /// How they ended; then also the resolved ones are listed.
    pub resolution: Option<Resolution>,
    /// Only those for which something is proposed that a second person has to approve.
    pub proposed: bool,
}

impl Filter {
    fn takes(&self, found: &ReportedDiscrepancy, as_of: NaiveDate) -> bool {
        let state = match self.state {
            Some(asked) => asked.takes(found.state),
            None => found.state != State::Resolved || self.resolution.is_some(),
        };
        let discrepancy = &found.discrepancy;
        let (provider, assignee) = (self.provider.as_ref(), self.assignee.as_ref());
        state
            && self.code.is_none_or(|code| discrepancy.code == code)
            && self.severity.is_none_or(|it| discrepancy.severity == it)
            && provider.is_none_or(|name| discrepancy.provider == *name)
            && assignee.is_none_or(|name| is_same_person(&found.assignee, name))
            && self
                .min_age
                .is_none_or(|age| discrepancy.age_days(as_of) >= age)
    }
}

/// Discrepancies of a night, in the order of reports.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The night.
    pub as_of: NaiveDate,
    /// The language of explanations.
    pub wording: Wording,
    /// What it found.
    pub discrepancies: Vec<ReportedDiscrepancy>,
    /// What explains what on that night.
    pub causes: Causes,
}

/// The discrepancies of the latest recorded night.
///
/// # Errors
/// When no night is recorded yet, or the database fails.
pub async fn discrepancies(
    settings: &Settings,
    location: &DatabaseLocation,
    filter: &Filter,
) -> Result<Listed, RunError> {
    let mut db = open(location).await?;
    let night = runs::latest(&mut db).await?.ok_or_else(no_night)?;
    let as_of = night.as_of;
    let all = reported_on(&mut db, as_of).await?;
    let standings = standings(&mut db, as_of).await?;
    let knowledge = Knowledge::read(&mut db).await?;
    let links = knowledge.links(Viewpoint::today(as_of));
    let causes = explained::causes(&mut db, settings, &knowledge, (&night, &all)).await?;
    db.close().await?;
    let decided = |found: &ReportedDiscrepancy| {
        let standing = standings.get(&found.discrepancy.identity());
        let is_proposed = standing.is_some_and(|it| it.proposed.is_some());
        let asked = filter.resolution;
        let ended = || resolution::of(found, standing, &links);
        (is_proposed || !filter.proposed) && asked.is_none_or(|asked| ended() == Some(asked))
    };
    let taken = all
        .iter()
        .filter(|found| filter.takes(found, as_of) && decided(found));
    let discrepancies: Vec<ReportedDiscrepancy> = taken.collect();
    Ok(Listed {
        as_of,
        wording: settings.wording,
        discrepancies,
        causes,
    })
}

impl Listed {
    /// For a person.
    pub fn text(&self) -> String {
        text::discrepancies(self)
    }

    /// As a JSON list with the columns of `discrepancies.csv`.
    ///
    /// # Errors
    /// Never in fact: texts, numbers and days have a JSON form.
    pub fn json(&self) -> serde_json::Result<String> {
        let texts = Texts::of(self.wording);
        let cells = |found| views::discrepancies::cells(found, self.as_of, &self.causes, texts);
        let all = self.discrepancies.iter().map(cells);
        serde_json::to_string_pretty(&rows(&views::discrepancies::TABLE, all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::Discrepancy;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn found(state: State, event_date: &str) -> ReportedDiscrepancy {
        let discrepancy = Discrepancy {
            provider: "oney".to_owned(),
            ..Discrepancy::new(Code::PayoutNotReceived, Vec::new(), day(event_date))
        };
        ReportedDiscrepancy {
            id: discrepancy.id(),
            state,
            first_seen: None,
            assignee: String::new(),
            note: String::new(),
            discrepancy,
        }
    }

    fn takes(filter: &Filter, found: &ReportedDiscrepancy) -> bool {
        filter.takes(found, day("2026-11-20"))
    }

    #[test]
    fn what_is_resolved_is_listed_only_when_it_is_asked_for() {
        let (open, resolved) = (
            found(State::New, "2026-11-12"),
            found(State::Resolved, "2026-11-12"),
        );
        let all = Filter::default();
        assert!(takes(&all, &open) && !takes(&all, &resolved));
        let gone = Filter {
            state: AskedState::from_word("resolved"),
            ..Filter::default()
        };
        assert!(!takes(&gone, &open) && takes(&gone, &resolved));
        let accepted = found(State::Accepted, "2026-11-12");
        let undecided = Filter {
            state: AskedState::from_word("open"),
            ..Filter::default()
        };
        assert!(takes(&all, &accepted) && !takes(&undecided, &accepted));
        assert!(takes(&undecided, &open) && !takes(&undecided, &resolved));
    }

    #[test]
    fn the_age_is_counted_to_the_night_and_a_filter_asks_for_all_it_names() {
        let eight_days_old = found(State::Persisting, "2026-11-12");
        let old = |min_age| Filter {
            min_age: Some(min_age),
            ..Filter::default()
        };
        assert!(takes(&old(8), &eight_days_old) && !takes(&old(9), &eight_days_old));
        let of = |code, provider: &str| Filter {
            code: Some(code),
            provider: Some(provider.to_owned()),
            ..Filter::default()
        };
        assert!(takes(&of(Code::PayoutNotReceived, "oney"), &eight_days_old));
        assert!(!takes(
            &of(Code::PayoutNotReceived, "payone"),
            &eight_days_old
        ));
        assert!(!takes(&of(Code::Chargeback, "oney"), &eight_days_old));
        let of_lea = ReportedDiscrepancy {
            assignee: "Lea ".to_owned(),
            ..eight_days_old
        };
        let whose = |severity, name: &str| Filter {
            severity: Some(severity),
            assignee: Some(name.to_owned()),
            ..Filter::default()
        };
        assert!(takes(&whose(Severity::Error, "lea"), &of_lea));
        assert!(!takes(&whose(Severity::Warning, "lea"), &of_lea));
        assert!(!takes(&whose(Severity::Error, "le"), &of_lea));
    }

    #[test]
    fn a_run_is_one_line_with_its_range_and_what_its_exit_means() {
        let run = RunRecord {
            id: 12,
            as_of: day("2026-11-20"),
            range: Some((day("2026-10-01"), day("2026-10-31"))),
            recorded: false,
            started_at: "2026-11-21T02:00:00Z".to_owned(),
            duration_ms: 61_007,
            rules: String::new(),
            files: 3,
            lines: 250,
            open: 12,
            open_orders: None,
            new: 4,
            exit: 3,
            manifest: None,
        };
        let text = runs_text(std::slice::from_ref(&run));
        let line = " 12  2026-11-20  2026-10-01  2026-10-31  no        2026-11-21T02:00:00Z   \
                    61.007      3    250    12    4     3  input refused or row rejected";
        assert_eq!(text.lines().nth(1), Some(line));
        let json: serde_json::Value = serde_json::from_str(&runs_json(&[run]).unwrap()).unwrap();
        assert_eq!(json[0]["from"], "2026-10-01");
        assert_eq!(json[0]["duration_ms"], 61_007);
    }
}
